"""Follow-ups made to stand alone."""

import re

import pytest

from assistant.answer import Turn
from assistant.understand.coreference import ToldOf, follows, names, stand_alone
from assistant.understand.question import is_question, understand


@pytest.mark.parametrize(
    ("before", "answer", "asked", "alone"),
    [
        ("Who was missing?", "Olaf Birk.", "And where was he found?", "Where was Olaf Birk found?"),
        (
            "Who keeps the light at Marrow Bay?",
            "Jethro Quill.",
            "What is the name of his dog?",
            "What is the name of Jethro Quill's dog?",
        ),
        (
            "What is the cost of the Orchard Line?",
            "815 million crowns.",
            "What had it been in 2021?",
            "What had the cost of the Orchard Line been in 2021?",
        ),
        (
            "What rise did the teachers strike for?",
            "",
            "How much did they offer them?",
            "How much did the teachers offer them?",
        ),
        (
            "What did Halvoria say about the grain deal?",
            "",
            "And Sundmark?",
            "What did Sundmark say about the grain deal?",
        ),
        (
            "What did Halvoria say about the grain deal on Monday?",
            "",
            "And about the fishing rights?",
            "What did Halvoria say about the fishing rights?",
        ),
        (
            "How many came to the fair in 2018?",
            "",
            "what about 2019?",
            "How many came to the fair in 2019?",
        ),
        ("How many came to the fair?", "", "And in 2019?", "How many came to the fair in 2019?"),
        (
            "Who struck the rocks?",
            "",
            "When was that?",
            "When was that? (Who struck the rocks?)",
        ),
        ("Who voted against it?", "", "Who else?", "Who else? (Who voted against it?)"),
        (
            "Who is Oda Brennick?",
            "",
            "What did her lawyer say to her?",
            "What did Oda Brennick's lawyer say to her?",
        ),
    ],
)
def test_a_follow_up_names_what_it_points_at(
    before: str, answer: str, asked: str, alone: str
) -> None:
    assert follows(asked)
    assert stand_alone(asked, [Turn(question=before, answer=answer)]).text == alone


def test_whoever_a_long_answer_may_name_is_not_guessed() -> None:
    answer = "The ferry had left Port Ellin at nine on the last crossing of a very long day."
    alone = stand_alone("Where was he found?", [Turn(question="Who is missing?", answer=answer)])
    assert alone.text == "Where was he found? (Who is missing?)"


def test_a_follow_up_of_a_follow_up_reaches_back_to_the_first() -> None:
    history = [Turn(question="Who is Oda Brennick?"), Turn(question="Where was she born?")]
    assert stand_alone("And when?", history).text == "When? (Where was Oda Brennick born?)"


def test_a_question_with_names_of_its_own_stands_alone() -> None:
    assert not follows("Who is First Minister of Halvoria?")


def test_an_idle_it_points_at_nothing() -> None:
    alone = stand_alone("Does it take long to cross?", [Turn(question="What is the Orchard Line?")])
    assert alone.text.startswith("Does it take long to cross?")


NOT_SAID = "The archive does not say: nothing that was found in it answers this."
FINED = """A court fined the ferry company Skarn Line for the wreck of the Perdita. [1]
The Perdita was at 17 knots when she struck the rocks. [2]
Captain Joren Halloway’s lawyer declined to comment. [3]"""
WITHDREW = """"I withdraw what I said," Lucan Tesh told some 200 people. [1]
Asked how many, he said: "As many as it takes." [2]"""
CUP = Turn(question="Who won the 1998 World Cup?", answer=NOT_SAID)


def alone(asked: str, *before: Turn) -> str:
    return stand_alone(asked, before).text


def test_he_is_somebody_whom_the_answer_names_below_its_first_line() -> None:
    captain = Turn(question="Who is the captain of the Perdita?", answer=FINED)
    asked = "What sentence did he get?"
    assert alone(asked, CUP, captain) == "What sentence did Joren Halloway get?"


@pytest.mark.parametrize("name", ["Karin Vosse", "Vosse"])
def test_she_is_whom_was_asked_about_and_not_whom_the_answer_names(name: str) -> None:
    answer = "Roswitha Crane said she had heard Ms Karin Vosse promise it.\nJory Kettle asked why."
    asked = Turn(question=f"What did {name} say about the train?", answer=answer)
    assert alone("When did she promise it?", asked) == "When did Karin Vosse promise it?"


