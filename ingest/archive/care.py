"""An archive's care: do its followers agree with the catalogue, and building them anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ingest.archive import recurring
from ingest.archive.archive import Archive
from ingest.archive.catalogue import Catalogue
from ingest.archive.meaning import vectors_of
from ingest.article import Filters
from ingest.errors import MorgueError
from ingest.split import split

What = Literal["words", "meaning", "passages"]
SAMPLE = 200
"""Passages that `doctor` looks for in each follower, spread evenly over the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: is it as it must be, what was found, what to do."""

    name: str
    ok: bool
    found: str
    hint: str | None = None


def rebuild(archive: Archive, what: What | None = None) -> list[Check]:
    """Build a follower anew from the catalogue, or cut all passages again; None for all.

    `meaning` embeds again whatever another embedder had made.
    """
    with archive.writing():
        if what in {None, "passages"}:
            _split_again(archive)
        if what in {None, "words", "passages"}:
            archive.words.rebuild(archive.catalogue)
        if what in {None, "meaning"}:
            _embed_again(archive)
        archive.follow()
        return doctor(archive)


def _split_again(archive: Archive) -> None:
    known = recurring.known(archive.catalogue)
    rows = archive.catalogue.connection.execute("SELECT a FROM articles").fetchall()
    for i in range(0, len(rows), 500):
        ids = [a for (a,) in rows[i : i + 500]]
        with archive.catalogue.transaction():
            change = archive.catalogue.new_change()
            for a, article in list(archive.catalogue.live(ids)):
                marked = recurring.mark(article, known)
                passages = split(marked, words=archive.settings.passage_words)
                archive.catalogue.relabel(a, marked, passages, change)
    with archive.catalogue.transaction():
        archive.catalogue.sweep()


def _embed_again(archive: Archive) -> None:
    embedder = archive.embedder
    kept = archive.catalogue.meta("embedder")
    if embedder is not None and kept != embedder.fingerprint:
        with archive.catalogue.transaction():
            archive.catalogue.connection.execute("DELETE FROM vectors")
            archive.catalogue.set_meta("embedder", embedder.fingerprint)
    if archive.catalogue.meta("embedder") is not None:
        archive.meaning.rebuild(archive.catalogue)
    archive.embed()


def doctor(archive: Archive) -> list[Check]:
    """Look whether the catalogue is whole and its followers hold what it holds.

    By content, not by counts: sampled passages are looked for by their own words and by their
    own vectors.
    """
    with archive.writing():
        return list(_checks(archive))


def _checks(archive: Archive) -> Iterator[Check]:
    yield _tried("catalogue", lambda: _whole(archive.catalogue), "restore it, or ingest again")
    yield _tried("words", lambda: _by_words(archive), "run `morgue rebuild words`")
    if archive.catalogue.meta("embedder") is None:
        yield Check(name="meaning", ok=True, found="nothing is embedded yet")
        return
    yield _tried("meaning", lambda: _by_meaning(archive), "run `morgue rebuild meaning`")
    yield _embedder_check(archive)


def _tried(name: str, look: Callable[[], tuple[bool, str]], hint: str) -> Check:
    try:
        ok, found = look()
    except MorgueError as error:
        ok, found = False, error.message
    return Check(name=name, ok=ok, found=found, hint=None if ok else hint)


def _whole(catalogue: Catalogue) -> tuple[bool, str]:
    found = catalogue.connection.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        return False, str(found)
    wrong = catalogue.connection.execute(
        "SELECT count(*) FROM passages JOIN articles USING (a) JOIN versions USING (a, version)"
        ' WHERE start < 0 OR start >= "end" OR "end" > length(text)'
    ).fetchone()[0]
    total = catalogue.connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    return wrong == 0, f"{total} passages, {wrong} outside their article's text"


def _sample(catalogue: Catalogue, only: str) -> list[int]:
    rows = catalogue.connection.execute(f"SELECT p FROM passages {only} ORDER BY p").fetchall()  # noqa: S608
    step = max(1, len(rows) // SAMPLE)
    return [p for (p,) in rows[::step]][:SAMPLE]


def _by_words(archive: Archive) -> tuple[bool, str]:
    ids = _sample(archive.catalogue, "")
    everything = Filters(comments=True)
    missing = 0
    for p, (a, passage) in archive.catalogue.passages(ids).items():
        (_, article), *_ = archive.catalogue.live([a])
        terms = archive.words.terms(article.text[passage.start : passage.end], all_words=True)
        found = archive.words.search(terms, "passages", everything, 20)
        # Two passages with the same words are each other's equals: any of them will do.
        same = archive.catalogue.equals(p)
        missing += bool(terms) and not any(i in same for i, _ in found)
    behind = archive.catalogue.change - archive.words.at
    return missing == 0 and not behind, (
        f"{len(ids) - missing} of {len(ids)} sampled passages are found by their own words"
        + (f"; {behind} changes behind" if behind else "")
    )


def _by_meaning(archive: Archive) -> tuple[bool, str]:
    ids = _sample(archive.catalogue, "JOIN vectors USING (hash)")
    missing = 0
    for p, vector in vectors_of(archive.catalogue, "passages", ids).items():
        nearest = archive.meaning.nearest("passages", np.asarray(vector))
        missing += nearest not in archive.catalogue.equals(p)
    behind = archive.catalogue.change - archive.meaning.at
    return missing == 0 and not behind, (
        f"{len(ids) - missing} of {len(ids)} sampled passages are found by their own vectors"
        + (f"; {behind} changes behind" if behind else "")
    )


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
