"""Find the numbers of a text, in digits and in words, by what a language's lexicon knows.

Exact rather than complete: what can be read in two ways ("a few hundred", "1,200" in Spanish,
"one" alone, "5m") is left out.

text2num reads cardinals and ordinals as well as this does, German ordinals in one word better. It
has no Ukrainian, and of what newspapers write beside plain numbers it makes others: half a million
is a million to it, "two and a half million" too, three dozen three, "siete por ciento" seven and a
hundred. Of 64 phrases in four languages it reads 42 right and this 62; `python -m
benchmarks.number_words` prints them.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from ingest.language.lexicon import plain, section

Unit = Literal["", "percent", "points", "ordinal", "money"]


class NumberAt(NamedTuple):
    """A number where it stands: "50 per cent" is 50, its unit "percent".

    "points" are percentage points; "money" says that a sign of money stands before it.
    """

    start: int
    end: int
    value: float
    unit: Unit = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _NumberWords:
    """The number words of a language, as its lexicon has them."""

    values: Mapping[str, float]
    scales: Mapping[str, float]
    ordinals: Mapping[str, float]
    fractions: Mapping[str, float]
    lists: Mapping[str, frozenset[str]]
    and_half: tuple[tuple[str, ...], ...]
    percent: re.Pattern[str]
    points: re.Pattern[str]
    told: Mapping[str, Any]

    def among(self, low: str, name: str) -> bool:
        """Say whether a word stands in one of the language's lists."""
        return low in self.lists[name]


class _Token(NamedTuple):
    start: int
    end: int
    low: str
    value: float | None = None


_NO_SPACE = "[^\\S\\n]"
_TOKEN = re.compile(
    r"(?P<digits>\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<part>[¼-¾⅐-⅞])?|(?P<alone>[¼-¾⅐-⅞])|(?P<word>[^\W\d_]+(?:[’ʼ'][^\W\d_]+)*)"
)
_NO_NUMBER = re.compile(
    r"\b\d{1,4}([-./])\d{1,2}\1\d{1,4}\b|\b\d{1,2}:\d\d(?::\d\d)?\b"
    r"|\b(?!\d{1,3}(?:\.\d{3})+(?!\d))\d+(?:\.\d+){2,}\b|\b\d+/\d+\b"
)
"""Dates, times, versions and fractions in digits."""

_MONEY = re.compile(r"[$£€¥₴]\s?\Z")
_IN_A_WORD = re.compile(r"[^\W\d_][-–./]?\Z|[_#№]\Z|\d[.,]\Z")
"""What stands before digits that belong to a name: "F-16", "B12"."""
_BESIDE = frozenset({"", " ", "-", "‑", "\u00a0", "\u202f"})
_MEASURES = frozenset("km kg cm mm mph kph ft am pm".split())
_NEVER = re.compile(r"(?!)")


@lru_cache(maxsize=256)
def numbers(text: str, language: str | None) -> tuple[NumberAt, ...]:
    """Return the numbers of a text, in order; without a known language, those in digits."""
    words = _words_of(language or "")
    tokens = list(_tokens(text, words))
    found: list[NumberAt] = []
    at = 0
    while at < len(tokens):
        number, at = _at(text, tokens, at, words)
        if number is not None:
            found.append(number)
            while at < len(tokens) and tokens[at].start < number.end:
                at += 1
    return tuple(found)


# --- tokens ----------------------------------------------------------------------------------


def _tokens(text: str, words: _NumberWords) -> Iterator[_Token]:
    barred = {at for found in _NO_NUMBER.finditer(text) for at in range(*found.span())}
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["word"]:
            low = plain(match[0])
            for piece in _pieces(low, words):
                yield _Token(start, end, piece)
        elif start in barred or _IN_A_WORD.search(text[max(0, start - 2) : start]):
            yield _Token(start, end, match[0])
        else:
            yield _Token(start, end, match[0], _digits(match, words))


def _digits(match: re.Match[str], words: _NumberWords) -> float | None:
    if match["alone"]:
        return unicodedata.numeric(match["alone"])
    value = _separated(match["digits"], words)
    part = unicodedata.numeric(match["part"]) if match["part"] else 0.0
    return None if value is None else value + part


