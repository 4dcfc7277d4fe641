"""How fast each format is read, beside an older state of the program, in one run.

    git worktree add --detach ../older 178e99b
    python -m benchmarks.readers_speed ../older [--rounds 3] [--formats html jsonl]

Each format's sample (articles of realtimeqa, written in it; saved pages of the extraction set) is
read by both states in processes of their own, in turns; what counts is the processor time of the
reading alone, the least of all rounds. A ratio above 1 is slower than the older state.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from benchmarks import newsroom

_CHILD = """
import importlib, io, sys, time
from pathlib import Path
from ingest.readers import ReaderInput
reader = importlib.import_module(sys.argv[1]).reader
paths = [Path(name) for name in sys.argv[2:]]

def read(path):
    stream = io.BufferedReader(io.BytesIO(path.read_bytes()), 65536)
    return sum(1 for _ in reader.read(ReaderInput(file=path.name, stream=stream)))

read(paths[0])
began, count = time.process_time(), sum(map(read, paths))
print(count, time.process_time() - began)
"""
_XMLNS = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'

Row = dict[str, str]


def main() -> None:
    """Print each format's articles a second, and the ratio of the two states' times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("older", type=Path, help="a checkout of the older state")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--formats", nargs="+", choices=[*_WRITERS, "html"], help="only these")
    parser.add_argument("--data", type=Path, default=newsroom.DATA)
    options = parser.parse_args()
    states = (Path(__file__).resolve().parents[1], options.older.resolve())
    print(f"{'format':10}{'articles':>10}{'a second':>10}{'time, older = 1':>18}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (module, files) in _samples(options.data, Path(folder)).items():
            if options.formats and name not in options.formats:
                continue
            took: dict[Path, list[float]] = {state: [] for state in states}
            count = 0
            for _ in range(options.rounds):
                for state in states:
                    count, seconds = _read(state, module, files)
                    took[state].append(seconds)
            now, then = (min(took[state]) for state in states)
            print(f"{name:10}{count:>10,}{count / now:>10,.0f}{now / then:>18.2f}")


def _read(state: Path, module: str, files: Sequence[Path]) -> tuple[int, float]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, f"ingest.readers.{module}", *map(str, files)],
        env={**os.environ, "PYTHONPATH": str(state)},
        cwd=state,
        capture_output=True,
        text=True,
        check=True,
    )
    count, seconds = done.stdout.split()
    return int(count), float(seconds)


def _samples(data: Path, folder: Path) -> dict[str, tuple[str, list[Path]]]:
    """Write the samples; return of each format its module and its files."""
    with gzip.open(data / "realtimeqa" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [{k: str(v) for k, v in json.loads(line).items()} for line in lines][:1000]
    made: dict[str, tuple[str, list[Path]]] = {}
    for name, (module, write) in _WRITERS.items():
        file = folder / name
        file.write_text(write(rows), encoding="utf-8")
        made[name] = (module, [file])
    pages = sorted((data / "extraction" / "html").glob("*.gz"))[:40]
    made["html"] = ("webpage", [_unpacked(page, folder) for page in pages])
    return made


def _unpacked(page: Path, folder: Path) -> Path:
    made = folder / page.stem
    made.write_bytes(gzip.decompress(page.read_bytes()))
    return made


def _paragraphs(row: Row) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in row["text"].split("\n") if one.strip())


def _csv(rows: Sequence[Row]) -> str:
    cells = (
        ",".join('"' + row[name].replace('"', '""') + '"' for name in ("title", "text"))
        for row in rows
    )
    return "\n".join(["title,text", *cells])


def _rss(rows: Sequence[Row]) -> str:
    items = (
        f"<item><title>{escape(row['title'])}</title><description>{escape(_paragraphs(row))}"
        "</description></item>"
        for row in rows
    )
    return f'<rss version="2.0"><channel><title>A</title>{"".join(items)}</channel></rss>'


def _newsml(rows: Sequence[Row]) -> str:
    items = (
        f'<newsItem guid="urn:{n}" version="1"><itemMeta><itemClass qcode="ninat:text"/></itemMeta>'
        f"<contentMeta><headline>{escape(row['title'])}</headline></contentMeta><contentSet>"
        '<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"{_paragraphs(row)}</body></html></inlineXML></contentSet></newsItem>"
        for n, row in enumerate(rows)
    )
    return f"<newsMessage {_XMLNS}><itemSet>{''.join(items)}</itemSet></newsMessage>"


def _nitf(rows: Sequence[Row]) -> str:
    return "\n".join(
        f"<nitf><body><body.head><hedline><hl1>{escape(row['title'])}</hl1></hedline></body.head>"
        f"<body.content>{_paragraphs(row)}</body.content></body></nitf>"
        for row in rows
    )


def _ninjs(rows: Sequence[Row]) -> str:
    items = (
        {"uri": f"urn:{n}", "headline": row["title"], "body_xhtml": _paragraphs(row)}
        for n, row in enumerate(rows)
    )
    return "\n".join(json.dumps(item) for item in items)


def _mbox(rows: Sequence[Row]) -> str:
    return "\n\n".join(
        "From a@b Mon Jan  1 00:00:00 2024\nFrom: A <a@b.example>\n"
        f"Subject: {' '.join(row['title'].split()).encode('ascii', 'ignore').decode()}\n\n"
        + row["text"].replace("\nFrom ", "\n>From ")
        for row in rows
    )


def _jsonl(rows: Sequence[Row]) -> str:
    return "\n".join(
        json.dumps({"title": row["title"], "text": row["text"], "url": row["url"]}) for row in rows
    )


def _sgml(rows: Sequence[Row]) -> str:
    return "\n".join(
        f"<DOC><DOCNO>{n}</DOCNO><HEADLINE>{escape(row['title'])}</HEADLINE>"
        f"<TEXT>{_paragraphs(row)}</TEXT></DOC>"
        for n, row in enumerate(rows)
    )


_WRITERS: dict[str, tuple[str, Callable[[Sequence[Row]], str]]] = {
    "jsonl": ("jsonlines", _jsonl),
    "csv": ("separated", _csv),
    "feed": ("feed", _rss),
    "newsml": ("newsml", _newsml),
    "nitf": ("nitf", _nitf),
    "ninjs": ("ninjs", _ninjs),
    "mbox": ("mailbox", _mbox),
    "sgml": ("sgml", _sgml),
    "markdown": ("markdown", lambda rows: f"# {rows[0]['title']}\n\n{rows[0]['text'] * 40}"),
    "text": ("text", lambda rows: "\n\n".join(row["text"] for row in rows)),
}


if __name__ == "__main__":
    main()
