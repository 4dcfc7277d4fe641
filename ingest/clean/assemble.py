"""A raw article to the article as printed: text, parts, dates, language, identity."""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.article import WITHHELD, Article, Part, RawArticle
from ingest.clean import article_type
from ingest.clean.byline_names import names_in
from ingest.clean.dates import ReadDate, believed, read_date
from ingest.clean.identity import article_id, captured_address, corrected, key, web_address
from ingest.clean.layout import Layout, parts_of
from ingest.clean.live_posts import placed
from ingest.clean.printed_text import PrintedText, as_text, carve, one_line, printed
from ingest.errors import ReadError
from ingest.language.identify import likely, tag

if TYPE_CHECKING:
    from datetime import date

_CLOCK = re.compile(r"\d[:.h]\d\d(?!\d)(?![-./]\d)")
_WORD = re.compile(r"[^\W_]")
_DEEP = 50  # levels of nested metadata that are kept
_GENERAL = (None, "news")  # kinds that the section or the headline may say more of
_FILE_NAME = "file name"
_FLOWING = ("headline", "body")  # parts whose lines were wrapped by hand at most


def clean(raw: RawArticle) -> Article:
    """Turn a raw article into one as printed, version 1.

    Raises ReadError where it holds no words, and where its embargo cannot be read: to show it
    too early would be worse than to leave it out.
    """
    raw = _as_published(raw)
    page = printed(raw)
    if not _WORD.search(page.text):
        raise ReadError(raw.file, raw.where, "it holds no words")
    layout = parts_of(page.text[: page.main], has_headline=page.headline)
    outlet, outlet_how = _outlet(raw)
    identity = key(raw, outlet)
    told = _InferredFields.by(raw, page, layout)
    dates = _Dates.of(raw, layout)
    return Article(
        article_id=article_id(identity),
        key=identity,
        version=1,
        text=_flowing(page.text, layout),
        parts=_parts(page, layout, raw.comments_apart),
        title=told.title,
        outlet=outlet,
        authors=told.authors,
        date=dates.day,
        published_at=dates.published_at,
        updated_at=dates.updated_at,
        url=_url(raw),
        language=told.language,
        section=one_line(raw.section) or None,
        kind=told.kind,
        embargo_until=dates.embargo_until,
        rights=as_text(raw.rights or "").strip() or None,
        collection=one_line(raw.collection) or None,
        retracted=raw.status == "withdrawn",
        corrects=corrected(raw, outlet),
        inferred=dict(raw.inferred) | told.how | dates.how | outlet_how,
        metadata=_metadata(raw, dates, page),
        file=as_text(raw.file),
        where=raw.where,
    )


def _flowing(text: str, layout: Layout) -> str:
    """Return a text without the line ends at which its paragraphs were wrapped by hand.

    Every character stays in its place: a space stands for such a line end. A sentence does not
    end there, nor does a quotation.
    """
    pieces, at = list[str](), 0
    for part in layout.parts:
        if part.part in _FLOWING and "\n" in text[part.start : part.end]:
            pieces += text[at : part.start], text[part.start : part.end].replace("\n", " ")
            at = part.end
    return "".join((*pieces, text[at:]))


def _as_published(raw: RawArticle) -> RawArticle:
    """Return an article under its own address, where that of a web archive's capture is given."""
    address = captured_address(raw.url or "")
    if address is None:
        return raw
    return replace(raw, url=address, metadata=dict(raw.metadata) | {"archived_at": raw.url})


# --- parts -----------------------------------------------------------------------------------


def _parts(page: PrintedText, layout: Layout, apart: bool) -> tuple[Part, ...]:
    parts = layout.parts
    if apart or any(part.part == "comment" for part in page.apart):
        # What looks like a comment in the body is then the article's own. On 145 saved pages
        # believing it would have cut one article down to its recipe and found no comment.
        parts = tuple(_as_body(part) for part in parts)
    if page.standfirst:
        parts = carve(parts, *page.standfirst, "standfirst")
    return (*parts, *page.apart)


def _as_body(part: Part) -> Part:
    return Part(part="body", start=part.start, end=part.end) if part.part == "comment" else part


# --- what is given, and what is told ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _InferredFields:
    """Fields that the text tells where they are not given; `how` says so."""

    title: str
    authors: tuple[str, ...]
    language: str | None
    kind: str | None
    how: dict[str, str]

    @classmethod
    def by(cls, raw: RawArticle, page: PrintedText, layout: Layout) -> "_InferredFields":
        how: dict[str, str] = {}
        title = one_line(raw.title)
        if not title:
            title = layout.title or one_line(raw.file)
            how["title"] = (layout.title and layout.title_how) or _FILE_NAME
        authors = _authors(raw)
        if not authors and layout.authors:
            authors = tuple(one_line(author) for author in layout.authors)
            how["authors"] = layout.authors_how or "told from the text"
        language = tag(raw.language) if raw.language else None
        if language is None and (language := likely(_sample(page))):
            how["language"] = "detected"
        kind = one_line(raw.kind) or None
        if kind in _GENERAL and (guess := article_type.told(raw.section, raw.url, title, raw.text)):
            kind, how["kind"] = guess
        if page.replaced:
            how["text"] = f"{page.replaced} characters that are none replaced by U+FFFD"
        return cls(title=title, authors=authors, language=language, kind=kind, how=how)


