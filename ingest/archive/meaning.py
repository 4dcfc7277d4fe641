"""Search by meaning: two Chroma collections (leads, passages) that follow the catalogue.

Vectors are the catalogue's; Chroma holds copies of them and can always be built anew. It is
asked only where there are too many candidates to score each one exactly.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

from ingest.archive.bookmark import Bookmark, Mark
from ingest.archive.catalogue import Catalogue, conditions_of
from ingest.archive.lock import WriterLock
from ingest.archive.record import digest
from ingest.archive.server import ChromaServer, answers
from ingest.archive.words import Scored
from ingest.article import Filters
from ingest.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, ServiceDown

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings as ChromaSettings

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
        self.exact = EXACT
        self._folder = folder
        self._bookmark = Bookmark(folder)
        self._lock = lock
        self._url = url
        self._server: ChromaServer | None = None
        self._door = threading.RLock()
        self._client: tuple[tuple[str, int], Client] | None = None
        self._few: dict[Of, tuple[int, _Few | None]] = {}

    # Following

    @property
    def at(self) -> int:
        """The change number that the collections have reached; 0 where they must be built."""
        return self._bookmark.read().change

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed, then note the number reached."""
        mark, until = self._bookmark.read(), catalogue.change
        whole = mark.change and mark.catalogue == catalogue.id and mark.change <= until
        if not whole or mark.change < catalogue.log_from:
            self.rebuild(catalogue)
        elif mark.change < until:
            changed = catalogue.changed(mark.change, ["lead", "passage"])
            for of in _KINDS:
                ids = sorted(i for what, i in changed if what + "s" == of)
                for i in range(0, len(ids), _BATCH):
                    self._apply(catalogue, of, ids[i : i + _BATCH])
            self._bookmark.note(mark._replace(change=until))

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both collections anew from the catalogue's vectors."""
        until = catalogue.change
        self.forget()
        for of in _KINDS:
            for ids, vectors in _batches(catalogue, of):
                with self._chroma(of) as collection:
                    collection.upsert(ids=[str(i) for i in ids], embeddings=vectors)
        folder = self._bookmark.read().folder
        self._bookmark.note(Mark(until, catalogue.id, folder))

    def forget(self) -> None:
        """Begin anew, with empty collections: what is there is not asked any more."""
        mark = self._bookmark.read()
        if self._url or self._server:
            self._bookmark.note(mark._replace(change=0))
            self._delete_collections()
            return
        with self._door:
            self._forget_client()
            folder = self._bookmark.anew()
            self._bookmark.note(Mark(folder=folder))
            self._bookmark.clear_others(folder)

    def _delete_collections(self) -> None:
        from chromadb.errors import NotFoundError

        for of in _KINDS:
            with _ours(), self._door, contextlib.suppress(NotFoundError):
                self._reach(self._address()).delete_collection(self._named(of))

    def _apply(self, catalogue: Catalogue, of: Of, ids: list[int]) -> None:
        vectors = vectors_of(catalogue, of, ids)
        gone = [str(i) for i in ids if i not in vectors]
        with self._chroma(of) as collection:
            if gone:
                collection.delete(ids=gone)
            if vectors:
                collection.upsert(
                    ids=[str(i) for i in vectors], embeddings=np.stack(list(vectors.values()))
                )

    # Searching

    def search(
        self, catalogue: Catalogue, vector: Vector, of: Of, filters: Filters, k: int
    ) -> list[Scored]:
        """Return the `k` leads (by article) or passages nearest to a vector, by cosine."""
        where = _where(of, filters)
        few = self._few_of(catalogue, of)
        if few is not None:
            return few.nearest(vector, k, None if where[0] == "1" else _ids(catalogue, of, where))
        if self.at and _count(catalogue, of, where, self.exact + 1) > self.exact:
            with contextlib.suppress(ArchiveError, ServiceDown):
                return self._near(catalogue, vector, of, filters, k)
        return _exact(catalogue, vector, of, where, k)

    def _few_of(self, catalogue: Catalogue, of: Of) -> "_Few | None":
        """Return all vectors, kept until the next change, where they are few; else None."""
        change = catalogue.change
        kept = self._few.get(of)
        if kept is None or kept[0] != change:
            rows = _vectors(catalogue, of, ("1", []), self.exact + 1)
            kept = (change, _Few(rows) if len(rows) <= self.exact else None)
            self._few[of] = kept
        return kept[1]

    def _near(
        self, catalogue: Catalogue, vector: Vector, of: Of, filters: Filters, k: int
    ) -> list[Scored]:
        """Ask Chroma, and for more where comments or other days crowd out what is wanted."""
        conditions, values = conditions_of(filters)
        narrow = (" AND ".join(conditions) or "1", values)
        # Naming most of the ids costs more than dropping the few that are not wanted.
        every = _count(catalogue, of, ("1", []), _MANY)
        most_are = _count(catalogue, of, narrow, _MANY) * 2 > every
        ids = None if most_are else _narrowed(catalogue, of, narrow)
        kept: list[Scored] = []
        for most in (k, 8 * k):
            found = self.nearest(of, vector, most, ids=ids)
            kept = _allowed(catalogue, of, filters, found)[:k]
            if len(kept) == k or len(found) < most:
                return kept
        ids = _narrowed(catalogue, of, _where(of, filters))
        return self.nearest(of, vector, k, ids=ids) if ids else kept

    def nearest(
        self, of: Of, vector: Vector, k: int, *, ids: list[str] | None = None
    ) -> list[Scored]:
        """Return what Chroma itself finds for a vector, perhaps among some ids alone.

        Raises ArchiveBusy where another process has Chroma open and serves it to nobody.
        """
        with self._chroma(of) as collection:
            found = collection.query(
                query_embeddings=np.expand_dims(vector, 0),
                n_results=k,
                ids=ids,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [
            Scored(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)
        ]

    def count(self, of: Of) -> int:
        """Return how many vectors Chroma says it holds."""
        with self._chroma(of) as collection:
            return int(collection.count())

    def survives(self, vectors: Mapping[Of, Sequence[Vector]]) -> bool:
        """Tell whether the store can be asked for these vectors without ending the process.

        Chroma's core reads its graph's files as they are: a damaged one may end whoever asks,
        so that a child of our own asks first. A server of Chroma's is its own process.
        """
        if self._address() is not None:
            return True
        self.rest()
        asked = json.dumps({of: [v.tolist() for v in these] for of, these in vectors.items()})
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PROBE, str(self._place())],
            input=asked, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode >= 0

    # Reaching Chroma

    def serve(self) -> None:
        """Start a Chroma server as a child; the lock must be held, and the child keeps it."""
        if self._url is None and self._server is None:
            with self._door:
                self._forget_client()
                self._server = ChromaServer(self._place(), self._lock)

    def rest(self) -> None:
        """Let go of the store's files, so that another process may write them."""
        if self._url is None and self._server is None:
            with self._door:
                self._forget_client()

    def close(self) -> None:
        """Let Chroma go; what it was given stays."""
        with self._door:
            self._forget_client()
            if self._server is not None:
                self._server.stop()
                self._server = None

    def _place(self) -> Path:
        mark = self._bookmark.read()
        return self._bookmark.place(mark) if mark.folder else self._folder / "chroma"

    def _address(self) -> str | None:
        if self._url is not None:
            return self._url
        if self._server is not None:
            return self._server.url
        owner = None if self._lock.held else self._lock.owner()
        return owner.url if owner and owner.url and answers(owner.url) else None

    @contextlib.contextmanager
    def _chroma(self, of: Of) -> "Iterator[Collection]":
        """Reach a collection; only who holds the lock makes one that is missing.

        A store of files is used by one thread at a time: it may have to be opened again.
        """
        address = self._address()
        with _ours(), self._door if address is None else contextlib.nullcontext():
            client = self._reach(address)
            if self._lock.held:
                yield client.get_or_create_collection(
                    self._named(of),
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                )
            else:
                yield client.get_collection(self._named(of), embedding_function=None)

    def _named(self, of: Of) -> str:
        # Several archives may share one server; a folder of its own needs no other name.
        if self._url is None:
            return of
        return f"{of}-{digest(str(self._folder.resolve())).hex()}"

    def _reach(self, address: str | None) -> "Client":
        with self._door:
            if address is None and not self._lock.held and not self._lock.free():
                raise ArchiveBusy("another process has the index by meaning open")
            # A store that is only read is opened again once another process has written it.
            seen = 0 if address or self._lock.held else self.at
            where = address or str(self._place())
            if self._client is None or self._client[0] != (where, seen):
                self._forget_client()
                self._client = ((where, seen), _client(where, remote=address is not None))
            return self._client[1]

    def _forget_client(self) -> None:
        if self._client is not None:
            (_, client), self._client = self._client, None
            with contextlib.suppress(ArchiveError, ServiceDown), _ours():
                # A remote client, and the one within it that looks up tenants, leave theirs open.
                servers = (client._server, getattr(client._admin_client, "_server", None))
                sessions = [getattr(server, "_session", None) for server in servers]
                client.close()
                for session in filter(None, sessions):
                    session.close()


