"""What others call our fields: their names, other spellings of them, words of other languages."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

# For each field of ours the names under which others give it, the likeliest first; a value of
# another kind than the field's is told as wrong.
# fmt: off
OWN: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "content", "body", "maintext", "article_text", "article_body", "articleBody",
        "plain_text", "full_text", "body_text", "body_html", "content_html",
    ),
    "title": ("title", "headline"),
    "standfirst": ("standfirst", "short_description"),
    "comments": ("comments",),
    "captions": ("captions",),
    "published": (
        "date", "published_at", "publish_date", "date_publish", "datePublished", "published_date",
        "publication_date", "date_published",
    ),
    "updated": ("updated", "updated_at", "date_modify", "dateModified"),
    "url": ("url", "link"),
    "authors": ("author", "authors", "byline"),
    "outlet": ("outlet", "publisher", "source", "source_domain"),
    "language": ("language",),
    "section": ("section",),
    "kind": ("kind",),
    "id": ("id",),
    "embargo_until": (
        "embargo_until", "embargoed_until", "embargo", "embargoed", "embargo_date", "embargo_end",
    ),
    "rights": ("rights",),
    "collection": ("collection",),
}
# Names that are other things as well: what is no value of the field stays metadata.
FURTHER: dict[str, tuple[str, ...]] = {
    "text": (
        "content_text", "main_content", "text_content", "article_content", "clean_text",
        "raw_text", "selftext", "markdown", "paragraphs", "blocks", "article", "story", "document",
    ),
    "title": ("article_title",),
    "standfirst": ("subheadline", "subtitle", "deck", "dek"),
    "published": (
        "published", "post_date", "pub_date", "published_on", "published_time", "date_time_pub",
        "first_published", "article_date", "created_at", "date_created", "created_on", "created",
        "created_utc",
    ),
    "updated": (
        "modified_at", "last_modified", "modified", "changed", "last_updated", "date_updated",
        "modified_date", "updated_date", "updated_on",
    ),
    "url": ("web_url", "canonical_url", "article_url", "permalink", "source_url"),
    "authors": (
        "creator", "author_name", "bylines", "published_bylines", "author_names", "authors_byline",
    ),
    "outlet": (
        "source_name", "newspaper", "site_name", "og_site_name", "name_source", "publication",
    ),
    "language": ("lang", "in_language", "lang_code"),
    "section": ("section_name", "category", "news_desk"),
}
# fmt: on
NAMES = {ours: (*names, *FURTHER.get(ours, ())) for ours, names in OWN.items()}

CREATED = frozenset(("created_at", "date_created", "created_on", "created", "created_utc"))
"""Names of the moment a record was made, which is told of a date that was taken from there."""

LOOSE = frozenset(("article", "story", "document"))
"""Names that hold a text as often as an object or an id: only a text of some length counts."""

_BETWEEN = re.compile(r"[\s_-]+")


def spelled(name: str) -> str:
    """Return a name without case, accents and what stands between its words."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return _BETWEEN.sub("", "".join(c for c in apart if not unicodedata.combining(c)))


@cache
def _known() -> dict[str, tuple[str, int, str]]:
    """Return of each spelling our field, its rank, and the name that stands for it."""
    found: dict[str, tuple[str, int, str]] = {}
    for ours, names in NAMES.items():
        for rank, name in enumerate(names):
            found.setdefault(spelled(name), (ours, rank, name))
    for words in tomllib.loads(
        Path(__file__).with_name("field_names.toml").read_text(encoding="utf-8")
    ).values():
        for ours, names in words.items():
            for rank, name in enumerate(names, len(NAMES[ours])):
                found.setdefault(spelled(name), (ours, rank, NAMES[ours][0]))
    return found


def known(name: str) -> str | None:
    """Return the field's name that a column spells in its own way ("Date Published", "Titel")."""
    found = _known().get(spelled(name))
    return found[2] if found else None


@cache
def is_created(name: str) -> bool:
    """Whether a name is that of the moment at which a record was made."""
    return spelled(name) in {spelled(one) for one in CREATED}


@cache
def field_of(name: str) -> tuple[str, int] | None:
    """Return the field of ours that a name stands for, and its rank: below 0 where it is ours."""
    found = _known().get(spelled(name[:80]))
    if found is None:
        return None
    ours, rank, _ = found
    return ours, OWN[ours].index(name) - len(OWN[ours]) if name in OWN[ours] else rank
