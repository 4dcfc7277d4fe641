"""A name or a place alone is no sentence: it is made the one that the question asks for.

"Who chairs the council?" "Ada Quill." says that Ada Quill chairs the council, and that is what its
source must support. English alone, since it goes by words that are verbs.
"""

import re

from assistant.reading import FUNCTION, PASSIVE, Word, read
from ingest.wording import verb

_LONGEST = 8
"""Words of a name or a place: more of them are a headline."""

_HELPS = frozenset("has have had will would can could may might must should do does did".split())
_ASKS = re.compile(r"\W*(who|which|what)\s+(\S.*?)\W*\Z", re.IGNORECASE | re.DOTALL)
_ENGLISH = re.compile(r"\W*(?:who|whose|which|what|where|when|how|is|are|was|were|did|do|does)\b",
                      re.IGNORECASE)  # fmt: skip


def is_fragment(text: str, question: str) -> bool:
    """Tell whether an answer to a question in English is nothing but names and numbers."""
    words = read(text).words
    asked = bool(_ENGLISH.match(question)) and 0 < len(words) <= _LONGEST
    return asked and not any(_acts(word) or _telling(word) for word in words)


def _telling(word: Word) -> bool:
    return word.content and word.value is None and not word.capital


def printed(text: str, passage: str) -> bool:
    """Tell whether a passage has every word of a name: the question's words prove no name."""
    there = {word.stem for word in read(passage).words}
    return all(word.stem in there for word in read(text).words if word.content)


def whole(text: str, question: str) -> str | None:
    """Return the sentence that an answer of a name alone stands for, None where none is known."""
    predicate = _predicate(question)
    return f"{text.strip(' .')} {predicate}." if predicate else None


def _predicate(question: str) -> str | None:
    """Return what is asked of somebody: "won the cup" of "Which town won the cup?"."""
    asked = _ASKS.match(question)
    if asked is None:
        return None
    rest = asked[2]
    words = read(rest).words
    if asked[1].lower() == "who":
        return None if words and words[0].low in {"did", "do", "does"} else rest
    for at, word in enumerate(words):
        if word.low in {"did", "do", "does"} or word.low in FUNCTION - PASSIVE - _HELPS:
            return None
        if at and _acts(word):
            return rest[word.start :]
    return None


def _acts(word: Word) -> bool:
    low = word.low
    helps = low in PASSIVE or low in _HELPS
    return helps or (not word.capital and (verb(low) or low.endswith(("s", "ing"))))
