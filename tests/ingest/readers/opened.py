"""Bytes as a reader gets them."""

import io
from collections.abc import Mapping

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput


def read_bytes(
    reader: Reader,
    data: bytes,
    *,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> list[RawArticle | ReadError]:
    """Read a file that holds these bytes; an error that ends the reading comes last."""
    stream = io.BufferedReader(io.BytesIO(data), 65_536)
    given = ReaderInput(file="file", stream=stream, encoding=encoding, mapping=mapping or {})
    found: list[RawArticle | ReadError] = []
    try:
        found.extend(reader.read(given))
    except ReadError as error:
        found.append(error)
    return found


def article(found: list[RawArticle | ReadError]) -> RawArticle:
    """Return the only article there is."""
    (one,) = found
    assert isinstance(one, RawArticle), one
    return one


def errors(found: list[RawArticle | ReadError]) -> list[str]:
    """Return what could not be read, as a user sees it."""
    return [str(one) for one in found if isinstance(one, ReadError)]
