"""Where a setting comes from, and what is never shown of it."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from assistant.settings import Serving, Settings
from ingest.errors import SettingsError
from ingest.settings import IngestSettings


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def key(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value() if settings.api_key else None


def test_nothing_set_means_no_model_on_loopback() -> None:
    settings = Settings()
    assert (settings.model, settings.base_url, settings.api_key) == (None, None, None)
    assert (Serving().host, Serving().port, settings.mode) == ("127.0.0.1", 7860, "auto")


@pytest.mark.parametrize("name", ["MORGUE_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"])
def test_a_base_url_is_read_under_each_of_its_names(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://desk:8000/v1")
    assert Settings().base_url == "http://desk:8000/v1"


@pytest.mark.parametrize("name", ["MORGUE_API_KEY", "OPENAI_API_KEY"])
def test_a_key_is_read_under_each_of_its_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "sk-desk")
    assert key(Settings()) == "sk-desk"


def test_a_variable_of_another_program_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "sk-other")
    monkeypatch.setenv("BASE_URL", "http://other/v1")
    assert (key(Settings()), Settings().base_url) == (None, None)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    assert (Settings().api_key, Settings().base_url) == (None, None)


def test_a_flag_beats_the_environment_which_beats_the_file(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "morgue.toml").write_text(
        'base_url = "http://file/v1"\napi_key = "sk-file"\nsentences = 1\nbudget = 60\nmodel="m"\n'
    )
    monkeypatch.setenv("OPENAI_BASE_URL", "http://env/v1")
    monkeypatch.setenv("MORGUE_SENTENCES", "2")
    settings = Settings(sentences=3)
    assert (settings.sentences, settings.base_url, settings.budget) == (3, "http://env/v1", 60)
    assert (key(settings), settings.model) == ("sk-file", "m")


def test_a_flag_is_given_by_the_name_of_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://env/v1")
    assert Settings(base_url="http://flag/v1").base_url == "http://flag/v1"


def test_the_key_is_never_printed() -> None:
    settings = Settings(api_key=SecretStr("sk-secret"))
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "sk-secret" not in shown


def test_a_wrong_value_is_refused_and_the_setting_is_named_not_its_value(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="MORGUE_SENTENCES"):
        Settings(sentences=0)
    monkeypatch.setenv("MORGUE_PORT", "sk-secret")
    with pytest.raises(SettingsError, match=r"MORGUE_PORT: Input should be a valid integer$"):
        Serving()
    (own_folder / "morgue.toml").write_text("port = ")
    with pytest.raises(SettingsError, match=r"morgue\.toml cannot be read"):
        IngestSettings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().sentences = 1  # type: ignore[misc]


def test_there_are_at_most_a_dozen_and_each_is_described() -> None:
    fields = Settings.model_fields
    assert len(fields) <= 12
    assert [name for name, field in fields.items() if not field.description] == []