def _sample(page: PrintedText) -> str:
    """Return words of the body, which say more of the language than the headline's names."""
    first_line_end = page.text.find("\n") if page.headline else -1
    body = page.text[first_line_end + 1 :]
    return body if len(body) > 200 else page.text


def _authors(raw: RawArticle) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for given in raw.authors for n in names_in(one_line(given))))


def _outlet(raw: RawArticle) -> tuple[str | None, dict[str, str]]:
    outlet = one_line(raw.outlet)
    if outlet:
        return outlet, {}
    parts = web_address(raw.url or "")
    host = one_line(parts.hostname or "").removeprefix("www.") if parts else ""
    return (host, {"outlet": "host of the URL"}) if host else (None, {})


def _url(raw: RawArticle) -> str | None:
    """Keep a web address; any other scheme may be an attack on who follows it."""
    url = as_text(raw.url or "").strip()
    return url if web_address(url) and not re.search(r"\s", url) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dates:
    """The dates of an article; `how` holds a note for each that could not be read."""

    day: "date | None"
    published_at: datetime | None
    updated_at: datetime | None
    embargo_until: datetime | None
    how: dict[str, str]

    @classmethod
    def of(cls, raw: RawArticle, layout: Layout) -> "_Dates":
        given = raw.published or layout.dated
        published = believed(read_date(given)) if given else ReadDate()
        updated = believed(read_date(raw.updated)) if raw.updated else ReadDate()
        notes = {
            "date": published.problem or (None if raw.published else layout.dated_how),
            "updated_at": updated.problem or _zoneless(raw.updated, updated),
            "published_at": _zoneless(given, published),
        }
        return cls(
            day=published.day,
            published_at=published.moment,
            updated_at=updated.moment,
            embargo_until=_embargo(raw),
            how={name: problem for name, problem in notes.items() if problem},
        )


def _zoneless(given: str | None, read: ReadDate) -> str | None:
    """Say of a time that was given without its zone that it is no moment."""
    if given and read.day and not read.moment and not read.problem and _CLOCK.search(given):
        return f"given as {given.strip()[:40]!r}, without a zone"
    return None


def _embargo(raw: RawArticle) -> datetime | None:
    if raw.status == "withheld":
        return WITHHELD
    if not raw.embargo_until:
        return None
    moment = read_date(raw.embargo_until).moment
    if moment is None:
        raise ReadError(
            raw.file,
            raw.where,
            f"its embargo {raw.embargo_until[:80]!r} is no time with a zone",
            "write it like 2024-03-01T06:00:00+01:00",
        )
    return moment


# --- metadata --------------------------------------------------------------------------------


def _metadata(raw: RawArticle, dates: _Dates, page: PrintedText) -> dict[str, object]:
    """Return what else was given, and as it was given what could not be read."""
    unread = {
        "date": raw.published if "date" in dates.how else None,
        "updated_at": raw.updated if "updated_at" in dates.how else None,
        "url": raw.url if raw.url and not _url(raw) else None,
        "language": raw.language if raw.language and not tag(raw.language) else None,
    }
    kept = {name: as_text(value) for name, value in unread.items() if value}
    return _plain(_moved(placed(raw.metadata, page.text), page.moved)) | kept


def _moved(metadata: dict[str, object], by: int) -> dict[str, object]:
    """Return the metadata with the starts of pages and columns where they stand in the text."""
    places = {name: metadata[name] for name in ("pages", "columns") if by and name in metadata}
    return metadata | {name: _starts(rows, by) for name, rows in places.items()}


def _starts(rows: object, by: int) -> object:
    """Move what is a list of places that begins with the start of the text; nothing else."""
    if not isinstance(rows, list | tuple) or not all(map(_is_place, rows)):
        return rows
    if not rows or rows[0][-1] != 0:
        return rows
    return [[*rows[0]], *([*row[:-1], row[-1] + by] for row in rows[1:])]


def _is_place(row: object) -> bool:
    return isinstance(row, list | tuple) and len(row) in {2, 3} and all(type(n) is int for n in row)


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {as_text(str(name)): _json(value, _DEEP) for name, value in values.items()}


def _json(value: object, levels: int) -> object:
    """Return the value as JSON and SQLite can carry it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, dict) and levels:
        return {as_text(str(name)): _json(held, levels - 1) for name, held in value.items()}
    if isinstance(value, list | tuple) and levels:
        return [_json(held, levels - 1) for held in value]
    return as_text(str(value))
