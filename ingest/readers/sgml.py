"""SGML newswire collections: Reuters-21578 and those that are marked up like it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import MENDED, Damaged, descendants, element, line, name, printed
from ingest.readers.record_stream import MarkedRecord, records

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = "REUTERS|DOC"
_LOOKS = re.compile(
    r"\s*(?:<!DOCTYPE\s[^>]{1,200}>\s*)?<(?:REUTERS|DOC)(?:\s[^>]{0,500})?>\s*(?:<[A-Z]|$)"
)
_CONTROL = re.compile(r"&#\d{1,2};")
_BARE = re.compile(r"(<[A-Z]+)((?:\s+[\w-]+=[^\s\"'<>]+)+)\s*>")
_INDENT = re.compile(r"\n(?=[^\S\n]{2,}\S)|\n[^\S\n]*\n")
_END = re.compile(r"(?:reuters?|\x03)\Z", re.IGNORECASE)
_LONGEST_END = len("reuters")


class _Sgml:
    """Elements REUTERS or DOC, one after another without an outermost one."""

    name = "sgml"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what begins with a document of such a collection."""
        return 0.95 if _LOOKS.match(peek(head) or "") else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        for record in records(given, _NAMES):
            if isinstance(record, ReadError):
                yield record
                continue
            try:
                found = _article(given.file, record)
            except Damaged as error:
                yield ReadError(given.file, f"line {record.line}", str(error))
                continue
            if found.text.strip() or found.title:
                yield found
            else:
                yield ReadError(given.file, f"line {record.line}", "it has neither text nor title")


def _article(file: str, record: MarkedRecord) -> RawArticle:
    document, mended = element(_CONTROL.sub("", _BARE.sub(_quoted, record.text)))
    said = {
        name(one): line(one)
        for one in reversed(list(document.iter()))
        if isinstance(one.tag, str) and not len(one)
    }
    bodies = (*descendants(document, "BODY"), *descendants(document, "TEXT"))
    how = {"encoding": record.how} if record.how else {}
    how |= {"text": MENDED} if mended else {}
    is_reuters = name(document) == "REUTERS"
    topics = [text for one in descendants(document, "D") if (text := line(one))]
    return RawArticle(
        file=file,
        where=f"line {record.line}",
        record=str(record.line),
        text=_paragraphs(bodies[0]) if bodies else "",
        title=_first(said, "TITLE", "HEADLINE", "HEAD", "HL"),
        comments_apart=True,
        outlet="Reuters" if is_reuters else _first(said, "SOURCE", "SO"),
        authors=(author,) if (author := _first(said, "AUTHOR", "BYLINE")) else (),
        published=_first(said, "DATE", "DATE_TIME", "DD"),
        id=document.get("NEWID") or _first(said, "DOCNO", "DOCID") or document.get("id"),
        rights=_first(said, "COPYRIGHT"),
        inferred=how | ({"outlet": "name of the element"} if is_reuters else {}),
        metadata={
            key: value
            for key, value in (("dateline", said.get("DATELINE")), ("tags", topics))
            if value
        },
    )


def _quoted(tag: re.Match[str]) -> str:
    return tag[1] + re.sub(r"=(\S+)", r'="\1"', tag[2]) + ">"


def _first(said: dict[str, str | None], *names: str) -> str | None:
    return next((value for one in names if (value := said.get(one))), None)


def _paragraphs(body: "_Element") -> str:
    """Part the paragraphs by a blank line: by their tags, else by their indented first lines."""
    if any(True for _ in descendants(body, "P")):
        return _without_end(printed(body).text)
    joined = (" ".join(one.split()) for one in _INDENT.split("".join(body.itertext())))
    return _without_end("\n\n".join(one for one in joined if one))


def _without_end(text: str) -> str:
    """Return a text without the agency's signs at its end, each looked at once."""
    end = len(text.rstrip())
    while found := _END.search(text, max(0, end - _LONGEST_END), end):
        text = text[: found.start()].rstrip()
        end = len(text)
    return text


reader: Reader = _Sgml()
