"""The newest conversations beside the chat, each a link that opens it again."""

from collections.abc import Sequence
from html import escape

from assistant.render.escaped import as_words
from assistant.render.phrasing import day
from assistant.talks import KeptTalk

NEWEST = 30


def talk_list_html(talks: Sequence[KeptTalk], current: str = "", failure: str = "") -> str:
    """Return the newest conversations, the `current` one marked; or why there are none."""
    rows = "".join(
        f'<li><a href="/?t={talk.id}"{_here(talk, current)}><span dir="auto">'
        f"{as_words(talk.title)}</span> <small>{day(talk.touched)}</small></a></li>"
        for talk in talks[:NEWEST]
    )
    listed = f"<ul>{rows}</ul>" if rows else '<p class="none">Every conversation is kept here.</p>'
    told = f'<p class="notice">{as_words(failure)}</p>' if failure else ""
    more = "Search, rename, delete" if talks else "All conversations"
    return (
        f'<details class="talk-list" open data-talk="{escape(current)}">'
        f"<summary><h2>Conversations</h2></summary>"
        f'<nav aria-label="Conversations"><a class="new" href="/">New conversation</a>{told}'
        f'{listed}<a class="more" href="/talks">{more}</a></nav></details>'
    )


def _here(talk: KeptTalk, current: str) -> str:
    return ' aria-current="page"' if talk.id == current else ""
