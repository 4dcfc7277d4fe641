"""The language model: any LlamaIndex LLM, with its failures as ours and retries in one place."""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

from assistant.errors import ServiceError, ServiceRefused
from assistant.models.deadline import Reply, hooks, rest
from assistant.models.sanitise import fit, secrets_of
from assistant.models.service_errors import as_ours, pause
from assistant.models.word_choice import WordChoice, chosen, odds_of, tokens_of
from assistant.settings import Settings
from ingest import plugins
from ingest.errors import SettingsError
from ingest.outbound import service_transport, shown

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    Maker = Callable[[str, Settings], LLM]
    """What the entry point of a model is: given the part after the colon and the settings."""

DEFAULT_MODEL = "gpt-4.1-mini"
"""For a key alone: small, and without a hidden thinking phase before the first sentence."""

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 5.0
_SLOW = 200
"""Words of articles for a model on this machine: two processors read some ten tokens a second."""

RETRIES = 2
_ODDS = {"logprobs": True, "top_logprobs": 10}
_T = TypeVar("_T")

_NOT_A_WRITER = re.compile(r"embed|rerank|whisper|\btts\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


class Model(ABC):
    """Whoever writes."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The model's name, as far as it is known yet."""

    words: int = 1500
    """About how many words of articles it reads in good time."""

    server: str = ""
    """The address it is asked at, without what is secret in it; empty where it has none."""

    @abstractmethod
    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield the reply as it comes. Closing it ends the request.

        Raises ServiceBusy, ServiceDown, ServiceRefused or MalformedReply, also in the middle.
        """

    def complete(self, messages: Sequence[Message]) -> str:
        """Return the whole reply. Raises what `stream` raises."""
        return "".join(self.stream(messages))

    def choose(self, messages: Sequence[Message], words: Sequence[str]) -> WordChoice:
        """Return how probably the reply is each of a few words, all in small letters.

        Raises what `stream` raises, and MalformedReply where it is none of them.
        """
        return chosen(self.complete(messages), words)


def load(settings: Settings) -> Model | None:
    """Return the model that the settings name, None where they name none. Asks no server yet."""
    if settings.model == "none":
        return None
    plugin, _, name = (settings.model or "").partition(":")
    # A colon alone says nothing: Ollama's models are called "qwen2.5:1.5b".
    if name and plugin in plugins.names("models"):
        make = cast("Maker", plugins.load("models", plugin))
        model = LlamaModel(lambda: make(name, settings), name, settings)
        model.words = _SLOW if plugin == "local" else Model.words
        return model
    if settings.api_key is None and settings.base_url is None:
        if settings.model is None:
            return None
        known = ", ".join(f"{name}:NAME" for name in plugins.names("models"))
        raise SettingsError(
            f"the model {settings.model!r} is named, but no server that has it",
            f"set OPENAI_BASE_URL or OPENAI_API_KEY; known plug-ins: {known or 'none'}",
        )
    _base_url(settings)
    return LlamaModel(lambda: openai_like(settings.model, settings), settings.model, settings)


def openai_like(name: str | None, settings: Settings) -> "LLM":
    """Return the LlamaIndex client of an OpenAI-compatible server, chat completions only."""
    import httpx
    import openai
    from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]

    url, key = _base_url(settings), _key(settings) or "none"
    patience = openai.Timeout(settings.model_timeout, connect=CONNECT_SECONDS)
    # A reply takes seconds, a new connection milliseconds: none is left open between replies.
    limits = httpx.Limits(max_keepalive_connections=0)
    http = openai.DefaultHttpxClient(
        transport=service_transport(url, "OPENAI_BASE_URL", limits),
        limits=limits,
        follow_redirects=False,
        event_hooks=hooks(),
    )
    if name is None and settings.base_url is not None:
        client = openai.OpenAI(
            api_key=key, base_url=url, timeout=patience, max_retries=0, http_client=http
        )
        name = _first_writer([model.id for model in client.models.list().data], url)
    try:
        made = OpenAILike(
            model=name or DEFAULT_MODEL,
            api_base=url,
            api_key=key,
            is_chat_model=True,
            temperature=0.0,
            # Both LlamaIndex and the SDK would retry, the one around the other; we do it, once.
            max_retries=0,
            timeout=settings.model_timeout,
            additional_kwargs={"timeout": patience},
            http_client=http,
        )
    except ValueError as error:
        raise SettingsError(str(error), "set MORGUE_MODEL to a model for chat") from error
    return cast("LLM", made)


def _first_writer(names: Sequence[str], url: str) -> str:
    writers = [name for name in names if not _NOT_A_WRITER.search(name)]
    if not writers:
        raise ServiceRefused(
            f"the server at {shown(url)} offers no model that writes", "set MORGUE_MODEL"
        )
    return writers[0]


def _key(settings: Settings) -> str:
    return settings.api_key.get_secret_value() if settings.api_key else ""


def _base_url(settings: Settings) -> str:
    url = (settings.base_url or OPENAI_URL).rstrip("/")
    return url if _address(url).path else f"{url}/v1"


def _address(url: str) -> SplitResult:
    """Return the parts of an address. Raises SettingsError where it is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"the base URL {shown(url)!r} is not an address",
            "set OPENAI_BASE_URL to one like http://127.0.0.1:8080/v1",
        )
    return parts


