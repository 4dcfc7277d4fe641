"""Text recognised in pictures: by tesseract where it is here, told where it is not."""

import io
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.errors import ReadError, SettingsError
from ingest.files.read import read
from ingest.readers import ReaderInput, pdf, picture
from ingest.readers.recognition import installed, languages, page_of
from tests.ingest.readers.newsroom_files import png
from tests.ingest.readers.opened import errors, read_bytes

WORDS = "The old ferry of Harrowmere stops for good on Friday,\nthe harbour office said on Monday."
PLACES = ("HARROWMERE, Monday:", "In the town of Linna,", "Over at Ostra it said:")
needs_tesseract = pytest.mark.skipif(
    "eng" not in (installed() or ()),
    reason="tesseract is not installed: apt-get install tesseract-ocr",
)
TABLE = "\n".join([
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
    "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t",
    "5\t1\t1\t1\t1\t1\t10\t0\t9\t9\t96.5\tThe", "5\t1\t1\t1\t1\t2\t20\t0\t9\t9\t93.5\thar-",
    "5\t1\t1\t1\t2\t1\t10\t9\t9\t9\t90\tbour.", "5\t1\t2\t1\t1\t1\t900\t0\t9\t9\t80\tSecond.",
])  # fmt: skip


def printed(words: str = WORDS) -> bytes:
    """Return a picture of some words, as a scanner would make it."""
    from PIL import Image, ImageDraw, ImageFont

    drawn = Image.new("L", (1700, 300), 255)
    ImageDraw.Draw(drawn).multiline_text((60, 60), words, fill=0, font=ImageFont.load_default(48))
    made = io.BytesIO()
    drawn.save(made, "PNG")
    return made.getvalue()


def scanned(pages: int) -> bytes:
    """Return a PDF of pictures of pages."""
    from PIL import Image

    several = [Image.open(io.BytesIO(printed(f"{PLACES[n]} {WORDS}"))) for n in range(pages)]
    made = io.BytesIO()
    several[0].save(made, "PDF", save_all=True, append_images=several[1:])
    return made.getvalue()


def test_a_table_of_tesseract_is_a_page_of_paragraphs_lines_and_columns() -> None:
    page = page_of(TABLE, 3)
    assert [block.lines for block in page.blocks] == [("The har-", "bour."), ("Second.",)]
    assert [block.column for block in page.blocks] == [1, 2]
    assert page.confidence == pytest.approx(0.9)


def test_a_picture_is_told_with_what_to_do() -> None:
    (found,) = read_bytes(picture.reader, png())
    assert isinstance(found, ReadError)
    assert str(found) == "file: it is a picture"
    assert "--ocr=eng" in (found.hint or "")


@pytest.mark.parametrize("asked", ["../eng", "-x", "e", "eng;ls", "eng\0"])
def test_what_is_no_language_is_refused(asked: str) -> None:
    with pytest.raises(SettingsError, match="is no language of tesseract"):
        languages(asked)


@needs_tesseract
def test_a_language_that_is_not_installed_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tesseract has no data for 'tlh'"):
        read([tmp_path], ocr="eng+tlh")


@needs_tesseract
def test_a_picture_of_words_is_an_article_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(printed())
    (found,) = read([tmp_path], ocr="eng")
    assert isinstance(found, RawArticle)
    assert found.text == WORDS.replace("\n", " ")
    told = found.metadata["recognised"]
    assert isinstance(told, dict)
    assert (told["by"], told["languages"]) == ("tesseract", "eng")


@needs_tesseract
def test_scanned_pages_are_recognised_beside_one_another_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(scanned(3))
    (found,) = read([tmp_path], ocr="eng", apart=True)
    assert isinstance(found, RawArticle)
    starts = [found.text.index(place.split()[-1]) for place in PLACES]
    assert starts == sorted(starts)
    told = found.metadata["recognised"]
    assert isinstance(told, dict)
    assert [page for page, _ in told["confidence"]] == [1, 2, 3]


def test_scanned_pages_are_told_where_nobody_asked_for_their_text() -> None:
    (found,) = read_bytes(pdf.reader, scanned(1))
    assert isinstance(found, ReadError)
    assert "--ocr" in (found.hint or "")


@needs_tesseract
@pytest.mark.parametrize(
    "data", [png()[:40], b"\xff\xd8\xff" + b"x" * 200, b"II*\0" + b"\xff" * 99]
)
def test_a_broken_picture_is_told(data: bytes) -> None:
    stream = io.BufferedReader(io.BytesIO(data))
    with pytest.raises(ReadError, match=r"tesseract could not read|no words"):
        list(picture.reader.read(ReaderInput(file="a", stream=stream, ocr=("eng",))))


@needs_tesseract
def test_a_picture_that_says_it_is_huge_is_never_unpacked() -> None:
    data = (
        scanned(1)
        .replace(b"/Width 1700", b"/Width 99999")
        .replace(b"/Height 300", b"/Height 99999")
    )
    stream = io.BufferedReader(io.BytesIO(data))
    found = [*pdf.reader.read(ReaderInput(file="file", stream=stream, ocr=("eng",)))]
    assert errors(found)[0].startswith("file, page 1: its picture cannot be read")
