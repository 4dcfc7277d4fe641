"""People who sign in with a name: what each may see, their passwords' hashes, their sessions.

They stand beside the archive's keys, as `people.json`; sessions as `sessions.json`, so that they
outlive the server. Of a password and of a session's token only a hash is kept.
"""

import logging
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.doors.keyring import KeyHolder, Scope
from assistant.doors.shared_records import SharedRecords
from assistant.doors.tries import Tries
from assistant.render.interface_text import to_say
from ingest.archive.papers import Papers
from ingest.errors import MorgueError, SettingsError

logger = logging.getLogger("morgue.people")

SHORTEST = 12
LONGEST = 1024
"""Characters of a password."""
_NAME_LONGEST = 80
_TOUCHED = 24
"""A session that is used is written down so often within its idle limit, and no oftener."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB and a tenth of a second: strangers must not take the machine with it."""


_UNKNOWN = (
    to_say("You are not among the people of this archive."),
    to_say("Who keeps it can add you."),
)
_TAKEN = (
    to_say("Somebody else here goes by your name."),
    to_say("Who keeps this archive can tell you apart."),
)


class SignInFailed(MorgueError):
    """Somebody could not sign in elsewhere: message and hint are texts of the interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """Seconds that a session lasts unused, and at the longest."""

    idle: float = 12 * 3600.0
    longest: float = 7 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccount:
    """A person's account, as it is kept. Without a hash, others alone say that it is they.

    `stamp` is another with each password: sessions of an earlier one are over. `subject` is who
    they are at a provider that signed them in, for good; `grouped` is who is here for their
    groups there, and sees what these give.
    """

    id: str
    name: str
    hash: str = ""
    stamp: str = ""
    scope: Scope = "read"
    collections: tuple[str, ...] = ()
    created_at: str = ""
    subject: str = ""
    grouped: bool = False

    def shown(self) -> Mapping[str, object]:
        """Return what may be shown of them."""
        hidden = {"hash", "stamp", "subject"}
        told = {name: value for name, value in asdict(self).items() if name not in hidden}
        return {**told, "password": bool(self.hash)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenPerson:
    """Whom a provider names: `subject` is who they are there for good, a name may change.

    `scope` and `collections` are what their groups give, None where these give nothing.
    """

    name: str
    subject: str
    scope: Scope | None = None
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """A session as it is kept; `id` is its token's hash, times are seconds since 1970."""

    id: str
    person: str
    stamp: str
    began: float
    seen: float