_PROBE = """
import json, sys
import chromadb
client = chromadb.PersistentClient(
    sys.argv[1], settings=chromadb.config.Settings(anonymized_telemetry=False)
)
for name, vectors in json.load(sys.stdin).items():
    collection = client.get_collection(name, embedding_function=None)
    for vector in vectors:
        collection.query(query_embeddings=[vector], n_results=5, include=["distances"])
"""

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


def _narrowed(catalogue: Catalogue, of: Of, where: Where) -> list[str] | None:
    """Return the only ids to look among; None where that is all, or too many to name."""
    if where[0] in {"", "1"}:
        return None
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]} FROM {_TABLE[of]} WHERE {where[0]} LIMIT ?",  # noqa: S608
        (*where[1], _MANY + 1),
    ).fetchall()
    return [str(i) for (i,) in rows] if len(rows) <= _MANY else None


def _allowed(
    catalogue: Catalogue, of: Of, filters: Filters, found: Sequence[Scored]
) -> list[Scored]:
    conditions, values = _where(of, filters)
    marks = ",".join("?" * len(found))
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]} FROM {_TABLE[of]}"  # noqa: S608
        f" WHERE {_ID[of]} IN ({marks}) AND {conditions}",
        (*(i for i, _ in found), *values),
    )
    allowed = {i for (i,) in rows}
    return [one for one in found if one.id in allowed]


