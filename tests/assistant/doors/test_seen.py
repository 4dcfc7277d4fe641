"""What is seen from outside: figures, spans and the log; none of them holds a question's words."""

import io
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.api import Rules, create_app, log_to, logging_to
from assistant.doors.keyring import Keyring
from assistant.doors.telemetry import ENDPOINT, followed, telling
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from tests.newsroom import ScriptedNewsroom
from tests.openai_server import OpenAIServer
from tests.otlp_receiver import receiving

QUESTION = "What did the foreign ministry say about associate membership?"


def figures(text: str) -> dict[str, float]:
    """Return each sample by its name and the values of its labels."""
    return {
        " ".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_count_requests_answers_sentences_and_the_archive() -> None:
    client = TestClient(create_app(ScriptedNewsroom()))
    client.post("/v1/ask", json={"question": "What did the ministry say?"})
    client.post("/v1/ask", json={"question": "Who won the regatta?", "stream": True})
    client.get("/v1/articles/a1")
    client.get("/v1/articles/nonsense")
    client.get("/v1/nonsense/12345")
    client.get("/wp-login.php")
    reply = client.get("/metrics")
    found = figures(reply.text)
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    expected = {
        "morgue_requests_total /v1/ask 200 POST": 2,
        "morgue_requests_total /v1/articles/{article_id} 200 GET": 1,
        "morgue_requests_total /v1/articles/{article_id} 404 GET": 1,
        "morgue_requests_total 404 GET unknown": 1,
        "morgue_requests_total 404 GET page": 1,
        "morgue_request_seconds_count /v1/ask": 2,
        "morgue_answers_total answer quotes": 1,
        "morgue_answers_total not_enough quotes": 1,
        "morgue_sentences_total said": 1,
        "morgue_sentences_total left_out": 0,
        "morgue_archive_articles": 3,
        "morgue_archive_words_behind": 0,
    }
    told = {name: found.get(name) for name in expected}
    assert told == expected
    assert "regatta" not in reply.text
    assert "12345" not in reply.text


def test_the_figures_are_for_admins(tmp_path: Path) -> None:
    keys = Keyring(FolderPapers(tmp_path))
    client = TestClient(create_app(ScriptedNewsroom(), Rules(keys=keys, keys_needed=True)))
    told = [client.get("/metrics").status_code]
    for how in ({}, {"collections": ["news"]}, {"scope": "admin"}):
        key, _ = keys.add("scraper", **how)
        told.append(client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code)
    assert told == [401, 403, 403, 200]
    assert "/metrics" not in client.app.openapi()["paths"]  # type: ignore[attr-defined]


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with followed(provider):
        yield exporter
    provider.shutdown()


def outline(spans: tuple[ReadableSpan, ...]) -> set[tuple[str, str]]:
    """Return the name of each span after that of the span it is within."""
    names = {span.context.span_id: span.name for span in spans if span.context}
    return {
        (names.get(span.parent.span_id, "?") if span.parent else "", span.name) for span in spans
    }


def test_a_request_is_a_trace_from_understanding_to_the_check(
    exported: InMemorySpanExporter, sample: Archive
) -> None:
    client = TestClient(create_app(Assistant(sample)))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    body = {"question": QUESTION, "mode": "quotes"}
    client.post("/v1/ask", json=body, headers={"traceparent": parent, "X-Request-ID": "r-1"})
    found = exported.get_finished_spans()
    assert outline(found) == {
        ("?", "morgue.request"),
        ("morgue.request", "morgue.answer"),
        ("morgue.answer", "morgue.understand"),
        ("morgue.answer", "morgue.search"),
        ("morgue.search", "morgue.fuse"),
        ("morgue.answer", "morgue.read"),
        ("morgue.answer", "morgue.attribute"),
        ("morgue.answer", "morgue.check"),
        ("morgue.answer", "morgue.browse"),
    }
    assert {f"{span.context.trace_id:032x}" for span in found if span.context} == {parent[3:35]}
    by_name = {span.name: dict(span.attributes or {}) for span in found}
    assert by_name["morgue.request"] == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "morgue.request_id": "r-1",
    }
    answer = by_name["morgue.answer"]
    assert (answer["morgue.mode"], answer["morgue.outcome"]) == ("quotes", "answer")
    assert "ministry" not in " ".join(span.to_json() for span in found)


