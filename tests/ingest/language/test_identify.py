"""Languages: told from a text, or read from what others call them."""

import pytest

from ingest.language.identify import likely, tag


@pytest.mark.parametrize(
    ("given", "primary"),
    [
        ("en", "en"),
        ("EN_gb", "en"),
        ("uk-UA", "uk"),
        ("eng", "en"),
        ("Spanish", "es"),
        ("zh-Hans-CN", "zh"),
        ("haw", "haw"),
        ("", None),
        ("English (UK)", None),
        ("klingon!", None),
    ],
)
def test_a_language_is_known_by_its_primary_tag(given: str, primary: str | None) -> None:
    assert tag(given) == primary


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council voted on Tuesday to close the old ferry terminal by the river.", "en"),
        ("El ayuntamiento votó el martes cerrar la vieja terminal de transbordadores.", "es"),
        ("Міська рада проголосувала у вівторок за закриття старого порту.", "uk"),
        ("Городской совет проголосовал во вторник за закрытие старого порта.", "ru"),
        ("صوت المجلس البلدي يوم الثلاثاء على إغلاق الميناء القديم في المدينة.", "ar"),
    ],
)
def test_a_language_is_told_from_a_sentence(text: str, language: str) -> None:
    assert likely(text) == language


@pytest.mark.parametrize(
    ("first", "then", "language"),
    [
        ("It is “Die Fähre”.", "Die Stadt hat am Dienstag den alten Hafen geschlossen. ", "de"),
        ("Яка новина!", "The council closed the old ferry terminal on Tuesday. ", "en"),
        ("See below.", "Міська рада проголосувала у вівторок за закриття порту. ", "uk"),
    ],
)
def test_the_language_of_a_long_text_is_not_that_of_its_first_words(
    first: str, then: str, language: str
) -> None:
    assert likely(f"{first} {then * 12}") == language


@pytest.mark.parametrize("text", ["", "Ferry stops", "12 345 678 " * 20, "— … — " * 50])
def test_too_few_letters_tell_nothing(text: str) -> None:
    assert likely(text) is None
