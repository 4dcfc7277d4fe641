"""Whether the archive supports the factual sentences of a draft: all are read in few batches."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import NamedTuple

from assistant.answer import Citation, Evidence, Judgement
from assistant.check.judge import as_read, imprint, judge, rests_on, stems
from assistant.check.reader import ClaimReader
from assistant.factcheck.days_alike import DatedText, alike, dated, differ, elsewhen
from assistant.factcheck.draft_evidence import ComparedArticle, DraftEvidence, telling_runs
from assistant.factcheck.findings import CheckedSentence, SentenceVerdict
from assistant.factcheck.numbers_alike import instead, unprinted
from assistant.factcheck.retelling import printed_otherwise
from assistant.factcheck.together import carried, cover_of, covers
from assistant.understand.coreference import names
from ingest.article import Hit
from ingest.language import lexicon
from ingest.language.normalise import fold
from ingest.language.sentences import sentences

_ARTICLES = 6
"""Articles that are looked through for a sentence, two passages of each."""

_WORD = re.compile(r"\w+")

_FIXED = re.compile(r"\d[\d.,]*|(?<!\w)[^\W\d_a-zß-ÿа-яґєії]\w*")
"""Numbers, and words with a capital: what a sentence may not put into another order."""

_DENIALS = lexicon.words("negations")
_STOPWORDS = lexicon.words("search.stopwords")
_STEM = 4
"""Letters from which a word may go on in another form."""

_WINDOWS = 3
"""Stretches that a sentence is read beside: each costs a reading."""

_COPIED = 0.75
"""Share from which a sentence is nearly a copy, and differs in what it differs in."""

_NEAR = 0.1
"""Probability from which several stretches may support a sentence that one does not."""

_SHOWN = 0.4
"""Share of a sentence's words that the printed sentence has which is shown to contradict it."""

_ABOUT = 0.5
"""Share of a sentence's words from which a stretch is about the same, and may contradict it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """A factual sentence: its place in what is read of the draft, and how it stands alone.

    `anchor` is the day that its times are told from; `near` are hits with the stretch that
    prints a quotation of it. `about` are the names last named before it, if it has none itself:
    "the decision" is theirs.
    """

    text: str
    start: int
    end: int
    alone: str
    language: str | None
    anchor: date | None = None
    near: tuple[Evidence, ...] = ()
    about: tuple[str, ...] = ()


class ReadWindow(NamedTuple):
    """A stretch that a sentence is read beside, and how much of the sentence's words it has."""

    where: Evidence
    share: float


class ReadSentence(NamedTuple):
    """A judgement of a sentence by some stretches, the best of them first."""

    judgement: Judgement
    windows: tuple[ReadWindow, ...]


def check_sentences(
    asked: Sequence[DraftSentence], evidence: DraftEvidence, reader: ClaimReader
) -> list[CheckedSentence]:
    """Hold each sentence against what is printed on it. Raises what the reader raises."""
    printed = [_printed(one, evidence) for one in asked]
    windows = [
        () if there else tuple(_windows(one, evidence))
        for one, there in zip(asked, printed, strict=True)
    ]
    found = _judged(asked, windows, reader)
    told = [
        _copied(one, there, evidence) if there else _checked(one, read, evidence)
        for one, there, read in zip(asked, printed, found, strict=True)
    ]
    return _together(asked, told, evidence, reader)


# --- what is printed so -----------------------------------------------------------------------


def _printed(asked: DraftSentence, evidence: DraftEvidence) -> Evidence | None:
    """Return where the archive prints a sentence word for word but for its days, as a sentence.

    Within a longer one it may be denied or somebody's word; and what "he" did, another did there.
    Where its words are all frequent, the articles that fit best need not be those that print it.
    """
    if not _by_itself(asked):
        return None
    return _anywhere(asked, evidence)


def _anywhere(asked: DraftSentence, evidence: DraftEvidence) -> Evidence | None:
    """Return where a sentence is printed: in the articles that fit best, else in any."""
    articles = evidence.compared(asked.alone, k=_ARTICLES)
    return _printed_in(articles, asked) or _printed_in(_printing(asked, evidence), asked)


def _by_itself(asked: DraftSentence) -> bool:
    """Tell whether a sentence means what it does by its own words alone."""
    return " ".join(asked.text.split()) == asked.alone


def _printing(asked: DraftSentence, evidence: DraftEvidence) -> list[ComparedArticle]:
    bare = dated(asked.text, asked.language, asked.anchor).without()
    return evidence.printing(list(telling_runs(bare)), k=_ARTICLES)


