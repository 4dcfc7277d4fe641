"""Read what was found for a question: which sentences may answer, whether they do, or why not."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import NoAnswer, Question, Reason, Spoken
from assistant.compose.answering import Enquiry, ReadQuestion
from assistant.compose.chronology import told_in_order
from assistant.find import cross_lingual
from assistant.find.answerability import THRESHOLD, confidence, signs
from assistant.find.candidates import Candidate, candidates, of_its_own, read_question
from assistant.find.comments_on import comments_on, in_comments
from assistant.find.necessary import lacking
from assistant.find.no_answer import in_the_future, in_words, nearest
from assistant.find.operators import of_the_marks
from assistant.find.rank import nearer_first, read_through
from assistant.find.retrieve import retrieve
from assistant.find.side_told import of_side, tells_of_side
from assistant.find.spelling import spelled
from assistant.find.unmatched import printed_nowhere
from assistant.history import Scribe
from assistant.understand.subquestions import leans
from ingest import spans
from ingest.archive import Archive
from ingest.article import Filters, Hit

_HALF = 0.5


class Enquiries:
    """Questions put to an archive. Safe from several threads.

    `threshold` is the confidence from which what was found is enough; None for the default.
    """

    def __init__(self, archive: Archive, threshold: float | None) -> None:
        self._archive = archive
        self._least = THRESHOLD if threshold is None else threshold

    def begin(self, question: Question, scribe: Scribe, began: float) -> Enquiry:
        """Return a question with what was found for it."""
        question = spelled(self._archive, question)
        with spans.span("understand"):
            asked = read_question(self._archive, question)
        found = retrieve(self._archive, question)
        return Enquiry(question=question, asked=asked, found=found, began=began, scribe=scribe)

    def read(self, enquiry: Enquiry, *, part: bool = False) -> ReadQuestion:
        """Return the sentences that may answer a question, or a part of one, and whether they do.

        Where nobody reads, those of a part that leans must hold a word of it.
        """
        said = self.candidates(enquiry)
        said = of_the_marks(enquiry.question, enquiry.found.hits, said)
        if part and leans(enquiry.question) and not enquiry.scribe.reader.reads:
            said = of_its_own(self._archive, enquiry.question, said)
        if enquiry.question.plan.wants == "readers":
            return ReadQuestion(enquiry=enquiry, said=said, enough=bool(said))
        for some, abroad in nearer_first(_of_its_year(said)):
            told = self._ranked(enquiry, told_in_order(enquiry, some))
            # What somebody said stands in the sentence itself.
            speech = enquiry.asked.speech
            held = ((one.own if speech else one.holds) for one in told if one.foreign)
            near = not abroad or max(held, default=0.0) >= _HALF
            if near and self._settled(enquiry, told, enquiry.found.hits):
                return ReadQuestion(enquiry=enquiry, said=told, enough=True, foreign=abroad)
        foreign = cross_lingual.sentences(self._archive, enquiry.question, enquiry.found.hits)
        if max((one.own for one in foreign), default=0.0) >= self._least:
            return ReadQuestion(enquiry=enquiry, said=foreign, enough=True, foreign=True)
        return ReadQuestion(enquiry=enquiry, said=[*said, *foreign], enough=False)

    def candidates(
        self, enquiry: Enquiry, hits: Sequence[Hit] | None = None, filters: Filters | None = None
    ) -> list[Candidate]:
        """Return the sentences that may answer; readers' comments alone where these are asked."""
        asked, question = enquiry.asked, enquiry.question
        hits = enquiry.found.hits if hits is None else hits
        said = candidates(self._archive, asked, hits)
        if question.plan.wants == "readers":
            return comments_on(self._archive, question, asked, hits, said)
        if (within := filters or question.filters).comments:
            said += in_comments(self._archive, question, asked, hits, within)
        return of_side(self._archive, question, said) if question.subject else said

    def no_answer(self, enquiry: Enquiry, said: Sequence[Candidate]) -> NoAnswer:
        """Return that the archive does not say, and why."""
        outcome = self.nothing(enquiry, self._reason(enquiry, said), "quotes", said)
        nowhere = printed_nowhere(self._archive, enquiry.question)
        if not nowhere:
            return outcome
        told = {**outcome.searched.understood, "nowhere": nowhere}
        return replace(outcome, searched=replace(outcome.searched, understood=told))

    def nothing(
        self, enquiry: Enquiry, reason: Reason, mode: Spoken, said: Sequence[Candidate] = ()
    ) -> NoAnswer:
        """Return that there is no answer, for a reason that is known."""
        return NoAnswer(
            question=enquiry.question.asked,
            mode=mode,
            text=in_words(reason, enquiry.found.searched.nothing),
            reason=reason,
            nearest=tuple(nearest(said, enquiry.asked)),
            searched=enquiry.found.searched,
            warnings=enquiry.found.warnings,
            id=enquiry.question.id,
            seconds=enquiry.seconds,
        )

    def _ranked(self, enquiry: Enquiry, said: Sequence[Candidate]) -> list[Candidate]:
        with spans.span("read"):
            reader = enquiry.scribe.reader
            return read_through(enquiry.question, enquiry.asked, said, reader)

    def _enough(self, said: Sequence[Candidate], hits: Sequence[Hit]) -> bool:
        return confidence(signs(said, hits, self._archive.counts.embedder)) >= self._least

    def _settled(self, enquiry: Enquiry, told: Sequence[Candidate], hits: Sequence[Hit]) -> bool:
        """Tell whether what was found is enough, and what has to stand there does."""
        if enquiry.asked.in_year:
            # How near a lead of another year is says nothing.
            of_it = {one.hit.article.article_id for one in told}
            hits = [hit for hit in hits if hit.article.article_id in of_it]
        about = (self._archive, enquiry.question, enquiry.asked, told)
        enough = self._enough(told, hits) and not lacking(*about)
        return enough or tells_of_side(*about)

    def _reason(self, enquiry: Enquiry, said: Sequence[Candidate]) -> Reason:
        filters = enquiry.question.filters
        covered = enquiry.found.searched
        if filters.as_of and self._would(enquiry, replace(filters, as_of=None)):
            return "only_after_as_of"
        if not covered.articles:
            return "nothing_found" if covered.nothing else "empty_archive"
        if not filters.comments and self._would(enquiry, replace(filters, comments=True)):
            return "only_in_comments"
        retracted = enquiry.found.retracted
        if retracted and self._answers(enquiry, retracted, filters):
            return "only_in_retracted"
        return self._why_not_told(enquiry, said)

    def _why_not_told(self, enquiry: Enquiry, said: Sequence[Candidate]) -> Reason:
        whole = self._archive.counts.covered(Filters(collections=enquiry.question.filters.held))
        if in_the_future(enquiry.question, enquiry.asked, whole.until):
            return "about_the_future"
        if self._told_of_another_year(enquiry, said):
            return "other_year"
        return "not_enough" if signs(said, ()).article >= _HALF else "nothing_found"

    def _told_of_another_year(self, enquiry: Enquiry, said: Sequence[Candidate]) -> bool:
        """Tell whether what was found would answer, had the question named no year."""
        if not any(one.other_year for one in said):
            return False
        asked, hits = enquiry.asked.of_any_year, enquiry.found.hits
        anywhen = replace(enquiry, asked=asked)
        told = candidates(self._archive, asked, hits)
        return self._settled(anywhen, self._ranked(anywhen, told), hits)

    def _would(self, enquiry: Enquiry, filters: Filters) -> bool:
        """Tell whether the archive would answer under other filters."""
        found = retrieve(self._archive, replace(enquiry.question, filters=filters))
        return self._answers(enquiry, found.hits, filters)

    def _answers(self, enquiry: Enquiry, hits: Sequence[Hit], filters: Filters) -> bool:
        said = told_in_order(enquiry, _of_its_year(self.candidates(enquiry, hits, filters)))
        return self._settled(enquiry, self._ranked(enquiry, said), hits)


def _of_its_year(said: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what is told of another year than the one that a question names."""
    return [one for one in said if not one.other_year]
