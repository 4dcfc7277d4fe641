"""Numbers of a sentence that what it rests on does not print.

A reader takes 870 for 850 easily where all else is the same; who counts does not. And a number is
printed where it is of the same thing: 870 men are no wall of 870 metres.
"""

import re
from collections.abc import Iterable, Iterator

from assistant.check.judge import stems
from assistant.factcheck.days_alike import DatedText
from ingest.language.numbers import NumberAt, numbers
from ingest.language.sentences import sentences

_BESIDE = 2
"""Words before a number, and after it, of which a sentence that prints it must have one."""

_WORD = re.compile(r"\w{3,}")


def values(dated: DatedText, language: str | None) -> dict[float, str]:
    """Return the numbers of a text with how it writes them, without those of its days."""
    return {one.value: dated.text[one.start : one.end] for one in _undated(dated, language)}


def unprinted(
    claim: DatedText, language: str | None, printed: Iterable[tuple[str, str | None]]
) -> str:
    """Return the first number of a sentence, as written, that no text prints of the same thing.

    Nothing where each is printed, in a sentence that has a word too that stands beside it here.
    """
    told = [
        (stems(text[start:end]), {one.value for one in numbers(text[start:end], tag)})
        for text, tag in printed
        for start, end in sentences(text)
    ]
    for one in _undated(claim, language):
        beside = _beside(claim.text, one)
        if not any(one.value in known and (not beside or beside & words) for words, known in told):
            return claim.text[one.start : one.end]
    return ""


def _undated(dated: DatedText, language: str | None) -> Iterator[NumberAt]:
    for one in numbers(dated.text, language):
        if not any(day.start < one.end and one.start < day.end for day in dated.named):
            yield one


def _beside(text: str, number: NumberAt) -> frozenset[str]:
    """Return the words next to a number, without their endings."""
    before = _WORD.findall(text[: number.start])[-_BESIDE:]
    after = _WORD.findall(text[number.end :])[:_BESIDE]
    return stems(" ".join([*before, *after]))


def instead(claim: DatedText, language: str | None, printed: DatedText, tag: str | None) -> str:
    """Return the one number that a printed sentence has where a sentence has another; else nothing.

    Where it has several that the sentence does not, nobody can tell which.
    """
    mine, theirs = values(claim, language), values(printed, tag)
    others = [words for value, words in theirs.items() if value not in mine]
    return others[0] if len(others) == 1 else ""
