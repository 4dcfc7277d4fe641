"""Statements in the catalogue: found in each article once, looked up by who speaks.

They are read from articles when these can be searched already, and again when another extractor
would find others. What no sentence of an article names stays a suggestion of the rules.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from ingest.archive import copies, notices
from ingest.archive.catalogue import Catalogue, open_to
from ingest.article import Article, Filters, Notice, PartKind, Statement, Story
from ingest.language.speech import speaker_names
from ingest.language.speech.sayings import (
    EXTRACTOR,
    Manner,
    Saying,
    SpeakerFrom,
    sayings,
    speaker_from,
)

_BATCH = 100
_HEARINGS = "hearings"

_DOMINANT = 10
"""A last name alone is joined to whom it is if that one speaks so many times as often as any
other of that name: a paper that goes without the first name means who is known."""

_NAMED = 8
"""People who are named as those whom a last name may mean, the ones who speak most."""

Progress = Callable[[str, int, int], None]
Stems = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Which statements are looked for: whose, with which words, in which articles.

    Without a speaker, anybody's. With `told` only those whose sentence names the speaker, or
    whose form does (a transcript), or what stands before and leaves nobody else.
    """

    speaker: str | None = None
    words: str = ""
    filters: Filters = field(default_factory=Filters)
    told: bool = False
    newest_first: bool = False


class SpokenLine(NamedTuple):
    """A statement's row; `speaker` is the fullest name of whoever is meant.

    `told` says that its sentence, its form or what stands before names the speaker;
    `again` counts the other articles in which the same speaker says the same words.
    """

    row: int
    a: int
    speaker: str | None
    told: bool
    again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Statements in order of time, the same words of one speaker once.

    `facets` counts by speaker those that are `told`; `people` are those whom the name that was
    asked for may mean, where it is not one.
    """

    lines: tuple[SpokenLine, ...] = ()
    facets: Mapping[str, int] = field(default_factory=dict)
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """A statement as it was printed, and in which article."""

    article: Article
    statement: Statement
    manner: Manner
    denied: bool
    hedged: bool
    named: bool
    speaker: str | None
    again: int
    story: Story
    notices: tuple[Notice, ...] = ()

    @property
    def part(self) -> PartKind:
        """The part of the article in which it stands."""
        part = self.article.part_at(self.statement.start)
        return part.part if part else "body"

    @property
    def speaker_from(self) -> SpeakerFrom | None:
        """Where the speaker's name stands, if one is shown."""
        return speaker_from(self.statement, self.article.text) if self.speaker else None

    @property
    def as_printed(self) -> str | None:
        """How the article calls the speaker where it is said."""
        at = self.statement.speaker_at
        return self.article.text[slice(*at)] if at else None


# Reading articles


def unheard(catalogue: Catalogue, among: Iterable[int] | None = None) -> list[int]:
    """Return the articles whose statements are not there, the newest first; all, or of some."""
    only = "" if among is None else f" AND a {catalogue.any_of}"
    rows = catalogue.connection.execute(
        "SELECT a FROM articles LEFT JOIN heard USING (a)"  # noqa: S608
        f" WHERE extractor IS DISTINCT FROM ?{only} ORDER BY day DESC NULLS LAST, a",
        (EXTRACTOR, *([] if among is None else [catalogue.many(among)])),
    )
    return [int(a) for (a,) in rows]


def hearings(catalogue: Catalogue) -> str | None:
    """Return what changes whenever statements do of articles that stay as they are."""
    return catalogue.meta(_HEARINGS)


def _note_hearing(catalogue: Catalogue, numbers: Iterable[int]) -> None:
    """Note whose statements change, under the last change: hearing them makes none."""
    catalogue.set_meta(_HEARINGS, str(int(hearings(catalogue) or 0) + 1))
    catalogue.log(catalogue.change, "statements", numbers)


def forget(catalogue: Catalogue) -> None:
    """Forget what every article says, so that it is found anew."""
    with catalogue.transaction():
        heard = catalogue.connection.execute("SELECT a FROM heard").fetchall()
        _note_hearing(catalogue, (int(a) for (a,) in heard))
        for table in ("heard", "statements", "speaker_roles", "speaker_words", "speakers"):
            catalogue.connection.execute(f"DELETE FROM {table}")  # noqa: S608


def hear(catalogue: Catalogue, numbers: Sequence[int], progress: Progress | None = None) -> None:
    """Find the statements of some articles; it may be stopped after any hundred."""
    for i in range(0, len(numbers), _BATCH):
        articles = catalogue.live(numbers[i : i + _BATCH])
        said = [(a, one, sayings(one)) for a, one in articles]
        with catalogue.transaction():
            _note_hearing(catalogue, [a for a, *_ in said])
            there = {a: one.version for a, one in catalogue.live(a for a, *_ in said)}
            for a, one, found in said:
                if there.get(a) == one.version:  # another host may have put a newer one
                    _keep(catalogue, a, one.text, found)
        if progress is not None:
            progress("statements", min(i + _BATCH, len(numbers)), len(numbers))


