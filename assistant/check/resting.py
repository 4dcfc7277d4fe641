"""What a sentence rests on: the fewest words of articles that support it, and whose words.

Small models miscount, and leave out who said what. Both can be put right without them: the words
of the articles say which of them support a sentence, and whose they are.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.answer import Evidence
from assistant.check.checker import Verdict, held
from assistant.find.candidates import voice
from ingest.language.quotations import quotations
from ingest.language.sentences import sentences
from ingest.language.speech import naming
from ingest.language.speech.statements import statements

_HOLDS = 0.5
_SPARED = 0.15
"""Support that a citation must add to be worth its number."""

_AGAINST = frozenset({"negation", "antonym", "roles", "speaker"})
"""What a model that miscounts does not run into, and one that turns its source round does."""

_NOTHING = (Verdict(score=0.0, verdict="unsupported"), ())
_COUNTED = frozenset({"number_absent", "number_elsewhere", "date"})
"""What a name that stands in another paragraph does not put right."""

_LOST = 0.05
"""Support that may be lost where a paragraph is cited by some of its sentences alone."""

_TOGETHER = 3
"""Sentences that are cited together: who holds more of a paragraph holds the paragraph."""

_PRONOUN = re.compile(r"(?:he|she|it|they|we|i|who|that|this|you)\Z", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|él|ella|su|sus|він|вона|воно|вони|його|її|їх)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_HEAD = re.compile(r",| (?:of|in|from|at|for|who|which) ")
_NO_BEGINNING = frozenset(
    "in on at by for from with of outside inside near every all each any some to as if when".split()
)
_SAYS_LESS = frozenset(
    "deny denies denied denying agree agrees agreed accuse accuses accused accusing predict"
    " predicts predicted predicting allege alleges alleged alleging promise promises promised vow"
    " vows vowed"
    " negó acusó заперечив заперечила заперечили".split()
)
"""Who does one of these did not say that it is so."""

_SPEAKERS = frozenset(
    "officials police prosecutors investigators brigade union company firefighters residents"
    " witnesses experts doctors researchers scientists authorities organisers organizers workers"
    " passengers neighbours neighbors relatives family lawyers ministers reporters analysts"
    " coastguard sources source aide aides colleagues protesters activists campaigners economists"
    " teachers nurses farmers fishermen crew owner owners auditor auditors inspectors regulator"
    " regulators operator operators charity diplomat diplomats envoy governor mayor judge"
    " jury lawmakers senators soldiers firm airline bank council ministry".split()
)
"""Who may be made the speaker of a sentence without a name."""


_ENGLISH = re.compile(
    r"\b(?:the|a|an|of|in|on|is|was|were|are|has|have|had|to|by)\b", re.IGNORECASE
)


def supporting(
    text: str, cited: Sequence[Evidence], read: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """Return the stretches that support a sentence, as few as it takes.

    Those that are cited; else another one that was read; else them with one that names whom they
    call she or it; each with the headlines that they stand under where it takes them. Where nothing
    supports it, what is cited; and where that says the opposite, no other is looked for: among many
    words every name and number stands somewhere.
    """
    against = set(held(text, cited).reasons) if cited else set()
    if against & _AGAINST:
        return tuple(cited)
    one_more = [(one,) for one in read if one not in cited]
    beside = [
        (*cited, one)
        for (one,) in one_more
        if not against & _COUNTED and any(_names(one, of) for of in cited)
    ]
    for tried in ([tuple(cited)], one_more, beside):
        for more in (False, True):
            found = [(*one, *_headlines(one)) if more else one for one in tried if one]
            scored = [(held(text, one), one) for one in found]
            if tried is one_more:
                scored = [(now, one) for now, one in scored if "name_absent" not in now.reasons]
            best, stretches = max(scored, key=lambda pair: pair[0].score, default=_NOTHING)
            if best.score >= _HOLDS:
                return _fewest(text, stretches, best.score)
    return tuple(cited)


def _names(one: Evidence, later: Evidence) -> bool:
    """Tell whether a stretch may name whom a later one of its article calls she or it."""
    same = one.hit.article.article_id == later.hit.article.article_id
    return same and one.start < later.start and bool(_REFERS.search(later.text))


def _score(text: str, cited: Sequence[Evidence]) -> float:
    return held(text, cited).score


def _fewest(text: str, cited: tuple[Evidence, ...], score: float) -> tuple[Evidence, ...]:
    for one in cited[::-1]:
        rest = tuple(other for other in cited if other is not one)
        if rest and _score(text, rest) >= max(_HOLDS, score - _SPARED):
            cited = rest
    return cited


def _headlines(cited: Iterable[Evidence]) -> Iterator[Evidence]:
    for one in {one.hit.article.article_id: one for one in cited}.values():
        for part in one.hit.article.parts:
            if part.part == "headline" and part.start != one.start:
                yield Evidence(hit=one.hit, start=part.start, end=part.end)


def narrowed(text: str, cited: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the same stretches, each cut to those of its sentences that support a sentence.

    What stands stays so: with as much support, against the same doubts, and with its quotations.
    A paragraph that is needed whole stays whole.
    """
    whole = held(text, cited)
    if whole.score < _HOLDS:
        return tuple(cited)
    kept = list(cited)
    for at, one in enumerate(cited):
        for runs in _runs(one):
            tried = [[*kept[:at], run, *kept[at + 1 :]] for run in runs if _quotes(text, one, run)]
            judged = [(held(text, few), few) for few in tried]
            stand = [(now.score, few) for now, few in judged if _as_well(now, whole)]
            if stand:
                kept = max(stand, key=lambda pair: pair[0])[1]
                break
    return tuple(kept)


