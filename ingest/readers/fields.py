"""One JSON object to one raw article: names of fields, types, metadata."""

import ast
import copy
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

from ingest.article import RawArticle, RawComment
from ingest.errors import SettingsError
from ingest.readers.bylines import signed
from ingest.readers.editor_text import editor_text, in_one_language
from ingest.readers.field_names import LOOSE, NAMES, field_of, is_created
from ingest.readers.record_text import longest_field

Record = dict[str, object]
Names = Mapping[str, Sequence[tuple[int, str]]]

_ALIASES = {name: ours for ours, names in NAMES.items() for name in names}
_FIRST = {ours: names[0] for ours, names in NAMES.items()}
_PARTS = (
    ("first_name", "last_name"), ("firstName", "lastName"), ("given", "family"),
    ("givenName", "familyName"),
)  # fmt: skip
_DATES = frozenset(("published", "updated", "embargo_until"))
_MOMENTS = ("iso", "date", "dateTime", "datetime", "value", "utc", "seconds", "_seconds")
_WORDS = frozenset(("text", "title", "standfirst", "comments", "captions"))
_NOTHING = frozenset(("", "nan", "null", "none", "n/a", "na", "nil", "undefined", "\\n", "-"))
_LONGEST_NOTHING = 12
_LONGEST_LIST = 100_000  # characters of a string that are looked at as a list
_NO_EMBARGO = frozenset(("false", "no", "0"))
_FEWEST_WORDS = 8  # of a text under a name that may as well be another thing's
_PEOPLE = (
    "name",
    "original",
    "full_name",
    "fullName",
    "display_name",
    "displayName",
    "title",
    "domain",
)
_PRINTED = ("main", "rendered", "basic", "default", "value", "text", "#text", "_text")
_HOLDERS = ("data", "attributes")
_MOST_KEPT = 100  # names of a record that are looked up once
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
    authors = _strings(found, "authors")
    if not authors and "authors" in found and found["authors"][1]:  # it names nobody
        rest[found["authors"][0]] = found["authors"][1]
    raw = RawArticle(
        file=file,
        where=where,
        record=where.rpartition(" ")[2],
        text=_string(found, "text") or "",
        title=_string(found, "title"),
        standfirst=_string(found, "standfirst"),
        comments=_comments(found),
        captions=_strings(found, "captions"),
        outlet=_fact(found, "outlet", rest, mapping),
        authors=authors,
        published=_string(found, "published"),
        updated=_string(found, "updated"),
        url=_string(found, "url"),
        language=_string(found, "language"),
        section=_fact(found, "section", rest, mapping),
        kind=_string(found, "kind"),
        id=_string(found, "id"),
        embargo_until=_string(found, "embargo_until"),
        rights=_string(found, "rights"),
        collection=_string(found, "collection"),
        inferred=_created(found),
        metadata=rest,
    )
    if not (raw.text.strip() or raw.title):
        longest = longest_field(record)
        named = f"; its longest field is {longest!r}: `--map text={longest}`" if longest else ""
        raise WrongField(f"it has neither text nor title; its fields: {_listed(record)}{named}")
    return raw


def has_text(record: Record) -> bool:
    """Whether a record has a text under a name that is known."""
    given = record.get("text")
    if isinstance(given, str) and given and not given.isspace():
        return True
    found = _likeliest(record, "text", _names(record).get("text", []))
    if found is None:
        return False
    value = record[found]
    return bool(editor_text(value) if isinstance(value, dict | list) else str(value).strip())


def has_field(record: Record, *fields: str) -> bool:
    """Whether a record has any of these fields of ours."""
    names = _names(record)
    return any(_likeliest(record, one, names[one]) is not None for one in fields if one in names)


def _fact(found: "Found", ours: str, rest: Record, mapping: Mapping[str, str]) -> str | None:
    """Return a field that may be an object without a name: a reference, which stays metadata."""
    name, value = found.get(ours, _NOT_GIVEN)
    try:
        return _string(found, ours)
    except WrongField:
        if ours in mapping or not isinstance(value, dict):
            raise
        rest[name] = value
        return None


_NOT_GIVEN = ("", None)
Found = dict[str, tuple[str, object]]  # our field: the name it stood under, and its value


def _take(record: Record, mapping: Mapping[str, str]) -> tuple[Found, Record]:
    """Take our fields out of a record; what remains is metadata."""
    found: Found = {}
    rest = dict(record)
    for ours, path in mapping.items():
        value, rest = _pull(rest, path)
        found[ours] = (path, value)
    for ours, names in _names(rest).items():
        name = None if ours in mapping else _likeliest(rest, ours, names)
        if name is not None:
            found[ours] = (name, rest.pop(name))
    return found, {name: value for name, value in rest.items() if value not in (None, "", [])}


def _names(record: Record) -> Names:
    """Return the names in a record by the field that each stands for, with its rank."""
    names = tuple(record)
    return _known_names(names) if len(names) <= _MOST_KEPT else _names_among(names)


