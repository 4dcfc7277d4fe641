"""Saved searches in the catalogue: whose they are, what they look for, what they have told.

Nothing here follows the catalogue's changes or is followed, so that a watch is kept under SQLite's
own lock: somebody may save one while another process writes articles.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Literal

from ingest.archive.catalogue import Catalogue
from ingest.archive.record import moment
from ingest.archive.sqlite import ours
from ingest.article import Filters
from ingest.errors import SettingsError

WatchKind = Literal["words", "meaning", "both", "cited"]
"""What a watch looks for: its query by words, by meaning, by either; what was cited."""

Way = Literal["webhook", "mail"]
"""How alerts are sent, beside being read."""

MOST = 10_000
"""Watches that an archive keeps."""

_COLUMNS = (
    "w, owner, name, query, kind, filters, webhook, secret, mail, token IS NOT NULL,"
    " words_at, meaning_at, looked_at, created_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to be told of, and how; the filters hold to what they may see."""

    name: str
    query: str = ""
    kind: WatchKind = "words"
    filters: Filters = field(default_factory=Filters)
    webhook: str | None = None
    mail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Wanted):
    """A saved search. `owner` is the id of a key, empty for who works on the machine itself.

    `words_at` and `meaning_at` are the changes up to which it was looked by words and by meaning.
    """

    id: int
    owner: str
    secret: str | None
    has_feed: bool
    words_at: int
    meaning_at: int
    looked_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedWatch:
    """A watch that was just saved, with what is shown this once: its feed's token, its secret."""

    watch: Watch
    token: str
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Alerts of a watch that must still be sent: from one number to another, how often tried."""

    id: int
    watch: int
    way: Way
    first: int
    last: int
    tries: int
    due: datetime
    error: str | None


class Watches:
    """The saved searches of one archive. Safe from several threads and processes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @ours()
    def add(self, wanted: Wanted, owner: str = "") -> SavedWatch:
        """Save a search; it tells of what comes from now on.

        Raises SettingsError where the owner has one of that name, or there are too many.
        """
        token, now = _token(), moment(datetime.now(UTC))
        # What was cited before counts too: of it, too, somebody wants to know.
        looked_at = "2000-01-01T00:00:00+00:00" if wanted.kind == "cited" else now
        secret = _secret() if wanted.webhook else None
        with self._catalogue.transaction():
            self._room_for(wanted.name, owner)
            change = self._catalogue.change
            self._catalogue.connection.execute(
                "INSERT INTO watches (owner, name, query, kind, filters, webhook, secret, mail,"
                " token, words_at, meaning_at, looked_at, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (owner, wanted.name, wanted.query, wanted.kind, _dumped(wanted.filters),
                 wanted.webhook, secret, json.dumps(wanted.mail), _hash(token),
                 change, change, looked_at, now),
            )  # fmt: skip
        return SavedWatch(watch=self.named(wanted.name, owner), token=token, secret=secret)

    def _room_for(self, name: str, owner: str) -> None:
        ask = self._catalogue.connection.execute
        if ask("SELECT 1 FROM watches WHERE owner = ? AND name = ?", (owner, name)).fetchone():
            raise SettingsError(
                f"there is a watch {name!r} already", "remove it first, or choose another name"
            )
        if ask("SELECT count(*) FROM watches").fetchone()[0] >= MOST:
            raise SettingsError(
                f"the archive keeps {MOST:,} watches, and no more", "remove some that nobody needs"
            )

    @ours()
    def all(self, owner: str | None = None) -> list[Watch]:
        """Return the watches of an owner, of everybody where none is named, by name."""
        return self._where("1 = 1", ()) if owner is None else self._where("owner = ?", (owner,))

    def named(self, name: str, owner: str = "") -> Watch:
        """Return a watch. Raises SettingsError where the owner has none of that name."""
        with ours():
            found = self._where("owner = ? AND name = ?", (owner, name))
        if not found:
            raise SettingsError(f"there is no watch {name!r}", "`morgue watch list` shows them")
        return found[0]

    @ours()
    def of_feed(self, token: str) -> Watch | None:
        """Return the watch whose feed a token opens."""
        found = self._where("token = ?", (_hash(token),))
        return found[0] if found else None

    def _where(self, condition: str, values: Sequence[object]) -> list[Watch]:
        rows = self._catalogue.connection.execute(
            f"SELECT {_COLUMNS} FROM watches WHERE {condition} ORDER BY name, w",  # noqa: S608
            values,
        )
        return [_watch(*row) for row in rows.fetchall()]

    @ours()
    def renew(self, name: str, owner: str = "") -> str:
        """Give a watch's feed another address, and return its token; the one before is dead."""
        watch, token = self.named(name, owner), _token()
        with self._catalogue.transaction():
            self._catalogue.connection.execute(
                "UPDATE watches SET token = ? WHERE w = ?", (_hash(token), watch.id)
            )
        return token

    @ours()
    def revoke(self, name: str, owner: str = "") -> None:
        """Take away the address of a watch's feed."""
        watch = self.named(name, owner)
        with self._catalogue.transaction():
            self._catalogue.connection.execute(
                "UPDATE watches SET token = NULL WHERE w = ?", (watch.id,)
            )

    @ours()
    def remove(self, name: str, owner: str = "") -> Watch:
        """Forget a watch, what it told and what was still to be sent."""
        watch = self.named(name, owner)
        with self._catalogue.transaction():
            for table in ("watches", "watched", "alerts", "deliveries"):
                self._catalogue.connection.execute(
                    f"DELETE FROM {table} WHERE w = ?",  # noqa: S608
                    (watch.id,),
                )
        return watch

    # What must be sent

    @ours()
    def due(self, now: datetime) -> list[Sending]:
        """Return what must be sent at a moment, the oldest first."""
        rows = self._catalogue.connection.execute(
            "SELECT d, w, way, first, last, tries, due, error FROM deliveries WHERE due <= ?"
            " ORDER BY d",
            (moment(now),),
        )
        return [_sending(*row) for row in rows.fetchall()]

    @ours()
    def waiting(self, watch: Watch) -> list[Sending]:
        """Return what of a watch is still to be sent."""
        rows = self._catalogue.connection.execute(
            "SELECT d, w, way, first, last, tries, due, error FROM deliveries WHERE w = ?"
            " ORDER BY d",
            (watch.id,),
        )
        return [_sending(*row) for row in rows.fetchall()]

    @ours()
    def claim(self, sending: Sending, until: datetime) -> bool:
        """Take it on oneself to send something, unless somebody else has, until a moment."""
        with self._catalogue.transaction():
            taken = self._catalogue.connection.execute(
                "UPDATE deliveries SET due = ? WHERE d = ? AND due = ?",
                (moment(until), sending.id, moment(sending.due)),
            )
        return taken.rowcount == 1

    @ours()
    def sent(self, sending: Sending) -> None:
        """Note that something was sent."""
        with self._catalogue.transaction():
            self._catalogue.connection.execute("DELETE FROM deliveries WHERE d = ?", (sending.id,))

    @ours()
    def failed(self, sending: Sending, why: str, again: datetime) -> None:
        """Note that something could not be sent, and when to try again."""
        with self._catalogue.transaction():
            self._catalogue.connection.execute(
                "UPDATE deliveries SET tries = tries + 1, due = ?, error = ? WHERE d = ?",
                (moment(again), why, sending.id),
            )


