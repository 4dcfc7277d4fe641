"""The article that a page keeps for its scripts alone: __NEXT_DATA__, stores, Fusion, Apollo."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.language.normalise import fold
from ingest.readers.api_records import SHAPES, ApiShape
from ingest.readers.fields import Record, WrongField, article, has_field, has_text
from ingest.readers.record_text import of_records

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ASSIGNED = re.compile(
    r"(?:^|(?<=[;{}\s(,]))(?:(?:window|self|globalThis|this)\.|(?:window|self)\[[\"']|(?:var|let|const)\s+)?"
    r"([\w$.]{1,80})(?:[\"']\])?\s{0,9}=\s{0,9}(?=[{\[]|JSON\.parse\()"
)
_PARSED = "JSON.parse("
_STRING = re.compile(
    r"JSON\.parse\(\s{0,9}(\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|\"", re.DOTALL)
_UNDEFINED = re.compile(r"(?<=[:\[,])\s{0,9}(?:undefined|NaN)(?=\s{0,9}[,}\]])")
_DECODER = json.JSONDecoder(strict=False)
_MOST = 20  # values of one script that are read
_MOST_ARTICLES = 200  # of one value
_LONGEST = 8_000_000  # characters of the scripts of a page that are looked at
_DEEP = 24  # levels of lists and objects that are looked into
_FEWEST = 25  # words of an article that does not stand on the page
_SHORT = 120  # words; where a page prints more, no other text is looked for
_LONGER = 1.6  # times as long as what the page prints
_SHAPES = tuple(one for one in SHAPES if one.name in {"Arc", "WordPress REST", "Ghost"})


@dataclass(frozen=True, slots=True)
class PageState:
    """A script that holds data: what it is called, and its words."""

    name: str
    script: str


def states(tree: "HtmlElement") -> list[PageState]:
    """Return the scripts of a page that hold data for others."""
    found, length = [], 0
    for script in tree.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        text = script.text or ""
        length += len(text)
        if not text or script.get("src") or "ld+json" in kind or length > _LONGEST:
            continue
        if kind.endswith("json"):
            found.append(PageState(script.get("id") or "JSON", text))
        elif kind in {"", "module", "text/javascript", "application/javascript"}:
            found.append(PageState("", text))
    return found


def kept_for_scripts(
    found: Sequence[PageState], printed: str, titles: Sequence[str]
) -> RawArticle | None:
    """Return the article of a page that prints nothing of it, or little.

    Of several the one that has the title of the page; None where none has, or there is none.
    """
    if not found or len(printed.split()) >= _SHORT:
        return None
    made = [one for state in found for one in _articles(state)]
    headed = [one for one in made if _is_headed(one, titles)]
    texts = {one.text for one in made}
    chosen = max(headed or (made if len(texts) == 1 else []), key=_length, default=None)
    return chosen if chosen and len(chosen.text) >= _LONGER * len(printed) else None


def _length(one: RawArticle) -> int:
    return len(one.text)


def _is_headed(one: RawArticle, titles: Sequence[str]) -> bool:
    title = _plain(one.title or "")
    return bool(title) and any(_plain(said).startswith(title) for said in titles)


def _plain(title: str) -> str:
    return fold(" ".join(title.split())).text


def _articles(state: PageState) -> Iterator[RawArticle]:
    for name, value in _values(state):
        for record in islice(_records(value, _DEEP), _MOST_ARTICLES):
            for one in of_records("", _read(record)):
                if isinstance(one, RawArticle) and len(one.text.split()) >= _FEWEST:
                    how = {"text": f"what the page keeps for its scripts ({name})"}
                    yield replace(one, inferred=dict(one.inferred) | how)


def _records(value: object, levels: int) -> Iterator[Record]:
    """Yield the objects that may be articles: in the shape of a system, or with title and text."""
    if isinstance(value, list):
        for one in value if levels else ():
            yield from _records(one, levels - 1)
    elif isinstance(value, dict):
        if _shape(value) or (has_field(value, "title") and has_text(value)):
            yield value
        for one in value.values() if levels else ():
            if isinstance(one, dict | list):
                yield from _records(one, levels - 1)


def _shape(record: Record) -> ApiShape | None:
    return next((one for one in _SHAPES if one.holds(record)), None)


def _read(record: Record) -> Iterator[RawArticle]:
    if shape := _shape(record):
        made = shape.read(record, record)
        yield from [made] if isinstance(made, RawArticle) else []
        return
    with suppress(WrongField):  # something else that has a title
        yield article(record, {}, file="", where="")


def _values(state: PageState) -> Iterator[tuple[str, object]]:
    """Yield the values that a script holds or gives to variables, each with its name."""
    if state.name:
        yield state.name, _decoded(state.script, 0)
        return
    for found in islice(_ASSIGNED.finditer(state.script), _MOST):
        yield found[1], _decoded(state.script, found.end())


def _decoded(script: str, at: int) -> object:
    """Read the JSON at a place of a script, None where there is none."""
    said = _literal(script, at) if script.startswith(_PARSED, at) else script[at:].lstrip()
    for text in (said, _UNDEFINED.sub("null", said)):
        try:
            value, _ = _DECODER.raw_decode(text)
            return _DECODER.decode(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            continue
    return None


def _literal(script: str, at: int) -> str:
    """Return the JSON in a string of JavaScript that is handed to its parser."""
    found = _STRING.match(script, at)
    if found is None:
        return ""
    quoted = _ESCAPE.sub(_as_json, found[1][1:-1])
    try:
        return str(_DECODER.decode(f'"{quoted}"'))
    except ValueError:
        return ""


def _as_json(found: re.Match[str]) -> str:
    """Write what JavaScript escapes and JSON does not, and the reverse, as JSON does."""
    said = found[0]
    if said == '"':
        return '\\"'
    if said.startswith("\\x"):
        return f"\\u00{said[2:]}"
    return "'" if said in {"\\'", "\\`"} else said
