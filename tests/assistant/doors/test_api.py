import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.doors.api import Rules, create_app
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
    QUOTE,
    SEARCHED,
    TIDES,
    Counts,
    ScriptedNewsroom,
    Shelf,
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
    assert (reply.status_code, reply.json()) == (200, {**expected, "next": None})


def test_search_returns_no_more_than_k(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"query": "harbour", "k": 1})
    assert [found["article_id"] for found in reply.json()["hits"]] == ["a1"]


def test_who_said_what_and_a_quotation_take_filters_and_an_id(
    client: TestClient, newsroom: ScriptedNewsroom
) -> None:
    filters = {"outlet": "Mast"}
    said = client.post("/v1/said", json={"speaker": "Lee", "id": "s", "filters": filters}).json()
    assert (said["id"], said["statements"], said["facets"]) == (
        "s",
        [],
        {"speaker": {}, "outlet": {}, "year": {}},
    )
    words = {"words": "no trade", "id": "q", "filters": filters}
    found = client.post("/v1/quote", json=words).json()
    assert (found["id"], found["verdict"], found["first"]) == ("q", "absent", None)
    assert newsroom.filters == [Filters(outlets=("Mast",))] * 2
    assert client.post("/v1/said", json={}).status_code == 422


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
        ("/v1/search", {"query": "x", "offset": 1001}, "offset: Input should be less than or eq"),
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


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/status?collection=city", None),
        ("GET", "/v1/articles/a1?versoin=2", None),
        ("GET", "/v1/records?k=1", None),
        ("POST", "/v1/ask?collection=city", {"question": "What did the ministry say?"}),
        ("POST", "/v1/search?outlet=Mast", {"query": "ferry"}),
    ],
)
def test_a_parameter_that_a_verb_does_not_have_is_refused(
    client: TestClient, method: str, path: str, body: object
) -> None:
    name = path.partition("?")[2].partition("=")[0]
    reply = client.request(method, path, json=body)
    told = f"query.{name}: Extra inputs are not permitted"
    assert (reply.status_code, reply.json()["error"]["message"]) == (422, told)


def test_openais_clients_are_told_of_it_by_its_name(client: TestClient) -> None:
    chat = {"model": "morgue", "messages": [{"role": "user", "content": "What was said?"}]}
    reply = client.post("/v1/chat/completions?outlet=Mast", json=chat)
    error = reply.json()["error"]
    told = (reply.status_code, error["param"], error["code"])
    assert told == (400, "outlet", "unknown_parameter")


def test_a_body_that_is_not_json_is_refused_in_the_same_shape(client: TestClient) -> None:
    reply = client.post(
        "/v1/ask", content=b"{question", headers={"content-type": "application/json"}
    )
    assert (reply.status_code, reply.json()["error"]["kind"]) == (422, "InvalidRequest")


def test_an_endless_body_is_refused_unread(newsroom: ScriptedNewsroom) -> None:
    client = TestClient(create_app(newsroom, Rules(most_bytes=1000)))
    reply = client.post("/v1/ask", content=json.dumps({"question": "x" * 2000}))
    assert (reply.status_code, reply.json()["detail"]) == (
        413,
        "the request is longer than 1,000 bytes",
    )


@pytest.mark.parametrize(
    ("failure", "status", "kind", "title"),
    [
        (ArchiveBusy("process 12 is writing", "wait for it"), 503, "ArchiveBusy", "Archive busy"),
        (
            ServiceDown("the model does not answer", "wait for it"),
            503,
            "ServiceDown",
            "Service down",
        ),
        (
            ServiceRefused("the model said no", "wait for it"),
            502,
            "ServiceRefused",
            "Service refused",
        ),
        (SettingsError("no such model 'x'", "wait for it"), 503, "SettingsError", "Settings error"),
        (ReadError("a.txt", "line 2", "not text", "wait for it"), 422, "ReadError", "Read error"),
    ],
)
def test_a_failure_is_a_problem_with_a_hint(
    failure: MorgueError, status: int, kind: str, title: str
) -> None:
    client = TestClient(create_app(ScriptedNewsroom(failure=failure)))
    body = {"question": "What did the ministry say?"}
    reply = client.post("/v1/ask", json=body, headers={"X-Request-ID": "q-1"})
    expected = {
        "type": f"/docs#{kind}",
        "title": title,
        "status": status,
        "detail": str(failure),
        "hint": "wait for it",
        "request_id": "q-1",
        "error": {
            "kind": kind,
            "message": str(failure),
            "hint": "wait for it",
            "type": kind,
            "code": kind,
            "param": None,
        },
    }
    assert (reply.status_code, reply.json()) == (status, expected)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_busy_archive_says_when_to_come_back() -> None:
    client = TestClient(create_app(ScriptedNewsroom(failure=ArchiveBusy("busy"))))
    reply = client.post("/v1/ask", json={"question": "What?"})
    assert reply.headers["Retry-After"] == "5"


