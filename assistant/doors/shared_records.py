"""Records in one document that several processes read and change: whole at every moment."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from ingest.archive.papers import SharedDocument
from ingest.errors import ArchiveError, SettingsError


class KeptRecord(Protocol):
    """A dataclass whose values JSON has; it is kept under its id."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str:
        """What it is found by."""


Kept = TypeVar("Kept", bound=KeptRecord)


class SharedRecords(Generic[Kept]):
    """Records by their id, for the archive's keeper alone. What another changes counts at once.

    In the document they stand under a word of theirs, `keys` or `people`, which messages name too.
    """

    def __init__(self, document: SharedDocument, kind: type[Kept], word: str) -> None:
        self._document = document
        self._kind = kind
        self._word = word
        self._seen: object = None
        self._records: Mapping[str, Kept] = {}

    def all(self) -> Mapping[str, Kept]:
        """Return the records in the order they were made. Raises SettingsError."""
        seen = self._document.stamp()
        if seen is None:
            self._seen, self._records = None, {}
        elif seen != self._seen:
            self._records = self._read(self._text())
            self._seen = seen
        return self._records

    @contextlib.contextmanager
    def changing(self) -> Iterator[dict[str, Kept]]:
        """Give the records to one who changes them at a time, and keep what they make of them.

        Raises SettingsError where they cannot be kept.
        """
        try:
            with self._document.changing() as change:
                records = {} if change.text is None else self._read(change.text)
                yield records
                change.text = self._written(records)
        except (OSError, ArchiveError) as error:
            why = getattr(error, "strerror", None) or error
            raise SettingsError(
                f"the {self._word} cannot be kept: {why}",
                f"see that {self._document.place!r} can be written",
            ) from error

    def _text(self) -> str:
        try:
            return self._document.read()
        except (OSError, UnicodeDecodeError) as error:
            raise self._unreadable() from error

    def _read(self, text: str) -> dict[str, Kept]:
        try:
            kept = json.loads(text)[self._word]
            records = [self._kind(**{k: _value(v) for k, v in one.items()}) for one in kept]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unreadable() from error
        return {record.id: record for record in records}

    def _unreadable(self) -> SettingsError:
        return SettingsError(
            f"the {self._word} in {self._document.name} cannot be read", "restore it"
        )

    def _written(self, records: Mapping[str, Kept]) -> str:
        document = {"schema": 1, self._word: [asdict(one) for one in records.values()]}
        return json.dumps(document, ensure_ascii=False, indent=1)


def _value(read: object) -> object:
    return tuple(read) if isinstance(read, list) else read
