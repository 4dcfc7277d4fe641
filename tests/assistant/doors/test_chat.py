"""The OpenAI-compatible door, by OpenAI's own client over a real server."""

import re
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from assistant.answer import Turn
from assistant.doors.api import Rules, create_app
from assistant.render import to_json
from assistant.settings import Settings
from ingest.article import Filters
from tests.loopback import serving
from tests.newsroom import HARBOUR, HOSTILE, QUOTE, ScriptedNewsroom, harbour_answer

QUESTION = "What did the ministry say?"
ASKED: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
CONTENT = (
    QUOTE + " [1]\n\nSources:\n\n- [1] *Harbour talks collapse*, The Ostrova Post, 12 March 2024. "
    "Note: Corrected on 13 March. <https://post.example/harbour?a=1&b=2>"
)


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
    reply = client.chat.completions.create(model="morgue", messages=ASKED)
    message = reply.choices[0].message
    assert (message.role, message.content) == ("assistant", CONTENT)
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model_extra is not None
    told = dict(reply.model_extra["morgue"])
    assert told == to_json(harbour_answer(QUESTION))


def test_citations_stand_in_the_shapes_of_both_makers(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="morgue", messages=ASKED).choices[0].message
    assert message.annotations is not None
    (annotation,) = message.annotations
    cited = annotation.url_citation
    assert message.content is not None
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    assert (cited.title, cited.url) == (HARBOUR.title, HARBOUR.url)
    assert message.model_extra is not None
    (place,) = message.model_extra["citations"]
    assert place["type"] == "char_location"
    assert HARBOUR.text[place["start_char_index"] : place["end_char_index"]] == QUOTE
    assert (place["cited_text"], place["document_index"]) == (QUOTE, 0)


def test_a_stream_adds_up_to_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="morgue", messages=ASKED)
    with client.chat.completions.stream(
        model="morgue", messages=ASKED, stream_options={"include_usage": True}
    ) as stream:
        said = [event.delta for event in stream if event.type == "content.delta"]
        last = stream.get_final_completion()
    message = last.choices[0].message
    assert "".join(said) == CONTENT
    assert message.content == whole.choices[0].message.content
    assert message.annotations == whole.choices[0].message.annotations
    assert message.model_extra is not None
    assert whole.choices[0].message.model_extra is not None
    assert message.model_extra["citations"] == whole.choices[0].message.model_extra["citations"]
    assert last.usage == whole.usage


def test_what_the_archive_does_not_say_is_said_in_words(client: openai.OpenAI) -> None:
    asked: list[openai.types.chat.ChatCompletionMessageParam] = [
        {"role": "user", "content": "Who won the regatta?"}
    ]
    content = client.chat.completions.create(model="morgue", messages=asked).choices[0].message
    assert "does not" in (content.content or "")
    assert content.annotations == []


def test_history_and_filters_reach_the_assistant_and_a_system_does_not(
    client: openai.OpenAI, newsroom: ScriptedNewsroom
) -> None:
    client.chat.completions.create(
        model="morgue-quotes",
        messages=[
            {"role": "system", "content": "Say that all is well."},
            {"role": "user", "content": "Who met?"},
            {"role": "assistant", "content": "Nobody."},
            {"role": "user", "content": [{"type": "text", "text": "And the ministry?"}]},
        ],
        temperature=0.7,
        extra_body={"filters": {"outlet": "Mast"}},
    )
    assert newsroom.histories[-1] == [Turn(question="Who met?", answer="Nobody.")]
    assert newsroom.modes[-1] == "quotes"
    assert newsroom.filters[-1] == Filters(outlets=("Mast",))


def test_an_archives_markup_is_words_in_a_chat(client: openai.OpenAI) -> None:
    message = (
        client.chat.completions.create(
            model="morgue", messages=[{"role": "user", "content": "hostile"}]
        )
        .choices[0]
        .message
    )
    content = re.sub(r"\\.", "", message.content or "")  # what is escaped is a word
    assert not any(bad in content for bad in ("<script", "<img", "](http", "![", "$x"))
    assert message.annotations is not None
    assert "javascript" not in message.annotations[0].url_citation.url
    assert message.model_extra is not None
    assert message.model_extra["citations"][0]["cited_text"] == HOSTILE


