"""Stories in the catalogue: articles that print one dispatch, found as they are put.

Each sketch is kept as rows of (hash, article), so that a later ingest finds the copies of an
earlier one and nothing of it has to be in memory. A hash is kept once a story: a dispatch that
three hundred papers print costs as much as one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ingest.archive import record
from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.stories import Body, Likeness, canonical, is_copy, likeness, sketch
from ingest.article import Article, Filters, Story

FORM = "2"
"""Raised when sketches change, so that those of an older archive are made anew."""

_HITS = 2
"""Hashes that two articles share before they are compared. On the harder set of
benchmarks.stories one finds every copy and two all but .4 %."""

_COMMON = 8
"""Stories that may share a hash; what stands in more is a form of words."""

_STORIES, _MEMBERS = 8, 2
"""Stories that an article is compared with, and how many members of each way to choose them."""

_LOOKED_AT = 20
"""Members of a story of which the longest are chosen."""

_HEIRS = 4
"""Members of a story that take over what an article that leaves it was found by."""

_BATCH = 200


class Alike(NamedTuple):
    """An article that shares much of its body with another one."""

    a: int
    article: Article
    likeness: Likeness


def alike(catalogue: Catalogue, article: Article, hashes: Sequence[int], a: int = 0) -> list[Alike]:
    """Return the articles in the catalogue that may print what an article prints, compared.

    `a` is the article's own number, if it has one.
    """
    near = _near(catalogue, hashes, a)
    if not near:
        return []
    body = Body.of(article)
    return [
        Alike(other, found, likeness(body, Body.of(found))) for other, found in catalogue.live(near)
    ]


def _near(catalogue: Catalogue, hashes: Sequence[int], a: int) -> list[int]:
    """Return the numbers of those that are worth comparing."""
    rows = catalogue.connection.execute(
        f"SELECT hash, a, story FROM sketches JOIN articles USING (a)"  # noqa: S608
        f" WHERE hash IN ({','.join('?' * len(hashes))}) AND a != ?",
        (*hashes, a),
    ).fetchall()
    told: dict[int, set[bytes]] = defaultdict(set)
    for hashed, _, story in rows:
        told[hashed].add(story)
    hits: dict[bytes, Counter[int]] = defaultdict(Counter)
    for hashed, other, story in rows:
        if len(told[hashed]) <= _COMMON:
            hits[story][other] += 1
    best = sorted(hits, key=lambda story: -hits[story].total())[:_STORIES]
    near: set[int] = set()
    for story in best:
        if hits[story].total() >= _HITS:
            near.update(other for other, _ in hits[story].most_common(_MEMBERS))
            near.update(_longest(catalogue, story))
    return sorted(near - {a})


def _longest(catalogue: Catalogue, story: bytes) -> list[int]:
    """Return the longest of a story's first members: a cut copy is compared with a whole one."""
    rows = catalogue.connection.execute(
        "SELECT a FROM (SELECT a, version FROM articles WHERE story = ? LIMIT ?) AS first"
        " JOIN versions USING (a, version) ORDER BY length(text) DESC LIMIT ?",
        (story, _LOOKED_AT, _MEMBERS),
    )
    return [int(a) for (a,) in rows]


def keep(catalogue: Catalogue, a: int, article: Article) -> None:
    """Find an article's story, whatever it was before, within a transaction."""
    leave(catalogue, a)
    hashes = sketch(article)
    join(catalogue, a, article, hashes, alike(catalogue, article, hashes, a))


def join(
    catalogue: Catalogue, a: int, article: Article, hashes: Sequence[int], found: Iterable[Alike]
) -> None:
    """Give an article that has no story one, and keep its sketch, within a transaction.

    `hashes` are the sketch, `found` the articles that are alike.
    """
    story = _joined(catalogue, article, found) or _of_its_own(catalogue, a, article)
    catalogue.connection.execute("UPDATE articles SET story = ? WHERE a = ?", (story, a))
    _index(catalogue, a, story, hashes)


