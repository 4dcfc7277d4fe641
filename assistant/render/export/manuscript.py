"""What is exported, whatever the format: paragraphs with notes, the articles cited, and a table.

Notes are numbered anew in each export, and `label` sets them apart from those of another: two
answers pasted together keep their own sources.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Literal, Protocol

from assistant.answer import Answer, Citation, Claim, Conflict, NoAnswer
from assistant.factcheck.findings import (
    CheckedDraft,
    CheckedName,
    CheckedQuotation,
    CheckedSentence,
)
from assistant.render import phrasing, speech_phrasing
from assistant.render.factcheck_text import summary
from assistant.speech_results import QuoteFound, Sayings, Sighting
from ingest.article import Article, Notice, Story

Style = Literal["plain", "strong", "emphasis"]
BlockKind = Literal["paragraph", "quotation", "heading", "item"]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptNote:
    """A footnote: what it says, and the address of the article that it cites."""

    n: int
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptRun:
    """Words of a paragraph, and the numbers of the notes behind them."""

    text: str
    style: Style = "plain"
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptBlock:
    """A paragraph."""

    runs: tuple[ManuscriptRun, ...]
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A document before it has a format."""

    title: str
    blocks: tuple[ManuscriptBlock, ...]
    notes: tuple[ManuscriptNote, ...]
    articles: tuple[Article, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    label: str = field(init=False)

    def __post_init__(self) -> None:
        told = [self.title, *(note.text for note in self.notes)]
        told += [article.article_id for article in self.articles]
        digest = blake2b("\0".join(told).encode("utf-8", "surrogatepass"), digest_size=3)
        object.__setattr__(self, "label", digest.hexdigest())


class ListedEntry(Protocol):
    """An article in a list."""

    @property
    def article(self) -> Article:
        """The article."""

    @property
    def lead(self) -> str:
        """A line of its own that tells what it is about."""

    @property
    def story(self) -> Story:
        """The dispatch that it prints."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What must be said of it."""


class ListedArticles(Protocol):
    """A list of articles, and what it is a list of."""

    @property
    def question(self) -> str:
        """What was asked for."""

    @property
    def text(self) -> str:
        """What the list is, in words."""

    @property
    def articles(self) -> Sequence[ListedEntry]:
        """The articles, in their order."""


Finding = CheckedQuotation | CheckedSentence | CheckedName
Exportable = Answer | NoAnswer | CheckedDraft | Sayings | QuoteFound | ListedArticles


def manuscript(value: Exportable) -> Manuscript:
    """Return what may be exported of an outcome, a list, statements or a checked draft."""
    if isinstance(value, Answer):
        return _answer(value)
    if isinstance(value, NoAnswer):
        return _no_answer(value)
    if isinstance(value, CheckedDraft):
        return _draft(value)
    if isinstance(value, Sayings):
        return _sayings(value)
    if isinstance(value, QuoteFound):
        return _quote(value)
    return _listing(value)


class ExportNotes:
    """The notes of one export, numbered as they are first used."""

    def __init__(self) -> None:
        self.notes: list[ManuscriptNote] = []
        self.articles: dict[str, Article] = {}

    def add(self, text: str, article: Article | None = None) -> int:
        """Return the number of a note, the same for the same words."""
        url = article.url if article else None
        if article:
            self.articles.setdefault(article.article_id, article)
        for note in self.notes:
            if (note.text, note.url) == (text, url):
                return note.n
        self.notes.append(ManuscriptNote(n=len(self.notes) + 1, text=text, url=url))
        return len(self.notes)

    def cite(self, citation: Citation, before: str = "") -> int:
        """Return the number of the note that says where words were printed."""
        return self.add(before + source(citation), citation.article)

    def bound(
        self,
        title: str,
        blocks: Iterable[ManuscriptBlock],
        header: Sequence[str],
        rows: Iterable[Sequence[Cell]],
    ) -> Manuscript:
        """Return the manuscript of some paragraphs with these notes."""
        written = tuple(blocks)
        return Manuscript(
            title=title,
            blocks=written,
            notes=tuple(self.notes),
            articles=tuple(self.articles.values()),
            header=tuple(header),
            rows=tuple(map(tuple, rows)),
        )


def source(citation: Citation) -> str:
    """Return in a line where words were printed, the words, and what must be said of them."""
    article = citation.article
    pieces = [f"“{' '.join(article.title.split())}”, {phrasing.imprint(citation)}."]
    if article.authors:
        pieces.insert(0, f"{', '.join(article.authors)}:")
    if citation.part == "comment":
        pieces.append(f"{phrasing.commenter(citation)}, not reporting.")
    pieces.append(" ".join(citation.text.split()))
    printed = phrasing.printed_by(citation.story)
    pieces += [f"{printed}."] if printed else []
    pieces += [f"Note: {notice.text}" for notice in citation.notices]
    return " ".join(pieces)


def _line(text: str, *notes: int, style: Style = "plain") -> ManuscriptBlock:
    return ManuscriptBlock(runs=(ManuscriptRun(text=text, style=style, notes=notes),))


# --- answers ----------------------------------------------------------------------------------

CLAIMS: tuple[str, ...] = (
    "claim", "verdict", "score", "speaker", "source", "outlet", "date", "url", "printed",
    "article_id", "version", "start", "end",
)  # fmt: skip


def _answer(answer: Answer) -> Manuscript:
    notes = ExportNotes()
    return notes.bound(answer.question, answer_blocks(answer, notes), CLAIMS, claim_rows(answer))


def answer_blocks(answer: Answer, notes: ExportNotes) -> list[ManuscriptBlock]:
    """Return the paragraphs of an answer, their sources among the notes."""
    return [*_said(answer, notes), *_footing(answer, notes), *_closing(answer)]


def claim_rows(answer: Answer) -> list[tuple[Cell, ...]]:
    """Return a row for each claim of an answer and each of its sources."""
    return [
        (phrasing.bare(claim), claim.verdict, claim.score, claim.speaker, *_cells(citation))
        for claim in answer.claims
        for citation in phrasing.cited(claim, answer.citations)
    ]


def _cells(citation: Citation) -> tuple[Cell, ...]:
    article = citation.article
    return (
        article.title, article.outlet, _day(article), article.url, " ".join(citation.text.split()),
        article.article_id, article.version, citation.start, citation.end,
    )  # fmt: skip


def _said(answer: Answer, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    for stretch in phrasing.stretches(answer):
        if isinstance(stretch, Answer):
            yield from _written(stretch, notes)
        else:
            yield from _quoted(answer, stretch, notes)


def _quoted(answer: Answer, claim: Claim, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    if claim.day:
        yield _line(phrasing.day(claim.day), style="strong")
    cited = phrasing.cited(claim, answer.citations)
    runs = [ManuscriptRun(text=phrasing.bare(claim))]
    runs += [
        ManuscriptRun(text=f" — {phrasing.attribution(claim, one)}", notes=(notes.cite(one),))
        for one in cited
    ]
    yield ManuscriptBlock(runs=tuple(runs), kind="quotation")


def _written(answer: Answer, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    """Yield the lines of what is written, a note for each marker in them."""
    numbered = {citation.n: citation for citation in answer.citations}
    ends = {claim.at[1]: claim for claim in answer.claims}
    runs: list[ManuscriptRun] = []
    at = 0
    for run in phrasing.runs(answer):
        at += len(run.text)
        if run.cites:
            runs.append(ManuscriptRun(text="", notes=(notes.cite(numbered[run.cites]),)))
        else:
            first, *more = run.text.split("\n")
            runs.append(ManuscriptRun(text=first))
            for line in more:
                yield ManuscriptBlock(runs=tuple(runs))
                runs = [ManuscriptRun(text=line)]
        if run.claim and run.claim is ends.get(at):
            doubts = phrasing.doubts(run.claim)
            runs += [ManuscriptRun(text=f" ({doubt})", style="emphasis") for doubt in doubts]
    yield ManuscriptBlock(runs=tuple(runs))


def _footing(answer: Answer, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    for missing in phrasing.gaps(answer.warnings)[0]:
        yield _line(missing.text)
    for conflict in answer.conflicts:
        yield from _conflict(answer, conflict, notes)
    for told in (phrasing.independence(answer.citations), phrasing.left_out(answer.omitted)):
        if told:
            yield _line(told)


def _conflict(answer: Answer, conflict: Conflict, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    yield _line(f"{phrasing.CONFLICT[conflict.kind]}:")
    for words, citation in phrasing.sides(conflict, answer.citations):
        run = ManuscriptRun(
            text=f"{phrasing.imprint(citation)}: {words}", notes=(notes.cite(citation),)
        )
        yield ManuscriptBlock(runs=(run,), kind="item")


def _closing(outcome: Answer | NoAnswer) -> Iterator[ManuscriptBlock]:
    for notice in phrasing.gaps(outcome.warnings)[1]:
        yield _line(f"Note: {notice.text}")
    for told in (*phrasing.understood(outcome.searched), phrasing.searched_line(outcome.searched)):
        yield _line(told, style="emphasis")


def _no_answer(outcome: NoAnswer) -> Manuscript:
    notes = ExportNotes()
    blocks = no_answer_blocks(outcome, notes)
    return notes.bound(outcome.question, blocks, CLAIMS, nearest_rows(outcome))


def nearest_rows(outcome: NoAnswer) -> list[tuple[Cell, ...]]:
    """Return a row for each place that came nearest to an answer."""
    return [("", outcome.reason, None, None, *_cells(one)) for one in outcome.nearest]


def no_answer_blocks(outcome: NoAnswer, notes: ExportNotes) -> list[ManuscriptBlock]:
    """Return the paragraphs that say that there is no answer, and what came nearest."""
    blocks = [_line(phrasing.why_not(outcome))]
    step = phrasing.what_next(outcome)
    blocks += [_line(step)] if step else []
    blocks += [_line("What came nearest:")] if outcome.nearest else []
    for one in outcome.nearest:
        told = f"“{one.article.title}”, {phrasing.imprint(one)}"
        run = ManuscriptRun(text=told, notes=(notes.cite(one),))
        blocks.append(ManuscriptBlock(runs=(run,), kind="item"))
    return [*blocks, *_closing(outcome)]


# --- lists, statements and quotations ---------------------------------------------------------

_ARTICLES = (
    "title", "outlet", "date", "authors", "section", "url", "lead", "copies", "article_id",
)  # fmt: skip
_PLACE = ("date", "outlet", "source", "url", "article_id", "version", "start", "end")
_STATEMENTS = (
    "speaker", "speaker_as_printed", "words", "kind", "denied", "hedged", "again", *_PLACE,
)  # fmt: skip
_SIGHTINGS = ("found", "words", "difference", "speaker", *_PLACE)


def _listing(listed: ListedArticles) -> Manuscript:
    notes = ExportNotes()
    blocks = listed_blocks(listed, notes)
    rows = [
        (entry.article.title, entry.article.outlet, _day(entry.article),
         "; ".join(entry.article.authors), entry.article.section, entry.article.url, entry.lead,
         entry.story.copies, entry.article.article_id)
        for entry in listed.articles
    ]  # fmt: skip
    return notes.bound(listed.question, blocks, _ARTICLES, rows)


def listed_blocks(listed: ListedArticles, notes: ExportNotes) -> list[ManuscriptBlock]:
    """Return the paragraphs of a list, an article each."""
    blocks = [_line(listed.text)] if listed.text else []
    for entry in listed.articles:
        article = entry.article
        told = "; ".join([_where(article), *(f"Note: {one.text}" for one in entry.notices)])
        number = notes.add(told, article)
        title = ManuscriptRun(text=article.title or entry.lead, style="strong")
        lead = f" {entry.lead}" if article.title and entry.lead != article.title else ""
        runs = (title, ManuscriptRun(text=f" ({_imprint(article)}){lead}", notes=(number,)))
        blocks.append(ManuscriptBlock(runs=runs, kind="item"))
    return blocks


def listed_rows(listed: ListedArticles) -> list[tuple[Cell, ...]]:
    """Return a row for each article of a list, among those of claims."""
    return [
        ("", "listed", None, None, entry.article.title, entry.article.outlet, _day(entry.article),
         entry.article.url, entry.lead, entry.article.article_id, entry.article.version, None, None)
        for entry in listed.articles
    ]  # fmt: skip


def _day(article: Article) -> str | None:
    return article.date.isoformat() if article.date else None


def _sayings(said: Sayings) -> Manuscript:
    notes = ExportNotes()
    blocks: list[ManuscriptBlock] = []
    rows: list[tuple[Cell, ...]] = []
    for n, one in enumerate(said.statements, said.numbered_from):
        article, start, end = one.article, one.statement.start, one.statement.end
        words = " ".join(article.text[start:end].split())
        told = [_where(article), *(f"Note: {n.text}" for n in one.notices)]
        told += [again] if (again := speech_phrasing.printed_again(one)) else []
        told += [speech_phrasing.changed_since(c) for c in said.changes if c.number == n]
        manner = ", ".join(speech_phrasing.manner(one))
        runs = (
            ManuscriptRun(text=f"{phrasing.day(article.date)}: ", style="strong"),
            ManuscriptRun(text=f"“{words}”" if one.statement.direct else words),
            ManuscriptRun(text=f" — {one.speaker or 'nobody named'} ({manner})"),
            ManuscriptRun(text="", notes=(notes.add("; ".join(told), article),)),
        )
        blocks.append(ManuscriptBlock(runs=runs, kind="item"))
        rows.append((
            one.speaker, one.as_printed, words, one.manner, *map(_yes, (one.denied, one.hedged)),
            one.again, *_place(article, start, end),
        ))  # fmt: skip
    blocks += [_line(f"Note: {notice.text}") for notice in said.warnings]
    told_of = [speech_phrasing.shown_of(said), phrasing.searched_line(said.searched)]
    blocks += [_line(line, style="emphasis") for line in told_of]
    return notes.bound(speech_phrasing.whose_words(said), blocks, _STATEMENTS, rows)


def _quote(found: QuoteFound) -> Manuscript:
    notes = ExportNotes()
    blocks = [_line(speech_phrasing.printed_where(found))]
    blocks += [_sighting(one, notes) for one in found.appearances]
    if found.nearest:
        blocks.append(_line(speech_phrasing.NEAREST, style="strong"))
        blocks += [_sighting(one, notes) for one in found.nearest]
    blocks += [_line(f"Note: {notice.text}") for notice in found.warnings]
    blocks.append(_line(phrasing.searched_line(found.searched), style="emphasis"))
    rows = [_seen("altered" if one.differences else "exact", one) for one in found.appearances]
    rows += [_seen("nearest", one) for one in found.nearest]
    return notes.bound(f"“{found.words}”", blocks, _SIGHTINGS, rows)


def _sighting(one: Sighting, notes: ExportNotes) -> ManuscriptBlock:
    cited = one.citation
    who = f"{one.speaker}, in " if one.speaker else ""
    runs = [
        ManuscriptRun(text=" ".join(cited.text.split())),
        ManuscriptRun(text=f" — {who}{phrasing.imprint(cited)}", notes=(notes.cite(cited),)),
    ]
    if one.differences:
        runs.append(ManuscriptRun(text=f" ({speech_phrasing.marked(one)})", style="emphasis"))
    return ManuscriptBlock(runs=tuple(runs), kind="item")


def _seen(how: str, one: Sighting) -> tuple[Cell, ...]:
    cited = one.citation
    difference = speech_phrasing.marked(one) if one.differences else None
    words = " ".join(cited.text.split())
    return (how, words, difference, one.speaker, *_place(cited.article, cited.start, cited.end))


def _place(article: Article, start: int, end: int) -> tuple[Cell, ...]:
    return (
        _day(article), article.outlet, article.title, article.url, article.article_id,
        article.version, start, end,
    )  # fmt: skip


def _yes(told: bool) -> str:
    return "yes" if told else ""


def _imprint(article: Article) -> str:
    return f"{article.outlet or 'outlet unknown'}, {phrasing.day(article.date)}"


def _where(article: Article) -> str:
    by = f"{', '.join(article.authors)}: " if article.authors else ""
    return f"{by}“{' '.join(article.title.split())}”, {_imprint(article)}"


# --- drafts -----------------------------------------------------------------------------------

_FINDINGS = (
    "kind", "text", "verdict", "told", "start", "end", "source", "outlet", "date", "url",
    "printed", "article_id", "version", "printed_start", "printed_end",
)  # fmt: skip


def _draft(draft: CheckedDraft) -> Manuscript:
    """Return a draft with a note behind each thing that was found of it."""
    notes = ExportNotes()
    ends: dict[int, list[int]] = {}
    rows: list[tuple[Cell, ...]] = []
    for kind, one in _findings(draft):
        told = _told(one)
        cited = () if isinstance(one, CheckedName) else one.citations
        head = f"{kind.capitalize()} {one.verdict}" + (f": {told}. " if told else ". ")
        numbers = [notes.cite(citation, head) for citation in cited] or [notes.add(head.strip())]
        ends.setdefault(one.end, []).extend(numbers)
        row: tuple[Cell, ...] = (kind, one.text, one.verdict, told, one.start, one.end)
        empty: tuple[Cell, ...] = (None,) * 9
        rows += [(*row, *_cells(citation)) for citation in cited] or [(*row, *empty)]
    title = f"Checked: {draft.name}" if draft.name else "A checked draft"
    blocks = [_line(summary(draft), style="emphasis"), *_paragraphs(draft.text, ends)]
    return notes.bound(title, blocks, _FINDINGS, rows)


def _findings(draft: CheckedDraft) -> Iterator[tuple[str, Finding]]:
    """Yield what is told of a draft in its order; of names, those that are not the usual ones."""
    odd = [one for one in draft.names if one.verdict != "usual"]
    found: list[tuple[str, Finding]] = [
        *(("quotation", one) for one in draft.quotations),
        *(("sentence", one) for one in draft.sentences),
        *(("name", one) for one in odd),
    ]
    yield from sorted(found, key=lambda pair: (pair[1].end, pair[1].start))


def _told(one: Finding) -> str:
    if isinstance(one, CheckedQuotation):
        return one.difference or ""
    if isinstance(one, CheckedName):
        return f"usually {one.usual}" if one.usual else "not in this archive"
    return (one.judgement.reason if one.judgement else None) or ""


def _paragraphs(text: str, ends: dict[int, list[int]]) -> Iterator[ManuscriptBlock]:
    at = 0
    for line in text.split("\n"):
        stop = at + len(line)
        edges = sorted({at, stop, *(end for end in ends if at < end <= stop)})
        runs = [
            ManuscriptRun(text=text[a:b], notes=tuple(ends.get(b, ()))) for a, b in pairwise(edges)
        ]
        if line.strip():
            yield ManuscriptBlock(runs=tuple(runs))
        at = stop + 1
