"""Turn text into vectors: passages and questions, unit length, nearest in meaning is nearest."""

import os
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from ingest.embed import local_models
from ingest.errors import SettingsError

if TYPE_CHECKING:  # numpy is not needed before something is embedded
    from ingest.embed.encoder import Vectors
    from ingest.settings import IngestSettings

ENTRY_POINTS = "morgue.embedders"
"""A package offers an embedder here: a callable of Settings to an Embedder or a BaseEmbedding."""


class Embedder(Protocol):
    """Whatever turns text into vectors of unit length.

    `fingerprint` names the model, its preparation and its weights: vectors of two fingerprints
    are not comparable. `passages` and `queries` return one row a text.
    """

    @property
    def fingerprint(self) -> str:
        """Name what the vectors depend on."""

    @property
    def dims(self) -> int:
        """Say how long a vector is."""

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Embed what is searched."""

    def queries(self, texts: Sequence[str]) -> "Vectors":
        """Embed what is asked."""

    def query(self, text: str) -> "Vectors":
        """Embed one question; a vector, not a row of a matrix."""


def load(settings: "IngestSettings", *, pull: bool = False) -> Embedder | None:
    """Return the embedder that the settings name, None for `none`.

    With `pull` the weights of a known model are fetched if they are missing; without it their
    absence is a SettingsError that says how to fetch them. SettingsError for an unknown name;
    pulling may raise what `local_models.pull` raises.
    """
    if settings.embedder == "none":
        return None
    kind, _, name = settings.embedder.partition(":")
    if pull and kind == "onnx" and name in local_models.KNOWN:
        local_models.pull(name, into=settings.models)
    made = _maker(kind)(settings)
    if hasattr(made, "fingerprint"):
        return cast("Embedder", made)
    from ingest.embed.llama_adapters import FromLlamaIndex

    return FromLlamaIndex(made, name=settings.embedder)


def _maker(kind: str) -> Callable[["IngestSettings"], Any]:
    """Find who makes embedders of that kind: ours and those of installed packages."""
    offered = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if kind in offered:
        made: Callable[[IngestSettings], Any] = offered[kind].load()
        return made
    if kind in BUILT_IN:  # the program runs from its sources, not installed
        return BUILT_IN[kind]
    kinds = sorted({f"{name}:NAME" for name in {*BUILT_IN, *offered}} | {"none"})
    raise SettingsError(
        f"no embedder is called {kind!r}",
        hint=f"known: {', '.join(kinds)}; set MORGUE_EMBEDDER to one",
    )


def onnx(settings: "IngestSettings") -> Embedder:
    """Make the embedder of `onnx:NAME` or `onnx:/path/to/model`."""
    from ingest.embed.encoder import OnnxEmbedder

    name = settings.embedder.partition(":")[2]
    if "/" in name or os.sep in name:
        return OnnxEmbedder(Path(name).expanduser(), threads=settings.threads)
    model = local_models.known(name)
    if not local_models.is_present(model, settings.models):
        raise SettingsError(
            f"the weights of {name!r} are not on this machine",
            hint=f"run `morgue models pull {name}`",
        )
    return OnnxEmbedder(settings.models / name, threads=settings.threads)


def openai(settings: "IngestSettings") -> Embedder:
    """Make the embedder of `openai:NAME`, on any server that speaks OpenAI's protocol."""
    from ingest.embed.llama_adapters import openai_embedder

    key = settings.api_key.get_secret_value() if settings.api_key else None
    return openai_embedder(settings.embedder.partition(":")[2], settings.base_url, key)


BUILT_IN: Mapping[str, Callable[["IngestSettings"], Embedder]] = {"onnx": onnx, "openai": openai}
