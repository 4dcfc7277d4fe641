"""Answers of APIs and exports of networks in JSON: WordPress, Ghost, Arc, Telegram, X, others."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput, jsonlines
from ingest.readers.api_records import ApiShape, items, shape_of
from ingest.readers.encoding import peek
from ingest.readers.fields import Record
from ingest.readers.jsonlines import records

_ASSIGNED = re.compile(rb"(?:\xef\xbb\xbf)?\s*window\.YTD\.[\w.]{1,80}\s*=\s*")
_HEAD = 65_536


class _ApiAnswers:
    """JSON in the shape of a system that is known, alone, in a list or a line each."""

    name = "api"

    def sniff(self, head: bytes, file: str) -> float:
        """Take JSON that shows the names of such a shape near its start."""
        text = (peek(head) or "").lstrip()
        shown = text.startswith(("{", "[")) or _ASSIGNED.match(head)
        return 0.96 if shown and shape_of(text) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a record; what is none is counted."""
        if given.mapping:  # whoever names the fields knows them better than a shape does
            yield from jsonlines.reader.read(given)
            return
        head = given.stream.peek(_HEAD)[:_HEAD]
        shape = shape_of(peek(head) or "")
        if shape is None:
            hint = "read it by its fields: `--format jsonl --map text=...`"
            raise ReadError(given.file, "", "its shape is none that is known", hint)
        if assigned := _ASSIGNED.match(head):
            given.stream.read(assigned.end())
        left_out: Counter[str] = Counter()
        for where, record in records(given):
            if isinstance(record, ReadError):
                yield record
            else:
                yield from _articles(shape, record, given.file, where, left_out)
        if left_out:
            yield LeftOut(given.file, left_out)


def _articles(
    shape: ApiShape, record: Record, file: str, where: str, left_out: Counter[str]
) -> Iterator[RawArticle | ReadError]:
    number = 0
    for number, item in enumerate(items(shape, record), 1):
        place = where if item is record else f"{where}, record {number}"
        found = shape.read(item, record)
        if isinstance(found, str):
            left_out[found] += 1
        elif found.text.strip():
            yield replace(found, file=file, where=place, record=place)
        else:
            why = f"it has no text, as {shape.name} gives one" + (
                " to a headline" * bool(found.title)
            )
            yield ReadError(file, place, why, "ask for the whole article, or drop the record")
    if not number:
        yield ReadError(file, where, f"it holds no article, as {shape.name} gives one")


reader: Reader = _ApiAnswers()
