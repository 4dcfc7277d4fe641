"""JSON as publishing systems and networks give it: what the records of each shape say."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from ingest.article import RawArticle, RawComment
from ingest.clean.identity import web_address
from ingest.readers.editor_text import serialised_text
from ingest.readers.fields import Record
from ingest.readers.markup import MarkupText, words
from ingest.readers.page_live_blog import LiveUpdate, kept_posts

_CUT = re.compile(r"(?:…|\.{3})?(?<!\s)\s*\[\+?\d+ chars\]\s*$")
_TELEGRAM = re.compile(
    r'"type"\s*:\s*"(?:public|private|saved)_|"type"\s*:\s*"(?:message|personal_)'
)
_DEEP = 12  # levels of lists and objects around a record

Made = RawArticle | str
"""An article, or as what the record is left out and counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiShape:
    """One system's form of JSON: what its text shows, which object is a record, what it says."""

    name: str
    looks: tuple[re.Pattern[str], ...]
    holds: Callable[[Record], bool]
    read: Callable[[Record, Record], Made]

    def shown_by(self, text: str) -> bool:
        """Whether a text has all that marks the shape."""
        return all(look.search(text) for look in self.looks)


def shape_of(text: str) -> ApiShape | None:
    """Return the shape that the start of a file shows."""
    return next((shape for shape in SHAPES if shape.shown_by(text)), None)


def items(shape: ApiShape, record: object, levels: int = _DEEP) -> Iterator[Record]:
    """Yield the records of a shape within an answer or an export, in their order."""
    if isinstance(record, list):
        for one in record if levels else ():
            yield from items(shape, one, levels - 1)
    elif isinstance(record, dict):
        if shape.holds(record):
            yield record
            return
        for one in record.values() if levels else ():
            if isinstance(one, dict | list):
                yield from items(shape, one, levels - 1)


# --- values ----------------------------------------------------------------------------------


def _at(record: object, *path: str) -> object:
    for step in path:
        record = record.get(step) if isinstance(record, dict) else None
    return record


def _text(record: object, *path: str) -> str | None:
    value = _at(record, *path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _line(record: object, *path: str) -> str | None:
    """Return a field that may hold markup as words on one line."""
    given = _text(record, *path)
    return " ".join(words(given).text.split()) or None if given else None


def _printed(record: object, *path: str) -> MarkupText:
    return words(_text(record, *path) or "")


def _list(record: object, *path: str) -> list[Record]:
    value = _at(record, *path)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _names(record: object, *path: str) -> tuple[str, ...]:
    return tuple(name for one in _list(record, *path) if (name := _line(one, "name")))


def _gmt(value: str | None) -> str | None:
    return (
        f"{value}Z" if value and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value) else value
    )


def _kept(record: Record, *names: str) -> Mapping[str, object]:
    return {name: record[name] for name in names if record.get(name) not in (None, "", [])}


# --- the shapes ------------------------------------------------------------------------------


def _wordpress(item: Record, _whole: Record) -> Made:
    status = _text(item, "status") or "publish"
    if status != "publish" or _at(item, "content", "protected") is True:
        return "protected post" if status == "publish" else f"{status} post"
    body = _printed(item, "content", "rendered")
    summary = _line(item, "excerpt", "rendered")
    updated = _gmt(_text(item, "modified_gmt")) or _text(item, "modified")
    published = _gmt(_text(item, "date_gmt")) or _text(item, "date")
    author = _line(item, "yoast_head_json", "author")
    categories = _terms(item, "category")
    return RawArticle(
        file="",
        text=body.text,
        title=_line(item, "title", "rendered"),
        standfirst=summary if summary and not summary.endswith(("[…]", "...")) else None,
        captions=body.captions,
        authors=_names(item, "_embedded", "author") or ((author,) if author else ()),
        published=published,
        updated=updated if updated != published else None,
        url=_text(item, "link"),
        outlet=_line(item, "yoast_head_json", "og_site_name"),
        language=_text(item, "lang"),
        section=next(iter(categories), None),
        id=_text(item, "id"),
        metadata={
            **_kept(item, "slug", "type", "categories", "tags"),
            **({"categories": categories} if categories else {}),
            **({"tags": tags} if (tags := _terms(item, "post_tag")) else {}),
        },
    )


