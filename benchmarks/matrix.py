"""Every way to keep and to serve an archive, in one run: `make matrix`.

{SQLite, PostgreSQL} x {Chroma embedded, 1 server, 3 servers} x {0, 2 workers}: each reads the same
invented articles, is asked the same things and must answer alike. PostgreSQL and the Chroma servers
are started for it on this machine. It ends with 1 where a cell is wrong.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest import ingest
from ingest.archive import Archive
from ingest.archive.browse import Browse
from ingest.archive.job_queue import WorkPlan
from ingest.archive.shared_archive import SharedArchive
from ingest.errors import SettingsError
from ingest.pipeline import Defaults
from ingest.settings import IngestSettings
from ingest.work import handing_over
from ingest.work.worker import work
from tests import postgres_server
from tests.fakes import HashingEmbedder
from tests.ingest.archive.chroma_servers import chroma_servers

_YEARS = ("..2015", "2016..2019", "2020..")
_DATABASES, _SERVERS, _WORKERS = ("SQLite", "PostgreSQL"), (0, 1, 3), (0, 2)
_STEPS = ("ingest", "ask", "said", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One way to keep an archive; `url` and `chroma` name its servers, where it has any."""

    database: str
    servers: int
    workers: int
    folder: Path
    url: str | None
    chroma: str | None

    @property
    def settings(self) -> IngestSettings:
        """The settings of whoever opens it."""
        return IngestSettings(
            archive=self.folder, embedder="none", database=self.url, chroma_url=self.chroma
        )


@dataclass(slots=True, kw_only=True)
class CellRun:
    """How a cell went: seconds of each step, and what was not as it must be."""

    seconds: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def step(self, name: str, do: Callable[[], bool]) -> None:
        """Do a step, and note how long it took and whether it was right."""
        began = time.perf_counter()
        if not do():
            self.wrong.append(name)
        self.seconds[name] = time.perf_counter() - began


def mark_of(n: int) -> str:
    """Return the word that one article alone has."""
    return f"zq{n * 7919 % 100_003:05d}"


def written(folder: Path, articles: int) -> list[Path]:
    """Write the articles, of twelve years, as two files."""
    folder.mkdir(parents=True)
    files = []
    for half in range(2):
        rows = [
            {
                "id": f"n{n}",
                "title": f"Pier {n} is looked at",
                "outlet": "Courier",
                "date": f"{2012 + n % 12}-03-{1 + n % 28:02d}",
                "text": f"Divers found {mark_of(n)} at the foot of pier {n} on Monday.\n\n"
                f"“Pier {n} will open in May,” Mira Dahl said.",
            }
            for n in range(half, articles, 2)
        ]
        files.append(folder / f"half-{half}.jsonl")
        files[-1].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return files


def read_in(cell: MatrixCell, archive: Archive, files: list[Path]) -> bool:
    """Have the articles read, here or by workers of their own."""
    if not cell.workers:
        ingest(files, archive)
        return True
    with handing_over.opened(cell.settings) as parcels:
        for file in files:
            handing_over.hand_over([file], parcels, Defaults())
    worker = [sys.executable, "-m", "benchmarks.matrix", "--work"]
    at = [str(cell.folder), str(cell.url), cell.chroma or ""]
    hosts = [
        subprocess.Popen([*worker, json.dumps([f"{at[0]}-host-{n}", *at[1:]])])
        for n in range(cell.workers)
    ]
    ended = [host.wait() for host in hosts]
    archive.follow()
    return not any(ended)


def work_there(folder: str, url: str, chroma: str) -> None:
    """Work as a host of its own until nothing waits."""
    settings = IngestSettings(
        archive=Path(folder), embedder="none", database=url, chroma_url=chroma or None
    )
    with SharedArchive.open(
        settings=settings, create=True, embedder=HashingEmbedder(64)
    ) as archive:
        work(archive, WorkPlan(until_empty=True), lambda _: None)


def run(cell: MatrixCell, files: list[Path], articles: int) -> CellRun:
    """Read, ask, look up a speaker and list, in one cell."""
    done = CellRun()
    with Archive.open(settings=cell.settings, create=True, embedder=HashingEmbedder(64)) as archive:
        archive.meaning.exact = 0  # so that the servers are asked, of however few articles
        desk = Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))
        wanted = articles // 2

        def asked() -> bool:
            outcome = desk.ask(f"What did divers find at pier {wanted}, {mark_of(wanted)}?")
            cited = outcome.citations if isinstance(outcome, Answer) else ()
            exact = all(one.text == one.article.text[one.start : one.end] for one in cited)
            return exact and any(mark_of(wanted) in one.text for one in cited)

        done.step("ingest", lambda: read_in(cell, archive, files))
        done.step("ask", asked)
        done.step("said", lambda: desk.said("Mira Dahl").total == articles)
        done.step("list", lambda: archive.browse(Browse(words="pier")).total == articles)
        status = archive.status()
        if (status.articles, status.pending) != (articles, 0):
            done.wrong.append(f"{status.articles} articles, {status.pending} pending")
        if status.change != status.words_at or status.change != status.meaning_at:
            done.wrong.append("an index is behind")
    return done


def refused(cell: MatrixCell) -> bool:
    """Tell whether a file of SQLite's says that it has no queue for workers."""
    try:
        with handing_over.opened(cell.settings):
            return False
    except SettingsError:
        return True


def cells(folder: Path, url: str, chroma: dict[int, str | None]) -> Iterator[MatrixCell]:
    """Yield every cell, each with a place of its own."""
    every = [(d, s, w) for d in _DATABASES for s in _SERVERS for w in _WORKERS]
    for n, (database, servers, workers) in enumerate(every):
        named = f"{url}&schema=cell_{n}" if database == "PostgreSQL" else None
        yield MatrixCell(
            database=database, servers=servers, workers=workers, folder=folder / f"cell-{n}",
            url=named, chroma=chroma[servers],
        )  # fmt: skip


def rows_of(articles: int) -> Iterator[tuple[str, bool]]:
    """Run every cell; yield its row of the table, and whether all was right."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        server = open_.enter_context(postgres_server.running())
        one, *three = open_.enter_context(chroma_servers(folder, 4))
        years = zip(_YEARS, three, strict=True)
        chroma = {0: None, 1: one.url, 3: "; ".join(f"{y}={one.url}" for y, one in years)}
        files = written(folder / "files", articles)
        for cell in cells(folder, server.url, chroma):
            kept = "embedded" if not cell.servers else str(cell.servers)
            head = f"| {cell.database} | {kept} | {cell.workers} |"
            if cell.workers and cell.url is None:
                ok = refused(cell)
                yield f"{head} – | – | – | – | work is handed over in PostgreSQL alone |", ok
                continue
            done = run(cell, files, articles)
            times = " | ".join(f"{done.seconds[step]:.2f}" for step in _STEPS)
            told = "; ".join(done.wrong) or "as all others"
            yield f"{head} {times} | {told} |", not done.wrong


def main() -> None:
    """Print the table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--articles", type=int, default=60)
    given.add_argument("--work", metavar="HOST", help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.work:
        work_there(*json.loads(asked.work))
        return
    if why := postgres_server.missing():
        sys.exit(why)
    print(f"| {asked.articles} articles | Chroma | workers | {' s | '.join(_STEPS)} s | answers |")
    print(f"|{'---|' * 8}")
    right = True
    for row, ok in rows_of(asked.articles):
        print(row, flush=True)
        right = right and ok
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
