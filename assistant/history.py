"""The record of an answer, kept on disk: what was asked, read, written, checked and said.

Records are among what people leave with an archive (`ingest.archive.papers`), each known by the
time and by a digest of whose it is: of which archive, asked with which key. The oldest of that one
go when there are more of them than the settings allow, so that nobody pushes out another's.
"""

import contextlib
import json
import logging
import re
import secrets
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import Finished, Found, Outcome, Question, Step, Turn, Understood
from assistant.check.reader import ClaimReader
from assistant.check.reading_cost import MeteredReader
from assistant.models.llm import Message, Model
from assistant.models.prompts import Prompt
from assistant.models.sanitise import secrets_of
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive.papers import FolderPapers, Papers, whose_is
from ingest.archive.query import Condition, Query
from ingest.article import By, Hit
from ingest.errors import MorgueError, ReadError

if TYPE_CHECKING:
    from ingest.archive import Archive

logger = logging.getLogger("morgue.history")

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
_HIDDEN = "[secret]"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Read(_Kept):
    """A passage that was read: a span, its words are looked up."""

    article_id: str
    version: int
    start: int
    end: int
    score: float
    by: tuple[By, ...]


class Record(_Kept):
    """One answer and how it came about.

    `archive` is the archive's folder, its id where it is in a database; `change` its change number
    when the question came. `prompts` holds the hash of each prompt that was used, `replies` what
    the model wrote, each call as it came. `outcome` is the document of `ask --json`, verdicts and
    all. `asker` is the id of the key that asked, where it came over the network.
    """

    schema_number: int = 1
    id: str
    at: datetime
    archive: str
    change: int
    question: Question
    history: tuple[Turn, ...] = ()
    passages: tuple[Read, ...] = ()
    model: str | None = None
    prompts: dict[str, str] = {}
    replies: tuple[str, ...] = ()
    outcome: dict[str, Any]
    asker: str | None = None


# An answer is read without the archive's stores, so its module does not name these when it runs.
Record.model_rebuild(_types_namespace={"Query": Query, "Condition": Condition})


class Records:
    """The records among some papers: of each archive and key at most `most`; none where that is 0.

    Safe from several threads, and from several processes that have the same `most`. A folder may
    be named for them instead.
    """

    def __init__(self, papers: Papers | Path | None = None, *, most: int = 1000) -> None:
        self.papers = papers if isinstance(papers, Papers) else FolderPapers(records=papers)
        self.most = most
        self._room: Counter[str] = Counter()
        self._counting = threading.Lock()

    def ids(self) -> list[str]:
        """Return the ids of what is kept, oldest first."""
        return sorted(record_id for record_id, _ in self.papers.records())

    def keep(self, record: Record, *, hide: Sequence[str] = ()) -> None:
        """Keep a record whole or not at all, without the strings to `hide`; drop the oldest.

        Raises OSError or ArchiveError.
        """
        whose = whose_is(record.archive, record.asker)
        self.papers.keep_record(record.id, whose, _without(record.model_dump_json(), hide))
        # One makes room for all that answer at once: each would list the same, and drop the same.
        with self._counting:
            self._room[whose] -= 1
            if self._room[whose] < 0:
                self._make_room(whose)

    def _make_room(self, whose: str) -> None:
        """Drop somebody's oldest, a twentieth more than need be: listing them takes a while."""
        kept = sorted(record_id for record_id, _ in self.papers.records(whose))
        if len(kept) > self.most:
            spare = self.most // 20
            self.papers.drop_records(kept[: len(kept) - self.most + spare])
            kept = kept[-self.most + spare :]
        self._room[whose] = self.most - len(kept)

    def read(self, record_id: str, whose: str | None = None) -> Record:
        """Return a record; whose it is saves looking for it.

        Raises MorgueError where there is none, ReadError for a broken one.
        """
        text = self.papers.record(record_id, whose) if _ID.fullmatch(record_id) else None
        if text is None:
            raise MorgueError(
                f"there is no record {record_id!r}", "`morgue replay` lists those that are kept"
            )
        try:
            return Record.model_validate_json(text)
        except ValidationError as error:
            why = f"it is not a record: {error.errors()[0]['msg']}"
            raise ReadError(record_id, "", why) from error

    def newest(self, most: int) -> Iterator[Record]:
        """Yield the newest records that can be read, the newest first."""
        for record_id, whose in sorted(self.papers.records())[: -most - 1 : -1]:
            with contextlib.suppress(MorgueError):
                yield self.read(record_id, whose)

    def of(self, archive: str, asker: str | None, since: datetime) -> Iterator[Record]:
        """Yield the records of an archive and a key since a moment, the oldest first."""
        first = f"{since:%Y%m%dT%H%M%S}"
        for record_id, whose in sorted(self.papers.records(whose_is(archive, asker))):
            if record_id >= first:
                with contextlib.suppress(MorgueError):  # it went meanwhile, or cannot be read
                    yield self.read(record_id, whose)

    def forget(self, article_ids: Iterable[str]) -> int:
        """Drop every record that names one of these articles; return how many."""
        return self.papers.forget([*article_ids])


