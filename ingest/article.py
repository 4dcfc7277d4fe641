"""What flows through ingest: RawArticle -> Article -> Passage -> Hit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import date as Day  # noqa: N812 - a field below is named date
from typing import Literal

PartKind = Literal[
    "headline",
    "standfirst",
    "body",
    "caption",
    "comment",
    "correction",
    "boilerplate",
    "repeat",
]

EVIDENCE: frozenset[PartKind] = frozenset(
    {"headline", "standfirst", "body", "caption", "correction"}
)
"""Parts that an answer may rest on. Comments only when a question asks for them."""

PASSAGES: frozenset[PartKind] = EVIDENCE | {"comment"}
"""Parts that are cut into passages; boilerplate and repeats are not."""


WITHHELD = datetime(9999, 12, 31, tzinfo=UTC)
"""The embargo of what may not be used until somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawComment:
    """A reader's comment that the source format keeps apart from the article."""

    text: str
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """An article as a reader found it: nothing cleaned, nothing inferred.

    `file` and `where` say where it stands ("dump.jsonl", "line 12"). Dates are the strings
    that were given. `record` tells articles of one file apart when none has an id or a URL.
    `inferred` says how a reader told what the source does not state (its encoding, a date).
    `comments_apart` says that the format keeps comments out of the text, if there are any.
    `status` is "withdrawn" where the format says that the article was killed or retracted,
    "withheld" where it may not be used yet; `corrections` are notices that the format keeps
    apart from the text; `corrects` is the id or URL of an earlier article that this one
    corrects, replaces or kills.
    """

    file: str
    where: str = ""
    record: str = ""
    text: str = ""
    title: str | None = None
    standfirst: str | None = None
    comments: tuple[RawComment, ...] = ()
    comments_apart: bool = False
    captions: tuple[str, ...] = ()
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    kind: str | None = None
    id: str | None = None
    embargo_until: str | None = None
    rights: str | None = None
    collection: str | None = None
    status: Literal["withdrawn", "withheld"] | None = None
    corrections: tuple[str, ...] = ()
    corrects: str | None = None
    inferred: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of an article's text that is one thing: `text[start:end]`, code points."""

    part: PartKind
    start: int
    end: int
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a citation of the article must carry: a correction, an inferred field."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    r"""An article as it was printed, its parts spans over `text`.

    `text` is NFC with line ends made one ("\n"), otherwise untouched; a given headline is its
    first line. `parts` are in order and do not overlap. `inferred` says of each field that was
    not given how it was told ({"title": "first sentence of the body"}). `date` is the day of
    publication; `published_at` is set only where a time was given too. `retracted` says
    that its format says so; `corrects` are ids, any of which may be that of the article that
    this one corrects.
    """

    article_id: str
    key: str
    version: int
    text: str
    parts: tuple[Part, ...]
    title: str
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    date: Day | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    kind: str | None = None
    embargo_until: datetime | None = None
    rights: str | None = None
    collection: str | None = None
    retracted: bool = False
    corrects: tuple[str, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
    file: str = ""
    where: str = ""

    def part_at(self, at: int) -> Part | None:
        """Return the part that holds the character `at`, None between the parts."""
        return next((part for part in self.parts if part.start <= at < part.end), None)

    def page_at(self, at: int) -> int | None:
        """Return the printed page that holds the character `at`, None where none is known."""
        begun = [page for page, start in self.pages if start <= at]
        return begun[-1] if begun else None

    @property
    def pages(self) -> list[tuple[int, int]]:
        """The printed pages that are known, each with the character at which it begins."""
        return _pages(self.metadata.get("pages"))

    def column_at(self, at: int) -> int | None:
        """Return the column of its page that holds the character `at`, None where none is known."""
        begun = [place for place in _columns(self.metadata.get("columns")) if place[2] <= at]
        return begun[-1][1] if begun and begun[-1][0] == self.page_at(at) else None

    def time_at(self, at: int) -> str | None:
        """Return when in its recording what holds the character `at` is said: "00:05:12".

        None where the article is no transcript that says so.
        """
        begun = [clock for clock, start in _cues(self.metadata.get("cues")) if start <= at]
        return begun[-1] if begun else None

    @property
    def title_inferred(self) -> bool:
        """Whether the title was told from the text instead of given."""
        return "title" in self.inferred


def _pages(given: object) -> list[tuple[int, int]]:
    """Return each page and where it starts; nothing where a foreign field bears the name."""
    match given:
        case [[int(), 0], *_]:
            rows = [row for row in given if isinstance(row, list | tuple) and len(row) == 2]
            return [(page, start) for page, start in rows if type(page) is type(start) is int]
    return []


def _cues(given: object) -> list[tuple[str, int]]:
    """Return when each paragraph of a recording begins, as `_pages` does its pages."""
    rows = given if isinstance(given, list) else []
    pairs = [row for row in rows if isinstance(row, list | tuple) and len(row) == 2]
    return [(clock, at) for clock, at in pairs if isinstance(clock, str) and type(at) is int]


def _columns(given: object) -> list[tuple[int, int, int]]:
    """Return each column with its page and where it starts, as `_pages` does."""
    match given:
        case [[int(), int(), int()], *_]:
            rows = [row for row in given if isinstance(row, list | tuple) and len(row) == 3]
            return [(p, c, at) for p, c, at in rows if type(p) is type(c) is type(at) is int]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one part of an article that is searched and cited: `text[start:end]`."""

    start: int
    end: int
    part: PartKind
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who said what: spans over an article's text.

    `start:end` is the words that were said, without their quotation marks when `direct`.
    `speaker_at` is the span that names the speaker where it is said ("it", "the ministry");
    `speaker` is that name in full where the text tells it, None where it does not.
    `cue_at` is the span of the word that reports ("said", "according to"). `labelled` says that
    it is a line of a transcript or an interview, whose form tells who speaks. `sure` says that
    the article leaves nobody else: its sentence names the speaker, or what stands before does.
    """

    start: int
    end: int
    direct: bool
    speaker: str | None = None
    speaker_at: tuple[int, int] | None = None
    cue_at: tuple[int, int] | None = None
    labelled: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles that print one dispatch: one witness, however many copies.

    `canonical` is the id of the copy that stands for all: the agency's, else the earliest.
    """

    id: str
    outlets: tuple[str, ...]
    article_ids: tuple[str, ...]
    canonical: str | None = None

    @property
    def copies(self) -> int:
        """How many articles print it."""
        return len(self.article_ids)


