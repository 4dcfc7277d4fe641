"""A scripted assistant over an invented archive: what `assistant.doors.api` calls a Newsroom."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Unpack

from assistant.answer import (
    Answer,
    Asking,
    Citation,
    Claim,
    Conflict,
    Finished,
    Found,
    Listing,
    Meanwhile,
    Mode,
    NoAnswer,
    Omitted,
    Outcome,
    Question,
    Quote,
    Said,
    Searched,
    Step,
    Turn,
    Understood,
)
from assistant.ask import Sort
from assistant.check.reader import ClaimReader, NearCopies
from assistant.compose.who_said import SpeechPage
from assistant.factcheck.draft_text import DraftText
from assistant.factcheck.findings import CheckedDraft
from assistant.find.listing import Browsing
from assistant.history import Records
from assistant.settings import Settings
from assistant.speech_results import QuoteFound, Sayings
from ingest.archive.originals import PrintedPage, WhyNoPage
from ingest.archive.papers import FolderPapers, Papers
from ingest.archive.search import By
from ingest.archive.shown import Field
from ingest.archive.speaker_profile import SpeakerProfile
from ingest.archive.state import ShardStatus, Status
from ingest.archive.versions import Version
from ingest.article import Article, Filters, Hit, ListedArticle, Notice, Part, Passage, Story
from ingest.errors import ArchiveBusy, MorgueError

QUOTE = "“We will not trade the harbour for promises,” the Ministry of Ports said on Tuesday."
HARBOUR_BODY = (
    "Talks over the harbour at Ostrova ended without a deal. "
    + QUOTE
    + " Its delegation left the same evening.\n\nThe Veld Line, which runs the ferries,"
    " declined to comment."
)
HOSTILE = (
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'> *bold* _it_ `code`"
    " [link](https://evil.example/) ![pic](https://evil.example/x.png) $x^2$ ${window.pwned = 3}"
    " {{constructor}} www.evil.example\n\n# Not a heading\n\n<b>not bold</b> [2] &amp; \x1b[31m end"
)
SEARCHED = Searched(articles=3, since=date(2024, 3, 1), until=date(2024, 3, 12), embedded=1.0)


def article(name: str, title: str, body: str, comment: str = "", **about: object) -> Article:
    """Return an article whose headline is its first line, with a reader's comment at its foot."""
    text = f"{title}\n\n{body}"
    start = len(title) + 2
    parts = [
        Part(part="headline", start=0, end=len(title)),
        Part(part="body", start=start, end=len(text)),
    ]
    if comment:
        at = len(text) + 2
        text = f"{text}\n\n{comment}"
        parts.append(Part(part="comment", start=at, end=len(text), author="dockhand_7"))
    plain = Article(
        article_id=name, key=f"k:{name}", version=1, text=text, parts=tuple(parts), title=title
    )
    return replace(plain, **about)  # type: ignore[arg-type]


HARBOUR = article(
    "a1",
    "Harbour talks collapse",
    HARBOUR_BODY,
    "They sold us out, plain and simple.",
    outlet="The Ostrova Post",
    authors=("Mira Dahl",),
    date=date(2024, 3, 12),
    published_at=datetime(2024, 3, 12, 9, 30, tzinfo=UTC),
    url="https://post.example/harbour?a=1&b=2",
    language="en",
    section="Politics",
)
TIDES = article("a2", "A quiet season", "Few ships came in. The tide tables were late.")
HARBOUR_STORY = Story(
    id="s1", outlets=("The Ostrova Post", "Coast Daily"), article_ids=("a1", "a9")
)


def alone(of: Article) -> Story:
    """Return the story of an article that nobody else printed."""
    return Story(
        id=f"s-{of.article_id}",
        outlets=(of.outlet,) if of.outlet else (),
        article_ids=(of.article_id,),
    )


def citing(n: int, of: Article, words: str, story: Story | None = None) -> Citation:
    """Return a citation of `words`, wherever they stand in the article."""
    start = of.text.index(words)
    part = next(part for part in of.parts if part.start <= start < part.end)
    return Citation(
        n=n,
        article=of,
        part=part.part,
        start=start,
        end=start + len(words),
        story=story or alone(of),
    )


