"""Which article an article is: known by its id, by another key of it, or by its words.

The same article comes again under another key: its address where it had an id, another file,
an address that changed with the headline. Each such key is kept as an alias, with the hash of
what was last given under it, so that the same again is no new version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import NamedTuple

from ingest.archive.catalogue import Catalogue
from ingest.archive.copies import Alike
from ingest.archive.stories import is_version
from ingest.article import Article, Notice
from ingest.clean import identity
from ingest.language.normalise import find
from ingest.language.sentences import sentences

_FIELDS = ("title", "authors", "date", "updated_at", "url", "section", "kind", "retracted")


class Version(NamedTuple):
    """One version of an article: its number, when it was read (RFC 3339), a hash of it."""

    version: int
    seen_at: str
    text_hash: str


class Known(NamedTuple):
    """An article that is there already: its number, and whether it was last given just so."""

    a: int
    unchanged: bool


class Changed(NamedTuple):
    """What a version changed: fields by name, sentences that went and that came."""

    fields: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def known(catalogue: Catalogue, article: Article, hashed: bytes) -> Known | None:
    """Return which article has this one's id or address, if one has."""
    ask = catalogue.connection.execute
    row = ask(
        "SELECT a, text_hash FROM aliases WHERE article_id = ?", (article.article_id,)
    ).fetchone() or ask(
        "SELECT a, text_hash FROM articles JOIN versions v USING (a) WHERE article_id = ?"
        " ORDER BY v.version DESC LIMIT 1",
        (article.article_id,),
    ).fetchone()  # fmt: skip
    if row:
        return Known(int(row[0]), row[1] is not None and bytes(row[1]) == hashed)
    address = identity.by_address(article.collection, article.url)
    row = address and ask("SELECT a FROM articles WHERE article_id = ?", (address,)).fetchone()
    return Known(int(row[0]), unchanged=False) if row else None


def edited(article: Article, found: Iterable[Alike]) -> int | None:
    """Return the article of which this one is an edited version under another key.

    It is of the same collection, outlet and day and its text is near-identical. Two articles
    that an outlet itself gave two ids are two; so are one under embargo and a later one that is
    not: nobody may tell from the second that there is the first.
    """
    if article.outlet is None or article.date is None:
        return None
    given = identity.kind(article.key) == "id"
    fitting = [
        one
        for one in found
        if _issue(one.article) == _issue(article)
        and not (_kept_back(one.article) and not _kept_back(article))
        and not (given and identity.kind(one.article.key) == "id")
        and is_version(one.likeness)
    ]
    return max(fitting, key=lambda one: one.likeness.jaccard).a if fitting else None


def _issue(article: Article) -> tuple[object, ...]:
    return article.collection, article.outlet, article.date


def _kept_back(article: Article) -> bool:
    return article.embargo_until is not None and article.embargo_until > datetime.now(UTC)


def under(article: Article, other: Article) -> Article:
    """Return an article under the id and key of the one that it is a version of."""
    return replace(article, article_id=other.article_id, key=other.key)


def same_words(article: Article, other: Article) -> bool:
    """Tell whether two articles print the same, so that one is no new version of the other."""
    return (article.text, article.title, article.authors, article.retracted) == (
        other.text, other.title, other.authors, other.retracted,
    )  # fmt: skip


def note(catalogue: Catalogue, a: int, read: Article, hashed: bytes) -> None:
    """Keep the keys under which an article was given, within a transaction.

    Called before its new version is kept: what was last given under its own key is then known.
    """
    ask = catalogue.connection.execute
    (own,) = ask("SELECT article_id FROM articles WHERE a = ?", (a,)).fetchone()
    aliased = ask("SELECT 1 FROM aliases WHERE article_id = ?", (own,)).fetchone() is not None
    if read.article_id != own and not aliased:
        _note(catalogue, own, a, *_last(catalogue, a))
    if read.article_id != own or aliased:
        ask("DELETE FROM aliases WHERE article_id = ?", (read.article_id,))
        _note(catalogue, read.article_id, a, hashed, read.file)
    address = identity.by_address(read.collection, read.url)
    if address and not ask("SELECT 1 FROM articles WHERE article_id = ?", (address,)).fetchone():
        _note(catalogue, address, a, None, "")


def _note(catalogue: Catalogue, key: str, a: int, hashed: bytes | None, file: str) -> None:
    catalogue.connection.execute(
        "INSERT INTO aliases VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (key, a, hashed, file)
    )


def _last(catalogue: Catalogue, a: int) -> tuple[bytes, str]:
    hashed, file = catalogue.connection.execute(
        "SELECT text_hash, record ->> 'file' FROM versions WHERE a = ?"
        " ORDER BY version DESC LIMIT 1",
        (a,),
    ).fetchone()
    return bytes(hashed), str(file)


# What a version changed, and what still stands


def changed(old: Article, new: Article) -> Changed:
    """Tell what changed from one version of an article to another."""
    fields = tuple(name for name in _FIELDS if getattr(old, name) != getattr(new, name))
    before, after = _told(old), _told(new)
    removed: list[str] = []
    added: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what != "equal":
            removed += before[i:j]
            added += after[k:m]
    return Changed(fields, tuple(removed), tuple(added))


def history(catalogue: Catalogue, article_id: str) -> dict[int, Changed]:
    """Tell of each version of an article but the first what it changed."""
    found: dict[int, Changed] = {}
    earlier: Article | None = None
    for version, *_ in catalogue.versions(article_id):
        article = catalogue.article(article_id, version)
        if earlier is not None and article is not None:
            found[version] = changed(earlier, article)
        earlier = article
    return found


def _told(article: Article) -> Sequence[str]:
    """Return an article's sentences, readers' comments left out."""
    return [
        " ".join(article.text[start:end].split())
        for part in article.parts
        if part.part != "comment"
        for start, end in sentences(article.text, part.start, part.end)
    ]


def superseded(newest: Article, version: int, words: str | None = None) -> Notice | None:
    """Return the notice that a newer version exists, and whether cited words stand in it."""
    if newest.version <= version:
        return None
    text = f"A newer version of this article exists (version {newest.version})."
    if words is not None:
        stands = bool(find(words, newest.text))
        text += " These words still stand in it." if stands else " These words are not in it."
    return Notice(code="newer_version", text=text)
