"""The Archive: open, put, drop, get, search, follow. Nothing outside knows which stores it has."""

import contextlib
import math
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ingest import spans
from ingest.archive import copies, filing, folders, notices, queried, recurring, shown, spellings
from ingest.archive.browse import Browse, Browsed, browse
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.change_log import followed, tell_if_left_behind
from ingest.archive.default_folder import archive_dir, chroma_url, database_url, make_folder
from ingest.archive.embedding import Embedding, Progress
from ingest.archive.filing import Prepared, Put
from ingest.archive.lock import WriterLock, written
from ingest.archive.originals import Originals
from ingest.archive.query import Condition, Query, wanted
from ingest.archive.search import DEPTH, By, Search, find
from ingest.archive.shards import Place, places
from ingest.archive.speech_lookup import SpeechLookup
from ingest.archive.sqlite import ours
from ingest.archive.state import Counts, ShardStatus, Status
from ingest.archive.versions import Changed, Version, history
from ingest.archive.watches import Watches
from ingest.archive.words import Words
from ingest.article import Article, Filters, Hit, Notice, Story
from ingest.errors import ArchiveError, EmbedderMismatch, MorgueError, ReadError, ServiceError

if TYPE_CHECKING:  # numpy and what stands on it is not needed to say what is there
    from llama_index.core.base.base_retriever import BaseRetriever

    from ingest.archive.meaning import Meaning
    from ingest.archive.papers import Papers
    from ingest.embed.embedders import Embedder
    from ingest.embed.encoder import Vectors
    from ingest.settings import IngestSettings

_ALL = Filters()


