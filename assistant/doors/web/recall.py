"""What was answered before, as far as whoever looks at it now may see it."""

from dataclasses import replace
from typing import NamedTuple

from assistant.answer import Answer, Citation, Outcome
from assistant.doors.api import Newsroom
from assistant.doors.cli.replaying import Get, gone, restored
from assistant.doors.keyring import KeyHolder
from assistant.history import Record
from assistant.talks import Owner, Talks
from ingest.article import Article, Filters, Hit, Passage, Story
from ingest.errors import MorgueError


class Recalled(NamedTuple):
    """An earlier answer; `outcome` is None where its words are gone, or not for this reader."""

    record: Record
    outcome: Outcome | None


def owner_of(newsroom: Newsroom, reader: KeyHolder) -> Owner:
    """Return whose the conversations are that a reader has with an archive."""
    return Owner(archive=newsroom.archive.papers.archive, asker=reader.key_id or "")


def talks_of(newsroom: Newsroom) -> Talks:
    """Return the conversations that stand beside a newsroom's records."""
    return Talks(newsroom.records.papers)


def recall(newsroom: Newsroom, reader: KeyHolder, record_id: str) -> Recalled | None:
    """Return an earlier answer as it was given; None where there is none for this reader.

    Whoever has its address may see it, as far as the archive's collections are theirs: another's
    answer only where they may see all that was read for it, and what was counted or not found for
    another only where it was looked for among what they may see. Words of what is gone stay away.
    """
    shelf = newsroom.archive

    def get(article_id: str, version: int) -> Article | None:
        return shelf.readable(article_id, version, collections=reader.collections)

    try:
        record = newsroom.records.read(record_id)
        if record.archive != shelf.papers.archive:
            return None
        own = (record.asker or "") == (reader.key_id or "")
        wider = not own and not _asked_within(record, reader)
        if wider and (record.outcome["kind"] != "answer" or not all(_read(record, get))):
            return None
        outcome = None if gone(record, get) else restored(record, get)
        if wider and isinstance(outcome, Answer):
            outcome = _for_fewer(newsroom, reader, outcome)
        return Recalled(record, outcome)
    except MorgueError:
        return None


def _asked_within(record: Record, reader: KeyHolder) -> bool:
    """Tell whether a question looked at nothing but what a reader may see."""
    asked = set(record.question.filters.collections)
    return not reader.collections or (bool(asked) and asked <= set(reader.collections))


def _for_fewer(newsroom: Newsroom, reader: KeyHolder, answer: Answer) -> Answer:
    """Return an answer without what it tells of articles that a reader may not see."""
    scope = Filters(collections=reader.collections)
    there = newsroom.archive.status(scope)
    searched = replace(
        answer.searched, articles=there.articles, since=there.since, until=there.until,
        understood={}, nothing=None, plan=None, warnings=(),
    )  # fmt: skip
    return replace(
        answer,
        citations=tuple(_cited(newsroom, reader, one) for one in answer.citations),
        searched=searched,
        warnings=tuple(one for one in answer.warnings if one.code not in _OF_OTHERS),
        more=None,
    )


_OF_OTHERS = {"retracted", "no_such_value"}
"""What a warning of an answer says of articles that it does not cite."""


def _cited(newsroom: Newsroom, reader: KeyHolder, one: Citation) -> Citation:
    """Return a citation with the copies and the notices that a reader may see."""
    shelf, within, span = newsroom.archive, reader.collections, (one.start, one.end)
    story = shelf.story(one.article.article_id, within)
    told = shelf.notices(one.article, span, collections=within)
    told += [notice for notice in one.notices if notice.code == "rewritten"]
    return replace(one, story=story or one.story, notices=tuple(told))


def hits_of(newsroom: Newsroom, reader: KeyHolder, record: Record) -> tuple[Hit, ...]:
    """Return the passages that were read for an answer, those that this reader may see."""
    shelf, found = newsroom.archive, []
    for one in record.passages:
        article = shelf.readable(one.article_id, one.version, collections=reader.collections)
        if article is None:
            continue
        part = article.part_at(one.start)
        passage = Passage(start=one.start, end=one.end, part=part.part if part else "body")
        story = shelf.story(one.article_id, reader.collections) or Story(
            id=one.article_id, outlets=(), article_ids=(one.article_id,)
        )
        found.append(Hit(article=article, passage=passage, score=one.score, by=one.by, story=story))
    return tuple(found)


def _read(record: Record, get: Get) -> list[bool]:
    wanted = dict.fromkeys((one.article_id, one.version) for one in record.passages)
    return [get(article_id, version) is not None for article_id, version in wanted]
