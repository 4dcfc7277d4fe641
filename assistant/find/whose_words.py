"""Whether it is whom a question asks who speaks, or somebody else who is called so."""

from collections.abc import Iterable

from assistant.answer import Question
from assistant.find.asked_speech import speaker_named
from ingest.archive import Archive
from ingest.article import Statement
from ingest.language.speech import speaker_names


def person_asked(archive: Archive, question: Question) -> str | None:
    """Return the full name of whom a question asks what they said, where it names a person.

    By a last name alone it asks of whom the archive's speakers mean by it, if they mean one.
    """
    named = speaker_named(question.text) or ""
    if speaker_names.in_full(named):
        return named
    alone = bool(named) and " " not in named
    return archive.speech.known_as(named, question.filters) if alone else None


def names_that_count(
    speaker: str, label: str, role: str, person: str | None, *, bare: bool
) -> tuple[str, ...]:
    """Return by which of a speaker's name, label and role it may be whom a question asks.

    Nobody is `person` by a part of the name that others have: where Ida Brown Lee is asked, neither
    Ali Brown nor the coach of the Browns. Of a last name alone (`bare`) nobody is who is told by
    theirs: "a lawyer for Lee".
    """
    if person is None:
        return speaker, label, role
    if bare and speaker[:1].islower():
        return ()
    return tuple(one for one in (speaker, label, role) if _may_mean(person, one))


def _may_mean(person: str, called: str) -> bool:
    """Tell whether a name or a role has all words of somebody's name, or none: no part of it."""
    wanted, theirs = (
        {key.rstrip("s") for key in speaker_names.keys(one)} for one in (person, called)
    )
    return wanted & theirs in (wanted, set()) or speaker_names.alike(person, called)


def of_a_namesake(
    people: Iterable[str], said: Statement, printed: str, start: int, end: int
) -> bool:
    """Tell whether another of that last name speaks in a sentence, and none of some people."""
    people, speaker = tuple(people), said.speaker or ""
    if not people or not speaker_names.in_full(speaker):
        return False
    last = speaker_names.keys(speaker)[-1]
    namesakes = any(speaker_names.keys(one)[-1] == last for one in people)
    if not namesakes or any(speaker_names.alike(one, speaker) for one in people):
        return False
    bare = said.speaker_at and " " not in printed[slice(*said.speaker_at)].strip()
    if bare and any(one in printed for one in people):
        return False  # either may be meant by the last name alone
    return not any(one.split()[0] in printed[start:end] for one in people)