def _separated(written: str, words: _NumberWords) -> float | None:
    """Return the value of digits as the language separates them, None where that is unsure."""
    group, decimal = words.told.get("group", ""), words.told.get("decimal", "")
    if " " in written and group != " ":
        return None
    bare = re.sub(r"\s", "", written)
    signs = re.findall(r"[.,]", bare)
    if not signs:
        return float(bare)
    last = signs[-1]
    if len(set(signs)) == 2 or bare != written:
        return float(bare.replace("," if last == "." else ".", "").replace(last, "."))
    grouped = all(len(piece) == 3 for piece in bare.split(last)[1:]) and bare[0] != "0"
    if len(signs) > 1:
        return float(bare.replace(last, "")) if grouped else None
    unsure = not group or last not in {group, decimal}
    if grouped and (unsure or (last == decimal and words.told.get("unsure_groups"))):
        return None
    return float(bare.replace(last, "" if grouped and last != decimal else "."))


def _pieces(low: str, words: _NumberWords) -> tuple[str, ...]:
    """Return the number words that one word is made of: "zweihundertfünfzig"."""
    if not words.told.get("compounds"):
        return (low,)
    known = frozenset(words.values) | frozenset(words.scales)
    return (low,) if low in known else _split(low, known | {words.told["and"]}) or (low,)


@lru_cache(maxsize=4096)
def _split(low: str, known: frozenset[str]) -> tuple[str, ...] | None:
    if not low:
        return ()
    for end in range(len(low), 2, -1):
        if low[:end] in known and (rest := _split(low[end:], known)) is not None:
            return (low[:end], *rest)
    return None


# --- a number and what stands around it -------------------------------------------------------


def _at(
    text: str, tokens: Sequence[_Token], at: int, words: _NumberWords
) -> tuple[NumberAt | None, int]:
    """Return the number that begins at a token, if one does, and the token to go on with."""
    token = tokens[at]
    if token.low[0].isdigit() and token.value is None:
        return None, at + 1
    if token.value is not None and (stuck := _STUCK.match(text, token.end)):
        return _with_ending(text, token, plain(stuck[0]), words), at + 1
    run = _Run(text, tokens, at, words)
    if run.value is None or run.unsure():
        return _ordinal(text, tokens, at, words)
    value, end = run.value, run.end
    if told := _fraction(text, tokens, (at, end), value, words):
        value, end = told
    elif _is_ordinal_end(text, tokens, (at, end), value, words):
        value += words.ordinals[tokens[end].low]
        return NumberAt(token.start, tokens[end].end, value, "ordinal"), end + 1
    return _with_unit(text, (token.start, tokens[end - 1].end), value, words), end


_STUCK = re.compile(r"-?[^\W\d_]+|[ºª°]")


def _with_ending(text: str, token: _Token, ending: str, words: _NumberWords) -> NumberAt | None:
    """Read digits with letters right behind them: "3rd", "5bn", "10km"; not "1990s", "5m"."""
    assert token.value is not None
    end, value = token.end + len(ending), token.value
    if words.among(ending, "endings"):
        return NumberAt(token.start, end, value, "ordinal")
    if ending in words.scales:
        return _with_unit(text, (token.start, end), value * words.scales[ending], words)
    if ending == "m" and _MONEY.search(text[: token.start][-2:]):
        return NumberAt(token.start, end, value * 1e6, "money")
    if ending in _MEASURES or ending[0] in "-°":
        return _with_unit(text, (token.start, token.end), value, words)
    return None


def _with_unit(text: str, span: tuple[int, int], value: float, words: _NumberWords) -> NumberAt:
    for unit, pattern in (("points", words.points), ("percent", words.percent)):
        if found := pattern.match(text, span[1]):
            return NumberAt(span[0], found.end(), value, unit)  # type: ignore[arg-type]
    money = _MONEY.search(text[max(0, span[0] - 2) : span[0]])
    return NumberAt(*span, value, "money" if money else "")


