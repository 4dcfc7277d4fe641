"""WordPress exports (WXR): the posts that were published, with their readers' comments."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.article import RawArticle, RawComment
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.bylines import is_login
from ingest.readers.encoding import peek
from ingest.readers.markup import MENDED, Damaged, MarkupText, children, element, line, words
from ingest.readers.record_stream import MarkedRecord, records, root

if TYPE_CHECKING:
    from lxml.etree import _Element

_EXPORT = b"wordpress.org/export/"
_NAMES = "item|wp:author"
_CORE = "audio|caption|embed|gallery|playlist|video|wp_caption"
_CAPTION = re.compile(
    r"\[(wp_)?caption\b[^\]]{0,2000}\]"
    r"(?P<image>[^\[]*+(?:\[(?!/?(?:wp_)?caption\b)[^\[]*+)*+)\[/(wp_)?caption\]",
    re.IGNORECASE,
)
_SHORTCODE = re.compile(
    rf"\[/?(?:{_CORE})\b[^\]\[]{{0,2000}}\]"
    r"|\[[a-z][\w-]{1,40}(?:\s+[\w-]{1,40}\s*=\s*(?:\"[^\"]{0,500}\"|'[^']{0,500}'|[^\s\[\]\"']{1,200}))+"
    r"\s*/?\]",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\[/([a-z][\w-]{1,40})\]", re.IGNORECASE)
_CODE = re.compile(r"\[/?([a-z][\w-]{1,40})(?:\s[^\]\[]*)?/?\]", re.IGNORECASE)
# Round a few letters of a word, as a drop cap or a highlight is: no space belongs there.
_AROUND_LETTERS = re.compile(
    r"\[(?P<code>[a-z][\w-]{1,40})(?:\s[^\]\[]{0,200})?\](?P<inside>[^\]\[\n]{1,60})\[/(?P=code)\]",
    re.IGNORECASE,
)
_CAPTION_ATTRIBUTE = re.compile(r"\bcaption=(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_NO_DATE = "0000-00-00"
_CO_AUTHORS = "author"
"""The taxonomy in which Co-Authors Plus keeps who wrote a post; its login is who put it in."""


@dataclass(slots=True)
class _Site:
    """What the export says of the whole site; its authors, by the names they log in with."""

    outlet: str | None = None
    language: str | None = None
    authors: dict[str, str] = field(default_factory=dict)


class _WordPress:
    """A site's export, of any size: one article a published post."""

    name = "wxr"

    def sniff(self, head: bytes, file: str) -> float:
        """Take an RSS document in the namespace of WordPress's exports."""
        return 0.99 if root(head) == "rss" and _EXPORT in head else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the published posts; pages, drafts, pictures and the like are counted."""
        site = _site(given)
        left_out: Counter[str] = Counter()
        for record in records(given, _NAMES):
            if isinstance(record, ReadError):
                yield record
                continue
            try:
                post, mended = element(record.text)
            except Damaged as error:
                yield ReadError(given.file, f"line {record.line}", str(error))
                continue
            if record.name != "item":
                site.authors |= _author(post)
            elif kind := _not_published(post):
                left_out[kind] += 1
            else:
                yield _told(_article(given.file, record, post, site, mended))
        if left_out:
            yield LeftOut(given.file, left_out)


def _told(post: RawArticle) -> RawArticle | ReadError:
    """Return a post; of one without a word of text that it has none."""
    if post.text.strip() or post.standfirst or post.captions or post.comments:
        return post
    why = (
        "it has a title and no text: what its pages show is kept by a plug-in, or made of pictures"
    )
    return ReadError(post.file, post.where, why, "export it as rendered: `/wp-json/wp/v2/posts`")


def _site(given: ReaderInput) -> _Site:
    head = (peek(given.stream.peek(65_536)) or "").partition("<item")[0]
    found = {
        name: words(said).text for name in ("title", "language") if (said := _said(head, name))
    }
    return _Site(outlet=found.get("title") or None, language=found.get("language") or None)


def _said(head: str, name: str) -> str:
    """Return what the first element of a name holds, "" where there is none."""
    element = rf"<{name}>(?:<!\[CDATA\[)?((?:(?!<{name}>).)*?)(?:\]\]>)?</{name}>"
    return found[1] if (found := re.search(element, head)) else ""


def _author(author: "_Element") -> dict[str, str]:
    login, shown = _one(author, "author_login"), _one(author, "author_display_name")
    return {login: shown} if login and shown else {}


def _not_published(post: "_Element") -> str | None:
    """Say what an item is that is no published post; None of one that is."""
    kind, status = _one(post, "post_type") or "post", _one(post, "status") or "publish"
    if kind != "post":
        return kind
    if status != "publish":
        return f"post, {status}"
    return "post with a password" if _one(post, "post_password") else None


def _article(
    file: str, record: MarkedRecord, post: "_Element", site: _Site, mended: bool
) -> RawArticle:
    body = _words(_encoded(post, "content"))
    link, login = _one(post, "link"), _one(post, "creator") or ""
    sections = _terms(post, "category")
    inferred = {"encoding": record.how} if record.how else {}
    return RawArticle(
        file=file,
        where=f"line {record.line}",
        record=_one(post, "post_id") or str(record.line),
        text=body.text,
        title=words(_one(post, "title") or "").text or None,
        standfirst=_words(_encoded(post, "excerpt")).text or None,
        comments=tuple(_comments(post)),
        comments_apart=True,
        captions=body.captions,
        outlet=site.outlet,
        authors=tuple(_terms(post, _CO_AUTHORS)) or _authors(login, site),
        published=_date(post, "post_date") or _one(post, "pubDate"),
        updated=_date(post, "post_modified"),
        url=link,
        language=site.language,
        section=next(iter(sections), None),
        id=None if link else _one(post, "guid"),
        inferred=inferred | ({"text": MENDED} if mended else {}),
        metadata=_about(login, site, [*sections[1:], *_terms(post, "post_tag")]),
    )


def _about(login: str, site: _Site, tags: list[str]) -> dict[str, object]:
    """Return the tags, and what the author logs in with where no name is known."""
    unnamed = login and not _authors(login, site)
    found = {"tags": list(dict.fromkeys(tags)), "login": login if unnamed else ""}
    return {name: value for name, value in found.items() if value}


def _authors(login: str, site: _Site) -> tuple[str, ...]:
    """Return the author's name as shown; what somebody logs in with is no name."""
    name = site.authors.get(login, login)
    return (name,) if name and not is_login(name) else ()


