"""A catalogue carried over to another engine: whole and compared, or not at all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ingest.archive import schema
from ingest.archive.archive import Archive
from ingest.archive.catalogue import CATALOGUE, Catalogue, database_of
from ingest.archive.change_log import of_the_archive
from ingest.archive.database import Database
from ingest.archive.kept_originals import KEPT, KeptOriginals
from ingest.archive.lock import WriterLock, written
from ingest.archive.papers import FolderPapers, Papers
from ingest.archive.papers_moving import PapersMoved, carry_papers
from ingest.archive.sqlite import SqliteFile, ours
from ingest.errors import ArchiveDamaged, ArchiveError

_BEGUN = "catalogue.incoming"
_TOLD = 5
_WHOLE = 1 << 128


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReport:
    """What was carried over and compared, and where to; the password of that is left out.

    `originals` are the kept files of dropped articles that went along, `originals_left` those that
    stay in the folder, since a database takes none.
    """

    to: str
    change: int
    articles: int
    versions: int
    passages: int
    vectors: int
    statements: int
    records: int
    conversations: int
    originals: int
    originals_left: int


def move(archive: Archive, to: str) -> MoveReport:
    """Carry the catalogue over to a database by its address, or to a folder, and compare it.

    What people left with it goes along: keys, accounts, answers on record, conversations; into a
    folder the kept files of what was dropped too. Nobody writes meanwhile, on any host; what it was
    carried from stays as it is. The indexes follow the same changes there: they need not be built
    anew in the folder that has them. Raises ArchiveError where an archive is there already or files
    wait to be read, ArchiveBusy where another process writes to either, ArchiveDamaged where not
    all arrived: nothing is kept then.
    """
    to_server = to.startswith(("postgresql:", "postgres:"))
    with archive.writing(), archive.catalogue.database.alone():
        _refuse_what_waits(archive, to_server=to_server)
        if to_server:
            with closing(database_of(archive.folder, to)) as database:
                papers = _PapersGoing(archive.papers, database.papers(archive.folder))
                moved = carry(archive.catalogue, database, papers)
                return _report(moved, papers, archive, database.address)
        return _into_folder(archive, Path(to))


def _refuse_what_waits(archive: Archive, *, to_server: bool) -> None:
    """Raise ArchiveError where files were taken in that nobody would read after the move.

    A folder keeps those that a server accepted, and the next that serves from it reads them.
    """
    waiting, queue = 0, archive.catalogue.database.job_queue()
    if queue is not None:
        state = queue.state()
        waiting = state.waiting + state.reading
    if not (to_server and isinstance(archive.papers, FolderPapers)):
        waiting += archive.papers.accepted(archive.folder).waiting()
    if waiting:
        raise ArchiveError(
            f"{waiting} files wait to be read here, and would not go along",
            "let `morgue work --until-empty`, or `morgue serve`, read them first",
        )


def _into_folder(archive: Archive, folder: Path) -> MoveReport:
    with ours(folder):
        folder.mkdir(parents=True, exist_ok=True)
        own = folder.resolve() == archive.folder.resolve()
        with written(archive.lock if own else WriterLock(folder)):
            return _into(archive, folder)


def _into(archive: Archive, folder: Path) -> MoveReport:
    if (folder / CATALOGUE).exists():
        raise _taken(str(folder))
    begun, papers = folder / _BEGUN, _PapersGoing(archive.papers, FolderPapers(folder))
    begun.unlink(missing_ok=True)  # of a move that was killed
    originals = KeptOriginals(archive.folder / KEPT)
    try:
        with closing(SqliteFile(begun)) as database:
            moved = carry(archive.catalogue, database, papers)
        if folder.resolve() != archive.folder.resolve():
            originals.copy_to(folder / KEPT)
        begun.replace(folder / CATALOGUE)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise
    return _report(moved, papers, archive, str(folder), originals=originals.count)


class _PapersGoing:
    """What people left with an archive, and where it goes; `moved` counts what went."""

    def __init__(self, source: Papers, to: Papers) -> None:
        self.moved = PapersMoved(0, 0)
        self._source, self._to = source, to

    def __call__(self) -> None:
        self.moved = carry_papers(self._source, self._to)


def _report(
    moved: "dict[str, _Seen]", papers: _PapersGoing, archive: Archive, to: str, originals: int = 0
) -> MoveReport:
    counted = {table: seen.rows for table, seen in moved.items()}
    return MoveReport(
        to=to,
        change=archive.catalogue.change,
        **{one: counted[one] for one in
           ("articles", "versions", "passages", "vectors", "statements")},
        **papers.moved._asdict(),
        originals=originals,
        originals_left=KeptOriginals(archive.folder / KEPT).count - originals,
    )  # fmt: skip


@dataclass(slots=True)
class _Seen:
    """What passed of a table: how many rows, a sum of them in any order, and one an article."""

    rows: int = 0
    all: int = 0
    by_article: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def carry(
    source: Catalogue, to: Database, also: Callable[[], None] = lambda: None
) -> dict[str, _Seen]:
    """Carry every row over as of one moment, in one transaction, and compare what arrived.

    `also` is called within that transaction, once all has arrived.
    """
    if to.exists() and to.is_laid_out():
        raise _taken(to.address)
    to.make_place()
    moved: dict[str, _Seen] = {}
    with to.transaction():
        if to.is_laid_out():  # another was quicker
            raise _taken(to.address)
        with source.snapshot():
            schema.lay_out(to)
            for table, columns in source.database.tables().items():
                moved[table] = _Seen()
                rows = of_the_archive(table, source.database.rows(table, columns))
                rows = to.fit(columns, rows)
                to.fill(table, columns, _watched(rows, columns, moved[table]))
            to.number_after(source.database.last_numbers())
            _compare(source, to, moved)
        also()
    return moved


def _taken(where: str) -> ArchiveError:
    return ArchiveError(f"{where!r} holds an archive already", "move to a place of its own")


def _watched(
    rows: Iterable[Sequence[Any]], columns: Sequence[str], seen: _Seen
) -> Iterator[Sequence[Any]]:
    """Yield rows, and note what stands for them."""
    own = columns.index("a") if "a" in columns else None
    for row in rows:
        hashed = _hash(row)
        seen.rows += 1
        seen.all = (seen.all + hashed) % _WHOLE
        if own is not None:
            a = int(row[own])
            seen.by_article[a] = (seen.by_article[a] + hashed) % _WHOLE
        yield row


def _hash(row: Sequence[Any]) -> int:
    plain = [int(value) if isinstance(value, bool) else value for value in row]
    return int.from_bytes(blake2b(repr(plain).encode(), digest_size=16).digest(), "big")


def _compare(source: Catalogue, to: Database, moved: dict[str, _Seen]) -> None:
    """Read everything where it arrived. Raises ArchiveDamaged, naming what is not as it was."""
    columns = to.tables()
    wrong, others = set[int](), list[str]()
    for table, sent in moved.items():
        arrived = _Seen()
        for _ in _watched(to.rows(table, columns[table]), columns[table], arrived):
            pass
        numbers = sent.by_article.keys() | arrived.by_article.keys()
        wrong |= {a for a in numbers if sent.by_article[a] != arrived.by_article[a]}
        if (sent.rows, sent.all) != (arrived.rows, arrived.all):
            others.append(table)
    if wrong or others:
        named = ", ".join(source.id_of(a) for a in sorted(wrong)[:_TOLD])
        raise ArchiveDamaged(
            f"not all arrived at {to.address!r} as it was ({', '.join(others)}); "
            f"{len(wrong)} articles: {named}",
            "nothing was kept there; do the same again",
        )
