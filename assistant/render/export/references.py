"""The articles of an export as references: CSL-JSON, BibTeX, RIS.

A reference's key is of its article, so that what two exports cite is one and the same there.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from assistant.render.export.manuscript import Manuscript
from ingest.article import Article
from ingest.language.control_characters import harmless

_WORD = re.compile(r"[a-z0-9]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_SHORT_WORD = 3


def csl_json(written: Manuscript) -> bytes:
    """Return the references as CSL-JSON."""
    items = [_csl(article) for article in written.articles]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode()


def bibtex(written: Manuscript) -> bytes:
    """Return the references as BibTeX."""
    return ("\n\n".join(map(_bibtex, written.articles)) + "\n").encode()


def ris(written: Manuscript) -> bytes:
    """Return the references as RIS."""
    return "".join("\r\n".join([*_ris(article), ""]) for article in written.articles).encode()


def key(article: Article) -> str:
    """Return the key of an article: its outlet, year and first word, and six signs of its id."""
    year = str(article.date.year) if article.date else "undated"
    outlet = "".join(_ascii(article.outlet or "unknown"))[:24]
    title = next((word for word in _ascii(article.title) if len(word) > _SHORT_WORD), "")
    return f"{outlet or 'unknown'}{year}{title}-{''.join(_ascii(article.article_id))[:6]}"


def _ascii(text: str) -> list[str]:
    parts = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(parts)


def _words(text: str) -> str:
    """Return text on one line, without what a program would obey."""
    return " ".join(harmless(text).split())


def _address(article: Article) -> str | None:
    """Return an address that is one: nothing in it ends a field."""
    if not article.url or not _URL.fullmatch(article.url):
        return None
    return quote(article.url, safe="%:/?#[]@!$&'()*+,;=~-._")


def _csl(article: Article) -> dict[str, object]:
    item: dict[str, object] = {
        "id": key(article),
        "type": "article-newspaper",
        "title": _words(article.title),
    }
    if article.authors:
        item["author"] = [{"literal": _words(name)} for name in article.authors]
    if article.outlet:
        item["container-title"] = _words(article.outlet)
    if article.date:
        day = article.date
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    more = {"URL": _address(article), "language": article.language, "section": article.section}
    item |= {name: _words(value) for name, value in more.items() if value}
    item["note"] = f"archive: {_words(article.article_id)}, version {article.version}"
    return item


_TEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    '"': r"{\textquotedbl}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
"""Signs of TeX as words; a brace of an article must not close a field."""


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _words(text))


def _bibtex(article: Article) -> str:
    fields = {
        "title": "{" + _tex(article.title) + "}",
        "author": " and ".join("{" + _tex(name) + "}" for name in article.authors),
        "journal": _tex(article.outlet or ""),
        "year": str(article.date.year) if article.date else "",
        "date": article.date.isoformat() if article.date else "",
        "url": _address(article) or "",
        "langid": _tex(article.language or ""),
        "note": _tex(f"archive: {article.article_id}, version {article.version}"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{key(article)},", *lines, "}"])


def _ris(article: Article) -> Iterator[str]:
    yield "TY  - NEWS"
    yield f"ID  - {key(article)}"
    yield f"TI  - {_words(article.title)}"
    yield from (f"AU  - {_words(name)}" for name in article.authors)
    day = article.date
    fields = {
        "T2": article.outlet,
        "DA": f"{day.year:04}/{day.month:02}/{day.day:02}/" if day else None,
        "PY": f"{day.year:04}" if day else None,
        "UR": _address(article),
        "LA": article.language,
        "N1": f"archive: {article.article_id}, version {article.version}",
    }
    yield from (f"{name}  - {_words(value)}" for name, value in fields.items() if value)
    yield "ER  - "
