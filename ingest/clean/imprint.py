"""The lines above a text that say only who wrote it, for whom, and when."""

import re

from ingest.clean.dates import read_date
from ingest.language.letter_case import LOWER, UPPER

_LONGEST = 100  # characters of a line that is looked at
_LONGEST_DAY = 60
_LONGEST_BYLINE = 160
_NAME = (
    rf"[^\W\d_{LOWER}][\w.'’-]*"
    rf"(?:\s+(?:(?:de|del|la|van|von|der|den|da|di|bin|al)\s+)*[^\W\d_{LOWER}][\w.'’-]*){{1,3}}"
)
_BYLINE = re.compile(
    rf"(?:(?:written|reported|words|text|story|analysis)\s+)?(?:by|por|par|von)[:\s]\s*"
    rf"(?P<names>(?-i:{_NAME})(?:(?:,\s*|\s+(?:and|&|y|et|und)\s+)(?-i:{_NAME}))*)"
    rf"(?P<rest>\s*(?:[,|/•·(\n–—-].*)?)",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(?:staff|wire|special (?:to|for)|reporters?|correspondent|columnist|editors?|edited|"
    r"associated press|news service|contributors?|writer)\b",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r",\s*(?:and\s+)?|\s+(?:and|&|y|et|und)\s+")
_NAMES_ONLY = re.compile(rf"{_NAME}(?:(?:,\s*|\s+(?:and|&|y)\s+){_NAME})*")
_DATELINE = re.compile(rf"(?P<line>[{UPPER}][^\n]{{2,90}}?)\s*(?:\s-{{1,2}}|[–—]|\.-)\s")
_ASIDE = re.compile(r"\([^()]*\)|[/|].*")  # the agency
_BEFORE_DAY = re.compile(r"\s*(?:,|[|·•–—]|\s-)\s+")


def is_byline(line: str) -> bool:
    """Whether a line says who wrote a text, whatever it says of them behind their names."""
    return bool(_BYLINE.fullmatch(line))


def is_names(line: str) -> bool:
    """Whether a line is nothing but names."""
    return bool(_NAMES_ONLY.fullmatch(line))


def names_role(text: str) -> bool:
    """Whether a text says what somebody is at a newspaper, or for whom somebody wrote."""
    return bool(_STAFF.search(text))


def byline_names(line: str) -> tuple[str, ...]:
    """Return the names of a byline ("By Jane Roe and John Doe, staff writers"), or none."""
    found = _BYLINE.fullmatch(line) if len(line) <= _LONGEST_BYLINE else None
    return tuple(_BETWEEN_NAMES.split(found["names"])) if found else ()


def dated(line: str) -> str | None:
    """Return the day of a line that says only when, alone or behind names, None of any other.

    "May 14, 2024", "Harrow Post, May 14, 2024", "By Jane Roe | 14 May 2024".
    """
    if len(line) > _LONGEST or not any(map(str.isdigit, line)):
        return None
    if _is_day(line):
        return line
    for before in _BEFORE_DAY.finditer(line):
        above, day = line[: before.start()], line[before.end() :]
        if _is_day(day) and (_NAMES_ONLY.fullmatch(above) or _BYLINE.fullmatch(above)):
            return day
    return None


def day_in_dateline(paragraph: str) -> str | None:
    """Return the day that stands behind the place, with its year: "ROME, 4 May 2023 (ANSA) -"."""
    found = _DATELINE.match(paragraph)
    if not found:
        return None
    _, *pieces = _ASIDE.sub("", found["line"]).split(",")
    behind = (", ".join(map(str.strip, pieces[at:])) for at in range(len(pieces)))
    return next((day for day in behind if _is_day(day) and any(map(str.isdigit, day))), None)


def is_imprint(line: str) -> bool:
    """Whether a line above a text says only who wrote it, or only when."""
    return is_byline(line) or dated(line) is not None


def stands_alone(line: str) -> bool:
    """Whether a line opens as an imprint does, so that it is no more of the line above it."""
    return line[:1].isupper() and len(line) <= _LONGEST and is_imprint(line)


def _is_day(text: str) -> bool:
    return len(text) <= _LONGEST_DAY and read_date(text).day is not None