def _exact(catalogue: Catalogue, vector: Vector, of: Of, where: Where, k: int) -> list[Scored]:
    """Score every candidate's own vector; the judge of Chroma, and its stand-in."""
    return _Few(_vectors(catalogue, of, where, -1)).nearest(vector, k)


def _vectors(catalogue: Catalogue, of: Of, where: Where, most: int) -> list[tuple[int, bytes]]:
    return catalogue.connection.execute(
        f"SELECT {_ID[of]}, vector FROM {_TABLE[of]}"  # noqa: S608
        f" JOIN vectors v ON v.hash = {_HASH[of]} WHERE {where[0]} LIMIT ?",
        (*where[1], most),
    ).fetchall()


def _ids(catalogue: Catalogue, of: Of, where: Where) -> set[int]:
    rows = catalogue.connection.execute(
        f"SELECT {_ID[of]} FROM {_TABLE[of]} WHERE {where[0]}",  # noqa: S608
        where[1],
    )
    return {int(i) for (i,) in rows}


class _Few:
    """Vectors that are few enough to score each one."""

    def __init__(self, rows: Sequence[tuple[int, bytes]]) -> None:
        self._ids = [int(i) for i, _ in rows]
        matrix = np.frombuffer(b"".join(v for _, v in rows), np.float32)
        self._vectors = matrix.reshape(len(rows), -1) if rows else matrix

    def nearest(self, vector: Vector, k: int, among: set[int] | None = None) -> list[Scored]:
        """Return the nearest by cosine, perhaps among some ids alone."""
        if not self._ids:
            return []
        scores = self._vectors @ vector
        ranked = ((self._ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable"))
        kept = (Scored(i, score) for i, score in ranked if among is None or i in among)
        return list(islice(kept, k))


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


def _client(where: str, *, remote: bool) -> "Client":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with _ours():
        if not remote:
            Path(where).mkdir(parents=True, exist_ok=True)
            return _stored(where, settings)
        host, _, port = where.partition("://")[2].partition(":")
        made = chromadb.HttpClient(
            host, int(port or 8000), ssl=where.startswith("https"), settings=settings
        )
        return cast("Client", made)


def _stored(where: str, settings: "ChromaSettings") -> "Client":
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        return cast("Client", chromadb.PersistentClient(where, settings=settings))
    except BaseException:
        # A store that could not be opened is kept, half made, for the next who asks.
        SharedSystemClient._identifier_to_system.pop(where, None)
        raise


@contextlib.contextmanager
def _ours() -> Iterator[None]:
    """Make Chroma's errors ours."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except BaseException as error:
        if isinstance(error, httpx.HTTPError | ConnectionError):
            raise ServiceDown(
                f"Chroma does not answer: {error}", "is its server running? see `morgue doctor`"
            ) from error
        # Its own core, in Rust, panics where a file is not as it must be.
        if isinstance(error, ChromaError | ValueError) or type(error).__name__ == "PanicException":
            raise ArchiveDamaged(
                f"the index by meaning cannot be used: {error}", "run `morgue rebuild meaning`"
            ) from error
        raise
