"""Who said what, and where words are printed, as JSON and for a terminal; pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answer import Citation
from assistant.render import phrasing
from assistant.render.documents import (
    SCHEMA,
    Document,
    citation_to_json,
    notices_to_json,
    plain,
    searched_to_json,
)
from assistant.render.speech_phrasing import (
    NEAREST,
    changed_since,
    manner,
    marked,
    printed_again,
    printed_where,
    shown_of,
)
from assistant.render.terminal import _wrap as wrapped
from assistant.speech_results import QuoteFound, Sayings, Sighting

if TYPE_CHECKING:
    from ingest.archive.speaker_profile import SpeakerRole
    from ingest.archive.statement_store import Spoke


def sayings_to_json(found: Sayings, question_id: str | None = None) -> Document:
    """Return what `said --json` prints and `POST /v1/said` answers."""
    numbered = enumerate(found.statements, found.numbered_from)
    return {
        "schema": SCHEMA,
        "id": question_id,
        "statements": [
            {**_statement(n, one), "changed": _changed(n, found)} for n, one in numbered
        ],
        "total": found.total,
        "left_out": found.left_out,
        "facets": {
            "speaker": dict(found.facets),
            "outlet": dict(found.profile.outlets),
            "year": dict(found.profile.years),
        },
        "roles": [_role(one) for one in found.profile.roles],
        "people": list(found.people),
        "next": found.next,
        "warnings": notices_to_json(found.warnings),
        "searched": searched_to_json(found.searched),
    }


def _role(one: "SpeakerRole") -> Document:
    return {
        "text": one.words,
        "articles": one.articles,
        "from": plain(one.since),
        "to": plain(one.until),
        "article_id": one.article_id,
        "version": one.version,
        "start": one.start,
        "end": one.end,
    }


def _statement(n: int, one: "Spoke") -> Document:
    cited = citation_to_json(statement_citation(n, one))
    return {
        **cited,
        "article_kind": cited["kind"],
        "speaker": one.speaker,
        "speaker_as_printed": one.as_printed,
        "speaker_from": one.speaker_from,
        "kind": one.manner,
        "denied": one.denied,
        "hedged": one.hedged,
        "again": one.again,
    }


def _changed(n: int, found: Sayings) -> list[Document]:
    return [
        {"kind": one.kind, "since": one.since, "before": one.before, "now": one.now}
        for one in found.changes
        if one.number == n
    ]


def statement_citation(n: int, one: "Spoke") -> Citation:
    """Return the place of a statement."""
    return Citation(
        n=n,
        article=one.article,
        part=one.part,
        start=one.statement.start,
        end=one.statement.end,
        story=one.story,
        notices=one.notices,
    )


def quote_to_json(found: QuoteFound, question_id: str | None = None) -> Document:
    """Return what `quote --json` prints and `POST /v1/quote` answers."""
    return {
        "schema": SCHEMA,
        "id": question_id,
        "words": found.words,
        "verdict": found.verdict,
        "first": _sighting(found.first) if found.first else None,
        "appearances": [_sighting(one) for one in found.appearances],
        "nearest": [_sighting(one) for one in found.nearest],
        "warnings": notices_to_json(found.warnings),
        "searched": searched_to_json(found.searched),
    }


def _sighting(one: Sighting) -> Document:
    return {
        **citation_to_json(one.citation),
        "speaker": one.speaker,
        "speaker_from": one.speaker_from,
        "alike": round(one.alike, 3),
        "difference": marked(one) if one.differences else None,
        "changes": [
            {
                "asked": change.asked,
                "printed": change.printed,
                "start": change.at[0],
                "end": change.at[1],
            }
            for change in one.differences
        ],
    }


# For a terminal


def sayings_to_text(found: Sayings, width: int = 80) -> str:
    """Return statements for a terminal of `width` columns, in their order."""
    blocks = [
        "\n".join([*_told(n, one, width), *_changes_told(n, found, width)])
        for n, one in enumerate(found.statements, found.numbered_from)
    ]
    if not blocks:
        blocks = [wrapped("Nothing that the archive holds is confirmed to be theirs.", width)]
    blocks += [wrapped(f"Note: {notice.text}", width) for notice in found.warnings]
    if len(found.facets) > 1:
        most = list(found.facets.items())[:_FACETS]
        told = "; ".join(f"{name} {count}" for name, count in most)
        blocks.append(wrapped(f"By speaker: {told}.", width))
    more = f" Go on with --offset {found.next}." if found.next is not None else ""
    blocks.append(wrapped(shown_of(found) + more, width))
    return "\n\n".join(blocks) + "\n"


_FACETS = 8


def _told(n: int, one: "Spoke", width: int) -> Iterator[str]:
    cited = statement_citation(n, one)
    earlier = ", named earlier" if one.speaker_from == "context" else ""
    printed = f" (as “{one.as_printed}”{earlier})" if one.as_printed else ""
    yield wrapped(f"[{n}] {one.speaker or 'Nobody named'}{printed}", width, "  ", "      ")
    told = [phrasing.imprint(cited), ", ".join(manner(one)), printed_again(one)]
    yield _inner("; ".join(filter(None, told)), width)
    yield from (_inner(f"Note: {notice.text}", width) for notice in one.notices)
    yield wrapped(cited.text, width, "      | ", "      | ")
    yield _inner(f"{one.article.title} ({one.article.article_id})", width)


def _changes_told(n: int, found: Sayings, width: int) -> Iterator[str]:
    for one in found.changes:
        if one.number == n:
            yield _inner(changed_since(one), width)


def quote_to_text(found: QuoteFound, width: int = 80) -> str:
    """Return where words are printed for a terminal of `width` columns."""
    blocks = [printed_where(found)]
    blocks += ["\n".join(_shown(one, width)) for one in found.appearances]
    if found.nearest:
        blocks.append(NEAREST)
    blocks += ["\n".join(_shown(one, width)) for one in found.nearest]
    blocks += [wrapped(f"Note: {notice.text}", width) for notice in found.warnings]
    blocks.append(wrapped(phrasing.searched_line(found.searched), width))
    return "\n\n".join(blocks) + "\n"


def _shown(one: Sighting, width: int) -> Iterator[str]:
    cited = one.citation
    yield wrapped(f"[{cited.n}] {cited.article.title}", width, "  ", "      ")
    who = f"{one.speaker}, in " if one.speaker else ""
    yield _inner(f"{who}{phrasing.imprint(cited)}", width)
    yield from (_inner(f"Note: {notice.text}", width) for notice in cited.notices)
    yield wrapped(marked(one), width, "      | ", "      | ")
    yield _inner(f"{cited.article.article_id} {cited.start}:{cited.end}", width)


def _inner(text: str, width: int) -> str:
    return wrapped(text, width, "      ", "      ")
