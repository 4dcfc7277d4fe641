"""What is read of a draft, and that it is told where it stands."""

import io

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from assistant.factcheck.draft_text import LONGEST, DraftText, markdown, plain, read_draft
from ingest.errors import ReadError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The **ferry** is _late_.", "The ferry is late."),
        ("The [night ferry](https://x.example/a_b(c)) is late.", "The night ferry is late."),
        ("A note[^1] here.\n\n[^1]: It is late.", "A note here.\n\n It is late."),
        ("# Late\nIt is late.", "Late\n\nIt is late."),
        ("- One is late.\n- Two are late.", "One is late.\n\nTwo are late."),
        ("> It is\n> late.", "It is late."),
        ("It is <b>late</b><!-- is it? -->.", "It is late."),
        ("It is &ldquo;late&rdquo;.", "It is “late”."),
        ("---\ntitle: X\n---\nIt is late.", "\nIt is late."),
        ("```\ncode\n```\nIt is late.", "\nIt is late."),
        (r"5 \* 3 snake_case_name", "5 * 3 snake_case_name"),
    ],
)
def test_markdown_is_read_without_its_marks(written: str, read: str) -> None:
    assert markdown(written).read.replace("  ", " ").strip("\n") == read.strip("\n")


def test_a_place_is_told_in_the_draft_as_it_stands() -> None:
    draft = markdown("The **[ferry](https://x.example)** is “late”.")
    start = draft.read.index("ferry")
    assert draft.text[slice(*draft.span(start, start + 5))] == "ferry"


@given(st.text(alphabet='ab \n*_[]()#>-`\\&;<!.1~^:"', max_size=80))
def test_whatever_is_read_stands_in_the_draft(written: str) -> None:
    draft = markdown(written)
    assert draft.text == written
    assert draft.places is not None
    assert len(draft.places) == len(draft.read)
    assert list(draft.places) == sorted(draft.places)
    for at, sign in zip(draft.places, draft.read, strict=True):
        assert written[at] == sign or sign in " \n" or written[at] == "&"


def test_lines_that_were_wrapped_are_read_on_and_short_ones_are_not() -> None:
    wrapped = "The night ferry to Ostrova was late on Tuesday, and nobody\ncould say why it was."
    assert "\n" not in plain(wrapped).read
    assert plain("Dear all,\nit is late.").read == "Dear all,\nit is late."


def _word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "In a table."
    struck = parse_xml(
        f"<w:p {_W}><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:t>struck </w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>put in</w:t></w:r></w:ins></w:p>"
    )
    document.element.body.insert(len(paragraphs), struck)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_a_word_document_is_read_with_its_tables_and_as_it_was_corrected() -> None:
    draft = read_draft(_word("“We sail,” she said.", "Then they left."), "story.docx")
    told = "“We sail,” she said.\n\nThen they left.\n\nKept put in\n\nIn a table."
    assert draft == DraftText(text=told, read=told, name="story.docx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04 but no more", "story.docx"),
        (b"%PDF-1.7\n", "story.pdf"),
        (b"\0\1\2" * 900, "story.txt"),
        (b"a" * (LONGEST + 1), "story.txt"),
    ],
)
def test_what_is_no_draft_is_told_in_words(data: bytes, name: str) -> None:
    with pytest.raises(ReadError) as told:
        read_draft(data, name)
    assert name in str(told.value)


def test_a_code_page_of_windows_is_read() -> None:
    written = "Der Kapitän sagte gestern, das Schiff fahre „nie mehr“ über die Straße von Ostrova. "
    assert read_draft((written * 3).encode("cp1252"), "a.txt").text == written * 3
