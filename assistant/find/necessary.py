"""What must stand there for a question to be answered, whatever words articles share with it."""

import re
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.answer import Question
from assistant.find.asked_speech import speaker_and_matter, speaker_named, speech_asked
from assistant.find.candidates import Asked, Candidate
from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.archive.stopwords import STOPWORDS
from ingest.article import Filters
from ingest.language import lexicon
from ingest.language.quotations import quotations
from ingest.language.speech import naming

_WHOLE = 0.9
"""Share of a question that one sentence must hold where its time is beyond the archive."""

_QUOTED = 3
"""Words from which something is quoted, and not only named."""

_ON = re.compile(rf"\s*(?:{lexicon.pattern('questions.words_on')})\s", re.IGNORECASE)
_CALLED = 0.7
"""Of what somebody is called in a question, what a speaker is called to be surely meant."""

_HALF = 0.5
_REMEMBERED = 0.5
"""Share of the words of a quotation that a sentence must have in their order."""

_WORD = re.compile(r"\w+")
_SINGLE = re.compile(r"(?<!\w)['‘](?P<words>[^'‘’]+(?:['’]\w+[^'‘’]*)*)['’](?!\w)")


def lacking(archive: Archive, question: Question, asked: Asked, said: Sequence[Candidate]) -> bool:
    """Tell whether what a question is about is not among the sentences that were found.

    Somebody whom it asks what they said says nothing there; no two words that it quotes stand
    side by side; or its time begins after the last article and no sentence foretells it whole.
    """
    return (
        _nobody_says(archive, question, asked, said)
        or not _quoted_in_part(question, said)
        or _beyond(archive, question, said)
    )


def _nobody_says(
    archive: Archive, question: Question, asked: Asked, said: Sequence[Candidate]
) -> bool:
    if _never_spoken_of(question.text, asked, said):
        return True
    if _nobody_of_the_role(archive, question.text, asked, said):
        return True
    told = speaker_named(question.text) if asked.speech and asked.matter else None
    if told and _on_a_name(question.text, asked) and _says_nothing_of_it(archive, asked, said):
        return True
    if told is None or naming.institution(told) or naming.acronym(told):
        return False
    return not any(one.speaks or one.matter or one.part == "comment" for one in said)


def _nobody_of_the_role(
    archive: Archive, text: str, asked: Asked, said: Sequence[Candidate]
) -> bool:
    """Tell whether none of those speaks whom a question asks by what they are: "the employees".

    Nor stands in a sentence that has half of the question: "a concern of critics is that".
    """
    speech = speech_asked(text)
    told = speaker_and_matter(text) if speech and speech.surely and asked.speech else None
    if told is None or names(told[0]) or not asked.sayer:
        return False
    return not any(
        one.speaks
        or one.part == "comment"
        or (one.own >= _HALF and asked.sayer <= frozenset(archive.stems(one.text, all_words=True)))
        for one in said
    )


def _never_spoken_of(text: str, asked: Asked, said: Sequence[Candidate]) -> bool:
    """Tell whether no article in which whom it asks speaks has the word for what that is about.

    What such an article has only in other words is lost; what it says of other things is kept from
    standing there as the answer. Of an article in another language it cannot be told.
    """
    surely = (speech := speech_asked(text)) is not None and speech.surely
    told = speaker_and_matter(text) if surely and asked.speech and asked.matter else None
    whole = sum(asked.stems[stem] for stem in asked.sayer) / asked.weight
    spoken = [one for one in said if one.speaks and one.speaks >= _CALLED * whole] or said
    about = told is not None and bool(_ON.match(told[1]))
    return about and not any(one.broached or one.foreign for one in spoken)


def _on_a_name(text: str, asked: Asked) -> bool:
    """Tell whether somebody or something named is all that was to be spoken of: "about Crimea".

    In "about the graves in Izium" it is the graves; who is asked something is no matter.
    """
    told = speaker_and_matter(text)
    return told is not None and bool(_ON.match(told[1])) and asked.matter <= asked.proper


def _says_nothing_of_it(archive: Archive, asked: Asked, said: Sequence[Candidate]) -> bool:
    """Tell whether a name that is to be spoken of stands in nothing that they say, nor above it.

    Other words than the question's may stand for a thing, but for a name hardly any.
    """
    spoken = (one for one in said if one.matter or one.part == "comment")
    return not any(
        one.part == "comment" or not asked.matter.isdisjoint(_stems_of(archive, one))
        for one in spoken
    )


def _stems_of(archive: Archive, one: Candidate) -> frozenset[str]:
    return frozenset(archive.stems(f"{one.hit.article.title} {one.text}", all_words=True))


def _quoted_in_part(question: Question, said: Sequence[Candidate]) -> bool:
    marked = [question.asked[one.start : one.end] for one in quotations(question.asked)]
    marked += [found["words"] for found in _SINGLE.finditer(question.asked)]
    words = max(map(_words, marked), key=len, default=[])
    if len(words) < _QUOTED or question.plan.wants != "quote":
        return True
    pairs = {pair for pair in pairwise(words) if not STOPWORDS.issuperset(pair)}
    told = (_words(one.text) for one in said)
    return any(not pairs.isdisjoint(pairwise(one)) and _in_order(words, one) for one in told)


def _in_order(words: list[str], printed: list[str]) -> bool:
    """Tell whether a sentence has most of some words in their order."""
    blocks = SequenceMatcher(None, words, printed, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _REMEMBERED * len(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _beyond(archive: Archive, question: Question, said: Sequence[Candidate]) -> bool:
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", question.text)]
    if not years and not (question.period and question.period.since):
        return False
    latest = archive.counts.covered(Filters(collections=question.filters.held)).until
    last = min(filter(None, (question.filters.as_of, latest)), default=None)
    since = question.period.since if question.period else None
    since = since or date(min(years), 1, 1)
    return last is not None and since > last and max((c.own for c in said), default=0.0) < _WHOLE