def test_whoever_was_asked_for_is_in_the_answer() -> None:
    answer = "Roswitha Crane said so."
    asked = Turn(question="Who contradicted Mr Lucan Tesh?", answer=answer)
    assert alone("What did she say?", asked) == "What did Roswitha Crane say?"


def test_a_last_name_that_no_answer_completes_is_whom_was_asked_about() -> None:
    asked = Turn(question="What did Vosse say about the train?", answer=NOT_SAID)
    assert alone("When did she resign?", asked) == "When did Vosse resign?"


def test_a_chain_is_about_what_it_named_last() -> None:
    first = Turn(question="Who won the Dray Cup in 2022?")
    asked = ("What did she promise?", "When was that?", "Did she do it?")
    later = [Turn(question=one) for one in asked]
    assert alone("Who followed her?", first, *later).endswith(f"({first.question})")


def test_he_is_nothing_that_may_be_no_person() -> None:
    assert alone("What did he get?", CUP) == "What did he get? (Who won the 1998 World Cup?)"


def test_he_is_a_person_who_was_asked_about_in_vain() -> None:
    asked = Turn(question="What did Lucan Tesh say about snow?", answer=NOT_SAID)
    assert alone("Did he resign?", asked) == "Did Lucan Tesh resign?"


def test_she_is_nobody_whom_the_answer_calls_he() -> None:
    asked = Turn(question="What did Lucan Tesh withdraw?", answer=WITHDREW)
    assert alone("Did he agree?", asked) == "Did Lucan Tesh agree?"
    assert alone("Did she agree?", asked) == "Did she agree? (What did Lucan Tesh withdraw?)"
    titled = Turn(question="What did Karin Vosse say?", answer="Ms Vosse blamed the sand he found.")
    assert alone("Why did she resign?", titled) == "Why did Karin Vosse resign?"


def test_a_new_name_takes_the_place_of_the_old_one_with_its_article() -> None:
    asked = Turn(question="When did the Perdita run aground?")
    assert alone("and the Skarn Line?", asked) == "When did the Skarn Line run aground?"
    assert alone("and Skarn Line?", asked) == "When did the Skarn Line run aground?"
    assert alone("and Halloway?", asked) == "When did Halloway run aground?"


def test_brackets_never_stand_in_brackets() -> None:
    first, second = Turn(question="Who struck the rocks?"), Turn(question="When was that?")
    third = stand_alone("And where?", [first, second])
    assert third.text == "Where? (When was that?)"
    assert third.topic == "When was that? Who struck the rocks?"
    assert alone("And why?", first, second, Turn(question="And where?")) == "Why? (Where?)"


@pytest.mark.parametrize(
    "said", ["thanks", "Thank you very much!", "hello", "ok", "Great, thanks.", "gracias"]
)
def test_courtesies_ask_nothing_and_nothing_follows_from_them(said: str) -> None:
    before = Turn(question="When did the Perdita run aground?")
    thanked = understand(said, history=[before])
    assert not is_question(said)
    assert thanked.text == said
    after = understand("and the Skarn Line?", history=[before, Turn(question=said)])
    assert after.text == "When did the Skarn Line run aground?"


@pytest.mark.parametrize("asked", ["ok, and why?", "Who said hello?", "Thanks to whom?", "good"])
def test_a_question_may_be_polite(asked: str) -> None:
    assert is_question(asked)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("was sagte man über ökologie", []),
        ("Що сказала Олена Ковч про єдину їдальню?", ["Олена Ковч"]),
        ("¿qué dijo Ángela Órdenes de él?", ["Ángela Órdenes"]),
        ("what did Łukasz Żak say about şehir", ["Łukasz Żak"]),
        ("did Lumo sell the eBarge to tidaLabs", ["Lumo", "eBarge", "tidaLabs"]),
    ],
)
def test_only_a_word_with_a_capital_is_a_name_and_the_whole_of_it(
    asked: str, named: list[str]
) -> None:
    assert names(asked) == named


def test_she_stays_whom_the_talk_is_about_whoever_else_an_answer_names() -> None:
    talk = [
        Turn(question="Who is Ida Brandt?", answer="Ida Brandt is a pilot."),
        Turn(question="When was she arrested?", answer="Mrs Cora Brandt said it was in March."),
        Turn(question="What did the court say about her?", answer="Mrs Nell Orlund spoke of it."),
    ]
    asked = [stand_alone("Was she released?", talk[:n]).own for n in (1, 2, 3)]
    assert asked == ["Was Ida Brandt released?"] * 3


