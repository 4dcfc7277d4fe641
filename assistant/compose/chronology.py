"""What happened, in its order: a dated list of the sentences that tell it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Draft, Question
from assistant.compose.answering import Enquiry
from assistant.compose.extractive import quoted
from assistant.find.article_sentences import printed_sentences
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import worth
from assistant.understand.time_expressions import tells
from ingest.language import lexicon
from ingest.language.normalise import fold

MOST = 8
"""Lines of a list: an order needs more of them than an answer needs sentences."""

_LEAST = 0.4
"""A line must be worth this much of the best one: less than beside an answer, for the same."""

_OF_ONE = 2
"""Lines from one article, so that the list is not one article told again."""

_WHOLE = 8
"""Spaces in a first sentence that tells something: fewer are a byline or a day."""

_ORDER = re.compile(
    rf"\b(?:{lexicon.pattern('questions.order')}"
    rf"|(?:{lexicon.pattern('questions.order_how')}) .{{3,80}} "
    rf"(?:{lexicon.pattern('questions.order_verbs')}))\b",
    re.IGNORECASE,
)


def asks_for_order(question: Question) -> bool:
    """Tell whether a question asks what happened, so that the order of it is the answer."""
    return question.plan.wants == "background" or bool(_ORDER.search(question.text))


def told_in_order(enquiry: Enquiry, said: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences that may answer; where a question asks for order, what happened.

    The first sentences of their articles are among them, and all are of the time that it names,
    if it names one: what happened in 2019 is not told by what was printed of 2021, however near it
    comes.
    """
    if not asks_for_order(enquiry.question):
        return list(said)
    when = enquiry.asked.period
    known = {(c.hit.article.article_id, c.start) for c in said}
    leads = (c for c in _leads(said) if (c.hit.article.article_id, c.start) not in known)
    told = (*said, *leads)
    return [c for c in told if when is None or tells(when, c.hit.article.date, c.text)]


def chronology(asked: Asked, said: Sequence[Candidate]) -> Draft | None:
    """Return the sentences that tell what happened by the day they were printed, oldest first.

    None where they are not of two days at least: one day has no order.
    """
    ranked = sorted(said, key=lambda c: (-worth(c, asked), c.rank, c.start))
    ranked = [c for c in ranked if c.part != "comment" and c.hit.article.date]
    whole = {c.hit.article.article_id for c in ranked if c.part != "headline"}
    ranked = [c for c in ranked if c.part != "headline" or c.hit.article.article_id not in whole]
    least = _LEAST * worth(ranked[0], asked) if ranked else 0.0
    chosen: list[Candidate] = []
    told: set[str] = set()
    for candidate in ranked:
        of_it = sum(c.hit.article.article_id == candidate.hit.article.article_id for c in chosen)
        words = fold(candidate.text).text
        if len(chosen) == MOST or worth(candidate, asked) < least:
            break
        if of_it < _OF_ONE and words not in told:
            told.add(words)
            chosen.append(candidate)
    days = {candidate.hit.article.date for candidate in chosen}
    if len(days) < 2:
        return None
    chosen.sort(key=lambda c: (str(c.hit.article.date), c.rank, c.start))
    claims = (replace(quoted(c), day=c.hit.article.date) for c in chosen)
    return Draft(mode="quotes", claims=tuple(claims))


def _leads(said: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the first sentences of articles that name what is asked about early, and again.

    "A ferry ran on to rocks" is what happened, though only the sentence after it has her name. It
    is worth what that one is.
    """
    most = max((c.own for c in said), default=0.0)
    naming: dict[str, list[Candidate]] = {}
    for candidate in sorted(said, key=lambda c: c.start):
        if candidate.own == most and candidate.part == "body":
            naming.setdefault(candidate.hit.article.article_id, []).append(candidate)
    for first, *again in naming.values():
        article = first.hit.article
        body = ((a, b) for a, b, part in printed_sentences(article) if part == "body")
        start, end = next(body)
        told = article.text.count(" ", start, end) >= _WHOLE and start < first.start
        if told and first.early and again:
            yield replace(first, start=start, end=end)
