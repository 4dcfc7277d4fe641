import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.api import create_app
from assistant.render import hits_to_json, to_json
from ingest.article import Filters
from ingest.errors import (
    ArchiveBusy,
    MorgueError,
    ReadError,
    ServiceDown,
    ServiceRefused,
    SettingsError,
)
from tests.newsroom import (
    HARBOUR,
    SEARCHED,
    TIDES,
    ScriptedNewsroom,
    harbour_answer,
    hit,
    no_answer,
)

Client = Callable[..., TestClient]


@pytest.fixture
def newsroom() -> ScriptedNewsroom:
    return ScriptedNewsroom()


@pytest.fixture
def client(newsroom: ScriptedNewsroom) -> TestClient:
    return TestClient(create_app(newsroom), raise_server_exceptions=False)


def test_ask_answers_the_document_of_the_command_line(client: TestClient) -> None:
    question = "What did the ministry say?"
    reply = client.post("/v1/ask", json={"question": question, "id": "q7"})
    expected = to_json(replace(harbour_answer(question), id="q7"))
    assert (reply.status_code, reply.json()) == (200, expected)


def test_what_the_archive_does_not_say_is_a_result_not_an_error(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": "Who won the regatta?"})
    assert (reply.status_code, reply.json()) == (200, to_json(no_answer("Who won the regatta?")))


def test_filters_mode_and_history_reach_the_assistant(
    client: TestClient, newsroom: ScriptedNewsroom
) -> None:
    body = {
        "question": "And the ministry?",
        "mode": "quotes",
        "filters": {
            "from": "2024-01-01",
            "to": "2024-12-31",
            "as_of": "2024-06-01",
            "outlet": ["The Ostrova Post", "Mast"],
            "language": "en",
            "section": ["Politics"],
            "collection": [],
            "comments": True,
        },
        "history": [{"question": "Who met?", "answer": "Nobody."}],
    }
    assert client.post("/v1/ask", json=body).status_code == 200
    expected = Filters(
        since=date(2024, 1, 1),
        until=date(2024, 12, 31),
        as_of=date(2024, 6, 1),
        outlets=("The Ostrova Post", "Mast"),
        languages=("en",),
        sections=("Politics",),
        comments=True,
    )
    assert newsroom.filters == [expected]
    assert newsroom.histories == [[Turn(question="Who met?", answer="Nobody.")]]
    assert newsroom.modes == ["quotes"]


def test_search_returns_hits_in_the_order_found(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"query": "harbour", "id": "s1"})
    expected = hits_to_json((hit(HARBOUR, 0.9), hit(TIDES, 0.25)), SEARCHED, "s1")
    assert (reply.status_code, reply.json()) == (200, expected)


def test_search_returns_no_more_than_k(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"query": "harbour", "k": 1})
    assert [found["article_id"] for found in reply.json()["hits"]] == ["a1"]


def test_health_counts_the_archive(client: TestClient) -> None:
    expected = {"status": "ok", "articles": 3, "embedded": 5, "pending": 1}
    assert client.get("/health").json() == expected


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("/v1/ask", {}, "question: Field required"),
        ("/v1/ask", {"question": "  "}, "question: String should have at least 1 character"),
        ("/v1/ask", {"question": "x" * 4001}, "question: String should have at most 4000"),
        ("/v1/ask", {"question": "x", "mode": "guess"}, "mode: Input should be 'auto', 'quotes'"),
        ("/v1/ask", {"question": "x", "filters": {"from": "May"}}, "filters.from: Input should"),
        ("/v1/ask", {"question": "x", "filter": {}}, "filter: Extra inputs are not permitted"),
        ("/v1/ask", {"question": "x", "history": [{}] * 51}, "history: List should have at most"),
        ("/v1/search", {"query": "x", "k": 0}, "k: Input should be greater than or equal to 1"),
        ("/v1/search", {"query": "x", "k": 101}, "k: Input should be less than or equal to 100"),
    ],
)
def test_a_request_that_cannot_be_understood_says_which_field(
    client: TestClient, path: str, body: object, complaint: str
) -> None:
    reply = client.post(path, json=body)
    failure = reply.json()["error"]
    assert (reply.status_code, failure["kind"]) == (422, "InvalidRequest")
    assert complaint in failure["message"]


