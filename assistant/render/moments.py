"""When something happened, to the minute: in UTC, and by a script in the zone of the browser."""

from datetime import UTC, datetime
from html import escape

from assistant.render.interface_text import Say, day_told, to_say

_UTC = to_say("{day}, {time} UTC")
_PLACE = "\x00"  # no text of ours has it


def moment_html(at: datetime, say: Say) -> str:
    """Return a moment for people and for programs: with its zone, which a script makes theirs."""
    at = at.astimezone(UTC)
    told = say(_UTC, day=day_told(at, say), time=f"{at:%H:%M}")
    return f'<time datetime="{at:%Y-%m-%dT%H:%MZ}" data-moment>{escape(told)}</time>'


def with_moment(text: str, at: datetime, say: Say) -> str:
    """Return a text of the interface as HTML, a moment at its {when}."""
    return escape(say(text, when=_PLACE)).replace(_PLACE, moment_html(at, say))
