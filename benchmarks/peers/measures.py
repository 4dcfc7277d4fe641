"""What the replies of a peer are worth: shares, each with how many it is of."""

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.newsroom import holds
from benchmarks.peers.adapters.protocol import Cited, Reply
from benchmarks.peers.material import Question
from ingest.language.quotations import quotations

_LEAST = 4
"""Words of a cited span that is itself a part of the words that answer."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    def __str__(self) -> str:
        return f"{self.count} of {self.of}" if self.of else "–"


Replies = Sequence[tuple[Question, Reply]]


def recall(replies: Replies, k: int) -> Share:
    """Count the questions one of whose articles is among the first k."""
    return _share(bool(one.gold & set(reply["found"][:k])) for one, reply in _known(replies))


def cited(replies: Replies) -> Share:
    """Count the questions whose answer stands in words that are cited or handed on."""
    return _share(any(right(one, c) for c in reply["cited"]) for one, reply in _known(replies))


def precision(replies: Replies) -> Share:
    """Count the spans that hold the answer, of all that are cited or handed on."""
    return _share(right(one, c) for one, reply in _known(replies) for c in reply["cited"])


def span_words(replies: Replies) -> float | None:
    """Return how long a cited span is: a whole article holds an answer easily."""
    spans = [len(c["text"].split()) for _, reply in replies for c in reply["cited"]]
    return statistics.median(spans) if spans else None


def verbatim(replies: Replies, texts: Iterable[str]) -> Share:
    """Count the quotations that stand so in an article; where nothing is written, the spans."""
    printed = [_even(text) for text in texts]
    return _share(
        any(_even(words) in text for text in printed)
        for _, reply in replies
        for words in _quoted(reply)
    )


def answered(replies: Replies) -> Share:
    """Count what nothing answers and is answered; none counts who has no notion of it."""
    return _share(
        reply["answered"]
        for one, reply in replies
        if one.key is None and reply["answered"] is not None
    )


def comments(replies: Replies) -> Share:
    """Count the questions for which a reader's words are evidence."""
    return _share(
        any(holds(one.comment, c["text"]) for c in reply["cited"])
        for one, reply in replies
        if one.comment
    )


def speakers(replies: Replies) -> tuple[Share, Share]:
    """Count of the words that answer, with a known speaker: named right, named wrong."""
    wanted = [
        (one.speaker, [c["speaker"] for c in reply["cited"] if right(one, c)])
        for one, reply in _known(replies)
        if one.speaker
    ]
    if not any(name for _, named in wanted for name in named):
        return Share(0, 0), Share(0, 0)
    good = _share(any(n and same(n, who) for n in named) for who, named in wanted)
    return good, _share(any(n and not same(n, who) for n in named) for who, named in wanted)


def right(one: Question, span: Cited) -> bool:
    """Tell whether a span holds the words that answer, or is a good part of them."""
    key = one.key or ""
    part = len(span["text"].split()) >= _LEAST and holds(span["text"], key)
    return holds(key, span["text"]) or part


def same(name: str, who: str) -> bool:
    """Tell whether two names end alike: "Judge Acker", "Helmine Acker"."""
    return re.findall(r"\w+", name.casefold())[-1:] == re.findall(r"\w+", who.casefold())[-1:]


def _known(replies: Replies) -> Iterator[tuple[Question, Reply]]:
    return (pair for pair in replies if pair[0].key is not None)


def _quoted(reply: Reply) -> Iterator[str]:
    text = reply["text"]
    if text is None:
        yield from (one["text"] for one in reply["cited"])
        return
    for found in quotations(text):
        yield text[found.start : found.end]


def _even(text: str) -> str:
    return " ".join(text.split())


def _share(each: Iterable[bool | None]) -> Share:
    values = list(each)
    return Share(sum(map(bool, values)), len(values))


HEADS: tuple[tuple[str, Callable[[Replies, Sequence[str]], str]], ...] = (
    ("gold first", lambda r, _: str(recall(r, 1))),
    ("gold in 10", lambda r, _: str(recall(r, 10))),
    ("answer in what is cited", lambda r, _: str(cited(r))),
    ("citation precision", lambda r, _: str(precision(r))),
    ("words a citation", lambda r, _: f"{span_words(r) or 0:.0f}" if span_words(r) else "–"),
    ("quotations exact", lambda r, texts: str(verbatim(r, texts))),
    ("unanswerable answered", lambda r, _: str(answered(r))),
    ("comments told as reporting", lambda r, _: str(comments(r))),
    ("speakers right / wrong", lambda r, _: _spoken(r)),
)


def _spoken(replies: Replies) -> str:
    good, bad = speakers(replies)
    return f"{good.count} / {bad.count} of {good.of}" if good.of else "–"
