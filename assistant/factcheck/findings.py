"""What was found of a draft: a verdict on each quotation, sentence and name, and its place."""

from dataclasses import dataclass
from typing import Literal

from assistant.answer import Citation, Judgement, Searched

QuotationVerdict = Literal["exact", "normalised", "altered", "spliced", "misattributed", "absent"]
SentenceVerdict = Literal["supported", "partly", "contradicted", "absent"]
NameVerdict = Literal["usual", "other", "unknown"]
Unchecked = Literal["question", "opinion", "short", "quotation", "too_many"]
"""Why a sentence is not held against anything; a "quotation" has its own verdict."""

WRONG: frozenset[str] = frozenset({"altered", "spliced", "misattributed", "contradicted", "absent"})
"""Verdicts that somebody must look at before the draft is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuotation:
    """Words between quotation marks, and whether the archive prints them so.

    `start:end` is their place in the draft's text. `difference` says in words what is printed
    otherwise; `speaker` is whom the draft gives them to, `said_by` whom the archive does.
    """

    text: str
    start: int
    end: int
    verdict: QuotationVerdict
    speaker: str | None = None
    said_by: str | None = None
    difference: str | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedPart:
    """Words of a sentence, and the number of the citation that prints them."""

    words: str
    citation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSentence:
    """A factual sentence of a draft, and whether the archive supports it.

    `read_as` is the sentence with its pronouns resolved, as it was judged. Where several sentences
    print it only together, `parts` says which carries which words.
    """

    text: str
    start: int
    end: int
    verdict: SentenceVerdict
    judgement: Judgement | None
    read_as: str
    citations: tuple[Citation, ...] = ()
    parts: tuple[CarriedPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedName:
    """A name in a draft, and how the archive usually writes it."""

    text: str
    start: int
    end: int
    verdict: NameVerdict
    usual: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UncheckedSentence:
    """A sentence that was not judged, and why."""

    text: str
    start: int
    end: int
    reason: Unchecked


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """A draft with all that was found of it. Places count in the characters of `text`."""

    text: str
    name: str | None
    quotations: tuple[CheckedQuotation, ...]
    sentences: tuple[CheckedSentence, ...]
    names: tuple[CheckedName, ...]
    unchecked: tuple[UncheckedSentence, ...]
    searched: Searched
    read_by: str
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing is altered, misattributed, contradicted or absent."""
        told = [*(one.verdict for one in self.quotations), *(one.verdict for one in self.sentences)]
        return WRONG.isdisjoint(told)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, in the order of their numbers."""
        cited = [one.citations for one in self.quotations]
        cited += [one.citations for one in self.sentences]
        held = {citation.n: citation for own in cited for citation in own}
        return tuple(held[n] for n in sorted(held))
