"""Search by meaning: the stores of Chroma's that follow the catalogue, asked side by side.

Chroma is asked only where there are too many candidates to score each one exactly, and for as many
as leave enough when a filter has taken its share: among some ids alone it searches slowly (`python
-m benchmarks.near`). What it finds is scored anew by the catalogue's own vectors: a store may miss,
and never lies.
"""

import contextlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path

from ingest.archive.catalogue import Catalogue
from ingest.archive.chroma_store import KINDS, ChromaStore
from ingest.archive.lock import WriterLock
from ingest.archive.shards import clear_others, places
from ingest.archive.state import ShardStatus
from ingest.archive.vectors import (
    ALL,
    EVERYTHING,
    MANY,
    Few,
    Of,
    Vector,
    Where,
    allowed,
    both,
    count,
    exact,
    rescored,
    rows_of,
    where_of,
)
from ingest.archive.words import Scored
from ingest.article import Filters
from ingest.compute_slots import OutsideCalls
from ingest.errors import ArchiveError, MorgueError, ServiceDown

EXACT = 5_000
"""Up to here all vectors are kept and scored, and of more what few a filter leaves."""

_LEAST, _MOST = 500, 10_000
"""What a store is asked for: fewer take it as long, and then miss more."""

PATIENCE = 5.0
"""Seconds within which one of several stores must answer a search."""
_REST = 10.0
"""Seconds for which a store that did not answer is not asked again."""
_SEARCHES = 8
"""Searches at once for which each store has a thread."""


Asked = Mapping[ChromaStore, int]
"""The stores of a search, each with how many it is asked for."""


