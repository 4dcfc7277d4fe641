"""Words of other scripts and languages, as they are searched by.

One analyser serves all articles, since a question does not say which language it means. What
other scripts need is done to the text before it: those without spaces are cut into pairs of
characters, Arabic words are taken to their stems, Ukrainian letters to the Russian ones, so
that one stemmer serves both. Languages in Latin letters have stems of their own beside the
English ones, which would spoil them.
"""

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain

import tantivy

from ingest.language.letter_case import UPPER
from ingest.language.name_spellings import keys
from ingest.language.word_edges import UNSPACED

STEMMERS = {
    "da": "danish",
    "de": "german",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Languages in Latin letters that the engine can stem, besides English."""

_UNSEEN = "\u00ad\u200c\u200d\u2060\ufeff"  # hyphens to be, joiners
_SHAPED = "\ufb50-\ufdff\ufe70-\ufefc"  # Arabic letters as typesetters write them
_OTHERS = re.compile(f"[\u0400-\u052f\u0600-\u06ff{_UNSEEN}{_SHAPED}{UNSPACED}]")
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_FORMS = re.compile(f"[{_SHAPED}]+")
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_UKRAINIAN = str.maketrans("іїєґ", "ииег")
_IN_A_WORD = re.compile("(?<=[\u0400-\u052f])(?:[’'ʼ‘`´′](?=[\u0400-\u052f])|\u0301)")
"""Apostrophes, which typists write in many ways, and the stress that schoolbooks mark."""

_VOWELS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")  # marks, and the stretched line
_LETTERS = str.maketrans("أإآٱىیکؤئة", "ااااييكءءه")
_DIGIT = re.compile("[٠-٩۰-۹]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ARABIC = re.compile("[\u0621-\u064a\u06a9\u06cc]+")
_PREFIX = re.compile("^(?:و?[فبك]?ال|و?لل|و(?=و))(?=.{3})")
_PERHAPS = re.compile("^(?:و(?=.{3})|[فبكل](?=.{4}))")  # "and", "in" and the like, or a root
_PRONOUNS = ("ين", "ان", "ها", "هم", "نا", "ه")
_ENDINGS = ("ات", "ون", "يه", "ي", *_PRONOUNS, *(f"ت{one}" for one in _PRONOUNS))
_USUAL_MARKS = "“”‘’–—…•£€\u00a0"
"""What is not ASCII in most English texts, and parts words."""

_UNSURE = b"\0"
"""For a letter that is written as two (ß), or that is part of no word and parts none."""

_LONG = 60
"""Bytes from which on a word is none."""

_ROOT = 3
"""Letters that no ending is taken from."""


def _varies(text: str) -> bool:
    """Tell whether a text has letters that are written in several ways, or words without spaces."""
    return not _without_usual_marks(text).isascii() and _OTHERS.search(text) is not None


def unified(text: str) -> str:
    """Return a text with one spelling of what is written in several ways."""
    if not _varies(text):
        return text
    text = _FORMS.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = _VOWELS.sub("", _INVISIBLE.sub("", text))
    # Of a whole text a table of a few characters takes as long as all other steps together.
    text = _DIGIT.sub(lambda run: run[0].translate(_DIGITS), text)
    return _IN_A_WORD.sub("", text)


def spelt(text: str, *, kept: bool = False) -> str:
    """Return a text as the analyser takes it: words of every script parted by spaces.

    With `kept`, what is searched, each character of a script without spaces stands alone too,
    so that a question of one character finds it, and an Arabic word also without what may be a
    conjunction or a preposition before it.
    """
    if not _varies(text):
        return text
    text = _UNSPACED.sub(lambda run: f" {_pairs(run[0], kept=kept)} ", unified(text))
    text = _CYRILLIC.sub(lambda word: _russian(word[0].lower().translate(_UKRAINIAN)), text)
    return _ARABIC.sub(lambda word: _arabic(word[0], kept=kept), text)


def forms(text: str) -> list[str]:
    """Return the words of a text as they are written, in small letters without marks."""
    return [word for word in _written(text) if len(word) < _LONG]


def distinct_forms(text: str) -> set[str]:
    """Return the words of a text as they are written, each once."""
    return {word for word in set(_written(text)) if len(word) < _LONG}


def _written(text: str) -> list[str]:
    plain = _without_usual_marks(text)
    with contextlib.suppress(UnicodeEncodeError):
        small = plain.encode("latin-1").translate(_small_letters())
        if _UNSURE not in small:
            return small.decode("latin-1").split()
    return list(_folding().analyze(_UNSPACED.sub(" ", unified(text)) if _varies(text) else text))


def _without_usual_marks(text: str) -> str:
    """Return a text with spaces for the marks that are not ASCII, which then most texts are."""
    if not text.isascii():
        for mark in _USUAL_MARKS:
            text = text.replace(mark, " ")
    return text


def named(text: str) -> Iterator[str]:
    """Yield each word with a capital within a sentence as "key:form", under each of its keys."""
    return chain.from_iterable(map(_keyed, set(_CAPITAL.findall(unified(text)))))


@lru_cache(maxsize=50_000)
def _keyed(word: str) -> tuple[str, ...]:
    """Return a name's forms under its keys: most articles name whom others have named."""
    return tuple(f"{key}:{form}" for form in forms(word) for key in sorted(keys(word)))


_CAPITAL = re.compile(rf"[{UPPER}](?<=[\w,;’'”)] .)[^\W\d_]{{3,}}")


@cache
def _small_letters() -> bytes:
    """Return Latin-1 in small letters without marks, with spaces for all that is in no word."""
    told = ["".join(_folding().analyze(chr(code))) for code in range(256)]
    told[ord("\u00ad")] = "--"  # a hyphen to be
    small = (_UNSURE if len(one) > 1 else (one or " ").encode("latin-1") for one in told)
    return b"".join(small)


@cache
def _folding() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONG),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
    ):
        builder = builder.filter(step)
    return builder.build()


