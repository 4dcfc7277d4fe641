"""What statements tell of whoever said them: where, when, and who they are said to be."""

from datetime import UTC, date, datetime, timedelta

from ingest.archive import Archive
from ingest.archive.speaker_profile import SpeakerProfile
from ingest.archive.statement_store import Speech
from ingest.article import Article, Filters
from tests.ingest.archive.dispatches import article


def spoken(name: str, role: str, day: date, **about: object) -> Article:
    body = f"{role} Ilse Marant spoke. “I count {name},” Marant said on Monday."
    return article(name, ("body", body), date=day, language="en", **about)


def profile(archive: Archive, speaker: str, **filters: object) -> SpeakerProfile:
    archive.speech.unheard()
    asked = Speech(speaker=speaker, filters=Filters(**filters))  # type: ignore[arg-type]
    return archive.speech.speaker_profile(archive.speech.said(asked).lines)


def test_statements_are_counted_and_roles_told_from_first_to_last(archive: Archive) -> None:
    archive.put(
        [
            spoken("planks", "Harbour Minister", date(2023, 3, 1), outlet="Echo"),
            spoken("piles", "Harbour Minister", date(2024, 3, 1), outlet="Coast Daily"),
            spoken("votes", "Opposition leader", date(2024, 6, 1), outlet="Coast Daily"),
        ]
    )
    found = profile(archive, "Ilse Marant")
    assert found.outlets == {"Coast Daily": 2, "Echo": 1}
    assert found.years == {"2024": 2, "2023": 1}
    assert [(one.words, one.articles, one.since, one.until) for one in found.roles] == [
        ("Harbour Minister", 2, date(2023, 3, 1), date(2024, 3, 1)),
        ("Opposition leader", 1, date(2024, 6, 1), date(2024, 6, 1)),
    ]
    newest = archive.readable(found.roles[0].article_id, found.roles[0].version)
    assert newest is not None
    assert newest.text[found.roles[0].start : found.roles[0].end] == "Harbour Minister"


def test_what_a_reader_may_not_see_is_neither_counted_nor_told(archive: Archive) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    archive.put(
        [
            spoken("planks", "Harbour Minister", date(2023, 3, 1), collection="open"),
            spoken("piles", "Prison Minister", date(2024, 3, 1), collection="closed"),
            spoken("votes", "Prime Minister", date(2025, 3, 1), collection="open",
                   embargo_until=later),
        ]
    )  # fmt: skip
    found = profile(archive, "Ilse Marant", collections=("open",))
    assert found.years == {"2023": 1}
    assert [one.words for one in found.roles] == ["Harbour Minister"]


def test_several_speakers_have_no_roles_in_common(archive: Archive) -> None:
    other = article("fish", ("body", "“I fish,” said Karl Marant."), date=date(2024, 1, 1))
    archive.put([spoken("planks", "Harbour Minister", date(2023, 3, 1)), other])
    assert profile(archive, "Marant").roles == ()
    named = profile(archive, "Ilse Marant").roles
    assert [one.words for one in named] == ["Harbour Minister"]
