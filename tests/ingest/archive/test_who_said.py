"""Statements: found once, looked up by who speaks, and shown to whom their articles are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.archive import Archive, care
from ingest.archive.statement_store import Speech, Spoke
from ingest.article import Article, Filters
from tests.ingest.archive.dispatches import article

MINISTER = article(
    "minister",
    ("headline", "Minister stays"),
    ("body", "Harbour Minister Ilse Marant spoke late."),
    ("body", "“I will not resign,” Marant said on Monday."),
    ("body", "“The pier is sound,” she added."),
    ("body", "Odo Brey, a diver, denied that the piles were rotten."),
    date=date(2024, 5, 7),
    language="en",
)
AGAIN = article(
    "again",
    ("body", "Marant was asked again. “I will not resign!” Ilse Marant said."),
    ("body", "Ilse Marant said that the ferry might perhaps be “a little late”."),
    date=date(2024, 6, 1),
    language="en",
)
BARE = article("bare", ("body", "“The dredger is here,” Marant said."), date=date(2024, 7, 1))
NAMESAKE = article(
    "namesake", ("body", "“I fish,” said Karl Marant, who has no office."), date=date(2024, 4, 1)
)


def said(archive: Archive, speaker: str, words: str = "", **how: object) -> list[Spoke]:
    archive.speech.unheard()
    filters = how.pop("filters", Filters())
    speech = Speech(speaker=speaker, words=words, filters=filters, **how)  # type: ignore[arg-type]
    return archive.speech.spoken(archive.speech.said(speech).lines)


def words(found: Sequence[Spoke]) -> list[str]:
    return [one.article.text[one.statement.start : one.statement.end] for one in found]


def speakers(found: Sequence[Spoke]) -> set[str | None]:
    return {one.speaker for one in found}


@pytest.fixture
def told(archive: Archive) -> Archive:
    archive.put([MINISTER, AGAIN])
    return archive


def test_statements_come_in_order_of_time_and_the_same_words_once(told: Archive) -> None:
    found = said(told, "Ilse Marant")
    assert words(found) == [
        "I will not resign,", "The pier is sound,", "the ferry might perhaps be “a little late”",
    ]  # fmt: skip
    assert [one.again for one in found] == [1, 0, 0]
    newest = said(told, "Ilse Marant", newest_first=True)
    assert newest[0].article.article_id == AGAIN.article_id


def test_each_says_how_it_was_said(told: Archive) -> None:
    manners = {
        (one.article.text[one.statement.start :][:5], one.manner, one.denied, one.hedged)
        for one in said(told, "Marant") + said(told, "Brey")
    }
    assert manners == {
        ("I wil", "direct", False, False),
        ("The p", "direct", False, False),
        ("the p", "indirect", True, False),
        ("the f", "mixed", False, True),
    }


def test_whom_the_article_names_beyond_doubt_is_told_without_a_reader(told: Archive) -> None:
    assert words(said(told, "Ilse Marant", told=True)) == [
        "I will not resign,", "The pier is sound,", "the ferry might perhaps be “a little late”",
    ]  # fmt: skip


def test_words_and_filters_narrow_what_is_found(told: Archive) -> None:
    assert words(said(told, "Marant", "piers")) == ["The pier is sound,"]
    assert words(said(told, "", "rotten piles")) == ["the piles were rotten"]
    assert said(told, "Marant", "dredger") == []
    assert words(said(told, "Marant", filters=Filters(until=date(2024, 5, 30)))) == [
        "I will not resign,", "The pier is sound,",
    ]  # fmt: skip


def test_a_role_finds_who_has_it_where_it_is_told(told: Archive) -> None:
    assert speakers(said(told, "the harbour minister")) == {"Ilse Marant"}
    assert words(said(told, "harbour minister")) == ["I will not resign,", "The pier is sound,"]
    assert said(told, "foreign minister") == []


def test_a_deputy_does_not_speak_as_the_one_they_stand_in_for(archive: Archive) -> None:
    archive.put([article(
        "hall",
        ("body", "“The quay is sound,” said Edda Kroon, the mayor."),
        ("body", "“It leans,” said Olga Brandt, the deputy mayor."),
        ("body", "“It always did,” said former mayor Odo Brey."),
        date=date(2024, 5, 7), language="en",
    )])  # fmt: skip
    assert speakers(said(archive, "the mayor")) == {"Edda Kroon"}
    assert speakers(said(archive, "the deputy mayor")) == {"Olga Brandt"}
    assert speakers(said(archive, "the former mayor")) == {"Odo Brey"}


def test_a_last_name_alone_is_joined_to_the_one_whose_it_is(archive: Archive) -> None:
    archive.put([AGAIN, BARE])
    assert speakers(said(archive, "Ilse Marant")) == {"Ilse Marant"}
    assert len(said(archive, "Ilse Marant")) == 3


def test_a_last_name_that_two_have_is_nobodys(archive: Archive) -> None:
    archive.put([AGAIN, BARE, NAMESAKE])
    assert len(said(archive, "Ilse Marant")) == 2
    archive.speech.unheard()
    found = archive.speech.said(Speech(speaker="Marant"))
    assert set(found.people) == {"Ilse Marant", "Karl Marant"}
    assert found.facets == {"Ilse Marant": 2, "Marant": 1, "Karl Marant": 1}


def test_a_newer_version_says_what_it_says_and_no_more(told: Archive) -> None:
    said(told, "Marant")
    edited = article("minister", ("body", "“I resign,” Ilse Marant said."), date=date(2024, 5, 8))
    told.put([edited])
    assert "I resign," in words(said(told, "Marant"))
    assert "The pier is sound," not in words(said(told, "Marant"))


def test_a_dropped_article_says_nothing(told: Archive) -> None:
    said(told, "Marant")
    told.drop([MINISTER.article_id])
    assert said(told, "Brey") == []


def hidden(**about: object) -> Article:
    return article(
        "hidden", ("body", "“I fish,” said Karl Marant."), date=date(2024, 5, 1), **about
    )


@pytest.mark.parametrize(
    "about",
    [{"collection": "desk"}, {"embargo_until": datetime.now(UTC) + timedelta(days=9)}],
)
def test_what_may_not_be_seen_changes_nothing_that_is(
    archive: Archive, about: dict[str, object]
) -> None:
    seen = [
        article("seen", ("body", "“I row,” said Ilse Marant."), collection="news"),
        article("bare", ("body", "“We row,” Marant said."), collection="news"),
    ]
    archive.put(seen)
    news = Filters(collections=("news",))
    before = said(archive, "Ilse Marant", filters=news)
    archive.put([hidden(**about)])
    assert said(archive, "Ilse Marant", filters=news) == before
    assert len(before) == 2
    archive.speech.unheard()
    assert archive.speech.said(Speech(speaker="Marant", filters=news)).people == ()
    assert archive.speech.said(Speech(words="fish", filters=news)).lines == ()


def test_another_extractor_finds_the_statements_anew(told: Archive) -> None:
    said(told, "Marant")
    with told.catalogue.transaction():
        told.catalogue.connection.execute("UPDATE heard SET extractor = 'another'")
        told.catalogue.connection.execute('UPDATE statements SET start = 0, "end" = 1')
        told.catalogue.new_change()
    assert words(said(told, "Odo Brey")) == ["the piles were rotten"]


def test_rebuilding_finds_them_anew_and_the_doctor_looks_at_their_places(told: Archive) -> None:
    told.speech.hear()
    with told.catalogue.transaction():
        told.catalogue.connection.execute('UPDATE statements SET "end" = 99999')
    (bad,) = [check for check in care.doctor(told) if not check.ok]
    assert "statements" in bad.found
    assert all(check.ok for check in care.rebuild(told, "statements"))
    assert len(words(said(told, "Marant"))) == 3
