"""Floors, and two runs side by side."""

import json
from pathlib import Path

import pytest

from assistant.evaluate import compare, gate
from assistant.evaluate.metrics import NAMES
from assistant.evaluate.result import Result, to_json
from ingest.errors import ReadError, SettingsError


def metrics(**values: float | None) -> dict[str, dict[str, float | None]]:
    return {name: {"value": value} for name, value in values.items()}


def test_floors_rise_and_never_fall_without_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    gate.write(file, metrics(mrr=0.5, faithfulness=0.9), [])
    gate.write(file, metrics(mrr=0.6, faithfulness=0.9), [])
    with pytest.raises(SettingsError, match="these figures fell: mrr"):
        gate.write(file, metrics(mrr=0.4, faithfulness=0.9), [])
    assert gate.read(file).floors == {"mrr": 0.6, "faithfulness": 0.9}


def test_a_lowered_floor_keeps_its_reason_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    gate.write(file, metrics(mrr=0.6), [])
    gate.write(file, metrics(mrr=0.4), ["mrr=older articles count too = more misses"])
    (lowered,) = json.loads(file.read_text())["lowered"]
    assert {**lowered, "day": ""} == {
        "name": "mrr", "day": "", "from": 0.6, "to": 0.4,
        "reason": "older articles count too = more misses",
    }  # fmt: skip
    assert gate.read(file).floors == {"mrr": 0.4}


def test_a_reason_for_what_did_not_fall_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing fell that is called ndcg"):
        gate.write(tmp_path / "floors.json", metrics(mrr=0.6), ["ndcg=because"])


@pytest.mark.parametrize("given", ["mrr", "mrr=", "=because", "mrr=  "])
def test_lowering_takes_a_name_and_a_reason(given: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not NAME=REASON"):
        gate.write(tmp_path / "floors.json", metrics(mrr=0.6), [given])


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_counts_errors_falls_by_rising_and_all_else_by_sinking(name: str) -> None:
    errors = any(part in name for part in ("false_shown", "false_alarms", "quote_")) and (
        name != "quote_exact"
    )
    for own in (name, f"{name}:hedge"):
        floors = gate.Floors(schema=1, floors={own: 0.5})
        more, less = ({own: {"value": value}} for value in (0.6, 0.4))
        assert bool(gate.fallen(floors, more)) == errors
        assert bool(gate.fallen(floors, less)) != errors


def test_what_is_worse_or_gone_has_fallen_and_an_error_falls_by_rising() -> None:
    floors = gate.Floors(schema=1, floors={"mrr": 0.5, "quote_absent": 0.1, "recall@1": 0.4,
                                           "answered": 0.3})  # fmt: skip
    found = gate.fallen(floors, metrics(mrr=0.4, quote_absent=0.2, answered=0.3))
    assert found == [
        gate.Fallen(name="mrr", floor=0.5, value=0.4),
        gate.Fallen(name="quote_absent", floor=0.1, value=0.2),
        gate.Fallen(name="recall@1", floor=0.4, value=None),
    ]
    assert gate.to_text(found).splitlines()[1:] == [
        "  mrr: 0.400, its floor is 0.500",
        "  quote_absent: 0.200, its floor is 0.100",
        "  recall@1: not measured, its floor is 0.400",
    ]


def test_a_file_that_holds_no_floors_is_a_read_error(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    file.write_text('{"floors": "high"}')
    with pytest.raises(ReadError, match="not a file of floors"):
        gate.read(file)


def run(*right: float) -> list[Result]:
    return [
        Result(id=str(n), group=str(n), kind="answer", shares={"answer_contains": [one, 1.0]})
        for n, one in enumerate(right)
    ]


def test_runs_are_compared_row_by_row_over_what_both_have() -> None:
    before, after = run(1, 0, 0, 1, 1), run(1, 1, 1, 0)
    (difference,) = compare.compare(before, after)
    assert (difference.before, difference.after, difference.n) == (0.5, 0.75, 4)
    assert difference.difference.value == 0.25
    assert (difference.better, difference.worse) == (("1", "2"), ("3",))
    assert "worse: '3'" in compare.to_text([difference])


def test_a_run_that_differs_nowhere_differs_by_exactly_nothing() -> None:
    rows = run(*[n % 2 for n in range(30)])
    (difference,) = compare.compare(rows, rows)
    interval = difference.difference
    assert (interval.value, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_an_earlier_run_is_read_from_its_json_and_nothing_else_is(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    rows = [{k: v for k, v in to_json(one).items() if k != "seconds"} for one in run(1, 0)]
    file.write_text(json.dumps({"rows": rows}))
    assert compare.read(file) == run(1, 0)
    file.write_text("[]")
    with pytest.raises(ReadError, match="it is not a run"):
        compare.read(file)
