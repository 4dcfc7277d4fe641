"""A follow-up made to stand alone, by rule from the names and times of what was said before it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Turn
from assistant.when import period
from ingest import naming
from ingest.sentences import sentences

_WORD = re.compile(r"[^\W\d_]{2,}")
_POINTS_BACK = re.compile(
    r"^(and|but|so|what about|how about|y|pero|і|а|але|и|но)\b"
    r"|\b(he|she|it|they|him|her|them|his|hers|its|their|that|this|those|these|there|then|else|"
    r"él|ella|ellos|eso|esto|він|вона|вони|це|той|там)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?:and|but|so|y|pero|і|а|але|и|но)\b[,\s]*", re.IGNORECASE)
_SWAP = re.compile(
    r"^(?:(?:what|how) about|and|but|y|і|а|и)\s+(?P<new>[^?]{2,60})\??$", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(who|whom|whose|what|when|where|why|how|which|did|does|do|is|are|was|were|has|have|had|can"
    r"|will|would|qué|quién|cuándo|dónde|cómo|хто|що|коли|де|як|чому)\b",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"[^\W\d_a-zа-яіїєґñáéíóú][\w’'-]*(?:\s+(?:(?:of|de|von|van|al)\s+)?[^\W\d_a-zа-яіїєґ][\w’'-]*)*"
)
_POSSESSIVE = re.compile(r"['’]s$")
_COPULA = re.compile(
    r"^(?:what|who|which)\s+(?:is|are|was|were)\s+(?P<it>the\s+.+?|[A-Z].+?)\s*\?*$", re.IGNORECASE
)
_PEOPLE = re.compile(
    r"\b(?:the|these|those)\s+(?:[a-z]+\s+)?(?P<them>[a-z]{3,}s)\b(?!['’])", re.IGNORECASE
)
_THING = re.compile(r"\b(?P<the>(?:the|a|an)\s+)(?P<it>(?:[a-zà-ÿ]+\s+)?[a-zà-ÿ]{3,})\b")

_PRONOUNS = {
    "he": ("person", ""), "him": ("person", ""), "his": ("person", "'s"),
    "she": ("person", ""), "her": ("person", "?"), "hers": ("person", "'s"),
    "they": ("several", ""), "them": ("several", ""), "their": ("several", "'s"),
    "it": ("thing", ""), "its": ("thing", "'s"),
}  # fmt: skip
_PRONOUN = re.compile(rf"\b({'|'.join(_PRONOUNS)})\b", re.IGNORECASE)
_AFTER_HER = re.compile(
    r"\s*(?:[?.,;!]|$|\b(?:in|on|at|to|for|from|with|by|of|as|and|or|when|after|before|about|say"
    r"|said|do|does|go|get|that|what)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A question that stands alone: its words, and what of the history it is about besides."""

    text: str
    topic: str


def follows(asked: str) -> bool:
    """Tell whether a question leans on what was said before it.

    It points back ("he", "that", "and"), and names nobody itself or is very short.
    """
    words = _WORD.findall(asked)
    if len(words) <= 3:
        return True
    if not _POINTS_BACK.search(asked):
        return False
    return bool(_OPENING.match(asked) or _PRONOUN.search(asked)) or not names(asked)


def stand_alone(asked: str, history: Sequence[Turn]) -> Alone:
    """Return a follow-up with what it points at in the place of its pronouns.

    "And Orlund?" puts the new name, or the new time, in the place of the last question's; "when
    was that?" asks of the whole last question.
    """
    last = _chain(history)
    if swapped := _swapped(asked, last):
        return Alone(text=swapped, topic="")
    text = _OPENING.sub("", asked)
    referents = {
        "person": _person(history),
        "several": _several(last),
        "thing": _thing(last),
    }
    named = _PRONOUN.sub(lambda found: _named(found, referents), text)
    named = named[:1].upper() + named[1:]
    if named.lower() == text.lower() and not names(text):
        named = f"{named} ({last})"
    return Alone(text=named, topic=last)


def _chain(history: Sequence[Turn]) -> str:
    """Return the last question as it stood alone: it may itself have leant on the one before."""
    if not history:
        return ""
    *before, last = history
    asked = " ".join(last.question.split())
    if before and follows(asked):
        return stand_alone(asked, before[-2:]).text
    return asked


def _swapped(asked: str, last: str) -> str | None:
    """Return the last question with another name or time in it, where only that was asked."""
    found = _SWAP.match(asked)
    if not found or not last or _ASKS.search(found["new"]) or _PRONOUN.search(found["new"]):
        return None
    new = found["new"].strip()
    dated = new if period(new, None) else f"in {new}"
    when, then = period(dated, None), period(last, None)
    if when and when.words == dated:
        kept = last.rstrip(" ?")
        return f"{kept.replace(then.words, dated)}?" if then else f"{kept} {dated}?"
    known = names(last)
    if names(new) and known:
        return re.sub(rf"\b{re.escape(known[0])}\b", lambda _: new, last)
    return None


def _named(found: re.Match[str], referents: dict[str, str]) -> str:
    kind, ending = _PRONOUNS[found[0].lower()]
    name = referents[kind]
    if not name:
        return found[0]
    if ending == "?":
        ending = "" if _AFTER_HER.match(found.string, found.end()) else "'s"
    if ending and name.endswith("s"):
        ending = "'"
    return name + ending


def names(text: str) -> list[str]:
    """Return the names in a text, each once, in their order, without titles before them."""
    return list(dict.fromkeys(_names(text)))


def _names(text: str) -> Iterator[str]:
    starts = {start for start, _ in sentences(text)}
    for found in _RUN.finditer(text):
        run = found[0]
        if found.start() in starts:
            first, _, rest = run.partition(" ")
            run = rest if _ASKS.fullmatch(_POSSESSIVE.sub("", first)) else run
        told = naming.strip(_POSSESSIVE.sub("", run)) if run else None
        if told and len(told.name) > 1:
            yield told.name


def _person(history: Sequence[Turn]) -> str:
    """Return who was spoken of last: whom the last answer names first, else the questions."""
    for turn in reversed(history):
        asked = names(turn.question)
        answer = turn.answer.partition("\n")[0]
        for known in ([n for n in names(answer) if n not in asked], asked):
            people = [name for name in known if _is_person(name)]
            if people:
                return people[0]
    return ""


def _is_person(name: str) -> bool:
    if naming.institution(name) or naming.acronym(name):
        return False
    return " " in name and " of " not in name


def _several(last: str) -> str:
    found = _PEOPLE.search(last)
    return f"the {found['them']}" if found else ""


def _thing(last: str) -> str:
    """Return what the last question is about: "What is the cost of X?" is about the cost of X."""
    asked = _COPULA.match(last)
    if asked and not _is_person(asked["it"]):
        return asked["it"]
    for name in reversed(names(last)):
        if not _is_person(name):
            at = last.find(name)
            return f"the {name}" if last[:at].lower().endswith("the ") else name
    things = list(_THING.finditer(last))
    return f"the {things[-1]['it']}" if things else ""
