"""Take out of a text what a screen would obey instead of showing it."""

import unicodedata


def harmless(text: str) -> str:
    """Take out what a screen would obey: control codes and directional overrides."""
    return "".join(" " if commands(character) else character for character in text)


def commands(character: str) -> bool:
    """Tell whether a screen would obey a character instead of showing it."""
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs"} or unicodedata.bidirectional(character) in {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip
