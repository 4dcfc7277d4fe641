"""Recognise the text of pictures by tesseract, a program beside this one; pages in parallel.

Nothing but the picture goes to it, by its standard input, and nothing but its table comes back.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import islice

from ingest.errors import SettingsError
from ingest.readers.recognised_text import RecognisedBlock, RecognisedPage, columns, mean

_PROGRAM = "tesseract"
_SECONDS = 110  # that a picture may take; the process that reads is given up after 120
_WAIT = 1.0  # seconds between two signs of life
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,30}(?:/[A-Za-z0-9_]{1,30})?")
_HINT = "install it with its languages: `apt-get install tesseract-ocr tesseract-ocr-deu`"
_COLUMNS = 12  # of its table: level page block paragraph line word left top width height conf text


class Unrecognised(Exception):
    """A picture whose text could not be recognised; its words say why."""


def languages(given: str | None) -> tuple[str, ...]:
    """Return the languages that text is to be recognised in; raise SettingsError for an unknown.

    They are named as tesseract names them, "eng+deu"; none where nothing is to be recognised.
    """
    if not given:
        return ()
    asked = tuple(dict.fromkeys(filter(None, re.split(r"[+,\s]+", given))))
    for one in asked:
        if not _LANGUAGE.fullmatch(one):
            raise SettingsError(
                f"{one!r} is no language of tesseract", "for example: `--ocr=eng+deu`"
            )
    known = installed()
    if known is None:
        raise SettingsError("text cannot be recognised: the program `tesseract` is not here", _HINT)
    for one in asked:
        if one not in known:
            raise SettingsError(
                f"tesseract has no data for {one!r}; it has: {', '.join(sorted(known)) or 'none'}",
                f"install it: `apt-get install tesseract-ocr-{one.replace('_', '-')}`",
            )
    return asked


@cache
def installed() -> frozenset[str] | None:
    """Return the languages that tesseract has, None where it is not installed."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return None
    done = subprocess.run(  # noqa: S603 - a fixed program, nothing of it from outside
        [program, "--list-langs"], capture_output=True, check=False, timeout=30
    )
    said = (done.stdout or done.stderr).decode("utf-8", "replace").splitlines()
    return frozenset(one.strip() for one in said[1:] if one.strip())


Picture = tuple[int, bytes]
"""A page's number, and its picture as a file."""

Recognised = tuple[int, RecognisedPage | Unrecognised]


def recognised(
    pictures: Iterable[Picture], asked: Sequence[str], alive: Callable[[], None] = lambda: None
) -> Iterator[Recognised]:
    """Yield each picture's page in order, as many recognised at once as there are cores.

    `alive` is called while one is waited for.
    """
    several = max(1, os.cpu_count() or 1)
    left = iter(pictures)
    with ThreadPoolExecutor(several) as pool:
        waiting = [_begun(pool, one, asked) for one in islice(left, 2 * several)]
        while waiting:
            number, future = waiting.pop(0)
            yield number, _ended(future, alive)
            waiting += [_begun(pool, one, asked) for one in islice(left, 1)]


def _begun(
    pool: ThreadPoolExecutor, picture: Picture, asked: Sequence[str]
) -> tuple[int, "Future[RecognisedPage]"]:
    number, data = picture
    return number, pool.submit(_page, number, data, "+".join(asked))


def _ended(
    future: "Future[RecognisedPage]", alive: Callable[[], None]
) -> RecognisedPage | Unrecognised:
    while True:
        alive()
        try:
            return future.result(timeout=_WAIT)
        except TimeoutError:
            if not future.done():
                continue
        except Unrecognised as error:
            return error


def _page(number: int, data: bytes, asked: str) -> RecognisedPage:
    program = shutil.which(_PROGRAM)
    if program is None:
        raise Unrecognised("the program `tesseract` is not here")
    try:
        done = subprocess.run(  # noqa: S603 - the languages were looked at, the rest is fixed
            [program, "stdin", "stdout", "-l", asked, "--psm", "3", "tsv"],
            input=data,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # the pages share the cores
        )
    except subprocess.TimeoutExpired as error:
        raise Unrecognised(f"its text was not recognised in {_SECONDS} seconds") from error
    except OSError as error:
        raise Unrecognised(f"tesseract cannot be run: {error}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise Unrecognised(f"tesseract could not read the picture: {said}")
    return page_of(done.stdout.decode("utf-8", "replace"), number)


def page_of(table: str, number: int) -> RecognisedPage:
    """Return the page that a table of tesseract holds: its paragraphs line by line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    lefts: dict[tuple[str, ...], float] = {}
    sure: list[float] = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS or cells[0] != "5" or not cells[-1].strip():
            continue
        place = tuple(cells[1:5])  # page, block, paragraph, line
        lines.setdefault(place, []).append(cells[-1].strip())
        lefts.setdefault(place[:3], _number(cells[6]))
        sure.append(max(0.0, _number(cells[10])) / 100)
    blocks: dict[tuple[str, ...], list[str]] = {}
    for place, said in lines.items():
        blocks.setdefault(place[:3], []).append(" ".join(said))
    numbered = columns([lefts[place] for place in blocks])
    return RecognisedPage(
        number=number,
        blocks=tuple(
            RecognisedBlock(lines=tuple(said), column=column)
            for said, column in zip(blocks.values(), numbered, strict=True)
        ),
        confidence=mean(sure),
    )


def _number(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        return 0.0