def _printed_in(articles: Sequence[ComparedArticle], asked: DraftSentence) -> Evidence | None:
    words = asked.text.strip().rstrip(".…")
    for article in articles:
        for place in article.places(words):
            if (whole := article.sentence_of(*place)) is not None:
                return Evidence(hit=article.hit, start=whole[0], end=whole[1])
    return printed_otherwise(asked.text, asked.language, asked.anchor, articles)


def _copied(asked: DraftSentence, there: Evidence, evidence: DraftEvidence) -> CheckedSentence:
    judgement = Judgement(
        score=1.0, verdict="supported", read_by="words", source=0, span=(there.start, there.end)
    )
    citation = evidence.cite(there.hit, there.start, there.end)
    return _finding(asked, "supported", judgement, (citation,))


# --- what is read beside it -------------------------------------------------------------------


def _windows(asked: DraftSentence, evidence: DraftEvidence) -> Iterator[ReadWindow]:
    """Yield the stretches that have most of a sentence's words, best first.

    One that names nobody is not told by what has little of it and is about somebody else.
    """
    words = _undated(asked)
    named = f"{words} {' '.join(asked.about)}".strip()
    hits = [
        hit
        for one in dict.fromkeys([asked.alone, words, named])
        for hit in evidence.hits(one, k=2 * _ARTICLES, per_article=2)
    ]
    passages = {(hit.article.article_id, hit.passage.start): hit for hit in hits}
    spans = [
        Evidence(hit=hit, start=start, end=end)
        for hit in passages.values()
        for start, end in sentences(hit.article.text, hit.passage.start, hit.passage.end)
    ]
    spans = [*asked.near, *spans]
    wanted = stems(words)
    held = [wanted & stems(one.text) for one in spans]
    often = {word: max(1, sum(word in one for one in held)) for word in wanted}
    whole = fsum(1 / n for n in often.values()) or 1.0
    worth = [fsum(1 / often[word] for word in one) / whole for one in held]
    order = sorted(range(len(spans)), key=lambda n: (n >= len(asked.near), -worth[n], n))
    taken: list[Evidence] = []
    for n in order:
        wide = _widened(spans[n])
        share = len(wanted & stems(_with_imprint(wide))) / max(1, len(wanted))
        strange = worth[n] < _ABOUT and not _names_most(wide, asked.about)
        if worth[n] and not strange and not any(_overlap(wide, other) for other in taken):
            taken.append(wide)
            yield ReadWindow(wide, share)
        if len(taken) == _WINDOWS:
            return


def _undated(asked: DraftSentence) -> str:
    """Return a sentence without its days: what prints the same day tells most often of another."""
    words = dated(asked.alone, asked.language, asked.anchor).without()
    return words if stems(words) else asked.alone


def _names_most(where: Evidence, about: Sequence[str]) -> bool:
    """Tell whether an article names most of some people and places, by all words of a name."""
    printed = stems(where.hit.article.text)
    return 2 * sum(stems(name) <= printed for name in about) >= len(about)


def _widened(one: Evidence) -> Evidence:
    """Return a sentence with those before and after it, within its passage or part."""
    article, passage = one.hit.article, one.hit.passage
    bounds = (passage.start, passage.end)
    if not bounds[0] <= one.start < bounds[1]:
        part = article.part_at(one.start)
        bounds = (part.start, part.end) if part else (one.start, one.end)
    spans = sentences(article.text, *bounds)
    at = [n for n, (start, end) in enumerate(spans) if start < one.end and one.start < end]
    if not at:
        return one
    first, last = max(0, at[0] - 1), min(len(spans) - 1, at[-1] + 1)
    return replace(one, start=spans[first][0], end=spans[last][1])


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.hit.article.article_id == other.hit.article.article_id
    return same and one.start < other.end and other.start < one.end


def _with_imprint(one: Evidence) -> str:
    article = one.hit.article
    return imprint(article.outlet, article.date, article.title) + one.text


# --- reading ----------------------------------------------------------------------------------


