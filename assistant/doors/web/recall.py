"""What was answered before, as far as whoever looks at it now may see it."""

from typing import NamedTuple

from assistant.answer import Outcome
from assistant.doors.api import Newsroom
from assistant.doors.cli.replaying import Get, gone, restored
from assistant.doors.keyring import KeyHolder
from assistant.history import Record
from assistant.talks import Owner, Talks
from ingest.article import Article, Hit, Passage, Story
from ingest.errors import MorgueError


class Recalled(NamedTuple):
    """An earlier answer; `outcome` is None where its words are gone, or not for this reader."""

    record: Record
    outcome: Outcome | None


def owner_of(newsroom: Newsroom, reader: KeyHolder) -> Owner:
    """Return whose the conversations are that a reader has with an archive."""
    return Owner(archive=str(newsroom.archive.folder.resolve()), asker=reader.key_id or "")


def talks_of(newsroom: Newsroom) -> Talks:
    """Return the conversations that stand beside a newsroom's records."""
    return Talks(newsroom.records.folder.parent / "talks.sqlite")


def recall(newsroom: Newsroom, reader: KeyHolder, record_id: str) -> Recalled | None:
    """Return an earlier answer as it was given; None where there is none for this reader.

    Whoever has its address may see it, as far as the archive's collections are theirs: another's
    answer only where they may see all that was read for it. Words of what is gone stay away.
    """
    shelf = newsroom.archive

    def get(article_id: str, version: int) -> Article | None:
        return shelf.readable(article_id, version, collections=reader.collections)

    try:
        record = newsroom.records.read(record_id)
        if record.archive != str(shelf.folder.resolve()):
            return None
        own = (record.asker or "") == (reader.key_id or "")
        if reader.collections and not own and not all(_read(record, get)):
            return None
        return Recalled(record, None if gone(record, get) else restored(record, get))
    except MorgueError:
        return None


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
