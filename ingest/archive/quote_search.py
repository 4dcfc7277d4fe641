"""Quote search: where words stand that somebody remembers, letter by letter or nearly.

The index by words names passages, by the rarest words first; whether the words stand there, and
in what they differ, is told by the article's own text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ingest.archive import copies, notices, record
from ingest.archive.catalogue import Catalogue
from ingest.archive.conditions import printed_at
from ingest.archive.queried import Queried
from ingest.archive.query import PhraseIs
from ingest.archive.words import SomeWords, Words
from ingest.article import Article, Filters, Notice, PartKind, Story
from ingest.language.alignment import Alignment, Difference, align, words_of_text
from ingest.language.normalise import fold

QuoteFate = Literal["exact", "altered", "absent"]

ENDS = ".,;:!?…"
"""What may stand at the end of remembered words that is not printed there."""

_MARKS = "\"“”„‟«»「」『』＂‘’‛' \t\r\n"

_ALIKE, _WEIGHED = 0.7, 0.42
"""Share of words, and that times the share of their weight, from which a stretch is the words
altered, not others. Tried on quotations altered by rule (`python -m benchmarks.quotations`)."""

_NEAR = 0.3
"""Share of words from which a stretch is named as what comes nearest."""

_EXACTLY, _LOOSELY = 200, 60
"""Places that are looked up of the words as they are, the earliest, and passages that are read
for what is like them."""

_TELLING = 12
"""The rarest words by which passages are found that may hold something like the words."""

_SHARE = 0.5
"""Share of these that a passage must hold."""

_RUN, _RUNS = 3, 40
"""Words side by side that are looked for as they are: what is remembered wrongly leaves some whole,
also where each of them stands in half of all passages."""

_SHORTEST = 3
"""Words below which nothing is an altered form of anything: "not at all", "no, not at all"."""

_MOST, _NEAREST = 50, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Words that somebody remembers, and in which articles they are looked for."""

    words: str
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A stretch of an article in which the words stand, or something like them.

    `differences` is empty where they stand as they are; `alike` (0..1) is the share of words
    that both have.
    """

    article: Article
    part: PartKind
    start: int
    end: int
    alike: float
    differences: tuple[Difference, ...]
    story: Story
    notices: tuple[Notice, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the words stand there as they are."""
        return not self.differences

    @property
    def text(self) -> str:
        """The words as they are printed."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Where remembered words appear, in order of time, each form of them once a dispatch.

    `nearest` is what comes nearest where they are absent.
    """

    words: str
    fate: QuoteFate
    appearances: tuple[Appearance, ...] = ()
    nearest: tuple[Appearance, ...] = ()

    @property
    def first(self) -> Appearance | None:
        """The first appearance; of the words as they are, where they are printed so anywhere."""
        ranked = sorted(self.appearances, key=lambda one: not one.exact)
        return ranked[0] if ranked else None


class _SearchedText(NamedTuple):
    """A passage with as much of the text around it as the words may reach into."""

    a: int
    start: int
    text: str


class _PrintedAt(NamedTuple):
    a: int
    start: int
    end: int
    alike: float
    differences: tuple[Difference, ...]


def look_up(
    catalogue: Catalogue, words: Words, asked: Remembered, rarity: Callable[[str], float]
) -> Quoted:
    """Return where some words are printed, as they are and altered, or what comes nearest."""
    core = asked.words.strip(_MARKS).rstrip(ENDS).strip(_MARKS)
    if not words_of_text(core):
        return Quoted(words=core, fate="absent")
    search = _Search(catalogue, words, asked.filters, core)
    close, near, again = search.loosely(rarity)
    exact = {(one.a, one.start): one for one in (*search.exactly(), *again)}.values()
    altered = close if len(words_of_text(core)) >= _SHORTEST else []
    found = _shown(catalogue, [*exact, *altered], asked.filters)
    if not found:
        found = _shown(catalogue, [*close, *near][:_NEAREST], asked.filters)
        nearest = tuple(sorted(found, key=lambda one: -one.alike))
        return Quoted(words=core, fate="absent", nearest=nearest)
    kept = sorted(found, key=lambda one: not one.exact)[:_MOST]
    fate: QuoteFate = "exact" if kept[0].exact else "altered"
    return Quoted(words=core, fate=fate, appearances=tuple(sorted(kept, key=_when)))


