"""Why a file could not be read, told by kind in a reader's language.

A reader of files says what is wrong in English and in full. Each of its reasons is of one of a few
kinds, known by words that stand in it, and the kind is what tells what to do next.
"""

import re
from collections.abc import Mapping

from assistant.render.interface_text import Say, is_english, to_say

_KINDS: Mapping[str, tuple[str, ...]] = {
    to_say("It was erased here, and is not taken in again"): ("was erased",),
    to_say("It is locked with a password"): ("password",),
    to_say("It is larger than is read at once"): (
        "longer than", "more than", "packed too often", "nested too deep", "too long",
    ),
    to_say("Its words stand in pictures and have to be recognised"): (
        "picture", "recognised", "tesseract",
    ),
    to_say("Its characters cannot be told: name its encoding"): (
        "UTF-", "wrong at byte", "encoding", "no characters", "NUL bytes",
    ),
    to_say("It is of a format that is not known here"): (
        "no reader knows", "shape is none", "older Office", "of Word", "not known", "pyarrow",
        "Apple's Pages",
    ),
    to_say("Its records or columns are not those of articles"): (
        "JSON", "no row", "cells where", "no column", "`--map`", "no table", "of the objects in",
        "behind the end of the list", "given twice", "an alias",
    ),
    to_say("It is damaged or cut off"): (
        "no whole", "damaged", "broken", "cut off", "ends before", "its length", "its head",
        "its markup", "no record begins", "cannot be unpacked", "that can be read", "no element",
        "does not hold it", "where its text begins", "what follows is read",
    ),
    to_say("No article was found in it"): (
        "neither", "it holds no", "no article text", "hold no words", "no full text",
        "a title and no text", "is empty", "no whole message", "it is a sitemap",
        "list of sitemaps",
    ),
    to_say("It is no file of its own, and is not followed"): (
        "a link in an archive", "no plain file", "out of its archive", "not beside",
    ),
    to_say("The end of its embargo cannot be told"): ("embargo",),
    to_say("It cannot be opened"): ("cannot be opened", "cannot be read", "no such file"),
    to_say("Reading it failed"): ("failed", "died", "no sign of life"),
}  # fmt: skip
"""The kinds of reasons, the surest first, with what stands in a reason of each."""


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def kind_of(reason: str) -> str | None:
    """Return the kind of a reason, as a text of the interface; None for one that is of none.

    What a file itself says, in quotation marks or behind a colon, tells it least.
    """
    plain = _QUOTED.sub("", reason)
    return next(filter(None, map(_kind, (plain.partition(": ")[0], plain))), None)


def _kind(words: str) -> str | None:
    return next((kind for kind, known in _KINDS.items() if any(k in words for k in known)), None)


def reason_told(reason: str, say: Say) -> tuple[str, str]:
    """Return a reason as it is told, and what else is said of it in English, if anything."""
    kind = kind_of(reason)
    if kind is None or is_english(say):
        return reason, ""
    return say(kind), reason
