"""A table of questions or names in, a table of what the archive says to each out.

Each row that is done is written down at once beside the table that is made (`OUT.part`): a run
that was stopped goes on there, and nothing is done twice. The table takes its name when it is
whole. What a spreadsheet would take for a formula is made harmless.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO, Any

from assistant.render.spreadsheet import as_cell
from ingest.errors import MorgueError, ReadError, SettingsError
from ingest.language.control_characters import harmless

Cells = Mapping[str, object]
Work = Callable[[str], Iterable[Cells]]
"""What is done with the words of one cell: the rows that come of it, each by its columns."""

SUFFIXES = (".csv", ".xlsx", ".jsonl")

_ASKED = ("question", "query", "name", "speaker", "quote", "words")
"""Columns that are asked where none is named; else it is the first one."""
_MOST_IN_A_CELL = 32_767
_CUT = " … (cut)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTable:
    """A table that was read: its columns, its rows, which column is asked, and its hash."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    asked: int
    hash: str

    @classmethod
    def read(cls, file: Path, column: str | None = None, named: Sequence[str] = ()) -> "AskedTable":
        """Read a table whose first row names its columns, parted by commas, semicolons or tabs.

        Where no column is said, it is the first there is of those `named`, or of the usual ones.

        Raises ReadError for what is no such table, SettingsError where it lacks the column.
        """
        data = file.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ReadError(file.name, f"byte {error.start}", "it is not UTF-8") from None
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True))
        except csv.Error as error:
            raise ReadError(file.name, "", f"it is no table: {error}") from None
        if not lines or not any(lines[0]):
            raise ReadError(file.name, "line 1", "it names no columns")
        columns = _apart([name.strip() for name in lines[0]])
        rows = tuple(tuple(row) for row in lines[1:] if any(cell.strip() for cell in row))
        for number, row in enumerate(rows, 2):
            if len(row) > len(columns):
                raise ReadError(file.name, f"row {number}", "it has more cells than columns")
        return cls(
            columns=columns,
            rows=rows,
            asked=_which(columns, column, named),
            hash=sha256(data).hexdigest(),
        )


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, each once: the second "note" is called "note (2)"."""
    told: list[str] = []
    for name in names:
        numbered = (f"{name} ({n})".strip() for n in count(2))
        taken = {*told, *(names if name in told else ())}
        told.append(next(one for one in numbered if one not in taken) if name in told else name)
    return tuple(told)


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t|")
    except csv.Error:  # one column alone
        return csv.excel


def _which(columns: Sequence[str], wanted: str | None, named: Sequence[str]) -> int:
    if wanted is None:
        known = [name.casefold() for name in columns]
        return next((known.index(name) for name in (*named, *_ASKED) if name in known), 0)
    if wanted not in columns:
        raise SettingsError(
            f"the table has no column {wanted!r}", f"it has {', '.join(map(repr, columns))}"
        )
    return columns.index(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """How many rows there were, how many had been done before, how many failed."""

    rows: int
    before: int
    failed: int


def _untold(_: MorgueError) -> None:
    """Tell nobody."""


@dataclass(slots=True, kw_only=True)
class TableJob:
    """One table that is made of another: what is done with each row, and under which name.

    `how` is whatever else shapes the result: a run goes on only where it is the same. `named` are
    the columns that are asked before others, where no `column` is said. `failed` hears why a row
    failed, whole: a table may be handed on, and says nothing of where a store is.
    """

    source: Path
    out: Path
    work: Work
    how: Mapping[str, object]
    column: str | None = None
    named: Sequence[str] = ()
    failed: Callable[[MorgueError], None] = _untold
    _done: dict[int, list[Cells]] = field(default_factory=dict)

    def run(self, progress: Callable[[str, int, int], None]) -> TableReport:
        """Do the rows that are not done yet, then write the table.

        Raises SettingsError where the table is there already, or another one is being made.
        """
        self._look()
        table = AskedTable.read(self.source, self.column, self.named)
        with self._journal(table) as journal:
            before = len(self._done)
            for number, row in enumerate(table.rows):
                if number not in self._done:
                    self._note(journal, number, self._cells(table, row))
                progress("rows", number + 1, len(table.rows))
        rows = [{**self._given(table, table.rows[i]), **_beside(table.columns, one)}
                for i in sorted(self._done) for one in self._done[i]]  # fmt: skip
        _written(self.out, _columns(table, rows), rows)
        self._part.unlink()
        failed = sum(any(one.get("error") for one in cells) for cells in self._done.values())
        return TableReport(rows=len(table.rows), before=before, failed=failed)

    @property
    def _part(self) -> Path:
        return self.out.with_name(f"{self.out.name}.part")

    def _look(self) -> None:
        if self.out.suffix not in SUFFIXES:
            raise SettingsError(
                f"{self.out.name!r} is no table that is made here", f"known: {', '.join(SUFFIXES)}"
            )
        if self.out.exists():
            raise SettingsError(
                f"{str(self.out)!r} is there already", "choose another name, or move it away"
            )

    def _journal(self, table: AskedTable) -> IO[bytes]:
        """Open the list of what is done, read it, and go on behind what is whole of it."""
        head = {"of": table.hash, "column": table.asked, "how": dict(self.how)}
        whole = json.dumps(head, sort_keys=True, default=str).encode() + b"\n"
        kept = self._part.read_bytes() if self._part.exists() else b""
        lines = kept.splitlines(keepends=True)
        if lines and lines[0].endswith(b"\n") and lines[0] != whole:
            raise SettingsError(
                f"{str(self._part)!r} was begun with another table or other options",
                "do the same as then, or delete it",
            )
        begun = bool(lines) and lines[0] == whole
        end = len(whole) + self._take_up(lines[1:]) if begun else 0
        journal = self._part.open("ab")
        journal.truncate(end)
        if not end:
            journal.write(whole)
        return journal

    def _take_up(self, lines: Iterable[bytes]) -> int:
        """Read what was done before; return how many bytes of it are whole."""
        end = 0
        for line in lines:
            if not line.endswith(b"\n"):
                break  # it was being written when the run was stopped
            number, cells = json.loads(line)
            self._done[number] = cells
            end += len(line)
        return end

    def _note(self, journal: IO[bytes], number: int, cells: list[Cells]) -> None:
        line = json.dumps([number, cells], ensure_ascii=False, default=str)
        journal.write(line.encode("utf-8", "replace") + b"\n")
        journal.flush()
        os.fsync(journal.fileno())
        self._done[number] = json.loads(line)[1]  # as it will be read again

    def _cells(self, table: AskedTable, row: Sequence[str]) -> list[Cells]:
        asked = row[table.asked].strip() if len(row) > table.asked else ""
        if not asked:
            return [{"error": f"the column {table.columns[table.asked]!r} is empty"}]
        try:
            return [*self.work(asked)] or [{}]
        except MorgueError as error:
            self.failed(error)
            return [{"error": str(error)}]

    def _given(self, table: AskedTable, row: Sequence[str]) -> dict[str, object]:
        padded = [*row, *[""] * (len(table.columns) - len(row))]
        return dict(zip(table.columns, padded, strict=True))


def _beside(columns: Sequence[str], cells: Cells) -> Cells:
    """Return what came of a row under names that the table does not have: it keeps its own."""

    def name(own: str) -> str:
        return name(f"{own} (found)") if own in columns else own

    return {name(own): value for own, value in cells.items()}


def _columns(table: AskedTable, rows: Sequence[Cells]) -> list[str]:
    """Return the columns of a table: those that were given, then what came of them."""
    found = dict.fromkeys(table.columns) | dict.fromkeys(name for row in rows for name in row)
    return list(found)


def _written(out: Path, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    """Write a table whole, or not at all."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    {".csv": _as_csv, ".xlsx": _as_workbook, ".jsonl": _as_lines}[out.suffix](
        unfinished, columns, rows
    )
    unfinished.replace(out)