def test_whom_a_question_asks_for_is_who_its_answer_begins_with() -> None:
    answer = "Ida Brandt will be the next harbour master of the town after a vote on Monday night."
    talk = [Turn(question="Who won the vote of the harbour board?", answer=answer)]
    assert stand_alone("What did she promise?", talk).own == "What did Ida Brandt promise?"


def _told_of(*topics: set[str]) -> ToldOf:
    """Return what tells of some topics, each by words: two questions of one are told together."""

    def told(own: str, about: str) -> bool:
        def words(text: str) -> set[str]:
            return set(re.findall(r"\w+", text.lower())) & set().union(*topics)

        return any(words(own) <= one and words(about) <= one for one in topics)

    return told


WRECK = {"rocks", "wreck", "hurt", "owner", "coastguard", "captain", "minister", "skarn", "vosse"}
BELL = {"bell", "upper", "dray", "rings"}


def talk_of(*asked: str) -> list[str]:
    """Return the questions of a talk as each is understood."""
    told = _told_of(WRECK, BELL)
    turns = [Turn(question=one) for one in asked]
    return [understand(one, history=turns[:n], told_of=told).text for n, one in enumerate(asked)]


def test_what_leaves_out_its_subject_keeps_that_of_the_talk() -> None:
    rocks = "Who struck the rocks off Skarn?"
    asked = (
        rocks,
        "How many were hurt?",
        "What did the owner say?",
        "And the coastguard?",
        "When was that?",
        "And what did Vosse say about it?",
    )
    assert talk_of(*asked) == [
        rocks,
        f"How many were hurt? ({rocks})",
        f"What did the owner say? ({rocks})",
        f"What did the coastguard say? ({rocks})",
        f"When was that? ({rocks})",
        f"What did Vosse say about it? ({rocks})",
    ]


def test_a_change_of_subject_is_noticed_and_gone_on_with() -> None:
    rocks, bell = "Who struck the rocks off Skarn?", "Who rings the bell?"
    assert talk_of(rocks, bell, "And why?")[1:] == [bell, f"Why? ({bell})"]


def test_a_question_that_has_a_form_of_its_own_is_of_no_talk() -> None:
    listed = "How many articles are there about the captain?"
    assert talk_of("Who struck the rocks off Skarn?", listed)[1] == listed


def test_what_somebody_said_is_asked_of_the_event_of_the_talk() -> None:
    rocks = "Who struck the rocks off Skarn?"
    assert talk_of(rocks, "What did Vosse say?")[1] == f"What did Vosse say? ({rocks})"
    assert talk_of(rocks, "What did Vosse say of the bell?")[1] == "What did Vosse say of the bell?"


def test_what_says_of_what_without_an_article_leaves_nothing_out() -> None:
    rocks = "Who struck the rocks off Skarn?"
    for asked in ("What did the captain say about vaccines?", "What is known about rocks?"):
        assert talk_of(rocks, asked)[1] == asked
    of_it = "What did the captain say about the wreck?"
    assert talk_of(rocks, of_it)[1] == f"{of_it} ({rocks})"
    on_monday = "What did the captain say on Monday?"
    assert talk_of(rocks, on_monday)[1] == f"{on_monday} ({rocks})"


def test_who_only_tells_an_answer_is_not_who_was_asked_for() -> None:
    answer = "A crane sank the barge, Mayor Ida Brandt said on Monday in a speech at the quay."
    sank = Turn(question="Who sank the barge?", answer=answer)
    assert alone("Where was she?", sank) == "Where was she? (Who sank the barge?)"


def test_who_was_asked_for_stands_beside_the_words_of_the_question() -> None:
    answer = """The wreck of the barge cost the town a bridge and its only ferry. [1]
Cora Nell, who had been missing for a day, was found in a cave. [2]
“We are glad,” said Mr Bo Reed, who led the search. [3]"""
    missing = Turn(question="Who was missing after the wreck?", answer=answer)
    assert alone("Where was she found?", missing) == "Where was Cora Nell found?"


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("What did the bear in the Tarnholt library eat?", "Was it caught?"),
        ("How much did the firm pay the Sandby Hill families?", "Did it apologise?"),
        ("Who won the Grand Series?", "Who met them?"),
    ],
)
def test_a_name_that_says_where_or_of_what_kind_is_not_what_it_is(before: str, asked: str) -> None:
    assert alone(asked, Turn(question=before)) == f"{asked} ({before})"
