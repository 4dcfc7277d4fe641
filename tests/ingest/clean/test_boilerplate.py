"""Lines that are only page are told from prose that speaks of the same things."""

import re
import tomllib
from pathlib import Path

import pytest

from ingest.clean import boilerplate
from ingest.clean.boilerplate import credits_in, line_kind
from ingest.clean.layout import parts_of


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ada Marl in Harrowmere and Ben Orr; editing by Ines Tull)",
        "Like this story? Share it with a friend!",
        "Have a tip? Ada Marl may be reached at the Post.",
        "More great Harbour stories",
        "DON'T MISS",
        "JUST WATCHED Goats swim to Callow Bay Replay More Videos ... MUST WATCH Goats swim 02:06",
        "SEE MORE: Goats of Callow Bay",
        "Filed under Harbour, Boats",
        "SOURCE: News agencies",
        "Ada Marl covers the harbour. Follow her on Twitter and write to her.",
        "Start the day with the tides: sign up for the free daily newsletter",
        "copyright Harrow Post 2024",
        "You have used all of your free articles this month.",
        "Subscribe to The Ull Post to keep reading this story",
        "This story is only for our subscribers.",
        "Get unlimited digital access for a crown a month",
        "Artikel teilen",
        "Lesen Sie auch: Die Fähre von Harrowmere fährt wieder",
        "Melden Sie sich jetzt kostenlos für unseren Newsletter an",
        "Dieser Artikel ist exklusiv für unsere Abonnenten.",
        "(Bericht von Ada Marl, redigiert von Ben Orr)",
        "Publicité",
        "À lire aussi : Le bac de Harrowmere repart",
        "Cet article est réservé aux abonnés.",
        "Il vous reste 72 % de cet article à lire.",
        "(Reportage Ada Marl, version française Ines Tull, édité par Ben Orr)",
        "Te puede interesar",
        "Este artículo es exclusivo para suscriptores",
        "(Reporte de Ada Marl; editado en español por Ben Orr)",
        "Якщо ви знайшли помилку, виділіть її та натисніть Ctrl+Enter",
        "Усі права захищені.",
        "Матеріали за темою",
    ],
)
def test_a_line_that_is_only_page_is_boilerplate(line: str) -> None:
    assert line_kind(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "“We have no comment,” said a spokesperson for Tull Lines when asked by Reuters.",
        "The plan was set out in a letter that was seen by AFP.",
        "Reporting by the committee was late, the mayor said.",
        "The mayor told residents to sign up for the ferry before noon.",
        "You have read my mind, the mayor told the poet.",
        "The library wants to keep reading rooms open so that pupils can register there.",
        "This story is for children who like boats.",
        "Must watch the tide tables, the captain wrote in the log at 04:15 that morning.",
        "A source in the harbour said that more stories would follow.",
        "Bereits Abonnenten der ersten Stunde klagten über die Fähre.",
        "Die Anzeige gegen den Kapitän ging am Montag bei der Polizei ein.",
        "Wer weiterlesen will, braucht im Hafen eine Lampe, sagte sie.",
        "Publicité mensongère : le tribunal de Harrowmere a tranché lundi.",
        "Cet article est le premier d'une série sur le port.",
        "Este artículo es el primero de una serie sobre el puerto.",
        "La información de la alcaldía llegó tarde, dijo la vecina.",
        "Права захищені законом, сказала мерка Гарроумера.",
        "Реклама порома коштувала місту тисячу крон.",
    ],
)
def test_prose_that_speaks_of_the_same_things_is_body(line: str) -> None:
    assert line_kind(line) == "body"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Symbolbild: Fähren im Hafen", "caption"),
        ("Crédit photo : Ada Marl", "caption"),
        ("Ілюстративне фото порома", "caption"),
        ("Die Fähre im Hafen. Foto: dpa", "caption"),
        ("In einer früheren Version dieses Artikels stand ein falscher Tag.", "correction"),
        ("Dans une version antérieure de cet article, le jour était faux.", "correction"),
        ("Fe de erratas: el día era otro.", "correction"),
        ("У попередній версії матеріалу був інший день.", "correction"),
    ],
)
def test_captions_and_corrections_are_told_in_the_languages_that_are_known(
    line: str, kind: str
) -> None:
    assert line_kind(line) == kind


@pytest.mark.parametrize(
    "credit",
    [
        "(Bericht von Ada Marl in Ullmark, redigiert von Ben Orr. Bei Rückfragen die Redaktion)",
        "(Reportage d'Ada Marl, édité par Ben Orr)",
        "(Reporte de Ada Marl. Editado en español por Ben Orr)",
    ],
)
def test_credits_are_told_in_the_languages_that_are_known(credit: str) -> None:
    assert credits_in(f"Die Schleuse ist zu. {credit}") == len("Die Schleuse ist zu. ")


def test_the_credits_of_an_agency_are_told_at_the_end_of_a_paragraph() -> None:
    prose = "The lock is shut, the office said."
    credit = "(Reporting by Ada Marl in Ullmark; Editing by Ben Orr)"
    assert credits_in(f"{prose} {credit}") == len(prose) + 1
    assert credits_in(f"{prose} Additional reporting by Ada Marl, editing by Ben Orr") is not None
    assert credits_in(f"{prose} She praised the reporting by the paper.") is None


def test_a_text_of_nothing_but_furniture_is_what_was_printed() -> None:
    """It is all there is: what has no part that is read would be an article nobody can find."""
    for text in ("opyright 2024 Harrow Post Ltd All Rights Reserved", "Sign up for our newsletter"):
        parts = parts_of(text).parts
        assert [part.part for part in parts] == ["body"], text


@pytest.mark.parametrize(
    "line",
    [
        "The post Water at the lock appeared first on Ull Post.",
        "Der Beitrag Wasser an der Schleuse erschien zuerst auf Ull Post.",
        "La entrada Agua en la esclusa se publicó primero en Ull Post.",
        "L’article L’eau à l’écluse est apparu en premier sur Ull Post.",
        "Сообщение Вода у шлюза появились сначала на Ull Post.",
    ],
)
def test_what_wordpress_puts_under_its_feeds_is_no_text(line: str) -> None:
    assert line_kind(line) == "boilerplate"


@pytest.mark.parametrize(
    "line", ["ADVERTISEMENT", "advertiſement", "SİGN UP HERE for the tides", "ЧИТАЙТЕ ТАКОЖ: Море"]
)
def test_a_line_is_known_in_whatever_letters_it_is_printed(line: str) -> None:
    assert line_kind(line) == "boilerplate"


@pytest.mark.parametrize("file", sorted(Path(boilerplate.__file__).parent.glob("*.toml")))
def test_wordings_are_in_small_letters_as_lines_are_looked_at(file: Path) -> None:
    wordings = [one for many in tomllib.loads(file.read_text("utf-8")).values() for one in many]
    bare = [re.sub(r"\\.", "", wording) for wording in wordings]
    assert [wording for wording in bare if wording != wording.lower()] == []
