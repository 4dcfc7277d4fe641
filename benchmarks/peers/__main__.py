"""Peers and Morgue side by side: `python -m benchmarks.peers [--peer NAME ...] [--size N]`.

The sample archive, and where the evaluation data is beside the repository `--size` articles of
realtimeqa. Environments are made under `.demo/peers` from the package index; what is measured
needs no network. docs/peers.md says what is compared.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import newsroom
from benchmarks.peers.material import Material, news, sample
from benchmarks.peers.measures import HEADS
from benchmarks.peers.roster import PEERS, Peer, run


def measure(material: Material, peers: list[Peer]) -> None:
    """Print the table of one set of articles, a row as soon as it is known."""
    known = sum(one.key is not None for one in material.questions)
    print(f"\n{material.name}: {len(material.articles)} articles, {known} questions that they "
          f"answer and {len(material.questions) - known} that they do not\n")  # fmt: skip
    heads = ["", "read s", "CPU s", "peak MB", *(head for head, _ in HEADS)]
    print(f"| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in material.articles))
        for peer in peers:
            print(f"| {' | '.join(run(peer, material, file))} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", nargs="+", help="only the rows whose names begin so")
    parser.add_argument("--set", dest="named", choices=["sample", "realtimeqa"])
    parser.add_argument("--size", type=int, default=120, help="articles of realtimeqa; 0 for none")
    given = parser.parse_args()
    peers = [peer for peer in PEERS if peer.name.startswith(tuple(given.peer or [""]))]
    if not peers:
        sys.exit(f"no peer is called so; known: {', '.join(peer.name for peer in PEERS)}")
    if given.named != "realtimeqa":
        measure(sample(), peers)
    if newsroom.DATA.is_dir() and given.size and given.named != "sample":
        measure(news(given.size), peers)


if __name__ == "__main__":
    main()
