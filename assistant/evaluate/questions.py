"""Put questions to an archive, and measure what is found and what is said."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assistant.answer import Finished, Found, Mode, Outcome, Question, Understood
from assistant.ask import Assistant
from assistant.evaluate.answers import Ruler, measure_answer, right
from assistant.evaluate.result import Result, RowTally
from assistant.evaluate.retrieval import DEPTH, keys_of, rank
from assistant.evaluate.rows import AskedRow, Gold, answered
from assistant.evaluate.short_answer import contains
from assistant.find.answerability import confidence, signs
from assistant.find.candidates import candidates, read_question
from assistant.history import Records
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive import Archive, Search
from ingest.archive.search import By
from ingest.article import Filters, Hit

_SUFFIX: dict[By, str] = {"both": "", "words": ":words", "meaning": ":meaning"}

_UNSEARCHED = {"shard_down", "words_behind"}
"""Warnings that not all of the archive was searched: figures are then not those of all of it."""


class Withholding(Archive):
    """An archive that can hide some articles from a question."""

    withheld: frozenset[str] = frozenset()

    def search(self, search: Search) -> list[Hit]:
        """Return what a search finds among the rest."""
        if not self.withheld:
            return super().search(search)
        wider = replace(search, k=search.k + len(self.withheld) * search.per_article)
        rest = (hit for hit in super().search(wider) if not keys_of(hit.article) & self.withheld)
        return list(rest)[: search.k]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How questions are put: the mode, which rankers are measured, with dates, without gold."""

    mode: Mode | None = None
    by: tuple[By, ...] = ("both", "words", "meaning")
    filters: Filters = field(default_factory=Filters)
    dated: bool = True
    without_gold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What became of one question."""

    question: Question
    hits: tuple[Hit, ...]
    outcome: Outcome
    seconds: float


class Interview:
    """Asks one archive question after question."""

    def __init__(self, archive: Withholding, settings: Settings, ruler: Ruler, way: Way) -> None:
        self._archive = archive
        self._ruler = ruler
        self._way = way
        unkept = Records(most=0)  # a reader's own would be pushed out
        self._assistant = Assistant(archive, settings, records=unkept)
        bold = settings.model_copy(update={"threshold": 0.0, "mode": "quotes", "model": "none"})
        self._bold = Assistant(archive, bold, records=unkept)
        status = archive.status()
        near = bool(status.embedder and status.leads_embedded) and archive.embedder is not None
        self.by = tuple(by for by in way.by if near or by != "meaning")
        self.terms = {
            "archive": {
                "articles": status.articles,
                "change": status.change,
                "embedded": status.embedded,
                "leads embedded": status.leads_embedded,
                "embedder": status.embedder,
            },
            "mode": way.mode or settings.mode,
            "model": self._assistant.settings.model,
            "by": list(self.by),
            "filters": asdict(way.filters),
            "dated": way.dated,
            "without gold": way.without_gold,
        }

    def measure(self, row: AskedRow) -> Result:
        """Ask a question and measure its answer."""
        if self._way.without_gold and not row.gold.articles:
            why = "without gold: the question names no article to take out"
            return Result(id=row.id, group=row.group or row.id, kind="unasked", shares={},
                          unscored=(why,), question=row.question)  # fmt: skip
        tally = RowTally()
        hide = row.gold.articles if self._way.without_gold else None
        self._archive.withheld = hide or frozenset()
        filters = self._filters(row)
        asked = self._ask(self._assistant, row, filters, self._way.mode)
        for notice in asked.outcome.warnings:
            if notice.code in _UNSEARCHED:
                tally.miss(f"retrieval: {notice.text}")
        gold = self._hard(tally, row, asked) if self._way.without_gold else row.gold
        if not self._way.without_gold:
            self._find(tally, row, asked.question)
        given = answered(_document(asked.outcome), row.id, gold)
        result = measure_answer(replace(given, group=row.group), self._ruler, tally)
        said = right(given)
        if given.abstained and (gold.answers or gold.expects == "no_answer"):
            forced = self._ask(self._bold, row, filters, "quotes").outcome
            said = right(answered(_document(forced), row.id, gold))
        return replace(
            result, confidence=self._confidence(asked), right=said, seconds=asked.seconds
        )

    def _filters(self, row: AskedRow) -> Filters:
        filters = self._way.filters
        if self._way.dated and row.day:
            filters = replace(filters, as_of=row.day)
        return replace(filters, collections=(row.collection,)) if row.collection else filters

    def _ask(
        self, assistant: Assistant, row: AskedRow, filters: Filters, mode: Mode | None
    ) -> _Asked:
        began = time.perf_counter()
        steps = list(assistant.steps(row.question, mode=mode, filters=filters, history=row.history))
        seconds = time.perf_counter() - began
        return _Asked(
            question=next(s.question for s in steps if isinstance(s, Understood)),
            hits=next((s.hits for s in steps if isinstance(s, Found)), ()),
            outcome=next(s.outcome for s in steps if isinstance(s, Finished)),
            seconds=seconds,
        )

    def _confidence(self, asked: _Asked) -> float:
        wanted = read_question(self._archive, asked.question)
        said = candidates(self._archive, wanted, asked.hits)
        embedder = self._archive.status().embedder
        return round(confidence(signs(said, asked.hits, embedder)), 6)

    # The hard set: the article that answers is taken out

    def _hard(self, tally: RowTally, row: AskedRow, asked: _Asked) -> Gold:
        """Return what is right once the gold articles are gone: to say that nothing is there."""
        unknown = Gold()
        if not row.gold.answers:
            tally.miss("without gold: no right answer is given to look for elsewhere")
            return unknown
        if any(contains(row.gold.answers, hit.article.text) for hit in asked.hits):
            tally.miss("without gold: another article holds the answer")
            return unknown
        return Gold(expects="no_answer")

    # What is found

    def _find(self, tally: RowTally, row: AskedRow, question: Question) -> None:
        if not row.gold.articles:
            if row.gold.expects != "no_answer":
                tally.miss("retrieval: no article is named as the one that answers")
            return
        if not self.by:
            tally.miss("retrieval: nothing is embedded to search by meaning")
            return
        for by in self.by:
            found = self._search(question, by, per_article=1)
            # The one ranking that was asked for bears the plain names.
            suffix = _SUFFIX[by] if len(self._way.by) > 1 else ""
            rank(tally, [keys_of(hit.article) for hit in found], row.gold, suffix)
        self._find_passages(tally, row, question)

    def _find_passages(self, tally: RowTally, row: AskedRow, question: Question) -> None:
        """Rank passages: of the gold articles, those that hold the gold words or the answer."""
        telling = row.gold.quotes or row.gold.answers
        if not telling:
            tally.miss("retrieval: no words are given that the passage holds")
            return
        found = self._search(question, self.by[0], per_article=3)
        passages = [
            keys_of(hit.article) if contains(telling, hit.text) else frozenset[str]()
            for hit in found
        ]
        rank(tally, passages, row.gold, ":passages")

    def _search(self, question: Question, by: By, *, per_article: int) -> Sequence[Hit]:
        return self._archive.search(
            Search(
                text=question.text,
                k=DEPTH,
                by=by,
                filters=question.filters,
                per_article=per_article,
            )
        )


def _document(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as `ask --json` prints it, and with each citation its article's file."""
    document: dict[str, Any] = to_json(outcome)
    for shown, citation in zip(document["citations"], outcome.citations, strict=True):
        shown["file"] = citation.article.file
    return document
