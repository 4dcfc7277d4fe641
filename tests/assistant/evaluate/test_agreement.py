"""A report says who read the claims, and how they fared on labelled ones."""

from typing import Any

import pytest

from assistant.check.readers import SMALL
from assistant.evaluate import agreement, report
from assistant.evaluate.answers import Ruler, measure_claim
from assistant.evaluate.html_report import to_html
from assistant.evaluate.rows import ClaimRow
from assistant.evaluate.run import Run
from benchmarks.evaluation import CLAIMS
from tests.fakes import OverlapReader


def read_by(reader: str, **more: str) -> dict[str, Any]:
    row = ClaimRow(id="a", claim="The ferry sank.", passages=("It sank, the ferry.",),
                   supported=True, right=("paraphrase_true_far", "paraphrase_true_far:word_order"),
                   group="a")  # fmt: skip
    result = measure_claim(row, Ruler(reader=OverlapReader()))
    terms = {"read_by": reader, **more}
    return report.document(Run(results=(result,), malformed=(), terms=terms, seconds=0.1))


def test_of_a_reader_that_was_measured_the_figures_of_each_set_are_told() -> None:
    (note,) = read_by(SMALL)["notes"]
    assert note.startswith("claims were read by onnx:reader-small; agreement with people")
    for name, one in agreement.measured()[SMALL].items():
        assert f"{name} {one['support_bacc']:.3f} / {one['support_auc']:.3f}" in note
    assert set(agreement.measured()[SMALL]) == {*CLAIMS} - {"conflicts"}


def test_of_any_other_it_is_said_that_nobody_knows() -> None:
    (note,) = read_by("onnx:another")["notes"]
    assert note.startswith("claims were read by onnx:another; how far people agree")
    assert "morgue eval --set qags" in note


def test_of_a_language_model_its_examination_is_told() -> None:
    (note,) = read_by("model:m", examined="80 of 84 control pairs right")["notes"]
    assert note == "claims were read by model:m; 80 of 84 control pairs right"


@pytest.mark.parametrize("form", [report.to_text, report.to_markdown, to_html])
def test_every_form_of_the_report_says_it(form: Any) -> None:
    told = " ".join(form(read_by(SMALL)).replace("\\", "").split())
    assert "claims were read by onnx:reader-small" in told


def test_a_kind_of_claim_is_no_way_to_search() -> None:
    found = read_by(SMALL)
    assert "paraphrase_true_far:word_order" in found["metrics"]
    assert report.told("paraphrase_true_far:word_order").startswith("of the kind word order: true")
    assert report.told("mrr:meaning").startswith("searched by meaning alone: ")
