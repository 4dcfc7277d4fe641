"""The rules as a reader of claims."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.check.reader import AskedSentence, ClaimReader, Probabilities
from assistant.check.rules.support import support

if TYPE_CHECKING:
    from assistant.settings import Settings

_PRINTED = re.compile(r"(?:[^.]{1,60}\. )?(\d{4}-\d\d-\d\d)\. ")
"""The day in the imprint above a source's words: "on Tuesday" is read by it."""


_NEVER = frozenset(
    "speaker modality number_absent number_elsewhere date bound universal asked taken_back"
    " predicate strength other_name title".split()
)
"""What no support outweighs: a doubt lost, a number, a day, a name that is another one's."""

_TURNED_AWAY = 0.45


class RulesReader:
    """Weighs words; asks nobody which sentence answers."""

    name = "rules"
    reads = False
    dear = False

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Return for each claim and its evidence whether it is supported."""
        return [_weighed(*pair) for pair in pairs]

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Return that nobody can tell."""
        return [0.5] * len(asked)


def _weighed(claim: str, evidence: str) -> Probabilities:
    printed = _PRINTED.match(evidence)
    day = date.fromisoformat(printed[1]) if printed else None
    found = support(claim, [evidence], published=day)
    against = not _NEVER.isdisjoint(found.reasons)
    score = min(found.score, _TURNED_AWAY) if against else found.score
    rest = 1.0 - score
    contradicted = found.verdict == "contradicted"
    return Probabilities(score, 0.0 if contradicted else rest, rest if contradicted else 0.0)


def reader(_name: str, _settings: "Settings") -> ClaimReader:
    """Return the rules."""
    return RulesReader()