def quoting(question: str, *citations: Citation, speaker: str | None = None) -> Answer:
    """Return an answer that quotes each citation in turn."""
    text, claims = "", []
    for citation in citations:
        text += " " if text else ""
        at = (len(text), len(text) + len(citation.text))
        text += f"{citation.text} [{citation.n}]"
        claims.append(
            Claim(
                text=citation.text,
                at=at,
                verdict="verbatim",
                citations=(citation.n,),
                speaker=speaker,
            )
        )
    return Answer(
        question=question,
        mode="quotes",
        text=text,
        claims=tuple(claims),
        citations=citations,
        searched=SEARCHED,
        seconds=0.0421,
    )


def harbour_answer(question: str = "What did the ministry say?") -> Answer:
    """Return the answer whose one sentence the Ministry of Ports said."""
    cited = citing(1, HARBOUR, QUOTE, HARBOUR_STORY)
    cited = replace(cited, notices=(Notice(code="corrected", text="Corrected on 13 March."),))
    return quoting(question, cited, speaker="Ministry of Ports")


def no_answer(question: str) -> NoAnswer:
    """Return that the archive does not say, with what came nearest."""
    return NoAnswer(
        question=question,
        mode="quotes",
        text="",
        reason="not_enough",
        nearest=(citing(1, TIDES, "Few ships came in."),),
        searched=SEARCHED,
    )


def hostile_answer(question: str) -> Answer:
    """Return an answer whose article tries to be markup everywhere it can."""
    bad = article(
        "a3",
        '"><script>window.pwned = 4</script> *Title*',
        HOSTILE,
        outlet="<img src=x onerror='window.pwned = 5'>",
        authors=("<b>x</b>",),
        url="javascript:window.pwned = 6",
        language='en" onload="window.pwned = 7',
    )
    return quoting(question, citing(1, bad, HOSTILE), speaker="<i>nobody</i>")


def hit(of: Article, score: float = 0.5) -> Hit:
    """Return the article's body as a hit."""
    body = next(part for part in of.parts if part.part == "body")
    return Hit(
        article=of,
        passage=Passage(start=body.start, end=body.end, part="body"),
        score=score,
        by=("words", "meaning"),
        story=alone(of),
    )


def written() -> Answer:
    """Return an answer that a model wrote: one sentence supported, one doubtful."""
    text = "No deal was made [1].\nFew ships came, “many” say [2]."
    return Answer(
        question="What happened?",
        mode="written",
        text=text,
        claims=(
            Claim(text=text[:21], at=(0, 21), verdict="supported", citations=(1,), score=0.9),
            Claim(
                text=text[22:],
                at=(22, len(text)),
                verdict="partly",
                citations=(2,),
                score=0.4,
                quotes=(Quote(text="many", verdict="absent"),),
            ),
        ),
        citations=(
            citing(1, HARBOUR, "Talks over the harbour at Ostrova ended without a deal."),
            citing(2, TIDES, "Few ships came in."),
        ),
        searched=replace(SEARCHED, embedded=0.5, understood={"days": (date(2024, 3, 1),)}),
        omitted=(Omitted(text="The mayor resigned.", reason="no source says it"),),
        conflicts=(Conflict(about="the day", citations=(1, 2)),),
        faithfulness=0.5,
        warnings=(Notice(code="undated", text="One source is undated."),),
        seconds=1.23456,
    )


def broken_off() -> Answer:
    """Return an answer whose model wrote one sentence and died; a quotation stands for the rest."""
    wrote = "No deal was made."
    text = f"{wrote} [1]\n{QUOTE} [2]"
    whole = "Talks over the harbour at Ostrova ended without a deal."
    return Answer(
        question="What happened?",
        mode="written",
        text=text,
        claims=(
            Claim(text=wrote, at=(0, 17), verdict="supported", citations=(1,), score=0.9),
            Claim(
                text=QUOTE,
                at=(22, 22 + len(QUOTE)),
                verdict="verbatim",
                citations=(2,),
                speaker="Ministry of Ports",
            ),
        ),
        citations=(citing(1, HARBOUR, whole), citing(2, HARBOUR, QUOTE)),
        searched=SEARCHED,
        faithfulness=1.0,
    )


