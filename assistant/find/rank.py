"""How well a sentence answers, as a number."""

from assistant.find.candidates import Asked, Candidate

TIMELY = 0.3
"""What it is worth that an article is of the time that the question names."""

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
        + TIMELY * candidate.timely
        + 0.15 * candidate.kind
        + 0.5 / (1 + candidate.rank)
    )
    if asked.speech:
        value += 0.2 * candidate.voiced + 1.5 * candidate.speaks
    return value
