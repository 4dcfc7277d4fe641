"""One store of Chroma's: two collections (leads, passages) that follow the catalogue.

Vectors are the catalogue's; Chroma holds copies of them and can always be built anew. A store
holds all of them, or those of its years.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import numpy as np

from ingest.archive import spare_room
from ingest.archive.bookmark import Reached
from ingest.archive.catalogue import Catalogue
from ingest.archive.lock import WriterLock
from ingest.archive.record import digest
from ingest.archive.server import ChromaServer, answers
from ingest.archive.shards import Place
from ingest.archive.sqlite import no_space
from ingest.archive.vectors import Of, Vector, batches, vectors_of
from ingest.archive.words import Scored
from ingest.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveError,
    MorgueError,
    ServiceDown,
    SettingsError,
)
from ingest.outbound import is_here, look_up_service, shown, without_secrets

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings as ChromaSettings

_BATCH = 2_000
_STARTS, _STARTS_SECONDS = 4, 300.0
"""How often within which time a server that ends is started: a damaged store ends each."""
KINDS: tuple[Of, Of] = ("leads", "passages")
_ANSWER_SECONDS, _WORK_SECONDS = 2.0, 30.0
"""How long one of several servers may take to say that it is there, and for one thing to do."""
_FULL = ("disk is full", "No space left")
_ROOM = 1_000_000
"""Bytes that Chroma cannot do without when it writes."""
"""What Chroma says of a full disk, in the words of SQLite and of the system."""


class ChromaStore:
    """The vectors of an archive, or of its shard, in a folder of its own or on Chroma's server."""

    def __init__(self, folder: Path, lock: WriterLock, place: Place) -> None:
        self.shard = place.shard
        self._folder = folder
        self._bookmark = place.bookmark
        self._lock = lock
        self._url = place.shard.url
        self._limited = place.shard.name is not None
        self._server: ChromaServer | None = None
        self._serving = False
        self._starts: list[float] = []
        self._door = threading.RLock()
        self._client: tuple[tuple[str, int], Client] | None = None

    # Following

    @property
    def at(self) -> int:
        """The change number that the collections have reached; 0 where they must be built."""
        return self._bookmark.read().change

    def follow(self, catalogue: Catalogue, *, build: bool = True) -> None:
        """Apply what the catalogue has since changed, then note the number reached.

        Where that is not enough it is built anew, unless `build` says not to.
        """
        mark = self._bookmark.read()
        with catalogue.snapshot():  # another host may shorten the log meanwhile
            until = catalogue.change
            whole = mark.change and mark.catalogue == catalogue.id and mark.change <= until
            whole = whole and mark.change >= catalogue.log_from
            changed = catalogue.changed(mark.change, ["lead", "passage"]) if whole else []
        if not whole or not self._there():
            if build:
                self.rebuild(catalogue)
        elif mark.change < until:
            for of in KINDS:
                ids = sorted(i for what, i in changed if what + "s" == of)
                for i in range(0, len(ids), _BATCH):
                    self._apply(catalogue, of, ids[i : i + _BATCH])
            self._bookmark.note(mark._replace(change=until))

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both collections anew from the catalogue's vectors."""
        until = catalogue.change
        self.forget()
        for of in KINDS:
            if self._limited:
                with self._chroma(of):  # there from now on: a server that lacks it was emptied
                    pass
            for ids, vectors in batches(catalogue, of, self.shard.where):
                with self._chroma(of) as collection:
                    collection.upsert(ids=[str(i) for i in ids], embeddings=vectors)
        folder = self._bookmark.read().folder
        self._bookmark.note(Reached(until, catalogue.id, folder))

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
            self._bookmark.note(Reached(folder=folder))
            self._bookmark.clear_others(folder)

    def _there(self) -> bool:
        """Tell whether one of several servers still has what was built there."""
        from chromadb.errors import NotFoundError

        if not self._limited:
            return True
        self._look_first()
        with _ours():
            client = self._reach(self._url)
            try:
                for of in KINDS:
                    client.get_collection(self._named(of), embedding_function=None)
            except NotFoundError:
                return False
        return True

    def _delete_collections(self) -> None:
        from chromadb.errors import NotFoundError

        self._look_first()
        for of in KINDS:
            with _ours(), self._door, contextlib.suppress(NotFoundError):
                self._reach(self._address()).delete_collection(self._named(of))

    def _apply(self, catalogue: Catalogue, of: Of, ids: list[int]) -> None:
        vectors = vectors_of(catalogue, of, ids, self.shard.where)
        gone = [str(i) for i in ids if i not in vectors]
        with self._chroma(of) as collection:
            if gone:
                collection.delete(ids=gone)
            if vectors:
                collection.upsert(
                    ids=[str(i) for i in vectors], embeddings=np.stack(list(vectors.values()))
                )

    # Searching

    def nearest(self, of: Of, vector: Vector, k: int) -> list[Scored]:
        """Return what Chroma itself finds for a vector.

        Raises ArchiveBusy where another process has Chroma open and serves it to nobody.
        """
        with self._chroma(of, make=not self._limited) as collection:
            found = collection.query(
                query_embeddings=np.expand_dims(vector, 0),
                n_results=k,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [
            Scored(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)
        ]

    def held(self, of: Of, number: int) -> Vector | None:
        """Return the vector that Chroma holds under a number, however its graph is reached."""
        with self._chroma(of) as collection:
            found = collection.get(ids=[str(number)], include=["embeddings"])["embeddings"]
        return None if found is None or not len(found) else np.asarray(found[0], np.float32)

    def count(self, of: Of) -> int:
        """Return how many vectors Chroma says it holds."""
        with self._chroma(of) as collection:
            return int(collection.count())

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Have the store read by a process of its own, for a block; the lock must be held.

        Chroma's core reads the files of its graph as they are: a damaged one may end whoever
        reads it, and then it is the child that ends, as ServiceDown.
        """
        self._look_first()
        if self._address() is not None:
            yield
            return
        self.serve(at_once=True)
        try:
            yield
        finally:
            self.close()

    def _look_first(self) -> None:
        """Raise ServiceDown where one of several servers does not answer: it may be halted."""
        if self._limited:
            _look_in(chroma_address(self._url or ""))

    def answers(self) -> bool:
        """Tell whether the server that is named answers at this moment."""
        with contextlib.suppress(MorgueError):
            _look_in(chroma_address(self._url or ""))
            return True
        return False

    # Reaching Chroma

    def serve(self, *, at_once: bool) -> None:
        """Have a Chroma server as a child, at once or from when Chroma is first needed.

        The lock must be held, and the child keeps it.
        """
        with self._door:
            if self._url is None and at_once:
                self._start()
            self._serving = self._url is None

    def _start(self) -> "ChromaServer":
        """Return the server, started anew where it has ended: killed, or of a damaged file."""
        if self._server is not None and self._server.runs:
            return self._server
        now = time.monotonic()
        self._starts = [at for at in self._starts if at > now - _STARTS_SECONDS]
        if len(self._starts) >= _STARTS:
            raise ServiceDown(
                "the Chroma server ended again and again, and is left alone for a while",
                "run `morgue doctor`",
            )
        self._starts.append(now)
        self._forget_client()
        if self._server is not None:
            self._server.stop()
            self._server = None
        self._server = ChromaServer(self._place(), self._lock)
        return self._server

    def rest(self) -> None:
        """Let go of the store's files, so that another process may write them."""
        if self._url is None and self._server is None:
            with self._door:
                self._forget_client()

    def close(self) -> None:
        """Let Chroma go; what it was given stays."""
        with self._door:
            self._forget_client()
            self._serving = False
            if self._server is not None:
                if self._server.runs:
                    self._starts.clear()
                self._server.stop()
                self._server = None

    def _place(self) -> Path:
        mark = self._bookmark.read()
        return self._bookmark.place(mark) if mark.folder else self._folder / "chroma"

    def _address(self) -> str | None:
        if self._url is not None:
            return self._url
        if self._serving or self._server is not None:
            with self._door:
                return self._start().url
        owner = None if self._lock.held else self._lock.owner()
        # Whoever may write to the archive's folder wrote it: it is a child's, or nobody's.
        there = owner is not None and owner.url and is_here(owner.url) and answers(owner.url)
        return owner.url if owner and there else None

    @contextlib.contextmanager
    def _chroma(self, of: Of, *, make: bool = True) -> "Iterator[Collection]":
        """Reach a collection; only who holds the lock makes one that is missing.

        A store of files is used by one thread at a time: it may have to be opened again.
        """
        address = self._address()
        with _ours(self._folder), self._door if address is None else contextlib.nullcontext():
            client = self._reach(address)
            if self._lock.held and make:
                yield client.get_or_create_collection(
                    self._named(of),
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                )
            else:
                yield client.get_collection(self._named(of), embedding_function=None)

    def _named(self, of: Of) -> str:
        # Several archives may share one server; a folder of its own needs no other name. It is
        # the same whatever the years: what was built under others is found, and deleted.
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
                self._client = ((where, seen), self._connect(address))
            return self._client[1]

    def _connect(self, address: str | None) -> "Client":
        if address is None:
            return _opened(self._place())
        return _reached(address, limited=self._limited)

    def _forget_client(self) -> None:
        if self._client is not None:
            ((where, _), client), self._client = self._client, None
            with contextlib.suppress(ArchiveError, ServiceDown), _ours():
                # A remote client, and the one within it that looks up tenants, leave theirs open.
                servers = (client._server, getattr(client._admin_client, "_server", None))
                sessions = [getattr(server, "_session", None) for server in servers]
                client.close()
                for session in filter(None, sessions):
                    session.close()
            if self._lock.held and "://" not in where:
                with contextlib.suppress(OSError):  # what cannot be written holds nothing of ours
                    spare_room.clear(Path(where))


def chroma_address(url: str) -> str:
    """Return the address of a Chroma server, with its port and its path.

    Where http is given with neither, it is the port that Chroma itself listens at. Raises
    SettingsError for what is no address.
    """
    try:
        parts = urlsplit(url)
        bare = parts.scheme == "http" and parts.port is None and parts.path in {"", "/"}
    except ValueError:  # a port that is no number
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"MORGUE_CHROMA_URL: {shown(url)!r} is no address",
            "write it like https://chroma.example/path",
        )
    if bare:
        parts = parts._replace(netloc=f"{parts.netloc}:8000")
    return parts._replace(path=parts.path.rstrip("/"), query="", fragment="").geturl()


