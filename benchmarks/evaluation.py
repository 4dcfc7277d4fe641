"""Every data set beside the repository, by `morgue eval`: `python -m benchmarks.evaluation`.

Claims by the checker's word signals; questions over archives searched by words alone. `--json DIR`
and `--html DIR` keep a document and a page of each set. `--set NAME` measures only that one.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import newsroom

CLAIMS = ("qags", "xsumfaith", "wice", "attributionbench", "faithbench")
QUESTIONS = ("realtimeqa", "rgb", "mtrag", "multihop")
_ASKED = ("recall@1", "recall@10", "mrr", "answer_contains", "answer_cited", "answered",
          "abstention_precision", "abstention_recall", "abstention_f1")  # fmt: skip


def measure(name: str, kept: argparse.Namespace, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant", "eval", "--set", name, "--data",
               str(newsroom.DATA), "--json", *more]  # fmt: skip
    label = "-".join([name, *(word.strip("-") for word in more)])
    if kept.html:
        kept.html.mkdir(parents=True, exist_ok=True)
        command += ["--html", str(kept.html / f"{label}.html")]
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "none"}
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="named", choices=[*CLAIMS, *QUESTIONS])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--html", type=Path)
    given = parser.parse_args()
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    wanted = {given.named} if given.named else {*CLAIMS, *QUESTIONS}
    print("| claims | of | balanced accuracy | AUC | claims a second |", flush=True)
    print("|---|---:|---|---|---:|", flush=True)
    for name in (name for name in CLAIMS if name in wanted):
        found = measure(name, given)
        rows = len(found["rows"])
        cells = [name, str(rows), cell(found, "support_bacc"), cell(found, "support_auc"),
                 f"{rows / found['seconds']:.0f}"]  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)
    for name in (name for name in QUESTIONS if name in wanted):
        for more in ((), ("--without-gold",)) if name == "realtimeqa" else ((),):
            found = measure(name, given, *more)
            told = ", ".join(f"{metric} {cell(found, metric)}" for metric in _ASKED
                             if cell(found, metric) != "-")  # fmt: skip
            label = " ".join([name, *more])
            print(f"\n{label}, {len(found['rows'])} questions: {told}", flush=True)


if __name__ == "__main__":
    main()
