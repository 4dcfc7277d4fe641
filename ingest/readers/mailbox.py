"""Mail: one article a message, from a mailbox (mbox) or a single message."""

import email
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, cast

from ingest.article import RawArticle
from ingest.clean.byline_names import of_sender
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.encoding import HINT, Undecodable, decode
from ingest.readers.fields import Record, WrongField, article, check_mapping
from ingest.readers.mail_headers import as_mail
from ingest.readers.markup import words
from ingest.readers.webpage import reader as web_page

_FROM = re.compile(rb"From .*\d{4}\s*$")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"([!-9;-~]{1,70}):(?:[ \t]|\r?$)|[ \t]+\S")
_OF_MAIL = frozenset({b"from", b"date", b"subject", b"message-id", b"received", b"to"})
_MOST_HEADERS = 2_000  # lines; a mail that passed through many hands has hundreds
_LONGEST_HEADER = 1_000  # characters that are parsed: the email package takes their cube
_LONGEST_WORDS = 5_000  # of a longer one that are decoded
_HALF = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_LONG = 60  # words of a plain text that cannot be a mere hint at the page that is sent along
# What the email package raises, beside its own errors, where a message is broken.
_FAULTS = (
    AttributeError, AssertionError, IndexError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class _MailPolicy(EmailPolicy):
    """The package's own, which leaves a header that is too long to be one as it stands."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if len(value) <= _LONGEST_HEADER:
            return super().header_fetch_parse(name, value)
        if name.lower().startswith("content-"):  # only its first words and names are asked for
            return super().header_fetch_parse(name, value[:_LONGEST_HEADER])
        words = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if len(value) > _LONGEST_WORDS:
            return words
        try:
            return str(make_header(decode_header(" ".join(words.split()))))
        except _FAULTS:
            return words


class _Mailbox:
    """Mailboxes and messages; of a mail its text, else the page that it holds."""

    name = "mbox"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what begins with the line between messages, or with the headers of one."""
        lines = head.lstrip(b"\r\n").split(b"\n", _MOST_HEADERS)
        if len(lines) > 1 and _FROM.match(lines[0]) and _HEADER.match(lines[1]):
            return 0.95
        names = set()
        lines = as_mail(head).split(b"\n", _MOST_HEADERS)
        for line in lines[:_MOST_HEADERS]:
            if not (found := _HEADER.match(line)):
                break
            names.add((found.group(1) or b"").lower())
        return 0.8 if b"from" in names and len(names & _OF_MAIL) > 2 else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article or an error for every message; never hold more than one."""
        mapping = check_mapping(given.mapping)
        for number, data in enumerate(_messages(given.stream), 1):
            where = f"message {number}"
            if data is None:
                why = f"it is longer than {RECORD_LIMIT:,} bytes"
                yield ReadError(given.file, where, why)
                continue
            try:
                yield _article(data, where, given, mapping)
            except ReadError as error:
                yield error
            except _FAULTS as error:
                why = f"it is no mail that can be read: {type(error).__name__}: {error}"
                yield ReadError(given.file, where, why)


def _messages(stream: io.BufferedReader) -> Iterator[bytes | None]:
    """Yield the messages of a mailbox, None in place of one that is too long."""
    held, length, blank = list[bytes](), 0, True
    parted = bool(_FROM.match(stream.peek(1024)[:1024].split(b"\n")[0]))
    while line := stream.readline(RECORD_LIMIT):
        if parted and blank and _FROM.match(line):
            if length:
                yield _joined(held, length)
            held, length = [], 0
            continue
        length += len(line)
        if length <= RECORD_LIMIT:
            held.append(line)
        blank = not line.strip()
    if length:
        yield _joined(held, length)


def _joined(lines: list[bytes], length: int) -> bytes | None:
    if length > RECORD_LIMIT:
        return None
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _article(
    data: bytes, where: str, given: ReaderInput, mapping: dict[str, str]
) -> RawArticle | ReadError:
    read = email.message_from_bytes(as_mail(data), policy=_MailPolicy())
    message = cast("EmailMessage", read)
    name, address = parseaddr((_header(message, "from") or "")[:_LONGEST_HEADER])
    text, inferred = _text(message, where, given)
    record: Record = {
        "title": _header(message, "subject"),
        "date": _date(message),
        "author": of_sender(name),
        "id": (_header(message, "message-id") or "").strip("<>"),
        "text": text,
    }
    for theirs in mapping.values():
        record.setdefault(theirs, _header(message, theirs))
    try:
        found = article(record, mapping, file=given.file, where=where)
    except WrongField as error:
        return ReadError(given.file, where, str(error))
    about = {"from": address, "list": _header(message, "list-id"), "attachments": _files(message)}
    about["labels"] = _header(message, "x-gmail-labels")
    return replace(
        found,
        inferred=inferred,
        metadata={name: value for name, value in about.items() if value},
    )


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
    except _FAULTS:  # it is broken, but the rest of the mail may not be
        value = next((v for n, v in message.raw_items() if n.lower() == name.lower()), None)
    return " ".join(str(value).split()) if value is not None else None


def _date(message: EmailMessage) -> str | None:
    """Return when a mail was sent; as it stands where its clock has two halves, else tidied."""
    given = next((str(v) for n, v in message.raw_items() if n.lower() == "date"), "")
    return " ".join(given.split()) if _HALF.search(given) else _header(message, "date")


def _files(message: EmailMessage) -> list[str]:
    return [name for part in message.walk() if (name := part.get_filename())]


def _own(part: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts of a mail that it shows: no attachments, nothing of mails attached to it."""
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return
    if not part.is_multipart():
        yield part
    elif part.get_content_maintype() == "multipart":
        for one in part.iter_parts():
            yield from _own(one)


def _text(message: EmailMessage, where: str, given: ReaderInput) -> tuple[str, dict[str, str]]:
    """Return the text of a mail, and how it was told where the mail does not say."""
    plain = _first(message, "text/plain", where, given)
    if len(plain.split()) >= _LONG:
        return plain, {}
    page = _first(message, "text/html", where, given)
    shown = _page(page, given) if page.strip() else ""
    if len(shown.split()) <= 2 * len(plain.split()):
        return plain, {}
    return shown, {"text": "from the mail's HTML"}


def _first(message: EmailMessage, kind: str, where: str, given: ReaderInput) -> str:
    """Return the first part of a kind that is no attachment, decoded."""
    for part in _own(message):
        if part.get_content_type() != kind:
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        try:
            said = decode(data, declared=part.get_content_charset() or given.encoding).text
        except Undecodable as error:
            raise ReadError(given.file, where, str(error), HINT) from error
        is_flowed = str(part.get_param("format", "")).lower() == "flowed"
        return _unflowed(said, part.get_param("delsp") == "yes") if is_flowed else said
    return ""


def _unflowed(text: str, unspaced: bool) -> str:
    """Join the lines of a mail that says where it broke them (RFC 3676), by its DelSp."""
    lines: list[list[str]] = []
    goes_on = False
    for given in text.replace("\r\n", "\n").split("\n"):
        line = given.removeprefix(" ")  # put there so that no line opens with "From " or ">"
        quoted = line.startswith(">")
        if not goes_on or quoted:
            lines.append([])
        goes_on = line.endswith(" ") and line != "-- " and not quoted
        lines[-1].append(line[:-1] if goes_on and unspaced else line)
    return "\n".join(map("".join, lines))


def _page(page: str, given: ReaderInput) -> str:
    """Return the article of a page, or all its words where none is found in it."""
    data = page.encode("utf-8", "surrogatepass")
    stream = io.BufferedReader(io.BytesIO(data))
    whole = ReaderInput(file=given.file, stream=stream, encoding="utf-8")
    found = next(web_page.read(whole), None)
    return found.text if isinstance(found, RawArticle) else words(page).text


reader: Reader = _Mailbox()
