"""Packed files to what they hold, told by content: gzip, bzip2, xz, Zstandard, zip and tar.

Nothing is written under a name that an archive gives, and no link in one is followed.
"""

import bz2
import io
import lzma
import re
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath
from tarfile import HeaderError, TarError
from typing import IO, Protocol, Self, cast

from ingest.errors import LeftOut, ReadError, StretchDamaged
from ingest.files.gzip_members import DamagedMember, GzipMembers
from ingest.files.limits import Account
from ingest.files.packed_issues import gathered
from ingest.files.walk import hidden, shown
from ingest.readers.seekable import seekable

HEAD = 65_536
"""Bytes at the start of a stream that tell what it is."""

_IN_MEMORY = 16 * 1024**2  # bytes kept aside in memory; more goes to a file without a name
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    OverflowError, IndexError, NotImplementedError,
)  # fmt: skip
_TAR_FAULTS = (TarError, EOFError, OSError, ValueError, OverflowError, IndexError)
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, TarError, ValueError)
# What stands first in a text document, a table, an e-book, whoever wrote it.
_OFFICE = (
    b"[Content_Types].xml", b"mimetype", b"_rels/.rels", b"docProps/", b"word/document.xml",
    b"xl/worksheets/", b"xl/workbook.xml",
)  # fmt: skip
# https://specs.webrecorder.net/wacz/: beside captures it holds lists of pages and indexes
_WACZ = "datapackage.json"
_CAPTURES = re.compile(r"archive/[^/]+\.w?arc(?:\.(?:gz|zst))?", re.IGNORECASE)
# What Pages, Numbers and Keynote keep a document in, and the picture of it that some add.
_IWORK = frozenset({"Index/Document.iwa", "Index.zip", "index.apxl", "index.xml.gz"})
_PREVIEW = "QuickLook/Preview.pdf"
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")

_END = {"EmptyHeaderError", "EOFHeaderError"}  # what the library raises where a tar ends

Found = tuple[str, "io.BufferedReader | ReadError"]


class Readable(Protocol):
    """What bytes are read from, front to end."""

    def read1(self, size: int, /) -> bytes:
        """Return some bytes, at most so many; none at the end."""


def opened(stream: io.BufferedReader, name: str, account: Account, depth: int) -> Iterator[Found]:
    """Yield what a stream holds, walked into: names as `a.zip!b.html`, streams to be read at once.

    A packing deeper than `depth` and whatever cannot be unpacked is a ReadError in its place.
    """
    try:
        opener = _opener(stream.peek(HEAD)[:HEAD])
        if opener is None:
            yield name, stream
        elif depth <= 0:
            yield name, ReadError(name, "", "it is packed too often", "unpack it first")
        else:
            members = gathered(opener(stream, name, account))
            yield from _walked(members, account, depth - 1)
    except ReadError as error:
        yield name, error


def _walked(members: Iterator[Found], account: Account, depth: int) -> Iterator[Found]:
    for name, found in members:
        if isinstance(found, ReadError):
            yield name, found
        else:
            yield from opened(found, name, account, depth)
        if account.over:
            return


_Opener = Callable[[io.BufferedReader, str, Account], Iterator[Found]]


def _opener(head: bytes) -> _Opener | None:
    for magic, stream_opener in _STREAMS.items():
        if head.startswith(magic):
            return stream_opener
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None if head[30:].startswith(_OFFICE) else _zip
    return _tar if _is_tar(head) else None


def _is_tar(head: bytes) -> bool:
    """Whether a block is the header of a member: its checksum is right."""
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except (TarError, ValueError):
        return False
    return True


# --- one stream ------------------------------------------------------------------------------


