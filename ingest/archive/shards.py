"""Where the vectors are: in the archive's folder, on one Chroma server, or each year's on its own.

`MORGUE_CHROMA_URL` says it: an address, or the years of each of several:
`..2015=http://a:8000; 2016..2019,undated=http://b:8000; 2020..=http://c:8000`.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ingest.archive.bookmark import Bookmark
from ingest.archive.record import digest
from ingest.article import Filters
from ingest.errors import SettingsError

_YEARS = re.compile(r"(?P<first>\d{4})?(?P<to>\.\.)?(?P<last>\d{4})?")
_ENTRY = re.compile(r"\s*(?P<years>[\d.]*)\s*(?P<undated>,\s*undated)?\s*=\s*(?P<url>\S+)\s*")
_HOW = (
    "name the years of each server, every year once: "
    "`..2015=http://a:8000; 2016..2019,undated=http://b:8000; 2020..=http://c:8000`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What one store holds: everything, or the articles of some years, both ends among them.

    `undated` are articles without a day. Without a `url` it is in the archive's folder.
    """

    url: str | None = None
    first: int | None = None
    last: int | None = None
    undated: bool = True
    one_of_many: bool = False

    @property
    def name(self) -> str | None:
        """Its years, as the setting has them; None where it holds everything."""
        if not self.one_of_many:
            return None
        if self.first == self.last:
            return str(self.first)
        return f"{self.first or ''}..{self.last or ''}"

    @property
    def told(self) -> str:
        """What it holds, in words."""
        if self.first is None:
            years = f"until {self.last}"
        elif self.last is None:
            years = f"from {self.first} on"
        else:
            years = f"of {self.first}" + (f" to {self.last}" if self.last > self.first else "")
        return f"articles {years}" + (" and without a date" if self.undated else "")

    @property
    def where(self) -> tuple[str, Sequence[object]]:
        """The condition on articles that it holds, in SQL, with its values."""
        if not self.one_of_many:
            return "1 = 1", ()
        ends = [("day >= ?", self.first, 0), ("day < ?", self.last, 1)]
        within = [(sql, (year + more) * 10_000) for sql, year, more in ends if year is not None]
        condition = " AND ".join(sql for sql, _ in within)
        if self.undated:
            condition = f"({condition} OR day IS NULL)"
        return condition, [value for _, value in within]

    def touches(self, filters: Filters) -> bool:
        """Tell whether anything of it may pass filters, by their days."""
        if not self.one_of_many or (self.undated and not (filters.since or filters.until)):
            return True
        untils = [day.year for day in (filters.until, filters.as_of) if day is not None]
        early = self.last is not None and filters.since and filters.since.year > self.last
        late = self.first is not None and any(year < self.first for year in untils)
        return not early and not late


class Place(NamedTuple):
    """Where a shard's store notes how far it has come."""

    shard: Shard
    bookmark: Bookmark


def places(folder: Path, setting: str | None) -> list[Place]:
    """Return the stores of a setting, which follow an archive from its folder `meaning`.

    Another setting than the one under which they were built finds their marks of no use: what
    it says is built anew. Raises SettingsError where the setting is none.
    """
    shards = shards_of(setting)
    layout = _layout(shards)
    return [
        Place(one, Bookmark(folder / _folder(one) if one.name else folder, layout=layout))
        for one in shards
    ]


def shards_of(setting: str | None) -> list[Shard]:
    """Return what a setting says; the first named holds what has no day, if none is said to."""
    if setting is None or "=" not in setting.partition("://")[0]:
        return [Shard(url=setting)]
    shards = [_shard(entry, n) for n, entry in enumerate(_entries(setting), 1)]
    if sum(one.undated for one in shards) > 1:
        raise SettingsError("MORGUE_CHROMA_URL: `undated` stands at more than one server", _HOW)
    if not any(one.undated for one in shards):
        shards[0] = replace(shards[0], undated=True)
    _hold_every_year(shards)
    if len({_bare(one.url) for one in shards}) < len(shards):
        raise SettingsError("MORGUE_CHROMA_URL: a server is named more than once", _HOW)
    return shards


def clear_others(folder: Path, kept: Sequence[Place]) -> None:
    """Delete what was built in a folder under other settings."""
    names = {_folder(place.shard) for place in kept}
    for other in folder.iterdir() if folder.exists() else ():
        if other.is_dir() and other.name not in names:
            shutil.rmtree(other, ignore_errors=True)


def _entries(setting: str) -> list[str]:
    return [entry for entry in setting.split(";") if entry.strip()]


def _shard(entry: str, n: int) -> Shard:
    found = _ENTRY.fullmatch(entry)
    years = _YEARS.fullmatch(found["years"]) if found else None
    if found is None or years is None or not (years["first"] or years["last"]):
        raise SettingsError(f"MORGUE_CHROMA_URL: server {n} is not named with its years", _HOW)
    first, last = years["first"], years["last"]
    if not years["to"]:
        last = first
    if first and last and int(first) > int(last):
        raise SettingsError(f"MORGUE_CHROMA_URL: {first} to {last} are no years", _HOW)
    return Shard(
        url=found["url"],
        first=int(first) if first else None,
        last=int(last) if last else None,
        undated=found["undated"] is not None,
        one_of_many=True,
    )


def _hold_every_year(shards: Sequence[Shard]) -> None:
    ordered = sorted(shards, key=lambda one: one.first or 0)
    gaps = [
        f"{one.name} and {other.name}"
        for one, other in pairwise(ordered)
        if one.last is None or other.first != one.last + 1
    ]
    if ordered[0].first is not None:
        gaps.append(f"the years before {ordered[0].first}")
    if ordered[-1].last is not None:
        gaps.append(f"the years after {ordered[-1].last}")
    if gaps:
        raise SettingsError(
            f"MORGUE_CHROMA_URL: years are missing or named twice: {'; '.join(gaps)}", _HOW
        )


def _folder(shard: Shard) -> str:
    return f"from-{shard.first or 'the-first'}-to-{shard.last or 'the-last'}"


def _layout(shards: Sequence[Shard]) -> str:
    """Return what tells one setting from another, without anybody's password."""
    told = sorted(f"{one.name or ''}{one.undated}={_bare(one.url)}" for one in shards)
    return digest(" ".join(told)).hex()[:16] if shards[0].url else ""


def _bare(url: str | None) -> str:
    """Return an address without who signs in there."""
    try:
        parts = urlsplit(url or "")
        return f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path.rstrip('/')}"
    except ValueError:  # it is told when it is asked
        return digest(url or "").hex()
