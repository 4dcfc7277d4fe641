"""One JSON object to one raw article: names of fields, types, metadata."""

import copy
from collections.abc import Mapping
from typing import cast

from ingest.article import RawArticle, RawComment
from ingest.errors import SettingsError

Record = dict[str, object]

# For each field of ours the names under which others give it, the likeliest first.
# fmt: off
NAMES: dict[str, tuple[str, ...]] = {
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
    "embargo_until": ("embargo_until",),
    "rights": ("rights",),
    "collection": ("collection",),
}
# fmt: on
_ALIASES = {name: ours for ours, names in NAMES.items() for name in names}
_FIRST = {ours: names[0] for ours, names in NAMES.items()}
_NUMBERS_TOO = {"published", "updated", "embargo_until", "id"}


class WrongField(ValueError):
    """A field of a record does not hold what it must."""


def check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping by our own names; raise SettingsError for a field there is none of."""
    checked = {}
    for ours, theirs in mapping.items():
        name = ours if ours in NAMES else _ALIASES.get(ours)
        if name is None or not theirs:
            raise SettingsError(f"no field is named {ours!r}", "known: " + ", ".join(sorted(NAMES)))
        checked[name] = theirs
    return checked


def article(record: Record, mapping: Mapping[str, str], *, file: str, where: str) -> RawArticle:
    """Turn a record into a raw article; raise WrongField saying which field and why."""
    found, rest = _take(record, mapping)
    raw = RawArticle(
        file=file,
        where=where,
        record=where.rpartition(" ")[2],
        text=_string(found, "text") or "",
        title=_string(found, "title"),
        standfirst=_string(found, "standfirst"),
        comments=_comments(found),
        captions=_strings(found, "captions"),
        outlet=_string(found, "outlet"),
        authors=_strings(found, "authors"),
        published=_string(found, "published"),
        updated=_string(found, "updated"),
        url=_string(found, "url"),
        language=_string(found, "language"),
        section=_string(found, "section"),
        kind=_string(found, "kind"),
        id=_string(found, "id"),
        embargo_until=_string(found, "embargo_until"),
        rights=_string(found, "rights"),
        collection=_string(found, "collection"),
        metadata=rest,
    )
    if not (raw.text.strip() or raw.title):
        raise WrongField(f"it has neither text nor title; its fields: {_listed(record)}")
    return raw


Found = dict[str, tuple[str, object]]  # our field: the name it stood under, and its value


def _take(record: Record, mapping: Mapping[str, str]) -> tuple[Found, Record]:
    """Take our fields out of a record; what remains is metadata."""
    found: Found = {}
    rest = dict(record)
    for ours, path in mapping.items():
        value, rest = _pull(rest, path)
        found[ours] = (path, value)
    for ours, names in NAMES.items():
        if ours in mapping:
            continue
        for name in names:
            if rest.get(name) not in (None, "", []):
                found[ours] = (name, rest.pop(name))
                break
    return found, {name: value for name, value in rest.items() if value not in (None, "", [])}


def _pull(record: Record, path: str) -> tuple[object, Record]:
    """Take the value at a dotted path out of a copy of the record."""
    if path in record:
        rest = dict(record)
        return rest.pop(path), rest
    first, _, further = path.partition(".")
    rest = {**record, first: copy.deepcopy(record.get(first))}
    holder: object = rest
    steps = [first, *further.split(".")] if further else [first]
    for step in steps[:-1]:
        holder = _step(holder, step)
    value = _step(holder, steps[-1])
    if isinstance(holder, dict):
        holder.pop(steps[-1], None)
    return value, rest


def _step(holder: object, step: str) -> object:
    if isinstance(holder, dict):
        return cast("Record", holder).get(step)
    if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder):
        return cast("object", holder[int(step)])
    return None


def _string(found: Found, ours: str) -> str | None:
    name, value = found.get(ours, (_FIRST[ours], None))
    if value is None:
        return None
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        value = value["name"]  # {"id": ..., "name": ...}, as news APIs give a source
    if isinstance(value, dict) and len(value) == 1:
        value = _wrapped(value)
    if ours in _NUMBERS_TOO and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise WrongField(f"{name!r} must be a string, and is {_kind(value)}")
    return (value if ours == "text" else value.strip()) or None


def _wrapped(value: Record) -> object:
    """Return what MongoDB's exports wrap: {"$date": ...}, {"$oid": ...}, {"$numberLong": ...}."""
    ((name, held),) = value.items()
    if not name.startswith("$"):
        return value
    return _wrapped(held) if isinstance(held, dict) and len(held) == 1 else held


def _strings(found: Found, ours: str) -> tuple[str, ...]:
    name, value = found.get(ours, (_FIRST[ours], None))
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    taken = []
    for item in items:
        named = item.get("name") if isinstance(item, dict) else item
        if not isinstance(named, str):
            raise WrongField(
                f"{name!r} must be a string or a list of strings, and is {_kind(value)}"
            )
        taken.append(named.strip())
    return tuple(item for item in taken if item)


def _comments(found: Found) -> tuple[RawComment, ...]:
    name, value = found.get("comments", ("comments", None))
    if value is None or isinstance(value, int):  # a mere count of them
        return ()
    if not isinstance(value, list):
        raise WrongField(f"{name!r} must be a list, and is {_kind(value)}")
    return tuple(comment for item in value if (comment := _comment(name, item)).text.strip())


def _comment(name: str, item: object) -> RawComment:
    if isinstance(item, str):
        return RawComment(text=item)
    if isinstance(item, dict):
        text = next((item[key] for key in NAMES["text"] if isinstance(item.get(key), str)), None)
        author = item.get("author")
        if isinstance(author, dict):
            author = author.get("name")
        if text is not None and (author is None or isinstance(author, str)):
            return RawComment(text=text, author=author or None)
    raise WrongField(f"{name!r} must hold strings or objects with text and author")


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bool: "true or false", str: "a string"}
    return kinds.get(type(value), "a number")


def _listed(record: Record) -> str:
    shown = ", ".join(repr(name[:40]) for name in list(record)[:12])
    return shown or "none"
