"""Ordinary implementations of the interfaces, for tests: they do little, and truly do it."""

import re
from collections.abc import Generator, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from assistant.check.reader import AskedSentence, Probabilities
from assistant.errors import ServiceError
from assistant.models.llm import Message, Model
from assistant.settings import Settings

Script = str | ServiceError
"""A piece of a reply, or what goes wrong instead of it."""


class ScriptedModel(Model):
    """A model that says what it was told to say, word by word.

    Each call takes the next of `replies` (the last is repeated): a text, an error, or a
    sequence of both. `asked` keeps the messages of each call, `heard` the words let out so far.
    """

    def __init__(self, *replies: Script | Sequence[Script], name: str = "scripted") -> None:
        self._replies = list(replies)
        self._name = name
        self.asked: list[tuple[Message, ...]] = []
        self.heard: list[str] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield the next reply in words; raise where the script says so."""
        self.asked.append(tuple(messages))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        for piece in [reply] if isinstance(reply, str | ServiceError) else reply:
            if isinstance(piece, ServiceError):
                raise piece
            for word in piece.replace(" ", "\0 ").split("\0"):
                self.heard.append(word)
                yield word


class OverlapReader:
    """A reader that counts words: a claim is as probable as the share of its words that are there.

    Half as probable where a number or a word of five letters is not. It understands nothing, but
    what is asked, kept and said can be tested with it. Claims in `denied` are contradicted;
    `pairs` keeps what it was given to read.
    """

    name = "overlap"
    reads = True

    def __init__(self, *denied: str, dear: bool = False) -> None:
        self.denied = frozenset(denied)
        self.dear = dear
        self.pairs: list[tuple[str, str]] = []

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Return the shares."""
        self.pairs += pairs
        return [self._one(claim, evidence) for claim, evidence in pairs]

    def _one(self, claim: str, evidence: str) -> Probabilities:
        if claim in self.denied:
            return Probabilities(0.0, 0.0, 1.0)
        share = _share(claim, evidence)
        telling = " ".join(re.findall(r"\w*\d\w*|\w{5,}", claim))
        share /= 2 if _share(telling, evidence) < 1 and telling else 1
        return Probabilities(share, 1.0 - share, 0.0)

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return the shares of the question's words that the sentence has."""
        return [_share(one.question, one.sentence) for one in asked]


def overlap(_name: str, _settings: Settings) -> OverlapReader:
    """Offer the reader as a plug-in does."""
    return OverlapReader()


def _share(wanted: str, text: str) -> float:
    words = re.findall(r"\w+", wanted.casefold())
    known = set(re.findall(r"\w+", text.casefold()))
    return sum(word in known for word in words) / max(1, len(words))


class HashingEmbedder:
    """Vectors from hashed words and letter trigrams: texts that share them are near.

    It knows no meaning, but ranking can be tested with it, and it costs nothing. `embedded`
    keeps every text that was asked for.
    """

    def __init__(self, dims: int = 256) -> None:
        self.dims = dims
        self.fingerprint = f"hashing/{dims}"
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what is searched."""
        self.embedded.extend(texts)
        return self.queries(texts)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what is asked."""
        rows = [self.query(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dims)

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed one question."""
        vector = np.zeros(self.dims, dtype=np.float32)
        for feature, weight in _features(text):
            number = int.from_bytes(blake2b(feature.encode(), digest_size=8).digest(), "big")
            vector[number % self.dims] += weight if number >> 63 else -weight
        length = float(np.linalg.norm(vector))
        vector[0] += length == 0  # an empty text still has a direction
        return vector / np.float32(length or 1)


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in re.findall(r"\w+", text.casefold()):
        yield word, 1.0
        padded = f"<{word}>"
        for start in range(len(padded) - 2):
            yield padded[start : start + 3], 0.3
