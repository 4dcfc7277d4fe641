"""Whether the archive prints a draft's quotations: exactly, altered, spliced, by another, or not.

A quotation may be shortened with dots, hold words in brackets and go on over "she said": what is
left of it must be printed, in one speech and in its order.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from assistant.check.quotation_guard import names_alike
from assistant.check.same_person import same_person
from assistant.factcheck.draft_evidence import ComparedArticle, DraftEvidence, telling_runs
from assistant.factcheck.findings import CheckedQuotation, QuotationVerdict
from ingest.article import EVIDENCE
from ingest.language import lexicon
from ingest.language.alignment import Alignment, Difference, align, words_of_text
from ingest.language.sentences import sentences
from ingest.language.speech import naming

_ENDS = ".,;:!?…—–- "
_ASKS, _STATES = ("?", "？", "؟"), (".", ",", "!", "。", "،")
_ELLIPSIS = re.compile(r"\s*(?:\[[^\[\]]{0,80}\]|\(\s*(?:\.{3}|…)\s*\)|…|\.\s?\.\s?\.\.?)\s*")
_BRACKETS = re.compile(r"\[([^\[\]]{0,80})\]")
_CLAUSE = re.compile(r"[,;:—–]")
_WORD = re.compile(r"\w+(?:['’]\w+)*")

_BY_WORDS, _READ = 20, 8
"""Articles that are read for a quotation: by its own words, and by its sentence or its speaker."""

_CITED = 3
"""Printings of a quotation that are cited, the earliest first."""

_ALTERED = 0.6
_ALTERED_IN_PROSE = 0.75
"""Share of its words from which a quotation is an altered form of what is printed."""

_SURELY_ALTERED = 0.8
"""Share from which nobody asks whether its pieces are printed apart."""

_LEAST = 3
"""Words that an altered quotation shares with what is printed."""

_PIECE = 4
"""Words of the shortest piece that a spliced quotation is told by."""

_DROPPED = 8
"""Words that may be missing without a mark before two pieces are no longer one passage."""

_NEAR = 60
"""Characters that may stand between two pieces of what is one passage, shortened."""

_LEADS = 4
"""Words before a quotation within which "not" turns it around."""

_Prints = Callable[[str], bool]

_NOT = lexicon.words("negations.particles") | lexicon.words("negations.contracted")
_IF = lexicon.words("hedges.conditions")
_TURNING = _NOT | _IF


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQuotation:
    """Words that a draft quotes, whom it gives them to, and the sentence they stand in.

    `around` is that sentence without the quotation itself.
    """

    words: str
    start: int
    end: int
    around: str
    speaker: str | None = None


class PrintedQuotation(NamedTuple):
    """A place that prints a quotation, how, and what is otherwise there."""

    verdict: QuotationVerdict
    where: ComparedArticle
    start: int
    end: int
    difference: str | None = None


def check_quotation(quoted: DraftQuotation, evidence: DraftEvidence) -> CheckedQuotation:
    """Hold a quotation against the articles that may print it."""
    asked = [evidence.compared(quoted.words, k=_BY_WORDS, by="words")]
    asked.append(evidence.compared(f"{quoted.around} {quoted.words}", k=_READ))
    asked.append(evidence.printing(list(telling_runs(quoted.words)), k=_READ))
    if quoted.speaker:
        asked.append(evidence.compared(quoted.speaker, k=_READ, by="words"))
    articles = {one.article.article_id: one for found in asked for one in found}
    plain = CheckedQuotation(
        text=quoted.words,
        start=quoted.start,
        end=quoted.end,
        verdict="absent",
        speaker=quoted.speaker,
    )
    found = _found(quoted, list(articles.values()))
    if not found:
        return plain
    chosen = _agreeing(quoted, found) or found
    first = chosen[0]
    said = first.where.speaker_at(first.start, first.end)
    checked = replace(
        plain,
        verdict=first.verdict,
        said_by=said.speaker if said else None,
        difference=first.difference,
        citations=tuple(
            evidence.cite(one.where.hit, *_cited(one)) for one in _told_once(chosen)[:_CITED]
        ),
    )
    return _attributed(quoted, checked, first)


def _cited(one: PrintedQuotation) -> tuple[int, int]:
    """Return the sentences that a printed quotation stands in."""
    text, start, end = one.where.text, one.start, one.end
    part = one.where.article.part_at(start)
    spans = sentences(text, part.start, part.end) if part else []
    held = [span for span in spans if span[0] < end and start < span[1]]
    return (held[0][0], held[-1][1]) if held else (start, end)


def _told_once(found: Sequence[PrintedQuotation]) -> list[PrintedQuotation]:
    stories: dict[str, PrintedQuotation] = {}
    for one in found:
        stories.setdefault(one.where.hit.story.id, one)
    return list(stories.values())


def _found(quoted: DraftQuotation, articles: Sequence[ComparedArticle]) -> list[PrintedQuotation]:
    """Return where a quotation is printed, the truest and earliest first."""
    for ways in (_whole, _in_pieces):
        found = [one for article in articles for one in ways(quoted.words, article)]
        if found:
            kept = [_uncut(quoted, one) for one in found]
            return sorted(kept, key=_order)
    altered = sorted(
        (near for one in articles if (near := _altered(quoted.words, one)) is not None),
        key=lambda near: (-near[0], _order(near[1])),
    )
    if not altered or altered[0][0] < _SURELY_ALTERED:
        spliced = _across(quoted.words, articles)
        if spliced:
            return [spliced]
    return [one for _, one in altered]


_RANK = {"exact": 0, "normalised": 1, "altered": 2, "spliced": 3}


def _order(one: PrintedQuotation) -> tuple[int, bool, str, str]:
    day = one.where.article.date
    known = day.isoformat() if day else ""
    return _RANK[one.verdict], day is None, known, one.where.article.article_id


# --- printed in one run -----------------------------------------------------------------------


def _whole(words: str, article: ComparedArticle) -> Iterator[PrintedQuotation]:
    """Yield where an article prints all the words, exactly or in another spelling."""
    core = words.strip().rstrip(_ENDS)
    marks = words.strip()[len(core) :]
    states = marks.endswith(_STATES) and not any(mark in marks for mark in _ASKS)
    for start, end in article.places(core):
        printed = article.text[start : start + len(words.strip())]
        if states and article.text[end:].startswith(_ASKS):
            yield PrintedQuotation("altered", article, start, end, "printed as a question")
            continue
        exact = printed == words.strip() or (
            article.text[start:end] == core and words.strip()[len(core) :] in {"", ",", "."}
        )
        yield PrintedQuotation("exact" if exact else "normalised", article, start, end)


# --- printed in pieces ------------------------------------------------------------------------


def _in_pieces(words: str, article: ComparedArticle) -> Iterator[PrintedQuotation]:
    """Yield where an article prints the pieces between a quotation's dots and brackets."""
    pieces = [one.strip(_ENDS) for one in _ELLIPSIS.split(words)]
    pieces = [one for one in pieces if one]
    marked = len(pieces) > 1 or (bool(pieces) and _ELLIPSIS.search(words) is not None)
    if not marked and len(_WORD.findall(words)) >= 2 * _PIECE:
        pieces = _cut(words, article)
    if not pieces or (not marked and len(pieces) < 2):
        return
    places = _in_order(pieces, article)
    if places is None:
        return
    yield _joined(places, article, marked=marked, kept=not _TURNING.isdisjoint(_bracketed(words)))


