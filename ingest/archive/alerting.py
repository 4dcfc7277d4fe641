"""A run over the saved searches: what came since the last one, and what was corrected since.

What a watch has told of it does not tell again: not in a copy of the dispatch that another paper
prints, not in a newer version. What is said of it since, a correction or a retraction, is an event
of its own.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from ingest.archive import copies, notices, queried, record, shown
from ingest.archive.archive import Archive
from ingest.archive.catalogue import Catalogue
from ingest.archive.nearby import Nearby
from ingest.archive.queried import Queried
from ingest.archive.query import Condition, Query, read_query
from ingest.archive.sqlite import ours
from ingest.archive.watches import Watch
from ingest.article import Article, By, Filters, Hit, Notice, Passage
from ingest.errors import MorgueError

AlertKind = Literal["new", "correction", "retraction"]

KEPT = 1_000
"""Alerts of a watch that are kept; the oldest go."""

_DEEP = 50
"""Passages that are looked at for each article that is told, to show the best of it."""

_RETRACTING = {"retracted", "copy_retracted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a watch tells: a place in an article, and of a correction what is said."""

    n: int
    watch: Watch
    kind: AlertKind
    at: datetime
    hit: Hit
    notice: Notice | None = None


class Skipped(NamedTuple):
    """A watch of which not everything could be looked for, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRun:
    """What a run over some watches came to; `looked_at` is how many articles were new."""

    watches: int
    looked_at: int
    alerts: tuple[Alert, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class CitedArticle(NamedTuple):
    """An article that an answer cited, and what was said of it at that time."""

    article_id: str
    notices: tuple[Notice, ...]


Citing = Callable[[Watch], Iterable[CitedArticle]]
"""What the answers of a watch's owner have cited."""


