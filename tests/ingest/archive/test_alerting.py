"""Saved searches tell of what is new, once, and of what is said of it since."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.archive import Archive, alerting
from ingest.archive.alerting import Alert, CitedArticle
from ingest.archive.watches import Wanted, Watch
from ingest.article import Article, Filters, Notice
from ingest.errors import SettingsError
from tests.ingest.archive.dispatches import Block, article, dispatch, dispatches
from tests.ingest.archive.test_versions import TEXT, raw
from tests.ingest.archive.wire import dispatch as wired

GONE = "Coast Daily withdraws its report on the pier. The divers' findings were invented."
TOMORROW = timedelta(days=1)


def saved(archive: Archive, query: str = "pier", **how: object) -> Watch:
    wanted = Wanted(name=f"watch {query}", query=query)
    return archive.watches.add(replace(wanted, **how)).watch  # type: ignore[arg-type]


def ran(archive: Archive, *watches: Watch, now: datetime | None = None) -> list[Alert]:
    fresh = {watch.id: watch for watch in archive.watches.all()}
    run = alerting.run(archive, [fresh[w.id] for w in watches or fresh.values()], now=now)
    return list(run.alerts)


def titles(alerts: list[Alert]) -> list[tuple[str, str]]:
    return [(one.kind, one.hit.article.title) for one in alerts]


def body(name: str, words: str, **about: object) -> Article:
    return article(name, ("headline", name), ("body", words), **about)


def test_what_was_there_before_is_not_told_and_what_is_new_is_told_once(archive: Archive) -> None:
    archive.put([body("An old quay", "The old quay closed after a storm.")])
    saved(archive)
    assert ran(archive) == []
    archive.put([body("A new pier", "The new pier opens in May."), *dispatches([1])])
    assert titles(ran(archive)) == [("new", "A new pier")]
    assert ran(archive) == []


def test_an_alert_points_at_the_passage_that_has_the_words(archive: Archive) -> None:
    saved(archive, "night ferry")
    filler: list[Block] = [("body", f"Paragraph {i} is about the weather. " * 12) for i in range(5)]
    archive.put([article("x", ("headline", "Harbour"), *filler, ("body", "A night ferry sank."))])
    (alert,) = ran(archive)
    assert "night ferry" in alert.hit.text
    assert alert.hit.by == ("words",)


@pytest.mark.parametrize(
    ("query", "fits"),
    [("pier", True), ("piers", True), ("pier strike", False), ("pier opens May", True),
     ("The pier in May", True), ("", True), ("Ostrova", False), ('"new pier"', True),
     ('"pier new"', False), ("pier -May", False), ("pier -June", True), ("open* OR strike", True),
     ("pier after:2024-01-01", False), ("pier outlet:Post", False), ("pier /s May", True)],
)  # fmt: skip
def test_every_word_of_a_query_must_stand_in_the_article_and_operators_bind(
    archive: Archive, query: str, fits: bool
) -> None:
    saved(archive, query)
    archive.put([body("News", "The new pier opens in May.")])
    assert bool(ran(archive)) is fits


def test_a_watch_tells_only_of_what_its_filters_leave(archive: Archive) -> None:
    saved(archive, filters=Filters(outlets=("Coast Daily",)))
    archive.put([
        body("One", "The pier opens in May, says one.", outlet="Coast Daily"),
        body("Two", "The pier is rotten, says another.", outlet="Ostrova Post"),
    ])  # fmt: skip
    assert titles(ran(archive)) == [("new", "One")]


def test_copies_of_a_dispatch_are_told_once_in_whichever_run_they_come(archive: Archive) -> None:
    saved(archive, "pillars")
    archive.put([wired(), wired("first", "Coast Daily")])
    (alert,) = ran(archive)
    assert alert.hit.story.copies == 2
    archive.put([wired("second", "Ostrova Post")])
    assert ran(archive) == []


@pytest.mark.parametrize("held", [(), ("a",)])
def test_what_a_reader_may_not_see_is_never_told(archive: Archive, held: tuple[str, ...]) -> None:
    saved(archive, filters=Filters(collections=held, held=held))
    secret = {"embargo_until": datetime.now(UTC) + TOMORROW}
    archive.put([
        body("Embargoed", "The pier will be sold next week.", collection="a", **secret),
        body("Another desk's", "The pier was sold by night.", collection="b"),
        body("Open", "The pier is closed to cars.", collection="a"),
    ])  # fmt: skip
    told = {title for _, title in titles(ran(archive))}
    assert told == ({"Open"} if held else {"Open", "Another desk's"})


def test_an_article_is_told_when_its_embargo_ends(archive: Archive) -> None:
    saved(archive)
    ends = datetime.now(UTC) + timedelta(seconds=2)
    archive.put([body("Embargoed", "The pier will be sold next week.", embargo_until=ends)])
    assert ran(archive) == []
    past = replace_embargo(archive, datetime.now(UTC) - timedelta(seconds=1))
    assert titles(ran(archive, now=past)) == [("new", "Embargoed")]


def replace_embargo(archive: Archive, ended: datetime) -> datetime:
    """Let an embargo end without anybody's waiting for it; return a moment after that."""
    at = ended.isoformat(timespec="seconds")
    before = (ended - TOMORROW).isoformat(timespec="seconds")
    with archive.catalogue.transaction():
        ask = archive.catalogue.connection.execute
        ask("UPDATE articles SET embargo = ? WHERE embargo IS NOT NULL", (at,))
        for a, version, kept in ask("SELECT a, version, record FROM versions").fetchall():
            record = json.dumps({**json.loads(kept), "embargo_until": at})
            ask("UPDATE versions SET record = ? WHERE a = ? AND version = ?", (record, a, version))
        ask("UPDATE watches SET looked_at = ?", (before,))
    return ended + timedelta(seconds=1)


