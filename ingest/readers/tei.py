"""TEI: the articles of an edition, its printed lines made whole again, its pages as places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.bylines import tidied
from ingest.readers.markup import (
    MENDED,
    Damaged,
    children,
    descendants,
    element,
    language,
    line,
    name,
)
from ingest.readers.record_stream import root, without_prologue
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOTS = frozenset({"TEI", "TEI.2", "teiCorpus"})
_ARTICLE = frozenset("article artikel news report story".split())
_BLOCKS = frozenset("p ab head l item u sp opener closer byline dateline row trailer".split())
_NOT_PRINTED = frozenset("fw figDesc teiHeader sic orig abbr".split())
_HYPHEN = re.compile(r"[-\u00ad\u2010¬]\s*$")


class _Tei:
    """Texts of the Text Encoding Initiative."""

    name = "tei"

    def sniff(self, head: bytes, file: str) -> float:
        """Take the outermost element of TEI."""
        return 0.98 if root(head) in _ROOTS else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield each division that is an article, else the text as one."""
        read = whole(given)
        try:
            document, mended = element(without_prologue(read.text))
        except Damaged as error:
            raise ReadError(given.file, "line 1", str(error)) from error
        how = {"text": MENDED} if mended else {}
        how |= {"encoding": read.how} if read.how else {}
        editions = (
            [document, *descendants(document, "TEI")][-1:]
            if name(document) != "teiCorpus"
            else [*descendants(document, "TEI")]
        )
        number = 0
        for edition in editions:
            about = _edition(edition)
            for division in _divisions(edition):
                number += 1
                yield _article(about, division, given.file, number, how)
        if not number:
            yield ReadError(given.file, "", "it holds no text")


def _divisions(edition: "_Element") -> "Iterator[_Element]":
    bodies = [body for text in children(edition, "text") for body in descendants(text, "body")]
    for body in bodies:
        marked = [
            one
            for one in descendants(body, "div", "div1", "div2", "div3")
            if str(one.get("type")).lower() in _ARTICLE
        ]
        yield from marked or [body]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """What the head of an edition says of all its articles."""

    outlet: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
    rights: str | None


def _edition(edition: "_Element") -> _Edition:
    head = next(children(edition, "teiHeader"), None)
    source = descendants(next(descendants(head, "sourceDesc"), None), "title")
    journal = next((one for one in source if one.get("level") == "j"), None)
    stated = next(descendants(head, "titleStmt"), None)
    edited = next(descendants(stated, "title"), None)
    return _Edition(
        outlet=line(journal if journal is not None else edited),
        authors=tuple(said for one in children(stated, "author") if (said := line(one))),
        published=_date(head),
        language=language(edition),
        rights=line(next(descendants(head, "licence", "availability"), None)),
    )


def _article(
    edition: _Edition, division: "_Element", file: str, number: int, how: dict[str, str]
) -> RawArticle | ReadError:
    printer = _TeiPrinter()
    printer.add(division)
    where = f"division {number}"
    if not printer.pieces:
        return ReadError(file, where, "it holds no words")
    head = next(descendants(division, "head"), None)
    title = _words(head) or None if head is not None else None
    whole = edition.authors if name(division) == "body" else ()
    authors = [said for one in descendants(division, "docAuthor", "byline") if (said := line(one))]
    return RawArticle(
        file=file,
        where=where,
        record=str(number),
        text="\n\n".join(printer.pieces),
        title=title,
        captions=tuple(printer.captions),
        outlet=edition.outlet if edition.outlet != title else None,
        authors=tuple(filter(None, map(tidied, authors))) or whole,
        published=edition.published,
        language=language(division) or edition.language,
        id=str(division.get("{http://www.w3.org/XML/1998/namespace}id") or "") or None,
        rights=edition.rights,
        comments_apart=True,
        inferred=how,
        metadata={"pages": printer.pages} if printer.pages else {},
    )


def _date(head: "_Element | None") -> str | None:
    """Return the day of the source, else that of the edition: of print before that of the file."""
    for place in ("sourceDesc", "publicationStmt"):
        for one in descendants(next(descendants(head, place), None), "date"):
            if given := one.get("when") or one.get("when-iso") or line(one):
                return str(given)
    return None


class _TeiPrinter:
    """Collects the blocks of a division, and where in them a page begins."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.captions: list[str] = []
        self.pages: list[list[int]] = []
        self._length = 0

    def add(self, of: "_Element") -> None:
        """Add what stands in an element, block by block."""
        stack = [*reversed(of)]
        while stack:
            one = stack.pop()
            kind = name(one)
            if kind == "pb":
                self._page(one)
            elif kind == "figure":
                said = _words(one)
                self.captions += [said] if said else []
            elif kind in _BLOCKS:
                self._block(one)
            elif kind not in _NOT_PRINTED:
                stack.extend(reversed(one))

    def _page(self, one: "_Element") -> None:
        number = str(one.get("n") or "").strip()
        if number.isdecimal() and len(number) < 7:
            start = self._length + 2 if self.pieces else 0
            if not self.pages and start:
                self.pages.append([int(number) - 1, 0])
            self.pages.append([int(number), start])

    def _block(self, one: "_Element") -> None:
        for inner in descendants(one, "pb"):
            self._page(inner)
        for part in (one, *descendants(one, "note")):
            if said := _words(part):
                self._length += len(said) + (2 if self.pieces else 0)
                self.pieces.append(said)


def _words(of: "_Element") -> str:
    """Return the words of a block, a word that was parted at the end of a line made whole."""
    pieces = [of.text or ""]
    stack: list[_Element | str] = []
    _push(stack, of)
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            pieces.append(one)
        elif name(one) in {"lb", "pb", "cb"}:
            if one.get("break") == "no":
                pieces[-1] = _HYPHEN.sub("", pieces[-1].rstrip())
            else:
                pieces.append(" ")
        elif name(one) not in _NOT_PRINTED and name(one) != "note":  # it stands under the block
            pieces.append(one.text or "")
            _push(stack, one)
    return " ".join("".join(pieces).split())


def _push(stack: "list[_Element | str]", of: "_Element") -> None:
    for one in reversed(of):
        stack.append(one.tail or "")
        stack.append(one)


reader: Reader = _Tei()
