"""The commands that ask: one question, one query, or a file of them."""

import datetime
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field, ValidationError

from assistant.answer import Answer, Listing, Mode, Turn
from assistant.ask import Assistant
from assistant.doors.cli.console import Console, failure
from assistant.doors.cli.export_options import ExportOrder
from assistant.doors.cli.exporting import deliver
from assistant.doors.cli.options import made_table
from assistant.doors.table_job import Cells, answered_row, found_rows, quoted_rows, said_rows
from assistant.find.listing import wanted
from assistant.models.sanitise import whole
from assistant.render import (
    facets_to_text,
    hits_to_json,
    hits_to_text,
    phrasing,
    quote_to_json,
    quote_to_text,
    sayings_to_json,
    sayings_to_text,
    to_json,
    to_text,
)
from assistant.render.documents import Document
from assistant.render.export import Exportable
from assistant.speech_results import Sayings
from ingest.archive import Archive
from ingest.archive.browse import FACETS, FacetField
from ingest.article import Filters
from ingest.errors import ArchiveError, MorgueError, ReadError
from ingest.settings import IngestSettings

_ANYBODY = "*"
"""Who is named where it is all the same who said it."""


class _EarlierTurn(BaseModel):
    question: str
    answer: str = ""


class QuestionRow(BaseModel):
    """One line of a file of questions."""

    id: str | int | None = None
    question: Annotated[str, Field(min_length=1)]
    date: datetime.date | None = None
    history: list[_EarlierTurn] = []


