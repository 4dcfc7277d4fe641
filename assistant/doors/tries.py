"""Tries to sign in, counted: who failed often waits before the next, longer each time."""

import time
from collections.abc import Callable
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from ingest.archive.tallies import OwnTallies, Tallied, Tallies, Tally

_FORGOTTEN_AFTER = 3600.0
"""Seconds after the last failure that it counts no more."""


class _Limit(NamedTuple):
    """How many failures cost nothing, and how long one may have to wait at most, in seconds."""

    free: int
    longest: float


# A name alone waits little: somebody else must not be able to keep its owner out.
_BOTH, _ADDRESS, _NAME = _Limit(5, 900), _Limit(30, 300), _Limit(60, 15)


class TooManyTries(Exception):
    """Too many tries failed: the next may be in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many tries failed: the next in {seconds:.0f} seconds")
        self.seconds = seconds


class Tries:
    """Counts the tries of each name from each address, whether or not there is such a name."""

    def __init__(
        self, tallies: Tallies | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._tallies = tallies or OwnTallies()
        self._now = now

    def begin(self, name: str, address: str) -> None:
        """Count a try as failed until it succeeds. Raises TooManyTries where one must wait."""
        counted, now = _counted(name, address), self._now()
        with self._tallies.changing(list(counted)) as held:
            left = max(_left(held, key, limit, now) for key, limit in counted.items())
            if left > 0:
                raise TooManyTries(left)
            for key in counted:
                held[key] = Tally(_failures(held, key, now) + 1, now)

    def succeeded(self, name: str, address: str) -> None:
        """Forget what a name failed from an address: its owner is there."""
        counted, now = _counted(name, address), self._now()
        with self._tallies.changing(list(counted)) as held:
            for key, limit in counted.items():
                failures = 0 if limit is _BOTH else _failures(held, key, now) - 1
                if failures > 0:
                    held[key] = Tally(failures, now)
                else:
                    held.pop(key, None)


def _failures(held: Tallied, key: str, now: float) -> int:
    number, at = held.get(key, (0.0, 0.0))
    return int(number) if now - at < _FORGOTTEN_AFTER else 0


def _left(held: Tallied, key: str, limit: _Limit, now: float) -> float:
    """Return how long one must wait still: twice as long with each failure beyond the free.

    A clock that was set back makes nobody wait longer than the longest.
    """
    beyond = _failures(held, key, now) - limit.free
    if beyond < 0:
        return 0.0
    at = min(held[key].at, now)
    return at + min(limit.longest, 2.0 ** min(beyond, 20)) - now


def _counted(name: str, address: str) -> dict[str, _Limit]:
    """Return what is counted of a try. The name may be anything: only its hash is kept."""
    address = _network(address)
    hashed = sha256(name.encode()).hexdigest()[:32]
    return {
        f"try {hashed} {address}": _BOTH,
        f"try from {address}": _ADDRESS,
        f"try of {hashed}": _NAME,
    }


def _network(address: str) -> str:
    """Return what one client has: an address of IPv4, the first half of one of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
