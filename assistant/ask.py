"""From a question to a checked outcome: understand, retrieve, quote or write, check."""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant import llm, prompts
from assistant.answer import (
    Answer,
    Citation,
    Claim,
    DraftClaim,
    Evidence,
    Finished,
    Found,
    Mode,
    NoAnswer,
    Outcome,
    Question,
    Reason,
    Said,
    Searched,
    Spoken,
    Step,
    Turn,
    Understood,
)
from assistant.candidates import Asked, Candidate, candidates, read_question
from assistant.check import Checker, cite
from assistant.enough import THRESHOLD, confidence, signs
from assistant.errors import AnswerError, ServiceError
from assistant.examples import examples
from assistant.history import Records, Scribe
from assistant.question import is_question, understand
from assistant.quote import quote, worth
from assistant.retrieve import Retrieved, retrieve, searched, within
from assistant.settings import Keeping, Settings
from assistant.write import Refused, write
from ingest.archive import Archive, Search
from ingest.archive.search import By
from ingest.article import Filters, Hit, Notice

Sort = Literal["relevance", "date"]
_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One question on its way: what was asked, what was found, when it began, who notes it."""

    question: Question
    asked: Asked
    found: Retrieved
    began: float
    scribe: Scribe

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.began, 3)


class Assistant:
    """Answers questions from an archive, and from nothing else. Safe from several threads.

    Each answer is kept in `records`, by default as many as the settings say.

    >>> outcome = Assistant(archive).ask("What did Lucan Tesh withdraw?")
    >>> outcome.claims[0].speaker, outcome.claims[0].verdict
    ('Lucan Tesh', 'verbatim')
    """

    def __init__(
        self,
        archive: Archive,
        settings: Settings | None = None,
        model: llm.Model | None = None,
        records: Records | None = None,
    ) -> None:
        self.archive = archive
        self.settings = settings or Settings()
        self._model = model or llm.load(self.settings)
        self._records = records or Records(most=Keeping().records)

    def ask(
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002 - the word of the contract
    ) -> Outcome:
        """Return an Answer whose every claim is checked, or a NoAnswer."""
        for step in self.steps(question, mode=mode, filters=filters, history=history, id=id):
            if isinstance(step, Finished):
                return step.outcome
        raise AssertionError("an answer has no end")

    def steps(
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002 - the word of the contract
    ) -> Iterator[Step]:
        """Yield Understood, Found, Said for each checked sentence, and Finished at the end."""
        began = time.monotonic()
        understood = understand(
            question, mode=mode or self.settings.mode, filters=filters, history=history, id=id
        )
        scribe = Scribe(self.archive, self.settings, self._records, history)
        with closing(self._steps(understood, scribe, began)) as steps:
            yield from map(scribe.follow, steps)

    def _steps(
        self, understood: Question, scribe: Scribe, began: float
    ) -> Generator[Step, None, None]:
        yield Understood(question=understood)
        asked = read_question(self.archive, understood)
        found = retrieve(self.archive, understood)
        yield Found(hits=found.hits, searched=found.searched)
        turn = _Turn(question=understood, asked=asked, found=found, began=began, scribe=scribe)
        if is_question(understood.asked):
            yield from self._answer(turn)
        else:
            yield Finished(outcome=self._nothing(turn, "not_a_question", "quotes"))

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Return the passages that fit best, copies of one dispatch once, and what was searched."""
        question = understand(query, filters=filters)
        hits = self.archive.search(Search(text=question.text, k=k, by=by, filters=question.filters))
        if sort == "date":
            hits.sort(key=lambda hit: (hit.article.date is None, hit.article.date))
        return tuple(hits), searched(self.archive, question, by=by)

    def examples(self) -> list[str]:
        """Return a few questions that the archive itself answers."""
        return examples(self.archive)

    # The two ways to answer

    def _answer(self, turn: _Turn) -> Iterator[Step]:
        said = self._candidates(turn.asked, turn.found.hits, turn.question.filters)
        if not self._enough(said, turn.found.hits):
            yield Finished(outcome=self._no_answer(turn, said))
            return
        answering = _Answering(turn=turn, checker=Checker(), warnings=[*turn.found.warnings])
        if turn.question.mode != "quotes" and self._model is not None:
            yield from self._write(answering, self._model)
            if answering.refused and not answering.claims:
                yield Finished(outcome=self._nothing(turn, "not_enough", "written"))
                return
        elif turn.question.mode == "written":
            answering.warnings.append(_NO_MODEL)
        if not answering.claims or answering.failed:
            draft = quote(turn.asked, said, most=self.settings.sentences)
            yield from answering.say(draft.claims)
        yield Finished(outcome=answering.outcome())

    def _candidates(self, asked: Asked, hits: Sequence[Hit], filters: Filters) -> list[Candidate]:
        said = candidates(self.archive, asked, hits)
        if filters.comments:
            said += candidates(self.archive, asked, hits, comments=True)
        return said

    def _enough(self, said: Sequence[Candidate], hits: Sequence[Hit]) -> bool:
        threshold = self.settings.threshold
        seen = signs(said, hits, self.archive.status().embedder)
        return confidence(seen) >= (THRESHOLD if threshold is None else threshold)

    def _write(self, answering: "_Answering", model: llm.Model) -> Iterator[Step]:
        """Let the model write; what it leaves undone is for quotations to do."""
        turn = answering.turn
        answering.mode = "written"
        try:
            for drafted in write(
                turn.question,
                within(turn.found.hits, self.settings.budget),
                turn.scribe.listening(model),
                prompt=turn.scribe.used(prompts.load("write", self.settings.prompts)),
                sentences=self.settings.sentences,
            ):
                if isinstance(drafted, Refused):
                    answering.refused = True
                else:
                    yield from answering.say([drafted])
        except (ServiceError, AnswerError) as error:
            answering.fall_back(f"{error.message}. The rest is quoted.")
            return
        if not answering.claims and not answering.refused:
            answering.fall_back("Nothing that the model wrote stood up to the check.")

    # Saying that the archive does not say

    def _no_answer(self, turn: _Turn, said: Sequence[Candidate]) -> NoAnswer:
        return self._nothing(turn, self._reason(turn, said), "quotes", said)

    def _reason(self, turn: _Turn, said: Sequence[Candidate]) -> Reason:
        filters = turn.question.filters
        if not turn.found.searched.articles:
            return "empty_archive"
        if filters.as_of and self._would(turn, replace(filters, as_of=None)):
            return "only_after_as_of"
        if not filters.comments and self._would(turn, replace(filters, comments=True)):
            return "only_in_comments"
        return "not_enough" if signs(said, ()).article >= _HALF else "nothing_found"

    def _would(self, turn: _Turn, filters: Filters) -> bool:
        """Tell whether the archive would answer under other filters."""
        found = retrieve(self.archive, replace(turn.question, filters=filters))
        said = self._candidates(turn.asked, found.hits, filters)
        return self._enough(said, found.hits)

    def _nothing(
        self, turn: _Turn, reason: Reason, mode: Spoken, said: Sequence[Candidate] = ()
    ) -> NoAnswer:
        return NoAnswer(
            question=turn.question.asked,
            mode=mode,
            text=_NO_ANSWER[reason],
            reason=reason,
            nearest=tuple(_nearest(turn, said)),
            searched=turn.found.searched,
            warnings=turn.found.warnings,
            id=turn.question.id,
            seconds=turn.seconds,
        )


