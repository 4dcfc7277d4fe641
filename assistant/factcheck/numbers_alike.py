"""Numbers of a sentence that what it rests on does not print.

A reader takes 870 for 850 easily where all else is the same; who counts does not.
"""

from collections.abc import Iterable

from assistant.factcheck.days_alike import DatedText
from ingest.language.numbers import numbers


def values(dated: DatedText, language: str | None) -> dict[float, str]:
    """Return the numbers of a text with how it writes them, without those of its days."""
    return {
        one.value: dated.text[one.start : one.end]
        for one in numbers(dated.text, language)
        if not any(day.start < one.end and one.start < day.end for day in dated.named)
    }


def unprinted(
    claim: DatedText, language: str | None, printed: Iterable[tuple[str, str | None]]
) -> str:
    """Return the first number of a sentence that no text prints, in its own words; else nothing."""
    mine = values(claim, language)
    theirs = {one.value for text, tag in printed for one in numbers(text, tag)}
    return next((words for value, words in mine.items() if value not in theirs), "")


def instead(claim: DatedText, language: str | None, printed: DatedText, tag: str | None) -> str:
    """Return the one number that a printed sentence has where a sentence has another; else nothing.

    Where it has several that the sentence does not, nobody can tell which.
    """
    mine, theirs = values(claim, language), values(printed, tag)
    others = [words for value, words in theirs.items() if value not in mine]
    return others[0] if len(others) == 1 else ""
