"""What a question wants is told by its form, in five languages, and no other question is taken."""

from datetime import date

import pytest

from assistant.answer import Question, Wants
from assistant.understand import question_forms
from assistant.understand.outlets import outlet_of, outlets_in
from assistant.understand.plan import Shelved, by_form, planned
from assistant.understand.question import understand
from ingest.article import Filters

SHELF = Shelved(
    ["usatoday.com", "theweek.co.uk", "The Harbour Post", "Mast"],
    date(2024, 5, 30),
    date(2020, 1, 1),
)


def plan_of(asked: str, filters: Filters | None = None) -> Question:
    return planned(understand(asked, filters=filters), SHELF)


@pytest.mark.parametrize(
    "asked",
    [
        "What is the opinion of the Post about slow boats?",
        "What did the Post say about slow boats?",
    ],
)
def test_whose_words_are_asked_for_binds_and_is_not_searched(asked: str) -> None:
    question = plan_of(asked)
    assert question.filters.outlets == ("The Harbour Post",)
    assert question.text == "slow boats"


@pytest.mark.parametrize(
    ("asked", "wants", "subject"),
    [
        ("How many articles mention Ida Brandt?", "count", "Ida Brandt"),
        ("how often is the Tarn mentioned in the archive", "count", "Tarn"),
        ("When was cholera first mentioned?", "first", "cholera"),
        ("Which article first mentions Ida Brandt?", "first", "Ida Brandt"),
        ("What is the latest on the bridge?", "latest", "the bridge"),
        ("List all articles about the bridge", "list", "the bridge"),
        ("In which articles is Ida Brandt named?", "list", "Ida Brandt"),
        ("What do readers say about the bridge?", "readers", "the bridge"),
        ("What did readers write under the article about the bridge?", "readers", "the bridge"),
        ("Show me the readers' comments on the bridge", "readers", "the bridge"),
        ("Did readers agree with the toll?", "readers", "the toll"),
        ("What did the commenter low_tide write?", "readers", "low_tide"),
        ("What is in this archive?", "about_archive", ""),
        ("Give me background on Ida Brandt", "background", "Ida Brandt"),
        ("A timeline of the bridge", "background", "the bridge"),
        ("What is the history of the bridge?", "background", "the bridge"),
        ("Cronología del puente", "background", "puente"),
        ("Хронологія подій на мосту", "background", "на мосту"),
        ("Summarise the coverage of the 2021 flood", "background", "flood"),
        ("What is known about Ida Brandt?", "background", "Ida Brandt"),
        ("What is known about the fire in Holm in July 2022?", "background", "the fire in Holm"),
        ("Check this paragraph: Ida Brandt sailed in 2021.", "check", "Ida Brandt sailed in 2021."),
        ("Prüfe diesen Absatz: Ida Brandt schwieg", "check", "Ida Brandt schwieg"),
        ("Що відомо про Іду Брандт?", "background", "Іду Брандт"),
        ("¿Qué se sabe de Ida Brandt?", "background", "Ida Brandt"),
        ("Gib mir einen Überblick über Ida Brandt", "background", "Ida Brandt"),
        ("Que sait-on de Ida Brandt ?", "background", "Ida Brandt"),
        ("Скільки статей згадують Іду Брандт?", "count", "Іду Брандт"),
        ("Коли вперше згадали холеру?", "first", "холеру"),
        ("Що нового про міст?", "latest", "міст"),
        ("Що кажуть читачі про міст?", "readers", "міст"),
        ("Що є в архіві?", "about_archive", ""),
        ("¿Cuántos artículos mencionan Ida Brandt?", "count", "Ida Brandt"),
        ("¿Qué dicen los lectores sobre el puente?", "readers", "el puente"),
        ("¿Qué hay en este archivo?", "about_archive", ""),
        ("Wie viele Artikel erwähnen Ida Brandt?", "count", "Ida Brandt"),
        ("Wann wurde Cholera zum ersten Mal erwähnt?", "first", "Cholera"),
        ("Was gibt es Neues über die Brücke?", "latest", "die Brücke"),
        ("Combien d’articles mentionnent Ida Brandt ?", "count", "Ida Brandt"),
        ("Que disent les lecteurs sur le pont ?", "readers", "le pont"),
    ],
)
def test_a_question_is_told_by_its_form(asked: str, wants: Wants, subject: str) -> None:
    plan = plan_of(asked).plan
    assert plan.wants == wants
    assert subject in (*plan.names, plan.query)


