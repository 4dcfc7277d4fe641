"""A journalist's day: `python -m benchmarks.day [--meaning leads] [--kept DIR]`.

Puts the questions of `shared/data/day` to the archives that they name, by the command line, and
prints good, partly and wrong by type, as the data's own `score.py` grades them, and how many
quotations have a wrong speaker, how many sources are wrongly said to differ. `--kept` keeps the
answers, a file an archive; `--verbose` says of each row why it is not good; `--type` asks those of
a type alone; `--shelves` keeps what was read of the small archives.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import newsroom
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

_DAY = newsroom.DATA / "day"
_ROWS = _DAY / "day.jsonl"
_SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"
_SIGNED, _DIFFERING = "” is signed ", "a false conflict"
"""What `score.py` says of a row with a wrong speaker, or with a conflict where there is none."""

_NAMES = ("sample", "seed", "realtimeqa")


def archive(name: str, folder: Path, meaning: newsroom.Meaning) -> Path:
    """Return the folder of an archive, read where it is not there yet."""
    if name == "realtimeqa":
        with newsroom.archive("all", meaning, Archive) as shelf:
            return shelf.folder
    given = _SAMPLE if name == "sample" else newsroom.DATA / "seed"
    if not (folder / name).exists():
        with Archive.open(folder / name, create=True, settings=IngestSettings()) as shelf:
            ingest([given], shelf, embed=meaning != "none")
    return folder / name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meaning", choices=["none", "leads"], default="none")
    parser.add_argument("--archive", choices=_NAMES)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--shelves", type=Path)
    parser.add_argument("--type", action="append", default=[])
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    if not _ROWS.is_file():
        sys.exit("the evaluation data (../shared/data) is not here")
    environment = {**os.environ, "MORGUE": str(Path(sys.executable).with_name("morgue"))}
    if given.meaning == "none":
        environment["MORGUE_EMBEDDER"] = "none"
    with tempfile.TemporaryDirectory() as temporary:
        kept = given.kept or Path(temporary)
        kept.mkdir(parents=True, exist_ok=True)
        rows = _rows(given.type, Path(temporary))
        for name in [given.archive] if given.archive else _NAMES:
            folder = archive(name, given.shelves or Path(temporary), given.meaning)
            answers = kept / f"{name}.jsonl"
            asking = [sys.executable, str(_DAY / "run.py"), str(rows), name, str(folder)]
            with answers.open("w", encoding="utf-8") as file:
                subprocess.run(asking, stdout=file, env=environment, check=True)
            print(f"\n{name}\n{_graded(rows, [answers], given.verbose, name)}", flush=True)
        if not given.archive:
            files = [kept / f"{name}.jsonl" for name in _NAMES]
            print(f"\nall\n{_graded(rows, files, verbose=False)}")


def _rows(types: list[str], folder: Path) -> Path:
    """Return the file of the rows that are asked: all, or those of some types."""
    if not types:
        return _ROWS
    some = folder / "rows.jsonl"
    with _ROWS.open(encoding="utf-8") as rows, some.open("w", encoding="utf-8") as file:
        file.writelines(row for row in rows if json.loads(row)["type"] in types)
    return some


def _graded(rows: Path, answers: list[Path], verbose: bool, *archive: str) -> str:
    """Return the table of good, partly and wrong, and how often what must never be is."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as together:
        together.writelines(one.read_text(encoding="utf-8") for one in answers)
        together.flush()
        grading = [sys.executable, str(_DAY / "score.py"), str(rows), together.name, "--verbose"]
        for name in archive:
            grading += ["--archive", name]
        graded = subprocess.run(grading, stdout=subprocess.PIPE, text=True, check=True).stdout
    why, _, table = graded.rpartition("\ntype ")
    never = f"wrong speakers {why.count(_SIGNED)}; false conflicts {why.count(_DIFFERING)}"
    return f"{why if verbose else ''}\ntype {table}{never}"


if __name__ == "__main__":
    main()
