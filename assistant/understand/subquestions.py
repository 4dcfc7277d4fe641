"""The questions that a question is made of, so that what is there can be told of each."""

import re

from assistant.answer import Question, Turn
from assistant.understand.question import understand

_ASKING = (
    r"(?:who|whom|whose|what|which|did|does|was|were|is|are|has|have|will|can)\b"
    r"|(?:when|where|why|how)\s+(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could"
    r"|many|much|old|long|far|often|big|high)\b"
    r"|(?:qué|quién|cuándo|cuánt[oa]s?|dónde|cómo|хто|що|коли|де|скільки|чому)\b"
)
"""How a question begins, and not a clause: "when did it open", not "when it opened"."""

_BETWEEN = re.compile(
    rf"(?:\?\s+(?:and\s+|y\s+|і\s+)?|[,;]?\s+(?:and|y|і|та|й)\s+)(?={_ASKING})", re.IGNORECASE
)
_MOST = 4
_LEAST = 2
"""Words of a part: "and why?" asks for more of the same."""


def parts(question: Question) -> tuple[Question, ...]:
    """Return the questions in a question, each standing alone; none where it is only one.

    "Who built it and what did it cost?" is two; "the cost and the date of it" is one.
    """
    pieces = [piece.strip(" ,;?") for piece in _BETWEEN.split(question.text)]
    if len(pieces) < 2 or len(pieces) > _MOST or any(p.count(" ") < _LEAST for p in pieces):
        return ()
    found: list[Question] = []
    for piece in pieces:
        before = [Turn(question=found[0].text)] if found else []
        found.append(understand(f"{piece}?", filters=question.filters, history=before))
    return tuple(found)
