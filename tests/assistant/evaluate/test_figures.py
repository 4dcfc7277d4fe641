"""Figures and intervals: right, repeatable, never NaN."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.evaluation.retrieval.metrics import MRR, NDCG, Recall
from llama_index.core.evaluation.retrieval.metrics_base import BaseRetrievalMetric

from assistant.evaluate import abstention, calibration
from assistant.evaluate.bootstrap import auc, resample
from assistant.evaluate.metrics import SHOWN_ALWAYS, figures
from assistant.evaluate.result import Judged, Result, RowTally, from_json, to_json
from assistant.evaluate.retrieval import rank
from assistant.evaluate.rows import Gold
from assistant.evaluate.short_answer import contains, exact, token_f1


def result(number: int, shares: dict[str, list[float]], **more: object) -> Result:
    return Result(id=str(number), group=str(number), kind="answer", shares=shares, **more)  # type: ignore[arg-type]


def claim(number: int, score: float, label: bool) -> Result:
    judged = Judged(claim="c", score=score, verdict="supported", label=label)
    name = "support_true" if label else "support_false"
    right = (score >= 0.5) == label
    return Result(id=str(number), group=str(number), kind="claim", shares={name: [right, 1.0]},
                  claims=(judged,))  # fmt: skip


NAMES = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10, unique=True)


@given(found=NAMES, gold=st.sets(st.sampled_from("abcdefghijkl"), min_size=1, max_size=6))
def test_rankings_are_counted_as_llamaindex_counts_them(found: list[str], gold: set[str]) -> None:
    tally = RowTally()
    rank(tally, [frozenset({name}) for name in found],
         Gold(articles=frozenset(gold), every=True))  # fmt: skip
    wanted = sorted(gold)

    def theirs(metric: BaseRetrievalMetric, places: list[str]) -> float:
        return metric.compute(expected_ids=wanted, retrieved_ids=places).score

    assert {name: share[0] for name, share in tally.shares.items()} == pytest.approx(
        {
            "recall@1": theirs(Recall(), found[:1]),
            "recall@5": theirs(Recall(), found[:5]),
            "recall@10": theirs(Recall(), found),
            "mrr": theirs(MRR(), found),
            # theirs takes as many ideal places as were found; ten are meant
            "ndcg@10": theirs(NDCG(), found + ["?"] * 10),
        }
    )


def test_a_second_copy_of_what_was_found_gains_nothing() -> None:
    gold = Gold(articles=frozenset({"url a", "url b"}))
    once, twice = RowTally(), RowTally()
    rank(once, [frozenset({"url x"}), frozenset({"url a"})], gold)
    rank(twice, [frozenset({"url x"}), frozenset({"url a"}), frozenset({"url b"})], gold)
    assert once.shares == twice.shares


@pytest.mark.parametrize(
    ("answer", "text", "held"),
    [
        ("41 million", "It will cost 41 million crowns.", True),
        ("1,200", "Some 1200 people came.", True),
        ("4.5", "It fell by 4.5 per cent.", True),
        ("5", "It fell by 4.5 per cent.", False),
        ("The Tarn", "near Tarn.", True),
        ("nine", "ninety came", False),
        ("", "anything", False),
    ],
)
def test_a_short_answer_is_held_word_for_word(answer: str, text: str, held: bool) -> None:
    assert contains([answer], text) is held


def test_f1_and_exact_match_take_the_best_of_several_answers() -> None:
    assert token_f1(["nine people", "nine"], "Nine!") == 1.0
    assert token_f1(["nine people"], "nine of them") == pytest.approx(0.4)
    assert exact(["nine"], "The nine.")
    assert not exact(["nine"], "nine people")


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), max_size=20))
def test_auc_is_the_share_of_pairs_in_the_right_order(points: list[tuple[float, bool]]) -> None:
    scores = np.array([score for score, _ in points])
    labels = np.array([label for _, label in points], dtype=bool)
    if not len(points):
        return
    pairs = [
        1.0 if p > n else 0.5 if p == n else 0.0
        for (p, a), (n, b) in itertools.product(points, points)
        if a and not b
    ]
    (found,) = auc(np.ones((1, len(points))), scores, labels)
    assert math.isnan(found) if not pairs else found == pytest.approx(sum(pairs) / len(pairs))


def test_the_same_results_give_the_same_intervals_to_the_last_digit() -> None:
    results = [result(n, {"faithfulness": [n % 3 / 2, 1.0]}) for n in range(40)]
    first, again = figures(results), figures(results)
    assert first == again
    interval = first["faithfulness"].interval
    assert interval.value is not None
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < interval.value < interval.high


def test_rows_of_one_group_are_drawn_together() -> None:
    rows = [1.0] * 30 + [0.0] * 30
    apart = resample([str(n) for n in range(60)], lambda w: (w * rows).sum(1) / w.sum(1))
    tied = resample(["a"] * 30 + ["b"] * 30, lambda w: (w * rows).sum(1) / w.sum(1))
    assert (apart.low or 0) > 0.3
    assert (tied.low, tied.high) == (0.0, 1.0)


def test_figures_without_anything_to_count_are_null_and_never_nan() -> None:
    one_sided = [claim(n, 0.9, label=True) for n in range(3)]
    for results in ([], one_sided, [result(1, {})]):
        document = {name: one.interval.value for name, one in figures(results).items()}
        assert set(SHOWN_ALWAYS) <= set(document)
        assert "NaN" not in json.dumps(document, allow_nan=False)
    assert figures(one_sided)["support_bacc"].interval.value is None


def test_balanced_accuracy_weighs_both_labels_alike() -> None:
    claims = [claim(n, 0.9, label=True) for n in range(9)] + [claim(9, 0.9, label=False)]
    found = figures(claims)
    assert (found["support_bacc"].interval.value, found["support_bacc"].n) == (0.5, 10)
    assert found["support_auc"].interval.value == 0.5


def test_a_result_is_read_back_as_it_was_kept() -> None:
    judged = Judged(claim="c", score=0.1, verdict="partly", span=(0, 2), reason="why")
    kept = Result(id="1", group="g", kind="answer", shares={"mrr": [1 / 3, 1.0]},
                  unscored=("why",), claims=(judged,))  # fmt: skip
    assert from_json(json.loads(json.dumps(to_json(kept)))) == kept


def test_the_surest_are_answered_first_and_ties_together() -> None:
    results = [
        result(1, {}, confidence=0.9, right=True),
        result(2, {}, confidence=0.5, right=False),
        result(3, {}, confidence=0.5, right=True),
        result(4, {}, confidence=0.1, right=False),
        result(5, {}, confidence=None, right=True),
    ]
    points = abstention.curve(results)
    assert [(p.coverage, p.error) for p in points] == [(0.25, 0), (0.75, 1 / 3), (1.0, 0.5)]
    assert abstention.area(points) == pytest.approx(0.25 * 0 + 0.5 / 3 + 0.25 * 0.5)


def test_there_is_no_curve_where_nothing_could_be_right() -> None:
    unanswerable = {"abstention_recall": [0.0, 1.0]}
    assert abstention.curve([result(1, unanswerable, confidence=0.9, right=False)]) == []
    assert abstention.area([]) is None


def test_calibration_sets_scores_beside_what_people_found() -> None:
    claims = [claim(n, 0.95, label=n != 0) for n in range(10)] + [claim(10, 0.05, label=False)]
    low, high = calibration.bins(claims)
    assert (low.n, low.score, low.supported) == (1, 0.05, 0.0)
    assert (high.n, high.score, high.supported) == (10, 0.95, 0.9)
    assert 0.5 < high.low < 0.9 < high.high < 1.0
