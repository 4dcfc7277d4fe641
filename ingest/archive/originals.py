"""The printed pages of an article, from the file that it was read from, if that is still the same.

The archive knows where each file stood when it was read, with its size and its times; what was
dropped on a server stands nowhere else, and is kept. What a page is drawn from is found by the
article alone, and only where the file there is the one that was read.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from ingest.archive.catalogue import Catalogue
from ingest.archive.kept_originals import KEPT, KeptOriginals
from ingest.archive.ledger import handed_place
from ingest.archive.sqlite import ours
from ingest.article import Article
from ingest.files.facsimile_process import DrawnPage, FacsimileOrder, draw
from ingest.readers.facsimile import NoFacsimile, WhyNoFacsimile
from ingest.readers.highlights import WordsWanted

WhyNoPage = WhyNoFacsimile | Literal["handed_over", "earlier"]
"""Why a page cannot be shown: its file is not there, is another than was read, was handed over and
not kept, gave a later version, has no such page, does not say how large it is, cannot be drawn."""

_KEPT = 16  # pictures, of at most some megabytes each
_TEXT = 20_000  # characters of a page by which it is told to be the one


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPage:
    """A page as it was printed, and the pages of its article.

    `marks` are the boxes of the words that were asked for, `missed` whether some were not found;
    `placed` whether it is known where on the page words stand.
    """

    number: int
    pages: tuple[int, ...]
    drawn: DrawnPage
    missed: bool

    @property
    def placed(self) -> bool:
        """Whether it is known where on the page its words stand."""
        return self.drawn.marks is not None


def pages_of(article: Article) -> tuple[int, ...]:
    """Return the printed pages of an article that a picture may be had of; mostly none."""
    drawable = article.file.lower().endswith(".pdf") or "recognised" in article.metadata
    return tuple(number for number, _, _ in _stretches(article)) if drawable else ()


@dataclass(frozen=True, slots=True)
class Originals:
    """The files that the articles of a catalogue were read from, as far as they are still there.

    `folder` is the archive's, in which those are kept that were dropped on a server.
    """

    catalogue: Catalogue
    folder: Path
    _pictures: "OrderedDict[tuple[object, ...], tuple[Path, bytes]]" = field(
        default_factory=OrderedDict
    )

    @ours()
    def page(
        self, article: Article, number: int, spans: Sequence[tuple[int, int]] = ()
    ) -> PrintedPage | WhyNoPage:
        """Return a page of an article with spans of its text found on it, or why there is none.

        Whoever asks has looked whether the article may be seen. At most as long as drawing a page
        may take: some seconds.
        """
        pages = pages_of(article)
        if number not in pages:
            return "no_page"
        newest = self.catalogue.article(article.article_id)
        if newest is None or newest.version != article.version:
            return "earlier"
        found = self._found(article)
        if not isinstance(found, _Same):
            return found
        why: WhyNoPage = "gone"
        for path, shown in found.files:
            order = _order(article, number, spans, path, shown, sure=found.sure)
            try:
                drawn = draw(order)
            except NoFacsimile as error:
                why = error.why
                continue
            self._keep(_key(article, number), path, drawn.picture)
            missed = drawn.marks is not None and not all(drawn.marks)
            return PrintedPage(number=number, pages=pages, drawn=drawn, missed=missed)
        return why

    def picture(self, article: Article, number: int) -> bytes:
        """Return the picture of a page as JPEG, empty where there is none: as `page` drew it."""
        path, kept = self._pictures.get(_key(article, number), (None, b""))
        found = self._found(article) if path else None
        if isinstance(found, _Same) and path in dict(found.files):
            return kept
        page = self.page(article, number)
        return page.drawn.picture if isinstance(page, PrintedPage) else b""

    @property
    def _kept(self) -> KeptOriginals:
        return KeptOriginals(self.folder / KEPT)

    def keep(self, file: Path, article_ids: Iterable[str]) -> None:
        """Keep a file that was dropped, if articles that it gave have pages to be shown from it.

        Not for an article of which a version waits for its embargo, for that is what the file
        holds. Raises OSError where it cannot be kept.
        """
        there = [self.catalogue.article(one) for one in article_ids]
        found = [
            one
            for one in there
            if one and pages_of(one) and file.name in _packings(one.file) and self._is_last(one)
        ]
        if found:
            self._kept.keep(file, found)
            self.sweep()

    def _is_last(self, article: Article) -> bool:
        versions = self.catalogue.versions(article.article_id)
        return max(version for version, *_ in versions) == article.version

    def sweep(self, *, erased: bool = False) -> None:
        """Let go what is kept of articles that are not in the catalogue any more."""
        self._kept.sweep(lambda one: self.catalogue.article(one) is not None, erased=erased)

    def _found(self, article: Article) -> "_Same | WhyNoPage":
        if kept := self._kept.of(article):
            return _Same(files=[(kept, kept.name)], sure=True)
        return _files(self.catalogue, article.file)

    def _keep(self, key: tuple[object, ...], path: Path, picture: bytes) -> None:
        """Keep the pictures that were drawn last: whoever opens a page asks for it next."""
        self._pictures[key] = path, picture
        with suppress(KeyError):  # another thread may have been quicker
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)


def _key(article: Article, number: int) -> tuple[object, ...]:
    return article.article_id, article.version, number


class _Same(NamedTuple):
    """Files that are still what was read, with their names as shown; `sure` of one that is alone.

    Of several that bore one name it is their words that tell which an article was read from.
    """

    files: list[tuple[Path, str]]
    sure: bool


def _files(catalogue: Catalogue, file: str) -> _Same | WhyNoPage:
    """Return the files that bear a name and are still what was read, or why there are none."""
    rows = [
        row
        for name in _packings(file)
        for row in catalogue.connection.execute(
            "SELECT path, stamp, file FROM files WHERE file = ?", (name,)
        ).fetchall()
    ]
    on_disk = [row for row in rows if row[0] != handed_place(row[2])]
    same = [(Path(path), shown) for path, stamp, shown in on_disk if _is_same(path, stamp)]
    if same:
        return _Same(same, len(on_disk) == 1)
    if rows and not on_disk:
        return "handed_over"
    return "changed" if any(Path(path).is_file() for path, *_ in on_disk) else "gone"


def _packings(file: str) -> list[str]:
    """Return the files in which a file may be packed, itself first: "a.zip!b.pdf", "a.zip"."""
    pieces = file.split("!")
    return ["!".join(pieces[:count]) for count in range(len(pieces), 0, -1)]


def _is_same(path: str, stamp: str) -> bool:
    try:
        about = Path(path).stat()
    except (OSError, ValueError):
        return False
    return stamp.split(" ")[:3] == [
        str(about.st_size), str(about.st_mtime_ns), str(about.st_ctime_ns),
    ]  # fmt: skip


def _order(
    article: Article,
    number: int,
    spans: Sequence[tuple[int, int]],
    path: Path,
    shown: str,
    *,
    sure: bool,
) -> FacsimileOrder:
    start, end = next((at, to) for page, at, to in _stretches(article) if page == number)
    cut = [(max(first, start), min(last, end)) for first, last in spans]
    on_page = [(first, last) for first, last in sorted(cut) if first < last]
    text = article.text
    return FacsimileOrder(
        path=path,
        shown=shown,
        file=article.file,
        number=number,
        text=text[start : min(end, start + _TEXT)],
        sure=sure,
        wanted=tuple(
            WordsWanted(text[first:last], text.count(text[first:last], start, first))
            for first, last in on_page
        ),
    )


def _stretches(article: Article) -> list[tuple[int, int, int]]:
    """Return each page of an article and where on its text it begins and ends."""
    starts = article.pages
    ends = [at for _, at in starts[1:]] + [len(article.text)]
    return [(page, at, end) for (page, at), end in zip(starts, ends, strict=True)]
