"""Killed with -9 at any moment, an archive opens again and has lost nothing that it promised."""

import random
import time
from pathlib import Path

import pytest

from ingest.archive import Archive
from tests import invariants
from tests.ingest.archive.desk import BATCH, opened
from tests.ingest.archive.dispatches import dispatch, found, mark_of
from tests.ingest.archive.processes import desk


@pytest.mark.parametrize(
    "round_", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 2))]
)
def test_an_ingest_that_is_killed_loses_nothing_acknowledged(round_: int, tmp_path: Path) -> None:
    chance = random.Random(round_)
    kill_and_look(tmp_path / "archive", chance.randrange(1, 8), chance.random() * 0.5)


@pytest.mark.slow
def test_twenty_kills_of_one_growing_archive_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20)
    for round_ in range(20):
        first = round_ * 200
        kill_and_look(
            tmp_path / "archive", chance.randrange(0, 12), chance.random() * 0.8, first=first
        )


@pytest.mark.parametrize("most", [150_000, 400_000, 1_500_000])
@pytest.mark.embedded
def test_a_full_disk_is_told_and_loses_nothing_acknowledged(tmp_path: Path, most: int) -> None:
    with desk("fill", tmp_path / "archive", most) as writer:
        said = list(iter(writer.hear, ""))
        assert writer.finish() == 0
    *puts, told = said
    assert told.startswith("ArchiveError: ")
    last = int(puts[-1].split()[2]) if puts else 0
    with opened(tmp_path / "archive") as archive:
        everything_acknowledged_is_there(archive, list(range(last)))
        archive.put([dispatch(9_000)])
        assert found(archive, mark_of(9_000)) == ["dispatch 9000"]
        invariants.followers_agree(archive)


def kill_and_look(folder: Path, batches: int, seconds: float, *, first: int = 0) -> None:
    """Kill an ingest some time after some batches, then look at what is left."""
    with desk("put", folder, first, first + 200) as writer:
        said: list[str] = []
        while len([line for line in said if line.startswith("put")]) < batches:
            said.append(writer.hear())
        time.sleep(seconds)
        said += writer.kill()
    acknowledged = [int(i) for line in said if line.startswith("put ") for i in line.split()[1:]]
    with opened(folder) as archive:
        everything_acknowledged_is_there(archive, acknowledged)
        invariants.followers_agree(archive)
        nothing_is_there_twice(archive, range(first, first + 200))
        archive.embed()
        assert archive.status().pending == 0
        invariants.followers_agree(archive)


def everything_acknowledged_is_there(archive: Archive, numbers: list[int]) -> None:
    assert len(numbers) % BATCH == 0
    for i in numbers:
        expected = {dispatch(i).text, dispatch(i, paragraphs=3).text}
        kept = archive.get(dispatch(i).article_id)
        assert kept is not None
        assert kept.text in expected
        assert found(archive, mark_of(i)) == [f"dispatch {i}"]


def nothing_is_there_twice(archive: Archive, numbers: range) -> None:
    for i in numbers:
        versions = [v.version for v in archive.versions(dispatch(i).article_id)]
        assert versions in ([], [1], [1, 2])
        assert found(archive, mark_of(i)) == ([f"dispatch {i}"] if versions else [])
