"""An article erased on legal order: out of every store, so that no byte of it is left on disk.

Dropping lets its pages be used again some time; erasing writes over them at once, packs the
catalogue anew, and builds both indexes anew beside the old ones, which go.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.archive import filing
from ingest.archive.archive import Archive
from ingest.archive.change_log import hosts_behind
from ingest.archive.record import moment
from ingest.archive.sqlite import ours


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReport:
    """What was erased, what nobody knows, and copies of it that others printed and that stay.

    `records` is how many answers on record named them and went too. `unread` names the files that
    waited in the queue, could not be read, and went unread. `left_in` says what is not the
    archive's to erase and may hold it still.
    """

    erased: tuple[str, ...]
    unknown: tuple[str, ...]
    copies: tuple[str, ...]
    records: int = 0
    unread: tuple[str, ...] = ()
    left_in: str = ""


def erase(
    archive: Archive,
    article_ids: Iterable[str],
    empty: Callable[[], Sequence[str]] = lambda: (),
) -> ErasureReport:
    """Erase articles, every version, and note by hashes that they are not taken in again.

    `empty` is called when they are noted: it lets the bytes of files go that wait to be read, and
    returns the names of those that nobody could read.

    Takes as long as building the indexes anew. Raises ArchiveBusy where another process writes,
    or reads so long that what the catalogue's engine keeps of deleted rows cannot be let go of:
    it is erased, and they stay; doing the same again lets them go.
    """
    erased, unknown, copies = list[str](), list[str](), set[str]()
    with archive.writing(), ours(archive.folder):
        catalogue = archive.catalogue
        with catalogue.database.shredding():
            for article_id in article_ids:
                article = archive.get(article_id)
                if article is None:
                    unknown.append(article_id)
                    continue
                story = archive.story(article_id)
                copies |= set(story.article_ids if story else ()) - {article.article_id}
                with catalogue.transaction():
                    _note(archive, article.article_id)
                    filing.drop(catalogue, article.article_id, catalogue.new_change())
                    catalogue.end_log()
                    catalogue.sweep()
                erased.append(article.article_id)
            archive.originals.sweep(erased=True)
            records = archive.papers.forget(erased)
            unread = empty()
            behind = _indexes_anew(archive)
    hosts = [f"the indexes of the host {one}, until it follows" for one in hosts_behind(catalogue)]
    return ErasureReport(
        erased=tuple(erased),
        unknown=tuple(unknown),
        copies=tuple(sorted(copies - {*erased})),
        records=records,
        unread=tuple(unread),
        left_in="; ".join(filter(None, [archive.catalogue.database.leftovers, *hosts, *behind])),
    )


def _note(archive: Archive, article_id: str) -> None:
    """Note the hashes of an article's ids and of every text that it had."""
    ask = archive.catalogue.connection.execute
    (a,) = archive.catalogue.numbers([article_id])
    aliases = [str(one) for (one,) in ask("SELECT article_id FROM aliases WHERE a = ?", (a,))]
    texts = [str(text) for (text,) in ask("SELECT text FROM versions WHERE a = ?", (a,))]
    marks = {mark for one in (article_id, *aliases) for mark in filing.marks_of(one, texts[0])}
    marks |= {mark for text in texts for mark in filing.marks_of(article_id, text)}
    now = moment(datetime.now(UTC))
    archive.catalogue.connection.executemany(
        "INSERT INTO erased VALUES (?, ?) ON CONFLICT DO NOTHING",
        ((mark, now) for mark in sorted(marks)),
    )


def _indexes_anew(archive: Archive) -> list[str]:
    """Build both indexes in folders of their own; those that held the article go.

    Returns, in words, the servers that could not be reached: theirs is built when they can.
    """
    archive.words.rebuild(archive.catalogue)
    embedded = archive.catalogue.meta("embedder") is not None
    if embedded:
        archive.meaning.rebuild(archive.catalogue)
    archive.follow()
    behind = archive.meaning.behind if embedded else []
    return [f"the Chroma server of {held}, until it answers" for held in behind]