def _terms(item: Record, taxonomy: str) -> list[str]:
    """Return the names of a post's terms, which an answer embeds where it is asked to."""
    groups = _at(item, "_embedded", "wp:term")
    found = (
        [one for group in groups if isinstance(group, list) for one in group]
        if isinstance(groups, list)
        else []
    )
    return [
        name for one in found
        if _text(one, "taxonomy") == taxonomy and (name := _line(one, "name"))
    ]  # fmt: skip


def _ghost(item: Record, whole: Record) -> Made:
    status = _text(item, "status") or "published"
    if status != "published" or _text(item, "type") == "page":
        return "page" if _text(item, "type") == "page" else f"{status} post"
    body = _printed(item, "html")
    plain = _text(item, "plaintext")
    return RawArticle(
        file="",
        text=body.text or plain or _edited(item),
        title=_line(item, "title"),
        standfirst=_line(item, "custom_excerpt"),
        captions=body.captions,
        outlet=_ghost_site(whole),
        authors=_names(item, "authors") or _ghost_authors(item, whole),
        published=_text(item, "published_at"),
        updated=_text(item, "updated_at"),
        url=_text(item, "url"),
        section=_line(item, "primary_tag", "name"),
        id=_text(item, "uuid") or _text(item, "id"),
        metadata=_kept(item, "slug", "visibility", "feature_image_caption"),
    )


def _edited(item: Record) -> str:
    """Return the text as the editor keeps it, where no HTML was made of it."""
    given = (_text(item, name) for name in ("lexical", "mobiledoc"))
    return next((said for one in given if one and (said := serialised_text(one))), "")


def _ghost_site(whole: Record) -> str | None:
    """Return what an export's settings call the site."""
    data = next(iter(_list(whole, "db")), whole).get("data", whole)
    settings = (one for one in _list(data, "settings") if one.get("key") == "title")
    return next((_line(one, "value") for one in settings), None)


def _ghost_authors(item: Record, whole: Record) -> tuple[str, ...]:
    """Return the authors of an exported post, which stand in tables of their own."""
    data = next(iter(_list(whole, "db")), whole).get("data", whole)
    users = {_text(one, "id"): _line(one, "name") for one in _list(data, "users")}
    ids = [
        _text(r, "author_id")
        for r in _list(data, "posts_authors")
        if r.get("post_id") == item.get("id")
    ]
    return tuple(name for one in ids or [_text(item, "author_id")] if (name := users.get(one)))


def _newsapi(item: Record, _whole: Record) -> Made:
    content = _text(item, "content") or ""
    text = words(_CUT.sub("", content)).text
    author, outlet = _line(item, "author"), _line(item, "source", "name") or _line(item, "source")
    title = _line(item, "title") or ""
    cut = bool(_CUT.search(content))
    return RawArticle(
        file="",
        text=text,
        title=(title.removesuffix(f" - {outlet}") if outlet else title) or None,
        standfirst=_line(item, "description"),
        outlet=outlet,
        authors=_listed_names(author),
        published=_text(item, "publishedAt"),
        url=_text(item, "url"),
        inferred={"text": "only its beginning: the answer cut it off"} if cut else {},
        metadata=_kept(item, "urlToImage"),
    )


