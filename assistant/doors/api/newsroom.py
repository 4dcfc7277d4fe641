"""Whom the doors talk to: an assistant and its archive, as far as a screen or a program needs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, Unpack

from assistant.answer import Asking, Listing, Outcome, Searched, Step
from assistant.ask import Sort
from assistant.check.reader import ClaimReader
from assistant.compose.who_said import SpeechPage
from assistant.factcheck.draft_text import DraftText
from assistant.factcheck.findings import CheckedDraft
from assistant.find.listing import Browsing
from assistant.history import Records
from assistant.settings import Settings
from assistant.speech_results import QuoteFound, Sayings
from ingest.archive.originals import PrintedPage, WhyNoPage
from ingest.archive.papers import Papers
from ingest.archive.search import By
from ingest.archive.shown import Field
from ingest.archive.state import ShardStatus, Status
from ingest.archive.versions import Version
from ingest.article import Article, Filters, Hit, Notice, Story


class Facsimiles(Protocol):
    """The printed pages of articles, as far as their files are still there."""

    def page(
        self, article: Article, number: int, spans: Sequence[tuple[int, int]] = ()
    ) -> PrintedPage | WhyNoPage:
        """Return a page with spans of its article's text found on it, or why there is none."""

    def picture(self, article: Article, number: int) -> bytes:
        """Return the picture of a page as JPEG, empty where there is none."""


class Shelf(Protocol):
    """The archive behind an assistant: whatever it shows may be shown."""

    @property
    def folder(self) -> Path:
        """Where it stands on this host."""

    @property
    def papers(self) -> Papers:
        """What people left with it, and what it is called there."""

    @property
    def originals(self) -> Facsimiles:
        """The files that its articles were read from, as far as they are still there."""

    def status(self, scope: Filters | None = None) -> Status:
        """Count what is there, or what a search within a scope may find."""

    def shards(self) -> list[ShardStatus]:
        """Tell of each of several Chroma servers whether it answers."""

    def readable(
        self, article_id: str, version: int | None = None, *, collections: Sequence[str] = ()
    ) -> Article | None:
        """Return an article that may be shown."""

    def values(self, field: Field, scope: Filters) -> dict[str, int]:
        """Return the values of a field within a scope, the most frequent first."""

    def withheld_from(self, text: str, filters: Filters) -> dict[str, int]:
        """Count what a search by words would find but for its embargo, by the embargo's end."""

    def versions(self, article_id: str) -> list[Version]:
        """Return the versions of an article, oldest first."""

    def story(self, article_id: str, collections: Sequence[str] = ()) -> Story | None:
        """Return the copies of the dispatch that an article prints."""

    def notices(
        self,
        article: Article,
        span: tuple[int, int] | None = None,
        *,
        collections: Sequence[str] = (),
    ) -> list[Notice]:
        """Return what whoever cites an article must say: that it was corrected or retracted."""


class Newsroom(Protocol):
    """An assistant, as far as a screen or a program talks to it."""

    @property
    def archive(self) -> Shelf:
        """The archive that it answers from."""

    @property
    def reader(self) -> ClaimReader:
        """Who judges claims."""

    @property
    def settings(self) -> Settings:
        """How it answers: with which model, if any."""

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

    def search(  # noqa: PLR0913 - what may be said of a search, by name
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
        offset: int = 0,
        literal: bool = False,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Find passages."""

    def check(
        self, draft: DraftText | str, *, filters: Filters | None = None, day: date | None = None
    ) -> CheckedDraft:
        """Hold a draft against the archive."""

    def said(
        self, speaker: str | None = None, words: str = "", **how: Unpack[SpeechPage]
    ) -> Sayings:
        """Tell what somebody said."""

    def quote(self, words: str, *, filters: Filters | None = None) -> QuoteFound:
        """Tell where words are printed."""

    def browse(self, query: str = "", **how: Unpack[Browsing]) -> Listing:
        """List articles."""

    def examples(self) -> list[str]:
        """Return questions that the archive itself suggests."""
