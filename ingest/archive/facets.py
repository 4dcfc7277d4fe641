"""How many articles name an author, a kind or a speaker.

Outlets and days stand in the row of each article; these stand in records and in statements, which
takes thirty times as long to read.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

import numpy as np

from ingest.archive import change_log, statement_store
from ingest.archive.catalogue import Catalogue
from ingest.archive.kept_whole import KeptWhole, State
from ingest.archive.label_columns import CodedNames, Numbers, coded
from ingest.archive.state import by_frequency

ReadFacet = Literal["author", "kind", "speaker"]

_IN_RECORD: Mapping[ReadFacet, str] = {"author": "authors", "kind": "kind"}


class _NamesGiven(NamedTuple):
    """Which article names what: a row for each name that stands in an article."""

    a: Numbers
    named: CodedNames

    def counted(self, numbers: Numbers) -> dict[str, int]:
        """Count the names of some articles, the most frequent first."""
        last = max(self.a.max(initial=0), numbers.max(initial=0))
        wanted = np.zeros(int(last) + 1, np.bool_)
        wanted[numbers] = True
        return self.named.at(wanted[self.a]).counted()

    def with_anew(self, numbers: Sequence[int], read: "_NamesGiven") -> "_NamesGiven":
        """Return these rows with what was read anew in the place of some articles."""
        left = ~np.isin(self.a, numbers)
        a = np.concatenate((self.a[left], read.a))
        return _NamesGiven(a, self.named.at(left).joined(read.named))


class ReadFacets:
    """The facets of an archive that must be read. Safe from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._whole = {
            "author": self._kept(partial(self._named, "author"), self._put, self._put_since),
            "kind": self._kept(partial(self._named, "kind"), self._put, self._put_since),
            "speaker": self._kept(self._speaking, self._heard, self._heard_since),
        }

    @staticmethod
    def _kept(
        read: Callable[[Sequence[int] | None], _NamesGiven],
        state: Callable[[], State],
        changed_since: Callable[[State], Sequence[int] | None],
    ) -> KeptWhole[_NamesGiven]:
        def follow(kept: _NamesGiven, since: State) -> _NamesGiven | None:
            changed = changed_since(since)
            return None if changed is None else kept.with_anew(changed, read(changed))

        return KeptWhole(state, partial(read, None), follow)

    def count(self, name: ReadFacet, numbers: Numbers) -> Mapping[str, int]:
        """Count some articles by a facet, the most frequent value first."""
        whole = self._whole[name].at_hand(len(numbers), there=self._catalogue.last_number)
        return self._counted(name, numbers.tolist()) if whole is None else whole.counted(numbers)

    def _put(self) -> State:
        return (self._catalogue.change,)

    def _put_since(self, since: State) -> list[int] | None:
        return change_log.articles_changed(self._catalogue, since[0], ["article"])

    def _heard(self) -> State:
        return self._catalogue.change, int(statement_store.hearings(self._catalogue) or 0)

    def _heard_since(self, since: State) -> list[int] | None:
        put = self._put_since(since)
        # They are noted under the last change before them, which may be that of the state.
        heard = change_log.articles_changed(self._catalogue, since[0] - 1, ["statements"])
        return None if put is None or heard is None else sorted({*put, *heard})

    def _counted(self, name: ReadFacet, numbers: Sequence[int]) -> Mapping[str, int]:
        if name == "speaker":
            return by_frequency(statement_store.speaking(self._catalogue, numbers))
        counted: Counter[str] = Counter()
        for value, times in self._in_records(_IN_RECORD[name], numbers).items():
            for one in json.loads(value) if name == "author" else [value]:
                counted[one] += times
        return by_frequency(counted)

    def _in_records(self, key: str, numbers: Sequence[int]) -> Counter[str]:
        """Count what stands under a name in the records of articles, as it is written there."""
        found: Iterable[tuple[str | None]] = self._catalogue.connection.execute(
            "SELECT record ->> ? FROM articles JOIN versions USING (a, version)"  # noqa: S608
            f" WHERE a {self._catalogue.any_of}",
            (key, self._catalogue.many(numbers)),
        )
        return Counter(value for (value,) in found if value)

    def _named(self, name: ReadFacet, among: Sequence[int] | None) -> _NamesGiven:
        """Read who or what is named in the records of articles: of all, or among some."""
        only = "" if among is None else f" WHERE a {self._catalogue.any_of}"
        found: Iterable[tuple[int, str | None]] = self._catalogue.connection.execute(
            f"SELECT a, record ->> ? FROM articles JOIN versions USING (a, version){only}",  # noqa: S608
            (_IN_RECORD[name], *([] if among is None else [self._catalogue.many(among)])),
        )
        read: dict[str, list[str]] = {}
        numbers: list[int] = []
        names: list[str] = []
        for a, value in found:
            if value and value not in read:
                read[value] = json.loads(value) if name == "author" else [value]
            for one in read[value] if value else ():
                numbers.append(a)
                names.append(one)
        return _NamesGiven(np.fromiter(numbers, np.int64), coded(names))

    def _speaking(self, among: Sequence[int] | None) -> _NamesGiven:
        """Read who speaks in articles: in all, or among some."""
        pairs = statement_store.who_speaks(self._catalogue, among)
        those = None if among is None else {v for _, v in pairs}
        names = statement_store.speakers(self._catalogue, those)
        pairs = [pair for pair in pairs if pair[1] in names]
        return _NamesGiven(
            np.fromiter((a for a, _ in pairs), np.int64), coded(names[v] for _, v in pairs)
        )
