"""What the words of a question's language tell, in the five languages whose files have them."""

from datetime import date

import pytest

from assistant.answer import Question, Turn
from assistant.compose.chronology import asks_for_order
from assistant.find.answer_kinds import holds, kinds_asked
from assistant.understand.coreference import follows, names, stand_alone
from assistant.understand.question import is_question
from assistant.understand.subquestions import parts
from assistant.understand.time_expressions import period
from ingest.language import lexicon

TODAY = date(2031, 8, 20)  # a Wednesday

Span = tuple[date | None, date | None]

SINCE_2019: Span = (date(2019, 1, 1), None)
BEFORE_2019: Span = (None, date(2018, 12, 31))
AFTER_2019: Span = (date(2020, 1, 1), None)
UNTIL_2019: Span = (None, date(2019, 12, 31))
SPRING_TO_JUNE: Span = (date(2022, 3, 1), date(2022, 6, 30))
SUMMER: Span = (date(2022, 6, 1), date(2022, 8, 31))
LAST_WEEK: Span = (date(2031, 8, 11), date(2031, 8, 17))
THIS_MONTH: Span = (date(2031, 8, 1), TODAY)
LAST_YEAR: Span = (date(2030, 1, 1), date(2030, 12, 31))
TWO_DAYS_AGO: Span = (date(2031, 8, 18), date(2031, 8, 18))
TWO_DAYS: Span = (date(2031, 8, 18), TODAY)
IN_JUNE: Span = (date(2031, 6, 1), date(2031, 6, 30))


