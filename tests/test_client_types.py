"""What a client's type checker says: the documented programs pass, a wrong setting does not.

It runs as a client runs it: strictly, without pydantic's plug-in or this project's own settings.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WRONG = """
from assistant.settings import Settings
from ingest.settings import IngestSettings

Settings(mode="quotes", sentences=3)
IngestSettings(embedder="none")
Settings(moed="quotes")  # wrong
Settings(mode="quote")  # wrong
IngestSettings(embeder="none")  # wrong
"""


def program(page: Path) -> str:
    """Return the Python of a page as one program: its blocks build on each other."""
    text = page.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return what mypy complains about, by the stem of each file."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "mypy.ini").write_text("[mypy]\nstrict = true\nfollow_imports = silent\n")
    programs = {page.stem.lower(): found for page in PAGES if (found := program(page))}
    for name, text in {**programs, "wrong": WRONG}.items():
        (folder / f"{name}_program.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--no-error-summary",
         "--cache-dir", str(ROOT / ".mypy_cache" / "clients"), *sorted(folder.glob("*.py"))],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    complaints: dict[str, list[str]] = {name: [] for name in [*programs, "wrong"]}
    for line in done.stdout.splitlines():
        complaints[line.partition("_program.py")[0]].append(line)
    return complaints


def test_the_documented_programs_type_check(checked: dict[str, list[str]]) -> None:
    assert len(checked) > 3
    assert {name: said for name, said in checked.items() if said and name != "wrong"} == {}


def test_a_wrong_setting_is_found_by_a_type_checker(checked: dict[str, list[str]]) -> None:
    errors = [line for line in checked["wrong"] if ": error: " in line]
    at = [int(line.split(":")[1]) for line in errors]
    assert at == [n for n, line in enumerate(WRONG.splitlines(), 1) if "# wrong" in line]
