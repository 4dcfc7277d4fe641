"""The log of changes, kept as long as who follows it may need it, and not much longer.

In a file of SQLite's one folder's indexes follow, and what they have passed goes. In PostgreSQL
those of many hosts do: each notes how far it has come whenever it follows, and whoever writes, a
worker too, drops what all of them have passed. A host that was not heard of for a week, or is too
far behind, is not waited for: its indexes are built anew when it comes back, and it is told.

The last thousand changes stay in either, for the labels that processes keep in memory: nobody
waits for those, which are read anew where the log does not reach back to them.
"""

import hashlib
import logging
import socket
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.archive.catalogue import Catalogue, What
from ingest.archive.record import moment

logger = logging.getLogger("morgue.archive")

_FOLLOWER = "follower "
_HEARD_OF = timedelta(days=7)
_FEW, _SHARE = 1_000, 0.1
"""Articles that are read again one by one at most, and the share of a large archive."""

WAITED_FOR = 100_000
"""Changes that a host may be behind before the log is not kept for it any more."""


def place_of(folder: Path) -> str:
    """Return what stands for a folder of a host, in as many letters as a queue's name may have."""
    host, whole = socket.gethostname(), str(folder.absolute())
    return f"{host[:24]} {hashlib.sha256(f'{host} {whole}'.encode()).hexdigest()[:8]}"


def followed(catalogue: Catalogue, folder: Path, reached: Sequence[int]) -> None:
    """Note how far each index of a folder has come, and drop what nobody needs any more.

    One that must be built anew, which has come to 0, needs nothing of the log.
    """
    if not catalogue.database.apart:
        kept = catalogue.change - catalogue.database.kept_changes
        if min(*reached, kept) > catalogue.log_from:
            with catalogue.transaction():
                catalogue.forget_changes(min(reached))
        return
    farthest_back = min(filter(None, reached), default=catalogue.change)
    key, now = _FOLLOWER + place_of(folder), datetime.now(UTC)
    known, _, heard = (catalogue.meta(key) or "").partition(" ")
    if known != str(farthest_back) or now - datetime.fromisoformat(heard) > _HEARD_OF / 7:
        with catalogue.transaction():
            catalogue.set_meta(key, f"{farthest_back} {moment(now)}")
            catalogue.forget_changes(_passed_by_all(catalogue, now))


def trim(catalogue: Catalogue) -> None:
    """Drop what every host has passed; for who writes and follows nothing."""
    with catalogue.transaction():
        catalogue.forget_changes(_passed_by_all(catalogue, datetime.now(UTC)))


def _passed_by_all(catalogue: Catalogue, now: datetime) -> int:
    """Return the change that every host has reached that is waited for; forget the others."""
    ask, change = catalogue.connection.execute, catalogue.change
    passed = change
    known = ask("SELECT key, value FROM meta WHERE key LIKE 'follower %'").fetchall()
    for key, value in known:
        at, _, heard = str(value).partition(" ")
        if now - datetime.fromisoformat(heard) > _HEARD_OF:
            ask("DELETE FROM meta WHERE key = ?", (key,))
        elif int(at) >= change - WAITED_FOR:
            passed = min(passed, int(at))
    return passed


def hosts_behind(catalogue: Catalogue) -> list[str]:
    """Name the hosts that have not come to where the log begins, whose indexes are built anew."""
    known = catalogue.connection.execute(
        "SELECT key, value FROM meta WHERE key LIKE 'follower %' ORDER BY key"
    ).fetchall()
    behind = (
        str(key).removeprefix(_FOLLOWER).rpartition(" ")[0]
        for key, value in known
        if int(str(value).partition(" ")[0]) < catalogue.log_from
    )
    return list(dict.fromkeys(behind))


def articles_changed(catalogue: Catalogue, since: int, what: Sequence[What]) -> list[int] | None:
    """Return the articles of which something changed after a change, in the order of their numbers.

    None where the log does not reach back to it, or so many did that all may as well be read.
    """
    if since < catalogue.log_from:
        return None
    found = sorted({a for _, a in catalogue.changed(since, what)})
    return found if len(found) <= max(_FEW, _SHARE * catalogue.last_number) else None


def of_the_archive(table: str, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a table without what it says of hosts: they do not move with it."""
    for row in rows:
        if table != "meta" or not str(row[0]).startswith(_FOLLOWER):
            yield row


def tell_if_left_behind(catalogue: Catalogue, what: str, reached: int) -> None:
    """Say that an index is built anew because the log does not reach back to where it stands."""
    if 0 < reached < catalogue.log_from:
        logger.warning(
            "%s of this folder came to change %d, and the log begins after %d: it is built anew",
            what, reached, catalogue.log_from,
        )  # fmt: skip
