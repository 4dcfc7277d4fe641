"""How many articles name an author, a kind or a speaker: read once, until something changes.

Outlets and days stand in the row of each article; these stand in records and in statements, which
takes thirty times as long to read.
"""

import json
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from threading import Lock
from typing import Literal

from ingest.archive import statement_store
from ingest.archive.catalogue import Catalogue

ReadFacet = Literal["author", "kind", "speaker"]

_IN_RECORD: Mapping[ReadFacet, str] = {"author": "authors", "kind": "kind"}
_KEPT = 24
"""Counts that are kept: of everything and of some words or filters, each facet."""

_FEWEST, _MOST_VALUES = 200, 50_000
"""Articles that are counted quickly enough anyway, and values that are too many to keep."""

_State = tuple[int, str | None, bytes]


class ReadFacets:
    """The facets of an archive that must be read. Safe from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: OrderedDict[tuple[ReadFacet, _State], Mapping[str, int]] = OrderedDict()
        self._door = Lock()

    def count(self, name: ReadFacet, numbers: Sequence[int]) -> Mapping[str, int]:
        """Count some articles by a facet, the most frequent value first."""
        if len(numbers) < _FEWEST:
            return self._counted(name, numbers)
        asked = name, self._state(numbers)
        with self._door:
            known = self._kept.get(asked)
            if known is not None:
                self._kept.move_to_end(asked)
                return known
        counted = self._counted(name, numbers)
        if len(counted) <= _MOST_VALUES:
            with self._door:
                self._kept[asked] = counted
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return counted

    def _state(self, numbers: Sequence[int]) -> _State:
        """Return what tells these articles, as they are now, from all others."""
        those = blake2b(array("q", numbers).tobytes(), digest_size=16).digest()
        return self._catalogue.change, statement_store.hearings(self._catalogue), those

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


def by_frequency(counted: Mapping[str, int]) -> dict[str, int]:
    """Return counts, the most frequent value first."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
