"""Statements by outlet and year, and who articles say that their speaker is.

Counted and read from the articles of statements that were already found for a reader, so that
nothing is told here which they may not see.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ingest.archive import record
from ingest.archive.catalogue import Catalogue
from ingest.archive.statement_store import SpokenLine

_ROLES = 12
"""Roles of one speaker that are told, those that most articles name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRole:
    """What articles say that a speaker is ("harbour minister"), beside the name.

    `articles` counts those that say it, from the first to the last day; the span is where the
    newest of them says so.
    """

    words: str
    articles: int
    since: date | None
    until: date | None
    article_id: str
    version: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerProfile:
    """Statements by outlet and year, and who the one speaker of them is said to be."""

    outlets: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    roles: tuple[SpeakerRole, ...] = ()


class _PrintedName(NamedTuple):
    """A role as an article prints it."""

    words: str
    day: date | None
    article_id: str
    version: int
    start: int
    end: int


def profile(catalogue: Catalogue, lines: Sequence[SpokenLine]) -> SpeakerProfile:
    """Count statements by outlet and year; of one speaker, tell the roles too."""
    rows = catalogue.connection.execute(
        f"SELECT a, outlet, day FROM articles WHERE a {catalogue.any_of}",  # noqa: S608
        (catalogue.many({line.a for line in lines}),),
    )
    known = {a: (outlet, day) for a, outlet, day in rows}
    places = [known[line.a] for line in lines if line.a in known]
    outlets = Counter(outlet for outlet, _ in places if outlet)
    years = Counter(str(day // 10_000) for _, day in places if day)
    speakers = {line.speaker for line in lines if line.speaker}
    return SpeakerProfile(
        outlets=dict(outlets.most_common()),
        years=dict(sorted(years.items(), reverse=True)),
        roles=_roles(catalogue, lines) if len(speakers) == 1 else (),
    )


def _roles(catalogue: Catalogue, lines: Sequence[SpokenLine]) -> tuple[SpeakerRole, ...]:
    rows = catalogue.connection.execute(
        "SELECT DISTINCT substr(text, role_start + 1, role_end - role_start), day, article_id,"  # noqa: S608
        " version, role_start, role_end FROM statements JOIN articles USING (a)"
        " JOIN versions USING (a, version) WHERE role_start IS NOT NULL"
        f" AND statements.rowid {catalogue.any_of}",
        (catalogue.many(line.row for line in lines if line.speaker),),
    )
    told: dict[str, list[_PrintedName]] = {}
    for words, day, *place in rows:
        line = " ".join(str(words).split())
        told.setdefault(line.casefold(), []).append(_PrintedName(line, record.day_of(day), *place))
    roles = sorted(map(_role, told.values()), key=lambda one: (-one.articles, one.words))
    return tuple(roles[:_ROLES])


def _role(printed: Sequence[_PrintedName]) -> SpeakerRole:
    newest = max(printed, key=lambda one: (one.day or date.min, one.article_id))
    days = _days(printed)
    return SpeakerRole(
        words=newest.words,
        articles=len({one.article_id for one in printed}),
        since=min(days, default=None),
        until=max(days, default=None),
        article_id=newest.article_id,
        version=newest.version,
        start=newest.start,
        end=newest.end,
    )


def _days(printed: Iterable[_PrintedName]) -> list[date]:
    return [one.day for one in printed if one.day]
