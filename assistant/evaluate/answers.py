"""What is measured of an answer, and of a claim, whoever gave it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.answer import Judgement
from assistant.check import readers
from assistant.check.judge import LINE, judge
from assistant.check.reader import ClaimReader
from assistant.evaluate.abstention import abstain
from assistant.evaluate.citations import alce, of_gold
from assistant.evaluate.quoting import quotes, speaker
from assistant.evaluate.result import Judged, Result, RowTally
from assistant.evaluate.rows import AnsweredRow, ClaimRow, Gold, Source
from assistant.evaluate.saying import CitedSentence
from assistant.evaluate.short_answer import contains, exact, token_f1
from ingest.language.normalise import find

_ROOM = 240
"""Characters of a passage that are kept on either side of the sentence a claim rests on, less
what would be cut within a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """What claims are measured with: whoever reads them."""

    reader: ClaimReader = field(default_factory=readers.small)

    def hold(
        self,
        claim: str,
        passages: Sequence[str],
        *,
        label: bool | None = None,
        verbatim: bool = False,
    ) -> Judged:
        """Hold a claim against its passages. What they print word for word needs no checker."""
        if verbatim and (printed := _printed(claim, passages)):
            return printed
        found = judge([claim], [passages], self.reader)[0]
        passage, span = _excerpt(found, passages)
        return Judged(
            claim=claim,
            score=round(found.score or 0.0, 6),
            verdict=found.verdict,
            passage=passage,
            span=span,
            read_by=found.read_by,
            reason=found.reason,
            label=label,
        )

    def entails(self, sentence: CitedSentence, sources: Sequence[Source]) -> bool:
        """Say whether some sources together support a sentence."""
        texts = [source.text for source in sources if source.text]
        if not texts:
            return False
        verbatim = sentence.verbatim and _printed(sentence.text, texts)
        return bool(verbatim) or judge([sentence.text], [texts], self.reader)[0].stands


def measure_answer(row: AnsweredRow, ruler: Ruler, tally: RowTally | None = None) -> Result:
    """Measure an answer: short answers, citations, quotations, abstention, faithfulness."""
    tally = tally or RowTally()
    if not row.responded:
        tally.miss("answers: the row has no response")
        return Result(id=row.id, group=row.group or row.id, kind="unanswered", shares={},
                      unscored=tuple(tally.unscored), question=row.question)  # fmt: skip
    _right(tally, row)
    abstain(tally, row)
    alce(tally, row, ruler.entails)
    of_gold(tally, row)
    quotes(tally, row)
    speaker(tally, row)
    claims = _faithful(tally, row, ruler)
    return Result(
        id=row.id,
        group=row.group or row.id,
        kind="no_answer" if row.abstained else "answer",
        shares=tally.shares,
        unscored=tuple(tally.unscored),
        question=row.question,
        text=row.text,
        claims=claims,
        confidence=row.confidence if row.confidence is not None else _weakest(claims),
        right=right(row),
        tokens=row.tokens,
        seconds=row.seconds or 0.0,
    )


def right(row: AnsweredRow) -> bool | None:
    """Say whether an answer is right; None where nobody says what would be, or none is given."""
    if row.abstained:
        return None
    if row.gold.expects == "no_answer":
        return False
    return _holds(row.gold, row.text) if _scorable(row) else None


def _scorable(row: AnsweredRow) -> bool:
    gold = row.gold
    known = bool(gold.answers or gold.quotes)
    return known and gold.expects != "no_answer" and gold.articles != frozenset()


def _holds(gold: Gold, text: str) -> bool:
    """Tell whether a text holds the right answer, or the words of the articles that answer."""
    quoted = [contains([quote], text) for quote in gold.quotes]
    enough = bool(quoted) and (all(quoted) if gold.every else any(quoted))
    return enough or contains(gold.answers, text)


