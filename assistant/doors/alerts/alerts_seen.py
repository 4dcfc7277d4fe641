"""How far a reader has seen what each of their watches told: the mark on the page goes by it.

It stands beside their conversations: an archive may be read only.
"""

import contextlib
import json
import logging
from collections.abc import Iterator

from ingest.archive.papers import SharedDocument

logger = logging.getLogger("morgue.alerts")

_Kept = dict[str, dict[str, int]]


class AlertsSeen:
    """The number of the last alert that was seen of each watch. Safe from several processes.

    Watches are numbered within an archive, so that one is named by both. What cannot be read
    counts as not seen yet: telling twice loses nothing.
    """

    def __init__(self, document: SharedDocument) -> None:
        self._document = document

    def upto(self, archive_id: str) -> dict[int, int]:
        """Return the last alert that was seen of each watch of an archive, by its number."""
        return {int(watch): n for watch, n in self._read().get(archive_id, {}).items()}

    def see(self, archive_id: str, seen: dict[int, int]) -> None:
        """Note what was seen; nothing is ever unseen by it."""
        with self._changing() as kept:
            told = kept.setdefault(archive_id, {})
            for watch, n in seen.items():
                told[str(watch)] = max(n, told.get(str(watch), 0))

    def forget(self, archive_id: str, watch: int) -> None:
        """Forget a watch that was removed."""
        with self._changing() as kept:
            kept.get(archive_id, {}).pop(str(watch), None)

    def _read(self) -> _Kept:
        try:
            return _parsed(self._document.read()) if self._document.stamp() else {}
        except OSError as error:
            logger.warning("what was seen of watches cannot be read: %s", error)
            return {}

    @contextlib.contextmanager
    def _changing(self) -> Iterator[_Kept]:
        """Let one at a time change it; the document is whole at every moment."""
        with self._document.changing() as change:
            kept = _parsed(change.text or "{}")
            yield kept
            change.text = json.dumps(kept)


def _parsed(text: str) -> _Kept:
    try:
        kept = json.loads(text)
        return {str(a): {str(w): int(n) for w, n in seen.items()} for a, seen in kept.items()}
    except (ValueError, AttributeError, TypeError) as error:
        logger.warning("what was seen of watches cannot be read: %s", error)
        return {}
