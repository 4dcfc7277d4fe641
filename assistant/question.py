"""A turn of a conversation into a Question that stands alone."""

import re
from collections.abc import Sequence

from assistant.answer import Mode, Question, Turn
from ingest.article import Filters

_WORD = re.compile(r"[^\W\d_]{2,}")
_POINTS_BACK = re.compile(
    r"^(and|but|so|what about|how about|y|pero|і|а|але|и|но)\b"
    r"|\b(he|she|it|they|him|her|them|his|its|their|that|this|those|these|there|then|else|"
    r"él|ella|ellos|eso|esto|він|вона|вони|це|той|там)\b",
    re.IGNORECASE,
)
_OWN_NAMES = re.compile(r"(?<!^)(?<![.?!]\s)\b[^\W\d_a-zа-яіїєґ][\w’'-]+")


def understand(
    text: str,
    *,
    mode: Mode = "auto",
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    id: str | None = None,  # noqa: A002 - the word of the contract
) -> Question:
    """Return what is asked so that it can be searched by itself.

    A follow-up ("and what did they say?") takes the words of the last question with it; what
    was taken stands in `understood` as "follows".
    """
    asked = " ".join(text.split())
    understood: dict[str, object] = {}
    alone = asked
    if history and follows(asked):
        alone = f"{asked} {history[-1].question}"
        understood["follows"] = history[-1].question
    return Question(
        text=alone,
        asked=text,
        filters=filters or Filters(),
        mode=mode,
        understood=understood,
        id=id,
    )


def follows(asked: str) -> bool:
    """Tell whether a question leans on what was said before it.

    It points back ("he", "that", "and"), and names nobody itself or is very short.
    """
    words = _WORD.findall(asked)
    if len(words) <= 3:
        return True
    return bool(_POINTS_BACK.search(asked)) and not _OWN_NAMES.search(asked)


def is_question(asked: str) -> bool:
    """Tell whether there is anything in it to search for."""
    return bool(re.search(r"\w", asked))
