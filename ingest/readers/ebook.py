"""E-books (EPUB): each document of its spine that holds an article, in the order of reading."""

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import Undecodable, decode
from ingest.readers.markup import descendants, line, page_tree, printed
from ingest.readers.office import OfficePackage, package, says_first
from ingest.readers.record_stream import without_prologue

if TYPE_CHECKING:
    from lxml.etree import _Element

_MIMETYPE = b"mimetypeapplication/epub+zip"
_SHORTEST = 20  # words; a page of fewer is a cover, a rule or a list of links
_MOST = 20_000  # documents of a book
_HEADINGS = ("h1", "h2", "h3")


class _EBook:
    """E-books and the editions that papers and programs make as such."""

    name = "epub"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a packed file that says first that it is one."""
        return says_first(head, _MIMETYPE, needed="META-INF/container.xml", packed=0.7)

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document of the spine; shorter pages are counted."""
        left_out: Counter[str] = Counter()
        with package(given) as opened:
            path = _named(opened)
            book, _ = opened.tree(path) if path else (None, False)
            if book is None:
                why = "it does not say where its text begins"
                raise ReadError(given.file, path or "", why, "convert it to EPUB again")
            about = _about(book)
            for name in _spine(book, path or ""):
                found = _document(opened, name, given.file, about)
                if isinstance(found, str):
                    left_out[found] += 1
                else:
                    yield found
        if left_out:
            yield LeftOut(given.file, left_out)


def _named(opened: OfficePackage) -> str | None:
    container, _ = opened.tree("META-INF/container.xml")
    found = (one.get("full-path") for one in descendants(container, "rootfile"))
    return next((str(path) for path in found if path), None)


def _about(book: "_Element") -> dict[str, str]:
    found: dict[str, str] = {}
    for one in descendants(book, "title", "creator", "publisher", "date", "language", "rights"):
        said = line(one)
        if said:
            found.setdefault(str(one.tag).rpartition("}")[2], said)
    return found


def _spine(book: "_Element", path: str) -> list[str]:
    """Return the names of the documents in the order of reading, without the contents."""
    folder = posixpath.dirname(path)
    items = {
        str(one.get("id")): posixpath.normpath(
            posixpath.join(folder, unquote(one.get("href") or ""))
        )
        for one in descendants(book, "item")
        if "nav" not in (one.get("properties") or "").split()
    }
    named = (items.get(str(one.get("idref"))) for one in descendants(book, "itemref"))
    return list(dict.fromkeys(name for name in named if name))[:_MOST]


def _document(
    opened: OfficePackage, name: str, file: str, about: dict[str, str]
) -> RawArticle | ReadError | str:
    try:
        data = opened.part(name)
        if data is None:
            return ReadError(file, name, "the book names it, but does not hold it")
        page = page_tree(without_prologue(decode(data).text))
    except Undecodable as error:
        return ReadError(file, name, str(error))
    except ReadError as error:
        return error
    said = printed(page)
    if len(said.text.split()) < _SHORTEST:
        return "page without an article"
    headings = (
        (one.tag != "h1", words) for one in descendants(page, *_HEADINGS) if (words := line(one))
    )
    heading = min(headings, key=lambda found: found[0], default=(True, None))[1]
    return RawArticle(
        file=file,
        where=name,
        record=name,
        text=said.text,
        title=heading,
        captions=said.captions,
        outlet=about.get("publisher") or about.get("title"),
        published=about.get("date"),
        language=about.get("language"),
        rights=about.get("rights"),
        metadata={f"book_{n}": about[n] for n in ("title", "creator") if n in about},
    )


reader: Reader = _EBook()
