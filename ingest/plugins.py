"""Find what installed packages offer: readers, embedders, checkers, models, data sets."""

import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Literal, get_args

from ingest.errors import SettingsError

Kind = Literal["readers", "embedders", "checkers", "models", "sets"]


def names(kind: Kind) -> tuple[str, ...]:
    """List the names that are offered, in order."""
    return tuple(sorted(_offered(kind)))


def described(kind: Kind) -> tuple[str, ...]:
    """Say of each that is offered what it is, and of which version of its package; in order."""
    return _described(tuple(sys.path), kind)


def load(kind: Kind, name: str) -> object:
    """Load the plug-in of that name; raise SettingsError where it is unknown or incomplete."""
    offered = _offered(kind)
    if name not in offered:
        raise SettingsError(f"no {kind[:-1]} is named {name!r}", _known(kind, offered))
    point = offered[name]
    try:
        return point.load()
    except ImportError as error:
        raise SettingsError(
            f"the {kind[:-1]} {name!r} cannot be loaded: {error}", _install(point)
        ) from error
    except AttributeError as error:
        raise SettingsError(
            f"the {kind[:-1]} {name!r} points at {point.value!r}, which is not there"
        ) from error


def _offered(kind: Kind) -> Mapping[str, EntryPoint]:
    return _on_path(tuple(sys.path))[kind]


@cache
def _on_path(_path: tuple[str, ...]) -> Mapping[Kind, Mapping[str, EntryPoint]]:
    """Look through the installed packages once: that reads a file of each of them."""
    offered = entry_points()
    return {
        kind: {point.name: point for point in offered.select(group=f"morgue.{kind}")}
        for kind in get_args(Kind)
    }


@cache
def _described(path: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
    """Read what each package says of itself once: ten readers of one are ten readings of it."""
    offered = _on_path(path)[kind].values()
    return tuple(
        sorted(
            f"{point.name}={point.value} {point.dist.version if point.dist else ''}"
            for point in offered
        )
    )


def _known(kind: Kind, offered: Mapping[str, EntryPoint]) -> str:
    if offered:
        return "known: " + ", ".join(sorted(offered))
    return f"no package offers any {kind}; install morgue itself: `pip install -e .`"


def _install(point: EntryPoint) -> str:
    package = point.dist.name if point.dist else "the package that offers it"
    extras = f"[{','.join(point.extras)}]" if point.extras else ""
    return f"run `pip install '{package}{extras}'`"
