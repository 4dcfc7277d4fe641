"""What holds for every route: keys, collections, embargo, rates, the audit; and ingest."""

import base64
import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import serving
from assistant.doors.api import Rules, create_app
from assistant.doors.cli.commands import morgue
from assistant.doors.keyring import Keyring
from assistant.history import Records
from ingest.archive import Archive
from ingest.archive.browse import FacetField
from ingest.archive.catalogue import papers_at
from ingest.archive.papers import FolderPapers, Papers
from ingest.errors import SettingsError
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.ingest.readers.test_recognition import needs_tesseract, printed

WORDS = "The glass lighthouse of Ilmen Point was sold to a Norvik cannery."
OPEN = {"id": "open", "title": "Lighthouse sold", "outlet": "The Ilmen Herald", "text": WORDS}
SECRET = {
    "id": "embargoed",
    "title": "Zephyrine lighthouse deal",
    "outlet": "Zephyrine Gazette",
    "text": f"{WORDS} Zephyrine brokers took a share of the lighthouse.",
    "embargo_until": "2999-01-01T00:00:00Z",
    "collection": "news",
}
OTHER = {
    "id": "other",
    "title": "Quillon lighthouse memo",
    "outlet": "Quillon Wire",
    "text": f"{WORDS} Quillon lawyers looked at the lighthouse.",
    "collection": "legal",
}
COPY = {**OPEN, "id": "copy", "outlet": "Quillon Mirror", "collection": "legal"}
QUESTION = "Who bought the glass lighthouse of Ilmen Point, Zephyrine or Quillon?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("doors")
    file = folder / "in.jsonl"
    rows = [{**OPEN, "collection": "news"}, SECRET, OTHER, COPY]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([file], archive)
        yield archive


@pytest.fixture(scope="module")
def keys(archive: Archive) -> Keyring:
    return Keyring(archive.papers)


@pytest.fixture(scope="module")
def app(archive: Archive, keys: Keyring) -> FastAPI:
    rules = Rules(keys=keys, keys_needed=True, audit=archive.folder / "audit.jsonl")
    assistant = Assistant(archive, records=Records(archive.folder / "records"))
    return create_app(assistant, rules, partial(serving.read_in, archive))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:  # at its end no job still reads into the archive
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def ids(archive: Archive) -> dict[str, str]:
    return {article.title: article.article_id for article in archive.newest(9)}


def everything(client: TestClient, headers: dict[str, str], archive: Archive) -> dict[str, str]:
    """Ask every route of the OpenAPI document, and return what each one says."""
    chat = {"messages": [{"role": "user", "content": QUESTION}]}
    claim = {"claims": [{"text": "Zephyrine brokers and Quillon lawyers have the lighthouse."}]}
    bodies: dict[str, list[dict[str, Any]]] = {
        "/v1/ask": [{"question": QUESTION}, {"question": QUESTION, "stream": True}],
        "/v1/search": [
            {"query": QUESTION},
            {"query": "Quillon"},
            {"query": "Zephyrine"},
            {"query": "lighthouse", "k": 1, "facets": [*get_args(FacetField)]},
        ],
        "/v1/said": [
            {"words": "lighthouse"},
            {"speaker": "Quillon"},
            {"speaker": "Zephyrine"},
            {"words": "lighthouse", "as": "csv"},
        ],
        "/v1/quote": [
            {"words": QUESTION},
            {"words": "the deal on the lighthouse is done"},
            {"words": "the deal on the lighthouse is done", "as": "markdown"},
        ],
        "/v1/list": [
            {"k": 100, "sort": "news"},
            {"query": "Quillon"},
            {"query": '"Zephyrine"'},
            {"k": 100, "as": "ris"},
            {"k": 1, "facets": [*get_args(FacetField)]},
        ],
        "/v1/verify": [claim],
        "/v1/check": [{"text": claim["claims"][0]["text"]}, {"text": QUESTION, "as": "csv"}],
        "/v1/chat/completions": [chat, {**chat, "stream": True}],
        "/v1/responses": [{"input": QUESTION}, {"input": QUESTION, "stream": True}],
        "/v1/watches": [
            {"name": "lamps", "query": "lighthouse"},
            {"name": "Z", "query": "Zephyrine"},
        ],
        "/v1/watches/run": [{}],
        "/v1/watches/{name}/feed": [{}],
    }
    with archive.catalogue.snapshot():
        rows = archive.catalogue.connection.execute("SELECT article_id FROM articles").fetchall()
    named = {"article_id": [str(row[0]) for row in rows], "model": ["morgue"], "job_id": ["x"]}
    named["record_id"] = Records(archive.folder / "records").ids() or ["none"]
    said: dict[str, str] = {}
    for path, methods in client.get("/openapi.json", headers=headers).json()["paths"].items():
        for method in methods:
            if path == "/v1/ingest":
                continue
            if method == "post":
                replies = [client.post(path, json=body, headers=headers) for body in bodies[path]]
            else:
                name = path.partition("{")[2].rstrip("}")
                filled = [path.replace(f"{{{name}}}", value) for value in named.get(name, [""])]
                replies = [client.get(one, headers=headers) for one in filled]
            assert all(reply.status_code < 500 for reply in replies), path
            said[path] = "\n".join(reply.text for reply in replies if reply.status_code == 200)
    return said


