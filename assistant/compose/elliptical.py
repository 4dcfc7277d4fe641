"""A name or a place alone is no sentence: it is made the one that the question asks for.

"Who chairs the council?" "Ada Quill." says that Ada Quill chairs the council, and that is what its
source must support. English alone, since it goes by words that are verbs.
"""

import re
from collections.abc import Iterable

from assistant.check.reading import FUNCTION, acts, read

_LONGEST = 8
"""Words of a name or a place: more of them are a headline."""

_ASKS = re.compile(r"\W*(who|which|what)\s+(\S.*?)\W*\Z", re.IGNORECASE | re.DOTALL)
_ENGLISH = re.compile(r"\W*(?:who|whose|which|what|where|when|how|is|are|was|were|did|do|does)\b",
                      re.IGNORECASE)  # fmt: skip
_OF_ANOTHER = frozenset("did do does".split())
"""What the question asks is then not who did it: "Who did the council choose?"."""


def is_fragment(text: str, question: str) -> bool:
    """Tell whether an answer to a question in English is nothing but names and numbers."""
    words = read(text).words
    asked = bool(_ENGLISH.match(question)) and 0 < len(words) <= _LONGEST
    lower = (word for word in words if not word.capital and word.value is None)
    return asked and not any(word.content or acts(word.low) for word in lower)


def whole(text: str, question: str, passages: Iterable[str]) -> str | None:
    """Return the sentence that a name alone stands for, None where it is not known.

    One of the passages must have the name: the rest of the sentence is the question's own words,
    which would find their support without it.
    """
    predicate = _predicate(question)
    if predicate is None or not any(_has(passage, text) for passage in passages):
        return None
    return f"{text.strip(' .')} {predicate}."


def _has(passage: str, name: str) -> bool:
    there = {word.stem for word in read(passage).words}
    return all(word.stem in there for word in read(name).words if word.content)


def _predicate(question: str) -> str | None:
    """Return what is asked of somebody: "won the cup" of "Which town won the cup?"."""
    asked = _ASKS.match(question)
    if asked is None:
        return None
    rest = asked[2]
    words = read(rest).words
    if asked[1].lower() == "who":
        return None if words and words[0].low in _OF_ANOTHER else rest
    for at, word in enumerate(words):
        plain = not word.capital and (acts(word.low) or word.low.endswith(("s", "ing")))
        if word.low in _OF_ANOTHER or (word.low in FUNCTION and not acts(word.low)):
            return None
        if at and plain:
            return rest[word.start :]
    return None