def _joined(catalogue: Catalogue, article: Article, found: Iterable[Alike]) -> bytes | None:
    """Make the stories of an article's copies one, and return it: the oldest of them."""
    copies = [
        one.a
        for one in found
        if is_copy(one.likeness, same_outlet=one.article.outlet == article.outlet)
    ]
    if not copies:
        return None
    ask = catalogue.connection.execute
    rows = ask(
        f"SELECT story FROM articles WHERE a IN ({','.join('?' * len(copies))})"  # noqa: S608
        " GROUP BY story ORDER BY min(a)",
        copies,
    )
    oldest, *others = [bytes(story) for (story,) in rows]
    for other in others:
        moved = ask("UPDATE articles SET story = ? WHERE story = ? RETURNING a", (oldest, other))
        catalogue.log(catalogue.change, "story", [int(a) for (a,) in moved])
    return oldest


def _of_its_own(catalogue: Catalogue, a: int, article: Article) -> bytes:
    """Return the name of a story that no other article tells."""
    name = record.digest(article.article_id)
    taken = catalogue.connection.execute(
        "SELECT 1 FROM articles WHERE story = ? AND a != ?", (name, a)
    ).fetchone()
    return record.digest(f"{article.article_id}\0{catalogue.change}") if taken else name


def _index(catalogue: Catalogue, a: int, story: bytes, hashes: Sequence[int]) -> None:
    """Keep those hashes of a sketch that the story lacks, and that are no form of words."""
    rows = catalogue.connection.execute(
        "SELECT hash, count(*), max(CASE WHEN story = ? THEN 1 ELSE 0 END)"  # noqa: S608
        " FROM sketches JOIN articles USING (a)"
        f" WHERE hash IN ({','.join('?' * len(hashes))}) GROUP BY hash",
        (story, *hashes),
    )
    known = {hashed for hashed, times, own in rows if own or times > _COMMON}
    catalogue.connection.executemany(
        "INSERT INTO sketches VALUES (?, ?) ON CONFLICT DO NOTHING",
        ((h, a) for h in hashes if h not in known),
    )


class _Member(NamedTuple):
    """An article of a story; `shown`, whether a reader may be told of it."""

    a: int
    article_id: str
    outlet: str | None
    story: str
    day: int | None
    shown: bool


def story(catalogue: Catalogue, a: int, collections: Sequence[str] = ()) -> Story:
    """Return the story of an article, as `stories` does."""
    return stories(catalogue, [a], collections)[a]


def stories(
    catalogue: Catalogue, numbers: Iterable[int], collections: Sequence[str] = ()
) -> dict[int, Story]:
    """Return the stories of articles: the copies that may be shown, the earliest first.

    With `collections`, copies outside of them are not told of, and none is held to be a copy
    for the sake of one that is not told of.
    """
    numbers = list(numbers)
    told: dict[int, list[_Member]] = {}
    for members in _members(catalogue, numbers, collections).values():
        for a in {one.a for one in members}.intersection(numbers):
            told[a] = _shown(catalogue, a, members)
    several = {one.a for shown in told.values() if len(shown) > 1 for one in shown}
    hours = _hours(catalogue, several) if several else {}

    def in_time(one: _Member) -> tuple[tuple[int, str], int]:
        return record.when(one.day, hours.get(one.a)), one.a

    return {a: _told(sorted(told.get(a, ()), key=in_time)) for a in numbers}


def _shown(catalogue: Catalogue, a: int, members: Sequence[_Member]) -> list[_Member]:
    """Return the members of an article's story that may be told of, itself among them.

    Where one is hidden, those that are copies without it, under a name that is theirs alone.
    """
    shown = [one for one in members if one.shown or one.a == a]
    if len(shown) == len(members):
        return shown
    linked = _linked(catalogue, a, [one.a for one in shown])
    shown = [one for one in shown if one.a in linked]
    name = record.digest(shown[0].article_id).hex()
    return [one._replace(story=name) for one in shown]


