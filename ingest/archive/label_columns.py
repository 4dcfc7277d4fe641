"""The labels of articles as columns: what may be shown, in order of time, and who prints the same.

A column is an array with a value for each article, so that a question about a hundred thousand of
them is a few operations on whole arrays.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ingest.archive import change_log, copies, record
from ingest.archive.catalogue import Catalogue, conditions_of, open_to
from ingest.archive.kept_whole import KeptWhole, State
from ingest.article import Filters

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

Label = Literal["outlet", "section", "language", "collection"]

Period = Literal["year", "month", "day"]

_DAYS_IN: Mapping[Period, int] = {"year": 10_000, "month": 100, "day": 1}
"""What YYYYMMDD is divided by."""

_LABELS: tuple[Label, ...] = get_args(Label)
_AT_ONCE = 10_000
_UNDATED = 99_999_999
"""Where articles without a day stand: behind all others."""


class CodedNames(NamedTuple):
    """A column of names: the place of each row's in `names`, which are sorted; -1 for none."""

    codes: Numbers
    names: tuple[str, ...]

    def counted(self) -> dict[str, int]:
        """Return how often each name stands there, the most frequent first."""
        times = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        held = np.flatnonzero(times)
        order = held[np.argsort(-times[held], kind="stable")]
        return {
            self.names[i]: n for i, n in zip(order.tolist(), times[order].tolist(), strict=True)
        }

    def among(self, names: Iterable[str]) -> Flags:
        """Tell of each row whether its name is one of these."""
        wanted = [i for i, name in enumerate(self.names) if name in set(names)]
        return np.asarray(np.isin(self.codes, wanted), np.bool_)

    def at(self, places: Numbers | Flags) -> "CodedNames":
        """Return some of the rows, in the order of their places."""
        return CodedNames(self.codes[places], self.names)

    def joined(self, other: "CodedNames") -> "CodedNames":
        """Return these rows and then the other ones; a name may be left that no row has."""
        ends = [(bisect_left(self.names, name), name) for name in other.names]
        new = [(at, name) for at, name in ends if self.names[at : at + 1] != (name,)]
        names = tuple(sorted((*self.names, *(name for _, name in new)))) if new else self.names
        # Each name moves by as many as come in before it; -1 is the last of the list, and stays.
        moved = np.searchsorted([at for at, _ in new], np.arange(len(self.names)), side="right")
        ours = np.append(np.arange(len(self.names)) + moved, -1)
        theirs = np.array([*(bisect_left(names, name) for name in other.names), -1], np.int64)
        return CodedNames(np.concatenate((ours[self.codes], theirs[other.codes])), names)


