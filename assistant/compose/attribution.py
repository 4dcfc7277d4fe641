"""Whose words a quotation is: named where the form or a reader says so, nobody otherwise."""

import logging
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import DraftClaim, Evidence
from assistant.check.judge import LINE, as_read
from assistant.check.quotation_guard import names_alike
from assistant.check.reader import ClaimReader
from assistant.errors import AnswerError, ServiceError
from assistant.find.candidates import voice
from ingest.article import Statement
from ingest.language.sentences import sentences
from ingest.language.speech import speaker_names
from ingest.language.speech.statements import statements

logger = logging.getLogger("morgue.attribution")

_BREAK = re.compile(r"(?<=[\n.!?:”\"’'»)])\n+|\n{2,}")
"""Between two paragraphs: a line that only wraps ends none."""


def signed(drafts: Sequence[DraftClaim], reader: ClaimReader) -> list[DraftClaim]:
    """Return quotations with their speakers, what was written as it is.

    A line of a transcript or an interview has the speaker whom its form tells. Of all others the
    reader is asked at once whether "SPEAKER said: words" stands by the paragraph and the one
    before it. Where it does not read, or cannot be asked, a speaker is named who stands in the
    sentence itself, by name, beside the word that reports, or who alone can be meant there.
    """
    said = [_said(one) for one in drafts]
    quoted = [
        (statement, one.evidence[0])
        for one, statement in zip(drafts, said, strict=True)
        if statement is not None
    ]
    told = iter(confirmed(quoted, reader))
    shown = [statement.speaker if statement and next(told) else None for statement in said]
    return [
        replace(one, speaker=speaker) if one.verbatim else one
        for one, speaker in zip(drafts, shown, strict=True)
    ]


def _said(drafted: DraftClaim) -> Statement | None:
    """Return whose words a quotation may be, by the rules."""
    if not drafted.verbatim or not drafted.evidence:
        return None
    (one, *_), article = drafted.evidence, drafted.evidence[0].hit.article
    part = article.part_at(one.start)
    if part is not None and part.part == "comment":
        return None
    spoken = statements(article.text, article.parts)
    said = voice(spoken, one.start, one.end)
    if said is None or not said.speaker or _either(said, spoken, article.text):
        return None
    return said


def _either(said: Statement, spoken: Sequence[Statement], text: str) -> bool:
    """Tell whether a last name alone names a speaker where two of that name speak."""
    if said.speaker is None or said.speaker_at is None:
        return False
    if " " in text[slice(*said.speaker_at)].strip() or not speaker_names.in_full(said.speaker):
        return False
    speaking = {one.speaker for one in spoken if one.speaker and one.speaker != said.speaker}
    return any(
        speaker_names.in_full(one) and not speaker_names.alike(one, said.speaker)
        for one in speaker_names.namesakes(speaker_names.keys(said.speaker)[-1:], speaking)
    )


def confirmed(said: Sequence[tuple[Statement, Evidence]], reader: ClaimReader) -> list[bool]:
    """Return of statements that name a speaker which of them are that speaker's, as `signed` does.

    Each comes with where it stands.
    """
    asked = [pair for pair in said if not pair[0].labelled]
    held = _read([(_claim(*pair), _evidence(pair[1])) for pair in asked], reader)
    told = iter(held if held is not None else [_named_there(*pair) for pair in asked])
    return [one.labelled or (next(told) and not _spoken_of(one, quoted)) for one, quoted in said]


def _read(pairs: Sequence[tuple[str, str]], reader: ClaimReader) -> list[bool] | None:
    """Return which claims the reader supports, None where nobody reads."""
    if not reader.reads or not pairs:
        return None
    try:
        return [one.supported >= LINE for one in reader.supports(pairs)]
    except (ServiceError, AnswerError) as error:
        logger.warning("speakers are told by their sentences alone: %s", error.message)
        return None


def _claim(said: Statement, quoted: Evidence) -> str:
    """Return as a plain sentence that somebody said what is quoted."""
    start, end = max(said.start, quoted.start), min(said.end, quoted.end)
    words = " ".join(quoted.hit.article.text[start:end].split()).strip(" ,")
    return f"{said.speaker} said: “{words}”" if said.direct else f"{said.speaker} said that {words}"


def _evidence(quoted: Evidence) -> str:
    """Return the paragraph of a quotation and the one before it, as a reader is given them."""
    text = quoted.hit.article.text
    breaks = [found.span() for found in _BREAK.finditer(text)]
    begins = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    first = bisect_right(begins, quoted.start) - 1
    last = bisect_right(begins, max(quoted.start, quoted.end - 1)) - 1
    return as_read([replace(quoted, start=begins[max(0, first - 1)], end=ends[last])])


def _spoken_of(said: Statement, quoted: Evidence) -> bool:
    """Tell whether a sentence reports of somebody whom its pronoun is taken for.

    In “Ann Lee ‘may well win’, she said” whoever says so speaks of Ann Lee.
    """
    text, speaker = quoted.hit.article.text, said.speaker
    if speaker is None or said.speaker_at is None or said.sure:
        return False
    start, end = said.speaker_at
    if names_alike(speaker, text[start:end]):
        return False
    last = speaker.rsplit(" ", 1)[-1]
    of_it = [(a, b) for a, b in sentences(text, *_line(text, start)) if a <= start < b]
    told = "".join(text[a : min(said.start, start)] for a, _ in of_it)
    return re.search(rf"\b{re.escape(last)}\b", told) is not None


def _line(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, end if end >= 0 else len(text)


def _named_there(said: Statement, quoted: Evidence) -> bool:
    """Tell whether a sentence names its speaker, beside the word that reports, or leaves one."""
    if said.sure:
        return True
    if said.speaker is None or said.speaker_at is None or said.cue_at is None:
        return False
    inside = all(quoted.start <= a and b <= quoted.end for a, b in (said.speaker_at, said.cue_at))
    return inside and names_alike(said.speaker, quoted.hit.article.text[slice(*said.speaker_at)])
