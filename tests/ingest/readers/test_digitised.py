"""Pages that were recognised before: order of reading, words made whole, how sure they are."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.clean.corrections import own_notices
from ingest.errors import LeftOut, ReadError
from ingest.files.read import read
from ingest.readers import ReaderInput, digitised, tei
from ingest.readers.columns import joined
from ingest.readers.mets import pages_named
from tests.ingest.readers.newsroom_files import ALTO, HOCR, METS, MORE, PAGE_XML, TEI, WORDS, alto
from tests.ingest.readers.opened import article, errors, read_bytes
from tests.ingest.readers.test_hostile_bytes import damaged


def test_alto_is_read_in_its_order_with_its_hyphens_undone() -> None:
    found = article(read_bytes(digitised.alto, ALTO.encode()))
    assert found.text == "The harbour office.\n\nSecond column."
    assert found.metadata == {
        "pages": [[1, 0]],
        "recognised": {"by": "ALTO", "confidence": [[1, 0.767]]},
        "columns": [[1, 1, 0], [1, 2, 21]],
    }


def test_every_citation_says_that_its_words_were_recognised() -> None:
    found = clean(article(read_bytes(digitised.alto, ALTO.encode())))
    (notice,) = own_notices(found)
    assert (notice.code, notice.text) == (
        "recognised",
        (
            "Recognised text (OCR), 77% sure on its least sure page: look at the printed page "
            "before quoting."
        ),
    )


def test_a_page_of_which_many_words_are_wrong_is_told_and_kept() -> None:
    found = read_bytes(digitised.alto, ALTO.replace("0.9", "0.4").encode())
    assert isinstance(found[0], RawArticle)
    assert errors(found) == ["file, page 1: recognised poorly: its words are 43% sure"]


def test_mets_is_told_and_no_failure() -> None:
    (found,) = read_bytes(digitised.alto, b"<mets><fileSec><file/></fileSec></mets>")
    assert isinstance(found, LeftOut)


ABSENT = "it is not beside the METS file that names it, or is too long"


def issue(folder: Path) -> Path:
    """Lay an issue of two pages under a folder."""
    (folder / "alto").mkdir()
    first = alto(("T1", "Ferry stops"), ("C1", "The old ferry"), ("T2", "Soap for sale"))
    (folder / "alto" / "1.xml").write_bytes(first)
    (folder / "alto" / "2.xml").write_bytes(alto(("T7", "A bridge."), ("T9", "goes no more.")))
    (folder / "issue_mets.xml").write_text(METS, encoding="utf-8")
    return folder


@pytest.mark.parametrize("apart", [False, True])
def test_an_issue_of_mets_is_its_articles_and_what_is_in_none(tmp_path: Path, apart: bool) -> None:
    found = [one for one in read([issue(tmp_path)], apart=apart) if isinstance(one, RawArticle)]
    assert [(one.where, one.title, one.text) for one in found] == [
        (
            "article 1",
            "Ferry stops",
            "Ferry stops\n\nThe old ferry\n\nThe old ferry\n\ngoes no more.",
        ),
        ("article 2", "Bridge opens", "A bridge."),
        ("page 1, outside its articles", None, "Soap for sale"),
    ]
    assert {(one.outlet, one.published) for one in found} == {("Harrow Post", "1924-03-01")}
    assert [one.authors for one in found] == [("Ada Marl",), (), ()]
    assert found[0].metadata["pages"] == [[1, 0], [2, 43]]


def test_an_issue_of_which_no_page_can_be_read_is_told_page_by_page(tmp_path: Path) -> None:
    for page in (issue(tmp_path) / "alto").iterdir():
        page.write_text("no markup at all", encoding="utf-8")
    assert [one.split(":")[0] for one in errors([*read([tmp_path])])[:2]] == [
        "issue_mets.xml, page alto/1.xml",
        "issue_mets.xml, page alto/2.xml",
    ]


def test_what_is_left_of_an_issue_without_its_first_page_is_read(tmp_path: Path) -> None:
    (issue(tmp_path) / "alto" / "1.xml").unlink()
    found = [one.text for one in read([tmp_path]) if isinstance(one, RawArticle)]
    assert found == ["goes no more.", "A bridge."]


def test_a_page_that_an_issue_lacks_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (issue(tmp_path) / "alto" / "2.xml").unlink()
    found = [*read([tmp_path])]
    assert errors(found) == [
        f"issue_mets.xml, page alto/2.xml: {ABSENT}",
        "issue_mets.xml, article 2: its blocks hold no words, or are not on the pages",
    ]
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry stops", None]


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/passwd", "alto/%2e%2e/%2e%2e/x.xml"])
def test_mets_looks_at_nothing_outside_its_own_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.xml").write_bytes(alto(("T1", "Not to be read.")))
    (tmp_path / "issue").mkdir()
    given = METS.replace("file://./alto/1.xml", name).replace("alto/2.xml", name)
    (tmp_path / "issue" / "mets.xml").write_text(given, encoding="utf-8")
    assert all(isinstance(one, LeftOut) for one in read([tmp_path / "issue"]))


@settings(max_examples=25, deadline=None)
@given(choice=st.data())
def test_damage_to_mets_is_told_and_breaks_nothing(choice: st.DataObject) -> None:
    data = choice.draw(damaged(METS.encode()))
    page = choice.draw(st.sampled_from([alto(("T1", "Ferry"), ("C1", "stops")), b"<alto", None]))
    pages_named(data)
    stream = io.BufferedReader(io.BytesIO(data))
    with suppress(ReadError):
        for one in digitised.alto.read(ReaderInput(file="f", stream=stream, beside=lambda _: page)):
            assert isinstance(one, RawArticle | ReadError)


def test_the_pages_of_mets_without_articles_are_read_by_themselves(tmp_path: Path) -> None:
    plain = METS.replace('TYPE="ARTICLE"', 'TYPE="SECTION"')
    (issue(tmp_path) / "issue_mets.xml").write_text(plain, encoding="utf-8")
    found = [*read([tmp_path])]
    assert [type(one) for one in found] == [RawArticle, RawArticle, LeftOut]


def test_page_xml_is_read_in_its_order_without_furniture() -> None:
    found = [
        one for one in read_bytes(digitised.page, PAGE_XML.encode()) if isinstance(one, RawArticle)
    ]
    assert (found[0].title, found[0].text) == ("Ferry stops", f"Ferry stops\n\n{WORDS}")


@pytest.mark.parametrize("sign", ["-", "¬", "⸗", "\u00ad", "\u2010"])
def test_a_word_that_is_parted_at_a_line_end_is_made_whole_by_whatever_sign(sign: str) -> None:
    assert joined([f"The har{sign}", "bour office."]) == "The harbour office."


def test_hocr_is_read_with_its_confidence() -> None:
    found = article(read_bytes(digitised.hocr, HOCR.encode()))
    assert found.text == f"Ferry stops\n\n{WORDS}"
    assert found.metadata["recognised"] == {"by": "tesseract 5", "confidence": [[1, 0.95]]}


def test_each_article_of_a_tei_edition_is_one_dated_by_its_source() -> None:
    found = [one for one in read_bytes(tei.reader, TEI.encode()) if isinstance(one, RawArticle)]
    assert [(one.title, one.outlet, one.published) for one in found] == [
        ("Ferry stops", "Harrow Post", "1904-03-01"),
        ("Bridge", "Harrow Post", "1904-03-01"),
    ]
    assert found[0].text == f"Ferry stops\n\nThe harbour office.\n\n{WORDS}"
    assert found[1].text == f"Bridge\n\n{MORE}"
    assert found[0].metadata["pages"] == [[1, 0], [2, 34]]


def packed(folder: Path, kind: str, names: Sequence[str]) -> Path:
    """Pack an issue of two pages, its files in this order."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(issue(folder).rglob("*"))
        if path.is_file()
    }
    made = folder.parent / f"{folder.name}-packed.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(made, "w") as archive:
            for name in names:
                archive.writestr(f"b001/{name}", files[name])
        return made
    with tarfile.open(made, "w:gz" if kind == "tgz" else "w") as archive:
        for name in names:
            member = tarfile.TarInfo(f"b001/{name}")
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    return made


