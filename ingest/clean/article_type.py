"""What kind of article it is: told from its section, address, headline and opening."""

import re
from urllib.parse import unquote, urlsplit

from ingest.language.letter_case import UPPER

_SECTIONS = {
    "opinion": r"opinions?|op-?eds?|commentary|comment(?:ary)? ?(?:&|and) ?(?:analysis|debate)"
    r"|columns?|columnists?|editorials?|viewpoints?|letters|letters to the editor|commentisfree"
    r"|opini[oó]n|tribunas?|editoriales|погляд|погляди|думка|думки|мнение|мнения|колонки|колонка"
    r"|رأي|آراء|مقالات الرأي|评论|評論|社论|社論|观点",
    "analysis": r"analys[ie]s|explainers?|fact-?checks?|an[aá]lisis|аналітика|аналитика|аналіз"
    r"|анализ|تحليل|تحليلات|分析",
    "interview": r"interviews?|entrevistas?|інтерв['’]ю|интервью|مقابلات?|حوارات?|专访|訪談|访谈",
    "press release": r"press-?[ -]?releases?|news-?[ -]?releases?|pr-?newswire"
    r"|comunicados?(?: de prensa)?|прес-?релізи?|пресс-?релизы?|بيانات? صحفية?|新闻稿|新聞稿",
    "live blog": r"live|live-?blogs?|live-?updates|en directo|en vivo|наживо|онлайн-?трансляція"
    r"|مباشر|直播",
}
_NAMED = {kind: re.compile(names, re.IGNORECASE) for kind, names in _SECTIONS.items()}
_HEADLINE = re.compile(
    r"(?P<opinion>opinion|op-?ed|editorial|comment|commentary|column|letters?|opini[oó]n|думка"
    r"|погляд|мнение)\s*[:|]|(?P<analysis>analysis|explainer|fact[ -]check|an[aá]lisis|аналіз"
    r"|анализ)\s*[:|]|(?P<interview>(?:exclusive )?interview|q&a|entrevista|інтерв['’]ю|интервью"
    r"|专访)\s*[:|：]|(?P<press_release>press release|comunicado)\s*[:|]"
    r"|(?P<live_blog>live(?: (?:blog|updates|news|coverage))?|en directo|наживо|直播)\s*[:|：]"
    r"|.{10,200}[:|–—-]\s*(?P<live>live updates|as it happened|live blog)\W*$",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"\s*(?:for immediate release\b|press release\s*[:\n]"
    rf"|(?:[{UPPER}][\w ,.]{{2,60}}[,.] )?[^\n]{{0,80}}"
    r"\(?/?(?:PRNewswire|Business Wire|BUSINESS WIRE|GLOBE NEWSWIRE)\b)"
)
_OPENING = 200  # characters in which a press release says what it is


def told(
    section: str | None, url: str | None, title: str | None, text: str
) -> tuple[str, str] | None:
    """Return the kind and what it was inferred from; None where nothing tells it."""
    for where, labels in (("section", [section or ""]), ("address", _folders(url))):
        for label in labels:
            for kind, names in _NAMED.items():
                if names.fullmatch(label.strip()):
                    return kind, f"inferred from the {where} {label.strip()[:40]!r}"
    found = _HEADLINE.match(title or "")
    if found and found.lastgroup:
        kind = "live blog" if found.lastgroup == "live" else found.lastgroup.replace("_", " ")
        return kind, "inferred from the headline"
    if _RELEASE.match(text[:_OPENING]):
        return "press release", "inferred from the opening"
    return None


def _folders(url: str | None) -> list[str]:
    """Return the folders of an address, without the page's own name."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return []
    return unquote(path).strip("/").split("/")[:-1]
