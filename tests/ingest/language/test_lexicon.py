"""What is known of each language, and that it is said honestly."""

import pytest

from ingest.language import lexicon


@pytest.mark.parametrize("language", lexicon.languages())
def test_a_calendar_is_whole_and_its_forms_are_as_they_are_looked_up(language: str) -> None:
    known = lexicon.calendar(language)
    assert sorted(set(known.months.values())) == list(range(1, 13))
    assert sorted(set(known.weekdays.values())) == list(range(7))
    assert len(known.month_names) == 12
    assert all(form == lexicon.plain(form) for form in [*known.months, *known.weekdays])


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "uk"])
def test_the_languages_of_the_guards_have_what_guards_read(language: str) -> None:
    needed = ("dates", "numbers", "ordinals", "percent", "negations", "hedges", "pronouns",
              "reporting", "titles", "measures")  # fmt: skip
    assert [feature for feature in needed if not lexicon.supports(language, feature)] == []


def test_what_is_not_there_is_said_to_be_missing() -> None:
    assert not lexicon.supports("tr", "negations")
    assert not lexicon.supports("zh", "months")
    assert not lexicon.supports(None, "months")
    assert lexicon.words("negations", "tr") == frozenset()
    with pytest.raises(ValueError, match="no feature of a language is named 'month'"):
        lexicon.supports("en", "month")


def test_a_form_that_two_languages_mean_differently_names_no_month_by_itself() -> None:
    meant = lexicon.month_numbers()
    assert lexicon.calendar("pl").months["listopada"] == 11
    assert lexicon.calendar("hr").months["listopada"] == 10
    assert "listopada" not in meant
    assert (meant["gen"], meant["січня"], meant["décembre"]) == (1, 1, 12)


def test_what_is_a_word_too_names_a_month_or_weekday_only_beside_a_number() -> None:
    english = lexicon.calendar("en")
    assert {"january", "tuesday"} <= english.certain
    assert not {"may", "march", "sun", "sat", "jan"} & english.certain
    assert "out" not in english.months
    assert "out" in lexicon.calendar("pt").months


def test_words_are_found_by_feature_and_by_group() -> None:
    assert {"mr", "mrs", "dr", "пан"} <= lexicon.words("titles")
    assert "mrs" not in lexicon.words("titles.he")
    assert lexicon.group_of("pronouns", "en")["her"] == "she_forms"
