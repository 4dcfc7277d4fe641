"""Whether the language model that is set up answers, streams, and how fast."""

import time
from contextlib import closing

from assistant.errors import ServiceError
from assistant.models import llm
from assistant.models.llm import Message
from assistant.settings import Settings
from ingest.archive.care import Check
from ingest.errors import SettingsError

_GREETING = (Message("user", "Count from one to ten in words, with commas, and say no more."),)


def greet(settings: Settings) -> Check:
    """Ask the model for ten words and say how they came. No model at all is as it may be."""
    try:
        model = llm.load(settings)
        if model is None:
            return Check(name="model", ok=True, found="none is set up: answers are quotations")
        return _heard(model)
    except (ServiceError, SettingsError) as error:
        return Check(name="model", ok=False, found=error.message, hint=error.hint)


def _heard(model: llm.Model) -> Check:
    began = time.monotonic()
    came: list[float] = []
    length = 0
    with closing(model.stream(_GREETING)) as reply:
        for delta in reply:
            came.append(time.monotonic() - began)
            length += len(delta)
    if not came:
        return Check(
            name="model",
            ok=False,
            found=f"{model.name} wrote nothing",
            hint="take another MORGUE_MODEL",
        )
    first = f"first words after {came[0]:.1f} s"
    if len(came) < 3:
        told = f"{model.name} answers in one piece, {first}; it does not stream"
        return Check(
            name="model", ok=True, found=told, hint="sentences appear only when all is written"
        )
    rate = length / max(came[-1] - came[0], 1e-3)
    return Check(
        name="model", ok=True, found=f"{model.name} streams, {first}, then {rate:.0f} characters/s"
    )