class FoundPassage(NamedTuple):
    """The passage of an article that a watch found, and by what."""

    passage: Passage
    by: tuple[By, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    watch: Watch
    a: int
    version: int
    kind: AlertKind
    passage: Passage
    by: tuple[By, ...]
    told: tuple[str, ...]
    notice: str | None = None


def _event(watch: Watch, *row: Any) -> _Event:
    a, version, kind, start, end, part, by, notice = row
    return _Event(
        watch=watch,
        a=a,
        version=version,
        kind=kind,
        passage=Passage(start=start, end=end, part=part),
        by=tuple(json.loads(by)),
        told=(),
        notice=notice,
    )


def nothing_cited(_: Watch) -> Iterable[CitedArticle]:
    """Return nothing: no answer has cited anything."""
    return ()


@ours()
def run(
    archive: Archive,
    watches: Sequence[Watch],
    *,
    citing: Citing = nothing_cited,
    now: datetime | None = None,
) -> WatchRun:
    """Look for what watches want among what is new, keep what they tell, and return it.

    By words, what the index has reached; by meaning, what has its vectors: the rest is looked
    at when it has. Two runs at once tell nothing twice.
    """
    archive.release()
    with archive.catalogue.snapshot():
        looking = _Looking(archive, citing, (now or datetime.now(UTC)).replace(microsecond=0))
        events = [event for watch in watches for event in looking.events(watch)]
    kept = _keep(archive.catalogue, looking, watches, events)
    with archive.catalogue.snapshot():
        alerts = [looking.shown.alert(event, n, looking.now) for event, n in kept]
    return WatchRun(
        watches=len(watches),
        looked_at=len(looking.seen),
        alerts=tuple(filter(None, alerts)),
        skipped=tuple(looking.skipped),
    )


@ours()
def told(
    archive: Archive, watch: Watch, *, most: int = 50, between: tuple[int, int] | None = None
) -> list[Alert]:
    """Return what a watch has told, the newest first; `between` two numbers where they are given.

    What may not be shown any more is left out.
    """
    archive.release()
    first, last = between or (0, 2**62)
    catalogue = archive.catalogue
    with catalogue.snapshot():
        rows = catalogue.connection.execute(
            'SELECT n, at, a, version, kind, start, "end", part, found_by, notice FROM alerts'
            " WHERE w = ? AND n BETWEEN ? AND ? ORDER BY n DESC LIMIT ?",
            (watch.id, first, last, most),
        ).fetchall()
        lookup = _Shown(catalogue)
        alerts = [
            lookup.alert(_event(watch, *row), n, datetime.fromisoformat(at)) for n, at, *row in rows
        ]
        return [one for one in alerts if one is not None]


class _Looking:
    """One run, within one moment of the catalogue."""

    def __init__(self, archive: Archive, citing: Citing, now: datetime) -> None:
        self._archive, self._catalogue = archive, archive.catalogue
        self._citing = citing
        self.now = now
        self.shown = _Shown(self._catalogue)
        self.until = archive.words_at
        self.embedded_until = self._embedded()
        self.seen: set[int] = set()
        self.skipped: list[Skipped] = []
        self.cited: list[tuple[int, int, str]] = []
        self._queries: dict[str, Query] = {}
        self._new: dict[tuple[int, int, str], tuple[int, ...]] = {}
        self._open: dict[tuple[tuple[int, ...], Filters], list[int]] = {}
        self._affected: dict[tuple[int, ...], set[int]] = {}
        self._near: dict[tuple[int, ...], Nearby] = {}

    def _embedded(self) -> int:
        """Return the change up to which every article has the vector of its lead."""
        (first,) = self._catalogue.connection.execute(
            "SELECT min(put_at) FROM articles LEFT JOIN vectors ON hash = lead WHERE hash IS NULL"
            " AND put_at > (SELECT coalesce(min(meaning_at), 0) FROM watches)"
        ).fetchone()
        return self.until if first is None else min(self.until, int(first) - 1)

    def events(self, watch: Watch) -> Iterator[_Event]:
        """Yield what a watch tells: what is new first, then what was corrected."""
        if watch.kind != "cited":
            found = self._by_words(watch)
            for a, near in self._by_meaning(watch).items():
                by = found[a].by if a in found else ()
                found[a] = FoundPassage(
                    found[a].passage if a in found else near.passage, (*by, *near.by)
                )
            yield from self._told_once(watch, found)
        yield from self._corrected(watch)

    # What is new

    def _by_words(self, watch: Watch) -> dict[int, FoundPassage]:
        if watch.kind == "meaning":
            return {}
        new = self._new_since(watch.words_at, self.until, watch.looked_at)
        query, filters = self._asked(watch)
        words = self._archive.words
        ids = self._fitting(new, query.strict, filters)
        found = words.search(
            words.terms(query.ranking), "passages", filters, _DEEP * max(len(ids), 1), among=ids
        ) if ids else []  # fmt: skip
        best: dict[int, Passage] = {}
        passages = self._catalogue.passages(p for p, _ in found)
        for p, _ in found:
            a, passage = passages[p]
            best.setdefault(a, passage)
        return {a: FoundPassage(best.get(a) or self._first(a), ("words",)) for a in ids}

    def _asked(self, watch: Watch) -> tuple[Query, Filters]:
        """Return what a watch asks, its days and names among its filters."""
        if watch.query not in self._queries:
            self._queries[watch.query] = read_query(watch.query)
            self._archive.spellings(self._queries[watch.query].ranking)
        return queried.narrowed(self._catalogue, self._queries[watch.query], watch.filters)

    def _fitting(
        self, new: tuple[int, ...], condition: Condition | None, filters: Filters
    ) -> list[int]:
        """Return those of what is new that hold exactly what they must, within filters."""
        ids = self._open_to(new, filters)
        if condition is None or not ids:
            return ids
        return sorted(
            Queried(self._catalogue, self._archive.words, condition, filters, ids).numbers
        )

    def _by_meaning(self, watch: Watch) -> dict[int, FoundPassage]:
        if watch.kind not in {"meaning", "both"}:
            return {}
        new = self._new_since(watch.meaning_at, self.embedded_until, watch.looked_at)
        if not new and self.embedded_until >= self.until:
            return {}
        if self.embedded_until < self.until:
            why = "some new articles are not embedded yet: run `morgue embed`"
            self.skipped.append(Skipped(watch.name, why))
        query, filters = self._asked(watch)
        try:
            vector = self._archive.query_vector(query.words or query.ranking)
        except MorgueError as error:
            self.skipped.append(Skipped(watch.name, error.message))
            return {}
        if vector is None:
            self.skipped.append(Skipped(watch.name, "no embedder is here to look by meaning"))
            return {}
        if new not in self._near:
            self._near[new] = Nearby(self._catalogue, new)
        allowed = set(self._fitting(new, query.must, filters))
        near = self._near[new].found(vector, comments=filters.comments)
        return {
            a: FoundPassage(passage or self._first(a), ("meaning",))
            for a, passage in near.items()
            if a in allowed
        }

    def _new_since(self, since: int, until: int, looked_at: datetime) -> tuple[int, ...]:
        """Return what came by a later change, or whose embargo has ended since."""
        asked = (since, until, record.moment(looked_at))
        if asked not in self._new:
            rows = self._catalogue.connection.execute(
                "SELECT a FROM articles WHERE put_at > ? AND put_at <= ?"
                " UNION SELECT a FROM articles WHERE embargo > ? AND embargo <= ? ORDER BY a",
                (*asked, record.moment(self.now)),
            )
            self._new[asked] = tuple(int(a) for (a,) in rows)
            self.seen.update(self._new[asked])
        return self._new[asked]

    def _open_to(self, new: tuple[int, ...], filters: Filters) -> list[int]:
        """Return those that may be shown under filters, and are within them."""
        if (new, filters) not in self._open:
            self._open[new, filters] = sorted(self._catalogue.findable(new, filters))
        return self._open[new, filters]

    def _first(self, a: int) -> Passage:
        """Return an article's first passage, the headline if there is nothing else."""
        cut = [passage for _, passage in self._catalogue.passages_of(a)]
        reported = [one for one in cut if one.part not in {"comment", "headline"}]
        return (reported or cut or [Passage(start=0, end=0, part="headline")])[0]

    def _told_once(self, watch: Watch, found: Mapping[int, FoundPassage]) -> Iterator[_Event]:
        """Yield one event for each dispatch of which the watch has not told."""
        if not found:
            return
        rows = self._catalogue.connection.execute(
            f"SELECT a, story FROM articles WHERE a {self._catalogue.any_of} AND story"  # noqa: S608
            " NOT IN (SELECT x.story FROM watched JOIN articles x USING (a) WHERE w = ?)"
            " ORDER BY a",
            (self._catalogue.many(found), watch.id),
        ).fetchall()
        stories: dict[bytes, list[int]] = defaultdict(list)
        for a, story in rows:
            stories[story].append(int(a))
        for members in stories.values():
            a = self._of_copies(members, watch)
            yield _Event(
                watch=watch, a=a, version=self.shown.newest(a).version, kind="new",
                passage=found[a].passage, by=found[a].by,
                told=tuple(map(_hash, self._said(a, watch))),
            )  # fmt: skip

    def _of_copies(self, members: Sequence[int], watch: Watch) -> int:
        """Return the copy that stands for all: the agency's or the earliest, if it is there."""
        if len(members) == 1:
            return members[0]
        story = copies.story(self._catalogue, members[0], watch.filters.collections)
        canonical = self._catalogue.numbers([story.canonical] if story.canonical else [])
        return next((a for a in canonical if a in members), members[0])

    # What was corrected

    def _corrected(self, watch: Watch) -> Iterator[_Event]:
        """Yield an event for each thing that is newly said of what was told or cited."""
        new = self._new_since(watch.words_at, self.until, watch.looked_at)
        known = self._watched(watch, self._touched(new))
        if watch.kind == "cited":
            known |= self._newly_cited(watch)
        scope = Filters(collections=watch.filters.collections)
        visible = self._catalogue.findable(known, scope) if known else {}
        for a in visible:
            said = {_hash(one): one for one in self._said(a, watch)}
            for hashed in [one for one in said if one not in known[a]]:
                retracts = said[hashed].code in _RETRACTING
                yield _Event(
                    watch=watch, a=a, version=self.shown.newest(a).version,
                    kind="retraction" if retracts else "correction",
                    passage=self._first(a), by=(), told=tuple(known[a]), notice=hashed,
                )  # fmt: skip

    def _watched(self, watch: Watch, touched: set[int]) -> dict[int, list[str]]:
        """Return what a watch told of those articles, and what was then said of them."""
        if not touched:
            return {}
        rows = self._catalogue.connection.execute(
            f"SELECT a, told FROM watched WHERE w = ? AND a {self._catalogue.any_of}",  # noqa: S608
            (watch.id, self._catalogue.many(sorted(touched))),
        )
        return {int(a): json.loads(hashes) for a, hashes in rows.fetchall()}

    def _newly_cited(self, watch: Watch) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for article_id, said in self._citing(watch):
            for a in self._catalogue.numbers([article_id]):
                found.setdefault(a, sorted(map(_hash, said)))
        known = self._watched(watch, set(found))
        new = {a: hashes for a, hashes in found.items() if a not in known}
        self.cited += [(watch.id, a, json.dumps(hashes)) for a, hashes in new.items()]
        return new

    def _touched(self, new: tuple[int, ...]) -> set[int]:
        """Return the articles of which something may now be said: these, whom they name, copies."""
        if new not in self._affected:
            rows = self._catalogue.connection.execute(
                f"WITH new AS (SELECT a FROM articles WHERE a {self._catalogue.any_of}),"  # noqa: S608
                " named AS (SELECT article_id FROM corrections WHERE source IN"
                " (SELECT a FROM new)), whom AS (SELECT a FROM new UNION SELECT a FROM articles"
                " WHERE article_id IN (SELECT article_id FROM named) UNION SELECT a FROM aliases"
                " WHERE article_id IN (SELECT article_id FROM named))"
                " SELECT a FROM whom UNION SELECT a FROM articles WHERE story IN"
                " (SELECT story FROM articles WHERE a IN (SELECT a FROM whom) AND story != ?)",
                (self._catalogue.many(new), b""),
            )
            self._affected[new] = {int(a) for (a,) in rows}
        return self._affected[new]

    def _said(self, a: int, watch: Watch) -> tuple[Notice, ...]:
        return self.shown.said(a, watch.filters.collections)


def _hash(notice: Notice) -> str:
    return record.digest(f"{notice.code}\n{notice.text}").hex()


def _keep(
    catalogue: Catalogue, looking: _Looking, watches: Sequence[Watch], events: Sequence[_Event]
) -> list[tuple[_Event, int]]:
    """Keep what is told and how far was looked, in one transaction; return the numbers.

    What another run has told meanwhile is left out.
    """
    until, embedded = looking.until, looking.embedded_until
    ahead = any(one.words_at < until or one.meaning_at < embedded for one in watches)
    cites = any(one.kind == "cited" for one in watches)  # records are read from then on
    if not (events or ahead or cites):
        return []
    kept: dict[int, list[tuple[_Event, int]]] = defaultdict(list)
    later = catalogue.database.greatest
    with catalogue.transaction():
        ask = catalogue.connection.execute
        catalogue.connection.executemany(
            "INSERT INTO watched VALUES (?, ?, ?) ON CONFLICT DO NOTHING", looking.cited
        )
        for event in events:
            if _is_news(catalogue, event):
                kept[event.watch.id].append((event, _insert(catalogue, event, looking.now)))
        for watch in watches:
            ask(
                f"UPDATE watches SET words_at = {later}(words_at, ?),"  # noqa: S608
                f" meaning_at = {later}(meaning_at, ?), looked_at = {later}(looked_at, ?)"
                " WHERE w = ?",
                (until, embedded, record.moment(looking.now), watch.id),
            )
            if watch.id in kept:
                numbers = [n for _, n in kept[watch.id]]
                _hand_on(catalogue, watch, min(numbers), max(numbers), looking.now)
    return [row for rows in kept.values() for row in rows]


def _is_news(catalogue: Catalogue, event: _Event) -> bool:
    """Note that a watch tells of something; return whether it had not before."""
    ask = catalogue.connection.execute
    w, a = event.watch.id, event.a
    if not ask("SELECT 1 FROM watches WHERE w = ?", (w,)).fetchone():
        return False  # it was removed meanwhile
    if event.notice is None:
        noted = ask(
            "INSERT INTO watched VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (w, a, json.dumps(event.told)),
        )
        return noted.rowcount == 1
    found = ask("SELECT told FROM watched WHERE w = ? AND a = ?", (w, a)).fetchone()
    known = json.loads(found[0]) if found else []
    if event.notice in known:
        return False
    ask(
        "INSERT INTO watched VALUES (?, ?, ?)"
        " ON CONFLICT (w, a) DO UPDATE SET told = excluded.told",
        (w, a, json.dumps([*known, event.notice])),
    )
    return True


def _insert(catalogue: Catalogue, event: _Event, now: datetime) -> int:
    passage = event.passage
    cursor = catalogue.connection.execute(
        'INSERT INTO alerts (w, a, version, kind, start, "end", part, found_by, notice, at)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n",
        (event.watch.id, event.a, event.version, event.kind, passage.start, passage.end,
         passage.part, json.dumps(event.by), event.notice, record.moment(now)),
    )  # fmt: skip
    return int(cursor.fetchone()[0])


def _hand_on(catalogue: Catalogue, watch: Watch, first: int, last: int, now: datetime) -> None:
    """Note what must be sent of a watch's alerts, and let the oldest go."""
    ask = catalogue.connection.execute
    for way, wanted in (("webhook", watch.webhook), ("mail", watch.mail)):
        if wanted:
            ask(
                "INSERT INTO deliveries (w, way, first, last, due) VALUES (?, ?, ?, ?, ?)",
                (watch.id, way, first, last, record.moment(now)),
            )
    ask(
        "DELETE FROM alerts WHERE w = ?1 AND n <= (SELECT n FROM alerts WHERE w = ?1"
        " ORDER BY n DESC LIMIT 1 OFFSET ?2)",
        (watch.id, KEPT),
    )


class _Shown:
    """Articles as they are shown to whom, looked up once however many watches tell of them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._live: dict[int, Article] = {}
        self._said: dict[tuple[int, tuple[str, ...]], tuple[Notice, ...]] = {}
        self._hits: dict[tuple[int, int, tuple[str, ...]], Hit | None] = {}

    def newest(self, a: int) -> Article:
        """Return an article that is there, in its newest version."""
        if a not in self._live:
            self._live |= dict(self._catalogue.live([a]))
        return self._live[a]

    def said(self, a: int, held: tuple[str, ...]) -> tuple[Notice, ...]:
        """Return what is said of an article to a reader of these collections."""
        if (a, held) not in self._said:
            self._said[a, held] = notices.notices(self._catalogue, a, self.newest(a), held)
        return self._said[a, held]

    def alert(self, event: _Event, n: int, at: datetime) -> Alert | None:
        """Return an event as it is told; None where it may not be shown any more."""
        held = event.watch.filters.collections
        key = (event.a, event.version, held)
        if key not in self._hits:
            self._hits[key] = self._hit(*key)
        hit = self._hits[key]
        if hit is None:
            return None
        spoken = next((one for one in hit.notices if _hash(one) == event.notice), None)
        if event.notice and spoken is None:
            return None  # who said it was dropped, or may not be seen
        return Alert(
            n=n, watch=event.watch, kind=event.kind, at=at, notice=spoken,
            hit=replace(hit, passage=event.passage, by=event.by),
        )  # fmt: skip

    def _hit(self, a: int, version: int, held: tuple[str, ...]) -> Hit | None:
        article_id = self._catalogue.id_of(a)
        article = shown.readable(self._catalogue, article_id, version, held)
        if article is None or shown.readable(self._catalogue, article_id, None, held) is None:
            return None
        return Hit(
            article=article,
            passage=Passage(start=0, end=0, part="headline"),
            score=0.0,
            by=(),
            story=copies.story(self._catalogue, a, held),
            notices=self.said(a, held),
        )
