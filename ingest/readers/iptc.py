"""What the formats of the IPTC (NewsML-G2, NITF, ninjs) say alike: status, genre, time, notes."""

import re
from collections.abc import Iterable
from typing import Literal

Status = Literal["withdrawn", "withheld"] | None

# https://cv.iptc.org/newscodes/pubstatusg2/ and the values of NITF and NewsML 1
_STATUS: dict[str, Status] = {
    "canceled": "withdrawn",
    "cancelled": "withdrawn",
    "kill": "withdrawn",
    "killed": "withdrawn",
    "withdrawn": "withdrawn",
    "retracted": "withdrawn",
    "withheld": "withheld",
    "embargoed": "withheld",
    "hold": "withheld",
}
# https://cv.iptc.org/newscodes/genre/, those that say more than how long a text is
_KINDS = {
    "opinion": "opinion",
    "editorial": "opinion",
    "column": "opinion",
    "commentary": "opinion",
    "letterstotheeditor": "opinion",
    "analysis": "analysis",
    "background": "analysis",
    "backgrounder": "analysis",
    "interview": "interview",
    "pressrelease": "press release",
    "liveblog": "live blog",
    "livecoverage": "live blog",
    "current": "news",
    "news": "news",
    "breakingnews": "news",
    "update": "news",
}
_COMPACT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?"
)
_KILL = re.compile(
    r"\W*(?:(?:eds|editors?(?:['’]? note)?|attention)\b\W*)?(?:mandatory\s+)?"
    r"(?:kill(?:ed|s)?|withdraw[sn]?|withdrawal|withdrew|retract(?:s|ed|ion)?)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\b(?:correct(?:s|ed|ing|ion|ions)|clarif(?:y|ies|ied|ication)|erratum)\b", re.IGNORECASE
)
_EARLIER = frozenset(
    "previousversion corrects correctionof correctionto replaces replacementof supersedes kills "
    "killof cancels withdraws retracts evolvedfrom updateof".split()
)


def status(value: str | None) -> Status:
    """Return what a status says of use: None where the item may be used."""
    return _STATUS.get(_code(value).lower())


def kind(genres: Iterable[str | None]) -> str | None:
    """Return the kind of article that the first genre of a known kind names."""
    letters = ("".join(filter(str.isalpha, _code(genre).lower())) for genre in genres)
    return next((_KINDS[genre] for genre in letters if genre in _KINDS), None)


def moment(value: str | None) -> str | None:
    """Return a date as it was given, one in the compact form of ISO 8601 as the long form."""
    given = (value or "").strip()
    found = _COMPACT.fullmatch(given)
    if not found:
        return given or None
    year, month, day, hour, minute, second, zone = found.groups()
    if zone and len(zone) == 3:
        zone += ":00"
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone or ''}"


def is_kill(note: str | None) -> bool:
    """Whether a note to editors begins by saying that the item must not be used."""
    return bool(_KILL.match(note or ""))


def is_notice(note: str | None) -> bool:
    """Whether a note to editors says that something was corrected or withdrawn."""
    return is_kill(note) or bool(_CORRECTED.search(note or ""))


def is_earlier(relation: str | None) -> bool:
    """Whether a link's relation says that it points at what this item corrects or replaces."""
    return "".join(filter(str.isalpha, _code(relation).lower())) in _EARLIER


def _code(value: str | None) -> str:
    """Return the last part of a code: "usable" of "stat:usable" and of its address."""
    return re.split(r"[:/#]", (value or "").strip())[-1]
