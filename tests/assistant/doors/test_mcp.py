"""The MCP server, asked by the official client, in process and over HTTP."""

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent, TextResourceContents

from assistant.ask import Assistant
from assistant.doors import mcp as ours
from assistant.doors.api import Audit, Rules, create_app
from assistant.doors.keyring import Keyring, logged_in
from assistant.render import (
    article_to_json,
    hits_to_json,
    quote_to_json,
    sayings_to_json,
    to_json,
)
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.article import Filters
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import dispatch
from tests.loopback import serving
from tests.newsroom import ScriptedNewsroom

TESH = "What did Lucan Tesh withdraw?"
READING = ["search_archive", "list_articles", "ask_archive", "get_article", "verify_claim"]
READING += ["check_draft", "said", "find_quote", "list_watches"]
TOOLS = [*READING, "add_watch", "run_watches", "remove_watch"]


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes"))


def talk(server: Any, conversation: Callable[[Client], Awaitable[Any]], key: str = "") -> Any:
    async def held() -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx2.AsyncClient(headers=headers) as http:
            address = isinstance(server, str)
            way = streamable_http_client(server, http_client=http) if address else server
            async with Client(way) as client:
                return await conversation(client)

    return anyio.run(held)


def call(assistant: Assistant, tool: str, **arguments: object) -> CallToolResult:
    async def called(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    result = talk(ours.server(assistant), called)
    assert isinstance(result, CallToolResult)
    return result


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def resource(client: Client, address: str) -> str:
    (content,) = (await client.read_resource(address)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


def timeless(document: Any) -> Any:
    return {**document, "seconds": None, "record_id": None, "reading": None}


def test_the_tools_say_what_they_do_and_that_they_only_read(assistant: Assistant) -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = talk(ours.server(assistant), listed)
    assert [tool.name for tool in tools] == TOOLS
    assert all(tool.description for tool in tools)
    assert [tool.name for tool in tools if tool.annotations.read_only_hint] == READING
    assert [tool.input_schema.get("required", []) for tool in tools] == [
        ["query"], [], ["question"], ["article_id"], ["claim"], ["draft"], [], ["words"], [],
        ["name"], [], ["name"],
    ]  # fmt: skip


def test_asking_gives_the_document_of_the_library(assistant: Assistant) -> None:
    result = call(assistant, "ask_archive", question=TESH)
    assert timeless(result.structured_content) == timeless(to_json(assistant.ask(TESH)))
    assert "Lucan Tesh" in text(result)


def test_searching_gives_the_document_of_the_library(assistant: Assistant) -> None:
    within = {"from": "2020-01-01", "outlet": ["The Skarn Courier"]}
    result = call(assistant, "search_archive", query="ferry", k=3, within=within)
    day = datetime(2020, 1, 1, tzinfo=UTC).date()
    filters = Filters(since=day, outlets=("The Skarn Courier",))
    hits, searched = assistant.search("ferry", k=3, filters=filters)
    assert result.structured_content == json.loads(json.dumps(hits_to_json(hits, searched)))


def test_a_search_counts_what_it_is_asked_to(assistant: Assistant) -> None:
    result = call(assistant, "search_archive", query="ferry", k=1, facets=["speaker", "year"])
    counted = assistant.browse("ferry", k=0, facets=["speaker", "year"])
    document = result.structured_content or {}
    assert document["facets"] == {name: dict(of) for name, of in counted.facets.items()}
    assert document["total"] == counted.total
    assert "By speaker" in text(result)


def test_who_said_what_gives_the_document_of_the_library(assistant: Assistant) -> None:
    result = call(assistant, "said", speaker="Lucan Tesh", words="litre")
    found = sayings_to_json(assistant.said("Lucan Tesh", "litre"))
    assert result.structured_content == json.loads(json.dumps(found))
    assert "litre" in text(result)


def test_a_quotation_gives_the_document_of_the_library(assistant: Assistant) -> None:
    words = "Not one drop of that water"
    result = call(assistant, "find_quote", words=words)
    found = quote_to_json(assistant.quote(words))
    assert result.structured_content == json.loads(json.dumps(found))
    assert "[-drop-]" in text(result)


def test_an_article_is_shown_whole_by_tool_and_by_address(assistant: Assistant) -> None:
    article = assistant.archive.newest(1)[0]

    async def shown(client: Client) -> Any:
        tool = await client.call_tool("get_article", {"article_id": article.article_id})
        address = f"morgue://articles/{article.article_id}"
        whole, first = [await resource(client, f"{address}{v}") for v in ("", "/versions/1")]
        return tool, whole, first, await resource(client, "morgue://newest/50")

    tool, whole, first, listed = talk(ours.server(assistant), shown)
    document = tool.structured_content
    full = article_to_json(article)
    assert {name: document[name] for name in ("article_id", "text", "parts", "date")} == {
        name: full[name] for name in ("article_id", "text", "parts", "date")
    }
    assert not {"file", "where"} & document.keys()
    assert article.title in whole
    assert first == whole
    assert f"morgue://articles/{article.article_id}" in listed.splitlines()[0]


def test_a_claim_is_held_against_the_archive_an_article_or_a_text(assistant: Assistant) -> None:
    citation = assistant.ask(TESH).citations[0]
    claim, article = citation.text, citation.article
    found = call(assistant, "verify_claim", claim=claim).structured_content
    named = call(
        assistant, "verify_claim", claim=claim, article_ids=[article.article_id]
    ).structured_content
    for document in (found, named):
        assert document["claims"][0]["verdict"] == "supported"
    place = named["claims"][0]["rests_on"]
    assert place["article"]["article_id"] == article.article_id
    assert place["text"] == article.text[place["start"] : place["end"]]
    given = call(
        assistant,
        "verify_claim",
        claim="The mill of Oster Tarn burned in 1931.",
        sources=["The mill of Oster Tarn burned in 1913."],
    )
    assert given.structured_content is not None
    (told,) = given.structured_content["claims"]
    assert told["verdict"] != "supported"
    assert told["reason"].endswith("“The mill of Oster Tarn burned in 1913.”")
    assert told["rests_on"]["n"] == 1
    assert "1931" in text(given)


def test_who_is_meant_is_asked_in_words_where_nobody_is_named(assistant: Assistant) -> None:
    result = call(assistant, "said")
    assert result.is_error
    assert "name a speaker, or words" in str(result.content)


def test_what_is_not_there_is_said_in_words(assistant: Assistant) -> None:
    missing = call(assistant, "get_article", article_id="nothing")
    assert missing.is_error
    assert "the archive has no 'nothing'. `search_archive` finds what it has" in text(missing)

    async def read(client: Client) -> Any:
        with pytest.raises(MCPError, match="the archive has no 'nothing'"):
            await client.read_resource("morgue://articles/nothing")

    talk(ours.server(assistant), read)


def test_a_wrong_argument_is_named(assistant: Assistant) -> None:
    result = call(assistant, "search_archive", query="ferry", k=1000)
    assert result.is_error
    assert text(result) == "'k': input should be less than or equal to 50, not 1000."


def test_what_is_wrong_with_arguments_is_said_in_words_that_lead_nowhere_else(
    assistant: Assistant,
) -> None:
    result = call(assistant, "search_archive", k="many", sort="sideways")
    assert text(result).startswith("'query' is missing; 'k': input should be a valid integer")
    assert "'sort': input should be 'relevance'" in text(result)
    assert "http" not in text(result)
    assert "pydantic" not in text(result)


FIRST = {
    "search_archive": {"query": "ferry"},
    "list_articles": {"query": "ferry"},
    "ask_archive": {"question": TESH},
    "get_article": {"article_id": "x"},
    "verify_claim": {"claim": "The ferry sank."},
    "check_draft": {"draft": "The ferry sank."},
    "said": {"speaker": "Lee"},
    "find_quote": {"words": "The ferry sank."},
    "list_watches": {},
    "add_watch": {"name": "ships", "query": "ferry"},
    "run_watches": {},
    "remove_watch": {"name": "ships"},
}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    "strange", [{"outlet": "X"}, {"filters": {"outlet": "X"}}, {"within": {"outlets": "X"}}]
)
def test_an_argument_that_no_tool_has_is_refused(
    assistant: Assistant, tool: str, strange: dict[str, Any]
) -> None:
    result = call(assistant, tool, **FIRST[tool], **strange)
    assert result.is_error
    name = next(iter(strange))
    assert f"there is no argument '{name}" in text(result)
    own = f"there is no argument '{name}'" in text(result)
    assert own == (f"{tool} has:" in text(result))


def test_the_tools_say_that_they_take_nothing_else(assistant: Assistant) -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = talk(ours.server(assistant), listed)
    assert [tool.input_schema["additionalProperties"] for tool in tools] == [False] * len(TOOLS)


def test_articles_are_listed_and_counted_page_by_page(assistant: Assistant) -> None:
    first = call(assistant, "list_articles", query='"Perdita"', k=2, facets=["language"])
    assert first.structured_content
    found = first.structured_content
    assert (found["kind"], len(found["articles"]), found["next"]) == ("list", 2, "2")
    assert sum(found["facets"]["language"].values()) == found["total_with_copies"]
    assert found["text"] in " ".join(text(first).split())
    second = call(assistant, "list_articles", query='"Perdita"', k=2, next=found["next"])
    assert second.structured_content
    ids = [one["article_id"] for one in second.structured_content["articles"]]
    assert not set(ids) & {one["article_id"] for one in found["articles"]}


def test_one_value_stands_for_a_list_of_one(assistant: Assistant) -> None:
    article = assistant.archive.newest(1)[0]
    pairs: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        (tool, {"within": {name: "Skarn"}}, {"within": {name: ["Skarn"]}})
        for tool in ("search_archive", "ask_archive")
        for name in ("outlet", "language", "section", "collection")
    ]
    turn = {"question": "Who is Lucan Tesh?"}
    pairs.append(("ask_archive", {"history": turn}, {"history": [turn]}))
    pairs.append(("verify_claim", {"sources": "It sank."}, {"sources": ["It sank."]}))
    one = article.article_id
    pairs.append(("verify_claim", {"article_ids": one}, {"article_ids": [one]}))
    for tool, alone, listed in pairs:
        said = [call(assistant, tool, **FIRST[tool], **how) for how in (alone, listed)]
        assert not said[0].is_error, (tool, alone)
        first, second = (timeless(one.structured_content) for one in said)
        assert first == second, (tool, alone)


