"""No table that is handed out holds what a spreadsheet works out, whichever door it leaves by."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.render.spreadsheet import as_cell

ROOT = Path(__file__).resolve().parents[3]
SIGNS = "=+-@\t\r\n＝＋－＠"


@given(st.text(" \u00a0\u3000\ufeff", max_size=3), st.sampled_from(SIGNS), st.text(max_size=20))
def test_what_begins_like_a_formula_is_words(blanks: str, sign: str, rest: str) -> None:
    text = f"{blanks}{sign}{rest}a"
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "pier", "-5", "+3.5", "-12,5%", "2024-03-12", "a=1", "’tis"])
def test_words_and_numbers_stay_what_they_are(text: str) -> None:
    assert as_cell(text) == text


def test_whoever_writes_such_a_table_makes_its_cells_so() -> None:
    writers = [
        file.relative_to(ROOT).as_posix()
        for folder in ("assistant", "ingest")
        for file in (ROOT / folder).rglob("*.py")
        if "csv.writer(" in (text := file.read_text(encoding="utf-8")) and "as_cell" not in text
    ]
    assert writers == []