def test_a_bug_is_a_500_that_shows_nothing_of_the_inside() -> None:
    newsroom = ScriptedNewsroom(failure=KeyError("a secret path"))
    client = TestClient(create_app(newsroom), raise_server_exceptions=False)
    reply = client.post("/v1/ask", json={"question": "What?"})
    assert reply.status_code == 500
    assert reply.json()["detail"] == "Morgue failed"
    assert "secret" not in reply.text


@pytest.mark.parametrize(
    ("path", "status", "kind"), [("/v1/ask", 405, "NotAllowed"), ("/x", 404, "NotFound")]
)
def test_a_wrong_address_is_refused_in_the_same_shape(
    client: TestClient, path: str, status: int, kind: str
) -> None:
    reply = client.get(path)
    assert (reply.status_code, reply.json()["error"]["kind"]) == (status, kind)


def test_no_other_site_may_ask(client: TestClient) -> None:
    body = {"question": "What did the ministry say?"}
    reply = client.post("/v1/ask", json=body, headers={"Origin": "https://evil.example"})
    allowed = [name for name in reply.headers if name.startswith("access-control-")]
    assert (reply.status_code, allowed) == (403, [])


def test_a_site_that_is_named_may_ask(newsroom: ScriptedNewsroom) -> None:
    site = "https://desk.example"
    client = TestClient(create_app(newsroom, Rules(origins=(site,))))
    body = {"question": "What did the ministry say?"}
    reply = client.post("/v1/ask", json=body, headers={"Origin": site})
    allowed = reply.headers["access-control-allow-origin"]
    assert (reply.status_code, allowed) == (200, site)


def test_a_request_that_names_another_host_is_refused(newsroom: ScriptedNewsroom) -> None:
    client = TestClient(
        create_app(newsroom, Rules(hosts=("127.0.0.1",))), base_url="http://evil.example"
    )
    assert client.get("/health").status_code == 400


