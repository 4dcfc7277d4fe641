"""An archive's care: do its followers agree with the catalogue, and building them anew."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from ingest.archive import filing, record, recurring, statement_store
from ingest.archive.archive import Archive
from ingest.archive.catalogue import Catalogue
from ingest.archive.chroma_store import ChromaStore
from ingest.archive.sqlite import ours
from ingest.archive.vectors import Of, Vector, Where, vectors_of
from ingest.article import EVIDENCE
from ingest.errors import ArchiveError, MorgueError, ServiceError

What = Literal["words", "meaning", "passages", "statements"]
SAMPLE = 200
"""Articles, and passages, that `doctor` looks for in each follower, spread evenly."""

_SAME = 0.9999
_EMBEDDED: dict[Of, tuple[str, str]] = {
    "leads": ("articles", "JOIN vectors ON hash = lead"),
    "passages": ("passages JOIN articles USING (a)", "JOIN vectors USING (hash)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: is it as it must be, what was found, what to do."""

    name: str
    ok: bool
    found: str
    hint: str | None = None


def rebuild(archive: Archive, what: What | None = None) -> list[Check]:
    """Build a follower anew from the catalogue, cut all passages or find all statements again.

    None for all of it; `meaning` embeds again whatever another embedder had made.
    """
    with archive.writing():
        if what in {None, "passages"}:
            _split_again(archive)
        if what in {None, "statements"}:
            statement_store.forget(archive.catalogue)
        if what in {None, "statements", "passages"}:
            archive.speech.hear()
        if what in {None, "words", "passages"}:
            archive.words.rebuild(archive.catalogue)
        if what in {None, "meaning"}:
            _embed_again(archive)
        with contextlib.suppress(ArchiveError, ServiceError):  # the doctor tells what is left
            archive.follow()
        return doctor(archive)


def _split_again(archive: Archive) -> None:
    known = recurring.known(archive.catalogue)
    rows = archive.catalogue.connection.execute("SELECT a FROM articles").fetchall()
    for i in range(0, len(rows), 500):
        ids = [a for (a,) in rows[i : i + 500]]
        with archive.catalogue.transaction():
            change = archive.catalogue.new_change()
            words = archive.settings.passage_words
            filing.Filing(archive.catalogue, known, change, words).relabel(ids)
    with archive.catalogue.transaction():
        archive.catalogue.sweep()


def _embed_again(archive: Archive) -> None:
    embedder = archive.embedder
    kept = archive.catalogue.meta("embedder")
    if embedder is not None and kept != embedder.fingerprint:
        archive.meaning.forget()
        with archive.catalogue.transaction():
            archive.catalogue.connection.execute("DELETE FROM vectors")
            archive.catalogue.set_meta("embedder", embedder.fingerprint)
    if archive.catalogue.meta("embedder") is not None:
        archive.meaning.rebuild(archive.catalogue)
    archive.embed()


def doctor(archive: Archive, *, most: int = SAMPLE) -> list[Check]:
    """Look whether the catalogue is whole and its followers hold what it holds.

    By content, not by counts: sampled passages are looked for by their own words and by their
    own vectors. What an ingest that was killed had not come to hand on is handed on first: it is
    a backlog, not a fault.
    """
    with archive.writing():
        with contextlib.suppress(ArchiveError, ServiceError):
            archive.follow()
        return list(_checks(archive, most))


def _checks(archive: Archive, most: int) -> Iterator[Check]:
    yield tried("catalogue", lambda: _whole(archive.catalogue), "restore it, or ingest again")
    yield tried("words", lambda: _by_words(archive, most), "run `morgue rebuild words`")
    if archive.catalogue.meta("embedder") is None:
        yield Check(name="meaning", ok=True, found="nothing is embedded yet")
        return
    for store in archive.meaning.stores:
        name = f"meaning {store.shard.name}" if store.shard.name else "meaning"
        look = partial(_by_meaning, archive, store, most)
        yield tried(name, look, "run `morgue rebuild meaning`")
    yield _embedder_check(archive)


def tried(name: str, look: Callable[[], tuple[bool, str]], hint: str) -> Check:
    """Return what looking at one thing finds; a failure is found, too."""
    try:
        with ours():
            ok, found = look()
    except MorgueError as error:
        ok, found = False, error.whole
    return Check(name=name, ok=ok, found=found, hint=None if ok else hint)


def _whole(catalogue: Catalogue) -> tuple[bool, str]:
    if wrong := catalogue.database.damage():
        return False, wrong[0]
    whole, found = _within(catalogue, "passages")
    sound, said = _within(catalogue, "statements")
    return whole and sound, found if sound else f"{found}; {said}"


def _within(catalogue: Catalogue, what: str) -> tuple[bool, str]:
    wrong = catalogue.connection.execute(
        f"SELECT count(*) FROM {what} JOIN articles USING (a) JOIN versions USING (a, version)"  # noqa: S608
        ' WHERE start < 0 OR start >= "end" OR "end" > length(text)'
    ).fetchone()[0]
    total = catalogue.connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]  # noqa: S608
    return wrong == 0, f"{total} {what}, {wrong} outside their article's text"


