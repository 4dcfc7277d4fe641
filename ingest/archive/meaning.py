"""Search by meaning: two Chroma collections (leads, passages) that follow the catalogue.

Vectors are the catalogue's; Chroma holds copies of them and can always be built anew. It is
asked only where there are too many candidates to score each one exactly.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ingest.archive.catalogue import Catalogue, conditions_of
from ingest.archive.lock import WriterLock
from ingest.archive.record import digest
from ingest.archive.server import ChromaServer, answers
from ingest.archive.words import Scored
from ingest.article import Filters
from ingest.errors import ArchiveDamaged, ArchiveError, ServiceDown

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Of = Literal["leads", "passages"]
Vector = NDArray[np.float32]

EXACT = 5_000
"""Up to here each candidate is scored: under 1 ms a thousand, where Chroma's own filters and
short id lists take 20 to 170 ms."""

_BATCH = 2_000
_MANY = 100_000
_KINDS: tuple[Of, Of] = ("leads", "passages")


class Meaning:
    """The vector indexes of an archive, in its folder `meaning` or on a server of Chroma's."""

    def __init__(self, folder: Path, lock: WriterLock, *, url: str | None = None) -> None:
        self._folder = folder
        self._lock = lock
        self._url = url
        self._server: ChromaServer | None = None
        self._client: tuple[str, ClientAPI] | None = None

    # Following

    @property
    def at(self) -> int:
        """The change number that the collections have reached; 0 where they must be built."""
        try:
            kept = json.loads((self._folder / "at.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0
        return int(kept["change"])

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed, then note the number reached."""
        at, until = self.at, catalogue.change
        if at == until:
            return
        if at < catalogue.log_from or not at:
            self.rebuild(catalogue)
            return
        changed = catalogue.changed(at, ["lead", "passage"])
        for of in _KINDS:
            ids = sorted(i for what, i in changed if what + "s" == of)
            for i in range(0, len(ids), _BATCH):
                self._apply(catalogue, of, ids[i : i + _BATCH])
        self._reached(until)

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both collections anew from the catalogue's vectors."""
        until = catalogue.change
        self._clear()
        for of in _KINDS:
            for ids, vectors in _batches(catalogue, of):
                with _ours():
                    self._collection(of).upsert(ids=[str(i) for i in ids], embeddings=vectors)
        self._reached(until)

    def _apply(self, catalogue: Catalogue, of: Of, ids: list[int]) -> None:
        vectors = vectors_of(catalogue, of, ids)
        gone = [str(i) for i in ids if i not in vectors]
        with _ours():
            collection = self._collection(of)
            if gone:
                collection.delete(ids=gone)
            if vectors:
                collection.upsert(
                    ids=[str(i) for i in vectors], embeddings=np.stack(list(vectors.values()))
                )

    def _reached(self, change: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        noted = self._folder / "at.json.new"
        noted.write_text(json.dumps({"change": change}), encoding="utf-8")
        noted.replace(self._folder / "at.json")

    def _clear(self) -> None:
        (self._folder / "at.json").unlink(missing_ok=True)
        if self._url or self._server:
            with _ours():
                for collection in self._reach("owner").list_collections():
                    if collection.name in {self._named(of) for of in _KINDS}:
                        self._reach("owner").delete_collection(collection.name)
            return
        self._forget_client()
        shutil.rmtree(self._folder / "chroma", ignore_errors=True)

    # Searching

    def search(
        self, catalogue: Catalogue, vector: Vector, of: Of, filters: Filters, k: int
    ) -> list[Scored]:
        """Return the `k` leads (by article) or passages nearest to a vector, by cosine."""
        where = _where(of, filters)
        if self.at and _count(catalogue, of, where, EXACT + 1) > EXACT and self._may_open():
            with contextlib.suppress(ArchiveError, ServiceDown):
                return self._ask(vector, of, _narrowed(catalogue, of, filters), k)
        return _exact(catalogue, vector, of, where, k)

    def _ask(self, vector: Vector, of: Of, ids: list[str] | None, k: int) -> list[Scored]:
        with _ours():
            found = self._collection(of, by="reader").query(
                query_embeddings=np.expand_dims(vector, 0),
                n_results=k,
                ids=ids,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [
            Scored(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)
        ]

    def nearest(self, of: Of, vector: Vector) -> int | None:
        """Return what Chroma itself finds for a vector, for checking that it follows."""
        with _ours():
            found = self._collection(of).query(
                query_embeddings=np.expand_dims(vector, 0), n_results=1, include=["distances"]
            )
        return int(found["ids"][0][0]) if found["ids"][0] else None

    def count(self, of: Of) -> int:
        """Return how many vectors Chroma says it holds."""
        with _ours():
            return int(self._collection(of).count())

    # Reaching Chroma

    def serve(self) -> None:
        """Start a Chroma server as a child; the lock must be held, and the child keeps it."""
        if self._url is None and self._server is None:
            self._forget_client()
            self._server = ChromaServer(self._folder / "chroma", self._lock)

    def close(self) -> None:
        """Let Chroma go; what it was given stays."""
        self._forget_client()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _address(self) -> str | None:
        if self._url is not None:
            return self._url
        if self._server is not None:
            return self._server.url
        owner = None if self._lock.held else self._lock.owner()
        return owner.url if owner and owner.url and answers(owner.url) else None

    def _may_open(self) -> bool:
        return self._address() is not None or self._lock.held or self._lock.free()

    def _collection(self, of: Of, *, by: Literal["owner", "reader"] = "owner") -> "Collection":
        return self._reach(by).get_or_create_collection(
            self._named(of),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        )

    def _named(self, of: Of) -> str:
        # Several archives may share one server; a folder of its own needs no other name.
        if self._url is None:
            return of
        return f"{of}-{digest(str(self._folder.resolve())).hex()}"

    def _reach(self, by: Literal["owner", "reader"]) -> "ClientAPI":
        address = self._address()
        if address is None and by == "owner" and not self._lock.held:
            raise ValueError("the lock is not held")
        where = address or str(self._folder / "chroma")
        if self._client is None or self._client[0] != where:
            self._client = (where, _client(where, remote=address is not None))
        return self._client[1]

    def _forget_client(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client[1].clear_system_cache()
            self._client = None


_TABLE: dict[Of, str] = {"leads": "articles", "passages": "passages JOIN articles USING (a)"}
_ID: dict[Of, str] = {"leads": "a", "passages": "p"}
_HASH: dict[Of, str] = {"leads": "lead", "passages": "passages.hash"}


def vectors_of(catalogue: Catalogue, of: Of, ids: Sequence[int]) -> dict[int, Vector]:
    """Return the catalogue's vectors for leads (by article) or passages."""
    found: dict[int, Vector] = {}
    for i in range(0, len(ids), 500):
        chunk = ids[i : i + 500]
        marks = ",".join("?" * len(chunk))
        for number, vector in catalogue.connection.execute(
            f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
            f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {_ID[of]} IN ({marks})",
            chunk,
        ):
            found[number] = np.frombuffer(vector, np.float32)
    return found


Where = tuple[str, list[object]]


def _where(of: Of, filters: Filters) -> Where:
    conditions, values = conditions_of(filters)
    if of == "passages" and not filters.comments:
        conditions.append("part != 'comment'")
    return " AND ".join(conditions) or "1", values


def _count(catalogue: Catalogue, of: Of, where: Where, most: int) -> int:
    found = catalogue.connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {_TABLE[of]} WHERE {where[0]} LIMIT ?)",  # noqa: S608
        (*where[1], most),
    ).fetchone()
    return int(found[0])


def _narrowed(catalogue: Catalogue, of: Of, filters: Filters) -> list[str] | None:
    """Return the only ids to look among; None where that is all, or too many to name.

    Hits are held against the filters once more when they are looked up, so that what is not
    narrowed here may crowd hits out but never lets a wrong one in.
    """
    conditions, values = conditions_of(filters)
    if not conditions:
        return None
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]} FROM {_TABLE[of]}"  # noqa: S608
        f" WHERE {' AND '.join(conditions)} LIMIT ?",
        (*values, _MANY + 1),
    ).fetchall()
    return [str(i) for (i,) in rows] if len(rows) <= _MANY else None