class LlamaModel(Model):
    """A LlamaIndex LLM, made when it is first needed: importing LlamaIndex takes seconds."""

    def __init__(self, make: Callable[[], "LLM"], name: str | None, settings: Settings) -> None:
        self._make = make
        self._name = name
        self._seconds = settings.answer_timeout
        self._secret = _key(settings)
        self._secrets = secrets_of(settings)
        parts = _address(settings.base_url or OPENAI_URL)
        # Never the whole address: it may carry a password.
        host = f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"
        self.server = host + parts.path
        self._who = f"the model {name!r} at {host}" if name else f"the model server at {host}"
        self._tells_odds = True

    @property
    def name(self) -> str:
        """The model's name; empty while only the server knows it."""
        made: LLM | None = self.__dict__.get("_llm")
        return made.metadata.model_name if made is not None else self._name or ""

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield the reply as it comes; what fails before the first word is tried again."""
        return self._retried(lambda deadline: self._spoken(messages, deadline))

    def choose(self, messages: Sequence[Message], words: Sequence[str]) -> WordChoice:
        """Return the choice by the log-probabilities of the server, where it gives them."""
        with closing(self._retried(lambda end: self._choices(messages, words, end))) as choices:
            return next(choices)

    def _retried(
        self, ask: Callable[[float], Generator[_T, None, None]]
    ) -> Generator[_T, None, None]:
        deadline = time.monotonic() + self._seconds
        for attempt in range(RETRIES + 1):
            spoken = False
            try:
                with closing(ask(deadline)) as pieces:
                    for piece in pieces:
                        spoken = True
                        yield piece
            except ServiceError as error:
                seconds = None if spoken or attempt == RETRIES else pause(error, attempt)
                if seconds is None or time.monotonic() + seconds > deadline or not rest(seconds):
                    raise
            else:
                return

    @cached_property
    def _llm(self) -> "LLM":
        return self._make()

    def _choices(
        self, messages: Sequence[Message], words: Sequence[str], deadline: float
    ) -> Generator[WordChoice, None, None]:
        raw, text = self._whole(messages, deadline)
        with as_ours(self._who, self._secret, *self._secrets):
            odds = list(odds_of(raw)) if hasattr(raw, "choices") else []
            choice = chosen(text, words, odds, tokens_of(raw))
        yield choice

    def _whole(self, messages: Sequence[Message], deadline: float) -> tuple[Any, str]:
        """Ask with the odds of each token; a server that refuses to tell them, without."""
        if not self._tells_odds:
            return self._reply(messages, deadline, {})
        try:
            return self._reply(messages, deadline, _ODDS)
        except ServiceRefused:
            told = self._reply(messages, deadline, {})
            self._tells_odds = False
            return told

    def _reply(
        self, messages: Sequence[Message], deadline: float, odds: dict[str, Any]
    ) -> tuple[Any, str]:
        """Return a reply as its server sent it, and its text."""
        reply = Reply(self._who, deadline)
        try:
            with reply.begun(), as_ours(self._who, self._secret, *self._secrets):
                from llama_index.core.llms import ChatMessage

                chat = [ChatMessage(role=part.role, content=part.text) for part in messages]
                # Clients of other protocols do not know the words for it.
                known = odds if hasattr(self._llm, "top_logprobs") else {}
                answered = self._llm.chat(chat, **known)
                text = answered.message.content or ""
            reply.note(answered.raw)
            reply.check()
            return answered.raw, text
        finally:
            reply.close()

    def _spoken(self, messages: Sequence[Message], deadline: float) -> Generator[str, None, None]:
        with closing(self._deltas(messages, deadline)) as deltas:
            yield from fit(deltas, self._secrets)

    def _deltas(self, messages: Sequence[Message], deadline: float) -> Generator[str, None, None]:
        reply = Reply(self._who, deadline)
        try:
            with reply.begun(), as_ours(self._who, self._secret, *self._secrets):
                from llama_index.core.llms import ChatMessage

                chat = [ChatMessage(role=part.role, content=part.text) for part in messages]
                parts = self._llm.stream_chat(chat)
            while not reply.finished:
                with reply.begun(), as_ours(self._who, self._secret, *self._secrets):
                    part = next(parts, None)
                if part is None:
                    break
                reply.note(part.raw)
                if part.delta:
                    yield part.delta
            reply.check()
        finally:
            reply.close()