def _opened(folder: Path) -> "Client":
    with _ours():
        folder.mkdir(parents=True, exist_ok=True)
        return _stored(str(folder), _quiet())


def _reached(where: str, *, limited: bool) -> "Client":
    """Return a client of a server; where it is one of several, nobody waits for it for long."""
    import chromadb
    import httpx

    address = chroma_address(where)
    with _ours():
        if limited:
            _look_in(address)
        else:
            look_up_service(address, "MORGUE_CHROMA_URL")
        client = cast("Client", chromadb.HttpClient(address, settings=_quiet()))
        session = getattr(client._server, "_session", None)
        if limited and session is not None:
            session.timeout = httpx.Timeout(_WORK_SECONDS)
        return client


def _look_in(address: str) -> None:
    """Raise ServiceDown unless a server answers at once."""
    import httpx

    with _ours():
        look_up_service(address, "MORGUE_CHROMA_URL")
        beat = httpx.get(
            f"{address}/api/v2/heartbeat",
            timeout=_ANSWER_SECONDS,
            verify=address.startswith("https"),  # certificates take long to load
        )
        beat.raise_for_status()


def _quiet() -> "ChromaSettings":
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


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
def _ours(folder: Path | None = None) -> Iterator[None]:
    """Make Chroma's errors ours; where the disk of its folder is full, that is what they are."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except BaseException as error:
        said = without_secrets(str(error))
        if isinstance(error, httpx.HTTPError | ConnectionError):
            raise ServiceDown(
                "Chroma does not answer", "is its server running? see `morgue doctor`"
            ).detailed(said) from error
        if any(words in str(error) for words in _FULL) or _no_room(folder, error):
            raise no_space(error) from error
        # Its own core, in Rust, panics where a file is not as it must be.
        if isinstance(error, ChromaError | ValueError) or type(error).__name__ == "PanicException":
            raise ArchiveDamaged(
                "the index by meaning cannot be used", "run `morgue rebuild meaning`"
            ).detailed(said) from error
        raise


def _no_room(folder: Path | None, error: BaseException) -> bool:
    """Tell whether an error of Chroma's own comes of a full disk: not all of them say so."""
    from chromadb.errors import ChromaError

    if folder is None or not isinstance(error, ChromaError):
        return False
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < _ROOM
    return False
