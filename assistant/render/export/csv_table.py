"""The table of an export as CSV, safe to open in a spreadsheet."""

import csv
import io

from assistant.render.export.manuscript import Cell, Manuscript
from assistant.render.spreadsheet import as_cell
from ingest.language.control_characters import harmless


def csv_table(written: Manuscript) -> bytes:
    """Return the table, with the mark that tells spreadsheets that it is UTF-8."""
    paper = io.StringIO(newline="")
    table = csv.writer(paper)
    table.writerow(written.header)
    table.writerows([_cell(one) for one in row] for row in written.rows)
    return paper.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Cell) -> Cell:
    """Return a cell; text that would be a formula is text, told by the sign before it."""
    if not isinstance(value, str):
        return value
    return as_cell(" ".join(harmless(value).split()))