def _feed_item(item: Record, whole: Record) -> Made:
    body = _printed(item, "content_html")
    text, summary = body.text or _text(item, "content_text"), _line(item, "summary")
    author = _line(item, "author", "name") or _line(whole, "author", "name")
    named = _names(item, "authors") or _names(whole, "authors")
    return RawArticle(
        file="",
        text=text or summary or "",
        title=_line(item, "title"),
        standfirst=summary if text else None,
        captions=body.captions,
        outlet=_line(whole, "title"),
        authors=named or ((author,) if author else ()),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        url=_text(item, "url") or _text(item, "external_url"),
        language=_text(item, "language") or _text(whole, "language"),
        id=None if web_address(_text(item, "id") or "") else _text(item, "id"),
        comments_apart=True,
        inferred={} if text else {"text": "the summary that the feed gives"},
        metadata=_kept(item, "tags"),
    )


def _listed_names(given: str | None) -> tuple[str, ...]:
    """Return names that commas part; one whose pieces are no whole names is one."""
    pieces = (given or "").split(", ")
    whole = all(1 < len(one.split()) <= 4 and one[0].isupper() for one in pieces)
    return tuple(pieces) if whole else ((given,) if given else ())


def _guardian(item: Record, _whole: Record) -> Made:
    body = _printed(item, "fields", "body")
    byline = _line(item, "fields", "byline")
    is_live = _text(item, "type") == "liveblog"
    posts = _posts(item) if is_live else ()
    plain = _text(item, "fields", "bodyText")
    return RawArticle(
        file="",
        text="\n\n".join(one.printed for one in posts) or body.text or plain or _blocks(item),
        title=_line(item, "fields", "headline") or _line(item, "webTitle"),
        standfirst=_line(item, "fields", "standfirst") or _line(item, "fields", "trailText"),
        captions=body.captions,
        outlet=_line(item, "fields", "publication"),
        authors=(byline,) if byline else (),
        published=_text(item, "webPublicationDate"),
        updated=_text(item, "fields", "lastModified"),
        url=_text(item, "webUrl"),
        language=_text(item, "fields", "lang"),
        section=_line(item, "sectionName"),
        kind="live blog" if is_live else None,
        id=_text(item, "id"),
        metadata={**_kept(item, "pillarName"), **kept_posts(posts)},
    )


def _posts(item: Record) -> tuple[LiveUpdate, ...]:
    """Return the posts of a live blog, where an answer gives its blocks."""
    return tuple(
        LiveUpdate(
            moment=_text(one, "firstPublishedDate") or _text(one, "publishedDate") or "",
            headline=_line(one, "title") or "",
            text=said,
        )
        for one in _list(item, "blocks", "body")
        if (said := _printed(one, "bodyHtml").text)
    )


def _blocks(item: Record) -> str:
    """Return the text of the blocks that an answer gives in place of the body."""
    said = (_printed(one, "bodyHtml").text for one in _list(item, "blocks", "body"))
    return "\n\n".join(filter(None, said))


def _arc(item: Record, _whole: Record) -> Made:
    kind = _text(item, "type") or "story"
    if kind != "story":
        return f"{kind} item"
    elements = _list(item, "content_elements")
    summary = _line(item, "subheadlines", "basic") or _line(item, "description", "basic")
    pieces = [piece for one in elements if (piece := _arc_element(one, _DEEP))]
    notices = [_line(one, "text") for one in elements if one.get("type") == "correction"]
    return RawArticle(
        file="",
        text="\n\n".join(pieces),
        title=_line(item, "headlines", "basic"),
        standfirst=summary,
        captions=tuple(
            c for one in elements if one.get("type") == "image" and (c := _line(one, "caption"))
        ),
        corrections=tuple(filter(None, notices)),
        outlet=_line(item, "distributor", "name"),
        authors=_names(item, "credits", "by"),
        published=_text(item, "display_date") or _text(item, "first_publish_date"),
        updated=_text(item, "last_updated_date"),
        url=_text(item, "canonical_url"),
        language=_text(item, "language"),
        section=_line(item, "taxonomy", "primary_section", "name"),
        id=_text(item, "_id"),
        rights=_line(item, "copyright"),
        metadata=_kept(item, "subtype", "slug", "owner"),
    )


