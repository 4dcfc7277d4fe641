"""A strong model by heart, with a perfect judge behind it: `python -m benchmarks.scripted`.

A server on loopback writes the sentences of `strong-answers.json`, true and false ones, and judges
each by its label. What is then not shown of the true, and what is shown of the false, was lost or
let through between the model and the screen: by excerpts, parser, guards, numbering, fallback.
`--yes` has a judge that says yes to all, so that the guards stand alone.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from assistant.answer import Answer, Outcome
from assistant.ask import Assistant
from assistant.check.examination import control_pairs
from assistant.history import Records
from assistant.settings import Settings
from benchmarks import newsroom
from ingest.archive import Archive
from tests.openai_server import OpenAIServer, Reply

ANSWERS = newsroom.DATA / "faithfulness" / "strong-answers.json"
SURE = 0.97
"""How probable its word is to the judge."""

TOKENS = 400
"""What the server says that a call took."""

_MARKER = re.compile(r"\s*\[\d+\]")
_SLOT = re.compile(r"\{q:([^}]*)\}")
_OFFERED = re.compile(r"\{q(\d+)\} ")
_PASSAGE = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
_ASKS = "The sentence: "
_AGAIN = "This sentence of yours cannot be printed: "
_MARK = re.compile(r"^(==== [0-9a-f]+ ====)$(.*?)^\1$", re.MULTILINE | re.DOTALL)

Words = tuple[str, ...]
Body = Mapping[str, Any]


def words(text: str) -> Words:
    """Return the words of a text, whatever its case and marks."""
    return tuple(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSentence:
    """A sentence as the model writes it, whether it is true, and what prints that."""

    text: str
    true: bool
    kind: str
    evidence: tuple[str, ...]

    @property
    def words(self) -> Words:
        """Its words, with those of the quotation that it refers to."""
        return words(_SLOT.sub(r"\1", self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAnswer:
    """A question and what the model writes about it."""

    id: str
    question: str
    sentences: tuple[PreparedSentence, ...]


def prepared(file: Path) -> list[PreparedAnswer]:
    """Return the answers of a file, the markers of their sentences taken off."""
    return [
        PreparedAnswer(
            id=row["id"],
            question=row["question"],
            sentences=tuple(
                PreparedSentence(
                    text=_MARKER.sub("", one["text"]),
                    true=one["true"],
                    kind=one["kind"],
                    evidence=tuple(one["evidence"].split(" || ")),
                )
                for one in row["sentences"]
            ),
        )
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]


class AskedOfJudge(NamedTuple):
    """What the judge was given: the sentence, and what stood between the marks."""

    claim: str
    evidence: str


@dataclass(slots=True, kw_only=True)
class ScriptedNewsroom:
    """What the server answers: the model that writes, and the judge.

    It cites the passages that print what a sentence rests on, the first one where none does.
    `unread` are the sentences whose evidence it was never shown, `asked` what it judged, `strange`
    what it was asked of and nobody wrote. With `yes` the judge says yes to all.
    """

    answers: Sequence[PreparedAnswer]
    yes: bool = False
    pause: float = 0.0
    delay: float = 0.0
    asked: list[AskedOfJudge] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    again: list[str] = field(default_factory=list)
    labels: dict[Words, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.labels = {words(pair.claim): pair.label for pair in control_pairs()}
        written = (one for answer in self.answers for one in answer.sentences)
        self.labels |= {one.words: one.true for one in written}

    def __call__(self, body: Body) -> Reply:
        """Answer a request."""
        said = [str(message["content"]) for message in body["messages"]]
        if not body.get("stream"):
            return self._judged(said[-1])
        if _AGAIN in said[-1]:
            return self._again(said)
        return Reply(text=self._written(said[1]), pause=self.pause)

    def _judged(self, asked: str) -> Reply:
        claim = asked.partition(_ASKS)[2].splitlines()[0]
        between = _MARK.search(asked)
        self.asked.append(AskedOfJudge(claim, between[2].strip() if between else ""))
        label = self.labels.get(words(claim))
        if label is None:
            self.strange.append(claim)
        yes = self.yes or bool(label)
        said, other = ("yes", "no") if yes else ("no", "yes")
        odds = {said: SURE, other: 1 - SURE}
        return Reply(text=said, odds=odds, tokens=TOKENS, delay=self.delay)

    def _again(self, said: Sequence[str]) -> Reply:
        """Write a sentence once more as it was: the model is sure of itself."""
        wrong = said[-1].partition(_AGAIN)[2].splitlines()[0]
        self.again.append(wrong)
        lines = self._written(said[1]).splitlines()
        same = (line for line in lines if words(wrong) == words(_MARKER.sub("", line)))
        return Reply(text=next(same, wrong))

    def _written(self, asked: str) -> str:
        question = asked.rpartition("Question: ")[2].strip()
        answer = next(one for one in self.answers if one.question == question)
        shown = _passages(asked)
        return "".join(f"{self._line(one, shown)}\n" for one in answer.sentences)

    def _line(self, sentence: PreparedSentence, shown: Mapping[int, str]) -> str:
        cites = dict.fromkeys(_printed_in(part, shown) for part in sentence.evidence)
        known = [n for n in cites if n is not None]
        if len(known) < len(cites):
            self.unread.add(sentence.text)
        text = _SLOT.sub(lambda slot: _reference(slot[1], shown), sentence.text)
        return text + " " + "".join(f"[{n}]" for n in known or [1])


def _passages(asked: str) -> dict[int, str]:
    between = _MARK.search(asked)
    pieces = _PASSAGE.split(between[2] if between else "")[1:]
    return {int(n): text for n, text in zip(pieces[::2], pieces[1::2], strict=True)}


def _printed_in(evidence: str, shown: Mapping[int, str]) -> int | None:
    wanted = f" {' '.join(words(evidence))} "
    plain = ((n, " ".join(words(_OFFERED.sub("", text)))) for n, text in shown.items())
    return next((n for n, text in plain if wanted in f" {text} "), None)


def _reference(quotation: str, shown: Mapping[int, str]) -> str:
    """Return the reference to a quotation as the passages offer it, else its words quoted."""
    for text in shown.values():
        for found in _OFFERED.finditer(text):
            offered = words(text[found.end() : found.end() + 2 * len(quotation)])
            if offered[: len(words(quotation))] == words(quotation):
                return f"{{q{found[1]}}}"
    return f"“{quotation}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a sentence: whether it was shown, and why not."""

    sentence: PreparedSentence
    shown: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer beside what the model wrote: the fate of each sentence.

    `altered` are quotations that are shown and that no cited article prints so, `extra` sentences
    that nobody wrote.
    """

    fates: tuple[Fate, ...]
    altered: tuple[str, ...]
    extra: tuple[str, ...]


def told(answer: PreparedAnswer, outcome: Outcome) -> Told:
    """Hold an outcome against what was written for it."""
    shown = {words(claim.text) for claim in outcome.claims if claim.verdict != "verbatim"}
    omitted = outcome.omitted if isinstance(outcome, Answer) else ()
    why = {words(one.text): one.reason for one in omitted}
    refused = "the question was not answered" if not isinstance(outcome, Answer) else "lost"
    written = {one.words for one in answer.sentences}
    return Told(
        fates=tuple(
            Fate(sentence=one, shown=one.words in shown, reason=why.get(one.words, refused))
            for one in answer.sentences
        ),
        altered=tuple(_altered(outcome)),
        extra=tuple(sorted(" ".join(one) for one in (shown | set(why)) - written)),
    )


def _altered(outcome: Outcome) -> Iterator[str]:
    """Yield what is shown in quotation marks and no article of its citations prints so."""
    texts = {citation.n: citation.article.text for citation in outcome.citations}
    for claim in outcome.claims:
        cited = [texts[n] for n in claim.citations]
        for quoted in claim.quotes:
            core = quoted.text.rstrip(".,;:!?…")
            if quoted.verdict != "exact" or not any(core in text for text in cited):
                yield quoted.text


def metrics(all_told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Return the figures as `morgue eval` names them; of altered quotations, their number."""
    fates = [fate for one in all_told for fate in one.fates]
    shown = {
        f"strong_{str(side).lower()}_shown": [f.shown for f in fates if f.sentence.true is side]
        for side in (True, False)
    }
    found = {name: {"value": sum(each) / len(each)} for name, each in shown.items()}
    return found | {"quote_altered": {"value": float(sum(len(one.altered) for one in all_told))}}


