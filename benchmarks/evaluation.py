"""Every data set beside the repository, by `morgue eval`: `python -m benchmarks.evaluation`.

Claims by the small reader, or by the one that `--reader NAME` names. Questions over archives
searched by words alone, and realtimeqa by meaning too where the weights of e5-small are (`morgue
models pull e5-small`): by words, by meaning, and fused. `--json DIR` and `--html DIR` keep a
document and a page of each set. `--set NAME` measures only that one. A run that is interrupted
goes on where it was. `--keep` writes how far the reader and people agree into the package, where
the reports of `morgue eval` look it up.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import newsroom
from ingest.archive import Archive
from ingest.embed import embedders
from ingest.errors import SettingsError
from ingest.settings import IngestSettings

CLAIMS = ("paraphrase", "paraphrase-langs", "strong", "qags", "xsumfaith", "wice",
          "attributionbench", "faithbench", "conflicts")  # fmt: skip
QUESTIONS = ("realtimeqa", "rgb", "mtrag", "multihop")
FOUND = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")
_EMBEDDER = "onnx:e5-small"
_AGREEMENT = Path(__file__).parents[1] / "assistant" / "evaluate" / "agreement.json"
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


def claims(name: str, given: argparse.Namespace) -> str:
    """Return the line of a set of labelled claims, and its own figures under it."""
    more = ("--reader", given.reader) if given.reader else ()
    found = measure(name, given, *more)
    if given.keep:
        _keep(name, found)
    families = ("paraphrase_", "strong_", "conflict_")
    own = (one for one in found["metrics"] if one.startswith(families))
    told = "".join(f"\n|   {one} | | {cell(found, one)} | |" for one in own)
    figures = [name, str(len(found["rows"])), cell(found, "support_bacc"),
               cell(found, "support_auc")]  # fmt: skip
    return f"| {' | '.join(figures)} |{told}"


def _keep(name: str, found: dict[str, Any]) -> None:
    """Write the agreement of the reader that read; what was measured of it before stays."""
    figures = {one: found["metrics"][one]["value"] for one in ("support_bacc", "support_auc")}
    if None in figures.values():
        return
    kept = json.loads(_AGREEMENT.read_text(encoding="utf-8"))
    rounded = {one: round(value, 3) for one, value in figures.items()}
    kept.setdefault(found["run"]["read_by"], {})[name] = {"of": len(found["rows"]), **rounded}
    _AGREEMENT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


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
    parser.add_argument("--reader", help="who reads the claims; by default the small reader")
    parser.add_argument("--keep", action="store_true", help="write what it is worth")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--html", type=Path)
    given = parser.parse_args()
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    wanted = {given.named} if given.named else {*CLAIMS, *QUESTIONS}
    print("| claims | of | balanced accuracy, or share | AUC |")
    print("|---|---:|---|---|", flush=True)
    for name in (name for name in CLAIMS if name in wanted):
        print(claims(name, given), flush=True)
    for name in (name for name in QUESTIONS if name in wanted):
        for more in ((), ("--without-gold",)) if name == "realtimeqa" else ((),):
            print(questions(name, given, *more), flush=True)
    if "realtimeqa" in wanted:
        print(rankings(given), flush=True)


if __name__ == "__main__":
    main()
