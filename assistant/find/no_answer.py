"""How the archive says that it does not say: each reason in its own words, what came nearest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import (
    IN_WORDS,
    NOT_SAID,
    Citation,
    Evidence,
    NoAnswer,
    Question,
    Reason,
    cite,
)
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import worth
from assistant.find.unmatched import no_byline
from ingest.archive import Archive
from ingest.article import Notice
from ingest.language import lexicon

_NEAREST = 3

_TO_COME = re.compile(
    rf"^\W*(?:{lexicon.pattern('questions.future_first')}"
    rf"|(?:{lexicon.pattern('questions.future_asks')})(?: \w+){{0,3}} "
    rf"(?:{lexicon.pattern('questions.future_verbs')})) \b"
    rf"|\b(?:{lexicon.pattern('questions.to_come')})\b",
    re.IGNORECASE,
)


def in_words(reason: Reason, nothing: str | None = None) -> str:
    """Return why there is no answer: the reason, or that there was nothing to be searched."""
    if nothing and reason == "nothing_found":
        return f"{NOT_SAID} {nothing}"
    return IN_WORDS[reason]


def not_signed(archive: Archive, question: Question, outcome: NoAnswer, name: str) -> NoAnswer:
    """Return that nobody of a name wrote an article; what came nearest is beside the point."""
    if outcome.reason not in {"nothing_found", "not_enough"}:
        return outcome
    why = no_byline(archive, question.filters, name)
    return replace(
        outcome,
        reason="nothing_found",
        text=in_words("nothing_found", why),
        nearest=(),
        searched=replace(outcome.searched, nothing=why),
    )


def in_the_future(question: Question, asked: Asked, latest: date | None) -> bool:
    """Tell whether a question asks for what was still to come on the last day of an archive."""
    last = min(filter(None, (question.filters.as_of, latest)), default=None)
    period = question.period
    if period and period.since and last:
        return period.since > last
    return not asked.speech and bool(_TO_COME.search(question.text))


def nearest(said: Sequence[Candidate], asked: Asked) -> Iterator[Citation]:
    """Yield what came nearest: the best sentence of each of the first few articles."""
    seen: set[str] = set()
    for candidate in sorted(said, key=lambda c: -worth(c, asked)):
        if candidate.hit.article.article_id in seen or candidate.part == "comment":
            continue
        seen.add(candidate.hit.article.article_id)
        evidence = Evidence(hit=candidate.hit, start=candidate.start, end=candidate.end)
        yield cite(evidence, len(seen))
        if len(seen) == _NEAREST:
            return


def not_there(part: Question) -> Notice:
    """Say which part of a question is not answered."""
    return Notice(code="partly", text=f"The archive does not say: “{part.asked}”")
