"""The posts of a live blog: where in its text each begins, and when it was posted."""

import re
from collections.abc import Mapping

POSTS = "posts"
"""The field of metadata: `[moment, first words]` as read, `[moment, where it starts]` as kept."""


_MOST_MISSED = 200  # posts that are not printed: for each the rest of the text is looked through


def placed(metadata: Mapping[str, object], text: str) -> dict[str, object]:
    """Return the metadata with each post at its place; a post that is not printed is left out."""
    given = metadata.get(POSTS)
    if not isinstance(given, list) or not all(map(_is_post, given)):
        return dict(metadata)
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
    return dict(metadata) | ({POSTS: found} if found else {})


def _is_post(given: object) -> bool:
    match given:
        case [str(), str(words)]:
            return bool(words.strip())
    return False
