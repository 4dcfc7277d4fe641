"""Find who reports what in German and French, by the place that their grammar gives a verb.

A German verb stands second: what opens a sentence is its subject, or else the subject follows
the verb ("Am Montag sagte Lee", "„Ja“, sagte Lee"). In French it follows after a quotation or a
comma, and a pronoun is tied to it ("dit-elle"). The words stand in the language's data file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.language import lexicon
from ingest.language.identify import likely
from ingest.language.speech import wording
from ingest.language.speech.cues import Cue
from ingest.language.speech.noun_phrases import BLOT, Phrase, Tokens

LANGUAGES = ("de", "fr")
_NOUNS_CAPITAL = "de"
_LONGEST = 14
_WITHIN = 14
"""Tokens after a verb within which what is reported begins."""

_TIED = re.compile(r"(\w+?)[-‐](?:t[-‐])?(\w+)\Z")
"""A French verb and its pronoun: "dit-il", "a-t-elle"."""

_WORD = re.compile(r"\w+")
_READ = 600
_SHORT = (0.95, 15)
"""How sure the language of a sentence must be, and its letters, where it stands by itself."""

_ELIDED = re.compile(r"(\w{1,2})[’'](?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The words of a language that reporting is made of, by what they do."""

    language: str
    say: frozenset[str]
    participles: frozenset[str]
    auxiliaries: frozenset[str]
    sources: tuple[tuple[str, ...], ...]
    sources_after: frozenset[str]
    sources_aside: frozenset[str]
    retold: frozenset[str]
    that: frozenset[str]
    that_begins: frozenset[str]
    articles: frozenset[str]
    links: frozenset[str]
    openers: frozenset[str]
    stops: frozenset[str]
    relatives: frozenset[str]
    finite: frozenset[str]
    pronouns: frozenset[str]
    negations: frozenset[str]
    conditions: frozenset[str]
    days: frozenset[str]
    counts: frozenset[str]

    @property
    def verbs(self) -> frozenset[str]:
        """The finite forms that report."""
        return self.say | self.participles


@cache
def grammar(language: str) -> Grammar:
    """Return what a language's data file tells of its reporting."""

    def of(group: str, feature: str = "reporting") -> frozenset[str]:
        return lexicon.words(f"{feature}.{group}", language)

    return Grammar(
        language=language,
        say=of("say"),
        participles=of("participles"),
        auxiliaries=of("auxiliaries"),
        sources=tuple(tuple(one.split()) for one in sorted(of("sources"))),
        sources_after=of("sources_after"),
        sources_aside=of("sources_aside"),
        retold=of("retold"),
        that=of("that"),
        that_begins=of("that_begins"),
        articles=of("articles"),
        links=of("links"),
        openers=of("openers"),
        stops=of("stops"),
        relatives=of("relatives"),
        finite=of("finite"),
        pronouns=of("he", "pronouns") | of("she", "pronouns") | of("he_forms", "pronouns"),
        negations=of("particles", "negations"),
        conditions=of("conditions", "hedges"),
        days=frozenset(lexicon.calendar(language).weekdays),
        counts=frozenset(
            word
            for n in range(2, 13)
            for word in lexicon.section(language, "numbers")[str(n)].split()
        ),
    )


def language_of(text: str) -> str | None:
    """Return the language of a text if it is one of those that are read here, else None.

    Its common words are counted first: most texts are English, and telling a language for sure
    takes longer than reading who speaks.
    """
    found = _WORD.findall(text[:_READ].lower())
    common = {one: sum(word in _stopwords(one) for word in found) for one in ("en", *LANGUAGES)}
    if max(common[one] for one in LANGUAGES) <= common["en"]:
        return None
    language = likely(text) or likely(text, *_SHORT)
    return language if language in LANGUAGES else None


@cache
def _stopwords(language: str) -> frozenset[str]:
    return lexicon.words("search.stopwords", language)


