"""What names look like: titles, roles, institutions, and first names that tell a gender."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.language import lexicon, news_words
from ingest.language.speech import wording

_LANGUAGES = ("en", "es", "uk", "ru", "de", "fr")
"""Whose titles these rules know the place of."""

_TITLES_HE = lexicon.words("titles.he", *_LANGUAGES)
_TITLES_SHE = lexicon.words("titles.she", *_LANGUAGES)
_TITLES = _TITLES_HE | _TITLES_SHE | lexicon.words("titles.any", *_LANGUAGES)
_ENDINGS = tuple(lexicon.words("titles.endings"))
"""How titles end in languages that make one word of several: "Außenministerin"."""
_SUFFIX = lexicon.words("titles.suffixes")

_INSTITUTIONS = lexicon.words("nouns.institutions")
_DOCUMENTS = lexicon.words("nouns.documents")
ROLES = lexicon.words("nouns.roles")
_SPEAKING = lexicon.words("nouns.speaking")
"""Nouns of those that speak: people, bodies of people, and what is written to say something."""

_SPEECHLESS = lexicon.words("nouns.speechless")
"""Nouns that only end like those of people who do something."""

_ENGLISH = lexicon.calendar("en")
_NAMES_TOO = lexicon.words("dates.also_words", "en")
"""Months that people are named after: "April Ryan"."""

_AGENT = re.compile(r".{2,}(?:er|or|ist|ian|eer|man|woman|men|women|person|people|surgeon|old)\Z")
_NOUN_LINK = re.compile(
    r"\s(?:of|for|in|at|from|on|with|who|that|which|to|by|about|near|outside|close|familiar|surveyed"
    r"|briefed|present)(?:\s|\Z)"
)
_ABBREVIATED = re.compile(r"[.\d]")
_ARTICLES = lexicon.words("reporting.articles") | {
    word
    for language in ("de", "es", "fr")
    for n in range(2, 13)
    for word in lexicon.section(language, "numbers")[str(n)].split()
}
_FOREIGN = re.compile(
    rf"(?:{lexicon.any_of(_ARTICLES)})(?:\b|(?<=l)[’'])|[^\x00-\u024f\u2000-\u20ff]", re.IGNORECASE
)
"""How a phrase of a language begins whose nouns are not known here: it is taken at its word."""
_LEADING = (
    lexicon.words("sentences.leading")
    | {*_ENGLISH.month_names}
    | (_ENGLISH.weekdays.keys() & _ENGLISH.certain)
)
"""What a sentence opens with before a name, and no part of it."""

_HE = lexicon.words("names.he")
_SHE = lexicon.words("names.she")
_HE_IN_FULL = _HE | lexicon.words("first_names.he")
_SHE_IN_FULL = _SHE | lexicon.words("first_names.she")
_HIS_IN_A = lexicon.words("names.he_in_a")
_MANY = frozenset(
    "people men women police staff media press children folk many some most few both all none half"
    " another others those someone somebody nobody"
    " everyone everybody anyone anybody several dozens hundreds thousands percent".split()
) | {lexicon.section("en", "numbers")[str(n)] for n in range(1, 11)}
"""Nouns that stand without an article."""
_KNOWN = _SPEAKING | _INSTITUTIONS | ROLES | _MANY
_NO_NAMES = _INSTITUTIONS | _MANY | news_words.words_of("en")
"""Places and nouns that an office is of: "President of Norway"."""
_WORDS = re.compile(r"[^\s.,]+")


class Name(NamedTuple):
    """A name within a run of capitals: where it begins, and what it and its titles tell."""

    offset: int
    name: str
    words: tuple[str, ...]
    titled: bool
    gender: str | None
    institution: bool


def title(word: str) -> bool:
    """Say whether a word is a title before a name."""
    low = word.lower().rstrip(".")
    return low in _TITLES or (low.endswith(_ENDINGS) and low not in _ENDINGS)


def article(word: str) -> bool:
    """Say whether a word of a language other than English points at a noun: "der", "las"."""
    return word in _ARTICLES


def words(name: str) -> list[str]:
    """Return the words of a name without a suffix such as "Jr."."""
    found: list[str] = _WORDS.findall(name)
    while len(found) > 1 and found[-1].lower() in _SUFFIX:
        found.pop()
    return found


def institution(name: str) -> bool:
    """Say whether a name is that of an institution."""
    return not _INSTITUTIONS.isdisjoint(name.lower().split())


def acronym(name: str) -> bool:
    """Say whether a name is capitals alone: "NATO"."""
    return len(name) > 1 and name.isalpha() and name.isupper()


def plural(name: str) -> bool:
    """Say whether a phrase names several ("the groups", "officials")."""
    head = name.partition(",")[0].split()
    return bool(head) and head[-1].endswith("s") and head[-1][0].islower()


def speaks(phrase: str) -> bool:
    """Say whether a phrase without a name is of people, or of what speaks for them.

    One noun alone ("ministry says", in a headline) names nobody.
    """
    if _FOREIGN.match(phrase):
        return True
    noun, *more = _NOUN_LINK.split(phrase, maxsplit=1)
    words = noun.split()
    if not words:
        return False
    head = words[-1].rsplit("-", 1)[-1].lower()
    if head.isdecimal() or (words[-1][0].isupper() and not _ABBREVIATED.search(words[-1])):
        return True
    several = _one(head) != head or head in _MANY
    return (several or len(words) > 1 or bool(more)) and _noun_speaks(head)


def _noun_speaks(head: str) -> bool:
    one = _one(head)
    if not _KNOWN.isdisjoint({head, one}):
        return True
    return one not in _SPEECHLESS and _AGENT.match(one) is not None


def _one(noun: str) -> str:
    """Return the singular of a noun."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def likely_gender(words: Sequence[str]) -> str | None:
    """Return a gender that a first name or a role suggests without telling it for sure.

    It only ever keeps a "he" from a woman's name and the other way round.
    """
    first, last = words[0].lower(), words[-1].lower()
    if last.endswith(("woman", "women")):
        return "she"
    if last.endswith("man") and words[-1].islower():
        return "he"
    return "she" if first.endswith(("a", "а", "я")) and first not in _HIS_IN_A else None


