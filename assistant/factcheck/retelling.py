"""Whether a sentence is printed but for how it writes its days, or a clause that it leaves out."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer import Evidence
from assistant.factcheck.days_alike import DatedText, alike, dated
from assistant.factcheck.draft_evidence import ComparedArticle
from ingest.article import EVIDENCE
from ingest.language import lexicon
from ingest.language.normalise import fold
from ingest.language.sentences import sentences

_WORD = re.compile(r"\w+")
_ASIDE = re.compile(r",\s(?P<aside>[^,;:()“”\"]{3,160}),(?=\s)")
_RELATIVE_WITHIN = 3
"""Words of a clause in which its relative pronoun stands: "most of whom"."""


def printed_otherwise(
    text: str, language: str | None, anchor: date | None, articles: Sequence[ComparedArticle]
) -> Evidence | None:
    """Return the printed sentence that has all words of another, and in their order.

    A day may be written otherwise ("on Monday"), and a clause left out that stands between commas
    and only says more of what it follows. Nothing else is added, left out or changed.
    """
    for one in articles:
        article = one.article
        claim = dated(text, language or article.language, anchor or article.date)
        some = set(_words(claim.without()))
        for start, end in _sentences_of(one):
            printed = one.text[start:end]
            if not some <= set(_words(printed)):
                continue
            theirs = dated(printed, article.language, article.date)
            mine, told = claim.text, printed
            if article.date and not _to_come(claim, article.date):
                mine, told = alike(claim, theirs, article.date)
            wanted = _words(mine)
            if any(_words(one_way) == wanted for one_way in _told_shorter(told, article.language)):
                return Evidence(hit=one.hit, start=start, end=end)
    return None


def _sentences_of(one: ComparedArticle) -> Iterator[tuple[int, int]]:
    """Yield the sentences of an article that nobody says in it."""
    for part in one.article.parts:
        if part.part in EVIDENCE:
            for start, end in sentences(one.text, part.start, part.end):
                if not any(q.outer[0] <= start < q.outer[1] for q in one.quotations):
                    yield start, end


def _to_come(claim: DatedText, published: date) -> bool:
    """Say whether a day is after the paper's: "on Friday" may be the one before it."""
    return any(one.weekday is None and one.first_day > published for one in claim.days)


def _told_shorter(text: str, language: str | None) -> Iterator[str]:
    """Yield a sentence, and it without each clause that only says more of what it follows.

    Where commas stand around any relative clause, as in German, they do not tell which do.
    """
    yield text
    relative = lexicon.words("sentences.asides", language) if language else frozenset()
    for found in _ASIDE.finditer(text):
        first = _words(found["aside"])[:_RELATIVE_WITHIN]
        if not relative.isdisjoint(first):
            yield text[: found.start()] + text[found.end() :]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).text)
