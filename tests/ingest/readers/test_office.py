"""Office documents: what is printed in them, in its order, and what they say of themselves."""

import random
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.files.read import read
from ingest.readers import Reader, ebook, office, open_document, rich_text, word_document
from tests.ingest.readers.newsroom_files import (
    MORE,
    PAGE,
    WORDS,
    W,
    docx,
    epub,
    odt,
    packed,
    paragraph,
)
from tests.ingest.readers.opened import article, errors, read_bytes

NOTE = (
    f'<w:footnote xmlns:w="{W}" w:id="2"><w:p><w:r><w:t>So it says.</w:t></w:r></w:p></w:footnote>'
)
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


def word(*body: str, notes: str = "", **about: str) -> RawArticle:
    return article(read_bytes(word_document.reader, docx(*body, notes=notes, **about)))


def test_a_document_has_its_title_by_its_style_whatever_the_style_is_called_there() -> None:
    found = word(paragraph("Ferry stops", "Titel"), paragraph(WORDS))
    assert found.title == "Ferry stops"
    assert clean(found).text == f"Ferry stops\n\n{WORDS}"


def test_a_note_stands_under_the_text_and_its_mark_where_it_is_told() -> None:
    found = word(paragraph(WORDS, inside=REFERENCE), paragraph(MORE), notes=NOTE)
    assert found.text == f"{WORDS}¹\n\n{MORE}\n\n¹ So it says."


def test_what_was_deleted_hidden_or_moved_away_is_not_printed() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t></w:r>"
    deleted = "<w:del><w:r><w:delText>OLD</w:delText><w:t>OLD</w:t></w:r></w:del>"
    moved = "<w:moveFrom><w:r><w:t>AWAY</w:t></w:r></w:moveFrom>"
    added = "<w:ins><w:r><w:t> Added.</w:t></w:r></w:ins>"
    assert word(paragraph(WORDS, inside=hidden + deleted + moved + added)).text == f"{WORDS} Added."


def test_a_table_keeps_its_rows_and_a_list_its_items() -> None:
    cells = "".join(f"<w:tc>{paragraph(one)}</w:tc>" for one in ("Monday", "06:00"))
    item = (
        '<w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>One</w:t></w:r></w:p>'
    )
    found = word(paragraph(WORDS), item, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
    assert found.text == f"{WORDS}\n\n- One\n\nMonday | 06:00"


def test_properties_are_taken_where_nothing_is_printed_and_that_is_said() -> None:
    found = word(paragraph(WORDS), creator="Ada Marl", created="2024-03-01T10:00:00Z")
    assert (found.authors, found.published) == (("Ada Marl",), "2024-03-01T10:00:00Z")
    assert set(found.inferred) == {"authors", "date"}


@pytest.mark.parametrize("creator", ["amarl", "Microsoft Office User", "python-docx", "desk3"])
def test_a_program_or_a_login_is_nobodys_name(creator: str) -> None:
    assert word(paragraph(WORDS), creator=creator).authors == ()


def test_a_printed_byline_goes_before_the_properties() -> None:
    found = word(paragraph("Ferry stops", "Titel"), paragraph("By Tom Orr"), paragraph(WORDS),
                 creator="Ada Marl")  # fmt: skip
    assert clean(found).authors == ("Tom Orr",)


def test_a_caption_stands_apart() -> None:
    found = word(paragraph(WORDS), paragraph("The ferry", "Bild"))
    assert (found.text, found.captions) == (WORDS, ("The ferry",))


def test_an_open_text_is_read_with_its_notes_and_without_what_was_deleted() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>So it says."
        "</text:p></text:note-body></text:note>"
    )
    tracked = "<text:tracked-changes><text:p>OLD</text:p></text:tracked-changes>"
    title = '<text:p text:style-name="P1">Ferry<text:s/>stops</text:p>'
    body = f"{tracked}{title}<text:p>{WORDS}{note}</text:p>"
    meta = (
        "<meta:initial-creator>Ada Marl</meta:initial-creator>"
        "<meta:creation-date>2024-03-01</meta:creation-date>"
    )
    found = article(read_bytes(open_document.reader, odt(body, meta)))
    assert found.title == "Ferry stops"
    assert found.text == f"Ferry stops\n\n{WORDS}¹\n\n¹ So it says."
    assert (found.authors, found.published) == (("Ada Marl",), "2024-03-01")


