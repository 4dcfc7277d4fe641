"""A run: every row measured once, each kept as soon as it is, so that a run can be resumed."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.evaluate.result import Result, from_json, to_json
from assistant.evaluate.rows import Row
from ingest.errors import ReadError

Measure = Callable[[Row], Result]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured: the results in order, what could not be read, and under which terms."""

    results: tuple[Result, ...]
    malformed: tuple[ReadError, ...]
    terms: Mapping[str, Any]
    seconds: float
    resumed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What was measured so far, a line a row, in a file named for the run's terms.

    It is removed when the run comes to its end; what it does not hold whole is measured again.
    """

    file: Path
    kept: dict[str, Result] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, terms: Mapping[str, Any]) -> "Journal":
        """Open the journal of a run of the same rows under the same terms, or begin one."""
        name = hashlib.sha256(_canonical(terms)).hexdigest()[:24]
        folder.mkdir(parents=True, exist_ok=True)
        journal = cls(file=folder / f"{name}.jsonl")
        if journal.file.exists():
            for line in journal.file.read_bytes().splitlines():
                journal._read(line)
        # A line that was cut in the middle would swallow the next one.
        journal.file.write_bytes(b"".join(_line(one) for one in journal.kept.values()))
        return journal

    def _read(self, line: bytes) -> None:
        try:
            result = from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            return
        self.kept[result.id] = result

    def keep(self, result: Result) -> Result:
        """Keep a result, and return it as it will be read back."""
        line = _line(result)
        with self.file.open("ab") as lines:
            lines.write(line)
        self.kept[result.id] = from_json(json.loads(line))
        return self.kept[result.id]

    def close(self) -> None:
        """Forget it: the run came to its end."""
        self.file.unlink(missing_ok=True)


def _line(result: Result) -> bytes:
    return json.dumps(to_json(result), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def run(
    rows: Sequence[Row | ReadError],
    measure: Measure,
    terms: Mapping[str, Any],
    journal: Journal,
    progress: Progress = lambda *_: None,
) -> Run:
    """Measure rows in order; what the journal holds is not measured again."""
    began = time.monotonic()
    whole = [row for row in rows if not isinstance(row, ReadError)]
    resumed = len(journal.kept)
    results = []
    for done, row in enumerate(whole):
        progress(done, len(whole))
        kept = journal.kept.get(row.id)
        results.append(kept if kept is not None else journal.keep(measure(row)))
    progress(len(whole), len(whole))
    journal.close()
    return Run(
        results=tuple(results),
        malformed=tuple(row for row in rows if isinstance(row, ReadError)),
        terms=terms,
        seconds=round(time.monotonic() - began, 3),
        resumed=resumed,
    )


def digest(rows: Iterable[Row | ReadError]) -> str:
    """Return a hash of what is measured, the same in every process."""
    hashed = hashlib.sha256()
    for row in rows:
        given = str(row) if isinstance(row, ReadError) else [type(row).__name__, asdict(row)]
        hashed.update(_canonical(given))
    return hashed.hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)
