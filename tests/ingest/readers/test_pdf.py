"""PDF: columns, running heads, pages as places, damage."""

import io
from random import Random

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.errors import ReadError
from ingest.readers.columns import blocks
from ingest.readers.pdf import reader
from tests.ingest.readers.opened import article, errors, read_bytes
from tests.ingest.readers.printing import Line, column, pdf

LEFT = """
The old ferry of Harrowmere stops for
good on Friday, the harbour office said
in a notice that nobody had expec-
ted before the summer.

Nobody from the union spoke to the
board, which met on Monday evening and
"""
RIGHT = """
put the matter off. The night boat has
sailed since 1911 and carried workers
to the kilns of Tisk.

A new timetable is due in May, the
office said, and tickets stay valid.
"""
BODY = (
    "The old ferry of Harrowmere stops for good on Friday, the harbour office said in a notice"
    " that nobody had expected before the summer.\n\n"
    "Nobody from the union spoke to the board, which met on Monday evening and put the matter"
    " off. The night boat has sailed since 1911 and carried workers to the kilns of Tisk.\n\n"
    "A new timetable is due in May, the office said, and tickets stay valid."
)
HEADLINE: Line = (50, 760, 24, "Ferry stops for good, office says")


def by_rows(lines: list[Line]) -> list[Line]:
    """Write a page row after row, as many programs do, not column after column."""
    return sorted(lines, key=lambda line: (-line[1], line[0]))


def headed(number: int, lines: list[Line]) -> list[Line]:
    head = (50, 810, 9, "The Harrowmere Post"), (480, 810, 9, f"{number} March 2024")
    return [*head, *lines, (290, 30, 9, f"- {number} -")]


def test_columns_whose_lines_do_not_begin_under_one_another_are_read_apart() -> None:
    right = RIGHT.strip("\n").split("\n")
    left = LEFT.strip("\n").split("\n")[: len(right)]
    pairs = enumerate(zip(left, right, strict=True))
    rows = [f"{one:<60}{' ' * (7 * n % 19)}{two}" for n, (one, two) in pairs]
    parted = [[line.strip() for line in block.lines] for block in blocks(rows)]
    assert parted == [[line.strip() for line in left], [line.strip() for line in right]]


def test_a_table_whose_cells_do_not_begin_under_one_another_is_read_by_its_rows() -> None:
    days = ("Monday morning", "Tuesday morning", "Wednesday", "Thursday morning", "Friday")
    rows = [f"{day:<20}{' ' * n}{6 + n}:00 to noon at the quay" for n, day in enumerate(days)]
    assert [block.lines for block in blocks(rows)] == [rows]


def test_columns_are_read_one_after_another() -> None:
    lines = by_rows([*column(50, 720, LEFT), *column(310, 720, RIGHT)])
    data = pdf([[HEADLINE, *lines]])
    assert reader.sniff(data[:100], "x") == 1
    assert article(read_bytes(reader, data)) == RawArticle(
        file="file",
        title="Ferry stops for good, office says",
        text=f"Ferry stops for good, office says\n\n{BODY}",
        inferred={"title": "largest type of the first page"},
        metadata={"pages": [[1, 0]]},
    )


def test_three_columns_are_read_one_after_another() -> None:
    columns = ["\n".join(f"{name} line {i} of words that run" for i in range(5)) for name in "ABC"]
    lines = [line for i, words in enumerate(columns) for line in column(40 + 180 * i, 700, words)]
    text = article(read_bytes(reader, pdf([by_rows(lines)]))).text
    assert [word for word in text.split() if word in "ABC"] == list("AAAAABBBBBCCCCC")


def test_columns_whose_lines_stand_at_different_heights_are_read_too() -> None:
    lines = by_rows([*column(50, 720, LEFT), *column(310, 714, RIGHT)])
    assert article(read_bytes(reader, pdf([lines]))).text == BODY


def test_a_sidebar_of_another_leading_and_ragged_columns_are_read_apart() -> None:
    side = "\n".join(f"Notice {i} of the board." for i in range(9))
    lines = [
        *column(40, 720, side, leading=17),
        *[(x + 3 * (i % 3), y, size, words)
          for i, (x, y, size, words) in enumerate(column(230, 718, LEFT + RIGHT, leading=15))],
    ]  # fmt: skip
    text = article(read_bytes(reader, pdf([by_rows(lines)]))).text
    notices = " ".join(f"Notice {i} of the board." for i in range(9))
    assert " ".join(text.split()) == f"{notices} {' '.join(BODY.split())}"


def test_a_wide_page_without_columns_is_read_line_by_line() -> None:
    words = """
    The old ferry of Harrowmere stops for good on Friday, the harbour office said in a notice.
      Nobody from the union spoke to the board, which met on Monday evening and put it off.
    A new timetable is due in May.
    """
    data = pdf([[(x + 8 * (i == 1), y, size, line)
                 for i, (x, y, size, line) in enumerate(column(50, 720, words))]])  # fmt: skip
    assert article(read_bytes(reader, data)).text == (
        "The old ferry of Harrowmere stops for good on Friday, the harbour office said in a notice."
        "\n\nNobody from the union spoke to the board, which met on Monday evening and put it off."
        " A new timetable is due in May."
    )