def _arc_element(one: Record, levels: int) -> str:
    """Return the words of an element that is printed in the text."""
    kind = _text(one, "type")
    if kind in {"text", "header", "blockquote", "raw_html"}:
        return _printed(one, "content").text
    if kind == "table":
        return "\n".join(" | ".join(map(_cell, row)) for row in _rows(one))
    if kind == "list":
        listed = [_arc_element({"type": "text", **inner}, levels) for inner in _list(one, "items")]
        return "\n".join(f"- {said}" for said in listed if said)
    if kind == "quote" and levels:
        return "\n\n".join(
            _arc_element(inner, levels - 1) for inner in _list(one, "content_elements")
        )
    return ""


def _rows(table: Record) -> list[list[object]]:
    """Return the rows of a table of Arc, its header first."""
    rows = [table.get("header"), *(rows if isinstance(rows := table.get("rows"), list) else ())]
    return [row for row in rows if isinstance(row, list) and row]


def _cell(cell: object) -> str:
    return (_line(cell, "content") or "") if isinstance(cell, dict) else str(cell or "").strip()


def _telegram(item: Record, whole: Record) -> Made:
    if _text(item, "type") != "message":
        return "service message"
    text = _spans(item.get("text"))
    if not text.strip():
        return "message without text"
    chat, number = _text(whole, "name"), _text(item, "id")
    return RawArticle(
        file="",
        text=text,
        outlet=chat or _text(item, "from"),
        authors=(author,) if (author := _text(item, "author")) else (),
        published=_text(item, "date_unixtime") or _text(item, "date"),
        updated=_text(item, "edited_unixtime") or _text(item, "edited"),
        id=f"{_text(whole, 'id') or chat or ''}/{number}" if number else None,
        kind="post",
        comments_apart=True,
        metadata=_kept(item, "from", "forwarded_from", "reply_to_message_id", "photo", "file"),
    )


def _spans(value: object) -> str:
    """Return a text that is given in pieces, some of them with their form."""
    pieces = value if isinstance(value, list) else [value]
    said = (one.get("text") if isinstance(one, dict) else one for one in pieces)
    return "".join(one for one in said if isinstance(one, str))


def _x(item: Record, _whole: Record) -> Made:
    posted = _text(item, "created_at") or ""
    try:
        published = datetime.strptime(posted, "%a %b %d %H:%M:%S %z %Y").isoformat()
    except ValueError:
        published = posted
    name = _text(item, "user", "name")
    long = _text(item, "extended_tweet", "full_text") or _text(item, "note_tweet", "text")
    return RawArticle(
        file="",
        text=unescape(long or _text(item, "full_text") or _text(item, "text") or ""),
        outlet="X",
        authors=(name,) if name else (),
        published=published or None,
        language=_text(item, "lang"),
        id=_text(item, "id_str") or _text(item, "id"),
        kind="post",
        comments_apart=True,
        inferred={"outlet": "form of the export"},
        metadata=_kept(item, "in_reply_to_status_id_str", "in_reply_to_screen_name", "source"),
    )


def _x_answer(item: Record, whole: Record) -> Made:
    """Read a post as the second version of the interface gives it, long ones whole."""
    users = {_text(one, "id"): _line(one, "name") for one in _list(whole, "includes", "users")}
    name = users.get(_text(item, "author_id"))
    post = _x(item, whole)
    return replace(post, authors=(name,) if name else ()) if isinstance(post, RawArticle) else post


def _trafilatura(item: Record, _whole: Record) -> Made:
    author = _text(item, "author") or _text(item, "authors")
    said = _text(item, "comments")
    return RawArticle(
        file="",
        text=_text(item, "text") or _text(item, "raw_text") or "",
        title=_line(item, "title"),
        comments=(RawComment(text=said),) if said else (),
        comments_apart=True,
        outlet=_text(item, "source-hostname") or _text(item, "sitename") or _text(item, "hostname"),
        authors=(author,) if author else (),
        published=_text(item, "date"),
        url=_text(item, "source") or _text(item, "url"),
        language=_text(item, "language"),
        id=_text(item, "id"),
        rights=_text(item, "license"),
        section=(_text(item, "categories") or "").split(";")[0].strip() or None,
        metadata=_kept(
            item, "excerpt", "description", "categories", "tags", "fingerprint", "pagetype"
        ),
    )


