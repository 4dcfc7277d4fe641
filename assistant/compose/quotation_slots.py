"""Quotations by reference: a model writes `{q2}`, and we put in the words that were printed.

What a model types between quotation marks by itself is looked up; where no article prints it,
the marks go and the sentence counts as a paraphrase.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from assistant.answer import Evidence
from assistant.check.quotation_guard import names_alike
from ingest.article import Statement
from ingest.language.normalise import find, fold
from ingest.language.quotations import quotations
from ingest.language.speech.statements import statements

# Marks around a reference go with it; one before a word or after one opens or closes another.
_MARK = re.compile(
    r"""
    (?:[“„‟‘‚«]\s* | (?<![^\s(])["'»]\s?)?
    \{{1,2}\s*[qQ]\s*(\d{1,3})\s*\}{1,2}
    (?:\s*[”’»] | [“‘«](?!\w) | \s?["'](?!\w))?
    """,
    re.VERBOSE,
)
_HOSTILE = re.compile(r"\{(?=\s*[qQ]\s*\d)")
_DOUBLED = re.compile(r"(”)[,:]?\s*[“\"«]([^”\"»\n]*)[”\"»]")
_RARE = re.compile(
    r"‹([^‹›\n]+)›|›([^‹›\n]+)‹|‚([^‚‘’\n]+)[‘’](?!\w)|[❝〝]([^❝❞〝〞〟\n]+)[❞〞〟]"
    r"|❛([^❛❜\n]+)❜|(?<!\d)″([^″\n]+)″|ʺ([^ʺ\n]+)ʺ|[《〈⟨｢]([^《》〈〉⟨⟩｢｣\n]+)[》〉⟩｣]"
)
_STRAY = re.compile(r"[“”„‟«»❝❞〝〞〟]|(?<!\d)\"|(?<!\S)‘(?=\w)")
_WORD = re.compile(r"\w+")
_ENDS = ".,;:!?…"
_ALTERED = 0.6
"""Share of typed words that stand in an excerpt in their order, and are then no paraphrase of it
but a quotation that was altered."""

_FEWEST, _MOST = 3, 60
"""Words of a quotation that is offered: fewer are a manner of speaking, more an answer itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationSlot:
    """A quotation as an article prints it, without its marks; `of` is the excerpt's number."""

    of: int
    text: str
    start: int
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A sentence with its quotations put right, and the excerpts that print them."""

    text: str
    cites: tuple[int, ...]
    paraphrase: bool = False
    faults: tuple[str, ...] = ()


class _Place(NamedTuple):
    """Words as excerpt `of` prints them, and what the model ended them with besides."""

    of: int
    text: str
    end: str


class References:
    """The quotations in what a model reads, numbered in its order."""

    def __init__(self, read: Sequence[Evidence]) -> None:
        self._read = read
        self.printed: tuple[QuotationSlot, ...] = tuple(
            one for n, evidence in enumerate(read, start=1) for one in _offered(n, evidence)
        )

    def shown(self, n: int) -> str:
        """Return an excerpt as the model sees it: `{q1}` before each quotation."""
        evidence = self._read[n - 1]
        text, at = "", evidence.start
        for number, one in enumerate(self.printed, start=1):
            if one.of == n and one.start > at:
                text += f"{self._plain(n, at, one.start - 1)}{{q{number}}} "
                at = one.start - 1
        return text + self._plain(n, at, evidence.end)

    def _plain(self, n: int, start: int, end: int) -> str:
        return _HOSTILE.sub("｛", self._read[n - 1].hit.article.text[start:end])

    def put_in(self, text: str, cites: Sequence[int]) -> Worded:
        """Return a sentence with the words of its references, and of its own quotations."""
        faults: list[str] = []
        cited = list(cites)

        def words(found: re.Match[str]) -> str:
            number = int(found[1])
            if not 1 <= number <= len(self.printed):
                faults.append(f"refers to {{q{number}}}, which does not exist")
                return found[0]
            one = self.printed[number - 1]
            cited.append(one.of)
            if one.speaker and not names_alike(one.speaker, text):
                faults.append(f"quotes {one.speaker} without saying so")
            return _spaced(found, f"“{one.text}”")

        text = _RARE.sub(lambda found: f"“{found[found.lastindex or 0]}”", text)
        marked = _MARK.search(text) is not None
        text = _MARK.sub(words, text)
        if marked:
            # A small model writes the reference, and then the words once more.
            text = _DOUBLED.sub(r"\1", text)
        if any(map(self._altered, self._typed(text))):
            faults.append("alters the words of a quotation")
        own = self._own(text, cited)
        return Worded(
            text=own.text,
            cites=tuple(dict.fromkeys([*cited, *own.cites])),
            paraphrase=own.paraphrase,
            faults=tuple(dict.fromkeys(faults)),
        )

    def _typed(self, text: str) -> Iterator[str]:
        """Yield what stands in quotation marks and is not printed so."""
        for found in quotations(text):
            words = text[found.start : found.end]
            if self._place(words, ()) is None:
                yield words

    def _altered(self, words: str) -> bool:
        """Tell whether words are nearly what an excerpt prints, or its article quotes.

        What the article quotes so, outside of the excerpts, is not altered.
        """
        mine = _WORD.findall(fold(words).text)
        if len(mine) < _FEWEST or any(find(words.rstrip(_ENDS), one) for one in self._quoted):
            return False
        printed = chain((one.text for one in self._read), self._quoted)
        return any(_nearly(mine, _WORD.findall(fold(one).text)) for one in printed)

    @cached_property
    def _quoted(self) -> tuple[str, ...]:
        """What the articles that were read quote, in their excerpts or outside of them."""
        texts = dict.fromkeys(one.hit.article.text for one in self._read)
        return tuple(text[found.start : found.end] for text in texts for found in quotations(text))

    def _own(self, text: str, cites: Sequence[int]) -> Worded:
        """Look up what stands in quotation marks: as printed, or without its marks."""
        more: list[int] = []
        paraphrase = False
        for found in reversed(quotations(text)):
            words = text[found.start : found.end]
            first, last = found.outer
            place = self._place(words, cites)
            if place is None:
                paraphrase = True
                text = text[:first] + words + text[last:]
                continue
            more.append(place.of)
            # What the article does not print stands outside of the marks.
            close = text[found.end : last]
            text = f"{text[: found.start]}{place.text}{close}{place.end}{text[last:]}"
        whole = _without_strays(text)
        return Worded(text=whole, cites=tuple(more), paraphrase=paraphrase or whole != text)

    def _place(self, words: str, cites: Sequence[int]) -> "_Place | None":
        """Return where some words are printed, in what is cited first, and how."""
        order = sorted(range(1, len(self._read) + 1), key=lambda n: n not in cites)
        core = words.rstrip(_ENDS)
        for n in order:
            printed = self._read[n - 1].text
            if words in printed:
                return _Place(n, words, "")
            found = find(core, printed) if core.strip() else []
            if found:
                start, end = found[0]
                return _Place(n, printed[start:end], words[len(core) :])
        return None


def _offered(n: int, evidence: Evidence) -> list[QuotationSlot]:
    """Return the quotations of an excerpt that a model may refer to."""
    article = evidence.hit.article
    part = article.part_at(evidence.start)
    if part is not None and part.part == "comment":
        return []
    return [
        QuotationSlot(
            of=n,
            text=article.text[said.start : said.end].rstrip(" ,;"),
            start=said.start,
            speaker=said.speaker,
        )
        for said in statements(article.text, article.parts)
        if _whole(said, evidence) and _FEWEST <= _length(article.text, said) <= _MOST
    ]


def _nearly(mine: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether most of some words stand in a text, in their order and near each other."""
    matcher = SequenceMatcher(None, mine, printed, autojunk=False)
    runs = [block for block in matcher.get_matching_blocks() if block.size]
    if not runs:
        return False
    length = runs[-1].b + runs[-1].size - runs[0].b
    return sum(run.size for run in runs) >= _ALTERED * len(mine) and length <= 2 * len(mine)


def _whole(said: Statement, evidence: Evidence) -> bool:
    inside = evidence.start < said.start and said.end < evidence.end
    marked = said.direct and not said.labelled
    return marked and inside and "\n" not in evidence.hit.article.text[said.start : said.end]


def _length(text: str, said: Statement) -> int:
    return text.count(" ", said.start, said.end) + 1


def _spaced(found: re.Match[str], quotation: str) -> str:
    """Set one space on either side of a quotation that is put in the place of its mark."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    left = " " if before.isalnum() or before in (",", ":", ";") else ""
    return f"{left}{quotation}{' ' if after.isalnum() else ''}"


def _without_strays(text: str) -> str:
    """Take out the marks of quotations that never end or never began: nobody can look them up."""
    inside = [found.outer for found in quotations(text)]
    return _STRAY.sub(
        lambda mark: mark[0] if any(start <= mark.start() < end for start, end in inside) else "",
        text,
    )
