"""The wheel: built, installed beside nothing of this checkout, it works from any folder.

And it is a good neighbour: a project that has an `assistant` or an `ingest` of its own keeps
them.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def built(kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts' folder of an environment that holds the wheel and its dependencies.

    The dependencies are those of the running environment, reached by path; a path that is
    reached so brings no editable install along.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages / "site-packages")
    (packages / "site-packages" / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def run(scripts: Path, *arguments: str, within: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(scripts / "python"),
        "-c",
        "from assistant.doors.cli.commands import main; main()",
        *arguments,
    ]
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        command, cwd=within, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_the_page_the_prompts_and_the_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "morgue_app/__init__.py",
        "morgue_prompts/write.md",
        "ingest/archive/schema.sql",
        "ingest/sample/articles/articles.jsonl",
        "ingest/py.typed",
        "assistant/py.typed",
        "morgue/__init__.py",
        "morgue/__main__.py",
        "morgue/py.typed",
        "morgue_pytest.py",
    } <= names
    top = {name.split("/")[0] for name in names}
    ours = {"assistant", "ingest", "morgue", "morgue_app", "morgue_prompts", "morgue_pytest.py"}
    assert {name for name in top if not name.endswith(".dist-info")} == ours
    assert not {name for name in names if name.startswith("assistant/doors/package/")}


def test_the_metadata_name_no_host_but_say_who_and_what(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    (name,) = (name for name in packed.namelist() if name.endswith("/METADATA"))
    head = packed.read(name).decode().partition("\n\n")[0]
    assert "\nAuthor: " in head
    assert "\nClassifier: Typing :: Typed" in head
    assert "://" not in head


def test_the_source_archive_holds_what_is_versioned_and_builds_the_wheel(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    if not kept:
        pytest.skip("this is no checkout")
    assert names - {"PKG-INFO", ".gitignore"} <= set(kept)
    assert {name for name in kept if name.startswith(("assistant/", "ingest/", "tests/"))} <= names
    assert {"pyproject.toml", "LICENSE", "README.md", "Makefile", "requirements.lock"} <= names


def test_the_wheel_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    articles = tmp_path / "in.jsonl"
    articles.write_text(
        '{"title": "Kiln closes", "date": "2024-05-02", "outlet": "The Tarn Post", "text":'
        ' "The last brick kiln of Oster Tarn closed on Thursday, its owner Ida Brandt said."}\n'
    )
    archive = str(tmp_path / "archive")
    read = run(installed, "ingest", "--archive", archive, str(articles), within=tmp_path)
    assert (read.returncode, read.stderr) == (0, "")
    asked = run(installed, "ask", "--archive", archive, "When did the kiln close?", within=tmp_path)
    assert "closed on Thursday" in asked.stdout


def test_the_wheel_finds_its_prompts_and_its_page(installed: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.metadata import entry_points\n"
        "from assistant.models import prompts\n"
        "from assistant.doors.serving import page\n"
        "print(prompts.names(), page().__module__)"
    )
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [str(installed / "python"), "-W", "ignore", "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "'write'" in done.stdout
    assert done.stdout.strip().endswith("morgue_app")


def python(
    scripts: Path, *arguments: str, within: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(scripts / "python"), "-W", "ignore", *arguments],
        cwd=within, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_package_offers_its_public_names(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys, morgue\n"
        "assert not {'assistant', 'ingest'} & set(sys.modules)\n"
        "assert dir(morgue) == sorted(morgue.__all__)\n"
        "assert all(getattr(morgue, name) is not None for name in morgue.__all__)\n"
        "print(morgue.__version__)"
    )
    done = python(installed, "-c", code, within=tmp_path)
    assert done.returncode == 0, done.stderr
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert done.stdout.strip() == tomllib.load(file)["project"]["version"]


@pytest.fixture(params=["package", "namespace", "module"])
def neighbour(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the folder of a project whose own modules are named as two of ours."""
    for name in ("assistant", "ingest"):
        if request.param == "module":
            file = tmp_path / f"{name}.py"
        else:
            (tmp_path / name).mkdir()
            file = tmp_path / name / ("__init__.py" if request.param == "package" else "own.py")
        file.write_text(f"from pathlib import Path\nPath({str(tmp_path / 'ran')!r}).touch()\n")
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    return tmp_path


def test_a_project_with_such_names_of_its_own_is_tested_undisturbed(
    installed: Path, neighbour: Path
) -> None:
    done = python(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", within=neighbour)
    assert done.stdout.splitlines()[-1].startswith("1 passed"), done.stdout + done.stderr
    assert not (neighbour / "ran").exists()


def test_the_fixture_says_what_hides_the_package(installed: Path, neighbour: Path) -> None:
    (neighbour / "test_own.py").write_text(
        "def test_own(assert_faithful):\n"
        "    assert_faithful({'response': 'Nine.', 'retrieved_contexts': ['Nine.']})\n"
    )
    done = python(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", within=neighbour)
    hidden = "hides Morgue's own package 'assistant'" in done.stdout
    # Packages without __init__.py give way to those that have one.
    assert hidden or "1 passed" in done.stdout, done.stdout + done.stderr
    assert not (neighbour / "ran").exists()


def test_the_command_runs_in_a_folder_with_such_names(installed: Path, neighbour: Path) -> None:
    done = python(installed, "-m", "morgue", "--help", within=neighbour)
    assert done.stdout.startswith("Usage: "), done.stderr
    assert not (neighbour / "ran").exists()


def closure(names: list[str]) -> set[str]:
    """Return distributions with all that they need, as pip would install them."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    while names:
        name = names.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            needs = distribution(name).requires or ()
        except PackageNotFoundError:
            continue
        found.add(name)
        needed = [Requirement(need) for need in needs]
        names += [
            one.name for one in needed if not one.marker or one.marker.evaluate({"extra": ""})
        ]
    return found


def test_the_ruler_alone_needs_what_its_group_names(installed: Path, tmp_path: Path) -> None:
    """Everything installed beside that group, and what it needs, is hidden from the program."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        group = tomllib.load(file)["dependency-groups"]["ruler"]
    light = closure([name.partition(">")[0] for name in group])
    assert not light & {"gradio", "chromadb", "tantivy", "llama-index-core", "fastapi"}
    hidden = {
        module
        for module, owners in packages_distributions().items()
        if not light & {owner.lower().replace("_", "-") for owner in owners}
    } - {"morgue", "assistant", "ingest"}
    code = (
        "import sys\n"
        f"hidden = {sorted(hidden)!r}\n"
        "sys.modules.update(dict.fromkeys(hidden))\n"
        "import morgue\n"
        "GOOD = 'Nine people were hurt at Skarn.'\n"
        "found = morgue.check({'response': GOOD, 'retrieved_contexts': [GOOD]})\n"
        "print(found.score)"
    )
    done = python(installed, "-c", code, within=tmp_path)
    assert done.stdout.strip() == "1.0", done.stderr