@pytest.mark.parametrize(
    "asked",
    [
        "How many articles about Ida Brandt did The Harbour Post publish?",
        "How many articles did The Harbour Post publish about Ida Brandt?",
        "How many stories on Ida Brandt has Mast printed?",
        "Wie viele Artikel über Ida Brandt hat Mast veröffentlicht?",
        "¿Cuántos artículos sobre Ida Brandt publicó Mast?",
        "Combien d’articles sur Ida Brandt a publiés Mast ?",
        "Скільки статей про Ida Brandt опублікувала Mast?",
    ],
)
def test_what_an_outlet_printed_on_something_is_counted_in_either_order(asked: str) -> None:
    plan = plan_of(asked).plan
    assert (plan.wants, plan.query) == ("count", "Ida Brandt")
    assert plan.outlets in {("The Harbour Post",), ("Mast",)}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("How many articles mention Ida Brandt and Oto Lind?", ["Ida Brandt", "Oto Lind"]),
        ("Which articles mention the Tarn, Oto Lind and the Moot?", ["Tarn", "Oto Lind", "Moot"]),
        ('How many articles mention "Ida Brandt" and "Oto Lind"?', ["Ida Brandt", "Oto Lind"]),
        ("Скільки статей згадують Іду Брандт і Ота Лінда?", ["Іду Брандт", "Ота Лінда"]),
        ('How many articles mention "Brandt and Lind"?', ["Brandt and Lind"]),
        ("How many articles mention Brandt and Brandt?", ["Brandt and Brandt"]),
        ("How many articles mention Oto Lind, Jr.?", ["Oto Lind, Jr"]),
        ("How many articles mention law and order?", ["law and order"]),
    ],
)
def test_names_that_are_joined_are_each_a_name(asked: str, names: list[str]) -> None:
    assert list(by_form(understand(asked), SHELF).plan.names) == names


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("How many articles mention Le Pen?", "Le Pen"),
        ("How many articles mention El Salvador?", "El Salvador"),
        ("¿Cuántos artículos mencionan El Salvador?", "El Salvador"),
        ("How many articles mention The Tarn?", "Tarn"),
        ("Combien d’articles mentionnent l’Oder ?", "Oder"),
    ],
)
def test_an_article_that_is_part_of_a_name_stays(asked: str, name: str) -> None:
    assert plan_of(asked).plan.names == (name,)


@pytest.mark.parametrize(
    "asked",
    [
        "What happened in June 2022?",
        "What happened in the week of 5 September 2022?",
        "Was geschah am 24. Juni 2022?",
        "¿Qué pasó en junio de 2022?",
        "Що сталося у червні 2022 року?",
        "Que s'est-il passé en juin 2022 ?",
    ],
)
def test_what_happened_in_a_time_is_a_list_of_that_time_alone(asked: str) -> None:
    question = plan_of(asked)
    assert question.plan.wants == "list"
    assert question.plan.order == "news"
    assert question.filters.since
    assert question.filters.since.year == 2022
    assert question.filters.until
    assert question.filters.until.year == 2022


@pytest.mark.parametrize(
    "asked",
    [
        "What happened?",
        "What happened to the bridge in 2022?",
        "What did Ida Brandt say about the bridge?",
        "What did Ida Brandt publish?",
        "How many people were aboard?",
        "When was the bridge first opened?",
        "Which countries applied to join in 2022?",
        "Who is the latest mayor?",
        "List the candidates of July 2022",
    ],
)
def test_other_questions_want_an_answer(asked: str) -> None:
    question = plan_of(asked)
    assert (question.plan.wants, question.plan.listed) == ("answer", False)
    assert question.filters == Filters()


def test_a_filter_bounds_what_happened_as_a_time_does() -> None:
    question = plan_of("What happened?", Filters(outlets=("Mast",)))
    assert question.plan.listed


@pytest.mark.parametrize(
    ("asked", "outlet"),
    [
        ("What did USA Today report on 1 November 2022?", "usatoday.com"),
        ("all articles of theweek.co.uk in the week of 18 July 2022", "theweek.co.uk"),
        ("What did The Week publish in July 2022?", "theweek.co.uk"),
        ("List everything The Harbour Post published in 2021", "The Harbour Post"),
        ("How many articles did Mast publish?", "Mast"),
        ("Was hat Mast über den Hafen veröffentlicht?", "Mast"),
    ],
)
def test_an_outlet_is_named_as_people_name_it(asked: str, outlet: str) -> None:
    question = plan_of(asked)
    assert question.plan.listed
    assert question.filters.outlets == (outlet,)


