"""A model that says too whether a claim is supported: one token, its probability of "yes".

Any OpenAI-compatible server. Where it gives log-probabilities, P(yes) is the share of "yes" among
what it might have said for yes or no; where it gives none, its word counts as 1 or 0.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.models import prompts
from assistant.models.llm import OPENAI_URL
from assistant.settings import Settings
from ingest.errors import ServiceRefused, SettingsError

if TYPE_CHECKING:
    import httpx

TRIES = 2
_ALTERNATIVES = 10
_LONGEST = 12_000
"""Characters of passages that are shown: about 3,000 tokens, a minute's reading on a small CPU."""

_REFUSED = frozenset({401, 403, 404})
_YES = frozenset({"yes", "y", "true", "supported"})
_NO = frozenset({"no", "n", "false", "unsupported"})


class Judge:
    """Asks a model about claims. What it cannot answer in two tries is None: unscored."""

    def __init__(self, model: str, settings: Settings) -> None:
        if settings.api_key is None and settings.base_url is None:
            raise SettingsError(
                f"the judge {model!r} is named, but no server that has it",
                "set OPENAI_BASE_URL or OPENAI_API_KEY",
            )
        url = (settings.base_url or OPENAI_URL).rstrip("/")
        url = url if urlsplit(url).path else f"{url}/v1"
        self._model = model
        self._url = f"{url}/chat/completions"
        self._key = settings.api_key.get_secret_value() if settings.api_key else None
        self._seconds = settings.model_timeout
        self._prompt = prompts.load("judge", settings.prompts)
        self.tokens = 0

    @property
    def terms(self) -> dict[str, str]:
        """What its verdicts rest on."""
        return {"model": self._model, "prompt": self._prompt.hash[:16]}

    def probability(self, claim: str, passages: Sequence[str]) -> float | None:
        """Return the probability that passages support a claim; None where none was given."""
        shown = "\n\n".join(passages)[:_LONGEST]
        body = {
            "model": self._model,
            "messages": [
                {"role": message.role, "content": message.text}
                for message in self._prompt.fill(claim=claim, passages=shown)
            ],
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": _ALTERNATIVES,
        }
        for _ in range(TRIES):
            found = self._ask(body)
            if found is not None:
                return found
        return None

    def _ask(self, body: Mapping[str, Any]) -> float | None:
        import httpx

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            reply = httpx.post(self._url, json=body, headers=headers, timeout=self._seconds)
            self._refused(reply.status_code)
            reply.raise_for_status()
            return self._read(reply)
        except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError, UnicodeDecodeError):
            return None

    def _refused(self, status: int) -> None:
        """Raise ServiceRefused where no further claim would be judged either."""
        if status in _REFUSED:
            raise ServiceRefused(
                f"the judge {self._model!r} refuses (HTTP {status})",
                "check --judge, OPENAI_BASE_URL and OPENAI_API_KEY",
            )

    def _read(self, reply: "httpx.Response") -> float | None:
        document = reply.json()
        try:
            self.tokens += int((document.get("usage") or {}).get("total_tokens") or 0)
            choice = document["choices"][0]
            said = choice["message"]["content"] or ""
            tokens = (choice.get("logprobs") or {}).get("content") or []
            tried = tokens[0]["top_logprobs"] if tokens else []
            found = weigh([(one["token"], float(one["logprob"])) for one in tried])
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None
        return found if found is not None else _word(said)


def weigh(alternatives: Sequence[tuple[str, float]]) -> float | None:
    """Return the share of yes among the alternatives that mean yes or no; None without any."""
    yes = sum(math.exp(p) for token, p in alternatives if _plain(token) in _YES)
    no = sum(math.exp(p) for token, p in alternatives if _plain(token) in _NO)
    return round(yes / (yes + no), 6) if yes + no > 0 else None


def _word(said: str) -> float | None:
    word = _plain(said.split(maxsplit=1)[0] if said.split() else "")
    return 1.0 if word in _YES else 0.0 if word in _NO else None


def _plain(token: str) -> str:
    return token.strip().strip(".,:;!*\"'“”▁Ġ").casefold()
