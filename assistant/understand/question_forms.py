"""How questions say what they want, read from a file a language and held against a question.

The notation of the files is told in `plans/en.toml`. A language that has no file is not
understood to want anything but an answer.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent / "plans"
_TOKEN = re.compile(r"\{\w+\}|[()\[\]|,]|[^\s()\[\]|{},]+")
_NAMED = re.compile(r"<(\w+)>")
_SIGNS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", ",": r"\s*,?"}
_ENDS = " \t.?!¿¡…,;:«»“”\"'"

_WHOLE = frozenset({"about_archive", "compare", "background", "check"})
"""What is read with the time that a question names: it may be one side, or a part of a name."""

Wanted = str
"""The name of a group of forms: what a question wants, or how it says so."""


@dataclass(frozen=True, kw_only=True)
class QuestionForm:
    """One way to say what is wanted, in one language; `words` are what it names."""

    wanted: Wanted
    form: str
    words: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a question of this form fits; compiled when one is first held to it."""
        return _compiled(self.form, self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsOf:
    """All that a language's file says."""

    forms: tuple[QuestionForm, ...]
    tails: re.Pattern[str]
    joins: tuple[str, ...]
    ands: tuple[str, ...]
    ors: tuple[str, ...]
    articles: tuple[str, ...]


@cache
def languages() -> tuple[str, ...]:
    """Return the languages whose questions are understood."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def forms_of(language: str) -> FormsOf:
    """Return the forms of a language."""
    given = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    words = given["words"]
    tails = "|".join(re.escape(tail).replace(r"\ ", r"\s+") for tail in words.pop("tails"))
    joins, ands, ors, articles = (
        tuple(words.pop(one).split()) for one in ("joins", "ands", "ors", "the")
    )
    return FormsOf(
        forms=tuple(
            QuestionForm(wanted=wanted, form=form, words=words)
            for wanted, forms in given["forms"].items()
            for form in forms
        ),
        tails=re.compile(rf"[\s,]+(?:{tails})\W*\Z", re.IGNORECASE),
        joins=joins,
        ands=ands,
        ors=ors,
        articles=articles,
    )


class FittingForm(NamedTuple):
    """What a question may want, in which language, and what it says of it."""

    wanted: Wanted
    language: str
    slots: Mapping[str, str]


def fitting(text: str, bare: str) -> Iterator[FittingForm]:
    """Yield what a question may want, the likeliest first.

    `bare` is the text without the time that it names; what is compared may be two times.
    """
    for language in languages():
        known = forms_of(language)
        as_it_stands = f" {text.strip(_ENDS)}"
        without_tail, timeless = (
            f" {known.tails.sub('', one).strip(_ENDS)}" for one in (text, bare)
        )
        for form in known.forms:
            asked = without_tail if form.wanted in _WHOLE else timeless
            if form.wanted in {"about_archive", "check"}:
                asked = as_it_stands
            found = form.pattern.fullmatch(asked)
            if found:
                slots = {k: v.strip() for k, v in found.groupdict().items() if v}
                yield FittingForm(form.wanted, language, slots)


def joins() -> tuple[str, ...]:
    """Return the words that join the two sides of a comparison."""
    return tuple(join for language in languages() for join in forms_of(language).joins)


def articles() -> tuple[str, ...]:
    """Return the articles that stand before a name or a body."""
    found = (one for language in languages() for one in forms_of(language).articles)
    return tuple(dict.fromkeys(found))


def ands() -> tuple[str, ...]:
    """Return the words between the last two of several names."""
    return tuple(dict.fromkeys(one for language in languages() for one in forms_of(language).ands))


def ors() -> tuple[str, ...]:
    """Return the words between names of which any will do."""
    return tuple(dict.fromkeys(one for language in languages() for one in forms_of(language).ors))


@cache
def reporting() -> re.Pattern[str]:
    """Return the pattern of the words by which a question says that an outlet printed something."""
    either: list[str] = []
    for language in languages():
        words = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))["words"]
        if "publish" in words:
            either.append(_compiled("<publish> [<about>]", words).pattern)
    return re.compile(rf"(?:{'|'.join(either)})(?!\w)", re.IGNORECASE)


def _compiled(form: str, words: Mapping[str, str]) -> re.Pattern[str]:
    while named := _NAMED.search(form):
        form = form.replace(named[0], words[named[1]])
    return re.compile("".join(map(_part, _TOKEN.findall(form))), re.IGNORECASE)


def _part(token: str) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    if token.startswith("{"):
        return rf"\s+(?P<{token[1:-1]}>\S.*?)"
    stem, star, _ = token.partition("*")
    return r"\s+" + re.sub("['’]", "['’ʼ]", re.escape(stem)) + (r"\w*" if star else "")
