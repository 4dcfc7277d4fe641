"""JSON read strictly: no name twice, no NaN, and why a value cannot be read, as words."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, cast

_GAP = re.compile(r"[\s,]*")


class Unreadable(ValueError):
    """A value is no JSON that can be read; its words say why."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        for name, value in pairs:
            if record[name] != value:
                raise ValueError(f"{name[:40]!r} is given twice with different values")
    return record


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
_LENIENT = json.JSONDecoder()


def parse(text: str) -> Any:
    """Read one value; raise Unreadable with the reason."""
    return _worded(lambda: _STRICT.decode(text))


def items(text: str) -> Iterator[object | Unreadable]:
    """Yield the items of a list, or values one after another; an Unreadable for a bad one.

    Where the end of a bad one cannot be told, it is the last; so is what stands behind a list.
    """
    at = _GAP.match(text, 1 if text.startswith("[") else 0).end()  # type: ignore[union-attr]
    while at < len(text) and text[at] != "]":
        start = at
        try:
            item, at = _worded(lambda: _STRICT.raw_decode(text, start))  # noqa: B023
            yield item
        except Unreadable as error:
            yield error
            try:
                _, at = _worded(lambda: _LENIENT.raw_decode(text, start))  # noqa: B023
            except Unreadable:
                return
        at = cast("re.Match[str]", _GAP.match(text, at)).end()
    if text[at : at + 1] == "]" and text[at + 1 :].strip():
        yield Unreadable("more stands behind the end of the list, and is not read")


def _worded(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise Unreadable(f"it is no JSON: {error.msg} at {place}character {error.colno}") from error
    except RecursionError as error:
        raise Unreadable("its values are nested too deep") from error
    except ValueError as error:
        raise Unreadable(f"it cannot be read: {error}") from error
