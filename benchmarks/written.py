"""What a small model writes, checked: `python -m benchmarks.written [--first N] [--anew]`.

realtimeqa, as of each question's day: 40 of the questions that the archive answers and 40 of
those of two years later, drawn once. Beside it, with `--plain`, LlamaIndex's CitationQueryEngine
with the same model, excerpts and questions. Citations are judged by the checker with meaning,
which is not the one that lets sentences out (that reads words alone), and by the articles that
the set names. Replies are kept: an interrupted run goes on, and `--first N` prints what is there.
`--anew` has every reply written now, for how long it is to the first sentence on the screen.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer, Evidence, Found, Outcome, Said
from assistant.ask import Assistant
from assistant.check import readers
from assistant.check.judge import judge
from assistant.compose.generative import reading_order
from assistant.find.candidates import candidates, read_question
from assistant.find.excerpts import Material, excerpts
from assistant.find.retrieve import retrieve
from assistant.history import Records
from assistant.models.reply_parser import ReplySentence, read
from assistant.settings import Settings
from assistant.understand.question import understand
from benchmarks import newsroom
from benchmarks.heard import Heard, heard, spoken
from benchmarks.newsroom import Asked
from ingest.archive import Archive
from ingest.article import Filters, Hit
from ingest.language.quotations import quotations

SEED = 7
SAMPLE = 40
WORDS = 200
"""Of articles that are read for one answer: two processors read some ten tokens a second."""

LOCAL = "local:qwen2.5-1.5b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of an answer and the articles' words that it cites."""

    text: str
    cited: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a question: the sentences, empty where nothing was answered."""

    asked: Asked
    mode: str
    text: str
    lines: tuple[Line, ...]
    left_out: int = 0


def sample(asked: Sequence[Asked], first: int) -> list[Asked]:
    """Return the first of a sample that is drawn once."""
    drawn = sorted(asked, key=lambda one: one.id)
    random.Random(SEED).shuffle(drawn)
    return drawn[: min(first, SAMPLE)]


def _written(asked: Asked, outcome: Outcome, hits: dict[str, Hit]) -> Written:
    if not isinstance(outcome, Answer):
        return Written(asked=asked, mode=outcome.mode, text=outcome.text, lines=())
    cited = {
        c.n: Evidence(hit=hits[c.article.article_id], start=c.start, end=c.end)
        for c in outcome.citations
        if c.article.article_id in hits
    }
    lines = [
        Line(text=c.text, cited=tuple(cited[n] for n in c.citations if n in cited))
        for c in outcome.claims
    ]
    return Written(
        asked=asked, mode=outcome.mode, text=outcome.text, lines=tuple(lines),
        left_out=len(outcome.omitted),
    )  # fmt: skip


def plain(archive: Archive, asked: Asked, model: Heard) -> Written:
    """Ask LlamaIndex's CitationQueryEngine, with the excerpts that we would read."""
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    question = understand(asked.text, filters=Filters(as_of=asked.day))
    found = retrieve(archive, question)
    wanted = read_question(archive, question)
    said = candidates(archive, wanted, found.hits)
    shown = reading_order(excerpts([Material(wanted, said, found.hits)], WORDS))

    class Given(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            texts = [one.hit.article.text[one.start : one.end] for one in shown]
            return [NodeWithScore(node=TextNode(text=text), score=1.0) for text in texts]

    engine = CitationQueryEngine(Given(), llm=spoken(model), citation_chunk_size=2048)
    reply = str(engine.query(asked.text))
    lines = [
        Line(text=one.text, cited=tuple(shown[n - 1] for n in one.cites))
        for one in read([reply], len(shown), 50)
        if isinstance(one, ReplySentence)
    ]
    return Written(asked=asked, mode="written", text=reply, lines=tuple(lines))


def report(name: str, known: Sequence[Written], unknown: Sequence[Written]) -> None:
    """Print what the answers to both samples are worth."""
    answered = [one for one in known if one.lines]
    print(f"\n{name}")
    share("answerable, refused", sum(not one.lines for one in known), len(known))
    share("not in the archive, answered", sum(bool(one.lines) for one in unknown), len(unknown))
    right = [newsroom.holds(one.asked.answer or "", one.text) for one in known]
    share("short answer in the text, of all", sum(right), len(known))
    written = [one for one in answered if one.mode == "written"]
    share("in the model's words, of those answered", len(written), len(answered))
    _citations(written)
    print(f"  sentences left out: {sum(one.left_out for one in known)} in {len(known)} answers")


def _citations(written: Sequence[Written]) -> None:
    lines = [line for one in written for line in one.lines]
    held = [_holds(line.text, line.cited) for line in lines]
    share("citation recall (sentences that what they cite supports)", sum(held), len(lines))
    pairs = [(line, one) for line in lines for one in line.cited]
    needed = [_needed(line, one) for line, one in pairs]
    share("citation precision (citations that support)", sum(needed), len(pairs))
    gold = [
        newsroom.address(e.hit.article.url) in one.asked.gold
        for one in written
        for line in one.lines
        for e in line.cited
    ]
    share("citations of an article that the set names", sum(gold), len(gold))
    quoted = list(_quoted(lines))
    share("quotations printed letter by letter", sum(quoted), len(quoted))


def _needed(line: Line, one: Evidence) -> bool:
    """Tell whether a citation supports its sentence: alone, or with others and not without it."""
    if _holds(line.text, (one,)):
        return True
    rest = tuple(other for other in line.cited if other is not one)
    return _holds(line.text, line.cited) and not _holds(line.text, rest)


def _holds(text: str, cited: Sequence[Evidence]) -> bool:
    return bool(cited) and judge([text], [list(cited)], readers.small())[0].stands


def _quoted(lines: Sequence[Line]) -> Iterator[bool]:
    for line in lines:
        for found in quotations(line.text):
            words = line.text[found.start : found.end].rstrip(".,")
            yield any(words in e.hit.article.text[e.start : e.end] for e in line.cited)


def share(what: str, count: int, of: int) -> None:
    """Print a share with its interval."""
    low, high = interval(count, of)
    print(f"  {what}: {count} of {of}, {count / max(of, 1):.3f} [{low:.2f}, {high:.2f}]")


def interval(count: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return Wilson's interval of a share at 95 % (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    p, d = count / of, 1 + z * z / of
    middle = (p + z * z / (2 * of)) / d
    half = z * ((p * (1 - p) + z * z / (4 * of)) / of) ** 0.5 / d
    return max(0.0, middle - half), min(1.0, middle + half)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=LOCAL)
    parser.add_argument("--first", type=int, default=SAMPLE)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--anew", action="store_true")
    given = parser.parse_args()
    archive = newsroom.archive("all", "leads", Archive)
    settings = Settings(model=given.model, budget=WORDS)
    model = heard(settings, anew=given.anew)
    assistant = Assistant(archive, settings, model=model, records=Records(most=0))
    known: list[Written] = []
    plainly: list[Written] = []
    delays: list[float] = []
    for n, asked in enumerate(sample(newsroom.questions(), given.first), start=1):
        known.append(_asked(assistant, asked, model, delays))
        if given.plain:
            plainly.append(plain(archive, asked, model))
        print(f"answerable {n}: {known[-1].mode} {known[-1].text[:70]!r}", flush=True)
    never = sample(newsroom.unanswerable(), given.first)
    unknown = [_asked(assistant, asked, model, delays) for asked in never]
    report(f"morgue with {model.name or given.model}", known, unknown)
    if plainly:
        report("CitationQueryEngine, the same model and excerpts", plainly, ())
    print(f"\nreplies: median {statistics.median(model.seconds):.1f} s, "
          f"first words {statistics.median(model.first):.1f} s")  # fmt: skip
    if delays:
        print(f"from the model's last word of a sentence to the screen: "
              f"median {statistics.median(delays) * 1000:.0f} ms, "
              f"worst {max(delays) * 1000:.0f} ms")  # fmt: skip


def _asked(assistant: Assistant, asked: Asked, model: Heard, delays: list[float]) -> Written:
    steps: list[Any] = []
    for step in assistant.steps(asked.text, mode="written", filters=Filters(as_of=asked.day)):
        if isinstance(step, Said) and model.fresh and not any(isinstance(s, Said) for s in steps):
            delays.append(time.monotonic() - model.last)
        steps.append(step)
    hits = {hit.article.article_id: hit for s in steps if isinstance(s, Found) for hit in s.hits}
    return _written(asked, steps[-1].outcome, hits)


if __name__ == "__main__":
    main()
