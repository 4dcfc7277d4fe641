"""Rows of any shape: what is read as what, and what is wrong with the rest."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluate.rows import (
    AnsweredRow,
    AskedRow,
    ClaimRow,
    Gold,
    Row,
    Source,
    article_keys,
    read,
    row,
)
from assistant.evaluate.saying import CitedSentence, cut
from ingest.errors import MorgueError, ReadError


def answer(given: dict[str, Any]) -> AnsweredRow:
    found = row(given, "1")
    assert isinstance(found, AnsweredRow)
    return found


def lines(folder: Path, *given: object) -> list[Row | ReadError]:
    file = folder / "rows.jsonl"
    file.write_text("".join(f"{g if isinstance(g, str) else json.dumps(g)}\n" for g in given))
    return list(read(file))


def test_a_row_with_markers_and_contexts_is_an_answer_whose_sentences_cite() -> None:
    found = answer(
        {
            "user_input": "How many were hurt?",
            "response": "Nine were hurt. [1][2] It rained [2, 3].",
            "retrieved_contexts": ["Nine.", "Rain.", None],
            "reference": "nine",
        }
    )
    assert found == AnsweredRow(
        id="1",
        group="1",
        question="How many were hurt?",
        text="Nine were hurt.\nIt rained.",
        sentences=(
            CitedSentence(text="Nine were hurt.", cites=(1, 2)),
            CitedSentence(text="It rained.", cites=(2, 3)),
        ),
        sources=(Source(n=1, text="Nine."), Source(n=2, text="Rain."), Source(n=3, text=None)),
        abstained=False,
        cites=True,
        gold=Gold(answers=("nine",)),
    )


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("It rained. [1]", [(1,)]),
        ("It rained [1]. It snowed [2-4].", [(1,), (2, 3, 4)]),
        ("It rained.[1] It snowed.[2][9]", [(1,), (2, 9)]),
        ("It rained【2†source】.", [(2,)]),
        ("It rained. [1] It snowed. [2]", [(1,), (2,)]),
        ("It rained from [1800-1900].", [()]),
    ],
)
def test_a_marker_belongs_to_the_sentence_before_it(text: str, cited: list[tuple[int]]) -> None:
    assert [sentence.cites for sentence in cut(text, {1, 2, 3})] == cited


def test_brackets_are_words_where_there_are_no_sources() -> None:
    assert cut("The vote was 3 to 1 [12].", ()) == (
        CitedSentence(text="The vote was 3 to 1 [12]."),
    )


@pytest.mark.parametrize(
    "text",
    ["", "   ", "…", "I'm sorry, but the provided context does not say.", "NOT IN THE ARCHIVE",
     "The passages do not mention it. No information is given."],
)  # fmt: skip
def test_an_empty_response_and_a_refusal_are_abstentions(text: str) -> None:
    found = answer({"question": "Who?", "response": text, "contexts": ["x"]})
    assert (found.abstained, found.text, found.sentences) == (True, "", ())


def test_a_refusal_that_goes_on_with_cited_reporting_is_an_answer() -> None:
    text = "The passages do not say who. The mayor resigned on Friday [1]."
    assert not answer({"question": "Who?", "response": text, "contexts": ["x"]}).abstained


def test_the_older_shape_has_the_response_under_answer_and_the_truth_apart() -> None:
    given = {"question": "Who?", "answer": "Lund.", "contexts": ["x"], "ground_truth": "Otto Lund"}
    found = answer(given)
    assert (found.text, found.gold.answers) == ("Lund.", ("Otto Lund",))


def test_other_tools_names_are_understood() -> None:
    given = {"input": "Who?", "actual_output": "Lund.", "retrieval_context": ["x"],
             "expected_output": "Lund"}  # fmt: skip
    found = answer(given)
    assert (found.question, found.text, found.gold.answers) == ("Who?", "Lund.", ("Lund",))


def test_a_conversation_stands_for_its_last_human_turn() -> None:
    turns = [{"type": "human", "content": "Hello"}, {"type": "ai", "content": "Hi"},
             {"type": "human", "content": "Who won?"}]  # fmt: skip
    assert answer({"user_input": turns, "response": "Lund."}).question == "Who won?"


def test_a_question_knows_what_answers_it() -> None:
    given = {"id": 7, "question": "Who?", "answer": ["Lund", "Otto Lund"], "date": "2024-05-02",
             "gold_urls": ["https://www.tarn.example/a/"], "speaker": "Lund",
             "quote": "No."}  # fmt: skip
    found = row(given, "1")
    assert isinstance(found, AskedRow)
    assert found.id == "7"
    assert found.gold == Gold(
        answers=("Lund", "Otto Lund"),
        articles=article_keys(url="http://tarn.example/a"),
        expects="answer",
        quotes=("No.",),
        speaker="Lund",
    )


@pytest.mark.parametrize(
    ("given", "expects"),
    [
        ({"answer": None}, "no_answer"),
        ({"answerable": False}, "no_answer"),
        ({"expect": "no_answer", "answer": "x"}, "no_answer"),
        ({"answer": "Lund", "gold_urls": []}, None),
        ({"answer": "Lund", "gold_urls": ["https://a.example/b"]}, "answer"),
        ({}, None),
    ],
)
def test_whether_a_question_can_be_answered_is_read_off_its_row(
    given: dict[str, Any], expects: str | None
) -> None:
    found = row({"question": "Who?", **given}, "1")
    assert isinstance(found, AskedRow)
    assert found.gold.expects == expects


def test_a_claim_with_its_passages_is_a_claim() -> None:
    assert row({"claim": "Nine died.", "source": "Ten died.", "supported": False}, "3") == ClaimRow(
        id="3", group="3", claim="Nine died.", passages=("Ten died.",), supported=False
    )


def test_what_is_wrong_with_a_row_is_said_with_its_file_and_line(tmp_path: Path) -> None:
    found = lines(
        tmp_path, {"question": "Who?"}, '{"question": ', {"foo": 1}, {"question": " "},
        {"id": "x", "error": {"message": "no such outlet"}}, [1], {"claim": "a", "supported": "?"},
    )  # fmt: skip
    errors = [str(one) for one in found if isinstance(one, ReadError)]
    assert [error.partition(": ")[::2] for error in errors] == [
        ("rows.jsonl, line 2", errors[0].partition(": ")[2]),
        ("rows.jsonl, line 3", "the row is neither a question, an answer nor a claim"),
        ("rows.jsonl, line 4", errors[2].partition(": ")[2]),
        ("rows.jsonl, line 5", "the answer is an error: no such outlet"),
        ("rows.jsonl, line 6", "the row is not an object"),
        ("rows.jsonl, line 7", errors[5].partition(": ")[2]),
    ]
    assert "it is not JSON" in errors[0]
    assert "question:" in errors[2]
    assert "supported:" in errors[5]


def test_ids_are_made_unique_and_a_row_without_one_takes_its_line(tmp_path: Path) -> None:
    found = lines(tmp_path, {"id": "a", "question": "1?"}, {"question": "2?"},
                  {"id": "a", "question": "3?"})  # fmt: skip
    assert [one.id for one in found if isinstance(one, AskedRow)] == ["a", "2", "a#2"]


ANSWER = {"response": "Nine.", "retrieved_contexts": ["Nine."]}
MISSING = {"response": None, "retrieved_contexts": ["Nine."]}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("before", ["", "\ufeff", " \n\n"])
def test_one_array_of_rows_is_read_like_lines(
    tmp_path: Path, indent: int | None, before: str
) -> None:
    file = tmp_path / "rows.json"
    file.write_text(before + json.dumps([ANSWER, {"question": "Who?"}, 7], indent=indent))
    answer, question, wrong = read(file)
    assert isinstance(answer, AnsweredRow)
    assert isinstance(question, AskedRow)
    assert (answer.id, question.id) == ("1", "2")
    assert str(wrong) == "rows.json, row 3: the row is not an object"


@pytest.mark.parametrize("given", [MISSING, {"retrieved_contexts": ["Nine."], "question": "?"}])
def test_a_row_without_a_response_is_no_abstention(given: dict[str, Any]) -> None:
    found = row(given, "1")
    assert isinstance(found, AnsweredRow)
    assert (found.responded, found.abstained) == (False, False)


def test_a_gzipped_file_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"question": "Who?"}\n\n'))
    assert [type(one) for one in read(file)] == [AskedRow]


def test_a_broken_gzip_is_a_read_error(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"question": "Who?"}\n' * 50)[:40])
    with pytest.raises(ReadError, match="it cannot be read"):
        list(read(file))


def test_a_row_that_is_no_object_is_refused() -> None:
    with pytest.raises(MorgueError, match="not an object"):
        row(["question"], "1")
