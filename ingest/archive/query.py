"""The query language: what a reader typed to a frozen tree of conditions, or to plain words.

docs/query.md says it for people. Words that stand alone find and rank, and bind nothing;
operators bind. A text in which nothing is an operator is a plain question, whatever its marks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError
from rapidfuzz import fuzz, process

from ingest.archive.stopwords import STOPWORDS
from ingest.article import Filters
from ingest.errors import QueryError
from ingest.language import lexicon

Field = Literal["title", "outlet", "author", "section", "speaker", "lang"]
Unit = Literal["sentence", "paragraph"]

_DAYS = ("before", "after", "on")
_FIELDS = (*get_args(Field), "language", *_DAYS)


@dataclass(frozen=True, slots=True)
class WordIs:
    """A word, found as words are: by its stem."""

    text: str


@dataclass(frozen=True, slots=True)
class PrefixIs:
    """How a word begins."""

    text: str


@dataclass(frozen=True, slots=True)
class PhraseIs:
    """Words as they are printed; with `apart`, with so many others among them, in any order."""

    text: str
    apart: int | None = None


@dataclass(frozen=True, slots=True)
class FieldIs:
    """What is known of an article, or who speaks in it: a word or a phrase of the field."""

    field: Field
    value: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class PrintedIn:
    """The days of publication, both inclusive; None is open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not this."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Together:
    """All of these in one sentence, or in one paragraph."""

    unit: Unit
    parts: tuple["Condition", ...]