_FAILURES = {
    "busy": ArchiveBusy("process 12 is *writing* <b>", "wait for it"),
    "bug": KeyError("a secret path"),
}


@dataclass(frozen=True, kw_only=True)
class Counts(Status):
    """An archive's counts, as `morgue status` tells them."""

    articles: int = 3
    passages: int = 6
    embedded: int = 5
    pending: int = 1
    failed: int = 0
    since: date | None = date(2024, 3, 1)
    until: date | None = date(2024, 3, 12)
    outlets: dict[str, int] = field(default_factory=lambda: {"The Ostrova Post": 2, "Mast": 1})
    languages: dict[str, int] = field(default_factory=lambda: {"en": 3})
    embedder: str | None = None
    change: int = 1
    words_at: int = 1
    meaning_at: int = 0


class NoFiles:
    """The files of articles that were read from none."""

    def page(
        self, article: Article, number: int, spans: Sequence[tuple[int, int]] = ()
    ) -> PrintedPage | WhyNoPage:
        """Return that there is no such page."""
        return "no_page"

    def picture(self, article: Article, number: int) -> bytes:
        """Return no picture."""
        return b""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """An archive of two articles, which counts what it was told to."""

    counts: Counts = field(default_factory=Counts)
    embedder: None = None
    folder: Path = Path("nowhere")
    originals: NoFiles = field(default_factory=NoFiles)
    papers: Papers = field(default_factory=lambda: FolderPapers(Path("nowhere")))

    def status(self, scope: Filters | None = None) -> Counts:
        """Return the counts it was given."""
        return self.counts

    def shards(self) -> list[ShardStatus]:
        """Return no server: it has none of its own."""
        return []

    def readable(
        self, article_id: str, version: int | None = None, *, collections: Sequence[str] = ()
    ) -> Article | None:
        """Return one of two articles."""
        return {"a1": HARBOUR, "a2": TIDES}.get(article_id) if version in {None, 1} else None

    def values(self, field: Field, scope: Filters) -> dict[str, int]:
        """Return outlets as they were counted, and a few of the rest."""
        rest = {"section": {"Politics": 1}, "language": {"en": 3}, "collection": {"city": 3}}
        return self.counts.outlets if field == "outlet" else rest[field]

    def withheld_from(self, text: str, filters: Filters) -> dict[str, int]:
        """Return nothing: none of its articles is under embargo."""
        return {}

    def versions(self, article_id: str) -> list[Version]:
        """Return the one version of an article."""
        return [Version(1, "2024-03-13T00:00:00Z", "00")]

    def story(self, article_id: str, collections: Sequence[str] = ()) -> Story | None:
        """Return the story of an article."""
        return HARBOUR_STORY if article_id == "a1" else None

    def notices(
        self,
        article: Article,
        span: tuple[int, int] | None = None,
        *,
        collections: Sequence[str] = (),
    ) -> list[Notice]:
        """Return what is said of an article: nothing."""
        return []


def listing(query: str = "harbour") -> Listing:
    """Return a list of one article."""
    one = ListedArticle(article=HARBOUR, lead=QUOTE, story=hit(HARBOUR, 0.9).story)
    return Listing(
        question=query,
        text="1 article.",
        articles=(one,),
        total=1,
        total_with_copies=1,
        first=one,
        last=one,
        facets={"outlet": {HARBOUR.outlet or "": 1}},
        searched=SEARCHED,
    )


