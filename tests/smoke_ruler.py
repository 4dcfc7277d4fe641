"""Run by `make light`, where nothing of Morgue's but the ruler can be imported."""

from importlib.util import find_spec

import morgue
import pytest

ANSWER = {
    "response": "Nine people were hurt when the ferry struck the rocks.",
    "retrieved_contexts": ["Nine people were hurt when the ferry struck the rocks at Skarn."],
}


def test_the_rest_is_not_here() -> None:
    assert not [
        name for name in ("gradio", "chromadb", "tantivy", "llama_index") if find_spec(name)
    ]


def test_an_answer_is_held_against_its_sources(assert_faithful: morgue.AssertFaithful) -> None:
    assert_faithful(ANSWER)
    with pytest.raises(pytest.fail.Exception, match="at least"):
        assert_faithful({**ANSWER, "response": "Forty people drowned in Portellin."})
