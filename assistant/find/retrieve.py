"""The few articles worth reading for a question, copies of one dispatch once."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Question, Searched
from assistant.find.asked_speech import speaker_and_matter
from assistant.find.candidates import LIGHT
from assistant.find.operators import unfit
from assistant.find.other_words import in_other_languages, language_of
from assistant.find.unmatched import unmatched
from assistant.understand.coreference import names
from ingest.archive import Archive, Search
from ingest.archive.browse import Browse
from ingest.archive.query import AnyOf, Condition, Together, WordIs
from ingest.archive.search import By
from ingest.article import Filters, Hit, Notice
from ingest.language.speech.speaker_names import titles_of

ARTICLES = 8
"""Articles that are read for an answer. Tried 3, 5, 8 and 12 on realtimeqa: the short answer
stands in none but the first few, and every article costs time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The hits to read, best first, and what was searched to find them.

    `copies` are hits of other copies of the same dispatches; `retracted` are hits that are no
    evidence, since their articles were retracted.
    """

    hits: tuple[Hit, ...]
    searched: Searched
    copies: tuple[Hit, ...] = ()
    warnings: tuple[Notice, ...] = ()
    retracted: tuple[Hit, ...] = ()


def retrieve(archive: Archive, question: Question, *, articles: int = ARTICLES) -> Retrieved:
    """Return the passages of the articles that fit a question best."""
    topic = "" if names(question.text) else question.topic
    search = Search(
        text=f"{question.text} {topic}".strip(),
        must=question.must,
        k=articles * 3,
        filters=question.filters,
        per_article=3,
    )
    abroad = _abroad(archive, question, search)
    there = archive.counts.overview().languages
    found = [] if abroad and language_of(question.text) not in there else archive.search(search)
    known = {hit.article.article_id for hit in found}
    found += [hit for hit in abroad if hit.article.article_id not in known]
    found += _in_the_talk(archive, question, replace(search, k=articles), found)
    found += _of_the_time(archive, question, replace(search, k=articles), found)
    found += _newest(archive, question, search, found)
    found += _spoken(archive, question, replace(search, k=articles), found)
    hits = [hit for hit in found if not hit.retracted]
    retracted = tuple(hit for hit in found if hit.retracted)
    told = collapse(hits)
    return Retrieved(
        hits=tuple(told),
        searched=searched(archive, question, missed=search.missed, hits=found),
        copies=tuple(hit for hit in hits if hit not in told),
        warnings=(
            *_warnings(archive, question, hits),
            *not_searched(search.missed),
            *_left_out(retracted),
        ),
        retracted=retracted,
    )


def _left_out(retracted: Sequence[Hit]) -> Iterator[Notice]:
    """Say which articles are no evidence because they were retracted."""
    for article in dict.fromkeys((hit.article.title, hit.article.outlet) for hit in retracted):
        title, outlet = article
        where = f" ({outlet})" if outlet else ""
        yield Notice(code="retracted", text=f"Left out, since it was retracted: “{title}”{where}.")


def words_behind(archive: Archive) -> Iterator[Notice]:
    """Say that not all that is there can be found: what is not found may be there."""
    if archive.words_at < archive.counts.change:
        yield Notice(
            code="words_behind",
            text="The index by words is behind: run `morgue rebuild words` to find everything.",
        )


def not_searched(missed: Collection[str]) -> Iterator[Notice]:
    """Say what could not be searched by meaning, since its server does not answer."""
    for held in sorted(missed):
        yield Notice(
            code="shard_down",
            text=f"{held[0].upper()}{held[1:]} were not searched by meaning: "
            "their Chroma server does not answer.",
        )


def _abroad(archive: Archive, question: Question, search: Search) -> list[Hit]:
    """Return what has to do with a question in other languages, by their words for its own."""
    told = None if question.literal else in_other_languages(archive, question.text)
    if not told:
        return []
    words, languages = told
    held = question.filters.languages
    filters = replace(question.filters, languages=held or languages)
    return archive.search(replace(search, text=f"{search.text} {' '.join(words)}", filters=filters))


def _in_the_talk(
    archive: Archive, question: Question, search: Search, found: Sequence[Hit]
) -> list[Hit]:
    """Return what else has to do with what was spoken of before, where a question names its own."""
    if not question.topic or question.topic in search.text:
        return []
    known = {hit.article.article_id for hit in found}
    hits = archive.search(replace(search, text=f"{question.text} {question.topic}"))
    return [hit for hit in hits if hit.article.article_id not in known]


def _of_the_time(
    archive: Archive, question: Question, search: Search, found: Sequence[Hit]
) -> list[Hit]:
    """Return what else was printed in the time that a question names, to be read besides."""
    when = question.period
    if when is None or when.only or question.filters.since or question.filters.until:
        return []
    filters = replace(question.filters, since=when.since, until=when.printed_until)
    known = {hit.article.article_id for hit in found}
    # What was printed then need not name the time; what else has an 18 in it is beside the point.
    text = search.text.replace(when.words, " ")
    hits = archive.search(replace(search, text=text, filters=filters))
    return [hit for hit in hits if hit.article.article_id not in known]


def _newest(
    archive: Archive, question: Question, search: Search, found: Sequence[Hit]
) -> list[Hit]:
    """Return hits of the newest articles that hold the whole question, where it asks for them."""
    if question.plan.wants != "latest":
        return []
    wanted = Browse(
        words=search.text, filters=question.filters, order="newest", k=_NEWEST, facets=()
    )
    days = [one.article.date for one in archive.browse(wanted).articles if one.article.date]
    if not days:
        return []
    known = {hit.article.article_id for hit in found}
    filters = replace(question.filters, since=max(min(days), question.filters.since or min(days)))
    hits = archive.search(replace(search, filters=filters))
    return [hit for hit in hits if hit.article.article_id not in known]


def _spoken(
    archive: Archive, question: Question, search: Search, found: Sequence[Hit]
) -> list[Hit]:
    """Return what else has a speaker and the matter in one paragraph, where both are asked for.

    An article about the speaker has the name more often than the one in which the matter comes up.
    """
    asked = None if question.must else speaker_and_matter(question.text)
    if asked is None:
        return []
    whose, rest = asked
    when = question.period
    matter = rest.replace(when.words, " ") if when else rest
    words = [word for word in _WORD.findall(matter) if _tells(archive, word)]
    speaking = tuple(_speaking(archive, whose))
    if not words or not speaking:
        return []
    of_it = AnyOf(parts=tuple(map(WordIs, words)))
    must = Together("paragraph", (*speaking, of_it))
    filters = question.filters
    if when and not (filters.since or filters.until):
        filters = replace(filters, since=when.since, until=when.printed_until)
    known = {hit.article.article_id for hit in found}
    hits = archive.search(replace(search, must=must, filters=filters))
    return [hit for hit in hits if hit.article.article_id not in known]


def _speaking(archive: Archive, whose: str) -> Iterator[Condition]:
    """Yield what a paragraph of a speaker holds: the last name, or the role, however written."""
    if named := names(whose):
        yield WordIs(named[-1].split()[-1])
        return
    for word in _WORD.findall(whose):
        if _tells(archive, word):
            yield AnyOf(parts=tuple(map(WordIs, (word, *titles_of(word)))))


def _tells(archive: Archive, word: str) -> bool:
    stems = archive.stems(word)
    return bool(stems) and LIGHT.isdisjoint(stems)


_WORD = re.compile(r"\w{2,}")

_NEWEST = 5
"""Newest articles that are read besides those that fit best."""


def collapse(hits: list[Hit]) -> list[Hit]:
    """Keep the best-placed copy of each dispatch; its story names the others."""
    kept: dict[str, str] = {}
    return [
        hit
        for hit in hits
        if kept.setdefault(hit.story.id, hit.article.article_id) == hit.article.article_id
    ]


def told_once(archive: Archive, search: Search, most: int) -> list[Hit]:
    """Return the `most` best hits of a search, copies of one dispatch once."""
    k = 2 * most
    while True:
        found = archive.search(replace(search, k=k))
        hits = collapse(found)
        if len(hits) >= most or len(found) < k:
            return hits[:most]
        k *= 2


def searched(
    archive: Archive,
    question: Question,
    *,
    by: By = "both",
    missed: Collection[str] = (),
    hits: Collection[Hit] = (),
) -> Searched:
    """Say what a search of the archive covers, under the filters of its question, and missed.

    Where it found something, something fits: that is not looked for again.
    """
    found = archive.counts.covered(question.filters)
    return Searched(
        articles=found.articles,
        since=found.since,
        until=found.until,
        embedded=0.0 if by == "words" else found.embedded,
        understood=question.understood,
        nothing=_in_vain(archive, question, found.articles, fits=bool(hits)),
        plan=question.plan,
        warnings=(*words_behind(archive), *not_searched(missed)),
    )


def _in_vain(archive: Archive, question: Question, articles: int, *, fits: bool) -> str | None:
    """Say what of the filters and operators matches nothing."""
    if not articles:
        return _nothing(archive, question.filters)
    return unmatched(archive, question.filters) or (None if fits else unfit(archive, question))


def _nothing(archive: Archive, filters: Filters) -> str | None:
    """Say why filters leave no article, None where there is none even without them."""
    since, until = filters.since, filters.until
    if not archive.counts.covered(Filters(collections=filters.held)).articles:
        return None
    if since and until and since > until:
        return "From is after To: nothing can have been printed between them."
    missing = unmatched(archive, filters)
    if missing:
        return missing
    if since or until or filters.as_of:
        return "Nothing in the archive was printed in that time."
    return "No article fits every filter."


def _warnings(archive: Archive, question: Question, hits: Sequence[Hit]) -> Iterator[Notice]:
    yield from words_behind(archive)
    missing = unmatched(archive, question.filters)
    if missing:
        yield Notice(code="no_such_value", text=missing)
    mismatch = archive.mismatch()
    if mismatch is not None:
        yield Notice(code="embedder_mismatch", text=f"Searched by words alone: {mismatch.message}.")
    elif archive.counts.overview().articles and not archive.counts.leads_embedded:
        yield Notice(code="words_only", text="Searched by words alone: nothing is embedded yet.")
    if question.filters.as_of and any(hit.article.date is None for hit in hits):
        yield Notice(
            code="undated", text="Some articles have no date and may be later than the day asked."
        )
