"""The sentences of the articles that were found, and how well each one answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import fsum
from types import MappingProxyType
from typing import NamedTuple

from assistant.answer import Period, Question
from assistant.check.judge import imprint
from assistant.find.answer_kinds import (
    asking_words,
    holds,
    kinds_asked,
    names_somebody_else,
    tells_what_somebody_is,
)
from assistant.find.article_sentences import printed_sentences
from assistant.find.asked_speech import speech_asked
from assistant.find.other_words import (
    keys,
    known_languages,
    language_of,
    named_stems,
    names_in_other_letters,
    other_words,
    spelled_names,
    surely_named,
    words_that_ask,
)
from assistant.find.quantities import COUNTS
from assistant.find.whose_words import names_that_count, of_a_namesake, person_asked
from assistant.find.years_told import (
    PRINTED_YEAR,
    Told,
    of_another_year,
    year_asked,
    years_in,
    years_of,
)
from assistant.understand.coreference import names
from assistant.understand.question import own_words
from ingest.archive import Archive
from ingest.article import Hit, PartKind, Statement
from ingest.language import lexicon
from ingest.language.speech import speaker_names
from ingest.language.speech.sayings import roles_of
from ingest.language.speech.statements import statements

LIGHT = lexicon.words("questions.light_stems")
"""Stems that questions are made of more than articles: they count a third."""

_EMPTY = lexicon.words("questions.empty_stems")
"""Stems that ask for the order of events and stand in none of them."""

_NEARLY_ALL = 0.7
"""Share of a question from which a sentence is what it asks about."""

_TELLING = 0.8
"""Of what the most telling word of a matter weighs, what another weighs at least that tells it."""

_BESIDE = 0.6
"""What a word beside a sentence counts of one in it."""

_LEAD = 3
"""Sentences of a body that say what its article is about."""

_BEFORE = 2
"""Sentences before one that may say of which year it tells."""

_TOGETHER = 6
"""Sentences that a reader is given together: reading them once serves all of them."""

_APOSTROPHE = re.compile("['’]")
_CONTRACTED = re.compile(rf"\b(?:{lexicon.pattern('negations.contracted')})\b", re.IGNORECASE)
"""Who says "won't" has not won."""

_CUT_OFF = ("...", "…")
"""How a headline or a teaser ends that is not printed whole."""

_HOW = re.compile(rf"\b(?:{lexicon.pattern('questions.how')}) (\w+)", re.IGNORECASE)
"""`how strong`: the article prints the number, not the word."""


class Asked(NamedTuple):
    """What a question asks for: its stems with how telling each is, and the kind of answer.

    The stems of the words that name a `period` are `dated`: an article of that time holds them
    where it is short, and need not print them where it is long. `sayer` are those of whom it asks
    what they said, where it tells: "What did Lee say about Reed?" does not ask what Reed said.
    `people` are those whom it names in full, `person` whom it asks of by a last name that means
    one, `reports` is the word for saying it, `matter` what is to be spoken of, `words` the question
    as it stands alone. `named` are the stems of names and numbers, `proper` those that mean nothing
    else, `years` what years it names, `asking` what only asks, `letters` how its names are spelled;
    `others` are its words in each language; `in_year` is the time that it names where it spells its
    year; `called` are the stems of its names and numbers, but for a word that only begins a
    sentence.
    """

    stems: Mapping[str, float]
    kinds: tuple[str, ...]
    speech: bool
    period: Period | None = None
    dated: frozenset[str] = frozenset()
    sayer: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    reports: frozenset[str] = frozenset()
    matter: frozenset[str] = frozenset()
    words: str = ""
    language: str = "en"
    proper: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    letters: Mapping[str, str] = MappingProxyType({})
    others: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    in_year: Period | None = None
    called: frozenset[str] = frozenset()
    person: str | None = None

    @property
    def weight(self) -> float:
        """The weight of all stems together."""
        return sum(self.stems.values()) or 1.0

    @property
    def since(self) -> date | None:
        """When the time begins that it names, if it does."""
        if self.period:
            return self.period.since
        return date(int(min(self.years)), 1, 1) if self.years else None

    @property
    def undated(self) -> "Asked":
        """What is asked besides the time, where that is anything."""
        rest = {stem: weight for stem, weight in self.stems.items() if stem not in self.dated}
        return self._replace(stems=rest or self.stems)

    @property
    def of_any_year(self) -> "Asked":
        """What is asked besides the year and what more of the time it names."""
        when = self.dated | self.years
        rest = {stem: weight for stem, weight in self.stems.items() if stem not in when}
        return self._replace(
            stems=rest or self.stems, in_year=None, period=None,
            dated=frozenset[str](), years=frozenset[str](),
            sayer=self.sayer & rest.keys(), matter=self.matter & rest.keys(),
        )  # fmt: skip

    def abroad(self, language: str, rarity: Callable[[str], float]) -> "Asked":
        """Return what is asked of an article in another language than the question's.

        Its words weigh what they do there; those that are not known weigh as others do on the
        whole, or what they do in the question's where none is, and words that only ask weigh
        nothing.
        """
        known: dict[str, float] = {}
        for key, stem in self.others[language].items():
            if stem in self.stems:
                known[stem] = min(known.get(stem, self.stems[stem]), rarity(key))
        named = {stem: w for stem, w in self.stems.items() if stem in self.proper - known.keys()}
        rest = self.stems.keys() - known.keys() - named.keys() - self.asking
        usual = sum(known.values()) / len(known) if known else None
        known |= named | {one: self.stems[one] if usual is None else usual for one in rest}
        return self._replace(stems=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that may answer: `hit.article.text[start:end]`, with what speaks for it.

    Each of `own`, `near` and `whole` is a share (0..1) of what the question asks: found in the
    sentence, in its neighbours or headline besides, in the rest of its article besides. `window` is
    what is read with it, the same for its neighbours; `speaks` and `matter` are of what somebody
    says how much of whom and of what the question asks, `broached` whether its article has a word
    that tells most of the latter; `answers` is the probability (0..1) that it answers, where a
    reader was asked. `untimely` is of another time than the question's: printed before it, or
    naming other years; `nameless` stands in an article without any of its names; `foreign` is in
    another language. `names` is the share (0..1) of the question's names and numbers that its
    article holds, of all its words where it names nothing; `other_year` is told of another year
    than the one that the question names.
    """

    hit: Hit
    start: int
    end: int
    part: PartKind
    rank: int
    own: float
    near: float
    whole: float
    read: bool
    early: bool
    timely: bool
    kind: bool
    speaker: str | None
    voiced: bool
    speaks: float
    window: tuple[int, int]
    matter: float = 0.0
    broached: bool = False
    answers: float | None = None
    untimely: bool = False
    nameless: bool = False
    foreign: bool = False
    names: float = 1.0
    other_year: bool = False

    @property
    def text(self) -> str:
        """The sentence, as printed."""
        return self.hit.article.text[self.start : self.end]

    @property
    def around(self) -> tuple[str, str]:
        """What a reader is given before the sentence, under its headline, and after it."""
        article, (first, last) = self.hit.article, self.window
        above = imprint(None, article.date, article.title)
        return above + article.text[first : self.start], article.text[self.end : last]

    @property
    def in_context(self) -> str:
        """The sentence with what stands around it, under its headline."""
        before, after = self.around
        return f"{self.hit.article.title}\n{before}{self.text}{after}"

    @property
    def story(self) -> str:
        """The dispatch that its article prints."""
        return self.hit.story.id

    @property
    def holds(self) -> float:
        """How much of a question it holds, with what stands right beside it, from 0 to 1."""
        return self.own + _BESIDE * self.near

    @property
    def place(self) -> tuple[str, int]:
        """Which sentence it is: its article, and where it begins."""
        return self.hit.article.article_id, self.start