def test_a_body_that_is_not_json_is_refused_in_the_same_shape(client: TestClient) -> None:
    reply = client.post(
        "/v1/ask", content=b"{question", headers={"content-type": "application/json"}
    )
    assert (reply.status_code, reply.json()["error"]["kind"]) == (422, "InvalidRequest")


def test_an_endless_body_is_refused_unread(newsroom: ScriptedNewsroom) -> None:
    client = TestClient(create_app(newsroom, most_bytes=1000))
    reply = client.post("/v1/ask", content=json.dumps({"question": "x" * 2000}))
    message = "the request is longer than 1,000 bytes"
    expected = {"error": {"kind": "InvalidRequest", "message": message, "hint": None}}
    assert (reply.status_code, reply.json()) == (413, expected)


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [
        (ArchiveBusy("process 12 is writing", "wait for it"), 503, "ArchiveBusy"),
        (ServiceDown("the model does not answer", "wait for it"), 503, "ServiceDown"),
        (ServiceRefused("the model said no", "wait for it"), 502, "ServiceRefused"),
        (SettingsError("no such model 'x'", "wait for it"), 503, "SettingsError"),
        (ReadError("a.txt", "line 2", "not text", "wait for it"), 422, "ReadError"),
    ],
)
def test_a_failure_is_words_with_a_hint(failure: MorgueError, status: int, kind: str) -> None:
    client = TestClient(create_app(ScriptedNewsroom(failure=failure)))
    reply = client.post("/v1/ask", json={"question": "What did the ministry say?"})
    expected = {"error": {"kind": kind, "message": str(failure), "hint": "wait for it"}}
    assert (reply.status_code, reply.json()) == (status, expected)


def test_a_busy_archive_says_when_to_come_back() -> None:
    client = TestClient(create_app(ScriptedNewsroom(failure=ArchiveBusy("busy"))))
    reply = client.post("/v1/ask", json={"question": "What?"})
    assert reply.headers["Retry-After"] == "5"


def test_a_bug_is_a_500_that_shows_nothing_of_the_inside() -> None:
    newsroom = ScriptedNewsroom(failure=KeyError("a secret path"))
    client = TestClient(create_app(newsroom), raise_server_exceptions=False)
    reply = client.post("/v1/ask", json={"question": "What?"})
    hint = "the server's log says where"
    expected = {"error": {"kind": "InternalError", "message": "Morgue failed", "hint": hint}}
    assert (reply.status_code, reply.json()) == (500, expected)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/ask", 405), ("GET", "/x", 404)]
)
def test_a_wrong_address_is_refused_in_the_same_shape(
    client: TestClient, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path)
    assert (reply.status_code, reply.json()["error"]["kind"]) == (status, "InvalidRequest")


def test_no_other_site_may_read_the_answers(client: TestClient) -> None:
    body = {"question": "What did the ministry say?"}
    reply = client.post("/v1/ask", json=body, headers={"Origin": "https://evil.example"})
    allowed = [name for name in reply.headers if name.startswith("access-control-")]
    assert allowed == []


def test_a_request_that_names_another_host_is_refused(newsroom: ScriptedNewsroom) -> None:
    client = TestClient(create_app(newsroom, hosts=["127.0.0.1"]), base_url="http://evil.example")
    assert client.get("/health").status_code == 400


def test_no_page_of_the_api_loads_scripts_from_elsewhere(client: TestClient) -> None:
    pages = [client.get(path).status_code for path in ("/docs", "/redoc")]
    assert pages == [404, 404]
