"""Keys to an archive: who may ask what. Only a hash of each is kept, as `keys.json`."""

import hmac
import os
import pwd
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from assistant.doors.shared_records import SharedRecords
from ingest.archive.papers import Papers
from ingest.article import Filters
from ingest.errors import SettingsError

Scope = Literal["read", "admin"]
KEY_PREFIX = "morgue_"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Somebody who asks: a person who signed in, or whoever holds a key.

    `key_id` is the key's or the person's; no `collections` means all of them; `rate` is requests
    a minute; `by` is what they are known by.
    """

    name: str
    key_id: str | None = None
    by: Literal["machine", "key", "session", "proxy", "nobody"] = "machine"
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
                raise PermissionError(
                    f"the collection {wanted!r} is not among those that you may see"
                )
        within = filters.collections or self.collections
        return replace(filters, collections=within, held=self.collections)


LOCAL = KeyHolder(name="local", scope="admin")
"""Whoever asks on the machine itself."""

NOBODY = KeyHolder(name="nobody", by="nobody")
"""Whoever is not known, where that need not be."""


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


class Keyring:
    """The keys of one archive. What another process adds or revokes counts at once."""

    def __init__(self, papers: Papers) -> None:
        self._keys = SharedRecords(papers.document("keys.json"), Key, "keys")

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
        with self._keys.changing() as keys:
            keys[key_id] = key
        return f"{KEY_PREFIX}{key_id}_{secret}", key

    def revoke(self, named: str) -> tuple[Key, ...]:
        """Let the key with an id, or every key with a name, open nothing any more."""
        with self._keys.changing() as keys:
            found = [k for k in keys.values() if named in {k.id, k.name} and not k.revoked_at]
            revoked = tuple(replace(key, revoked_at=_now()) for key in found)
            keys.update({key.id: key for key in revoked})
        if not revoked:
            raise SettingsError(f"there is no key {named!r}", "`morgue keys list` shows them")
        return revoked

    def all(self) -> tuple[Key, ...]:
        """Return every key, revoked ones too, in the order they were made."""
        return tuple(self._keys.all().values())

    def reader(self, given: str) -> KeyHolder | None:
        """Return whose key this is; None where it opens nothing.

        The comparison takes as long for a wrong key as for a right one.
        """
        _, _, rest = given.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._keys.all().get(key_id)
        right = hmac.compare_digest(_hash(secret), key.hash if key else _NOBODYS)
        if key is None or not right or key.revoked_at:
            return None
        return KeyHolder(
            name=key.name,
            key_id=key.id,
            by="key",
            scope=key.scope,
            collections=key.collections,
            rate=key.rate,
        )


def _hash(secret: str) -> str:
    """Hash a key's secret part: 256 random bits need no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_NOBODYS = _hash("")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
