"""The posts of a live blog, the cues of a recording: where in the text each begins, and when."""

import re
from collections.abc import Mapping, Sequence

POSTS = "posts"
"""The field of metadata: `[moment, first words]` as read, `[moment, where it starts]` as kept."""

CUES = "cues"
"""The same of a transcript, its moments counted from the start of the recording."""

_MOST_MISSED = 200  # posts that are not printed: for each the rest of the text is looked through


def placed(metadata: Mapping[str, object], text: str) -> dict[str, object]:
    """Return the metadata with each post at its place; a post that is not printed is left out."""
    kept = dict(metadata)
    for name in (POSTS, CUES):
        given = metadata.get(name)
        if isinstance(given, list) and all(map(_is_post, given)):
            kept |= {name: found} if (found := _found(given, text)) else {}
    return kept


def _found(given: Sequence[Sequence[str]], text: str) -> list[object]:
    found: list[object] = []
    at = missed = 0
    for moment, words in given:
        if missed > _MOST_MISSED:
            break
        place = re.compile(r"\s+".join(map(re.escape, words.split()))).search(text, at)
        if place:
            at = place.end()
            found.append([moment, place.start()])
        else:
            missed += 1
    return found


def _is_post(given: object) -> bool:
    match given:
        case [str(), str(words)]:
            return bool(words.strip())
    return False