def test_how_far_an_answer_has_come_is_told_as_it_comes(assistant: Assistant) -> None:
    told: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert message is not None
        told.append(message)

    async def asked(client: Client) -> Any:
        return await client.call_tool("ask_archive", {"question": TESH}, progress_callback=note)

    result = talk(ours.server(assistant), asked)
    claims = [claim["text"] for claim in result.structured_content["claims"]]
    assert told[0] == f"Looking for: {TESH}"
    assert [message.split() for message in told[2:]] == [claim.split() for claim in claims]


def test_what_is_embargoed_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    row = {"text": "The lock of Mirrel will close for good.", "title": "Lock to close",
           "embargo_until": "2999-01-01T00:00:00Z", "id": "1"}  # fmt: skip
    file.write_text(json.dumps(row) + "\n")
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "a", create=True, settings=settings) as archive:
        ingest([file], archive)
        ((article_id,),) = archive.catalogue.connection.execute("SELECT article_id FROM articles")
        assistant = Assistant(archive, Settings(mode="quotes"))
        results = [
            call(assistant, "get_article", article_id=article_id),
            call(assistant, "get_article", article_id=article_id, version=1),
            call(assistant, "search_archive", query="lock of Mirrel"),
            call(assistant, "ask_archive", question="Will the lock of Mirrel close?"),
            call(assistant, "verify_claim", claim="The lock of Mirrel will close."),
            call(assistant, "verify_claim", claim="It will close.", article_ids=[article_id]),
        ]
    assert not [result for result in results if "for good" in result.model_dump_json()]
    assert [result.is_error for result in results] == [True, True, False, False, False, True]


