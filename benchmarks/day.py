"""A journalist's day: `python -m benchmarks.day [--meaning leads] [--kept DIR]`.

Puts the questions of `shared/data/day` to the archives that they name, by the command line, and
prints good, partly and wrong by type, as the data's own `score.py` grades them. `--kept` keeps
the answers, a file an archive.
"""

import argparse
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
_NAMES = ("sample", "seed", "realtimeqa")


def archive(name: str, folder: Path, meaning: newsroom.Meaning) -> Path:
    """Return the folder of an archive, read where it is not there yet."""
    if name == "realtimeqa":
        with newsroom.archive("all", meaning, Archive) as shelf:
            return shelf.folder
    given = _SAMPLE if name == "sample" else newsroom.DATA / "seed"
    with Archive.open(folder / name, create=True, settings=IngestSettings()) as shelf:
        ingest([given], shelf, embed=meaning != "none")
    return folder / name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meaning", choices=["none", "leads"], default="none")
    parser.add_argument("--archive", choices=_NAMES)
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    if not _ROWS.is_file():
        sys.exit("the evaluation data (../shared/data) is not here")
    environment = {**os.environ, "MORGUE": str(Path(sys.executable).with_name("morgue"))}
    if given.meaning == "none":
        environment["MORGUE_EMBEDDER"] = "none"
    with tempfile.TemporaryDirectory() as temporary:
        kept = given.kept or Path(temporary)
        kept.mkdir(parents=True, exist_ok=True)
        for name in [given.archive] if given.archive else _NAMES:
            folder = archive(name, Path(temporary), given.meaning)
            answers = kept / f"{name}.jsonl"
            asking = [sys.executable, str(_DAY / "run.py"), str(_ROWS), name, str(folder)]
            with answers.open("w", encoding="utf-8") as file:
                subprocess.run(asking, stdout=file, env=environment, check=True)
            grading = [sys.executable, str(_DAY / "score.py"), str(_ROWS), str(answers)]
            print(f"\n{name}", flush=True)
            subprocess.run([*grading, "--archive", name], check=True)


if __name__ == "__main__":
    main()
