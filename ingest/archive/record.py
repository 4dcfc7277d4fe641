"""An article as the catalogue keeps it: a JSON record, and its text beside it."""

import json
import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b

from ingest.article import Article, Part, PartKind, Passage

LEAD_WORDS = 180
"""Words of a lead that are embedded. One vector a lead, headline + first 180 words, found more
than any peer's full index on 600 articles of realtimeqa (MRR .917 with e5-small)."""


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def dumps(article: Article) -> str:
    """Return an article without its text as JSON that every database can look into."""
    return without_nul(json.dumps(_kept(article), ensure_ascii=False))


def without_nul(record: str) -> str:
    """Return JSON with U+FFFD in place of NUL, which PostgreSQL refuses."""
    return _NUL.sub(r"\1\\ufffd", record) if "\\u0000" in record else record


def _kept(article: Article) -> dict[str, object]:
    # What few articles have is left out where it is not: the hash of the others stays as it was.
    seldom = {"retracted": article.retracted, "corrects": article.corrects}
    return {name: value for name, value in seldom.items() if value} | {
        "key": article.key,
        "title": article.title,
        "outlet": article.outlet,
        "authors": article.authors,
        "date": article.date and article.date.isoformat(),
        "published_at": _moment(article.published_at),
        "updated_at": _moment(article.updated_at),
        "url": article.url,
        "language": article.language,
        "section": article.section,
        "kind": article.kind,
        "embargo_until": _moment(article.embargo_until),
        "rights": article.rights,
        "collection": article.collection,
        "inferred": dict(article.inferred),
        "metadata": dict(article.metadata),
        "file": article.file,
        "where": article.where,
        "parts": [[p.part, p.start, p.end, p.author] for p in article.parts],
    }


def loads(article_id: str, version: int, record: str, text: str) -> Article:
    """Return the article that `dumps` made a record of, the same one while it is being read."""
    return (_shared if len(text) <= _LONGEST else _loaded)(article_id, version, record, text)


def _loaded(article_id: str, version: int, record: str, text: str) -> Article:
    kept = json.loads(record)
    return Article(
        article_id=article_id,
        version=version,
        text=text,
        key=kept["key"],
        title=kept["title"],
        outlet=kept["outlet"],
        authors=tuple(kept["authors"]),
        date=kept["date"] and date.fromisoformat(kept["date"]),
        published_at=_read_moment(kept["published_at"]),
        updated_at=_read_moment(kept["updated_at"]),
        url=kept["url"],
        language=kept["language"],
        section=kept["section"],
        kind=kept["kind"],
        embargo_until=_read_moment(kept["embargo_until"]),
        rights=kept["rights"],
        collection=kept["collection"],
        retracted=kept.get("retracted", False),
        corrects=tuple(kept.get("corrects", ())),
        inferred=kept["inferred"],
        metadata=kept["metadata"],
        file=kept["file"],
        where=kept["where"],
        parts=tuple(Part(part=p, start=s, end=e, author=by) for p, s, e, by in kept["parts"]),
    )


_LONGEST = 100_000
"""Characters of an article that is kept beside others: a longer one would fill what they need."""

_shared = lru_cache(maxsize=256)(_loaded)


def text_hash(article: Article) -> bytes:
    """Hash what makes a version: the text, its parts and what is known of it.

    Where it was read (`file`, `where`) is not part of it.
    """
    record = _kept(article)
    del record["file"], record["where"]
    return digest(json.dumps(record, sort_keys=True) + "\0" + article.text)


def lead_of(article: Article) -> str:
    """Return what is embedded for an article's lead: its headline and first 180 words."""
    words = " ".join(words_of(article, {"standfirst", "body"})).split(None, LEAD_WORDS)
    return f"{article.title}\n{' '.join(words[:LEAD_WORDS])}".strip()


def context_of(article: Article, passage: Passage) -> str:
    """Return what is embedded for a passage: its article's headline and its words."""
    words = article.text[passage.start : passage.end]
    return f"{article.title}\n{words}" if passage.part != "headline" else words


def words_of(article: Article, parts: Collection[PartKind]) -> list[str]:
    """Return the words of some kinds of parts, a string a part, in order."""
    return [article.text[p.start : p.end] for p in article.parts if p.part in parts]


def digest(words: str) -> bytes:
    """Return the 16 bytes that stand for a text."""
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def day_number(day: date | None) -> int | None:
    """Return a day as YYYYMMDD."""
    return None if day is None else day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int | None) -> date | None:
    """Return the day that YYYYMMDD stands for."""
    return None if number is None else date(number // 10_000, number // 100 % 100, number % 100)


def when(day: int | None, published: str | None) -> tuple[int, str]:
    """Return what articles are put in order of time by: a day without a time ends it."""
    moment_of = _read_moment(published)
    return day or 99_999_999, moment(moment_of) if moment_of else "~"


def moment(value: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, which sorts as it reads."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _moment(value: datetime | None) -> str | None:
    # As it was given: the zone a newsroom printed is part of what it printed.
    return value.isoformat() if value else None


def _read_moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
