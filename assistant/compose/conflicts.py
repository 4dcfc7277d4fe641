"""Sources that do not agree on what was asked, laid side by side, and the later correction."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.check.reading import Reading, read
from assistant.compose.differences import (
    Difference,
    Kind,
    Sought,
    Stated,
    difference,
    equal,
    in_values,
    in_words,
    moves,
    root,
    same_noun,
    tells_change,
)
from assistant.compose.substitution import other_name
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import LEAST, worth

_READ = 12
"""Sentences that are held against each other: the best ones, 66 pairs."""

_OTHERS = 5
"""The same where no number and no day was asked for: about as many as are quoted."""

_HOLDS_NUMBER = 0.45
"""The same for a sentence that tells a number of what was asked."""

_SHARED = 3
"""Words that two sentences with numbers share where they tell of one thing. With two, different
storms and different bills were taken for one."""

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
    pairs = list(comparing.pairs(said, copied))
    corrections = [one for earlier, later, _ in pairs if (one := _corrected(earlier, later))]
    among = (comparing.disagreement(a, b, names_only=named) for a, b, named in pairs)
    found: dict[tuple[str, ...], Disagreement] = {}
    for apart in itertools.chain(among, comparing.with_corrected(corrections, said)):
        if apart and not any(_withdrawn(apart, one) for one in corrections):
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
        self.sought = Sought.by(question)
        self.number = self.kinds == {"number"} and bool(self.sought.about)
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
        return bool(corrects) or self.sought.answering(read(candidate.text)) is not None

    def with_corrected(
        self, corrections: Sequence[Disagreement], said: Sequence[Candidate]
    ) -> Iterator[Disagreement]:
        """Hold what a correction says is right against the other articles."""
        for correction in corrections:
            own = {side.hit.article.article_id for side in (correction.earlier, correction.later)}
            for other in self.worth_reading(said):
                if other.hit.article.article_id not in own:
                    apart = self._from_right(correction, other)
                    if apart:
                        yield apart

    def _from_right(self, correction: Disagreement, other: Candidate) -> Disagreement | None:
        right, there = read(correction.values[1]), read(other.text)
        spot = self.sought.answering(there)
        first, last = _in_time(correction.later, other)
        if spot is None or equal(right.words, 0, there.words, spot) or _years_apart(first, last):
            return None
        if not self._of_one(correction.earlier, other):
            return None
        word = there.words[spot]
        value = in_words(other.text, (word.start, word.end))
        told = correction.values[1], value
        return Disagreement(
            earlier=first,
            later=last,
            kind="number",
            values=told[::-1] if first is other else told,
            corrects=False,
        )

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
        if apart is None or _changed(apart, earlier, later):
            return None
        told = in_values(apart, earlier.text, later.text)
        if any(value.isdecimal() and value in self.question.text for value in told):
            return None  # What the question says is not what it asks: "the cup of 2021".
        return Disagreement(
            earlier=earlier,
            later=later,
            kind=apart.kind,
            values=told,
            corrects=bool(_CORRECTS.search(f"{later.hit.article.title}\n{later.text}")),
        )

    def _apart(
        self, earlier: Candidate, later: Candidate, *, names_only: bool
    ) -> Difference | None:
        one, other = _stated(earlier), _stated(later)
        if self.number:
            return self._counted(earlier, later)
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

    def _of_one(self, one: Candidate, other: Candidate) -> bool:
        """Tell whether two sentences share enough words to be on one thing.

        What both count makes up for one word where both articles hold the names of the question.
        """
        shared = len(_roots(read(one.text)) & _roots(read(other.text)))
        asked = self.question.words
        names = [word.low for at, word in enumerate(asked) if self.question.is_name(at)]
        texts = [side.hit.article.text.lower() for side in (one, other)]
        named = all(name in text for name in names for text in texts)
        spared = self.sought.counted is not None and bool(names) and named
        return shared >= _SHARED - spared

    def _counted(self, one: Candidate, other: Candidate) -> Difference | None:
        """Return the numbers that answer the question, where they are not the same."""
        first, second = read(one.text), read(other.text)
        if not self._of_one(one, other):
            return None
        at, spot = self.sought.answering(first), self.sought.answering(second)
        if at is None or spot is None:
            return None
        a, b = first.words[at], second.words[spot]
        same = equal(first.words, at, second.words, spot)
        same = same or moves(first.words, at) != moves(second.words, spot)
        if (
            same
            or a.unit != b.unit
            or not self.sought.beside(first, at) & self.sought.beside(second, spot)
        ):
            return None
        if not a.unit and self.sought.counted is None and not same_noun(first, at, second, spot):
            return None
        return Difference(kind="number", one=(a.start, a.end), other=(b.start, b.end))


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


def _stems(sentence: Reading) -> frozenset[str]:
    return frozenset(w.stem for w in sentence.words if w.content and w.value is None)


def _roots(sentence: Reading) -> frozenset[str]:
    return frozenset(map(root, _stems(sentence)))


def _withdrawn(apart: Disagreement, correction: Disagreement) -> bool:
    """Tell whether a side has the number that a correction, printed later, takes back."""
    if apart.corrects or apart.kind != "number":
        return False
    wrong, taken_back = _values_in(correction.values[0]), correction.later.hit.article.date
    for value, side in zip(apart.values, (apart.earlier, apart.later), strict=True):
        day = side.hit.article.date
        if _values_in(value) == wrong and (not day or not taken_back or day <= taken_back):
            return True
    return False


def _changed(apart: Difference, earlier: Candidate, later: Candidate) -> bool:
    """Tell whether the later sentence says that its number was another before, and has changed."""
    if apart.kind != "number":
        return False
    before, now = read(earlier.text[slice(*apart.one)]), read(later.text)
    at = next((n for n, word in enumerate(now.words) if word.start == apart.other[0]), None)
    value = before.words[0].value if before.words else None
    return at is not None and value is not None and tells_change(now, at, value)


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