def _judged(
    asked: Sequence[DraftSentence], windows: Sequence[tuple[ReadWindow, ...]], reader: ClaimReader
) -> list[ReadSentence | None]:
    """Read each sentence beside its best stretch, what does not stand beside the others, then all.

    Where each reading is a call to a server, beside all of them at once alone. What no stretch
    comes near to supporting, several do not either.
    """
    found: list[ReadSentence | None] = [None] * len(asked)
    if reader.dear:
        _take(found, asked, [(n, own) for n, own in enumerate(windows) if own], reader)
    else:
        _take(found, asked, [(n, own[:1]) for n, own in enumerate(windows) if own], reader)
        others = [(n, (one,)) for n in _open(found) for one in windows[n][1:]]
        _take(found, asked, others, reader)
        near = [n for n in _open(found) if len(windows[n]) > 1 and _near(found[n])]
        _take(found, asked, [(n, windows[n]) for n in near], reader)
    _let_days_pass(found, asked, reader)
    return found


def _open(found: Sequence[ReadSentence | None]) -> list[int]:
    """Return which sentences do not stand yet."""
    return [n for n, read in enumerate(found) if read and not read.judgement.stands]


def _near(read: ReadSentence | None) -> bool:
    return read is not None and (
        (read.judgement.score or 0.0) >= _NEAR or read.judgement.verdict == "contradicted"
    )


def _take(
    found: list[ReadSentence | None],
    asked: Sequence[DraftSentence],
    tried: Sequence[tuple[int, tuple[ReadWindow, ...]]],
    reader: ClaimReader,
) -> None:
    """Read sentences beside stretches in one batch, and keep what says most of each."""
    written = [_alike(asked[n], own) for n, own in tried]
    claims = [claim for claim, _ in written]
    for (n, own), judgement in zip(
        tried, judge(claims, [texts for _, texts in written], reader), strict=True
    ):
        read, before = ReadSentence(judgement, own), found[n]
        if before is None or _says(read) > _says(before):
            found[n] = read


def _says(read: ReadSentence) -> tuple[bool, bool, float]:
    """Return how much a reading says: that it stands, that it is denied, how probable it is."""
    share = max(one.share for one in read.windows)
    denied = read.judgement.verdict == "contradicted" and share >= _ABOUT
    score = read.judgement.score or 0.0
    return read.judgement.stands, denied, share if denied else score


def _alike(asked: DraftSentence, own: Sequence[ReadWindow]) -> tuple[str, list[str]]:
    """Return a sentence and its evidence as they are read: days that are one, written one way."""
    claim, texts = asked.alone, list[str]()
    for window in own:
        mine, theirs = _dated(asked, window)
        one, other = alike(mine, theirs, window.where.hit.article.date)
        claim = one if one != asked.alone else claim
        texts.append(_headed(window.where.hit, other))
    return claim, texts


def _headed(hit: Hit, words: str) -> str:
    article = hit.article
    return imprint(article.outlet, article.date, article.title) + words


def _dated(asked: DraftSentence, window: ReadWindow) -> tuple[DatedText, DatedText]:
    article = window.where.hit.article
    language = asked.language or article.language
    mine = dated(asked.alone, language, asked.anchor or article.date)
    return mine, dated(window.where.text, article.language, article.date)


def _let_days_pass(
    found: list[ReadSentence | None], asked: Sequence[DraftSentence], reader: ClaimReader
) -> None:
    """Read what does not stand without its days: by them alone nothing is contradicted.

    What stands without them is partly supported, but where the report names other days.
    """
    tried: list[tuple[int, ReadSentence, str]] = []
    for n, read in enumerate(found):
        if read is None or read.judgement.verdict != "contradicted":
            continue
        mine, theirs = _dated(asked[n], read.windows[0])
        day = read.windows[0].where.hit.article.date
        if mine.named and not differ(mine, theirs, day):
            tried.append((n, read, mine.without()))
    evidence = [[as_read([one.where for one in read.windows])] for _, read, _ in tried]
    again = judge([claim for _, _, claim in tried], evidence, reader)
    for (n, read, _), judgement in zip(tried, again, strict=True):
        if judgement.verdict != "contradicted":
            verdict = "partly" if judgement.stands else judgement.verdict
            found[n] = read._replace(judgement=replace(judgement, verdict=verdict))


def _together(
    asked: Sequence[DraftSentence],
    told: list[CheckedSentence],
    evidence: DraftEvidence,
    reader: ClaimReader,
) -> list[CheckedSentence]:
    """Hold what no stretch prints whole against the sentences that do so together."""
    tried: list[tuple[int, tuple[ReadWindow, ...]]] = []
    for n, one in enumerate(told):
        if one.verdict != "supported" and one.judgement and one.judgement.read_by != "guard":
            articles = evidence.compared(asked[n].alone, k=_ARTICLES)
            found = covers(_undated(asked[n]), articles)
            on_it = [own for own in found if all(_names_most(e, asked[n].about) for e in own)]
            tried += [(n, _as_windows(asked[n], cover)) for cover in on_it]
    written = [_alike(asked[n], own) for n, own in tried]
    judged = judge([claim for claim, _ in written], [texts for _, texts in written], reader)
    for (n, own), judgement in zip(tried, judged, strict=True):
        if told[n].verdict != "supported" and _all_there(asked[n], own, judgement):
            told[n] = _carried(asked[n], [one.where for one in own], judgement, evidence)
    return told


