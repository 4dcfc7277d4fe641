"""A model's "the passages do not say", told from an answer, in the words models use for it."""

import re
from typing import Literal

from ingest.language.speech.statements import statements

_GIVEN = r"(?:provided|given|archived|available|above|supplied)"
_NOUNS = (
    r"(?:passages?|articles?|sources?|documents?|texts?|context|excerpts?|information|archives?)"
)
_OURS = (
    rf"(?:{_GIVEN}\s+{_NOUNS}"
    r"|(?:newspaper\s+)?(?:passages?|excerpts?|articles?|context(?!\s+of\b)|archives?))"
)
_ANY = rf"(?:{_GIVEN}\s+)?{_NOUNS}"
_TOLD = (
    r"(?:contain|mention|say|state|provide|include|specify|answer|give|discuss|address|indicate|"
    r"reveal|explain|name|identify|offer|report|cover|describe|have|tell|detail|refer|confirm|"
    r"clarify|disclose)"
)

_SENTINEL = re.compile(r"\W*not\s+(?:found\s+)?in\s+the\s+archives?\b", re.IGNORECASE)

_PASSAGES = r"""
    # The passages do not mention it. None of the articles says so.
    \A(?:[\w’']+,?\s+){{0,4}}?(?:the|these|those|any|no|all)?\s*{sources}
      (?:\s+(?:provided|above|given|here|you\s+provided))?\s+
      (?:(?:do|does|did|could|can)(?:\s*not|n['’]t)\s+(?:\w+\s+){{0,2}}?{told}
        |(?:contains?|provides?|gives?|has|have|mentions?|includes?|offers?)\s+no\b
        |(?:is|are)\s+silent\b)
  | \Anone\s+of\s+the\s+{sources}\s+\w+
    # It is not mentioned in the passages.
  | \b(?:is|are|was|were|has|have|been)(?:\s+not|n['’]t)\s+(?:\w+\s+){{0,2}}?
      (?:mentioned|stated|specified|provided|given|found|available|included|addressed|discussed
        |answered|covered)\s+(?:\w+\s+){{0,3}}?(?:the|these)\s+{sources}\b
        (?!\s+of\b)
    # There is no information in the passages.
  | \A(?:\w+,\s+)?(?:there\s+(?:is|are|was)|i\s+(?:find|found|see|have|can\s+find))\s+(?:no|not)\b
      .*\b(?:the|these)\s+{sources}\b
"""

_SELF = r"""
    # Nobody but the model itself speaks in the first person outside of a quotation.
    \A(?:\w+,\s+)?i(?:\s+am|['’]m)?\s+(?:sorry|cannot|can['’]t|could\s+not|couldn['’]t|unable
        |not\s+able|do\s+not|don['’]t|apologi[sz]e)\b
    # The same in Spanish, Ukrainian, French and German.
  | \A(?:\w+,?\s+){0,3}?(?:pasajes?|artículos?|textos?|fuentes|archivo)(?:\s+\w+)?\s+no\s+
      (?:menciona|contiene|dice|proporciona|indica|especifica|incluye|responde)
  | \bno\s+(?:está|figura|aparece|se\s+menciona)\w*\s+en\s+(?:el|los|las)\s+
      (?:archivo|pasajes|artículos|textos)
  | (?:уривк|статт|джерел|архів|текст)\w*\s+(?:\w+\s+)?(?:не\s+(?:міст|згад|каж|відпов|вказ|повідом)
        |немає)
  | (?:немає|не\s+згад\w+|відсутн\w+)\s+(?:\w+\s+){0,2}?(?:в|у)\s+(?:\w+\s+)?
      (?:уривк|архів|статт|джерел|текст)
  | \A(?:les\s+)(?:passages?|articles?|extraits|textes)(?:\s+\w+)?\s+ne\s+\w+\s+(?:pas|aucun)
  | \A(?:die|den|in\s+den)\s+(?:\w+\s+)?(?:passagen|artikel\w*|texte\w*|auszüge\w*)\s+
      (?:\w+\s+){0,3}?(?:nicht|kein\w*)\b
"""

_UNCITED = re.compile(
    r"\A\W*(?:sorry\b|unfortunately\b(?!\s+for\b)|unknown\W*\Z|n/?a\W*\Z|no answer\b|"
    r"not (?:mentioned|stated|specified|available|enough information)\b|insufficient\b|"
    r"(?:the )?(?:answer|question)\b.*\b(?:cannot|can['’]t|not|unknown)\b|"
    r"there (?:is|are) (?:no|not)\b|it (?:is|'s) (?:not (?:clear|known|possible)|unclear|unknown)"
    r"|no (?:information|mention)\b|no se (?:sabe|menciona)\b|невідомо\b)",
    re.IGNORECASE,
)


_OF_PASSAGES = re.compile(
    rf"""
    \b(?:sources?|passages?|excerpts?|refs?)\s+\#?\d{{1,3}}\b
  | \b(?:passages?|excerpts?)\s+(?:says?|states?|mentions?|reports?)\b
  | (?:\b(?:passages?|excerpts?|given\s+{_NOUNS}|provided\s+{_NOUNS})
      # "The articles of the pact do not say" is of the pact; "..., but the articles do not say".
      |(?:[,;]|\b(?:but|and|though|although|while|whereas))\s+(?:the|these|those)\s+
        (?:articles?|context|archives?))\s+
      (?:(?:do|does|did|could|can)(?:\s*not|n['’]t)\s+(?:\w+\s+){{0,2}}?{_TOLD}
        |(?:contains?|provides?|gives?|has|have|mentions?|includes?|offers?)\s+no\b
        |(?:is|are)\s+silent\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CONCEDES = re.compile(r"\W*(?:even\s+though|(?:al)?though|while|whereas)\b.*,", re.IGNORECASE)
_SOURCE = re.compile(rf"\b{_NOUNS}\b|\Anone\b", re.IGNORECASE)

_FLAGS = re.VERBOSE | re.IGNORECASE | re.DOTALL
_CITED = re.compile(_PASSAGES.format(sources=_OURS, told=_TOLD) + "|" + _SELF, _FLAGS)
_BARE = re.compile(_PASSAGES.format(sources=_ANY, told=_TOLD), _FLAGS)


def refuses(text: str, *, cited: bool) -> Literal["sentinel", "words"] | None:
    """Say whether a sentence refuses to answer: by the agreed line, or in other words.

    Much that refuses without a citation may be reporting with one ("It is unclear how many
    were hurt"), so `cited` sentences are read more narrowly.
    """
    if _SENTINEL.match(text):
        return "sentinel"
    # "Although the passages do not say why, Tesh withdrew it": what it cites is the second half.
    said = [None if cited and _CONCEDES.match(text) else _CITED.search(text)]
    if not cited:
        said += [_BARE.search(text), _UNCITED.match(text)]
    return "words" if any(one and not _of_somebody(text, one.start()) for one in said) else None


def _of_somebody(text: str, at: int) -> bool:
    """Tell whether words are those of a speaker who is named: "I cannot sell it, Vane said"."""
    return any(
        one.start <= at < one.end and one.speaker and not _SOURCE.search(one.speaker)
        for one in statements(text)
    )


def speaks_of_passages(text: str) -> bool:
    """Tell whether a sentence speaks of what a model was given, and its reader does not see."""
    return _OF_PASSAGES.search(text) is not None
