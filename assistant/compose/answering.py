"""An answer while it is being given: what is checked goes out, what is at fault is kept back."""

import logging
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.answer import (
    Answer,
    Claim,
    Conflict,
    DraftClaim,
    Meanwhile,
    Omitted,
    Question,
    Said,
    Spoken,
)
from assistant.check.checker import Checker, faithfulness
from assistant.check.evidence import Grounded
from assistant.check.reader import ClaimReader
from assistant.compose.attribution import signed
from assistant.compose.conflicts import Disagreement
from assistant.compose.extractive import quoted
from assistant.errors import (
    MalformedReply,
    MorgueError,
    ServiceBusy,
    ServiceDown,
    ServiceRefused,
)
from assistant.find.candidates import Asked, Candidate
from assistant.find.retrieve import Retrieved
from assistant.history import Scribe
from assistant.models import deadline
from ingest import spans
from ingest.article import Notice

logger = logging.getLogger("morgue.answering")

NO_MODEL = Notice(code="no_model", text="No language model is set up, so the answer is quotations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One question on its way: what was asked, what was found, when it began, who notes it."""

    question: Question
    asked: Asked
    found: Retrieved
    began: float
    scribe: Scribe

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return round(time.monotonic() - self.began, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuestion:
    """A question with the sentences that may answer it, and whether they are enough.

    `foreign` ones are in another language than the question.
    """

    enquiry: Enquiry
    said: list[Candidate]
    enough: bool
    foreign: bool = False


@dataclass(slots=True, kw_only=True)
class Answering:
    """An answer while it is being given: what has been checked, what went wrong.

    `attributing` is who is asked whose words are quoted.
    """

    enquiry: Enquiry
    checker: Checker
    attributing: ClaimReader
    warnings: list[Notice]
    mode: Spoken = "quotes"
    claims: list[Claim] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: bool = False
    failed: bool = False

    def say(
        self, drafted: Iterable[DraftClaim], instead_of: Omitted | None = None
    ) -> Iterator[Said]:
        """Check claims and let out those that stand, `instead_of` one that did not."""
        for one in drafted:
            yield from self.settle(one, self.judged(one), instead_of)

    def quote(self, drafted: Iterable[DraftClaim]) -> Iterator[Said]:
        """Let quotations out with their speakers, which are told of all of them at once."""
        claims = list(drafted)
        with spans.span("attribute"):
            claims = signed(claims, self.attributing)
        yield from self.say(claims)

    def meanwhile(self, drafted: Iterable[DraftClaim]) -> Iterator[Meanwhile]:
        """Yield the answer of quotations that stands until a model has written another."""
        if list(self.quote(drafted)):
            yield Meanwhile(answer=self.outcome())

    def judged(self, drafted: DraftClaim) -> Grounded | None:
        """Judge a claim, and change nothing: several may be judged at once."""
        with spans.span("check"):
            return self.checker.judged(drafted)

    def settle(
        self, drafted: DraftClaim, judged: Grounded | None, instead_of: Omitted | None = None
    ) -> Iterator[Said]:
        """Let a claim out that stands by its judgement."""
        claim = self.checker.settle(drafted, judged, instead_of)
        if claim is not None:
            self.claims.append(claim)
            cited = tuple(c for c in self.checker.citations if c.n in claim.citations)
            yield Said(claim=claim, citations=cited)

    def unsaid(self, quoted: Iterable[DraftClaim]) -> Iterator[DraftClaim]:
        """Yield the quotations whose words do not stand in the answer already, as written."""
        said = {_words(claim.text) for claim in self.claims}
        yield from (one for one in quoted if _words(one.text) not in said)

    def compare(self, apart: Iterable[Disagreement]) -> Iterator[Said]:
        """Lay side by side what sources do not agree on, quoting the side that is not yet."""
        for one in apart:
            sides = [quoted(one.earlier), quoted(one.later)]
            number = self.checker.number
            yield from self.quote(side for side in sides if number(side.evidence[0]) is None)
            first, second = (number(side.evidence[0]) for side in sides)
            if first and second and first != second:
                self.conflicts.append(
                    Conflict(about=one.about, citations=(first, second), kind=one.kind)
                )

    def give_up(self, error: MorgueError) -> None:
        """Let quotations take over from a model that failed.

        What its server said is for whoever runs it, in the log; a reader is told what it means.
        A model that was ended since nobody waits any more did not fail.
        """
        if deadline.waited_for():
            logger.warning("%s", "; ".join(filter(None, (error.message, error.hint))))
        kinds = (kind for failure, kind in _FAILED.items() if isinstance(error, failure))
        what = "broke off" if self.claims else next(kinds, "could not be asked")
        rest = "; the rest is quotations." if self.claims else ", so the answer is quotations."
        self.fall_back(f"The model {what}{rest}")

    def fall_back(self, why: str) -> None:
        """Note why quotations take over."""
        self.failed = True
        self.warnings.append(Notice(code="model_failed", text=why))
        if not self.claims:
            self.mode = "quotes"

    def outcome(self) -> Answer:
        """Return the answer, whole."""
        return Answer(
            question=self.enquiry.question.asked,
            mode=self.mode,
            text=self.checker.text,
            claims=tuple(self.claims),
            citations=tuple(self.checker.citations),
            searched=self.enquiry.found.searched,
            omitted=tuple(self.checker.omitted),
            faithfulness=faithfulness(self.claims),
            conflicts=tuple(self.conflicts),
            warnings=tuple(dict.fromkeys(self.warnings)),
            id=self.enquiry.question.id,
            seconds=self.enquiry.seconds,
        )


_FAILED: dict[type[MorgueError], str] = {
    ServiceBusy: "is busy",
    ServiceDown: "does not answer",
    ServiceRefused: "did not take the request",
    MalformedReply: "sent nothing that can be used",
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
