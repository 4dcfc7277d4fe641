"""A text that somebody's system gave as an answer: its sentences, and what each cites."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from assistant.models.refusal import refuses
from ingest.language.sentences import sentences

_MARKER = re.compile(r"\s*[\[【](\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^\]】]*)?[\]】]")
_ONE = re.compile(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?")
_WORD = re.compile(r"\w+")
_MOST = 50
"""Sources that one range [1-50] may name; a longer one is a score or a span of years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """One sentence of an answer, without its markers, and the numbers of what it cites."""

    text: str
    cites: tuple[int, ...] = ()
    speaker: str | None = None
    verbatim: bool = False


def cut(text: str, known: Collection[int]) -> tuple[CitedSentence, ...]:
    """Cut an answer into sentences. A marker after a full stop belongs to what stands before it.

    Numbers in brackets that are no source's stay: they cite what is not there. Where the answer
    has no sources at all, brackets are words.
    """
    found: list[CitedSentence] = []
    for start, end in sentences(text):
        piece = text[start:end]
        if not known:
            found.append(CitedSentence(text=piece))
            continue
        led = _leading(piece)
        if led and found:
            found[-1] = replace(found[-1], cites=_once([*found[-1].cites, *_numbers(led)]))
        numbers = _once(_numbers(piece[len(led) :]))
        bare = _MARKER.sub("", piece[len(led) :]).strip()
        if any(character.isalnum() for character in bare):
            found.append(CitedSentence(text=bare, cites=numbers))
        elif numbers and found:
            found[-1] = replace(found[-1], cites=_once([*found[-1].cites, *numbers]))
    return tuple(found)


def _leading(piece: str) -> str:
    at = 0
    while marker := _MARKER.match(piece, at):
        at = marker.end()
    return piece[:at]


def _numbers(text: str) -> Iterator[int]:
    for marker in _MARKER.finditer(text):
        for first, last in _ONE.findall(marker[1]):
            begin, end = int(first), int(last or first)
            yield from range(begin, end + 1) if begin <= end < begin + _MOST else (begin, end)


def _once(numbers: Sequence[int] | Iterator[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


def declines(text: str | None, said: Sequence[CitedSentence]) -> bool:
    """Tell whether an answer says that it has none: it is empty, or refuses and cites nothing."""
    if not said:
        return not (text or "").strip() or not any(map(str.isalnum, text or ""))
    first, *rest = said
    return bool(refuses(first.text, cited=bool(first.cites))) and not any(
        one.cites and not refuses(one.text, cited=True) for one in rest
    )


def plain_keys(url: str | None, file: str | None, title: str | None) -> frozenset[str]:
    """Return what two spellings of one article's URL, file and title share."""
    keys = set()
    if url:
        parts = urlsplit(url if "://" in url else f"//{url}")
        host = (parts.hostname or "").removeprefix("www.")
        query = f"?{parts.query}" if parts.query else ""
        keys.add(f"url {host}{unquote(parts.path).rstrip('/')}{query}")
    if file:
        keys.add("file " + file.replace("\\", "/").removeprefix("./"))
    if title:
        keys.add("title " + " ".join(_WORD.findall(title.casefold())))
    return frozenset(keys)
