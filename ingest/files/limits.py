"""How far a file is trusted: its size, what it unpacks to, how long it may keep still."""

from dataclasses import dataclass, field

from ingest.errors import ReadError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds of one file. Sizes are bytes, `patience` is seconds without a sign of life.

    `file` is what may be read from a file or from what is packed in it; `held` what is kept
    aside of one that cannot be read from front to end (a zip in a zip, a PDF in a tar);
    `ratio` how often all that is packed in a file may hold the file's own size, which counts
    from `harmless` bytes on; text packs to a twentieth, very like pages to a hundredth.
    `patience` and `memory` hold where files are read in a process of their own.
    """

    file: int = 64 * 1024**3
    held: int = 2 * 1024**3
    ratio: int = 200
    harmless: int = 64 * 1024**2
    depth: int = 5
    members: int = 1_000_000
    patience: float = 120.0
    memory: int = 4 * 1024**3


@dataclass(slots=True, kw_only=True)
class Account:
    """What one file on disk has given, and what was unpacked from it on all its levels.

    `over` says that it holds more than it may, and that nothing more is to be read of it.
    """

    shown: str
    bounds: Bounds
    given: int = 0
    size: int = 0
    unpacked: int = field(default=0, init=False)
    over: bool = field(default=False, init=False)

    def unpack(self, count: int) -> None:
        """Count bytes that came out of a packing; raise ReadError where they are too many."""
        self.unpacked += count
        # A zip is read from its end, so that what was read of it says little of its size.
        packed = max(self.given, self.size)
        if self.unpacked > max(self.bounds.harmless, self.bounds.ratio * packed):
            self._end(f"{self.bounds.ratio} times its size")
        if self.unpacked > self.bounds.file:
            self._end(f"{self.bounds.file:,} bytes")

    def _end(self, bound: str) -> None:
        self.over = True
        raise ReadError(self.shown, "", f"it unpacks to more than {bound}", "unpack it first")
