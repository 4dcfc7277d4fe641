"""Readers in a process of their own: what hangs or dies takes only its file with it."""

import json
import os
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.errors import ReadError
from ingest.files.limits import Bounds
from ingest.files.read import read
from tests.ingest.archive.processes import alive, comes_true

EXTENSION = {
    "fragile.py": """
import os, time
from ingest.article import RawArticle

class Fragile:
    name = "fragile"
    def sniff(self, head, file):
        return 1.0 if head.startswith(b"fragile") else 0.0
    def read(self, given):
        words = given.stream.read().decode().split()[1:]
        for number, word in enumerate(words):
            if word == "hang":
                while True:
                    pass
            if word == "die":
                os._exit(7)
            if word == "kill":
                os.kill(os.getpid(), 11)
            if word == "raise":
                raise KeyError("gone")
            if word == "eat":
                bytearray(2 << 30)
            text = str(os.getpid()) if word == "who" else word
            text = " ".join(os.environ.values()) if word == "environment" else text
            yield RawArticle(file=given.file, where=f"word {number}", text=text)

reader = Fragile()
""",
    "fragile-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: fragile\nVersion: 1.0\n",
    "fragile-1.0.dist-info/entry_points.txt": "[morgue.readers]\nfragile = fragile:reader\n",
}


@pytest.fixture(autouse=True)
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a tiny package whose reader does whatever its file says."""
    for name, content in EXTENSION.items():
        file = tmp_path / "lib" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))


def seen(*paths: Path, patience: float = 20.0) -> list[str]:
    bounds = Bounds(patience=patience, memory=1 << 30)
    return [
        str(one) if isinstance(one, ReadError) else f"{one.file}: {one.text}"
        for one in read(paths, bounds=bounds, apart=True)
    ]


def folder(tmp_path: Path, **files: str) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name, words in files.items():
        (made / name).write_text(f"fragile {words}")
    return made


def test_what_is_read_apart_is_what_is_read_here(tmp_path: Path) -> None:
    made = tmp_path / "in"
    made.mkdir()
    for i in range(150):
        (made / f"{i:03}.txt").write_text(f"Words {i}.")
    (made / "z.gz").write_bytes(b"\x1f\x8bnothing")
    paths = [made, tmp_path / "absent", tmp_path / "in" / "000.txt"]
    here, apart = (list(read(paths, apart=way)) for way in (False, True))
    assert [str(one) for one in here] == [str(one) for one in apart]
    assert len([one for one in here if not isinstance(one, ReadError)]) == 151


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("kill", "its reader died: SIGSEGV"),
        ("raise", "the reader 'fragile' failed: KeyError: 'gone'"),
        ("eat", "the reader 'fragile' failed: MemoryError: "),
    ],
)
def test_a_reader_that_dies_takes_only_its_file_with_it(
    word: str, why: str, tmp_path: Path
) -> None:
    made = folder(tmp_path, a="one", b=word, c="two three")
    assert seen(made) == ["a: one", f"b: {why}", "c: two", "c: three"]


def test_a_reader_that_hangs_is_ended_and_the_rest_is_read(tmp_path: Path) -> None:
    made = folder(tmp_path, a="one", b="hang", c="two")
    assert seen(made, patience=1.0) == [
        "a: one",
        "b: its reader gave no sign of life for 1 s, and was ended",
        "c: two",
    ]


def test_of_an_archive_only_the_file_that_was_being_read_is_lost(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for name, words in {"a": "one", "b": "die", "c": "two"}.items():
            archive.writestr(name, f"fragile {words}")
    assert seen(tmp_path / "d.zip") == [
        "d.zip!a: one",
        "d.zip!b: its reader died: exit status 7",
        "d.zip!c: two",
    ]


def test_the_death_of_a_second_process_takes_only_the_file_that_it_read(tmp_path: Path) -> None:
    words = {f"{i:02}": "who" for i in range(44)} | {"35": "die", "37": "kill"}
    found = [one.split(": ", 1) for one in seen(folder(tmp_path, **words))]
    told = {name: said for name, said in found if not said.isdigit()}
    assert told == {"35": "its reader died: exit status 7", "37": "its reader died: SIGSEGV"}
    who = {name: pid for name, pid in found if pid.isdigit()}
    assert list(who) == sorted({*words} - {*told})
    assert (who["33"] != who["32"]) == (os.cpu_count() != 1)


def test_a_reader_that_raises_is_told_where_it_is_read_here_too(tmp_path: Path) -> None:
    made = folder(tmp_path, a="raise", b="two")
    found = [str(one) if isinstance(one, ReadError) else one.text for one in read([made])]
    assert found == ["a: the reader 'fragile' failed: KeyError: 'gone'", "two"]


def test_the_process_ends_with_the_one_who_asked(tmp_path: Path) -> None:
    made = folder(tmp_path, a="one", b="hang")
    program = (
        "import os, sys; from pathlib import Path; from ingest.files.read import read\n"
        f"found = read([Path({str(made)!r})], apart=True); next(found)\n"
        "import multiprocessing.connection, gc\n"
        "from ingest.files import subprocess_reader as apart\n"
        "(one,) = [o for o in gc.get_objects() if isinstance(o, apart._Process)]\n"
        "print(one._process.pid, flush=True); os._exit(0)"
    )
    lib = str(tmp_path / "lib")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {lib!r})\n{program}"],
        capture_output=True, text=True, check=True, timeout=20,
    )  # fmt: skip
    process = Path("/proc") / done.stdout.strip()
    until = time.monotonic() + 10
    while process.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not process.exists()


def children(pid: int) -> dict[int, str]:
    """Return the processes that another has started, and their command lines."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(file.read_text().rpartition(")")[2].split()[1]) == pid:
                found[int(file.parent.name)] = (file.parent / "cmdline").read_text()
    return found


def test_what_reads_and_what_cleans_end_when_the_ingest_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant", "ingest", "--no-embed", "--archive"]
    with subprocess.Popen([*command, str(tmp_path / "a"), "-"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        text = "The mill of Odderby shuts. " * 40
        rows = (json.dumps({"text": f"{text} Number {i}."}) + "\n" for i in range(600))
        process.stdin.write("".join(rows).encode())
        process.stdin.flush()  # and it waits for more
        cleans, reads = "multiprocessing.spawn", "ingest.files.reader_worker"
        assert comes_true(lambda: cleans in "".join(children(process.pid).values()))
        started = children(process.pid)
        process.kill()
        assert any(reads in line for line in started.values())
        assert comes_true(lambda: not any(map(alive, started)))


def test_who_reads_what_may_be_hostile_is_told_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "MY_TOKEN", "DB_PASSWORD", "MORGUE_SMTP_URL", "secret_sauce"):
        monkeypatch.setenv(name, "hunter2x")
    monkeypatch.setenv("HTTPS_PROXY", "http://desk:hunter2x@127.0.0.1:9")
    monkeypatch.setenv("TESSDATA", "/usr/share/tessdata")
    (told,) = seen(folder(tmp_path, a="environment"))
    assert "hunter2x" not in told
    assert "/usr/share/tessdata" in told


def test_standard_input_is_read_apart(tmp_path: Path) -> None:
    program = "from ingest.files.read import read; print([a.text for a in read(['-'], apart=True)])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="Plain words.", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "['Plain words.']"
