"""Where a setting comes from, and what is never shown of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from assistant.settings import Keeping, Planning, Serving, Settings
from ingest.errors import SettingsError
from ingest.settings import Configured, IngestSettings, own_file, spellings

ALL: list[type[Configured]] = [IngestSettings, Keeping, Planning, Serving, Settings]


def write_own(text: str) -> None:
    own_file().parent.mkdir(parents=True, exist_ok=True)
    own_file().write_text(text)


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


def test_flag_environment_working_folder_and_own_folder_go_over_each_other(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_own('base_url = "http://own/v1"\napi_key = "sk-own"\nsentences = 4\nbudget = 70\n')
    (own_folder / "morgue.toml").write_text('sentences = 1\nbudget = 60\nmodel = "m"\n')
    monkeypatch.setenv("OPENAI_BASE_URL", "http://env/v1")
    monkeypatch.setenv("MORGUE_SENTENCES", "2")
    settings = Settings(sentences=3)
    assert (settings.sentences, settings.base_url, settings.budget) == (3, "http://env/v1", 60)
    assert (key(settings), settings.model) == ("sk-own", "m")


@pytest.mark.parametrize(
    ("of", "name"),
    [(of, spelt) for of in ALL for n in sorted(of.only_own) for spelt in sorted(spellings(of, n))],
)
def test_a_working_folder_never_says_where_keys_and_articles_are_sent(
    of: type[Configured], name: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-desk")
    (own_folder / "morgue.toml").write_text(f'{name} = "http://attacker/v1"\n')
    with pytest.raises(SettingsError, match="of a working folder cannot set") as refused:
        of()
    assert str(own_file()) in (refused.value.hint or "")
    (own_folder / "morgue.toml").unlink()
    write_own(f'{name} = "http://own/v1"\n')
    of()


@pytest.mark.parametrize("of", ALL)
def test_a_setting_that_sends_something_is_for_the_user_alone(of: type[Configured]) -> None:
    sending = {"url", "key", "cors", "host", "token", "endpoint"}
    named = {name for name in of.model_fields if sending & set(name.split("_"))}
    assert named <= of.only_own


@pytest.mark.parametrize("of", ALL)
@pytest.mark.parametrize("misspell", [lambda n: n[:-1], lambda n: n + "s", lambda n: n.upper()])
def test_what_is_no_setting_is_an_error_that_names_the_nearest(
    of: type[Configured],
    misspell: Callable[[str], str],
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {name for kind in ALL for name in kind.model_fields}
    for name in set(of.model_fields):
        wrong = misspell(name)
        if wrong in known:
            continue
        with pytest.raises(SettingsError, match=f"'{wrong}' is no setting"):
            of(**{wrong: 1})
        (own_folder / "morgue.toml").write_text(f"{wrong} = 1\n")
        with pytest.raises(SettingsError, match=f"morgue.toml: '{wrong}' is no setting"):
            of()
        (own_folder / "morgue.toml").unlink()


def test_the_nearest_setting_is_named(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings(moed="quotes")
    assert refused.value.hint == "did you mean 'mode'?"
    (own_folder / "morgue.toml").write_text('embeder = "none"\n')
    with pytest.raises(SettingsError) as refused:
        Settings()
    assert refused.value.hint == "did you mean 'embedder'?"
    (own_folder / "morgue.toml").unlink()
    monkeypatch.setenv("MORGUE_EMBEDER", "none")
    with pytest.raises(SettingsError) as refused:
        IngestSettings()
    assert refused.value.hint == "did you mean 'MORGUE_EMBEDDER'?"


@pytest.mark.parametrize("of", ALL)
def test_one_file_holds_the_settings_of_every_package(
    of: type[Configured], own_folder: Path
) -> None:
    (own_folder / "morgue.toml").write_text('embedder = "none"\nsentences = 4\nrate = 5\n')
    of()


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
