"""What the archive has on a draft: each article looked up once, and kept as it is compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answer import Citation, Evidence, cite
from ingest.archive import Archive, Search
from ingest.archive.query import AnyOf, PhraseIs
from ingest.archive.search import By
from ingest.article import EVIDENCE, Article, Filters, Hit, Statement
from ingest.language.normalise import Folded, find, fold
from ingest.language.quotations import Quotation, quotations, quoted_within
from ingest.language.sentences import sentences
from ingest.language.speech.statements import statements
from ingest.language.word_edges import whole_words

_RUN = 4
"""Words of a run that is looked up exactly."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def telling_runs(words: str) -> Iterator[str]:
    """Yield the first, middle and last words of a text: who altered one left another."""
    spans = [found.span() for found in _WORD.finditer(words)]
    last = max(0, len(spans) - _RUN)
    for first in sorted({0, last // 2, last}) if spans else ():
        yield words[spans[first][0] : spans[min(len(spans), first + _RUN) - 1][1]]


@dataclass(frozen=True, kw_only=True)
class ComparedArticle:
    """An article that something of a draft may stand in."""

    hit: Hit

    @property
    def article(self) -> Article:
        """The article."""
        return self.hit.article

    @property
    def text(self) -> str:
        """Its text."""
        return self.hit.article.text

    @cached_property
    def folded(self) -> Folded:
        """Its text as it is compared."""
        return fold(self.text)

    @cached_property
    def evidence(self) -> list[tuple[int, Folded]]:
        """The parts that a claim may rest on, as they are compared, and where each begins."""
        return [
            (part.start, fold(self.text[part.start : part.end]))
            for part in self.article.parts
            if part.part in EVIDENCE
        ]

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """What it quotes."""
        return quotations(self.text)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Who says what in it."""
        return statements(self.text, self.article.parts)

    def places(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield where it prints whole words, however they are written there, as evidence."""
        for start, end in find(words, self.folded):
            if self.is_evidence(start, end) and whole_words(self.text, start, end):
                yield start, end

    def is_evidence(self, start: int, end: int) -> bool:
        """Tell whether a claim may rest on a stretch: no comment, nothing that recurs."""
        return any(
            part.part in EVIDENCE and part.start <= start and end <= part.end
            for part in self.article.parts
        )

    def sentence_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the sentence that a stretch is, but for its stop; None where it is part of one.

        What is quoted is nobody's sentence but the speaker's.
        """
        part = self.article.part_at(start)
        for first, last in sentences(self.text, part.start, part.end) if part else []:
            if first == start and end <= last:
                whole = not self.text[end:last].strip(" .…")
                return (first, last) if whole and self.quotation_at(start, end) is None else None
        return None

    def quotation_at(self, start: int, end: int) -> int | None:
        """Return the index of the quotation that holds a stretch, None where none does."""
        for n, one in enumerate(self.quotations):
            if one.start <= start and end <= one.end + 1:
                return n
        return None

    def speaker_at(self, start: int, end: int) -> Statement | None:
        """Return the direct statement that a stretch stands in, None where it is in none.

        What a speaker quotes is no statement of theirs.
        """
        for said in self.statements:
            if said.direct and said.start < end and start < said.end:
                quoted = quoted_within(self.text, (said.start, said.end), start, end)
                return None if quoted else said
        return None


class DraftEvidence:
    """The articles that are read for one draft, and the citations made of them.

    `missed` is what could not be searched by meaning, in words.
    """

    def __init__(self, archive: Archive, filters: Filters) -> None:
        self.archive = archive
        self._filters = filters
        self.missed: set[str] = set()
        self._articles: dict[str, ComparedArticle] = {}
        self._citations: list[Citation] = []

    @property
    def articles(self) -> list[ComparedArticle]:
        """Every article that was found so far."""
        return list(self._articles.values())

    def hits(self, text: str, *, k: int, by: By = "both", per_article: int = 1) -> list[Hit]:
        """Return the passages that fit best and may be evidence."""
        return self._kept(
            Search(text=text, k=k, by=by, filters=self._filters, per_article=per_article)
        )

    def _kept(self, search: Search) -> list[Hit]:
        found = [
            hit
            for hit in self.archive.search(replace(search, missed=self.missed))
            if not hit.retracted and hit.passage.part in EVIDENCE
        ]
        for hit in found:
            self._articles.setdefault(hit.article.article_id, ComparedArticle(hit=hit))
        return found

    def compared(self, text: str, *, k: int, by: By = "both") -> list[ComparedArticle]:
        """Return the articles that fit best."""
        return self._once(self.hits(text, k=k, by=by))

    def printing(self, runs: Sequence[str], *, k: int) -> list[ComparedArticle]:
        """Return articles that print one of several runs of words, however common those are."""
        if not runs:
            return []
        must = AnyOf(parts=tuple(PhraseIs(text=run) for run in runs))
        search = Search(text=" ".join(runs), must=must, k=k, by="words", filters=self._filters)
        return self._once(self._kept(search))

    def _once(self, hits: Sequence[Hit]) -> list[ComparedArticle]:
        ids = [hit.article.article_id for hit in hits]
        return [self._articles[one] for one in dict.fromkeys(ids)]

    def of(self, hit: Hit) -> ComparedArticle:
        """Return a hit's article."""
        return self._articles.setdefault(hit.article.article_id, ComparedArticle(hit=hit))

    def cite(self, hit: Hit, start: int, end: int) -> Citation:
        """Return the citation of a stretch: its number is the same wherever it is cited."""
        for kept in self._citations:
            same = kept.article.article_id == hit.article.article_id
            if same and (kept.start, kept.end) == (start, end):
                return kept
        made = cite(Evidence(hit=hit, start=start, end=end), len(self._citations) + 1)
        self._citations.append(made)
        return made
