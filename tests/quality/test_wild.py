"""Files of the trade as they really are: what was read right stays right."""

from pathlib import Path

import pytest

from benchmarks.wild import CASES, measured

FLOOR = 50
"""Cases of benchmarks.wild that are right."""


@pytest.mark.shared
@pytest.mark.slow
def test_files_of_the_trade_are_read_right(shared: Path) -> None:
    if not (shared / "wild").is_dir():
        pytest.skip("the files of the trade (shared/data/wild) are not here")
    wrong = {name: faults for name, faults in measured(shared / "wild").items() if faults}
    assert len(CASES) - len(wrong) >= FLOOR, wrong