def test_a_week_is_no_outlet_and_a_given_filter_holds() -> None:
    assert outlets_in("what happened in the week of the mast", SHELF.outlets) == []
    assert outlet_of("the Mast", SHELF.outlets) == "Mast"
    assert outlet_of("the Post", SHELF.outlets) == "The Harbour Post"
    assert outlet_of("the Post", [*SHELF.outlets, "The Hill Post"]) is None
    assert outlet_of("Post", SHELF.outlets) is None
    question = plan_of("How many articles did Mast publish?", Filters(outlets=("theweek.co.uk",)))
    assert question.filters.outlets == ("theweek.co.uk",)


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ("Compare what Ida Brandt and Olaf Tesh said about the bridge",
         ["Ida Brandt said about the bridge", "Olaf Tesh said about the bridge"]),
        ("Compare what USA Today and Mast report on the bridge",
         ["USA Today: the bridge", "Mast: the bridge"]),
        ("Vergleiche, was Ida Brandt und Olaf Tesh sagten",
         ["Ida Brandt sagten", "Olaf Tesh sagten"]),
        ("Compare the ministry's and the auditor's figures for the bridge",
         ["the ministry's figures for the bridge", "the auditor's figures for the bridge"]),
        ("Compare what Ida Brandt, Olaf Tesh and Mara Linden said about the bridge",
         ["Ida Brandt said about the bridge", "Olaf Tesh said about the bridge",
          "Mara Linden said about the bridge"]),
        ("How did Mast and USA Today cover the bridge?",
         ["Mast: the bridge", "USA Today: the bridge"]),
        ("Compare coverage of the bridge in the Post and in the Mast",
         ["Post: coverage of the bridge", "Mast: coverage of the bridge"]),
        ("What is the difference between what the ministry and the county say the bridge costs?",
         ["the ministry say the bridge costs", "the county say the bridge costs"]),
    ],
)  # fmt: skip
def test_a_comparison_has_two_sides(asked: str, sides: list[str]) -> None:
    question = plan_of(asked)
    told = [" ".join(side.asked.split()).replace("report on ", "") for side in question.sides]
    assert (question.plan.wants, told) == ("compare", sides)


@pytest.mark.parametrize(
    ("asked", "wants", "topic"),
    [
        ("List Ida Brandt's stories", "list", ""),
        ("What did Ida Brandt write?", "list", ""),
        ("articles by Ida Brandt about the bridge", "list", "the bridge"),
        ("everything written by Ida Brandt", "list", ""),
        ("How many stories did Ida Brandt write?", "count", ""),
        ("Ida Brandt's latest article", "latest", ""),
        ("Was hat Ida Brandt geschrieben?", "list", ""),
    ],
)
def test_what_somebody_wrote_is_listed_by_the_byline(asked: str, wants: Wants, topic: str) -> None:
    shelf = SHELF._replace(wrote={"Ida Brandt"}.__contains__)
    question = planned(understand(asked), shelf)
    assert (question.plan.wants, question.plan.query) == (wants, topic)
    assert question.understood["must"] == 'author:"Ida Brandt"'
    assert question.must is not None
    assert planned(understand(asked), SHELF).must is None  # nobody of that name writes there


def test_two_times_are_compared_each_within_itself() -> None:
    question = plan_of("Compare what Tesh said on 5 June and on 24 June 2021")
    days = [(side.filters.since, side.filters.until) for side in question.sides]
    assert days == [(date(2021, 6, 5),) * 2, (date(2021, 6, 24),) * 2]


def test_since_a_time_before_the_archive_begins_bounds_nothing() -> None:
    assert plan_of("Who has tended the lamp since 1987?").plan.wants == "answer"


def test_since_a_month_without_a_year_is_since_the_last_one() -> None:
    question = plan_of("What has Ida Brandt said about the bridge since March?")
    assert question.plan.wants == "latest"
    assert question.sides[0].filters.since == date(2024, 3, 1)
    assert "since" not in question.sides[0].text.lower()


@pytest.mark.parametrize("language", question_forms.languages())
def test_every_language_has_forms_for_what_all_of_them_can_want(language: str) -> None:
    wanted = {form.wanted for form in question_forms.forms_of(language).forms}
    assert wanted >= {
        "about_archive", "readers", "compare", "quote", "count", "first", "newest", "latest",
        "list", "listed_time", "browse",
    }  # fmt: skip