def _as_windows(asked: DraftSentence, cover: Sequence[Evidence]) -> tuple[ReadWindow, ...]:
    wanted = stems(asked.alone)
    return tuple(
        ReadWindow(one, len(wanted & stems(one.text)) / max(1, len(wanted))) for one in cover
    )


def _all_there(asked: DraftSentence, own: Sequence[ReadWindow], judgement: Judgement) -> bool:
    """Tell whether sentences print another whole: its numbers too, and no time is another."""
    if not judgement.stands:
        return False
    article = own[0].where.hit.article
    language = asked.language or article.language
    mine = dated(asked.alone, language, asked.anchor or article.date)
    texts = [(_with_imprint(one.where), one.where.hit.article.language) for one in own]
    return not unprinted(mine, language, texts) and any(
        not _elsewhen(mine, one.where) for one in own
    )


def _carried(
    asked: DraftSentence,
    own: Sequence[Evidence],
    judgement: Judgement,
    evidence: DraftEvidence,
) -> CheckedSentence:
    """Return what sentences print, and of several which of them carries which part."""
    cited = [evidence.cite(one.hit, one.start, one.end) for one in own]
    parts = carried(asked.text, cited) if len(cited) > 1 else ()
    told = replace(judgement, reason=None, source=0, span=(own[0].start, own[0].end))
    found = _finding(asked, "supported", told, tuple(cited))
    return replace(found, parts=parts)


# --- what is said of it -----------------------------------------------------------------------

_WITHIN = "stands within what is printed, which says more: “{}”"
_REASON: dict[SentenceVerdict, str] = {
    "partly": "says more than what is printed: “{}”",
    "contradicted": "is not what is printed: “{}”",
}
_NOT_THERE = "the archive has nothing that says it"


def _checked(
    asked: DraftSentence, read: ReadSentence | None, evidence: DraftEvidence
) -> CheckedSentence:
    if read is None:
        nothing = Judgement(
            score=0.0, verdict="unsupported", read_by="guard", reason="nothing is on it"
        )
        return _finding(asked, "absent", nothing)
    verdict = _verdict(asked, read)
    if verdict == "contradicted" and (there := _of_another(asked, evidence)):
        return _as_printed(asked, there, read.judgement, evidence)
    if verdict == "absent":
        told = replace(read.judgement, reason=_NOT_THERE, source=None, span=None)
        return _finding(asked, verdict, told)
    stretches = [one.where for one in read.windows]
    source, span = rests_on(_undated(asked), stretches)
    first = stretches[source or 0]
    start, end = span or (first.start, first.end)
    if verdict == "supported":
        verdict = _counted(asked, read.windows, first, first.hit.article.text[start:end])
        several = cover_of(_undated(asked), stretches) if verdict == "supported" else ()
        if len(several) > 1:
            return _carried(asked, several, read.judgement, evidence)
    reason = _REASON.get(verdict)
    if verdict == "contradicted" and _of_something_else(asked, first, start, end):
        told = replace(read.judgement, reason=_NOT_THERE, source=None, span=None)
        return _finding(asked, "absent", told)
    if verdict == "contradicted" and _within(asked, replace(first, start=start, end=end)):
        verdict, reason = "partly", _WITHIN
    words = " ".join(first.hit.article.text[start:end].split())
    told = replace(
        read.judgement,
        reason=reason.format(words) if reason else None,
        source=0,
        span=(start, end),
    )
    return _finding(asked, verdict, told, (evidence.cite(first.hit, start, end),))


def _of_something_else(asked: DraftSentence, first: Evidence, start: int, end: int) -> bool:
    """Tell whether the sentence that is shown, under its headline, has little of another's words.

    The stretch around it may have them, of others: what it says then contradicts nothing. One that
    names somebody is told by the name.
    """
    if names(asked.alone):
        return False
    article = first.hit.article
    words = _undated(asked)
    wanted = len(stems(words) - _STOPWORDS)
    return _held(words, f"{article.title} {article.text[start:end]}") < _SHOWN * wanted


