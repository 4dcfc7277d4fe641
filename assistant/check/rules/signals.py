"""What speaks for and against a claim in its passages, each as a number.

Names of the signals are those of the weights in weights.json.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.check.rules.contradictions import AGAINST, Clash, clashes
from assistant.check.rules.days import agreeing
from assistant.check.rules.ground import Ground, Match, lay
from assistant.check.rules.reading import Reading, read

_TRIED = 200
"""Places of one word that are tried as the beginning of a copied piece."""

_NEARLY = 0.6
"""Share of a claim's words its evidence must hold before a clash contradicts instead of misses.
Chosen so that the clashes were right more often than not on xsumfaith and wice."""

_LONGEST = 400
"""Words of a claim and of a sentence that are compared in order; the time is their product."""

_MOST = 3
"""Sentences that a claim may rest on together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """The signals of a claim, the sentences it rests on best first, and what has no support.

    `evidence` are indices of `ground.sentences`; `novel` are indices of the claim's words.
    """

    values: dict[str, float]
    ground: Ground
    claim: Reading
    evidence: tuple[int, ...]
    novel: tuple[int, ...]
    clashes: tuple[Clash, ...]

    @property
    def contradicted(self) -> bool:
        """Whether the evidence says nearly the same, and one thing otherwise."""
        return self._nearly and any(clash.kind in AGAINST for clash in self.clashes)

    @property
    def overstated(self) -> bool:
        """Whether the evidence says nearly the same, but less surely."""
        return self._nearly and any(clash.kind == "modality" for clash in self.clashes)

    @property
    def _nearly(self) -> bool:
        return self.values["covered_by_3"] >= _NEARLY


def signals(claim: str, passages: Sequence[str], published: date | None = None) -> Signals:
    """Lay a claim beside its passages and return what speaks for and against it."""
    match = lay(read(claim), Ground(passages))
    evidence = _evidence(match)
    dated = agreeing(match, published, evidence)
    novel = tuple(at for at in match.content if not match.found[at] and at not in dated)
    against = clashes(match, evidence, published, dated)
    values = {
        **_coverage(match, evidence),
        **_novelty(match, novel),
        **_copying(match, evidence),
        **_pairs(match),
    }
    for kind in CLASHES:
        values[kind] = float(min(2, sum(clash.kind == kind for clash in against)))
    values |= _together(values)
    return Signals(
        values=values,
        ground=match.ground,
        claim=match.claim,
        evidence=evidence,
        novel=novel,
        clashes=against,
    )


def _together(values: dict[str, float]) -> dict[str, float]:
    """Return what signals say only together: in a claim that copies, a clash weighs more."""
    clashing = sum(values[kind] for kind in CLASHES if kind not in {"modality", "attribution"})
    return {
        "copied_well": max(0.0, values["subsequence"] - 0.7) * 3,
        "covered_cubed": values["covered"] ** 3,
        "clash_copied": min(2.0, clashing) * values["subsequence"],
    }


CLASHES = (
    "number_absent",
    "number_elsewhere",
    "date",
    "negation",
    "antonym",
    "modality",
    "roles",
    "speaker",
    "name_absent",
    "attribution",
)


def _evidence(match: Match) -> tuple[int, ...]:
    """Choose the sentences that together hold most of the claim's words, the best first."""
    held: dict[int, set[int]] = {}
    for at in match.content:
        for sentence in match.sentences(at):
            held.setdefault(sentence, set()).add(at)
    chosen: list[int] = []
    covered: set[int] = set()
    while held and len(chosen) < _MOST:
        gain = {s: sum(match.weight[at] for at in ats - covered) for s, ats in held.items()}
        best = max(held, key=lambda s: (gain[s], -s))
        if gain[best] <= 0:
            break
        chosen.append(best)
        covered |= held.pop(best)
    return tuple(chosen)


def _coverage(match: Match, evidence: Sequence[int]) -> dict[str, float]:
    total = sum(match.weight.values()) or 1.0
    count = len(match.content) or 1
    allowed: set[int] = set()
    values = {"covered": sum(1 for at in match.content if match.found[at]) / count}
    values["covered_rare"] = (
        sum(match.weight[at] for at in match.content if match.found[at]) / total
    )
    for n in range(_MOST):
        if n < len(evidence):
            allowed.add(evidence[n])
        inside = [at for at in match.content if not allowed.isdisjoint(match.sentences(at))]
        values[f"covered_by_{n + 1}"] = len(inside) / count
        values[f"covered_rare_by_{n + 1}"] = sum(match.weight[at] for at in inside) / total
    return values


