"""Keys to an archive: who may ask what. Only a hash of each is kept, in `keys.json`."""

import contextlib
import fcntl
import hmac
import json
import os
import pwd
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from ingest.article import Filters
from ingest.errors import SettingsError

Scope = Literal["read", "admin"]
KEY_PREFIX = "morgue_"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Somebody who asks. No `collections` means all of them; `rate` is requests a minute."""

    name: str
    key_id: str | None = None
    scope: Scope = "read"
    collections: tuple[str, ...] = ()
    rate: int | None = None

    def narrowed(self, filters: Filters) -> Filters:
        """Return filters that leave out what this reader may not see.

        Raises PermissionError, naming the collection, where the filters ask for another one.
        """
        if not self.collections:
            return filters
        for wanted in filters.collections:
            if wanted not in self.collections:
                raise PermissionError(f"this key does not open the collection {wanted!r}")
        within = filters.collections or self.collections
        return replace(filters, collections=within, held=self.collections)


LOCAL = KeyHolder(name="local", scope="admin")
"""Whoever asks on the machine itself."""


def logged_in() -> KeyHolder:
    """Return whoever runs this process, by their name on this machine."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"
    return KeyHolder(name=name, scope="admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is kept: never the key itself. Days and times are UTC, RFC 3339."""

    id: str
    name: str
    hash: str
    scope: Scope = "read"
    collections: tuple[str, ...] = ()
    rate: int | None = None
    created_at: str = ""
    revoked_at: str | None = None

    def shown(self) -> Mapping[str, object]:
        """Return what may be shown of it."""
        return {name: value for name, value in asdict(self).items() if name != "hash"}


@dataclass(slots=True)
class Keyring:
    """The keys of one archive. What another process adds or revokes counts at once."""

    path: Path
    _seen: tuple[int, int, int] | None = field(default=None, init=False)
    _keys: dict[str, Key] = field(default_factory=dict, init=False)

    def add(
        self,
        name: str,
        *,
        scope: Scope = "read",
        collections: Sequence[str] = (),
        rate: int | None = None,
    ) -> tuple[str, Key]:
        """Make a key and return it: it is shown this once.

        Raises SettingsError where an admin is to be kept to some collections.
        """
        if scope == "admin" and collections:
            raise SettingsError(
                "an admin's key opens the whole archive", "leave out --collection, or --scope admin"
            )
        key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        key = Key(
            id=key_id,
            name=name,
            hash=_hash(secret),
            scope=scope,
            collections=tuple(collections),
            rate=rate,
            created_at=_now(),
        )
        with self._changing() as keys:
            keys[key_id] = key
        return f"{KEY_PREFIX}{key_id}_{secret}", key

    def revoke(self, named: str) -> tuple[Key, ...]:
        """Let the key with an id, or every key with a name, open nothing any more."""
        with self._changing() as keys:
            found = [k for k in keys.values() if named in {k.id, k.name} and not k.revoked_at]
            revoked = tuple(replace(key, revoked_at=_now()) for key in found)
            keys.update({key.id: key for key in revoked})
        if not revoked:
            raise SettingsError(f"there is no key {named!r}", "`morgue keys list` shows them")
        return revoked

    def all(self) -> tuple[Key, ...]:
        """Return every key, revoked ones too, in the order they were made."""
        self._look()
        return tuple(self._keys.values())

    def reader(self, given: str) -> KeyHolder | None:
        """Return whose key this is; None where it opens nothing.

        The comparison takes as long for a wrong key as for a right one.
        """
        self._look()
        _, _, rest = given.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._keys.get(key_id)
        right = hmac.compare_digest(_hash(secret), key.hash if key else _NOBODYS)
        if key is None or not right or key.revoked_at:
            return None
        return KeyHolder(
            name=key.name,
            key_id=key.id,
            scope=key.scope,
            collections=key.collections,
            rate=key.rate,
        )

    def _look(self) -> None:
        """Read the file where it is another one than before."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._seen, self._keys = None, {}
            return
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            self._keys = _read(self.path)
            self._seen = seen

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """Let one process at a time change the keys; the file is whole at every moment."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = _read(self.path) if self.path.exists() else {}
            yield keys
            _write(self.path, keys)


def _hash(secret: str) -> str:
    """Hash a key's secret part: 256 random bits need no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_NOBODYS = _hash("")


def _read(path: Path) -> dict[str, Key]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["keys"]
        keys = [Key(**{**one, "collections": tuple(one["collections"])}) for one in kept]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"the keys in {path.name} cannot be read", "restore it") from error
    return {key.id: key for key in keys}


def _write(path: Path, keys: Mapping[str, Key]) -> None:
    document = {"schema": 1, "keys": [asdict(key) for key in keys.values()]}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # readable by its owner only
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