class People:
    """The people of one archive. What another process changes of them counts at once."""

    def __init__(
        self,
        papers: Papers,
        limits: SessionLimits | None = None,
        *,
        hasher: PasswordHasher | None = None,
        now: Callable[[], float] = time.time,
        tries: Tries | None = None,
    ) -> None:
        self.limits = limits or SessionLimits()
        self._hasher = hasher or PasswordHasher()
        self._now = now
        self._people = SharedRecords(papers.document("people.json"), UserAccount, "people")
        self._sessions = SharedRecords(papers.document("sessions.json"), _Session, "sessions")
        self._tries = tries or Tries(papers.tallies())

    # Who there is

    def add(
        self,
        name: str,
        password: str | None,
        *,
        scope: Scope = "read",
        collections: Sequence[str] = (),
    ) -> UserAccount:
        """Let somebody sign in; without a password, where a proxy says that it is they.

        Raises SettingsError where the name is taken or none, or the password a poor one.
        """
        if scope == "admin" and collections:
            raise SettingsError("an admin sees the whole archive", "leave out --collection")
        person = UserAccount(
            id=f"p{secrets.token_hex(6)}",
            name=_readable(name),
            hash=self._hashed(name, password) if password is not None else "",
            stamp=secrets.token_hex(8),
            scope=scope,
            collections=tuple(collections),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        with self._people.changing() as people:
            if _of(people, name):
                raise SettingsError(
                    f"{person.name!r} is here already",
                    "choose another name, or `morgue people password NAME`",
                )
            people[person.id] = person
        return person

    def remove(self, name: str) -> UserAccount:
        """Let somebody in no more, and end their sessions. Raises SettingsError."""
        with self._people.changing() as people:
            person = _known(people, name)
            del people[person.id]
        return person

    def change_password(self, name: str, password: str) -> UserAccount:
        """Give somebody another password, and end their sessions. Raises SettingsError."""
        hashed = self._hashed(name, password)
        with self._people.changing() as people:
            person = replace(_known(people, name), hash=hashed, stamp=secrets.token_hex(8))
            people[person.id] = person
        return person

    def all(self) -> tuple[UserAccount, ...]:
        """Return everybody, in the order they came."""
        return tuple(self._people.all().values())

    def named(self, name: str) -> KeyHolder | None:
        """Return whom a proxy names; None where they are not among the people."""
        person = _of(self._people.all(), name)
        return _holder(person, session=False) if person else None

    def has_password(self, name: str) -> bool:
        """Tell whether somebody has a password here."""
        person = _of(self._people.all(), name)
        return bool(person and person.hash)

    # Sessions

    def sign_in(self, name: str, password: str, address: str = "") -> str | None:
        """Return the token of a new session; None where the name or the password is wrong.

        Which of them is not told, by the time that it takes neither. Raises TooManyTries.
        """
        folded = _folded(name)
        self._tries.begin(folded, address)
        person = _of(self._people.all(), name)
        if not self._right(person, password) or person is None:
            logger.warning("a try to sign in failed, from %s", address)
            return None
        self._tries.succeeded(folded, address)
        return self._begun(person)

    def sign_in_proven(self, proven: ProvenPerson) -> str:
        """Return the token of a new session for whom a provider names. Raises SignInFailed.

        Whom an admin added without a password is theirs who first comes by that name, and sees
        what the admin gave; everybody else is here for their groups, as long as these let them.
        """
        with self._people.changing() as people:
            person = _proven(people, proven)
            if person is not None:
                people[person.id] = person
            elif gone := _by_subject(people, proven.subject):
                del people[gone.id]
        if person is None:
            raise SignInFailed(*_UNKNOWN)
        return self._begun(person)

    def _begun(self, person: UserAccount) -> str:
        token, now = secrets.token_urlsafe(32), self._now()
        session = _Session(
            id=_hash(token), person=person.id, stamp=person.stamp, began=now, seen=now
        )
        with self._sessions.changing() as sessions:
            for old in [one.id for one in sessions.values() if self._whose(one) is None]:
                del sessions[old]
            sessions[session.id] = session
        return token

    def reader(self, token: str) -> KeyHolder | None:
        """Return whose session a token opens; None where it opens none, or none any more."""
        session = self._sessions.all().get(_hash(token))
        person = self._whose(session) if session else None
        if session is None or person is None:
            return None
        if self._now() - session.seen > self.limits.idle / _TOUCHED:
            self._touch(session)
        return _holder(person, session=True)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._sessions.changing() as sessions:
            sessions.pop(_hash(token), None)

    def _whose(self, session: _Session) -> UserAccount | None:
        """Return whose session it is, None where it is over."""
        now, person = self._now(), self._people.all().get(session.person)
        over = now - session.seen > self.limits.idle or now - session.began > self.limits.longest
        return None if over or person is None or person.stamp != session.stamp else person

    def _touch(self, session: _Session) -> None:
        try:
            with self._sessions.changing() as sessions:
                if session.id in sessions:
                    sessions[session.id] = replace(session, seen=self._now())
        except SettingsError as error:
            # Who is signed in may go on; they will have to sign in the sooner.
            logger.warning("a session's use could not be written down: %s", error)

    # Passwords

    def _hashed(self, name: str, password: str) -> str:
        """Return a password's hash. Raises SettingsError for one that is easily guessed."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise SettingsError(
                f"a password has at least {SHORTEST} characters, at most {LONGEST:,}",
                "a few words that have nothing to do with each other are a good one",
            )
        if _folded(password) in {_folded(name), _folded(name) * 2} or len(set(password)) < 5:
            raise SettingsError("that password is easily guessed", "choose another one")
        with _AT_ONCE:
            return self._hasher.hash(_typed(password))

    def _right(self, person: UserAccount | None, password: str) -> bool:
        """Tell whether it is the person's password; it takes as long where there is no person."""
        nobodys = self._nobodys
        has_one = person is not None and person.hash and len(password) <= LONGEST
        held = person.hash if person and has_one else nobodys
        try:
            with _AT_ONCE:
                self._hasher.verify(held, _typed(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
        return held is not nobodys

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))


def _holder(person: UserAccount, *, session: bool) -> KeyHolder:
    return KeyHolder(
        name=person.name,
        key_id=person.id,
        by="session" if session else "proxy",
        scope=person.scope,
        collections=person.collections,
    )


def _proven(people: Mapping[str, UserAccount], proven: ProvenPerson) -> UserAccount | None:
    """Return the account of whom a provider names, None for nobody. Raises SignInFailed."""
    person = _by_subject(people, proven.subject)
    if person is None and (named := _of(people, proven.name)) is not None:
        # A name may be chosen there: it opens no account that is somebody's already.
        if named.hash or named.subject:
            raise SignInFailed(*_TAKEN)
        return replace(named, subject=proven.subject)
    if person is not None and not person.grouped:
        return person
    if proven.scope is None:
        return None
    known = person or UserAccount(
        id=f"p{secrets.token_hex(6)}",
        name=_readable(proven.name),
        stamp=secrets.token_hex(8),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        subject=proven.subject,
        grouped=True,
    )
    return replace(known, scope=proven.scope, collections=proven.collections)


def _by_subject(people: Mapping[str, UserAccount], subject: str) -> UserAccount | None:
    return next((one for one in people.values() if one.subject == subject), None)


def _of(people: Mapping[str, UserAccount], name: str) -> UserAccount | None:
    folded = _folded(name)
    return next((one for one in people.values() if _folded(one.name) == folded), None)


def _known(people: Mapping[str, UserAccount], name: str) -> UserAccount:
    person = _of(people, name)
    if person is None:
        raise SettingsError(f"nobody is called {name!r}", "`morgue people list` shows who is")
    return person


def _readable(name: str) -> str:
    """Return a name as it is kept. Raises SettingsError where it is none."""
    kept = " ".join(_composed(name).split())
    if not kept or not kept.isprintable() or len(kept) > _NAME_LONGEST:
        raise SettingsError(
            f"a name is one line of at most {_NAME_LONGEST} characters", "such as `anna.kovac`"
        )
    return kept


def _folded(name: str) -> str:
    """Return what of a name counts: neither case nor how its letters are composed."""
    return " ".join(_composed(name).casefold().split())


def _composed(text: str) -> str:
    """Return a text as one keyboard and the next type it alike."""
    return unicodedata.normalize("NFKC", text)


def _typed(password: str) -> bytes:
    return _composed(password).encode("utf-8", "surrogatepass")


def _hash(token: str) -> str:
    """Hash a session's token: 256 random bits need no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
