"""Cut an article into passages: spans of its text, along paragraphs and sentences."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.article import PASSAGES, Article, Part, Passage
from ingest.language.sentences import sentences

Span = tuple[int, int]

# Thai, Lao, Burmese, Khmer, kana and Han: scripts that put no space between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def split(article: Article, *, words: int = 150) -> tuple[Passage, ...]:
    """Return the passages of an article, each of about `words` words, in order.

    `article.text[passage.start:passage.end]` is the passage. Paragraphs that follow each other
    in the body are read as one stretch; no passage crosses into another kind of part or into
    another reader's comment. Boilerplate and repeats are left out.
    """
    passages: list[Passage] = []
    for (kind, author, _), run in groupby(article.parts, key=_stretch()):
        if kind not in PASSAGES:
            continue
        spans = [(part.start, part.end) for part in run]
        passages.extend(
            Passage(start=start, end=end, part=kind, author=author)
            for start, end in _packed(article.text, spans, words)
        )
    return tuple(passages)


def length(text: str, start: int, end: int) -> int:
    """Count words roughly and fast: by spaces, or by characters where a script has none."""
    spaces = text.count(" ", start, end)
    if spaces * 25 >= end - start:
        return spaces + 1
    unspaced = end - start > 50 or _UNSPACED.search(text, start, end)
    return max(spaces + 1, (end - start) // 2 if unspaced else 0)


class _stretch:  # noqa: N801
    """Key of the parts that may share a passage: the paragraphs of a body; a comment alone."""

    def __init__(self) -> None:
        self._comments = 0

    def __call__(self, part: Part) -> tuple[str, str | None, int]:
        if part.part == "comment":
            self._comments += 1
        return part.part, part.author, self._comments


def _packed(text: str, spans: Sequence[Span], words: int) -> Iterator[Span]:
    """Join pieces until about `words` words are reached; a last scrap joins the one before."""
    packed: list[tuple[int, int, int]] = []
    for start, end in _pieces(text, spans, words):
        size = length(text, start, end)
        if packed and _fits(packed[-1][2], size, words):
            packed[-1] = (packed[-1][0], end, packed[-1][2] + size)
        else:
            packed.append((start, end, size))
    if len(packed) > 1 and packed[-1][2] * 4 < words:
        _, end, size = packed.pop()
        packed[-1] = (packed[-1][0], end, packed[-1][2] + size)
    return ((start, end) for start, end, _ in packed)


def _fits(so_far: int, size: int, words: int) -> bool:
    return so_far + size <= words or (so_far * 2 < words and so_far + size <= words * 4 // 3)


def _pieces(text: str, spans: Sequence[Span], words: int) -> Iterator[Span]:
    """Yield paragraphs, the sentences of long paragraphs, and long sentences cut by words."""
    for start, end in spans:
        if length(text, start, end) <= words * 4 // 3:
            yield start, end
            continue
        for first, last in sentences(text, start, end):
            yield from _cut(text, first, last, words)


def _cut(text: str, start: int, end: int, words: int) -> Iterator[Span]:
    """Cut a stretch without sentence ends at spaces, or anywhere if it has none."""
    if length(text, start, end) <= words * 2:
        yield start, end
        return
    most = words * 8
    while end - start > most:
        space = text.rfind(" ", start + most // 2, start + most)
        cut = space if space > 0 else start + most
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end].rstrip()
    if words and not words.isspace():
        yield start + len(words) - len(words.lstrip()), start + len(words)
