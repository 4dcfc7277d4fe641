"""What was given to an archive that is put to faults, and what of it was acknowledged."""

import json
import random
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import invented
from ingest.clean.identity import article_id

_NEW, _CHANGED = 5, 2
"""Articles a file: new ones, and such as were acknowledged and come again, changed."""


@dataclass
class Ledger:
    """Files of invented articles, and which of them somebody said that they are kept.

    `kept` holds for each acknowledged article the versions any of which may be the newest: while
    a file is underway that holds its second one, both.
    """

    folder: Path
    chance: random.Random
    count: int = 0
    kept: dict[int, set[int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    _files: dict[str, tuple[range, list[int]]] = field(default_factory=dict)

    def file(self) -> Path:
        """Write a file of articles that were not given yet, and of some that change."""
        new = range(self.count, self.count + _NEW)
        self.count = new.stop
        once = [i for i, versions in self.kept.items() if versions == {1}]
        changed = self.chance.sample(once, min(_CHANGED, len(once)))
        file = self.folder / f"given-{new.start:06}.jsonl"
        rows = [self._row(i, 1) for i in new] + [self._row(i, 2) for i in changed]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        self._files[file.name] = (new, changed)
        for i in changed:
            self.kept[i] = {1, 2}
        return file

    def _row(self, i: int, version: int) -> dict[str, str]:
        row = invented.row(i)
        key = json.dumps(["", "id", row["outlet"], row["id"]])
        self.numbers[article_id(key)] = i
        if version == 2:
            row["text"] += f"\n\nThe {invented.name(i)} council met again on it in file {i + 1}."
        return row

    def acknowledge(self, name: str) -> None:
        """Note that somebody said that a file is kept."""
        new, changed = self._files[name]
        self.kept |= {i: {1} for i in new if i not in self.kept} | {i: {2} for i in changed}

    def text(self, i: int, version: int) -> str:
        """Return the text of a version as it must be kept."""
        row = self._row(i, version)
        return f"{row['title']}\n\n{row['text']}"

    def is_kept(self, i: int, digest: str | None) -> bool:
        """Tell whether the hash of a text is that of what an article was acknowledged with."""
        return digest in {sha256(self.text(i, v).encode()).hexdigest() for v in self.kept[i]}

    def is_right(self, shown: Mapping[str, Any]) -> bool:
        """Tell whether words that were shown stand in what was given, at their place."""
        i = self.numbers.get(shown["id"])
        if i is None or shown["version"] not in {1, 2}:
            return False
        words = self.text(i, shown["version"])[shown["start"] : shown["end"]]
        return bool(words.strip()) and words == shown["text"]

    def wanted(self) -> Path:
        """Write down the acknowledged articles, each with the word that it alone holds."""
        file = self.folder / "wanted.json"
        ids = {number: one for one, number in self.numbers.items()}
        file.write_text(json.dumps({ids[i]: invented.mark(i) for i in self.kept}), encoding="utf-8")
        return file

    def question(self, chance: random.Random) -> str:
        """Return some words of an article that was acknowledged, or of none."""
        kept = list(self.kept)
        text = self.text(chance.choice(kept), 1) if kept else "the harbour minister resigned"
        return " ".join(chance.sample(re.findall(r"\w{5,}", text), 3))

    def moment(self) -> dict[int, set[int]]:
        """Return what is acknowledged by now, to be gone back to."""
        return deepcopy(self.kept)

    def back_to(self, kept: dict[int, set[int]]) -> None:
        """Take back what was acknowledged since: an older archive took the place of this one."""
        self.kept = kept
