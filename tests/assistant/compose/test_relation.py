"""What two reports are judged by: the sentences that answer, days, numbers; and for whom."""

from datetime import date
from typing import get_args

import pytest

from assistant.check.reader import NearCopies
from assistant.compose.relation import (
    Pair,
    Relation,
    ReportSide,
    features,
    fitted,
    weights,
)
from assistant.evaluate.answers import Ruler
from assistant.evaluate.differing import measure_pair
from assistant.evaluate.rows import PairRow
from tests.fakes import OverlapReader

ASKED = "How many people died in the flood at Dunmere?"
DAYS, SAME_DAY, SHARED, APART, GREW = 6, 7, 8, 9, 10


def report(text: str, day: int | None = 10, language: str | None = "en") -> ReportSide:
    return ReportSide(
        text=text,
        outlet=None,
        published=date(2025, 3, day) if day else None,
        headline="The flood",
        language=language,
    )


def signs(one: ReportSide, other: ReportSide) -> tuple[float, ...]:
    (found,) = features([Pair(ASKED, one, other)], OverlapReader())
    return found


def test_the_sentence_that_answers_is_held_against_the_whole_of_the_other_report() -> None:
    reader = OverlapReader()
    long = "Schools stay shut. In the flood at Dunmere 14 people died. The mayor wept."
    short = "Fourteen people died in the flood."
    features([Pair(ASKED, report(long), report(short))], reader)
    (claim, evidence), (back, whole) = reader.pairs
    assert (claim, back) == ("In the flood at Dunmere 14 people died.", short)
    assert evidence.endswith(short)
    assert whole.endswith(long)


def test_a_number_is_the_same_in_words_and_in_figures() -> None:
    same = signs(report("14 people died."), report("Fourteen people died."))
    apart = signs(report("Nine people died."), report("14 people died."))
    assert (same[SHARED], same[APART]) == (1.0, 0.0)
    assert (apart[SHARED], apart[APART], apart[GREW]) == (0.0, 1.0, 1.0)


def test_in_a_language_nobody_knows_figures_are_read_all_the_same() -> None:
    found = signs(report("14 umitrelo.", language=None), report("14 pupule.", language="xx"))
    assert found[SHARED] == 1.0


def test_two_reports_are_of_one_day_only_where_both_have_one() -> None:
    text = "14 people died."
    assert signs(report(text), report(text))[SAME_DAY] == 1.0
    assert signs(report(text), report(text, day=None))[SAME_DAY] == 0.0
    assert signs(report(text), report(text, day=12))[DAYS] > 0


@pytest.mark.parametrize("text", ["9" * 400 + " died.", "", "…"])
def test_no_text_is_too_odd_for_it(text: str) -> None:
    assert len(signs(report(text), report("14 people died."))) == 12


def test_where_nothing_is_fitted_to_the_reader_a_pair_is_not_scored_and_that_is_said() -> None:
    row = PairRow(id="1", pair=Pair(ASKED, report("14 died."), report("Nine died.")),
                  relation="conflict", group="1")  # fmt: skip
    for reader in (OverlapReader(), NearCopies()):
        assert not fitted(reader)
        found = measure_pair(row, Ruler(reader=reader))
        assert found.shares == {}
        (why,) = found.unscored
        assert reader.name in why


def test_whoever_has_weights_has_one_for_each_sign_and_a_bias() -> None:
    for relations in weights().values():
        assert {len(own) for own in relations.values()} == {13}
        assert set(relations) == set(get_args(Relation))
