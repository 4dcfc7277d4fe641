"""Whom the doors talk to: an assistant and its archive, as far as a screen or a program needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Unpack

from assistant.answer import Asking, Outcome, Searched, Step
from assistant.ask import Sort
from assistant.history import Records
from ingest.archive.search import By
from ingest.archive.versions import Version
from ingest.article import Article, Filters, Hit, Story

if TYPE_CHECKING:
    from ingest.embed import Embedder


class Status(Protocol):
    """What an archive tells of itself."""

    @property
    def articles(self) -> int:
        """How many articles it holds."""

    @property
    def passages(self) -> int:
        """How many passages they were cut into."""

    @property
    def embedded(self) -> int:
        """How many passages can be found by meaning."""

    @property
    def pending(self) -> int:
        """How many passages still wait to be embedded."""

    @property
    def failed(self) -> int:
        """How many records could not be read."""

    @property
    def since(self) -> date | None:
        """The day of the oldest article."""

    @property
    def until(self) -> date | None:
        """The day of the newest article."""

    @property
    def outlets(self) -> Mapping[str, int]:
        """How many articles each outlet printed."""

    @property
    def languages(self) -> Mapping[str, int]:
        """How many articles there are in each language."""

    @property
    def embedder(self) -> str | None:
        """Who made the vectors."""

    @property
    def change(self) -> int:
        """The number of the last change."""

    @property
    def words_at(self) -> int:
        """The change that the index by words has reached."""

    @property
    def meaning_at(self) -> int:
        """The change that the index by meaning has reached."""


class Shelf(Protocol):
    """The archive behind an assistant: whatever it shows may be shown."""

    @property
    def folder(self) -> Path:
        """Where it stands: a record names it."""

    @property
    def embedder(self) -> "Embedder | None":
        """Who turns text into vectors, if anybody."""

    def status(self, scope: Filters | None = None) -> Status:
        """Count what is there, or what a search within a scope may find."""

    def readable(
        self, article_id: str, version: int | None = None, *, collections: Sequence[str] = ()
    ) -> Article | None:
        """Return an article that may be shown."""

    def versions(self, article_id: str) -> list[Version]:
        """Return the versions of an article, oldest first."""

    def story(self, article_id: str, collections: Sequence[str] = ()) -> Story | None:
        """Return the copies of the dispatch that an article prints."""


class Newsroom(Protocol):
    """An assistant, as far as a screen or a program talks to it."""

    @property
    def archive(self) -> Shelf:
        """The archive that it answers from."""

    @property
    def heard(self) -> list[Callable[[Outcome], None]]:
        """Who hears of every outcome, by whatever door it was asked for."""

    @property
    def records(self) -> Records:
        """The records of what was answered."""

    def ask(self, question: str, **how: Unpack[Asking]) -> Outcome:
        """Answer a question."""

    def steps(self, question: str, **how: Unpack[Asking]) -> Iterator[Step]:
        """Answer a question step by step."""

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
        offset: int = 0,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Find passages."""

    def examples(self) -> list[str]:
        """Return questions that the archive itself suggests."""
