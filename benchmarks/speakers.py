"""Measure who said what against annotated news.

    python -m benchmarks.speakers [--set dev|train] [--data DIR] [--limit N]

The data are articles whose attributions are annotated as spans of source, cue and content. Of
these, the ones with a source are counted. An attribution is *direct* if one of its content
spans begins with a quotation mark; all others are reported clauses and looser mentions of what
somebody thinks, wants or knows, most of which are not statements.

- **Content recall**: of the annotated attributions, those of which some predicted statement
  covers at least half of a content span's characters (quotation marks aside).
- **Speaker accuracy**: of the annotated attributions, those where the statement that overlaps
  the content most (a direct one, for direct quotations) names the annotated source: its span
  `speaker_at` overlaps the annotated source span, or the last word of the resolved `speaker`
  stands among the words of the source. A quotation that was not found counts as wrong, and so
  does one without a speaker. Where the source is a pronoun, only the span can match: whom it
  stands for is not annotated, so a wrongly resolved pronoun is not seen here.
- **Named**: of the annotated direct quotations, those whose speaker is shown where nobody reads:
  named by their own sentence, beside the reporting word, by the form of a transcript, or by what
  stands before where that leaves nobody else; how many of these are right; and the same of those
  that their sentence names alone. Each half of the articles by itself too.
- **Precision**: of the predicted statements, those that overlap some annotated content and name
  its source. A true statement that nobody annotated counts against it: it is a lower bound.
"""

import argparse
import gzip
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from ingest.article import Article, Part, Statement
from ingest.language.speech.sayings import sayings, speaker_from
from ingest.language.speech.statements import statements

_SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "quotes"
_MARKS = "\"“”„«»''‘’"
_WORD = re.compile(r"\w+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """An annotated attribution that has a source."""

    source: tuple[Span, ...]
    content: tuple[Span, ...]
    direct: bool


@dataclass(slots=True)
class Tally:
    """Counts of one kind of attribution."""

    annotated: int = 0
    found: int = 0
    right: int = 0
    predicted: int = 0
    confirmed: int = 0


def read(path: Path) -> list[tuple[str, list[Attribution]]]:
    articles = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = record["text"]
            articles.append(
                (text, [_attribution(text, row) for row in record["attributions"] if row["source"]])
            )
    return articles


def _attribution(text: str, row: dict[str, list[list[int]]]) -> Attribution:
    content = tuple((start, end) for start, end in row["content"])
    return Attribution(
        source=tuple((start, end) for start, end in row["source"]),
        content=content,
        direct=any(
            text[start:end].strip()[:1] in {'"', "“", "„", "«"}
            or text[start:end].strip()[:2] == "''"
            for start, end in content
        ),
    )


def overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _bare(text: str, span: Span) -> Span:
    words = text[span[0] : span[1]]
    return (
        span[0] + len(words) - len(words.lstrip(_MARKS + " ,.")),
        span[1] - len(words) + len(words.rstrip(_MARKS + " ,.")),
    )


def names(text: str, said: Statement, row: Attribution) -> bool:
    """Say whether a statement names the annotated source."""
    if said.speaker_at and any(overlap(said.speaker_at, span) for span in row.source):
        return True
    words = _WORD.findall((said.speaker or "").lower())
    source = {word for start, end in row.source for word in _WORD.findall(text[start:end].lower())}
    return bool(words) and words[-1] in source


def best(text: str, row: Attribution, said: list[Statement]) -> tuple[Statement | None, bool]:
    """Return the statement that overlaps the content most, and whether it covers half a span."""
    chosen, most, covered = None, 0, False
    for start, end in row.content:
        span = _bare(text, (start, end))
        for statement in said:
            shared = overlap(span, (statement.start, statement.end))
            covered = covered or shared * 2 >= max(1, span[1] - span[0])
            if shared > most:
                chosen, most = statement, shared
    return chosen, covered


def measure(text: str, rows: list[Attribution], tallies: dict[str, Tally]) -> list[Attribution]:
    said = list(statements(text))
    missed = []
    for row in rows:
        pool = [one for one in said if one.direct] if row.direct else said
        chosen, covered = best(text, row, pool)
        right = chosen is not None and covered and names(text, chosen, row)
        for kind in ("direct", "all") if row.direct else ("all",):
            tallies[kind].annotated += 1
            tallies[kind].found += covered
            tallies[kind].right += right
        if row.direct and not right:
            missed.append(row)
    for one in said:
        confirmed = any(
            overlap((one.start, one.end), span) and names(text, one, row)
            for row in rows
            for span in row.content
        )
        for kind in ("direct", "all") if one.direct else ("all",):
            tallies[kind].predicted += 1
            tallies[kind].confirmed += confirmed
    return missed


@dataclass(slots=True)
class Signed:
    """How many direct quotations are named, and how many rightly; of them by their sentence."""

    annotated: int = 0
    named: int = 0
    right: int = 0
    by_sentence: int = 0
    rightly_by_sentence: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.named / max(1, self.annotated):.3f},"
            f" right {self.right / max(1, self.named):.3f}"
            f" (by its own sentence {self.by_sentence / max(1, self.annotated):.3f},"
            f" right {self.rightly_by_sentence / max(1, self.by_sentence):.3f})"
        )


def signed(articles: list[tuple[str, list[Attribution]]]) -> Signed:
    """Count the direct quotations of which a speaker is shown where nobody reads."""
    found = Signed()
    for text, rows in articles:
        body = Part(part="body", start=0, end=len(text))
        article = Article(
            article_id="", key="", version=1, text=text, parts=(body,), title="", language="en"
        )
        began = time.process_time()
        kept = {one.statement: one for one in sayings(article)}
        found.seconds += time.process_time() - began
        for row in rows:
            found.annotated += row.direct
            chosen, _ = best(text, row, list(kept))
            if row.direct and chosen is not None and kept[chosen].named:
                right = names(text, chosen, row)
                alone = speaker_from(chosen, text) != "context"
                found.named += 1
                found.right += right
                found.by_sentence += alone
                found.rightly_by_sentence += right and alone
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure who said what.")
    parser.add_argument("--set", default="dev", choices=["dev", "train"])
    parser.add_argument("--data", type=Path, default=_SHARED)
    parser.add_argument("--limit", type=int, default=None)
    chosen = parser.parse_args()
    articles = read(chosen.data / f"{chosen.set}.jsonl.gz")[: chosen.limit]
    tallies = {"direct": Tally(), "all": Tally()}
    for text, rows in articles:
        measure(text, rows, tallies)
    words = sum(len(text.split()) for text, _ in articles)
    middle = len(articles) // 2
    halves = [signed(articles[:middle]), signed(articles[middle:])]
    spent = sum(half.seconds for half in halves)
    print(f"{chosen.set}: {len(articles)} articles, {words} words")
    print("             annotated  recall  speaker accuracy  predicted  precision")
    for kind, tally in tallies.items():
        print(
            f"{kind:12s} {tally.annotated:9d}  {tally.found / tally.annotated:6.3f}"
            f"  {tally.right / tally.annotated:16.3f}  {tally.predicted:9d}"
            f"  {tally.confirmed / max(1, tally.predicted):9.3f}"
        )
    print(f"direct, named: {signed(articles)}")
    for half in halves:
        print(f"        a half: {half}")
    print(f"{words / 500 / spent:.0f} articles of 500 words a CPU-second")


if __name__ == "__main__":
    main()
