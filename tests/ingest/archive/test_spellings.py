"""Names in their several spellings, and words that the archive does not have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.archive import Archive, Search
from ingest.article import Filters
from ingest.language.name_spellings import keys
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import article


def told(archive: Archive, *bodies: str) -> None:
    archive.put(article(f"a{n}", ("body", body)) for n, body in enumerate(bodies))


SAME = [
    "Zelensky Zelenskyy Zelenskiy Zelenskyi Zelenskij Зеленський Зеленский",
    "Müller Mueller",
    "Jokić Jokic",
    "Sergey Sergei Sergej Сергей",
    "Yevgeny Evgeny Evgenii Евгений",
    "Romanov Romanoff Romanow",
    "Dostoevsky Dostoyevsky",
    "Alexander Aleksander",
    "Kharkiv Харків",
    "Tatyana Tatiana Tatjana Татьяна",
]
APART = ["Smith Smyth", "Bryan Brian", "Reed Reid", "Alan Allan", "Harris Morris", "Brown Browne"]


@pytest.mark.parametrize("names", SAME)
def test_spellings_of_one_name_have_a_key_in_common(names: str) -> None:
    first, *others = names.split()
    assert all(keys(first) & keys(other) for other in others)


@pytest.mark.parametrize("names", APART)
def test_two_names_have_none(names: str) -> None:
    first, second = names.split()
    assert not keys(first) & keys(second)


def test_spellings_that_the_archive_has_are_searched_together(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(
            archive,
            "On Monday President Zelenskyy spoke of grain.",
            "On Tuesday President Zelensky spoke of grain.",
            "У вівторок президент Зеленський сказав про зерно.",
            "On Friday the mayor spoke of grain.",
        )
        (others,) = archive.spellings("What did Zelensky say?").values()
        assert set(others) == {"zelenskyy", "зеленський"}
        found = archive.search(Search(text="Zelensky", by="words"))
        assert {hit.article.key for hit in found} == {"a0", "a1", "a2"}
        assert archive.stems("Zelenskyy", all_words=True) == archive.stems("Zelensky")


def test_a_word_that_is_no_name_has_no_other_spelling(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "In Quebec the Parti won.", "The party was long. A party is a party.")
        assert archive.spellings("Who won the party?") == {}


def test_a_word_in_the_other_english_is_searched_with_it(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(
            archive,
            "The union criticised the new harbour on Monday.",
            "The guild criticized the new harbor on Tuesday.",
            "The choir liked the old harbour master.",
        )
        assert archive.spellings("Who criticised the harbor?") == {
            "criticised": ("criticized",),
            "harbor": ("harbour",),
        }
        found = archive.search(Search(text="criticized harbor", by="words"))
        assert {hit.article.key for hit in found[:2]} == {"a0", "a1"}


def test_a_spelling_that_nothing_prints_is_not_told(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "The guild criticized the harbor.")
        assert archive.spellings("Was the harbor criticized?") == {}


def test_what_is_found_by_one_spelling_is_cared_for_by_all(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "So said Zelenskyy.", "So said Zelensky.")
        archive.spellings("Zelensky")
        for n in (0, 1):
            a = archive.catalogue.numbers([article(f"a{n}", ("body", "")).article_id])[0]
            assert archive.words.holds("articles", a, archive.stems("Zelensky"))


def test_a_mistyped_word_is_taken_for_the_one_that_stands_with_the_others(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(
            archive,
            "In town Lucan Tesh spoke. Then Lucan Tesh left.",
            "In town Ann Tess sang. Then Ann Tess left. And Ann Tess came.",
            "On the Perdita all slept.",
        )
        assert archive.corrections("What did Lucan Tesx say?") == {"Tesx": "Tesh"}
        assert archive.corrections("Where is the Perdtia?") == {"Perdtia": "Perdita"}
        assert archive.corrections("What did Lucan Tesh say?") == {}


def test_two_mistyped_names_of_one_question_are_both_corrected(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(
            archive,
            "In town Marit Solenquist met Oda Brennick. So said Oda Brennick to Marit Solenquist.",
            "In town Rosa Brennack sang. Then Rosa Brennack left. And Rosa Brennack came.",
            "They meet on Mondays.",
        )
        meant = {"Solenquest": "Solenquist", "Brennyck": "Brennick"}
        assert archive.corrections("Did Solenquest meet Brennyck?") == meant


def test_a_mistyped_name_stands_with_another_by_the_forms_of_its_stem(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "In town Karin Vosse spoke. Then Karin Vosse left.", "What they say of it.")
        assert archive.corrections("What did Karen Voss say?") == {"Karen": "Karin"}


def test_what_is_like_nothing_is_not_corrected(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "In town Lucan Tesh spoke.")
        assert archive.corrections("What did Quintessa Ovarg say about xylophones?") == {}


def test_a_name_is_not_taken_for_another_word(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        told(archive, "They spoke of a stone and of stones. A stone fell.")
        assert archive.corrections("What did Stona say?") == {}
        assert archive.corrections("of a stona") == {"stona": "stone"}


ASKED = "What did Zelensky say of the perriscope?"
OPEN = ("town", "On Tuesday President Zelensky spoke of grain. So Zelensky said.")
SECRET = ("desk", "On Monday President Zelenskyy spoke of the periscope. So Zelenskyy said.")


def kept(archive: Archive, collection: str, body: str) -> str:
    one = replace(article(collection, ("body", body)), collection=collection)
    archive.put([one])
    return one.article_id


def named(archive: Archive, *collections: str) -> tuple[object, object]:
    filters = Filters(collections=collections)
    return archive.spellings(ASKED, filters), archive.corrections(ASKED, filters)


def test_a_word_that_a_reader_may_not_see_is_not_suggested(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        kept(archive, *OPEN)
        alone = named(archive, "town")
        secret = kept(archive, *SECRET)
        assert named(archive, "town") == alone == ({}, {})
        assert named(archive) == ({"Zelensky": ("zelenskyy",)}, {"perriscope": "periscope"})
        archive.drop([secret])
        assert named(archive) == alone


def test_a_word_under_embargo_is_not_suggested_and_hides_no_other(tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=9)
    with opened(tmp_path / "archive") as archive:
        kept(archive, *OPEN)
        secret = article("secret", ("body", f"{SECRET[1]} perriscope"))
        archive.put([replace(secret, embargo_until=later)])
        assert named(archive) == ({}, {})
        kept(archive, "town", "The periscope of the grain ship was new.")
        assert named(archive) == ({}, {"perriscope": "periscope"})
