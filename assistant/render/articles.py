"""One article of the archive, as JSON and as plain text."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.render import phrasing
from assistant.render.documents import SCHEMA, Document, about, plain, story_to_json
from ingest.article import Article, Notice, Story
from ingest.language.control_characters import harmless

if TYPE_CHECKING:
    from ingest.archive.versions import Changed, Version

_LABELS = 14


def article_to_json(
    article: Article,
    *,
    versions: "Sequence[Version]" = (),
    story: Story | None = None,
    notices: Sequence[Notice] = (),
    changes: "Mapping[int, Changed] | None" = None,
) -> Document:
    """Return what `show --json` prints."""
    changes = changes or {}
    return {
        "schema": SCHEMA,
        **about(article),
        "versions": [
            {"version": v.version, "seen_at": v.seen_at, "text_hash": v.text_hash}
            | ({"changed": _changed(changes[v.version])} if v.version in changes else {})
            for v in versions
        ],
        "text": article.text,
        "inferred": dict(article.inferred),
        "section": article.section,
        "rights": article.rights,
        "collection": article.collection,
        "embargo_until": plain(article.embargo_until),
        "metadata": plain(article.metadata),
        "file": article.file,
        "where": article.where,
        "parts": [
            {"part": p.part, "start": p.start, "end": p.end, "author": p.author}
            for p in article.parts
        ],
        "story": story_to_json(story) if story else None,
        "retracted": any(notice.code == "retracted" for notice in notices),
        "notices": [{"code": notice.code, "text": notice.text} for notice in notices],
    }


def _changed(changed: "Changed") -> Document:
    return {
        "fields": list(changed.fields),
        "removed": list(changed.removed),
        "added": list(changed.added),
    }


def _told(changes: "Mapping[int, Changed]") -> Iterator[str]:
    """Yield what each version changed, sentence by sentence."""
    for version, changed in changes.items():
        fields = f": {', '.join(changed.fields)}" if changed.fields else ""
        yield f"version {version} changed{fields}"
        yield from (f"  - {sentence}" for sentence in changed.removed)
        yield from (f"  + {sentence}" for sentence in changed.added)


def article_to_text(
    article: Article,
    *,
    versions: "Sequence[Version]" = (),
    notices: Sequence[Notice] = (),
    changes: "Mapping[int, Changed] | None" = None,
    width: int | None = None,
) -> str:
    """Return an article for a terminal: what is known of it, then its parts, each labelled.

    Its paragraphs are one line each, or broken to `width` columns.
    """
    lines = [
        article.title + (" (headline inferred)" if article.title_inferred else ""),
        " | ".join(
            str(known)
            for known in (article.outlet, article.date or "undated", *article.authors, article.url)
            if known
        ),
        f"id {article.article_id}, version {article.version}"
        + (f" of {len(versions)}" if versions else ""),
        *(f"{field}: {how}" for field, how in article.inferred.items()),
        *(f"Note: {notice.text}" for notice in notices),
        *_told(changes or {}),
        "",
    ]
    for part in article.parts:
        label = ", ".join(filter(None, [part.part, part.author, phrasing.pages(article, part)]))
        lines.append(f"{f'[{label}]':<{_LABELS}} {article.text[part.start : part.end]}")
    if width:
        indent = " " * (_LABELS + 1)
        whole = [line for one in lines for line in one.split("\n")]
        broken = (textwrap.wrap(line, width, subsequent_indent=indent) for line in whole)
        lines = [line for one in broken for line in one or [""]]
    return "\n".join(harmless(line) for line in lines)
