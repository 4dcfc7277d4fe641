"""`/article/ID`: an article whole, cited words marked, its versions and what each one changed."""

import re
from collections.abc import Iterable
from html import escape
from itertools import islice
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import article_html, as_words
from assistant.render.cards import Span, notices_html, story_html, time_html, title_html
from assistant.render.interface_text import Say, day_told
from assistant.render.printed import printed_links_html
from ingest.archive.versions import changed
from ingest.article import Article

router = APIRouter(prefix="/article")

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
_MARKS = 100
_WITHIN = 30_000
"""Characters of an article that is opened within another page; its own page has the rest."""


class PageOfArticle(NamedTuple):
    """An article's page: its title, what stands over its words, these; and what opens elsewhere."""

    title: str
    head: str
    words: str
    within: str


@router.get("/{article_id}")
async def article(
    article_id: str,
    request: Request,
    call: AnyCall,
    version: Annotated[int | None, Query(ge=1, le=2**31)] = None,
    mark: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Show an article, spans of it marked: `mark=START-END`, in characters of its text.

    With `within=1` its words alone, to stand in another page.
    """
    call.note(article_id)
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    found = await call.run(lambda: _body(call, tongue, article_id, version, mark or []))
    if found is None:
        return missing(request, tongue.say("No such article"))
    if request.query_params.get("within"):
        return HTMLResponse(found.within, headers={"Cache-Control": "private, no-store"})
    whole = f'{found.head}<article class="whole alone">{found.words}</article>'
    return sheet(request, found.title, whole)


def _body(
    call: Call, tongue: Tongue, article_id: str, version: int | None, marks: list[str]
) -> PageOfArticle | None:
    shelf, within = call.newsroom.archive, call.collections
    found = shelf.readable(article_id, version, collections=within)
    if found is None:
        return None
    spans = spans_of(marks, len(found.text))
    story = shelf.story(article_id, within)
    notices = shelf.notices(found, collections=within)
    say = tongue.say
    pieces = [as_words(found.outlet or say("outlet unknown")), time_html(found.date, say)]
    pieces += [as_words(", ".join(found.authors))] if found.authors else []
    printed = printed_links_html(found, spans, say)
    return PageOfArticle(
        title=found.title or say("Without a headline"),
        head=(
            f'<h1 dir="auto">{title_html(found, say)}</h1><p class="meta">{" · ".join(pieces)}</p>'
            f"{notices_html(notices, say)}{story_html(story, say) if story else ''}"
            f"{_versions(call, tongue, found)}{printed}"
        ),
        words=article_html(found, spans, say=say),
        within=f"{printed}{article_html(found, spans, _WITHIN, say)}",
    )


def spans_of(marks: Iterable[str], length: int) -> list[Span]:
    """Return the spans of a text of so many characters that an address names: "START-END"."""
    return [span for mark in islice(marks, _MARKS) if (span := _span(mark, length))]


def _span(mark: str, most: int) -> Span | None:
    found = _SPAN.fullmatch(mark)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= most else None


def _versions(call: Call, tongue: Tongue, shown: Article) -> str:
    """Return the versions that may be seen, and what the one shown changed."""
    shelf, say = call.newsroom.archive, tongue.say
    versions = shelf.versions(shown.article_id)
    if len(versions) < 2:
        return ""
    rows, earlier = "", None
    for one in versions:
        found = shelf.readable(shown.article_id, one.version, collections=call.collections)
        if found is None:
            continue
        rows += _row(say, found, shown)
        if one.version < shown.version:
            earlier = found
    name = escape(say("Versions"))
    return (
        f'<nav class="versions" aria-label="{name}"><ul>{rows}</ul></nav>'
        f"{_changes(tongue, earlier, shown) if earlier else ''}"
    )


def _row(say: Say, found: Article, shown: Article) -> str:
    name = say("Version {n}", n=found.version)
    when = f" · {day_told(found.updated_at.date(), say)}" if found.updated_at else ""
    here = ' aria-current="page"' if found.version == shown.version else ""
    where = f"/article/{quote(found.article_id, safe='')}?version={found.version}"
    return f'<li><a href="{where}"{here}>{escape(name)}{when}</a></li>'


def _changes(tongue: Tongue, earlier: Article, shown: Article) -> str:
    told = changed(earlier, shown)
    lines = [f"<li><del>{as_words(sentence)}</del></li>" for sentence in told.removed]
    lines += [f"<li><ins>{as_words(sentence)}</ins></li>" for sentence in told.added]
    if not lines:
        return ""
    what = tongue.say("What version {n} changed", n=shown.version)
    return (
        f'<details class="changes"><summary>{escape(what)}</summary>'
        f"<ul>{''.join(lines)}</ul></details>"
    )
