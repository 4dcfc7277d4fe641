"""NITF: the agencies' format of one article, alone or inside NewsML."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.clean.dates import read_date
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput, iptc
from ingest.readers.markup import (
    MENDED,
    Damaged,
    children,
    descendants,
    element,
    language,
    line,
    printed,
)
from ingest.readers.record_stream import records, root
from ingest.readers.record_text import plain_line, unescaped

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = r"(?:[\w.-]+:)?nitf"
_NITF = re.compile(rb"<(?:[\w.-]+:)?nitf[\s>]")
_APART = "body.head", "body.end"


class _Nitf:
    """NITF documents, one or several in a file."""

    name = "nitf"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has the outermost element of NITF."""
        outermost = root(head)
        inside = outermost not in {"", "html"} and _NITF.search(head)
        return 0.98 if outermost == "nitf" else 0.7 if inside else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        for record in records(given, _NAMES):
            if isinstance(record, ReadError):
                yield record
                continue
            where = f"line {record.line}"
            try:
                document, mended = element(record.text)
            except Damaged as error:
                yield ReadError(given.file, where, str(error))
                continue
            found = article(document)
            how = {"encoding": record.how} if record.how else {}
            how |= {"text": MENDED} if mended else {}
            if found.text.strip() or found.title:
                how |= dict(found.inferred)
                yield replace(
                    found, file=given.file, where=where, record=str(record.line), inferred=how
                )
            else:
                yield ReadError(given.file, where, "it has neither text nor headline")


def article(document: "_Element") -> RawArticle:
    """Read one NITF element."""
    head = next(children(document, "head"), None)
    facts = next(descendants(head, "docdata"), None)
    body = next(children(document, "body"), None)
    top = next(descendants(body, "body.head"), None)
    paper = next(descendants(head, "pubdata"), None)
    text = _text(body)
    note = _said(facts, "ed-msg", "info")
    corrected = next(descendants(facts, "correction"), None)
    killed = iptc.status(facts.get("management-status")) if facts is not None else None
    status = "withdrawn" if iptc.is_kill(note) else killed
    embargo = _embargo(facts, status)
    published, how = _published(facts, paper, top)
    return RawArticle(
        file="",
        text=text[0],
        title=_title(head, top)
        or (note or _said(facts, "doc-id", "id-string") if status else None),
        standfirst=_words(next(descendants(top, "abstract"), None)),
        captions=text[1],
        comments_apart=True,
        outlet=_outlet(facts, paper, top),
        authors=_authors(top),
        published=published,
        url=paper.get("ex-ref") if paper is not None else None,
        language=language(document),
        section=paper.get("position.section") if paper is not None else None,
        kind=iptc.kind(
            one.get("tobject.property.type") for one in descendants(head, "tobject.property")
        ),
        id=_said(facts, "doc-id", "id-string"),
        embargo_until=embargo,
        rights=_rights(facts, top),
        status=None if embargo else status,  # an embargo whose end is stated ends
        corrections=_corrections(note, corrected, status),
        corrects=corrected.get("id-string") if corrected is not None else None,
        inferred={"date": how} if how else {},
        metadata=_metadata(facts, paper, note),
    )


def _text(body: "_Element | None") -> tuple[str, tuple[str, ...]]:
    """Return the words and captions of the content alone."""
    found = next(descendants(body, "body.content"), None)
    if found is None and body is not None and not list(descendants(body, *_APART)):
        found = body
    if found is None:
        return "", ()
    said = unescaped(printed(found))
    return said.text, said.captions


def _title(head: "_Element | None", top: "_Element | None") -> str | None:
    headlines = (*descendants(top, "hl1"), *descendants(top, "hedline"), *children(head, "title"))
    return next((plain_line(said) for one in headlines if (said := line(one))), None)


def _words(of: "_Element | None") -> str | None:
    return printed(of).text or None if of is not None else None


