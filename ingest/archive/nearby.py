"""What of a few new articles is near in meaning to what a watch looks for."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ingest.archive.catalogue import Catalogue
from ingest.archive.vectors import Vector, vectors_of
from ingest.article import Passage

DISTINCT = 4.0
"""Standard deviations by which a cosine must stand above those of the archive's own leads."""

_SAMPLE = 2_000
_FEW = 20
"""Leads below which nothing can be told of how near is near."""


class Nearby:
    """The vectors of some articles, leads and passages, and how near the archive is by and large.

    A cosine says little by itself: one embedder gives strangers 0.7, another 0.1. Near is what
    stands out among the leads of the archive as a whole.
    """

    def __init__(self, catalogue: Catalogue, ids: Sequence[int]) -> None:
        self._catalogue = catalogue
        self._passages = {p: (a, passage) for a in ids for p, passage in catalogue.passages_of(a)}
        leads = vectors_of(catalogue, "leads", ids)
        passages = vectors_of(catalogue, "passages", list(self._passages))
        self._of = [(a, None) for a in leads]
        self._of += [self._passages[p] for p in passages]  # type: ignore[misc]
        self._vectors = _stacked([*leads.values(), *passages.values()])

    @cached_property
    def _background(self) -> Vector:
        """Vectors of leads from all over the archive."""
        rows = self._catalogue.connection.execute(
            "SELECT vector FROM articles JOIN vectors ON hash = lead ORDER BY a"
        ).fetchall()
        step = max(1, len(rows) // _SAMPLE)
        return _stacked([np.frombuffer(vector, np.float32) for (vector,) in rows[::step]])

    def found(self, vector: Vector, *, comments: bool) -> dict[int, Passage | None]:
        """Return the articles that are near, each with its nearest passage; None for the lead."""
        if not len(self._vectors):
            return {}
        background = _unit(self._background) @ _unit(vector)
        if len(background) < _FEW:
            return {}
        least = float(background.mean() + DISTINCT * background.std())
        cosines = _unit(self._vectors) @ _unit(vector)
        near: dict[int, Passage | None] = {}
        for at in np.argsort(-cosines):
            if cosines[at] < least:
                break
            a, passage = self._of[at]
            if passage is None or passage.part != "comment" or comments:
                near.setdefault(a, passage)
        return near


def _stacked(vectors: Sequence[Vector]) -> Vector:
    return np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