def _held(mine: str, theirs: str) -> int:
    """Count the telling stems of one text that another has, or goes on from: "clean" in it."""
    there = stems(theirs)
    return sum(
        one in there or (len(one) >= _STEM and any(other.startswith(one) for other in there))
        for one in stems(mine) - _STOPWORDS
    )


def _within(asked: DraftSentence, printed: Evidence) -> bool:
    """Tell whether a printed sentence has all words of another in their order, but for its days.

    It may say more, even that it is not so; but it contradicts none of the words.
    """
    mine, theirs = _dated(asked, ReadWindow(printed, 1.0))
    if differ(mine, theirs, printed.hit.article.date):
        return False
    rest = iter(_WORD.findall(fold(theirs.without()).text))
    if all(word in rest for word in _WORD.findall(fold(mine.without()).text)):
        return True
    return retells(mine.without(), theirs.without())


def retells(mine: str, theirs: str) -> bool:
    """Tell whether a printed sentence has all stems of another, names and numbers in their order.

    "The clean-up will cost 41 million" of "Cleaning up will cost 41 million". One that denies what
    the other does not, by a word of its own, contradicts it.
    """
    wanted = len(stems(mine) - _STOPWORDS)
    if not wanted or _held(mine, theirs) < wanted or _denials(mine) != _denials(theirs):
        return False
    fixed = iter(_FIXED.findall(theirs))
    return all(word in fixed for word in _FIXED.findall(mine)[1:])


def _denials(text: str) -> int:
    return sum(lexicon.plain(word) in _DENIALS for word in re.findall(r"[\w'’]+", text))


def _counted(
    asked: DraftSentence, windows: Sequence[ReadWindow], first: Evidence, printed: str
) -> SentenceVerdict:
    """Return the verdict on a sentence of which a number may not be printed there.

    Beside a stretch that has nearly all of its words its numbers must stand there too, else
    anywhere in the article. Where what it rests on has another in its place, that one is printed.
    """
    texts = [(_with_imprint(one.where), one.where.hit.article.language) for one in windows]
    if max(one.share for one in windows) < _COPIED:
        texts += [(one.where.hit.article.text, one.where.hit.article.language) for one in windows]
    article = first.hit.article
    language = asked.language or article.language
    mine = dated(asked.alone, language, asked.anchor or article.date)
    if not unprinted(mine, language, texts):
        return "partly" if _elsewhen(mine, first) else "supported"
    theirs = dated(printed, article.language, article.date)
    other = instead(mine, language, theirs, article.language)
    return "contradicted" if other else "partly"


def _elsewhen(mine: DatedText, first: Evidence) -> bool:
    """Tell whether a sentence names a time that the article it rests on does not, and is not of."""
    article = first.hit.article
    named = dated(article.text, article.language, article.date)
    return bool(mine.named) and elsewhen(mine, named, article.date)


def _of_another(asked: DraftSentence, evidence: DraftEvidence) -> Evidence | None:
    """Return where a sentence is printed word for word of a "he" who may be another there."""
    if _by_itself(asked):
        return None
    return _anywhere(asked, evidence)


def _as_printed(
    asked: DraftSentence, there: Evidence, judgement: Judgement, evidence: DraftEvidence
) -> CheckedSentence:
    """Return that a sentence is printed so, which nothing contradicts, of whomever it is."""
    reason = _WITHIN.format(" ".join(there.text.split()))
    span = (there.start, there.end)
    told = replace(judgement, verdict="partly", reason=reason, source=0, span=span)
    return _finding(asked, "partly", told, (evidence.cite(there.hit, *span),))


def _verdict(asked: DraftSentence, read: ReadSentence) -> SentenceVerdict:
    """Return the verdict: what is about something else contradicts nothing.

    What is about the same has half of its words, and one of its names if it has any.
    """
    verdict = read.judgement.verdict
    if verdict == "supported":
        return verdict
    named = [stems(name) for name in names(asked.alone)]
    about = any(
        one.share >= _ABOUT and (not named or any(name <= there for name in named))
        for one in read.windows
        if (there := stems(_with_imprint(one.where)))
    )
    return verdict if about and verdict != "unsupported" else "absent"


def _finding(
    asked: DraftSentence,
    verdict: SentenceVerdict,
    judgement: Judgement,
    citations: tuple[Citation, ...] = (),
) -> CheckedSentence:
    return CheckedSentence(
        text=asked.text,
        start=asked.start,
        end=asked.end,
        verdict=verdict,
        judgement=judgement,
        read_as=asked.alone,
        citations=citations,
    )