def _token() -> str:
    return secrets.token_urlsafe(32)


def _secret() -> str:
    """Return what a webhook is signed with, as Standard Webhooks write it."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def _hash(token: str) -> bytes:
    """Hash a token: 256 random bits need no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _dumped(filters: Filters) -> str:
    return json.dumps(asdict(filters), default=str, ensure_ascii=False)


_DAYS = ("since", "until", "as_of")


def _loaded(kept: str) -> Filters:
    given = json.loads(kept)
    days = {name: given.pop(name) for name in _DAYS}
    dated = {name: day and date.fromisoformat(day) for name, day in days.items()}
    listed: Iterable[tuple[str, object]] = given.items()
    return Filters(**dated, **{n: tuple(v) if isinstance(v, list) else v for n, v in listed})  # type: ignore[arg-type]


def _watch(*row: object) -> Watch:
    (number, owner, name, query, kind, filters, webhook, secret, mail, has_feed,
     words_at, meaning_at, looked_at, created_at) = row  # fmt: skip
    return Watch(
        id=int(str(number)),
        owner=str(owner),
        name=str(name),
        query=str(query),
        kind=kind,  # type: ignore[arg-type]
        filters=_loaded(str(filters)),
        webhook=None if webhook is None else str(webhook),
        secret=None if secret is None else str(secret),
        mail=tuple(json.loads(str(mail))),
        has_feed=bool(has_feed),
        words_at=int(str(words_at)),
        meaning_at=int(str(meaning_at)),
        looked_at=datetime.fromisoformat(str(looked_at)),
        created_at=datetime.fromisoformat(str(created_at)),
    )


def _sending(*row: object) -> Sending:
    number, w, way, first, last, tries, due, error = row
    return Sending(
        id=int(str(number)),
        watch=int(str(w)),
        way=way,  # type: ignore[arg-type]
        first=int(str(first)),
        last=int(str(last)),
        tries=int(str(tries)),
        due=datetime.fromisoformat(str(due)),
        error=None if error is None else str(error),
    )
