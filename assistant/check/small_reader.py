"""The reader that comes with the package: a small network that reads, beside rules that count.

The network was trained to read, and no copied word misleads it; the rules know nothing but words,
numbers, names and doubts. A fifth of what the rules say is counted: on held-out texts of the sets
labelled elsewhere that is where the area under the curve is largest (.903; the network alone .898,
half of the rules .895).
"""

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.check.reader import AskedSentence, ClaimReader, Probabilities
from assistant.check.rules.rules_reader import RulesReader

if TYPE_CHECKING:
    from assistant.settings import Settings

RULES_WEIGHT = 0.2
SUREST = 0.999
"""Odds beyond it are no surer."""


class SmallReader:
    """Reads claims; asks nobody which sentence answers. Safe from several threads.

    The network is opened when the first claim is read.
    """

    name = "small"
    reads = False
    dear = False

    def __init__(self, network: Callable[[], ClaimReader], rules: ClaimReader) -> None:
        self._open = network
        self._rules = rules

    @cached_property
    def _network(self) -> ClaimReader:
        return self._open()

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Return for each claim and its evidence whether it is supported.

        Of a language that the network does not read, what it says of copies alone.
        """
        if not pairs:
            return []
        read, ruled = self._network.supports(pairs), self._rules.supports(pairs)
        return [
            one if one.read_by else _together(one, other)
            for one, other in zip(read, ruled, strict=True)
        ]

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return that nobody can tell."""
        return [0.5] * len(asked)


def _together(read: Probabilities, ruled: Probabilities) -> Probabilities:
    odds = _odds(read.supported) + RULES_WEIGHT * _odds(ruled.supported)
    supported = 1 / (1 + math.exp(-odds))
    rest = 1 - supported
    return (
        Probabilities(supported, 0.0, rest)
        if ruled.contradicted
        else Probabilities(supported, rest, 0.0)
    )


def _odds(share: float) -> float:
    kept = min(SUREST, max(1 - SUREST, share))
    return math.log(kept / (1 - kept))


def reader(_name: str, settings: "Settings") -> ClaimReader:
    """Return the reader of the package. Raises SettingsError where its network is not there."""
    from assistant.check import onnx_reader

    return SmallReader(lambda: onnx_reader.reader(onnx_reader.SHIPPED, settings), RulesReader())