class Scribe:
    """Takes down how one answer comes about, and keeps the record when it is finished.

    Its `reader` is the one that reads for this answer: what that costs is counted.
    """

    def __init__(
        self,
        archive: "Archive",
        settings: Settings,
        records: Records,
        history: Sequence[Turn],
        reader: ClaimReader,
        asker: str | None = None,
    ) -> None:
        self.reader = MeteredReader(reader)
        self._archive = archive
        self._asker = asker
        self._hide = secrets_of(settings)
        self._records = records
        self._history = tuple(history)
        self._change = archive.counts.change if records.most else 0
        self._question: Question | None = None
        self._hits: tuple[Hit, ...] = ()
        self._model: Model | None = None
        self._prompts: dict[str, str] = {}
        self._replies: list[list[str]] = []

    def used(self, prompt: Prompt) -> Prompt:
        """Note a prompt that is about to be used."""
        self._prompts[prompt.name] = prompt.hash
        return prompt

    def listening(self, model: Model) -> Model:
        """Return the model, with a note taken of all that it writes."""
        self._model = model
        return _Overheard(model, self._replies)

    def follow(self, step: Step) -> Step:
        """Note a step; the last one comes back with the record's id, where one was kept."""
        match step:
            case Understood(question=question):
                self._question = question
            case Found(hits=hits):
                self._hits = hits
            case Finished(outcome=outcome):
                outcome = replace(outcome, reading=self.reader.cost)
                if self._records.most and self._question:
                    outcome = self._keep(outcome, self._question)
                return Finished(outcome=outcome)
        return step

    def _keep(self, outcome: Outcome, question: Question) -> Outcome:
        now = datetime.now(UTC)
        record_id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        kept = replace(outcome, record_id=record_id)
        try:
            self._records.keep(self._record(kept, question, now), hide=self._hide)
        except (OSError, MorgueError, TypeError, ValueError) as error:
            # An answer is worth more than its record, whatever is wrong with the record.
            logger.warning("the record of an answer could not be kept: %s", error)
            return outcome
        return kept

    def _record(self, kept: Outcome, question: Question, now: datetime) -> Record:
        return Record(
            id=kept.record_id or "",
            at=now,
            archive=self._archive.papers.archive,
            change=self._change,
            question=question,
            history=self._history,
            passages=tuple(_read(hit) for hit in self._hits),
            model=self._model.name if self._model else None,
            prompts=self._prompts,
            replies=tuple("".join(reply) for reply in self._replies),
            outcome=to_json(kept),
            asker=self._asker,
        )


class _Overheard(Model):
    """A model, with what it writes noted down."""

    def __init__(self, model: Model, replies: list[list[str]]) -> None:
        self._model = model
        self._replies = replies

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield the model's reply, and keep it."""
        heard: list[str] = []
        self._replies.append(heard)
        with contextlib.closing(self._model.stream(messages)) as reply:
            for delta in reply:
                heard.append(delta)
                yield delta


def _read(hit: Hit) -> Read:
    return Read(
        article_id=hit.article.article_id,
        version=hit.article.version,
        start=hit.passage.start,
        end=hit.passage.end,
        score=hit.score,
        by=hit.by,
    )


def _without(document: str, hide: Sequence[str]) -> str:
    """Return a JSON document with the strings to hide taken out of its values."""
    if not any(json.dumps(secret, ensure_ascii=False)[1:-1] in document for secret in hide):
        return document

    def hidden(value: object) -> object:
        if isinstance(value, str):
            for secret in hide:
                value = value.replace(secret, _HIDDEN)
            return value
        if isinstance(value, list):
            return [hidden(inner) for inner in value]
        return {k: hidden(v) for k, v in value.items()} if isinstance(value, dict) else value

    return json.dumps(hidden(json.loads(document)), ensure_ascii=False)
