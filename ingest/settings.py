"""Settings of ingest: flag over environment (`MORGUE_...`) over morgue.toml over default."""

from pathlib import Path
from tomllib import TOMLDecodeError
from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ingest.errors import SettingsError
from ingest.places import cache_dir, data_dir

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Configured(BaseSettings):
    """Settings that are read from arguments, the environment, morgue.toml, in this order.

    What cannot be understood is a SettingsError that names the setting.
    """

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise SettingsError("; ".join(map(_complaint, error.errors())), _WHERE) from None
        except (TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"morgue.toml cannot be read: {error}") from error

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


def _complaint(wrong: "ErrorDetails") -> str:
    """Say which setting is wrong and why, never its value: it may be a key."""
    name = ".".join(map(str, wrong["loc"]))
    if not name.startswith(("MORGUE_", "OPENAI_")):
        name = f"MORGUE_{name.upper()}"
    return f"{name}: {wrong['msg'].removesuffix(', unable to parse string as an integer')}"


_WHERE = "set it in the environment, or without MORGUE_ and in small letters in morgue.toml"


class IngestSettings(Configured):
    """What shapes an archive and where it stands. Read once at the edge and passed on."""

    model_config = SettingsConfigDict(
        env_prefix="MORGUE_",
        toml_file="morgue.toml",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
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
    base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("MORGUE_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
        description="An OpenAI-compatible server; OPENAI_BASE_URL is honoured too.",
    )
    api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("MORGUE_API_KEY", "OPENAI_API_KEY"),
        description="The key of that server; OPENAI_API_KEY is honoured too.",
    )
