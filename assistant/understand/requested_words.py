"""A request for words ("a quote from a doctor about masks") as the question that it is."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.language import lexicon


def as_asked(request: str) -> str | None:
    """Return "What did a doctor say about masks?" for a request for words; None for any other."""
    for pattern, asks in _requests():
        found = pattern.search(request)
        if found is not None:
            return asks.format(whose=found["whose"], matter=found["matter"])
    return None


@cache
def _requests() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(_known())


def _known() -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield how words are requested in each language, and how they are asked for."""
    asking = lexicon.pattern("questions.name")
    for language in lexicon.languages():
        asks = lexicon.section(language, "questions").get("asks_words")
        if asks:
            words = lexicon.pattern("questions.words_of", of=(language,))
            on = lexicon.pattern("questions.words_on", of=(language,))
            told = rf"(?P<whose>[^?,;]+?)\s+(?:{on})\s+(?P<matter>[^?]+?)[\s?.!]*\Z"
            whole = rf"\A(?!\W*(?:{asking})\b).*?\b(?:{words})\s+{told}"
            yield re.compile(whole, re.IGNORECASE), asks
