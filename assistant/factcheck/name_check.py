"""How a draft writes names, beside how the archive usually does."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from assistant.factcheck.draft_evidence import DraftEvidence
from assistant.factcheck.findings import CheckedName, NameVerdict
from assistant.understand.coreference import names
from ingest.language import lexicon
from ingest.language.identify import likely
from ingest.language.letter_case import NAME_WORD
from ingest.language.possessives import without_possessive
from ingest.language.sentences import sentences
from ingest.language.speech import naming

_MOST = 60
"""Names of a draft that are looked up: each costs a search."""

_ARTICLES = 10
_LEAST = 5
"""Letters of the shortest word that may be misspelt rather than another."""

_LETTERS = 2
"""Letters that two spellings of one word may differ by."""

_OFTENER = 3
"""How many times oftener another spelling must be printed to be the usual one."""

_NOUNS_HAVE_CAPITALS = {"de", "lb"}

_RUN = re.compile(rf"{NAME_WORD}(?: {NAME_WORD}){{0,3}}")


class PrintedNames:
    """The runs of capitals that articles print, and how often."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._times = Counter(
            name for text in texts for run in _RUN.findall(text) for name in _within(run)
        )
        self._alike: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._own: Counter[str] = Counter()
        for name, times in self._times.items():
            self._alike[_shape(name)].append(name)
            self._own[name.casefold()] += times

    def own(self, name: str) -> int:
        """Return how often a name is printed so."""
        return self._own[_plain(name).casefold()]

    def other(self, name: str) -> tuple[str, int]:
        """Return the other spelling of a name that is printed most often, and how often."""
        others = [one for one in self._alike[_shape(name)] if _may_be(name, one)]
        best = max(others, key=lambda one: (self._times[one], one), default="")
        return best, self._times[best]


def _shape(name: str) -> tuple[int, str]:
    """Return what two spellings of one name share."""
    return name.count(" "), name[:1]


def check_names(read: str, evidence: DraftEvidence) -> list[CheckedName]:
    """Return each name of a draft once, at its first place in what is read of it."""
    found = list(_named(read))[:_MOST]
    for name, _ in found:
        evidence.compared(name, k=_ARTICLES, by="words")
    printed = PrintedNames(article.text for article in evidence.articles)
    told = [_checked(name, at, printed) for name, at in found]
    return [one for one in told if one.verdict == "usual" or not _may_be_noun(one, read)]


def _may_be_noun(one: CheckedName, read: str) -> bool:
    """Say whether a name may be nouns alone, in a language that writes all with a capital."""
    if naming.gender(one.text) is not None:
        return False
    start, end = next(span for span in sentences(read) if one.start < span[1])
    return likely(read[start:end]) in _NOUNS_HAVE_CAPITALS


def _plain(name: str) -> str:
    """Return a name without the possessives of its words: "Tanner's Cross" is counted without."""
    return " ".join(without_possessive(word) for word in name.split())


def _within(run: str) -> Iterator[str]:
    """Yield the names that a run of capitals may be: each of its ends may be another word."""
    words = _plain(run).split()
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            yield " ".join(words[first:last])


def _named(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names of a text and where each first stands.

    A single word that stands at the beginning of sentences alone is none, nor is a day.
    """
    starts = {start for start, _ in sentences(text)}
    days = lexicon.words("calendar")
    for name in names(text):
        places = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        single = " " not in name
        if not places or (single and (starts.issuperset(places) or name.lower() in days)):
            continue
        if not single or len(name) >= _LEAST:
            yield name, places[0]


def _checked(name: str, at: int, printed: PrintedNames) -> CheckedName:
    verdict, usual = _verdict(" ".join(name.split()), printed)
    return CheckedName(text=name, start=at, end=at + len(name), verdict=verdict, usual=usual)


def _verdict(name: str, printed: PrintedNames) -> tuple[NameVerdict, str | None]:
    own = printed.own(name)
    best, times = printed.other(_plain(name))
    if times > own * _OFTENER:
        return "other", best
    return ("usual", name) if own else ("unknown", None)


def _may_be(name: str, other: str) -> bool:
    """Tell whether two names are spellings of one: their words differ in a letter or two."""
    mine, theirs = name.split(), other.split()
    most = 2 * _LETTERS * len(mine)
    if Levenshtein.distance(name, other, score_cutoff=most) > most:
        return False
    if other.isupper() and not name.isupper():
        return False  # a dateline or a headline shouts every name
    differing = [
        (_bare(one), _bare(two)) for one, two in zip(mine, theirs, strict=True) if one != two
    ]
    return bool(differing) and name.casefold() != other.casefold() and _misspelt(differing)


def _misspelt(differing: Sequence[tuple[str, str]]) -> bool:
    return all(
        one == two
        or (
            min(len(one), len(two)) >= _LEAST
            and Levenshtein.distance(one, two, score_cutoff=_LETTERS) <= _LETTERS
            and one + "s" != two
            and two + "s" != one
        )
        for one, two in differing
    )


def _bare(word: str) -> str:
    """Return a word without its accents, in lower case."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()
