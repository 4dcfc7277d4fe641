"""A cross-encoder of our own, or anybody's, as a reader of claims."""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.check.reader import AskedSentence, ClaimReader, Probabilities
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.check.cross_encoder import CrossEncoder
    from assistant.settings import Settings

_SHIPPED = Path(__file__).parent
"""Where the readers that come with the package stand, each a folder of its name."""


class OnnxReader:
    """A reader that runs on this machine. Safe from several threads."""

    reads = True
    dear = False

    def __init__(self, name: str, encoder: "CrossEncoder") -> None:
        self.name = f"onnx:{name}"
        self._encoder = encoder

    def supports(self, pairs: "Sequence[tuple[str, str]]") -> list[Probabilities]:
        """Return for each claim and its evidence whether it is supported."""
        if not pairs:
            return []
        read = self._encoder.supports(pairs)
        return [
            Probabilities(float(yes), float(not_stated), float(no)) for yes, not_stated, no in read
        ]

    def answers(self, asked: "Sequence[AskedSentence]") -> list[float]:
        """Return for each question and sentence the probability that it answers."""
        return [float(one) for one in self._encoder.answers(asked)] if asked else []


def reader(name: str, _settings: "Settings") -> ClaimReader:
    """Open a reader by its name or its folder. Raises SettingsError where it is not there."""
    from assistant.check.cross_encoder import CrossEncoder

    folder = _SHIPPED / name.replace("-", "_")
    folder = folder if folder.is_dir() else Path(name)
    if not (folder / "card.json").is_file():
        shipped = sorted(file.parent.name for file in _SHIPPED.glob("*/card.json"))
        known = ", ".join(f"onnx:{name.replace('_', '-')}" for name in shipped)
        raise SettingsError(
            f"there is no reader {name!r}", f"known: {known or 'none'}; or name its folder"
        )
    return OnnxReader(name, CrossEncoder(folder))
