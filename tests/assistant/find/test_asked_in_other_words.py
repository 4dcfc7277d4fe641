"""Questions in other words than an article's, of another language, and in a conversation."""

from collections.abc import Iterator

import pytest

from assistant.answer import NoAnswer, Outcome, Turn
from assistant.ask import Assistant
from assistant.find.other_words import language_of, other_words
from assistant.find.quantities import holds_quantity
from ingest.archive.stopwords import stopwords_of
from ingest.language import news_words
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "quarry",
        "date": "2023-04-11",
        "language": "en",
        "title": "Quarry wall falls at Ostermark",
        "text": "A wall of the quarry at Ostermark fell on Monday. Nine people were killed, the"
        " 40-year-old foreman among them, said the coroner, Ilka Brandt. It was the worst day"
        " there since 1994. Brandt said that the wall had not been looked at for 12 years.",
    },
    {
        "id": "quarry-reopens",
        "date": "2023-09-02",
        "language": "en",
        "title": "Ostermark quarry opens again",
        "text": "The quarry at Ostermark opened again on Friday with 31 workers. Tobias Renn came"
        " late and left early. The wall was paid for by its owner, Tobias Renn, 61.",
    },
    {
        "id": "cup",
        "date": "2023-06-20",
        "language": "en",
        "title": "Rowers of Dalby take the Fjord Cup",
        "text": "The rowers of Dalby won the Fjord Cup on Saturday in 18 minutes. Greta Holm, the"
        " captain of Dalby, wept. In 2019 the cup went to Skive.",
    },
    {
        "id": "cup-before",
        "date": "2019-06-22",
        "language": "en",
        "title": "Fjord Cup goes to Skive",
        "text": "The rowers of Skive won the Fjord Cup on Saturday. Nobody had thought that the"
        " Fjord Cup would be won by a crew of beginners. Arne Lund of Skive won it last.",
    },
    {
        "id": "tratado",
        "date": "2023-02-01",
        "language": "es",
        "title": "Costa Brava y Lundia firman la paz",
        "text": "Costa Brava y Lundia firmaron el martes un acuerdo en Ostermark. El acuerdo cierra"
        " la frontera a 400 barcos de pesca. La ministra Ana Leal lo celebró.",
    },
    {
        "id": "shkola",
        "date": "2023-09-03",
        "language": "uk",
        "title": "В Остермарку відкрили нову школу",
        "text": "У суботу в Остермарку відкрили школу. На перший урок прийшли 77 дітей. Школу"
        " збудували робітники кар'єру за чотири місяці.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def first(outcome: Outcome) -> str:
    assert not isinstance(outcome, NoAnswer), outcome
    return outcome.claims[0].text


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("How many people died at the Ostermark quarry?", "Nine people were killed"),
        ("Wie viele Menschen starben in Ostermark?", "Nine people were killed"),
        ("¿Cuántas personas murieron en Ostermark?", "Nine people were killed"),
        ("Combien de personnes sont mortes à Ostermark ?", "Nine people were killed"),
        ("How many children came to the first lesson in Ostermark?", "77"),
        ("How many fishing boats does the agreement of Lundia shut out?", "400"),
    ],
)
def test_what_is_printed_in_other_words_or_another_language_answers(
    desk: Assistant, asked: str, answer: str
) -> None:
    assert answer in first(desk.ask(asked))


def test_an_answer_in_another_language_says_so(desk: Assistant) -> None:
    outcome = desk.ask("¿Cuántas personas murieron en Ostermark?")
    assert "other_language" in {one.code for one in outcome.warnings}


def test_the_press_of_a_language_is_asked_alone(desk: Assistant) -> None:
    outcome = desk.ask("What did the Ukrainian papers report about the school in Ostermark?")
    assert {one.article.language for one in outcome.citations} == {"uk"}


def test_the_time_of_a_question_keeps_what_is_of_another_year_behind(desk: Assistant) -> None:
    assert "Dalby" in first(desk.ask("Who won the 2023 Fjord Cup?"))


def test_who_somebody_is_is_told_by_what_stands_beside_the_name(desk: Assistant) -> None:
    assert "its owner" in first(desk.ask("Who is Tobias Renn?"))


def test_a_follow_up_that_only_names_another_asks_what_was_asked(desk: Assistant) -> None:
    before = [Turn(question="What did Ilka Brandt say about the wall?")]
    outcome = desk.ask("And Tobias Renn?", history=before)
    assert outcome.searched.understood["question"] == "What did Tobias Renn say about the wall?"


def test_a_follow_up_in_which_nothing_points_back_is_answered_by_itself(desk: Assistant) -> None:
    before = [Turn(question="What did Greta Holm do?"), Turn(question="Who is Arne Lund?")]
    outcome = desk.ask("And how many workers does the quarry have?", history=before)
    assert "31 workers" in "\n".join(claim.text for claim in outcome.claims)


@pytest.mark.parametrize(
    "asked",
    [
        "What did Greta Holm say about the quarry?",
        "Who won the Fjord Cup in 2031?",
        "Who said 'not one stone of it was mine'?",
    ],
)
def test_what_nobody_says_is_not_there(desk: Assistant, asked: str) -> None:
    assert isinstance(desk.ask(asked), NoAnswer)


@pytest.mark.parametrize(
    ("sentence", "asked", "holds"),
    [
        ("Nine people were killed.", "How many people were killed?", True),
        ("He was killed on 9 May 2021.", "How many people were killed?", False),
        ("The 40-year-old was killed.", "How many people were killed?", False),
        ("COVID-19 killed him at 3:40 p.m.", "How many people were killed?", False),
        ("They were 14 times as likely to be killed.", "How many people were killed?", False),
        ("The quarry is 64 metres long.", "How long is the quarry?", True),
        ("The quarry has two walls.", "How long is the quarry?", False),
    ],
)
def test_a_number_of_something_else_is_none(sentence: str, asked: str, holds: bool) -> None:
    assert holds_quantity(sentence, "en", asked) is holds


def test_a_stop_word_of_another_language_that_tells_something_is_none() -> None:
    assert "die" not in stopwords_of(["when", "did", "the", "queen", "die"])
    assert "die" in stopwords_of(["wann", "hat", "die", "ministerin", "das", "gesagt"])


def test_a_word_is_found_by_others_of_its_meaning_and_by_its_own_inflections(
    desk: Assistant,
) -> None:
    assert other_words(desk.archive, "Who stole it?", "en")["stolen"] == "stole"
    assert other_words(desk.archive, "¿Quién firmó el acuerdo?", "en")["treati"] == "acuerdo"


def test_languages_are_told_by_the_names_that_any_of_them_gives() -> None:
    assert [news_words.named_language(one) for one in ("Ukrainian", "español", "deutsch", "x")] == [
        "uk",
        "es",
        "de",
        None,
    ]
    assert language_of("Що сказав міністр про школу?") == "uk"


@pytest.mark.parametrize("language", news_words.languages())
def test_every_meaning_has_words_in_every_language(language: str) -> None:
    told = news_words.meanings()
    lacking = [one for one in told if not one.startswith(("day_", "month_"))]
    assert [one for one in lacking if not told[one].get(language)] == []