def _as_well(now: Verdict, whole: Verdict) -> bool:
    """Tell whether fewer words hold a sentence as well: a doubt that is gone was cut away."""
    return (
        now.score >= max(_HOLDS, whole.score - _LOST)
        and now.verdict == whole.verdict
        and set(now.reasons) == set(whole.reasons)
        and set(now.unsupported) <= set(whole.unsupported)
    )


def _runs(one: Evidence) -> Iterator[list[Evidence]]:
    """Yield the sentences of a stretch, then neighbours together; none that tears a quotation."""
    text = one.hit.article.text
    spans = sentences(text, one.start, one.end)
    marks = [found.outer for found in quotations(text[one.start : one.end])]
    torn = [(one.start + start, one.start + end) for start, end in marks]
    for size in range(1, min(_TOGETHER, len(spans) - 1) + 1):
        runs = [(a[0], b[1]) for a, b in zip(spans, spans[size - 1 :], strict=False)]
        yield [
            Evidence(hit=one.hit, start=start, end=end)
            for start, end in runs
            if not any(a < edge < b for edge in (start, end) for a, b in torn)
        ]


def _quotes(text: str, one: Evidence, run: Evidence) -> bool:
    """Tell whether a run prints all quotations of a sentence that its whole stretch prints."""
    found = [text[q.start : q.end].rstrip(".,") for q in quotations(text)]
    return all(words in run.text for words in found if words in one.text)


def attributed(text: str, cited: Sequence[Evidence]) -> str:
    """Return a sentence that stands, but that only somebody said, with whoever said it.

    English alone: "The bridge is safe." becomes "The bridge is safe, Ada Quill said."
    """
    verdict = held(text, cited)
    spoken = verdict.score >= _HOLDS and "attribution" in verdict.reasons
    if not spoken or not _ENGLISH.search(text):
        return text
    said = _said(verdict, cited)
    if said is None:
        return text
    named = f"{text.rstrip(' .')}, {said} said."
    return named if "attribution" not in held(named, cited).reasons else text


def _said(at: Verdict, cited: Sequence[Evidence]) -> str | None:
    """Return who says what a sentence rests on, as its source names them.

    None where it only denies it, or accuses somebody of it: that is not saying it.
    """
    if at.passage is None or at.span is None or at.passage >= len(cited):
        return None
    article = cited[at.passage].hit.article
    spoken = voice(statements(article.text, article.parts), *at.span)
    if spoken is None or spoken.speaker_at is None:
        return None
    cue = article.text[slice(*spoken.cue_at)].casefold() if spoken.cue_at else ""
    name = spoken.speaker or article.text[slice(*spoken.speaker_at)]
    return name if cue not in _SAYS_LESS and _speaks(name) else None


def _speaks(name: str) -> bool:
    """Tell whether a phrase names somebody: a name, or a noun of those who speak."""
    words = _WORD.findall(_HEAD.split(name, maxsplit=1)[0])
    if not words or _PRONOUN.match(name) or words[0].casefold() in _NO_BEGINNING:
        return False
    low = words[-1].casefold()
    name_or_house = words[-1][0].isupper() or naming.institution(low)
    return name_or_house or low in naming.ROLES or _people(low)


def _people(low: str) -> bool:
    return low in _SPEAKERS or low.endswith(
        ("man", "men", "woman", "women", "person", "ist", "ists")
    )
