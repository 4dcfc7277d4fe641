"""Names of speakers across articles: which may be one speaker's, and by which words each is found.

One surname is not one person: who is named in full is only joined with a name that may be theirs.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ingest.language import lexicon
from ingest.language.possessives import is_possessive, without_possessive
from ingest.language.speech import naming, wording

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+")
_TWICE = re.compile(r"(.)\1+")
_SMALL = wording.ARTICLES | wording.LINKS | frozenset({"the", "and"})

_ENDING = 3
"""Letters in which the end of a country and of what is of it may differ: China, Chinese."""

_LEAST = 4
"""Letters that the two begin with alike, at least."""

_CLIPPED = 3
"""Letters of the shortest form of a first name that is no initial: Dan, Daniel."""

_GENERIC_NOUNS = lexicon.words("nouns.institutions", "en") | naming.ROLES
_IN_FULL = lexicon.section("en", "titles_in_full")
_COMPANY = lexicon.words("abbreviations.may_end", "en")


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """Return what the spellings of one word of a name share: Zelensky, Zelenskyy, Zelenskiy."""
    bare = without_possessive(word.casefold())
    plain = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return _TWICE.sub(r"\1", plain.replace("y", "i"))


_GENERIC = frozenset(key(word) for word in _GENERIC_NOUNS)

OTHER_OFFICES = frozenset(key(word) for word in lexicon.words("nouns.other_offices"))
"""Keys of what makes another office of one: the deputy mayor is not the mayor."""


@lru_cache(maxsize=16_384)
def keys(name: str) -> tuple[str, ...]:
    """Return the keys of the words of a name, without articles, titles and suffixes."""
    words = _WORD.findall(name.partition(",")[0])
    telling = [word for word in words if word.lower() not in _SMALL]
    while len(telling) > 1 and telling[-1].lower() in wording.SUFFIXES:
        telling.pop()
    person = not naming.institution(" ".join(words))
    bare = [word for word in telling if not (person and word[0].isupper() and naming.title(word))]
    return tuple(key(word) for word in bare or telling)


@lru_cache(maxsize=16_384)
def of_a_person(name: str) -> bool:
    """Tell whether a name looks like a person's: capitals alone, and no institution."""
    words = [word for word in _WORD.findall(name) if word.lower() not in _SMALL]
    return (
        bool(words)
        and all(word[0].isupper() or "-" in word for word in words)
        and not naming.institution(" ".join(words))
        and not any(naming.acronym(word) and len(word) > len("JD") for word in words)
        and not any(is_possessive(word) for word in words[:-1])
    )


def in_full(name: str) -> bool:
    """Tell whether a name is a person's first and last."""
    return of_a_person(name) and len(keys(name)) > 1


def alike(asked: str, name: str) -> bool:
    """Tell whether a speaker may be meant by a name that is asked for.

    A person by the last name, and by the first where both have one; a body of people where it
    has every word that is asked for, a country as well by what is of it.
    """
    mine, theirs = keys(asked), keys(name)
    if not mine or not theirs:
        return False
    if of_a_person(asked):
        if of_a_person(name):
            return mine[-1] == theirs[-1] and _first_names_agree(mine[:-1], theirs[:-1])
        return mine == theirs or _for_it(mine, theirs, name)
    proper = {key(word) for word in _WORD.findall(asked) if word[0].isupper()} - _GENERIC
    return all(
        any(_same_word(word, other) if word in proper else word == other for other in theirs)
        for word in mine
    )


def _for_it(mine: tuple[str, ...], theirs: tuple[str, ...], name: str) -> bool:
    """Tell whether a company or who speaks for it is meant: "Acme Inc.", "an Acme spokesman"."""
    rest = theirs[len(mine) :]
    if theirs[: len(mine)] != mine or not rest:
        return False
    return speaks_for(name) or all(word in _COMPANY for word in rest)


def speaks_for(role: str) -> bool:
    """Tell whether a role is to speak for others."""
    return any(word.startswith("spokes") for word in role.lower().split())