def _novelty(match: Match, novel: Sequence[int]) -> dict[str, float]:
    words = match.claim.words
    names = [at for at in match.content if match.claim.is_name(at)]
    numbers = [at for at in match.content if words[at].value is not None]
    absent = set(novel)
    run = longest = 0
    for at in match.content:
        run = run + 1 if at in absent else 0
        longest = max(longest, run)
    return {
        "novel": min(6.0, len(novel)) / 6,
        "novel_run": min(4.0, longest) / 4,
        "novel_name": min(2.0, sum(at in absent for at in names)) / 2,
        "novel_number": min(2.0, sum(at in absent for at in numbers)) / 2,
        "names_covered": 1 - sum(at in absent for at in names) / max(1, len(names)),
        "first_novel": float(bool(match.content) and match.content[0] in absent),
        "last_novel": float(bool(match.content) and match.content[-1] in absent),
    }


def _copying(match: Match, evidence: Sequence[int]) -> dict[str, float]:
    """Measure how much of the claim stands in its ground in the same order, word by word."""
    stems = [word.stem for word in match.claim.words[:_LONGEST]]
    pieces = _pieces(stems, match)
    lengths = [size for _, size in pieces]
    size = max(1, len(stems))
    common = [_common(stems, _sentence(match, sentence)) / size for sentence in evidence[:2]]
    of = match.ground.sentence_of
    jumps = sum(of[a] != of[b] for (a, _), (b, _) in itertools.pairwise(pieces))
    return {
        "bigrams": sum(max(0, n - 1) for n in lengths) / max(1, size - 1),
        "trigrams": sum(max(0, n - 2) for n in lengths) / max(1, size - 2),
        "longest_copy": max(lengths, default=0) / size,
        "density": min(20.0, sum(n * n for n in lengths) / size) / 20,
        "subsequence": max(common, default=0.0),
        "pieces": min(10, len(pieces)) / 10,
        "jumps": min(5, jumps) / 5,
        "jumps_share": jumps / max(1, len(pieces) - 1),
    }


def _sentence(match: Match, sentence: int) -> list[str]:
    place = match.ground.sentences[sentence]
    return [word.stem for word in match.ground.words[place.first : place.last]]


def _pieces(stems: Sequence[str], match: Match) -> list[tuple[int, int]]:
    """Cut the claim into the longest pieces that its ground prints: where there, and how long.

    Of equally long ones that is taken which goes on in the sentence of the piece before.
    """
    of = match.ground.sentence_of
    pieces: list[tuple[int, int]] = []
    at = 0
    while at < len(stems):
        best = (0, False, 0)
        for place in match.ground.places.get(stems[at], ())[:_TRIED]:
            goes_on = bool(pieces) and of[place] == of[pieces[-1][0]]
            best = max(best, (_agree(stems, at, match, place), goes_on, place))
        length = best[0]
        if length:
            pieces.append((best[2], length))
        at += max(1, length)
    return pieces


def _agree(stems: Sequence[str], at: int, match: Match, place: int) -> int:
    """Count the words from `at` on that stand in the ground from `place` on."""
    source = match.ground.words
    longest = min(len(stems) - at, len(source) - place)
    n = 1
    while n < longest and source[place + n].stem == stems[at + n]:
        n += 1
    return n


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    other = other[:_LONGEST]
    row = [0] * (len(other) + 1)
    for a in one:
        corner = 0
        for j, b in enumerate(other, 1):
            corner, row[j] = row[j], corner + 1 if a == b else max(row[j], row[j - 1])
    return row[-1]


def _pairs(match: Match) -> dict[str, float]:
    """Measure whether neighbours in the claim stand together in the ground, and in which order."""
    together = beside = ordered = pairs = counted = 0
    content = match.content
    for one, other in itertools.pairwise(content):
        if not match.found[one] or not match.found[other]:
            continue
        pairs += 1
        if match.sentences(one) & match.sentences(other):
            together += 1
            gaps = _gaps(match, one, other)
            beside += any(0 < abs(gap) <= 5 for gap in gaps)
            counted += 1
            ordered += any(gap > 0 for gap in gaps)
    return {
        "pairs_together": together / pairs if pairs else 0.0,
        "pairs_beside": beside / pairs if pairs else 0.0,
        "pairs_ordered": ordered / counted if counted else 0.5,
        "pairs_of_all": beside / max(1, len(content) - 1),
    }


def _gaps(match: Match, one: int, other: int) -> list[int]:
    of = match.ground.sentence_of
    return [
        b - a
        for a in match.found[one][:40]
        for b in match.found[other][:40]
        if of[a] == of[b] and a != b
    ]
