"""Whoever reads a claim beside its evidence: a plug point, and the reader that needs no model."""

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from threading import Lock
from typing import NamedTuple, Protocol, TypeVar

from ingest.language.normalise import fold

_K = TypeVar("_K")
_V = TypeVar("_V")

_KEPT = 4096
"""Pairs whose probabilities are remembered: an answer reads some fifty."""

_WORD = re.compile(r"\w+")


class Probabilities(NamedTuple):
    """How probably evidence supports a claim, says nothing of it, or contradicts it (sum 1).

    `read_by` is who read, where that may be another than the reader that was asked.
    """

    supported: float
    not_stated: float
    contradicted: float
    read_by: str | None = None


class AskedSentence(NamedTuple):
    """A question, and a sentence that may answer it, with what stands around it."""

    question: str
    before: str
    sentence: str
    after: str


class ClaimReader(Protocol):
    """A reader of claims and of sentences; safe from several threads.

    `.5` of `supported` is its line between supported and not. Raises ServiceError where it is
    asked over a network and nobody answers.
    """

    @property
    def name(self) -> str:
        """Who reads: "onnx:NAME", "model:NAME" or "words"."""

    @property
    def reads(self) -> bool:
        """Whether it understands at all: `words` does not, and is not asked which one answers."""

    @property
    def dear(self) -> bool:
        """Whether each reading is a call to a server, so that only what must be read is."""

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Return for each claim and its evidence whether it is supported."""

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return for each question and sentence the probability (0..1) that it answers."""


class NearCopies:
    """The reader that does not read: what its source has word for word in one run stands."""

    name = "words"
    reads = False
    dear = False

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Let copies stand, whatever their case and marks, and nothing else."""
        return [_copied(*pair) for pair in pairs]

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return that nobody can tell."""
        return [0.5] * len(asked)


def _copied(claim: str, evidence: str) -> Probabilities:
    wanted, printed = (_WORD.findall(fold(text).text) for text in (claim, evidence))
    matcher = SequenceMatcher(None, wanted, printed, autojunk=False)
    run = matcher.find_longest_match().size / max(1, len(wanted))
    score = 1.0 if run == 1.0 else 0.49 * run
    return Probabilities(score, 1.0 - score, 0.0)


class Remembering:
    """A reader that reads each pair once. Safe from several threads."""

    def __init__(self, reader: ClaimReader) -> None:
        self.reader = reader
        self._supports: OrderedDict[tuple[str, str], Probabilities] = OrderedDict()
        self._answers: OrderedDict[AskedSentence, float] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Who reads."""
        return self.reader.name

    @property
    def reads(self) -> bool:
        """Whether it understands at all."""
        return self.reader.reads

    @property
    def dear(self) -> bool:
        """Whether each reading is a call to a server."""
        return self.reader.dear

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Return what was read before, and read the rest together."""
        return self._looked_up(self._supports, pairs, self.reader.supports)

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return what was read before, and read the rest together."""
        return self._looked_up(self._answers, asked, self.reader.answers)

    def _looked_up(
        self,
        kept: OrderedDict[_K, _V],
        wanted: Sequence[_K],
        read: Callable[[Sequence[_K]], list[_V]],
    ) -> list[_V]:
        with self._lock:
            known = {one: kept[one] for one in wanted if one in kept}
        new = [one for one in dict.fromkeys(wanted) if one not in known]
        if new:
            known |= zip(new, read(new), strict=True)
            with self._lock:
                kept.update((one, known[one]) for one in new)
                while len(kept) > _KEPT:
                    kept.popitem(last=False)
        return [known[one] for one in wanted]