By = Literal["words", "meaning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage worth reading. Its words are looked up in the article, never stored twice.

    `nearness` is the cosine of the query to the article's lead; None where that is not known.
    `marks` are the spans of the article's text that a query asked for exactly: its phrases,
    sentences and speakers, as far as they meet the passage.
    """

    article: Article
    passage: Passage
    score: float
    by: tuple[By, ...]
    story: Story
    notices: tuple[Notice, ...] = ()
    nearness: float | None = None
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def retracted(self) -> bool:
        """Whether its article was retracted, and is no evidence."""
        return any(notice.code == "retracted" for notice in self.notices)

    @property
    def text(self) -> str:
        """The passage's words, exactly as printed."""
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search leaves out. Days are UTC and inclusive; an empty tuple means any.

    `since` and `until` leave undated articles out; `as_of` keeps them. `held` are the collections
    that whoever asks is held to: no others are named to them.
    """

    since: Day | None = None
    until: Day | None = None
    as_of: Day | None = None
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    comments: bool = False
    held: tuple[str, ...] = ()


Order = Literal["date", "newest", "relevance", "news"]
"""How a list is ordered: oldest first, newest first, what holds the words best, most told first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article in a list: one line of its own, `lead`, and the dispatch that it prints.

    `newsrooms` is how many outlets tell the event that it tells, `related` how many articles do
    so besides it; both are told only where a time is browsed.
    """

    article: Article
    lead: str
    story: Story
    notices: tuple[Notice, ...] = ()
    newsrooms: int = 1
    related: int = 0
