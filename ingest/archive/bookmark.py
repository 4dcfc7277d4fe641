"""How far a follower has come, and where it stands: `at.json` in the follower's folder."""

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import NamedTuple


class Reached(NamedTuple):
    """The change that was reached, of which catalogue, and the folder that holds it.

    A change of 0 means that everything must be built anew.
    """

    change: int = 0
    catalogue: str = ""
    folder: str = ""
    layout: str = ""


class Bookmark:
    """A follower's mark, written whole or not at all.

    What is built anew is built in a folder of its own, beside what is still being read.
    """

    def __init__(self, folder: Path, *, layout: str = "") -> None:
        self._folder = folder
        self._file = str(folder / "at.json")
        self._layout = layout
        self._seen: tuple[object, Reached] = (None, Reached())

    def read(self) -> Reached:
        """Return the mark; the empty one where there is none, or one of another layout."""
        mark = self._written()
        return mark if mark.layout == self._layout else Reached()

    @property
    def outdated(self) -> bool:
        """Whether there is a mark, of another layout: what stands there cannot be read."""
        return self._written().layout not in {"", self._layout}

    def _written(self) -> Reached:
        """Return what is written, read again only once it was written anew."""
        try:
            about = os.stat(self._file)  # noqa: PTH116 - asked some hundred times an answer
        except OSError:
            return Reached()
        stamp = about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
        kept = self._seen
        if kept[0] != stamp:
            self._seen = kept = (stamp, self._parsed())
        return kept[1]

    def _parsed(self) -> Reached:
        try:
            kept = json.loads((self._folder / "at.json").read_text(encoding="utf-8"))
            return Reached(
                int(kept["change"]),
                str(kept.get("catalogue", "")),
                str(kept.get("folder", "")),
                str(kept.get("layout", "")),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Reached()

    def place(self, mark: Reached) -> Path:
        """Return the folder that a mark speaks of."""
        return self._folder / Path(mark.folder).name

    def anew(self) -> str:
        """Make a folder to build in, and return its name."""
        name = f"built-{secrets.token_hex(4)}"
        (self._folder / name).mkdir(parents=True)
        return name

    def note(self, mark: Reached) -> None:
        """Write a mark down."""
        self._folder.mkdir(parents=True, exist_ok=True)
        noted = self._folder / "at.json.new"
        noted.write_text(json.dumps(mark._replace(layout=self._layout)._asdict()), encoding="utf-8")
        noted.replace(self._folder / "at.json")

    def come_back_to(self, change: int) -> None:
        """Forget a mark of a change that the catalogue has not come to.

        An older catalogue took the place of the one that was followed: what it comes to next are
        other changes under the same numbers.
        """
        mark = self.read()
        if mark.change > change:
            self.note(mark._replace(change=0))

    def clear_others(self, folder: str) -> None:
        """Delete every folder but one: what was built before, or never finished."""
        for other in self._folder.iterdir():
            if other.is_dir() and other.name != folder:
                shutil.rmtree(other, ignore_errors=True)
