"""Fuzz every reader: `python -m benchmarks.fuzz [--seconds 30] [--reader NAME]`; needs atheris.

A reader is given bytes that libFuzzer grows from real and invented samples, guided by which of
the reader's lines they reach. What it may do is yield articles and ReadErrors. Each reader is
fuzzed in a process of its own; anything raised, and 20 seconds without an end, is a fault, and
is printed with the bytes that bring it about. Exits with the number of readers at fault.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks import newsroom
from ingest import plugins
from ingest.errors import ReadError
from ingest.files.read import FileReading, contents, readers_for

_LONGEST = 65_536
_PATIENCE = 20  # seconds
_SAMPLES = Path("ingest/sample/articles")


def samples(name: str) -> Iterator[bytes]:
    """Yield the samples at hand that a reader takes for its own, and a few bytes."""
    yield b"Words."
    readers = readers_for(FileReading())
    for folder in (_SAMPLES, newsroom.DATA / "formats"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.stat().st_size < 10 * _LONGEST:
                with suppress(ReadError, OSError):
                    for shown, stream in contents(path, path.name, FileReading().bounds):
                        if not isinstance(stream, ReadError):
                            head = stream.peek(_LONGEST)[:_LONGEST]
                            best = max(readers, key=lambda one: one.sniff(head, shown))
                            if best.name == name:
                                yield head


def fuzz(name: str, corpus: Path, seconds: int) -> None:
    """Fuzz one reader until the time is up or it is at fault; does not return."""
    import atheris

    with atheris.instrument_imports(include=["ingest"]):
        reader: Any = plugins.load("readers", name)
    from ingest.readers import ReaderInput

    def one(data: bytes) -> None:
        stream = io.BufferedReader(io.BytesIO(data), _LONGEST)
        reader.sniff(data[:_LONGEST], "file")
        with suppress(ReadError):
            for _ in reader.read(ReaderInput(file="file", stream=stream)):
                pass

    options = [f"-max_total_time={seconds}", f"-timeout={_PATIENCE}", f"-max_len={_LONGEST}"]
    options += ["-rss_limit_mb=3000", f"-artifact_prefix={corpus.parent}/fault-"]
    run: Callable[..., None] = atheris.Setup
    run([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def fuzzed(name: str, seconds: int, folder: Path) -> bool:
    """Fuzz a reader in a process of its own; print what came of it, return whether it held."""
    corpus = folder / name / "corpus"
    corpus.mkdir(parents=True)
    for at, sample in enumerate(samples(name)):
        (corpus / f"{at:04}").write_bytes(sample)
    command = [sys.executable, "-m", "benchmarks.fuzz", "--inside", str(corpus)]
    command += ["--reader", name, "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = re.findall(r"^(?:Done |#)(\d+)", done.stderr, re.MULTILINE)
    faults = list(corpus.parent.glob("fault-*"))
    held = done.returncode == 0 and not faults
    print(f"{name}: {runs[-1] if runs else 0} runs, {'no fault' if held else 'FAULT'}", flush=True)
    if not held:
        print("\n".join(done.stderr.splitlines()[-40:]))
        for fault in faults:
            print(f"  {fault.name}: {fault.read_bytes()[:400]!r}")
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="time for each reader")
    parser.add_argument("--reader", choices=plugins.names("readers"))
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        fuzz(given.reader, given.inside, given.seconds)
    names = [given.reader] if given.reader else plugins.names("readers")
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(sum(not fuzzed(name, given.seconds, Path(folder)) for name in names))


if __name__ == "__main__":
    main()
