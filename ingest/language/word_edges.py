"""Where words begin and end, in scripts that part them by spaces and in those that do not."""

import re

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff"
)
"""Thai, Lao, Burmese and Khmer; kana, Han and Hangul: any character may begin a word."""

_UNSPACED = re.compile(f"[{UNSPACED}]")


def is_spaced(text: str) -> bool:
    """Tell whether all words of a text are parted by spaces."""
    return text.isascii() or not _UNSPACED.search(text)


def whole_words(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a text cuts no word in two."""
    return not (_within_word(text, start) or _within_word(text, end))


def _within_word(text: str, at: int) -> bool:
    if not 0 < at < len(text) or not (text[at - 1].isalnum() and text[at].isalnum()):
        return False
    return not _UNSPACED.search(text[at - 1 : at + 1])