def test_a_model_s_calls_are_within_the_writing_without_its_words(
    exported: InMemorySpanExporter, sample: Archive
) -> None:
    with OpenAIServer("The ministry said nothing about it [1].\n") as server:
        settings = Settings(base_url=server.url, model="scripted")
        Assistant(sample, settings).ask(QUESTION, mode="written")
    found = exported.get_finished_spans()
    assert ("morgue.write", "llama_index.OpenAILike.stream_chat") in outline(found)
    assert ("morgue.answer", "morgue.write") in outline(found)
    assert "ministry" not in " ".join(span.to_json() for span in found)


def test_a_failure_is_told_by_its_kind_alone(exported: InMemorySpanExporter) -> None:
    client = TestClient(create_app(ScriptedNewsroom()), raise_server_exceptions=False)
    client.post("/v1/ask", json={"question": "bug"})
    (request,) = exported.get_finished_spans()
    assert (request.attributes or {})["error.type"] == "KeyError"
    assert "secret" not in request.to_json()


def test_words_are_told_where_they_are_asked_for(sample: Archive) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with followed(provider, words=True):
        Assistant(sample).ask(QUESTION, mode="quotes")
    told = [
        dict(span.attributes or {}).get("morgue.question") for span in exporter.get_finished_spans()
    ]
    assert QUESTION in told
    provider.shutdown()


def test_traces_and_metrics_go_to_the_endpoint(
    sample: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        monkeypatch.setenv(ENDPOINT, receiver.url)
        with telling() as telemetry:
            assert telemetry is not None
            assistant = Assistant(sample)
            telemetry.watch(assistant)
            client = TestClient(create_app(assistant, notes=[telemetry.ended]))
            client.post("/v1/ask", json={"question": QUESTION, "mode": "quotes"})
    assert receiver.told() >= {
        "morgue.request",
        "morgue.answer",
        "http.server.request.duration",
        "morgue.answers",
        "morgue.sentences",
        "morgue.archive.articles",
    }
    assert "ministry" not in receiver.text()


def test_nothing_is_told_without_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    with telling() as telemetry:
        assert telemetry is None


@pytest.mark.parametrize(("words", "asked"), [(False, None), (True, "Who won the regatta?")])
def test_the_log_is_a_line_of_json_for_each_request(words: bool, asked: str | None) -> None:
    stream, before = io.StringIO(), logging.getLogger().handlers[:]
    level = logging.getLogger().level
    log_to(stream, requests=True)
    try:
        client = TestClient(create_app(ScriptedNewsroom(), Rules(log_questions=words)))
        client.get("/health")
        body = {"question": "Who won the regatta?"}
        client.post("/v1/ask", json=body, headers={"X-Request-ID": "r-2"})
        logging.getLogger("morgue.history").warning("a record could not be kept")
    finally:
        logging.basicConfig(level=level, handlers=before, force=True)
        logging.getLogger("morgue.requests").setLevel(logging.NOTSET)
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    kept = {name: first[name] for name in ("request_id", "key", "method", "route", "status")}
    assert kept == {
        "request_id": "r-2", "key": None, "method": "POST", "route": "/v1/ask", "status": 200,
    }  # fmt: skip
    assert (first.get("asked"), first["level"], first["ms"] > 0) == (asked, "info", True)
    assert (second["level"], second["message"]) == ("warning", "a record could not be kept")


def fail() -> None:
    try:
        raise KeyError("regatta")  # noqa: TRY301 - what a library does
    except KeyError as error:
        raise ValueError("Who won the\n  regatta?") from error


@pytest.mark.parametrize("words", [True, False])
def test_whatever_is_printed_or_raised_is_a_line_of_the_log_without_its_words(words: bool) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        with logging_to(stream, requests=False, words=words):
            try:
                fail()
            except ValueError:
                traceback.print_exc()
                logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
            sys.stderr.write("the regatta")
    finally:
        logging.basicConfig(level=level, handlers=before, force=True)
        logging.getLogger("morgue.requests").setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert ("regatta" in stream.getvalue()) == words
    told = " ".join(line["message"] + line.get("exception", "") for line in lines)
    assert all(kind in told for kind in ("KeyError", "ValueError", "test_seen.py"))
