"""Quotations letter by letter, and whose they are: the guard that stands beside every reader."""

import re
from collections.abc import Sequence

from assistant.answer import QuoteVerdict
from assistant.check.same_person import same_person
from ingest.language.normalise import find, fold
from ingest.language.quotations import quotations
from ingest.language.speech.statements import statements

_ENDS = ".,;:!?…"
"""What may stand at the end of a quotation that its source does not have there."""

_NAME = 3
"""Words of what is set in quotation marks as a name is."""


def misquoted(claim: str, sources: Sequence[str]) -> str | None:
    """Return how a claim misquotes its sources, None where it does not.

    Every quotation must be printed, and where both the claim and a source name the speaker of
    its words it must be the same person.
    """
    for words in quoted_words(claim):
        if printed(words, sources) == "absent":
            return f"quotes what its sources do not print: {words!r}"
    return _misattributed(claim, sources)


def quoted_words(text: str) -> list[str]:
    """Return what a text quotes: what stands between its quotation marks and is no name.

    A word or two with a capital are a title or a name, which other languages inflect.
    """
    found = (text[one.start : one.end] for one in quotations(text))
    return [words for words in found if words.strip(_ENDS + " ") and not _is_name(words)]


def _is_name(words: str) -> bool:
    return words.count(" ") < _NAME and all(word[:1].isupper() for word in words.split())


def printed(words: str, sources: Sequence[str]) -> QuoteVerdict:
    """Return whether sources print some words exactly, in another spelling, or not at all."""
    if any(words in source for source in sources):
        return "exact"
    core = words.rstrip(_ENDS)
    return "normalised" if any(find(core, source) for source in sources) else "absent"


def _misattributed(claim: str, sources: Sequence[str]) -> str | None:
    for said in statements(claim):
        if not said.direct or not said.speaker_at:
            continue
        name = said.speaker or claim[slice(*said.speaker_at)]
        whose = speaker_in(claim[said.start : said.end], sources) or ""
        if _full_name(whose) and not names_alike(whose, claim) and not same_person(name, whose):
            return f"gives {name} the words of {whose}"
    return None


def _full_name(name: str) -> bool:
    """Tell whether a speaker is named with given and family name, and nothing else."""
    words = name.split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


def names_alike(name: str, text: str) -> bool:
    """Tell whether a text has the last word of a name: Mark is not in "market"."""
    last = re.escape(fold(name.rsplit(maxsplit=1)[-1]).text)
    return re.search(rf"(?<!\w){last}(?!\w)", fold(text).text) is not None


def speaker_in(words: str, sources: Sequence[str]) -> str | None:
    """Return who says some words in the first of the sources that print them, by full name."""
    for source in sources:
        for start, end in find(words.rstrip(_ENDS), source)[:1]:
            for said in statements(source):
                if said.direct and said.start < end and start < said.end:
                    return said.speaker
    return None
