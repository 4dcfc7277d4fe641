"""CSV and TSV: separators, headers, spellings, damage."""

import csv
import io

import pytest

from ingest.article import RawArticle, RawComment
from ingest.errors import ReadError
from ingest.readers.separated import reader
from tests.ingest.readers.opened import article, errors, read_bytes

HEADER = ["title", "text", "date", "outlet"]
ROWS = [
    ["Ferry stops", 'The board said: "It stops", and left;\nnobody spoke.', "2024-03-01", "Post"],
    ["Kiln closes", "The kiln at Tisk | closes.", "2024-03-02", "Mast"],
]


def table(separator: str = ",", header: list[str] = HEADER, rows: list[list[str]] = ROWS) -> bytes:
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows([header, *rows])
    return made.getvalue().encode()


def texts(found: list[RawArticle | ReadError]) -> list[str]:
    return [one.text if isinstance(one, RawArticle) else str(one) for one in found]


@pytest.mark.parametrize(
    ("separator", "words"),
    [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")],
)
def test_how_cells_are_separated_is_told_from_the_content_and_stated(
    separator: str, words: str
) -> None:
    data = table(separator)
    assert reader.sniff(data, "dump") > 0.8
    assert read_bytes(reader, data) == [
        RawArticle(
            file="file", where=where, record=where.removeprefix("line "), title=row[0], text=row[1],
            published=row[2], outlet=row[3],
            inferred={"columns": f"separated by {words}, told from the content"},
        )
        for row, where in zip(ROWS, ["line 2", "line 4"], strict=True)
    ]  # fmt: skip


def test_quotation_marks_that_a_database_escapes_are_read() -> None:
    data = b'title,text\n"A \\"B\\"","one, \\"two, three\\""\n"C","x, y"\n'
    found = read_bytes(reader, data)
    assert texts(found) == ['one, "two, three"', "x, y"]


def test_columns_are_known_in_other_spellings_and_the_rest_is_metadata() -> None:
    header = ["Headline", "Full Text", "Date Published", "By-line", "Mood", ""]
    row = ["Ferry stops", "It stops.", "2024-03-01", "Ada Marl", "calm", "x"]
    found = article(
        read_bytes(reader, table(header=header, rows=[row]), mapping={"text": "Full Text"})
    )
    assert (found.title, found.text, found.published) == ("Ferry stops", "It stops.", "2024-03-01")
    assert (found.authors, found.metadata) == (("Ada Marl",), {"Mood": "calm", "column 6": "x"})


def test_foreign_names_are_mapped() -> None:
    data = table(header=["kop", "tekst"], rows=[["Ferry", "It stops."]])
    found = article(read_bytes(reader, data, mapping={"title": "kop", "text": "tekst"}))
    assert (found.title, found.text) == ("Ferry", "It stops.")


def test_a_table_without_a_header_is_told_once() -> None:
    data = table(header=ROWS[0], rows=ROWS[1:] * 5)
    (told,) = errors(read_bytes(reader, data))
    assert told.startswith("file: no column is named as text or title; its columns: 'Ferry stops'")


def test_a_mapped_column_that_is_not_there_is_told() -> None:
    (told,) = errors(read_bytes(reader, table(), mapping={"text": "words"}))
    assert told == (
        "file: no column is named 'words'; its columns: 'title', 'text', 'date', 'outlet'"
    )


def test_lists_in_cells_are_read_and_a_count_of_comments_is_none() -> None:
    header = ["text", "authors", "comments"]
    rows = [
        ["One.", "['Ada Marl', 'Ben Orr']", '[{"author": "kit", "text": "Good."}]'],
        ["Two.", '["Ada Marl"]', "12"],
        ["Three.", "[sic] Marl", "Bad."],
    ]
    found = read_bytes(reader, table(header=header, rows=rows))
    assert [(one.authors, one.comments) for one in found if isinstance(one, RawArticle)] == [
        (("Ada Marl", "Ben Orr"), (RawComment(text="Good.", author="kit"),)),
        (("Ada Marl",), ()),
        (("[sic] Marl",), (RawComment(text="Bad."),)),
    ]


def test_a_row_with_too_few_or_too_many_cells_is_told_and_the_rest_read() -> None:
    data = b"title,text\nA,one\nB\nC,two,three\nD,four\n"
    assert texts(read_bytes(reader, data)) == [
        "one",
        "file, line 3: it has 1 cells where the table has 2 columns",
        "file, line 4: it has 3 cells where the table has 2 columns",
        "four",
    ]


def test_the_line_by_which_spreadsheets_name_the_separator_is_no_header() -> None:
    assert texts(read_bytes(reader, b"sep=;\r\ntitle;text\r\nA;one\r\n")) == ["one"]


def test_an_encoding_is_told_from_the_start_and_stated() -> None:
    words = "Der Fährmann sagte am Montag, die Fähre höre früher auf, das müsse so sein."
    data = f"title;text\nFähre;{words}\n".encode("cp1252")
    found = article(read_bytes(reader, data))
    assert found.text == words
    assert found.inferred["encoding"] == "cp1252, detected"


def test_a_mark_of_unicode_is_no_part_of_the_first_name() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert texts(read_bytes(reader, "title,text\nA,Рада\n".encode(encoding))) == ["Рада"]


def test_a_row_in_another_encoding_is_told_with_what_to_do() -> None:
    padding = f"B,{'two ' * 2_000}\n" * 20
    data = f"title,text\n{padding}".encode() + "C,café\nD,four\n".encode("cp1252")
    *_, bad, last = read_bytes(reader, data)
    assert isinstance(bad, ReadError)
    assert (bad.where, bad.hint) == ("line 22", "say how it is encoded: `--encoding NAME`")
    assert isinstance(last, RawArticle)


def test_a_quotation_mark_that_is_never_closed_is_told_where_it_stands() -> None:
    many = f"T,{'words ' * 20_000}\n" * 200
    data = f'title,text\nA,one\nB,"two\n{many}'.encode()
    assert texts(read_bytes(reader, data)) == [
        "one",
        (
            "file, line 3: it is longer than 20,000,000 characters:"
            " a quotation mark is not closed, and the rest is not read"
        ),
    ]


@pytest.mark.parametrize(
    "other",
    [
        b"The board met, spoke, and left.\nThe ferry, it said, stops.\n",
        b"Ferry stops\n\nThe ferry stops on Friday.\n",
        b'{"title": "A", "text": "B"}\n',
        b"\x00\x01\x02",
        b"From a@b Mon Jan  1 00:00:00 2024\nSubject: a, b\n\nc, d\n",
    ],
)
def test_what_is_no_table_is_not_taken_for_one(other: bytes) -> None:
    assert reader.sniff(other, "file") == 0


def test_a_table_of_foreign_names_is_taken_by_its_shape() -> None:
    data = table(header=["kolumna", "h2", "d8", "src3"], rows=ROWS * 2)
    assert 0.2 < reader.sniff(data, "dump") < reader.sniff(data, "dump.csv")


def test_page_markup_in_cells_leaves_it_a_table() -> None:
    row = ["A", "<html><body><p>It, stops.</p></body></html>", "2024-03-01", "Post"]
    assert reader.sniff(table(rows=[row]), "dump") > 0.6
