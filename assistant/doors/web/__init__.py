"""Plain pages beside the chat, each with an address: an answer, an article, a person, a quotation.

What the chat's framework does badly is HTML made here, with a little JavaScript that may be
missing. `mount` adds them to the API's application; its entry lets readers in and says what a
browser may load. The markup of answers and articles is `assistant.render`'s.
"""

from fastapi import APIRouter, FastAPI

from assistant.doors.api import Newsroom
from assistant.doors.web import (
    answer_page,
    article_page,
    draft_page,
    ingest_page,
    list_page,
    printed_page,
    quote_page,
    said_page,
    shared_talks_page,
    sign_in_page,
    talks_page,
    watches_page,
)
from assistant.doors.web.recall import talks_of
from assistant.doors.web.sheet import looks
from assistant.doors.web.tongues import Tongue
from assistant.doors.web.visit import Visit

ROUTERS: tuple[APIRouter, ...] = (
    answer_page.router,
    article_page.router,
    draft_page.router,
    ingest_page.router,
    list_page.router,
    printed_page.router,
    quote_page.router,
    said_page.router,
    shared_talks_page.router,
    sign_in_page.router,
    talks_page.router,
    watches_page.router,
    looks,
)
"""One more page is a router here."""

__all__ = ["Tongue", "Visit", "mount", "talks_of"]


def mount(api: FastAPI, newsroom: Newsroom) -> FastAPI:
    """Add the pages to an application that serves this newsroom."""
    assert api.state.newsroom is newsroom
    for router in ROUTERS:
        api.include_router(router, include_in_schema=False)
    return api