def _authors(top: "_Element | None") -> tuple[str, ...]:
    """Return who is named in the bylines: the person where one is marked, else the line."""
    found: list[str] = []
    for byline in descendants(top, "byline"):
        people = [name for one in descendants(byline, "person") if (name := line(one))]
        if not people:
            titles = {id(one) for one in descendants(byline, "byttl")}
            pieces = [byline.text or ""]
            pieces += [
                (line(one) or "" if id(one) not in titles else "") + (one.tail or "")
                for one in byline
            ]
            name = " ".join("".join(pieces).split()).strip(" ,;")
            people = [name] if name else []
        found += people
    return tuple(dict.fromkeys(found))


def _outlet(
    facts: "_Element | None", paper: "_Element | None", top: "_Element | None"
) -> str | None:
    named = [paper.get("name")] if paper is not None else []
    named += [line(one) for one in descendants(top, "distributor")]
    named += [one.get("holder") for one in descendants(facts, "doc.copyright")]
    return next((name.strip() for name in named if name and name.strip()), None)


def _published(
    facts: "_Element | None", paper: "_Element | None", top: "_Element | None"
) -> tuple[str | None, str | None]:
    """Return the date, and how it was told where it is not that of the issue."""
    if issued := _said(facts, "date.issue", "norm"):
        return iptc.moment(issued), None
    if paper is not None and (printed_on := paper.get("date.publication")):
        return iptc.moment(printed_on), None
    if released := _said(facts, "date.release", "norm"):
        return iptc.moment(released), "date of release"
    story = next(descendants(top, "story.date"), None)
    given = story.get("norm") or line(story) if story is not None else None
    return iptc.moment(given), "date in the dateline" if given else None


def _embargo(facts: "_Element | None", status: iptc.Status) -> str | None:
    """Return when it may be used: its release, if it is embargoed or came before that."""
    if status not in {None, "withheld"}:
        return None
    issue = read_date(iptc.moment(_said(facts, "date.issue", "norm")) or "").moment
    released = _zoned(iptc.moment(_said(facts, "date.release", "norm")), issue)
    if status == "withheld":
        return released
    moment = read_date(released or "").moment
    return released if moment and issue and moment > issue else None


def _zoned(given: str | None, issue: datetime | None) -> str | None:
    """Return a release with a zone: its own, else that of the issue, else that of the wires."""
    read = read_date(given or "")
    if given is None or read.day is None or read.moment:
        return given
    clock = given.partition("T")[2] or "00:00:00"
    return datetime.fromisoformat(f"{read.day}T{clock}").replace(
        tzinfo=issue.tzinfo if issue else UTC
    ).isoformat()  # fmt: skip


def _rights(facts: "_Element | None", top: "_Element | None") -> str | None:
    copyrights = [
        f"Copyright {one.get('year') or ''} {one.get('holder')}".replace("  ", " ")
        for one in descendants(facts, "doc.copyright")
        if one.get("holder")
    ]
    terms = [line(one) for one in descendants(top, "rights")]
    return "\n".join(one for one in (*copyrights, *terms) if one) or None


def _corrections(
    note: str | None, corrected: "_Element | None", status: iptc.Status
) -> tuple[str, ...]:
    given = [corrected.get("info") if corrected is not None else None]
    given += [note] if iptc.is_notice(note) or status == "withdrawn" else []
    return tuple(dict.fromkeys(one.strip() for one in given if one and one.strip()))


def _metadata(
    facts: "_Element | None", paper: "_Element | None", note: str | None
) -> dict[str, object]:
    key = next(descendants(facts, "du-key"), None)
    words_of_key = [one.get("key") for one in descendants(facts, "keyword") if one.get("key")]
    found = {
        "version": key.get("version") if key is not None else None,
        "edition": paper.get("edition.name") if paper is not None else None,
        "urgency": _said(facts, "urgency", "ed-urg"),
        "tags": words_of_key,
        "editors' note": note,
    }
    return {name: value for name, value in found.items() if value}


def _said(of: "_Element | None", child: str, attribute: str) -> str | None:
    found = (one.get(attribute) or "" for one in descendants(of, child))
    return next((value.strip() for value in found if value.strip()), None)


reader: Reader = _Nitf()
