"""A model as a second judge, over real sockets: it answers, dawdles, rambles, refuses."""

import json
import math

import pytest

from assistant.evaluate.answers import Ruler, measure_answer
from assistant.evaluate.judge import TRIES, Judge, weigh
from assistant.evaluate.rows import AnsweredRow, row
from assistant.settings import Settings
from ingest.errors import ServiceRefused, SettingsError
from tests.openai_server import OpenAIServer, Reply


def judging(server: OpenAIServer, timeout: float = 5.0) -> Judge:
    return Judge("small", Settings(base_url=server.url, model_timeout=timeout))


def verdict(**probabilities: float) -> Reply:
    tried = [{"token": t, "logprob": math.log(p)} for t, p in probabilities.items()]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": next(iter(probabilities))},
        "logprobs": {"content": [{"top_logprobs": tried}]},
        "finish_reason": "length",
    }
    return Reply(raw=json.dumps({"choices": [choice], "usage": {"total_tokens": 7}}).encode())


def test_the_probability_of_yes_is_its_share_of_yes_and_no() -> None:
    with OpenAIServer(verdict(Yes=0.3, No=0.1, Perhaps=0.5)) as server:
        judge = judging(server)
        assert judge.probability("Nine were hurt.", ["Nine were hurt."]) == 0.75
        assert judge.tokens == 7
        (request,) = server.chats
    assert (request.body["max_tokens"], request.body["logprobs"]) == (1, True)
    assert "Nine were hurt." in request.body["messages"][-1]["content"]


@pytest.mark.parametrize(("said", "expected"), [("Yes.", 1.0), ("no", 0.0)])
def test_without_probabilities_its_word_counts(said: str, expected: float) -> None:
    with OpenAIServer(said) as server:
        assert judging(server).probability("c", ["p"]) == expected


@pytest.mark.parametrize(
    "reply",
    [Reply(text="Well, that depends"), Reply(raw=b"not json"), Reply(raw=b'{"choices": []}'),
     Reply(raw=b"[]"), Reply(status=500), Reply(status=429), Reply(text="yes", delay=30.0)],
)  # fmt: skip
def test_what_gives_no_verdict_is_tried_once_more_and_then_unscored(reply: Reply) -> None:
    with OpenAIServer(reply) as server:
        assert judging(server, timeout=1.0).probability("c", ["p"]) is None
        assert len(server.chats) == TRIES


def test_a_second_try_may_succeed() -> None:
    with OpenAIServer(Reply(status=500), "yes") as server:
        assert judging(server).probability("c", ["p"]) == 1.0


def test_a_judge_that_refuses_everybody_stops_the_run() -> None:
    with OpenAIServer(Reply(status=401)) as server, pytest.raises(ServiceRefused, match="401"):
        judging(server).probability("c", ["p"])


def test_a_judge_without_a_server_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="no server that has it"):
        Judge("small", Settings())


def test_an_unscored_claim_is_counted_and_never_right() -> None:
    found = row({"response": "Ten were hurt.", "contexts": ["Nine were hurt."]}, "1")
    assert isinstance(found, AnsweredRow)
    with OpenAIServer("hm") as server:
        result = measure_answer(found, Ruler(judge=judging(server).probability))
    assert "judge: no verdict after a second try" in result.unscored
    assert "judge_faithfulness" not in result.shares


def test_alternatives_that_mean_neither_do_not_count() -> None:
    assert weigh([("maybe", -0.1)]) is None
    assert weigh([(" YES", math.log(0.5)), ("yes", math.log(0.25)), ("n", math.log(0.25))]) == 0.75