def gender(name: str) -> str | None:
    """Return "he" or "she" where the first name tells, else None.

    More are known where a last name follows: alone they are as often a place or a last name.
    """
    first, in_full, _ = name.lower().partition(" ")
    if first in (_HE_IN_FULL if in_full else _HE):
        return "he"
    return "she" if first in (_SHE_IN_FULL if in_full else _SHE) else None


@lru_cache(maxsize=4096)
def strip(run: str) -> Name | None:
    """Take the titles and sentence openers off a run of capitalised words.

    None where nothing else is in it.
    """
    if run.isalpha():
        low = run.lower()
        plain = title(low) or low in _LEADING or low in _MANY
        return None if plain else Name(0, run, (run,), False, gender(run), institution(run))
    at, titled, told = 0, False, None
    named = not institution(run.rsplit(" ", 1)[-1])
    for match in _WORDS.finditer(run):
        low = match[0].lower()
        if named and (low in ROLES or title(low)):
            titled = True
            told = told or _title_gender(low)
        elif low not in _LEADING or titled or (low in _NAMES_TOO and not match.start()):
            at = match.start()
            break
    else:
        return None
    if titled and run[at:].startswith("of "):
        behind = _after_office(run[at:])
        return None if behind is None else _named(run, at + behind, titled, told)
    return _named(run, at, titled, told)


def _named(run: str, at: int, titled: bool, told: str | None) -> Name:
    name = run[at:] if run.endswith(("Jr.", "Sr.")) else run[at:].rstrip(".,")
    person, of, _ = name.partition(" of ")
    if of and " " in person and not institution(person):
        name = person
    found = _after_title(name) if " " in name else None
    if found is not None:
        at, name, titled = at + found, name[found:], True
    return Name(at, name, tuple(words(name)), titled, told or gender(name), institution(name))


def _after_office(rest: str) -> int | None:
    """Return where the person begins in "of Norway Ann Lee", behind a title.

    They begin with a first name that is known, or stand behind what is known to be none. None
    where no name is told from the place: "of New South Wales".
    """
    _, *told = _WORDS.finditer(rest)
    capitals = [match for match in told if match[0][0].isupper()]
    for n, match in enumerate(capitals[1:-1], start=1):
        known = (word[0].lower() in _NO_NAMES or title(word[0]) for word in capitals[:n])
        if gender(f"{match[0]} {capitals[-1][0]}") or (n == len(capitals) - 2 and all(known)):
            return match.start()
    return None


def _after_title(name: str) -> int | None:
    """Return where the person begins in "NATO Secretary-General Ann Lee"."""
    if institution(name.rsplit(" ", 1)[-1]):
        return None
    after: int | None = None
    seen = False
    for match in _WORDS.finditer(name):
        if title(match[0]):
            seen = True
            after = None
        elif seen and after is None:
            after = match.start()
    return after


def _title_gender(low: str) -> str | None:
    if low in _TITLES_HE:
        return "he"
    return "she" if low in _TITLES_SHE else None


_ELSEWHERE = ("of ", "from ", "at ", "in ", "on ", "на ", "у ", "в ")
"""What begins where a person is from or where they spoke."""


_PARTING = wording.LINKS | wording.PREPOSITIONS
"""What parts a name from the noun that its phrase is about."""


def heads(before: str, after: str) -> bool:
    """Say whether a name is what its phrase is about, by what stands before and after it.

    An apposition, a bracket and the name's own document ("Lee's statement") may follow; "of",
    "for" and the like may not stand before.
    """
    rest = after.strip()
    if rest and rest[0] not in ",(" and not rest.startswith(_ELSEWHERE):
        rest = rest.removeprefix("’s").removeprefix("'s").lower()
        if not rest.strip() or rest.rsplit(maxsplit=1)[-1] not in _DOCUMENTS:
            return False
    words = before.lower().split()
    return not words or words[-1].endswith(",") or _PARTING.isdisjoint(words[-3:])


def office(before: str) -> bool:
    """Say whether all that stands before a name is the office that they hold: "President of"."""
    words = before.split()
    titles = [title(word) or word.lower() in ROLES for word in words]
    held = titles.index(False) if False in titles else 0
    return held > 0 and words[held] == "of" and _PARTING.isdisjoint(words[held + 1 :])


def bare(phrase: str) -> str:
    """Return a phrase up to its first comma, its article in lower case."""
    short = phrase.partition(",")[0].partition("\n")[0].strip()
    first = short.split(" ", 1)[0]
    leads = first.lower() in _LEADING | _ARTICLES
    return first.lower() + short[len(first) :] if leads else short
