"""A letter's own case, in every script, wherever capitals tell names and headlines."""

import re
import unicodedata

import pytest

from ingest.clean.layout import FIRST_LINE, parts_of
from ingest.language.letter_case import LOWER, UPPER
from ingest.language.speech.statements import statements


def test_the_classes_are_what_unicode_says() -> None:
    upper, lower = re.compile(f"[{UPPER}]"), re.compile(f"[{LOWER}]")
    for letter in map(chr, range(0x10000)):
        capital = unicodedata.category(letter) in {"Lu", "Lt"}
        assert bool(upper.match(letter)) >= capital
        assert bool(lower.match(letter)) == letter.islower()
        assert not (upper.match(letter) and lower.match(letter))


@pytest.mark.parametrize(
    ("headline", "prose"),
    [
        ("Рада закриває порт", "Міська рада закриває старий порт, каже у четвер міський голова."),
        (
            "Бургас затваря пристана",
            "Общината затваря стария пристан, съобщи кметът вчера сутринта.",
        ),
        ("Η πόλη κλείνει", "Η πόλη κλείνει το παλιό λιμάνι, είπε ο δήμαρχος την Πέμπτη το πρωί."),
        ("Öffentlicher ärger über", "Der alte Hafen wird zu, sagte der Bürgermeister am Freitag."),
        ("Ürün şehir ıslahı", "Belediye eski limanı kapatıyor, dedi belediye başkanı perşembe."),
        ("Łódź żegna ósmy", "Miasto zamyka stary port, powiedział burmistrz w czwartek rano."),
    ],
)
def test_a_headline_in_small_letters_of_any_script_is_no_list_of_names(
    headline: str, prose: str
) -> None:
    found = parts_of(f"{headline}\n\n{prose} {prose}\n\n{prose} {prose}")
    assert (found.title, found.title_how) == (headline, FIRST_LINE)


def test_a_speaker_may_be_written_in_any_script() -> None:
    for name in ("Ελένη Παππά", "Ştefan Țurcanu", "Ørjan Ås", "Đuro Čačić"):
        (found,) = statements(f"“The mill will close next week,” {name} said.")
        assert found.speaker == name
