"""What is wrong with the arguments of a tool, in words that a model can mend them by."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError

_SHOWN = 80


def told_wrong(tool: str, known: Sequence[str], error: ValidationError) -> str:
    """Return what is wrong with each argument of a tool, and which it has where one is unknown."""
    wrong = list(dict.fromkeys(_complaints(error)))
    unknown = any(
        one["type"] == "extra_forbidden" and len(one["loc"]) == 1 for one in error.errors()
    )
    has = f" {tool} has: {', '.join(known)}." if unknown else ""
    return f"{'; '.join(wrong)}.{has}"


def _complaints(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False):
        name = _place(one["loc"])
        if one["type"] == "missing":
            yield f"{name!r} is missing"
        elif one["type"] == "extra_forbidden":
            yield f"there is no argument {name!r}"
        else:
            given = repr(one["input"])
            cut = given if len(given) <= _SHOWN else f"{given[:_SHOWN]} …"
            message = one["msg"]
            yield f"{name!r}: {message[:1].lower()}{message[1:]}, not {cut}"


def _place(steps: Iterable[int | str]) -> str:
    """Return where in the arguments: names and places, without the types that were tried."""
    named = [str(one) for one in steps if isinstance(one, int) or str(one).isidentifier()]
    return ".".join(named)
