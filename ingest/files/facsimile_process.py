"""One page drawn in a process of its own: a hostile file takes only that process with it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from ingest.files.subprocess_reader import harmless_surroundings
from ingest.readers.facsimile import NoFacsimile
from ingest.readers.highlights import Box, PlacedText, WordsWanted

_SECONDS = 20
_MEMORY = 2 * 1024**3
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacsimileOrder:
    """A page to draw: the file on disk, the name it was shown by, what is packed in it.

    `text` is what an article prints on that page: a page that does not hold its words is another.
    `sure` says that nothing else can be meant, so that a page without words is shown too.
    """

    path: Path
    shown: str
    file: str
    number: int
    text: str
    sure: bool
    wanted: tuple[WordsWanted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page: its picture as JPEG, empty where there is none, its sides in pixels.

    `marks` are the boxes of each stretch that was wanted, None where no places are known; `words`
    are there where no picture is.
    """

    picture: bytes
    width: int
    height: int
    marks: tuple[tuple[Box, ...], ...] | None
    words: tuple[PlacedText, ...] = ()


def draw(order: FacsimileOrder) -> DrawnPage:
    """Draw a page. Raises NoFacsimile: "broken" where its file ends or holds up who draws it."""
    asked = {
        "path": str(order.path),
        "shown": order.shown,
        "file": order.file,
        "number": order.number,
        "text": order.text,
        "sure": order.sure,
        "wanted": order.wanted,
        "seconds": _SECONDS,
        "memory": _MEMORY,
    }
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "ingest.files.facsimile_worker"],
                input=json.dumps(asked).encode(),
                capture_output=True,
                check=False,
                timeout=2 * _SECONDS,
                env={
                    **harmless_surroundings(),
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )
        except subprocess.TimeoutExpired as error:
            raise NoFacsimile("broken") from error
    if done.returncode:
        raise NoFacsimile("broken")
    return _told(done.stdout)


def _told(said: bytes) -> DrawnPage:
    head, _, picture = said.partition(b"\n")
    told = json.loads(head)
    if "why" in told:
        raise NoFacsimile(told["why"])
    marks = told["marks"]
    return DrawnPage(
        picture=picture,
        width=told["width"],
        height=told["height"],
        marks=None if marks is None else tuple(_boxes(one) for one in marks),
        words=tuple(PlacedText(text, Box(*box)) for text, *box in told.get("words", ())),
    )


def _boxes(rows: Sequence[Sequence[float]]) -> tuple[Box, ...]:
    return tuple(Box(*row) for row in rows)
