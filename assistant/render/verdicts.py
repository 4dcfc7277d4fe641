"""Claims held against sources, as JSON."""

from collections.abc import Iterator

from assistant.check.verify import PrintedSource, Verification, Verified
from assistant.render.documents import SCHEMA, Document, about, notices_to_json, span_to_json
from ingest.language.control_characters import harmless


def verdicts_to_json(found: Verification) -> Document:
    """Return what `POST /v1/verify` answers."""
    return {
        "schema": SCHEMA,
        "claims": [_claim(one) for one in found.claims],
        "faithfulness": found.faithfulness,
        "warnings": notices_to_json(found.warnings),
    }


def verdicts_to_text(found: Verification) -> str:
    """Return claims with their verdicts for a person or a model to read."""
    lines = [line for one in found.claims for line in _lines(one)]
    lines += [f"Note: {notice.text}" for notice in found.warnings]
    return "\n".join(map(harmless, lines))


def _lines(one: Verified) -> Iterator[str]:
    found = one.judgement
    score = "" if found.score is None else f" ({found.score:.2f})"
    yield f"{found.verdict}{score}: {one.claim.text}"
    if found.reason:
        yield f"it {found.reason}"
    if isinstance(one.source, PrintedSource) and one.span:
        article, (start, end) = one.source.article, one.span
        printed = f"{article.outlet or 'unknown outlet'}, {article.date or 'undated'}"
        printed += f", p. {page}" if (page := article.page_at(start)) else ""
        printed += f", at {time}" if (time := article.time_at(start)) else ""
        yield f"rests on {printed}, {article.article_id}: {article.text[start:end]}"
    elif isinstance(one.source, str) and one.span:
        yield f"rests on source {one.n}: {one.source[slice(*one.span)]}"


def _claim(one: Verified) -> Document:
    return {
        "text": one.claim.text,
        "verdict": one.judgement.verdict,
        "score": None if one.judgement.score is None else round(one.judgement.score, 4),
        "read_by": one.judgement.read_by,
        "reason": one.judgement.reason,
        "citations": list(one.claim.cites),
        "faults": list(one.claim.faults),
        "rests_on": _rests_on(one),
    }


def _rests_on(one: Verified) -> Document | None:
    if one.source is None or one.span is None:
        return None
    start, end = one.span
    if isinstance(one.source, str):
        words = one.source[start:end]
        return {"n": one.n, "start": start, "end": end, "text": words, "article": None}
    article = one.source.article
    return {"n": one.n, **span_to_json(article, start, end), "article": about(article)}
