"""The newest conversations beside the chat, each a link that opens it again."""

from collections import Counter
from collections.abc import Container, Sequence
from html import escape

from assistant.render.escaped import as_words
from assistant.render.file_links import TALK_FILES, file_links
from assistant.render.interface_text import Say, day_told, in_english
from assistant.render.moments import moment_html
from assistant.talks import KeptTalk

NEWEST = 30


def talk_list_html(
    talks: Sequence[KeptTalk],
    current: str = "",
    failure: str = "",
    say: Say = in_english,
    *,
    lost: bool = False,
) -> str:
    """Return the newest conversations, the `current` one marked; or why there are none.

    It tells the page's script that the one of the address is `lost`: none of this reader's.
    """
    alike = begun_alike(talks)
    rows = "".join(
        f'<li><a href="/?t={talk.id}"{_here(talk, current)}><span dir="auto">'
        f"{as_words(talk.title)}</span>{second_question(talk, alike)} <small>"
        f"{_when(talk, alike, say)}</small></a></li>"
        for talk in talks[:NEWEST]
    )
    none = f'<p class="none">{escape(say("Every conversation is kept here."))}</p>'
    listed = f"<ul>{rows}</ul>" if rows else none
    told = f'<p class="notice">{as_words(failure)}</p>' if failure else ""
    saved = _saved(current, say) if any(talk.id == current for talk in talks) else ""
    more = say("Search, rename, delete") if talks else say("All conversations")
    name = escape(say("Conversations"))
    return (
        f'<details class="talk-list" open data-talk="{escape(current)}"'
        f"{' data-lost' if lost else ''}>"
        f"<summary><h2>{name}</h2></summary>"
        f'<nav aria-label="{name}"><a class="new" href="/">{escape(say("New conversation"))}</a>'
        f'{told}{listed}{saved}<a class="more" href="/talks">{escape(more)}</a></nav></details>'
    )


def begun_alike(talks: Sequence[KeptTalk]) -> frozenset[str]:
    """Return the ids of the conversations that are called as another one is."""
    called = Counter(talk.title.casefold() for talk in talks)
    return frozenset(talk.id for talk in talks if called[talk.title.casefold()] > 1)


def second_question(talk: KeptTalk, alike: Container[str]) -> str:
    """Return the second question of a conversation where its title does not tell which it is."""
    if talk.id not in alike or talk.second is None:
        return ""
    return f' <small dir="auto">{as_words(talk.second)}</small>'


def _when(talk: KeptTalk, alike: Container[str], say: Say) -> str:
    """Return when a conversation was used last, to the minute where another is called the same."""
    return moment_html(talk.touched, say) if talk.id in alike else day_told(talk.touched, say)


def _saved(talk_id: str, say: Say) -> str:
    """Return the whole conversation as files to fetch."""
    told = escape(say("Save this conversation"))
    return f'<div class="save"><p>{told}</p>{file_links(f"/talks/{talk_id}", TALK_FILES)}</div>'


def _here(talk: KeptTalk, current: str) -> str:
    return ' aria-current="page"' if talk.id == current else ""
