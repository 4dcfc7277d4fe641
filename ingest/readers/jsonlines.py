"""JSON lines: one article a line; a JSON list or a few whole objects are read too."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import PurePath
from typing import cast

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.encoding import HINT, Undecodable, decode, known, mark, peek
from ingest.readers.fields import Record, WrongField, article, check_mapping, has_text
from ingest.readers.jsonvalues import Unreadable, items, parse
from ingest.readers.nested_fields import check_lists, unfolded
from ingest.readers.record_text import LIST, of_records
from ingest.readers.wrapped_records import records_in

WHOLE_LIMIT = 256_000_000
"""Bytes of a file that is one JSON document, which is held in memory."""

_SPACE = b" \t\r\n"
_HEAD = 4096
Line = tuple[int, bytes | ReadError]


class _JsonLines:
    """JSON lines, lists of objects, and objects written over many lines."""

    name = "jsonl"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a list of objects, an object over many lines, or lines most of which are objects."""
        text = (peek(head) or "").lstrip()
        if text.startswith("["):
            return (
                0.9
                if _opens_list(text) and text[1:].lstrip().startswith("{")
                else (_by_lines(text, file))
            )
        first = text.partition("\n")[0].strip()
        if _OBJECT.match(text) and (first == "{" or not is_object(first)):
            return 0.9
        return _by_lines(text, file)

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article or an error for every record; never hold more than one of a line."""
        return of_records(given.file, self._articles(given))

    def _articles(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        mapping = check_mapping(given.mapping)
        check_lists(mapping)
        for where, record in records(given):
            if isinstance(record, ReadError):
                yield record
                continue
            yield from _articles(record, mapping, given.file, where)


def _articles(
    record: Record, mapping: dict[str, str], file: str, where: str
) -> Iterator[RawArticle | ReadError]:
    """Yield the article of a record, or those of the list in it that the mapping names."""
    wrapped = None if mapping or has_text(record) else records_in(record)
    items: Iterable[tuple[str, Record, dict[str, str]]]
    if wrapped:
        items = ((path, own, mapping) for path, own in wrapped.articles)
    else:
        items = _unfolded(record, mapping) if mapping else [("", record, mapping)]
    number = 0
    for number, (path, own, paths) in enumerate(items, 1):
        place = f"{where}, item {number}" if path else where
        try:
            found = article(own, paths, file=file, where=place)
        except WrongField as error:
            hint = "name its fields with `--map field=theirs`"
            yield ReadError(file, place, str(error), hint)
            continue
        if path:
            how = {} if mapping else {LIST: path}
            found = replace(found, record=_at(place), inferred=dict(found.inferred) | how)
        yield found
    if not number or (wrapped and wrapped.left):
        yield from _told(wrapped.left if wrapped else Counter(), number > 0, file, where)


def _told(left: Counter[str], any_item: bool, file: str, where: str) -> Iterator[ReadError]:
    """Say what was not read of a record: other objects beside its articles, a list not found."""
    for path, count in left.items():
        why = f"{count} of the objects in {path!r} have a text and no title, and are not read"
        yield ReadError(
            file, where, why, f"name theirs if they are articles: `--map text={path}.…`"
        )
    if not any_item:
        why = "the list that `--map` names is not in it, or holds no objects"
        yield ReadError(file, where, why, "look at the file for the name of its list")


def _unfolded(
    record: Record, mapping: dict[str, str]
) -> Iterator[tuple[str, Record, dict[str, str]]]:
    """Yield the articles that a mapping reaches in a record, with the path of their list."""
    for own, paths in unfolded(record, mapping):
        yield "" if own is record else "[]", own, paths


def _at(place: str) -> str:
    """Return what tells a record from the others of its file."""
    return ".".join(part.rpartition(" ")[2] for part in place.split(", "))


_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})
_LIST = re.compile(r"\[\s*(?:[\[{\]\"0-9-]|true\b|false\b|null\b|\Z)")
_RECORD_BELOW = re.compile(r"\s*\{")
_OBJECT = re.compile(r"\{\s*[\"}]")


def is_object(line: str) -> bool:
    """Say whether a line is a JSON object by itself, or opens one over many lines."""
    line = line.strip().rstrip(",")
    if line == "{":
        return True
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        return isinstance(parse(line), dict)
    except Unreadable:
        return False


def _by_lines(text: str, file: str) -> float:
    """Say how sure its lines make a text: a line that is no object is a fault among records."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    objects = sum(bool(_OBJECT.match(line)) for line in lines)
    named = PurePath(file).suffix.lower() in _SUFFIXES
    return 0.9 if objects and (named or 2 * objects >= len(lines)) else 0.0


def _opens_list(text: str) -> bool:
    """Tell a list from a line in brackets above the records: "[info] exported", "[]"."""
    first, _, rest = text.partition("\n")
    if not _LIST.match(text):
        return False
    return not (first.rstrip().endswith("]") and _RECORD_BELOW.match(rest))


