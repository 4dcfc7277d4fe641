"""Tell how else a word is spelled where a language has two ways: "labour" and "labor".

The rules are data (word_spellings.toml), of English alone. What they make of a word need be none:
whoever asks looks whether it is printed.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple


@lru_cache(maxsize=50_000)
def other_spellings(word: str) -> tuple[str, ...]:
    """Return the other spellings that a word in small letters may have, none of them itself."""
    return tuple(dict.fromkeys(other for other in _others(word) if other != word))


def _others(word: str) -> Iterator[str]:
    rules = _rules()
    for british, here, there, least in rules.endings:
        if word.endswith(here):
            other = word.removesuffix(here) + there
            if len(word if british else other) >= least:
                yield other
    for british, here, there, least in rules.within:
        for at in _places(word, here):
            other = word[:at] + there + word[at + len(here) :]
            if len(word if british else other) >= least:
                yield other
    yield from rules.words.get(word, ())


def _places(word: str, stretch: str) -> Iterator[int]:
    at = word.find(stretch)
    while at >= 0:
        yield at
        at = word.find(stretch, at + 1)


class _Rule(NamedTuple):
    """What stands in a word of one spelling, British or not, and what in the other's place."""

    british: bool
    here: str
    there: str
    least: int
    """Letters of the British spelling."""


class _Rules(NamedTuple):
    endings: tuple[_Rule, ...]
    within: tuple[_Rule, ...]
    words: Mapping[str, tuple[str, ...]]


@cache
def _rules() -> _Rules:
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    words = told["words"]["pairs"]
    return _Rules(
        tuple(_both_ways(told["endings"])),
        tuple(_both_ways(told["within"])),
        {one: (other,) for pair in words for one, other in (pair, pair[::-1])},
    )


def _both_ways(groups: Iterable[Mapping[str, Any]]) -> Iterator[_Rule]:
    for group in groups:
        for british, american in group["pairs"]:
            yield _Rule(True, british, american, group["letters"])
            yield _Rule(False, american, british, group["letters"])
