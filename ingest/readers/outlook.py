"""Messages of Outlook (.msg): one article a message, as the reader of mail takes one."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING

from ingest.article import RawArticle
from ingest.clean.byline_names import of_sender
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput, rich_text
from ingest.readers.compressed_rich_text import decompressed
from ingest.readers.encoding import Undecodable, decode
from ingest.readers.markup import words
from ingest.readers.seekable import seekable

if TYPE_CHECKING:
    from olefile import OleFileIO

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMED = "__substg1.0_".encode("utf-16-le")
_PROPERTIES = "__properties_version1.0"
_ASIDE = 2 * 1024**3
_LONGEST = 20_000_000  # bytes of one stream
_UNICODE, _BYTES, _BINARY = "001F", "001E", "0102"
# https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxprops
_SUBJECT, _BODY, _HTML, _RTF = "0037", "1000", "1013", "1009"
_SENDER, _ADDRESS, _ID, _FILE = "0C1A", "5D01", "1035", "3707"
_SENT, _DELIVERED = 0x0039, 0x0E06
_FILETIME = 0x0040
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FAULTS = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
    struct.error, MemoryError,
)  # fmt: skip


class _Outlook:
    """Messages as Outlook saves them one a file."""

    name = "msg"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a compound file that names the streams of a message, or ends in `.msg`."""
        if not head.startswith(_MAGIC):
            return 0.0
        return 0.97 if _NAMED in head else 0.9 if file.lower().endswith(".msg") else 0.3

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one message."""
        with seekable(given.stream, given.file, _ASIDE) as file:
            yield _message(file, given.file)


def _message(file: IO[bytes], name: str) -> RawArticle | ReadError:
    import olefile

    try:
        with olefile.OleFileIO(file) as opened:
            if opened.exists("EncryptedPackage"):
                why = "it is locked with a password"
                return ReadError(name, "", why, "save it without one")
            if not opened.exists(_PROPERTIES):
                why = "it is a file of an older Office, and no message"
                return ReadError(name, "", why, "save it as DOCX, or its tables as CSV")
            return _article(opened, name)
    except (*_FAULTS, Undecodable) as error:
        why = f"it is no whole message: {' '.join(str(error).split())[:200]}"
        return ReadError(name, "", why, "save it again, or as .eml")


def _article(opened: "OleFileIO", name: str) -> RawArticle | ReadError:
    plain, how = _text(opened)
    title = _string(opened, _SUBJECT).strip()
    if not plain.strip() and not title:
        return ReadError(name, "", "it has neither subject nor text")
    sent = _moment(opened)
    sender = of_sender(_string(opened, _SENDER).strip())
    about = {"from": _string(opened, _ADDRESS).strip(), "attachments": _files(opened)}
    return RawArticle(
        file=name,
        text=plain,
        title=title or None,
        authors=(sender,) if sender else (),
        published=sent.isoformat() if sent else None,
        id=_string(opened, _ID).strip("<> \0") or None,
        inferred=how,
        metadata={n: value for n, value in about.items() if value},
    )


def _text(opened: "OleFileIO") -> tuple[str, dict[str, str]]:
    """Return the text, and how it was told where the message does not keep it as plain text."""
    if (plain := _string(opened, _BODY)).strip():
        return plain, {}
    if page := _bytes(opened, f"__substg1.0_{_HTML}{_BINARY}"):
        return words(decode(page, declared="utf-8").text).text, {"text": "from the mail's HTML"}
    if rich := _bytes(opened, f"__substg1.0_{_RTF}{_BINARY}"):
        said = rich_text.words(decompressed(rich, _LONGEST))
        return said, {"text": "from the mail's rich text"}
    return "", {}


def _string(opened: "OleFileIO", which: str) -> str:
    if data := _bytes(opened, f"__substg1.0_{which}{_UNICODE}"):
        return data.decode("utf-16-le", "replace").replace("\0", "")
    data = _bytes(opened, f"__substg1.0_{which}{_BYTES}")
    return decode(data.replace(b"\0", b""), declared="cp1252").text if data else ""


def _bytes(opened: "OleFileIO", stream: str | list[str]) -> bytes:
    if not opened.exists(stream):
        return b""
    if opened.get_size(stream) > _LONGEST:
        raise ValueError(f"a part of it is longer than {_LONGEST:,} bytes")
    return bytes(opened.openstream(stream).read())


def _moment(opened: "OleFileIO") -> datetime | None:
    """Return when it was sent, or else when it came: fixed properties of sixteen bytes each."""
    data = _bytes(opened, _PROPERTIES)[32:]
    times = {}
    for at in range(0, len(data) - 15, 16):
        kind, which, _flags, value = struct.unpack_from("<HHIQ", data, at)
        if kind == _FILETIME:
            times[which] = value
    found = times.get(_SENT) or times.get(_DELIVERED)
    return _EPOCH + timedelta(microseconds=found // 10) if found else None


def _files(opened: "OleFileIO") -> list[str]:
    folders = {parts[0] for parts in opened.listdir() if parts[0].startswith("__attach")}
    names = (_bytes(opened, [one, f"__substg1.0_{_FILE}{_UNICODE}"]) for one in sorted(folders))
    return [name.decode("utf-16-le", "replace").strip("\0") for name in names if name]


reader: Reader = _Outlook()
