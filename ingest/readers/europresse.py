"""Europresse (Cedrom-SNi): documents saved together as a page, each an element of its own."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.language import lexicon
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import descendants, line, name, page_tree, printed
from ingest.readers.press_document import PressDocument, found, named
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_LOOK = re.compile(r"class=[\"'][^\"']{0,200}(?:docOcurrContainer|DocPublicationName)\b")
_OUTLET = re.compile(r"\s*(?:,?\s*\b(?:no|nº|n°|nr)\b\.?\s*\d.*|\(.*|;.*)", re.IGNORECASE)
_DAYS = (
    re.compile(r"\b(\d{1,2})(?:er)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(\d{4})\b"),
    re.compile(r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2}),?\s+(\d{4})\b"),
)
_PAGE = re.compile(r"\bp\.\s?([\w-]{1,12})")
_LENGTH = re.compile(r"\b\d[\d\s]{0,7}\s(?:mots|words|palabras|wörter)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:news|web|pub|bio|tv|radio)·[\w·.-]{4,80}", re.IGNORECASE)


class _Europresse:
    """Pages that Europresse saves."""

    name = "europresse"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a page whose documents are marked as Europresse does."""
        text = peek(head) or ""
        return 0.97 if text.lstrip()[:1] == "<" and _LOOK.search(text) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        articles = descendants(page_tree(whole(given).text), "article")
        documents = [one for one in map(_document, articles) if one is not None]
        yield from named(found(documents, wrapped=False), given.file, "Europresse")


def _document(of: "_Element") -> PressDocument | None:
    """Read one document; None of an element that is none."""
    text = _of_class(of, "docOcurrContainer", "DocText")
    if text is None:
        return None
    document = PressDocument(body=printed(text).text.split("\n"))
    document.title = _said(of, "titreArticleVisu", "titreArticle")
    document.outlet = _OUTLET.sub("", _said(of, "DocPublicationName"), count=1)
    document.put("byline", _said(of, "docAuthors", "sm-margin-bottomNews"))
    document.put("standfirst", _said(of, "rdp__subtitle"))
    _head(document, _said(of, "DocHeader"))
    foot = next(descendants(of, "footer"), None)
    document.rights = [said for one in descendants(foot, "small") if (said := line(one))]
    number = _NUMBER.search(line(of) or "")
    document.id = number[0] if number else None
    return document


def _head(document: PressDocument, said: str) -> None:
    """Read the line that names section, day, length and page."""
    day = next((match for way in _DAYS if (match := way.search(said))), None)
    if day:
        document.published = " ".join(day.groups())
        before = (piece.strip() for piece in said[: day.start()].split(","))
        document.put("section", ", ".join(one for one in before if not _is_weekday(one)))
    rest = said[day.end() if day else 0 :]
    page, length = _PAGE.search(rest), _LENGTH.search(rest)
    document.put("page", page[1] if page else "")
    document.put("length", length[0] if length else "")


def _is_weekday(word: str) -> bool:
    known = map(lexicon.calendar, lexicon.languages())
    return any(lexicon.plain(word) in one.weekdays for one in known)


def _of_class(of: "_Element", *names: str) -> "_Element | None":
    """Return the first element of the first class that there is one of."""
    for wanted in names:
        for one in of.iter():
            if name(one) != "article" and wanted in (one.get("class") or "").split():
                return one
    return None


def _said(of: "_Element", *names: str) -> str:
    return line(_of_class(of, *names)) or ""


reader: Reader = _Europresse()