def test_no_route_tells_of_an_embargo_or_of_another_collection(
    client: TestClient, keys: Keyring, archive: Archive
) -> None:
    whole, _ = keys.add("whole desk")
    part, _ = keys.add("news desk", collections=["news"])
    by_whole = everything(client, bearer(whole), archive)
    by_part = everything(client, bearer(part), archive)
    assert {path for path, text in by_whole.items() if "Zephyrine G" in text} == set()
    assert {path for path, text in by_whole.items() if "Quillon W" in text} >= {
        "/v1/ask",
        "/v1/search",
        "/v1/list",
        "/v1/verify",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/articles/{article_id}",
        "/v1/status",
    }
    hidden = ("Quillon W", "Quillon M", "memo", "Zephyrine G", "lighthouse deal")
    told = {path for path, text in by_part.items() if any(word in text for word in hidden)}
    assert told == set()
    assert "Ilmen Herald" in by_part["/v1/search"]


def test_a_key_opens_no_other_collection_that_is_asked_for(
    client: TestClient, keys: Keyring
) -> None:
    key, _ = keys.add("news desk", collections=["news"])
    body = {"query": "lighthouse", "filters": {"collection": "legal"}}
    reply = client.post("/v1/search", json=body, headers=bearer(key))
    assert (reply.status_code, reply.json()["error"]["kind"]) == (403, "Forbidden")


def test_nothing_but_health_is_told_to_whom_has_no_key(client: TestClient) -> None:
    told = {}
    for path in ("/health", "/ready", "/", "/docs", "/openapi.json", "/v1/status", "/v1/models"):
        told[path] = client.get(path).status_code
    assert told == {
        "/health": 200, "/ready": 200, "/": 401, "/docs": 401, "/openapi.json": 401,
        "/v1/status": 401, "/v1/models": 401,
    }  # fmt: skip
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("wrong", ["morgue_00000000_x", "x", "morgue__", "", "морг"])
def test_a_wrong_key_opens_nothing(client: TestClient, wrong: str) -> None:
    header = {b"Authorization": b"Bearer " + wrong.encode()}
    reply = client.get("/v1/status", headers=header)
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")


def test_a_right_id_with_a_wrong_secret_opens_nothing(client: TestClient, keys: Keyring) -> None:
    key, kept = keys.add("desk")
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    assert key.startswith(f"morgue_{kept.id}_")
    assert client.get("/v1/status", headers=bearer(wrong)).status_code == 401


def test_a_revoked_key_opens_nothing_at_once(
    client: TestClient, keys: Keyring, archive: Archive
) -> None:
    key, kept = keys.add("desk")
    before = client.get("/v1/status", headers=bearer(key)).status_code
    Keyring(archive.papers).revoke(kept.id)
    after = client.get("/v1/status", headers=bearer(key)).status_code
    assert (before, after) == (200, 401)


