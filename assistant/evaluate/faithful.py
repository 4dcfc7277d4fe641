"""Is one answer faithful to its sources? For other programs: no archive, no file, no report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.answer import Answer, Listing, NoAnswer
from assistant.check.judge import LINE
from assistant.evaluate.answers import Ruler, measure_answer
from assistant.evaluate.result import Judged
from assistant.evaluate.row_fields import is_answer
from assistant.evaluate.rows import answered
from assistant.render import to_json
from ingest.errors import MorgueError

__all__ = ["AssertFaithful", "Checkable", "Faithfulness", "check"]

Checkable = Answer | Listing | NoAnswer | Mapping[str, Any]


class AssertFaithful(Protocol):
    """What the pytest fixture `assert_faithful` gives: it fails a test whose answer is not."""

    def __call__(self, answer: Checkable, *, at_least: float = 0.9) -> None:
        """Fail where less of the answer than `at_least` is supported by its sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """How faithful an answer is: the share of its sentences that their sources support.

    `score` is None where it cannot be told; `why` says so. An answer that says it has none is
    faithful: it claims nothing.
    """

    score: float | None
    claims: tuple[Judged, ...] = ()
    why: str = ""

    @property
    def unsupported(self) -> tuple[Judged, ...]:
        """The claims that their sources do not support."""
        return tuple(claim for claim in self.claims if claim.score < LINE)

    def told(self, at_least: float) -> str:
        """Return what is wrong, in words."""
        lines = [f"{self.score:.3f} of the answer is supported, at least {at_least:g} must be:"]
        for claim in self.unsupported:
            lines.append(f"  {claim.verdict}, {claim.score:.2f}: {claim.claim!r}")
            lines.append(f"    it {claim.reason}")
        return "\n".join(lines)


def check(answer: Checkable, ruler: Ruler | None = None) -> Faithfulness:
    """Return how faithful an answer is to the sources it comes with.

    Raises MorgueError for what is no answer, and pydantic's ValidationError for a mapping whose
    fields are not what they should be.
    """
    given = to_json(answer) if isinstance(answer, Answer | Listing | NoAnswer) else answer
    if not isinstance(given, Mapping):
        raise MorgueError(f"{_WHAT}, not of a {type(given).__name__}: {given!r:.60}", _HOW)
    if not is_answer(given):
        raise MorgueError(f"{_WHAT}, and {sorted(map(str, given))} has no response", _HOW)
    row = answered(given, "answer")
    if not row.responded:
        return Faithfulness(score=None, why="there is no response")
    if row.abstained:
        return Faithfulness(score=1.0, why="the answer says that it has none")
    result = measure_answer(row, ruler or Ruler())
    share = result.shares.get("faithfulness")
    if share is None:
        return Faithfulness(score=None, claims=result.claims, why="; ".join(result.unscored))
    return Faithfulness(score=share[0] / share[1], claims=result.claims)


_WHAT = "how faithful it is can only be told of an answer with its sources"
_HOW = (
    'give {"response": "...", "retrieved_contexts": ["...", ...]}, an Answer, '
    "or what `ask --json` prints"
)