def _in_order(pieces: Sequence[str], article: ComparedArticle) -> list[tuple[int, int]] | None:
    """Return where each piece is printed, in their order where they are, nearest together."""
    best: list[tuple[int, int]] | None = None
    for first in article.places(pieces[0]):
        chain = [first]
        for piece in pieces[1:]:
            after = [place for place in article.places(piece) if place[0] >= chain[-1][1]]
            elsewhere = after or list(article.places(piece))
            if not elsewhere:
                return None
            chain.append(elsewhere[0])
        if best is None or _length(chain) < _length(best):
            best = chain
    return best


def _length(chain: Sequence[tuple[int, int]]) -> int:
    return max(end for _, end in chain) - min(start for start, _ in chain)


def _joined(
    places: Sequence[tuple[int, int]], article: ComparedArticle, *, marked: bool, kept: bool
) -> PrintedQuotation:
    """Return the verdict on pieces: one speech shortened, or several made one.

    `kept` says that the draft puts a "not" or an "if" in brackets for what it leaves out.
    """
    start, end = min(place[0] for place in places), max(place[1] for place in places)
    gaps = [(one[1], other[0]) for one, other in pairwise(places)]
    if any(b < a for a, b in gaps) or not all(_one_speech(gap, article) for gap in gaps):
        return PrintedQuotation("spliced", article, start, end, _apart(places, article))
    left = [" ".join(article.text[a:b].split()).strip(" ,") for a, b in gaps]
    lost = next((one for one, gap in zip(left, gaps, strict=True) if _turns(gap, article)), None)
    if lost is not None and not kept:
        return PrintedQuotation("altered", article, start, end, f"without “{lost}”")
    joins = marked or all(_interrupts(gap, article) for gap in gaps)
    if not joins and any(len(_WORD.findall(one)) > _DROPPED for one in left):
        return PrintedQuotation("spliced", article, start, end, _apart(places, article))
    told = "; ".join(f"left out: “{one}”" for one in left if one)
    if joins:
        return PrintedQuotation("normalised", article, start, end, told or None)
    return PrintedQuotation("altered", article, start, end, told or None)


