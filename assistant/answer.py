"""What flows through the assistant: Question -> Draft(Claims) -> Answer | Listing | NoAnswer.

Nothing renders a Draft. Only an Answer, whose claims carry verdicts, a Listing of articles or a
NoAnswer reaches a person. The JSON shape of each is `to_json`, the contract of docs/interface.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from ingest.article import Article, Filters, Hit, ListedArticle, Notice, Order, PartKind, Story

if TYPE_CHECKING:  # an answer does not need an archive's stores to be read
    from ingest.archive.query import Condition, Query

Mode = Literal["auto", "quotes", "written"]
Spoken = Literal["quotes", "written"]
Degree = Literal["supported", "partly", "unsupported", "contradicted"]
ClaimVerdict = Literal["verbatim"] | Degree
ConflictKind = Literal["conflict", "correction", "update"]
PrintedVerdict = Literal["exact", "altered", "absent"]
QuoteVerdict = Literal["exact", "normalised", "altered", "absent", "misattributed"]
Reason = Literal[
    "empty_archive",
    "nothing_found",
    "not_enough",
    "only_in_comments",
    "only_after_as_of",
    "only_in_retracted",
    "about_the_future",
    "other_year",
    "not_a_question",
]

Wants = Literal[
    "answer", "list", "count", "first", "latest", "compare", "quote", "readers", "about_archive",
    "background", "check",
]  # fmt: skip
"""What a question wants: sentences, unless it is a list, a count, a first or the archive itself."""

IN_WORDS: Mapping[Reason, str] = {
    "empty_archive": "The archive is empty.",
    "nothing_found": "The archive does not say: nothing that was found in it answers this.",
    "not_enough": "The archive does not say: it has articles on the subject, but none of them "
    "answers this.",
    "only_in_comments": "The archive does not say: only readers’ comments speak of it, and they "
    "are not reporting.",
    "only_after_as_of": "The archive does not say: on the day asked about, nothing on this had "
    "been published yet.",
    "only_in_retracted": "The archive does not say: what it had on this was retracted.",
    "about_the_future": "The archive does not say: that was still to come when the last of its "
    "articles was printed, and none of them foretells it.",
    "other_year": "The archive does not say: it has articles on the subject, but of another year.",
    "not_a_question": "There is nothing in this to look for.",
}
"""What is said where the archive does not say."""

NOT_SAID = "The archive does not say."
"""What is said before why there was nothing to be searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether its answer is that the archive does not say."""
        return self.answer.startswith((NOT_SAID, *IN_WORDS.values()))


class Asking(TypedDict, total=False):
    """How a question may be asked, by name, wherever one may be.

    `literal` searches the words as they stand: nothing of the history, no time they name.
    `asker` is the id of the key that asks; the record keeps it.
    """

    mode: Mode | None
    filters: Filters | None
    history: Sequence[Turn]
    id: str | None
    literal: bool
    asker: str | None


_SHORT = timedelta(days=100)

_LEAST_SLACK = 3
"""Days within which news of an event is printed, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days that a question names, both inclusive; None is open.

    `only` says that the question asks for what was printed then. Else it names when something
    happened, which may be told later too: such articles are preferred, and nothing is left out.
    """

    words: str
    since: date | None
    until: date | None
    only: bool = False

    @property
    def printed_until(self) -> date | None:
        """The last day on which news of it is likely printed: a quarter of its length later."""
        if self.until is None or self.only:
            return self.until
        length = (self.until - self.since).days + 1 if self.since else 0
        return _days_after(self.until, max(_LEAST_SLACK, length // 4))

    @property
    def short(self) -> bool:
        """Whether being printed then says much: a year's articles are about anything."""
        ends = self.since, self.until
        return ends[0] is not None and ends[1] is not None and ends[1] - ends[0] < _SHORT

    def holds(self, day: date | None) -> bool:
        """Tell whether an article of a day is likely of this time."""
        return self._until(day, self.printed_until)

    def names(self, day: date | None) -> bool:
        """Tell whether a day is within the time itself."""
        return self._until(day, self.until)

    def told_within(self, day: date | None) -> bool:
        """Tell whether a day is within the time or the few days in which news of it is told."""
        last = _days_after(self.until, _LEAST_SLACK) if self.until else None
        return self._until(day, last)

    def _until(self, day: date | None, last: date | None) -> bool:
        early = self.since is not None and day is not None and day < self.since
        return day is not None and not early and (last is None or day <= last)


