"""Which outlets of an archive a question names: "USA Today" is usatoday.com; or whose press."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.language import lexicon, news_words

_DOMAIN = re.compile(r"(?:www\.)?([\w-]+)(?:\.[\w-]+)+", re.ASCII)
_ARTICLE = re.compile(rf"(?:{lexicon.pattern('name_parts.articles')})\s+", re.IGNORECASE)
_SHORT = re.compile(rf"\b{_ARTICLE.pattern}(?P<name>(?-i:[^\W\d_a-zà-ÿ])[\w’'-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOutlet:
    """An outlet, and where in a text it is named."""

    outlet: str
    start: int
    end: int


def outlets_in(text: str, outlets: Iterable[str]) -> list[NamedOutlet]:
    """Return the outlets that a text names, in its order.

    One is named by its name, its address, or the first part of its address with spaces anywhere
    in it, as a name is written: "The Week", not "the week".
    """
    found = sorted(_named(text, outlets), key=lambda one: (one.start, -one.end))
    kept: list[NamedOutlet] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def outlet_of(text: str, outlets: Iterable[str]) -> str | None:
    """Return the outlet that a text is the name of, None where it is none.

    "The Standard" is the one whose name ends so, where no other does.
    """
    outlets = list(outlets)
    bare = _ARTICLE.sub("", text.strip(), count=1)
    for one in outlets_in(text, outlets):
        if (one.start, one.end) == (0, len(text)) or text[one.start : one.end] == bare:
            return one.outlet
    if bare == text.strip() or not _is_name(bare):
        return None
    short = [outlet for outlet in outlets if outlet.endswith(f" {bare}")]
    return short[0] if len(short) == 1 else None


def press_of(text: str) -> str | None:
    """Return the language whose press a text names: "the Ukrainian papers"; None where none."""
    words = _ARTICLE.sub("", text.strip(), count=1).split()
    told = [tag for word in words if (tag := news_words.named_language(word))]
    rest = [word for word in words if not news_words.named_language(word)]
    press = news_words.meanings()["press"].values()
    papers = rest and all(any(lexicon.plain(word) in one for one in press) for word in rest)
    return told[0] if len(told) == 1 and papers else None


def short_in(text: str, outlets: Iterable[str]) -> list[NamedOutlet]:
    """Return the outlets that a text names, by the end of their names too: "the Courier".

    For where nothing but an outlet may stand: elsewhere "the Post" may be the mail.
    """
    outlets = list(outlets)
    known = outlets_in(text, outlets)
    short = [
        NamedOutlet(outlet=outlet, start=found.start("name"), end=found.end())
        for found in _SHORT.finditer(text)
        if (outlet := outlet_of(found[0], outlets))
    ]
    apart = (
        one for one in short if not any(o.start < one.end and one.start < o.end for o in known)
    )
    return sorted([*known, *apart], key=lambda one: one.start)


def _named(text: str, outlets: Iterable[str]) -> Iterator[NamedOutlet]:
    for outlet in outlets:
        for pattern, as_name in _patterns(outlet):
            for found in pattern.finditer(text):
                if not as_name or _is_name(found[0]):
                    yield NamedOutlet(outlet=outlet, start=found.start(), end=found.end())


def _is_name(written: str) -> bool:
    """Tell whether every word of it begins as a name does."""
    return all(word[0].isupper() or word[0].isdigit() for word in written.split())


@lru_cache(maxsize=1000)
def _patterns(outlet: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Return how an outlet may be written, and whether it is one only with capitals."""
    bare = _ARTICLE.sub("", outlet, count=1)
    whole = rf"(?<![\w.])(?:{re.escape(outlet)}|(?:www\.)?{re.escape(bare)})(?![\w])"
    patterns = [(re.compile(whole, re.IGNORECASE), " " not in bare and "." not in bare)]
    if domain := _DOMAIN.fullmatch(outlet):
        spaced = r"\s?".join(map(re.escape, domain[1]))
        patterns.append((re.compile(rf"(?<![\w.]){spaced}(?![\w.]\w)(?!\w)", re.IGNORECASE), True))
    return tuple(patterns)
