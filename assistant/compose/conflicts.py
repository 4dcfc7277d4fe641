"""Sources that do not agree on what was asked, laid side by side, and the later correction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answer import ConflictKind
from assistant.check.reader import ClaimReader
from assistant.compose.relation import Pair, ReportSide, differing_from, fitted, relations
from assistant.find.candidates import Candidate
from assistant.find.rank import asked_of
from ingest.clean.corrections import corrects, is_notice, notice_about

_READ = 6
"""Articles whose best sentence is held against those of the others: 15 pairs at most."""

_ANSWERS = 0.5
"""Probability from which a sentence answers the question."""

_UPDATED = 0.6
"""Probability from which one report is said to go on with the other: little harm is done by it."""

_MOST = 3
"""Conflicts that are shown: more say that the sentences are about different things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sentences that answer, the earlier first, and how they stand to each other."""

    earlier: Candidate
    later: Candidate
    kind: ConflictKind

    @property
    def about(self) -> str:
        """Both sides in words, each with its outlet and day."""
        return "; ".join(f"{_imprint(side)}: {side.text}" for side in (self.earlier, self.later))


def _imprint(candidate: Candidate) -> str:
    article = candidate.hit.article
    day = article.date.isoformat() if article.date else "undated"
    return f"{article.outlet or 'outlet unknown'}, {day}"


def disagreements(
    question: str,
    ranked: Sequence[Candidate],
    copied: Sequence[Candidate],
    reader: ClaimReader,
) -> tuple[Disagreement, ...]:
    """Return where the sentences that answer best do not agree, corrections first.

    `copied` are the sentences of copies of the dispatches that were read: each of them is held
    against its own dispatch alone. Where nobody reads, only corrections are told. Raises what the
    reader raises.
    """
    best = _best_of_each(question, ranked, reader)
    pairs = [_in_time(*two) for two in combinations(best, 2) if two[0].story != two[1].story]
    copies = _best_of_each(question, copied, reader)
    pairs += [_in_time(a, b) for a in best for b in copies if a.story == b.story]
    corrected = [
        Disagreement(earlier=a, later=b, kind="correction") for a, b in pairs if _corrects(b, a)
    ]
    apart = list(_apart(question, pairs, reader)) if reader.reads and fitted(reader) else []
    known = {(one.earlier.place, one.later.place) for one in corrected}
    rest = [one for one in apart if (one.earlier.place, one.later.place) not in known]
    return (*corrected, *rest)[:_MOST]


def _best_of_each(
    question: str, ranked: Sequence[Candidate], reader: ClaimReader
) -> list[Candidate]:
    """Return the best sentence of each of the first articles, where it answers the question."""
    first: dict[str, Candidate] = {}
    for candidate in ranked:
        if candidate.part not in {"comment", "headline"}:
            first.setdefault(candidate.hit.article.article_id, candidate)
    best = list(first.values())[:_READ]
    if not reader.reads:
        return best
    told = reader.answers([asked_of(question, one) for one in best])
    return [one for one, answers in zip(best, told, strict=True) if answers >= _ANSWERS]


def _in_time(one: Candidate, other: Candidate) -> tuple[Candidate, Candidate]:
    days = one.hit.article.date, other.hit.article.date
    return (other, one) if days[0] and days[1] and days[1] < days[0] else (one, other)


def _corrects(later: Candidate, earlier: Candidate) -> bool:
    """Tell whether the later one is a notice about the earlier's article."""
    about, article = notice_about(later.hit.article), earlier.hit.article
    if about is not None and any(notice.text == about.text for notice in earlier.hit.notices):
        return True
    same = later.hit.article.outlet == article.outlet
    return same and is_notice(later.hit.article) and corrects(later.text, article.title)


def _apart(
    question: str, pairs: Sequence[tuple[Candidate, Candidate]], reader: ClaimReader
) -> Iterator[Disagreement]:
    asked = [Pair(question, _report(a), _report(b)) for a, b in pairs]
    told = sorted(
        zip(relations(asked, reader), pairs, strict=True), key=lambda one: -one[0]["conflict"]
    )
    sure = differing_from(reader)
    for found, (earlier, later) in told:
        if found["conflict"] >= sure:
            yield Disagreement(earlier=earlier, later=later, kind="conflict")
        elif found["update"] >= _UPDATED and _later(earlier, later):
            yield Disagreement(earlier=earlier, later=later, kind="update")


def _later(earlier: Candidate, later: Candidate) -> bool:
    first, last = earlier.hit.article.date, later.hit.article.date
    return first is not None and last is not None and first < last


def _report(candidate: Candidate) -> ReportSide:
    article = candidate.hit.article
    return ReportSide(
        text=candidate.text,
        outlet=article.outlet,
        published=article.date,
        headline=article.title,
        language=article.language,
    )
