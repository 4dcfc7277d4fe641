"""A claim and what it is held against, with the verdict as JSON and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.render import SCHEMA
from assistant.render.documents import about
from assistant.render.terminal import harmless
from assistant.support import Verdict
from ingest.article import EVIDENCE, Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of an article that a claim may rest on, as the checker takes it."""

    article: Article
    start: int
    end: int

    @property
    def hit(self) -> "Stretch":
        """What the checker reads the article from."""
        return self


Place = Stretch | str
"""What a claim is held against: a stretch of an article, or a text."""


def stretches(article: Article) -> list[Stretch]:
    """Return what of an article is evidence."""
    return [
        Stretch(article=article, start=part.start, end=part.end)
        for part in article.parts
        if part.part in EVIDENCE
    ]


def verdict_to_json(claim: str, found: Verdict, places: Sequence[Place]) -> dict[str, object]:
    """Return a claim's verdict; `rests_on` is null where none of its words stands anywhere."""
    return {
        "schema": SCHEMA,
        "claim": claim,
        "verdict": found.verdict,
        "score": round(found.score, 3),
        "reasons": list(found.reasons),
        "unsupported": [
            {"start": start, "end": end, "text": claim[start:end]}
            for start, end in found.unsupported
        ],
        "rests_on": _rests_on(found, places),
    }


def _rests_on(found: Verdict, places: Sequence[Place]) -> dict[str, object] | None:
    if found.passage is None or found.span is None:
        return None
    place, (start, end) = places[found.passage], found.span
    if isinstance(place, str):
        return {"source": found.passage + 1, "start": start, "end": end, "text": place[start:end]}
    parts = place.article.parts
    part = next((one.part for one in parts if one.start <= start < one.end), "body")
    words = {"part": part, "start": start, "end": end, "text": place.article.text[start:end]}
    return {**about(place.article), **words}


def verdict_to_text(verdict: dict[str, Any]) -> str:
    """Return a verdict for a person or a model to read."""
    lines = [f"{verdict['verdict']} ({verdict['score']})"]
    if verdict["unsupported"]:
        words = ", ".join(repr(one["text"]) for one in verdict["unsupported"])
        lines.append(f"not in the sources: {words}")
    place = verdict["rests_on"]
    if place and "source" in place:
        lines.append(f"rests on source {place['source']}: {place['text']}")
    elif place:
        printed = f"{place['outlet'] or 'unknown outlet'}, {place['date'] or 'undated'}"
        lines.append(f"rests on {printed}, {place['article_id']}: {place['text']}")
    return "\n".join(harmless(line) for line in lines)
