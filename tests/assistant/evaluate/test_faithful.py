"""One answer, no archive: for other programs, for pytest and for LlamaIndex."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import Assistant
from assistant.evaluate.adapters import MorgueFaithfulnessEvaluator
from assistant.evaluate.faithful import check
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.errors import MorgueError

SOURCE = "Nine people were hurt when the ferry struck the rocks at Skarn, the coastguard said."
GOOD = "Nine people were hurt when the ferry struck the rocks."
BAD = "Forty people drowned when the tanker exploded in Portellin."


def test_an_answer_is_as_faithful_as_the_share_of_its_sentences_that_are_supported() -> None:
    found = check({"response": f"{GOOD} {BAD}", "retrieved_contexts": [SOURCE]})
    assert found.score == 0.5
    assert [claim.claim for claim in found.unsupported] == [BAD]
    assert repr(BAD) in found.told(0.9)


def test_an_answer_without_sources_cannot_be_scored_and_says_why() -> None:
    found = check({"response": GOOD})
    assert found.score is None
    assert "there is no source with text" in found.why


def test_an_answer_that_claims_nothing_is_faithful() -> None:
    assert check({"response": "", "retrieved_contexts": [SOURCE]}).score == 1.0


def test_an_answer_of_quotations_is_faithful_by_construction(sample: Archive) -> None:
    assistant = Assistant(sample, Settings(model="none"))
    found = check(assistant.ask("What did Judge Acker say about the ferry timetable?"))
    assert found.score == 1.0
    assert {claim.verdict for claim in found.claims} == {"verbatim"}


def test_the_evaluator_passes_what_is_supported_and_says_what_is_not() -> None:
    evaluator = MorgueFaithfulnessEvaluator(at_least=0.9)
    good = evaluator.evaluate(query="Who?", response=GOOD, contexts=[SOURCE])
    bad = evaluator.evaluate(query="Who?", response=BAD, contexts=[SOURCE])
    assert (good.passing, good.score) == (True, 1.0)
    assert (bad.passing, bad.score) == (False, 0.0)
    assert repr(BAD) in (bad.feedback or "")


def test_a_response_without_contexts_is_invalid_and_no_pass() -> None:
    found = MorgueFaithfulnessEvaluator().evaluate(response=GOOD, contexts=[])
    assert (found.invalid_result, found.passing, found.score) == (True, None, None)


def test_the_fixture_fails_a_test_of_somebody_elses_project(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        f"""
def test_good(assert_faithful):
    assert_faithful({{"response": {GOOD!r}, "retrieved_contexts": [{SOURCE!r}]}}, at_least=0.9)

def test_bad(assert_faithful):
    assert_faithful({{"response": {BAD!r}, "retrieved_contexts": [{SOURCE!r}]}})

def test_nothing_to_hold_it_against(assert_faithful):
    assert_faithful({{"response": {GOOD!r}}})
"""
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 passed" in done.stdout
    assert "2 failed" in done.stdout
    assert "0.000 of the answer is supported, at least 0.9 must be" in done.stdout
    assert "the answer cannot be scored" in done.stdout


@pytest.mark.parametrize("given", ["text", b"text", None, 7, ["text"], {}, {"respnse": "text"}])
def test_what_is_no_answer_is_refused_in_words(given: Any) -> None:
    with pytest.raises(MorgueError, match="can only be told of an answer") as refused:
        check(given)
    assert '{"response": ' in (refused.value.hint or "")


def test_an_answer_that_was_never_given_is_not_faithful_for_that() -> None:
    found = check({"response": None, "retrieved_contexts": [SOURCE]})
    assert (found.score, found.why) == (None, "there is no response")


@pytest.mark.parametrize("module", ["llama_index", "numpy", "rich"])
def test_the_command_line_starts_without_what_only_measuring_needs(module: str) -> None:
    code = f"import sys, assistant.doors.cli.commands; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
