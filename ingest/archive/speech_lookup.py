"""Who said what in an archive, and where words are printed: a part of the one door to it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ingest.archive import commenters, quote_search, speaker_profile, statement_store
from ingest.archive.catalogue import Catalogue
from ingest.archive.sqlite import ours
from ingest.archive.words import SomeWords, Words
from ingest.article import Article, Filters, Statement

_SOON = 500
"""Articles that are read for statements while somebody waits: some three seconds."""

_HOLDING = 100_000
"""Articles that may hold the words of a statement that is looked for."""


@dataclass(slots=True, kw_only=True)
class SpeechLookup:
    """What an archive tells of speech. Safe from several threads, as the archive is.

    `writing` holds the archive's lock for a block, `unless_busy` does what writes where nobody
    else is writing, `release` puts on the shelf what is under embargo no more, and `rarity` says
    how telling a stem is.
    """

    catalogue: Catalogue
    words: Words
    writing: Callable[[], AbstractContextManager[None]]
    unless_busy: Callable[[Callable[[], object]], bool]
    release: Callable[[], None]
    rarity: Callable[[str], float]
    _unheard: tuple[int, int] | None = None

    def hear(
        self, progress: statement_store.Progress | None = None, most: int | None = None
    ) -> int:
        """Find who said what in the articles that were not read for it yet, the newest first.

        May be stopped at any moment and goes on where it was. Returns how many articles it read.
        """
        with self.writing():
            numbers = statement_store.unheard(self.catalogue)[:most]
            statement_store.hear(self.catalogue, numbers, progress)
        self._unheard = None
        return len(numbers)

    @ours()
    def unheard(self) -> int:
        """Count the articles that were not read for statements; a few are read at once."""
        change = self.catalogue.change
        if self._unheard is None or self._unheard[0] != change:
            self._unheard = change, len(statement_store.unheard(self.catalogue))
        if 0 < self._unheard[1] <= _SOON and self.unless_busy(self.hear):
            self._unheard = change, 0
        return self._unheard[1] if self._unheard else 0

    @ours()
    def said(self, speech: statement_store.Speech) -> statement_store.Spoken:
        """Return who said what, in order of time: statements as the rules attribute them."""
        self.release()

        def holding() -> list[int]:
            terms = self.words.terms(speech.words)
            every = SomeWords(terms=terms, least=len(terms))
            return self.words.holding_some(every, "articles", speech.filters, k=_HOLDING)

        with self.catalogue.snapshot():
            return statement_store.find(self.catalogue, speech, self.words.terms, holding)

    @ours()
    def known_as(self, last_name: str, filters: Filters) -> str | None:
        """Return the full name of the one person whom a last name means, as a headline uses it.

        None where several may be meant, or nobody was read for who said what.
        """
        with self.catalogue.snapshot():
            return statement_store.known_as(self.catalogue, last_name, filters)

    @ours()
    def spoken(
        self, lines: Sequence[statement_store.SpokenLine], *, collections: Sequence[str] = ()
    ) -> list[statement_store.Spoke]:
        """Look statements up, with what is told of their articles."""
        with self.catalogue.snapshot():
            return statement_store.load(self.catalogue, lines, collections)

    @ours()
    def speaker_profile(
        self, lines: Sequence[statement_store.SpokenLine]
    ) -> speaker_profile.SpeakerProfile:
        """Count statements by outlet and year, and tell who their one speaker is said to be."""
        with self.catalogue.snapshot():
            return speaker_profile.profile(self.catalogue, lines)

    @ours()
    def statements(self, article: Article) -> tuple[Statement, ...]:
        """Return who says what in an article, as the rules attribute it."""
        return statement_store.statements_of(self.catalogue, article)

    @ours()
    def quoted(self, words: str, filters: Filters | None = None) -> quote_search.Quoted:
        """Return where some words are printed, as they are and altered, or what comes nearest."""
        self.release()
        asked = quote_search.Remembered(words=words, filters=filters or Filters())
        with self.catalogue.snapshot():
            return quote_search.look_up(self.catalogue, self.words, asked, self.rarity)

    @ours()
    def commented(
        self, author: str, filters: Filters | None = None, *, most: int = 8
    ) -> list[Article]:
        """Return the newest articles under which a reader comments, by name."""
        self.release()
        with self.catalogue.snapshot():
            return commenters.commented(self.catalogue, author, filters or Filters(), most)