class Archive:
    """One searchable archive in one folder. Reading is safe from several threads.

    `Archive.open` is how to get one. Whoever writes does so under `writing()`; `put`, `drop`,
    `embed` and `follow` take the lock for themselves where it is not held yet.
    """

    def __init__(self, folder: Path, settings: "IngestSettings | None", *, create: bool) -> None:
        url = database_url(settings)
        if create:
            make_folder(folder)
        self.folder = folder
        self._settings = settings
        self.catalogue = Catalogue(database_of(folder, url), create=create)
        if url:  # what follows the catalogue stands in a folder of this host
            make_folder(folder)
        self.lock = WriterLock(folder)
        self._pen = threading.RLock()
        self.words = Words(folder / "words")
        self._meaning: Meaning | None = None
        self._embedder: Embedder | None = None
        self._loaded = False
        self.no_embedder: MorgueError | None = None
        self.counts = Counts(self.catalogue)
        self.watches = Watches(self.catalogue)
        self.originals = Originals(self.catalogue, folder)
        self.speech = SpeechLookup(
            catalogue=self.catalogue, words=self.words, writing=self.writing,
            unless_busy=self.unless_busy, release=self.release, rarity=self.rarity,
        )  # fmt: skip
        self._asked: tuple[tuple[str, str], Vectors] | None = None

    @classmethod
    def open(
        cls,
        folder: str | Path | None = None,
        *,
        create: bool = False,
        settings: "IngestSettings | None" = None,
        embedder: "Embedder | None" = None,
    ) -> Self:
        """Open the archive in a folder (default: the settings'), with `create` a new one too.

        Raises ArchiveMissing where there is none, ArchiveDamaged where it cannot be read.
        """
        if folder is None:
            folder = settings.archive if settings else archive_dir()
        archive = cls(Path(folder), settings, create=create)
        archive._renew_words()
        if embedder is not None:
            archive.use(embedder)
        return archive

    def close(self) -> None:
        """Let every store go. What was put stays."""
        self.words.close()
        if self._meaning is not None:
            self._meaning.close()
        self.lock.release()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def settings(self) -> "IngestSettings":
        """The settings, read when they are first needed where none were given."""
        if self._settings is None:
            from ingest.settings import IngestSettings

            self._settings = IngestSettings()
        return self._settings

    @cached_property
    def papers(self) -> "Papers":
        """What people leave with it: keys, accounts, answers on record, conversations."""
        return self.catalogue.database.papers(self.folder)

    @property
    def meaning(self) -> "Meaning":
        """The follower that searches by meaning."""
        if self._meaning is None:
            from ingest.archive.meaning import Meaning

            url = self.settings.chroma_url
            self._meaning = Meaning(self.folder / "meaning", self.lock, url=url)
        return self._meaning

    def use(self, embedder: "Embedder | None") -> None:
        """Use an embedder instead of the one that the settings name."""
        self._embedder, self._loaded = embedder, True

    @property
    def embedder(self) -> "Embedder | None":
        """The embedder; None where its weights are not here (`no_embedder` says why)."""
        if not self._loaded:
            from ingest.embed.embedders import load

            try:
                self._embedder = load(self.settings)
            except MorgueError as error:
                self.no_embedder = error
            self._loaded = True
        return self._embedder

    def _matching(self) -> "Embedder | None":
        """Return the embedder if the archive's vectors are its own; None without one."""
        embedder, kept = self.embedder, self.catalogue.meta("embedder")
        if embedder is not None and kept is not None and kept != embedder.fingerprint:
            raise EmbedderMismatch(
                f"the archive was embedded by {kept!r}, the settings name {embedder.fingerprint!r}",
                "run `morgue rebuild meaning` to embed it anew, or set MORGUE_EMBEDDER back",
            )
        return embedder

    def mismatch(self) -> EmbedderMismatch | None:
        """Return why meaning cannot be searched although there is an embedder, if so."""
        if self.catalogue.meta("embedder") is None:
            return None  # whatever embeds it first will be its own, and takes long to load
        try:
            self._matching()
        except EmbedderMismatch as error:
            return error
        return None

    def _usable(self, by: By) -> "Embedder | None":
        """Return the embedder to search with; by both, a foreign one is done without."""
        if by == "both" and (self.catalogue.meta("embedder") is None or self.mismatch()):
            return None
        return self._matching()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the archive's lock for a block: one writer at a time.

        Another thread of this process waits for its turn. Raises ArchiveBusy, with the owner's
        process id, where another process is writing.
        """
        with self._pen, ours(self.folder), written(self.lock) as taken:
            if taken:
                self._look_back()
            try:
                yield
            finally:
                if taken:
                    self.words.rest()
                    if self._meaning is not None:
                        self._meaning.rest()

    def _look_back(self) -> None:
        """Have an index built anew that is ahead: an older catalogue was put in place.

        Before anything is written: later its changes would have come to the same numbers.
        """
        change = self.catalogue.change
        self.words.come_back_to(change)
        for place in self._places():
            place.bookmark.come_back_to(change)

    def _places(self) -> list[Place]:
        url = self._settings.chroma_url if self._settings else chroma_url()
        return places(self.folder / "meaning", url)

    def put(
        self,
        articles: Iterable[Article | Prepared],
        failed: Sequence[ReadError] = (),
        *,
        anew: Iterable[str] = (),
        follow: bool = True,
    ) -> list[Put]:
        """Keep a batch of articles in one transaction; the word index follows it.

        `failed` is kept beside them; what had failed in the files that are read `anew` is
        forgotten. Whoever puts many batches may let the index follow a few of them at once.
        """
        with self.writing():
            copies.catch_up(self.catalogue)
            with self._filing() as desk:
                done = [desk.file(article) for article in articles]
                for file in anew:
                    self.catalogue.clear_failed(file)
                for error in failed:
                    self.catalogue.note_failed(error)
            if follow:
                self._follow_words()
        return done

    def mark_recurring(self, article_ids: Iterable[str]) -> int:
        """Mark what recurs across an outlet as boilerplate, in old articles as in new ones.

        `article_ids` are the articles that are new; what an ingest that was cut off had not
        come to mark is looked at too. Returns how many articles changed.
        """
        with self.writing():
            numbers = self.catalogue.numbers(article_ids)
            found = recurring.find(self.catalogue, {*numbers, *recurring.unmarked(self.catalogue)})
            touched = recurring.articles_with(self.catalogue, found)
            with self.catalogue.transaction():
                change = self.catalogue.new_change()
                recurring.remember(self.catalogue, found)
                desk = filing.Filing(self.catalogue, found, change, self.settings.passage_words)
                desk.relabel(touched)
                self._hand_on(change)
            self._follow_words()
        return len(touched)

    def drop(self, article_ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Forget articles, every version, through every door. Returns (dropped, unknown)."""
        dropped, unknown = list[str](), list[str]()
        with self.writing():
            with self.catalogue.transaction():
                change = self.catalogue.new_change()
                for article_id in article_ids:
                    gone = filing.drop(self.catalogue, article_id, change)
                    (dropped if gone else unknown).append(article_id)
                self.catalogue.sweep()
            self.follow()
            self.originals.sweep()
        return dropped, unknown

    def compare(self, root: str, files: Collection[str], *, prune: bool) -> tuple[list[str], int]:
        """Note a folder's files; return those gone and how many articles went with them."""
        with self.writing():
            gone = folders.gone(self.catalogue, root, files)
            only = folders.only_in(self.catalogue, root, gone) if gone and prune else []
            dropped = self.drop(only)[0] if only else []
            with self.catalogue.transaction():
                folders.note(self.catalogue, root, files)
                if prune:
                    folders.forget(self.catalogue, root, gone)
        return gone, len(dropped)

    def embed(self, progress: Progress | None = None, *, leads_only: bool = False) -> int:
        """Embed what is pending: every lead first, then the passages, newest first.

        May be stopped at any moment and goes on where it was. Returns how many were embedded.
        Raises EmbedderMismatch where the archive's vectors are another embedder's.
        """
        embedder = self._matching()
        if embedder is None:
            return 0
        with self.writing():
            self.catalogue.set_meta("embedder", embedder.fingerprint)
            with self._following():
                done = Embedding(
                    catalogue=self.catalogue,
                    embedder=embedder,
                    follow=self.follow,
                    progress=progress,
                ).run(leads_only=leads_only)
            with self.catalogue.transaction():
                self.catalogue.sweep()
            self.follow()
        return done

    def follow(self) -> None:
        """Let both indexes apply what the catalogue has changed, then drop the log behind them."""
        with self.writing():
            tell_if_left_behind(self.catalogue, "the index by words", self.words.at)
            self.words.follow(self.catalogue)
            reached = [self.words.at]
            if self.catalogue.meta("embedder") is not None:
                self.meaning.follow(self.catalogue)
                reached.append(self.meaning.at)
            followed(self.catalogue, self.folder, reached)

    @contextlib.contextmanager
    def _following(self) -> Iterator[None]:
        """Let both indexes follow what was done in a block, should it be interrupted."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(MorgueError, OSError):
                self.follow()
            raise

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Write for a block; what was kept until an interruption can be found after it."""
        with self.writing(), self._following():
            yield

    @contextlib.contextmanager
    def serving(self, *, at_once: bool = False) -> Iterator[None]:
        """Hold the lock for long, with a Chroma server as a child, as `morgue serve` does.

        The child takes some 200 MB: it is started when there are more vectors than are scored
        one by one, or `at_once`.
        """
        with ours(self.folder), written(self.lock):
            self._look_back()
            self.follow()
            self.words.rest()
            self.meaning.serve(at_once=at_once or not self.meaning.scores_all(self.catalogue))
            try:
                yield
            finally:
                self.words.rest()
                self.meaning.close()

    @ours()
    def get(self, article_id: str, version: int | None = None) -> Article | None:
        """Return an article, by any id it was given: its newest version, unless one is named."""
        return self.catalogue.article(article_id, version)

    @ours()
    def versions(self, article_id: str, *, embargoed: bool = False) -> list[Version]:
        """Return the versions of an article, oldest first; `embargoed` ones too if asked."""
        return shown.versions_of(self.catalogue, article_id, embargoed=embargoed)

    @ours()
    def changes(self, article_id: str) -> dict[int, Changed]:
        """Tell of each version but the first what it changed."""
        return history(self.catalogue, article_id)

    @ours()
    def notices(
        self,
        article: Article,
        span: tuple[int, int] | None = None,
        *,
        collections: Sequence[str] = (),
    ) -> list[Notice]:
        """Return what a citation of an article must carry, of an older version that it is one.

        With a span, it says too whether these words still stand in the newest version. What is
        said by articles that a reader of these collections may not see is left out.
        """
        return notices.of_version(self.catalogue, article, span, collections)

    @ours()
    def readable(
        self, article_id: str, version: int | None = None, *, collections: Sequence[str] = ()
    ) -> Article | None:
        """Return an article where a search may show it: not embargoed, of these collections."""
        self.release()
        return shown.readable(self.catalogue, article_id, version, collections)

    @ours()
    def story(self, article_id: str, collections: Sequence[str] = ()) -> Story | None:
        """Return the story of an article: every copy of the dispatch that it prints."""
        numbers = self.catalogue.numbers([article_id])
        return copies.story(self.catalogue, numbers[0], collections) if numbers else None

    @ours()
    def newest(self, most: int, *, collections: Sequence[str] = ()) -> list[Article]:
        """Return the newest articles that a reader of these collections may see, by day."""
        self.release()
        return shown.newest(self.catalogue, most, collections)

    @ours()
    def status(self, scope: Filters | None = None) -> Status:
        """Count what is in the archive; with a scope, what a search finds in its collections."""
        return replace(self.counts.of(scope), words_at=self.words_at, meaning_at=self.meaning_at)

    def shards(self) -> list[ShardStatus]:
        """Tell of each of several Chroma servers whether it answers, and how far it has come."""
        return self.meaning.standing(self.catalogue) if len(self._places()) > 1 else []

    @property
    def words_at(self) -> int:
        """The change up to which everything is found by words."""
        return self.catalogue.in_effect(self.words.at, ["article"])

    @property
    def meaning_at(self) -> int:
        """The change up to which everything that has vectors is found by meaning."""
        at = min(place.bookmark.read().change for place in self._places())
        return self.catalogue.in_effect(at, ["lead", "passage"])

    @ours()
    def values(self, field: shown.Field, scope: Filters) -> dict[str, int]:
        """Return the values that a filter may name, with how many articles have each."""
        return shown.values(self.catalogue, field, scope)

    @ours()
    def failures(self) -> list[ReadError]:
        """Return the records that could not be read, file by file."""
        return self.catalogue.failures()

    def release(self) -> None:
        """Put versions whose embargo has ended on the shelf, unless somebody is writing.

        Until a writer may do so, the earlier version is shown. What another host has written
        meanwhile is followed first.
        """
        if self.catalogue.database.apart and 0 < self.words.at < self.catalogue.change:
            self.unless_busy(self.follow)
        if self._meaning is not None and self._meaning.may_catch_up:
            self.unless_busy(partial(self._meaning.catch_up, self.catalogue))

        def shelve() -> None:
            with self._filing() as desk:
                desk.release(self.catalogue.due())
            self._follow_words()

        if self.catalogue.due():
            self.unless_busy(shelve)

    def unless_busy(self, work: Callable[[], object]) -> bool:
        """Do what writes, unless somebody is writing or nobody may; tell whether it was done."""
        if not self._pen.acquire(blocking=False):
            return False
        try:
            if self.lock.held or self.lock.free():
                with contextlib.suppress(ArchiveError, ServiceError, OSError), self.writing():
                    work()
                    return True
        finally:
            self._pen.release()
        return False

    @contextlib.contextmanager
    def _filing(self) -> Iterator[filing.Filing]:
        """File articles in one transaction, under the number of one change."""
        known = recurring.known(self.catalogue)
        with self.catalogue.transaction():
            change = self.catalogue.new_change()
            yield filing.Filing(self.catalogue, known, change, self.settings.passage_words)
            self._hand_on(change)

    def _hand_on(self, change: int) -> None:
        """Let workers, where there are any, embed what a change put: within its transaction."""
        queue = self.catalogue.database.job_queue()
        if queue is not None and (self._embedder is not None or self.settings.embedder != "none"):
            queue.embed(self.catalogue.put_by(change))

    def _follow_words(self) -> None:
        self.words.follow(self.catalogue)

    def _renew_words(self) -> None:
        """Let the index by words follow that was left behind, unless somebody is writing.

        Another Morgue built it, it is gone, or whoever wrote was killed before it had followed.
        """
        follows = self.catalogue.database.apart and self.words.at > 0  # as it is asked
        if self.words.outdated or (not follows and self.words_at < self.catalogue.change):
            with contextlib.suppress(ArchiveError, OSError), self.writing():
                self._follow_words()

    @ours()
    def spellings(self, text: str, filters: Filters = _ALL) -> dict[str, tuple[str, ...]]:
        """Return the names in a text with their other spellings here, one word from now on."""
        found = spellings.variants(spellings.shown_in(self.words, self.catalogue, filters), text)
        for spelled in spellings.groups(found):
            self.words.take_for_one(spelled)
        return found

    @ours()
    def corrections(self, text: str, filters: Filters = _ALL) -> dict[str, str]:
        """Return the words of a text that no article has, with what may have been meant."""
        return spellings.corrections(spellings.shown_in(self.words, self.catalogue, filters), text)

    @ours()
    def nowhere(self, text: str, filters: Filters = _ALL) -> list[str]:
        """Return the words of a text that no article has, in whatever inflection or spelling."""
        return spellings.nowhere(spellings.shown_in(self.words, self.catalogue, filters), text)

    def stems(self, text: str, *, all_words: bool = False) -> list[str]:
        """Return the stems that a text is searched by, each once; stop words too if asked."""
        return self.words.terms(text, all_words=all_words)

    def rarity(self, term: str) -> float:
        """Return how telling a stem is in this archive: about 0.4 everywhere, 8 nowhere.

        The logarithm of an inverse document frequency, over the archive and 200 articles that
        lack the word: in an archive of one article every word would be everywhere.
        """
        holding, articles = self.words.frequency(term)
        return math.log((articles + 201) / (holding + 1))

    @ours()
    @spans.span("search")
    def search(self, search: Search) -> list[Hit]:
        """Return the passages that fit best, at most `per_article` of each article.

        Every hit is looked up in the catalogue before it leaves: it is live, the newest
        version, not embargoed, within the filters. A stale index may miss, never lie.
        """
        self.release()
        self.spellings(search.text, search.filters)
        worded = bool(search.text.strip())
        embedder = self._usable(search.by) if worded and search.by != "words" else None
        near = None
        if embedder is not None:
            vector = self._query(embedder, search.text)
            near = partial(self.meaning.search, self.catalogue, vector, missed=search.missed)
        with self.catalogue.snapshot():
            return find(self.catalogue, self.words, near, search)

    @ours()
    def narrowed(self, query: Query, filters: Filters) -> tuple[Query, Filters]:
        """Return a query without what filters can keep to (days, names), and those filters."""
        return queried.narrowed(self.catalogue, query, filters)

    @ours()
    def fitting(
        self, must: Condition | None, filters: Filters, *, most: int | None = None
    ) -> list[str]:
        """Return the ids of the articles that hold exactly what they must, the newest first."""
        self.release()
        self.spellings(" ".join(wanted(must)) if must else "", filters)
        with self.catalogue.snapshot():
            return list(islice(queried.fitting(self.catalogue, self.words, must, filters), most))

    @ours()
    def withheld_from(self, text: str, filters: Filters) -> dict[str, int]:
        """Return how many articles a search by words would find but for their embargo, by its end.

        It is for who may know of them: whoever keeps the archive.
        """
        with self.catalogue.snapshot():
            embargoed = set(self.catalogue.embargoed())
            if not embargoed:
                return {}
            found = self.words.search(self.words.terms(text), "articles", filters, DEPTH)
            return shown.withheld(self.catalogue, [one.id for one in found if one.id in embargoed])

    @ours()
    @spans.span("browse")
    def browse(self, wanted: Browse) -> Browsed:
        """Return the articles that fit filters, words and names, a page of them, and what they are.

        Copies of one dispatch are listed once; what may not be shown is not counted either.
        """
        self.release()
        with self.catalogue.snapshot():
            return browse(self.catalogue, self.words, wanted, self.counts)

    def query_vector(self, text: str) -> "Vectors | None":
        """Embed a query as the archive was; None without an embedder.

        Raises EmbedderMismatch where the archive's vectors are another embedder's.
        """
        embedder = self._matching()
        return None if embedder is None else embedder.query(text)

    def _query(self, embedder: "Embedder", text: str) -> "Vectors":
        """Embed a question; once, for all the searches that it may take to answer it."""
        asked = (embedder.fingerprint, text)
        kept = self._asked
        if kept is None or kept[0] != asked:
            self._asked = kept = (asked, embedder.query(text))
        return kept[1]

    def as_retriever(self, *, k: int = 10, filters: Filters | None = None) -> "BaseRetriever":
        """Return the archive as a LlamaIndex retriever of TextNodes with true offsets."""
        from ingest.archive.retriever import ArchiveRetriever

        return ArchiveRetriever(self, k=k, filters=filters)
