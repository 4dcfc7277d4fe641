"""What is erased from a catalogue in PostgreSQL is in no byte of any file that the server keeps."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from ingest.archive import Archive, alerting
from ingest.archive.accepted import AcceptedFile
from ingest.archive.erasure import erase
from ingest.archive.watches import Wanted
from ingest.article import Article
from ingest.clean.identity import article_id
from ingest.pipeline import Defaults
from ingest.settings import IngestSettings
from ingest.work import handing_over
from ingest.work.emptying import erase_everywhere
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of
from tests.postgres_server import TemporaryServer

SECRET, NAME, HEADLINE = "zqsecretword", "Zqnamedone", "Zqheadlined"
ORDERED = 90_003  # a number whose mark no other test leaves on the server


@pytest.fixture
def url(postgres: TemporaryServer) -> str:
    return f"{postgres.url}&schema=t_{token_hex(8)}"


@contextmanager
def host(folder: Path, url: str) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none", database=url, archive=folder)
    with Archive.open(create=True, settings=settings, embedder=HashingEmbedder(16)) as archive:
        yield archive


def spoken(plain: Article, name: str) -> Article:
    """Return an article in which somebody speaks at the end."""
    told = f'{plain.text}\n\n"The pier will close," said harbour minister {name} on Tuesday.'
    last = replace(plain.parts[-1], start=len(plain.text), end=len(told))
    return replace(plain, text=told, parts=(*plain.parts, last))


def ordered() -> Article:
    """Return the article that is to be erased: short, so that statistics may hold all of it."""
    plain = dispatch(ORDERED, title=f"{HEADLINE} of the pier", paragraphs=1)
    return spoken(replace(plain, text=plain.text.replace("talks", SECRET)), f"{NAME} Varo")


def named(rolls: random.Random) -> str:
    """Return a long name that nothing makes shorter: what is packed cannot be searched."""
    first, last = ("".join(rolls.choices("abdefgiklmnoprstuz", k=30)) for _ in "ab")
    return f"{first.title()} {last.title()}"


def holding(words: list[str], *folders: Path) -> set[tuple[str, str]]:
    """Return each word with the folder in some file of which it stands."""
    files = [(top, file) for top in folders for file in top.rglob("*") if file.is_file()]
    return {
        (word, file.relative_to(top).parts[0])
        for top, file in files
        for word in words
        if word.encode() in (kept := kept_in(file)) or word.lower().encode() in kept
    }


def kept_in(file: Path) -> bytes:
    """Return the bytes of a file; none of one that the server put away meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def keeper(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Do something as who keeps the server; return what the last statement gave."""
    with psycopg.connect(url.partition("&schema")[0], autocommit=True) as connection:
        for statement in statements:
            done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


WORDS = [mark_of(ORDERED), SECRET, NAME, HEADLINE]


def fill(archive: Archive) -> str:
    """Put the article with all that follows from it; return its id."""
    archive.watches.add(Wanted(name="all"))
    rolls = random.Random(3)
    others = [spoken(one, named(rolls)) for one in dispatches(range(10, 70))]
    archive.put([dispatch(ORDERED, title=f"{HEADLINE} of the pier"), dispatch(4), *others])
    archive.put([ordered()])
    archive.speech.hear()
    alerting.run(archive, archive.watches.all())
    archive.embed()
    return ordered().article_id


def test_what_is_erased_is_in_no_byte_of_the_server_nor_of_any_host(
    postgres: TemporaryServer, url: str, tmp_path: Path
) -> None:
    rows = [{"id": str(n), "text": f"The pier of {word}."} for n, word in enumerate([SECRET, "it"])]
    (tmp_path / "day.jsonl").write_text("\n".join(map(json.dumps, rows)))
    hosts = [tmp_path / "one", tmp_path / "other"]
    with host(hosts[0], url) as archive, host(hosts[1], url) as other:
        wanted = fill(archive)
        other.follow()
        assert found(other, SECRET)
        cited = json.dumps({"cites": wanted, "words": SECRET})
        archive.papers.keep_record("20240312T090200000001-00000001", "1", cited)
        with handing_over.opened(archive.settings) as parcels:
            handing_over.hand_over([tmp_path / "day.jsonl"], parcels, Defaults(outlet="Mast"))
        files = archive.papers.accepted(archive.folder)
        path = files.place() / "0.bin"
        path.write_bytes(bytes(range(256)) + SECRET.encode())
        how = {"name": "no reader.bin", "format": "auto", "asked": "no reader.bin"}
        now = datetime.now(UTC)
        files.keep(AcceptedFile(id=path.parent.name, path=path, how=how, created_at=now))
        keeper(url, "ANALYZE", "CHECKPOINT")
        before = holding(WORDS, postgres.data)
        assert before >= {(word, "base") for word in WORDS} | {(word, "pg_wal") for word in WORDS}
        waiting = erase_everywhere(archive, [wanted])
        assert waiting.erased == (wanted,)
        # What waited was an article of its own: it holds the same word, and is erased as well.
        (also,) = found(archive, SECRET)
        report = erase(archive, [article_id(also)])
        assert len(report.erased) == 1
        assert "log" not in report.left_in.replace("its own log file", "")
        assert "the indexes of the host" in report.left_in
        assert holding(WORDS, postgres.data, hosts[0]) == set()
        other.follow()
        assert found(other, mark_of(4)) == [dispatch(4).key]
        assert "the indexes of the host" not in erase(archive, ["nobody"]).left_in
    assert holding(WORDS, postgres.data, *hosts) == set()


def test_who_may_not_go_on_in_the_log_is_told_that_it_holds_what_was_erased(
    postgres: TemporaryServer, url: str, tmp_path: Path
) -> None:
    user = f"u_{token_hex(4)}"
    keeper(url, f"CREATE USER {user}", f"GRANT CREATE ON DATABASE postgres TO {user}")
    with host(tmp_path / "one", url.replace("keeper", user)) as archive:
        wanted = fill(archive)
        keeper(url, "ANALYZE", "CHECKPOINT")
        report = erase(archive, [wanted])
        assert "its write-ahead log" in report.left_in
        assert "pg_statistic" in report.left_in
    # What the documents tell the server's keeper to do.
    keeper(url, "VACUUM FULL pg_statistic", "CHECKPOINT")
    assert {place for _, place in holding(WORDS, postgres.data)} == {"pg_wal"}
    keeper(url, f"GRANT pg_checkpoint, pg_monitor TO {user}",
           f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {user}")  # fmt: skip
    with host(tmp_path / "one", url.replace("keeper", user)) as archive:
        assert "write-ahead" not in erase(archive, [wanted]).left_in
    assert holding(WORDS, postgres.data) == set()


def test_who_reads_as_of_before_is_waited_for(
    postgres: TemporaryServer, url: str, tmp_path: Path
) -> None:
    with host(tmp_path / "one", url) as archive:
        wanted = fill(archive)
        with psycopg.connect(postgres.url) as reader:
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT 1 FROM pg_class")
            done = threading.Timer(3, reader.rollback)
            done.start()
            erase(archive, [wanted])
            done.join()
    assert holding(WORDS, postgres.data) == set()
