"""METS: the articles of an issue of a digitised paper, put together from pages of ALTO.

Its logical structure names for each article the blocks of the pages that it is made of. What is
in no article is kept too, page by page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import RECORD_LIMIT, ReaderInput, alto, recognised_text
from ingest.readers.encoding import Undecodable, decode
from ingest.readers.markup import Damaged, descendants, element, line, name
from ingest.readers.recognised_text import RecognisedBlock, RecognisedPage, told_poor
from ingest.readers.record_stream import root, without_prologue

if TYPE_CHECKING:
    from lxml.etree import _Element

_HREF = "{http://www.w3.org/1999/xlink}href"
_MOST_PAGES = 5_000
_UNREAD = "METS file, whose pages are read by themselves"
_HEADINGS = ("HEAD", "TITLE")

Area = tuple[str, str, str]  # of which file, which block, and as what it stands in its article


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueArticle:
    """An article as METS has it: the blocks it is made of, in their order, and what is said."""

    areas: tuple[Area, ...]
    label: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The pages of an issue by their ids, the articles on them, and what is said of all."""

    pages: dict[str, str]
    articles: tuple[IssueArticle, ...]
    outlet: str | None = None
    published: str | None = None


def pages_named(data: bytes) -> tuple[str, ...]:
    """Return the files whose pages a METS file makes articles of; none where it does not."""
    if len(data) > RECORD_LIMIT or root(data).lower() != "mets":
        return ()
    try:
        document, _ = element(without_prologue(decode(data).text))
    except (Damaged, Undecodable):
        return ()
    issue = _issue(document)
    return tuple(issue.pages.values()) if issue else ()


def articles(document: "_Element", given: ReaderInput) -> Iterator[RawArticle | ReadError]:
    """Yield each article of an issue; where METS names none, that its pages stand alone."""
    issue = _issue(document)
    pages: dict[str, RecognisedPage] = {}
    unread: list[ReadError] = []
    by, found = "ALTO", False
    for number, (file, href) in enumerate(issue.pages.items() if issue else (), 1):
        given.alive()
        data = given.beside(href)
        found = found or data is not None
        read = _page(data, number)
        if isinstance(read, str):
            unread.append(ReadError(given.file, f"page {href}", read))
        else:
            pages[file], by = read
    if issue is None or not found:
        yield LeftOut(given.file, {_UNREAD: 1})
        return
    yield from unread
    yield from _articles(issue, pages, given.file, by)
    yield from told_poor([*pages.values()], given.file)


def _page(data: bytes | None, number: int) -> tuple[RecognisedPage, str] | str:
    """Read a page and who recognised it; or say what is wrong with it."""
    if data is None:
        return "it is not beside the METS file that names it, or is too long"
    try:
        document, _ = element(without_prologue(decode(data).text))
    except (Damaged, Undecodable) as error:
        return str(error)
    found = alto.pages_of(document)
    if not found:
        return "it holds no page of ALTO"
    blocks = tuple(block for page in found for block in page.blocks)
    page = replace(found[0], number=number, blocks=blocks)
    return page, alto.software(document) or "ALTO"


def _articles(
    issue: Issue, pages: dict[str, RecognisedPage], file: str, by: str
) -> Iterator[RawArticle | ReadError]:
    """Yield the articles, then of each page what is in none of them."""
    blocks = _Blocks(pages)
    for number, one in enumerate(issue.articles, 1):
        made = recognised_text.article(
            blocks.taken(one.areas), file=file, by=by, **_facts(issue, one)
        )
        where = f"article {number}"
        if made is None:
            yield ReadError(file, where, "its blocks hold no words, or are not on the pages")
        else:
            yield replace(made, where=where, record=where, authors=one.authors)
    for page in blocks.left():
        rest = recognised_text.article([page], file=file, by=by, **_facts(issue, None))
        if rest is not None:
            where = f"page {page.number}, outside its articles"
            yield replace(rest, where=where, record=f"page {page.number}")


