"""The JSON documents of docs/interface.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Conflict,
    Judgement,
    Listing,
    NoAnswer,
    Outcome,
    Plan,
    ReadingCost,
    Searched,
)
from assistant.find.independence import witnesses
from assistant.render.phrasing import speaker_from
from ingest.article import Article, Filters, Hit, ListedArticle, Notice, Story

SCHEMA = 1

Document = dict[str, object]


def to_json(outcome: Outcome) -> Document:
    """Return what `ask --json` prints and `POST /v1/ask` answers."""
    match outcome:
        case Answer():
            return _answer(outcome)
        case Listing():
            return _listing(outcome)
        case NoAnswer():
            return _no_answer(outcome)


def hits_to_json(
    hits: Iterable[Hit],
    searched: Searched,
    question_id: str | None = None,
    counted: Listing | None = None,
) -> Document:
    """Return what `search --json` prints and `POST /v1/search` answers.

    `counted` are the articles that hold all words of the query, where facets of them were asked.
    """
    found = [hit_to_json(hit) for hit in hits]
    return {
        "schema": SCHEMA,
        "id": question_id,
        "hits": found,
        "total": counted.total if counted else None,
        "total_with_copies": counted.total_with_copies if counted else None,
        "facets": _facets(counted) if counted else {},
        "warnings": notices_to_json(
            dict.fromkeys((*searched.warnings, *(counted.warnings if counted else ())))
        ),
        "searched": searched_to_json(searched),
    }


def citation_to_json(citation: Citation) -> Document:
    """Return a citation: its number, its article and the span whose words it is."""
    return {
        "n": citation.n,
        **about(citation.article),
        "part": citation.part,
        **span_to_json(citation.article, citation.start, citation.end),
        **_told(citation.story, citation.notices),
    }


def _answer(answer: Answer) -> Document:
    return {
        "schema": SCHEMA,
        "kind": "answer",
        "id": answer.id,
        "question": answer.question,
        "mode": answer.mode,
        "text": answer.text,
        "claims": [claim_to_json(claim) for claim in answer.claims],
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "omitted": [
            {
                "text": left.text,
                "reason": left.reason,
                "judgement": judgement_to_json(left.judgement, ()),
            }
            for left in answer.omitted
        ],
        "conflicts": [_conflict(one) for one in answer.conflicts if one.kind != "update"],
        "updates": [_conflict(one) for one in answer.conflicts if one.kind == "update"],
        "witnesses": _witnesses(answer),
        "faithfulness": answer.faithfulness,
        "more": None if answer.more is None else asdict(answer.more),
        **_circumstances(answer),
    }


def _conflict(conflict: Conflict) -> Document:
    return {
        "about": conflict.about,
        "citations": list(conflict.citations),
        "kind": conflict.kind,
    }


def _witnesses(answer: Answer) -> Document:
    told = witnesses(answer.citations)
    return {"newsrooms": told.newsrooms, "copies": list(told.copies)}


def _listing(listing: Listing) -> Document:
    return {
        "schema": SCHEMA,
        "kind": "list",
        "id": listing.id,
        "question": listing.question,
        "mode": listing.mode,
        "text": listing.text,
        "claims": [],
        "citations": [],
        "articles": [listed_to_json(one) for one in listing.articles],
        "total": listing.total,
        "total_with_copies": listing.total_with_copies,
        "first": listed_to_json(listing.first) if listing.first else None,
        "last": listed_to_json(listing.last) if listing.last else None,
        "facets": _facets(listing),
        "next": listing.next,
        **_circumstances(listing),
    }


def _facets(listing: Listing) -> Document:
    return {name: dict(counted) for name, counted in listing.facets.items()}


def listed_to_json(listed: ListedArticle) -> Document:
    """Return an article in a list: what is known of it, and the line that tells what it is."""
    return {
        **about(listed.article),
        "section": listed.article.section,
        "lead": listed.lead,
        "copies": listed.story.copies,
        "newsrooms": listed.newsrooms,
        "related": listed.related,
        **_told(listed.story, listed.notices),
    }


def _no_answer(outcome: NoAnswer) -> Document:
    return {
        "schema": SCHEMA,
        "kind": "no_answer",
        "id": outcome.id,
        "question": outcome.question,
        "mode": outcome.mode,
        "text": outcome.text,
        "claims": [],
        "reason": outcome.reason,
        "nearest": [citation_to_json(citation) for citation in outcome.nearest],
        "citations": [],
        **_circumstances(outcome),
    }


def _circumstances(outcome: Outcome) -> Document:
    return {
        "warnings": notices_to_json(outcome.warnings),
        "searched": searched_to_json(outcome.searched),
        "record_id": outcome.record_id,
        "seconds": round(outcome.seconds, 3),
        "reading": _reading(outcome.reading),
    }


def _reading(reading: ReadingCost | None) -> Document | None:
    return None if reading is None else asdict(reading)


def judgement_to_json(judgement: Judgement | None, citations: Sequence[int]) -> Document | None:
    """Return a judgement, with the number of the citation that the claim rests on most."""
    if judgement is None:
        return None
    at = judgement.source
    rests = None
    if at is not None and judgement.span is not None and at < len(citations):
        start, end = judgement.span
        rests = {"citation": citations[at], "start": start, "end": end}
    return {
        "verdict": judgement.verdict,
        "score": None if judgement.score is None else round(judgement.score, 4),
        "read_by": judgement.read_by,
        "reason": judgement.reason,
        "rests_on": rests,
    }


def claim_to_json(claim: Claim) -> Document:
    """Return a checked sentence of an answer."""
    return {
        "text": claim.text,
        "at": list(claim.at),
        "verdict": claim.verdict,
        "score": claim.score,
        "speaker": claim.speaker,
        "speaker_from": speaker_from(claim),
        "quotes": [
            {"text": quote.text, "verdict": quote.verdict, "citation": quote.citation}
            for quote in claim.quotes
        ],
        "citations": list(claim.citations),
        "judgement": judgement_to_json(claim.judgement, claim.citations),
        "paraphrase": claim.paraphrase,
        "day": plain(claim.day),
    }


def hit_to_json(hit: Hit) -> Document:
    """Return a passage that was found: its article, its place, who printed it too."""
    return {
        **about(hit.article),
        "part": hit.passage.part,
        **span_to_json(hit.article, hit.passage.start, hit.passage.end),
        **_told(hit.story, hit.notices),
        "score": hit.score,
        "by": list(hit.by),
        "marks": [span_to_json(hit.article, start, end) for start, end in hit.marks],
    }


def about(article: Article) -> Document:
    """Return what is known of an article, as citations and hits give it."""
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "title_inferred": article.title_inferred,
        "outlet": article.outlet,
        "authors": list(article.authors),
        "date": plain(article.date),
        "published_at": plain(article.published_at),
        "updated_at": plain(article.updated_at),
        "url": article.url,
        "language": article.language,
        "kind": article.kind,
    }


def span_to_json(article: Article, start: int, end: int) -> Document:
    """Return a stretch of an article's text, with its printed page or time where that is known."""
    page, time = article.page_at(start), article.time_at(start)
    known = ({} if page is None else {"page": page}) | ({} if time is None else {"time": time})
    return {"start": start, "end": end, "text": article.text[start:end], **known}