def coded(values: Iterable[str | None]) -> CodedNames:
    """Return names as a column."""
    places: defaultdict[str | None, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, values), np.int64)
    names = sorted(name for name in places if name is not None)
    renamed = {name: i for i, name in enumerate(names)}
    # One more than there are, so that an empty column has a place to look at.
    final = np.fromiter([*(renamed.get(name, -1) for name in places), -1], np.int64)  # type: ignore[arg-type]
    return CodedNames(final[codes], tuple(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRows:
    """Some articles with their labels.

    `day` is YYYYMMDD, 0 for none; equal numbers in `story` are copies of one dispatch.
    """

    a: Numbers
    day: Numbers
    story: Numbers
    labels: Mapping[Label, CodedNames]

    def at(self, places: Numbers | Flags) -> "LabelRows":
        """Return some of these rows, in the order of their places."""
        return LabelRows(
            a=self.a[places],
            day=self.day[places],
            story=self.story[places],
            labels={label: one.at(places) for label, one in self.labels.items()},
        )

    def joined(self, other: "LabelRows") -> "LabelRows":
        """Return these rows and the other ones, in the order of their numbers."""
        both = LabelRows(
            a=np.concatenate((self.a, other.a)),
            day=np.concatenate((self.day, other.day)),
            story=np.concatenate((self.story, other.story)),
            labels={label: one.joined(other.labels[label]) for label, one in self.labels.items()},
        )
        return both.at(np.argsort(both.a, kind="stable"))

    def by_time(self, unit: Period) -> dict[str, int]:
        """Return how many articles each year, month or day has, in their order."""
        dated = self.day[self.day > 0]
        periods, times = np.unique(dated // _DAYS_IN[unit], return_counts=True)
        counted = zip(periods.tolist(), times.tolist(), strict=True)
        return {_written(period, unit): n for period, n in counted}

    def heads(self) -> Numbers:
        """Return the places of the first row of each dispatch, in their order."""
        first = np.full(int(self.story.max(initial=-1)) + 1, -1)
        first[self.story[::-1]] = np.arange(len(self.story))[::-1]  # what is assigned last stays
        return np.sort(first[first >= 0])

    def dispatches(self) -> list[list[int]]:
        """Return the numbers of the articles of each dispatch, in the order of the rows."""
        told: dict[int, list[int]] = defaultdict(list)
        for a, story in zip(self.a.tolist(), self.story.tolist(), strict=True):
            told[story].append(a)
        return list(told.values())


def _written(period: int, unit: Period) -> str:
    """Return YYYY, YYYYMM or YYYYMMDD as it is shown."""
    written = f"{period * _DAYS_IN[unit]:08}"
    parts = [written[:4], written[4:6], written[6:]]
    return "-".join(parts[: ("year", "month", "day").index(unit) + 1])


class _EveryRow(NamedTuple):
    """The rows of articles by their numbers, and of those with an embargo their number and its end.

    A story's number is that of its first article, so that it can be told again of those alone
    that share one with what changed.
    """

    rows: LabelRows
    embargoes: Mapping[int, str]

    def within(self, filters: Filters, among: Numbers | None) -> Numbers:
        """Return the places of the articles that may be shown, of all or among some."""
        open_ = self.open_to(filters)
        if among is None:
            return np.flatnonzero(open_)
        places = np.searchsorted(self.rows.a, among)
        # What an index finds may be gone.
        inside = places < len(self.rows.a)
        places = places[inside]
        there = (self.rows.a[places] == among[inside]) & open_[places]
        return np.asarray(places[there], np.int64)

    def open_to(self, filters: Filters) -> Flags:
        """Tell of each article whether it may be shown at this moment."""
        rows, open_ = self.rows, np.ones(len(self.rows.a), np.bool_)
        since, until, as_of = map(record.day_number, (filters.since, filters.until, filters.as_of))
        if since:
            open_ &= rows.day >= since
        if until:
            open_ &= (rows.day > 0) & (rows.day <= until)
        if as_of:
            open_ &= rows.day <= as_of
        for label, wanted in _wanted(filters):
            open_ &= rows.labels[label].among(wanted)
        now = record.moment(datetime.now(UTC))
        held = [a for a, end in self.embargoes.items() if end > now]
        open_[np.searchsorted(rows.a, held)] = False
        return open_

    def sharing_a_story(self, numbers: Sequence[int]) -> list[int]:
        """Return articles with all that tell the same stories as those of them that are here."""
        stories = self.rows.story[np.isin(self.rows.a, numbers)]
        told = self.rows.a[np.isin(self.rows.story, stories)]
        return sorted({*told.tolist(), *numbers})

    def with_anew(self, numbers: Sequence[int], read: "_EveryRow") -> "_EveryRow":
        """Return these rows with what was read anew in the place of some articles."""
        gone = np.union1d(np.array(numbers, np.int64), read.rows.a)
        left = self.rows.at(~np.isin(self.rows.a, gone))
        embargoes = dict(self.embargoes)
        for a in gone.tolist():
            embargoes.pop(a, None)
        embargoes.update(read.embargoes)
        return _EveryRow(left.joined(read.rows), embargoes)


def _wanted(filters: Filters) -> Iterable[tuple[Label, Sequence[str]]]:
    asked = (filters.outlets, filters.sections, filters.languages, filters.collections)
    return [(label, names) for label, names in zip(_LABELS, asked, strict=True) if names]


class LabelColumns:
    """The labels of an archive's articles. Safe from several threads, within their snapshots."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._whole = KeptWhole(lambda: (catalogue.change,), self._read_whole, self._follow)

    def rows(self, filters: Filters, among: Iterable[int] | None) -> LabelRows:
        """Return the articles that may be shown, of all or among some, in order of time.

        No number may stand twice in `among`.

        Copies have one number in `story` as far as a reader of the filters' collections may
        know of it.
        """
        numbers = None if among is None else np.sort(np.fromiter(among, np.int64))
        asked = self._matching(filters) if numbers is None else len(numbers)
        whole = self._whole.at_hand(asked, there=self._catalogue.last_number)
        if whole is None:
            rows, partly = self._read(filters, numbers)
        else:
            rows = whole.rows.at(whole.within(filters, numbers))
            open_ = whole.open_to(Filters(collections=filters.collections))
            partly = whole.rows.story[~open_]
        rows = rows.at(np.lexsort((rows.a, np.where(rows.day > 0, rows.day, _UNDATED))))
        return self._parted(self._by_the_hour(rows), partly, filters.collections)

    def _matching(self, filters: Filters) -> int:
        """Return how many articles may fit filters, with what is under embargo."""
        conditions, values = conditions_of(filters)
        if not conditions:
            return self._catalogue.last_number
        counted = self._catalogue.connection.execute(
            f"SELECT count(*) FROM articles WHERE {' AND '.join(conditions)}",  # noqa: S608
            values,
        )
        return int(counted.fetchone()[0])

    def _follow(self, kept: _EveryRow, since: State) -> _EveryRow | None:
        """Read the labels anew of what changed, and of all that tells one story with it."""
        changed = change_log.articles_changed(self._catalogue, since[0], ["article", "story"])
        if changed is None:
            return None
        numbers = kept.sharing_a_story(changed)
        same = "SELECT story FROM articles WHERE length(story) > 0 AND a"
        read = self._read_whole(
            f" WHERE a {self._catalogue.any_of} OR story IN ({same} {self._catalogue.any_of})",
            [self._catalogue.many(numbers)] * 2,
        )
        return kept.with_anew(numbers, read)

    def _read_whole(self, where: str = "", values: Sequence[object] = ()) -> _EveryRow:
        """Read the labels of whole stories, of all unless some are asked for."""
        found = self._catalogue.connection.execute(
            "SELECT a, day, story, outlet, section, language, collection, embargo FROM articles"  # noqa: S608
            f"{where} ORDER BY a",
            values,
        )
        pieces: list[list[Sequence[object]]] = [[] for _ in range(8)]
        left = iter(found)
        while chunk := list(islice(left, _AT_ONCE)):
            for piece, column in zip(pieces, zip(*chunk, strict=True), strict=True):
                piece.append(column)
        columns: list[list[Any]] = [[value for part in piece for value in part] for piece in pieces]
        ends = zip(columns[0], columns.pop(), strict=True)
        embargoes = {int(a): str(end) for a, end in ends if end is not None}
        rows, stories = _labelled(columns)
        first = np.full(len(stories), 0)
        first[rows.story[::-1]] = rows.a[::-1]  # what is assigned last stays
        return _EveryRow(replace(rows, story=first[rows.story]), embargoes)

    def _read(self, filters: Filters, among: Numbers | None) -> tuple[LabelRows, Numbers]:
        """Read the labels of those that may be shown, and which stories are partly hidden."""
        conditions, values = open_to(filters)
        if among is not None:
            conditions.append(f"a {self._catalogue.any_of}")
            values.append(self._catalogue.many(among.tolist()))
        found = self._catalogue.connection.execute(
            "SELECT a, day, story, outlet, section, language, collection FROM articles"  # noqa: S608
            f" WHERE {' AND '.join(conditions)}",
            values,
        ).fetchall()
        rows, stories = _labelled([list(column) for column in zip(*found, strict=True)])
        several = [name for name, times in Counter(row[2] for row in found).items() if times > 1]
        hidden = self._partly_hidden(several, filters.collections)
        return rows, np.fromiter((stories[name] for name in hidden), np.int64)

    def _partly_hidden(self, names: Sequence[bytes], collections: Sequence[str]) -> list[bytes]:
        """Return the stories of which some copy may not be shown."""
        conditions, values = open_to(Filters(collections=tuple(collections)))
        shown = " AND ".join(conditions)
        found: list[bytes] = []
        for i in range(0, len(names), 500):
            chunk = names[i : i + 500]
            rows = self._catalogue.connection.execute(
                f"SELECT story FROM articles WHERE story IN ({','.join('?' * len(chunk))})"  # noqa: S608
                f" GROUP BY story HAVING max(CASE WHEN {shown} THEN 0 ELSE 1 END) = 1",
                (*chunk, *values),
            )
            found += [bytes(story) for (story,) in rows]
        return found

    def _by_the_hour(self, rows: LabelRows) -> LabelRows:
        """Return rows of one day in the order of their hours, where that day is the first or last.

        Of no other day is it told which article came before which.
        """
        dated = int(np.count_nonzero(rows.day))
        if not dated:
            return rows
        first, last = int(rows.day[0]), int(rows.day[dated - 1])
        hours = dict(
            self._catalogue.connection.execute(
                "SELECT a, record ->> 'published_at' FROM articles"
                " JOIN versions USING (a, version) WHERE day IN (?, ?)",
                (first, last),
            ).fetchall()
        )
        places = np.arange(len(rows.a))
        for day in dict.fromkeys((first, last)):
            there = np.flatnonzero(rows.day == day)
            keys = {i: record.when(day, hours.get(int(rows.a[i]))) for i in there.tolist()}
            places[there] = sorted(keys, key=keys.__getitem__)
        return rows if (places[1:] > places[:-1]).all() else rows.at(places)

    def _parted(self, rows: LabelRows, partly: Numbers, collections: Sequence[str]) -> LabelRows:
        """Return rows where copies that only a hidden one makes copies are none."""
        times = np.bincount(rows.story)
        hidden = np.zeros(len(times), np.bool_)
        hidden[partly[partly < len(times)]] = True
        among = np.flatnonzero(hidden[rows.story] & (times[rows.story] > 1))
        story = rows.story.copy()
        named: defaultdict[str, int] = defaultdict(count(len(times)).__next__)
        for i in among.tolist():
            story[i] = named[copies.story(self._catalogue, int(rows.a[i]), collections).id]
        return LabelRows(a=rows.a, day=rows.day, story=story, labels=rows.labels)


def _labelled(columns: Sequence[list[Any]]) -> tuple[LabelRows, Mapping[bytes, int]]:
    """Return columns of the catalogue as rows, and the number of each story by its name."""
    a, day, story, *labels = columns or [[] for _ in range(7)]
    stories: defaultdict[bytes, int] = defaultdict(count().__next__)
    # An article that has no story yet is one of its own.
    names = (bytes(one) or str(n).encode() for one, n in zip(story, a, strict=True))
    rows = LabelRows(
        a=np.fromiter(a, np.int64),
        day=np.fromiter((one or 0 for one in day), np.int64),
        story=np.fromiter(map(stories.__getitem__, names), np.int64),
        labels={label: coded(one) for label, one in zip(_LABELS, labels, strict=True)},
    )
    return rows, stories
