"""Settings of ingest: flag over environment (`MORGUE_...`) over morgue.toml over default."""

import os
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ingest.errors import SettingsError
from ingest.places import cache_dir, config_dir, data_dir

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Configured(BaseSettings):
    """Settings that are read from arguments, the environment, morgue.toml, in this order.

    A morgue.toml stands in the working folder and in the user's own folder of settings; the first
    goes over the second, and cannot set what is `only_own`: where a key or an article is sent is
    not for a folder to say that somebody else may have filled. What cannot be understood, or is
    no setting, is a SettingsError that names it.
    """

    only_own: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **given: Any) -> None:
        _refuse_unknown(
            (name for name in given if not name.startswith("_")),
            _names(type(self)),
            "the arguments",
        )
        _refuse_misspelt_variables()
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
        """Put the folder's morgue.toml under the environment, and the user's own under that."""
        assert issubclass(settings_cls, Configured)
        folders = TomlConfigSettingsSource(settings_cls, Path(FILE))
        owned = TomlConfigSettingsSource(settings_cls, _readable(own_file()))
        _refuse_unknown(folders.toml_data, _names(settings_cls), FILE)
        _refuse_unknown(owned.toml_data, _names(settings_cls), str(own_file()))
        for name in settings_cls.only_own:
            for written in spellings(settings_cls, name) & folders.toml_data.keys():
                raise SettingsError(
                    f"{FILE} of a working folder cannot set {written!r}",
                    f"set it in {str(own_file())!r} or in the environment: only the user says "
                    "where keys and articles are sent",
                )
        return init_settings, env_settings, folders, owned


FILE = "morgue.toml"


def own_file() -> Path:
    """Return the user's own file of settings, there or not."""
    return config_dir() / FILE


def _readable(file: Path) -> Path:
    """Return a file, or an empty one where its folder may not be looked into: it is nobody's."""
    return file if os.access(file.parent, os.X_OK) else Path(os.devnull)


def spellings(of: type[Configured], name: str) -> set[str]:
    """Return the names under which a setting may be given, its own among them."""
    alias = of.model_fields[name].validation_alias
    return {name, *map(str, alias.choices if isinstance(alias, AliasChoices) else ())}


def _names(of: type[Configured]) -> set[str]:
    return {spelt for name in of.model_fields for spelt in spellings(of, name)}


def _all_names() -> set[str]:
    """Return the names of all settings that any installed package has."""
    for point in entry_points(group="morgue.settings"):
        point.load()

    def below(kind: type[Configured]) -> Iterator[type[Configured]]:
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    return {name for kind in below(Configured) for name in _names(kind)}


def _refuse_unknown(given: Iterable[str], own: Collection[str], where: str) -> None:
    """Raise SettingsError for a name that is no setting; `own` spares asking everybody else."""
    for name in set(given) - set(own):
        known = set(own) if where == "the arguments" else _all_names()
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise SettingsError(f"{where}: {name!r} is no setting", hint)


def _refuse_misspelt_variables() -> None:
    """Raise SettingsError for a variable that is all but the name of a setting.

    What is less alike may be somebody else's: compose.yaml has a MORGUE_ARTICLES of its own.
    """
    given = [name for name in os.environ if name.startswith("MORGUE_")]
    if all(name in _VARIABLES for name in given):
        return
    _VARIABLES.update(f"MORGUE_{name.upper()}" for name in _all_names())
    for name in given:
        near = get_close_matches(name, _VARIABLES, n=1, cutoff=0.9)
        if near and name not in _VARIABLES:
            raise SettingsError(
                f"the environment: {name!r} is no setting", f"did you mean {near[0]!r}?"
            )


_VARIABLES: set[str] = set()
"""The variables of all settings, once somebody needs them."""


def _complaint(wrong: "ErrorDetails") -> str:
    """Say which setting is wrong and why, never its value: it may be a key."""
    name = ".".join(map(str, wrong["loc"]))
    if not name.startswith(("MORGUE_", "OPENAI_")):
        name = f"MORGUE_{name.upper()}"
    return f"{name}: {wrong['msg'].removesuffix(', unable to parse string as an integer')}"


_WHERE = "set it in the environment, or without MORGUE_ and in small letters in morgue.toml"


class IngestSettings(Configured):
    """What shapes an archive and where it stands. Read once at the edge and passed on."""

    only_own = frozenset({"chroma_url", "base_url", "api_key", "database"})
    model_config = SettingsConfigDict(
        env_prefix="MORGUE_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    archive: Path = Field(
        default_factory=lambda: data_dir() / "archive",
        description="The folder of the archive.",
    )
    database: SecretStr | None = Field(
        default=None,
        description=(
            "A PostgreSQL that keeps the catalogue, `postgresql://USER:PASSWORD@HOST/NAME`, "
            "instead of a file in the archive's folder."
        ),
    )
    embedder: str = Field(
        default="onnx:e5-small",
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
        default=0,
        ge=0,
        description="Threads of the local embedder; 0 for as many as there are cores.",
    )
    passage_words: int = Field(
        default=150, ge=20, le=1000, description="About how long a passage is."
    )
    chroma_url: str | None = Field(
        default=None,
        repr=False,  # it may carry a password
        description=(
            "A Chroma server that holds the vectors, instead of the archive's own folder; or the "
            "years of each of several: `..2015=http://a:8000;2016..=http://b:8000`."
        ),
    )
    base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("MORGUE_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
        repr=False,  # it may carry a password
        description="An OpenAI-compatible server; OPENAI_BASE_URL is honoured too.",
    )
    api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MORGUE_API_KEY", "OPENAI_API_KEY"),
        description="The key of that server; OPENAI_API_KEY is honoured too.",
    )
