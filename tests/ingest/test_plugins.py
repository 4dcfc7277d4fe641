"""What installed packages offer is found by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest import plugins
from ingest.errors import SettingsError

EXTENSION = {
    "morse.py": "class reader:\n    name = 'morse'\n",
    "morse-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: morse\nVersion: 1.0\n",
    "morse-1.0.dist-info/entry_points.txt": (
        "[morgue.readers]\n"
        "morse = morse:reader\n"
        "flags = morse_flags:reader [flags]\n"
        "smoke = morse:nothing\n"
    ),
}


@pytest.fixture
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a tiny package that offers readers."""
    for name, content in EXTENSION.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_built_in_readers_are_plug_ins_like_any_other() -> None:
    assert set(plugins.names("readers")) >= {"html", "jsonl", "text"}


@pytest.mark.usefixtures("extension")
def test_a_reader_of_another_package_is_found() -> None:
    assert "morse" in plugins.names("readers")
    assert getattr(plugins.load("readers", "morse"), "name", None) == "morse"


@pytest.mark.usefixtures("extension")
def test_a_missing_extra_is_told_with_the_line_that_installs_it() -> None:
    with pytest.raises(SettingsError, match="'flags' cannot be loaded") as caught:
        plugins.load("readers", "flags")
    assert caught.value.hint == "run `pip install 'morse[flags]'`"


@pytest.mark.usefixtures("extension")
def test_a_plug_in_that_points_nowhere_is_told() -> None:
    with pytest.raises(SettingsError, match="points at 'morse:nothing', which is not there"):
        plugins.load("readers", "smoke")


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="no reader is named 'papyrus'") as caught:
        plugins.load("readers", "papyrus")
    assert caught.value.hint == "known: " + ", ".join(plugins.names("readers"))


def test_a_kind_that_nobody_offers_says_what_to_install() -> None:
    program = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(plugins.__file__).parents[1])!r})\n"
        "from ingest import plugins, errors\n"
        "try: plugins.load('readers', 'text')\n"
        "except errors.SettingsError as error: print(error.hint)"
    )
    bare = [sys.executable, "-I", "-S", "-c", program]  # no installed package can be seen
    shown = subprocess.run(bare, capture_output=True, text=True, check=True, cwd="/").stdout
    assert shown == "no package offers any readers; install morgue itself: `pip install -e .`\n"