def desk(archive: Archive, url: str, **more: Any) -> Assistant:
    """Return an assistant whose model and judge is the server at an address."""
    given = {"model": "scripted", "base_url": url, "checker": "model", "mode": "written",
             "sentences": 20, **more}  # fmt: skip
    return Assistant(archive, Settings.model_validate(given), records=Records(most=0))


def report(all_told: Sequence[Told], script: ScriptedNewsroom) -> None:
    """Print the shares, what was lost or let through and why, and what is not of this plumbing."""
    fates = [fate for one in all_told for fate in one.fates]
    for name, side in (("true", True), ("false", False)):
        of = [fate.shown for fate in fates if fate.sentence.true is side]
        print(f"strong_{name}_shown: {sum(of)} of {len(of)}")
    wrong = [fate for fate in fates if fate.shown is not fate.sentence.true]
    for fate in wrong if not script.yes else ():
        did = "let through" if fate.shown else f"not shown ({fate.reason})"
        print(f"  {did}, {fate.sentence.kind}: {fate.sentence.text}")
    print(f"by reason: {dict(Counter(_plain(f.reason) for f in wrong if not f.shown))}")
    print(f"quote_altered: {sum(len(one.altered) for one in all_told)}")
    _each("  quoted", (text for one in all_told for text in one.altered))
    _each("told, and written by nobody", (text for one in all_told for text in one.extra))
    _each("judged, and written by nobody", sorted(set(script.strange)))
    print(f"sentences whose evidence the model was not shown: {len(script.unread)}")


def _plain(reason: str) -> str:
    return re.sub(r"[“'\"].*", "…", reason)


def _each(name: str, texts: Iterable[str]) -> None:
    for text in texts:
        print(f"{name}: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yes", action="store_true", help="a judge that says yes to all")
    parser.add_argument("--first", type=int)
    given = parser.parse_args()
    if not ANSWERS.is_file():
        sys.exit("the evaluation data (../shared/data) is not here")
    answers = prepared(ANSWERS)[: given.first]
    script = ScriptedNewsroom(answers=answers, yes=given.yes)
    archive = newsroom.archive("all", "none", Archive)
    began, costs, all_told = time.monotonic(), [], []
    with OpenAIServer(answering=script) as server:
        assistant = desk(archive, server.url)
        for answer in answers:
            outcome = assistant.ask(answer.question)
            all_told.append(told(answer, outcome))
            costs.append(outcome.reading)
    report(all_told, script)
    written = sum(len(answer.sentences) for answer in answers)
    calls = sum(cost.calls for cost in costs if cost)
    tokens = sum(cost.tokens or 0 for cost in costs if cost)
    ms = sum(cost.ms for cost in costs if cost)
    print(f"a sentence written: {calls / written:.2f} calls to the judge, "
          f"{tokens / written:.0f} tokens of {TOKENS} a call, {ms / written:.0f} ms; "
          f"{time.monotonic() - began:.1f} s in all")  # fmt: skip


if __name__ == "__main__":
    main()