def _gzip(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    yield name, buffered(GzipMembers(stream), name, account.unpack)


def _bzip2(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    yield name, buffered(bz2.BZ2File(stream), name, account.unpack)


def _xz(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    with lzma.LZMAFile(stream) as packed:
        yield name, buffered(packed, name, account.unpack)


def _zstandard(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    yield name, buffered(_Zstandard(stream), name, account.unpack)


class _Zstandard:
    """A Zstandard stream whose damage is a ValueError, like that of the others."""

    def __init__(self, stream: io.BufferedReader) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        self._fault = zstd.ZstdError
        self._file = zstd.ZstdFile(stream)

    def read1(self, size: int) -> bytes:
        try:
            return self._file.read1(size)
        except self._fault as error:
            raise ValueError(str(error)) from error


_STREAMS: dict[bytes, _Opener] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bzip2,
    b"\xfd7zXZ\x00": _xz,
    b"\x28\xb5\x2f\xfd": _zstandard,
}


# --- many files in one -----------------------------------------------------------------------


def _zip(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    try:
        with seekable(stream, name, account.bounds.held) as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > account.bounds.members:
                why = f"it holds more than {account.bounds.members:,} files"
                yield name, ReadError(name, "", why, "unpack it first")
                return
            if any(member.filename in _IWORK for member in members):
                members = [one for one in members if one.filename == _PREVIEW]
                if not members:
                    why = "it is a document of Apple's Pages, Numbers or Keynote"
                    yield name, ReadError(name, "", why, "export it as DOCX, XLSX or PDF")
                    return
            members, beside_captures = _captures(members)
            if beside_captures:
                yield name, LeftOut(name, {"list or index of a web archive": beside_captures})
            pages = {_page(member.filename) for member in members}
            for member in members:
                if not member.is_dir() and not _beside(member.filename, pages):
                    opening = partial(_zipped, archive, member)
                    yield from _member(member.filename, name, account, opening)
    except _ZIP_FAULTS as error:
        yield name, _damaged(name, error)


def _captures(members: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], int]:
    """Return the captures alone of a WACZ, and how many files it holds beside them."""
    files = [member for member in members if not member.is_dir()]
    captures = [member for member in files if _CAPTURES.fullmatch(member.filename)]
    if not captures or not any(member.filename == _WACZ for member in files):
        return members, 0
    return captures, len(files) - len(captures)


def _zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes] | str:
    """Open a member, or say why it cannot be."""
    if member.flag_bits & 0x1:
        return "it is locked with a password"
    if (member.external_attr >> 28) == 0xA:
        return "it is a link in an archive, and is not followed"
    try:
        return archive.open(member)
    except NotImplementedError:
        return f"its packing (method {member.compress_type}) is not known"
    except _ZIP_FAULTS as error:
        return f"its packing is damaged: {error}"


def _tar(stream: io.BufferedReader, name: str, account: Account) -> Iterator[Found]:
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive:
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # it keeps all it has seen
                count += 1
                if count > account.bounds.members:
                    why = f"it holds more than {account.bounds.members:,} files"
                    yield name, ReadError(name, "", why, "unpack it first")
                    return
                if not member.isdir():
                    opening = partial(_filed, archive, member)
                    yield from _member(member.name, name, account, opening)
    except _TAR_FAULTS as error:
        yield name, _damaged(name, error)


class _Header(tarfile.TarInfo):
    """A header of which damage is told: the library would take it for the end."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except HeaderError as error:
            if type(error).__name__ in _END:
                raise
            raise TarError(f"a header in it is broken: {error}") from error


def _filed(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes] | str:
    """Open a member, or say why it cannot be."""
    if member.issym() or member.islnk():
        return "it is a link in an archive, and is not followed"
    if member.issparse() or not member.isfile():
        return "it is no plain file"
    return archive.extractfile(member) or "it is no plain file"


def _member(
    given: str, archive: str, account: Account, open_it: Callable[[], IO[bytes] | str]
) -> Iterator[Found]:
    """Yield one member under a name that shows where it stands."""
    path = PurePosixPath(given.replace("\\", "/"))
    if any(hidden(part) for part in path.parts if part != ".."):
        return
    name = f"{archive}!{shown(path.as_posix())}"
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(given):
        yield name, ReadError(name, "", "its name leads out of its archive")
        return
    member = open_it()
    if isinstance(member, str):
        yield name, ReadError(name, "", member)
        return
    with member:
        yield name, buffered(cast("Readable", member), name, account.unpack)


def _page(name: str) -> str | None:
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix.lower() in {".html", ".htm"} else None


def _beside(name: str, pages: set[str | None]) -> bool:
    """Whether a browser laid it beside a saved page."""
    folders = (str(parent) for parent in PurePosixPath(name).parents)
    return any(f.endswith("_files") and f.removesuffix("_files") in pages for f in folders)


# --- streams ---------------------------------------------------------------------------------


def buffered(
    source: Readable, name: str, watch: Callable[[int], None] = lambda _: None
) -> io.BufferedReader:
    """Give a stream of which a look at the start sees all that it is asked for.

    `watch` is told how many bytes were read. What goes wrong is raised as a ReadError.
    """
    return io.BufferedReader(_Filled(source, name, watch), HEAD)


class _Filled(io.RawIOBase):
    """A stream that fills every buffer; what was read before an error is given first."""

    def __init__(self, source: Readable, name: str, watch: Callable[[int], None]) -> None:
        self._source = source
        self._name = name
        self._watch = watch
        self._error: ReadError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._error:
            raise self._told()
        filled = 0
        try:
            while filled < len(buffer) and (data := self._source.read1(len(buffer) - filled)):
                buffer[filled : filled + len(data)] = data
                filled += len(data)
            self._watch(filled)
        except ReadError as error:
            self._error = error
        except DamagedMember as error:
            why = f"its packing is damaged: {error}"
            self._error = StretchDamaged(self._name, "", why)
        except (*_ZIP_FAULTS, *_TAR_FAULTS) as error:
            self._error = _damaged(self._name, error)
        if self._error and not filled:
            raise self._told()
        return filled

    def _told(self) -> ReadError:
        """Return the error that ends the stream, or the one after which it goes on."""
        error = self._error
        assert error is not None
        if isinstance(error, StretchDamaged):
            self._error = None
        return error


def _damaged(name: str, error: Exception) -> ReadError:
    if isinstance(error, _DAMAGE) or _is_unpacking(error):
        return ReadError(name, "", f"its packing is damaged: {error}")
    why = error.strerror if isinstance(error, OSError) and error.strerror else error
    return ReadError(name, "", f"it cannot be read: {why}")


def _is_unpacking(error: Exception) -> bool:
    return isinstance(error, struct.error | OverflowError | IndexError)
