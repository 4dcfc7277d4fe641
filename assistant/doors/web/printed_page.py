"""`/article/ID/page/N`: a page of an article as it was printed, the cited words marked on it."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.article_page import spans_of
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from assistant.render.cards import time_html
from assistant.render.interface_text import Say
from assistant.render.printed import address, no_page_html, page_address, printed_html
from ingest.archive.originals import PrintedPage, pages_of
from ingest.article import Article

router = APIRouter(prefix="/article")

_Page = Annotated[int, Path(ge=0, le=1_000_000)]
_UNKEPT = {"Cache-Control": "private, no-store"}


class PageWanted(BaseModel):
    """What an address says of a page: which version, what is marked, whether it stands alone."""

    version: int | None = Field(None, ge=1, le=2**31)
    mark: list[str] = Field(default_factory=list)
    within: bool = False


_Wanted = Annotated[PageWanted, Query()]


@router.get("/{article_id}/page/{number}")
async def page(
    article_id: str, number: _Page, request: Request, call: AnyCall, wanted: _Wanted
) -> Response:
    """Show a page as it was printed; `within` another page, the picture alone.

    `mark=START-END` marks words, in characters of the article's text.
    """
    call.note(article_id)
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    found = await call.run(lambda: _page(call, tongue.say, article_id, number, wanted))
    if found is None:
        return missing(request, tongue.say("No such article"))
    article, head, picture = found
    if wanted.within:
        return HTMLResponse(picture, headers=_UNKEPT)
    return sheet(request, article.title or tongue.say("Without a headline"), head + picture)


@router.get("/{article_id}/page/{number}/picture")
async def picture(
    article_id: str, number: _Page, request: Request, call: AnyCall, wanted: _Wanted
) -> Response:
    """Return the picture of a page, as JPEG."""
    call.note(article_id)
    shelf = call.newsroom.archive

    def found() -> bytes:
        article = shelf.readable(article_id, wanted.version, collections=call.collections)
        return shelf.originals.picture(article, number) if article else b""

    drawn = await call.run(found)
    if not drawn:
        return missing(request, "No such page")
    return Response(drawn, media_type="image/jpeg", headers=_UNKEPT)


def _page(
    call: Call, say: Say, article_id: str, number: int, wanted: PageWanted
) -> tuple[Article, str, str] | None:
    """Return an article, what stands over its page, and the page; None where it may not be seen."""
    shelf = call.newsroom.archive
    article = shelf.readable(article_id, wanted.version, collections=call.collections)
    if article is None:
        return None
    spans = spans_of(wanted.mark, len(article.text))
    drawn = shelf.originals.page(article, number, spans)
    shown = (
        printed_html(article, drawn, spans, say)
        if isinstance(drawn, PrintedPage)
        else no_page_html(drawn, say)
    )
    return article, _head(article, number, spans, say), shown


def _head(article: Article, number: int, spans: list[tuple[int, int]], say: Say) -> str:
    title = as_words(article.title or say("Without a headline"))
    where = as_words(article.outlet or say("outlet unknown"))
    told = escape(say("Page {page} as printed", page=number))
    pages = "".join(
        f'<a class="button" href="{escape(page_address(article, one, spans))}">'
        f"{escape(say('Page {page}', page=one))}</a>"
        for one in (number - 1, number + 1)
        if one in pages_of(article)
    )
    text = f'<a class="button" href="{escape(address(article, spans))}">'
    return (
        f'<h1 dir="auto">{title}</h1><p class="meta">{where} · {time_html(article.date, say)} · '
        f"{told}</p>"
        f'<div class="tools">{text}{escape(say("Its text"))}</a>{pages}</div>'
    )
