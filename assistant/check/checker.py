"""What leaves the house: every claim held against the words of the articles it cites."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answer import (
    Citation,
    Claim,
    DraftClaim,
    Evidence,
    Omitted,
    Quote,
    QuoteVerdict,
    cite,
)
from assistant.check.reading import read
from assistant.check.support import Verdict, support
from assistant.check.voices import same_person
from ingest.article import Article
from ingest.language.normalise import find
from ingest.language.quotations import quotations
from ingest.language.speech.statements import statements
from ingest.language.speech.wording import PRONOUNS

__all__ = ["Checker", "Verdict", "faithfulness", "speaker_of", "support"]


_ASKS = ("?", "？", "؟")


class SecondOpinion(Protocol):
    """A second reader of a claim and its sources; `assistant.check.opinion` has a model do it."""

    unsure: float
    """The support (0..1) below which a claim that stands is asked about."""

    def denies(self, text: str, evidence: Sequence[Evidence]) -> bool:
        """Tell whether the sources do not support a claim."""


class Checker:
    """Checks the claims of one answer, one after the other, and numbers their citations.

    A claim's `at` is its place in `text`. Where there is a `second` opinion, it is asked for on
    claims that barely stand.
    """

    def __init__(self) -> None:
        self.second: SecondOpinion | None = None
        self.citations: list[Citation] = []
        self.omitted: list[Omitted] = []
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """The text of the answer so far: a claim a line, with the numbers of its citations."""
        return "\n".join(self._lines)

    def check(self, drafted: DraftClaim, instead_of: Omitted | None = None) -> Claim | None:
        """Return the claim with its verdict, or None where it does not leave the house.

        What is left out is kept in `omitted` with the reason; a claim that stands `instead_of`
        one of those takes it out again, and one that does not leaves it as it was.
        """
        reason = _fault(drafted)
        quotes = () if reason else tuple(_quotes(drafted))
        if not reason:
            reason = _wrong_quote(quotes) or _wrong_speaker(drafted)
        verdict = None if reason or drafted.verbatim else held(drafted.text, drafted.evidence)
        if verdict:
            reason = not_said(drafted.text, verdict) or self._denied(drafted, verdict)
        if reason:
            if instead_of is None:
                self.omitted.append(Omitted(text=drafted.text, reason=reason))
            return None
        if instead_of is not None:
            self.omitted.remove(instead_of)
        numbers = tuple(dict.fromkeys(self._cite(e) for e in drafted.evidence))
        marks = "".join(f"[{n}]" for n in numbers)
        lead = _lead(drafted)
        start = len(self.text) + (1 if self._lines else 0) + len(lead)
        self._lines.append(f"{lead}{drafted.text} {marks}")
        return Claim(
            text=drafted.text,
            at=(start, start + len(drafted.text)),
            verdict=verdict.verdict if verdict else "verbatim",
            citations=numbers,
            score=round(verdict.score, 3) if verdict else None,
            speaker=drafted.speaker,
            quotes=tuple(self._numbered(quote, drafted, numbers) for quote in quotes),
            paraphrase=drafted.paraphrase,
            day=drafted.day,
        )

    def _denied(self, drafted: DraftClaim, verdict: Verdict) -> str | None:
        """Return why a claim that barely stands is not let out, None where nobody denies it."""
        if self.second is None or verdict.score >= self.second.unsure:
            return None
        denied = self.second.denies(drafted.text, drafted.evidence)
        return "is not what its sources say, on a second reading" if denied else None

    def number(self, evidence: Evidence) -> int | None:
        """Return the number of a citation that holds a stretch, None where none does yet."""
        for kept in self.citations:
            same = kept.article.article_id == evidence.hit.article.article_id
            if same and kept.start <= evidence.start and evidence.end <= kept.end:
                return kept.n
        return None

    def _cite(self, evidence: Evidence) -> int:
        article = evidence.hit.article
        for kept in self.citations:
            if (kept.article.article_id, kept.start, kept.end) == (
                article.article_id,
                evidence.start,
                evidence.end,
            ):
                return kept.n
        citation = cite(evidence, len(self.citations) + 1)
        self.citations.append(citation)
        return citation.n

    def _numbered(self, quote: Quote, drafted: DraftClaim, numbers: Sequence[int]) -> Quote:
        """Point a quotation at the citation that prints it."""
        for evidence, n in zip(drafted.evidence, numbers, strict=False):
            if find(quote.text, evidence.hit.article.text[evidence.start : evidence.end]):
                return Quote(text=quote.text, verdict=quote.verdict, citation=n)
        return quote


def _lead(drafted: DraftClaim) -> str:
    """Return what must stand before a claim: its day in an order, and that a reader wrote it."""
    if drafted.day is not None:
        return f"{drafted.day.isoformat()}: "
    parts = (one.hit.article.part_at(one.start) for one in drafted.evidence)
    comment = next((part for part in parts if part and part.part == "comment"), None)
    if comment is None:
        return ""
    return f"Reader’s comment by {comment.author}: " if comment.author else "Reader’s comment: "


def _fault(drafted: DraftClaim) -> str | None:
    """Return what is wrong with a claim as a whole, None where nothing is."""
    if drafted.faults:
        return "; ".join(drafted.faults)
    if not drafted.evidence:
        return "cites nothing"
    if drafted.verbatim:
        evidence = drafted.evidence[0]
        printed = evidence.hit.article.text[evidence.start : evidence.end]
        if printed != drafted.text:
            return "is not what the article prints"
    elif drafted.text.rstrip().endswith(_ASKS):
        return "asks, and says nothing"
    return None


def _quotes(drafted: DraftClaim) -> Iterable[Quote]:
    """Yield the quotations of a claim, each held against what the claim cites."""
    for found in quotations(drafted.text):
        words = drafted.text[found.start : found.end]
        if words.strip():
            yield Quote(text=words, verdict=_printed(words, drafted.evidence))


def _printed(words: str, evidence: Sequence[Evidence]) -> QuoteVerdict:
    verdict: QuoteVerdict = "absent"
    for one in evidence:
        passage = one.hit.article.text[one.start : one.end]
        if words in passage:
            return "exact"
        if find(words.rstrip(".,"), passage):
            verdict = "normalised"
    return verdict


def _wrong_quote(quotes: Iterable[Quote]) -> str | None:
    for quote in quotes:
        if quote.verdict not in {"exact", "normalised"}:
            return f"quotes what its sources do not print: {quote.text!r}"
    return None


def _wrong_speaker(drafted: DraftClaim) -> str | None:
    """Return what is wrong with whom a claim lets speak: nobody its sources know, or another."""
    if drafted.verbatim:
        return None
    known = " ".join(one.hit.article.text for one in drafted.evidence)
    for said in statements(drafted.text):
        name = drafted.text[slice(*said.speaker_at)] if said.speaker_at else ""
        if not named(name, known):
            return f"names a speaker whom its sources do not: {name!r}"
        if said.direct:
            whose = _speaker(drafted.text[said.start : said.end], drafted.evidence)
            here = named(whose or "", drafted.text) and same_person(
                said.speaker or name, whose or ""
            )
            if whose and not here:
                return f"quotes {whose} without saying so"
    return None


def _speaker(words: str, evidence: Sequence[Evidence]) -> str | None:
    """Return who says some words in the first of the sources that print them."""
    for one in evidence:
        text = one.hit.article.text[one.start : one.end]
        for start, end in find(words.rstrip(".,"), text)[:1]:
            at = Evidence(hit=one.hit, start=one.start + start, end=one.start + end)
            return speaker_of(at)
    return None


def named(name: str, text: str) -> bool:
    """Tell whether a text names somebody: by one word of the name that tells whose it is."""
    words = re.findall(r"\w+", name.casefold())
    telling = [word for word in words if len(word) > 2 and word not in _PRONOUNS]
    low = text.casefold()
    return not telling or any(re.search(rf"\b{re.escape(word)}", low) for word in telling)


_PRONOUNS = frozenset("she him her his hers they them their who that this the its our you".split())


def held(text: str, evidence: Sequence[Evidence]) -> Verdict:
    """Return how far stretches of articles support a sentence, with who printed them and when.

    What somebody is reported to have said must stand by itself too: a known name and "said" would
    carry whatever is put after them.
    """
    sources = [*_read(evidence)]
    whole = support(text, sources)
    for who, told in _reported(text):
        alone = support(f"{who} {told}.", sources)
        if alone.score < _STANDS or _carried(f"{who} {told}.", len(who), alone):
            whole = replace(whole, score=min(alone.score, whole.score, _CARRIED), verdict="partly")
    return whole


def _carried(words: str, told: int, alone: Verdict) -> bool:
    """Tell whether a name carries what is reported from `told` on: half of it stands nowhere.

    A number or another name that stands there carries it too: "sank with 151 aboard" is no
    invention where 151 went down.
    """
    own = [word for word in read(words).words if word.content and word.start >= told]
    novel = [w for w in own if any(a < w.end and w.start < b for a, b in alone.unsupported)]
    anchored = any((w.capital or w.value is not None) and w not in novel for w in own)
    return bool(own) and not anchored and 2 * len(novel) >= len(own)


def _reported(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a sentence lets somebody say: of whom, with the speaker for "he", and what."""
    for said in statements(text):
        words = text[said.start : said.end].strip(" .,")
        if said.direct or not said.speaker_at or words.count(" ") < _CLAUSE:
            continue
        first, _, rest = words.removeprefix("that ").partition(" ")
        name = said.speaker or text[slice(*said.speaker_at)]
        yield (name if first.casefold() in PRONOUNS else first), rest


