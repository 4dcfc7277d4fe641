"""Words of an archive as nothing but words: to HTML, and to the Markdown that a chat reads first.

A fragment is one line, so that no blank line in an article ends the block it stands in.
"""

import html
import re

from ingest.language.control_characters import harmless

_ACTIVE = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_[]{}$~|@:!#^"}


def as_lines(text: str) -> str:
    """Return text with its line ends kept as breaks; see `as_words`."""
    return re.sub(r"(?:&#10;\s*)+", "<br>", _escaped(text).replace("\n", "&#10;"))


def as_words(text: str) -> str:
    """Return text as nothing but words to HTML and to Markdown, on one line."""
    return re.sub(r"\s+", " ", _escaped(text))


def _escaped(text: str) -> str:
    """Escape for HTML, then what Markdown reads; the signs of HTML's own escapes stay whole.

    Codes that turn the words behind them around go out: a headline could unsay its own source.
    """
    quiet = "\n".join(map(harmless, text.split("\n")))
    pieces = re.split(r"(&(?:amp|lt|gt|quot|#x27);)", html.escape(quiet))
    return "".join(
        piece if odd % 2 else piece.translate(_ACTIVE) for odd, piece in enumerate(pieces)
    )
