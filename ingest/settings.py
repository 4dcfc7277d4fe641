"""Settings of ingest: flag over environment (`MORGUE_...`) over morgue.toml over default."""

import os
import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def data_dir() -> Path:
    """Return the user's data folder for Morgue, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "morgue"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "morgue"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "morgue"


def cache_dir() -> Path:
    """Return the user's cache folder for Morgue, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "morgue"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "morgue" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "morgue"


class Settings(BaseSettings):
    """What shapes an archive and where it stands. Read once at the edge and passed on."""

    model_config = SettingsConfigDict(
        env_prefix="MORGUE_", toml_file="morgue.toml", frozen=True, extra="ignore"
    )

    archive: Path = Field(
        default_factory=lambda: data_dir() / "archive",
        description="The folder of the archive.",
    )
    embedder: str = Field(
        "onnx:e5-small",
        description=(
            "Who turns text into vectors: `onnx:e5-small` (multilingual), `onnx:minilm` "
            "(English, faster), `onnx:/path/to/model`, `openai:NAME`, `none`, or one that "
            "an installed package offers."
        ),
    )
    models: Path = Field(
        default_factory=lambda: cache_dir() / "models",
        description="The folder where fetched weights are kept.",
    )
    threads: int = Field(
        0, ge=0, description="Threads of the local embedder; 0 for as many as there are cores."
    )
    passage_words: int = Field(150, ge=20, le=1000, description="About how long a passage is.")
    chroma_url: str | None = Field(
        None,
        description="A Chroma server that holds the vectors, instead of the archive's own folder.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put morgue.toml under the environment."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
