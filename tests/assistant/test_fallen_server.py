"""A Chroma server that does not answer is named in what is answered, found and counted."""

import html
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.api import create_app
from assistant.doors.api.application import ROUTERS
from assistant.doors.table_job import found_rows, quoted_rows
from assistant.factcheck.draft_text import plain
from assistant.history import Records
from assistant.render import hits_to_json, hits_to_text
from assistant.render.factcheck_document import draft_to_json
from assistant.render.factcheck_page import checked_draft_html
from assistant.render.factcheck_text import draft_to_text
from assistant.render.speech_documents import quote_to_json
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.errors import ServiceDown
from ingest.settings import IngestSettings
from tests.assistant.doors.test_mcp import TOOLS, call, text
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatches, mark_of

NOBODY = "..2015=http://127.0.0.1:9; 2016..=http://127.0.0.1:11"
TOLD = "Articles from 2016 on were not searched by meaning: their Chroma server does not answer."

ABSENT = "a zebra that nobody has ever painted in the harbour"
CLAIM = f"The council said that file {mark_of(3)} was lost in the harbour."
ASKED = f"What about file {mark_of(3)}?"
USER = {"role": "user", "content": ASKED}
BY_MEANING: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("POST", "/v1/ask"): {"json": {"question": ASKED}},
    ("POST", "/v1/search"): {"json": {"query": CLAIM}},
    ("POST", "/v1/verify"): {"json": {"claims": [{"text": CLAIM}]}},
    ("POST", "/v1/check"): {"json": {"text": CLAIM}},
    ("POST", "/v1/quote"): {"json": {"words": ABSENT}},
    ("POST", "/v1/chat/completions"): {"json": {"messages": [USER]}},
    ("POST", "/v1/responses"): {"json": {"input": ASKED}},
    ("POST", "/draft/checked"): {"data": {"text": CLAIM}},
    ("GET", "/quote"): {"params": {"words": ABSENT}},
}
"""Every route that looks by meaning, and what it is asked."""

BY_NONE = (
    "/v1/models", "/v1/ingest", "/v1/records", "/v1/said", "/v1/list", "/v1/articles", "/v1/status",
    "/v1/watches", "/a", "/article", "/draft", "/ingest", "/list", "/list.csv", "/said", "/sign-in",
    "/sign-out", "/account", "/talks", "/watches", "/looks",
)  # fmt: skip
"""What every other route begins with: what is kept, listed, or looked for by words alone; an
answer that is asked for again is shown as it is kept, with its warnings."""

TOOLS_BY_MEANING: Mapping[str, Mapping[str, Any]] = {
    "search_archive": {"query": CLAIM},
    "ask_archive": {"question": ASKED},
    "verify_claim": {"claim": CLAIM},
    "check_draft": {"draft": CLAIM},
    "find_quote": {"words": ABSENT},
}
TOOLS_BY_NONE = {
    "list_articles", "get_article", "said", "list_watches", "add_watch", "run_watches",
    "remove_watch",
}  # fmt: skip


@pytest.fixture
def fallen(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none", chroma_url=NOBODY)
    with Archive.open(
        tmp_path, create=True, settings=settings, embedder=HashingEmbedder(64)
    ) as archive:
        archive.put(dispatches(range(4)))  # of 2024
        with pytest.raises(ServiceDown):
            archive.embed()
        archive.meaning.exact = 0  # so that the servers are asked
        yield archive


def test_what_was_not_searched_is_said_with_what_was_found(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    hits, searched = desk.search(mark_of(3))
    assert [hit.article.key for hit in hits] == ["dispatch 3"]
    assert hits_to_json(hits, searched)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    assert TOLD in " ".join(hits_to_text(hits, searched).split())
    assert hits_to_json(*desk.search(mark_of(3), by="words"))["warnings"] == []
    outcome = desk.ask(f"What about file {mark_of(3)}?", mode="quotes")
    assert isinstance(outcome, Answer)
    assert TOLD in {notice.text for notice in outcome.warnings}


def test_what_was_not_searched_is_said_of_a_quotation_and_of_a_draft(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    absent = desk.quote("a zebra that nobody has ever painted in the harbour")
    assert absent.verdict == "absent"
    assert quote_to_json(absent)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    checked = desk.check(plain(f"The council said that file {mark_of(3)} was lost in the harbour."))
    assert draft_to_json(checked)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    assert TOLD in " ".join(draft_to_text(checked).split())
    assert TOLD in checked_draft_html(checked)
    assert desk.quote(f"file {mark_of(3)}").warnings == ()  # which words alone find


@pytest.mark.parametrize("door", BY_MEANING, ids=" ".join)
def test_every_route_that_looks_by_meaning_says_what_was_not_searched(
    fallen: Archive, door: tuple[str, str]
) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    with TestClient(web.mount(create_app(desk), desk)) as client:
        reply = client.request(*door, **BY_MEANING[door])
    assert reply.status_code == 200, reply.text
    assert TOLD in html.unescape(reply.text)


def test_an_answer_that_streams_says_it_as_soon_as_it_has_searched(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    with TestClient(create_app(desk)) as client:
        told = client.post("/v1/ask", json={"question": ASKED, "stream": True}).text
    events = dict(event.split("\n")[:2] for event in told.split("\n\n") if event)
    for step in ("found", "finished"):
        document = json.loads(events[f"event: {step}"].removeprefix("data: "))
        assert {one["text"] for one in document["warnings"]} >= {TOLD}


def test_a_new_route_is_a_decision_whether_it_looks_by_meaning() -> None:
    routes = {
        (method, route.path)
        for router in (*ROUTERS, *web.ROUTERS)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    rest = {path for method, path in routes - set(BY_MEANING)}
    assert routes >= set(BY_MEANING)
    assert [p for p in rest if not any(p == b or p.startswith(f"{b}/") for b in BY_NONE)] == []


@pytest.mark.parametrize("tool", TOOLS_BY_MEANING)
def test_every_tool_that_looks_by_meaning_says_what_was_not_searched(
    fallen: Archive, tool: str
) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    found = call(desk, tool, **TOOLS_BY_MEANING[tool])
    assert found.structured_content is not None
    assert {one["text"] for one in found.structured_content["warnings"]} == {TOLD}
    assert TOLD in " ".join(text(found).split())
    assert {*TOOLS_BY_MEANING, *TOOLS_BY_NONE} == set(TOOLS)


def test_tables_and_other_peoples_programs_are_told_what_was_not_searched(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    for rows in (
        found_rows(hits_to_json(*desk.search(CLAIM))),
        quoted_rows(quote_to_json(desk.quote(ABSENT))),
    ):
        assert all(row["warnings"] == [TOLD] for row in rows)
    with pytest.warns(RuntimeWarning, match="from 2016 on were not searched by meaning"):
        assert fallen.as_retriever(k=1).retrieve(CLAIM)


def test_each_server_is_named_with_its_years_and_whether_it_answers(fallen: Archive) -> None:
    told = [(one.years, one.holds, one.answers) for one in fallen.shards()]
    assert told == [
        ("..2015", "articles until 2015 and without a date", False),
        ("2016..", "articles from 2016 on", False),
    ]