def _fraction(
    text: str, tokens: Sequence[_Token], run: tuple[int, int], value: float, words: _NumberWords
) -> tuple[float, int] | None:
    """Read "two thirds" and "a quarter of"."""
    end = run[1]
    if end >= len(tokens) or not _beside(text, tokens, end):
        return None
    low = tokens[end].low
    if low not in words.fractions or not value.is_integer() or value > 20:
        return None
    if value > 1 and low in words.ordinals:
        return None  # "two third parties"
    return value * words.fractions[low], end + 1


def _ordinal(
    text: str, tokens: Sequence[_Token], at: int, words: _NumberWords
) -> tuple[NumberAt | None, int]:
    """Read a word that is an ordinal or a half by itself."""
    token = tokens[at]
    before = tokens[at - 1].low if at else ""
    parts = words.fractions.get(token.low)
    if parts is not None and _is_part(text, tokens, at, words):
        return _with_unit(text, (token.start, token.end), parts, words), at + 1
    unsure = words.among(before, "no_ordinal") or before[:1].isdigit() or before in words.values
    if token.low in words.ordinals and not unsure:
        return NumberAt(token.start, token.end, words.ordinals[token.low], "ordinal"), at + 1
    return None, at + 1


def _is_part(text: str, tokens: Sequence[_Token], at: int, words: _NumberWords) -> bool:
    """Say whether "half" or "third" is a part of something: "half of", not "the second half"."""
    before = tokens[at - 1].low if at else ""
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if words.among(before, "no_fraction"):
        return False
    if tokens[at].low in words.ordinals and not words.among(before, "article"):
        return False
    if not after or not _beside(text, tokens, at + 1):
        return tokens[at].low not in words.ordinals
    of = words.lists["of"]
    elided = after.partition("'")[0] + "'"
    return not of or after in of or elided in of


def _is_ordinal_end(
    text: str, tokens: Sequence[_Token], run: tuple[int, int], value: float, words: _NumberWords
) -> bool:
    """Say whether an ordinal ends a number: "twenty-first"."""
    end = run[1]
    if end >= len(tokens) or tokens[run[0]].value is not None:
        return False
    hyphen = text[tokens[end - 1].end : tokens[end].start] in {"-", "‑"}
    last = words.ordinals.get(tokens[end].low, 10.0)
    return hyphen and last < 10 and value >= 20 and value % 10 == 0