def _told(story: Story, notices: Iterable[Notice]) -> Document:
    return {"story": story_to_json(story), "notices": notices_to_json(notices)}


def story_to_json(story: Story) -> Document:
    """Return the articles that print one dispatch."""
    return {
        "id": story.id,
        "copies": story.copies,
        "outlets": list(story.outlets),
        "article_ids": list(story.article_ids),
        "canonical": story.canonical,
    }


def notices_to_json(notices: Iterable[Notice]) -> list[Document]:
    """Return notices, or warnings, with their codes."""
    return [{"code": notice.code, "text": notice.text} for notice in notices]


def searched_to_json(searched: Searched) -> Document:
    """Return what was searched."""
    return {
        "articles": searched.articles,
        "from": plain(searched.since),
        "to": plain(searched.until),
        "embedded": searched.embedded,
        "understood": plain(searched.understood),
        "nothing": searched.nothing,
        "plan": plan_to_json(searched.plan) if searched.plan else None,
    }


def plan_to_json(plan: Plan) -> Document:
    """Return what a question was taken to want, and of what."""
    return {
        "wants": plan.wants,
        "query": plan.query,
        "from": plain(plan.since),
        "to": plain(plan.until),
        "names": list(plan.names),
        "outlets": list(plan.outlets),
        "parts": list(plan.parts),
        "sort": plan.order if plan.listed else None,
        "by": plan.by,
        "corrected": dict(plan.corrected),
    }


def filters_to_json(filters: Filters) -> Document:
    """Return filters by the names that a request gives them."""
    return {
        "from": plain(filters.since),
        "to": plain(filters.until),
        "as_of": plain(filters.as_of),
        "outlet": list(filters.outlets),
        "language": list(filters.languages),
        "section": list(filters.sections),
        "collection": list(filters.collections),
        "comments": filters.comments,
    }


def plain(value: object) -> object:
    """Return `value` in the terms of JSON: days and times as ISO 8601, sequences as lists."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(inner) for inner in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
