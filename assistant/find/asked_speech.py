"""Whom a question asks about what they said, and what of: by its own words and their order."""

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.understand.coreference import names
from ingest.language import lexicon
from ingest.language.speech.wording import ARTICLES, PASSIVE

_SPEECH = re.compile(rf"\b(?:{lexicon.pattern('questions.speech')})\b", re.IGNORECASE)
_VERBS = lexicon.words("reporting.say") - lexicon.words("reporting.noun_like")
_REPORTS = re.compile(rf"\b(?:{lexicon.any_of(_VERBS)})\b", re.IGNORECASE)
_SOURCE = re.compile(rf"\b(?:{lexicon.pattern('reporting.sources')})(?!\w)", re.IGNORECASE)
"""What names a source: "according to", before it or, where a language has it so, behind it."""
_BEHIND_IT = lexicon.words("reporting.sources_after")
_UP_TO_A_STOP = re.compile(r"[^,;:.?!]*")

_WHO_SAID = re.compile(rf"\W*(?:{lexicon.pattern('questions.who')})\b", re.IGNORECASE)
_WHICH = re.compile(
    rf"\W*(?:{lexicon.pattern('questions.which')})\s+"
    rf"(?!.*\b(?:{lexicon.pattern('questions.does')})\b)\S",
    re.IGNORECASE,
)
"""Before a word for speech it asks for the speaker too: "Which minister said"."""

_ASKING = re.compile(
    rf"\b(?:{lexicon.pattern('questions.asks', 'questions.does', 'dates.the')})\b|\ban?\b|\W+$",
    re.IGNORECASE,
)
"""What asks, before whoever is asked about: "What did the"."""

_ROLE = 4
"""Words of a role, at most."""


class SpeechAsked(NamedTuple):
    """What a question asks as speech: by which word, of whom, and about what."""

    word: str
    speaker: str
    matter: str

    @property
    def surely(self) -> bool:
        """Whether the word is of speech alone: something may be added to a list."""
        return _SPEECH.fullmatch(self.word) is not None


@lru_cache(maxsize=64)
def speech_asked(asked: str) -> SpeechAsked | None:
    """Return what a question asks as speech: None where it asks for none, or who said something.

    Where nobody is named before the word for speech and somebody is at once behind, as most
    languages ask, that is whom it is asked of: "Was sagte Lee dazu?". With a source ("according
    to Lee") it is the source, and all the rest is what they are asked about. Kept for the last few
    questions, since each step of an answer asks it of the same ones.
    """
    said = _speech_word(asked)
    if said is None or _WHO_SAID.match(asked):
        return None
    before, behind = asked[: said.start()], asked[said.end() :]
    if _SOURCE.fullmatch(said[0]):
        return SpeechAsked(said[0], *_of_source(before, behind, said[0]))
    first = next(iter(names(behind)), "")
    at_once = bool(first) and behind.lstrip().startswith(first)
    if _WHICH.match(before) and not at_once:  # not "Welche Pläne kündigte Lee an?"
        return None
    if at_once and not names(before):
        return SpeechAsked(said[0], first, behind.lstrip().removeprefix(first))
    return SpeechAsked(said[0], before, behind)


def speaker_and_matter(asked: str) -> tuple[str, str] | None:
    """Return who is asked about, by name or role, and what stands behind the word for speech."""
    told = speech_asked(asked)
    if told is None:
        return None
    named = names(told.speaker)
    role = _ASKING.sub(" ", told.speaker).strip()
    whose = named[-1] if named else role
    return (whose, told.matter) if whose and (named or len(role.split()) <= _ROLE) else None


def speaker_named(asked: str) -> str | None:
    """Return the name that stands at the word that asks for speech: "What did Lee say?"."""
    told = speech_asked(asked)
    named = names(told.speaker) if told else ()
    return named[-1] if told and named and told.speaker.rstrip().endswith(named[-1]) else None


def _speech_word(asked: str) -> re.Match[str] | None:
    """Return the word by which a question asks what somebody said, else what names a source."""
    reports = (one for one in _REPORTS.finditer(asked) if not _done_to(asked[: one.start()]))
    sources = [found.span() for found in _SOURCE.finditer(asked)]
    told = (
        one
        for one in (*_SPEECH.finditer(asked), *reports)
        if not any(start <= one.start() < end for start, end in sources)
    )
    return next(told, None) or _SOURCE.search(asked)


def _done_to(before: str) -> bool:
    """Tell whether a verb behind this is of what was done: "the proposed", "was recalled".

    In English alone: where a language bends its participles, none of those before a noun reports.
    """
    word = next(reversed(before.casefold().split()), "")
    return word in ARTICLES or word in PASSIVE


def _of_source(before: str, behind: str, word: str) -> tuple[str, str]:
    """Return the source beside a word that names one, and all the rest of the question."""
    if word.casefold() in _BEHIND_IT:
        source = next(reversed(before.split()), "")
        return source, f"{before.rstrip().removesuffix(source)} {behind}"
    behind = behind.lstrip()
    upto = _UP_TO_A_STOP.match(behind)
    source = upto[0] if upto else ""
    if named := names(_ASKING.sub(" ", source)):
        source = "".join(source.partition(named[0])[:2])
    return source, f"{before} {behind.removeprefix(source)}"