def _comments(post: "_Element") -> Iterator[RawComment]:
    """Yield the comments that were let through, without what other sites sent by themselves."""
    for comment in children(post, "comment"):
        sent_by_reader = (_one(comment, "comment_type") or "comment") == "comment"
        if not sent_by_reader or _one(comment, "comment_approved") not in {None, "1"}:
            continue
        text = _words(_text(next(children(comment, "comment_content"), None))).text
        if text:
            yield RawComment(text=text, author=_one(comment, "comment_author"))


def _words(content: str) -> MarkupText:
    """Return the words of a post: WordPress makes a paragraph of what a blank line ends."""
    without = _CAPTION.sub(_figure, content.replace("\r\n", "\n"))
    without = _AROUND_LETTERS.sub(r"\g<inside>", without)
    paired = set(_PAIRED.findall(without))
    without = _CODE.sub(lambda code: " " if code[1] in paired else code[0], without)
    return words(_BLANK_LINE.sub("\n<p>", _SHORTCODE.sub(" ", without)))


def _figure(caption: re.Match[str]) -> str:
    """Write a caption shortcode as the element that themes make of it."""
    given = _CAPTION_ATTRIBUTE.search(caption[0].partition("]")[0])
    said = given[1].strip("\"'") if given else caption["image"]
    return f"<figure><figcaption>{said}</figcaption></figure>"


def _encoded(post: "_Element", prefix: str) -> str:
    found = (one for one in children(post, "encoded") if _prefix(one) == prefix)
    return _text(next(found, None))


def _prefix(one: "_Element") -> str:
    tag = str(one.tag)
    return one.prefix or "" if tag.startswith("{") else tag.rpartition(":")[0]


def _terms(post: "_Element", domain: str) -> list[str]:
    found = (line(one) for one in children(post, "category") if one.get("domain") == domain)
    return [term for term in found if term and term != "Uncategorized"]


def _date(post: "_Element", field_name: str) -> str | None:
    """Return a date of the post, in UTC where the export gives it so."""
    utc = _one(post, f"{field_name}_gmt")
    if utc and not utc.startswith(_NO_DATE):
        return f"{utc}Z"
    local = _one(post, field_name)
    return local if local and not local.startswith(_NO_DATE) else None


def _one(of: "_Element", child: str) -> str | None:
    return line(next(children(of, child), None))


def _text(of: "_Element | None") -> str:
    return "".join(of.itertext()) if of is not None else ""


reader: Reader = _WordPress()