def _newsplease(item: Record, _whole: Record) -> Made:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [authors]
    return RawArticle(
        file="",
        text=_text(item, "maintext") or "",
        title=_line(item, "title"),
        outlet=_text(item, "source_domain"),
        authors=tuple(one for one in listed if isinstance(one, str) and one.strip()),
        published=_text(item, "date_publish"),
        updated=_text(item, "date_modify"),
        url=_text(item, "url"),
        language=_text(item, "language"),
        metadata=_kept(item, "description", "title_page", "date_download", "filename", "image_url"),
    )


def _looks(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


SHAPES = (
    ApiShape(
        name="WordPress REST",
        looks=_looks(r'"(?:content|title|excerpt)"\s*:\s*\{\s*"rendered"'),
        holds=lambda item: isinstance(_at(item, "title", "rendered"), str) and "link" in item,
        read=_wordpress,
    ),
    ApiShape(
        name="Ghost",
        looks=_looks(r'"posts"\s*:\s*\[', r'"(?:mobiledoc|lexical|comment_id|feature_image)"\s*:'),
        holds=lambda item: "title" in item and "html" in item and "slug" in item,
        read=_ghost,
    ),
    ApiShape(
        name="NewsAPI",
        looks=_looks(r'"articles"\s*:\s*\[', r'"publishedAt"\s*:'),
        holds=lambda item: "publishedAt" in item and "title" in item,
        read=_newsapi,
    ),
    ApiShape(
        name="JSON Feed",
        looks=_looks(
            r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org', r'"items"\s*:\s*\['
        ),
        holds=lambda item: "id" in item and ("url" in item or "content_text" in item),
        read=_feed_item,
    ),
    ApiShape(
        name="Guardian",
        looks=_looks(r'"webPublicationDate"\s*:', r'"webTitle"\s*:'),
        holds=lambda item: "webTitle" in item and "webPublicationDate" in item,
        read=_guardian,
    ),
    ApiShape(
        name="Arc",
        looks=_looks(
            r'"content_elements"\s*:\s*\[', r'"(?:headlines|canonical_url|display_date)"\s*:'
        ),
        holds=lambda item: "headlines" in item and "content_elements" in item,
        read=_arc,
    ),
    ApiShape(
        name="Telegram",
        looks=(*_looks(r'"messages"\s*:\s*\['), _TELEGRAM),
        holds=lambda item: "text" in item and "date" in item and _text(item, "type") is not None,
        read=_telegram,
    ),
    ApiShape(
        name="X",
        looks=_looks(
            r'"(?:full_text|extended_tweet|in_reply_to_status_id_str)"\s*:', r'"id_str"\s*:'
        ),
        holds=lambda item: "full_text" in item or ("id_str" in item and "text" in item),
        read=_x,
    ),
    ApiShape(
        name="X API",
        looks=_looks(r'"(?:author_id|edit_history_tweet_ids)"\s*:', r'"text"\s*:\s*"'),
        holds=lambda item: (
            "text" in item
            and "id" in item
            and ("author_id" in item or "edit_history_tweet_ids" in item)
        ),
        read=_x_answer,
    ),
    ApiShape(
        name="trafilatura",
        looks=_looks(r'"source-hostname"\s*:|"raw_text"\s*:', r'"(?:fingerprint|hostname)"\s*:'),
        holds=lambda item: "text" in item and ("source-hostname" in item or "raw_text" in item),
        read=_trafilatura,
    ),
    ApiShape(
        name="news-please",
        looks=_looks(r'"maintext"\s*:', r'"date_publish"\s*:', r'"source_domain"\s*:'),
        holds=lambda item: "maintext" in item,
        read=_newsplease,
    ),
)
