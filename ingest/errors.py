"""Everything that can go wrong, as words.

MorgueError (message, hint)
  SettingsError    a setting, plug-in name or key is missing or wrong
  QueryError       a query cannot be read: where in it, why
  ReadError        a record cannot be read: which file, where in it, why
    LeftOut          what a file holds that is no article: no failure, but said
    StretchDamaged   a stretch of a file cannot be unpacked; what follows it can be read
  ArchiveError
    ArchiveMissing     there is no archive at that place
    ArchiveBusy        another process is writing
    ArchiveDamaged     a store does not hold what it must
    EmbedderMismatch   the archive's vectors were made by another embedder
  ServiceError
    ServiceBusy        try again later
    ServiceDown        no answer
    ServiceRefused     the service said no
"""

from collections.abc import Mapping
from typing import Self


class MorgueError(Exception):
    """What happened, to what (`message`), and what to do next (`hint`).

    `detail` is for whoever runs it alone, at a terminal and in the log, and never goes over a
    network: the address or the folder of a store, and what its engine said.
    """

    detail: str | None = None

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def whole(self) -> str:
        """What happened, with its detail."""
        return f"{self.message}: {self.detail}" if self.detail else self.message

    def detailed(self, detail: str) -> Self:
        """Return it with a detail."""
        self.detail = detail
        return self


class SettingsError(MorgueError):
    """A setting, plug-in name or key is missing or wrong."""


class QueryError(MorgueError):
    """A query cannot be read; `at` is the character where it goes wrong, from 0."""

    def __init__(self, message: str, hint: str | None = None, at: int = 0) -> None:
        super().__init__(message, hint)
        self.at = at


class ReadError(MorgueError):
    """A record cannot be read. `file` and `where` say which, `message` says why."""

    def __init__(self, file: str, where: str, why: str, hint: str | None = None) -> None:
        super().__init__(why, hint)
        self.file = file
        self.where = where

    def __reduce__(self) -> tuple[type, tuple[str, str, str, str | None]]:
        # An error that a process of its own met must come back whole.
        return type(self), (self.file, self.where, self.message, self.hint)

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.message}"


class LeftOut(ReadError):
    """What a file holds that is no article, by its kind: passed over on purpose, and counted."""

    def __init__(self, file: str, counts: Mapping[str, int]) -> None:
        kinds = ", ".join(f"{count} ({kind})" for kind, count in sorted(counts.items()))
        super().__init__(file, "", f"left out, being no article: {kinds}")
        self.counts = dict(counts)

    def __reduce__(self) -> tuple[type, tuple[str, dict[str, int]]]:  # type: ignore[override]
        return type(self), (self.file, self.counts)


class StretchDamaged(ReadError):
    """A stretch of a file cannot be unpacked; its stream goes on with what follows."""


class ArchiveError(MorgueError):
    """The archive as a whole cannot do what was asked."""


class ArchiveMissing(ArchiveError):
    """There is no archive at that place."""


class ArchiveBusy(ArchiveError):
    """Another process is writing; `pid` is its process id where that is known."""

    def __init__(self, message: str, hint: str | None = None, pid: int | None = None) -> None:
        super().__init__(message, hint)
        self.pid = pid


class ArchiveDamaged(ArchiveError):
    """A store does not hold what it must."""


class EmbedderMismatch(ArchiveError):
    """The archive's vectors were made by another embedder than the one in use."""


class ServiceError(MorgueError):
    """A service that was asked (a model, an embedder, a package index) did not serve."""


class ServiceBusy(ServiceError):
    """It asks to be left alone for a while; the same call may succeed later."""


class ServiceDown(ServiceError):
    """It does not answer, or not in time."""


class ServiceRefused(ServiceError):
    """It answered, and the answer was no."""