def _keep(catalogue: Catalogue, a: int, text: str, found: Sequence[Saying]) -> None:
    run = catalogue.connection
    for table in ("statements", "speaker_roles"):
        run.execute(f"DELETE FROM {table} WHERE a = ?", (a,))  # noqa: S608
    names = {one.statement.speaker for one in found if one.statement.speaker}
    numbers = {name: _number(catalogue, name) for name in names}
    for one in found:
        said, v = one.statement, numbers.get(one.statement.speaker or "")
        run.execute(
            f"INSERT INTO statements VALUES ({','.join('?' * 16)})",  # noqa: S608
            (a, said.start, said.end, one.manner, v, *(said.speaker_at or (None, None)),
             *(said.cue_at or (None, None)), *(one.role or (None, None)), said.labelled,
             one.named, one.denied, one.hedged, one.words),
        )  # fmt: skip
        if one.role:
            role = speaker_names.role_keys(text[slice(*one.role)])
            run.executemany(
                "INSERT INTO speaker_roles VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                ((word, a, v) for word in role),
            )
    run.execute(
        "INSERT INTO heard VALUES (?, ?) ON CONFLICT (a)"
        " DO UPDATE SET extractor = excluded.extractor",
        (a, EXTRACTOR),
    )


def _number(catalogue: Catalogue, name: str) -> int:
    run = catalogue.connection.execute
    known = run("SELECT v FROM speakers WHERE name = ?", (name,)).fetchone()
    if known:
        return int(known[0])
    v = int(run("INSERT INTO speakers (name) VALUES (?) RETURNING v", (name,)).fetchone()[0])
    catalogue.connection.executemany(
        "INSERT INTO speaker_words VALUES (?, ?) ON CONFLICT DO NOTHING",
        ((word, v) for word in speaker_names.keys(name)),
    )
    return v


# Looking statements up


class _Meant(NamedTuple):
    """The speakers that a name means, by number with the name to show, and those by their role."""

    names: dict[int, str]
    roles: list[tuple[int, int]]
    people: tuple[str, ...]


def find(
    catalogue: Catalogue, speech: Speech, stems: Stems, holding: Callable[[], Iterable[int]]
) -> Spoken:
    """Return the statements that fit, in order of time.

    `holding` names the articles that hold the words that are looked for, as the index by words
    knows them; which statements hold them is read from the catalogue.
    """
    conditions, values = open_to(speech.filters)
    meant = _meant(catalogue, speech)
    if meant is not None:
        conditions.append(
            f"(v {catalogue.any_of} OR (statements.a, v) {catalogue.database.any_pair})"
        )
        values += [catalogue.many(meant.names), json.dumps(meant.roles)]
    if speech.told:
        conditions.append("(named OR labelled)")
    if speech.words:
        conditions.append(f"statements.a {catalogue.any_of}")
        values.append(catalogue.many(sorted(holding())))
    newest = "DESC" if speech.newest_first else "ASC"
    rows = catalogue.connection.execute(
        "SELECT statements.rowid, statements.a, v, name, words, named OR labelled FROM statements"  # noqa: S608
        " JOIN articles USING (a) LEFT JOIN speakers USING (v)"
        f" WHERE {' AND '.join(conditions)}"
        f" ORDER BY day IS NULL, day {newest}, statements.a, start",
        values,
    ).fetchall()
    if speech.words:
        held = _holding(catalogue, [row[0] for row in rows], stems, set(stems(speech.words)))
        rows = [row for row in rows if row[0] in held]
    lines = _once(rows, meant.names if meant else {})
    return Spoken(
        lines=tuple(lines),
        facets=dict(
            Counter(one.speaker for one in lines if one.speaker and one.told).most_common()
        ),
        people=meant.people if meant else (),
    )


_Row = tuple[int, int, int, str | None, int, int]


def _once(rows: Sequence[_Row], shown: Mapping[int, str]) -> list[SpokenLine]:
    """Return a line for the same words of one speaker, the first, however often it is printed."""
    first: dict[tuple[str | None, int], SpokenLine] = {}
    articles: dict[tuple[str | None, int], set[int]] = {}
    for row, a, v, name, words, told in rows:
        said = (shown.get(v, name), words)
        first.setdefault(said, SpokenLine(row, a, said[0], bool(told), 0))
        articles.setdefault(said, set()).add(a)
    return [line._replace(again=len(articles[said]) - 1) for said, line in first.items()]