_CARRIED = 0.3
"""Support of a sentence at most, where a name carries what it lets somebody say."""

_STANDS = 0.35
"""Support of what is reported, below which a known name carried it. `python -m benchmarks.altered`
prints what passes; from .45 on true reports in other words were left out."""

_CLAUSE = 2
"""Spaces in what is reported: with fewer it is a name or a number."""


def _read(evidence: Sequence[Evidence]) -> Iterator[Evidence | str]:
    yield from evidence
    for one in {one.hit.article.article_id: one for one in evidence}.values():
        yield _imprint(one.hit.article)


def _imprint(article: Article) -> str:
    """Return what a claim may say of an article besides its words: its outlet and its day."""
    day = f" on {article.date.day} {article.date:%B %Y}" if article.date else ""
    return f"{article.outlet or ''} reported{day}."


def not_said(text: str, verdict: Verdict) -> str | None:
    """Return why a claim is not let out, with the words that nothing supports."""
    if verdict.verdict == "supported" and not _NEVER & set(verdict.reasons):
        return None
    words = ", ".join(repr(text[start:end]) for start, end in verdict.unsupported)
    known = (fault for kind, fault in _FAULTS.items() if kind in verdict.reasons)
    said = next(known, "says what nothing that it cites supports")
    return f"{said}: {words}" if words else said


