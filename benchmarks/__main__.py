"""`make bench`: every figure that docs/figures.md holds, one command after the other."""

import subprocess
import sys

from benchmarks import newsroom

COMMANDS = (
    ("benchmarks.speed",),
    ("benchmarks.queries",),
    ("benchmarks.intake",),
    ("benchmarks.serving",),
    ("benchmarks.splitting",),
    ("benchmarks.embedding",),
    ("benchmarks.retrieval", "--size", "600", "--meaning", "leads"),
    ("benchmarks.retrieval", "--size", "all", "--meaning", "leads"),
    ("benchmarks.answers", "--size", "all", "--meaning", "leads"),
    ("benchmarks.conversations",),
    ("benchmarks.guards",),
    ("benchmarks.speakers", "--set", "dev"),
    ("benchmarks.comments",),
    ("benchmarks.stories",),
    ("benchmarks.recombined",),
    ("benchmarks.extraction",),
)


def main() -> None:
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    for command in COMMANDS:
        print(f"\n$ python -m {' '.join(command)}", flush=True)
        subprocess.run([sys.executable, "-m", *command], check=False)


if __name__ == "__main__":
    main()
