"""What an article says is wrong with itself or with another one: corrected, clarified, retracted.

A notice stands within the article ("Correction: ...", its own paragraph), or is an article of
its own that names another by its id, its address or its headline.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ingest.article import Article, Notice
from ingest.language.quotations import quotations

Code = Literal["corrected", "clarified", "retracted"]

_LONGEST = 600
"""Characters of a notice that a citation carries."""

_SHORT = 250
"""Words of body that a notice about another article has at most; a retracted article whose
headline says so is longer."""

_HEADLINE = 3
"""Words of a headline that is named: fewer are a word that was wrong."""

_SAME = 0.8
_WORD = re.compile(r"\w+")

_KILL = (
    r"retract(?:ion|ed|s)|withdrawn|kill(?:ed)?(?: (?:notice|mandatory))?|mandatory kill"
    r"|story (?:removed|withdrawn|retracted)|retractación|retirada|відкликано|спростування"
)
_CLARIFIED = r"clarif(?:ication|ied)|aclaraci[oó]n|уточнення"
_CORRECTED = (
    r"correct(?:ion|ed|ions)|corrections? and clarifications?|correcci[oó]n|fe de erratas"
    r"|виправлення|erratum|amended"
)
_HEADED = re.compile(
    rf"\W*(?:(?P<retracted>{_KILL})|(?P<clarified>{_CLARIFIED})|(?P<corrected>{_CORRECTED}))"
    r"(?:\s+(?:notice|note|to|of|for))?\s*(?:[:\]|]|\s[–—-]|(?<=[a-z])[–—-])\s*(?P<of>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COLUMN = re.compile(rf"\W*(?:{_KILL}|{_CLARIFIED}|{_CORRECTED})\W*", re.IGNORECASE)
"""The heading of a column of notices: it names no article."""

_RETRACTS_ITSELF = re.compile(
    r"(?:editor['’]?s['’]? note\W+|note\W+|update\W+)*"
    r"(?:this (?:article|story|report|post|piece|column)"
    r"|the (?:article|story|report) (?:below|above)"
    r"|(?:an|the) (?:article|story|report) (?:that|which) (?:was|had been|appeared|ran)[^.]{0,60})"
    r"\s+(?:has been|was|is|is being|has now been) "
    r"(?:retracted|withdrawn|removed|taken down|killed)"
    r"|(?:the )?[\w .’'-]{2,40} (?:has|have) (?:retracted|withdrawn) this (?:article|story|report)"
    r"|esta (?:noticia|información) ha sido retirada|цю статтю (?:відкликано|знято)",
    re.IGNORECASE,
)
_CLARIFIES = re.compile(rf"\W*(?:{_CLARIFIED})|.{{0,40}}\b(?:been|was) clarified\b", re.IGNORECASE)


class About(NamedTuple):
    """What a notice that is an article of its own says: of which headline, what."""

    code: Code
    headline: str
    text: str


def own_notices(article: Article) -> Iterator[Notice]:
    """Yield what an article says of itself."""
    if article.retracted and not _retracting(article):
        yield Notice(code="retracted", text="The article was withdrawn by whoever published it.")
    for part in article.parts:
        words = article.text[part.start : part.end]
        if part.part in {"body", "correction"} and _RETRACTS_ITSELF.match(words):
            yield Notice(code="retracted", text=shown(words))
        elif part.part == "correction":
            yield Notice(code=_code_of(words), text=shown(words))
    if isinstance(recognised := article.metadata.get("recognised"), dict) and "by" in recognised:
        yield Notice(code="recognised", text=_recognised(recognised))
    headed = _HEADED.match(article.title)
    if headed and headed["retracted"] and notice_about(article) is None:
        yield Notice(code="retracted", text=shown(article.title))


def _recognised(told: dict[str, object]) -> str:
    """Say that a machine read the words from a picture, and how sure it was where least so."""
    given = told.get("confidence")
    rows = [
        row[1]
        for row in (given if isinstance(given, list) else ())
        if isinstance(row, list) and len(row) == 2
    ]
    sure = [one for one in rows if isinstance(one, int | float)]
    how = f", {min(sure):.0%} sure on its least sure page" if sure else ""
    return f"Recognised text (OCR){how}: look at the printed page before quoting."


def _retracting(article: Article) -> bool:
    return any(
        part.part in {"body", "correction"}
        and _RETRACTS_ITSELF.match(article.text, part.start, part.end)
        for part in article.parts
    )


def _code_of(words: str) -> Code:
    headed = _HEADED.match(words)
    if headed:
        codes: tuple[Code, ...] = ("retracted", "clarified", "corrected")
        return next(code for code in codes if headed[code])
    return "clarified" if _CLARIFIES.match(words) else "corrected"


def notice_about(article: Article) -> About | None:
    """Return what an article says of another one, if it is a notice and nothing else."""
    headed = _HEADED.match(article.title) if not article.title_inferred else None
    if not article.corrects and headed is None:
        return None
    body = [article.text[p.start : p.end] for p in article.parts if p.part != "headline"]
    words = "\n".join(body).strip()
    if not article.corrects and len(words.split()) > _SHORT:
        return None
    code: Code = _code_of(article.title) if headed else _code_of(words or article.title)
    if article.retracted:
        code = "retracted"
    headline = headed["of"].strip() if headed else ""
    if len(words.split()) > _SHORT:
        words = f"A later article takes its place: {article.title}"
    return About(code=code, headline=headline, text=shown(words or article.title))


def is_notice(article: Article) -> bool:
    """Tell whether an article is a notice about others, or a column of such notices."""
    column = not article.title_inferred and _COLUMN.fullmatch(article.title) is not None
    return column or notice_about(article) is not None


def corrects(words: str, headline: str) -> bool:
    """Tell whether a notice names an article by its headline, in quotation marks, whole or in part.

    Most of the words that it puts in quotation marks must be the headline's.
    """
    own = set(_WORD.findall(headline.casefold()))
    for one in quotations(words):
        named = set(_WORD.findall(words[one.start : one.end].casefold()))
        if len(named) >= _HEADLINE and len(named & own) >= _SAME * len(named):
            return True
    return False


def shown(words: str) -> str:
    """Return a notice as a citation carries it: one line, not too long."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else line[: line.rfind(" ", 0, _LONGEST)] + " …"