# Over a pipe; the program of docs/mcp.md asks it so too


def test_every_tool_and_resource_is_noted_with_who_asked(
    assistant: Assistant, tmp_path: Path
) -> None:
    audit = Audit(tmp_path / "audit.jsonl")
    server = ours.server(assistant, [audit.note])
    article_id = assistant.archive.newest(1)[0].article_id
    arguments = FIRST | {"get_article": {"article_id": "nothing"}}

    async def everything(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        templates = (await client.list_resource_templates()).resource_templates
        for tool in tools:
            await client.call_tool(tool.name, arguments[tool.name])
        for template in templates:
            given = {"article_id": article_id, "number": 1}
            await client.read_resource(template.uri_template.format(**given))
        return len(tools) + len(templates)

    calls = talk(server, everything)
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert len(lines) == calls
    assert {(line["name"], line["key"], line["status"]) for line in lines} == {
        (logged_in().name, None, 200)
    }
    asked = {"ferry", TESH, "nothing", "The ferry sank.", "Lee", article_id, "ships", None}
    assert {line["asked"] for line in lines} == asked


@pytest.mark.embedded
@pytest.mark.parametrize("blocked", [False, True])
def test_the_command_keeps_the_audit_or_says_that_it_cannot(
    sample: Archive, tmp_path: Path, blocked: bool
) -> None:
    folder, errors = tmp_path / "news", tmp_path / "errors"
    shutil.copytree(sample.folder, folder)
    if blocked:
        (folder / "audit.jsonl").mkdir()
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--archive", str(folder)],
        env={**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "none"},
    )

    async def asked(client: Client) -> Any:
        return await client.call_tool("search_archive", {"query": "ferry"})

    with errors.open("w", encoding="utf-8") as errlog:
        result = talk(stdio_client(command, errlog=errlog), asked)
    assert not result.is_error
    said = errors.read_text(encoding="utf-8")
    if blocked:
        assert "who asks what is not kept" in said
        assert "MORGUE_AUDIT=false" in said
    else:
        assert said == ""
        (line,) = (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["asked"] == "ferry"


# Over HTTP


@pytest.fixture
def application() -> FastAPI:
    return create_app(ScriptedNewsroom(), Rules(hosts=("127.0.0.1",)))


def test_an_agent_asks_over_http_beside_the_api(application: FastAPI, assistant: Assistant) -> None:
    async def asked(client: Client) -> Any:
        return await client.call_tool("ask_archive", {"question": TESH})

    with serving(ours.mount(application, assistant)) as address:
        result = talk(f"{address}/mcp", asked)
    assert timeless(result.structured_content) == timeless(to_json(assistant.ask(TESH)))


def test_a_reader_of_some_collections_hears_of_no_other(
    tmp_path: Path, assistant: Assistant
) -> None:
    article = assistant.ask(TESH).citations[0].article
    keys = Keyring(FolderPapers(tmp_path))
    key, _ = keys.add("desk", collections=["elsewhere"])
    audit = tmp_path / "audit.jsonl"
    rules = Rules(keys=keys, keys_needed=True, audit=audit)
    application = create_app(ScriptedNewsroom(), rules)

    async def asked(client: Client) -> Any:
        calls: list[tuple[str, dict[str, Any]]] = [
            ("ask_archive", {"question": TESH}),
            ("search_archive", {"query": "Lucan Tesh", "within": {"collection": ["other"]}}),
            ("get_article", {"article_id": article.article_id}),
            ("verify_claim", {"claim": article.title}),
            ("verify_claim", {"claim": article.title, "article_ids": [article.article_id]}),
        ]
        results = [await client.call_tool(name, arguments) for name, arguments in calls]
        with pytest.raises(MCPError, match="the archive has no"):
            await client.read_resource(f"morgue://articles/{article.article_id}")
        return results, await resource(client, "morgue://newest/50")

    with serving(ours.mount(application, assistant)) as address:
        results, newest = talk(f"{address}/mcp", asked, key)
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    noted = {(line["name"], line["asked"]) for line in lines if line["asked"]}
    assert noted == {
        ("desk", TESH), ("desk", "Lucan Tesh"), ("desk", article.article_id),
        ("desk", article.title),
    }  # fmt: skip
    said = "".join(result.model_dump_json() for result in results)
    assert article.text.splitlines()[-1] not in said
    assert [result.is_error for result in results] == [False, False, True, False, True]
    assert newest == ""


def test_what_an_agent_watches_is_told_once(tmp_path: Path) -> None:
    with Archive.open(
        tmp_path / "watched", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        archive.put([dispatch(0)])
        ours_to_ask = Assistant(archive, Settings(mode="quotes"))
        saved = call(ours_to_ask, "add_watch", name="ships", query="Ostrova")
        assert saved.structured_content
        assert "/feeds/" in saved.structured_content["feed"]
        archive.put([dispatch(6), dispatch(1)])
        runs = [call(ours_to_ask, "run_watches").structured_content for _ in range(2)]
        told = [[one["hit"]["title"] for one in run["alerts"]] for run in runs if run]
        assert told == [[dispatch(6).title], []]