def _apart(places: Sequence[tuple[int, int]], article: ComparedArticle) -> str:
    torn = "; ".join(f"“{' '.join(article.text[a:b].split())}”" for a, b in places)
    return f"printed apart: {torn}"


def _one_speech(gap: tuple[int, int], article: ComparedArticle) -> bool:
    """Tell whether what stands on both sides of a gap is said in one breath.

    It is within one quotation, or in two of one paragraph and of one speaker, or near each other
    where the article does not quote.
    """
    before = article.quotation_at(gap[0] - 1, gap[0])
    after = article.quotation_at(gap[1], gap[1] + 1)
    if before is None or after is None:
        return before == after and gap[1] - gap[0] <= _NEAR
    if before == after:
        return True
    one, other = (article.speaker_at(at, at + 1) for at in (gap[0] - 1, gap[1]))
    same = one is not None and other is not None and one.speaker == other.speaker
    return same and "\n" not in article.text[gap[0] : gap[1]]


def _turns(gap: tuple[int, int], article: ComparedArticle) -> bool:
    """Tell whether what was left out denies what stands beside it, or sets it under a condition."""
    part = article.article.part_at(gap[0])
    spans = sentences(article.text, part.start, part.end) if part else []
    ends = [end for _, end in spans if gap[0] < end < gap[1]] or [gap[1]]
    begins = [start for start, _ in spans if gap[0] < start < gap[1]] or [gap[0]]
    ahead = _CLAUSE.split(article.text[gap[0] : ends[0]])[0]
    behind = _CLAUSE.split(article.text[begins[-1] : gap[1]])[-1]
    return not _TURNING.isdisjoint([*_words(ahead)[:_LEADS], *_words(behind)[-_LEADS:]])


def _bracketed(words: str) -> list[str]:
    """Return the words that a draft puts in brackets within a quotation."""
    return _words(" ".join(_BRACKETS.findall(words)))


