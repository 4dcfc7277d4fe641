"""No secret is shown or logged: not by a command, a reply, a failure, the log or the audit."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import mcp, web
from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api import Rules, create_app
from assistant.doors.api.journal import Lines
from assistant.doors.cli.commands import morgue
from assistant.doors.keyring import Keyring
from assistant.doors.sign_in import People
from assistant.history import Records
from assistant.settings import Alerting, Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.archive.watches import SavedWatch, Wanted
from ingest.errors import MorgueError
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article

PARTS = ("api_key", "base_url", "smtp", "typed", "password")


@dataclass(frozen=True, kw_only=True)
class House:
    """An archive whose surroundings hold secrets, and what they are."""

    archive: Archive
    secrets: dict[str, str]
    key: str
    saved: SavedWatch

    def leaks(self, *texts: str) -> list[str]:
        """Return the names of the secrets that stand in any of these."""
        return [name for name, secret in self.secrets.items() if any(secret in t for t in texts)]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    secrets = {name: token_hex(12) for name in PARTS}
    variables = {
        "OPENAI_API_KEY": f"sk-{secrets['api_key']}",
        "OPENAI_BASE_URL": f"http://desk:{secrets['base_url']}@127.0.0.1:9/v1",
        "MORGUE_MODEL": "scripted",
        "MORGUE_SMTP_URL": f"smtps://desk:{secrets['smtp']}@127.0.0.1:9",
        "MORGUE_MAIL_FROM": "morgue@example.org",
        "MORGUE_MAIL_TO": "anna@example.org",
        "MORGUE_WEBHOOKS": "http://127.0.0.1:9",
        "MORGUE_EMBEDDER": "none",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    key, kept = Keyring(FolderPapers(tmp_path / "archive")).add("desk", scope="admin")
    wanted = Wanted(
        name="pier", query="pier", webhook="http://127.0.0.1:9/x", mail=("anna@example.org",)
    )
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as archive:
        saved = WatchDesk(archive, Alerting()).add(wanted, kept.id)
        WatchDesk(archive, Alerting()).add(replace(wanted, name="own"))
        words = "The harbour pier opens in May, the ministry said."
        archive.put([article("a", ("headline", "Pier"), ("body", words))])
        secrets |= {"key": key.split("_", 2)[2], "token": saved.token}
        secrets["webhook"] = (saved.secret or "").removeprefix("whsec_")
        people = People(archive.papers)
        people.add("anna", secrets["password"])
        secrets["session"] = people.sign_in("anna", secrets["password"]) or ""
        yield House(archive=archive, secrets=secrets, key=key, saved=saved)


def test_no_command_tells_a_secret(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = house.secrets["typed"]
    commands = [
        ["status"], ["doctor"], ["verify"], ["search", "pier"], ["ask", "What opens in May?"],
        ["keys", "list"], ["people", "list"], ["watch", "list"], ["watch", "run"],
        ["watch", "show", "own"],
        ["watch", "add", "x", "pier", "--webhook", f"https://u:{typed}@evil.example/{typed}?{typed}"],
        ["watch", "add", "x", "pier", "--webhook", f"u:{typed}@evil.example"],
    ]  # fmt: skip
    for command in commands:
        for more in ([], ["--json"]):
            done = CliRunner().invoke(
                morgue, [*command, *more, "--archive", str(house.archive.folder)]
            )
            told = (done.stdout, done.stderr, repr(done.exception))
            assert done.exit_code in {0, 1, 3}, (command, told)
            assert house.leaks(*told) == [], command


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [("OPENAI_BASE_URL", "desk:{}@host"), ("OPENAI_BASE_URL", "http://desk:{}@host:port/"),
     ("MORGUE_WEBHOOKS", "ftp://desk:{}@host"), ("MORGUE_SMTP_URL", "gopher://desk:{}@host"),
     ("MORGUE_DATABASE", "postgresql://desk:{}@127.0.0.1:9/x"), ("MORGUE_DATABASE", "desk:{}@host"),
     ("MORGUE_CHROMA_URL", "desk:{}@host"), ("MORGUE_PORT", "{}"), ("MORGUE_THREADS", "{}")],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_named_without_its_value(
    house: House, monkeypatch: pytest.MonkeyPatch, variable: str, wrong: str
) -> None:
    monkeypatch.setenv(variable, wrong.format(house.secrets["typed"]))
    for command in (["ask", "What opens?"], ["doctor"], ["watch", "run"], ["serve", "--port", "x"]):
        done = CliRunner().invoke(morgue, [*command, "--archive", str(house.archive.folder)])
        assert house.leaks(done.stdout, done.stderr, repr(done.exception)) == [], command


def test_no_reply_and_no_line_of_a_log_or_the_audit_tells_a_secret(house: House) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(words=True))
    logging.getLogger().addHandler(handler)
    try:
        replies = list(_replies(house))
    finally:
        logging.getLogger().removeHandler(handler)
    audit = (house.archive.folder / "audit.jsonl").read_text()
    assert len(audit.splitlines()) > 5
    records = [file.read_text() for file in (house.archive.folder / "records").iterdir()]
    assert records
    assert house.leaks(*replies, stream.getvalue(), audit, *records) == []


def _replies(house: House) -> Iterator[str]:
    """Ask at every door, rightly and wrongly; send what is due, which nobody takes."""
    archive, typed = house.archive, house.secrets["typed"]
    assistant = Assistant(archive, Settings(), records=Records(archive.folder / "records"))
    desk = WatchDesk(archive, Alerting(), assistant.records)
    desk.run()
    yield json.dumps(desk.deliver().failed)
    rules = Rules(
        keys=Keyring(archive.papers),
        people=People(archive.papers),
        keys_needed=True,
        audit=archive.folder / "audit.jsonl",
        log_questions=True,
    )
    api = web.mount(mcp.mount(create_app(assistant, rules, watches=desk), assistant), assistant)
    told, wrong = (
        {"Authorization": f"Bearer {house.key}"},
        {"Authorization": f"Bearer {house.key}x"},
    )
    webhook = {"name": "y", "query": "pier", "webhook": f"https://u:{typed}@evil.example/"}
    asked = [
        ("GET", "/health", None), ("GET", "/v1/status", None), ("GET", "/metrics", None),
        ("GET", "/openapi.json", None), ("GET", "/docs", None), ("GET", "/v1/watches", None),
        ("GET", "/v1/records", None), ("POST", "/v1/ask", {"question": "What opens in May?"}),
        ("POST", "/v1/watches", webhook), ("POST", "/v1/watches/run", {}), ("POST", "/v1/ask", 7),
        ("GET", f"/feeds/{house.saved.token}", None), ("GET", "/feeds/none", None),
        ("GET", "/account", None), ("GET", "/sign-in", None), ("GET", "/talks", None),
    ]  # fmt: skip
    with TestClient(api, raise_server_exceptions=False) as client:
        for password in (typed, house.secrets["password"]):
            form = {"name": "anna", "password": password}
            reply = client.post("/sign-in", data=form, follow_redirects=False)
            yield f"{reply.text} {dict(reply.headers)}"
        client.cookies.clear()
        signed_in = {"Cookie": f"morgue={house.secrets['session']}"}
        for headers in (told, wrong, signed_in, {}):
            for method, path, body in asked:
                reply = client.request(method, path, json=body, headers=headers)
                yield f"{reply.text} {dict(reply.headers)}"


def test_settings_are_printed_without_their_secrets(house: House) -> None:
    said = f"{Settings()!r} {Alerting()!r} {IngestSettings()!r}"
    assert house.leaks(said) == []
    with pytest.raises(MorgueError) as failed:
        Settings(model_timeout=house.secrets["typed"])
    assert house.leaks(str(failed.value)) == []
