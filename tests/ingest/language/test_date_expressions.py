"""The days that a text names, against the day it was printed, in five languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.date_expressions import dates

WEDNESDAY = date(2022, 6, 15)


def told(text: str, language: str | None, published: date | None = WEDNESDAY) -> list[str]:
    return [
        f"{text[d.start : d.end]}: {d.first_day} {d.last_day}"
        + ("" if d.weekday is None else f" {d.weekday}")
        for d in dates(text, language, published)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It sank last Tuesday.", "last Tuesday: 2022-06-14 2022-06-14"),
        ("en", "on Tuesday, 3 May", "Tuesday, 3 May: 2022-05-03 2022-05-03"),
        ("en", "May 3, 2021", "May 3, 2021: 2021-05-03 2021-05-03"),
        ("en", "on the 3rd of May", "3rd of May: 2022-05-03 2022-05-03"),
        ("en", "3-5 June 2021", "3-5 June 2021: 2021-06-03 2021-06-05"),
        ("en", "in June 2022", "June 2022: 2022-06-01 2022-06-30"),
        ("en", "it opened in May.", "May: 2022-05-01 2022-05-31"),
        ("en", "last June", "last June: 2021-06-01 2021-06-30"),
        ("en", "Sat 5 March 2022", "Sat 5 March 2022: 2022-03-05 2022-03-05"),
        ("en", "said yesterday", "yesterday: 2022-06-14 2022-06-14"),
        ("en", "three days ago", "three days ago: 2022-06-12 2022-06-12"),
        ("en", "last week", "last week: 2022-06-06 2022-06-12"),
        ("en", "since 2019", "2019: 2019-01-01 2019-12-31"),
        ("es", "el martes pasado", "martes pasado: 2022-06-14 2022-06-14"),
        ("es", "el 3 de mayo de 2022", "3 de mayo de 2022: 2022-05-03 2022-05-03"),
        ("es", "en junio de 2022", "junio de 2022: 2022-06-01 2022-06-30"),
        ("es", "dijo ayer", "ayer: 2022-06-14 2022-06-14"),
        ("es", "hace tres días", "hace tres días: 2022-06-12 2022-06-12"),
        ("uk", "минулого вівторка", "минулого вівторка: 2022-06-14 2022-06-14"),
        ("uk", "3 травня 2022 року", "3 травня 2022 року: 2022-05-03 2022-05-03"),
        ("uk", "у червні 2022", "червні 2022: 2022-06-01 2022-06-30"),
        ("uk", "Учора", "Учора: 2022-06-14 2022-06-14"),
        ("uk", "три дні тому", "три дні тому: 2022-06-12 2022-06-12"),
        ("de", "am vergangenen Dienstag", "am vergangenen Dienstag: 2022-06-14 2022-06-14"),
        ("de", "am 3. Mai 2022", "3. Mai 2022: 2022-05-03 2022-05-03"),
        ("de", "im Juni 2022", "Juni 2022: 2022-06-01 2022-06-30"),
        ("de", "sagte gestern", "gestern: 2022-06-14 2022-06-14"),
        ("de", "vor drei Tagen", "vor drei Tagen: 2022-06-12 2022-06-12"),
        ("fr", "mardi dernier", "mardi dernier: 2022-06-14 2022-06-14"),
        ("fr", "le 3 mai 2022", "3 mai 2022: 2022-05-03 2022-05-03"),
        ("fr", "le 1er mai", "1er mai: 2022-05-01 2022-05-01"),
        ("fr", "en juin 2022", "juin 2022: 2022-06-01 2022-06-30"),
        ("fr", "il y a trois jours", "il y a trois jours: 2022-06-12 2022-06-12"),
        ("pt", "12 out 2020", "12 out 2020: 2020-10-12 2020-10-12"),
        (None, "2022-05-03", "2022-05-03: 2022-05-03 2022-05-03"),
        (None, "16/05/2022", "16/05/2022: 2022-05-16 2022-05-16"),
    ],
)
def test_words_name_days(language: str | None, text: str, expected: str) -> None:
    assert told(text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "on Tuesday"), ("es", "el martes"), ("uk", "у вівторок"), ("de", "am Dienstag"),
     ("fr", "mardi")],
)  # fmt: skip
def test_a_bare_weekday_is_the_last_one_or_the_next(language: str, text: str) -> None:
    (found,) = told(text, language)
    assert found.endswith(": 2022-06-09 2022-06-21 1")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "this may matter; the march; he ran in march time; set out 2020; gen 2021"),
        ("en", "The Sun, Sun Microsystems, Sat Nav and Mon Laferte"),
        ("en", "May said that by May’s order April Ryan and June Reed stay"),
        ("en", "Black Friday, the Sunday Times, USA Today, every Monday"),
        ("en", "in 2021 dollars, 2021 people, 5/6/2022, 31 February 2021, the 1990s"),
        ("es", "el mar Mediterráneo, los martes, el fin de set"),
        ("uk", "лютий ворог, опалий лист"),
        ("de", "so sagte Mo am Morgen im Mar"),
        ("fr", "sur Mars, le mardi, chaque lundi"),
        (None, "May 3 and 3 mai"),
    ],
)
def test_a_word_that_only_looks_like_a_month_or_weekday_names_no_day(
    language: str | None, text: str
) -> None:
    assert told(text, language) == []


def test_without_a_day_of_publication_only_whole_dates_are_read() -> None:
    text = "Yesterday, on Tuesday, last June, 3 May and 4 May 2021"
    assert told(text, "en", None) == ["4 May 2021: 2021-05-04 2021-05-04"]


def test_a_day_without_its_year_is_the_nearest_one() -> None:
    january = date(2022, 1, 3)
    assert told("28 December", "en", january) == ["28 December: 2021-12-28 2021-12-28"]
    assert told("28 January", "en", january) == ["28 January: 2022-01-28 2022-01-28"]


@given(
    st.text(alphabet="MayJune tuesda0123456789.,-/last in", max_size=60) | st.text(max_size=60),
    st.sampled_from(["en", "es", "uk", "de", "fr", "it", None]),
    st.sampled_from([None, date.min, date.max, WEDNESDAY]),
)
def test_any_text_is_read_and_days_are_in_order(
    text: str, language: str | None, published: date | None
) -> None:
    ends = 0
    for found in dates(text, language, published):
        assert ends <= found.start < found.end <= len(text)
        assert found.first_day <= found.last_day
        ends = found.end
