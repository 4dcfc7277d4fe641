"""Floors under figures: what must not fall, kept in a file that is read and reviewed.

Floors rise by themselves; one is lowered only with a reason, which stays in the file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import ReadError, SettingsError

_ERRORS = frozenset({
    "quote_normalised", "quote_altered", "quote_absent", "quote_misattributed",
    "strong_false_shown", "conflict_false_alarms_unrelated", "conflict_false_alarms_agree",
    "conflict_false_alarms_update",
})  # fmt: skip
_NOT_QUALITY = frozenset({"verbatim"})
_ROOM = 1e-6


class Lowered(BaseModel):
    """A floor that was lowered: when, from what, to what, and why."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    day: str
    before: float = Field(alias="from")
    after: float = Field(alias="to")
    reason: str = Field(min_length=1)


class Floors(BaseModel):
    """What figures must not fall below; of errors, what they must not rise above."""

    schema_: Literal[1] = Field(1, alias="schema")
    floors: dict[str, float] = {}
    lowered: list[Lowered] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """A figure that is worse than its floor; `value` is None where it is not measured any more."""

    name: str
    floor: float
    value: float | None


def read(file: Path) -> Floors:
    """Read a file of floors. Raises ReadError where it is not one."""
    try:
        return Floors.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise ReadError(
            file.name, "", f"it is not a file of floors: {error}", "write one with --write-floor"
        ) from error


def fallen(floors: Floors, metrics: Mapping[str, Mapping[str, Any]]) -> list[Fallen]:
    """Return the figures that are worse than their floors, or are not there."""
    found = []
    for name, floor in floors.floors.items():
        value = metrics.get(name, {}).get("value")
        if value is None or _worse(name, value, floor):
            found.append(Fallen(name=name, floor=floor, value=value))
    return found


def less_is_better(name: str) -> bool:
    """Tell whether a figure counts errors, of all or of a kind ("strong_false_shown:hedge")."""
    return name.partition(":")[0] in _ERRORS


def _worse(name: str, value: float, floor: float) -> bool:
    sign = -1 if less_is_better(name) else 1
    return sign * (value - floor) < -_ROOM


def write(file: Path, metrics: Mapping[str, Mapping[str, Any]], lower: Sequence[str]) -> str:
    """Write floors: better figures raise them, worse ones lower them where a reason is given.

    Returns what was done, in words. Raises SettingsError where a figure fell and no reason is
    given; then nothing is written.
    """
    reasons = dict(_reason(one) for one in lower)
    old = read(file) if file.exists() else Floors(schema=1)
    new = {
        name: one["value"]
        for name, one in metrics.items()
        if one["value"] is not None and name not in _NOT_QUALITY
    }
    worse = fallen(old, metrics)
    unexplained = [one.name for one in worse if one.name not in reasons]
    if unexplained:
        raise SettingsError(
            f"these figures fell: {', '.join(unexplained)}",
            "a floor is lowered with --lower NAME=REASON, once for each",
        )
    if unknown := sorted(set(reasons) - {one.name for one in worse}):
        raise SettingsError(f"nothing fell that is called {', '.join(unknown)}")
    kept = {name: floor for name, floor in old.floors.items() if name in new}
    raised = [n for n, v in new.items() if n not in kept or _worse(n, kept[n], v)]
    day = datetime.now(UTC).date().isoformat()
    lowered = [
        Lowered(name=one.name, day=day, before=one.floor, after=_number(one.value),
                reason=reasons[one.name])
        for one in worse
    ]  # fmt: skip
    floors = {**kept, **{n: new[n] for n in [*raised, *(w.name for w in worse)] if n in new}}
    document = Floors(schema=1, floors=floors, lowered=[*old.lowered, *lowered])
    file.write_text(document.model_dump_json(by_alias=True, indent=2) + "\n", encoding="utf-8")
    return f"{file}: {len(raised)} floors raised or new, {len(lowered)} lowered, of {len(floors)}"


def _number(value: float | None) -> float:
    return 0.0 if value is None else value


def _reason(given: str) -> tuple[str, str]:
    name, _, reason = given.partition("=")
    if not name.strip() or not reason.strip():
        raise SettingsError(f"--lower {given!r} is not NAME=REASON", "as in `--lower mrr='...'`")
    return name.strip(), reason.strip()


def to_json(one: Fallen) -> dict[str, Any]:
    """Return what fell, as JSON."""
    return asdict(one)


def to_text(found: Sequence[Fallen]) -> str:
    """Return what fell, in words."""
    if not found:
        return "nothing fell below its floor"
    lines = [
        f"  {one.name}: "
        + ("not measured" if one.value is None else f"{one.value:.3f}")
        + f", its floor is {one.floor:.3f}"
        for one in found
    ]
    return "\n".join(["below the floor:", *lines])


def names(found: Sequence[Fallen]) -> str:
    """Return the names of what fell."""
    return json.dumps([one.name for one in found])