def _first_names_agree(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    if not mine or not theirs or set(mine) & set(theirs):
        return True
    short, long = sorted((mine[0], theirs[0]), key=len)
    return long.startswith(short) and (len(short) == 1 or len(short) >= _CLIPPED)


def _same_word(one: str, other: str) -> bool:
    """Tell whether two words are the same, or a country and what is of it."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    shared = max(_LEAST, len(short) - _ENDING + 1)
    return len(short) > _LEAST and short[:shared] == long[:shared] and len(long) - shared <= _LEAST


def namesakes(last: tuple[str, ...], others: Iterable[str]) -> set[str]:
    """Return the people named in full who may be meant by a last name alone, by its key."""
    return {other for other in others if in_full(other) and keys(other)[-1:] == last}


def people(names: Iterable[str]) -> list[list[str]]:
    """Return names in full as people: Joe Biden and Joseph Biden are one, Karin and Pieter two.

    A name is held only against people of whom one name may be its own: of a frequent last name
    there are thousands.
    """
    found: list[list[str]] = []
    called: dict[tuple[str, str], set[int]] = defaultdict(set)
    begun: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name in sorted(names, key=lambda name: (-len(keys(name)), name)):
        *firsts, last = keys(name)
        begins = _begins(firsts[0])
        agreeing = set[int]().union(*(begun[last, first] for first in firsts))
        agreeing.update(*(called[last, short] for short in begins))
        fitting = (n for n in sorted(agreeing) if all(alike(name, other) for other in found[n]))
        group = next(fitting, None)
        if group is None:
            group = len(found)
            found.append([])
        found[group].append(name)
        called[last, firsts[0]].add(group)
        for begin in {*firsts, *begins}:
            begun[last, begin].add(group)
    return found


def _begins(first: str) -> list[str]:
    """Return what a first name may be clipped to: an initial, or some letters."""
    return [first[:n] for n in (1, *range(_CLIPPED, len(first) + 1))]


# What an article tells of a speaker besides the name

_PIECE = re.compile(r"[\w’'.-]+")
_CLAUSE_END = re.compile(r"[,.;:\n]")
_ARTICLE = re.compile(r"(?:the|an?|his|her|its|their)\s", re.IGNORECASE)
_REACH = 100
"""Characters before and after a name in which its role stands."""

_ROLE_WORDS = 9


def role(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the role that stands beside a name: "the environment minister, Ann Lee".

    Before the name, with nothing between, or after it, between commas.
    """
    return _role_before(text, start) or _role_after(text, end)


def _role_before(text: str, start: int) -> tuple[int, int] | None:
    floor = max(0, start - _REACH, text.rfind("\n", 0, start) + 1)
    words = [match.span() for match in _PIECE.finditer(text, floor, start)]
    if not words or text[words[-1][1] : start].strip() or not is_office(text[slice(*words[-1])]):
        return None
    first = len(words) - 1
    while first and _describes(text[slice(*words[first - 1])]) and len(words) - first < _ROLE_WORDS:
        if text[words[first - 1][1] : words[first][0]].strip():
            break
        first -= 1
    return words[first][0], words[-1][1]


def _role_after(text: str, end: int) -> tuple[int, int] | None:
    if text[end : end + 2] != ", ":
        return None
    begin = end + 2
    closing = _CLAUSE_END.search(text, begin, begin + _REACH)
    if closing is None:
        return None
    opening = _ARTICLE.match(text, begin, closing.start())
    begin = opening.end() if opening else begin
    words = text[begin : closing.start()].split()
    if len(words) > _ROLE_WORDS or not any(is_office(word) for word in words):
        return None
    return begin, closing.start()


def is_office(word: str) -> bool:
    """Tell whether a word is an office or a trade that somebody has."""
    return word.lower().rstrip(".") in naming.ROLES or naming.title(word)


def role_keys(role: str) -> tuple[str, ...]:
    """Return the keys of the words of a role, each once, titles as they are in full."""
    words = (word.lower() for word in _WORD.findall(role) if word.lower() not in _SMALL)
    return tuple(dict.fromkeys(key(_IN_FULL.get(word, word)) for word in words))


def titles_of(role: str) -> tuple[str, ...]:
    """Return how a role is shortened before a name: "dr" for "doctor"."""
    return tuple(short for short, full in _IN_FULL.items() if full == role.lower().rstrip("s"))


def with_titles(name: str) -> str:
    """Return a name with its titles in full besides: "Dr. Ann Lee doctor"."""
    full = (_IN_FULL.get(word.lower()) for word in _WORD.findall(name))
    return " ".join([name, *filter(None, full)])


def _describes(word: str) -> bool:
    """Tell whether a word may stand before an office: "foreign", "White House", "Ukraine's"."""
    low = word.lower()
    small = wording.STOPS | wording.DETERMINERS | wording.LINKS
    return low not in small and not word.endswith((".", ",")) and not wording.verb(low)


_BARE = 3
"""Words of a body's name that does not say whose it is, at most."""


def qualified(name: str, text: str) -> str:
    """Return a body of people with its country, where its article names one: "Veld's ministry".

    Nobody's whose own name it is: "Biden's White House" is no other house.
    """
    bare = name.removeprefix("the ").removeprefix("The ")
    of_another = any(is_possessive(word) or word == "of" for word in bare.split())
    if of_another or not naming.institution(bare) or len(bare.split()) > _BARE:
        return name
    whose = {one for one in map(str, _whose(bare, text)) if one}
    if len(whose) != 1:
        return name
    country = whose.pop()
    at = text.find(country)
    while at >= 0:
        before = text[max(0, at - 20) : at].split(" ")
        if text[at - 1 : at] == " " and before[-2:-1] and before[-2][:1].isupper():
            return name  # a last name
        at = text.find(country, at + 1)
    return f"{country}’s {bare}"


def _whose(bare: str, text: str) -> Iterable[str]:
    """Yield whose a body is, wherever it stands: "Veld's ministry", "the ministry of Veld"."""
    at = text.find(bare)
    while at >= 0:
        before = text[max(0, at - 40) : at].split()
        if before and is_possessive(before[-1]) and before[-1][0].isupper():
            yield without_possessive(before[-1])
        after = text[at + len(bare) : at + len(bare) + 40].split()
        if after[:1] == ["of"] and after[1:2] and after[1][0].isupper():
            yield after[1].rstrip(".,;:")
        at = text.find(bare, at + 1)
