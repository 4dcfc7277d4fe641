"""What the verbs answer, for the OpenAPI document: the JSON of docs/interface.md as schemas."""

from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from assistant.answer import (
    ClaimVerdict,
    ConflictKind,
    Degree,
    QuoteVerdict,
    Reason,
    Spoken,
    Wants,
)
from assistant.factcheck.findings import (
    NameVerdict,
    QuotationVerdict,
    SentenceVerdict,
    Unchecked,
)
from assistant.render.export import media_types
from ingest.archive.state import ShardStatus
from ingest.article import Order

_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
STREAMED: dict[str, Any] = {"text/event-stream": {"schema": _EVENT}}

EXPORTED: dict[str, Any] = {
    media: {"schema": {} if media.endswith("json") else {"type": "string", "format": "binary"}}
    for media in media_types()
}
"""What is answered where a request names another format in `as`."""


def ok(shape: object, **more: Any) -> dict[int | str, dict[str, Any]]:
    """Describe what a verb answers; its failures are described for all of them."""
    return {200: {"model": shape, **more}}


class Shape(BaseModel):
    """A document that is answered."""


class ErrorShape(Shape):
    """What failed, in the words of the command line and of OpenAI's clients."""

    kind: str
    message: str
    hint: str | None
    type: str
    code: str
    param: str | None


class ProblemShape(Shape):
    """A failure (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None
    request_id: str | None
    error: ErrorShape


class NoticeShape(Shape):
    """Something that a reader must be told."""

    code: str
    text: str


class StoryShape(Shape):
    """The articles that print one dispatch."""

    id: str
    copies: int
    outlets: list[str]
    article_ids: list[str]
    canonical: str | None


class AboutShape(Shape):
    """What is known of an article."""

    article_id: str
    version: int
    title: str
    title_inferred: bool
    outlet: str | None
    authors: list[str]
    date: str | None
    published_at: str | None
    updated_at: str | None
    url: str | None
    language: str | None
    kind: str | None


class SpanShape(Shape):
    """A stretch of an article's text, in code points."""

    start: int
    end: int
    text: str
    page: int | None = None
    time: str | None = None


class PlaceShape(AboutShape, SpanShape):
    """A stretch of an article that is shown."""

    part: str
    story: StoryShape
    notices: list[NoticeShape]


class CitationShape(PlaceShape):
    """The exact words that a claim rests on."""

    n: int


class HitShape(PlaceShape):
    """A passage that was found."""

    score: float
    by: list[Literal["words", "meaning"]]
    marks: list[SpanShape]


class PlanShape(Shape):
    """What a question was taken to want, and of what."""

    wants: Wants
    query: str
    since: str | None = Field(alias="from")
    to: str | None
    names: list[str]
    outlets: list[str]
    parts: list[str]
    sort: Order | None
    by: Literal["rules", "model"]
    corrected: dict[str, str]


class SearchedShape(Shape):
    """What was searched."""

    articles: int
    since: str | None = Field(alias="from")
    to: str | None
    embedded: float
    understood: dict[str, Any]
    nothing: str | None
    plan: PlanShape | None


class HitsShape(Shape):
    """What `/v1/search` answers."""

    version: Literal[1] = Field(alias="schema")
    id: str | None
    hits: list[HitShape]
    total: int | None
    total_with_copies: int | None
    facets: dict[str, dict[str, int]]
    warnings: list[NoticeShape]
    searched: SearchedShape
    next: int | None


class QuoteShape(Shape):
    """Words in quotation marks within a claim."""

    text: str
    verdict: QuoteVerdict
    citation: int | None


class RestingShape(Shape):
    """The sentence that a claim rests on most, in the article of a citation."""

    citation: int
    start: int
    end: int


class JudgementShape(Shape):
    """How probably its sources support a claim, who read it, and why it does not stand."""

    verdict: Degree
    score: float | None
    read_by: str
    reason: str | None
    rests_on: RestingShape | None


class SentenceCostShape(Shape):
    """What it cost to judge one written sentence, on average."""

    calls: float
    tokens: float | None
    ms: float


class ReadingShape(Shape):
    """Who read the claims of an answer, and what reading cost."""

    read_by: str
    calls: int
    tokens: int | None
    ms: int
    sentences: int
    a_sentence: SentenceCostShape | None


class ClaimShape(Shape):
    """A checked sentence of an answer."""

    text: str
    at: list[int]
    verdict: ClaimVerdict
    score: float | None
    speaker: str | None
    speaker_from: Literal["sentence", "context"] | None
    quotes: list[QuoteShape]
    citations: list[int]
    judgement: JudgementShape | None
    paraphrase: bool


class OmittedShape(Shape):
    """A sentence that was not let out."""

    text: str
    reason: str
    judgement: JudgementShape | None


class ConflictShape(Shape):
    """Two citations that do not agree, or the later of which goes on with the earlier."""

    about: str
    citations: list[int]
    kind: ConflictKind


class _EitherShape(Shape):
    version: Literal[1] = Field(alias="schema")
    id: str | None
    question: str
    mode: Spoken
    text: str
    claims: list[ClaimShape]
    citations: list[CitationShape]
    warnings: list[NoticeShape]
    searched: SearchedShape
    record_id: str | None
    seconds: float
    reading: ReadingShape | None


class MoreShape(Shape):
    """What fits besides what is shown; `query` lists the articles."""

    sentences: int
    articles: int
    query: str