def _exact(catalogue: Catalogue, vector: Vector, of: Of, where: Where, k: int) -> list[Scored]:
    """Score every candidate's own vector; the judge of Chroma, and its stand-in."""
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
        f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {where[0]}",
        where[1],
    ).fetchall()
    if not rows:
        return []
    vectors = np.frombuffer(b"".join(v for _, v in rows), np.float32).reshape(len(rows), -1)
    scores = vectors @ vector
    best = np.argsort(-scores, kind="stable")[:k]
    return [Scored(int(rows[i][0]), float(scores[i])) for i in best]


def _batches(catalogue: Catalogue, of: Of) -> Iterator[tuple[list[int], Vector]]:
    last = 0
    while True:
        rows = catalogue.connection.execute(
            f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
            f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {_ID[of]} > ?"
            f" ORDER BY {_ID[of]} LIMIT ?",
            (last, _BATCH),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        matrix = np.frombuffer(b"".join(v for _, v in rows), np.float32)
        yield [i for i, _ in rows], matrix.reshape(len(rows), -1)


def _client(where: str, *, remote: bool) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with _ours():
        if not remote:
            Path(where).mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(where, settings=settings)
        host, _, port = where.partition("://")[2].partition(":")
        return chromadb.HttpClient(
            host, int(port or 8000), ssl=where.startswith("https"), settings=settings
        )


@contextlib.contextmanager
def _ours() -> Iterator[None]:
    """Make Chroma's errors ours."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (httpx.HTTPError, ConnectionError) as error:
        raise ServiceDown(
            f"Chroma does not answer: {error}", "is its server running? see `morgue doctor`"
        ) from error
    except (ChromaError, ValueError) as error:
        raise ArchiveDamaged(
            f"the index by meaning cannot be used: {error}", "run `morgue rebuild meaning`"
        ) from error
