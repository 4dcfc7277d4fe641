"""Sources that do not agree on what was asked, laid side by side, and the later correction."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.candidates import Asked, Candidate
from assistant.days import days
from assistant.differences import (
    Difference,
    Kind,
    Stated,
    counted,
    denied,
    difference,
    equal,
    moves,
    names,
    same_noun,
)
from assistant.instead import other_name
from assistant.quote import LEAST, worth
from assistant.reading import NEGATIONS, Reading, read

_READ = 12
"""Sentences that are held against each other: the best ones, 66 pairs."""

_OTHERS = 5
"""The same where no number and no day was asked for: about as many as are quoted."""

_HOLDS_NUMBER = 0.45
"""The same for a sentence that tells a number of what was asked."""

_REACH = 8
"""Words from a number to what is asked of it: "212 people in the town had fallen ill"."""

_SHARED = 3
"""Words that two sentences with numbers share where they tell of one thing. With two, different
storms and different bills were taken for one."""

_CLOSE = 2
"""Words from what is asked to a bare number that answers: "injuring 31"."""

_LONGEST = timedelta(days=730)
"""Between two articles on one thing; what was counted years apart is another count."""

_SAME_TIME = timedelta(days=60)
"""Between two articles that name another for the same: a year later somebody else won the cup."""

_MOST = 3
"""Conflicts that are shown: more say that the sentences are about different things."""

_HOLDS = 0.5
"""Share of the question that a sentence and its surroundings hold, to be about it."""

_NEXT = 160
"""Characters after a sentence in which its correction may stand."""

_AMOUNT = re.compile(
    r"\bwhat (?:is|was|were|will be) the (?:\w+ ){0,2}"
    r"(?:cost|price|number|toll|total|sum|amount|bill|fine|age) (?:of|for|at|in)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"(did|does|do|is|are|was|were|has|have|had|will|would|can|could|may|should)\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:when|after|before|during|while|because|according|since)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\bhow many\s+(.+?)(?=\s+(?:in|on|at|of|to|for|from|with|and|or|who|that|is|are|was|were"
    r"|will|would|can|could|did|do|does|has|have|had|[a-z]+ed|won|died|came|lost)\b|[?,.]|$)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:%|(?!and\b|for\b|the\b|from\b|that\b|with\b|who\b|were\b|was\b)[a-z]{3,})"
)
_RIGHT_IS = re.compile(
    r"\b(?:right|correct|actual|true) (?:number|figure|sum|total|date|amount) (?:is|was)\s+"
    r"(\d[\d,.]*\d|\d|[a-z]+(?:-[a-z]+)?)",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:(?:earlier|previous) version|wrongly|misstated|gave [^.]{3,60} as)\b", re.IGNORECASE
)
"""A correction that repeats what was wrong: its numbers are nobody's any more."""

