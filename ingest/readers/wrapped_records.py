"""Records that an answer or an export wraps: the lists that hold them, what lies around each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.fields import Record, has_field, has_text

_DEEP = 8  # levels of objects that are looked into
_HOLDERS = 2  # objects around the fields of one record
_ABOUT = "metadata"
"""What crawlers call the object of a record that has its title, address and day."""
_OWN = frozenset(("comments", "captions", "authors", "author"))
"""Fields of a record whose lists hold no records."""


@dataclass(slots=True)
class WrappedRecords:
    """What a record holds: articles, each with the path of its list ("response.docs[]").

    The path is "" for the record itself. `left` counts by their paths what has a text and no
    title among articles that have both: replies, pictures, what is included beside them.
    """

    articles: list[tuple[str, Record]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def records_in(record: Record) -> WrappedRecords:
    """Return the article that a record is, or those that it wraps, wherever they stand."""
    if has_text(record):
        return WrappedRecords(articles=[("", _described(record))])
    own = _unwrapped(record)
    if has_text(own) or (has_field(own, "title") and has_field(own, "published", "authors", "url")):
        return WrappedRecords(articles=[("", own)])
    found = list(_within(record, "", _DEEP))
    texts = [one for one in found if has_text(one[1])]
    whole = [one for one in texts if has_field(one[1], "title")]
    if whole:
        left = Counter(path for path, one in texts if not has_field(one, "title"))
        return WrappedRecords(articles=whole, left=left)
    return WrappedRecords(articles=texts or found or [("", own)])


def _unwrapped(record: Record, levels: int = _HOLDERS) -> Record:
    """Return a record with the fields of the one object in it that holds its text."""
    if has_text(record) or not levels:
        return record
    objects = {name: held for name, held in record.items() if isinstance(held, dict)}
    inner = {name: _unwrapped(held, levels - 1) for name, held in objects.items()}
    holding = [name for name, held in inner.items() if has_text(held)]
    if len(holding) != 1:
        return record
    rest = {name: value for name, value in record.items() if name != holding[0]}
    return rest | inner[holding[0]]


def _described(record: Record) -> Record:
    """Return a record with what an object in it says about it, where that has its title."""
    about = record.get(_ABOUT)
    if not isinstance(about, dict) or has_field(record, "title") or not has_field(about, "title"):
        return record
    return about | {name: value for name, value in record.items() if name != _ABOUT}


def _within(record: Record, path: str, levels: int) -> Iterator[tuple[str, Record]]:
    """Yield what in a record may be articles: with a text, or with a title in a list."""
    for name, held in record.items() if levels else ():
        if name in _OWN or not isinstance(held, dict | list):
            continue
        at = f"{path}.{name}" if path else name
        listed = isinstance(held, list)
        for one in held if isinstance(held, list) else [held]:
            if isinstance(one, dict):
                yield from _articles(one, f"{at}[]" if listed else at, levels, listed=listed)


def _articles(
    record: Record, path: str, levels: int, *, listed: bool
) -> Iterator[tuple[str, Record]]:
    own = _unwrapped(record) if listed else record
    if has_text(own):
        yield path, _described(own)
        return
    inner = list(_within(record, path, levels - 1))
    yield from inner
    if listed and not inner and has_field(own, "title"):
        yield path, own