def _holding(catalogue: Catalogue, rows: Sequence[int], stems: Stems, wanted: set[str]) -> set[int]:
    """Return which statements hold all of some stems."""
    found = catalogue.connection.execute(
        'SELECT statements.rowid, substr(text, start + 1, "end" - start) FROM statements'  # noqa: S608
        " JOIN articles USING (a) JOIN versions USING (a, version)"
        f" WHERE statements.rowid {catalogue.any_of}",
        (catalogue.many(rows),),
    )
    return {row for row, words in found if wanted <= set(stems(words))}


def _meant(catalogue: Catalogue, speech: Speech) -> _Meant | None:
    """Return whom a name means among those who speak in what a reader may see."""
    asked = (speech.speaker or "").strip()
    if not asked:
        return None
    scope = Filters(collections=speech.filters.collections)
    spoke = _speaking(catalogue, speaker_names.keys(asked), scope)
    fitting = [v for v, (name, _) in spoke.items() if speaker_names.alike(asked, name)]
    counted = Counter({spoke[v][0]: spoke[v][1] for v in spoke})
    full = {name: n for name, n in counted.items() if speaker_names.in_full(name)}
    own = [spoke[v][0] for v in fitting if speaker_names.in_full(spoke[v][0])]
    people = speaker_names.people(own)
    names: dict[int, str] = {}
    alone = cache(partial(_known_by_last_name, full))
    for v in fitting:
        name = spoke[v][0]
        bare = speaker_names.of_a_person(name) and not speaker_names.in_full(name)
        known = alone(speaker_names.keys(name)[-1:]) if bare else None
        if bare and speaker_names.in_full(asked) and known not in own:
            continue
        group = next((one for one in people if (known or name) in one), [known or name])
        names[v] = max(group, key=lambda one: (counted[one], len(one)))
    several = sorted((max(group, key=lambda one: counted[one]) for group in people),
                     key=lambda one: -counted[one])  # fmt: skip
    ambiguous = tuple(several[:_NAMED]) if len(several) > 1 else ()
    return _Meant(names, _bearing(catalogue, asked), ambiguous)


def known_as(catalogue: Catalogue, last_name: str, filters: Filters) -> str | None:
    """Return the full name of the one person who is meant by a last name alone, if it is one.

    By how often each of that name speaks in what a reader may see; None where nothing was heard.
    """
    key = speaker_names.keys(last_name)[-1:]
    spoke = _speaking(catalogue, key, Filters(collections=filters.held))
    counted: dict[str, int] = {}
    for name, often in spoke.values():
        if speaker_names.in_full(name):
            counted[name] = counted.get(name, 0) + often
    return _known_by_last_name(counted, key)


def _known_by_last_name(full: Mapping[str, int], last: tuple[str, ...]) -> str | None:
    """Return the one person who is meant by a last name alone, by its key, if it is one."""
    groups = speaker_names.people(speaker_names.namesakes(last, full))
    ranked = sorted(groups, key=lambda group: -sum(full[one] for one in group))
    if not ranked:
        return None
    often = [sum(full[one] for one in group) for group in ranked]
    if len(ranked) > 1 and often[0] < _DOMINANT * often[1]:
        return None
    return max(ranked[0], key=lambda one: full[one])


def _speaking(
    catalogue: Catalogue, words: Sequence[str], scope: Filters
) -> dict[int, tuple[str, int]]:
    """Return who has one of some words in their name, and how often they speak."""
    conditions, values = open_to(scope)
    rows = catalogue.connection.execute(
        "SELECT v, name, count(*) FROM speakers JOIN statements USING (v)"  # noqa: S608
        " JOIN articles USING (a) WHERE v IN (SELECT v FROM speaker_words WHERE word"
        f" {catalogue.any_of}) AND {' AND '.join(conditions)} GROUP BY v, name",
        (catalogue.many(words), *values),
    )
    return {int(v): (str(name), int(count)) for v, name, count in rows}


def _bearing(catalogue: Catalogue, asked: str) -> list[tuple[int, int]]:
    """Return who has a role in an article, and in which: "the environment minister".

    A body of people by whoever speaks for it; whose deputy somebody is, is another.
    """
    wanted = speaker_names.role_keys(asked)
    others = sorted(speaker_names.OTHER_OFFICES.difference(wanted))
    office = bool(wanted) and speaker_names.is_office(asked.rsplit(maxsplit=1)[-1])
    rows = catalogue.connection.execute(
        f"SELECT a, v FROM speaker_roles r WHERE word {catalogue.any_of}"  # noqa: S608
        " AND (? OR EXISTS (SELECT 1 FROM speaker_roles s WHERE s.a = r.a AND s.v = r.v"
        " AND s.word LIKE 'spokes%')) AND NOT EXISTS (SELECT 1 FROM speaker_roles o"
        f" WHERE o.a = r.a AND o.v = r.v AND o.word {catalogue.any_of})"
        " GROUP BY a, v HAVING count(*) = ?",
        (catalogue.many(wanted), office, catalogue.many(others), len(wanted)),
    )
    return [(int(a), int(v)) for a, v in rows]


