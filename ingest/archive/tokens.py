"""Words of other scripts and languages, as they are searched by.

One analyser serves all articles, since a question does not say which language it means. What
other scripts need is done to the text before it: those without spaces are cut into pairs of
characters, Arabic words are taken to their stems, Ukrainian letters to the Russian ones, so
that one stemmer serves both. Languages in Latin letters have stems of their own beside the
English ones, which would spoil them.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import tantivy

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

# Thai, Lao, Burmese and Khmer; kana, Han and Hangul.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff]+"
)
_OTHERS = re.compile(f"[\u0400-\u052f\u0600-\u06ff{_UNSPACED.pattern[1:-1]}")
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_UKRAINIAN = str.maketrans("іїєґ", "ииег")
_VOWELS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")  # marks, and the stretched line
_LETTERS = str.maketrans("أإآٱىؤئة", "اااايويه")
_ARABIC = re.compile("[\u0621-\u064a]{4,}")
_PREFIX = re.compile("^(?:[وفبك]?ال|و?لل)(?=.{3})")
_SUFFIX = re.compile("(?<=.{3})(?:ات|ون|ين|ان|ها|هم|يه|ه|ي)$")


def spelt(text: str, *, kept: bool = False) -> str:
    """Return a text as the analyser takes it: words of every script parted by spaces.

    With `kept`, what is searched, each character of a script without spaces stands alone too,
    so that a question of one character finds it.
    """
    if text.isascii() or not _OTHERS.search(text):
        return text
    text = _UNSPACED.sub(lambda run: f" {_pairs(run[0], kept=kept)} ", text)
    text = _CYRILLIC.sub(lambda word: _russian(word[0].lower().translate(_UKRAINIAN)), text)
    return _ARABIC.sub(lambda word: _arabic(word[0]), _VOWELS.sub("", text))


def _pairs(run: str, *, kept: bool) -> str:
    pairs = [run[i : i + 2] for i in range(max(1, len(run) - 1))]
    return " ".join([*pairs, *run] if kept and len(run) > 1 else pairs)


def _arabic(word: str) -> str:
    """Take off the article and the commonest endings.

    After light10 (Larkey, Ballesteros and Connell 2002), but a lone "and" stays: the engine's
    stemmer takes the first letter of "ministry" for it, and not that of "the ministry".
    """
    return _SUFFIX.sub("", _PREFIX.sub("", word.translate(_LETTERS)))


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
