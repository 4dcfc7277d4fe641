"""What a question wants, as a language model reads it: an object that is checked before it counts.

Nothing of it is taken that the question does not say itself: names and words must stand in it,
outlets in the archive. What is left is shown in the plan, as read by a model.
"""

import json
import logging
import re
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answer import Plan, Question, Wants
from assistant.errors import AnswerError, ServiceError
from assistant.models.llm import Message, Model
from assistant.models.prompts import Prompt, as_data
from assistant.understand.plan import Shelved, carried_out
from ingest.language.normalise import fold

logger = logging.getLogger("morgue.plan")

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_OUTLETS = 30
"""Outlets that a model is told of."""


class _PlanReply(BaseModel):
    """The object that a model replies with; what else it holds is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    wants: Wants
    query: str = Field(default="", max_length=500)
    names: list[str] = Field(default=[], max_length=10)
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    outlets: list[str] = Field(default=[], max_length=20)
    parts: list[str] = Field(default=[], max_length=4)


def planned_by(model: Model, prompt: Prompt, question: Question, shelf: Shelved) -> Question:
    """Return a question with the plan that a model makes of it, or as it was where it makes none.

    What fails is logged: the plan of the rules stands, and says that it is theirs.
    """
    try:
        reply = _PlanReply.model_validate(_object(model.complete(_asked(prompt, question, shelf))))
    except (ServiceError, AnswerError, ValidationError, ValueError) as error:
        logger.warning("a model's plan is not used: %s", error)
        return question
    plan = Plan(
        wants=reply.wants,
        query=" ".join(_said(reply.query.split(), question.text)),
        names=tuple(_said(reply.names, question.text)),
        since=reply.since,
        until=reply.until,
        outlets=tuple(one for one in reply.outlets if one in shelf.outlets),
        by="model",
    )
    return carried_out(question, plan, reply.parts if reply.wants == "compare" else ())


def _asked(prompt: Prompt, question: Question, shelf: Shelved) -> Sequence[Message]:
    return prompt.fill(
        question=as_data(question.text, one_line=True),
        today=str(question.filters.as_of or shelf.newest or "not known"),
        first=str(shelf.oldest or "an unknown day"),
        last=str(shelf.newest or "an unknown day"),
        outlets=as_data(", ".join(shelf.outlets[:_OUTLETS]) or "none", one_line=True),
    )


def _object(reply: str) -> object:
    """Return the object in a reply, whatever stands around it. Raises ValueError."""
    found = _OBJECT.search(reply)
    if found is None:
        raise ValueError("the reply holds no object")
    return json.loads(found[0])


def _said(words: Iterable[str], text: str) -> list[str]:
    """Return those words that a question says itself."""
    there = fold(text).text
    return [word for word in words if fold(word).text.strip(" .,?!") in there]