def _beside(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """Say whether a token follows the one before without a mark between, or in one word."""
    one, other = tokens[at - 1], tokens[at]
    return one.start == other.start or text[one.end : other.start] in _BESIDE


_OPENINGS = {"half a scale": 0.5, "a half scale": 0.5, "half scale": 0.5, "a scale": 1.0}
"""How a number begins before a scale, and what the scale is to be multiplied by."""


# --- a run of number words --------------------------------------------------------------------


class _Run:
    """A number as its words are read one after the other: "two hundred and fifty thousand"."""

    def __init__(self, text: str, tokens: Sequence[_Token], at: int, words: _NumberWords) -> None:
        self._text, self._tokens, self._first, self._words = text, tokens, at, words
        self._total = self._current = 0.0
        self._scale = float("inf")
        self._some = self.scaled = False
        self.end = at
        while self.end < len(tokens) and (self.end == at or _beside(text, tokens, self.end)):
            taken = self._take(self.end)
            if not taken:
                break
            self.end += taken
        self._pair()

    @property
    def value(self) -> float | None:
        """The number, None where the words are none."""
        return self._total + self._current if self._some and self.end > self._first else None

    def unsure(self) -> bool:
        """Say whether it may be no number: "one" alone, the "two" of "two or three hundred"."""
        tokens, words = self._tokens, self._words
        if self.value == 1 and self.end == self._first + 1 and tokens[self._first].value is None:
            after = tokens[self._first].end
            low = tokens[self.end].low if self.end < len(tokens) else ""
            unit = words.percent.match(self._text, after) or words.points.match(self._text, after)
            return not unit and low not in words.fractions
        if self.scaled or self.end >= len(tokens):
            return False
        between = self._text[tokens[self.end - 1].end : tokens[self.end].start]
        joined = words.among(tokens[self.end].low, "or")
        follow = self.end + 1 if joined and between in _BESIDE else self.end
        if not joined and between.strip() not in {"-", "–"}:
            return False
        if follow >= len(tokens):
            return False
        return _Run(self._text, tokens, follow, words).scaled

    def _take(self, at: int) -> int:
        """Take in the token at `at` and those that belong to it; return how many."""
        token, words = self._tokens[at], self._words
        if token.value is not None:
            if at == self._first:
                self._current, self._some = token.value, True
            return int(at == self._first)
        taken = self._half(at) if self._some else self._opening(at)
        if taken:
            return taken
        if token.low == words.told.get("and") and self._some:
            return self._joint(at)
        return int(self._one_word(at, token.low))

    def _one_word(self, at: int, low: str) -> bool:
        """Add or multiply by the word at `at` where it is a number."""
        words = self._words
        if words.among(low, "article") and not self._counts(at):
            return False
        if low in words.values:
            return self._add(words.values[low])
        alone = words.among(low, "alone")
        if low in words.scales and (self._some or alone):
            return self._times(words.scales[low], alone=alone)
        return False

    def _counts(self, at: int) -> bool:
        """Say whether an article is a one: in "einundzwanzig", in "cent un"."""
        follows = at + 1 < len(self._tokens) and self._tokens[at + 1].start
        within = follows == self._tokens[at].start or self._same_word(at)
        return within or (self._some and bool(self._words.told.get("vigesimal")))

    def _same_word(self, at: int) -> bool:
        return at > 0 and self._tokens[at - 1].start == self._tokens[at].start

    def _opening(self, at: int) -> int:
        """Read what begins a number before a scale: "a million", "half a dozen"."""
        lows = [
            token.low if near == at or _beside(self._text, self._tokens, near) else ""
            for near, token in enumerate(self._tokens[at : at + 3], at)
        ]
        kinds = " ".join(map(self._kind, lows))
        for opening, value in _OPENINGS.items():
            if f"{kinds} ".startswith(f"{opening} "):
                self._current, self._some = value, True
                return opening.count(" ")
        if kinds.startswith("a part") and _is_part(self._text, self._tokens, at + 1, self._words):
            self._current, self._some = 1.0, True
            return 1
        return 0

    def _kind(self, low: str) -> str:
        """Name what a word may be at the opening of a number."""
        words = self._words
        for kind, among in (("half", words.lists["half"]), ("a", words.lists["article"])):
            if low in among:
                return kind
        return "scale" if low in words.scales else "part" if low in words.fractions else "-"

    def _half(self, at: int) -> int:
        """Read "and a half"."""
        lows = tuple(token.low for token in self._tokens[at : at + 3])
        for phrase in self._words.and_half:
            if lows[: len(phrase)] == phrase:
                if self._current or self._scale == float("inf"):
                    self._current += 0.5
                else:
                    self._total += 0.5 * self._scale
                return len(phrase)
        return 0

    def _joint(self, at: int) -> int:
        """Read "and" where the language puts it between the parts of a number."""
        tokens, words = self._tokens, self._words
        follows = at + 1 < len(tokens) and _beside(self._text, tokens, at + 1)
        value = words.values.get(tokens[at + 1].low) if follows else None
        if not value or self._barred(at, tokens[at + 1].low):
            return 0
        rest = self._current % 100
        fits = {
            "hundreds": rest == 0 and value < 100 and bool(self._current or self._total),
            "tens": rest >= 20 and rest % 10 == 0 and value < 20,
            "units": 0 < rest < 10 and value >= 20 and self._same_word(at),
        }[words.told["and_joins"]]
        self._current += value if fits else 0
        return 2 if fits else 0

    def _barred(self, at: int, low: str) -> bool:
        """Say whether "and" parts two numbers: "between two hundred and three hundred"."""
        before = self._tokens[self._first - 1].low if self._first else ""
        if self._words.among(before, "between") or self._words.among(low, "article"):
            return bool(self._words.told["and_joins"] == "hundreds")
        rest = [token.low for token in self._tokens[at + 2 : at + 4]]
        scaled = any(self._words.scales.get(word, 1000.0) < 1000 for word in rest)
        return scaled and bool(self._words.told["and_joins"] == "hundreds")

    def _add(self, value: float) -> bool:
        """Take in a plain number where it fits: "twenty" and then "five"."""
        vigesimal = self._words.told.get("vigesimal", False)
        if vigesimal and self._current % 100 == 4 and value == 20:
            self._current += 76
            return True
        if not self._fits(value, vigesimal=vigesimal):
            return False
        self._current += value
        self._some = True
        return True

    def _fits(self, value: float, *, vigesimal: bool) -> bool:
        if not self._current:
            return value > 0 or not self._some
        if value < 1 or value % 1 or self._current % 1:
            return False
        rest = self._current % 100
        if vigesimal and rest in {10, 60, 80}:
            return value < (10 if rest == 10 else 20)
        return (rest == 0 and value < 100) or (rest >= 20 and rest % 10 == 0 and value < 10)

    def _times(self, scale: float, *, alone: bool) -> bool:
        """Multiply by a scale where it fits: "twelve" and then "hundred"."""
        if scale < 1000:
            if self._current >= 100 or (self._some and not self._current and not alone):
                return False
            self._current = (self._current or 1) * scale
        elif scale < self._scale:
            self._total += (self._current or 1) * scale
            self._current, self._scale = 0.0, scale
        elif self._scale == 1000 and self._words.told.get("thousand_millions"):
            self._total = (self._total + self._current) * scale
            self._current, self._scale = 0.0, scale
        else:
            return False
        self._some = self.scaled = True
        return True

    def _pair(self) -> None:
        """Read a year in two numbers: "nineteen ninety-nine"."""
        value, tokens = self.value, self._tokens
        told = self._words.told.get("year_pairs") and tokens[self._first].value is None
        if not told or value not in {18.0, 19.0, 20.0} or self.end >= len(tokens):
            return
        if tokens[self.end].value is None and _beside(self._text, tokens, self.end):
            other = _Run(self._text, tokens, self.end, self._words)
            ends = self._text[tokens[other.end - 1].end :][:1] not in {"-", "‑"}
            if other.value and 10 <= other.value < 100 and ends and not other.scaled:
                self._current, self.end = value * 100 + other.value, other.end


# --- what a language has ----------------------------------------------------------------------


@cache
def _words_of(language: str) -> _NumberWords:
    told = section(language, "numbers")
    fractions, ordinals = section(language, "fractions"), section(language, "ordinals")
    percent = section(language, "percent")
    lists = {
        "article": told.get("article", ""),
        "between": told.get("between", ""),
        "or": told.get("or", ""),
        "alone": section(language, "scales").get("alone", ""),
        "half": fractions.get("half", ""),
        "of": fractions.get("of", ""),
        "no_fraction": fractions.get("never_after", ""),
        "no_ordinal": ordinals.get("never_after", ""),
        "endings": ordinals.get("endings", ""),
    }
    return _NumberWords(
        values=_valued(told),
        scales=_valued(section(language, "scales")),
        ordinals=_valued(ordinals),
        fractions=_valued(fractions),
        lists={name: frozenset(plain(words).split()) for name, words in lists.items()},
        and_half=tuple(tuple(phrase.split()) for phrase in fractions.get("and_half", ())),
        percent=_phrases(percent.get("words", ["%"])),
        points=_phrases(percent.get("points", [])),
        told=told,
    )


def _valued(told: Mapping[str, Any]) -> dict[str, float]:
    """Return the words of a section whose names are numbers, each with its number."""
    return {
        plain(word): float(key)
        for key, words in told.items()
        if key[0].isdigit()
        for word in words.split()
    }


def _phrases(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of what stands behind a number, the longest phrase first."""
    if not phrases:
        return _NEVER
    ends = [
        re.escape(phrase).replace(r"\ ", r"[\s-]") + (r"(?!\w)" if phrase[-1].isalnum() else "")
        for phrase in sorted(phrases, key=len, reverse=True)
    ]
    return re.compile(rf"{_NO_SPACE}?-?(?:{'|'.join(ends)})", re.IGNORECASE)
