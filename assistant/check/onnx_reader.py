"""A cross-encoder of our own, or anybody's, as a reader of claims."""

import json
import os
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.check.reader import AskedSentence, ClaimReader, NearCopies, Probabilities
from ingest.errors import ServiceDown, SettingsError
from ingest.language import identify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.check.cross_encoder import Asked, Floats
    from assistant.settings import Settings

SHIPPED = "reader-small"
_SHIPPED = Path(__file__).parent
"""Where the readers that come with the package stand, each a folder of its name."""


_OF_A_HUB = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<revision>[\w.-]+)")


class PairJudge(Protocol):
    """What judges pairs in numbers: one of our own making, or anybody's."""

    def supports(self, pairs: "Sequence[tuple[str, str]]") -> "Floats":
        """Return for each (claim, evidence) how likely supported, not stated, contradicted."""

    def answers(self, asked: "Sequence[Asked]") -> "Floats":
        """Return how likely each (question, before, sentence, after) answers."""


class OnnxReader:
    """A reader that runs on this machine. Safe from several threads.

    Of text in a language that it was not trained on it lets near copies stand and nothing else,
    says so in `read_by`, and cannot tell which sentence answers. `languages` is None where it
    reads all. The network is opened when something is read first. With `reads` false it judges
    claims and is asked nothing else: which sentence answers, and whose words it is.
    """

    dear = False

    def __init__(
        self,
        name: str,
        opened: "Callable[[], PairJudge]",
        languages: "frozenset[str] | None" = None,
        *,
        reads: bool = True,
    ) -> None:
        self.name = f"onnx:{name}"
        self.reads = reads
        self._open = opened
        self._languages = languages
        self._unread = NearCopies()

    @cached_property
    def _encoder(self) -> PairJudge:
        return self._open()

    def supports(self, pairs: "Sequence[tuple[str, str]]") -> list[Probabilities]:
        """Return for each claim and its evidence whether it is supported."""
        known = [self._knows(*pair) for pair in pairs]
        read = [pair for pair, knows in zip(pairs, known, strict=True) if knows]
        told = iter(self._encoder.supports(read).tolist() if read else [])
        return [
            Probabilities(*next(told)) if knows else self._copied(pair)
            for pair, knows in zip(pairs, known, strict=True)
        ]

    def answers(self, asked: "Sequence[AskedSentence]") -> list[float]:
        """Return for each question and sentence the probability that it answers."""
        known = [self._knows(one.question, one.sentence) for one in asked]
        read = [one for one, knows in zip(asked, known, strict=True) if knows]
        told = iter(self._encoder.answers(read).tolist() if read else [])
        return [next(told) if knows else 0.5 for knows in known]

    def _knows(self, *texts: str) -> bool:
        if self._languages is None:
            return True
        return all(identify.likely(text) in {None, *self._languages} for text in texts)

    def _copied(self, pair: tuple[str, str]) -> Probabilities:
        return self._unread.supports([pair])[0]._replace(read_by=self._unread.name)


def shipped() -> ClaimReader:
    """Return the small reader of the package as a judge of claims alone.

    Asked which sentences answer and whose words they are, it takes three times as long over a
    question, and leaves a name out where a sentence signs its words. Raises SettingsError where
    it is not there.
    """
    folder = _folder(SHIPPED)
    languages = frozenset(json.loads((folder / "card.json").read_text("utf-8"))["languages"])
    from assistant.check.cross_encoder import CrossEncoder

    return OnnxReader(SHIPPED, lambda: CrossEncoder(folder), languages, reads=False)


def reader(name: str, _settings: "Settings") -> ClaimReader:
    """Open a reader by its name, its folder, or "ORGANISATION/MODEL@REVISION" of a model hub.

    Raises SettingsError where it is not there, ServiceDown where the hub does not give it.
    """
    from assistant.check.cross_encoder import CrossEncoder
    from assistant.check.pair_encoder import PairEncoder

    folder = _folder(name)
    if (folder / "card.json").is_file():
        card = json.loads((folder / "card.json").read_text("utf-8"))
        return OnnxReader(name, lambda: CrossEncoder(folder), frozenset(card["languages"]))
    if folder.is_dir():
        encoder = PairEncoder(folder)
        return OnnxReader(name, lambda: encoder)
    shipped = sorted(file.parent.name for file in _SHIPPED.glob("*/card.json"))
    known = ", ".join(f"onnx:{name.replace('_', '-')}" for name in shipped)
    raise SettingsError(
        f"there is no reader {name!r}",
        f"known: {known or 'none'}; or name its folder, or ORGANISATION/MODEL@REVISION of a hub",
    )


def _folder(name: str) -> Path:
    from ingest.settings import IngestSettings

    shipped, fetched = _SHIPPED / name.replace("-", "_"), IngestSettings().models / name
    of_hub = _OF_A_HUB.fullmatch(name)
    for folder in (shipped, fetched, Path(name)):
        if folder.is_dir():
            return folder
    return _from_hub(fetched, of_hub["repository"], of_hub["revision"]) if of_hub else Path(name)


def _from_hub(folder: Path, repository: str, revision: str) -> Path:
    """Fetch what a reader needs at the revision; HF_ENDPOINT names another hub."""
    import httpx
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    wanted = ["model.onnx", "onnx/model.onnx", "tokenizer.json", "config.json"]
    try:
        snapshot_download(
            repository, revision=revision, local_dir=folder, allow_patterns=wanted,
            endpoint=os.environ.get("HF_ENDPOINT") or None,
        )  # fmt: skip
    except (HfHubHTTPError, httpx.HTTPError, OSError, ValueError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ServiceDown(
            f"the model hub does not give {repository} at {revision}",
            "fetch its ONNX graph, tokenizer.json and config.json elsewhere, and name their folder",
        ) from error
    return folder