def _days_after(day: date, days: int) -> date:
    return min(date.max, day) if date.max - day < timedelta(days=days) else day + timedelta(days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a question wants, and of what: told by rules, or by a model.

    `query` are the words that are searched; `names` are to be printed as they stand; `parts` are
    the sides of a comparison or the questions in a question. `since`, `until` and `outlets` are
    what its own words leave out. `listed` says that articles are wanted, in `order`, and no
    sentences. `corrected` says what was searched for what was typed.
    """

    wants: Wants = "answer"
    query: str = ""
    since: date | None = None
    until: date | None = None
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    listed: bool = False
    order: Order = "date"
    by: Literal["rules", "model"] = "rules"
    corrected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that stands alone, with what was understood from its words and its history.

    `topic` are words of the history that say what it is about, `period` the time that it names.
    `query` has operators, which bind; `literal`: its words are taken as they stand. `sides` answer
    it instead: of a comparison, each with their `subject`. `talk` was said before it.
    """

    text: str
    asked: str
    filters: Filters = field(default_factory=Filters)
    mode: Mode = "auto"
    speakers: tuple[str, ...] = ()
    topic: str = ""
    period: Period | None = None
    query: "Query | None" = None
    literal: bool = False
    understood: Mapping[str, object] = field(default_factory=dict)
    id: str | None = None
    plan: Plan = field(default_factory=Plan)
    sides: tuple["Question", ...] = ()
    subject: str = ""
    talk: tuple[Turn, ...] = ()

    @property
    def must(self) -> "Condition | None":
        """What an article has to hold exactly."""
        return self.query.must if self.query else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact words of an article that a claim rests on: `article.text[start:end]`.

    The words are looked up, so a citation cannot say what its article does not.
    """

    n: int
    article: Article
    part: PartKind
    start: int
    end: int
    story: Story
    notices: tuple[Notice, ...] = ()

    @property
    def text(self) -> str:
        """The cited words, exactly as printed."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stretch of a hit that a drafted claim rests on, before it has a number."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its words, as printed."""
        return self.hit.article.text[self.start : self.end]


def cite(evidence: Evidence, n: int) -> Citation:
    """Return the citation of a stretch of an article."""
    hit = evidence.hit
    part = hit.article.part_at(evidence.start)
    return Citation(
        n=n,
        article=hit.article,
        part=part.part if part else "body",
        start=evidence.start,
        end=evidence.end,
        story=hit.story,
        notices=hit.notices,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """A sentence that somebody or some model wrote, and what it says it rests on.

    `faults` says what is already known to be wrong with its words, `miscited` what with its markers
    ("cites [7], which does not exist"): other evidence may be found for it.
    `day` is the day it is told under, in an answer that tells what happened in its order;
    `paraphrase` that words stood in quotation marks which no source prints, and lost them.
    """

    text: str
    evidence: tuple[Evidence, ...]
    speaker: str | None = None
    verbatim: bool = False
    paraphrase: bool = False
    faults: tuple[str, ...] = ()
    miscited: tuple[str, ...] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Claims that nobody has checked yet."""

    mode: Spoken
    claims: tuple[DraftClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words in quotation marks within a claim, and whether its sources print them so."""

    text: str
    verdict: QuoteVerdict
    citation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether its evidence supports a claim: decided once, used by all.

    `score` is the probability (0..1) that it does, .5 the line between supported and not; None
    where nobody read. `read_by` says who read: "model:NAME", "onnx:NAME", or "words" where nobody
    reads and near copies alone stand; "guard" where a guard turned the claim away unread.
    `reason` says in words why a claim does not stand. It rests most on `span` of the evidence
    numbered `source` (from 0), in characters of that article's text, or of the text itself where
    the evidence is a text alone.
    """

    score: float | None
    verdict: Degree
    read_by: str
    reason: str | None = None
    source: int | None = None
    span: tuple[int, int] | None = None

    @property
    def stands(self) -> bool:
        """Whether the claim is supported."""
        return self.verdict == "supported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A checked sentence of an answer. `at` is its place in the answer's text.

    `day` is the day it is told under, where the answer tells what happened in its order;
    `paraphrase` that its writer quoted words that no source prints: they are not quoted. What is
    printed word for word has no `judgement`: it was looked up.
    """

    text: str
    at: tuple[int, int]
    verdict: ClaimVerdict
    citations: tuple[int, ...]
    score: float | None = None
    judgement: Judgement | None = None
    speaker: str | None = None
    quotes: tuple[Quote, ...] = ()
    paraphrase: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """A sentence that was not let out, and why; with its judgement where it came to one."""

    text: str
    reason: str
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two citations that do not say the same about one thing, the earlier first.

    Of kind "correction", the later one was printed to correct the earlier; of kind "update", it
    goes on with what the earlier one told, and they are not at odds.
    """

    about: str
    citations: tuple[int, int]
    kind: ConflictKind = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was searched: how many articles, of which days, how much of it by meaning (0..1).

    `nothing` says why filters leave no article, or what matches none; `warnings` what was missed.
    """

    articles: int
    since: date | None
    until: date | None
    embedded: float
    understood: Mapping[str, object] = field(default_factory=dict)
    nothing: str | None = None
    plan: Plan | None = None
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceCost:
    """What it cost to judge one written sentence, on average."""

    calls: float
    tokens: float | None
    ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCost:
    """Who read the claims of an answer, and what reading cost.

    `calls` are those to a language model, `tokens` theirs as far as its server told, `ms` the
    milliseconds of all reading, added up: finding the sentences that answer is read too.
    `sentences` is how many were judged, `a_sentence` what one cost, None where none was.
    """

    read_by: str
    calls: int
    tokens: int | None
    ms: int
    sentences: int = 0
    a_sentence: SentenceCost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What fits a question besides what is shown: sentences of what was read, and articles.

    `query` lists those articles: they hold all of its words.
    """

    sentences: int
    articles: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A checked answer: every claim has a verdict and points at the words it rests on."""

    question: str
    mode: Spoken
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    searched: Searched
    omitted: tuple[Omitted, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    faithfulness: float | None = None
    warnings: tuple[Notice, ...] = ()
    id: str | None = None
    record_id: str | None = None
    seconds: float = 0.0
    reading: ReadingCost | None = None
    more: More | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The archive does not say: a result, with what was searched and what came nearest."""

    question: str
    mode: Spoken
    text: str
    reason: Reason
    nearest: tuple[Citation, ...]
    searched: Searched
    warnings: tuple[Notice, ...] = ()
    id: str | None = None
    record_id: str | None = None
    seconds: float = 0.0
    reading: ReadingCost | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Nothing is claimed."""
        return ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Nothing is cited."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The articles that a question asks for, a page of them, and how many they are in all.

    `total` counts copies of one dispatch once; `first` and `last` are by day. `next` is where the
    next page begins, None where there is none. `facets` count articles, copies too.
    """

    question: str
    text: str
    articles: tuple[ListedArticle, ...]
    total: int
    total_with_copies: int
    searched: Searched
    first: ListedArticle | None = None
    last: ListedArticle | None = None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next: str | None = None
    warnings: tuple[Notice, ...] = ()
    id: str | None = None
    record_id: str | None = None
    seconds: float = 0.0
    reading: ReadingCost | None = None

    @property
    def mode(self) -> Spoken:
        """Nothing is written: what is shown of an article is printed there."""
        return "quotes"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Nothing is claimed but how many there are."""
        return ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Articles are listed, no words of theirs cited."""
        return ()


Outcome = Answer | Listing | NoAnswer


def figures(outcome: Outcome) -> dict[str, str | int]:
    """Return what may be counted of an outcome: none of its words."""
    kinds = {Answer: "answer", Listing: "list"}
    return {
        "mode": outcome.mode,
        "outcome": outcome.reason if isinstance(outcome, NoAnswer) else kinds[type(outcome)],
        "said": len(outcome.claims),
        "left_out": len(outcome.omitted) if isinstance(outcome, Answer) else 0,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """Step: the question as it will be searched."""

    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Step: the hits that will be read, and what was searched."""

    hits: tuple[Hit, ...]
    searched: Searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Step: one checked sentence, with the citations it uses."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """Step: the answer of quotations, which stands until a model has written another."""

    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Step: the outcome, whole."""

    outcome: Outcome


Step = Understood | Found | Meanwhile | Said | Finished
