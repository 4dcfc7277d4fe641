"""What one answer costs in calls, beside an earlier state: `python -m benchmarks.calls`.

Counts, over the sample archive, how often a written answer with five bad sentences, a question of
two parts, one of what somebody said and a search read statements, judge claims, open files and
stem texts; then the CPU seconds of `ask` and of `ingest`, as ratios. `--before COMMIT` names the
state that stands beside (by default the one before the house was put into rooms), laid out by
`git worktree` in a folder that goes away; each state is measured in processes of its own, in turns.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import calls_probe, newsroom

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "178e99b"
"""The last commit before the move to rooms."""

_ARTICLES = newsroom.DATA / "realtimeqa" / "articles.jsonl.gz"

Measured = dict[str, Any]


@contextmanager
def laid_out(commit: str) -> Iterator[Path]:
    """Lay a commit out in a folder for as long as it is needed."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            _declare(tree)
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def _declare(tree: Path) -> None:
    """Write beside a state what its plug-ins are: those that are installed are of another."""
    project = tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["project"]
    folder = tree / f"{project['name']}-0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Name: {project['name']}\nVersion: 0\n")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in points.items())
        for group, points in project["entry-points"].items()
    )
    (folder / "entry_points.txt").write_text("".join(groups))


def measured(tree: Path) -> Measured:
    """Return what the probe tells of a state of the house, in a process of its own."""
    told = subprocess.run(
        [sys.executable, calls_probe.__file__, str(_ARTICLES)],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: Measured = json.loads(told.stdout.splitlines()[-1])
    return found


def best(rounds: list[Measured], what: str) -> float:
    """Return the least seconds of some rounds: what others do on the machine only adds."""
    return float(min(one["seconds"][what] for one in rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--before", default=BEFORE, help="the commit that stands beside")
    parser.add_argument("--rounds", type=int, default=2, help="how often each state is measured")
    given = parser.parse_args()
    with laid_out(given.before) as tree:
        then, now = [], []
        for _ in range(given.rounds):
            then.append(measured(tree))
            now.append(measured(ROOT))
    print(f"{'then':>8}{'now':>8}   ({given.before} and the working tree)")
    for work, counts in now[0]["counts"].items():
        print(work)
        for what, count in counts.items():
            print(f"{then[0]['counts'][work][what]:>8,}{count:>8,}   {what}")
    for what in ("ask", "ingest"):
        before, after = best(then, what), best(now, what)
        print(f"{what}: {after / before:.2f} times the CPU seconds ({before:.2f} > {after:.2f})")


if __name__ == "__main__":
    main()
