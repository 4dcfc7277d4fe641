"""A run of faults over one archive: what is held after each of them."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fault_ledger import Ledger
from benchmarks.fault_processes import Asker, FaultDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found of an archive: ailments, how much is lost, and what no word finds."""

    doctor: tuple[str, ...]
    verify: tuple[str, ...]
    kept: int
    lost: int
    unfound: int

    def __str__(self) -> str:
        return f"{self.kept} articles acknowledged, {self.lost} lost"


@dataclass
class FaultRun:
    """An archive that is put to faults, what was acknowledged of it, and what did not hold."""

    archive: Path
    ledger: Ledger
    asker: Asker
    chance: random.Random
    tell: Callable[[str], None]
    broken: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def files(self, count: int) -> list[Path]:
        """Write some files of articles that are not in the archive yet."""
        return [self.ledger.file() for _ in range(count)]

    def put(self, files: Sequence[Path], archive: Path | None = None) -> list[str]:
        """Read files; note what is acknowledged, and return what went wrong."""
        told: list[str] = []
        with FaultDesk("put", archive or self.archive, *files) as writer:
            for said in writer.lines():
                if "kept" in said:
                    self.ledger.acknowledge(said["kept"])
                else:
                    told.append(f"{said['error']}: {said['message']}")
            ended = writer.failure()
        return told + ([ended] if ended else [])

    def puts(self, files: Sequence[Path], archive: Path | None = None) -> None:
        """Read files, which must not fail."""
        for told in self.put(files, archive):
            self.fail(f"files were not read: {told}")

    def look(self, archive: Path | None = None) -> Looked:
        """Look at the whole archive, in a process of its own."""
        doctor, verify, lost, unfound = list[str](), list[str](), 0, 0
        with FaultDesk("look", archive or self.archive, self.ledger.wanted()) as looker:
            for said in looker.lines():
                doctor += said.get("doctor", ())
                verify += said.get("verify", ())
                if "id" in said:
                    number = self.ledger.numbers[said["id"]]
                    lost += not self.ledger.is_kept(number, said["text"])
                    unfound += not said["found"]
                if "error" in said:
                    doctor.append(f"{said['error']}: {said['message']}")
            if ended := looker.failure():
                doctor.append(ended)
        return Looked(
            doctor=tuple(doctor), verify=tuple(verify), kept=len(self.ledger.kept), lost=lost,
            unfound=unfound,
        )  # fmt: skip

    def whole(self, archive: Path | None = None) -> Looked:
        """Look at the archive, which must be whole."""
        looked = self.look(archive)
        for ailment in (*looked.doctor, *looked.verify):
            self.fail(f"it is not whole: {ailment}")
        if looked.lost:
            self.fail(f"{looked.lost} acknowledged articles are lost")
        if looked.unfound:
            self.fail(f"{looked.unfound} acknowledged articles are found by no word")
        return looked

    def rebuilt(self, what: str) -> None:
        """Build an index anew, which must mend it."""
        with FaultDesk("rebuild", self.archive, what) as desk:
            for said in desk.lines():
                for ailment in said.get("doctor", [str(said)]):
                    self.fail(f"rebuilding {what} did not mend it: {ailment}")
            if ended := desk.failure():
                self.fail(f"rebuilding {what} did not mend it: {ended}")

    def holds_places(self, places: Sequence[dict[str, object]]) -> None:
        """Hold what was shown against what was given."""
        for place in places:
            if not self.ledger.is_right(place):
                self.fail(f"wrong words were shown: {place}")

    def fail(self, why: str) -> None:
        """Note a promise that does not hold."""
        self.broken.append(why)
        self.tell(f"  - **not held**: {why}")

    def at(self) -> str:
        """Return how long it has run."""
        minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
        return f"{minutes:02}:{seconds:02}"