class Meaning:
    """The vectors of an archive: in its folder `meaning`, on one server, on one for some years.

    With several servers, one that does not answer is passed over, and named to who searches and
    to who looks after the archive; it catches up when it answers again.
    """

    def __init__(self, folder: Path, lock: WriterLock, *, url: str | None = None) -> None:
        self.exact = EXACT
        self.patience = PATIENCE
        self.rest_seconds = _REST
        self._folder = folder
        self._places = places(folder, url)
        self.stores = [ChromaStore(folder, lock, place) for place in self._places]
        self._remote = url is not None
        self._few: dict[Of, tuple[tuple[int, int], Few | None]] = {}
        self._down: dict[ChromaStore, float] = {}
        self._lagging: set[ChromaStore] = set()
        self._asking = OutsideCalls()

    @property
    def shared(self) -> bool:
        """Whether several servers share the vectors."""
        return len(self.stores) > 1

    # Following

    @property
    def at(self) -> int:
        """The change number that every store has reached; 0 where one must be built."""
        return min(store.at for store in self.stores)

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed: one writer for each store.

        Of several stores one that does not answer is left behind; raises ServiceDown where none
        does.
        """
        self._written(lambda store: store.follow(catalogue))

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build every store anew from the catalogue's vectors."""
        self._clear()
        self._written(lambda store: store.rebuild(catalogue))

    def forget(self) -> None:
        """Begin anew, with empty collections: what is there is not asked any more."""
        self._clear()
        self._written(lambda store: store.forget())

    def _clear(self) -> None:
        if self._remote:
            clear_others(self._folder, self._places)

    def _written(
        self, work: Callable[[ChromaStore], None], stores: Sequence[ChromaStore] = ()
    ) -> None:
        if not self.shared:
            work(self.stores[0])
            return
        failed: dict[ChromaStore, MorgueError] = {}
        working = {one: self._writers.submit(work, one) for one in stores or self.stores}
        for store, done in working.items():
            try:
                done.result()
                self._lagging.discard(store)
                self._down.pop(store, None)
            except MorgueError as error:
                failed[store] = error
                self._fell(store)
                self._lagging.add(store)
        others = [error for error in failed.values() if not isinstance(error, ServiceDown)]
        if others or len(failed) == len(self.stores):
            raise [*others, *failed.values()][0]

    @property
    def behind(self) -> list[str]:
        """What is held by servers that did not answer when something was written, in words."""
        return [store.shard.told for store in self.stores if store in self._lagging]

    @property
    def may_catch_up(self) -> bool:
        """Whether a store that was left behind may be tried again."""
        return any(not self._rests(store) for store in tuple(self._lagging))

    def catch_up(self, catalogue: Catalogue) -> None:
        """Let the stores that were left behind follow; what must be built anew is not built here.

        Building takes long, and who searches waits: it is for who writes, or for the doctor.
        """
        left = [store for store in self.stores if store in self._lagging]
        self._written(lambda store: store.follow(catalogue, build=False), left)

    # Searching

    def search(
        self,
        catalogue: Catalogue,
        vector: Vector,
        of: Of,
        filters: Filters,
        k: int,
        *,
        missed: set[str] | None = None,
    ) -> list[Scored]:
        """Return the `k` leads (by article) or passages nearest to a vector, by cosine.

        `missed` takes what could not be searched, in words: whose server does not answer.
        """
        where = where_of(catalogue, of, filters)
        few = self._few_of(catalogue, of)
        if few is not None:
            found = few.nearest(vector, k if where[0] == ALL else self.exact)
            return found if where[0] == ALL else allowed(catalogue, of, filters, found)[:k]
        search = _Near(catalogue, vector, of, filters, k)
        if not search.scored_sooner(self.exact):
            if self.shared:
                return self._near_shards(search, set() if missed is None else missed)
            if self.at:
                with contextlib.suppress(ArchiveError, ServiceDown):
                    with self._asking.one():
                        nearest = search.among(self.stores, self._ask_one)
                    return search.rescored(nearest)
        return exact(catalogue, vector, of, where, k)

    def scores_all(self, catalogue: Catalogue) -> bool:
        """Tell whether there are so few vectors that each is scored, and Chroma is not asked."""
        return all(self._few_of(catalogue, of) is not None for of in KINDS)

    def _few_of(self, catalogue: Catalogue, of: Of) -> "Few | None":
        """Return all vectors, kept until the next change, where they are few; else None."""
        change = (catalogue.change, self.exact)
        kept = self._few.get(of)
        if kept is None or kept[0] != change:
            rows = rows_of(catalogue, of, (ALL, []), self.exact + 1)
            kept = (change, Few(rows) if len(rows) <= self.exact else None)
            self._few[of] = kept
        return kept[1]

    def _ask_one(self, search: "_Near", asked: Asked) -> dict[ChromaStore, list[Scored]]:
        return {store: store.nearest(search.of, search.vector, n) for store, n in asked.items()}

    def _near_shards(self, search: "_Near", missed: set[str]) -> list[Scored]:
        """Ask every store that may hold something, at once; score anew all that they found."""
        touched = [store for store in self.stores if store.shard.touches(search.filters)]
        ready = [store for store in touched if store.at and not self._rests(store)]
        with self._asking.one():
            found = search.among(ready, self._ask_many)
        for store in touched:
            if store not in found:
                found[store] = self._without(search, store, missed)
        return search.rescored(found)

    def _without(self, search: "_Near", store: ChromaStore, missed: set[str]) -> list[Scored]:
        """Score what a store would hold from the catalogue where it is little, else say it."""
        catalogue, of = search.catalogue, search.of
        where = both(where_of(catalogue, of, search.filters), store.shard.where)
        if count(catalogue, of, where, self.exact + 1) <= self.exact:
            return exact(catalogue, search.vector, of, where, search.k)
        missed.add(store.shard.told)
        return []

    def _ask_many(self, search: "_Near", asked: Asked) -> dict[ChromaStore, list[Scored]]:
        """Return what the stores find that answer in time."""
        until = time.monotonic() + self.patience
        asking: dict[ChromaStore, Future[list[Scored]]] = {}
        for store, most in asked.items():
            ask = partial(store.nearest, search.of, search.vector, most)
            asking[store] = self._searchers.submit(ask)
        found: dict[ChromaStore, list[Scored]] = {}
        for store, answer in asking.items():
            try:
                found[store] = answer.result(timeout=max(0.0, until - time.monotonic()))
            except (MorgueError, TimeoutError):
                answer.cancel()
                self._fell(store)
                self._lagging.add(store)
        return found

    # Who answers

    def _fell(self, store: ChromaStore) -> None:
        self._down[store] = time.monotonic()

    def _rests(self, store: ChromaStore) -> bool:
        return time.monotonic() < self._down.get(store, -self.rest_seconds) + self.rest_seconds

    def standing(self, catalogue: Catalogue) -> list[ShardStatus]:
        """Tell of each of several servers whether it answers, and how far it has come."""
        asking = {store: self._searchers.submit(store.answers) for store in self.stores}
        return [
            ShardStatus(
                years=store.shard.name or "",
                holds=store.shard.told,
                answers=_said(answer, self.patience),
                at=catalogue.in_effect(store.at, ["lead", "passage"]),
            )
            for store, answer in asking.items()
        ]

    @cached_property
    def _writers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(len(self.stores), thread_name_prefix="shard-writer")

    @cached_property
    def _searchers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(len(self.stores) * _SEARCHES, thread_name_prefix="shard")

    # The stores themselves

    def serve(self, *, at_once: bool) -> None:
        """Have a Chroma server as a child, at once or when it is needed, where none is named."""
        self.stores[0].serve(at_once=at_once)

    def rest(self) -> None:
        """Let go of the stores' files, so that another process may write them."""
        for store in self.stores:
            store.rest()

    def close(self) -> None:
        """Let Chroma go; what it was given stays."""
        for name in ("_writers", "_searchers"):
            pool = self.__dict__.pop(name, None)
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)
        for store in self.stores:
            store.close()

    def count(self, of: Of) -> int:
        """Return how many vectors Chroma says it holds."""
        return sum(store.count(of) for store in self.stores)