Leaf = WordIs | PrefixIs | PhraseIs | FieldIs | PrintedIn
Condition = Leaf | AllOf | AnyOf | Without | Together


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was typed: its `words`, which find and rank, and what `must` hold of an article.

    `questioned` says that its only operators are phrases in a question, which bind where any
    article prints them: a title may be printed in other marks, or in none.
    """

    text: str
    words: str
    must: Condition | None = None
    questioned: bool = False

    @property
    def wanted(self) -> str:
        """The words that its conditions ask for, by which what fits is put in order too."""
        return " ".join(wanted(self.must)) if self.must and not self.questioned else ""

    @property
    def ranking(self) -> str:
        """All the words that what fits is put in order by."""
        return f"{self.words} {self.wanted}".strip()

    @property
    def strict(self) -> Condition | None:
        """What must hold where every word must be there too, as in a list or a count."""
        words = [WordIs(word) for word in self.words.split() if word.casefold() not in STOPWORDS]
        return all_of([*words, *conjuncts(self.must)])

    def dated(self, filters: Filters) -> tuple["Query", Filters]:
        """Return the query without its days, and filters that keep to them."""
        parts = conjuncts(self.must)
        for days in (part for part in parts if isinstance(part, PrintedIn)):
            since = max(filter(None, [filters.since, days.since]), default=None)
            until = min(filter(None, [filters.until, days.until]), default=None)
            filters = replace(filters, since=since, until=until)
        rest = [part for part in parts if not isinstance(part, PrintedIn)]
        return replace(self, must=all_of(rest)), filters


def all_of(parts: Sequence[Condition]) -> Condition | None:
    """Return the condition that all of some hold, None where there are none."""
    return None if not parts else parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    """Return the conditions that must all hold."""
    return condition.parts if isinstance(condition, AllOf) else (condition,) if condition else ()


def written(condition: Condition) -> str:
    """Return a condition as it may be typed."""
    match condition:
        case Without(part):
            return f"-{_grouped(part)}"
        case AllOf(parts):
            return " AND ".join(map(_grouped, parts))
        case AnyOf(parts):
            return " OR ".join(map(_grouped, parts))
        case Together(unit, parts):
            return f" /{unit[0]} ".join(map(_grouped, parts))
    return _written_leaf(condition)


def _written_leaf(leaf: Leaf) -> str:
    match leaf:
        case PrefixIs(text):
            return f"{text}*"
        case PhraseIs(text, apart):
            return f'"{text}"' + ("" if apart is None else f"~{apart}")
        case FieldIs(field, value, whole):
            return f'{field}:"{value}"' if whole else f"{field}:{value}"
        case PrintedIn(since, until):
            return f"on:{since}" if since == until else " ".join(_written_days(since, until))
    return leaf.text


def _grouped(condition: Condition) -> str:
    several = isinstance(condition, AllOf | AnyOf | Together)
    return f"({written(condition)})" if several else written(condition)


def _written_days(since: date | None, until: date | None) -> Iterator[str]:
    if since:
        yield f"after:{since - timedelta(days=1)}"
    if until:
        yield f"before:{until + timedelta(days=1)}"


def has_speaker(condition: Condition | None) -> bool:
    """Tell whether a condition asks for what somebody said."""
    return any(
        isinstance(part, FieldIs) and part.field == "speaker" for part in conjuncts(condition)
    )


def wanted(condition: Condition) -> Iterator[str]:
    """Yield the words that a condition asks for, none of what it leaves out."""
    match condition:
        case WordIs(text) | PhraseIs(text):
            yield text
        case FieldIs("title", value):
            yield value
        case AllOf(parts) | AnyOf(parts) | Together(_, parts):
            for part in parts:
                yield from wanted(part)


def read_query(text: str) -> Query:
    """Return the query that a text is. Raises QueryError with the place of what is wrong in it."""
    signs = _signs(text)
    if broken := _broken(text, signs):
        raise broken
    if not signs:
        return Query(text=text, words=text)
    if signs == {"phrase"} and _QUESTION.search(text):
        return Query(text=text, words=text, must=_quoted(text), questioned=True)
    _look_how_deep(text)
    try:
        parts: list[_Item] = _Tree(text).transform(_parser().parse(text))
    except UnexpectedInput as error:
        raise _misread(text, error) from None
    except VisitError as error:
        if isinstance(error.orig_exc, QueryError):
            raise error.orig_exc from None
        raise
    words = " ".join(part.bare for part in parts if part.bare is not None)
    must = all_of([part.condition for part in parts if part.bare is None])
    return Query(text=text, words=words if must else text, must=must)


def _look_how_deep(text: str) -> None:
    """Raise QueryError for brackets that are deeper than anybody, or a program, can follow."""
    deep = 0
    for at, sign in enumerate(text):
        deep += (sign == "(") - (sign == ")")
        if deep > _DEEPEST:
            raise QueryError(
                f"the query cannot be read at character {at + 1}: brackets are {deep} deep",
                f"at most {_DEEPEST} may stand within each other", at,
            )  # fmt: skip


def _quoted(text: str) -> Condition | None:
    """Return the condition that the phrases of a question are printed, its other marks words."""
    return all_of([PhraseIs(" ".join(found[0][1:-1].split())) for found in _PAIR.finditer(text)])


# Which texts hold operators

_SIGNS = re.compile(
    r"""
    (?P<field>(?<![^\s(+−-])(?:FIELDS):(?=[^\s)]))
  | (?P<phrase>(?<![^\s(:+−-])["“„][^"“”„]*\w[^"“”„]*["“”])
  | (?P<minus>(?<![^\s(])[-−](?=["“„(]|[^\W\d_])(?!.*\w-(?!\w)))
  | (?P<plus>(?<![^\s(])\+(?=["“„(]|[^\W\d_]))
  | (?P<word>(?<=[\w)"”*][ \t])(?:OR|AND|NOT)(?=[ \t]+["“„(+\w−-]))
  | (?P<unit>(?<![^\s)])/[sp](?!\S))
  | (?P<open>(?<!\S)["“„](?=\w)(?!.*["“”]))
  | (?P<prefix>(?<![^\s(:"“+−-])\w[\w'’-]+\*(?=[\s)]|$))
    """.replace("FIELDS", "|".join(_FIELDS)),
    re.VERBOSE | re.IGNORECASE,
)
_PAIR = re.compile(r'(?<![^\s(:+−-])["“„][^"“”„]*\w[^"“”„]*["“”]')
_QUESTION = re.compile(r"[?؟？]\W*\Z")
_ASKING = lexicon.words("questions.asks")
_CAPITALS = re.compile(r"[^\W\d_]{2,}")
_NAMED = re.compile(r"(?<![^\s(+−-])(?P<name>[a-z]{3,12}):(?=[^\s/)])")
_DEEPEST = 30
_LONGEST = 1000
"""Characters of a query: what is longer, or has several lines, was pasted and is read as text."""


def _signs(text: str) -> frozenset[str]:
    """Return the kinds of operators that stand in a text; none where it is a plain question."""
    if len(text) > _LONGEST or "\n" in text.strip():
        return frozenset()
    if error := _nearly_a_field(text):
        raise error
    found = {str(sign.lastgroup) for sign in _SIGNS.finditer(text) if _is_sign(text, sign)}
    return frozenset(found)


def _is_sign(text: str, sign: re.Match[str]) -> bool:
    """Tell a word in capitals from one of a text that is all in capitals, or is a state's name."""
    if sign.lastgroup == "open":
        return not _QUESTION.search(text)
    if sign.lastgroup != "word":
        return True
    if not sign[0].isupper() or not text.isupper():
        return sign[0].isupper()
    others = (word for word in _CAPITALS.findall(text) if word not in {"OR", "AND", "NOT"})
    return not any(word.casefold() in STOPWORDS for word in others)


_OPENS = re.compile(r"(?<!\S)\((?=[\w\"“„(−-])")
_CLOSES = re.compile(r"(?<=[^\W\d_]{3})\)(?!\S)")
"""Not "a)" and "1)", which begin what is listed."""

_DANGLING = re.compile(
    r"""
    \A\s*(?P<first>AND|OR)(?=\s+[^\WA-Z])
  | (?<=[a-zß-ÿа-яґєії*)"”]\s)(?P<last>AND|OR|NOT)\s*\Z
  | \b(?:AND|OR|NOT)\s+(?P<twice>AND|OR)\b
  | \A\s*(?P<unit>/[sp])(?=\s) | (?<=\s)(?P<end>/[sp])\s*\Z
  | (?<![^\s(])(?P<field>(?:FIELDS):)(?=\s|\Z)
    """.replace("FIELDS", "|".join((*get_args(Field), "language"))),
    re.VERBOSE,
)
"""Operators to which nothing is joined on one side; in small letters a field, else a headline's
"Title:"."""


def _broken(text: str, signs: frozenset[str]) -> QueryError | None:
    """Return what is wrong where an operator was typed and not finished; None in a question."""
    pasted = len(text) > _LONGEST or "\n" in text.strip()
    if pasted or (not signs and _asks(text)):
        return None
    if not signs and (at := _unpaired(text)) is not None:
        opened = text[at] == "("
        why = "is not closed" if opened else "was not opened, or nothing is in it"
        return wrong(text, at, f"this parenthesis {why}")
    dangling = None if text.isupper() else _DANGLING.search(text)
    if dangling is None or (dangling["last"] == "OR" and _a_state(text[: dangling.start()])):
        return None
    word, at = dangling[str(dangling.lastgroup)], dangling.start(str(dangling.lastgroup))
    if dangling.lastgroup == "field":
        return wrong(text, at, f"{word} takes a word right behind it")
    return wrong(text, at, f"{word!r} stands between two words or phrases")


def _asks(text: str) -> bool:
    """Say whether a text is a question: by its mark, or by its first word."""
    first = text.split(maxsplit=1)[0].casefold() if text.strip() else ""
    return bool(_QUESTION.search(text)) or first in _ASKING


def _a_state(ahead: str) -> bool:
    """Tell "Portland OR" from "ferry OR", by the name before it."""
    words = ahead.split()
    return bool(words) and words[-1][0].isupper()


def _unpaired(text: str) -> int | None:
    """Return where a parenthesis stands alone, about words as those of an operator are."""
    opened = _opened(text)
    if opened is not None:
        return opened if _OPENS.match(text, opened) else None
    closing = [found.start() for found in _CLOSES.finditer(text)]
    return closing[-1] if closing and text.count("(") < text.count(")") else None


# From text to tree


@cache
def _parser() -> Lark:
    grammar = files("ingest.archive").joinpath("query.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True)


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of a query; `bare` are its words where it is nothing but words."""

    condition: Condition
    bare: str | None = None


@v_args(inline=True)
class _Tree(Transformer[Token, Any]):
    """Makes the tree, from its leaves up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def start(self, *items: _Item) -> list[_Item]:
        return list(items)

    def word(self, token: Token) -> _Item:
        return _Item(WordIs(str(token)), bare=str(token))

    def prefix(self, token: Token) -> _Item:
        return _Item(PrefixIs(str(token)[:-1]))

    def phrase(self, token: Token) -> _Item:
        words, _, apart = str(token)[1:].rpartition("~")
        if not words or not apart.isdigit():
            words, apart = str(token)[1:], ""
        words = " ".join(words.rstrip('"“”').split())
        if not re.search(r"\w", words):
            raise self._wrong(token, "there is no word between these quotation marks")
        return _Item(PhraseIs(words, int(apart) if apart else None))

    def field(self, name: Token, value: _Item) -> _Item:
        field = name.rstrip(":").lower()
        if field in _DAYS:
            return _Item(self._days(name, field, value))
        return _Item(self._of_field("lang" if field == "language" else field, name, value))

    def _of_field(self, field: str, name: Token, value: _Item) -> Condition:
        match value.condition:
            case WordIs(text) | PrefixIs(text):
                return FieldIs(field, text.strip(",;"))  # type: ignore[arg-type]
            case PhraseIs(text, None):
                return FieldIs(field, text, whole=True)  # type: ignore[arg-type]
            case AllOf(parts) | AnyOf(parts) as several:
                made = tuple(self._of_field(field, name, _Item(part)) for part in parts)
                return type(several)(made)
            case Without(part):
                return Without(self._of_field(field, name, _Item(part)))
        raise self._wrong(name, f"{name} takes a word, a phrase, or several in parentheses")

    def _days(self, name: Token, field: str, value: _Item) -> PrintedIn:
        written = value.condition
        days = _period(written.text) if isinstance(written, WordIs | PhraseIs) else None
        if days is None:
            told = f"{name} takes a day, a month or a year, like {name}2022-07-18 or {name}2022"
            raise self._wrong(name, told)
        first, last = days
        if field == "before":
            return PrintedIn(None, first - timedelta(days=1))
        if field == "after":
            return PrintedIn(last + timedelta(days=1), None)
        return PrintedIn(first, last)

    def group(self, *items: _Item) -> _Item:
        if all(item.bare is not None for item in items):
            bare = " ".join(str(item.bare) for item in items)
        else:
            bare = None
        made = all_of([item.condition for item in items])
        assert made is not None
        return _Item(made, bare=bare)

    def without(self, item: _Item) -> _Item:
        return _Item(Without(item.condition))

    def must(self, item: _Item) -> _Item:
        return _Item(item.condition)

    def any_of(self, *items: _Item) -> _Item:
        return _Item(AnyOf(tuple(item.condition for item in items)))

    def all_of(self, *items: _Item) -> _Item:
        return _Item(AllOf(tuple(item.condition for item in items)))

    def sentence(self, *items: _Item) -> _Item:
        return _Item(Together("sentence", tuple(item.condition for item in items)))

    def paragraph(self, *items: _Item) -> _Item:
        return _Item(Together("paragraph", tuple(item.condition for item in items)))

    def _wrong(self, token: Token, what: str) -> QueryError:
        return wrong(self._text, token.start_pos or 0, what)


_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?\W*")


def _period(written: str) -> tuple[date, date] | None:
    """Return the first and the last day of a written day, month or year; None where it is none."""
    found = _DAY.fullmatch(written)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        following = (first.month % 12 + 1) if month else 1
        later = first.year + (0 if month and month < 12 else 1)
        return first, date(later, following, 1) - timedelta(days=1)
    except ValueError:
        return None


# What is wrong


def wrong(text: str, at: int, what: str) -> QueryError:
    """Return an error that shows its place in the query, from the first character on."""
    place = f"{text[max(0, at - 30) : at]}⟨here⟩{text[at : at + 30]}"
    message = f"the query cannot be read at character {at + 1}: {what}: {place}"
    return QueryError(
        message, "docs/query.md has the operators; --literal takes words as words", at
    )


def _misread(text: str, error: UnexpectedInput) -> QueryError:
    at = max(getattr(error, "pos_in_stream", None) or 0, 0)
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        opened = _opened(text)
        if opened is not None:
            return wrong(text, opened, "this parenthesis is not closed")
        return wrong(text, len(text.rstrip()), "something is missing at the end")
    at = min(at, len(text))
    sign = text[at : at + 1]
    if sign and sign in '"“„':
        return wrong(text, at, "this quotation mark is not closed")
    if sign == ")":
        return wrong(text, at, "this parenthesis was not opened, or nothing is in it")
    word = text[at:].split(maxsplit=1)[0] if text[at:].strip() else ""
    return wrong(text, at, f"{word!r} stands between two words or phrases")


def _opened(text: str) -> int | None:
    """Return where the last parenthesis stands that nothing closes."""
    held: list[int] = []
    for found in re.finditer(r'["“„][^"“”„]*["“”]|[()]', text):
        if found[0] == "(":
            held.append(found.start())
        elif found[0] == ")" and held:
            held.pop()
    return held[-1] if held else None


def _nearly_a_field(text: str) -> QueryError | None:
    """Return what is wrong where a word stands like a field and is nearly one: "auther:Kim"."""
    for found in _NAMED.finditer(text):
        if found["name"] in _FIELDS:
            continue
        near = process.extractOne(found["name"], _FIELDS, scorer=fuzz.ratio, score_cutoff=_NEAR)
        if near:
            return wrong(
                text, found.start(), f"there is no field {found['name']!r}, but {near[0]!r}"
            )
    return None


_NEAR = 80