class _Blocks:
    """The blocks of all pages by the names that METS has for them, each given out once."""

    def __init__(self, pages: dict[str, RecognisedPage]) -> None:
        self._pages = pages
        self._named: dict[tuple[str, str], list[RecognisedBlock]] = {}
        self._taken: set[tuple[str, RecognisedBlock]] = set()
        for page, read in pages.items():
            for block in read.blocks:
                for one in block.ids:
                    self._named.setdefault((page, one), []).append(block)

    def taken(self, areas: Sequence[Area]) -> list[RecognisedPage]:
        """Return blocks as pages, in the order of an article: it may come back to a page."""
        made: list[tuple[str, list[RecognisedBlock]]] = []
        for page, named, kind in areas:
            for block in self._named.get((page, named), ()):
                if (page, block) in self._taken:
                    continue
                self._taken.add((page, block))
                if not made or made[-1][0] != page:
                    made.append((page, []))
                made[-1][1].append(replace(block, kind=kind))
        return [replace(self._pages[page], blocks=tuple(own)) for page, own in made]

    def left(self) -> Iterator[RecognisedPage]:
        """Yield of each page the blocks that nobody took."""
        for page, read in self._pages.items():
            rest = tuple(block for block in read.blocks if (page, block) not in self._taken)
            yield replace(read, blocks=rest)


def _facts(issue: Issue, one: IssueArticle | None) -> dict[str, str]:
    given = {
        "title": one.label if one else None,
        "outlet": issue.outlet,
        "published": issue.published,
        "language": one.language if one else None,
    }
    return {key: value for key, value in given.items() if value}


# --- what METS says --------------------------------------------------------------------------


def _issue(document: "_Element") -> Issue | None:
    """Read the structure of an issue; None where it names no article or no page."""
    said = {str(one.get("ID")): one for one in descendants(document, "dmdSec")}
    logical = [
        one
        for one in descendants(document, "structMap")
        if str(one.get("TYPE")).upper().startswith("LOGICAL")
    ]
    found = tuple(
        _article(one, said)
        for structure in logical[:1]
        for one in descendants(structure, "div")
        if _is_article(one) and not any(map(_is_article, one.iterancestors()))
    )
    files = {area[0] for one in found for area in one.areas}
    pages = {key: href for key, href in _files(document) if key in files}
    if not pages or len(pages) > _MOST_PAGES:
        return None
    about = next(
        (said[key] for key in _described(logical[0], "ISSUE", "NEWSPAPER") if key in said), None
    )
    return Issue(
        pages=pages,
        articles=tuple(one for one in found if one.areas),
        outlet=_first(about, "title") or None,
        published=_first(about, "dateIssued") or None,
    )


def _files(document: "_Element") -> Iterator[tuple[str, str]]:
    """Yield the files that are named, by their ids, each by its place from the METS file."""
    for one in descendants(document, "file"):
        for place in descendants(one, "FLocat"):
            href = str(place.get(_HREF) or "").replace("\\", "/")
            href = href.removeprefix("file:").removeprefix("//").removeprefix("./")
            if href and one.get("ID"):
                yield str(one.get("ID")), href


def _described(structure: "_Element", *types: str) -> Iterator[str]:
    for kind in types:
        for one in descendants(structure, "div"):
            if str(one.get("TYPE")).upper() == kind:
                yield from str(one.get("DMDID") or "").split()


def _is_article(one: "_Element") -> bool:
    return name(one) == "div" and str(one.get("TYPE")).upper() == "ARTICLE"


def _article(of: "_Element", said: "dict[str, _Element]") -> IssueArticle:
    about = next((said[key] for key in str(of.get("DMDID") or "").split() if key in said), None)
    people = descendants(about, "name")
    names = [_first(one, "displayForm") or " ".join(_parts(one)) for one in people]
    return IssueArticle(
        areas=tuple(_areas(of)),
        label=str(of.get("LABEL") or "").strip() or _first(about, "title") or None,
        authors=tuple(filter(None, names)),
        language=_first(about, "languageTerm") or None,
    )


def _parts(person: "_Element") -> list[str]:
    return [said for one in descendants(person, "namePart") if (said := line(one))]


def _areas(of: "_Element") -> Iterator[Area]:
    """Yield the blocks of an article in their order, each with what it is."""
    for one in descendants(of, "area"):
        if one.get("FILEID") and one.get("BEGIN"):
            above = (up for up in one.iterancestors() if name(up) == "div")
            inside = takewhile(lambda up: not _is_article(up), above)
            kinds = [str(up.get("TYPE") or "").upper() for up in inside]
            is_heading = any(mark in kind for kind in kinds for mark in _HEADINGS)
            kind = "caption" if "CAPTION" in kinds else "heading" if is_heading else ""
            yield str(one.get("FILEID")), str(one.get("BEGIN")), kind


def _first(of: "_Element | None", wanted: str) -> str:
    return next((said for one in descendants(of, wanted) if (said := line(one))), "")
