"""Claims held against sources, as JSON."""

from collections.abc import Sequence

from assistant.render.documents import SCHEMA, Document, about
from assistant.verify import Printed, Verified, faithfulness


def verdicts_to_json(verified: Sequence[Verified]) -> Document:
    """Return what `POST /v1/verify` answers."""
    return {
        "schema": SCHEMA,
        "claims": [_claim(one) for one in verified],
        "faithfulness": faithfulness(verified),
    }


def _claim(one: Verified) -> Document:
    return {
        "text": one.claim.text,
        "verdict": one.support.verdict,
        "score": round(one.support.score, 4),
        "citations": list(one.claim.cites),
        "faults": list(one.claim.faults),
        "unsupported": [list(span) for span in one.support.unsupported],
        "reasons": list(one.support.reasons),
        "rests_on": _rests_on(one),
    }


def _rests_on(one: Verified) -> Document | None:
    if one.source is None or one.span is None:
        return None
    start, end = one.span
    article = one.source.article if isinstance(one.source, Printed) else None
    text = article.text if article else str(one.source)
    place = {"n": one.n, "start": start, "end": end, "text": text[start:end]}
    return {**place, "article": about(article) if article else None}
