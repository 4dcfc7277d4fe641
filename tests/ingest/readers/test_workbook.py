"""Workbooks of Excel: a row is an article, a sheet without such rows is told."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.files.read import read
from ingest.readers.workbook import reader
from tests.ingest.readers.opened import article, errors, read_bytes

WORDS = "The old ferry of Harrowmere stops for good on Friday, the harbour office said."
HEADER = ["Headline", "Text", "Date", "Author", "Outlet", "Clicks"]
ROW = ["Ferry stops", WORDS, date(2024, 3, 1), "Ada Marl", "Harrow Post", 17]


def workbook(**sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def test_a_row_is_an_article_with_the_fields_that_its_columns_name() -> None:
    found = article(read_bytes(reader, workbook(List=[[*HEADER], [*ROW]])))
    assert found == RawArticle(
        file="file",
        where="row 2",
        record="2",
        text=WORDS,
        title="Ferry stops",
        published="2024-03-01",
        authors=("Ada Marl",),
        outlet="Harrow Post",
        metadata={"Clicks": 17},
    )


def test_a_title_may_stand_above_the_header_and_rows_may_be_empty_or_short() -> None:
    moment = datetime(2024, 3, 2, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    rows: list[list[object]] = [
        ["Articles of March"], [], [*HEADER], [], ["Bridge opens", WORDS, moment], [*ROW],
    ]  # fmt: skip
    first, second = read_bytes(reader, workbook(List=rows))
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert (first.where, first.published) == ("row 5", "2024-03-02 08:30:00")
    assert (second.where, second.title) == ("row 6", "Ferry stops")


def test_every_sheet_of_articles_is_read_and_the_others_are_counted() -> None:
    rows: list[list[object]] = [[*HEADER], [*ROW]]
    found = read_bytes(reader, workbook(A=rows, B=rows, Notes=[["Ask Ada"], ["before April"]]))
    where = [one.where for one in found if isinstance(one, RawArticle)]
    assert where == ["sheet 'A', row 2", "sheet 'B', row 2"]
    (left,) = (one for one in found if isinstance(one, LeftOut))
    assert left.counts == {"sheet without a column of texts or titles": 1}


def test_a_workbook_without_such_columns_is_told_with_what_it_has() -> None:
    (told,) = errors(read_bytes(reader, workbook(A=[["Who", "When"], ["Ada", 3]])))
    assert "no column is named as text or title; its columns: 'Who', 'When'" in told


def test_a_row_with_more_than_the_header_names_is_told_and_the_rest_is_read() -> None:
    found = read_bytes(reader, workbook(A=[["Title", "Text"], ["a", WORDS, "b"], ["c", WORDS]]))
    assert isinstance(found[0], ReadError)
    assert "it has 3 cells where the table has 2 columns" in str(found[0])
    assert article(found[1:]).title == "c"


def test_a_text_that_fills_its_cell_is_said_to_be_cut_and_line_ends_are_made_whole() -> None:
    long = ("word " * 6_554)[:32_767]
    found = read_bytes(
        reader, workbook(A=[["Title", "Text"], ["a", long], ["b", f"{WORDS}_x000D_\nMore."]])
    )
    first, second = (one for one in found if isinstance(one, RawArticle))
    assert first.inferred["text"] == "cut off: a cell holds no more than 32,767 characters"
    assert second.text == f"{WORDS}\nMore."


def test_a_mapping_names_its_columns() -> None:
    data = workbook(A=[["Kop", "Verhaal"], ["Ferry stops", WORDS]])
    found = article(read_bytes(reader, data, mapping={"title": "Kop", "text": "Verhaal"}))
    assert (found.title, found.text) == ("Ferry stops", WORDS)


def test_it_is_told_from_content_also_where_its_rows_stand_first(tmp_path: Path) -> None:
    data = workbook(A=[[*HEADER], [*ROW]])
    turned = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(turned, "w") as new:
        for name in sorted(old.namelist(), reverse=True):
            new.writestr(name, old.read(name))
    for number, given_ in enumerate((data, turned.getvalue())):
        (tmp_path / f"unnamed{number}").write_bytes(given_)
    found = list(read([tmp_path]))
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry stops"] * 2


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_damage_is_told_and_never_raised(at: int, noise: bytes) -> None:
    data = workbook(A=[[*HEADER], [*ROW]])
    at %= len(data)
    for one in read_bytes(reader, data[:at] + noise + data[at + len(noise) :]):
        assert isinstance(one, RawArticle | ReadError)


def test_entities_that_grow_are_not_expanded() -> None:
    data = workbook(A=[[*HEADER], [*ROW]])
    bomb = b'<!DOCTYPE a [<!ENTITY b "%s">]>' % (b"x" * 1000)
    turned = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(turned, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, bomb + part if name.startswith("xl/worksheets/") else part)
    (told,) = errors(read_bytes(reader, turned.getvalue()))
    assert "damaged" in told
