"""Records that an answer or an export wraps: the list that holds them, what lies around each."""

from collections.abc import Iterator

from ingest.readers.fields import Record, has_field, has_text

_DEEP = 6  # levels of objects that are looked into
_HOLDERS = 2  # objects around the fields of one record
_LOOKED_AT = 20  # objects of a list
_OWN = frozenset(("comments", "captions", "authors", "author"))
"""Fields of a record whose lists hold no records."""


def records_in(record: Record) -> Iterator[tuple[str, Record]]:
    """Yield the article that a record is, or those of the list within it that holds some.

    With each comes the path of its list ("response.docs"), "" for the record itself.
    """
    own = _unwrapped(record)
    if has_text(own) or (has_field(own, "title") and has_field(own, "published", "authors", "url")):
        yield "", own
        return
    path, found = _listed(record)
    if not found:
        yield "", own
    for one in found:
        yield path, one


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


def _listed(record: Record) -> tuple[str, list[Record]]:
    """Return the list nearest to the top whose objects have a text, else a title."""
    fallback: tuple[str, list[Record]] = ("", [])
    waiting: list[tuple[str, Record]] = [("", record)]
    for _ in range(_DEEP):
        inner: list[tuple[str, Record]] = []
        for path, one in waiting:
            for name, held in one.items():
                at = f"{path}.{name}" if path else name
                items = _objects(held) if name not in _OWN else []
                if _most(items, "text"):
                    return at, items
                if not fallback[1] and _most(items, "title"):
                    fallback = at, items
                if isinstance(held, dict):
                    inner.append((at, held))
                elif len(items) == 1:
                    inner.append((at, items[0]))
        waiting = inner
    return fallback


def _objects(held: object) -> list[Record]:
    """Return the objects of a list, or of an object that has them by their ids."""
    values = list(held.values()) if isinstance(held, dict) and len(held) > 1 else held
    if not isinstance(values, list):
        return []
    objects = [_unwrapped(one) for one in values if isinstance(one, dict)]
    return objects if 2 * len(objects) > len(values) else []


def _most(items: list[Record], what: str) -> bool:
    looked = items[:_LOOKED_AT]
    if what == "text":
        return 2 * sum(map(has_text, looked)) > len(looked)
    return 2 * sum(has_field(one, what) for one in looked) > len(looked)