def _interrupts(gap: tuple[int, int], article: ComparedArticle) -> bool:
    """Tell whether a gap is only the words that say who speaks."""
    before = article.quotation_at(gap[0] - 1, gap[0])
    after = article.quotation_at(gap[1], gap[1] + 1)
    if before is None or after is None or after != before + 1:
        return False
    one, other = article.quotations[before], article.quotations[after]
    outside = article.text[gap[0] : one.end] + article.text[other.start : gap[1]]
    return not _WORD.search(outside)


def _cut(words: str, article: ComparedArticle) -> list[str]:
    """Cut a quotation into the longest runs that an article prints; nothing where one is short."""
    return _runs(words, lambda run: next(article.places(run), None) is not None)


def _runs(words: str, printed: _Prints) -> list[str]:
    spans = [found.span() for found in _WORD.finditer(words)]
    pieces: list[str] = []
    at = 0
    while at < len(spans):
        length = _longest(words, spans[at:], printed)
        if length < min(_PIECE, len(spans)):
            return []
        pieces.append(words[spans[at][0] : spans[at + length - 1][1]])
        at += length
    return pieces


def _longest(words: str, spans: Sequence[tuple[int, int]], printed: _Prints) -> int:
    """Return how many of the words are printed in one run: whoever prints ten prints nine."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high + 1) // 2
        if printed(words[spans[0][0] : spans[middle - 1][1]]):
            low = middle
        else:
            high = middle - 1
    return low


def _across(words: str, articles: Sequence[ComparedArticle]) -> PrintedQuotation | None:
    """Return a quotation that was made of several articles' words."""
    if len(_WORD.findall(words)) < 2 * _PIECE:
        return None

    def printing(run: str) -> tuple[ComparedArticle, tuple[int, int]] | None:
        places = ((one, place) for one in articles for place in one.places(run))
        return next(places, None)

    pieces = _runs(words, lambda run: printing(run) is not None)
    where = [found for piece in pieces if (found := printing(piece))]
    if len(where) < 2:
        return None
    torn = "; ".join(
        f"“{' '.join(one.text[a:b].split())}” ({one.article.title})" for one, (a, b) in where
    )
    first, (start, end) = where[0]
    return PrintedQuotation("spliced", first, start, end, f"printed apart: {torn}")


# --- altered ----------------------------------------------------------------------------------


def _altered(words: str, article: ComparedArticle) -> tuple[float, PrintedQuotation] | None:
    """Return what is printed that a quotation is an altered form of, and how alike they are."""
    found, begin = _likest(words, article)
    if found is None:
        return None
    start, end = begin + found.start, begin + found.end
    own = len(words_of_text(words))
    added = sum(len(words_of_text(one.asked)) for one in found.differences)
    within = article.quotation_at(start, end) is not None
    least = _ALTERED if within else _ALTERED_IN_PROSE
    if found.alike < least or own - added < min(_LEAST, own) or not article.is_evidence(start, end):
        return None
    told = "; ".join(map(_difference, found.differences)) or "written otherwise"
    return found.alike, PrintedQuotation("altered", article, start, end, told)


def _likest(words: str, article: ComparedArticle) -> tuple[Alignment | None, int]:
    """Return where in an article's evidence some words fit best, and where that part begins."""
    best: Alignment | None = None
    at = 0
    for part in article.article.parts:
        found = align(words, article.text[part.start : part.end]) if part.part in EVIDENCE else None
        if found is not None and (best is None or found.alike > best.alike):
            best, at = found, part.start
    return best, at


def _difference(one: Difference) -> str:
    """Say in words what a quotation has otherwise than what is printed."""
    if one.asked and one.printed:
        return f"“{one.asked}” where “{one.printed}” is printed"
    return f"“{one.asked}” is not printed there" if one.asked else f"without “{one.printed}”"


# --- turned around, or given to somebody else ---------------------------------------------------