Found = tuple[str, Record | ReadError]


def records(given: ReaderInput) -> Iterator[Found]:
    """Yield every record of a file with its place, or what is wrong with it."""
    head = peek(given.stream.peek(_HEAD)[:_HEAD]) or ""
    if _opens_list(head.lstrip()):
        yield from _document(given, given.stream.read(WHOLE_LIMIT + 1))
        return
    lines = _lines(given)
    first = next(lines, None)
    if first is None:
        yield "", ReadError(given.file, "", "it holds no records")
        return
    held = [first]
    if _spread(first[1]):
        held.extend(_until(lines, WHOLE_LIMIT))
        whole = b"\n".join(line for _, line in held if isinstance(line, bytes))
        if _begins_whole(whole):
            yield from _document(given, whole)
            return
    for number, line in chain(held, lines):
        yield f"line {number}", _line(line, given, f"line {number}")


def _spread(line: bytes | ReadError) -> bool:
    """Whether a first line is the start of an object written over many."""
    return isinstance(line, bytes) and line.startswith(b"{") and line[-1:] in b",{["


def _until(lines: Iterator[Line], limit: int) -> Iterator[Line]:
    held = 0
    for number, line in lines:
        held += len(line) if isinstance(line, bytes) else 0
        yield number, line
        if held > limit:
            return


def _begins_whole(document: bytes) -> bool:
    """Whether objects over many lines follow, not lines of which the first is cut off."""
    first = next(items(document.decode("utf-8", "replace")), None)
    return isinstance(first, dict)


def _document(given: ReaderInput, data: bytes) -> Iterator[Found]:
    """Read a list of objects, or objects written over many lines."""
    if len(data) > WHOLE_LIMIT:
        why = f"it is one JSON document of more than {WHOLE_LIMIT:,} bytes"
        yield "", ReadError(given.file, "", why, "write one article a line")
        return
    try:
        text = decode(data, given=given.encoding).text
    except Undecodable as error:
        yield "", ReadError(given.file, "", str(error), HINT)
        return
    for number, item in enumerate(items(text.lstrip()), 1):
        where = f"item {number}"
        bad = isinstance(item, Unreadable)
        yield where, ReadError(given.file, where, str(item)) if bad else _object(item, given, where)


def _line(line: bytes | ReadError, given: ReaderInput, where: str) -> Record | ReadError:
    if isinstance(line, ReadError):
        return line
    try:
        return _object(parse(line.decode("utf-8")), given, where)
    except UnicodeDecodeError as error:
        why = f"it is not UTF-8: wrong at byte {error.start}"
        return ReadError(given.file, where, why, f"if the whole file is not, {HINT}")
    except Unreadable as error:
        return ReadError(given.file, where, str(error))


def _object(item: object, given: ReaderInput, where: str) -> Record | ReadError:
    if isinstance(item, dict):
        return cast("Record", item)
    return ReadError(given.file, where, "it is no JSON object")


def _lines(given: ReaderInput) -> Iterator[Line]:
    """Yield the lines that are not blank, as UTF-8, with their numbers."""
    stream = given.stream
    head = stream.peek(4)[:4]
    encoding = known(given.encoding) if given.encoding else mark(head)
    numbered = enumerate(
        _raw_lines(stream) if encoding in (None, "utf-8") else _recoded(stream, encoding or ""), 1
    )
    for number, line in _decoded(numbered, given.file):
        if line is None:
            why = f"it is longer than {RECORD_LIMIT:,} bytes"
            yield number, ReadError(given.file, f"line {number}", why)
        elif stripped := line.removeprefix(b"\xef\xbb\xbf").strip(_SPACE):
            yield number, stripped


def _decoded(
    numbered: Iterator[tuple[int, bytes | None]], file: str
) -> Iterator[tuple[int, bytes | None]]:
    """Tell where an encoding of wide characters breaks off: nothing after it can be read."""
    try:
        yield from numbered
    except UnicodeError as error:
        raise ReadError(file, "", f"its encoding is damaged: {error}", HINT) from error


def _raw_lines(stream: io.BufferedReader) -> Iterator[bytes | None]:
    """Yield lines, None in place of one that is too long, which is never held whole."""
    while line := stream.readline(RECORD_LIMIT + 1):
        if len(line) <= RECORD_LIMIT:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(RECORD_LIMIT)
        yield None


def _recoded(stream: io.BufferedReader, encoding: str) -> Iterator[bytes | None]:
    """Yield lines of another encoding as UTF-8; what is not in it fails as UTF-8 would."""
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="\n")
    try:
        while line := text.readline(RECORD_LIMIT + 1):
            if len(line) <= RECORD_LIMIT:
                yield line.lstrip("\ufeff").encode("utf-8", "surrogateescape")
                continue
            while line and not line.endswith("\n"):
                line = text.readline(RECORD_LIMIT)
            yield None
    finally:
        text.detach()  # the stream is closed by who opened it


reader: Reader = _JsonLines()
