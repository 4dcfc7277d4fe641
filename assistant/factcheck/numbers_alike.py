"""Numbers of a sentence that what it rests on does not print.

A reader takes 870 for 850 easily where all else is the same; who counts does not.
"""

from collections.abc import Iterable

from ingest.language.date_expressions import dates
from ingest.language.numbers import numbers


def values(text: str, language: str | None) -> dict[float, str]:
    """Return the numbers of a text with how it writes them, without those of its days."""
    named = [(one.start, one.end) for one in dates(text, language, None)]
    return {
        one.value: text[one.start : one.end]
        for one in numbers(text, language)
        if not any(start < one.end and one.start < end for start, end in named)
    }


def unprinted(claim: str, language: str | None, printed: Iterable[tuple[str, str | None]]) -> str:
    """Return the first number of a sentence that no text prints, in its own words; else nothing."""
    mine = values(claim, language)
    theirs = {one.value for text, tag in printed for one in numbers(text, tag)}
    return next((words for value, words in mine.items() if value not in theirs), "")


def instead(claim: str, language: str | None, printed: str, tag: str | None) -> str:
    """Return the one number that a printed sentence has where a sentence has another; else nothing.

    Where it has several that the sentence does not, nobody can tell which.
    """
    mine, theirs = values(claim, language), values(printed, tag)
    others = [words for value, words in theirs.items() if value not in mine]
    return others[0] if len(others) == 1 else ""