def test_a_retraction_of_what_was_told_is_an_event_of_its_own(archive: Archive) -> None:
    told = saved(archive, "grain pier")
    other = saved(archive, "quokka")
    archive.put([raw(id="17")])
    assert [one.watch.id for one in ran(archive)] == [told.id]
    archive.put([raw(GONE, id="18", title="Kill: pier", status="withdrawn", corrects="17")])
    alerts = [one for one in ran(archive, told, other) if one.kind == "retraction"]
    assert [(one.hit.article.key, one.notice and one.notice.code) for one in alerts] == [
        (raw(id="17").key, "retracted")
    ]
    assert ran(archive) == []


def test_a_newer_version_with_a_correction_is_one_event(archive: Archive) -> None:
    saved(archive, "grain pier")
    archive.put([raw(id="17")])
    ran(archive)
    line = "Correction: An earlier report gave the wrong number of pillars. There are fourteen."
    archive.put([raw(f"{TEXT}\n\n{line}", id="17")])
    (alert,) = ran(archive)
    assert (alert.kind, alert.notice) == ("correction", Notice(code="corrected", text=line))
    assert ran(archive) == []


def test_a_correction_of_what_was_cited_is_told_and_what_was_known_then_is_not(
    archive: Archive,
) -> None:
    archive.put([raw(id="17")])
    watch = saved(archive, "", kind="cited")
    archive.put([body("Strange", "The grain pier is in the news again.")])
    archive.put([raw(GONE, id="18", title="Kill: pier", status="withdrawn", corrects="17")])
    cited = [CitedArticle(raw(id="17").article_id, ())]
    run = alerting.run(archive, [watch], citing=lambda _: cited)
    assert titles(list(run.alerts)) == [("retraction", raw(id="17").title)]
    assert alerting.run(archive, archive.watches.all(), citing=lambda _: cited).alerts == ()


def test_what_is_told_of_a_dropped_article_goes_with_it(archive: Archive) -> None:
    watch = saved(archive)
    archive.put([body("News", "The new pier opens in May.")])
    assert len(ran(archive)) == 1
    assert len(alerting.told(archive, watch)) == 1
    archive.drop([body("News", "").article_id])
    assert alerting.told(archive, watch) == []


def test_by_meaning_a_watch_waits_until_what_is_new_is_embedded(archive: Archive) -> None:
    archive.put(dispatches(range(60)))
    archive.embed()
    watch = saved(archive, "quokka wombat numbat bilby", kind="meaning")
    archive.put([body("Animals", "Quokka, wombat, numbat and bilby: quokka wombat numbat bilby.")])
    run = alerting.run(archive, [watch])
    assert (run.alerts, [one.name for one in run.skipped]) == ((), [watch.name])
    archive.embed()
    archive.put([dispatch(70)])
    archive.embed()
    (alert,) = ran(archive)
    assert (alert.hit.article.title, alert.hit.by) == ("Animals", ("meaning",))
    assert ran(archive) == []


def test_two_runs_at_once_tell_nothing_twice(archive: Archive) -> None:
    watch = saved(archive)
    archive.put([body("News", "The new pier opens in May.")])
    runs = [alerting.run(archive, [watch]) for _ in range(2)]
    assert [len(run.alerts) for run in runs] == [1, 0]


def test_a_name_is_used_once_by_each_owner(archive: Archive) -> None:
    archive.watches.add(Wanted(name="pier", query="pier"))
    archive.watches.add(Wanted(name="pier", query="pier"), owner="somebody")
    with pytest.raises(SettingsError, match="there is a watch 'pier' already"):
        archive.watches.add(Wanted(name="pier", query="other"))
    archive.watches.remove("pier")
    assert [one.owner for one in archive.watches.all()] == ["somebody"]
    with pytest.raises(SettingsError, match="there is no watch 'pier'"):
        archive.watches.remove("pier")


def test_a_feed_is_opened_by_its_newest_token_alone(archive: Archive) -> None:
    saved = archive.watches.add(Wanted(name="pier", query="pier"))
    assert archive.watches.of_feed(saved.token) == saved.watch
    renewed = archive.watches.renew("pier")
    assert archive.watches.of_feed(saved.token) is None
    assert archive.watches.of_feed(renewed) == saved.watch
    archive.watches.revoke("pier")
    assert archive.watches.of_feed(renewed) is None
