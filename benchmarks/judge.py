"""A judge model against people's labels, on a fixed sample of each set.

    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 python -m benchmarks.judge --model NAME [--claims N]

The sample is the claims whose ids hash lowest, half of them supported, of those whose source has
at most --longest characters: a small model on a CPU reads some 200 a second. `morgue eval --judge`
runs as it does for anybody; checker and judge are measured on the same claims, each at the line
of .5. A run that is interrupted goes on where it was.
"""

import argparse
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

from benchmarks.evaluation import cell
from benchmarks.labelled import SHARED, TRAINING, UNSEEN, Labelled, labelled
from ingest.places import cache_dir


def sample(rows: list[Labelled], claims: int, longest: int) -> list[Labelled]:
    """Return a fixed choice, half supported, half not."""
    short = [row for row in rows if sum(map(len, row.passages)) <= longest]
    ordered = sorted(short, key=lambda row: zlib.crc32(row.id.encode()))
    halves = ([row for row in ordered if row.supported is said] for said in (True, False))
    return [row for half in halves for row in half[: claims // 2]]


def write(rows: list[Labelled], file: Path) -> None:
    with file.open("w", encoding="utf-8") as lines:
        for row in rows:
            kept = {"id": row.id, "claim": row.claim, "passages": list(row.passages),
                    "supported": row.supported}  # fmt: skip
            lines.write(json.dumps(kept) + "\n")


def measure(file: Path, model: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant", "eval", str(file), "--judge", model, "--json"]
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL_TIMEOUT": "300"}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, text=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a judge model.")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--model", required=True)
    parser.add_argument("--claims", type=int, default=20)
    parser.add_argument("--longest", type=int, default=2000)
    parser.add_argument("--set", dest="named", choices=[*TRAINING, *UNSEEN])
    chosen = parser.parse_args()
    print("| sample of | claims | checker | AUC | judge | AUC | agree | s a claim |")
    print("|---|---:|---|---|---|---|---|---:|", flush=True)
    folder = cache_dir() / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    for name in [chosen.named] if chosen.named else [*UNSEEN, *TRAINING]:
        rows = sample(labelled(name, chosen.data), chosen.claims, chosen.longest)
        file = folder / f"judge-{name}-{chosen.claims}.jsonl"
        write(rows, file)
        found = measure(file, chosen.model)
        cells = [cell(found, metric) for metric in ("support_bacc", "support_auc", "judge_bacc",
                                                    "judge_auc", "judge_agreement")]  # fmt: skip
        seconds = f"{found['seconds'] / len(rows):.1f}"
        print(f"| {' | '.join([name, str(len(rows)), *cells, seconds])} |", flush=True)


if __name__ == "__main__":
    main()
