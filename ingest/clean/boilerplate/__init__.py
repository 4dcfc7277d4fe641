"""Lines of a news page that are not its article's prose: adverts, forms, credits, corrections.

They are told by their wording, which stands in a data file a language, in small letters; a line is
looked at in all of them, since a page prints its furniture in the language of its makers.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, cast

from ingest.article import PartKind

_LONGEST = 400
_LONGEST_WHOLE = 160
_LONGEST_CREDITS = 500
_AGENCIES = (
    "images",
    "reuters",
    "afp",
    "ap",
    "ap photo",
    "press",
    "epa",
    "dpa",
    "shutterstock",
    "alamy",
    "istock",
)


def is_agency(name: str) -> bool:
    """Whether a name is that of an agency of news or pictures."""
    return name.strip().casefold() in _AGENCIES


@cache
def _languages() -> tuple[dict[str, Any], ...]:
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)


def _worded(name: str) -> list[str]:
    """Return what the languages have in a list of theirs."""
    return [one for language in _languages() for one in language.get(name, ())]


def _any(name: str) -> str:
    return "|".join(_worded(name))


_WHOLE = re.compile(_any("whole"))
_TEASERS = re.compile(rf"(?:{_any('teasers')})\b[^.]{{0,40}}", re.IGNORECASE)
_OPENING = re.compile(
    rf"(?P<boilerplate>{_any('opens')})|(?P<caption>\(?(?:{_any('captions')}))"
    rf"|(?P<correction>{_any('corrections')})"
)
_ENDS = tuple(_worded("ends"))
_WITHIN = tuple(
    (word, re.compile(how))
    for language in _languages()
    for word, how in language.get("within", {}).items()
)
_CREDIT = re.compile(
    rf"(?:[/|(]|{_any('pictured')})\s*"
    r"(?:[\w .’'-]{2,40}[/|])?"
    r"(?:getty(?: images)?|reuters|afp|ap(?: photo)?|associated press|epa|dpa|shutterstock|alamy"
    r"|istock\w*)"
    r"(?:[/|][\w .]{2,30})?\)?\.?$",
    re.IGNORECASE,
)
_CREDITS = re.compile(
    rf"[.!?”\"’)](?P<credits>\s+\(?(?:{_any('credits')})\)?\.?\s*)$",
    re.IGNORECASE,
)


def credits_in(paragraph: str) -> int | None:
    """Return where a paragraph of prose ends in who reported and edited it for an agency."""
    start = max(0, len(paragraph) - _LONGEST_CREDITS - 1)
    found = _CREDITS.search(paragraph, start)
    if found is None:
        return None
    said = found["credits"]
    return found.start("credits") + len(said) - len(said.lstrip())


def opens_teasers(line: str) -> bool:
    """Tell whether a line heads a list of other articles ("Most read")."""
    return bool(_TEASERS.fullmatch(line)) and line_kind(line) == "boilerplate"


def line_kind(line: str) -> PartKind:
    """Return `boilerplate`, `caption` or `correction` where a line is one by its wording.

    What is none of them is `body`.
    """
    small = _small(line)
    found = _OPENING.match(small)
    if found and (found.lastgroup == "correction" or len(line) <= _LONGEST):
        return cast(PartKind, found.lastgroup)
    if len(line) > _LONGEST:
        return "body"
    end = line[-24:].lower().rstrip(" .!:)")
    if end.endswith(_ENDS) or _prompts(small) or _is_whole(small):
        return "boilerplate"
    return "caption" if end.endswith(_AGENCIES) and _CREDIT.search(line) else "body"


def _small(line: str) -> str:
    """Return a line in small letters, one for one, the long s and the i of Turkish among them.

    A pattern is searched for in it in half the time that it takes without regard to case.
    """
    if not line.isascii():
        line = line.replace("ſ", "s").replace("İ", "i").replace("ı", "i")
    return line.lower()


def _prompts(line: str) -> bool:
    """Tell whether a line asks for something; a word is found in a tenth of a pattern's time."""
    return any(word in line and how.search(line) for word, how in _WITHIN)


def _is_whole(line: str) -> bool:
    return len(line) <= _LONGEST_WHOLE and bool(_WHOLE.fullmatch(line))