def test_running_heads_and_page_numbers_are_no_text_and_pages_are_places() -> None:
    pages = [headed(7, column(50, 720, LEFT)), headed(8, column(50, 720, RIGHT))]
    found = article(read_bytes(reader, pdf(pages)))
    assert found.text == BODY
    assert found.metadata["pages"] == [[1, 0], [2, BODY.index("put the matter")]]


def test_places_hold_in_the_text_that_is_stored() -> None:
    first = [HEADLINE, *column(50, 720, LEFT)]
    found = article(read_bytes(reader, pdf([first, column(50, 720, RIGHT)], Title="Ferry stops")))
    assert found.title == "Ferry stops"
    stored = clean(found)
    assert stored.metadata["pages"] == [[1, 0], [2, stored.text.index("put the matter off.")]]


def test_a_title_that_the_page_does_not_print_is_not_believed() -> None:
    data = pdf([column(50, 720, LEFT)], Title="untitled7.doc", Author="Desk")
    found = article(read_bytes(reader, data))
    assert (found.title, found.authors, found.metadata["author"]) == (None, (), "Desk")


def test_a_hyphen_that_the_text_prints_elsewhere_is_kept_at_a_line_end() -> None:
    words = "The ferry-house is shut, and the ferry-\nhouse stays shut, and the har-\nbour too."
    text = article(read_bytes(reader, pdf([column(50, 720, words)]))).text
    assert text == "The ferry-house is shut, and the ferry-house stays shut, and the harbour too."


def test_pages_without_words_are_told() -> None:
    (found,) = read_bytes(reader, pdf([[]]))
    assert isinstance(found, ReadError)
    assert (str(found), found.hint) == (
        "file: it holds no words, perhaps pictures of pages",
        "recognise their text: `--ocr=eng`, the languages named",
    )


def test_a_locked_file_is_told() -> None:
    writer, made = PdfWriter(PdfReader(io.BytesIO(pdf([[HEADLINE]])))), io.BytesIO()
    writer.encrypt("word", algorithm="RC4-128")
    writer.write(made)
    assert errors(read_bytes(reader, made.getvalue())) == ["file: it is locked with a password"]


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    data = pdf([column(50, 720, LEFT), column(50, 720, RIGHT)])
    broken = data.replace(b"/Contents 7 0 R", b"/Contents 1 0 R")
    assert broken != data
    found = read_bytes(reader, broken)
    assert isinstance(found[-1], RawArticle)
    assert "The old ferry" in found[-1].text


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"%PDF-1.7\n" + b"\x00" * 900, b"%PDF-1.4\ntrailer"])
def test_what_is_no_whole_file_is_told(data: bytes) -> None:
    (told,) = errors(read_bytes(reader, data))
    assert told.startswith("file: it is no whole PDF: ") or "no words" in told


def test_any_damage_is_told() -> None:
    data = pdf([headed(1, column(50, 720, LEFT)), headed(2, column(50, 720, RIGHT))], Title="A")
    random = Random(5)
    for _ in range(60):
        broken = bytearray(data[: len(data) - random.choice([0, 0, 300])])
        for _ in range(random.choice([1, 5, 40])):
            broken[random.randrange(8, len(broken))] = random.randrange(256)
        assert all(
            isinstance(one, RawArticle | ReadError) for one in read_bytes(reader, bytes(broken))
        )


STORY = """
The old ferry of Harrowmere stops for good
on Friday, the harbour office said, and its
crew of nine will work on the new bridge.
"""


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("HARROW POST  TUESDAY 14 MAY 2024  PAGE 3", "2024-05-14"),
        ("3 | Harrow Post | 14.05.2024", "2024-05-14"),
        ("Harrow Post, page 3", None),
    ],
)
def test_a_line_above_the_headline_that_dates_the_page_is_no_text(
    line: str, day: str | None
) -> None:
    page = [(50, 800, 8, line), (50, 760, 24, "Ferry stops for good"), *column(50, 700, STORY)]
    found = article(read_bytes(reader, pdf([page])))
    assert (found.title, found.published) == ("Ferry stops for good", day)
    assert (line.rsplit(maxsplit=1)[-1] in found.text) == (day is None)


def test_a_running_head_dates_the_article_and_a_day_in_its_text_does_not() -> None:
    later = "On 3 March 2019 the ferry had stopped before, for a week, and nobody minded much.\n"
    pages = [
        [(50, 800, 8, "Harrow Post 14 May 2024"), *column(50, 760, STORY.replace("nine", word))]
        for word in ("nine", "ten", "twelve")
    ]
    found = article(read_bytes(reader, pdf(pages)))
    assert (found.published, "Harrow Post" in found.text) == ("2024-05-14", False)
    assert article(read_bytes(reader, pdf([column(50, 760, later + STORY)]))).published is None
