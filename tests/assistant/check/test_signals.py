"""The signals of a claim, one by one, over invented sentences."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.check.days import days
from assistant.check.ground import Ground
from assistant.check.reading import read, stem
from assistant.check.signals import Signals, signals
from assistant.check.support import model, support


def kinds(found: Signals) -> set[str]:
    return {clash.kind for clash in found.clashes} - {"attribution"}


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("1,500", 1500, ""),
        ("1500", 1500, ""),
        ("fifteen hundred", 1500, ""),
        ("two", 2, ""),
        ("twenty-five", 25, ""),
        ("a dozen", 12, ""),
        ("4m", 4e6, ""),
        ("€1.5 billion", 1.5e9, "money"),
        ("7.4%", 7.4, "percent"),
        ("7.4 per cent", 7.4, "percent"),
        ("3rd", 3, "ordinal"),
    ],
)
def test_numbers_are_read_however_they_are_written(written: str, value: float, unit: str) -> None:
    numbers = [
        (w.value, w.unit) for w in read(f"So {written} it was.").words if w.value is not None
    ]
    assert numbers == [(value, unit)]


def test_one_as_a_pronoun_is_no_number() -> None:
    assert [word.value for word in read("One never knows").words] == [None, None, None]


@pytest.mark.parametrize(
    ("one", "other"),
    [("reported", "reports"), ("cities", "city"), ("running", "run"), ("said", "told")],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_dead_and_injured_share_no_stem() -> None:
    assert stem("dead") != stem("injured")


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The UN met.", "The United Nations met."),
        ("The minister will resign.", "The resignation of the minister is near."),
        ("Ukrainian ships sailed.", "Ships of Ukraine sailed."),
        ("About 40 ships sailed.", "It was 39.6 ships a day that sailed."),
        ("Nearly 1,000 ships sailed.", "In all 985 ships sailed."),
    ],
)
def test_kindred_words_initials_and_round_numbers_are_covered(claim: str, passage: str) -> None:
    assert signals(claim, [passage]).novel == ()


def test_a_round_number_without_about_is_not_another_number() -> None:
    assert "number_absent" in kinds(signals("The 1,000 ships sailed.", ["The 985 ships sailed."]))


def test_percent_and_people_are_not_the_same_forty() -> None:
    found = signals("40 percent of ships sailed.", ["The 40 ships sailed."])
    assert "number_absent" in kinds(found)


def test_weekdays_meet_days_of_the_month_only_with_a_day_of_publication() -> None:
    claim, passage = "The bridge closed on 2 May.", "The bridge closed on Monday."
    assert "number_absent" in kinds(signals(claim, [passage]))
    assert kinds(signals(claim, [passage], date(2022, 5, 3))) == set()
    assert "date" in kinds(signals(claim, [passage], date(2022, 5, 13)))


def test_days_are_named_by_the_words_that_name_them() -> None:
    found = days(read("It closed on 2 May 2021 and in June.").words, None)
    assert [(day.day, day.month, day.year) for day in found] == [(2, 5, 2021), (None, 6, None)]


def test_may_is_a_month_only_beside_a_number() -> None:
    assert days(read("It may close. May it close?").words, None) == []


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Vell denied the report on Friday.", "On Friday Vell denied the report."),
        ("Vell rejected the plan.", "The plan was rejected by Vell."),
        ("Orsk praised Vell for the bridge.", "Vell was praised by Orsk for the bridge."),
        ("Prices rose and then fell.", "Prices rose and then fell."),
        ("The city plans to close the bridge.", "The city may close the bridge."),
        ("“It is safe,” said Vell.", "Vell said: “It is safe.”"),
    ],
)
def test_the_same_said_otherwise_clashes_with_nothing(claim: str, passage: str) -> None:
    assert kinds(signals(claim, [passage])) == set()


def test_a_name_that_no_passage_holds_is_absent() -> None:
    found = signals("The mayor met Ilva Tarn.", ["The mayor met a guest."])
    assert kinds(found) == {"name_absent"}


def test_words_of_one_claim_from_many_sentences_are_told_from_words_of_one() -> None:
    whole = "The council of Norburg closed the old bridge on Monday."
    parts = ["The council met.", "Norburg is old.", "They closed it.", "A bridge opened Monday."]
    one, many = signals(whole, [whole]), signals(whole, [" ".join(parts)])
    assert one.values["jumps"] == 0 < many.values["jumps"]
    assert one.values["subsequence"] == 1 > many.values["subsequence"]


def test_sentences_carry_their_passage_and_place() -> None:
    ground = Ground(["One. Two ships.", "Three ships."])
    found = [
        (place.passage, ground.readings[place.passage].text[place.start : place.end])
        for place in ground.sentences
    ]
    assert found == [(0, "One."), (0, "Two ships."), (1, "Three ships.")]


def test_every_signal_of_the_weights_is_measured() -> None:
    measured = {*signals("A ship sailed.", ["A ship sailed."]).values, "similar", "similar_all"}
    named = {*model("words").weights, *model("words_and_meaning").weights}
    assert named - measured == set()


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_any_text_has_a_score_and_spans_within_it(claim: str, passages: list[str]) -> None:
    found = support(claim, passages)
    assert 0 <= found.score <= 1
    assert all(0 <= start < end <= len(claim) for start, end in found.unsupported)
    if found.passage is not None and found.span is not None:
        assert passages[found.passage][slice(*found.span)].strip()