def _said(answer: "Future[bool]", seconds: float) -> bool:
    try:
        return answer.result(timeout=seconds)
    except (MorgueError, TimeoutError):
        return False


class _Near:
    """One search of the stores: what is asked of each, and what of it may be shown."""

    def __init__(
        self, catalogue: Catalogue, vector: Vector, of: Of, filters: Filters, k: int
    ) -> None:
        self.catalogue, self.vector, self.of = catalogue, vector, of
        self.filters, self.k = filters, k

    def scored_sooner(self, most: int) -> bool:
        """Tell whether scoring each candidate, `most` at the most, is sooner done than asking.

        One that is scored costs some four times one that a store finds, of which as many more are
        asked for as the filter leaves fewer.
        """
        wanted = self._wanted(EVERYTHING, most + 1)
        if wanted > most or self._narrow == EVERYTHING:
            return wanted <= most
        return 2 * wanted * wanted <= self.k * self._every(EVERYTHING)

    def among(
        self,
        stores: Collection[ChromaStore],
        ask: Callable[["_Near", Asked], dict[ChromaStore, list[Scored]]],
    ) -> dict[ChromaStore, list[Scored]]:
        """Return what each store that answers holds and may be shown, the nearest first.

        A store is asked for more where a filter or comments crowd out what is wanted, and where
        that does not do, what it holds is scored from the catalogue.
        """
        kept: dict[ChromaStore, list[Scored]] = {}
        left: Asked = {store: self._needed(store) for store in stores}
        for times in (1, 8):
            asked = {store: min(times * n, _MOST) for store, n in left.items()}
            found = ask(self, asked)
            for store in left:
                kept.pop(store, None)  # what it found before it fell is not all
            for store, scored in found.items():
                kept[store] = allowed(self.catalogue, self.of, self.filters, scored)[: self.k]
            left = {
                store: left[store]
                for store, scored in found.items()
                if len(kept[store]) < self.k and len(scored) >= asked[store]
            }
        few = [store for store in left if self._wanted(store.shard.where, MANY + 1) <= MANY]
        return kept | {store: self._scored(store) for store in few}

    def _needed(self, store: ChromaStore) -> int:
        """Return how many of a store hold enough of what is wanted, if that lies anywhere."""
        if self._narrow == EVERYTHING:
            return max(self.k, _LEAST)
        within = store.shard.where
        wanted = max(1, self._wanted(within, MANY + 1))
        return min(max(self.k, _LEAST, 2 * self.k * self._every(within) // wanted), _MOST)

    def _every(self, within: Where) -> int:
        return count(self.catalogue, self.of, within, 2 * MANY)

    def _wanted(self, within: Where, most: int) -> int:
        return count(self.catalogue, self.of, both(self._narrow, within), most)

    @cached_property
    def _narrow(self) -> Where:
        # Comments are dropped from what is found.
        condition, values = where_of(self.catalogue, "leads", self.filters)
        return (condition, values) if condition != ALL else EVERYTHING

    def _scored(self, store: ChromaStore) -> list[Scored]:
        where = both(where_of(self.catalogue, self.of, self.filters), store.shard.where)
        return exact(self.catalogue, self.vector, self.of, where, self.k)

    def rescored(self, found: Mapping[ChromaStore, Sequence[Scored]]) -> list[Scored]:
        """Return the nearest of what was found, by the catalogue's own vectors."""
        union = [one for scored in found.values() for one in scored]
        return rescored(self.catalogue, self.vector, self.of, union)[: self.k]
