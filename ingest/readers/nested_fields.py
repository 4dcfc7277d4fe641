"""Records in lists within a record: `articles[].content.rendered` makes each of them one."""

from collections.abc import Iterator, Mapping

from ingest.errors import SettingsError
from ingest.readers.fields import Record

_LIST = "[]"
_MOST = 1_000_000  # values that one path may reach in a record
_SEVERAL = frozenset({"authors", "captions", "comments"})
"""Fields that take a list; of any other the values are put one under another."""


def check_lists(mapping: Mapping[str, str]) -> str:
    """Return the path of the list whose items are records, "" where there is none.

    Raises SettingsError where fields name different lists.
    """
    lists = {path.partition(_LIST)[0] for path in mapping.values() if _LIST in path}
    if len(lists) > 1:
        named = " and ".join(sorted(f"{one}[]" for one in lists))
        raise SettingsError(
            f"`--map` names records in {named}, and a record stands in one list",
            "name all fields of a record under one list; a list within it by a further []",
        )
    return next(iter(lists), "")


def unfolded(record: Record, mapping: Mapping[str, str]) -> Iterator[tuple[Record, dict[str, str]]]:
    """Yield the records that the paths of a mapping reach, each with its own mapping."""
    if not any(_LIST in path for path in mapping.values()):
        yield record, dict(mapping)
        return
    listed = check_lists(mapping)
    for item in _values(record, [*filter(None, listed.split(".")), _LIST] if listed else [_LIST]):
        if isinstance(item, dict):
            yield _own(item, record, listed, mapping)


def _own(
    item: Record, outer: Record, listed: str, mapping: Mapping[str, str]
) -> tuple[Record, dict[str, str]]:
    """Return an item with what its mapping takes from around it or from lists within it."""
    own = dict(item)
    paths = {}
    for ours, path in mapping.items():
        inner = path.removeprefix(f"{listed}{_LIST}.") if _LIST in path else ""
        paths[ours] = inner or path
        if inner and _LIST not in inner:
            continue
        found = [*_values(item if inner else outer, _steps(inner or path))]
        if ours in _SEVERAL:
            own[paths[ours]] = found
        else:
            own[paths[ours]] = _joined(found)
    return own, paths


def _joined(found: list[object]) -> object:
    if len(found) < 2:
        return found[0] if found else None
    return "\n\n".join(one for one in found if isinstance(one, str)) or None


def _steps(path: str) -> list[str]:
    """Return the names of a path, "[]" a step of its own."""
    return [step for step in path.replace(_LIST, f".{_LIST}").split(".") if step]


def _values(value: object, steps: list[str]) -> Iterator[object]:
    """Yield what stands at the end of a path, through every list on the way."""
    waiting = [(value, 0)]
    for _ in range(_MOST):
        if not waiting:
            return
        one, at = waiting.pop()
        if at == len(steps):
            if one is not None:
                yield one
        elif steps[at] == _LIST:
            held = one if isinstance(one, list) else []
            waiting.extend((inner, at + 1) for inner in reversed(held))
        elif isinstance(one, dict):
            waiting.append((one.get(steps[at]), at + 1))
        elif isinstance(one, list) and steps[at].isdecimal() and int(steps[at]) < len(one):
            waiting.append((one[int(steps[at])], at + 1))
