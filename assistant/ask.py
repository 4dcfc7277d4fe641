"""From a question to a checked outcome: understand, retrieve, quote or write, check."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Literal, Unpack

from assistant.answer import (
    Answer,
    Asking,
    DraftClaim,
    Finished,
    Found,
    Listing,
    Mode,
    More,
    NoAnswer,
    Outcome,
    Question,
    Searched,
    Step,
    Turn,
    Understood,
    figures,
)
from assistant.check import readers
from assistant.check.checker import Checker
from assistant.check.examined_reader import ExaminedReader, chosen
from assistant.check.reader import ClaimReader
from assistant.compose import rewritten, who_said
from assistant.compose.answering import NO_MODEL, Answering, Enquiry, ReadQuestion
from assistant.compose.background import background
from assistant.compose.chronology import asks_for_order, chronology
from assistant.compose.conflicts import Disagreement, disagreements
from assistant.compose.drafted import evidence_of, held_against
from assistant.compose.enquiries import Enquiries
from assistant.compose.extractive import PartRead, quote
from assistant.compose.generative import Refused, Writer
from assistant.compose.judging import in_order
from assistant.compose.listing_words import how_many, listing
from assistant.compose.newest import each_comment, newest_first
from assistant.compose.planning import planned, today
from assistant.compose.who_said import SpeechPage
from assistant.errors import AnswerError, ServiceError
from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import DraftText, plain
from assistant.factcheck.findings import CheckedDraft
from assistant.find import cross_lingual, excerpts
from assistant.find.candidates import Candidate, candidates
from assistant.find.listing import PAGE, Browsing, browsed, browsed_by_names, page_of, wanted
from assistant.find.more import more
from assistant.find.no_answer import not_signed, not_there
from assistant.find.operators import bound
from assistant.find.retrieve import searched, told_once
from assistant.find.spelling import other_readings, spelled, suggested
from assistant.find.suggestions import examples
from assistant.find.told_of import told_of
from assistant.history import Records, Scribe
from assistant.models import llm, prompts
from assistant.settings import Keeping, Planning, Settings
from assistant.speech_results import QuoteFound, Sayings
from assistant.understand.coreference import with_names
from assistant.understand.question import as_query, is_question, understand
from assistant.understand.subquestions import MOST, leans, parts
from ingest import spans
from ingest.archive import Archive, Search
from ingest.archive.browse import FACETS
from ingest.archive.search import By
from ingest.archive.statement_store import Speech
from ingest.article import Filters, Hit

Sort = Literal["relevance", "date"]
_NEAREST = 3


class Assistant:
    """Answers questions from an archive, and from nothing else. Safe from several threads.

    Each answer is kept in `records`, by default as many as the settings say, and told to whoever
    is in `heard`.

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
        self.reader: ClaimReader = chosen(self.settings, self._model)
        self.heard: list[Callable[[Outcome], None]] = []
        self.records = records or Records(archive.papers, most=Keeping().records)
        self._enquiries = Enquiries(archive, self.settings.threshold)
        self._planner = self._model if Planning().plan == "model" else None

    def ask(self, question: str, **how: Unpack[Asking]) -> Outcome:
        """Return an Answer whose every claim is checked, or a NoAnswer."""
        for step in self.steps(question, **how):
            if isinstance(step, Finished):
                return step.outcome
        raise AssertionError("an answer has no end")

    def steps(  # noqa: PLR0913 - what `Asking` names
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002 - the word of the contract
        literal: bool = False,
        asker: str | None = None,
    ) -> Iterator[Step]:
        """Yield Understood, Found, Said for each checked sentence, and Finished at the end.

        Where a model is to write, Meanwhile comes first: the quotations that answer without one.
        `literal` searches the words as they stand: nothing of the history, no time they name.
        """
        began = time.monotonic()
        together = told_of(self.archive, filters)
        history = with_names(question, history, self._aside(filters), together)
        alone = understand(
            question,
            filters=filters,
            history=history,
            today=today(self.archive, filters),
            literal=literal,
            told_of=together,
        )
        asked = replace(bound(self.archive, alone), mode=mode or self.settings.mode, id=id)
        scribe = Scribe(self.archive, self.settings, self.records, history, self.reader, asker)
        understood = (
            asked if literal else planned(self.archive, asked, scribe, self._planner, self.settings)
        )
        with closing(spans.stepwise("answer", self._told(understood, scribe, began))) as steps:
            yield from steps

    def _aside(self, filters: Filters | None) -> Callable[[str, Sequence[Turn]], str]:
        """Return what answers an earlier question, with nothing of it kept or told."""
        aside = copy(self)
        aside.heard, aside.records = [], Records(most=0)
        aside.settings = self.settings.model_copy(update={"mode": "quotes"})
        return lambda asked, turns: aside.ask(asked, filters=filters, history=turns).text

    def _told(
        self, understood: Question, scribe: Scribe, began: float
    ) -> Generator[Step, None, None]:
        spans.note_words(question=understood.asked)
        with closing(self._steps(understood, scribe, began)) as steps:
            for step in map(scribe.follow, steps):
                if isinstance(step, Finished):
                    spans.note(**figures(step.outcome))
                    for hear in self.heard:
                        hear(step.outcome)
                yield step

    def _steps(
        self, understood: Question, scribe: Scribe, began: float
    ) -> Generator[Step, None, None]:
        yield Understood(question=understood)
        if understood.plan.listed:
            yield from self._listed(understood, scribe, began)
            return
        enquiry = self._enquiries.begin(understood, scribe, began)
        yield Found(hits=enquiry.found.hits, searched=enquiry.found.searched)
        if is_question(understood.asked):
            yield from self._corrected(enquiry)
        else:
            yield Finished(outcome=self._enquiries.nothing(enquiry, "not_a_question", "quotes"))

    def search(  # noqa: PLR0913 - what may be said of a search, by name
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
        offset: int = 0,
        literal: bool = False,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Return the passages that fit best, copies of one dispatch once, and what was searched.

        The first `offset` of them are left out. Sorted by date, it is these that are sorted.
        Operators bind (docs/query.md), unless the query is `literal`.
        """
        question = bound(self.archive, as_query(query, filters=filters, literal=literal))
        question = spelled(self.archive, question, suggest=True)
        search = Search(text=question.text, must=question.must, by=by, filters=question.filters)
        hits = told_once(self.archive, search, offset + k)[offset:]
        if sort == "date":
            hits.sort(key=lambda hit: (hit.article.date is None, hit.article.date))
        covered = searched(self.archive, question, by=by, missed=search.missed, hits=hits)
        return tuple(hits), covered

    def check(
        self,
        draft: DraftText | str,
        *,
        filters: Filters | None = None,
        day: date | None = None,
    ) -> CheckedDraft:
        """Hold a draft against the archive: its quotations, its factual sentences, its names.

        `day` is the day that its "yesterday" is told from.

        >>> Assistant(archive).check("“We sail at noon,” said Lucan Tesh.").quotations[0].verdict
        'absent'
        """
        given = plain(draft) if isinstance(draft, str) else draft
        with spans.span("check_draft"):
            return check_draft(given, self.archive, self.reader, filters=filters, day=day)

    def said(
        self, speaker: str | None = None, words: str = "", **how: Unpack[SpeechPage]
    ) -> Sayings:
        """Return what a speaker said, in order of time; of anybody, what holds some words.

        Only what is confirmed to be the speaker's, as in an answer.
        """
        speech = Speech(
            speaker=speaker,
            words=words,
            filters=how.get("filters") or Filters(),
            newest_first=how.get("newest_first", False),
        )
        k, offset = how.get("k", PAGE), how.get("offset", 0)
        return who_said.said(self.archive, self._confirming, speech, k=k, offset=offset)

    def quote(self, words: str, *, filters: Filters | None = None) -> QuoteFound:
        """Return where words are printed, exactly or altered, whose they are, and where first."""
        return who_said.quote(self.archive, self._confirming, words, filters)

    @property
    def _confirming(self) -> ClaimReader:
        """Who confirms speakers: nobody waits for a server to read a page of statements."""
        return readers.small() if self.reader.dear else self.reader

    def browse(self, query: str = "", **how: Unpack[Browsing]) -> Listing:
        """Return a page of the articles that hold every word of a query, copies once.

        Without a query, of all that the filters leave. Words in quotation marks are printed as
        they stand.
        """
        began = time.monotonic()
        literal = how.get("literal", False)
        asked = as_query(query, filters=how.get("filters"), literal=literal)
        question = bound(self.archive, asked)
        plan = wanted(question.query.words if question.query else query, literal=literal)
        question = replace(question, plan=replace(plan, order=how.get("sort", "date")))
        offset, facets = page_of(how.get("next")), how.get("facets", FACETS)
        found = browsed(self.archive, question, k=how.get("k", PAGE), offset=offset, facets=facets)
        told = listing(self.archive, question, found, searched(self.archive, question), offset)
        return replace(told, seconds=round(time.monotonic() - began, 3))

    def examples(self) -> list[str]:
        """Return a few questions that the archive itself answers."""
        return examples(self.archive)

    def _listed(
        self, question: Question, scribe: Scribe, began: float
    ) -> Generator[Step, None, None]:
        """List the articles that a question asks for, or say that there is none."""
        with spans.span("list"):
            question, found = browsed_by_names(self.archive, question)
        if not found.total and question.plan.wants not in {"count", "about_archive"}:
            yield from self._none_listed(question, scribe, began, how_many(question, found))
            return
        covered = searched(self.archive, question)
        yield Found(hits=(), searched=covered)
        told = listing(self.archive, question, found, covered)
        yield Finished(outcome=replace(told, seconds=round(time.monotonic() - began, 3)))

    def _none_listed(
        self, question: Question, scribe: Scribe, began: float, why: str
    ) -> Generator[Step, None, None]:
        enquiry = self._enquiries.begin(question, scribe, began)
        yield Found(hits=enquiry.found.hits, searched=enquiry.found.searched)
        said = self._enquiries.candidates(enquiry)
        outcome = self._enquiries.nothing(enquiry, "nothing_found", "quotes", said)
        text = " ".join(filter(None, [why, outcome.searched.nothing]))
        yield Finished(outcome=replace(outcome, text=text))

    # The two ways to answer

    def _corrected(self, enquiry: Enquiry) -> Iterator[Step]:
        """Answer a question as it was understood; where nothing does, as it may have been meant."""
        outcome: NoAnswer | None = None
        for step in self._answer(enquiry):
            if isinstance(step, Finished) and isinstance(step.outcome, NoAnswer):
                outcome = step.outcome
            else:
                yield step
        if outcome is None:
            return
        if name := enquiry.question.understood.get("no_byline"):
            yield Finished(outcome=not_signed(self.archive, enquiry.question, outcome, str(name)))
            return
        for meant in other_readings(self.archive, enquiry.question):
            again = self._enquiries.begin(meant, enquiry.scribe, enquiry.began)
            *steps, last = list(self._answer(again))
            if isinstance(last, Finished) and isinstance(last.outcome, Answer):
                yield Found(hits=again.found.hits, searched=again.found.searched)
                yield from steps
                yield Finished(outcome=replace(last.outcome, question=enquiry.question.asked))
                return
            outcome = suggested(outcome, meant)
        yield Finished(outcome=outcome)

    def _answer(self, enquiry: Enquiry) -> Iterator[Step]:
        if known := self._known(answering := self._answering(enquiry)):
            yield from answering.quote(known)
            yield Finished(outcome=answering.outcome())
            return
        sides = enquiry.question.sides
        asked = sides or parts(enquiry.question)
        several = [
            self._enquiries.read(
                self._enquiries.begin(part, enquiry.scribe, enquiry.began), part=True
            )
            for part in asked[:MOST]
        ]
        read = several[0] if len(sides) == 1 else self._enquiries.read(enquiry)
        there = [part for part in several if part.enough]
        there = there or ([read] if read.enough and not sides else [])
        if not there and not self._understands(enquiry):
            yield Finished(outcome=self._enquiries.no_answer(enquiry, read.said))
            return
        if there:
            dropped = [part.enquiry.question for part in several if not part.enough]
            answering.warnings += [not_there(part) for part in (*dropped, *asked[MOST:])]
        yield from self._said(answering, read, there)

    def _answering(self, enquiry: Enquiry) -> Answering:
        return Answering(
            enquiry=enquiry,
            checker=Checker(enquiry.scribe.reader),
            attributing=self._at_hand(enquiry),
            warnings=[*enquiry.found.warnings],
        )

    def _known(self, answering: Answering) -> list[DraftClaim]:
        """Return what answers besides a search: a draft's evidence, remembered words, stories."""
        question = answering.enquiry.question
        if question.plan.wants == "check":
            checked = self.check(question.plan.query, filters=question.filters)
            answering.warnings += held_against(checked)
            return evidence_of(checked)
        look_up = partial(self.quote, filters=question.filters)
        told = who_said.remembered(question, look_up, self.settings.sentences)
        written = question.mode != "quotes" and self._model is not None
        if told or question.plan.wants != "background" or written:
            return told
        return background(self.archive, question)

    def _said(
        self, answering: Answering, read: ReadQuestion, there: Sequence[ReadQuestion]
    ) -> Iterator[Step]:
        """Write what answers each of the parts that are there, or quote it, and compare.

        Where none is there, a model that reads says whether what was found answers.
        """
        enquiry = answering.enquiry
        if any(part.foreign for part in (read, *there)):
            answering.warnings.append(cross_lingual.NOTICE)
        elif enquiry.question.mode != "quotes" and self._model is not None:
            if there:
                yield from self._answering(enquiry).meanwhile(self._quoted(read, there))
            written = self._write(answering, there or [read], self._model)
            yield from spans.stepwise("write", written)
            if not answering.claims and (not there or answering.refused):
                outcome = self._declined(answering, read.said, unsure=not there)
                yield Finished(outcome=outcome)
                return
        elif enquiry.question.mode == "written":
            answering.warnings.append(NO_MODEL)
        if there and (not answering.claims or answering.failed):
            yield from answering.quote(answering.unsaid(self._quoted(read, there)))
        yield from answering.compare(self._apart(read))
        held = enquiry.question.filters.held
        answer = rewritten.told(self.archive, answering.outcome(), held)
        yield Finished(outcome=replace(answer, more=self._more(answering, read)))

    def _more(self, answering: Answering, read: ReadQuestion) -> More | None:
        """Return what fits besides what is shown, where that is one question's."""
        if read.foreign or len(answering.enquiry.question.sides) > 1:
            return None
        shown = {(c.article.article_id, c.start) for c in answering.checker.citations}
        return more(self.archive, read.enquiry.question, read.enquiry.asked, read.said, shown)

    def _understands(self, enquiry: Enquiry) -> bool:
        """Tell whether a model that passed its examination says if what was found answers.

        It reads; shares of a question's words do not.
        """
        asked = enquiry.question.mode != "quotes" and self._model is not None
        return asked and self.reader.dear and bool(enquiry.found.hits)

    def _declined(
        self, answering: Answering, said: Sequence[Candidate], *, unsure: bool
    ) -> NoAnswer:
        """Return that there is no answer where a model read and none stands."""
        enquiry = answering.enquiry
        if unsure:
            outcome = self._enquiries.no_answer(enquiry, said)
        else:
            outcome = self._enquiries.nothing(enquiry, "not_enough", "written", said)
        return replace(outcome, warnings=tuple(answering.warnings))

    def _apart(self, read: ReadQuestion) -> tuple[Disagreement, ...]:
        """Return where what was read does not agree, or a copy does not with its dispatch."""
        asked, found = read.enquiry.asked, read.enquiry.found
        if read.foreign:
            return ()
        copied = candidates(self.archive, asked, found.copies)
        reader = self._at_hand(read.enquiry)
        return disagreements(read.enquiry.question.text, read.said, copied, reader)

    def _at_hand(self, enquiry: Enquiry) -> ClaimReader:
        """Return who reads what no server is asked about: quotations, and pairs of reports.

        An answer of quotations waits for no model; pairs are many, and what weighs them was
        trained on the small reader.
        """
        return readers.small() if self.reader.dear else enquiry.scribe.reader

    def _quoted(self, read: ReadQuestion, there: Sequence[ReadQuestion]) -> Iterator[DraftClaim]:
        """Yield the sentences that answer: in their order, of the whole, or of each part."""
        most = self.settings.sentences
        if read.enquiry.question.plan.wants == "readers":
            yield from each_comment(read.said, most=most).claims
            return
        if read.enquiry.question.plan.wants == "latest":
            yield from newest_first(read.enquiry.asked, read.said, most=most).claims
            return
        if asks_for_order(read.enquiry.question):
            draft = chronology(read.enquiry.asked, read.said)
            if draft:
                yield from draft.claims
                return
        several = [
            PartRead(part.enquiry.asked, part.said, leans(part.enquiry.question)) for part in there
        ]
        yield from quote(several, most=most).claims

    def _write(
        self, answering: Answering, there: Sequence[ReadQuestion], model: llm.Model
    ) -> Generator[Step, None, None]:
        """Let the model write; what it leaves undone is for quotations to do."""
        enquiry = answering.enquiry
        answering.mode = "written"
        self._note_who_reads(answering)
        parts = [excerpts.Material(r.enquiry.asked, r.said, r.enquiry.found.hits) for r in there]
        given = excerpts.excerpts(parts, self.settings.budget or model.words)
        model = enquiry.scribe.listening(model)
        writer = Writer(enquiry.question, given, model)
        answering.checker.read = writer.read
        try:
            prompt = enquiry.scribe.used(prompts.load("write", self.settings.prompts))
            drafts = writer.write(prompt, self.settings.sentences)
            with closing(in_order(drafts, answering.judged, ahead=self.reader.dear)) as judged:
                for drafted, judgement in judged:
                    if isinstance(drafted, Refused):
                        answering.refused = True
                    else:
                        yield from answering.settle(drafted, judgement)
            for left_out in answering.checker.omitted[:_REWRITTEN]:
                prompt = enquiry.scribe.used(prompts.load("rewrite", self.settings.prompts))
                yield from answering.say(writer.again(left_out, prompt), left_out)
        except (ServiceError, AnswerError) as error:
            answering.give_up(error)
            return
        if not answering.claims and not answering.refused:
            answering.fall_back("Nothing that the model wrote stood up to the check.")

    def _note_who_reads(self, answering: Answering) -> None:
        """Let a model sit its examination if it has not; warn where it failed."""
        if isinstance(self.reader, ExaminedReader):
            self.reader.begin()
            answering.warnings += filter(None, [self.reader.warning])
            if self.reader.trusted:
                answering.enquiry.scribe.used(self.reader.asked.prompt)


_REWRITTEN = 2
"""Sentences that a model may put right: each costs as much time as a sentence."""