@pytest.mark.parametrize("feature", ["questions", "follow_ups", "courtesy", "periods"])
def test_five_languages_can_ask_and_a_sixth_is_said_to_lack_it(feature: str) -> None:
    assert lexicon.having(feature) == ("de", "en", "es", "fr", "uk")
    assert not lexicon.supports("ru", feature)


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("What was built since 2019?", SINCE_2019),
        ("Was wurde seit 2019 gebaut?", SINCE_2019),
        ("¿Qué se construyó desde 2019?", SINCE_2019),
        ("Qu'a-t-on construit depuis 2019 ?", SINCE_2019),
        ("Що збудовано з 2019?", SINCE_2019),
        ("Who ruled before 2019?", BEFORE_2019),
        ("Wer regierte vor 2019?", BEFORE_2019),
        ("¿Quién gobernó antes de 2019?", BEFORE_2019),
        ("Qui gouvernait avant 2019 ?", BEFORE_2019),
        ("Хто правив перед 2019?", BEFORE_2019),
        ("Who ruled after 2019?", AFTER_2019),
        ("Wer regierte nach 2019?", AFTER_2019),
        ("¿Quién gobernó después de 2019?", AFTER_2019),
        ("Qui gouvernait après 2019 ?", AFTER_2019),
        ("Хто правив після 2019?", AFTER_2019),
        ("Who ruled until 2019?", UNTIL_2019),
        ("Wer regierte bis 2019?", UNTIL_2019),
        ("¿Quién gobernó hasta 2019?", UNTIL_2019),
        ("Qui gouvernait jusqu'en 2019 ?", UNTIL_2019),
        ("Хто правив до 2019?", UNTIL_2019),
        ("What sank between March and June 2022?", SPRING_TO_JUNE),
        ("Was sank zwischen März und Juni 2022?", SPRING_TO_JUNE),
        ("¿Qué se hundió entre marzo y junio de 2022?", SPRING_TO_JUNE),
        ("Qu'est-ce qui a coulé entre mars et juin 2022 ?", SPRING_TO_JUNE),
        ("Що затонуло від березня до червня 2022?", SPRING_TO_JUNE),
        ("What burned in the summer of 2022?", SUMMER),
        ("Was brannte im Sommer 2022?", SUMMER),
        ("¿Qué ardió en el verano de 2022?", SUMMER),
        ("Qu'est-ce qui a brûlé à l'été 2022 ?", SUMMER),
        ("Що горіло у літо 2022?", SUMMER),
    ],
)
def test_a_time_stands_after_the_words_of_its_language(asked: str, span: Span) -> None:
    found = period(asked, None)
    assert found is not None
    assert (found.since, found.until) == span


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("Who won last week?", LAST_WEEK),
        ("Wer gewann letzte Woche?", LAST_WEEK),
        ("¿Quién ganó la semana pasada?", LAST_WEEK),
        ("Qui a gagné la semaine dernière ?", LAST_WEEK),
        ("Хто переміг минулого тижня?", LAST_WEEK),
        ("Who won this month?", THIS_MONTH),
        ("Wer gewann diesen Monat?", THIS_MONTH),
        ("¿Quién ganó este mes?", THIS_MONTH),
        ("Qui a gagné ce mois-ci ?", THIS_MONTH),
        ("Хто переміг цього місяця?", THIS_MONTH),
        ("Who won last year?", LAST_YEAR),
        ("Wer gewann letztes Jahr?", LAST_YEAR),
        ("¿Quién ganó el año pasado?", LAST_YEAR),
        ("Qui a gagné l’année dernière ?", LAST_YEAR),
        ("Хто переміг минулого року?", LAST_YEAR),
        ("What burned two days ago?", TWO_DAYS_AGO),
        ("Was brannte vor zwei Tagen?", TWO_DAYS_AGO),
        ("¿Qué ardió hace dos días?", TWO_DAYS_AGO),
        ("Qu'est-ce qui a brûlé il y a deux jours ?", TWO_DAYS_AGO),
        ("Що горіло два дні тому?", TWO_DAYS_AGO),
        ("What burned in the last two days?", TWO_DAYS),
        ("Was brannte in den letzten zwei Tagen?", TWO_DAYS),
        ("¿Qué ardió en los últimos dos días?", TWO_DAYS),
        ("Qu'est-ce qui a brûlé ces 2 derniers jours ?", TWO_DAYS),
        ("Що горіло за останні два дні?", TWO_DAYS),
        ("Who resigned in June?", IN_JUNE),
        ("Wer trat im Juni zurück?", IN_JUNE),
        ("¿Quién dimitió en junio?", IN_JUNE),
        ("Qui a démissionné en juin ?", IN_JUNE),
        ("Хто пішов у відставку в червні?", IN_JUNE),
        ("Who resigned on Tuesday?", (date(2031, 8, 19), date(2031, 8, 19))),
        ("Wer trat am Dienstag zurück?", (date(2031, 8, 19), date(2031, 8, 19))),
        ("¿Quién dimitió el martes?", (date(2031, 8, 19), date(2031, 8, 19))),
        ("Qui a démissionné ce mardi ?", (date(2031, 8, 19), date(2031, 8, 19))),
        ("Хто пішов у вівторок?", (date(2031, 8, 19), date(2031, 8, 19))),
    ],
)
def test_a_time_is_counted_from_the_day_it_is_asked(asked: str, span: Span) -> None:
    found = period(asked, TODAY)
    assert found is not None
    assert (found.since, found.until) == span


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("How many ferries sank?", "number"),
        ("Wie viele Fähren sanken?", "number"),
        ("¿Cuántos barcos se hundieron?", "number"),
        ("Combien de bateaux ont coulé ?", "number"),
        ("Скільки поромів затонуло?", "number"),
        ("When did the ferry sink?", "time"),
        ("Wann sank die Fähre?", "time"),
        ("¿Cuándo se hundió el barco?", "time"),
        ("Quand le bateau a-t-il coulé ?", "time"),
        ("Коли затонув пором?", "time"),
        ("Who steered the ferry?", "somebody"),
        ("Wer steuerte die Fähre?", "somebody"),
        ("¿Quién dirigía el barco?", "somebody"),
        ("Qui dirigeait le bateau ?", "somebody"),
        ("Хто керував поромом?", "somebody"),
        ("Who is Ann Lee?", "what somebody is"),
        ("Wer ist Anna Lehm?", "what somebody is"),
        ("¿Quién es Ana León?", "what somebody is"),
        ("Qui est Anne Lebrun ?", "what somebody is"),
        ("Хто така Ганна Лис?", "what somebody is"),
        ("What was the death toll?", "number"),
        ("Wie hoch war die Zahl der Opfer?", "number"),
        ("¿Cuál fue la temperatura?", "number"),
        ("Quel est le taux de chômage ?", "number"),
        ("Яка була температура?", "number"),
    ],
)
def test_a_question_asks_for_one_kind_of_thing(asked: str, kind: str) -> None:
    assert kinds_asked(asked) == (kind,)