class _Search:
    """One search for some words."""

    def __init__(self, catalogue: Catalogue, words: Words, filters: Filters, core: str) -> None:
        self._catalogue, self._words = catalogue, words
        self._filters, self._core = filters, core
        self._without = catalogue.embargoed()

    def exactly(self) -> list[_PrintedAt]:
        """Return where the words stand as they are: the earliest places, however many there are."""
        # The best by rank would leave out the first of a phrase that everybody prints.
        asked = PhraseIs(self._core)
        held = Queried(self._catalogue, self._words, asked, self._filters)
        places: list[_PrintedAt] = []
        for a, article in held.fitting(held.earliest_first):
            places += [_PrintedAt(a, *at, 1.0, ()) for at in held.marks(article)]
            if len(places) >= _EXACTLY:
                break
        return places

    def loosely(
        self, rarity: Callable[[str], float]
    ) -> tuple[list[_PrintedAt], list[_PrintedAt], list[_PrintedAt]]:
        """Return where something like the words stands, what is only near, and what is exact.

        Words that run on into another paragraph are found exactly here alone.
        """
        terms = self._words.terms(self._core)
        weights = {
            word.low: max((rarity(term) for term in self._words.terms(word.low)), default=0.4)
            for word in words_of_text(self._core)
        }
        rare = sorted(terms, key=rarity, reverse=True)[:_TELLING]
        least = max(1, round(_SHARE * len(rare)))
        stems = self._words.sequence(self._core)
        runs = [stems[n : n + _RUN] for n in range(min(_RUNS, len(stems) - _RUN + 1))]
        best: dict[int, tuple[bool, float, _PrintedAt]] = {}
        exact: list[_PrintedAt] = []
        for window in self._windows(SomeWords(terms=rare, least=least, runs=runs), _LOOSELY):
            found = align(self._core, window.text, weights)
            if found is None or found.alike < _NEAR:
                continue
            place = self._placed(window, found)
            printed = list(self._printed_in(window))
            exact += printed
            if any(place.start <= one.start < place.end for one in printed):
                continue
            weighed = found.alike * found.covered
            ranked = (found.alike >= _ALIKE and weighed >= _WEIGHED, weighed, place)
            if place.a not in best or ranked[:2] > best[place.a][:2]:
                best[place.a] = ranked
        order = sorted(best.values(), key=lambda one: (-one[1], one[2].a))
        close = [place for sure, _, place in order if sure]
        return close, [place for sure, _, place in order if not sure], exact

    def _printed_in(self, window: _SearchedText) -> Iterator[_PrintedAt]:
        for start, end in printed_at(window.text, self._core):
            yield _PrintedAt(window.a, window.start + start, window.start + end, 1.0, ())

    def _placed(self, window: _SearchedText, found: Alignment) -> _PrintedAt:
        moved = tuple(
            one._replace(at=(one.at[0] + window.start, one.at[1] + window.start))
            for one in found.differences
        )
        start, end = window.start + found.start, window.start + found.end
        if not moved:  # the words are the same, and only their marks are not
            printed = window.text[found.start : found.end]
            moved = (Difference(self._core, printed, (start, end)),)
        return _PrintedAt(window.a, start, end, found.alike, moved)

    def _windows(self, some: SomeWords, most: int) -> list[_SearchedText]:
        found = self._words.holding_some(
            some, "passages", self._filters, k=most, without=self._without
        )
        reach = 2 * len(self._core) + 20
        greatest, least = self._catalogue.database.greatest, self._catalogue.database.least
        rows = self._catalogue.connection.execute(
            "SELECT a, first, part, substr(text, first + 1, last - first) FROM"  # noqa: S608
            f" (SELECT a, part, {greatest}(0, start - ?,"
            ' coalesce((SELECT max("end") FROM passages o'
            " WHERE o.a = p.a AND o.part != p.part AND o.start < p.start), 0)) first,"
            f' {least}("end" + ?, coalesce((SELECT min(start) FROM passages o'
            f" WHERE o.a = p.a AND o.part != p.part AND o.start > p.start), {2**31 - 1})) last"
            f" FROM passages p WHERE p {self._catalogue.any_of}) AS windows"
            " JOIN articles USING (a) JOIN versions USING (a, version)",
            (reach, reach, self._catalogue.many(found)),
        ).fetchall()
        open_ = self._catalogue.findable({a for a, *_ in rows}, self._filters)
        return [
            _SearchedText(a, start, text)
            for a, start, part, text in rows
            if a in open_ and (self._filters.comments or part != "comment")
        ]


def _shown(
    catalogue: Catalogue, places: Sequence[_PrintedAt], filters: Filters
) -> tuple[Appearance, ...]:
    """Look places up, in order of time; each form of the words once a dispatch."""
    articles = dict(catalogue.live({one.a for one in places}))
    stories = copies.stories(catalogue, articles, filters.collections)
    told = notices.of_articles(catalogue, articles, filters.collections)
    found: list[Appearance] = []
    for place in places:
        article = articles[place.a]
        part = article.part_at(place.start)
        if part is None or part.part in {"boilerplate", "repeat"}:
            continue
        if part.part == "comment" and not filters.comments:
            continue
        found.append(
            Appearance(
                article=article, part=part.part, start=place.start, end=place.end,
                alike=place.alike, differences=place.differences,
                story=stories[place.a], notices=told[place.a],
            )
        )  # fmt: skip
    return tuple(_once(sorted(found, key=_when)))


def _when(one: Appearance) -> tuple[tuple[int, str], str, int, int]:
    """Order by time; within an article, what somebody says before what stands over it."""
    published = one.article.published_at
    day = record.day_number(one.article.date)
    at = published.isoformat() if published else None
    above = int(one.part == "headline")
    return record.when(day, at), one.article.article_id, above, one.start


def _once(found: Iterable[Appearance]) -> Iterable[Appearance]:
    seen: set[tuple[str, str]] = set()
    for one in found:
        form = one.story.id, fold(one.text).text
        if form not in seen:
            seen.add(form)
            yield one
