"""The doctor asks the model for a few words, and says how they came."""

import re

from assistant.models.probe import greet
from assistant.settings import Settings
from tests.openai_server import OpenAIServer, Reply

COUNTED = "one, two, three, four, five, six, seven, eight, nine, ten"


def test_no_model_is_as_it_may_be() -> None:
    found = greet(Settings(model="none"))
    assert (found.ok, found.found) == (True, "none is set up: answers are quotations")


def test_a_model_that_streams_is_told_with_its_pace() -> None:
    with OpenAIServer(Reply(text=COUNTED, pause=0.01)) as server:
        found = greet(Settings(base_url=server.url, model="scripted"))
    assert found.ok
    assert re.fullmatch(
        r"scripted streams, first words after \d+\.\d s, then \d+ characters/s", found.found
    )


def test_a_model_that_does_not_answer_is_told_with_what_to_do() -> None:
    with OpenAIServer(Reply(status=401)) as server:
        found = greet(Settings(base_url=server.url, model="scripted"))
    assert not found.ok
    assert found.hint
