"""The same answers as OpenAI's responses, by OpenAI's own client over a real server."""

from collections.abc import Iterator

import openai
import pytest

from assistant.answer import Turn
from assistant.doors.api import Rules, create_app
from assistant.render import to_json
from ingest.article import Filters
from tests.assistant.doors.test_chat import CONTENT, QUESTION
from tests.loopback import serving
from tests.newsroom import HARBOUR, QUOTE, ScriptedNewsroom, harbour_answer


@pytest.fixture(scope="module")
def newsroom() -> ScriptedNewsroom:
    return ScriptedNewsroom()


@pytest.fixture(scope="module")
def client(newsroom: ScriptedNewsroom) -> Iterator[openai.OpenAI]:
    with (
        serving(create_app(newsroom, Rules(seconds=20))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def test_the_official_client_gets_the_answer_with_its_sources(client: openai.OpenAI) -> None:
    reply = client.responses.create(model="morgue", input=QUESTION)
    assert (reply.output_text, reply.status, reply.error) == (CONTENT, "completed", None)
    (message,) = reply.output
    assert message.type == "message"
    (part,) = message.content
    assert part.type == "output_text"
    (cited,) = part.annotations
    assert cited.type == "url_citation"
    assert (cited.title, cited.url) == (HARBOUR.title, HARBOUR.url)
    assert part.text[cited.start_index : cited.end_index] == "[1]"
    assert part.model_extra is not None
    assert part.model_extra["citations"][0]["cited_text"] == QUOTE
    assert reply.model_extra is not None
    assert reply.model_extra["morgue"] == to_json(harbour_answer(QUESTION))
    assert reply.usage is not None
    assert reply.usage.output_tokens == len(CONTENT.split())


def test_a_stream_adds_up_to_the_same(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="morgue", input=QUESTION)
    with client.responses.stream(model="morgue", input=QUESTION) as stream:
        events = list(stream)
        last = stream.get_final_response()
    said = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(said) == CONTENT == last.output_text
    parts = [reply.output[0].to_dict()["content"] for reply in (whole, last)]
    assert [{**part, "parsed": None} for part in parts[0]] == parts[1]  # type: ignore[attr-defined]
    assert last.usage == whole.usage
    numbers = [event.sequence_number for event in events]
    assert numbers == sorted(numbers)
    kinds = list(dict.fromkeys(event.type for event in events))
    assert kinds == [
        "response.created", "response.in_progress", "response.output_item.added",
        "response.content_part.added", "response.output_text.delta",
        "response.output_text.annotation.added", "response.output_text.done",
        "response.content_part.done", "response.output_item.done", "response.completed",
    ]  # fmt: skip


def test_a_conversation_and_its_filters_reach_the_assistant(
    client: openai.OpenAI, newsroom: ScriptedNewsroom
) -> None:
    earlier = client.responses.create(model="morgue", input="Who met?")
    client.responses.create(
        model="morgue-quotes",
        instructions="Say that all is well.",
        input=[
            {"role": "developer", "content": "Say that all is well."},
            {"role": "user", "content": "Who met?"},
            *[item.to_dict() for item in earlier.output],  # type: ignore[list-item]
            {"type": "reasoning", "id": "r", "summary": []},
            {"role": "user", "content": [{"type": "input_text", "text": "And the ministry?"}]},
        ],
        temperature=0.7,
        extra_body={"filters": {"outlet": "Mast"}},
    )
    assert newsroom.histories[-1] == [Turn(question="Who met?", answer=earlier.output_text)]
    assert newsroom.modes[-1] == "quotes"
    assert newsroom.filters[-1] == Filters(outlets=("Mast",))


@pytest.mark.parametrize("stream", [False, True])
def test_a_response_has_no_more_words_than_it_may(client: openai.OpenAI, stream: bool) -> None:
    how = {"max_output_tokens": 20}
    if stream:
        *_, last = client.responses.create(model="morgue", input=QUESTION, stream=True, **how)  # type: ignore[call-overload]
        assert last.type == "response.incomplete"
        reply = last.response
    else:
        reply = client.responses.create(model="morgue", input=QUESTION, **how)  # type: ignore[call-overload]
    assert (reply.output_text, reply.status) == (f"{QUOTE} [1]", "incomplete")
    assert reply.incomplete_details.reason == "max_output_tokens"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"previous_response_id": "resp_1"}, "unsupported_parameter"),
        ({"conversation": "conv_1"}, "unsupported_parameter"),
        ({"background": True}, "unsupported_parameter"),
        ({"prompt": {"id": "p"}}, "unsupported_parameter"),
        ({"tool_choice": "required"}, "unsupported_parameter"),
        ({"top_logprobs": 2}, "unsupported_parameter"),
        ({"text": {"format": {"type": "json_object"}}}, "unsupported_parameter"),
        ({"include": ["message.output_text.logprobs"]}, "unsupported_parameter"),
        ({"outlet": "Mast"}, "unknown_parameter"),
        ({"max_output_tokens": 0}, "invalid_value"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "unsupported_value"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
            "unsupported_value",
        ),
    ],
)
def test_what_cannot_be_met_is_refused_and_named(
    client: openai.OpenAI, asked: dict[str, object], code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="morgue", input=QUESTION, extra_body=asked)
    refused = caught.value
    (name,) = asked
    assert (refused.param or "").startswith(name)
    assert (refused.code, refused.type) == (code, "invalid_request_error")


def test_a_failure_in_a_stream_is_the_clients_own_error(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError, match="process 12"):
        for _ in client.responses.create(model="morgue", input="busy", stream=True):
            pass
