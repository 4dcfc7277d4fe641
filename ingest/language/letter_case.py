"""Character classes by a letter's own case, in any script, for use in patterns.

`re` knows no classes of case: [a-z] and [A-Z] take "ü" and "і" for neither, or for both.
"""


def _ranges(letters: list[int]) -> str:
    """Return code points as the ranges of a character class."""
    spans: list[list[int]] = []
    for code in letters:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in spans)


# Where letters with case stand: the first scripts, and the blocks that came later to them.
_BLOCKS = ((0, 0x3000), (0xA640, 0xA800), (0xAB30, 0xABC0), (0xFB00, 0xFB18), (0xFF21, 0xFF5B))
_BASIC = [(code, chr(code)) for first, end in _BLOCKS for code in range(first, end)]

UPPER = _ranges([code for code, letter in _BASIC if letter.isupper() or letter.istitle()])
"""Capital letters, for "[...]"."""

LOWER = _ranges([code for code, letter in _BASIC if letter.islower()])
r"""Small letters, for "[...]"; `[^\W\d_{LOWER}]` is a capital, or a letter of a script without."""

NAME_WORD = rf"(?<!\w)[{LOWER}]*[^\W\d_{LOWER}][\w’'-]*"
"""A word that a name is made of, whole: one with a capital, wherever in it: "Lee", "iPhone"."""