def test_rich_text_is_read_without_its_code() -> None:
    code = (
        r"{\rtf1\ansi\ansicpg1252{\info{\author Ada Marl}{\creatim\yr2024\mo3\dy1}}"
        r"Caf\'e9 \u8220?stops\u8221?\par\par {\field{\*\fldinst{HYPERLINK \"https://x\"}}"
        r"{\fldrslt A link}} stands.{\footnote So it says.}\par{\pict\wmetafile8 0102ab}}"
    )
    found = article(read_bytes(rich_text.reader, code.encode("cp1252")))
    assert found.text.split("\n\n") == ["Café “stops”", "A link stands.¹", "¹ So it says."]
    assert (found.authors, found.published) == (("Ada Marl",), "2024-03-01")


def test_an_edition_as_an_e_book_is_an_article_a_page() -> None:
    page = PAGE.replace("{}", "")
    cover = "<html><body>Cover</body></html>"
    pages = {"cover.xhtml": cover, "a.xhtml": page, "b.xhtml": page}
    data = epub(pages, title="Harrow Post", date="2024-03-01")
    *found, left_out = read_bytes(ebook.reader, data)
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry stops"] * 2
    assert str(left_out) == "file: left out, being no article: 1 (page without an article)"


def test_a_document_of_an_e_book_is_called_by_its_main_heading() -> None:
    page = PAGE.replace("{}", "").replace("<h1>", "<h2>Local</h2><h1>")
    first = read_bytes(ebook.reader, epub({"a.xhtml": page}, title="Harrow Post"))[0]
    assert isinstance(first, RawArticle)
    assert first.title == "Ferry stops"


# --- damage and hostility --------------------------------------------------------------------


@pytest.mark.parametrize("first", ["_rels/.rels", "docProps/app.xml", "[Content_Types].xml"])
def test_a_document_is_never_walked_into_whoever_wrote_it(first: str, tmp_path: Path) -> None:
    text = f'<w:document xmlns:w="{W}"><w:body>{paragraph(WORDS)}</w:body></w:document>'
    (tmp_path / "a").write_bytes(packed({first: "<x/>", "word/document.xml": text}))
    assert [getattr(one, "text", str(one)) for one in read([tmp_path])] == [WORDS]


