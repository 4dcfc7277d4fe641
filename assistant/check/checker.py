"""What leaves the house: every claim judged by the words of the articles it cites, and numbered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from assistant.answer import Citation, Claim, DraftClaim, Evidence, Omitted, Quote, cite
from assistant.check.evidence import Grounded, supporting
from assistant.check.quotation_guard import printed, quoted_words
from assistant.check.reader import ClaimReader, NearCopies
from ingest.language.normalise import find


class Checker:
    """Checks the claims of one answer, one after the other, and numbers their citations.

    A claim's `at` is its place in `text`. A written claim may rest on any of the stretches that
    its writer was given to `read`, besides those that it cites.
    """

    def __init__(self, reader: ClaimReader | None = None) -> None:
        self.reader = reader or NearCopies()
        self.read: Sequence[Evidence] = ()
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
        return self.settle(drafted, self.judged(drafted), instead_of)

    def judged(self, drafted: DraftClaim) -> Grounded | None:
        """Judge a written claim; None for one that is printed so, or at fault before it is read.

        Changes nothing, so that several may be judged at once.
        """
        if drafted.verbatim or drafted.faults:
            return None
        return supporting(drafted.text, drafted.evidence, self.read, self.reader)

    def settle(
        self, drafted: DraftClaim, judged: Grounded | None, instead_of: Omitted | None = None
    ) -> Claim | None:
        """Let a claim out, or keep it back, by what was judged of it."""
        judgement = judged.judgement if judged else None
        drafted = replace(drafted, evidence=judged.evidence) if judged else drafted
        reason = judgement.reason if judgement else _fault(drafted)
        reason = "; ".join((*drafted.miscited, reason)) if reason else None
        if reason:
            if instead_of is None:
                self.omitted.append(Omitted(text=drafted.text, reason=reason, judgement=judgement))
            return None
        if instead_of is not None:
            self.omitted.remove(instead_of)
        numbers = tuple(dict.fromkeys(self._cite(e) for e in drafted.evidence))
        marks = "".join(f"[{n}]" for n in numbers)
        lead = _lead(drafted)
        start = len(self.text) + (1 if self._lines else 0) + len(lead)
        self._lines.append(f"{lead}{drafted.text} {marks}")
        score = judgement.score if judgement else None
        return Claim(
            text=drafted.text,
            at=(start, start + len(drafted.text)),
            verdict=judgement.verdict if judgement else "verbatim",
            citations=numbers,
            score=None if score is None else round(score, 3),
            judgement=judgement,
            speaker=drafted.speaker,
            quotes=tuple(self._quotes(drafted, numbers)),
            paraphrase=drafted.paraphrase,
            day=drafted.day,
        )

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

    def _quotes(self, drafted: DraftClaim, numbers: Sequence[int]) -> Iterator[Quote]:
        """Yield the quotations of a claim, each with the citation that prints it."""
        sources = [one.text for one in drafted.evidence]
        for words in quoted_words(drafted.text):
            at = (n for n, source in zip(numbers, sources, strict=False) if find(words, source))
            yield Quote(text=words, verdict=printed(words, sources), citation=next(at, None))


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
    """Return what is wrong with a claim that nobody needs to read, None where nothing is."""
    if drafted.faults:
        return "; ".join(drafted.faults)
    if not drafted.evidence:
        return "cites nothing"
    evidence = drafted.evidence[0]
    stands = evidence.hit.article.text[evidence.start : evidence.end] == drafted.text
    return None if stands else "is not what the article prints"


def faithfulness(claims: Collection[Claim]) -> float | None:
    """Return the share of claims that their sources support; None of quotations alone."""
    if all(claim.verdict == "verbatim" for claim in claims):
        return None
    held = sum(claim.verdict in {"verbatim", "supported"} for claim in claims)
    return round(held / len(claims), 3)
