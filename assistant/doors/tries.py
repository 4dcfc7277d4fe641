"""Tries to sign in, counted: who failed often waits before the next, longer each time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import NamedTuple

_FORGOTTEN_AFTER = 3600.0
"""Seconds after the last failure that it counts no more."""
_MOST = 20_000
"""Names and addresses that are counted at once; the one longest ago is forgotten first."""


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

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failed: OrderedDict[tuple[str, ...], tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> None:
        """Count a try as failed until it succeeds. Raises TooManyTries where one must wait."""
        with self._lock:
            counted = _counted(name, address)
            left = max(self._left(key, limit) for key, limit in counted)
            if left > 0:
                raise TooManyTries(left)
            for key, _ in counted:
                self._failed[key] = (self._failures(key) + 1, self._now())
                self._failed.move_to_end(key)
            while len(self._failed) > _MOST:
                self._failed.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget what a name failed from an address: its owner is there."""
        with self._lock:
            for key, limit in _counted(name, address):
                failures = 0 if limit is _BOTH else self._failures(key) - 1
                if failures > 0:
                    self._failed[key] = (failures, self._now())
                else:
                    self._failed.pop(key, None)

    def _failures(self, key: tuple[str, ...]) -> int:
        failures, at = self._failed.get(key, (0, 0.0))
        return failures if self._now() - at < _FORGOTTEN_AFTER else 0

    def _left(self, key: tuple[str, ...], limit: _Limit) -> float:
        """Return how long one must wait still: twice as long with each failure beyond the free."""
        beyond = self._failures(key) - limit.free
        if beyond < 0:
            return 0.0
        _, at = self._failed[key]
        return at + min(limit.longest, 2.0 ** min(beyond, 20)) - self._now()


def _counted(name: str, address: str) -> tuple[tuple[tuple[str, ...], _Limit], ...]:
    address = _network(address)
    return (
        (("both", name, address), _BOTH),
        (("address", address), _ADDRESS),
        (("name", name), _NAME),
    )


def _network(address: str) -> str:
    """Return what one client has: an address of IPv4, the first half of one of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
