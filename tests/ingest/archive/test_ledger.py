"""A file that has not changed is not read again, and nothing is lost by that."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.archive.ledger import Ledger
from ingest.files.read import read
from ingest.pipeline import Defaults, Report, ingest
from ingest.settings import IngestSettings

MILL = "The mill at Odderby ground its last sack of barley on Friday, the miller said."
WEIR = "The weir below Odderby will be mended before the autumn rain, the parish council said."


def row(title: str, text: str) -> str:
    return json.dumps({"title": title, "text": text, "date": "2024-03-01"}) + "\n"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.jsonl").write_text(row("Mill closes", MILL))
    (news / "b.jsonl").write_text(row("Weir", WEIR) + "{\n")
    return news


def fates(report: Report) -> tuple[int, int, int, int, int]:
    counts = (report.read, report.added, report.updated, report.unchanged)
    return (*counts, len(report.failed))


def test_a_file_that_was_read_to_its_end_is_not_opened_again(
    archive: Archive, folder: Path
) -> None:
    first = Ledger(catalogue=archive.catalogue, how="one way")
    found = list(read([folder], wanted=first.wanted))
    assert len(found) == 3
    first.close()
    same, other = (Ledger(catalogue=archive.catalogue, how=how) for how in ("one way", "another"))
    assert list(read([folder], wanted=same.wanted)) == []
    assert [str(one) for one in read([folder], wanted=other.wanted)] == [str(o) for o in found]


def test_what_has_not_changed_is_counted_and_its_failures_are_told_again(
    archive: Archive, folder: Path
) -> None:
    assert fates(ingest([folder], archive)) == (2, 2, 0, 0, 1)
    again = ingest([folder], archive)
    assert fates(again) == (2, 0, 0, 2, 1)
    assert [(e.file, e.where) for e in again.failed] == [("b.jsonl", "line 2")]
    assert [str(one) for one in archive.failures()] == [str(one) for one in again.failed]


def test_what_has_changed_is_read_and_its_failures_are_forgotten(
    archive: Archive, folder: Path
) -> None:
    ingest([folder], archive)
    (folder / "b.jsonl").write_text(row("Weir", WEIR.replace("autumn", "spring")))
    assert fates(ingest([folder], archive)) == (2, 0, 1, 1, 0)
    assert archive.failures() == []


def test_another_way_of_reading_reads_everything(archive: Archive, folder: Path) -> None:
    ingest([folder], archive)
    given = Defaults(outlet="The Odderby Echo")
    said = ingest([folder], archive, given=given)
    assert said.added + said.updated == 2
    assert fates(ingest([folder], archive, given=replace(given, anew=True))) == (2, 0, 0, 2, 1)


def test_what_was_dropped_comes_back_with_its_file(archive: Archive, folder: Path) -> None:
    with zipfile.ZipFile(folder / "old.zip", "w") as packed:
        packed.writestr("c.jsonl", row("Ferry", MILL.replace("mill", "ferry")))
    ingest([folder], archive)
    dropped = [one.article_id for one in archive.newest(9) if one.title in {"Ferry", "Mill closes"}]
    archive.drop(dropped)
    assert fates(ingest([folder], archive)) == (3, 2, 0, 1, 1)


def test_an_ingest_that_is_killed_leaves_no_file_out(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in range(15):
        rows = (
            row(f"Mill {name} {i}", f"{MILL} It was number {name * 100 + i}.") for i in range(40)
        )
        (news / f"{name:02}.jsonl.gz").write_bytes(gzip.compress("".join(rows).encode()))
    command = [sys.executable, "-m", "assistant", "ingest", "--no-embed", "--archive"]
    command += [str(tmp_path / "archive"), str(news)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    time.sleep(2.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with Archive.open(
        tmp_path / "archive", create=True, settings=IngestSettings(embedder="none")
    ) as left:
        assert ingest([news], left).read == 600
        assert left.status().articles == 600
        assert fates(ingest([news], left)) == (600, 0, 0, 600, 0)


def test_a_folder_that_is_watched_is_read_as_it_grows(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.jsonl").write_text(row("Mill closes", MILL))
    command = [sys.executable, "-m", "assistant", "ingest", "--no-embed", "--watch", "--archive"]
    command += [str(tmp_path / "archive"), str(news)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        coming = tmp_path / "b.jsonl"  # whole before it is seen
        coming.write_text(row("Weir", WEIR))
        coming.rename(news / "b.jsonl")
        told = next(line for line in iter(process.stdout.readline, "") if " new" in line)
        process.send_signal(signal.SIGTERM)  # as Ctrl-C does: a service is ended so
        process.stdout.read()
    assert first.startswith("1 article read: 1 new")
    assert told.startswith("2 articles read: 1 new, 0 changed, ")
    assert process.returncode == 0
