"""What is connected to: only what a setting names, never another address by a reply or a name."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from assistant.models.llm import Message, load
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.server import answers
from ingest.embed import embedders
from ingest.errors import MorgueError, ServiceDown, SettingsError
from ingest.outbound import (
    AllowedHosts,
    is_here,
    secrets_in,
    service_transport,
    shown,
    transport,
    without_secrets,
)
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatch
from tests.openai_server import OpenAIServer

HELLO = (Message("user", "Is it high?"),)
SPECIAL = [
    "127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0",
    "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::", "100.64.0.1", "localhost", "fec0::1", "5f00::1",
    "::10.0.0.1", "64:ff9b:1::a00:1", "::ffff:0:10.0.0.1", "2001:4860:4860::5efe:a00:1",
    *(KEYS_OF_CLOUDS := [
        "::169.254.169.254", "::ffff:169.254.169.254", "::ffff:0:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::",
        "2001:4860:4860::5efe:a9fe:a9fe",
    ]),
]  # fmt: skip
"""Of networks that are not for everybody, in every way in which IPv6 writes an address of IPv4."""


@contextmanager
def leading_to(target: str, status: int = 307) -> Iterator[tuple[str, list[str]]]:
    """Serve what leads whoever asks anything to another address; note what was asked."""
    asked: list[str] = []

    class Leading(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Location", f"{target}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Leading) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("allowed", "url", "may"),
    [("hooks.example.org", "https://hooks.example.org/x", True),
     ("hooks.example.org", "https://hooks.example.org:443/x", True),
     ("hooks.example.org", "http://hooks.example.org/x", False),
     ("hooks.example.org", "https://hooks.example.org:8443/x", False),
     ("hooks.example.org", "https://evil.example/hooks.example.org", False),
     ("hooks.example.org", "https://hooks.example.org@evil.example/", False),
     ("hooks.example.org", "https://user:x@hooks.example.org/", False),
     ("hooks.example.org", "https://hooks.example.org.evil.example/", False),
     (".example.org", "https://a.example.org/", True),
     (".example.org", "https://aexample.org/", False),
     ("http://10.0.0.7:8080", "http://10.0.0.7:8080/x", True),
     ("10.0.0.0/8", "https://10.0.0.7/x", False),
     ("", "https://hooks.example.org/x", False),
     ("hooks.example.org", "file:///etc/passwd", False),
     ("hooks.example.org", "https://[::1", False)],
)  # fmt: skip
def test_a_webhook_goes_only_where_an_admin_allows(allowed: str, url: str, may: bool) -> None:
    hosts = AllowedHosts.read(allowed)
    if may:
        hosts.look(url)
    else:
        with pytest.raises(SettingsError):
            hosts.look(url)


@pytest.mark.parametrize("host", SPECIAL)
def test_no_webhook_reaches_a_private_network_unless_it_is_named(host: str) -> None:
    # By name: an address that is itself allowed is meant.
    with pytest.raises(SettingsError, match="not for everybody"):
        AllowedHosts.read("hooks.example.org").reachable(host, 443)
    assert AllowedHosts.read("hooks.example.org 0.0.0.0/0 ::/0").reachable(host, 443)


@pytest.mark.parametrize("host", SPECIAL)
def test_a_service_is_where_its_setting_says_but_never_where_clouds_keep_keys(host: str) -> None:
    named = AllowedHosts.named("http://models.example:8080/v1", "OPENAI_BASE_URL")
    if host in {"169.254.169.254", "fe80::1", "0.0.0.0", *KEYS_OF_CLOUDS}:
        with pytest.raises(SettingsError, match="OPENAI_BASE_URL"):
            named.reachable(host, 8080)
    else:
        assert named.reachable(host, 8080)


def test_who_writes_the_number_of_a_service_means_it() -> None:
    named = AllowedHosts.named("http://169.254.10.20:8080", "OPENAI_BASE_URL")
    assert named.reachable("169.254.10.20", 8080) == "169.254.10.20"


@pytest.mark.parametrize("setting", ["https://", "ftp://x.example", "http://x.example/path"])
def test_a_setting_that_names_no_host_says_so(setting: str) -> None:
    with pytest.raises(SettingsError, match="no host and no network"):
        AllowedHosts.read(setting)


@pytest.mark.parametrize("url", ["", "models.example/v1", "ftp://x.example", "http://x:port/"])
def test_an_address_of_a_service_that_is_none_says_so(url: str) -> None:
    with pytest.raises(SettingsError, match=r"OPENAI_BASE_URL: .* is no address"):
        AllowedHosts.named(url, "OPENAI_BASE_URL")


def test_a_name_that_nobody_knows_may_be_tried_again() -> None:
    with pytest.raises(ServiceDown):
        AllowedHosts.read("nowhere.invalid").reachable("nowhere.invalid", 443)


def test_what_is_connected_to_is_what_was_looked_at_and_the_name_is_still_told() -> None:
    with OpenAIServer() as server:
        url = server.url.replace("127.0.0.1", "localhost")
        with httpx.Client(transport=service_transport(url, "OPENAI_BASE_URL")) as client:
            assert client.get(f"{url}/models").status_code == 200
            (request,) = server.requests
            assert request.headers["host"].startswith("localhost:")
            for other in ("http://127.0.0.1:1/", server.url, url.replace("http", "https", 1)):
                with pytest.raises(httpx.UnsupportedProtocol):
                    client.get(f"{other}/models")
    assert len(server.requests) == 1


def test_a_name_that_comes_to_stand_for_a_private_address_is_not_connected_to() -> None:
    with OpenAIServer() as server:
        port = server.url.rpartition(":")[2].partition("/")[0]
        allowed = AllowedHosts.read(f"http://localhost:{port}")
        with httpx.Client(transport=transport(allowed)) as client, pytest.raises(SettingsError):
            client.get(f"http://localhost:{port}/v1/models")
    assert server.requests == []


def test_behind_a_proxy_it_is_the_proxy_that_looks_names_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "here.example")
    assert service_transport("https://models.example/v1", "OPENAI_BASE_URL") is None
    near = service_transport("https://here.example/v1", "OPENAI_BASE_URL")
    assert near is not None
    near.close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_service_leads_to_another_address(status: int) -> None:
    with OpenAIServer("It is high.") as inside, leading_to(inside.url, status) as (url, asked):
        model = load(Settings(model="scripted", base_url=url, api_key=SecretStr("sk-" + "a" * 20)))
        assert model is not None
        with pytest.raises(MorgueError):
            model.complete(HELLO)
        embedder = embedders.load(IngestSettings(embedder="openai:scripted", base_url=url))
        assert embedder is not None
        with pytest.raises(MorgueError):
            embedder.passages(["High."])
        assert not answers(url)
    assert len(asked) >= 3
    assert inside.requests == []


def test_none_of_several_chroma_servers_leads_to_another_address(tmp_path: Path) -> None:
    with OpenAIServer("It is high.") as inside, leading_to(inside.url) as (url, asked):
        settings = IngestSettings(
            embedder="none", chroma_url=f"..2015={url}; 2016..=http://127.0.0.1:9"
        )
        with Archive.open(
            tmp_path, create=True, settings=settings, embedder=HashingEmbedder(8)
        ) as archive:
            archive.put([dispatch(1)])
            with pytest.raises(MorgueError):
                archive.embed()
            assert [one.answers for one in archive.shards()] == [False, False]
    assert len(asked) >= 2
    assert inside.requests == []


def test_an_archive_s_folder_leads_to_this_machine_alone(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a", create=True, settings=IngestSettings(embedder="none")):
        pass
    with leading_to("http://127.0.0.1:9") as (url, asked):
        abroad = url.replace("127.0.0.1", "localhost")  # a name may stand for anything
        noted = {"pid": os.getpid(), "server_pid": None, "url": abroad}
        (tmp_path / "a" / "writer.lock").write_text(json.dumps(noted))
        with Archive.open(tmp_path / "a", settings=IngestSettings(embedder="none")) as archive:
            assert archive.meaning.stores[0]._address() is None
    assert asked == []


@pytest.mark.parametrize(
    ("url", "here"),
    [("http://127.0.0.1:8000", True), ("http://[::1]:8000", True),
     ("http://localhost:8000", False), ("http://10.0.0.1:8000", False),
     ("https://127.0.0.1:8000", False), ("http://127.0.0.1", False),
     ("file:///etc/passwd", False), ("http://[::1", False), ("", False)],
)  # fmt: skip
def test_what_is_on_this_machine_is_told_by_number(url: str, here: bool) -> None:
    assert is_here(url) == here


@pytest.mark.parametrize(
    "url",
    ["https://anna:hunter2x@host.example/v1?key=hunter2x", "anna:hunter2x@host", "hunter2x@host",
     "http://hunter2x@host:port", "https://a:hunter2x@[::1", "https://host/#hunter2x",
     "https://x:hun@ter:hunter2x@host/", "https://x:hunter2x/ter@host/"],
)  # fmt: skip
def test_an_address_is_shown_without_what_is_secret(url: str) -> None:
    assert "hunter2x" not in shown(url)
    assert shown("https://host.example:8080/v1") == "https://host.example:8080"
    assert "hunter2x" not in without_secrets(f"cannot reach {url}", "hunter2x", None, "")


def test_a_password_is_known_as_it_is_written_and_as_it_is_meant() -> None:
    assert secrets_in("https://anna:p%40ss@host/") == ("p%40ss", "p@ss")
    assert secrets_in("https://host/") == secrets_in(None) == secrets_in("http://[::1") == ()
