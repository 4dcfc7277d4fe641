"""Pictures of pages: with `--ocr` their text is recognised, without it they are told."""

from collections.abc import Iterator

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput, recognised_text
from ingest.readers.recognition import Unrecognised, recognised

LIMIT = 100_000_000
"""Bytes of a picture."""

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
HOW = "recognise its text: `--ocr=eng`, the languages named as tesseract names them"


class _Picture:
    """PNG, JPEG and TIFF."""

    name = "picture"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what opens as a picture does."""
        return 0.9 if head.startswith(_MAGIC) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article of the picture, and say where its words are unsure."""
        if not given.ocr:
            raise ReadError(given.file, "", "it is a picture", HOW)
        data = given.stream.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise ReadError(given.file, "", f"it is longer than {LIMIT:,} bytes", "make it smaller")
        ((_, page),) = recognised([(1, data)], given.ocr, given.alive)
        if isinstance(page, Unrecognised):
            raise ReadError(given.file, "", str(page), "open the picture: is it whole?")
        found = recognised_text.article([page], file=given.file, by="tesseract")
        if found is None:
            raise ReadError(given.file, "", "no words were recognised in it")
        yield recognised_text.in_languages(found, given.ocr)
        yield from recognised_text.told_poor([page], given.file)


reader: Reader = _Picture()
