"""Who reads the claims of answers: a model that passed its examination, else the small reader."""

import logging
import threading
from collections.abc import Callable, Sequence

from assistant.check import examination, model_reader, readers
from assistant.check.examination import Examination
from assistant.check.model_reader import ModelReader, together
from assistant.check.reader import AskedSentence, ClaimReader, Probabilities, Remembering
from assistant.errors import AnswerError, MorgueError, ServiceError
from assistant.models import deadline
from assistant.models.llm import Model
from assistant.settings import Settings
from ingest.archive.care import Check
from ingest.article import Notice

logger = logging.getLogger("morgue.reading")


class ExaminedReader:
    """A model that reads once it has passed, the small reader until then and where it fails.

    `anyway` lets it read whatever its examination says. Safe from several threads.
    """

    def __init__(self, asked: ModelReader, *, anyway: bool = False) -> None:
        self.asked = asked
        self.anyway = anyway
        self.examination: Examination | None = examination.kept(asked)
        self._model = Remembering(asked)
        self._sitting: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def trusted(self) -> bool:
        """Whether the model reads."""
        return self.anyway or (self.examination is not None and self.examination.passed)

    @property
    def name(self) -> str:
        """Who reads now."""
        return self._now.name

    @property
    def reads(self) -> bool:
        """Whether who reads now understands at all."""
        return self._now.reads

    @property
    def dear(self) -> bool:
        """Whether each reading is a call to a server now."""
        return self._now.dear

    @property
    def _now(self) -> ClaimReader:
        return self._model if self.trusted else self.asked.small

    @property
    def warning(self) -> Notice | None:
        """What a reader of answers must know: that the model failed its examination."""
        if self.examination is None or self.examination.passed:
            return None
        does = "reads all the same" if self.anyway else f"does not read; {self.name} does"
        found = self.examination
        return Notice(
            code="reader",
            text=f"The language model failed its examination as a reader of claims ({found.right} "
            f"of {found.of} right) and {does}.",
        )

    def begin(self) -> None:
        """Let the model sit its examination, unless it has or does; nobody waits for it."""
        with self._lock:
            if self.examination or (self._sitting and self._sitting.is_alive()):
                return
            self._sitting = threading.Thread(target=self._sit, name="morgue-examines", daemon=True)
            self._sitting.start()

    def sat(self, seconds: float) -> Examination | None:
        """Wait so long at most for the examination that was begun, and return it."""
        if self._sitting is not None:
            self._sitting.join(seconds)
        return self.examination

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Let the model read where it is trusted; the small reader takes what it fails on.

        Raises what the model raises where nobody waits for it any more.
        """
        if self.trusted:
            return together(self._by_the_model, pairs)
        small = self.asked.small
        return [one._replace(read_by=small.name) for one in small.supports(pairs)]

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return what the small reader says."""
        return self.asked.small.answers(asked)

    def _by_the_model(self, pair: tuple[str, str]) -> Probabilities:
        try:
            (read,) = self._model.supports([pair])
            return read._replace(read_by=self.asked.name)
        except (ServiceError, AnswerError) as error:
            if not deadline.waited_for():
                raise
            logger.warning("%s reads in its place: %s", self.asked.small.name, error.message)
            (read,) = self.asked.small.supports([pair])
            return read._replace(read_by=self.asked.small.name)

    def _sit(self) -> None:
        try:
            self.examination = examination.examined(self.asked)
        except MorgueError as error:
            logger.warning("the examination of %s broke off: %s", self.asked.name, error.message)


def chosen(settings: Settings, model: Model | None) -> ClaimReader:
    """Return who reads by the settings, `model` being the one that writes. Asks no server.

    A model that runs on this machine reads only where it is named: it takes half a minute a claim.
    Raises SettingsError where what is named cannot be had.
    """
    kind, _, name = settings.checker.partition(":")
    if kind not in {"auto", "model"}:
        return readers.load(settings.checker, settings)
    if name or settings.checker_model or (kind == "model" and model is None):
        asked = model_reader.reader(name, settings)
    elif model is not None:
        asked = model_reader.of_model(model, settings)
    else:
        return readers.small()
    slow = asked.model.words < Model.words
    if slow and kind == "auto" and not settings.checker_model:
        return readers.small()
    return ExaminedReader(asked, anyway=kind == "model")


def fared(reader: ClaimReader) -> Examination | None:
    """Return how a model that was loaded by name fares, None for other readers.

    Raises what the model raises.
    """
    inside = reader.reader if isinstance(reader, Remembering) else reader
    return examination.examined(inside) if isinstance(inside, ModelReader) else None


def look(settings: Settings, model: Model | None, say: Callable[[str], None]) -> Check:
    """Tell who reads claims; a model that may read sits its examination first, if it has not."""
    try:
        reader = chosen(settings, model)
        if not isinstance(reader, ExaminedReader):
            return Check(name="reader", ok=True, found=f"{reader.name} reads claims")
        if reader.examination is None:
            say(f"{reader.asked.name} sits its examination as a reader of claims: 84 calls")
        reader.examination = examination.examined(reader.asked)
    except MorgueError as error:
        hint = error.hint or "until it can be asked, the small reader reads"
        return Check(name="reader", ok=False, found=error.message, hint=hint)
    found = reader.examination
    told = f"{reader.name} reads claims; {reader.asked.name} has {found.in_words}"
    if found.passed:
        return Check(name="reader", ok=True, found=told)
    hint = "it is below the bar: name a better one with MORGUE_CHECKER_MODEL"
    return Check(name="reader", ok=not reader.anyway, found=told, hint=hint)