@lru_cache(maxsize=1_000)
def _known_names(names: tuple[str, ...]) -> Names:
    """Return the same for records of which a file holds many: all with the same names."""
    return _names_among(names)


def _names_among(given: tuple[str, ...]) -> Names:
    names: dict[str, list[tuple[int, str]]] = {}
    for name in given:
        if found := field_of(name):
            names.setdefault(found[0], []).append((found[1], name))
    return names


def _likeliest(record: Record, ours: str, names: Sequence[tuple[int, str]]) -> str | None:
    """Return the name under which a record has a field: one of ours, else another spelling."""
    for rank, name in sorted(names) if len(names) > 1 else names:
        # What cannot be read of an embargo must not be shown, whatever it is called.
        own = rank < 0 or ours == "embargo_until"
        if not _is_nothing(ours, record[name]) if own else _fits(ours, name, record[name]):
            return name
    return None


def _is_nothing(ours: str, value: object) -> bool:
    """Whether a value is none: empty, or what programs write for an empty cell of a fact."""
    if ours == "embargo_until" and str(value).strip().casefold() in _NO_EMBARGO:
        return True
    if isinstance(value, str) and ours not in _WORDS:
        return len(value) < _LONGEST_NOTHING and value.strip().casefold() in _NOTHING
    return value in (None, "", [])


def _fits(ours: str, name: str, value: object) -> bool:
    """Whether a value under a name that may be another thing's can be that of the field."""
    if ours == "text" and name.lower() in LOOSE:
        return isinstance(value, str) and len(value.split()) >= _FEWEST_WORDS
    if isinstance(value, str):
        return not _is_nothing(ours, value.strip())
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, dict) and ours in _DATES:
        return _moment(value) is not None
    if isinstance(value, dict | list):
        return (ours == "text" and bool(editor_text(value))) or (
            ours == "authors" and all(map(_author, value if isinstance(value, list) else [value]))
        )
    return ours in _NUMBERS_TOO


def _author(item: object) -> str | None:
    named = _person(item) if isinstance(item, dict) else item
    return named.strip() if isinstance(named, str) else None


def _created(found: "Found") -> dict[str, str]:
    name = found.get("published", ("", None))[0]
    return {"date": f"when the record was made ({name!r})"} if is_created(name) else {}


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
    name, value = found.get(ours, _NOT_GIVEN)
    if value is None:
        return None
    if not isinstance(value, str):
        value = _single(ours, value)
    if ours in _NUMBERS_TOO and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise WrongField(f"{name!r} must be a string, and is {_kind(value)}")
    return (value if ours == "text" else value.strip()) or None


def _single(ours: str, value: object) -> object:
    """Return the one value that an object or a list of a field stands for."""
    if ours == "text" and isinstance(value, dict | list):
        return editor_text(value) or value
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict | list):
        return value[0]  # as Solr keeps every field
    return _of_object(ours, value) if isinstance(value, dict) else value


def _of_object(ours: str, value: Record) -> object:
    if ours in _DATES and (moment := _moment(value)) is not None:
        return moment
    if named := _person(value):  # {"id": ..., "name": ...}, as news APIs give a source
        return named
    if ours == "title":
        held = in_one_language(value)
        if isinstance(held, str):
            return held
        return next((held for n in _PRINTED if isinstance(held := value.get(n), str)), value)
    return _wrapped(value) if len(value) == 1 else value


def _moment(value: Record) -> object:
    """Return the moment in an object of a date, as databases give one."""
    given = _wrapped(value) if len(value) == 1 else value
    if not isinstance(given, dict):
        return given if isinstance(given, str | int) else None
    return next((given[name] for name in _MOMENTS if isinstance(given.get(name), str | int)), None)


def _person(value: Record, levels: int = 4) -> str | None:
    """Return the name in an object that stands for somebody or something."""
    for name in _PEOPLE:
        if isinstance(held := value.get(name), str):
            return held
    for names in _PARTS:
        if said := " ".join(str(value[name]).strip() for name in names if value.get(name)):
            return said
    inner = [held for name in _HOLDERS if isinstance(held := value.get(name), dict)]
    found = (_person(one, levels - 1) for one in inner if levels)
    return next((named for named in found if named), None)


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
    if ours == "authors" and isinstance(value, str):
        value = listed_in(value.strip()) or value
    items = value if isinstance(value, list) else [value]
    taken = []
    for item in items:
        named = _author(item)
        if named is None and ours == "authors" and isinstance(item, dict):
            continue  # a reference to somebody who is named elsewhere
        if named is None:
            raise WrongField(
                f"{name!r} must be a string or a list of strings, and is {_kind(value)}"
            )
        taken.append(signed(named) if ours == "authors" else named)
    return tuple(item for item in taken if item)


def listed_in(cell: str) -> list[object] | None:
    """Read a list as JSON or Python writes it into a cell."""
    if not cell.startswith("[") or len(cell) > _LONGEST_LIST:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return found
    return None


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