class OpenArchive:
    """An open archive with somebody at it who answers."""

    def __init__(self, console: Console, settings: IngestSettings, filters: Filters) -> None:
        self._console = console
        self._filters = filters
        self._assistant = Assistant(console.holding(Archive.open(settings=settings)))

    def ask(
        self,
        question: str,
        mode: Mode | None,
        *,
        literal: bool = False,
        order: ExportOrder | None = None,
    ) -> None:
        """Answer one question; where it was ordered so, as a file of another format."""
        # A byte that is no UTF-8 comes from the shell as half a character.
        outcome = self._assistant.ask(
            whole(question), mode=mode, filters=self._filters, literal=literal
        )
        self._tell_withheld(question, found=isinstance(outcome, Answer))
        self._show(outcome, to_json(outcome), to_text(outcome), order)

    def _show(
        self, found: Exportable, document: Document, text: str, order: ExportOrder | None
    ) -> None:
        """Print what was found, or write it as it was ordered."""
        if order:
            deliver(self._console, found, order, document)
        else:
            self._console.result(document, text)

    def ask_all(self, file: Path, mode: Mode | None, *, dated: bool, literal: bool = False) -> int:
        """Answer a file of questions, a JSON line each, in order; return how many failed."""

        def answer(row: QuestionRow) -> Mapping[str, object]:
            return to_json(
                self._assistant.ask(
                    row.question,
                    mode=mode,
                    filters=self._as_of(row, dated=dated),
                    history=[Turn(question=t.question, answer=t.answer) for t in row.history],
                    id=None if row.id is None else str(row.id),
                    literal=literal,
                )
            )

        return self._each(file, answer)

    def ask_table(
        self, given: Mapping[str, Any], mode: Mode | None, *, literal: bool = False
    ) -> int:
        """Answer a column of a table, and make a table of the answers; return how many failed."""

        def answer(question: str) -> Iterator[Cells]:
            outcome = self._assistant.ask(
                whole(question), mode=mode, filters=self._filters, literal=literal
            )
            yield answered_row(to_json(outcome))

        how = {"verb": "ask", "mode": mode, "literal": literal, "filters": asdict(self._filters)}
        return made_table(self._console, given, answer, how)

    def search_table(self, given: Mapping[str, Any], how: Mapping[str, Any]) -> int:
        """Find passages for a column of a table, likewise: a row for each."""

        def find(query: str) -> Iterator[Cells]:
            found = self._assistant.search(whole(query), filters=self._filters, **how)
            yield from found_rows(hits_to_json(*found))

        shaped = {"verb": "search", **how, "filters": asdict(self._filters)}
        return made_table(self._console, given, find, shaped)

    def search(self, query: str, how: Mapping[str, Any], *, facets: bool = False) -> None:
        """Find passages for one query; with `facets`, count the articles that hold its words."""
        hits, searched = self._assistant.search(whole(query), filters=self._filters, **how)
        counted = self._counted(query, self._filters, literal=how["literal"]) if facets else None
        self._tell_withheld(query, found=bool(hits))
        text = hits_to_text(hits, searched) + (f"\n{facets_to_text(counted)}" if counted else "")
        self._console.result(hits_to_json(hits, searched, counted=counted), text)

    def _counted(self, query: str, filters: Filters, *, literal: bool) -> Listing:
        """Count the articles that hold all words of a query by every facet there is."""
        return self._assistant.browse(
            whole(query), filters=filters, k=0, facets=get_args(FacetField), literal=literal
        )

    def _tell_withheld(self, words: str, *, found: bool) -> None:
        """Tell whoever keeps the archive that what was looked for is under embargo."""
        if not found and (counts := self._assistant.archive.withheld_from(words, self._filters)):
            self._console.say(f"what matches is under embargo; {phrasing.withheld(counts)}")

    def search_all(
        self, file: Path, how: Mapping[str, Any], *, dated: bool, facets: bool = False
    ) -> int:
        """Find passages for a file of queries, likewise."""

        def find(row: QuestionRow) -> Mapping[str, object]:
            filters = self._as_of(row, dated=dated)
            hits, searched = self._assistant.search(row.question, filters=filters, **how)
            literal = how["literal"]
            counted = self._counted(row.question, filters, literal=literal) if facets else None
            return hits_to_json(hits, searched, None if row.id is None else str(row.id), counted)

        return self._each(file, find)

    def said(
        self, speaker: str, words: str, how: Mapping[str, Any], order: ExportOrder | None = None
    ) -> None:
        """Show what somebody said."""
        self._hear()
        found = self._said(speaker, words, how)
        self._show(found, sayings_to_json(found), sayings_to_text(found), order)

    def said_table(self, given: Mapping[str, Any], words: str, how: Mapping[str, Any]) -> int:
        """Make a table of what those said who stand in a column; return how many failed."""

        def tell(speaker: str) -> Iterator[Cells]:
            yield from said_rows(sayings_to_json(self._said(speaker, words, how)))

        self._hear()
        shaped = {"verb": "said", "words": words, **how, "filters": asdict(self._filters)}
        return made_table(self._console, given, tell, shaped, ["speaker", "name"])

    def _said(self, speaker: str, words: str, how: Mapping[str, Any]) -> Sayings:
        named = "" if speaker == _ANYBODY else whole(speaker)
        return self._assistant.said(named or None, whole(words), filters=self._filters, **how)

    def quote(self, words: str, order: ExportOrder | None = None) -> None:
        """Show where words are printed."""
        found = self._assistant.quote(whole(words), filters=self._filters)
        self._show(found, quote_to_json(found), quote_to_text(found), order)

    def quote_table(self, given: Mapping[str, Any]) -> int:
        """Make a table of where the words of a column are printed; return how many failed."""

        def look(words: str) -> Iterator[Cells]:
            found = self._assistant.quote(whole(words), filters=self._filters)
            yield from quoted_rows(quote_to_json(found))

        shaped = {"verb": "quote", "filters": asdict(self._filters)}
        return made_table(self._console, given, look, shaped, ["quote", "words", "text"])

    def _hear(self) -> None:
        """Find who said what in the articles that were not read for it yet, if it may be kept."""
        archive = self._assistant.archive
        missing = archive.speech.unheard()
        if missing:
            self._console.say(f"reading {missing:,} articles for who said what, once")
            with suppress(ArchiveError):  # somebody is writing, or it may only be read
                archive.speech.hear(self._console.progress)

    def browse(
        self, query: str, given: Mapping[str, Any], order: ExportOrder | None = None
    ) -> None:
        """List articles, or with `facets` how many there are by what."""
        asked = whole(query)
        found = self._assistant.browse(
            asked,
            filters=self._filters,
            sort=given["sort"] or ("relevance" if wanted(asked).query else "date"),
            k=given["k"],
            next=given["page"],
            facets=get_args(FacetField) if given["facets"] else FACETS,
        )
        text = facets_to_text(found) if given["facets"] else to_text(found)
        self._show(found, to_json(found), text, order)

    def _as_of(self, row: QuestionRow, *, dated: bool) -> Filters:
        return replace(self._filters, as_of=row.date) if dated and row.date else self._filters

    def _each(self, file: Path, answer: Any) -> int:
        failed = 0
        for row_id, row in _rows(file):
            try:
                if isinstance(row, ReadError):
                    raise row
                self._console.line(answer(row))
            except MorgueError as error:
                failed += 1
                self._console.line({"schema": 1, "id": row_id, **failure(error)})
        return failed


def _rows(file: Path) -> Iterator[tuple[str | None, QuestionRow | ReadError]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row_id: str | None = None
            where = f"line {number}"
            try:
                given = json.loads(line)
                if isinstance(given, dict) and given.get("id") is not None:
                    row_id = str(given["id"])
                yield row_id, QuestionRow.model_validate(given)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"]) or "the row"
                yield row_id, ReadError(file.name, where, f"{field}: {first['msg']}")
            except ValueError as error:
                yield row_id, ReadError(file.name, where, f"it is not JSON: {error}")