@dataclass(slots=True, kw_only=True)
class _Answering:
    """An answer while it is being given: what has been checked, what went wrong."""

    turn: _Turn
    checker: Checker
    warnings: list[Notice]
    mode: Spoken = "quotes"
    claims: list[Claim] = field(default_factory=list)
    refused: bool = False
    failed: bool = False

    def say(self, drafted: Iterable[DraftClaim]) -> Iterator[Said]:
        """Check claims and let out those that stand."""
        for one in drafted:
            claim = self.checker.check(one)
            if claim is not None:
                self.claims.append(claim)
                cited = tuple(c for c in self.checker.citations if c.n in claim.citations)
                yield Said(claim=claim, citations=cited)

    def fall_back(self, why: str) -> None:
        """Note why quotations take over."""
        self.failed = True
        self.warnings.append(Notice(code="model_failed", text=why))
        if not self.claims:
            self.mode = "quotes"

    def outcome(self) -> Answer:
        """Return the answer, whole."""
        return Answer(
            question=self.turn.question.asked,
            mode=self.mode,
            text=self.checker.text,
            claims=tuple(self.claims),
            citations=tuple(self.checker.citations),
            searched=self.turn.found.searched,
            omitted=tuple(self.checker.omitted),
            warnings=tuple(self.warnings),
            id=self.turn.question.id,
            seconds=self.turn.seconds,
        )


def _nearest(turn: _Turn, said: Sequence[Candidate]) -> Iterator[Citation]:
    """Yield what came nearest: the best sentence of each of the first few articles."""
    ranked = sorted(said, key=lambda c: -worth(c, turn.asked))
    seen: set[str] = set()
    for candidate in ranked:
        if candidate.hit.article.article_id in seen or candidate.part == "comment":
            continue
        seen.add(candidate.hit.article.article_id)
        evidence = Evidence(hit=candidate.hit, start=candidate.start, end=candidate.end)
        yield cite(evidence, len(seen))
        if len(seen) == _NEAREST:
            return


_HALF = 0.5
_NO_MODEL = Notice(
    code="no_model", text="No language model is set up, so the answer is quotations."
)
_NO_ANSWER: dict[Reason, str] = {
    "empty_archive": "The archive is empty.",
    "nothing_found": "The archive does not say: nothing in it is about this.",
    "not_enough": "The archive does not say: it has articles on the subject, but none of them "
    "answers this.",
    "only_in_comments": "The archive does not say: only readers’ comments speak of it, and they "
    "are not reporting.",
    "only_after_as_of": "The archive does not say: on the day asked about, nothing on this had "
    "been published yet.",
    "only_in_retracted": "The archive does not say: what it had on this was retracted.",
    "not_a_question": "There is nothing in this to look for.",
}
