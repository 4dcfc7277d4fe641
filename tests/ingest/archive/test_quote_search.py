"""Words that somebody remembers, and where they are printed: as they are, altered, or nowhere."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.archive import Archive
from ingest.archive.quote_search import Appearance
from ingest.article import Article, Filters
from tests.ingest.archive.dispatches import article, dispatches

TRUE = "Not one litre of that water will ever leave the valley"
FIRST = article(
    "first",
    ("headline", "Tesh refuses"),
    ("body", f"The valley met late. “{TRUE},” Lucan Tesh said."),
    ("comment", "Not one word of this is true, and it never was.", "reed"),
    date=date(2021, 6, 5),
)
ALTERED = article(
    "altered",
    ("body", "Tesh, asked again: “Not one drop of that water will leave the valley.” He left."),
    date=date(2021, 7, 1),
)
LATER = article("later", ("body", f"He had said “{TRUE}”. That was then."), date=date(2022, 1, 1))


def forms(found: Sequence[Appearance]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (one.article.key, [(change.asked, change.printed) for change in one.differences])
        for one in found
    ]


@pytest.fixture
def told(archive: Archive) -> Archive:
    archive.put([LATER, ALTERED, FIRST, *dispatches(range(6))])
    return archive


def test_the_first_who_printed_a_phrase_is_named_however_many_print_it(archive: Archive) -> None:
    said = "Take back the quay"
    first = article(
        "first", ("body", f"“{said},” she said. " + "The tide was low. " * 200),
        date=date(2019, 1, 1),
    )  # fmt: skip
    later = [
        article(f"later {n}", ("headline", said), ("body", f"{said}, said number {n}."),
                date=date(2020, 1, 1) + timedelta(days=n))
        for n in range(230)
    ]  # fmt: skip
    archive.put([*later, first])
    found = archive.speech.quoted(said)
    assert (found.fate, found.first and found.first.article.key) == ("exact", "first")


def test_printed_words_are_exact_though_many_alter_them_before(archive: Archive) -> None:
    altered = [
        article(f"altered {n}", ("body", f"“{TRUE.replace('ever', 'soon')},” said number {n}."),
                date=date(2020, 1, 1) + timedelta(days=n))
        for n in range(55)
    ]  # fmt: skip
    archive.put([*altered, FIRST])
    found = archive.speech.quoted(TRUE)
    assert (found.fate, found.first and found.first.article.key) == ("exact", "first")


def test_words_that_run_on_into_another_paragraph_are_exact(archive: Archive) -> None:
    archive.put([article("two", ("body", "We came to the old quay."), ("body", "We saw the sea."))])
    assert archive.speech.quoted("the old quay. We saw").fate == "exact"


def test_exact_words_are_found_with_every_altered_form_in_order_of_time(told: Archive) -> None:
    found = told.speech.quoted(f"“{TRUE}.”")
    assert found.fate == "exact"
    assert forms(found.appearances) == [
        ("first", []), ("altered", [("litre", "drop"), ("ever", "")]), ("later", []),
    ]  # fmt: skip
    assert found.first is not None
    assert found.first.article.key == "first"
    assert found.first.text == TRUE


@pytest.mark.parametrize(
    "words",
    [TRUE.upper(), TRUE.replace(" ", "  "), f"  {TRUE} … ", TRUE.replace("that", "that\u00ad")],
)
def test_how_words_are_written_makes_no_difference(told: Archive, words: str) -> None:
    assert told.speech.quoted(words).fate == "exact"


@pytest.mark.parametrize(
    "words",
    [
        TRUE.replace("litre", "glass"), TRUE.replace("ever ", ""), TRUE.replace("will", "will not"),
        TRUE.replace("one litre", "litre one"), TRUE.replace("that water", "water"),
        TRUE.replace("leave", "leav"), TRUE.replace("valley", "dell"), f"surely {TRUE.lower()}",
    ],
)  # fmt: skip
def test_no_altered_words_pass_as_exact(told: Archive, words: str) -> None:
    found = told.speech.quoted(words)
    assert found.fate == "altered"
    assert found.first is not None
    assert all(one.differences for one in found.appearances)


def test_what_is_not_printed_is_absent_and_the_nearest_is_only_near(told: Archive) -> None:
    found = told.speech.quoted("we shall plant olive trees on every roof before the winter")
    assert (found.fate, found.appearances, found.first) == ("absent", (), None)
    near = told.speech.quoted("the water of the valley tasted of iron and of rust that year")
    assert (near.fate, near.appearances) == ("absent", ())


@pytest.mark.parametrize("words", ["", "  ", "“…”", "?!"])
def test_nothing_is_absent(told: Archive, words: str) -> None:
    assert told.speech.quoted(words).fate == "absent"


def test_common_words_are_found_by_their_run_among_many_that_have_them_apart(
    archive: Archive,
) -> None:
    apart = (
        "By day they rest at night. Work is rather scarce by night, and work by day rather hard."
    )
    archive.put(
        [
            article(f"n{n}", ("body", f"{apart} {n}. {apart}"), date=date(2020, 1, 1))
            for n in range(80)
        ]
    )
    wanted = "She was glad. “I will work night and day to mend it,” said Lucan Tesh."
    archive.put([article("wanted", ("body", wanted), date=date(2021, 1, 1))])
    assert forms(archive.speech.quoted("rather work night and day").appearances) == [
        ("wanted", [("rather", "will")])
    ]


def test_what_stands_over_an_article_and_in_it_is_shown_where_somebody_says_it(
    archive: Archive,
) -> None:
    body = "“Not one litre will leave,” Lucan Tesh said."
    archive.put([article("both", ("headline", "Not one litre, says chief"), ("body", body))])
    (found,) = archive.speech.quoted("not one litre").appearances
    assert found.part == "body"


def test_a_word_is_not_found_within_another(told: Archive) -> None:
    assert told.speech.quoted("ot one litre of that wate").fate != "exact"


def test_words_that_run_over_paragraphs_and_passages_are_found(archive: Archive) -> None:
    long = [f"Sentence number {n} tells of the weir and of nothing besides it." for n in range(60)]
    archive.put([article("long", ("body", " ".join(long)), date=date(2020, 1, 1))])
    for n in range(0, 58, 7):
        assert archive.speech.quoted(" ".join(long[n : n + 2])).fate == "exact"


def test_a_reader_s_comment_is_quoted_only_where_comments_are_asked_for(told: Archive) -> None:
    words = "Not one word of this is true"
    assert told.speech.quoted(words).fate == "absent"
    (found,) = told.speech.quoted(words, Filters(comments=True)).appearances
    assert (found.part, found.exact) == ("comment", True)


def test_copies_of_one_dispatch_are_one_appearance(archive: Archive) -> None:
    body = " ".join(f"{TRUE}, he said for the {n}th time to the board." for n in range(30))
    copies = [
        article(name, ("body", body), outlet=name, date=date(2021, 1, n))
        for n, name in enumerate(("Courier", "Echo", "Standard"), 1)
    ]
    archive.put(copies)
    found = archive.speech.quoted("he said for the 7th time to the board")
    assert {one.article.key for one in found.appearances} == {"Courier"}
    assert found.appearances[0].story.copies == 3


def seen(**about: object) -> Article:
    return article("hidden", ("body", f"He said: “{TRUE}.”"), date=date(2020, 1, 1), **about)


@pytest.mark.parametrize(
    "about",
    [{"collection": "desk"}, {"embargo_until": datetime.now(UTC) + timedelta(days=9)}],
)
def test_what_may_not_be_seen_is_no_appearance(archive: Archive, about: dict[str, object]) -> None:
    shown = article("shown", ("body", f"“{TRUE}.”"), date=date(2021, 1, 1), collection="news")
    archive.put([shown, seen(**about)])
    news = Filters(collections=("news",))
    assert [one.article.key for one in archive.speech.quoted(TRUE, news).appearances] == ["shown"]
    archive.drop([shown.article_id])
    assert archive.speech.quoted(TRUE, news).fate == "absent"


def test_a_stale_index_misses_and_never_lies(told: Archive) -> None:
    edited = article("first", ("body", "The valley met late, and nobody spoke."))
    told.put([edited], follow=False)
    found = told.speech.quoted(TRUE)
    assert all(one.text in told.get(one.article.article_id).text for one in found.appearances)  # type: ignore[union-attr]
    assert "first" not in [one.article.key for one in found.appearances]
