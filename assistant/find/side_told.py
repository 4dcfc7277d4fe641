"""What is told of one side of a comparison, and whether anything is."""

from collections.abc import Iterable, Sequence

from assistant.answer import Question
from assistant.find.candidates import LIGHT, Asked, Candidate
from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.language.speech import speaker_names


def of_side(archive: Archive, side: Question, said: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences on what both sides of a comparison are compared on.

    They hold half of its stems, with what stands around them; whoever's words are compared may
    say it anywhere in an article that does. Of what is not a person, "the auditor's figures", the
    side's own words tell more than those that stand for both. An article that has none of these is
    about somebody else. Where the side is told of in other words than the question's, "the exit" of
    who resigned, all that names it is left to be weighed; what has a name has no other word.
    """
    subject, own = _stems_of_side(archive, side)
    person = any(map(speaker_names.in_full, names(side.text)))
    stems = {
        one.hit.article.article_id: frozenset(archive.stems(one.hit.article.text, all_words=True))
        for one in said
    }
    named = subject.intersection(archive.stems(" ".join(names(side.text))))
    near: list[Candidate] = []
    beside: list[Candidate] = []
    far: list[Candidate] = []
    for one in said:
        article = stems[one.hit.article.article_id]
        if own and own.isdisjoint(article):
            continue
        held = frozenset(archive.stems(one.in_context, all_words=True))
        its_own = not person and own and own <= held and not subject.isdisjoint(held)
        spoken = one.speaks and _half(subject, article)
        if its_own or spoken or _half(subject, held):
            (far if own and own.isdisjoint(held) and not spoken else near).append(one)
        elif own and own <= held and not named:
            beside.append(one)
    return [*near, *far] if near else beside or far


def tells_of_side(
    archive: Archive, side: Question, asked: Asked, said: Sequence[Candidate]
) -> bool:
    """Tell whether something of a side of a comparison stands among the sentences on both."""
    if not side.subject:
        return False
    _, own = _stems_of_side(archive, side)
    if asked.speech and (asked.people or asked.person):
        return any(one.speaks for one in said)
    return bool(own) and any(
        own <= frozenset(archive.stems(one.in_context, all_words=True)) for one in said
    )


def _stems_of_side(archive: Archive, side: Question) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems that both sides share, and those of one alone."""
    subject = frozenset(archive.stems(side.subject)) - LIGHT
    return subject, frozenset(archive.stems(side.text)) - subject - LIGHT


def _half(wanted: frozenset[str], held: Iterable[str]) -> bool:
    return 2 * len(wanted.intersection(held)) >= len(wanted)
