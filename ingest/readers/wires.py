"""Wires of agencies before XML: IPTC 7901 and ANPA 1312, one message or many in a file."""

import re
from collections.abc import Iterator

from ingest.article import RawArticle
from ingest.clean.printed_text import one_line
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput, iptc
from ingest.readers.encoding import Undecodable, decode
from ingest.readers.press_document import paragraphs

_MESSAGE = re.compile(rb"\x01([^\x01\x02]{1,2000})\x02([^\x01\x03]*)(?:\x03([^\x01\x04]{0,200}))?")
_OPENS = re.compile(rb"\s*+(?:\x16{1,4}\s*+)?\x01[\w \t.\x1f#-]{3,80}")
_ANPA = re.compile(r"\s*(\w)(\d{4})\x1f([\w-]*)")
_ANPA_KEYWORD = re.compile(r"[\x11\x12]\s*(?:\w\w-)?([^\r\n]+?)\s+(\d{1,2})-(\d{1,2})\s+(\d{0,5})")
_ANPA_SENT = re.compile(r"([A-Z]{2,5})-\w+-(\d\d)-(\d\d)-(\d\d)\s+(\d\d)(\d\d)\s*GMT")
_IPTC = re.compile(r"\s*([a-zA-Z]*)(\d+)\s+(\w)\s+(\w)\s+(\d+)\s*([^\r\n]*)")
_IPTC_SENT = re.compile(r"(\d\d)(\d\d)(\d\d)\s*(?:GMT|UTC|Z)?\s+([A-Za-z]{3,9})\s+(\d\d)")
_AGENCY = re.compile(r"\b([A-Za-z]{2,8})\s+\d{1,4}\s*$")
_NOT_PRINTED = re.compile(
    r"^.*\bnot (?:intended )?for publication\b.*$", re.IGNORECASE | re.MULTILINE
)
_KEYWORD = re.compile(
    r"\s*(?:[A-Z]{2}-[\w&/-]+(?:,\s[^\n]{0,40})?|[^\s/][^/\n]{0,40}(?:/[^/\n]{1,40}){0,8}/)\s*$"
)
_INDENT = re.compile(r"(?: {2,8}|\t)\S")
_BY = re.compile(r"by\s+(.+)", re.IGNORECASE)
_NOTE = re.compile(r"(?:eds|editors?['’]?s? note)\b\W*(.*)", re.IGNORECASE | re.DOTALL)
_PICTURES = re.compile(r"(?:AP )?(?:Photos?|Video|Graphics?)\b", re.IGNORECASE)
_LIMIT = 3 * RECORD_LIMIT


class _Wire:
    """Messages between control characters, as lines to newspapers carried them."""

    name = "wire"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what opens with the start of a header, followed by that of a text."""
        return 0.97 if _OPENS.match(head) and _MESSAGE.search(head) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a message."""
        data = given.stream.read(_LIMIT + 1)
        if len(data) > _LIMIT:
            raise ReadError(given.file, "", f"it is longer than {_LIMIT:,} bytes", "split it")
        number = 0
        for number, found in enumerate(_MESSAGE.finditer(data), 1):
            where = f"message {number}"
            try:
                parts = [decode(part or b"", given=given.encoding, declared="cp1252").text
                         for part in found.groups()]  # fmt: skip
            except Undecodable as error:
                yield ReadError(given.file, where, str(error))
                continue
            yield _article(parts, given.file, where)
        if not number:
            yield ReadError(given.file, "", "it holds no whole message")


def _article(parts: list[str], file: str, where: str) -> RawArticle | ReadError:
    header, body, trailer = parts
    made = _anpa(header, body, trailer) if _ANPA.match(header) else _iptc(header, body, trailer)
    if not made["text"] and not made["title"]:
        return ReadError(file, where, "it has neither headline nor text")
    note = made["note"]
    return RawArticle(
        file=file,
        where=where,
        record=where,
        text=made["text"],
        title=made["title"] or None,
        comments_apart=True,
        outlet=made["outlet"] or None,
        authors=(made["author"],) if made["author"] else (),
        published=made["sent"] or None,
        status="withdrawn" if iptc.is_kill(note) else None,
        corrections=(note,) if note and iptc.is_notice(note) else (),
        inferred={"date": "when it was sent"} if made["sent"] else {},
        metadata={
            name: made[name]
            for name in ("format", "slugline", "category", "priority", "number", "note", "apart")
            if made[name]
        },
    )