def read_question(archive: Archive, question: Question) -> Asked:
    """Return what a question asks for."""
    asked, words = own_words(question), f"{question.text} {question.topic}"
    light = LIGHT.union(archive.stems(" ".join(_HOW.findall(question.text))))
    own = archive.stems(f"{asked} {' '.join(names(question.text))}")
    light = light.union(stem for stem in archive.stems(words) if stem not in own)
    stems = {
        stem: archive.rarity(stem) * (1 / 3 if stem in light else 1.0)
        for stem in archive.stems(words)
    }
    kinds = kinds_asked(asked)
    speech = speech_asked(asked) is not None
    how = frozenset(archive.stems(" ".join(_HOW.findall(COUNTS.sub(" ", words))))) - LIGHT
    asking = _EMPTY.union(archive.stems(asking_words(words), all_words=True)) - how
    telling = {stem: weight for stem, weight in stems.items() if stem not in asking}
    stems = telling or stems
    when = question.period.words if question.period else ""
    dated = frozenset(archive.stems(when, all_words=True)).intersection(stems)
    said = speech_asked(question.text) if speech else None
    whose, of_what = (said.speaker, said.matter) if said else ("", "")
    sayer = frozenset(archive.stems(whose, all_words=True)).intersection(stems)
    person = person_asked(archive, question) if speech else None
    people = tuple(filter(speaker_names.in_full, names(question.text))) if speech else ()
    behind = frozenset(archive.stems(of_what, all_words=True) if sayer else ())
    matter = behind.intersection(stems) - sayer - dated - LIGHT
    matter = matter.intersection(own) or matter
    reports = frozenset(archive.stems(said.word, all_words=True) if said else ()) & set(stems)
    return Asked(
        stems, kinds, speech, question.period, dated, sayer, people, reports, matter, asked,
        language_of(question.text), *named_stems(archive, question.text), _years(question),
        asking.union(archive.stems(words_that_ask(words), all_words=True)),
        spelled_names(archive, names(question.text)),
        {one: other_words(archive, words, one) for one in known_languages(archive)},
        year_asked(question),
        surely_named(archive, question.text),
        person,
    )  # fmt: skip


