"""Factiva (Dow Jones): documents delivered together as text, RTF, HTML or XML.

Its article form prints headline, byline, length, day, source, code, language and copyright, one
under another, and closes each document with its number; its indexed form names each by a code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import (
    MENDED,
    Damaged,
    descendants,
    element,
    line,
    name,
    page_tree,
    printed,
)
from ingest.readers.press_document import (
    PressDocument,
    day,
    found,
    is_copyright,
    labels,
    named,
)
from ingest.readers.record_stream import records
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_NUMBER = re.compile(r"\s*([^\W\d_]{6,10})\s+([A-Z0-9]{3,8}[0-9]{3,10}[a-z0-9]{6,14})\s*")
_LENGTH = re.compile(r"\s*\d[\d.,'\s]{0,9}\s*([^\W\d_]{1,12})\s*")
_CLOCK = re.compile(r"\s*\d{1,2}:\d\d\b.*")
_CODE = re.compile(r"\s*[A-Z0-9]{2,8}\s*")
# https://www.dowjones.com: the field codes of Factiva's indexing
_CODES = {
    "HD": "headline", "SE": "section", "BY": "byline", "CR": "credit", "WC": "length",
    "PD": "date", "ET": "time", "SN": "source", "SC": "source_code", "ED": "edition",
    "PG": "page", "VOL": "volume", "LA": "language", "CY": "copyright", "LP": "lead", "TD": "text",
    "CT": "contact", "RF": "notes", "ART": "caption", "CO": "companies", "IN": "industries",
    "NS": "subjects", "RE": "regions", "IPC": "ipc", "IPD": "ipd", "PUB": "publisher", "AN": "id",
    "CLM": "column", "GC": "geography", "DLN": "dateline",
}  # fmt: skip
_HEADLINE_WORDS = 4  # over a name that stands without "by"
_CODED = re.compile(rf"\s*({'|'.join(_CODES)})(?:\s*[|\t]\s*|\s+|$)(.*)")
_KEPT = frozenset(
    "headline date source copyright id byline section length edition page language caption "
    "dateline".split()
)
_LOOK_HTML = re.compile(
    r"class=[\"']article(?:\s|[\"'])|class=[\"']?articleParagraph", re.IGNORECASE
)
_LOOK_TEXT = re.compile(
    r"\b[A-Z0-9]{3,8}\d{8}[a-z0-9]{6,14}\b|^[^\S\n]*+(?:HD|PD|SN)\b", re.MULTILINE
)
_PAGE = re.compile(r"<(?:html|head|body|div|table)\b", re.IGNORECASE)
_TITLED = re.compile(r"<title>\s*Factiva\b", re.IGNORECASE)
_LOOK_XML = re.compile(r"<(?:\w+:)?(?:ppsarticle|DistDoc|ReplyItem)[\s>]", re.IGNORECASE)
_RECORDS = r"(?:[\w.-]+:)?(?:ppsarticle|DistDoc)"


class _Factiva:
    """Deliveries of Factiva; those in RTF and DOCX come by their own readers."""

    name = "factiva"

    def sniff(self, head: bytes, file: str) -> float:
        """Take text, a page or XML in which documents stand as Factiva prints them."""
        text = (peek(head) or "").lstrip()
        if text.startswith("<"):
            page = _LOOK_HTML.search(text) and re.search(r"factiva|dow jones", text, re.IGNORECASE)
            return 0.97 if page or _LOOK_XML.search(text) or _TITLED.search(text) else 0.0
        if text.startswith(("{", "[")):
            return 0.0
        if not _LOOK_TEXT.search(text):
            return 0.0
        lines = text.splitlines()
        return 0.97 if is_ours(lines) or _coded(lines) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        head = (peek(given.stream.peek(65_536)[:65_536]) or "").lstrip()
        if head.startswith("<") and not _PAGE.search(head):
            yield from _of_xml(given)
            return
        text = whole(given).text
        if head.startswith("<"):
            made = found(map(_of_page, _pages(text)), wrapped=False)
        else:
            made = documents(text.replace("\r\n", "\n").split("\n"), wrapped=False)
        yield from named(made, given.file, "Factiva")


def is_ours(lines: Sequence[str]) -> bool:
    """Whether lines are documents of Factiva, each closed with its number."""
    if not any(map(_number, lines)):
        return False
    return _coded(lines) or any(map(_is_length, lines))


def documents(lines: Sequence[str], *, wrapped: bool) -> Iterator[RawArticle | ReadError]:
    """Yield an article a document."""
    read = _of_codes if _coded(lines) else _of_lines
    return found(map(read, _parted(lines)), wrapped=wrapped)


def _number(text: str) -> str | None:
    """Return the number of a document where a line closes one."""
    match = _NUMBER.fullmatch(text)
    return match[2] if match and match[1].casefold() in labels("factiva")["document"] else None


def _is_length(text: str) -> bool:
    match = _LENGTH.fullmatch(text)
    return bool(match) and match[1].casefold() in labels("factiva")["words"]  # type: ignore[index]


def _coded(lines: Sequence[str]) -> bool:
    """Whether fields are named by their codes: those that every document has."""
    seen = {match[1] for one in lines[:2_000] if (match := _CODED.fullmatch(one))}
    return {"HD", "PD", "SN"} <= seen and bool(seen & {"LP", "TD", "AN"})


def _parted(lines: Sequence[str]) -> Iterator[list[str]]:
    held: list[str] = []
    for one in lines:
        coded = _CODED.fullmatch(one)
        held.append(one.replace("\xa0", " "))
        if _number(one) or (coded and _number(coded[2])):
            yield held
            held = []
    if any(map(_is_length, held)) or _coded(held):
        yield held  # cut off before its end


# --- the article form ------------------------------------------------------------------------


def _of_lines(lines: list[str]) -> PressDocument:
    at = next((n for n, one in enumerate(lines) if _is_length(one)), 0)
    above = [one.strip() for one in lines[:at] if one.strip()]
    document = PressDocument(id=next(filter(None, map(_number, reversed(lines))), None))
    by = next((n for n, one in enumerate(above) if _is_byline(one)), len(above))
    if by == len(above) > 1 and _is_name(above[-1]) and len(above[-2].split()) >= _HEADLINE_WORDS:
        by -= 1
    document.title = above[by - 1] if by else ""
    document.put("section", above[by - 2] if by > 1 else "")
    for one in above[by:]:
        document.put("byline", _without_by(one))
    _below(document, [one for one in lines[at:] if _number(one) is None])
    return document


def _is_name(text: str) -> bool:
    """Whether a line under a headline is a name alone: two or three words, each with a capital."""
    words = text.split()
    return 2 <= len(words) <= 3 and all(w[0].isupper() and w[1:].islower() for w in words)


def _is_byline(text: str) -> bool:
    return text.split(maxsplit=1)[0].casefold() in labels("factiva")["by"]


def _without_by(text: str) -> str:
    return text.split(maxsplit=1)[-1] if _is_byline(text) else text


def _below(document: PressDocument, lines: list[str]) -> None:
    """Read what stands from the length on: day, source, code, language, copyright, the text."""
    rest = [one.strip() for one in lines]
    document.put("length", rest.pop(0) if rest and _is_length(rest[0]) else "")
    head = next((n for n, one in enumerate(rest[:14]) if is_copyright(one)), None)
    if head is None:
        head = next((n for n, one in enumerate(rest[:12]) if _is_language(one)), -1)
    facts = [one for one in rest[: head + 1] if one]
    for one in facts:
        _fact(document, one)
    document.body = rest[head + 1 :]


def _is_language(text: str) -> bool:
    return text.casefold() in labels("factiva")["languages"]


def _fact(document: PressDocument, text: str) -> None:
    """Tell what a line of the head is, by its form and by what came before it."""
    if is_copyright(text):
        document.rights.append(text)
    elif not document.published:
        document.published = day(text) or ""
    elif _is_language(text):
        document.put("language", text)
    elif _CLOCK.fullmatch(text):
        document.about["time"] = text
    elif not document.outlet:
        document.outlet = text
    elif "source_code" not in document.about and _CODE.fullmatch(text):
        document.about["source_code"] = text
    else:
        document.put("page" if text[:1].isdigit() or len(text) < 4 else "edition", text)


# --- the indexed form ------------------------------------------------------------------------


def _of_codes(lines: list[str]) -> PressDocument:
    fields: list[tuple[str, list[str]]] = []
    for one in lines:
        match = _CODED.fullmatch(one)
        if match:
            fields.append((match[1], [match[2].strip(" |")]))
        elif fields:
            fields[-1][1].append(one.strip(" |"))
    return _of_fields(fields)


def _of_fields(fields: Sequence[tuple[str, list[str]]]) -> PressDocument:
    document = PressDocument()
    for code, values in fields:
        said = " ".join(filter(None, values))
        kind = _CODES[code]
        if kind in {"lead", "text"}:
            document.body += [*values, ""]
        elif kind in _KEPT:
            document.put(kind, _without_by(said) if kind == "byline" and said else said)
        elif said:
            document.about[kind] = said
    document.title = document.said("headline") or ""
    document.published = document.said("date") or ""
    document.outlet = document.said("source") or ""
    document.rights = document.fields.get("copyright", [])
    number = document.said("id")
    document.id = (_number(number) or number) if number else None
    return document


# --- pages and XML ---------------------------------------------------------------------------


def _pages(text: str) -> "list[_Element]":
    """Return the documents of a page, the innermost elements that are one."""
    tree = page_tree(text)
    marked = [one for one in tree.iter() if _is_article(one)]
    return [one for one in marked if not any(_is_article(inner) for inner in one.iterdescendants())]


def _is_article(one: "_Element") -> bool:
    return "article" in (one.get("class") or "").split()


def _of_page(article: "_Element") -> PressDocument:
    rows = [
        (code, [part for cell in cells[1:] for part in printed(cell).text.split("\n")])
        for row in descendants(article, "tr")
        if len(cells := [*descendants(row, "td")]) > 1
        and (code := (line(cells[0]) or "")) in _CODES
    ]
    if rows:
        return _of_fields(rows)
    return _of_lines([said for said in printed(article).text.split("\n") if said])


def _of_xml(given: ReaderInput) -> Iterator[RawArticle | ReadError]:
    empty = True
    for record in records(given, _RECORDS):
        empty = False
        if isinstance(record, ReadError):
            yield record
            continue
        where = f"line {record.line}"
        try:
            document, mended = element(record.text)
        except Damaged as error:
            yield ReadError(given.file, where, str(error))
            continue
        one = next(found([_of_element(document)], wrapped=False))
        if isinstance(one, ReadError):
            yield ReadError(given.file, where, one.message)
        else:
            how = {"text": MENDED} if mended else {}
            yield replace(one, file=given.file, where=where, record=str(record.line), inferred=how)
    if empty:
        yield from named((), given.file, "Factiva")


def _of_element(of: "_Element") -> PressDocument:
    """Read a document of the archive's answers (`article`) or of its feeds (`DistDoc`)."""
    held: dict[str, list[_Element]] = {}
    for one in of.iter():
        held.setdefault(name(one).lower(), []).append(one)

    def first(*names: str) -> str:
        said = (line(one) or one.get("value") for n in names for one in held.get(n, ()))
        return next(filter(None, said), None) or ""

    document = PressDocument(title=first("headline"), outlet=first("sourcename", "srcname"))
    document.published = first("date", "publicationdate")
    document.id = of.get("an") or first("accessionno", "reference").rpartition("::")[2] or None
    byline = first("byline")
    document.put("byline", _without_by(byline) if byline else "")
    document.put("section", first("sectionname"))
    document.put("language", first("baselanguage", "baselang"))
    document.rights = [said for said in [first("copyright")] if said]
    for body in (n for n in held if n.startswith(("leadpara", "tailpara"))):
        for one in held[body]:
            parts = [*descendants(one, "paragraph", "Para", "para")] or [one]
            document.body += [line(part) or "" for part in parts]
    return document


reader: Reader = _Factiva()