def _right(tally: RowTally, row: AnsweredRow) -> None:
    """Count the right short answers. An abstention from what could be answered is not right."""
    if not _scorable(row):
        if row.gold.articles == frozenset() and row.gold.answers:
            tally.miss("answers: the archive has no article that answers")
        elif row.gold.expects != "no_answer":
            tally.miss("answers: the right answer is not given")
        return
    answers = row.gold.answers
    held = _holds(row.gold, row.text)
    cited = {n for sentence in row.sentences for n in sentence.cites}
    tally.add("answer_contains", held)
    if answers:
        tally.add("answer_f1", token_f1(answers, row.text))
        tally.add("answer_exact", exact(answers, row.text))
    if row.sources or row.abstained:
        printed = [s.text for s in row.sources if s.text and (s.n in cited or not row.cites)]
        tally.add("answer_cited", held and _holds(row.gold, "\n".join(printed)))


def _faithful(tally: RowTally, row: AnsweredRow, ruler: Ruler) -> tuple[Judged, ...]:
    """Hold every sentence of an answer against what it cites, or where none does, against all."""
    if row.abstained:
        return ()
    judged: list[Judged] = []
    for sentence in row.sentences:
        sources = [source for source in row.sources if source.n in sentence.cites]
        sources = sources or list(row.sources)
        texts = [source.text for source in sources if source.text]
        if not texts:
            tally.miss("faithfulness: there is no source with text")
            return tuple(judged)
        judged.append(ruler.hold(sentence.text, texts, verbatim=sentence.verbatim))
    held = [claim.score >= LINE for claim in judged]
    tally.add("faithfulness", sum(held) / len(held))
    tally.add("faithfulness_claims", sum(held), len(held))
    tally.add("verbatim", sum(claim.verdict == "verbatim" for claim in judged), len(held))
    return tuple(judged)


def measure_claim(row: ClaimRow, ruler: Ruler) -> Result:
    """Measure a claim that people have labelled, or have not."""
    tally = RowTally()
    if not row.passages:
        tally.miss("claims: there is no source with text")
        return Result(id=row.id, group=row.group, kind="claim", shares={}, text=row.claim,
                      unscored=tuple(tally.unscored))  # fmt: skip
    judged = ruler.hold(row.claim, row.passages, label=row.supported)
    held = judged.score >= LINE
    if row.supported is None:
        tally.miss("claims: nobody says whether it is supported")
        tally.add("faithfulness", held)
    else:
        tally.add("support_true" if row.supported else "support_false", held == row.supported)
        for name in row.right:
            tally.add(name, held == row.supported)
        for name in row.shown:
            tally.add(name, held)
    return Result(
        id=row.id,
        group=row.group,
        kind="claim",
        shares=tally.shares,
        unscored=tuple(tally.unscored),
        text=row.claim,
        claims=(judged,),
    )


def _printed(claim: str, passages: Sequence[str]) -> Judged | None:
    """Return the verdict on words that a passage prints as they are; None if none does."""
    for passage in passages:
        places = find(claim, passage) if claim not in passage else [(passage.index(claim),) * 2]
        if places:
            start = places[0][0]
            text, span = _cut(passage, (start, start + len(claim)))
            return Judged(claim=claim, score=1.0, verdict="verbatim", passage=text, span=span)
    return None


def _excerpt(found: Judgement, passages: Sequence[str]) -> tuple[str, tuple[int, int] | None]:
    """Return what stands around the sentence that a claim rests on, and its place there."""
    if found.source is None or found.span is None:
        return _cut(passages[0], (0, 0))[0], None
    return _cut(passages[found.source], found.span)


def _cut(passage: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    start, end = max(0, span[0] - _ROOM), min(len(passage), span[1] + _ROOM)
    start = passage.find(" ", start, span[0]) + 1 or start if start else 0
    end = max(passage.rfind(" ", span[1], end), span[1]) if end < len(passage) else end
    before, after = "… " if start else "", " …" if end < len(passage) else ""
    place = span[0] - start + len(before), min(span[1], end) - start + len(before)
    return f"{before}{passage[start:end]}{after}", place


def _weakest(claims: Sequence[Judged]) -> float | None:
    return min((claim.score for claim in claims), default=None)