def openers(language: str) -> frozenset[str]:
    """Return what a sentence may open with before a name, and what is no part of it."""
    known = grammar(language)
    return known.articles | known.openers | {words[0] for words in known.sources}


def cues(text: str, spans: Sequence[tuple[int, int]], language: str) -> list[Cue]:
    """Return the cues of the sentences `spans` over `text`, its quotations blotted out."""
    known = grammar(language)
    found: list[Cue] = []
    for index, (start, end) in enumerate(spans):
        found += _Sentence(Tokens(text, start, end), known, index, (start, end)).cues()
    return found


class _Sentence:
    """A sentence as its tokens, read by a language's grammar."""

    def __init__(self, tokens: Tokens, known: Grammar, index: int, span: tuple[int, int]) -> None:
        self.tokens, self.known, self.index, self.span = tokens, known, index, span
        self.low = [lexicon.plain(word) for word in tokens.word]
        self.part = [_part(low) for low in self.low]

    def cues(self) -> list[Cue]:
        found: list[Cue] = []
        taken = -1
        for at, low in enumerate(self.low):
            if at <= taken:
                continue
            cue, last = None, at
            if low in self.known.retold:
                cue, last = self._retold(at)
            elif low in self.known.sources_aside:
                cue = self._aside(at)
            elif (words := self._source_at(at)) is not None:
                cue = self._source(at, words)
            elif self._verb_at(at):
                cue = self._verb(at)
            if cue is not None:
                found.append(cue)
                taken = last
        return sorted(found) if found else self._beside_speech()

    # Verbs

    def _verb_at(self, at: int) -> bool:
        tied = _TIED.match(self.low[at])
        return self.low[at] in self.known.verbs or bool(tied and tied[1] in self.known.say)

    def _verb(self, at: int) -> Cue | None:
        """Read a reporting verb with its subject on either side; None where it reports nothing."""
        known, tokens = self.known, self.tokens
        finite = self._auxiliary(at)
        if finite is None:
            if self.low[at] in known.participles and self.low[at] not in known.say:
                return None
            finite = at
        if self._denied(finite, at):
            return None
        tied = _TIED.match(self.low[finite])
        if tied and tied[2] in known.pronouns:
            end = tokens.span((finite, finite + 1))[1]
            return self._cue(finite, at, (end - len(tied[2]), end), after=True)
        inverted, subject = self._subject(finite, at)
        if subject is None and not self._impersonal(finite):
            return None
        span = tokens.span(subject) if subject else None
        return self._cue(finite, at, span, after=inverted, subject=subject)

    def _auxiliary(self, at: int) -> int | None:
        """Return where the auxiliary of a participle stands: "hat ... gesagt", "a-t-il dit"."""
        if self.low[at] not in self.known.participles:
            return None
        back = _WITHIN if self.known.language == _NOUNS_CAPITAL else 6
        for n in range(at - 1, max(-1, at - back - 1), -1):
            if not self.tokens.spoken(n):
                return None
            tied = _TIED.match(self.low[n])
            if _tail(self.low[n]) in self.known.auxiliaries or (
                tied and tied[1] in self.known.auxiliaries
            ):
                return n
        return None

    def _denied(self, finite: int, at: int) -> bool:
        german = self.known.language == _NOUNS_CAPITAL
        near = range(finite, min(len(self.low), at + 2)) if german else range(finite - 1, at)
        return any(self.part[n] in self.known.negations for n in near if n >= 0)

    def _impersonal(self, finite: int) -> bool:
        """Say whether nobody is named as in ", hieß es"."""
        return self.low[finite + 1 : finite + 2] == ["es"] and self._parted(finite)

    def _parted(self, at: int) -> bool:
        """Say whether a quotation, a comma or nothing stands before a token."""
        if not at:
            return True
        left = self.tokens.word[at - 1]
        return left == "," or left[0] in wording.MARKS | {BLOT} or left in wording.DASHES

    def _subject(self, finite: int, at: int) -> tuple[bool, Phrase | None]:
        """Return whether the subject of a verb follows it, and the subject."""
        following = self._phrase_after(finite, at)
        if self._parted(finite):
            comma = finite > 0 and self.tokens.word[finite - 1] == ","
            if comma and (following is None or self._reports_next(at)):
                return False, self._before_apposition(finite)
            return True, following
        begin = self._clause_start(finite)
        if self._subordinate(begin, finite):
            return False, None
        if begin == finite:
            return False, self._opening()
        first = self.part[begin]
        pointing = first in self.known.articles and begin + 1 < finite  # "Das Amt sagte"
        if first in self.known.openers and not pointing:
            german = self.known.language == _NOUNS_CAPITAL
            return german, following if german else self._after_day(begin, finite)
        return False, self.phrase(begin, finite)

    def _subordinate(self, begin: int, finite: int) -> bool:
        """Say whether a clause hangs on another: "wenn Lee sagt", "..., die sagte"."""
        known, first = self.known, self.part[begin]
        if first in known.conditions | known.that_begins | known.retold:
            return True
        return begin > 0 and first in known.relatives and begin + 1 == finite

    def _phrase_after(self, finite: int, at: int) -> Phrase | None:
        """Return the noun phrase after a verb: between an auxiliary and its participle too."""
        between = self.phrase(finite + 1, at) if at > finite + 1 else None
        phrase = between or self.phrase(self._past_adverbial(at + 1), len(self.low))
        if phrase is None or self.low[phrase[0]] == "es":
            return None
        return self._with_name(phrase)

    def _past_adverbial(self, at: int) -> int:
        """Return the token after when or to whom: "a dit lundi à l'AFP le porte-parole"."""
        while at < len(self.low):
            told = None
            if self.low[at] in self.known.days:
                told = at + 1
            elif self.part[at] in self.known.stops and not self.tokens.capital(at):
                other = self.phrase(at + 1, len(self.low))
                told = other[1] if other else None
            if told is None or told >= len(self.low) or not self.tokens.spoken(told):
                return at
            at = told
        return at

    def _reports_next(self, at: int) -> bool:
        """Say whether what a verb reports follows it: ", dass", " que", ":"."""
        n = at + 1
        if self.tokens.word[n : n + 1] == [":"]:
            return True
        n += self.tokens.word[n : n + 1] == [","]
        return n < len(self.low) and self.part[n] in self.known.that_begins

    def _clause_start(self, finite: int) -> int:
        """Return the first token of the clause of a verb, after a word that joins it on."""
        at = finite
        while at and not self._breaks(at - 1):
            at -= 1
        while at < finite and self.low[at] in _JOINTS:
            at += 1
        return at

    def _breaks(self, at: int) -> bool:
        word = self.tokens.word[at]
        joins = self.low[at] in _JOINTS and self._verb_at(at + 1)
        return word == "," or word in wording.BREAKS or word[0] in wording.MARKS | {BLOT} or joins

    def _opening(self) -> Phrase | None:
        """Return the phrase that opens the sentence: the subject of "und sagte" as well."""
        return None if self.part[0] in self.known.openers else self.phrase(0, len(self.low))

    def _after_day(self, begin: int, finite: int) -> Phrase | None:
        days = self.known.days
        return self.phrase(begin + 1, finite) if self.low[begin] in days else None

    def _before_apposition(self, finite: int) -> Phrase | None:
        """Return the subject before ", Jens Voss," or ", der Sprecher der Werft,"."""
        commas = [n for n in range(finite - 1) if self.tokens.word[n] == ","]
        if not commas:
            return None
        begin = next((n + 1 for n in range(commas[-1] - 1, -1, -1) if self._breaks(n)), 0)
        subject = self.phrase(begin, commas[-1])
        if subject is None or subject[1] != commas[-1]:
            return None
        return self._with_name(subject)

    def _with_name(self, phrase: Phrase) -> Phrase:
        """Take in the name after "der Sprecher der Werft," where nothing but it stands there."""
        first, end = phrase
        if self.part[first] not in self.known.articles or self.tokens.word[end : end + 1] != [","]:
            return phrase
        stop = end + 1
        while stop < len(self.low) and (self.tokens.capital(stop) or self._in_name(stop)):
            stop += 1
        closed = stop >= len(self.low) or self.tokens.word[stop] in wording.CLAUSE_ENDS
        return (first, stop) if closed and stop - end > 2 else phrase

    # Quotations that no known verb introduces or follows

    def _beside_speech(self) -> list[Cue]:
        """Read "freute sich Lehmann" and "s'est indigné Luc Moreau" after speech, and "Adler:"."""
        for at, word in enumerate(self.tokens.word):
            if word == ":" and (at + 1 == len(self.low) or self._speech(at + 1)):
                begin = self._clause_start(at)
                lead = self.part[begin] in self.known.openers | self.known.conditions
                return self._named(at, None if lead else self.phrase(begin, at), after=False)
            if word == "," and at and self._speech(at - 1):
                return self._after_speech(at + 1)
        return []

    def _speech(self, at: int) -> bool:
        return self.tokens.word[at][0] in wording.MARKS | {BLOT}

    def _after_speech(self, at: int) -> list[Cue]:
        for first in range(at + 1, min(at + 4, len(self.low))):
            if not all(self.tokens.word[n].islower() for n in range(at, first)):
                return []
            phrase = self.phrase(first, len(self.low))
            if phrase is not None and self._closes(phrase[1]):
                return self._named(at, self._with_name(phrase), after=True)
        return []

    def _closes(self, at: int) -> bool:
        if at >= len(self.low) or self.tokens.word[at] in wording.CLAUSE_ENDS:
            return True
        return self.part[at] in self.known.stops

    def _named(self, at: int, phrase: Phrase | None, *, after: bool) -> list[Cue]:
        if phrase is None or not any(self.tokens.capital(n) for n in range(*phrase)):
            return []
        return [self._made("beside", at, at, self.tokens.span(phrase), after, None)]

    # Noun phrases

    def phrase(self, first: int, stop: int) -> Phrase | None:
        """Return the noun phrase that begins at `first`, up to `stop`."""
        stop = min(stop, len(self.low), first + _LONGEST)
        if first >= stop:
            return None
        if self.low[first] in self.known.pronouns:
            return first, first + 1
        at, head = first, 0
        while at < stop and self._goes_on(first, at, head):
            head = head or (at + 1 if self._names(first, at) else 0)
            if head and self._links(at):
                head = 0
            at += 1
        while at > first and (self._links(at - 1) or self.low[at - 1] in self.known.articles):
            at -= 1
        return (first, at) if any(self._names(first, n) for n in range(first, at)) else None

    def _names(self, first: int, at: int) -> bool:
        """Say whether a word can be the noun of a phrase."""
        if self.known.language == _NOUNS_CAPITAL:
            return self.tokens.capital(at)
        article = self.low[at] in self.known.articles | self.known.links
        return not article and (
            at > first or self.tokens.capital(at) or self.low[at] != self.part[at]
        )

    def _links(self, at: int) -> bool:
        return self.part[at] in self.known.links and self.low[at] == self.part[at]

    def _goes_on(self, first: int, at: int, head: int) -> bool:
        known, low, part = self.known, self.low[at], self.part[at]
        if not self.tokens.spoken(at) or low in known.days:
            return False
        capital, german = self.tokens.capital(at), known.language == _NOUNS_CAPITAL
        determined = self.part[first] in known.articles | known.counts
        if at == first:
            return determined or capital or low in known.counts
        if self._in_name(at):
            return True
        if head and part in known.links:
            return determined and not (at - 2 > first and self._full_name(at - 1))
        if low in known.say | known.finite | known.auxiliaries or part in known.stops:
            return capital and german
        return capital or self._noun_goes_on(first, at, determined=determined)

    def _noun_goes_on(self, first: int, at: int, *, determined: bool) -> bool:
        """Say whether a word without a capital is part of a phrase: an adjective, a French noun."""
        after_noun = self.tokens.capital(at - 1) and not (determined and at - 1 == first)
        if self.known.language == _NOUNS_CAPITAL:
            return determined and not after_noun
        # "des Affaires étrangères", "Le Premier ministre"
        office = at > 1 and self.part[at - 2] in self.known.links | self.known.articles
        return not after_noun or self.part[at] != self.low[at] or office

    def _in_name(self, at: int) -> bool:
        """Say whether a word stands within a name: "Ursula von der Leyen"."""
        near = self.tokens.word[at - 1 : at] + self.tokens.word[at + 1 : at + 3]
        later = [word for word in near[1:] if word[0].isupper()]
        led = near[0][0].isupper() or near[0] in _PARTICLES
        return self.tokens.word[at] in _PARTICLES and led and bool(later)

    def _full_name(self, last: int) -> bool:
        """Say whether two capitals stand together: a name, after which another is told of."""
        return last > 0 and self.tokens.capital(last) and self.tokens.capital(last - 1)

    # Sources

    def _source_at(self, at: int) -> tuple[str, ...] | None:
        for words in self.known.sources:
            if tuple(self.low[at : at + len(words)]) == words:
                return words
        return None

    def _source(self, at: int, words: tuple[str, ...]) -> Cue | None:
        """Read "laut der Stadt", "selon la police" and "der Polizei zufolge"."""
        last = at + len(words) - 1
        after = self.low[at] not in self.known.sources_after
        begin = at + len(words)
        if not after:
            begin = self._clause_start(at)
        elif (
            self.low[begin : begin + 1]
            and self.low[begin] in self.known.links - self.known.articles
        ):
            begin += 1
        subject = self.phrase(begin, len(self.low) if after else at)
        if subject is None or (not after and subject[1] != at):
            return None
        first, end = self._bare(subject) if self.known.language == _NOUNS_CAPITAL else subject
        if after:
            end = max(end, self._with_name(subject)[1])
        opens, closes = min(at, begin), max(last + 1, end)
        closes += self.tokens.word[closes : closes + 1] == [","]
        reports = self._told_around(opens, closes)
        return self._made("source", at, last, self.tokens.span((first, end)), True, reports)

    def _bare(self, phrase: Phrase) -> Phrase:
        """Return a phrase without its article, whose case is the source's: "der Polizei"."""
        first, end = phrase
        return (first + (self.low[first] in self.known.articles), end)

    def _told_around(self, opens: int, closes: int) -> tuple[int, int] | None:
        """Return what a source tells: what follows one that opens a sentence, or goes before."""
        tokens, (start, end) = self.tokens, self.span
        if closes >= len(tokens):
            return (start, tokens.span((opens, opens + 1))[0])
        if opens == 0 or (opens == 1 and self.low[0] in _JOINTS):
            return tokens.span((closes, closes + 1))[0], end
        told = not self.known.finite.isdisjoint(self.low[:opens])
        if told and (self._parted(opens) or tokens.word[closes] in wording.SENTENCE_ENDS):
            return start, tokens.span((opens, opens + 1))[0]
        return start, end

    def _aside(self, at: int) -> Cue | None:
        """Read ", so Anna Lehmann." after what she said."""
        if not at or not self._parted(at):
            return None
        subject = self.phrase(at + 1, len(self.low))
        if subject is None:
            return None
        subject = self._with_name(subject)
        if not self._closes(subject[1]):
            return None
        start = self.tokens.span((at, at + 1))[0]
        return self._made("say", at, at, self.tokens.span(subject), True, (self.span[0], start))

    def _retold(self, at: int) -> tuple[Cue | None, int]:
        """Read "wie die Stadt mitteilte" and "comme l'a dit la maire"; and its last token."""
        if at and not self._parted(at):
            return None, at
        last = next(
            (n for n in range(at + 1, min(len(self.low), at + _WITHIN)) if self._verb_at(n)), None
        )
        if last is None or any(self.tokens.word[n] == "," for n in range(at, last)):
            return None, at
        begin = at + 1 + (_tail(self.low[at + 1]) in self.known.auxiliaries)
        subject = self.phrase(begin, last) or self.phrase(last + 1, len(self.low))
        if subject is None:
            return None, at
        closes = max(last + 1, subject[1])
        comma = next((n for n in range(closes, len(self.low)) if self.tokens.word[n] == ","), None)
        start = self.tokens.span((at, at + 1))[0]
        reports: tuple[int, int] | None = (self.span[0], start)
        if at == 0:
            reports = (self.tokens.span((comma, comma + 1))[1], self.span[1]) if comma else None
        made = self._made("say", at, last, self.tokens.span(subject), True, reports)
        return made, closes - 1

    # What is reported

    def _cue(
        self,
        finite: int,
        at: int,
        span: tuple[int, int] | None,
        *,
        after: bool,
        subject: Phrase | None = None,
    ) -> Cue:
        begins = self.tokens.span((finite, finite + 1))[0]
        if after and finite and self._parted(finite):
            reports: tuple[int, int] | None = (self.span[0], begins)
        else:
            reports = self._told_after(max(at + 1, subject[1] if subject else 0))
        return self._made("say", finite, at, span, after, reports)

    def _made(
        self,
        kind: str,
        first: int,
        last: int,
        subject: tuple[int, int] | None,
        after: bool,
        reports: tuple[int, int] | None,
    ) -> Cue:
        start, end = self.tokens.span((first, last + 1))
        if subject and start < subject[0] < end:
            end = self.tokens.span((first, first + 1))[1]
            end = min(end, subject[0])
        return Cue(start, end, kind, self.index, subject, after, reports)

    def _told_after(self, at: int) -> tuple[int, int] | None:
        """Return the clause after a verb: of "dass", "que", a comma in German, or a colon."""
        end = self.span[1]
        for n in range(at, min(len(self.low), at + _WITHIN)):
            word = self.tokens.word[n]
            if self.part[n] in self.known.that_begins:
                begins, ends = self.tokens.span((n, n + 1))
                elided = _ELIDED.match(self.tokens.word[n])
                if self.part[n] not in self.known.that and not elided:
                    return begins, end
                return (begins + elided.end() if elided else ends), end
            if word == ":" or (word == "," and self.known.language == _NOUNS_CAPITAL):
                if self.low[n + 1 : n + 2] and self.part[n + 1] in self.known.that_begins:
                    continue
                following = word == ":" or self._independent(n + 1)
                return (self.tokens.span((n, n + 1))[1], end) if following else None
            if word in wording.BREAKS or word[0] in wording.MARKS | {BLOT}:
                return None
        return None

    def _independent(self, at: int) -> bool:
        """Tell "die Fähre werde" from "die Anna schrieb" and from an apposition."""
        later = range(at, len(self.low))
        if not any(self.low[n] in self.known.finite for n in later) and len(later) < 4:
            return False
        relative = self.low[at : at + 1] and self.low[at] in self.known.relatives
        return (
            not relative
            or self.tokens.capital(at + 1)
            or (
                self.tokens.word[at + 1].islower()
                and at + 2 < len(self.low)
                and self.tokens.capital(at + 2)
            )
        )


_PARTICLES = frozenset("von van der den zu bin di da del".split())
_JOINTS = frozenset("und et aber doch denn mais or car".split())


def _part(low: str) -> str:
    """Return the word that is elided before another: "d" of "d'après" and "qu" of "qu'il"."""
    elided = _ELIDED.match(low)
    return elided[1] if elided else low


def _tail(low: str) -> str:
    """Return the word after one that is elided: "a" of "l'a"."""
    elided = _ELIDED.match(low)
    return low[elided.end() :] if elided else low