_NEVER = frozenset(
    "attribution speaker modality number_absent number_elsewhere date bound universal asked cause"
    " taken_back predicate strength other_name title".split()
)
"""What no support outweighs: an opinion told as a fact, a doubt lost, a number or day changed."""

_FAULTS = {
    "number_absent": "has a number that its source has not",
    "number_elsewhere": "counts with a number what its source counts with another",
    "speaker": "names another speaker than its source",
    "asked": "tells as a fact what is only asked",
    "modality": "says for certain what its source does not",
    "bound": "says how many with another bound than its source",
    "universal": "says of all what its source does not",
    "taken_back": "says what its source takes back",
    "predicate": "says of somebody what its source does not",
    "strength": "puts it more strongly than its source",
    "cause": "turns cause and effect round",
    "date": "has a day that its source has not",
    "negation": "denies what its source says, or the reverse",
    "antonym": "says the opposite of its source",
    "other_name": "has a name that its source has not",
    "title": "gives somebody the office of another",
    "roles": "lets the one do what the other did",
    "name_absent": "has a name that its source has not",
    "attribution": "does not say who said it",
}


def faithfulness(claims: Collection[Claim]) -> float | None:
    """Return the share of claims that their sources support; None of quotations alone."""
    if all(claim.verdict == "verbatim" for claim in claims):
        return None
    held = sum(claim.verdict in {"verbatim", "supported"} for claim in claims)
    return round(held / len(claims), 3)


def speaker_of(evidence: Evidence) -> str | None:
    """Return who is speaking in a stretch of an article, None where the text does not tell."""
    article = evidence.hit.article
    for said in statements(article.text, article.parts):
        if said.start < evidence.end and evidence.start < said.end and said.speaker:
            return said.speaker
    return None