PACKED = ("alto/1.xml", "alto/2.xml", "issue_mets.xml")


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("apart", [False, True])
def test_an_issue_that_is_packed_is_read_as_one(
    tmp_path: Path, kind: str, order: int, apart: bool
) -> None:
    (tmp_path / "issue").mkdir()
    made = packed(tmp_path / "issue", kind, PACKED[::order])
    found = [*read([made], apart=apart)]
    assert [(one.file, one.where, one.title) for one in found if isinstance(one, RawArticle)] == [
        (f"{made.name}!b001/issue_mets.xml", "article 1", "Ferry stops"),
        (f"{made.name}!b001/issue_mets.xml", "article 2", "Bridge opens"),
        (f"{made.name}!b001/issue_mets.xml", "page 1, outside its articles", None),
    ]
    assert len(found) == 3


def test_a_packed_issue_that_lacks_a_page_tells_it_and_keeps_the_pages_of_nobody(
    tmp_path: Path,
) -> None:
    (tmp_path / "issue").mkdir()
    made = packed(tmp_path / "issue", "zip", PACKED[::2])
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("b001/alto/9.xml", alto(("T1", "A page of no issue.")))
    found = [*read([made])]
    assert errors(found)[0] == f"{made.name}!b001/issue_mets.xml, page alto/2.xml: {ABSENT}"
    texts = [one.text for one in found if isinstance(one, RawArticle)]
    assert texts[-1] == "A page of no issue."


