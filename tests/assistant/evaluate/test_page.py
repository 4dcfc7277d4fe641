"""The page: whole by itself, nothing in it runs, the worst comes first."""

import re
from typing import Any

from assistant.evaluate.answers import Ruler, measure_answer, measure_claim
from assistant.evaluate.html_report import to_html, worst
from assistant.evaluate.report import document, to_markdown, to_text
from assistant.evaluate.rows import AnsweredRow, ClaimRow, row
from assistant.evaluate.run import Run
from ingest.errors import ReadError

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"quoted\" 'single' & [x](y)"


def made(*given: dict[str, Any]) -> dict[str, Any]:
    results = []
    for number, one in enumerate(given):
        found = row(one, str(number))
        if isinstance(found, AnsweredRow):
            results.append(measure_answer(found, Ruler()))
        elif isinstance(found, ClaimRow):
            results.append(measure_claim(found, Ruler()))
    bad = ReadError("rows.jsonl", "line 3", f"{HOSTILE}\x1b[31m")
    terms = {"of": HOSTILE}
    return document(Run(results=tuple(results), malformed=(bad,), terms=terms, seconds=0.1))


def hostile() -> dict[str, Any]:
    return made(
        {"id": HOSTILE, "question": HOSTILE, "response": f"{HOSTILE} Nine died. [1]",
         "sources": [HOSTILE], "reference": "none"},
        {"id": "b", "claim": f"Nine died. {HOSTILE}", "source": HOSTILE, "supported": True},
    )  # fmt: skip


def test_nothing_of_a_run_is_more_than_words_on_the_page() -> None:
    page = to_html(hostile())
    assert "<script" not in page
    assert "<img" not in page
    assert "onerror=alert(2)&gt;" in page
    assert "default-src 'none'" in page


def test_the_page_fetches_nothing() -> None:
    page = to_html(hostile())
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", re.sub(r"&\w+;", "", page).replace(
        "src=x onerror", ""))  # fmt: skip


def test_a_terminal_and_markdown_are_given_words_alone() -> None:
    text, markdown = to_text(hostile()), to_markdown(hostile())
    assert "\x1b" not in text
    assert "<script>" not in re.sub(r"\\.", "", markdown)


def test_the_worst_case_comes_first_with_the_reason() -> None:
    source = "Nine people were hurt when the ferry struck the rocks at Skarn on Tuesday."
    given = made(
        {"id": "good", "claim": "Nine people were hurt.", "source": source, "supported": True},
        {"id": "bad", "claim": "Forty people were hurt when the ferry struck the rocks at Skarn.",
         "source": source},
    )  # fmt: skip
    (case,) = worst(given["rows"])
    assert case.row["id"] == "bad"
    page = to_html(given)
    assert "Forty people were hurt" in page
    assert "its sources" in page
    assert f"<mark>{source}</mark>" in page


def test_curve_and_calibration_are_drawn_as_inline_svg() -> None:
    claims = [{"id": f"c{n}", "claim": "Nine people were hurt.", "supported": n > 0,
               "source": "Nine people were hurt."} for n in range(3)]  # fmt: skip
    answers = [{"id": f"a{n}", "response": "Nine were hurt.", "contexts": ["Nine were hurt."],
                "confidence": n / 4, "reference": "nine" if n else "ten"}
               for n in range(4)]  # fmt: skip
    page = to_html(made(*claims, *answers))
    assert re.findall(r'<svg viewBox="[^"]+" role="img" aria-label="(\w+)', page) == ["Error", "of"]


def test_a_run_with_nothing_wrong_says_so() -> None:
    given = made({"id": "a", "response": "Nine were hurt.", "contexts": ["Nine were hurt."]})
    assert "Nothing went wrong." in to_html(given)


def test_figures_stand_under_what_they_are_about() -> None:
    page = to_html(made({"id": "a", "response": "Nine were hurt. [1]",
                         "sources": ["Nine were hurt."], "reference": "nine"}))  # fmt: skip
    headings = re.findall(r"<tr class=group><th colspan=6>([^<]+)", page)
    assert headings == ["Answers", "Citations", "Faithfulness"]


def test_a_long_passage_is_cut_between_words_and_says_so() -> None:
    source = f"{'Before came others. ' * 40}Nine people were hurt.{' After came more.' * 40}"
    (case,) = worst(made({"id": "a", "claim": "Nine people were hurt.", "source": source,
                          "supported": False})["rows"])  # fmt: skip
    assert case.claim is not None
    shown, (start, end) = case.claim["passage"], case.claim["span"]
    assert shown[start:end] == "Nine people were hurt."
    assert (shown[:2], shown[-2:]) == ("… ", " …")
    assert shown.strip("… ") in source
