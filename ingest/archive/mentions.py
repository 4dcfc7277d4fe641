"""Whether an article prints a name as it stands, and not only its words somewhere in it."""

import re
from collections.abc import Iterable, Iterator

from ingest.archive import record
from ingest.archive.words import Words
from ingest.article import EVIDENCE, Article
from ingest.language.normalise import fold

_LATIN = re.compile(r"[a-z]")


def printing(name: str, articles: Iterable[tuple[int, Article]], words: Words) -> Iterator[int]:
    """Yield the numbers of those articles that print a name, whatever its case and spaces.

    A name in Latin letters is compared letter by letter, a possessive aside; one in another
    script by its stems in their order, since it is declined.
    """
    pattern = _pattern(name)
    plain = fold(name.strip()).text
    stems = None if _LATIN.search(plain) else words.sequence(name)
    for a, article in articles:
        printed = "\n|\n".join(record.words_of(article, EVIDENCE))
        if pattern.search(printed) or _otherwise(plain, stems, printed, words):
            yield a


def _otherwise(plain: str, stems: list[str] | None, printed: str, words: Words) -> bool:
    """Tell whether a name is printed with other letters or endings than it is typed with."""
    if stems is None:
        return not printed.isascii() and bool(_folded(plain).search(fold(printed).text))
    there, n = words.sequence(printed), len(stems)
    return any(there[i : i + n] == stems for i in range(len(there) - n + 1))


def _pattern(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in name.split()]
    joined = r"\s+".join(re.sub("['’]", "['’]", word) for word in words)
    return re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)


def _folded(plain: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")