def _sample(catalogue: Catalogue, sql: str, most: int, values: Sequence[object] = ()) -> list[int]:
    rows = catalogue.connection.execute(sql, values).fetchall()
    step = max(1, len(rows) // most)
    return [i for (i,) in rows[::step]]


def _by_words(archive: Archive, most: int) -> tuple[bool, str]:
    if damaged := archive.words.damaged():
        return False, f"{len(damaged)} files are not as they were written: {damaged[0]}"
    texts = {
        "articles": _articles_sampled(archive.catalogue, most),
        "passages": _passages_sampled(archive.catalogue, most),
    }
    looked = found = 0
    for of in ("articles", "passages"):
        for number, text in texts[of].items():
            looked += 1
            found += archive.words.holds(of, number, archive.words.terms(text, all_words=True))
    surplus = [
        f"{held} {of} instead of {kept}"
        for of in ("articles", "passages")
        if (held := archive.words.count(of)) != (kept := _counted(archive.catalogue, of))
    ]
    told = [f"{found} of {looked} sampled articles and passages are found by their own words"]
    return _agreed(archive, archive.words_at, found == looked, told + surplus)


def _articles_sampled(catalogue: Catalogue, most: int) -> dict[int, str]:
    numbers = _sample(catalogue, "SELECT a FROM articles ORDER BY a", most)
    parts = EVIDENCE - {"headline"}
    return {a: " ".join(record.words_of(one, parts)) for a, one in catalogue.live(numbers)}


def _passages_sampled(catalogue: Catalogue, most: int) -> dict[int, str]:
    spans = catalogue.passages(_sample(catalogue, "SELECT p FROM passages ORDER BY p", most))
    texts = {a: article.text for a, article in catalogue.live({a for a, _ in spans.values()})}
    return {p: texts[a][one.start : one.end] for p, (a, one) in spans.items()}


def _counted(catalogue: Catalogue, of: str, joined: str = "", values: Sequence[object] = ()) -> int:
    found = catalogue.connection.execute(f"SELECT count(*) FROM {of} {joined}", values)  # noqa: S608
    return int(found.fetchone()[0])


def _by_meaning(archive: Archive, store: ChromaStore, most: int) -> tuple[bool, str]:
    catalogue, (within, values) = archive.catalogue, store.shard.where
    with store.apart():
        surplus = []
        for of, (table, joined) in _EMBEDDED.items():
            kept = _counted(catalogue, table, f"{joined} WHERE {within}", values)
            if (held := store.count(of)) != kept:
                surplus.append(f"{held} {of} instead of {kept}")
        sampled = [
            (of, i, vector)
            for of in _EMBEDDED
            for i, vector in _vectors_sampled(catalogue, of, most, store.shard.where).items()
        ]
        unreached = [one for one in sampled if not _near_itself(store, *one)]
        # A graph of neighbours is approximate: after changes, one in a thousand or two is held
        # by Chroma and yet not reached. More than one in a hundred, or one not held, is damage.
        whole = len(unreached) * 100 <= max(len(sampled), 100)
        ok = whole and all(_held(store, *one) for one in unreached)
    found = len(sampled) - len(unreached)
    told = [f"{found} of {len(sampled)} sampled leads and passages are found by their own vectors"]
    at = catalogue.in_effect(store.at, ["lead", "passage"])
    return _agreed(archive, at, ok, told + surplus)


def _vectors_sampled(catalogue: Catalogue, of: Of, most: int, where: Where) -> dict[int, Vector]:
    table, joined = _EMBEDDED[of]
    number = "p" if of == "passages" else "a"
    sql = f"SELECT {number} FROM {table} {joined} WHERE {where[0]} ORDER BY {number}"  # noqa: S608
    return vectors_of(catalogue, of, _sample(catalogue, sql, most, where[1]))


def _near_itself(store: ChromaStore, of: Of, number: int, vector: Vector) -> bool:
    """Tell whether what is nearest to a vector is what it belongs to, or its equal."""
    near = store.nearest(of, vector, 5)
    if any(i == number for i, _ in near):
        return True
    # So many others with the very same words that this one is not among the first.
    crowded = len(near) == 5 and near[-1].score > _SAME
    return crowded and _held(store, of, number, vector)


def _held(store: ChromaStore, of: Of, number: int, vector: Vector) -> bool:
    """Tell whether Chroma holds this very vector under its number."""
    kept = store.held(of, number)
    if kept is None:
        return False
    # Looked up, not searched for: a search among one id still walks the graph to it.
    lengths = float(np.linalg.norm(kept) * np.linalg.norm(vector))
    return float(kept @ vector) > _SAME * lengths


def _agreed(archive: Archive, at: int, ok: bool, told: list[str]) -> tuple[bool, str]:
    behind = archive.catalogue.change - at
    if behind:
        told.append(f"{behind} changes behind" if behind > 0 else "ahead of the catalogue")
    return ok and len(told) == 1, "; ".join(told)


def _embedder_check(archive: Archive) -> Check:
    kept = archive.catalogue.meta("embedder")
    embedder = archive.embedder
    if embedder is None:
        why = archive.no_embedder.message if archive.no_embedder else "none is set"
        hint = archive.no_embedder.hint if archive.no_embedder else None
        return Check(name="embedder", ok=False, found=f"{kept} is not here: {why}", hint=hint)
    ok = embedder.fingerprint == kept
    found = kept or "" if ok else f"{kept}, but the settings name {embedder.fingerprint}"
    hint = None if ok else "run `morgue rebuild meaning`, or set MORGUE_EMBEDDER back"
    return Check(name="embedder", ok=ok, found=found, hint=hint)
