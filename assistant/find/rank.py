"""How well a sentence answers, as a number."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Question
from assistant.check.reader import AskedSentence, ClaimReader
from assistant.find.candidates import Asked, Candidate

_READ = 32
"""Sentences that a reader is asked about: the best by words and meaning."""

_TOPICS = {"latest", "readers", "background"}
"""What a question wants that no sentence answers better than another."""

_ANSWERS = 1.5
"""What it is worth that a reader is sure of a sentence, beside 1 for all words of the question."""

TIMELY = 0.3
"""What it is worth that an article is of the time that the question names."""

_ASKED_FOR, MEASURED = 0.4, {("number",), ("time",), ("somebody",), ("what somebody is",)}
"""What a number, a time or somebody is worth where one is asked for: mostly it is the answer."""

_NAMELESS = 0.5
"""What it costs that an article prints no name of the question's at all."""

LEAST = 0.55
"""A sentence must be worth this much of the best one to stand beside it."""


def worth(candidate: Candidate, asked: Asked) -> float:
    """Return how well a sentence answers.

    A linear score, its weights set by hand on the 86 questions of realtimeqa with gold. Seven
    other settings of them moved the share of answers that hold the short answer between .62
    and .66 (undated) and between .66 and .74 (dated).
    """
    value = (
        candidate.own
        + 0.6 * candidate.near
        + 0.3 * candidate.whole
        + 0.1 * candidate.read
        + 0.2 * candidate.early
        + TIMELY * (candidate.timely - candidate.untimely)
        - _NAMELESS * candidate.nameless
        + (_ASKED_FOR if asked.kinds[:1] in MEASURED else 0.15) * candidate.kind
        + 0.5 / (1 + candidate.rank)
    )
    if candidate.answers is not None:
        value += _ANSWERS * candidate.answers
    if asked.speech:
        value += 0.2 * candidate.voiced + 1.5 * candidate.speaks + candidate.matter
    return value


def read_through(
    question: Question, asked: Asked, said: Sequence[Candidate], reader: ClaimReader
) -> list[Candidate]:
    """Return the best sentences with how probably each answers, best first.

    All of them by words alone where nobody reads, and where a topic is named and nothing asked.
    Raises what the reader raises.
    """
    ranked = sorted(said, key=lambda c: (-worth(c, asked), c.rank, c.start))
    if not reader.reads or question.plan.wants in _TOPICS:
        return ranked
    best = ranked[:_READ]
    told = reader.answers([asked_of(question.text, one) for one in best])
    read = [replace(one, answers=p) for one, p in zip(best, told, strict=True)]
    return sorted(read, key=lambda c: (-worth(c, asked), c.rank, c.start))


def nearer_first(said: Sequence[Candidate]) -> Iterator[tuple[list[Candidate], bool]]:
    """Yield the sentences in the question's own language, then all, and whether any is in another.

    What is found in another language by a table of words answers only where nothing nearer does.
    """
    own = [one for one in said if not one.foreign]
    if own or not said:
        yield own, False
    if len(own) < len(said):
        yield [*said], True


def asked_of(question: str, candidate: Candidate) -> AskedSentence:
    """Return a sentence as a reader is asked about it, with what stands around it."""
    before, after = candidate.around
    return AskedSentence(question, before, candidate.text, after)