_FIELDS = (
    "text title outlet author sent note format slugline category priority number apart".split()
)


def _anpa(header: str, body: str, trailer: str) -> dict[str, str]:
    made = dict.fromkeys(_FIELDS, "") | {"format": "ANPA 1312"}
    if opened := _ANPA.match(header):
        made["number"] = opened[1] + opened[2]
    if keyword := _ANPA_KEYWORD.search(header):
        made["slugline"] = one_line(keyword[1])
    codes = re.search(r"[\r\n]\s*(\w)\s+(\w)\s*[\x13\x14]", header)
    made["priority"], made["category"] = (codes[1], codes[2]) if codes else ("", "")
    if sent := _ANPA_SENT.search(trailer):
        agency, month, day, year, hour, minute = sent.groups()
        century = 19 if int(year) > 68 else 20
        made["sent"] = f"{century}{year}-{month}-{day}T{hour}:{minute}:00Z"
        made["outlet"] = agency
    lines = [one.rstrip("\r") for one in body.split("\n")]
    marked = [one.strip("^<= \t") for one in lines if one.startswith("^")]
    _marked(made, [one for one in marked if one])
    told = {"^" + one for one in marked}
    rest = [
        one for one in lines if not one.startswith("^") or "^" + one.strip("^<= \t") not in told
    ]
    made["text"] = "\n\n".join(one.strip(" \t^<") for one in rest if one.strip(" \t^<_-"))
    return made


def _marked(made: dict[str, str], lines: list[str]) -> None:
    """Read the lines above a text: what it is called, its headline, notes, who wrote it."""
    notes, apart = list[str](), list[str]()
    for line in lines[1:]:
        by, note = _BY.fullmatch(line), _NOTE.match(line)
        if note:
            notes.append(note[1])
        elif by:
            made["author"] = by[1]
        elif not made["title"] and not _PICTURES.match(line):
            made["title"] = line
        else:
            apart.append(line)
    made["note"], made["apart"] = " ".join(notes).strip(), "\n".join(apart).strip()


def _iptc(header: str, body: str, trailer: str) -> dict[str, str]:
    made = dict.fromkeys(_FIELDS, "") | {"format": "IPTC 7901"}
    first, *slugs = [one.strip() for one in header.strip().splitlines() if one.strip()] or [""]
    if opened := _IPTC.match(first):
        made["number"] = opened[1] + opened[2]
        made["priority"], made["category"] = opened[3], opened[4]
        agency = _AGENCY.search(opened[6])
        made["outlet"] = agency[1] if agency else ""
    made["slugline"] = " ".join(slugs).strip("/ ")
    head, _, rest = body.replace("\r\n", "\n").lstrip("\n").partition("\n")
    if _KEYWORD.match(head):  # the headline stands under it
        made["slugline"] = made["slugline"] or head.strip("/ \t\r")
        head, _, rest = rest.lstrip("\n").partition("\n")
    made["title"] = head.strip(" =")
    apart = _NOT_PRINTED.search(rest)
    made["apart"] = rest[apart.start() :].strip() if apart else ""
    printed = rest[: apart.start()] if apart else rest
    pieces = [one for one in paragraphs(_parted(printed)) if one.strip("*# ")]
    if pieces and (by := _BY.fullmatch(pieces[0])):
        made["author"] = by[1]
        del pieces[0]
    made["text"] = "\n\n".join(pieces)
    if sent := _IPTC_SENT.search(trailer):
        day, hour, minute, month, year = sent.groups()
        century = 19 if int(year) > 68 else 20
        made["sent"] = f"{day} {month} {century}{year} {hour}:{minute}"
        if re.search(r"GMT|UTC|Z\b", trailer):
            made["sent"] += " GMT"
    return made


def _parted(text: str) -> list[str]:
    """Return the lines of a text with a blank one before each that opens a paragraph."""
    lines = text.split("\n")
    return [line for one in lines for line in (("", one) if _INDENT.match(one) else (one,))]


reader: Reader = _Wire()
