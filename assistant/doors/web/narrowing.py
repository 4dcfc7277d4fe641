"""What a list of the plain pages is narrowed to: links that take it off, and links that narrow."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import Request

from assistant.doors.web.sheet import FOCUSED
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words


class NarrowingLink(NamedTuple):
    """A value, where the list with it or without it stands, and how many it has."""

    told: str
    address: str
    n: int = 0


def chips(tongue: Tongue, is_set: Iterable[NarrowingLink], clear: str, besides: str = "") -> str:
    """Return what is set as links that take it off, `besides` behind; nothing where nothing is."""
    say = tongue.say
    items = "".join(
        f'<li><a class="chip" href="{escape(one.address)}" '
        f'aria-label="{escape(say("Take off: {what}", what=one.told))}">{as_words(one.told)} '
        '<span aria-hidden="true">×</span></a></li>'
        for one in is_set
    )
    if not items:
        return ""
    every = f'<li><a class="chip every" href="{escape(clear)}">{escape(say("Clear all"))}</a></li>'
    name = escape(say("Filters that are set"))
    return f'<ul class="chips" aria-label="{name}">{items}{every}{besides}</ul>'


def facet(heading: str, links: Iterable[NarrowingLink]) -> str:
    """Return values with how many each has, every one a link; nothing where there is none."""
    rows = "".join(
        f'<li><a href="{escape(one.address)}">{as_words(one.told)}</a> <span>{one.n:,}</span></li>'
        for one in links
    )
    if not rows:
        return ""
    return f'<section class="facet"><h2>{escape(heading)}</h2><ul>{rows}</ul></section>'


def found_html(request: Request, told: str) -> str:
    """Return how much was found, with the focus of whoever narrowed what they had here."""
    within = urlsplit(request.headers.get("referer", "")).path == request.url.path
    return f'<p class="counted" role="status"{FOCUSED if within else ""}>{as_words(told)}</p>'
