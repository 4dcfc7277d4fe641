"""Embedders to and from LlamaIndex, the ecosystem's common tongue.

Importing this module imports LlamaIndex, which takes seconds: do so late.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import openai
from llama_index.core.base.embeddings.base import BaseEmbedding

from ingest.compute_slots import released
from ingest.embed.embedders import Embedder
from ingest.embed.encoder import Vectors
from ingest.errors import ServiceBusy, ServiceDown, ServiceRefused, SettingsError
from ingest.outbound import secrets_in, service_transport, without_secrets

T = TypeVar("T")

TIMEOUT_SECONDS = 60.0
RETRIES = 3
BATCH_TEXTS = 100


class FromLlamaIndex:
    """Any LlamaIndex embedding as an Embedder; its vectors are brought to unit length.

    Failures of OpenAI's client become ServiceBusy, ServiceDown and ServiceRefused. The length
    of a vector is asked of the model once, when it is first wanted.
    """

    def __init__(self, model: BaseEmbedding, *, name: str, secrets: Sequence[str] = ()) -> None:
        self._model = model
        self._secrets = secrets
        self._dims: int | None = None
        self.fingerprint = f"{name}/{model.model_name}"

    @property
    def dims(self) -> int:
        """How long a vector is."""
        if self._dims is None:
            self._dims = len(self.query("length"))
        return self._dims

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched."""
        if not texts:
            return np.zeros((0, self.dims), dtype=np.float32)
        with _translated(self.fingerprint, self._secrets):
            return self._unit(self._model.get_text_embedding_batch(list(texts)))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked."""
        if not texts:
            return np.zeros((0, self.dims), dtype=np.float32)
        with released(), _translated(self.fingerprint, self._secrets):
            return self._unit([self._model.get_query_embedding(text) for text in texts])

    def query(self, text: str) -> Vectors:
        """Embed one question."""
        vector: Vectors = self.queries([text])[0]
        return vector

    def _unit(self, rows: Sequence[Sequence[float]]) -> Vectors:
        vectors = np.asarray(rows, dtype=np.float32)
        if vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise ServiceRefused(f"{self.fingerprint} gave something that is not vectors")
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float32)


@contextmanager
def _translated(name: str, secrets: Sequence[str] = ()) -> Iterator[None]:
    """Make the errors of OpenAI's client ours; no secret stands in them."""
    try:
        yield
    except openai.RateLimitError as error:
        raise ServiceBusy(f"{name} asks to wait", hint="try again later") from error
    except openai.APIConnectionError as error:  # APITimeoutError is one of these
        if isinstance(error.__cause__, SettingsError):  # it is not connected to, and why is said
            raise error.__cause__ from None
        raise ServiceDown(
            f"{name} does not answer", hint="look at OPENAI_BASE_URL and the network"
        ) from error
    except openai.InternalServerError as error:
        said = without_secrets(str(error), *secrets)
        raise ServiceDown(f"{name} failed: {said}", hint="try again later") from error
    except openai.OpenAIError as error:
        said = without_secrets(str(error), *secrets)
        raise ServiceRefused(
            f"{name} said no: {said}", hint="look at OPENAI_API_KEY and the model's name"
        ) from error


def openai_embedder(name: str, address: str | None, key: str | None) -> Embedder:
    """Make the embedder of a model behind OpenAI's protocol; a server of one's own needs no key."""
    from llama_index.embeddings.openai import OpenAIEmbedding

    class AskedOnce(OpenAIEmbedding):  # type: ignore[misc]
        """The client of OpenAI asks again by itself; LlamaIndex would ask each of them again."""

        def _create_retry_decorator(self) -> Callable[[T], T]:
            return lambda call: call

    if not name:
        raise SettingsError("`openai:` lacks the name of a model", hint="openai:NAME")
    if not key and not address:
        raise SettingsError(
            f"openai:{name} needs a key", hint="set OPENAI_API_KEY, or OPENAI_BASE_URL"
        )
    model = AskedOnce(
        model_name=name,
        api_base=address,
        api_key=key or "none",
        max_retries=RETRIES,
        timeout=TIMEOUT_SECONDS,
        embed_batch_size=BATCH_TEXTS,
        http_client=_Client(
            transport=service_transport(address, "OPENAI_BASE_URL") if address else None,
            follow_redirects=False,
        ),
    )
    secrets = [key or "", *secrets_in(address)]
    return FromLlamaIndex(model, name="openai", secrets=secrets)


class _Client(openai.DefaultHttpxClient):
    """A client that closes its connections when nobody has it any more, as OpenAI's own does."""

    def __del__(self) -> None:
        if not self.is_closed:
            self.close()