def _pairs(run: str, *, kept: bool) -> str:
    pairs = [run[i : i + 2] for i in range(max(1, len(run) - 1))]
    return " ".join([*pairs, *run] if kept and len(run) > 1 else pairs)


def _arabic(word: str, *, kept: bool) -> str:
    """Take off the article and the commonest endings.

    After light10 (Larkey, Ballesteros and Connell 2002). A lone "and" stays, with the word
    without it beside it in what is searched: it may be the first letter of "ministry". The
    feminine ending goes with a pronoun too, and one ending after another, so that "its city"
    and "city", "hospitals" and "hospital" are one word.
    """
    word = word.translate(_LETTERS)
    bare = _PREFIX.sub("", word)
    perhaps = _PERHAPS.sub("", bare) if kept and bare == word else bare
    return " ".join(_without_endings(one) for one in dict.fromkeys([bare, perhaps]))


def _without_endings(word: str) -> str:
    """Return a word without all the endings that stand one after the other at its end."""
    begins = {len(word)}
    for at in range(len(word) - 1, _ROOT - 1, -1):
        if any(word.startswith(one, at) and at + len(one) in begins for one in _ENDINGS):
            begins.add(at)
    return word[: min(begins)]


def stems(terms: Iterable[str], language: str | None) -> list[str]:
    """Return the stems that words have in a language and not in English, marked as its own."""
    if language not in STEMMERS:
        return []
    words = list(dict.fromkeys(terms))
    stemmed = _stemmer(language).analyze(" ".join(words))
    return [f"{language}:{stem}" for stem in dict.fromkeys(stemmed)]


@lru_cache(maxsize=50_000)
def _russian(word: str) -> str:
    # Not in the analyser: another stemmer there doubles its time for English.
    return str(_stemmer("ru").analyze(word)[0])


@cache
def _stemmer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer(STEMMERS.get(language, "russian"))).build()
