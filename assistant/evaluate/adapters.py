"""The checker as an evaluator of LlamaIndex. Importing this file imports LlamaIndex."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.evaluation import BaseEvaluator, EvaluationResult
from llama_index.core.prompts.mixin import PromptDictType

from assistant.evaluate.faithful import check


class MorgueFaithfulnessEvaluator(BaseEvaluator):
    """Says whether a response is supported by its contexts, without a language model.

    `score` is the share of its sentences that are; the response passes from `at_least` on. What
    cannot be scored, a response without contexts, is an invalid result and never a pass.
    """

    def __init__(self, at_least: float = 0.9) -> None:
        self._at_least = at_least

    def _get_prompts(self) -> PromptDictType:
        """Have no prompts: no model is asked."""
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """Have no prompts to change."""

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **_kwargs: Any,
    ) -> EvaluationResult:
        """Return the same as `evaluate`: it computes, and waits for nothing."""
        return self.evaluate(query, response, contexts)

    def evaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        **_kwargs: Any,
    ) -> EvaluationResult:
        """Return the share of a response's sentences that its contexts support, and which not.

        LlamaIndex's own would run the awaited one in an event loop that it leaves open.
        """
        given = {"response": response or "", "retrieved_contexts": list(contexts or ())}
        found = check({**given, "user_input": query or ""})
        told = {"query": query, "response": response, "contexts": contexts}
        if found.score is None:
            return EvaluationResult(**told, invalid_result=True, invalid_reason=found.why)
        passing = found.score >= self._at_least
        feedback = found.why if passing else found.told(self._at_least)
        return EvaluationResult(**told, passing=passing, score=found.score, feedback=feedback)
