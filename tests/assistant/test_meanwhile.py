"""While a model writes, the quotations of the answer without one stand already."""

import itertools

import pytest

from assistant.answer import Finished, Found, Meanwhile, Mode, Said, Step, Understood
from assistant.ask import Assistant
from assistant.errors import ServiceDown
from assistant.settings import Settings
from ingest.archive import Archive
from tests.fakes import ScriptedModel

PERDITA = "How many people were aboard the Perdita?"
WROTE = "A passenger ferry with 187 people aboard ran on to rocks off Skarn Island. [1]\n"


def steps(sample: Archive, model: ScriptedModel, mode: Mode = "auto") -> list[Step]:
    return list(Assistant(sample, Settings(mode=mode), model).steps(PERDITA))


def test_the_quotations_come_before_the_model_is_asked(sample: Archive) -> None:
    model = ScriptedModel(WROTE)
    desk = Assistant(sample, Settings(mode="auto"), model)
    seen = [(type(step), len(model.asked)) for step in desk.steps(PERDITA)]
    kinds = [kind for kind, _ in itertools.groupby(kind for kind, _ in seen)]
    assert kinds == [Understood, Found, Meanwhile, Said, Finished]
    assert dict(seen)[Meanwhile] == 0


def test_they_are_the_answer_without_a_model(sample: Archive) -> None:
    stood = next(s for s in steps(sample, ScriptedModel(WROTE)) if isinstance(s, Meanwhile))
    outcome = Assistant(sample, Settings(mode="quotes")).ask(PERDITA)
    quoted = [(claim.text, claim.speaker, claim.verdict) for claim in outcome.claims]
    shown = [(claim.text, claim.speaker, claim.verdict) for claim in stood.answer.claims]
    # What was left open is what sources do not agree on: it is compared once all is said.
    assert shown == quoted[: len(shown)]
    assert (stood.answer.mode, len(shown) > 0) == ("quotes", True)


@pytest.mark.parametrize("model", [WROTE, "NOT IN THE ARCHIVE", ServiceDown("gone", "wait")])
def test_what_is_written_counts_its_own_sources_whatever_the_quotations_cite(
    sample: Archive, model: str | ServiceDown
) -> None:
    last = steps(sample, ScriptedModel(model))[-1]
    assert isinstance(last, Finished)
    numbers = [citation.n for citation in last.outcome.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {n for claim in last.outcome.claims for n in claim.citations}
    assert cited <= set(numbers)


def test_nothing_stands_in_where_no_model_is_to_write(sample: Archive) -> None:
    kinds = {type(step) for step in steps(sample, ScriptedModel(WROTE), "quotes")}
    assert Meanwhile not in kinds
