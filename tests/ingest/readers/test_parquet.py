"""Parquet: rows, times, damage."""

import io
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest.article import RawArticle, RawComment
from ingest.errors import ReadError
from ingest.readers.parquet import reader
from tests.ingest.readers.opened import article, errors, read_bytes

FERRY: dict[str, object] = {"title": "Ferry stops", "text": "It stops."}


def table(*rows: dict[str, object], group: int = 1_000, schema: object = None) -> bytes:
    made = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows), schema=schema), made, row_group_size=group)
    return made.getvalue()


def test_each_row_is_an_article() -> None:
    row = {
        **FERRY,
        "Published At": datetime(2024, 3, 1, 10, tzinfo=UTC),
        "author": ["Ada Marl", "Ben Orr"],
        "comments": [{"author": "kit", "text": "Good."}],
        "mood": {"day": date(2024, 3, 1), "depth": Decimal("1.5")},
        "id": 7,
    }
    data = table(row)
    assert reader.sniff(data[:100], "x") == 1
    assert read_bytes(reader, data) == [
        RawArticle(
            file="file", where="row 1", record="1", title="Ferry stops", text="It stops.",
            published="2024-03-01T10:00:00+00:00", authors=("Ada Marl", "Ben Orr"), id="7",
            comments=(RawComment(text="Good.", author="kit"),),
            metadata={"mood": {"day": "2024-03-01", "depth": "1.5"}},
        )
    ]  # fmt: skip


def test_vectors_and_bytes_are_left_out() -> None:
    found = article(read_bytes(reader, table({**FERRY, "vector": [0.5] * 9, "scan": b"x"})))
    assert found.metadata == {}


def test_times_in_nanoseconds_are_read() -> None:
    schema = pa.schema([("text", pa.string()), ("date", pa.timestamp("ns"))])
    data = table({"text": "A", "date": 1_709_287_200_123_456_789}, schema=schema)
    assert article(read_bytes(reader, data)).published == "2024-03-01T10:00:00.123456"


def test_a_time_that_no_calendar_has_costs_its_row_alone() -> None:
    schema = pa.schema([("text", pa.string()), ("date", pa.timestamp("us"))])
    data = table({"text": "A", "date": 2**62}, {"text": "B", "date": 0}, schema=schema)
    bad, good = read_bytes(reader, data)
    assert str(bad).startswith("file, row 1: it cannot be read: ")
    assert isinstance(good, RawArticle)


def test_rows_are_numbered_over_their_groups() -> None:
    found = read_bytes(reader, table(*[FERRY] * 150, group=70))
    assert [one.where for one in found] == [f"row {i}" for i in range(1, 151)]


def test_foreign_names_are_mapped_into_nested_columns_too() -> None:
    data = table({"kop": "Ferry", "inhoud": {"tekst": "It stops."}})
    found = article(read_bytes(reader, data, mapping={"title": "kop", "text": "inhoud.tekst"}))
    assert (found.title, found.text) == ("Ferry", "It stops.")


def test_a_table_without_text_is_told_once() -> None:
    assert errors(read_bytes(reader, table(*[{"a": 1, "b": "x"}] * 9))) == [
        "file: no column is named as text or title; its columns: 'a', 'b'"
    ]


def test_a_damaged_group_costs_no_other() -> None:
    rows: list[dict[str, object]] = [{"text": Random(i).randbytes(600).hex()} for i in range(30)]
    data = bytearray(table(*rows, group=10))
    at = data.index(str(rows[12]["text"])[:40].encode())
    data[at - 3_000 : at + 9_000] = b"\xff" * 12_000
    found = read_bytes(reader, bytes(data))
    assert all(isinstance(one, RawArticle) for one in found[-10:])
    assert any("damaged" in str(one) for one in found if isinstance(one, ReadError))


@pytest.mark.parametrize("cut", [1, 8, 100, 400])
def test_a_file_that_is_cut_off_is_told(cut: int) -> None:
    (told,) = errors(read_bytes(reader, table(*[FERRY] * 5)[:-cut]))
    assert told.startswith("file: it is no whole Parquet: ")


def test_any_damage_is_told() -> None:
    data, random = table(*[FERRY] * 50, group=10), Random(3)
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(random.choice([1, 5, 40])):
            broken[random.randrange(4, len(data))] = random.randrange(256)
        assert all(
            isinstance(one, RawArticle | ReadError) for one in read_bytes(reader, bytes(broken))
        )


def test_where_pyarrow_is_missing_it_is_said_how_to_install_it() -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import io; from ingest.readers import ReaderInput\n"
        "from ingest.readers.parquet import reader\n"
        "from ingest.errors import ReadError\n"
        "try: list(reader.read(ReaderInput(file='a', stream=io.BufferedReader(io.BytesIO()))))\n"
        "except ReadError as error: print(error, '/', error.hint)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (
        "a: Parquet is read by pyarrow, which is not installed"
        " / run `pip install 'morgue[parquet]'`"
    )
