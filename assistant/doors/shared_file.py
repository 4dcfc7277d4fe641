"""A file of records that several processes read and change: whole at every moment."""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from ingest.errors import SettingsError


class KeptRecord(Protocol):
    """A dataclass whose values JSON has; it is kept under its id."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str:
        """What it is found by."""


Kept = TypeVar("Kept", bound=KeptRecord)


class SharedFile(Generic[Kept]):
    """Records by their id, for the file's owner alone. What another process changes counts at once.

    In the file they stand under a word of theirs, `keys` or `people`, which messages name too.
    """

    def __init__(self, path: Path, kind: type[Kept], word: str) -> None:
        self.path = path
        self._kind = kind
        self._word = word
        self._seen: tuple[int, int, int] | None = None
        self._records: Mapping[str, Kept] = {}

    def all(self) -> Mapping[str, Kept]:
        """Return the records in the order they were made. Raises SettingsError."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._seen, self._records = None, {}
            return self._records
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            self._records = self._read()
            self._seen = seen
        return self._records

    @contextlib.contextmanager
    def changing(self) -> Iterator[dict[str, Kept]]:
        """Give the records to one who changes them at a time, and keep what they make of them.

        Raises SettingsError where they cannot be kept.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                records = self._read() if self.path.exists() else {}
                yield records
                self._write(records)
        except OSError as error:
            raise SettingsError(
                f"the {self._word} cannot be kept: {error.strerror or error}",
                f"see that {str(self.path)!r} can be written",
            ) from error

    def _read(self) -> dict[str, Kept]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))[self._word]
            records = [self._kind(**{k: _value(v) for k, v in one.items()}) for one in kept]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(
                f"the {self._word} in {self.path.name} cannot be read", "restore it"
            ) from error
        return {record.id: record for record in records}

    def _write(self, records: Mapping[str, Kept]) -> None:
        document = {"schema": 1, self._word: [asdict(one) for one in records.values()]}
        # What mkstemp makes is readable by its owner only.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self._word}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self.path)


def _value(read: object) -> object:
    return tuple(read) if isinstance(read, list) else read
