"""Words in a cell of a table: never what a spreadsheet would work out."""

import re

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_cell(text: str) -> str:
    """Return text as a cell holds it: what begins like a formula, and is no number, is words."""
    if _NUMBER.fullmatch(text) or not text.lstrip(" \u00a0\u3000\ufeff").startswith(_FORMULAS):
        return text
    return f"'{text}"