def _members(
    catalogue: Catalogue, numbers: Sequence[int], collections: Sequence[str]
) -> dict[str, list[_Member]]:
    """Return the articles of each story that some articles tell, in the order of their numbers."""
    conditions, values = open_to(Filters(collections=tuple(collections)))
    named = catalogue.database.in_hex.format("story")
    rows = catalogue.gathered(
        ("a", "article_id", "outlet", named, "day", " AND ".join(conditions)),
        f"FROM articles WHERE story IN (SELECT story FROM articles WHERE a {catalogue.any_of})",  # noqa: S608
        (*values, catalogue.many(numbers)),
    )
    found: dict[str, list[_Member]] = defaultdict(list)
    for member in sorted(_Member(*row) for row in rows):
        found[member.story].append(member)
    return found


def _hours(catalogue: Catalogue, numbers: Collection[int]) -> dict[int, str | None]:
    """Return when articles were published, as their records write it."""
    rows = catalogue.gathered(
        ("a", "record ->> 'published_at'"),
        f"FROM articles JOIN versions USING (a, version) WHERE a {catalogue.any_of}",
        (catalogue.many(numbers),),
    )
    return {int(a): published for a, published in rows}


def _told(members: Sequence[_Member]) -> Story:
    """Return a story of these articles, which stand in its order."""
    copies = [(one.article_id, one.outlet) for one in members]
    return Story(
        id=members[0].story if members else "",
        outlets=tuple(dict.fromkeys(outlet for _, outlet in copies if outlet)),
        article_ids=tuple(article_id for article_id, _ in copies),
        canonical=canonical(copies) if copies else None,
    )


def has_copies(catalogue: Catalogue, a: int) -> bool:
    """Tell whether copies of an article may be shown; most have none, which a count tells."""
    (members,) = catalogue.connection.execute(
        "SELECT count(*) FROM articles WHERE story = (SELECT story FROM articles WHERE a = ?)", (a,)
    ).fetchone()
    return members > 1 and story(catalogue, a).copies > 1


def _linked(catalogue: Catalogue, a: int, others: Sequence[int]) -> set[int]:
    """Return which articles are copies of one another with an article, through these alone."""
    bodies = {n: (one, Body.of(one)) for n, one in catalogue.live(others)}
    reached, ahead = {a}, [a]
    while ahead:
        article, body = bodies[ahead.pop()]
        for n in bodies.keys() - reached:
            other, words = bodies[n]
            if is_copy(likeness(body, words), same_outlet=article.outlet == other.outlet):
                reached.add(n)
                ahead.append(n)
    return reached


def leave(catalogue: Catalogue, a: int) -> None:
    """Take an article out of its story, within a transaction; the others stay in it."""
    ask = catalogue.connection.execute
    gone = ask("DELETE FROM sketches WHERE a = ?", (a,)).rowcount
    (story,) = ask("SELECT story FROM articles WHERE a = ?", (a,)).fetchone()
    ask("UPDATE articles SET story = ? WHERE a = ?", (b"", a))
    if gone:  # by these the others were found too
        heirs = ask("SELECT a FROM articles WHERE story = ? ORDER BY a LIMIT ?", (story, _HEIRS))
        for heir, article in list(catalogue.live([i for (i,) in heirs.fetchall()])):
            _index(catalogue, heir, story, sketch(article))


def catch_up(catalogue: Catalogue) -> None:
    """Find the stories of articles that an earlier version kept without a sketch."""
    if catalogue.meta("sketches") == FORM:
        return
    numbers = [a for (a,) in catalogue.connection.execute("SELECT a FROM articles ORDER BY a")]
    with catalogue.transaction():
        catalogue.connection.execute("DELETE FROM sketches")
        ids = catalogue.connection.execute("SELECT article_id, a FROM articles").fetchall()
        catalogue.connection.executemany(
            "UPDATE articles SET story = ? WHERE a = ?", [(i.encode(), a) for i, a in ids]
        )
    for at in range(0, len(numbers), _BATCH):
        with catalogue.transaction():
            for a, article in list(catalogue.live(numbers[at : at + _BATCH])):
                keep(catalogue, a, article)
    with catalogue.transaction():
        if numbers:
            told = catalogue.connection.execute("SELECT a FROM articles").fetchall()
            catalogue.log(catalogue.new_change(), "story", (int(a) for (a,) in told))
        catalogue.set_meta("sketches", FORM)
