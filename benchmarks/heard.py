"""What a language model wrote, kept, so that a run goes on where it was and a check can change.

A reply is kept under the model's name and what it was asked, but for the mark between which
passages stand: that is drawn anew each time.
"""

import hashlib
import json
import re
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models.llm import Message, Model, load
from assistant.settings import Settings
from ingest.errors import SettingsError
from ingest.places import cache_dir

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_FENCE = re.compile(r"==== [0-9a-f]{16} ====")


class Heard(Model):
    """A model whose replies are kept in the user's cache, with how long they took.

    `seconds` is what the replies that were asked for took when they were first written,
    `first` until their first words; `last` is when the latest words of a reply came, or its
    end. With `anew` every reply is written now, for how fast it comes.
    """

    def __init__(self, model: Model, name: str, *, anew: bool = False) -> None:
        self._model = model
        self._file = cache_dir() / "benchmarks" / f"heard-{name}.jsonl"
        self._known = {} if anew else _read(self._file)
        self._anew = anew
        self.words = model.words
        self.seconds: list[float] = []
        self.first: list[float] = []
        self.fresh = False
        self.last = 0.0

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield a reply, from memory where it was heard before."""
        key = _key(messages)
        kept = self._known.get(key)
        self.fresh = kept is None
        if kept is None:
            began = time.monotonic()
            text, first = "", 0.0
            for delta in self._model.stream(messages):
                self.last = time.monotonic()
                first = first or self.last - began
                text += delta
                yield delta
            self.last = time.monotonic()
            kept = {"key": key, "text": text, "first": round(first, 2),
                    "seconds": round(time.monotonic() - began, 2)}  # fmt: skip
            if not self._anew:
                self._keep(key, kept)
        else:
            yield str(kept["text"])
        self.seconds.append(float(str(kept["seconds"])))
        self.first.append(float(str(kept["first"])))

    def _keep(self, key: str, kept: dict[str, object]) -> None:
        self._known[key] = kept
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def heard(settings: Settings, *, anew: bool = False) -> Heard:
    """Return the model that settings name, its replies kept under that name."""
    model = load(settings)
    if model is None or settings.model is None:
        raise SettingsError("no model is named", "name one with --model")
    return Heard(model, settings.model.replace(":", "-"), anew=anew)


def spoken(model: Model) -> "LLM":
    """Return a model as LlamaIndex's programs use one."""
    from llama_index.core.llms import (
        CompletionResponse,
        CompletionResponseGen,
        CustomLLM,
        LLMMetadata,
    )

    class Spoken(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(model_name=model.name, context_window=4096, num_output=512)

        def complete(self, prompt: str, formatted: bool = False, **_: object) -> CompletionResponse:
            return CompletionResponse(text=model.complete([Message("user", prompt)]))

        def stream_complete(
            self, prompt: str, formatted: bool = False, **_: object
        ) -> CompletionResponseGen:
            yield self.complete(prompt)

    return Spoken()


def _key(messages: Sequence[Message]) -> str:
    asked = "\0".join(f"{message.role}\0{message.text}" for message in messages)
    return hashlib.sha256(_FENCE.sub("====", asked).encode()).hexdigest()[:32]


def _read(file: Path) -> dict[str, dict[str, object]]:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return {row["key"]: row for row in rows}
