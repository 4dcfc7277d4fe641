"""Does it answer what it can, and only that? `python -m benchmarks.answers [--meaning all]`.

Quotes mode, without dates: the 86 questions of realtimeqa that the archive answers, the 400 of
two years later that it cannot, and the 86 again with their article taken out, counted only where
no remaining hit holds the answer. An answer is right if the short answer stands, lower-cased
word for word, in its cited sentences.
"""

import argparse
import json
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Found, Outcome
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from benchmarks import newsroom
from benchmarks.newsroom import Asked
from ingest.archive import Archive, Search
from ingest.article import Filters, Hit


class Without(Archive):
    """An archive from which some articles are taken out for one question."""

    left_out: frozenset[str] = frozenset()

    def search(self, search: Search) -> list[Hit]:
        """Return what a search finds among the rest."""
        wider = Search(
            text=search.text, k=search.k + 3, by=search.by, filters=search.filters,
            per_article=search.per_article,
        )  # fmt: skip
        hits = super().search(wider)
        rest = [h for h in hits if newsroom.address(h.article.url) not in self.left_out]
        return rest[: search.k]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one question."""

    asked: Asked
    outcome: Outcome
    hits: tuple[Hit, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the short answer stands in a cited sentence."""
        answer = self.asked.answer or ""
        return any(newsroom.holds(answer, c.text) for c in self.outcome.citations)

    @property
    def held(self) -> bool:
        """Whether any article that was read holds the short answer."""
        return any(newsroom.holds(self.asked.answer or "", h.article.text) for h in self.hits)

    @property
    def scattered(self) -> bool:
        """Whether one passage that was read holds every word of the short answer."""
        words = re.findall(r"\w{3,}|\d", (self.asked.answer or "").casefold())
        read = (set(re.findall(r"\w+", hit.text.casefold())) for hit in self.hits)
        return any(all(word in passage for word in words) for passage in read)


def ask(assistant: Assistant, asked: Asked, *, dated: bool = False) -> Result:
    """Ask one question and keep what was read for it."""
    filters = Filters(as_of=asked.day if dated else None)
    began = time.perf_counter()
    *steps, last = assistant.steps(asked.text, mode="quotes", filters=filters)
    seconds = time.perf_counter() - began
    hits = next(step.hits for step in steps if isinstance(step, Found))
    return Result(asked=asked, outcome=last.outcome, hits=hits, seconds=seconds)  # type: ignore[union-attr]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["600", "all"], default="all")
    parser.add_argument("--meaning", choices=["none", "leads", "all"], default="leads")
    parser.add_argument("--signs", type=Path, help="keep the signs of each question here")
    given = parser.parse_args()
    archive = newsroom.archive(given.size, given.meaning, Without)
    assistant = Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))
    gold = [ask(assistant, asked) for asked in newsroom.questions()]
    dated = [ask(assistant, asked, dated=True) for asked in newsroom.questions()]
    never = [ask(assistant, asked) for asked in newsroom.unanswerable()]
    hard: list[Result] = []
    for asked in newsroom.questions():
        archive.left_out = asked.gold
        hard.append(ask(assistant, asked))
    archive.left_out = frozenset()
    fair = [result for result in hard if not result.held]
    _table(gold, dated, never, fair)
    _share_of("and no passage holds its words", [r for r in fair if not r.scattered], True)
    if given.signs:
        _keep(given.signs, assistant, {"gold": gold, "never": never, "hard": hard})


def _table(
    gold: list[Result], dated: list[Result], never: list[Result], hard: list[Result]
) -> None:
    _share_of("answerable, refused", gold, False)
    _share_of("answerable, refused, as of its day", dated, False)
    _share_of("not in the archive, answered", never, True)
    _share_of("article taken out, answered", hard, True)
    for name, results in (("no date", gold), ("as of its day", dated)):
        right = sum(r.right for r in results)
        print(f"right, {name}: {right} of {len(results)}, {right / len(results):.3f}")
    print(f"median: {statistics.median(r.seconds for r in gold + never) * 1000:.0f} ms")


def _share_of(what: str, results: list[Result], answered: bool) -> None:
    count = sum(bool(r.outcome.claims) == answered for r in results)
    print(f"{what + ':':36}{count} of {len(results)}, {count / max(len(results), 1):.3f}")


def _keep(file: Path, assistant: Assistant, groups: dict[str, list[Result]]) -> None:
    from assistant.find.answerability import signs
    from assistant.find.candidates import candidates, read_question
    from assistant.understand.question import understand

    with file.open("w", encoding="utf-8") as kept:
        for group, results in groups.items():
            for r in results:
                wanted = read_question(assistant.archive, understand(r.asked.text))
                said = candidates(assistant.archive, wanted, r.hits)
                seen = signs(said, r.hits, assistant.archive.status().embedder)
                row = {"group": group, "id": r.asked.id, "held": r.held, **seen._asdict()}
                kept.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
