"""The OpenAI-compatible door, by OpenAI's own client over a real server."""

import re
from collections.abc import Iterator

import openai
import pytest

from assistant.answer import Turn
from assistant.doors.api import Rules, create_app
from assistant.render import to_json
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
    assert [model.id for model in client.models.list()] == [
        "morgue",
        "morgue-quotes",
        "morgue-written",
    ]
    assert client.models.retrieve("morgue").owned_by == "morgue"


def test_an_unknown_model_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="other", messages=ASKED)
    assert caught.value.code == "model_not_found"
    assert "known: morgue" in str(caught.value.body)


def test_a_conversation_without_a_question_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(
            model="morgue", messages=[{"role": "assistant", "content": "Hello."}]
        )


def test_a_failure_in_a_stream_is_the_clients_own_error(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError, match="process 12"):
        for _ in client.chat.completions.create(
            model="morgue", messages=[{"role": "user", "content": "busy"}], stream=True
        ):
            pass