def _uncut(quoted: DraftQuotation, one: PrintedQuotation) -> PrintedQuotation:
    """Return a printing, as altered where its quotation was cut out of a "not" or an "if"."""
    if one.verdict not in {"exact", "normalised"}:
        return one
    lost = _turned(one)
    if not lost or not _TURNING.isdisjoint(_words(quoted.around)):
        return one
    return one._replace(verdict="altered", difference=f"cut out of “{lost}”")


def _turned(one: PrintedQuotation) -> str | None:
    """Return the words beside a quotation that deny it or set it under a condition."""
    text, article = one.where.text, one.where
    index = article.quotation_at(one.start, one.end)
    if index is None:
        return None
    opening = article.quotations[index].start
    spans = sentences(text, opening, article.quotations[index].end)
    begin = max((a for a, _ in spans if a <= one.start), default=opening)
    before = text[begin : one.start]
    clause = _CLAUSE.split(before)[-1]
    if not _IF.isdisjoint(_words(before)[:1]):
        return " ".join(before.split())
    if not _NOT.isdisjoint(_words(clause)[-_LEADS:]):
        return " ".join(clause.split())
    after = text[one.end : next((b for _, b in spans if one.end <= b), one.end)]
    if not _IF.isdisjoint(_words(after)[:1]):
        return " ".join(after.split()).strip(" ,")
    return None


def _words(text: str) -> list[str]:
    return [lexicon.plain(word) for word in _WORD.findall(text)]


def _agreeing(quoted: DraftQuotation, found: Sequence[PrintedQuotation]) -> list[PrintedQuotation]:
    """Return the printings that give the words to whom the draft does, or to nobody."""
    best = [one for one in found if one.verdict == found[0].verdict]
    return [one for one in best if _other_speaker(quoted, one) is None]


def _attributed(
    quoted: DraftQuotation, checked: CheckedQuotation, first: PrintedQuotation
) -> CheckedQuotation:
    """Say whose words they are where a draft gives them to another, altered or not."""
    other = _other_speaker(quoted, first)
    if other is None:
        return checked
    told = f"given to {quoted.speaker}, printed as the words of {other}"
    if first.verdict in {"exact", "normalised"}:
        return replace(checked, verdict="misattributed", said_by=other, difference=told)
    both = "; ".join(filter(None, [checked.difference, told]))
    return replace(checked, said_by=other, difference=both)


def _other_speaker(quoted: DraftQuotation, one: PrintedQuotation) -> str | None:
    """Return who says it there, where that is surely somebody else than in the draft.

    Both are named as people are, and the article does not name the draft's speaker beside the
    words: a wrong rule about "he" must not accuse anybody.
    """
    said = one.where.speaker_at(one.start, one.end)
    if said is None or said.speaker is None or quoted.speaker is None:
        return None
    if not (_person(said.speaker) and _named(quoted.speaker)):
        return None
    if same_person(quoted.speaker, said.speaker) or names_alike(said.speaker, quoted.around):
        return None
    sure = said.speaker_at is not None and names_alike(
        said.speaker, one.where.text[slice(*said.speaker_at)]
    )
    if not sure and names_alike(quoted.speaker, _beside(one)):
        return None
    return said.speaker


def _beside(one: PrintedQuotation) -> str:
    """Return the paragraph of a printing and the one before it."""
    text = one.where.text
    above = text[: max(0, text.rfind("\n", 0, one.start))].rstrip()
    stop = text.find("\n", one.end)
    return text[max(0, above.rfind("\n")) : len(text) if stop < 0 else stop]


def _named(name: str) -> bool:
    """Tell whether a speaker is a name, of a person as far as it shows."""
    words = [word for word in name.split() if not naming.title(word)]
    capitals = bool(words) and all(word[:1].isupper() for word in words)
    return capitals and not naming.institution(name) and not naming.acronym(name)


def _person(name: str) -> bool:
    """Tell whether a name is a given and a family name."""
    return _named(name) and len(naming.words(name)) > 1
