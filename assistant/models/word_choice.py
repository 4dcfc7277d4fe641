"""A model's choice among a few words: how probably each, by its odds or by what it said."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from assistant.errors import MalformedReply

_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_THINKING = re.compile(r"\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = " \n\t\"'“”‘’*_.,:;!`▁Ġ"
"""What a token may have around the letters of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChoice:
    """How probable each of the words was, in their order (sum 1), and the tokens it took.

    `tokens` is None where the server does not say.
    """

    probabilities: tuple[float, ...]
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOdds:
    """A token of a reply, and the log-probabilities of those that might have stood there."""

    token: str
    odds: Mapping[str, float]


def chosen(
    reply: str, words: Sequence[str], odds: Sequence[TokenOdds] = (), tokens: int | None = None
) -> WordChoice:
    """Return which of the words a reply says, after what it thought aloud.

    It is its first word or its last one. Where the odds at that place are known they say how
    probable each word was; else the word that was said is certain. Raises MalformedReply.
    """
    word, rest = _said(reply, words)
    told = _by_odds(rest, words, odds)
    if told is None:
        told = tuple(float(one == word) for one in words)
    return WordChoice(probabilities=told, tokens=tokens)


def odds_of(raw: Any) -> Iterator[TokenOdds]:
    """Yield the odds of a chat completion, token by token; nothing where it tells none."""
    content = getattr(getattr(raw.choices[0], "logprobs", None), "content", None)
    for one in content or ():
        others = {other.token: float(other.logprob) for other in one.top_logprobs or ()}
        yield TokenOdds(token=one.token, odds={one.token: float(one.logprob), **others})


def tokens_of(raw: Any) -> int | None:
    """Return how many tokens a completion took, question and all; None where it does not say."""
    total = getattr(getattr(raw, "usage", None), "total_tokens", None)
    return total if isinstance(total, int) and total > 0 else None


def _said(reply: str, words: Sequence[str]) -> tuple[str, str]:
    """Return the word that a reply says, and the reply from there on."""
    said = _THOUGHT.split(reply)[-1]
    found = [] if _THINKING.match(said) else list(_WORD.finditer(said))
    for one in (found[0], found[-1]) if found else ():
        if one[0].casefold() in words:
            return one[0].casefold(), said[one.start() :].rstrip()
    raise MalformedReply(
        f"the model was to say {' or '.join(words)}, and said neither",
        "take another MORGUE_CHECKER_MODEL",
    )


def _by_odds(
    rest: str, words: Sequence[str], odds: Sequence[TokenOdds]
) -> tuple[float, ...] | None:
    """Return the shares of the words at the place where the rest of a reply begins."""
    at = "".join(one.token for one in odds).rfind(rest)
    if at < 0:
        return None
    ends = accumulate(len(one.token) for one in odds)
    there = next(one for one, end in zip(odds, ends, strict=True) if end > at)
    masses = [
        sum(_mass(value) for token, value in there.odds.items() if _begins(token, word))
        for word in words
    ]
    return tuple(mass / sum(masses) for mass in masses) if sum(masses) > 0 else None


def _begins(token: str, word: str) -> bool:
    letters = token.strip(_AROUND).casefold()
    return bool(letters) and word.startswith(letters)


def _mass(log_probability: float) -> float:
    return math.exp(min(0.0, log_probability)) if not math.isnan(log_probability) else 0.0