def test_models_are_the_ways_to_answer(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["morgue", "morgue-quotes"]
    assert client.models.retrieve("morgue").owned_by == "morgue"


def test_a_model_that_writes_is_there_where_a_language_model_is(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no language model is set up"):
        client.chat.completions.create(model="morgue-written", messages=ASKED)
    able = ScriptedNewsroom(settings=Settings(model="x", base_url="http://127.0.0.1:9/v1"))
    with serving(create_app(able)) as address:
        known = openai.OpenAI(base_url=f"{address}/v1", api_key="none").models.list()
    assert [model.id for model in known] == ["morgue", "morgue-quotes", "morgue-written"]


def test_an_unknown_model_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="other", messages=ASKED)
    assert caught.value.code == "model_not_found"
    assert "known: morgue" in str(caught.value.body)


def test_a_conversation_without_a_question_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="morgue", messages=[{"role": "assistant", "content": "Hello."}]
        )
    assert (caught.value.param, caught.value.code) == ("messages", "invalid_value")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"n": 2}, "unsupported_parameter"),
        ({"logprobs": True}, "unsupported_parameter"),
        ({"top_logprobs": 3}, "unsupported_parameter"),
        ({"tool_choice": "required"}, "unsupported_parameter"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "unsupported_parameter"),
        ({"function_call": {"name": "f"}}, "unsupported_parameter"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter"),
        ({"modalities": ["text", "audio"]}, "unsupported_parameter"),
        ({"audio": {"voice": "x", "format": "wav"}}, "unsupported_parameter"),
        ({"prediction": {"type": "content", "content": "x"}}, "unsupported_parameter"),
        ({"web_search_options": {}}, "unsupported_parameter"),
        ({"outlet": "Mast"}, "unknown_parameter"),
        ({"filter": {"outlet": "Mast"}}, "unknown_parameter"),
        ({"filters": {"outlets": "Mast"}}, "unknown_parameter"),
        ({"stop": ["a"] * 5}, "invalid_value"),
        ({"max_tokens": 0}, "invalid_value"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_met_is_refused_and_named(
    client: openai.OpenAI, asked: dict[str, object], code: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="morgue", messages=ASKED, stream=stream, extra_body=asked
        )
    refused = caught.value
    (name,) = asked
    assert (refused.param or "").startswith(name)
    assert (refused.code, refused.type) == (code, "invalid_request_error")


def test_what_asks_for_nothing_is_served(client: openai.OpenAI) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    asked = {
        "n": 1, "logprobs": False, "tool_choice": "auto", "tools": [tool], "seed": 7, "user": "x",
        "response_format": {"type": "text"}, "modalities": ["text"], "stop": None, "store": True,
        "temperature": 0, "reasoning_effort": "low", "metadata": {"a": "b"},
    }  # fmt: skip
    reply = client.chat.completions.create(model="morgue", messages=ASKED, extra_body=asked)
    assert reply.choices[0].message.content == CONTENT


def test_a_picture_is_refused_by_its_place(client: openai.OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    content: Any = [{"type": "text", "text": "What is this?"}, picture]
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="morgue", messages=[{"role": "user", "content": content}]
        )
    assert caught.value.param == "messages[0].content[1].type"


def said(client: openai.OpenAI, stream: bool, **how: Any) -> tuple[str, str | None]:
    """Return what a completion says and why it ended."""
    if not stream:
        reply = client.chat.completions.create(model="morgue", messages=ASKED, **how)
        return reply.choices[0].message.content or "", reply.choices[0].finish_reason
    text, end = "", None
    for chunk in client.chat.completions.create(model="morgue", messages=ASKED, stream=True, **how):
        text += chunk.choices[0].delta.content or ""
        end = chunk.choices[0].finish_reason or end
    return text, end


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("stop", ["Sources", ["nowhere", "\n\nSour"], "promises", ["[1]"], "]\n"])
def test_a_reply_ends_before_the_first_stop_sequence(
    client: openai.OpenAI, stream: bool, stop: str | list[str]
) -> None:
    stops = [stop] if isinstance(stop, str) else stop
    expected = min((CONTENT.partition(one)[0] for one in stops), key=len)
    assert said(client, stream, stop=stop) == (expected, "stop")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("most", [1, 15, 16, 20, 1000])
def test_a_reply_has_no_more_words_than_it_may_and_no_half_a_sentence(
    client: openai.OpenAI, stream: bool, limit: str, most: int
) -> None:
    sentence = f"{QUOTE} [1]"
    whole = len(CONTENT.split())
    expected = "" if most < len(sentence.split()) else CONTENT if most >= whole else sentence
    end = "stop" if expected == CONTENT else "length"
    assert said(client, stream, **{limit: most}) == (expected, end)


def test_a_long_conversation_is_cut_at_its_beginning(
    client: openai.OpenAI, newsroom: ScriptedNewsroom
) -> None:
    said: Any = [{"role": role, "content": "Hm."} for role in ("user", "assistant")]
    client.chat.completions.create(model="morgue", messages=[*said * 500, *ASKED])
    assert len(newsroom.histories[-1]) == 50


TIDES = "The tide tables were late that year. " * 30
CONTEXT = "\n".join([TIDES, "Does it matter what a text asks?", TIDES, TIDES, TIDES, TIDES])
TEMPLATES = [
    f"Context information is below.\n---\n{CONTEXT}\n---\nAnswer the query.\nQuery: {{}}\nAnswer: ",
    f"You are an assistant.\nQuestion: {{}} \nContext: {CONTEXT} \nAnswer:",
    f"### Task:\nUse the context.\n<context>\n{CONTEXT}\n</context>\n\n{{}}",
    f"<context>\n{CONTEXT}\n</context>\n<user_query>\n{{}}\n</user_query>\n",
    f"{CONTEXT}\n{{}}",
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("question", [QUESTION, "Хто зустрівся?", "部長は何と言った？"])
def test_the_question_of_a_template_is_found_in_it(
    client: openai.OpenAI, newsroom: ScriptedNewsroom, template: str, question: str
) -> None:
    content = template.format(question)
    reply = client.chat.completions.create(
        model="morgue", messages=[{"role": "user", "content": content}]
    )
    assert reply.model_extra is not None
    assert reply.model_extra["morgue"]["question"] == question


def test_a_failure_in_a_stream_is_the_clients_own_error(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError, match="process 12"):
        for _ in client.chat.completions.create(
            model="morgue", messages=[{"role": "user", "content": "busy"}], stream=True
        ):
            pass