_CORRECTS = re.compile(
    r"\b(correct(?:ions?|ed|s)|clarifications?|withdr[ae]wn?|retract\w*|earlier version"
    r"|(?:right|correct) (?:number|figure|date|name|sum|day)|misstated|wrongly|mistaken(?:ly)?"
    r"|correcci[oó]n|rectific\w+|виправлен\w+|спростуван\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sentences that answer, the earlier first, and what they do not agree on.

    `corrects` says that the later one was printed to correct what was said before.
    """

    earlier: Candidate
    later: Candidate
    kind: Kind
    values: tuple[str, str]
    corrects: bool

    @property
    def about(self) -> str:
        """Both sides in words, each with its outlet and day."""
        sides = zip(self.values, (self.earlier, self.later), strict=True)
        told = "; ".join(f"{value} ({_imprint(side)})" for value, side in sides)
        return f"{told}; the later one is a correction" if self.corrects else told


def _imprint(candidate: Candidate) -> str:
    article = candidate.hit.article
    day = article.date.isoformat() if article.date else "undated"
    return f"{article.outlet or 'outlet unknown'}, {day}"


def disagreements(
    question: str, asked: Asked, said: Sequence[Candidate], copied: Sequence[Candidate] = ()
) -> tuple[Disagreement, ...]:
    """Return where the sentences that answer best do not agree, each pair of values once.

    `copied` are the sentences of copies of the dispatches that were read: each of them is held
    against its own dispatch alone.
    """
    comparing = _Comparing(question, asked)
    found: dict[tuple[str, ...], Disagreement] = {}
    for earlier, later, names_only in comparing.pairs(said, copied):
        apart = comparing.disagreement(earlier, later, names_only=names_only)
        if apart:
            alike = apart.kind == "yes or no"
            found.setdefault((apart.kind,) if alike else tuple(sorted(apart.values)), apart)
    return tuple(sorted(found.values(), key=lambda one: not one.corrects))[:_MOST]


def _in_time(one: Candidate, other: Candidate) -> tuple[Candidate, Candidate]:
    days = one.hit.article.date, other.hit.article.date
    return (other, one) if days[0] and days[1] and days[1] < days[0] else (one, other)


def _years_apart(earlier: Candidate, later: Candidate) -> bool:
    first, last = earlier.hit.article.date, later.hit.article.date
    return first is not None and last is not None and last - first > _LONGEST


class _Comparing:
    """Sentences held against each other for one question."""

    def __init__(self, question: str, asked: Asked) -> None:
        self.kinds = _kinds(question, asked)
        self.asked = asked
        self.about, self.counted = _asks_of(question)
        self.number = self.kinds == {"number"} and bool(self.about)
        self.question = read(question)

    def pairs(
        self, said: Sequence[Candidate], copied: Sequence[Candidate]
    ) -> Iterator[tuple[Candidate, Candidate, bool]]:
        """Yield what is held against each other: articles, and copies with their dispatch.

        The third says that the pair is worth no more than a look at its names.
        """
        best = self.worth_reading(said)
        few = _READ if len(self.kinds) == 1 else _OTHERS
        for (_, one), (n, other) in itertools.combinations(enumerate(best), 2):
            yield *_in_time(one, other), n >= few
        copies = self.worth_reading(copied) if copied else []
        for n, one in enumerate(best):
            for other in copies:
                if one.hit.story.id == other.hit.story.id:
                    yield *_in_time(one, other), n >= few

    def worth_reading(self, said: Sequence[Candidate]) -> list[Candidate]:
        """Return the best sentences that are about the question, none that a reader wrote.

        Where a number is asked for, it is sentences that tell one of what was asked.
        """
        ranked = sorted(said, key=lambda c: (-worth(c, self.asked), c.rank, c.start))
        ranked = [c for c in ranked if c.part not in {"comment", "headline"}]
        if self.number:
            about = (c for c in ranked if c.own + c.near >= _HOLDS_NUMBER)
            return [c for c in about if self._tells(c)][:_READ]
        least = LEAST * worth(ranked[0], self.asked) if ranked else 0.0
        about = (c for c in ranked if c.own + c.near >= _HOLDS and worth(c, self.asked) >= least)
        return list(about)[:_READ]

    def _tells(self, candidate: Candidate) -> bool:
        """Tell whether a sentence has the number that was asked for, or corrects one."""
        corrects = candidate.part == "correction" or _CORRECTS.search(candidate.hit.article.title)
        return bool(corrects) or self._answering(read(candidate.text)) is not None

    def disagreement(
        self, earlier: Candidate, later: Candidate, *, names_only: bool
    ) -> Disagreement | None:
        """Return what two sentences do not agree on, as far as it was asked."""
        corrected = _corrected(earlier, later)
        if corrected:
            return corrected
        if earlier.hit.article.article_id == later.hit.article.article_id:
            return None  # One article does not contradict itself.
        if _years_apart(earlier, later) or _WRONG.search(earlier.text + later.text):
            return None
        apart = self._apart(earlier, later, names_only=names_only)
        if apart is None:
            return None
        values = _values(apart, earlier.text, later.text)
        if any(value.isdecimal() and value in self.question.text for value in values):
            return None  # What the question says is not what it asks: "the cup of 2021".
        return Disagreement(
            earlier=earlier,
            later=later,
            kind=apart.kind,
            values=values,
            corrects=bool(_CORRECTS.search(f"{later.hit.article.title}\n{later.text}")),
        )

    def _apart(
        self, earlier: Candidate, later: Candidate, *, names_only: bool
    ) -> Difference | None:
        one, other = _stated(earlier), _stated(later)
        if self.number:
            return self._counted(one, other)
        apart = None if names_only else difference(one, other)
        if apart is not None and apart.kind in self.kinds:
            return apart
        return self._named(earlier, later) if "name" in self.kinds else None

    def _named(self, earlier: Candidate, later: Candidate) -> Difference | None:
        """Return the names that answer the question, where each article knows its own alone."""
        apart = other_name(_stated(earlier), _stated(later), _stems(self.question))
        if apart is None or not self._of_one_time(earlier, later):
            return None
        sides = (earlier, later.hit.article, apart.one), (later, earlier.hit.article, apart.other)
        for candidate, article, span in sides:
            words = candidate.text[slice(*span)].split()
            if any(re.search(rf"\b{re.escape(word)}\b", article.text) for word in words):
                return None
        return apart

    def _of_one_time(self, earlier: Candidate, later: Candidate) -> bool:
        """Tell whether two sentences tell of one time: that of the question, or about their own."""
        asked = {w.value for w in self.question.words if w.value is not None}
        if asked and all(asked <= _values_in(side.text) for side in (earlier, later)):
            return True
        first, last = earlier.hit.article.date, later.hit.article.date
        return first is None or last is None or last - first <= _SAME_TIME

    def _counted(self, one: Stated, other: Stated) -> Difference | None:
        """Return the numbers that answer the question, where they are not the same."""
        first, second = read(one.text), read(other.text)
        if len(_stems(first) & _stems(second)) < _SHARED:
            return None
        at, spot = self._answering(first), self._answering(second)
        if at is None or spot is None:
            return None
        a, b = first.words[at], second.words[spot]
        same = equal(first.words, at, second.words, spot)
        same = same or moves(first.words, at) != moves(second.words, spot)
        if same or a.unit != b.unit or not self._beside(first, at) & self._beside(second, spot):
            return None
        if not a.unit and self.counted is None and not same_noun(first, at, second, spot):
            return None
        return Difference(kind="number", one=(a.start, a.end), other=(b.start, b.end))

    def _answering(self, sentence: Reading) -> int | None:
        """Return the number that answers: it counts what is asked, beside what is asked of it."""
        dated = {at for day in days(sentence.words, None) for at in day.words}
        best = (0, -1)
        for at, word in enumerate(sentence.words):
            plain = word.value is not None and word.unit != "ordinal" and at not in dated
            named = names(sentence.words, at, self.counted) or denied(sentence.words, at)
            if plain and not named and self._may_count(sentence, at):
                best = max(best, (len(self._beside(sentence, at)), -at))
        needed = 2 if len(self.about) > 2 else 1
        return -best[1] if best[0] >= needed else None

    def _may_count(self, sentence: Reading, at: int) -> bool:
        """Tell whether a number may count what is asked: it says so, or says nothing else."""
        counts = counted(sentence, at)
        unit = sentence.words[at].unit
        if self.counted is None:
            return bool(unit or counts)
        if unit:
            return False
        near = sentence.words[max(0, at - _CLOSE) : at + _CLOSE + 1]
        return self.counted in counts or (
            not counts and any(word.stem in self.about for word in near)
        )

    def _beside(self, sentence: Reading, at: int) -> frozenset[str]:
        near = sentence.words[max(0, at - _REACH) : at + _REACH + 1]
        return self.about.intersection(word.stem for word in near)


def _kinds(question: str, asked: Asked) -> frozenset[Kind]:
    """Return what sources may differ on so that it matters to the question."""
    if "number" in asked.kinds or _AMOUNT.search(question):
        return frozenset({"number"})
    if asked.speech:
        return frozenset()
    if "time" in asked.kinds:
        return frozenset({"day"})
    if _YES_OR_NO.match(question):
        return frozenset({"number", "day", "yes or no"})
    if "name" in asked.kinds:
        return frozenset({"number", "day", "name"})
    return frozenset({"number", "day"})


def _asks_of(question: str) -> tuple[frozenset[str], str | None]:
    """Return what stands beside the number that is asked for, and what it counts, as stems.

    "Injured" and "people" of "how many people were injured when ...": no names among the first.
    """
    main = _AFTER.split(question, maxsplit=1)[0]
    found = _COUNTED.search(main)
    reading = read(main[found.start() :] if found else main)
    noun = None
    if found:
        run = [word.stem for word in read(found[1]).words if word.content]
        noun = run[-1] if run else None
    about = (
        word.stem
        for at, word in enumerate(reading.words)
        if word.content and word.value is None and not reading.is_name(at) and word.stem != noun
    )
    return frozenset(about), noun


def _stems(sentence: Reading) -> frozenset[str]:
    return frozenset(w.stem for w in sentence.words if w.content and w.value is None)


def _corrected(earlier: Candidate, later: Candidate) -> Disagreement | None:
    """Return the correction of a number that an earlier article printed."""
    article = later.hit.article
    end = min(len(article.text), later.end + _NEXT)
    found = _RIGHT_IS.search(article.text, later.start, end)
    if not found or earlier.hit.article.article_id == article.article_id:
        return None
    right = read(found[1]).words[0]
    printed = _values_in(earlier.text)
    wrong = [
        word
        for word in read(later.text).words
        if word.value in printed and word.value != right.value
    ]
    if not wrong:
        return None
    last = max(later.end, article.text.find(".", found.end()) + 1 or found.end())
    return Disagreement(
        earlier=earlier,
        later=replace(later, end=last),
        kind="number",
        values=(later.text[wrong[0].start : wrong[0].end], found[1]),
        corrects=True,
    )


def _values_in(text: str) -> set[float]:
    return {word.value for word in read(text).words if word.value is not None}


def _stated(candidate: Candidate) -> Stated:
    return Stated(text=candidate.text, published=candidate.hit.article.date)


def _values(apart: Difference, one: str, other: str) -> tuple[str, str]:
    if apart.kind == "number":
        return _value(one, apart.one), _value(other, apart.other)
    if apart.kind in {"day", "name"}:
        return one[slice(*apart.one)], other[slice(*apart.other)]
    denies = [any(w.low in NEGATIONS for w in read(side).words) for side in (one, other)]
    if denies[0] == denies[1]:
        return "the one", "the opposite"
    return ("no", "yes") if denies[0] else ("yes", "no")


def _value(text: str, span: tuple[int, int]) -> str:
    """Return a number with the words that it counts by: "41 million crowns", "38 people"."""
    start, end = span
    unit = _UNIT.match(text, end)
    return text[start : unit.end() if unit else end]
