"""What is counted of an archive for every question: exact, and anew when it must be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from ingest.archive import Archive, state
from ingest.article import Article, Filters
from tests.ingest.archive.dispatches import article, dispatches


def notice(n: int, *, outlet: str | None, language: str | None, collection: str) -> Article:
    return article(
        f"n{n}",
        ("headline", f"Notice {n}"),
        ("body", f"The tide table of day {n} was printed."),
        outlet=outlet,
        language=language,
        collection=collection,
    )


def test_what_stands_on_the_shelf_is_what_the_status_counts(archive: Archive) -> None:
    kinds = (
        ("Post", "en", "desk"),
        ("Post", "de", "news"),
        (None, "en", "news"),
        ("Mast", None, "desk"),
    )
    archive.put(
        notice(n, outlet=outlet, language=language, collection=collection)
        for n, (outlet, language, collection) in enumerate(kinds)
    )
    for scope in (None, Filters(), Filters(collections=("desk",))):
        status, overview = archive.counts.of(scope), archive.counts.overview(scope)
        assert (overview.articles, overview.outlets, overview.languages) == (
            status.articles, status.outlets, status.languages,
        )  # fmt: skip
    assert archive.counts.overview().outlets == {"Post": 2, "Mast": 1}
    assert archive.counts.overview(Filters(collections=("desk",))).languages == {"en": 1}


def test_an_embargo_that_ends_is_counted_at_once_without_a_change(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = dispatches(range(3))
    end = datetime.now(UTC) + timedelta(hours=1)
    archive.put([replace(first, embargo_until=end), *others])
    assert archive.counts.covered(Filters()).articles == 2
    change = archive.counts.change

    later = SimpleNamespace(now=lambda _: end + timedelta(seconds=1))
    monkeypatch.setattr("ingest.archive.catalogue.datetime", later)
    assert archive.counts.covered(Filters()).articles == 3
    assert archive.counts.change == change


def test_the_share_that_is_embedded_is_drawn_from_a_large_archive(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(dispatches(range(100)))
    assert archive.counts.covered(Filters()).embedded == 0.0
    archive.embed()
    archive.put(dispatches(range(100, 200)))
    exact = archive.counts.of()
    monkeypatch.setattr(state, "_DRAWN", 40)
    monkeypatch.setattr(state, "_ENOUGH", 20)
    drawn = state.embedded_share(archive.catalogue, None)
    assert drawn == pytest.approx(exact.embedded / exact.passages, abs=0.05)
    monkeypatch.setattr(state, "_ENOUGH", 400)  # too few are drawn: all are counted
    assert state.embedded_share(archive.catalogue, None) == exact.embedded / exact.passages
