"""How the archive says that it does not say: each reason in its own words, what came nearest."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer import Citation, Evidence, Question, Reason
from assistant.candidates import Asked, Candidate
from assistant.check import cite
from assistant.quote import worth
from ingest.article import Notice

_NEAREST = 3

_TO_COME = re.compile(
    r"^\W*(?:will|(?:what|who|when|where|which|why|how)(?: \w+){0,3} (?:will|is going to)) \b"
    r"|\b(?:tomorrow|upcoming|mañana|próxim[oa]|завтра|наступн\w+"
    r"|next (?:week|month|year|decade|spring|summer|autumn|winter))\b",
    re.IGNORECASE,
)

_WORDS: dict[Reason, str] = {
    "empty_archive": "The archive is empty.",
    "nothing_found": "The archive does not say: nothing in it is about this.",
    "not_enough": "The archive does not say: it has articles on the subject, but none of them "
    "answers this.",
    "only_in_comments": "The archive does not say: only readers’ comments speak of it, and they "
    "are not reporting.",
    "only_after_as_of": "The archive does not say: on the day asked about, nothing on this had "
    "been published yet.",
    "only_in_retracted": "The archive does not say: what it had on this was retracted.",
    "about_the_future": "The archive does not say: that was still to come when the last of its "
    "articles was printed, and none of them foretells it.",
    "not_a_question": "There is nothing in this to look for.",
}


def in_words(reason: Reason, nothing: str | None = None) -> str:
    """Return why there is no answer: the reason, or that there was nothing to be searched."""
    if nothing and reason == "nothing_found":
        return f"The archive does not say. {nothing}"
    return _WORDS[reason]


def says_nothing(answer: str) -> bool:
    """Tell whether the words of an earlier answer are that there is none."""
    return answer.startswith(tuple(_WORDS.values()))


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
    return Notice(code="partly", text=f"The archive does not say: “{part.text}”")