def speaking(catalogue: Catalogue, numbers: Sequence[int]) -> dict[str, int]:
    """Count in how many of some articles each speaks whom a sentence or form names there."""
    rows = catalogue.connection.execute(
        "SELECT name, times FROM (SELECT v, count(DISTINCT a) AS times FROM statements"  # noqa: S608
        f" WHERE (named OR labelled) AND a {catalogue.any_of} GROUP BY v) AS spoke"
        " JOIN speakers USING (v)",
        (catalogue.many(numbers),),
    )
    return {str(name): int(times) for name, times in rows}


def who_speaks(catalogue: Catalogue, among: Iterable[int] | None = None) -> list[tuple[int, int]]:
    """Return who speaks in which article, each once there: the article, and the speaker.

    Of all articles, or `among` some by their numbers.
    """
    only = "" if among is None else f" AND a {catalogue.any_of}"
    return catalogue.connection.execute(
        "SELECT DISTINCT a, v FROM statements WHERE (named OR labelled)"  # noqa: S608
        f" AND v IS NOT NULL{only}",
        () if among is None else (catalogue.many(among),),
    ).fetchall()


def speakers(catalogue: Catalogue, those: Iterable[int] | None = None) -> dict[int, str]:
    """Return the names of all who speak, or of those, by their numbers."""
    only = "" if those is None else f" WHERE v {catalogue.any_of}"
    return dict(
        catalogue.connection.execute(
            f"SELECT v, name FROM speakers{only}",  # noqa: S608
            () if those is None else (catalogue.many(those),),
        ).fetchall()
    )


def load(
    catalogue: Catalogue, lines: Sequence[SpokenLine], collections: Sequence[str]
) -> list[Spoke]:
    """Look statements up, in their order, with what is told of their articles."""
    articles = dict(catalogue.live({line.a for line in lines}))
    stories = copies.stories(catalogue, articles, collections)
    told = notices.of_articles(catalogue, articles, collections)
    kept = dict(_rows(catalogue, [line.row for line in lines]))
    return [
        Spoke(
            article=articles[line.a],
            statement=kept[line.row].statement,
            manner=kept[line.row].manner,
            denied=kept[line.row].denied,
            hedged=kept[line.row].hedged,
            named=kept[line.row].named,
            speaker=line.speaker,
            again=line.again,
            story=stories[line.a],
            notices=told[line.a],
        )
        for line in lines
        if line.a in articles and line.row in kept
    ]


def statements_of(catalogue: Catalogue, article: Article) -> tuple[Statement, ...]:
    """Return the statements of an article; of one that was not read for them yet, read it."""
    kept = catalogue.connection.execute(
        "SELECT a FROM articles JOIN heard USING (a)"
        " WHERE article_id = ? AND version = ? AND extractor = ?",
        (article.article_id, article.version, EXTRACTOR),
    ).fetchone()
    if kept is None:
        return tuple(one.statement for one in sayings(article))
    rows = catalogue.connection.execute(
        "SELECT rowid FROM statements WHERE a = ? ORDER BY start", kept
    ).fetchall()
    return tuple(one.statement for _, one in _rows(catalogue, [row for (row,) in rows]))


def _rows(catalogue: Catalogue, rows: Sequence[int]) -> Iterator[tuple[int, Saying]]:
    found = catalogue.connection.execute(
        'SELECT statements.rowid, start, "end", manner, name, speaker_start, speaker_end,'  # noqa: S608
        " cue_start, cue_end, labelled, named, denied, hedged, words FROM statements"
        f" LEFT JOIN speakers USING (v) WHERE statements.rowid {catalogue.any_of}",
        (catalogue.many(rows),),
    )
    for row, start, end, manner, name, *spans, labelled, named, denied, hedged, words in found:
        said = Statement(
            start=start,
            end=end,
            direct=manner == "direct",
            speaker=name,
            speaker_at=None if spans[0] is None else (spans[0], spans[1]),
            cue_at=None if spans[2] is None else (spans[2], spans[3]),
            labelled=bool(labelled),
            sure=bool(named),
        )
        yield int(row), Saying(
            statement=said, manner=manner, denied=bool(denied), hedged=bool(hedged),
            named=bool(named), words=words,
        )  # fmt: skip
