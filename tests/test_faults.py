"""Every fault once over a real archive: nothing is lost, nothing wrong is shown, all is mended."""

import random
from pathlib import Path

import pytest

from benchmarks.fault_kinds import FAULTS
from benchmarks.fault_ledger import Ledger
from benchmarks.faults import faults


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, random.Random(1))


@pytest.mark.slow
def test_every_fault_once_breaks_no_promise(tmp_path: Path) -> None:
    told: list[str] = []
    run = faults(tmp_path, minutes=0, tell=told.append)
    assert run.broken == []
    assert [run.done[fault.__name__.replace("_", " ")] for fault in FAULTS] == [1] * len(FAULTS)
    assert run.asker.outcomes
    assert "**0 promises were not held.**" in told[-1]


def test_words_that_stand_elsewhere_or_were_never_given_are_wrong(ledger: Ledger) -> None:
    file = ledger.file()
    ledger.acknowledge(file.name)
    article = next(one for one, number in ledger.numbers.items() if number == 2)
    text = ledger.text(2, 1)
    place = {"id": article, "version": 1, "start": 10, "end": 40, "text": text[10:40]}
    assert ledger.is_right(place)
    for wrong in (
        {"start": 11, "end": 41}, {"text": text[10:39] + "x"}, {"id": "0" * 16}, {"version": 3},
        {"start": 40, "text": ""},
    ):  # fmt: skip
        assert not ledger.is_right({**place, **wrong})


def test_an_older_archive_is_held_to_what_was_acknowledged_then(ledger: Ledger) -> None:
    first = ledger.file()
    ledger.acknowledge(first.name)
    before = ledger.moment()
    second = ledger.file()
    changed = [i for i, versions in ledger.kept.items() if versions == {1, 2}]
    assert len(changed) == 2
    ledger.acknowledge(second.name)
    assert {i: ledger.kept[i] for i in changed} == {i: {2} for i in changed}
    ledger.back_to(before)
    assert ledger.kept == {i: {1} for i in range(5)}
    assert ledger.file() not in (first, second)
