"""A run that is interrupted goes on where it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.evaluate.result import Result
from assistant.evaluate.rows import AskedRow, Gold, Row, article_keys
from assistant.evaluate.run import Journal, digest, run

ROWS = [AskedRow(id=str(n), question=f"Question {n}?") for n in range(5)]
TERMS = {"rows": digest(ROWS)}


def counting(asked: list[str], *, until: int = 99) -> Callable[[Row], Result]:
    def measure(row: Row) -> Result:
        if len(asked) == until:
            raise KeyboardInterrupt
        asked.append(row.id)
        return Result(id=row.id, group=row.id, kind="answer", shares={"mrr": [1 / 3, 1.0]})

    return measure


def test_what_was_measured_before_the_interruption_is_not_measured_again(tmp_path: Path) -> None:
    first: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run(ROWS, counting(first, until=3), TERMS, Journal.open(tmp_path, TERMS))
    second: list[str] = []
    resumed = run(ROWS, counting(second), TERMS, Journal.open(tmp_path, TERMS))
    whole = run(ROWS, counting([]), TERMS, Journal.open(tmp_path, TERMS))
    assert (first, second, resumed.resumed) == (["0", "1", "2"], ["3", "4"], 3)
    assert resumed.results == whole.results


def test_a_line_that_was_cut_in_the_middle_is_measured_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(ROWS, counting([], until=2), TERMS, Journal.open(tmp_path, TERMS))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    again: list[str] = []
    run(ROWS, counting(again), TERMS, Journal.open(tmp_path, TERMS))
    assert again == ["1", "2", "3", "4"]


def test_other_terms_begin_anew_and_a_whole_run_leaves_no_journal(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(ROWS, counting([], until=2), TERMS, Journal.open(tmp_path, TERMS))
    other = {**TERMS, "mode": "quotes"}
    assert not Journal.open(tmp_path, other).kept
    run(ROWS, counting([]), TERMS, Journal.open(tmp_path, TERMS))
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b""]  # the other's, just begun


def test_the_digest_tells_rows_apart_and_not_the_order_of_a_set() -> None:
    def asked(*urls: str) -> AskedRow:
        keys = [article_keys(url=url) for url in urls]
        return AskedRow(id="1", question="?", gold=Gold(articles=frozenset().union(*keys)))

    one, other = asked("https://a.example/1", "https://b.example/2"), asked("https://a.example/1")
    assert digest([one]) == digest([asked("https://b.example/2", "https://a.example/1")])
    assert digest([one]) != digest([other])