def _as_csv(file: Path, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    # With the mark by which spreadsheets know that it is UTF-8.
    with file.open("w", encoding="utf-8-sig", errors="replace", newline="") as opened:
        table = csv.writer(opened)
        table.writerow([plain_cell(name) for name in columns])
        for row in rows:
            table.writerow([plain_cell(row.get(name)) for name in columns])


def plain_cell(value: object) -> object:
    """Return what stands in a cell of a CSV file: never what a spreadsheet would work out."""
    text = _text(value)
    return as_cell(text) if isinstance(text, str) else text


def _text(value: object) -> object:
    """Return a value as one cell holds it: lists with semicolons between, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    return str(value)


def _as_workbook(file: Path, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Morgue")

    def cell(value: object) -> Any:
        text = _text(value)
        if not isinstance(text, str):
            return WriteOnlyCell(sheet, value=text)
        lines = "\n".join(map(harmless, text.split("\n")))
        if len(lines) > _MOST_IN_A_CELL:
            lines = lines[: _MOST_IN_A_CELL - len(_CUT)] + _CUT
        made = WriteOnlyCell(sheet, value=lines)
        made.data_type = "s"  # words, whatever they begin with
        return made

    sheet.append([cell(name) for name in columns])
    for row in rows:
        sheet.append([cell(row.get(name)) for name in columns])
    book.save(file)


def _as_lines(file: Path, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    with file.open("w", encoding="utf-8", errors="replace") as opened:
        for row in rows:
            line = {name: row[name] for name in columns if name in row}
            opened.write(json.dumps(line, ensure_ascii=False) + "\n")


def found_rows(found: Mapping[str, Any]) -> Iterator[Cells]:
    """Yield a row for each passage that was found, as `hits_to_json` tells of it."""
    of_all = _warnings(found)
    for rank, hit in enumerate(found["hits"], 1):
        yield {"rank": rank, "text": hit["text"], **_place(hit), **of_all}
    if not found["hits"]:
        yield of_all


def _warnings(found: Mapping[str, Any]) -> Cells:
    """Return what must be known of all rows of one search: what was not searched."""
    return {"warnings": [one["text"] for one in found["warnings"]]}


def said_rows(found: Mapping[str, Any]) -> Iterator[Cells]:
    """Yield a row for each statement, as `sayings_to_json` tells of it.

    Each says how many there are in all, and what must be known of them: who else is called so.
    """
    of_all = {"total": found["total"], **_warnings(found)}
    for one in found["statements"]:
        how = ("speaker", "speaker_as_printed", "kind", "denied", "hedged", "again")
        yield {"text": one["text"], **{name: one[name] for name in how}, **_place(one), **of_all}
    if not found["statements"]:
        yield of_all


def quoted_rows(found: Mapping[str, Any]) -> Iterator[Cells]:
    """Yield a row for each place where words are printed, as `quote_to_json` tells of it.

    `found` is how it is printed in this place: exact, altered, or the nearest of what is not.
    """
    of_all = _warnings(found)
    shown = [("altered" if one["changes"] else "exact", one) for one in found["appearances"]]
    shown += [("nearest", one) for one in found["nearest"]]
    for how, one in shown:
        told = {name: one[name] for name in ("text", "difference", "speaker")}
        yield {"verdict": found["verdict"], "found": how, **told, **_place(one), **of_all}
    if not shown:
        yield {"verdict": found["verdict"], **of_all}


def _place(cited: Mapping[str, Any]) -> Cells:
    """Return where a citation stands, and what must be said of its article."""
    return {
        **{name: cited[name] for name in ("title", "outlet", "date", "authors", "url")},
        "article_id": cited["article_id"],
        "start": cited["start"],
        "end": cited["end"],
        "copies": cited["story"]["copies"],
        "notices": [notice["text"] for notice in cited["notices"]],
    }


def answered_row(outcome: Mapping[str, Any]) -> Cells:
    """Return the row of one answer, as `to_json` tells of it: its words, and what they rest on."""
    cited = outcome["citations"] or outcome.get("nearest", ())
    return {
        "kind": outcome["kind"],
        "answer": outcome["text"],
        "reason": outcome.get("reason"),
        "sources": [
            f"[{one['n']}] {one['outlet'] or 'unknown outlet'}, {one['date'] or 'undated'}:"
            f" {one['title']}"
            for one in cited
        ],
        "urls": [one["url"] for one in cited if one["url"]],
        "article_ids": list(dict.fromkeys(one["article_id"] for one in cited)),
        **_warnings(outcome),
        "record_id": outcome["record_id"],
    }
