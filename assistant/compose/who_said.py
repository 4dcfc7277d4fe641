"""Who said what, and where words are printed: names shown where they are confirmed, else nobody's.

What the archive keeps are the rules' suggestions. They are confirmed as the speakers of an answer
are (`attribution`), a page at a time, when somebody reads them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

from assistant.answer import Citation, DraftClaim, Evidence, Question, Searched
from assistant.check.quotation_guard import quoted_words
from assistant.check.reader import ClaimReader
from assistant.compose.attribution import confirmed
from assistant.find.candidates import voice
from assistant.find.retrieve import not_searched, searched, words_behind
from assistant.speech_results import QuoteFound, Sayings, Sighting
from ingest.archive import Archive, Search
from ingest.archive.quote_search import Appearance
from ingest.archive.statement_changes import changes
from ingest.archive.statement_store import Speech, Spoke
from ingest.article import Article, Filters, Hit, Notice, Passage, Statement, Story
from ingest.errors import MorgueError
from ingest.language import lexicon
from ingest.language.quotations import quotations, quoted_within
from ingest.language.sentences import sentences
from ingest.language.speech.sayings import SpeakerFrom, speaker_from

UNHEARD = Notice(
    code="unheard",
    text="Of some articles it is not known yet who said what: `morgue rebuild statements`.",
)


class SpeechPage(TypedDict, total=False):
    """How statements may be asked for, by name, wherever they may be: `k` after the first `offset`.

    The oldest come first, or the newest.
    """

    k: int
    offset: int
    newest_first: bool
    filters: Filters | None


_PAGES_READ = 4
"""Pages of statements that are read, at most, to fill one: the rest is for the next page."""

_NEAREST = 3

_REMEMBERED, _ABOUT, _WHOSE = 3, 0.5, 0.3
"""Words, and share of a question, from which it is about the words that it quotes; one that asks
for somebody asks whose they are from less, where they are printed so."""

_WHO = re.compile(rf"\W*(?:{lexicon.pattern('questions.who')})\b", re.IGNORECASE)
_TELLING = re.compile(r"\w{4,}")


def said(
    archive: Archive, reader: ClaimReader, speech: Speech, *, k: int = 20, offset: int = 0
) -> Sayings:
    """Return a page of the statements of a speaker, or of anybody with some words.

    Where a speaker is asked for, only statements that are confirmed to be theirs.
    """
    if not (speech.speaker or "").strip() and not speech.words.strip():
        raise MorgueError("nobody is named, and no words", "name a speaker, or words, or both")
    missing = archive.speech.unheard()
    asked = bool((speech.speaker or "").strip())
    found = archive.speech.said(replace(speech, told=asked and not reader.reads))
    collections = speech.filters.collections
    shown: list[Spoke] = []
    at, farthest = offset, offset + (_PAGES_READ if asked and reader.reads else 1) * k
    while len(shown) < k and at < min(len(found.lines), farthest):
        page = archive.speech.spoken(found.lines[at : at + k - len(shown)], collections=collections)
        at += k - len(shown)
        named = _signed(page, reader)
        shown += [one for one in named if one.speaker or not asked]
    at = min(at, len(found.lines))
    return Sayings(
        statements=tuple(shown),
        numbered_from=offset + 1,
        total=len(found.lines),
        left_out=max(0, at - offset - len(shown)),
        facets=dict(found.facets),
        people=found.people,
        searched=_searched(archive, speech.words or speech.speaker or "", speech.filters),
        profile=archive.speech.speaker_profile(found.lines),
        next=at if at < len(found.lines) else None,
        speaker=(speech.speaker or "").strip() or None,
        words=" ".join(speech.words.split()),
        changes=changes(shown, offset + 1),
        warnings=(*words_behind(archive), *_warnings(missing, found.people)),
    )


def _warnings(missing: int, people: Sequence[str]) -> list[Notice]:
    told = []
    if missing:
        told.append(UNHEARD)
    if people:
        text = f"Several are called so: {', '.join(people)}. Name one in full."
        told.append(Notice(code="several_speakers", text=text))
    return told


def _signed(page: Sequence[Spoke], reader: ClaimReader) -> list[Spoke]:
    """Return statements with the names that are confirmed, the others without."""
    named = [one for one in page if one.statement.speaker]
    held = confirmed([(one.statement, _evidence(one)) for one in named], reader)
    told = {id(one) for one, stands in zip(named, held, strict=True) if stands}
    return [one if id(one) in told else replace(one, speaker=None) for one in page]


def _evidence(one: Spoke) -> Evidence:
    """Return where a statement stands; with whoever is named in its sentence, if somebody is."""
    said = one.statement
    start, end = said.start, said.end
    if one.named and said.speaker_at and said.cue_at:
        start = min(start, said.speaker_at[0], said.cue_at[0])
        end = max(end, said.speaker_at[1], said.cue_at[1])
    return Evidence(
        hit=hit_of(one.article, start, end, one.story, one.notices), start=start, end=end
    )


def hit_of(
    article: Article, start: int, end: int, story: Story, notices: tuple[Notice, ...]
) -> Hit:
    """Return a stretch of an article as a hit that nobody searched for."""
    part = article.part_at(start)
    passage = Passage(start=start, end=end, part=part.part if part else "body")
    return Hit(article=article, passage=passage, score=1.0, by=("words",), story=story,
               notices=notices)  # fmt: skip


def _searched(archive: Archive, words: str, filters: Filters) -> Searched:
    return searched(archive, Question(text=words, asked=words, filters=filters), by="words")


def quote(
    archive: Archive, reader: ClaimReader, words: str, filters: Filters | None = None
) -> QuoteFound:
    """Return where words are printed, as they are or altered, whose they are, and where first."""
    filters = filters or Filters()
    found = archive.speech.quoted(words, filters)
    appearances = _sightings(archive, found.appearances, reader)
    first = next((s for s, one in zip(appearances, found.appearances, strict=True)
                  if one is found.first), None)  # fmt: skip
    nearest: tuple[Sighting, ...] = ()
    missed: set[str] = set()
    if found.fate == "absent":
        nearest = _sightings(archive, found.nearest, reader)
    if found.fate == "absent" and not nearest:
        alike = Search(text=words, k=_NEAREST, filters=filters, missed=missed)
        nearest = _by_meaning(archive, alike)
    return QuoteFound(
        words=found.words,
        verdict=found.fate,
        first=first,
        appearances=appearances,
        nearest=nearest,
        searched=_searched(archive, words, filters),
        warnings=(*words_behind(archive), *not_searched(missed)),
    )


def _sightings(
    archive: Archive, found: Sequence[Appearance], reader: ClaimReader
) -> tuple[Sighting, ...]:
    said = [_said_in(archive, one) for one in found]
    quoted = [
        (statement, _around(one))
        for one, statement in zip(found, said, strict=True)
        if statement is not None
    ]
    told = iter(confirmed(quoted, reader))
    return tuple(
        Sighting(
            citation=Citation(
                n=n, article=one.article, part=one.part, start=one.start, end=one.end,
                story=one.story, notices=one.notices,
            ),
            alike=one.alike,
            differences=one.differences,
            **_whose(one, statement if statement is not None and next(told) else None),
        )
        for n, (one, statement) in enumerate(zip(found, said, strict=True), 1)
    )  # fmt: skip


class _Whose(TypedDict, total=False):
    speaker: str | None
    speaker_from: SpeakerFrom


def _whose(one: Appearance, said: Statement | None) -> _Whose:
    if said is None:
        return {}
    return {"speaker": said.speaker, "speaker_from": speaker_from(said, one.article.text)}


def _said_in(archive: Archive, one: Appearance) -> Statement | None:
    """Return who says the words by the rules, if they name anybody.

    What a speaker quotes is somebody else's.
    """
    if one.part == "comment":
        return None
    said = voice(archive.speech.statements(one.article), one.start, one.end)
    if said is None or not said.speaker:
        return None
    quoted = quoted_within(one.article.text, (said.start, said.end), one.start, one.end)
    return None if quoted else said


def _around(shown: Appearance | Citation) -> Evidence:
    """Return the sentences in which words stand, no quotation among them torn."""
    text, start, end = shown.article.text, shown.start, shown.end
    at, until = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    until = until if until >= 0 else len(text)
    marked = [(at + a, at + b) for a, b in (one.outer for one in quotations(text[at:until]))]
    stretches = [*marked, *sentences(text, at, until)]
    while more := [(a, b) for a, b in stretches if a < end and start < b
                   and (a < start or end < b)]:  # fmt: skip
        start, end = min(start, *(a for a, _ in more)), max(end, *(b for _, b in more))
    return _stretch(shown, start, end)


def _stretch(shown: Appearance | Citation, start: int, end: int) -> Evidence:
    hit = hit_of(shown.article, start, end, shown.story, shown.notices)
    return Evidence(hit=hit, start=start, end=end)


def _before(shown: Citation, start: int) -> Evidence | None:
    """Return the sentence of the same part that stands before a place, if there is one."""
    part = shown.article.part_at(start)
    above = shown.article.part_at(start - 1) or shown.article.part_at(start - 3)
    if part is None or above is None or part.part != above.part:
        return None
    known = sentences(shown.article.text, above.start, start)
    return _stretch(shown, *known[-1]) if known else None


def _by_meaning(archive: Archive, search: Search) -> tuple[Sighting, ...]:
    """Return what says something like it in other words, or in another language."""
    hits = archive.search(search)
    return tuple(
        Sighting(
            citation=Citation(
                n=n, article=hit.article, part=hit.passage.part, start=hit.passage.start,
                end=hit.passage.end, story=hit.story, notices=hit.notices,
            ),
            alike=0.0,
            differences=(),
        )
        for n, hit in enumerate(hits, 1)
    )  # fmt: skip


def words_quoted(question: str, share: float = _ABOUT) -> str | None:
    """Return the words that a question is about, where most of it quotes them: "Who said ...?"."""
    told = max(quoted_words(question), key=len, default="")
    words = len(told.split())
    if words < _REMEMBERED or words < share * len(question.split()):
        return None
    return told


def remembered(
    question: Question, look_up: Callable[[str], QuoteFound], most: int
) -> list[DraftClaim]:
    """Return the sentences that print the words that a question is about, if it quotes them."""
    named = question.plan.query if question.plan.wants == "quote" else ""
    typed = words_quoted(question.asked)
    some = words_quoted(question.asked, _WHOSE) if _WHO.match(question.asked) else None
    words = typed or named or some
    found = look_up(words) if words else None
    sure = found is not None and (typed is not None or found.verdict == "exact")
    return quoted_claims(found, question.asked)[:most] if found and sure else []


def _in_order(found: QuoteFound, question: str) -> list[tuple[Evidence, Sighting]]:
    """Return where words stand, exact before altered, those with most of a question first."""
    told = question.casefold().replace(found.words.casefold(), " ")
    besides = set(_TELLING.findall(told))
    there = [
        (_around(one.citation), one)
        for one in found.appearances
        if not any(notice.code == "retracted" for notice in one.citation.notices)
    ]

    def place(shown: tuple[Evidence, Sighting]) -> tuple[bool, int]:
        held = _TELLING.findall(shown[0].text.casefold()) if besides else []
        return bool(shown[1].differences), -len(besides.intersection(held))

    return sorted(there, key=place)


def quoted_claims(found: QuoteFound, question: str = "") -> list[DraftClaim]:
    """Return the sentences that print remembered words, as they are before altered, as claims.

    Those come first that hold most of what else a question says. For an answer: whose words they
    are is told there, as of any quotation. Where that is not sure,
    the sentence before stands there too: whoever reads it sees of whom is spoken. A retracted
    article is no evidence.
    """
    claims: dict[str, DraftClaim] = {}
    for evidence, one in _in_order(found, question):
        before = None if one.speaker else _before(one.citation, evidence.start)
        for printed in (before, evidence) if before else (evidence,):
            claim = DraftClaim(text=printed.text, evidence=(printed,), verbatim=True)
            claims.setdefault(claim.text, claim)
    return list(claims.values())