@pytest.mark.parametrize("page", ["../../../etc/passwd", "/etc/passwd", "alto/%2e%2e/%2e%2e/x.xml"])
def test_a_packed_issue_looks_at_nothing_outside_its_archive(tmp_path: Path, page: str) -> None:
    made = tmp_path / "issue.zip"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mets.xml", METS.replace("file://./alto/1.xml", page))
        archive.writestr("alto/2.xml", b"<alto><Layout>")
    assert not [one for one in read([made]) if isinstance(one, RawArticle)]


def test_a_headline_of_tei_is_as_printed_and_its_outlet_the_journal_of_the_source() -> None:
    head = "<head>Ferry <choice><sic>stosp</sic><corr>stops</corr></choice></head>"
    source = "<bibl><title level='j'>Harrow Evening Post</title>"
    data = TEI.replace("<head>Ferry stops</head>", head).replace("<bibl>", source)
    first = read_bytes(tei.reader, data.encode())[0]
    assert isinstance(first, RawArticle)
    assert (first.title, first.outlet) == ("Ferry stops", "Harrow Evening Post")
    assert first.text.startswith("Ferry stops\n\nThe harbour office.")


def test_a_note_of_tei_stands_under_its_paragraph() -> None:
    data = TEI.replace("<fw>2</fw>", "<note place='foot'>So the clerk.</note>")
    first = read_bytes(tei.reader, data.encode())[0]
    assert isinstance(first, RawArticle)
    assert first.text.endswith(f"{WORDS}\n\nSo the clerk.")


def test_pages_and_columns_are_found_where_a_headline_that_is_not_printed_goes_before() -> None:
    blocks = (("T1", "The lock is shut."), ("C1", "The mill runs on."))
    raw = article(read_bytes(digitised.alto, alto(*blocks)))
    places = {"pages": [[3, 0], [4, 19]], "columns": [[3, 1, 0], [4, 2, 19]]}
    text = "The lock is shut.\n\nThe mill runs on."
    found = clean(replace(raw, title="News of the water", text=text, metadata=places))
    lock, mill = found.text.index("The lock"), found.text.index("The mill")
    assert [found.page_at(at) for at in (0, lock, mill - 1, mill)] == [3, 3, 3, 4]
    assert [found.column_at(at) for at in (0, lock, mill - 1, mill)] == [1, 1, 1, 2]


@pytest.mark.parametrize("foreign", [[[1, 2]], [["a", 0]], "1-3", 7, [[1, 0], "x"]])
def test_a_foreign_field_of_pages_stays_as_it_was_given(foreign: object) -> None:
    raw = RawArticle(file="f", text="It stops.", title="Ferry", metadata={"pages": foreign})
    assert clean(raw).metadata["pages"] == foreign


def test_the_author_of_an_edition_wrote_its_one_text_and_not_each_of_its_articles() -> None:
    data = TEI.replace("</titleStmt>", "<author>Ada Marl</author></titleStmt>")
    several = read_bytes(tei.reader, data.encode())
    assert [one.authors for one in several if isinstance(one, RawArticle)] == [(), ()]
    (whole,) = read_bytes(tei.reader, data.replace("article", "chapter").encode())
    assert isinstance(whole, RawArticle)
    assert whole.authors == ("Ada Marl",)
