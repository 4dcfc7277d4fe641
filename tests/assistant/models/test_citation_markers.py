"""What models write for a marker is read as one, and what they set a sentence in is taken off."""

import time

import pytest

from assistant.models.reply_parser import ReplySentence, read
from tests.assistant.models.test_reply_parser import FARE, FERRY, cited, said

NOT_PLAIN = ("is no plain sentence",)


@pytest.mark.parametrize(
    ("markers", "numbers"),
    [
        ("[1] and [3]", (1, 3)),
        ("[1], [3]", (1, 3)),
        ("[1]; [3]", (1, 3)),
        ("[1] & [3]", (1, 3)),
        ("[1] or [3]", (1, 3)),
        ("[1] und [3]", (1, 3)),
        ("[1], [2] and [3]", (1, 2, 3)),
        ("(see [1] and [3])", (1, 3)),
        ("(cf. [1])", (1,)),
        ("[[1]]", (1,)),
        ("[[1], [3]]", (1, 3)),
        ("[ 1 ]", (1,)),
        ("［1］", (1,)),
        (r"\[1\]", (1,)),
        ("(doc 1)", (1,)),
        ("(document 1, 3)", (1, 3)),
        ("¹", (1,)),
        ("¹ ³", (1, 3)),
        ("①", (1,)),
        ("<sup>1</sup>", (1,)),
        ("(1) and (3)", (1, 3)),
    ],
)
def test_markers_and_the_words_between_them_leave_nothing_behind(
    markers: str, numbers: tuple[int, ...]
) -> None:
    assert said(f"{FERRY} {markers}\n{FARE} [2]") == [cited(FERRY, *numbers), cited(FARE, 2)]
    assert said(f"{FERRY[:-1]} {markers}.") == [cited(FERRY, *numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "Captain Joren Halloway (55) admitted it.",
        "The captain was Joren Halloway (55).",
        "Grevdal (3) and Kesselbrook (2) scored.",
        "It held 300 m³ on 20 m² for 3 hours.",
        "14. Februar war der Tag.",
        "14. лютого сталося лихо.",
        "The A|B test found that 3 < 5 and 5 > 3 [sic].",
        "Write to ada_quill@post.example, not to the_mayor.",
        "It is a 5* hotel beside a 4* one.",
    ],
)
def test_what_looks_like_a_marker_or_markup_in_news_is_left_alone(text: str) -> None:
    assert said(f"{text} [1]") == [cited(text, 1)]


@pytest.mark.parametrize(
    "reply",
    [
        "_The ferry to Brennick runs again_. [1]",
        "*The ferry to Brennick runs again*. [1]",
        "* *The ferry to Brennick runs again.* [1]",
        "`The ferry to Brennick runs again.` [1]",
        "<p>The ferry to Brennick runs again. [1]</p>",
        "<|im_start|>assistant\nThe ferry to Brennick runs again. [1]<|im_end|>",
        "| Sentence | Source |\n|---|---|\n| The ferry to Brennick runs again. | [1] |",
        "[1] says that the ferry to Brennick runs again.",
    ],
)
def test_what_a_sentence_is_set_in_is_taken_off(reply: str) -> None:
    assert said(reply) == [cited(FERRY, 1)]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ('{"answer": "It runs again.", "cites": [1]}', '{"answer": "It runs again.", "cites":}'),
        ("<script>alert(1)</script>It runs. [1]", "<script>alert(1)</script>It runs."),
        ("It runs<img src=x onerror=y>. [1]", "It runs<img src=x onerror=y>."),
        ("[click](javascript:it) [1]", "[click](javascript:it)"),
        ("[THINK]It runs.[/THINK] [1]", "[THINK]It runs.[/THINK]"),
        ("<|channel|>final<|message|>It runs. [1]", "<|channel|>final<|message|>It runs."),
        ("The quay | It runs. [1]", "The quay | It runs."),
    ],
)
def test_what_is_left_of_other_forms_is_no_sentence(reply: str, text: str) -> None:
    assert said(reply) == [cited(text, 1, faults=NOT_PLAIN)]


@pytest.mark.parametrize("mark", ["{q2}", "{ Q2 }", "{{q2}}"])
def test_a_reference_is_no_brace_that_was_left_over(mark: str) -> None:
    (one,) = said(f"She said: {mark} [1]")
    assert isinstance(one, ReplySentence)
    assert (one.text.count("{"), one.faults) == (1, ())


def test_marks_that_are_escaped_are_marks() -> None:
    for quoted in (r"\"It is high\"", "&quot;It is high&quot;", "&#34;It is high&#34;"):
        assert said(f"She said {quoted}. [1]") == [cited('She said "It is high".', 1)]
    assert said("Fish &amp; chips. [1]") == [cited("Fish & chips.", 1)]
    assert said("High&#8238; tide. [1]") == [cited("High&#8238; tide.", 1)]


@pytest.mark.parametrize("text", ["[1] and ", "(1), ", "((see [1", "_a *b ", "¹ ", "<sup>1"])
def test_a_line_of_strange_markers_takes_no_time(text: str) -> None:
    line = text * (3900 // len(text)) + "\n"
    start = time.process_time()
    found = list(read([line * 50], 3, 5))
    assert all(isinstance(one, ReplySentence) for one in found)
    assert time.process_time() - start < 10
