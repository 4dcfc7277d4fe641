"""Printed pages from the files that articles were read from: only these, and only if the same."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ingest.archive import Archive
from ingest.archive.originals import PrintedPage, WhyNoPage, pages_of
from ingest.article import Article
from ingest.pipeline import Defaults, ingest, take_in
from ingest.settings import IngestSettings
from tests.ingest.readers.printing import column, pdf

FIRST = """
The old mill of Sorrel burned down on
Monday night. Nobody was hurt, the miller
said. He will build it again before the
winter comes to the valley.
"""
SECOND = """
The council of Sorrel lends him forty
thousand crowns. “We cannot bake without
flour,” said the mayor, Ottilie Brand.
"""
OTHER = """
Lanterns vanished from every harbour wall
while fishermen applauded the lighthouse
keeper, whose trumpet lessons had ended.
"""
NEWSPAPER = pdf([[(50, 760, 24, "Mill burns down"), *column(50, 700, FIRST)],
                 column(50, 760, SECOND)])  # fmt: skip
LENT = "We cannot bake without flour"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as archive:
        yield archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


def taken_in(archive: Archive, folder: Path, **given: str) -> Article:
    """Ingest a folder and return its newest article."""
    report = ingest([folder], archive, given=Defaults(**given), embed=False)  # type: ignore[arg-type]
    assert report.added >= 1, report.failed
    return archive.newest(1)[0]


def cited(article: Article, words: str) -> list[tuple[int, int]]:
    start = article.text.index(words)
    return [(start, start + len(words))]


def shown(archive: Archive, article: Article, number: int, words: str = "") -> PrintedPage:
    spans = cited(article, words) if words else []
    found = archive.originals.page(article, number, spans)
    assert isinstance(found, PrintedPage), found
    return found


def why(archive: Archive, article: Article, number: int = 1) -> WhyNoPage:
    found = archive.originals.page(article, number)
    assert isinstance(found, str)
    assert archive.originals.picture(article, number) == b""
    return found


def darkest(page: PrintedPage) -> int:
    """Return how dark the picture is where something is marked."""
    assert page.drawn.marks
    (box, *_), *_ = page.drawn.marks
    with Image.open(io.BytesIO(page.drawn.picture)) as opened:
        wide, high = opened.size
        assert (wide, high) == (page.drawn.width, page.drawn.height)
        edges = (box.left * wide, box.top * high, box.right * wide, box.bottom * high)
        lowest, _ = opened.convert("L").crop(edges).getextrema()
        return int(lowest)  # type: ignore[arg-type]


def test_a_page_of_a_pdf_is_drawn_and_the_cited_words_are_found_on_it(
    archive: Archive, folder: Path
) -> None:
    (folder / "mill.pdf").write_bytes(NEWSPAPER)
    article = taken_in(archive, folder)
    assert pages_of(article) == (1, 2)
    page = shown(archive, article, 2, LENT)
    assert not page.missed
    assert darkest(page) < 60
    assert archive.originals.picture(article, 2) == page.drawn.picture
    assert shown(archive, article, 1, LENT).drawn.marks == ()  # it stands on the other page


def test_a_page_that_is_turned_has_its_words_where_they_are_shown(
    archive: Archive, folder: Path
) -> None:
    (folder / "mill.pdf").write_bytes(NEWSPAPER.replace(b"/Type /Page /", b"/Type/Page/Rotate 0/"))
    upright = shown(archive, taken_in(archive, folder), 2, LENT)
    (folder / "mill.pdf").write_bytes(NEWSPAPER.replace(b"/Type /Page /", b"/Type/Page/Rotate 90/"))
    ingest([folder], archive, embed=False)
    turned = shown(archive, archive.newest(1)[0], 2, LENT)
    assert turned.drawn.width == upright.drawn.height or turned.drawn.width > turned.drawn.height
    assert darkest(turned) < 60


def test_a_file_that_went_or_changed_is_not_shown(archive: Archive, folder: Path) -> None:
    (folder / "mill.pdf").write_bytes(NEWSPAPER)
    article = taken_in(archive, folder)
    kept = shown(archive, article, 1)
    (folder / "mill.pdf").write_bytes(NEWSPAPER + b"\n")
    assert why(archive, article) == "changed"
    (folder / "mill.pdf").unlink()
    assert why(archive, article) == "gone"
    assert kept.drawn.picture


def test_a_page_that_is_not_there_and_an_article_of_no_pages_are_told(
    archive: Archive, folder: Path
) -> None:
    (folder / "mill.pdf").write_bytes(NEWSPAPER)
    article = taken_in(archive, folder)
    assert why(archive, article, 3) == "no_page"
    (folder / "note.txt").write_text("A note on the mill.\n\nIt burned down, and is built again.")
    ingest([folder], archive, embed=False)
    (note,) = [one for one in archive.newest(9) if one.file == "note.txt"]
    assert pages_of(note) == ()
    assert why(archive, note) == "no_page"


def test_an_earlier_version_has_no_file_any_more(archive: Archive, folder: Path) -> None:
    (folder / "mill.pdf").write_bytes(NEWSPAPER)
    earlier = taken_in(archive, folder)
    (folder / "mill.pdf").write_bytes(NEWSPAPER.replace(b"forty", b"sixty"))
    ingest([folder], archive, embed=False)
    newest = archive.newest(1)[0]
    assert (earlier.version, newest.version) == (1, 2)
    assert why(archive, earlier) == "earlier"
    assert shown(archive, newest, 2).drawn.picture


def test_a_file_in_a_packed_one_is_found_in_it(archive: Archive, folder: Path) -> None:
    with zipfile.ZipFile(folder / "week.zip", "w") as packed:
        packed.writestr("notes.txt", "A note.")
        packed.writestr("mill.pdf", NEWSPAPER)
    ingest([folder], archive, embed=False)
    (article,) = [one for one in archive.newest(9) if one.file.endswith("pdf")]
    assert not shown(archive, article, 2, LENT).missed


def test_what_was_handed_over_is_not_kept(archive: Archive, folder: Path) -> None:
    path = folder / "mill.pdf"
    path.write_bytes(NEWSPAPER)
    take_in([(path, "mill.pdf")], archive, given=Defaults(), handed={"mill.pdf": "a hash"})
    assert why(archive, archive.newest(1)[0]) == "handed_over"


def test_of_two_files_of_one_name_only_the_one_that_holds_the_article_is_shown(
    archive: Archive, tmp_path: Path
) -> None:
    for name, body in (("ours", FIRST), ("theirs", OTHER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.pdf").write_bytes(pdf([column(50, 760, body)]))
        ingest([tmp_path / name], archive, given=Defaults(collection=name), embed=False)
    found = {one.collection: one for one in archive.newest(2)}
    for name, words in (("ours", "Nobody was hurt"), ("theirs", "applauded the lighthouse")):
        assert not shown(archive, found[name], 1, words).missed
    (tmp_path / "theirs" / "a.pdf").unlink()
    assert shown(archive, found["ours"], 1).drawn.picture
    assert why(archive, found["theirs"]) in {"gone", "changed"}


def recognised(picture: str) -> str:
    """Return a page of ALTO of four words a line, and the picture that it names."""
    words = " ".join((*FIRST.split(),)).split()
    strings = [
        f'<TextLine><String CONTENT="{word}" HPOS="{100 + n % 4 * 200}" VPOS="{100 + n // 4 * 50}"'
        f' WIDTH="180" HEIGHT="40" WC="0.95"/></TextLine>'
        for n, word in enumerate(words)
    ]
    return (
        f"<alto><Description><sourceImageInformation><fileName>{picture}</fileName>"
        '</sourceImageInformation></Description><Layout><Page WIDTH="1000" HEIGHT="800">'
        f"<PrintSpace><TextBlock>{''.join(strings)}</TextBlock></PrintSpace></Page></Layout></alto>"
    )


def test_a_recognised_page_has_the_picture_that_stands_beside_it(
    archive: Archive, folder: Path
) -> None:
    (folder / "mill.xml").write_text(recognised("D:\\scans\\mill.png"), encoding="utf-8")
    Image.new("L", (3000, 2400), 255).save(folder / "mill.png")
    article = taken_in(archive, folder)
    page = shown(archive, article, 1, "Nobody was hurt")
    assert page.drawn.width == 2000
    assert page.drawn.marks
    assert [round(box.left, 2) for box in page.drawn.marks[0]] == [0.5, 0.1]


def test_a_recognised_page_without_its_picture_is_set_from_its_words(
    archive: Archive, folder: Path
) -> None:
    (folder / "mill.xml").write_text(recognised("elsewhere.tif"), encoding="utf-8")
    page = shown(archive, taken_in(archive, folder), 1, "Nobody was hurt")
    assert page.drawn.picture == b""
    assert page.drawn.words[0].text == "The"
    assert not page.missed


def test_a_picture_that_stands_elsewhere_is_not_fetched(archive: Archive, folder: Path) -> None:
    Image.new("L", (300, 240), 255).save(folder.parent / "secret.png")
    (folder / "inner").mkdir()
    shutil.copy(folder.parent / "secret.png", folder / "secret.png")
    page = recognised("../secret.png")
    (folder / "inner" / "mill.xml").write_text(page, encoding="utf-8")
    article = taken_in(archive, folder)
    assert shown(archive, article, 1).drawn.picture == b""


@pytest.mark.parametrize("beside", ["not a picture", "too large", "cut off"])
def test_a_picture_that_cannot_be_drawn_takes_nothing_with_it(
    archive: Archive, folder: Path, beside: str
) -> None:
    (folder / "mill.xml").write_text(recognised("mill.png"), encoding="utf-8")
    article = taken_in(archive, folder)
    made = io.BytesIO()
    Image.new("1", (30_000, 20_000) if beside == "too large" else (30, 20)).save(made, "PNG")
    data = made.getvalue()
    held = {"not a picture": b"%PDF-1.4 or something else", "too large": data, "cut off": data[:40]}
    (folder / "mill.png").write_bytes(held[beside])
    found = archive.originals.page(article, 1)
    if beside == "not a picture":
        assert isinstance(found, PrintedPage)
        assert found.drawn.picture == b""
    else:
        assert found == "broken"


def test_a_scan_without_words_is_shown_unmarked(archive: Archive, folder: Path) -> None:
    """Its words came from a program that told no places."""
    Image.new("L", (600, 800), 255).save(folder / "scan.pdf", "PDF")
    raw = taken_in_as_recognised(archive, folder / "scan.pdf")
    page = shown(archive, raw, 1, "Nobody was hurt")
    assert not page.placed
    assert page.drawn.picture


def taken_in_as_recognised(archive: Archive, file: Path) -> Article:
    """Put an article whose words a program recognised, and note its file as read."""
    from ingest.archive.filing import Prepared
    from ingest.archive.ledger import Ledger
    from ingest.article import RawArticle
    from ingest.clean.assemble import clean

    told = {"recognised": {"by": "tesseract", "confidence": [[1, 0.9]]}, "pages": [[1, 0]]}
    raw = RawArticle(file=file.name, text=" ".join(FIRST.split()), metadata=told)
    ledger = Ledger(catalogue=archive.catalogue, how="so")
    ledger.wanted(file, file.name)
    archive.put([Prepared.of(clean(raw))], [])
    ledger.close()
    return archive.newest(1)[0]