@pytest.mark.parametrize(
    ("language", "number", "day", "neither"),
    [
        ("en", "It sank with twelve men.", "It sank yesterday.", "It sank with all of them."),
        ("en", "It sank at half past.", "It sank in May.", "It sank at anchor."),
        ("en", "A third of them were lost.", "It sank on Sunday.", "Most of them were lost."),
        ("de", "Sie sank mit zwölf Mann.", "Sie sank am Dienstag.", "Sie sank mit einem Mann."),
        ("es", "Se hundió con doce hombres.", "Se hundió ayer.", "Se hundió con un hombre."),
        ("fr", "Il a coulé avec douze hommes.", "Il a coulé hier.", "Il a coulé avec un homme."),
        ("uk", "Він забрав дванадцять життів.", "Затонув учора.", "Затонув з усіма."),
    ],
)
def test_a_sentence_holds_a_number_or_a_time_in_its_own_language(
    language: str, number: str, day: str, neither: str
) -> None:
    assert holds("time", day, language)
    assert not holds("time", number, language)
    assert not holds("number", neither, language)
    assert holds("number", number, language)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("Who built the old harbour, and what did it cost?", 2),
        ("Wer baute den alten Hafen und was hat er gekostet?", 2),
        ("¿Quién construyó el puerto viejo y cuánto costó la obra?", 2),
        ("Qui a construit le vieux port et combien a coûté le chantier ?", 2),
        ("Хто збудував стару гавань і скільки коштувала вона?", 2),
    ],
)
def test_two_questions_are_taken_apart(asked: str, count: int) -> None:
    question = Question(text=asked, asked=asked)
    assert len(parts(question)) == count


@pytest.mark.parametrize(
    "asked",
    [
        "And what about that agreement afterwards?",
        "Und was wurde dann mit diesem Vertrag?",
        "¿Y qué fue de eso después del acuerdo?",
        "Et alors qu'est devenu cela ensuite ?",
        "А що було там після тієї угоди?",
    ],
)
def test_what_points_back_follows(asked: str) -> None:
    assert follows(asked.strip("¿"))


@pytest.mark.parametrize(
    ("asked", "before", "alone"),
    [
        ("And Rolf Dahl?", "Who hired Ida Brandt?", "Who hired Rolf Dahl?"),
        ("Und Rolf Dahl?", "Wer entließ Ida Brandt?", "Wer entließ Rolf Dahl?"),
        ("Y Rolf Dahl?", "¿Quién despidió a Ida Brandt?", "¿Quién despidió a Rolf Dahl?"),
        ("Et Rolf Dahl ?", "Qui a renvoyé Ida Brandt ?", "Qui a renvoyé Rolf Dahl ?"),
        ("А Рольф Даль?", "Хто звільнив Іда Брандт?", "Хто звільнив Рольф Даль?"),
    ],
)
def test_a_new_name_takes_the_place_of_the_old(asked: str, before: str, alone: str) -> None:
    assert stand_alone(asked, [Turn(question=before)]).text == alone


@pytest.mark.parametrize(
    "asked",
    ["Who won?", "Wer gewann?", "¿Quién ganó?", "Qui a gagné ?", "Хто переміг?"],
)
def test_the_word_that_asks_is_no_name(asked: str) -> None:
    assert names(asked.strip("¿")) == []


@pytest.mark.parametrize(
    "said",
    [
        "Thank you very much!",
        "Vielen Dank!",
        "Danke schön.",
        "Muchas gracias.",
        "Merci beaucoup !",
        "Щиро дякую!",
        "Good morning",
        "Guten Morgen",
        "Buenos días",
        "Bonjour !",
        "Добрий день",
    ],
)
def test_a_courtesy_asks_nothing(said: str) -> None:
    assert not is_question(said)


@pytest.mark.parametrize(
    "asked",
    [
        "What happened at the harbour?",
        "Was geschah am Hafen?",
        "¿Qué pasó en el puerto?",
        "Que s'est-il passé au port ?",
        "Що сталося в гавані?",
    ],
)
def test_what_happened_asks_for_an_order(asked: str) -> None:
    assert asks_for_order(Question(text=asked, asked=asked))
