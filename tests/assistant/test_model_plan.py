"""A model may say what a question wants; nothing of it counts that the question does not say."""

import json

import pytest

from assistant.answer import Listing, Question
from assistant.ask import Assistant
from assistant.errors import ServiceDown
from assistant.history import Records
from assistant.models import prompts
from assistant.settings import Settings
from assistant.understand.model_plan import planned_by
from assistant.understand.plan import Shelved, planned
from assistant.understand.question import understand
from ingest.archive import Archive
from tests.fakes import ScriptedModel

SHELF = Shelved(["Post", "Mast"])
ASKED = "I need to know in how many pieces the Mast has had Lucan Tesh"


def read(reply: str | ServiceDown) -> Question:
    question = planned(understand(ASKED), SHELF)
    return planned_by(ScriptedModel(reply), prompts.load("plan"), question, SHELF)


def test_what_it_says_is_the_plan_and_says_whose_it_is() -> None:
    told = {"wants": "count", "names": ["Lucan Tesh"], "outlets": ["Mast"]}
    question = read(f"Here it is: {json.dumps(told)}")
    assert (question.plan.wants, question.plan.by, question.plan.listed) == ("count", "model", True)
    assert question.filters.outlets == ("Mast",)


def test_what_the_question_does_not_say_is_thrown_away() -> None:
    told = {"wants": "count", "names": ["Olaf Birk"], "query": "mine Tesh", "outlets": ["Echo"]}
    plan = read(json.dumps(told)).plan
    assert (plan.names, plan.query, plan.outlets) == ((), "Tesh", ())


@pytest.mark.parametrize(
    "reply",
    ["I cannot.", '{"wants": "everything"}', '{"wants": "list", "from": "soon"}', "{broken",
     ServiceDown("it is gone"), '{"wants": "compare", "parts": ["Tesh"]}'],
)  # fmt: skip
def test_what_is_no_plan_leaves_that_of_the_rules(reply: str | ServiceDown) -> None:
    assert read(reply) == planned(understand(ASKED), SHELF)


def test_it_is_asked_only_where_that_is_set(
    sample: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ScriptedModel(json.dumps({"wants": "count", "names": ["Lucan Tesh"]}))
    kept = Records(most=0)
    Assistant(sample, Settings(checker="words"), told, kept).ask(ASKED)
    assert not any("journalist" in message.text for asked in told.asked for message in asked)
    monkeypatch.setenv("MORGUE_PLAN", "model")
    outcome = Assistant(sample, Settings(checker="words"), told, kept).ask(ASKED)
    assert isinstance(outcome, Listing)
    assert outcome.total == 4
