"""What requests may hold: the schema of each verb."""

from datetime import date
from datetime import date as Day  # noqa: N812 - a field below is named date
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic import model_validator as validated

from assistant.answer import Mode, Turn
from assistant.ask import Sort
from assistant.factcheck.draft_text import LONGEST, DraftText, markdown, plain, read_draft
from assistant.render.export import ExportFormat
from ingest.archive.browse import FACETS, FacetField
from ingest.archive.search import By
from ingest.archive.watches import Wanted, WatchKind
from ingest.article import Filters, Order


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int | dict) else value


ONE_OR_MORE = BeforeValidator(_listed)
"""A list, or the one thing that would stand in it."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(max_length=100), ONE_OR_MORE]
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Id = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=100_000)]
FARTHEST = 1000
"""How far down its hits a search may be paged: no ranking is read much deeper."""
As = Annotated[ExportFormat | None, Field(alias="as", description="answer with a file of it")]
Facets = Annotated[
    list[FacetField], Field(max_length=len(get_args(FacetField))), ONE_OR_MORE
]  # fmt: skip
Count = Annotated[int, Field(ge=0, le=2**31)]


class RequestBody(BaseModel):
    """A request's body: what is not in the schema is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersBody(RequestBody):
    """Which articles may be used; days are inclusive, an empty list means any."""

    since: date | None = Field(default=None, alias="from", description="not before this day")
    until: date | None = Field(default=None, alias="to", description="not after this day")
    as_of: Annotated[date | None, Field(description="as the archive stood that day")] = None
    outlet: Names = []
    language: Annotated[Names, Field(description="en, uk, ...")] = []
    section: Names = []
    collection: Names = []
    comments: Annotated[bool, Field(description="readers' comments too, marked")] = False

    def filters(self) -> Filters:
        """Return the same as the assistant takes it."""
        return Filters(
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            outlets=tuple(self.outlet),
            languages=tuple(self.language),
            sections=tuple(self.section),
            collections=tuple(self.collection),
            comments=self.comments,
        )


class TurnBody(RequestBody):
    """One earlier exchange of the conversation."""

    question: Annotated[str, StringConstraints(max_length=4000)]
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""

    def turn(self) -> Turn:
        """Return the same as the assistant takes it."""
        return Turn(question=self.question, answer=self.answer)


class AskBody(RequestBody):
    """A question, and how to answer it.

    With `stream`, the steps come as they happen; `literal` takes its words as they stand.
    """

    question: Asked
    mode: Mode | None = None
    filters: FiltersBody = FiltersBody()
    history: Annotated[list[TurnBody], Field(max_length=50), ONE_OR_MORE] = []
    id: Id | None = None
    stream: bool = False
    literal: bool = False
    as_: As = None

    @validated(mode="after")
    def _streamed_or_written(self) -> Self:
        if self.stream and self.as_ is not None:
            raise ValueError("an export is not streamed: leave out stream, or as")
        return self


class SearchBody(RequestBody):
    """A query, and which passages to return: `k` of them, after the first `offset`.

    Its operators bind; `literal` takes its words as they stand. With `facets`, the articles that
    hold all of its words are counted by them.
    """

    query: Asked
    k: Annotated[int, Field(ge=1, le=100)] = 10
    offset: Annotated[int, Field(ge=0, le=FARTHEST)] = 0
    by: By = "both"
    sort: Sort = "relevance"
    facets: Facets = []
    filters: FiltersBody = FiltersBody()
    id: Id | None = None
    literal: bool = False


class SaidBody(RequestBody):
    """Whose statements, or with which words, `k` of them after the first `offset`."""

    speaker: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    k: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=2**31)] = 0
    newest_first: bool = False
    filters: FiltersBody = FiltersBody()
    id: Id | None = None
    as_: As = None

    @validated(mode="after")
    def _somebody(self) -> Self:
        if not self.speaker and not self.words:
            raise ValueError("name a speaker, or words, or both")
        return self


