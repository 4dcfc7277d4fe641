"""Text as editors keep it in JSON: blocks of spans, whatever they are called, to paragraphs.

Lexical, ProseMirror, Contentful, Editor.js, Draft.js, Slate and Portable Text nest objects that
have a type; Mobiledoc counts its sections and markers.
"""

import json
import re
from collections.abc import Iterator
from typing import cast

from ingest.readers.markup import words

_WORDS = "processed rendered html value text content body bodyHtml #text _text".split()
"""Names under which editors keep words; of one block the first, for several say the same."""

_HELD = frozenset(
    "text value content children blocks root nodes data items paragraphs body".split()
)
"""Names, without case, under which they keep what holds words."""

_INLINE = frozenset("text span link autolink hyperlink entity-hyperlink mention hashtag".split())
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w{2,8};")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?|und")
"""Under which Drupal and others keep what they may keep in several languages, and mostly do not."""

_DEEP = 40  # levels of blocks in one another


def editor_text(value: object) -> str:
    """Return the paragraphs of a text in JSON, a blank line between them; "" where it has none."""
    paragraphs: list[str] = [""]
    for piece in _pieces(value, _DEEP, within=False):
        if piece is None:
            paragraphs.append("")
        else:
            paragraphs[-1] += piece
    plain = (words(one).text if _MARKUP.search(one) else one.strip() for one in paragraphs)
    return "\n\n".join(one for one in plain if one)


def in_one_language(value: dict[str, object]) -> object:
    """Return what an object holds under the one language that it names; None of any other."""
    if len(value) != 1:
        return None
    ((name, held),) = value.items()
    worded = isinstance(held, list | dict) or (isinstance(held, str) and " " in held)
    return held if worded and _LANGUAGE.fullmatch(name) else None


def _pieces(value: object, levels: int, *, within: bool) -> Iterator[str | None]:
    """Yield the words in their order, None where a block begins or ends."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and levels:
        for one in value:
            apart = isinstance(one, str) or not within
            yield from [None] * apart
            yield from _pieces(one, levels - 1, within=within)
            yield from [None] * apart
    elif isinstance(value, dict) and levels:
        yield from _of_object(value, levels, within=within)


def _of_object(value: dict[str, object], levels: int, *, within: bool) -> Iterator[str | None]:
    kind = str(value.get("type") or value.get("nodeType") or value.get("_type") or "").lower()
    if kind in {"linebreak", "hardbreak", "hard_break", "br"}:
        yield "\n"
        return
    if (held := in_one_language(value)) is not None:
        yield from _pieces(held, levels - 1, within=within)
        return
    block = bool(kind) and kind not in _INLINE
    yield from [None] * block
    said = next((held for name in _WORDS if isinstance(held := value.get(name), str)), None)
    if said is not None:
        yield said
    for name, held in value.items():
        if name.lower() in _HELD and not isinstance(held, str):
            yield from _pieces(held, levels - 1, within=within or bool(kind))
    yield from [None] * block


def serialised_text(given: str) -> str:
    """Return the paragraphs of a text that an editor keeps as a string of JSON."""
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        return ""
    if isinstance(found, dict) and isinstance(found.get("sections"), list):
        return "\n\n".join(filter(None, _mobiledoc(found)))
    return editor_text(found)


def _mobiledoc(document: dict[str, object]) -> Iterator[str]:
    """Yield the sections of a Mobiledoc: paragraphs, lists, cards that hold words."""
    cards = document.get("cards")
    for section in cast("list[object]", document["sections"]):
        match section:
            case [1, _, list(markers), *_]:
                yield _markers(markers)
            case [3, _, list(items), *_]:
                yield "\n".join(f"- {_markers(one)}" for one in items if isinstance(one, list))
            case [10, int(number), *_] if isinstance(cards, list) and 0 <= number < len(cards):
                match cards[number]:
                    case [_, {"html": str(held)}] | [_, {"markdown": str(held)}]:
                        yield words(held).text


def _markers(markers: list[object]) -> str:
    said = (one[3] for one in markers if isinstance(one, list) and len(one) > 3 and one[0] == 0)
    return "".join(one for one in said if isinstance(one, str)).strip()