class AnswerShape(_EitherShape):
    """A checked answer."""

    kind: Literal["answer"]
    omitted: list[OmittedShape]
    conflicts: list[ConflictShape]
    updates: list[ConflictShape]
    faithfulness: float | None
    more: MoreShape | None


class ListedArticleShape(AboutShape):
    """An article in a list, and the line that tells what it is about."""

    section: str | None
    lead: str
    copies: int
    newsrooms: int
    related: int
    story: StoryShape
    notices: list[NoticeShape]


class ListShape(_EitherShape):
    """The articles that were asked for, and how many; what `/v1/list` answers."""

    kind: Literal["list"]
    articles: list[ListedArticleShape]
    total: int
    total_with_copies: int
    first: ListedArticleShape | None
    last: ListedArticleShape | None
    facets: dict[str, dict[str, int]]
    next: str | None


class NoAnswerShape(_EitherShape):
    """The archive does not say."""

    kind: Literal["no_answer"]
    reason: Reason
    nearest: list[CitationShape]


class OutcomeShape(RootModel[AnswerShape | ListShape | NoAnswerShape]):
    """What `/v1/ask` answers."""


class VersionShape(Shape):
    """A version of an article."""

    version: int
    seen_at: str
    text_hash: str


class PartShape(Shape):
    """A stretch of an article that is one thing."""

    part: str
    start: int
    end: int
    author: str | None


class ArticleShape(AboutShape):
    """What `/v1/articles/{article_id}` answers; `span` where one is asked for."""

    format: Literal[1] = Field(alias="schema")
    versions: list[VersionShape]
    text: str
    inferred: dict[str, str]
    section: str | None
    rights: str | None
    collection: str | None
    embargo_until: str | None
    metadata: dict[str, Any]
    parts: list[PartShape]
    story: StoryShape | None
    notices: list[NoticeShape]
    span: SpanShape | None = None


class RestsOnShape(SpanShape):
    """The sentence that a claim rests on: `n` of the sources given, or of the archive."""

    n: int | None
    article: AboutShape | None


class VerdictShape(Shape):
    """How far one claim is supported, and who says so."""

    text: str
    verdict: Literal["supported", "partly", "unsupported", "contradicted"]
    score: float | None
    read_by: str
    reason: str | None
    citations: list[int]
    faults: list[str]
    rests_on: RestsOnShape | None


class VerdictsShape(Shape):
    """What `/v1/verify` answers."""

    version: Literal[1] = Field(alias="schema")
    claims: list[VerdictShape]
    faithfulness: float | None
    warnings: list[NoticeShape]


class CheckedQuotationShape(Shape):
    """Words that a draft quotes, and whether they are printed so."""

    text: str
    speaker: str | None
    said_by: str | None
    verdict: QuotationVerdict
    difference: str | None
    start: int
    end: int
    citations: list[CitationShape]


class CarriedPartShape(Shape):
    """Words of a draft's sentence, and which of its citations prints them."""

    words: str
    citation: int


class CheckedSentenceShape(Shape):
    """A factual sentence of a draft, as it was read, and whether it is supported."""

    text: str
    verdict: SentenceVerdict
    judgement: JudgementShape | None
    read_as: str
    start: int
    end: int
    citations: list[CitationShape]
    parts: list[CarriedPartShape]


class CheckedNameShape(Shape):
    """A name in a draft, and how the archive usually writes it."""

    text: str
    verdict: NameVerdict
    usual: str | None
    start: int
    end: int


class UncheckedShape(Shape):
    """A sentence that was not judged, and why."""

    text: str
    reason: Unchecked
    start: int
    end: int


class CheckedShape(Shape):
    """What `/v1/check` answers; `clean` where nothing must be looked at."""

    version: Literal[1] = Field(alias="schema")
    name: str | None
    text: str
    clean: bool
    quotations: list[CheckedQuotationShape]
    claims: list[CheckedSentenceShape]
    names: list[CheckedNameShape]
    unchecked: list[UncheckedShape]
    searched: dict[str, Any]
    warnings: list[NoticeShape]
    read_by: str
    seconds: float


class StatusShape(Shape):
    """What `/v1/status` answers."""

    version: Literal[1] = Field(alias="schema")
    articles: int
    passages: int
    embedded: int
    pending: int
    failed: int
    since: str | None = Field(alias="from")
    to: str | None
    outlets: dict[str, int]
    languages: dict[str, int]
    embedder: str | None
    change: int
    words_at: int
    meaning_at: int
    withheld: dict[str, int] = {}
    shards: list[ShardStatus] = []


class FailedShape(Shape):
    """A record that could not be read."""

    file: str
    where: str
    why: str


class ReportShape(Shape):
    """What `ingest --json` prints."""

    version: Literal[1] = Field(alias="schema")
    read: int
    added: int
    updated: int
    unchanged: int
    copies: int
    failed: list[FailedShape]
    withheld: dict[str, int] = {}
    passages: int
    embedded: int
    pending: int
    seconds: dict[str, float]


class JobShape(Shape):
    """A file on its way into the archive."""

    version: Literal[1] = Field(alias="schema")
    job_id: str
    state: Literal["waiting", "running", "done", "failed"]
    progress: dict[str, int]
    report: ReportShape | None
    problem: ProblemShape | None
    created_at: str
    finished_at: str | None
