"""A language model as a reader of claims: one claim a call, in a context of its own."""

import contextlib
import contextvars
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from assistant.check import readers
from assistant.check.reader import AskedSentence, ClaimReader, Probabilities
from assistant.check.reading_cost import count_call
from assistant.errors import AnswerError, ServiceError
from assistant.models import llm, prompts
from assistant.models.llm import Message, Model
from assistant.models.prompts import Prompt, as_data, mark
from assistant.settings import Settings
from ingest.compute_slots import released
from ingest.errors import SettingsError

AT_ONCE = 4
"""Claims that a server is asked about at once: what small plans of paid servers bear, and about
as many as an answer has."""

WORDS = ("yes", "no")

_T = TypeVar("_T")
_R = TypeVar("_R")


class ModelReader:
    """A language model that says yes or no, and how surely. Safe from several threads.

    It does not tell what contradicts a claim from what says nothing of it. Which sentence answers
    a question the `small` reader says, since finding asks that of hundreds.
    """

    reads = True
    dear = True

    def __init__(self, model: Model, prompt: Prompt, small: ClaimReader) -> None:
        self.model = model
        self.prompt = prompt
        self.small = small

    @property
    def name(self) -> str:
        """Who reads; without a name while only the server knows it."""
        return f"model:{self.model.name}"

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Ask about each claim, several at a time.

        Raises ServiceError, or MalformedReply where it answers neither yes nor no.
        """
        return together(self._read, pairs)

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return what the small reader says."""
        return self.small.answers(asked)

    def request(self, claim: str, evidence: str) -> tuple[Message, ...]:
        """Return the messages for the model: text and claim as data, the text between marks."""
        return self.prompt.fill(
            mark=mark(), evidence=as_data(evidence), claim=as_data(claim, one_line=True)
        )

    def _read(self, pair: tuple[str, str]) -> Probabilities:
        try:
            choice = self.model.choose(self.request(*pair), WORDS)
        except (ServiceError, AnswerError):
            count_call(None)
            raise
        count_call(choice.tokens)
        yes, no = choice.probabilities
        return Probabilities(yes, no, 0.0)


def together(work: Callable[[_T], _R], items: Sequence[_T]) -> list[_R]:
    """Do the same with each of several, a few at once; what fails ends those not yet begun.

    The threads do not keep a program alive, as those of a pool would until their last call.
    """
    if len(items) < 2:
        return [work(one) for one in items]
    futures: list[Future[_R]] = [Future() for _ in items]
    waiting = SimpleQueue[tuple[_T, Future[_R]]]()
    for pair in zip(items, futures, strict=True):
        waiting.put(pair)
    for _ in range(min(AT_ONCE, len(items))):
        context = contextvars.copy_context()
        threading.Thread(
            target=context.run, args=(_work_off, work, waiting), name="morgue-reads", daemon=True
        ).start()
    try:
        with released():
            return [one.result() for one in futures]
    finally:
        for one in futures:
            one.cancel()


def _work_off(work: Callable[[_T], _R], waiting: "SimpleQueue[tuple[_T, Future[_R]]]") -> None:
    with contextlib.suppress(Empty):
        while True:
            item, future = waiting.get_nowait()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(item))
                except Exception as error:  # noqa: BLE001 - told to whoever waits for it
                    future.set_exception(error)
                    while True:
                        waiting.get_nowait()[1].cancel()


def reader(name: str, settings: Settings) -> ModelReader:
    """Return the model of a name as a reader, the settings' own where there is no name.

    Raises SettingsError where none is set up.
    """
    wanted = name or settings.checker_model or settings.model
    model = llm.load(settings.model_copy(update={"model": wanted}))
    if model is None:
        raise SettingsError(
            "no language model is set up that could read",
            "set MORGUE_MODEL and OPENAI_BASE_URL, or take another MORGUE_CHECKER",
        )
    return of_model(model, settings)


def of_model(model: Model, settings: Settings) -> ModelReader:
    """Return a model as a reader, with the prompt that the settings have for it."""
    return ModelReader(model, prompts.load("judge", settings.prompts), readers.small())
