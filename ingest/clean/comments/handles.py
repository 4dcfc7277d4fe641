"""Lines that can be the name of a reader."""

import re

from ingest.language import lexicon

_NUMBERED = re.compile(r"(?:#|№|no\.\s*)?(\d{1,4})\s*[.):\-–]?\s+(?=\S)|#\d{1,4}$", re.IGNORECASE)


def unnumbered(line: str) -> str:
    """Return `line` without the number of a numbered comment ("12. ", "#3 ")."""
    found = _NUMBERED.match(line)
    return line[found.end() :] if found else line


_NAME = re.compile(r"(?:@|/?u/)?[\w][\w.'’\-_@&]*(?: [\w(@][\w.'’\-_)@]*){0,3}")
_PARTICLES = lexicon.words("comments.particles")
_NOT_NAMES = lexicon.words("comments.no_name")


def is_name(line: str) -> bool:
    """Tell whether `line` can be somebody's name or handle and nothing else."""
    if (
        not 1 < len(line) <= 40
        or not _NAME.fullmatch(line)
        or (line[-1] == "." and line[-3:-2] != " ")
    ):
        return False
    words = line.split()
    if words[0].lower() in _NOT_NAMES:
        return False
    if len(words) == 1:
        return True
    if line.isupper() and len(line) > 8:
        return False
    return all(w[0].isupper() or w[0] in "@(" or w[0].isdigit() or w in _PARTICLES for w in words)


def is_handle(line: str) -> bool:
    """Tell whether `line` is a name nobody is born with: jane_77, TaiwanFan, @roe, bluehen."""
    if " " in line or len(line) < 3:
        return False
    inner = line[1:]
    return (
        is_odd(line)
        or line[0].islower()
        or (
            any(map(str.isupper, inner))
            and not line.isupper()
            and "-" not in line
            and "'" not in line
            and not line.startswith(("Mc", "Mac", "De", "La", "Le", "Di", "O’"))
        )
    )


def is_odd(handle: str) -> bool:
    """Tell whether a handle is no word of any language either: jane_77, @roe."""
    return handle[0] == "@" or (
        any(c.isdigit() or c == "_" for c in handle[1:]) and any(map(str.isalpha, handle[:1]))
    )
