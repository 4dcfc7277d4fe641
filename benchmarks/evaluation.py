"""Every data set beside the repository, by `morgue eval`: `python -m benchmarks.evaluation`.

Claims by the checker's word signals, beside word overlap with a threshold from the same training
sets; the figures of those sets themselves are the cross-validated ones of the weights' file.
Questions over archives searched by words alone, and realtimeqa by meaning too where the weights
of e5-small are (`morgue models pull e5-small`): by words, by meaning, and fused. `--json DIR` and
`--html DIR` keep a document and a page of each set. `--set NAME` measures only that one. A run that
is interrupted goes on where it was.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import newsroom
from benchmarks.checker import floor_threshold, labels, overlap
from benchmarks.fitting import area, balanced
from benchmarks.labelled import SHARED, TRAINING, labelled
from ingest.archive import Archive
from ingest.embed import embedders
from ingest.errors import SettingsError
from ingest.settings import IngestSettings

CLAIMS = ("qags", "xsumfaith", "wice", "attributionbench", "faithbench")
QUESTIONS = ("realtimeqa", "rgb", "mtrag", "multihop")
FOUND = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")
_WEIGHTS = Path(__file__).resolve().parents[1] / "assistant" / "check" / "checker.json"
_EMBEDDER = "onnx:e5-small"
_ASKED = ("recall@1", "recall@10", "mrr", "answer_contains", "answer_cited", "answered",
          "abstention_precision", "abstention_recall", "abstention_f1")  # fmt: skip


def measure(
    name: str, kept: argparse.Namespace, *more: str, embedder: str = "none"
) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant", "eval", "--set", name, "--data",
               str(newsroom.DATA), "--json", *more]  # fmt: skip
    label = "-".join([name, *(word.strip("-") for word in more if word.startswith("--"))])
    if kept.html:
        kept.html.mkdir(parents=True, exist_ok=True)
        command += ["--html", str(kept.html / f"{label}.html")]
    environment = {**os.environ, "MORGUE_EMBEDDER": embedder, "MORGUE_MODEL": "none"}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, text=True, check=True)
    if kept.json:
        kept.json.mkdir(parents=True, exist_ok=True)
        (kept.json / f"{label}.json").write_text(done.stdout, encoding="utf-8")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def cell(document: dict[str, Any], metric: str) -> str:
    one = document["metrics"].get(metric, {"value": None})
    if one["value"] is None:
        return "-"
    reach = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:.3f}{reach}"


def claims(name: str, given: argparse.Namespace, floor: float) -> str:
    """Return the line of a set of labelled claims."""
    found = measure(name, given)
    words = np.array([overlap(row) for row in labelled(name)])
    y = labels(labelled(name))
    figures = [cell(found, "support_bacc"), cell(found, "support_auc")]
    if name in TRAINING:
        weights = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["models"]["words"]
        held_out = weights["cross_validated"][name]
        figures = [f"{held_out[one]:.3f}, cross-validated" for one in ("balanced_accuracy", "auc")]
    cells = [name, str(len(y)), f"{y.mean():.0%}", *figures, f"{balanced(words, y, floor):.3f}",
             f"{area(words, y):.3f}"]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def questions(name: str, given: argparse.Namespace, *more: str) -> str:
    """Return the line of a set of questions."""
    found = measure(name, given, *more)
    told = ", ".join(f"{one} {cell(found, one)}" for one in _ASKED if cell(found, one) != "-")
    return f"\n{' '.join([name, *more])}, {len(found['rows'])} questions: {told}"


def rankings(given: argparse.Namespace) -> str:
    """Return the table of realtimeqa's articles found by words, by meaning, and fused."""
    try:
        embedders.load(IngestSettings(embedder=_EMBEDDER))
    except SettingsError:
        return "\nby meaning: not measured, the weights of e5-small are not here"
    with newsroom.archive("all", "leads", Archive) as shelf:
        folder = str(shelf.folder)
    found = measure("realtimeqa", given, "--archive", folder, embedder=_EMBEDDER)
    lines = [f"\n| realtimeqa | {' | '.join(FOUND)} |", "|---|" + "---|" * len(FOUND)]
    for label, suffix in (("words", ":words"), ("meaning of leads", ":meaning"), ("fused", "")):
        lines.append(f"| {label} | {' | '.join(cell(found, one + suffix) for one in FOUND)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="named", choices=[*CLAIMS, *QUESTIONS])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--html", type=Path)
    given = parser.parse_args()
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    wanted = {given.named} if given.named else {*CLAIMS, *QUESTIONS}
    floor = floor_threshold(SHARED)
    print("| claims | of | supported | balanced accuracy | AUC | word overlap | AUC |")
    print("|---|---:|---:|---|---|---:|---:|", flush=True)
    for name in (name for name in CLAIMS if name in wanted):
        print(claims(name, given, floor), flush=True)
    for name in (name for name in QUESTIONS if name in wanted):
        for more in ((), ("--without-gold",)) if name == "realtimeqa" else ((),):
            print(questions(name, given, *more), flush=True)
    if "realtimeqa" in wanted:
        print(rankings(given), flush=True)


if __name__ == "__main__":
    main()
