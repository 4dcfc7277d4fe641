"""A name without what says that something is its: "Lee's harbour", "Jones' dog"."""

import re

from ingest.language import lexicon

_ENDING = re.compile(rf"(?:{lexicon.pattern('name_parts.possessive')})\Z", re.IGNORECASE)


def without_possessive(name: str) -> str:
    """Return a word or a name without the ending by which it owns something, if it has one."""
    return _ENDING.sub("", name)


def is_possessive(word: str) -> bool:
    """Tell whether a word ends as one that owns something."""
    return bool(_ENDING.search(word))