def test_slides_are_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(
        packed({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"})
    )
    (told,) = read([tmp_path])
    assert "holds no text of Word" in str(told)
    assert "CSV" in str(getattr(told, "hint", ""))


@pytest.mark.parametrize("reader", [word_document.reader, open_document.reader, ebook.reader])
def test_a_part_that_unpacks_to_too_much_is_told(reader: Reader) -> None:
    bomb = b" " * (office.PART_LIMIT + 10)
    names = ("word/document.xml", "content.xml", "META-INF/container.xml")
    (why,) = errors(read_bytes(reader, packed(dict.fromkeys(names, bomb))))
    assert f"unpacks to more than {office.PART_LIMIT:,} bytes" in why


@pytest.mark.parametrize("reader", [word_document.reader, open_document.reader])
def test_depth_and_entities_in_a_part_are_told_or_stay_names(reader: Reader) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    deep = "<w:document>" + "<a>" * 5_000
    said = "<w:p><w:r><w:t>x &a;&b;</w:t></w:r></w:p>"
    for text in (f"{laughs}<w:document xmlns:w='{W}'><w:body>{said}</w:body></w:document>", deep):
        found = read_bytes(reader, packed({"word/document.xml": text, "content.xml": text}))
        shown = [getattr(one, "text", str(one)) for one in found]
        assert not [one for one in shown if "root:" in one or "xha" in one.replace(" ", "")]


@pytest.mark.parametrize("seed", range(20))
def test_no_damaged_document_breaks_its_reader(seed: int) -> None:
    chance = random.Random(seed)
    for reader, whole in (
        (word_document.reader, docx(paragraph(WORDS), notes=NOTE)),
        (open_document.reader, odt(f"<text:p>{WORDS}</text:p>")),
        (ebook.reader, epub({"a.xhtml": PAGE}, title="Harrow Post")),
    ):
        data = bytearray(whole)
        for _ in range(6):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert read_bytes(reader, bytes(data[: chance.randrange(30, len(data))])) is not None
        assert read_bytes(reader, bytes(data)) is not None


def test_a_zip_of_another_kind_is_no_document() -> None:
    plain = packed({"a.txt": WORDS})
    assert word_document.reader.sniff(plain, "a") == 0.0


# --- what others write -----------------------------------------------------------------------


def test_what_another_writer_of_word_documents_writes_is_read(tmp_path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_heading("Ferry stops", 0)
    made.add_paragraph(WORDS)
    made.add_paragraph("One", style="List Bullet")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Monday", "06:00"
    made.core_properties.author = "Ada Marl"
    made.save(str(tmp_path / "a.docx"))
    (found,) = read([tmp_path])
    assert isinstance(found, RawArticle)
    assert (found.title, found.authors) == ("Ferry stops", ("Ada Marl",))
    assert found.text.split("\n\n") == ["Ferry stops", WORDS, "One", "Monday | 06:00"]


def test_what_another_writer_of_open_texts_writes_is_read(tmp_path: Path) -> None:
    from odf import dc, meta
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    made = OpenDocumentText()
    made.meta.addElement(meta.InitialCreator(text="Ada Marl"))
    made.meta.addElement(dc.Title(text="Ferry stops"))
    made.text.addElement(H(outlinelevel=1, text="Ferry stops"))
    made.text.addElement(P(text=WORDS))
    made.save(str(tmp_path / "a.odt"))
    (found,) = read([tmp_path])
    assert isinstance(found, RawArticle)
    assert (found.title, found.authors) == ("Ferry stops", ("Ada Marl",))
    assert found.text == f"Ferry stops\n\n{WORDS}"


def test_a_printed_day_goes_before_that_of_the_properties() -> None:
    found = word(paragraph("Ferry stops"), paragraph("By Ada Marl"), paragraph("1 March 2024"),
                 paragraph(WORDS), created="2024-06-01T10:00:00Z")  # fmt: skip
    assert (found.published, found.inferred["date"]) == ("1 March 2024", "printed at the top")


def test_the_day_of_a_programs_template_is_none() -> None:
    assert word(paragraph(WORDS), created="2013-12-23T23:15:00Z").published is None


@pytest.mark.parametrize("head", [r"{\rtf1\mac", r"{\rtf1\ansi\ansicpg10000"])
def test_rich_text_of_the_mac_is_read_in_its_own_encoding(head: str) -> None:
    code = head + r"{\fonttbl{\f0 Helvetica;}}\f0 Le caf\'8e d\'d5Harrowmere ferme \'88 midi.\par}"
    found = article(read_bytes(rich_text.reader, code.encode()))
    assert found.text == "Le café d’Harrowmere ferme à midi."


@pytest.mark.parametrize(
    "line", ["March 1, 2024", "Ada Marl, March 1, 2024", "By Ada Marl | 1 March 2024"]
)
def test_the_day_that_is_printed_at_the_top_goes_before_that_of_the_properties(line: str) -> None:
    core = "<dcterms:created>2024-05-05T10:00:00Z</dcterms:created>"
    body = "".join(map(paragraph, ("Ferry stops for good", line, WORDS)))
    found = article(read_bytes(word_document.reader, docx(body, core=core)))
    assert str(clean(found).date) == "2024-03-01"
    assert found.inferred["date"] == "printed at the top"