class QuoteBody(RequestBody):
    """Words that somebody remembers, and the articles in which they are looked for."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    filters: FiltersBody = FiltersBody()
    id: Id | None = None
    as_: As = None


class ListBody(RequestBody):
    """Which articles to list: those that hold every word of a query, within the filters.

    `next` is what the page before said; `facets` are what to count the articles by.
    """

    query: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    k: Annotated[int, Field(ge=1, le=100)] = 20
    next: Annotated[str | None, StringConstraints(pattern=r"^\d{1,9}$")] = None
    sort: Order = "date"
    facets: Facets = [*FACETS]
    filters: FiltersBody = FiltersBody()
    id: Id | None = None
    as_: As = None


class ClaimBody(BaseModel):
    """A claim and the numbers of its sources; none means any of them.

    What else a claim of `/v1/ask` holds may stand here and is not read.
    """

    text: Asked
    citations: Annotated[list[Count], Field(max_length=100), ONE_OR_MORE] = []


class SourceBody(BaseModel):
    """What a claim rests on: a span of an article, whose words are looked up, or words alone.

    What else a citation of `/v1/ask` holds may stand here and is not read.
    """

    n: Count | None = None
    article_id: Id | None = None
    version: Count | None = None
    start: Count = 0
    end: Count | None = None
    text: Text | None = None

    @validated(mode="after")
    def _something(self) -> Self:
        if self.article_id is None and self.text is None:
            raise ValueError("give an article_id, or a text")
        return self


class VerifyBody(RequestBody):
    """Claims, or an answer with [n] in its text, and the sources that they are held against.

    Without sources each claim is held against what the archive has on it.
    """

    claims: Annotated[list[ClaimBody], Field(max_length=50), ONE_OR_MORE] = []
    answer: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    sources: Annotated[list[SourceBody], Field(max_length=100), ONE_OR_MORE] = []
    filters: FiltersBody = FiltersBody()

    @validated(mode="after")
    def _one_of(self) -> Self:
        if bool(self.claims) == (self.answer is not None):
            raise ValueError("give claims, or an answer")
        return self


class CheckBody(RequestBody):
    """A draft: its text, or a Word document in base64; `date` is the day that it is of."""

    text: Annotated[str, StringConstraints(max_length=LONGEST)] | None = None
    docx: Annotated[Base64Bytes | None, Field(max_length=14_000_000)] = None
    format: Literal["text", "markdown"] = "text"
    date: Annotated[Day | None, Field(description="its “yesterday” is told from it")] = None
    filters: FiltersBody = FiltersBody()
    as_: As = None

    @validated(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.docx is None):
            raise ValueError("give text, or docx")
        return self

    def draft(self) -> DraftText:
        """Return the draft. Raises ReadError where it is none that can be read."""
        if self.docx is not None:
            return read_draft(self.docx, "draft.docx")
        return (markdown if self.format == "markdown" else plain)(self.text or "")


class WatchBody(RequestBody):
    """A search to be saved, how it looks, and where what it finds is sent."""

    name: Name
    query: Annotated[str, Field(max_length=4000)] = ""
    kind: WatchKind = "words"
    filters: FiltersBody = FiltersBody()
    webhook: Annotated[str | None, Field(max_length=2000)] = None
    mail: Annotated[list[Name], Field(max_length=10), ONE_OR_MORE] = []

    def wanted(self, filters: Filters) -> Wanted:
        """Return the same as the archive takes it, with filters that hold to who asks."""
        return Wanted(
            name=self.name,
            query=self.query,
            kind=self.kind,
            filters=filters,
            webhook=self.webhook,
            mail=tuple(self.mail),
        )


class RunWatchesBody(RequestBody):
    """Which watches to run: all of the reader's where none is named."""

    names: Annotated[list[Name], Field(max_length=1000), ONE_OR_MORE] = []


class IngestQuery(RequestBody):
    """How to read a file: what it is called, and what its articles do not say themselves."""

    name: Name = "articles.jsonl"
    format: Name = "auto"
    collection: Name | None = None
    outlet: Name | None = None
    ocr: Name | None = None