@dataclass(kw_only=True)
class ScriptedNewsroom:
    """Answers by the question's words: "ministry", "hostile", "readers", "busy", "bug"; else not.

    "slow" waits for the gate after its first sentence, "write" before it, with quotations.
    It notes the filters and histories that it was given.
    """

    archive: Shelf = field(default_factory=Shelf)
    settings: Settings = field(default_factory=lambda: Settings(model="none"))
    heard: list[Callable[[Outcome], None]] = field(default_factory=list)
    records: Records = field(default_factory=lambda: Records(most=0))
    reader: ClaimReader = field(default_factory=NearCopies)
    failure: Exception | None = None
    filters: list[Filters | None] = field(default_factory=list)
    histories: list[list[Turn]] = field(default_factory=list)
    modes: list[Mode | None] = field(default_factory=list)
    literals: list[bool] = field(default_factory=list)
    gate: Event = field(default_factory=Event)

    def ask(self, question: str, **how: Unpack[Asking]) -> Outcome:
        """Return the last step's outcome."""
        *_, last = self.steps(question, **how)
        assert isinstance(last, Finished)
        return last.outcome

    def steps(
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002
        literal: bool = False,
        asker: str | None = None,
    ) -> Iterator[Step]:
        """Play the steps of the scripted outcome, or fail after the second."""
        self.filters.append(filters)
        self.histories.append(list(history))
        self.modes.append(mode)
        self.literals.append(literal)
        outcome = replace(self._outcome(question), id=id)
        yield Understood(question=Question(text=question, asked=question))
        hits = tuple(hit(of) for of in (HARBOUR, TIDES, *(c.article for c in outcome.citations)))
        yield Found(hits=hits, searched=SEARCHED)
        failure = self.failure or _FAILURES.get(question.lower())
        if failure:
            raise failure
        if "write" in question:
            yield Meanwhile(answer=harbour_answer(question))
            self.gate.wait(90)
        for claim in outcome.claims:
            yield Said(claim=claim, citations=outcome.citations)
        if "slow" in question:
            self.gate.wait(90)
        for hear in self.heard:
            hear(outcome)
        yield Finished(outcome=outcome)

    def search(
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
        """Return two hits, or as many as `k` allows."""
        self.filters.append(filters)
        if isinstance(self.failure, MorgueError):
            raise self.failure
        return (hit(HARBOUR, 0.9), hit(TIDES, 0.25))[offset : offset + k], SEARCHED

    def check(
        self, draft: DraftText | str, *, filters: Filters | None = None, day: date | None = None
    ) -> CheckedDraft:
        """Return that nothing in a draft could be checked."""
        self.filters.append(filters)
        text = draft if isinstance(draft, str) else draft.text
        return CheckedDraft(
            text=text, name=None, quotations=(), sentences=(), names=(), unchecked=(),
            searched=SEARCHED, read_by=self.reader.name,
        )  # fmt: skip

    def said(
        self, speaker: str | None = None, words: str = "", **how: Unpack[SpeechPage]
    ) -> Sayings:
        """Return that nobody said anything."""
        self.filters.append(how.get("filters"))
        return Sayings(
            statements=(), numbered_from=how.get("offset", 0) + 1, total=0, left_out=0,
            facets={}, people=(), searched=SEARCHED, profile=SpeakerProfile(),
        )  # fmt: skip

    def quote(self, words: str, *, filters: Filters | None = None) -> QuoteFound:
        """Return that the words are printed nowhere."""
        self.filters.append(filters)
        return QuoteFound(
            words=words, verdict="absent", first=None, appearances=(), nearest=(),
            searched=SEARCHED,
        )  # fmt: skip

    def browse(self, query: str = "", **how: Unpack[Browsing]) -> Listing:
        """Return a list of one article, the harbour's."""
        self.filters.append(how.get("filters"))
        if isinstance(self.failure, MorgueError):
            raise self.failure
        return listing(query)

    def examples(self) -> list[str]:
        """Return three questions."""
        return [
            "What did the ministry say about the harbour?",
            "Who won the regatta?",
            "What is *hostile* <b>here</b>?",
        ]

    def _outcome(self, question: str) -> Outcome:
        if "write" in question:
            return written()
        if "ministry" in question:
            return harbour_answer(question)
        if "hostile" in question:
            return hostile_answer(question)
        if "readers" in question:
            return quoting(question, citing(1, HARBOUR, "They sold us out, plain and simple."))
        return no_answer(question)
