"""A second opinion on a sentence that the checker is not sure of, asked of the model that wrote it.

It can only take away: what the checker keeps back is not let out on the word of a model, which
an article may have talked round. Off unless `second_opinion` is set, since a small model knows
less than the checker does (docs/measuring.md).
"""

import re
from collections.abc import Sequence

from assistant.answer import Evidence
from assistant.errors import AnswerError, ServiceError
from assistant.models.llm import Model
from assistant.models.prompts import Prompt, as_data, head, mark

_THOUGHT = re.compile(r".*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"\b(?:yes|no)\b", re.IGNORECASE)


class ModelOpinion:
    """Asks a model about sentences, one at a time, until it fails."""

    unsure = 0.65

    def __init__(self, model: Model, prompt: Prompt) -> None:
        self._model: Model | None = model
        self._prompt = prompt

    def denies(self, text: str, evidence: Sequence[Evidence]) -> bool:
        """Tell whether the model says that the sources do not support a sentence.

        Silence, and whatever is neither yes nor no, denies nothing. A model that fails is not
        asked again.
        """
        if self._model is None:
            return False
        asked = self._prompt.fill(
            mark=mark(),
            passages="\n\n".join(map(_passage, evidence)),
            sentence=as_data(text, one_line=True),
        )
        try:
            said = self._model.complete(asked)
        except (ServiceError, AnswerError):
            self._model = None
            return False
        word = _WORD.search(_THOUGHT.sub("", said))
        return word is not None and word[0].lower() == "no"


def _passage(one: Evidence) -> str:
    return f"{head(one)}\n{as_data(one.hit.article.text[one.start : one.end])}"