def test_the_page_of_the_api_loads_nothing(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "POST /v1/ask" in page
    assert not any(loads in page for loads in ("<script", "<link", "src=", "http:", "https:"))


def steps_of(text: str) -> list[tuple[str, dict[str, object]]]:
    """Read an event stream."""
    events = [block.split("\n") for block in text.strip().split("\n\n") if block[0] != ":"]
    return [(name[7:], json.loads(data[6:])) for name, data in events]


@pytest.mark.parametrize("how", [{"stream": True}, {}])
def test_a_stream_tells_the_steps_of_the_page_and_ends_with_the_document(
    client: TestClient, how: dict[str, bool]
) -> None:
    question = "What did the ministry say?"
    accept = {} if how else {"Accept": "text/event-stream"}
    reply = client.post("/v1/ask", json={"question": question, **how}, headers=accept)
    steps = steps_of(reply.text)
    answer = to_json(harbour_answer(question))
    assert [name for name, _ in steps] == ["understood", "found", "said", "finished"]
    assert steps[2][1] == {"claim": answer["claims"][0], "citations": answer["citations"]}  # type: ignore[index]
    assert steps[3][1] == answer


def test_a_failure_within_a_stream_is_its_last_event() -> None:
    client = TestClient(create_app(ScriptedNewsroom(failure=ArchiveBusy("busy", "wait"))))
    steps = steps_of(client.post("/v1/ask", json={"question": "What?", "stream": True}).text)
    assert [name for name, _ in steps] == ["understood", "found", "error"]
    assert (steps[2][1]["status"], steps[2][1]["hint"]) == (503, "wait")


def test_an_article_says_its_parts_and_versions_and_a_span_of_it(client: TestClient) -> None:
    at = HARBOUR.text.index(QUOTE)
    where = {"version": 1, "start": at, "end": at + len(QUOTE)}
    found = client.get("/v1/articles/a1", params=where).json()
    assert found["text"] == HARBOUR.text
    assert found["parts"][0] == {"part": "headline", "start": 0, "end": 22, "author": None}
    assert [version["version"] for version in found["versions"]] == [1]
    assert found["span"] == {"start": at, "end": at + len(QUOTE), "text": QUOTE}
    assert not {"file", "where"} & set(found)


@pytest.mark.parametrize(
    ("path", "status"),
    [("a9", 404), ("a1?version=2", 404), ("a1?start=9&end=3", 422), ("a1?end=99999", 422)],
)
def test_an_article_that_is_not_there_is_a_problem(
    client: TestClient, path: str, status: int
) -> None:
    assert client.get(f"/v1/articles/{path}").status_code == status


def test_claims_are_held_against_the_spans_that_they_cite(client: TestClient) -> None:
    at = HARBOUR.text.index("Talks")
    source = {"article_id": "a1", "version": 1, "start": at, "end": at + 55}
    claims = [
        {"text": "Talks over the harbour at Ostrova ended without a deal.", "citations": [1]},
        {"text": "The mayor of Veldin resigned.", "citations": [1]},
        {"text": "Talks over the harbour ended.", "citations": [7]},
    ]
    found = client.post("/v1/verify", json={"claims": claims, "sources": [source]}).json()
    verdicts = [claim["verdict"] for claim in found["claims"]]
    assert verdicts == ["supported", "unsupported", "unsupported"]
    rests = found["claims"][0]["rests_on"]
    assert (rests["n"], rests["text"]) == (1, HARBOUR.text[rests["start"] : rests["end"]])
    assert found["claims"][2]["faults"] == ["cites [7], which does not exist"]
    assert found["faithfulness"] == pytest.approx(1 / 3)


def test_an_answer_can_be_sent_back_to_be_verified(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "What did the ministry say?"}).json()
    body = {"claims": answer["claims"], "sources": answer["citations"]}
    by_claims = client.post("/v1/verify", json=body).json()
    body = {"answer": answer["text"], "sources": answer["citations"]}
    by_text = client.post("/v1/verify", json=body).json()
    assert [claim["verdict"] for claim in by_claims["claims"]] == ["supported"]
    assert {claim["verdict"] for claim in by_text["claims"]} == {"supported"}


def test_without_sources_a_claim_is_held_against_the_archive(client: TestClient) -> None:
    claim = {"text": "Talks over the harbour at Ostrova ended without a deal."}
    (found,) = client.post("/v1/verify", json={"claims": [claim]}).json()["claims"]
    assert (found["verdict"], found["rests_on"]["article"]["article_id"]) == ("supported", "a1")


def test_status_and_readiness_are_told(client: TestClient) -> None:
    status = client.get("/v1/status").json()
    assert (status["articles"], status["from"], status["to"]) == (3, "2024-03-01", "2024-03-12")
    assert client.get("/ready").json() == {"status": "ready"}


def test_an_archive_whose_index_is_behind_is_not_ready() -> None:
    behind = ScriptedNewsroom(archive=Shelf(counts=Counts(change=2, words_at=1)))
    reply = TestClient(create_app(behind)).get("/ready")
    assert (reply.status_code, reply.json()["error"]["kind"]) == (503, "NotReady")


def test_an_answer_that_takes_too_long_is_given_up(newsroom: ScriptedNewsroom) -> None:
    client = TestClient(create_app(newsroom, Rules(seconds=0.2)))
    reply = client.post("/v1/ask", json={"question": "slow"})
    newsroom.gate.set()
    assert (reply.status_code, reply.json()["error"]["kind"]) == (504, "Timeout")


def test_every_reply_carries_the_id_of_its_request(client: TestClient) -> None:
    given = client.get("/health", headers={"X-Request-ID": "desk.7"}).headers["x-request-id"]
    made = client.get("/health", headers={"X-Request-ID": "x" * 99}).headers["x-request-id"]
    assert (given, len(made)) == ("desk.7", 32)
