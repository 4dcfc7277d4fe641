"""Who says what in German and French, by the place of the verb."""

import pytest

from ingest.language.speech import reporting_forms
from ingest.language.speech.statements import statements

Said = tuple[str | None, str]

GERMAN = "Die Stadt am Fluss hat eine Fähre, und die Leute warten nicht gern. "
FRENCH = "La ville au bord du fleuve a un bac, et les gens n'aiment pas attendre. "


def said(text: str, *, direct: bool) -> list[Said]:
    return [
        (one.speaker, text[one.start : one.end].strip())
        for one in statements(text)
        if one.direct == direct
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Wir bleiben“, sagte die Bürgermeisterin Anna Lehm am Montag.", "Anna Lehm"),
        ("Bürgermeister Georg Wenz (CDU) sagte dem „Boten“: „Wir bleiben“.", "Georg Wenz"),
        ("Am Montag betonte Georg Wenz: „Wir bleiben“.", "Georg Wenz"),
        ("„Wir bleiben“, so der Sprecher der Werft, Jens Voss.", "Jens Voss"),
        ("Seine Tochter Ida Rix schrieb: „Wir bleiben“.", "Ida Rix"),
        ("„Wir bleiben“, freute sich Ida Rix.", "Ida Rix"),
        ("„Wir bleiben“, hat Ida Rix am Abend gesagt.", "Ida Rix"),
        ("Der Wirt heißt Jens Voss. „Wir bleiben“, sagte er.", "Jens Voss"),
        ("„Wir bleiben“, sagte ein Sprecher der Feuerwehr.", "ein Sprecher der Feuerwehr"),
        ("„Wir bleiben“, sagten zwei Zeugen.", "zwei Zeugen"),
    ],
)
def test_a_german_quotation_has_the_subject_of_its_verb(text: str, expected: str) -> None:
    quoted = [one for one in said(GERMAN + text, direct=True) if one[1] == "Wir bleiben"]
    assert quoted == [(expected, "Wir bleiben")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Lehm sagte, die Fähre werde fahren.", ("Anna Lehm", "die Fähre werde fahren")),
        (
            "Der Sprecher der Werft, Jens Voss, erklärte, dass niemand gehen müsse.",
            ("Jens Voss", "niemand gehen müsse"),
        ),
        (
            "Die Bahn hat am Freitag mitgeteilt, sie werde Stellen streichen.",
            ("die Bahn", "sie werde Stellen streichen"),
        ),
        ("Das Land müsse zahlen, forderte Georg Wenz.", ("Georg Wenz", "Das Land müsse zahlen")),
        ("Laut Polizei ist der Hafen gesperrt.", ("Polizei", "ist der Hafen gesperrt")),
        ("Nach Angaben der Polizei ist der Hafen zu.", ("Polizei", "ist der Hafen zu")),
        ("Dem Wirt Jens Voss zufolge war es kalt.", ("Jens Voss", "war es kalt")),
        ("Wie die Polizei mitteilte, ist der Hafen zu.", ("die Polizei", "ist der Hafen zu")),
        ("Es wurde niemand nass, wie Jens Voss sagte.", ("Jens Voss", "Es wurde niemand nass")),
        ("Im Rat kündigte Anna Lehm an, dass die Stadt zahle.", ("Anna Lehm", "die Stadt zahle")),
    ],
)  # fmt: skip
def test_a_german_report_has_its_clause_and_its_source(text: str, expected: Said) -> None:
    assert said(GERMAN + text, direct=False) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Georg Wenz sagte nicht, dass die Fähre fährt.",
        "Wenn Georg Wenz sagt, dass es regnet, glaubt ihm keiner.",
        "Georg Wenz schrieb einen Brief, der nie in der Stadt ankam.",
        "Die Bahn sagt die Fahrt nach Marl heute ab.",
    ],
)
def test_what_was_not_said_is_no_german_statement(text: str) -> None:
    assert said(GERMAN + text, direct=False) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("« On reste », a déclaré la maire Anne Moine lundi.", "Anne Moine"),
        ("« On reste », dit Anne Moine.", "Anne Moine"),
        ("La maire, Anne Moine, est là. « On reste », a-t-elle dit.", "Anne Moine"),
        ("« On reste », a déclaré à la radio le porte-parole du port, Luc Hahn.", "Luc Hahn"),
        ("« On reste », s'est réjoui le ministre des Finances Luc Hahn.", "Luc Hahn"),
        ("Ida von der Ley est là. « On reste », a lancé Mme von der Ley.", "Ida von der Ley"),
        ("Un habitant, qui a demandé l'anonymat, raconte : « On reste ».", "un habitant"),
    ],
)  # fmt: skip
def test_a_french_quotation_has_the_subject_of_its_verb(text: str, expected: str) -> None:
    assert said(FRENCH + text, direct=True) == [(expected, "On reste")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anne Moine a affirmé que le bac circulerait.", ("Anne Moine", "le bac circulerait")),
        ("Le ministre des Finances Luc Hahn dit qu'il n'y a rien.", ("Luc Hahn", "il n'y a rien")),
        ("Selon la police, le port est fermé.", ("la police", "le port est fermé")),
        ("Le port est fermé, selon le préfet Luc Hahn.", ("Luc Hahn", "Le port est fermé")),
        ("Comme l'a indiqué la police, le port est fermé.", ("la police", "le port est fermé")),
        ("Le bac part en mai, a annoncé lundi Anne Moine.", ("Anne Moine", "Le bac part en mai")),
    ],
)  # fmt: skip
def test_a_french_report_has_its_clause_and_its_source(text: str, expected: Said) -> None:
    assert said(FRENCH + text, direct=False) == [expected]


def test_what_was_not_said_is_no_french_statement() -> None:
    assert said(FRENCH + "Anne Moine n'a pas dit que le bac partirait.", direct=False) == []


def test_only_what_is_surely_german_or_french_is_read_so() -> None:
    assert reporting_forms.language_of(GERMAN) == "de"
    assert reporting_forms.language_of(FRENCH) == "fr"
    assert reporting_forms.language_of("The mayor of Marl said that the ferry was late.") is None
    assert reporting_forms.language_of("El alcalde dijo que el puente se abrirá en mayo.") is None
    assert reporting_forms.language_of("") is None
