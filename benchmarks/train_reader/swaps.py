"""Make a false claim of a true one: another name or number of the same text in its place.

A reader that was taught by hand-written claims alone accepts "Haines told Ortiz" for "Ortiz told
Haines": all words are there. Such twins show that who and how many count. (Hard negatives by rule:
FactCC, Kryscinski et al. 2020.)
"""

import random
import re

WORD = r"[A-Z][\w-]+(?:[\u2019'](?!s\b)\w+)*"
NAME = re.compile(rf"(?<![\w.]){WORD}(?: {WORD})*")
INSIDE = re.compile(r"(?<=[a-z,] )" + NAME.pattern)
"""A name, and one that stands inside a sentence: a capital begins each."""

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
EXCHANGED_SHARE = 0.35
YEAR_DIGITS = 4


def swapped(claim: str, text: str, random_: random.Random) -> str:
    """Return the claim with a name or a number altered; empty where neither can be."""
    ways = [_exchanged, _renamed] if random_.random() < EXCHANGED_SHARE else [_renamed, _exchanged]
    ways.insert(random_.randint(0, 1), _renumbered)
    for way in ways:
        altered = way(claim, text, random_)
        if altered and altered != claim and altered not in text:
            return altered
    return ""


def _exchanged(claim: str, text: str, random_: random.Random) -> str:
    """Return the claim with two of its names in each other's place."""
    names = [found for found in NAME.finditer(claim) if _is_name(found[0], text)]
    pairs = [
        (one, other)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        if not set(one[0].split()) & set(other[0].split())
    ]
    if not pairs:
        return ""
    one, other = random_.choice(pairs)
    between = claim[one.end() : other.start()]
    return claim[: one.start()] + other[0] + between + one[0] + claim[other.end() :]


def _renamed(claim: str, text: str, random_: random.Random) -> str:
    """Return the claim with one of its names replaced by another of the text, as long."""
    names = [found for found in NAME.finditer(claim) if _is_name(found[0], text)]
    if not names:
        return ""
    old = random_.choice(names)
    others = {
        other
        for other in INSIDE.findall(text)
        if _is_name(other, text)
        and not any(word in claim for word in other.split())
        and abs(len(other.split()) - len(old[0].split())) <= 1
    }
    if not others:
        return ""
    return claim[: old.start()] + random_.choice(sorted(map(str, others))) + claim[old.end() :]


def _renumbered(claim: str, text: str, random_: random.Random) -> str:
    """Return the claim with one of its numbers replaced by another of the text; years by years."""
    numbers = list(NUMBER.finditer(claim))
    if not numbers:
        return ""
    old = random_.choice(numbers)
    others = {
        other
        for other in NUMBER.findall(text)
        if other not in claim and (len(other) == YEAR_DIGITS) == (len(old[0]) == YEAR_DIGITS)
    }
    if not others:
        return ""
    return claim[: old.start()] + random_.choice(sorted(map(str, others))) + claim[old.end() :]


def _is_name(words: str, text: str) -> bool:
    """Return whether the text never has the words in lower case."""
    return words in text and words.lower() not in text
