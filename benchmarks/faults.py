"""What faults cost: `python -m benchmarks.faults [--minutes 60]`; a log of it is printed.

An archive is written, served and asked all the while, by processes of their own; each of them is
killed, the disk is filled, bytes are flipped, older files put in the place of newer ones. After
each fault it is held that nothing acknowledged is lost, that no wrong words were shown (all that
was shown stands in what was given, at its place), and that damage is noticed by the doctor and
mended by `morgue rebuild`. It ends with 1 where any of this did not hold.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.fault_kinds import FAULTS, Fault
from benchmarks.fault_ledger import Ledger
from benchmarks.fault_processes import Asker
from benchmarks.fault_run import FaultRun

_FIRST = 8
"""Files that are read before the first fault."""

_HEAD = """\
# Faults

`python -m benchmarks.faults --minutes {minutes:.0f}` wrote this. An archive of invented articles
is written, served and asked all the while, by processes of their own; each of them is killed with
-9, a small disk is filled, 64 bytes are flipped in either index, older files are put in the place
of newer ones. After each fault the whole archive is looked at: every article that was acknowledged
must be there word for word and be found by its own word, `morgue doctor` and `morgue verify` must
find nothing, or notice what was damaged, and `morgue rebuild` must mend it. Whatever anybody was
shown meanwhile is held against what was given: the same words, at the same place.

## Log
"""


def faults(folder: Path, minutes: float, tell: Callable[[str], None], seed: int = 1) -> FaultRun:
    """Put an archive to every fault, in any order, again and again until the time is over."""
    chance = random.Random(seed)
    ledger = Ledger(folder, random.Random(seed + 1))
    run = FaultRun(folder / "archive", ledger, Asker(folder / "archive", ledger), chance, tell)
    run.puts(run.files(_FIRST))
    run.asker.start()
    tell(_HEAD.format(minutes=minutes))
    try:
        while not run.done["rounds"] or time.monotonic() < run.began + 60 * minutes:
            for fault in chance.sample(FAULTS, len(FAULTS)):
                _put_to(run, fault)
            run.done["rounds"] += 1
    finally:
        run.asker.end()
    tell(_summary(run))
    return run


def _put_to(run: FaultRun, fault: Fault) -> None:
    at, wrong = run.at(), len(run.asker.wrong)
    told = fault(run)
    name = fault.__name__.replace("_", " ")
    run.done[name] += 1
    run.tell(f"- {at} **{name}**: {told}")
    for place in dict.fromkeys(run.asker.wrong[wrong:]):
        run.fail(f"wrong words were shown: {place}")


def _summary(run: FaultRun) -> str:
    asker, noticed, harmless = run.asker, run.done["noticed"], run.done["harmless"]
    names = [fault.__name__.replace("_", " ") for fault in FAULTS]
    held = (
        f"{len(run.ledger.kept)} articles are acknowledged at the end, after {run.at()}. "
        f"{asker.outcomes:,} questions were asked meanwhile, and {asker.places:,} places shown: "
        f"{len(asker.wrong)} of them wrong. Who asked died {asker.deaths} times and was started "
        f"again. Of {noticed + harmless} flips the doctor noticed {noticed}; nothing is read of "
        f"what the others hit. **{len(run.broken)} promises were not held.**"
    )
    lines = ["", "## What held", "", "| fault | times |", "|---|---|"]
    lines += [f"| {name} | {run.done[name]} |" for name in names]
    lines += ["", held]
    if asker.errors:
        lines += ["", "What who asked was told instead of an answer:", ""]
        lines += [f"- {error}" for error in sorted(asker.errors)]
    return "\n".join(lines)


def main() -> None:
    """Run, and print the log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = faults(Path(folder), given.minutes, lambda line: print(line, flush=True), given.seed)
    sys.exit(1 if run.broken else 0)


if __name__ == "__main__":
    main()
