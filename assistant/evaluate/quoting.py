"""Are the words between quotation marks printed so, and are they the right person's?"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.answer import QuoteVerdict
from assistant.evaluate.result import RowTally
from assistant.evaluate.rows import AnsweredRow
from assistant.evaluate.saying import CitedSentence
from assistant.evaluate.short_answer import words
from ingest.language.normalise import find
from ingest.language.quotations import quotations
from ingest.language.speech.statements import statements

_ALTERED = 0.75
"""Share of a quotation's words that a source must print in order for it to be altered and not
absent. Chosen by reading: a changed word in four is still recognisable; not tuned."""

_SHORTEST = 3
"""Words below which a quotation is a name or a scare quote: too short to be altered or misheard."""

VERDICTS: tuple[QuoteVerdict, ...] = ("exact", "normalised", "altered", "absent", "misattributed")
_FUNCTION = frozenset(
    "the a an of and for in mr mrs ms dr sir judge captain minister president professor".split()
)


def quotes(tally: RowTally, row: AnsweredRow) -> None:
    """Count the quotations of an answer by what became of them."""
    if row.abstained:
        return
    counted: list[QuoteVerdict] = []
    for sentence in row.sentences:
        passages = _passages(row, sentence)
        for found in quotations(sentence.text):
            quoted = sentence.text[found.start : found.end].strip()
            if not any(map(str.isalnum, quoted)):
                continue
            if not passages:
                tally.miss("quotations: there is no source with text to look them up in")
                continue
            counted.append(verdict(quoted, sentence, passages))
    for one in VERDICTS if counted else ():
        tally.add(f"quote_{one}", counted.count(one), len(counted))


def _passages(row: AnsweredRow, sentence: CitedSentence) -> list[str]:
    """Return what a sentence cites, or where it cites nothing all that the answer rests on."""
    cited = [s.text for s in row.sources if s.n in sentence.cites and s.text]
    return cited or [source.text for source in row.sources if source.text]


def verdict(quoted: str, sentence: CitedSentence, passages: Sequence[str]) -> QuoteVerdict:
    """Say what became of a quotation: printed so, altered, nowhere, or another's words."""
    core = quoted.rstrip(".,;:!?…").strip() or quoted
    for passage in passages:
        if core in passage:
            return _whose(core, sentence, passage, "exact")
    for passage in passages:
        if find(core, passage):
            return _whose(core, sentence, passage, "normalised")
    return "altered" if any(_nearly(core, passage) for passage in passages) else "absent"


def _whose(core: str, sentence: CitedSentence, passage: str, printed: QuoteVerdict) -> QuoteVerdict:
    """Return `misattributed` where the passage names one speaker and the sentence another.

    An office that a passage alone does not fill ("the minister") names nobody.
    """
    if len(core.split()) < _SHORTEST:
        return printed
    here = sentence.speaker or _speaker(core, sentence.text)
    there = _speaker(core, passage, surely=True)
    return "misattributed" if here and there and not same_person(here, there) else printed


def _speaker(core: str, text: str, *, surely: bool = False) -> str | None:
    spans = find(core, text)
    for said in statements(text):
        named = said.speaker and (said.sure or said.labelled or not surely)
        if named and any(a < said.end and said.start < b for a, b in spans):
            return said.speaker
    return None


def same_person(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: the shorter one's words are in the longer."""
    first, second = _names(one), _names(other)
    return bool(first and second) and (first <= second or second <= first)


def _names(name: str) -> set[str]:
    found = {re.sub(r"'s?$", "", word) for word in words(name.replace("’", "'"))}
    return {word for word in found - _FUNCTION if word != "s"} or found


def _nearly(core: str, passage: str) -> bool:
    """Tell whether a passage prints most of a quotation, in its order and close together."""
    wanted, printed = words(core), words(passage)
    if len(wanted) < _SHORTEST:
        return False
    matcher = SequenceMatcher(None, printed, wanted, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    size = len(wanted) * 3 // 2
    return any(
        sum(other.size for other in blocks if first.a <= other.a < first.a + size)
        >= _ALTERED * len(wanted)
        for first in blocks
    )


def speaker(tally: RowTally, row: AnsweredRow) -> None:
    """Count whether the speaker is named, and whether it is the right one."""
    wanted = row.gold.speaker
    if wanted is None or row.abstained:
        return
    named = [sentence.speaker or _named(sentence) for sentence in _answering(row)]
    known = [name for name in named if name]
    right = any(same_person(name, wanted) for name in known) or _in_words(wanted, row.text)
    tally.add("speaker_named", float(right or bool(known)))
    tally.add("speaker_accuracy", float(right))


def _answering(row: AnsweredRow) -> list[CitedSentence]:
    """Return the sentences that hold the words asked for, or all where none does."""
    holding = [s for s in row.sentences if any(find(q, s.text) for q in row.gold.quotes)]
    return holding or list(row.sentences)


def _named(sentence: CitedSentence) -> str | None:
    return next((said.speaker for said in statements(sentence.text) if said.speaker), None)


def _in_words(name: str, text: str) -> bool:
    return _names(name) <= set(words(text))
