"""Is the right short answer in what was said?"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_ARTICLES = frozenset({"a", "an", "the"})


def words(text: str) -> list[str]:
    """Return the words that are compared: without case, accents' forms, marks and articles.

    As SQuAD normalises (Rajpurkar et al. 2016), but numbers keep their points and lose the commas
    between thousands.
    """
    flat = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    found = (re.sub(r",(?=\d{3}\b)", "", word) for word in _WORD.findall(flat))
    return [word for word in found if word not in _ARTICLES]


def holds(answer: str, text: str) -> bool:
    """Tell whether a text holds an answer: its words, in their order."""
    wanted = words(answer)
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(words(text))} "


def contains(answers: Sequence[str], text: str) -> bool:
    """Tell whether a text holds any of the right answers."""
    return any(holds(answer, text) for answer in answers)


def exact(answers: Sequence[str], text: str) -> bool:
    """Tell whether a text is one of the right answers and nothing else."""
    return any(words(answer) == words(text) for answer in answers)


def token_f1(answers: Sequence[str], text: str) -> float:
    """Return the best F1 of the words shared with a right answer (Rajpurkar et al. 2016)."""
    return max((_f1(words(answer), words(text)) for answer in answers), default=0.0)


def _f1(one: Sequence[str], other: Sequence[str]) -> float:
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other)) if shared else 0.0