def test_on_loopback_what_was_never_a_key_is_as_good_as_none(
    archive: Archive, keys: Keyring
) -> None:
    near = TestClient(create_app(Assistant(archive), Rules(keys=keys)))
    key, kept = keys.add("desk", collections=["news"])
    told = [near.get("/v1/status", headers=bearer(k)).json()["articles"] for k in ("none", key)]
    keys.revoke(kept.id)
    assert told[0] > told[1] > 0
    assert near.get("/v1/status", headers=bearer(key)).status_code == 401


def test_no_key_is_kept_as_it_is(papers: Papers, tmp_path: Path) -> None:
    key, _ = Keyring(papers).add("desk")
    assert key[-20:] not in papers.document("keys.json").read()
    for file in tmp_path.rglob("keys.json"):
        assert file.stat().st_mode & 0o077 == 0


def test_a_browser_gives_the_key_as_a_password(client: TestClient, keys: Keyring) -> None:
    key, _ = keys.add("desk")
    given = base64.b64encode(f"desk:{key}".encode()).decode()
    reply = client.get("/v1/status", headers={"Authorization": f"Basic {given}"})
    asked = client.get("/").headers["www-authenticate"]
    assert (reply.status_code, asked.partition(" ")[0]) == (200, "Basic")


def test_a_key_asks_no_more_often_than_it_may(client: TestClient, keys: Keyring) -> None:
    key, _ = keys.add("robot", rate=2)
    replies = [client.get("/v1/models", headers=bearer(key)) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert int(replies[2].headers["Retry-After"]) <= 30


def test_the_audit_says_who_asked_what(client: TestClient, keys: Keyring, archive: Archive) -> None:
    key, kept = keys.add("night desk")
    headers = {**bearer(key), "X-Request-ID": "night-1"}
    client.post("/v1/ask", json={"question": "Who bought it?"}, headers=headers)
    file = archive.folder / "audit.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    (line,) = [line for line in lines if line["request_id"] == "night-1"]
    told = {name: line[name] for name in ("key", "name", "path", "asked", "status")}
    assert told == {
        "key": kept.id, "name": "night desk", "path": "/v1/ask", "asked": "Who bought it?",
        "status": 200,
    }  # fmt: skip
    assert file.stat().st_mode & 0o077 == 0


def test_keys_are_added_listed_and_revoked_on_the_command_line(tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        command = ["keys", *arguments, "--json", "--archive", str(tmp_path)]
        done = CliRunner().invoke(morgue, command, catch_exceptions=False)
        return json.loads(done.stdout)

    added = run("add", "desk", "--collection", "news", "--rate", "9")
    listed = run("list")["keys"]
    revoked = run("revoke", "desk")["revoked"]
    with papers_at(tmp_path) as papers:
        reader = Keyring(papers).reader(added["key"])
    assert listed == [{k: v for k, v in added.items() if k not in {"schema", "key"}}]
    assert (listed[0]["collections"], listed[0]["rate"]) == (["news"], 9)
    assert [key["id"] for key in revoked] == [added["id"]]
    assert reader is None


def test_no_admin_is_kept_to_a_collection(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="whole archive"):
        Keyring(FolderPapers(tmp_path)).add("x", scope="admin", collections=["news"])


def test_nothing_is_served_to_others_while_nobody_has_a_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nobody can sign in or has a key"):
        serving.rules(tmp_path, "0.0.0.0", FolderPapers(tmp_path))
    Keyring(FolderPapers(tmp_path)).add("desk")
    far, near = (
        serving.rules(tmp_path, "0.0.0.0", FolderPapers(tmp_path)),
        serving.rules(tmp_path, "127.0.0.1", FolderPapers(tmp_path)),
    )
    assert (far.keys_needed, near.keys_needed) == (True, False)


# Ingest


def finished(client: TestClient, job: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    for _ in range(500):
        found: dict[str, Any] = client.get(f"/v1/ingest/{job['job_id']}", headers=headers).json()
        if found["finished_at"]:
            return found
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def test_an_admin_sends_articles_and_follows_their_job(client: TestClient, keys: Keyring) -> None:
    admin = bearer(keys.add("editor", scope="admin")[0])
    rows = [{"title": "Pear harvest", "text": "The pear harvest of Dunmark failed."}, {"text": 7}]
    body = "\n".join(json.dumps(row) for row in rows)
    reply = client.post("/v1/ingest?name=pears.jsonl", content=body, headers=admin)
    job = finished(client, reply.json(), admin)
    found = client.post("/v1/search", json={"query": "pear harvest Dunmark"}, headers=admin).json()
    assert (reply.status_code, reply.headers["location"]) == (202, f"/v1/ingest/{job['job_id']}")
    assert (job["state"], job["report"]["added"], len(job["report"]["failed"])) == ("done", 1, 1)
    assert found["hits"][0]["title"] == "Pear harvest"
    again = client.post("/v1/ingest?name=other.jsonl", content=body, headers=admin)
    assert finished(client, again.json(), admin)["report"]["unchanged"] == 1


def test_the_same_idempotency_key_is_the_same_job(client: TestClient, keys: Keyring) -> None:
    admin = {**bearer(keys.add("editor", scope="admin")[0]), "Idempotency-Key": "k1"}
    body = json.dumps({"title": "Plum harvest", "text": "The plum harvest of Dunmark failed."})
    first = client.post("/v1/ingest", content=body, headers=admin)
    again = client.post("/v1/ingest", content=body, headers=admin)
    other = client.post("/v1/ingest", content=body + "\n", headers=admin)
    finished(client, first.json(), admin)
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 422)
    assert first.json()["job_id"] == again.json()["job_id"]


@needs_tesseract
def test_a_scan_that_is_sent_is_recognised_where_its_languages_are_named(
    client: TestClient, keys: Keyring
) -> None:
    admin = bearer(keys.add("editor", scope="admin")[0])
    at = "/v1/ingest?name=scan.png"
    with_ocr = client.post(f"{at}&ocr=eng", content=printed(), headers=admin).json()
    without = client.post(at, content=printed("Another scan"), headers=admin).json()
    unknown = client.post(f"{at}&ocr=e!", content=printed("A third"), headers=admin).json()
    jobs = [finished(client, job, admin) for job in (with_ocr, without, unknown)]
    assert [job["state"] for job in jobs] == ["done", "done", "failed"]
    assert [job["report"] and job["report"]["added"] for job in jobs] == [1, 0, None]
    assert "is no language of tesseract" in jobs[2]["problem"]["error"]["message"]


@pytest.mark.parametrize("name", ["../../x.jsonl", "/etc/passwd", "a\x00b", "x" * 200])
def test_a_name_is_never_a_path(client: TestClient, keys: Keyring, name: str) -> None:
    admin = bearer(keys.add("editor", scope="admin")[0])
    body = json.dumps({"id": "fig", "title": "Fig harvest", "text": "The fig harvest failed."})
    reply = client.post("/v1/ingest", params={"name": name}, content=body, headers=admin)
    assert finished(client, reply.json(), admin)["state"] == "done"


def test_who_may_only_read_does_not_write(client: TestClient, keys: Keyring) -> None:
    reader = bearer(keys.add("desk")[0])
    replies = [
        client.post("/v1/ingest", content="{}", headers=reader),
        client.get("/v1/ingest/x", headers=reader),
    ]
    assert [reply.status_code for reply in replies] == [403, 403]


def test_a_file_that_is_too_long_is_refused(archive: Archive) -> None:
    read_in = partial(serving.read_in, archive)
    client = TestClient(create_app(Assistant(archive), Rules(most_ingested=10), read_in))
    assert client.post("/v1/ingest", content="x" * 11).status_code == 413


def test_a_wrong_format_is_a_failed_job_that_says_which_are_known(
    client: TestClient, keys: Keyring
) -> None:
    admin = bearer(keys.add("editor", scope="admin")[0])
    reply = client.post("/v1/ingest?format=nonsense", content="{}", headers=admin)
    job = finished(client, reply.json(), admin)
    assert (job["state"], job["problem"]["error"]["kind"]) == ("failed", "SettingsError")
