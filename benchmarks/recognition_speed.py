"""How many pages a minute are recognised, and how well: `python -m benchmarks.recognition_speed`.

Pages of two columns at 300 dots an inch are drawn of articles of realtimeqa and recognised by
tesseract as `--ocr=eng` does, as many at once as there are cores. Beside wall time stands the
processor time of the recognition, which other work on the machine changes less.
"""

import argparse
import io
import os
import resource
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks import newsroom
from ingest.article import RawArticle
from ingest.files.read import read
from ingest.readers.recognised_text import RecognisedPage
from ingest.readers.recognition import recognised

_SIZE = (2480, 3508)  # A4
_MARGIN, _GAP, _LETTER = 180, 80, 36
_WIDTH = (_SIZE[0] - 2 * _MARGIN - _GAP) // 2
_LINES = (_SIZE[1] - 2 * _MARGIN) // 48


def main() -> None:
    """Print pages a minute, words a page, and which share of the words was recognised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--data", type=Path, default=newsroom.DATA)
    options = parser.parse_args()
    texts = list(_texts(options.data, options.pages))
    pictures = [(number, _drawn(lines)) for number, lines in enumerate(texts, 1)]
    began = time.perf_counter()
    found = dict(recognised(pictures, ("eng",)))
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = (used.ru_utime + used.ru_stime) / len(texts)
    printed = [set(" ".join(lines).split()) for lines in texts]
    shares = [
        len(words & set(_words(found[number]))) / len(words)
        for number, words in enumerate(printed, 1)
    ]
    words = sum(len(" ".join(lines).split()) for lines in texts) / len(texts)
    print(f"{len(texts)} pages of {words:,.0f} words, {os.cpu_count()} cores: {seconds:.0f} s")
    print(f"{60 * len(texts) / seconds:.1f} pages a minute")
    print(f"{busy:.1f} s of processor time a page: {60 / busy:.1f} pages a minute a core")
    print(f"{sum(shares) / len(shares):.1%} of the different words of a page recognised")


def _texts(data: Path, pages: int) -> Iterator[list[str]]:
    """Yield the lines of so many pages, two columns each."""
    articles = (
        one
        for one in read([data / "realtimeqa" / "articles.jsonl.gz"])
        if isinstance(one, RawArticle)
    )
    lines: list[str] = []
    for one in articles:
        lines += textwrap.wrap(one.text.encode("ascii", "ignore").decode(), 48)
        while len(lines) >= 2 * _LINES:
            yield lines[: 2 * _LINES]
            del lines[: 2 * _LINES]
            pages -= 1
            if not pages:
                return


def _drawn(lines: list[str]) -> bytes:
    """Draw a page of two columns as PNG."""
    page = Image.new("L", _SIZE, 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=_LETTER)
    for at, line in enumerate(lines):
        column, row = divmod(at, _LINES)
        place = (_MARGIN + column * (_WIDTH + _GAP), _MARGIN + row * 48)
        draw.text(place, line, fill=0, font=font)
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def _words(page: object) -> list[str]:
    if not isinstance(page, RecognisedPage):
        return []
    return " ".join(line for block in page.blocks for line in block.lines).split()


if __name__ == "__main__":
    main()