def _years(question: Question) -> frozenset[str]:
    """Return the years that a question names, or means by a time within one."""
    named = years_in(question.text)
    when = question.period
    meant = {str(day.year) for day in (when.since, when.until) if day} if when else set()
    return named | (frozenset(meant) if len(meant) == 1 else frozenset())


def candidates(
    archive: Archive,
    asked: Asked,
    hits: Sequence[Hit],
    *,
    comments: bool = False,
    every: bool = False,
) -> list[Candidate]:
    """Return the sentences of the hits' articles that share a word with a question.

    With `comments`, readers' comments instead of what was reported; with `every`, those too
    that share no word with it.
    """
    found: list[Candidate] = []
    for rank, of_article in enumerate(_by_article(hits)):
        page = _ArticleSentences(archive, asked, of_article, comments=comments)
        found.extend(page.candidates(rank, every=every))
    return found


def of_its_own(archive: Archive, part: Question, said: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences that hold a word of a part itself, and not only of what it is about."""
    own = frozenset(archive.stems(part.asked)) - LIGHT
    return [
        one
        for one in said
        if not own.isdisjoint(archive.stems(f"{one.hit.article.title} {one.text}", all_words=True))
        or not own
    ]


def _by_article(hits: Sequence[Hit]) -> list[list[Hit]]:
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.article.article_id, []).append(hit)
    return list(grouped.values())


def voice(said: Sequence[Statement], start: int, end: int) -> Statement | None:
    """Return who speaks in a sentence: who is quoted before who is reported, then the most."""
    here = (one for one in said if one.start < end and start < one.end)
    return max(here, key=lambda s: (s.direct, min(s.end, end) - max(s.start, start)), default=None)


def _most_telling(asked: Asked) -> frozenset[str]:
    """Return the words of a matter that tell most of it: "climate", of climate change."""
    worth = {stem: asked.stems[stem] for stem in asked.matter & asked.stems.keys()}
    most = max(worth.values(), default=0.0)
    return frozenset(stem for stem, one in worth.items() if one >= _TELLING * most)


class _ArticleSentences:
    """One article, read for one question."""

    def __init__(
        self, archive: Archive, asked: Asked, hits: Sequence[Hit], *, comments: bool
    ) -> None:
        self.hits = hits
        self.article = hits[0].article
        self.timely = bool(asked.period and asked.period.holds(self.article.date))
        since, day = asked.since, self.article.date
        self.before = since is not None and day is not None and day < since
        of_it = bool(asked.period and asked.period.short and asked.period.names(self.article.date))
        asked = asked.undated if self.timely and not of_it else asked
        self.stems = archive.stems
        spoken = self.article.language
        self.other = asked.others.get(spoken or "", {})
        self.foreign = spoken in asked.others and spoken != asked.language
        if self.foreign and spoken:
            asked = asked.abroad(spoken, archive.rarity)
        self.asked = asked
        self.wanted, self.weight = frozenset(asked.stems), asked.weight
        self.spans = list(printed_sentences(self.article, comments=comments))
        text = self.article.text
        self.keys = partial(keys, archive, language=spoken if self.other else None)
        self.held = [self._in_question(text[start:end]) for start, end, _ in self.spans]
        self.title = self._in_question(self.article.title)
        self._tell_years()
        if of_it:
            self.title |= asked.dated
        if self.article.date:
            # What was printed in 2022 need not print that it was.
            years = (asked.years - asked.dated) & asked.stems.keys()
            self.title |= years & {str(self.article.date.year)}
        self.all = self.title.union(*self.held)
        self.broached = not self.all.isdisjoint(_most_telling(asked))
        named = asked.named & asked.stems.keys()
        self.nameless = bool(named) and named.isdisjoint(self.all)
        self.every_name = asked.called & asked.stems.keys() or self.wanted
        self.bare = asked.person is not None and asked.person not in asked.people
        self.people = (*asked.people, *filter(None, [asked.person]))
        self.kinds: dict[int, bool] = {}
        self.said: tuple[Statement, ...] = ()
        self.roles: dict[str, tuple[int, int]] = {}
        self.calls: dict[tuple[str, ...], frozenset[str]] = {}
        # Who speaks is worth the time before the choice only where somebody was asked about.
        if self.all and asked.speech and not comments:
            self.said = statements(text, self.article.parts)
            self.roles = roles_of(text, self.said)

    def _tell_years(self) -> None:
        """Read of which years the sentences tell, where a question spells one."""
        if self.asked.in_year is None:
            return
        text, day = self.article.text, self.article.date
        self.years = [years_of(text[start:end], day) for start, end, _ in self.spans]
        body = [
            years for years, span in zip(self.years, self.spans, strict=True) if span[2] == "body"
        ]
        self.lead = years_in(self.article.title).union(*body[:_LEAD])
        for i, years in enumerate(self.years):
            self.held[i] |= self.asked.years & years & self.wanted

    def candidates(self, rank: int, *, every: bool = False) -> Iterator[Candidate]:
        """Yield the sentences that share a word with the question."""
        body, text = 0, self.article.text
        time_alone = self.asked.dated if self.asked.dated < self.asked.stems.keys() else frozenset()
        for i, (start, end, part) in enumerate(self.spans):
            body += part == "body"
            around = self.title.union(*self.held[max(0, i - 1) : i + 2])
            said = voice(self.said, start, end)
            called = self._called(said) if said else self._told_of(i) | self._signed(i)
            counted = called if self.asked.sayer else frozenset()
            # That it names the same year, and nothing else beside it, says nothing.
            touched = self.held[i] or counted or self._goes_on(i)
            if not every and (not touched or around <= time_alone):
                continue
            if said and of_a_namesake(self.people, said, text, start, end):
                continue
            yield Candidate(
                hit=self.hits[0], start=start, end=end, part=part, rank=rank,
                own=self._share(held := self._held(i, said) | counted),
                near=self._share(around - held - (self.asked.sayer if counted else held)),
                whole=self._share(self.all - around - held),
                read=any(h.passage.start < end and start < h.passage.end for h in self.hits),
                early=part == "body" and body <= _LEAD,
                timely=self.timely, untimely=self._untimely(i), nameless=self.nameless,
                foreign=self.foreign,
                names=self._names(held), other_year=self._of_another_year(i),
                kind=self._of_kind(i),
                speaker=said.speaker if said else None, voiced=said is not None,
                speaks=self._share(called - self.asked.reports), matter=self._matter(i, called),
                broached=self.broached, window=self._window(i),
            )  # fmt: skip

    def _untimely(self, i: int) -> bool:
        """Tell whether a sentence is of another time than the one that a question names.

        It prints other years and not that one, or was printed before it and does not name it.
        """
        start, end, _ = self.spans[i]
        printed = frozenset(PRINTED_YEAR.findall(self.article.text[start:end]))
        if printed and self.asked.years:
            return printed.isdisjoint(self.asked.years)
        return self.before and self.asked.dated.isdisjoint(self.held[i])

    def _of_another_year(self, i: int) -> bool:
        """Tell whether a sentence is told of another year than the one that a question spells."""
        asked, day = self.asked, self.article.date
        if asked.in_year is None:
            return False
        first, last = max(0, i - _BEFORE), i + 2
        held = self.title.union(*self.held[first:last])
        marks = asked.dated - asked.years
        told = Told(
            years=self.years[i],
            beside=self.lead.union(*self.years[first:last]),
            day=day,
            marks=not marks or not marks.isdisjoint(held),
        )
        return of_another_year(asked.in_year, asked.years, told)

    def _in_question(self, text: str) -> frozenset[str]:
        """Return what a text holds of the question, in its words or in others for them."""
        found = self.keys(_CONTRACTED.sub(" ", text) if _APOSTROPHE.search(text) else text)
        there = {self.other[key] for key in found.intersection(self.other)}
        if self.foreign:
            there |= names_in_other_letters(text, self.asked.letters)
            found = found & self.asked.proper
        return self.wanted & (found | there)

    def _held(self, i: int, said: Statement | None) -> frozenset[str]:
        """Return what a sentence holds of the question, without the label of its speaker."""
        start, end, _ = self.spans[i]
        if self._goes_on(i):
            return self.held[i - 1] | self.held[i]
        if said is None or not said.labelled or said.start <= start:
            return self.held[i]
        words = self.article.text[said.start : end]
        return self.held[i] & self._in_question(words)

    def _window(self, i: int) -> tuple[int, int]:
        """Return the stretch of a few sentences that one is read with, the same for each."""
        first = i - i % _TOGETHER
        part = self.spans[i][2]
        own = [span for span in self.spans[first : first + _TOGETHER] if span[2] == part]
        return own[0][0], own[-1][1]

    def _share(self, stems: frozenset[str]) -> float:
        weights = self.asked.stems
        # Exact, since in another order of a set a sum is another number, and breaks a tie.
        return fsum([weights[stem] for stem in stems]) / self.weight if stems else 0.0

    def _names(self, held: frozenset[str]) -> float:
        """Return how much of what a question names is in the article of a sentence, or its own."""
        return self._share(self.every_name & (self.all | held)) / (
            self._share(self.every_name) or 1.0
        )

    def _of_kind(self, i: int) -> bool:
        """Tell whether a sentence holds a name, number or time as the question asks for."""
        if i not in self.kinds:
            start, end, _ = self.spans[i]
            self.kinds[i] = self._is_of_kind(self.article.text[start:end])
        return self.kinds[i]

    def _is_of_kind(self, text: str) -> bool:
        if text.rstrip().endswith(_CUT_OFF):
            return False
        if self.asked.kinds == ("somebody",):
            return names_somebody_else(text, self._named_in_question)
        if self.asked.kinds == ("what somebody is",):
            return tells_what_somebody_is(text, self.asked.words)
        asked = self.asked.words
        return all(holds(kind, text, self.article.language, asked) for kind in self.asked.kinds)

    def _named_in_question(self, name: str) -> bool:
        return not frozenset(self.stems(name)) - self.asked.stems.keys()

    def _goes_on(self, i: int) -> bool:
        """Tell whether a sentence may hold the number that is asked for of the one before it.

        "Every well is to be tested. There are 1,306 of them."
        """
        if not i or self.asked.kinds != ("number",):
            return False
        asked = self._share(self.held[i - 1]) >= _NEARLY_ALL
        return asked and self._of_kind(i) and not self._of_kind(i - 1)

    def _told_of(self, i: int) -> frozenset[str]:
        """Return who is asked about where a sentence tells it of them in the question's own word.

        "Lee promised to look into it" has no clause of what was said.
        """
        asked = self.asked
        there = self.held[i] & asked.sayer
        return there if asked.matter and not asked.reports.isdisjoint(self.held[i]) else frozenset()

    def _signed(self, i: int) -> frozenset[str]:
        """Return what of whom the question asks about the name over a reader's comment is."""
        start, _, kind = self.spans[i]
        if kind != "comment" or not self.asked.speech:
            return frozenset()
        part = self.article.part_at(start)
        author = part.author if part else None
        return self.asked.sayer.intersection(self.stems(author or "", all_words=True))

    def _matter(self, i: int, called: frozenset[str]) -> float:
        """Return how much of what is to be spoken of whoever is asked about speaks of here."""
        matter = self.asked.matter
        if not called or not matter:
            return 0.0
        nearby = self.title.union(*self.held[max(0, i - 1) : i + 2])
        held = ((1.0, self.held[i]), (_BESIDE, nearby - self.held[i]))
        return sum(w * self._share(stems & matter) for w, stems in held) / self._share(matter)

    def _called(self, said: Statement | None) -> frozenset[str]:
        """Return what the speaker is called of whom the question asks, by name and by office.

        An article says once who the minister is, and then goes on with the name.
        """
        if said is None or said.speaker is None:
            return frozenset()
        label, role = (
            self.article.text[slice(*span)] if span else ""
            for span in (said.speaker_at, self.roles.get(said.speaker))
        )
        named = names_that_count(said.speaker, label, role, self.asked.person, bare=self.bare)
        if named not in self.calls:
            wanted = self.asked.sayer or frozenset(self.asked.stems)
            if self.bare:  # by whose name a role is told: "Lee's lawyer"
                own = self._in_question(said.speaker)
                wanted = wanted - (self._in_question(self.asked.person or "") - own)
            told = speaker_names.with_titles(" ".join(filter(None, named)))
            self.calls[named] = wanted.intersection(self._in_question(told))
        called = self.calls[named]
        return called | (self.asked.reports & LIGHT & self.asked.stems.keys()) if called else called
