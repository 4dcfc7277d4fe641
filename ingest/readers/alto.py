"""ALTO: the pages that a program recognised, their blocks in the order of reading."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.markup import children, descendants, line, name
from ingest.readers.recognised_text import RecognisedBlock, RecognisedPage, columns, mean, number_of

if TYPE_CHECKING:
    from lxml.etree import _Element


def pages_of(document: "_Element") -> list[RecognisedPage]:
    """Return the pages of a document, their blocks in the order that it names, if it does."""
    named = [str(one.get("REF")) for one in descendants(document, "ElementRef")]
    places = {ref: at for at, ref in enumerate(named)}
    pages = enumerate(descendants(document, "Page"), 1)
    return [_page(page, number, places) for number, page in pages]


def software(document: "_Element") -> str | None:
    """Name the program that recognised a document."""
    names = (line(one) for one in descendants(document, "softwareName"))
    return next((one for one in names if one), None)


def _page(page: "_Element", number: int, places: dict[str, int]) -> RecognisedPage:
    """Read a page, its blocks in the order that the file names, else as they stand."""
    blocks = sorted(
        descendants(page, "TextBlock"),
        key=lambda one: places.get(str(one.get("ID")), len(places)),
    )
    sure = [
        float(given)
        for one in descendants(page, "String")
        if (given := one.get("WC")) and re.fullmatch(r"[01](?:\.\d+)?", given)
    ]
    printed = page.get("PHYSICAL_IMG_NR") or page.get("PRINTED_IMG_NR") or ""
    return RecognisedPage(
        number=int(printed) if printed.isdecimal() and len(printed) < 7 else number,
        blocks=tuple(
            RecognisedBlock(
                lines=tuple(_line(one) for one in descendants(block, "TextLine")),
                kind="heading" if "head" in (block.get("TAGREFS") or "").lower() else "",
                column=column,
                ids=tuple(_ids(block)),
            )
            for block, column in zip(
                blocks, columns([number_of(b.get("HPOS")) for b in blocks]), strict=True
            )
        ),
        confidence=mean(sure),
    )


def _line(row: "_Element") -> str:
    """Return a line's words; of one that is parted at its end the whole, on the first line."""
    pieces = []
    for one in row:
        kind = name(one)
        if kind == "String" and one.get("SUBS_TYPE") == "HypPart1" and one.get("SUBS_CONTENT"):
            pieces.append(str(one.get("SUBS_CONTENT")))
        elif kind == "String" and not (
            one.get("SUBS_TYPE") == "HypPart2" and one.get("SUBS_CONTENT")
        ):
            pieces.append(str(one.get("CONTENT") or ""))
        elif kind == "HYP" and not any(
            s.get("SUBS_CONTENT") for s in [*children(row, "String")][-1:]
        ):
            pieces[-1:] = [pieces[-1] + "-"] if pieces else []
    return " ".join(piece for piece in pieces if piece)


def _ids(block: "_Element") -> Iterator[str]:
    """Yield by which names others may mean a block: its own, and those of what it stands in."""
    for one in (block, *block.iterancestors()):
        if name(one) in {"TextBlock", "ComposedBlock"} and one.get("ID"):
            yield str(one.get("ID"))
