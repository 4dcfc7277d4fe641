"""The head of the chat's page, and what stands in a chat in which nothing was asked yet."""

from html import escape

from assistant.render.escaped import as_words
from assistant.render.interface_text import Say

PAGES = (
    ("/list", "Articles"),
    ("/said", "Who said what"),
    ("/quote", "Find a quotation"),
    ("/watches", "Watches"),
    ("/draft", "Check a draft"),
)
"""The pages beside the chat, in the order in which every masthead leads to them."""


def masthead_html(
    say: Say,
    counts: str,
    lacking: str = "",
    *,
    code: str = "",
    who: str = "",
    admin: bool = False,
) -> str:
    """Return the head of the page, for `who` has signed in, if anybody has.

    It tells the page's script the language that is spoken, once that is known.
    """
    pages = (*PAGES, ("/ingest", "Add articles")) if admin else PAGES
    links = "".join(f'<a href="{where}">{escape(say(name))}</a>' for where, name in pages)
    if who:
        links += f'<a href="/account">{as_words(who)}</a>'
    told = f'<p class="lacking">{as_words(lacking)}</p>' if lacking else ""
    known = f' data-tongue="{code}" data-day="{escape(say("Pick a day"))}"' if code else ""
    return (
        f'<header class="masthead"{known}>'
        f"<h1>Morgue</h1><p>{escape(say('The archive answers, and shows where it says so'))}</p>"
        f'<nav aria-label="{escape(say("Other pages"))}">{links}</nav><p>{escape(counts)}</p>'
        f"</header>{told}"
    )


def welcome_html(say: Say) -> str:
    """Return what somebody reads who asked nothing yet."""
    told = say("Every sentence of an answer points at the words it rests on.")
    return _greeting(say("Ask the archive"), f"<p>{escape(told)}</p>")


def empty_html(say: Say, keeper: str = "", *, admin: bool) -> str:
    """Return what somebody reads to whom the archive shows nothing: what to do, or whom to ask."""
    if admin:
        drop = escape(say("Drop files on “Add articles”"))
        put, load = say("Or put them into the archive:"), say("Then load this page again.")
        told = (
            f'<p><a href="/ingest">{drop}</a></p><p>{escape(put)}</p>'
            f"<pre>morgue ingest PATH</pre><p>{escape(load)}</p>"
        )
    elif keeper:
        who = say(
            "There are no articles that you may see. Ask who keeps this archive: {keeper}.",
            keeper=keeper,
        )
        told = f"<p>{as_words(who)}</p>"
    else:
        who = say(
            "There are no articles that you may see. Ask whoever keeps this archive, or who gave "
            "you your key."
        )
        told = f"<p>{escape(who)}</p>"
    return _greeting(say("Nothing here yet"), told)


def by_words(say: Say, pending: int, passages: int) -> str:
    """Return what it costs that passages are found by their words alone, and what to do."""
    if not pending:
        return ""
    if pending >= passages:
        told = say("Everything is found by words alone.")
    else:
        told = say(
            "Passages found by words alone: {n} of {all}.", n=f"{pending:,}", all=f"{passages:,}"
        )
    cost = say(
        "Other spellings and some words of one meaning are tried too, in five languages. "
        "“morgue embed” adds meaning."
    )
    return f"{told} {cost}"


def _greeting(heading: str, told: str) -> str:
    return f'<div class="greeting"><h2>{escape(heading)}</h2>{told}</div>'
