"""Whatever lies in the folder that one works in, no file of it is taken for a module of ours."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ServiceDown
from assistant.models import local
from ingest.archive import Archive
from ingest.settings import IngestSettings
from tests.test_architecture import PRODUCT, name

LIBRARIES = {"assistant", "chromadb", "ingest", "numpy", "pip", "xllamacpp"}
TRAP = "open(__file__.rpartition('/')[0] + '/sprung', 'a').write(__name__ + ' ')"
MORGUE = Path(sys.executable).with_name("morgue")


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder where a file lies for every module that a child of ours could want."""
    folder = tmp_path / "traps"
    folder.mkdir()
    for module in sys.stdlib_module_names | LIBRARIES:
        (folder / f"{module}.py").write_text(TRAP, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def sprung(folder: Path) -> str:
    file = folder / "sprung"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_the_processes_that_read_and_clean_take_no_module_from_there(
    trapped: Path, tmp_path: Path
) -> None:
    rows = [
        {"id": str(n), "title": f"Ferry {n}", "text": f"The ferry number {n} was sold on Monday."}
        for n in range(401)  # more than two batches
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = subprocess.run(
        [MORGUE, "ingest", "--json", "--no-embed", "--archive", str(tmp_path / "news"), str(file)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, sprung(trapped)) == (0, ""), done.stderr
    assert json.loads(done.stdout)["added"] == len(rows)


def test_the_index_by_meaning_takes_no_module_from_there(trapped: Path, tmp_path: Path) -> None:
    settings = IngestSettings(embedder="none")
    with (
        Archive.open(tmp_path / "news", create=True, settings=settings) as archive,
        archive.serving(at_once=True),
    ):
        assert sprung(trapped) == ""


def test_the_local_model_takes_no_module_from_there(trapped: Path, tmp_path: Path) -> None:
    with pytest.raises(ServiceDown):
        local.Child(local.command(tmp_path / "no-weights.gguf", 1))
    assert sprung(trapped) == ""


def test_every_python_that_is_started_is_told_so() -> None:
    """By `-P`, in each command that begins with our own interpreter."""
    told = {
        f"{name(file)}:{node.lineno}": isinstance(second, ast.Constant) and second.value == "-P"
        for file in PRODUCT
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.List) and len(node.elts) > 1
        for first, second in [node.elts[:2]]
        if ast.unparse(first) == "sys.executable"
    }
    assert len(told) >= 4
    assert [place for place, safe in told.items() if not safe] == []
