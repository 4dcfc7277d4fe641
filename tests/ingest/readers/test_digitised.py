"""Pages that were recognised before: order of reading, words made whole, how sure they are."""

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.clean.corrections import own_notices
from ingest.errors import LeftOut
from ingest.readers import digitised, tei
from tests.ingest.readers.newsroom_files import ALTO, HOCR, MORE, PAGE_XML, TEI, WORDS
from tests.ingest.readers.opened import article, errors, read_bytes


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


def test_page_xml_is_read_in_its_order_without_furniture() -> None:
    found = [
        one for one in read_bytes(digitised.page, PAGE_XML.encode()) if isinstance(one, RawArticle)
    ]
    assert (found[0].title, found[0].text) == ("Ferry stops", f"Ferry stops\n\n{WORDS}")


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
