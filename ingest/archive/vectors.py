"""The catalogue's vectors: which there are, which are wanted, and scoring each one exactly."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ingest.archive.catalogue import Catalogue, conditions_of, open_to
from ingest.archive.database import Rows
from ingest.archive.words import Scored
from ingest.article import Filters

Of = Literal["leads", "passages"]
Vector = NDArray[np.float32]

MANY = 100_000
"""More candidates than this are not scored each, where Chroma answers."""

_AT_ONCE = 2_000

_TABLE: dict[Of, str] = {"leads": "articles", "passages": "passages JOIN articles USING (a)"}
_ID: dict[Of, str] = {"leads": "a", "passages": "p"}
_HASH: dict[Of, str] = {"leads": "lead", "passages": "passages.hash"}


ALL = "1 = 1"
"""The condition that everything fulfils."""

Where = tuple[str, Sequence[object]]
"""A condition in SQL, with its values."""

EVERYTHING: Where = (ALL, ())


def both(one: Where, other: Where) -> Where:
    """Return the condition that two conditions make together."""
    conditions = [condition for condition, _ in (one, other) if condition != ALL]
    return " AND ".join(conditions) or ALL, (*one[1], *other[1])


def vectors_of(
    catalogue: Catalogue, of: Of, ids: Sequence[int], where: Where = EVERYTHING
) -> dict[int, Vector]:
    """Return the catalogue's vectors for leads (by article) or passages that fulfil a condition."""
    found: dict[int, Vector] = {}
    for i in range(0, len(ids), 500):
        chunk = ids[i : i + 500]
        marks = ",".join("?" * len(chunk))
        for number, vector in catalogue.connection.execute(
            f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
            f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {_ID[of]} IN ({marks}) AND {where[0]}",
            (*chunk, *where[1]),
        ):
            found[number] = np.frombuffer(vector, np.float32)
    return found


def where_of(catalogue: Catalogue, of: Of, filters: Filters) -> Where:
    """Return the SQL condition, with its values, on what may be found under filters."""
    conditions, values = open_to(filters) if catalogue.embargoed() else conditions_of(filters)
    if of == "passages" and not filters.comments:
        conditions.append("part != 'comment'")
    return " AND ".join(conditions) or ALL, values


def count(catalogue: Catalogue, of: Of, where: Where, most: int) -> int:
    """Count what fulfils a condition, up to `most`."""
    found = catalogue.connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {_TABLE[of]} WHERE {where[0]} LIMIT ?) AS found",  # noqa: S608
        (*where[1], most),
    ).fetchone()
    return int(found[0])


def allowed(
    catalogue: Catalogue, of: Of, filters: Filters, found: Sequence[Scored]
) -> list[Scored]:
    """Return what of a finding may be shown under filters, in its order."""
    conditions, values = where_of(catalogue, of, filters)
    marks = ",".join("?" * len(found))
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]} FROM {_TABLE[of]}"  # noqa: S608
        f" WHERE {_ID[of]} IN ({marks}) AND {conditions}",
        (*(i for i, _ in found), *values),
    )
    allowed = {i for (i,) in rows}
    return [one for one in found if one.id in allowed]


def rescored(catalogue: Catalogue, vector: Vector, of: Of, found: Sequence[Scored]) -> list[Scored]:
    """Return a finding scored by the catalogue's own vectors, best first; what has none goes."""
    kept = vectors_of(catalogue, of, sorted({one.id for one in found}))
    rows = [(i, one.tobytes()) for i, one in kept.items()]
    return Few(rows).nearest(vector, len(rows))


def exact(catalogue: Catalogue, vector: Vector, of: Of, where: Where, k: int) -> list[Scored]:
    """Score every candidate's own vector; the judge of Chroma, and its stand-in."""
    best: list[Scored] = []
    rows = iter(_rows(catalogue, of, where, 2**62))
    while some := list(islice(rows, _AT_ONCE)):
        best = sorted([*best, *Few(some).nearest(vector, k)], key=lambda one: -one.score)[:k]
    return best


def rows_of(catalogue: Catalogue, of: Of, where: Where, most: int) -> list[tuple[int, bytes]]:
    """Return numbers and vectors of what fulfils a condition, at most `most`."""
    return _rows(catalogue, of, where, most).fetchall()


def _rows(catalogue: Catalogue, of: Of, where: Where, most: int) -> Rows:
    return catalogue.connection.execute(
        f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
        f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {where[0]} LIMIT ?",
        (*where[1], most),
    )


class Few:
    """Vectors that are few enough to score each one."""

    def __init__(self, rows: Sequence[tuple[int, bytes]]) -> None:
        self._ids = [int(i) for i, _ in rows]
        matrix = np.frombuffer(b"".join(v for _, v in rows), np.float32)
        self._vectors = matrix.reshape(len(rows), -1) if rows else matrix

    def nearest(self, vector: Vector, k: int) -> list[Scored]:
        """Return the nearest by cosine, best first."""
        if not self._ids:
            return []
        scores = self._vectors @ vector
        return [
            Scored(self._ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k]
        ]


def batches(
    catalogue: Catalogue, of: Of, where: Where = EVERYTHING
) -> Iterator[tuple[list[int], Vector]]:
    """Yield the vectors of what fulfils a condition, with its numbers, some thousand at a time."""
    last = 0
    while True:
        rows = catalogue.connection.execute(
            f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
            f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {_ID[of]} > ?"
            f" AND {where[0]} ORDER BY {_ID[of]} LIMIT ?",
            (last, *where[1], _AT_ONCE),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        matrix = np.frombuffer(b"".join(v for _, v in rows), np.float32)
        yield [i for i, _ in rows], matrix.reshape(len(rows), -1)
