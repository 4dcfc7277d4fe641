"""What came before: the stories about a subject in their order, each by one sentence of it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.answer import DraftClaim, Evidence, Question
from assistant.compose.chronology import MOST
from assistant.compose.who_said import hit_of
from assistant.find.article_sentences import printed_sentences
from ingest.archive import Archive
from ingest.archive.browse import Browse
from ingest.article import ListedArticle
from ingest.language import lexicon
from ingest.language.letter_case import UPPER

_READ = 40
"""Dispatches that are looked at: those that most newsrooms tell, and at greatest length."""

_LAST = "9999"
"""After every day: what has none stands behind what has."""

_EARLY, _AGAIN = 3, 2
"""Sentences within which an article that names its subject again has named it."""

_AT_A_PLACE = re.compile(
    rf"\b(?:{lexicon.pattern('questions.at_a_place')})\s(?:\w+\s)?(?=[{UPPER}])"
)

_WHOLE = 8
"""Spaces in a first sentence that tells something: fewer are a byline or a day."""


def background(archive: Archive, question: Question) -> list[DraftClaim]:
    """Return the sentences that tell what was printed about a subject, the oldest first.

    One of each event, chosen as a front page is: what most newsrooms told comes before what one
    did, and what is about the subject before what names it in passing. Its newest is among them.
    Where few articles hold the whole subject, those that hold its names are told too, if it names
    no place: "the case of Lee", not "the storm at Port Ellin". Nothing where none holds it.
    """
    subject = _untitled(question.plan.query)
    listed = _listed(archive, question, subject)
    named = " ".join(word for word in subject.split() if word[:1].isupper())
    few = bool(named) and named != subject and 0 < len(listed) < MOST
    if few and not _AT_A_PLACE.search(subject):
        known = {one.article.article_id for one in listed}
        more = _listed(archive, question, named)
        listed += [one for one in more if one.article.article_id not in known]
    stems = frozenset(archive.stems(subject))
    told = [one for one in (_telling(archive, stems, listed)) if one is not None]
    chosen = _chosen(told)
    chosen.sort(key=lambda claim: (str(claim.day or _LAST), claim.evidence[0].start))
    return chosen


def _listed(archive: Archive, question: Question, words: str) -> list[ListedArticle]:
    browse = Browse(words=words, filters=question.filters, order="news", k=_READ, facets=())
    return [one for one in archive.browse(browse).articles if not _withdrawn(one)]


def _untitled(subject: str) -> str:
    """Return a subject without the titles before a name: few of its articles print them."""
    words = subject.split()
    titles = lexicon.words("titles")
    kept = [word for word in words if lexicon.plain(word).rstrip(".") not in titles]
    named = len(kept) > 1 and all(word[:1].isupper() for word in kept)
    return " ".join(kept if named else words)


def _withdrawn(one: ListedArticle) -> bool:
    return any(notice.code == "retracted" for notice in one.notices)


def _telling(
    archive: Archive, stems: frozenset[str], listed: Sequence[ListedArticle]
) -> Iterator[tuple[bool, DraftClaim] | None]:
    """Yield of each article the sentence that tells its story, and whether the subject is it.

    It is the first sentence, where that or the headline names the subject, or one soon after it
    does and another again: "a ferry ran on to rocks" is told of her whom the next one names. Else
    it is the first that names the subject whole.
    """
    for one in listed:
        text = one.article.text
        body = [(a, b) for a, b, part in printed_sentences(one.article) if part == "body"]
        held = [stems.intersection(archive.stems(text[a:b], all_words=True)) for a, b in body]
        titled = stems.intersection(archive.stems(one.article.title, all_words=True))
        if not body:
            yield None
            continue
        early = titled.union(*held[: 1 if sum(map(bool, held)) < _AGAIN else _EARLY])
        main = 2 * len(early) >= len(stems) and text.count(" ", *body[0]) >= _WHOLE
        best = max(range(len(body)), key=lambda i: (len(held[i]), -i))
        start, end = body[0] if main else body[best]
        yield main, _claim(one, start, end)


def _claim(one: ListedArticle, start: int, end: int) -> DraftClaim:
    hit = hit_of(one.article, start, end, one.story, one.notices)
    evidence = Evidence(hit=hit, start=start, end=end)
    text = one.article.text[start:end]
    return DraftClaim(text=text, evidence=(evidence,), verbatim=True, day=one.article.date)


def _chosen(told: Sequence[tuple[bool, DraftClaim]]) -> list[DraftClaim]:
    """Return what is about the subject, else what names it; the newest in place of the least."""
    about = [claim for main, claim in told if main]
    passing = [claim for main, claim in told if not main]
    chosen = list(islice((*about, *passing), MOST))
    newest = max(about or passing, key=lambda claim: str(claim.day or ""), default=None)
    if newest is not None and newest not in chosen:
        chosen[-1] = newest
    return chosen
