"""`morgue eval` as people and CI run it."""

import json
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import morgue

ARTICLES = [
    {"title": "Kiln closes", "date": "2024-05-02", "url": "https://tarn.example/kiln",
     "text": "The last brick kiln of Oster Tarn closed on Thursday.\n\n"
     "“We have no clay left in the pits,” its owner Ida Brandt said."},
    {"title": "Ferry late", "date": "2024-05-09", "url": "https://tarn.example/ferry",
     "text": "The ferry to Skarn was two hours late on Monday, the harbour master said."},
]  # fmt: skip
QUESTIONS = [
    {"id": "kiln", "question": "When did the last brick kiln of Oster Tarn close?",
     "answer": "Thursday", "gold_urls": ["https://tarn.example/kiln"]},
    {"id": "clay", "question": "Who said that there is no clay left in the pits?",
     "answer": "Ida Brandt", "speaker": "Brandt", "quote": "We have no clay left in the pits",
     "gold_urls": ["https://tarn.example/kiln"]},
    {"id": "moon", "question": "Who won the chess cup on the moon?", "answer": None},
]  # fmt: skip


class Desk:
    """A folder with an archive, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> Result:
        # In this process: another would spend its time on importing what is here already.
        environment = {
            "MORGUE_EMBEDDER": "none",
            "MORGUE_ARCHIVE": str(self.folder / "archive"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        with chdir(self.folder):
            return CliRunner().invoke(morgue, [*arguments], env=environment)

    def document(self, *arguments: str) -> dict[str, Any]:
        done = self.run(*arguments, "--json")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def write(self, name: str, *rows: object) -> str:
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
        return name


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("eval"))
    desk.write("articles.jsonl", *ARTICLES)
    assert desk.run("ingest", "articles.jsonl").exit_code == 0
    desk.write("questions.jsonl", *QUESTIONS)
    return desk


def test_questions_are_asked_and_everything_about_them_is_measured(desk: Desk) -> None:
    found = desk.document("eval", "questions.jsonl")
    values = {name: one["value"] for name, one in found["metrics"].items()}
    assert values["recall@1"] == values["mrr"] == values["recall@1:words"] == 1.0
    assert values["answer_contains"] == values["speaker_accuracy"] == 1.0
    assert values["abstention_f1"] == values["faithfulness"] == values["verbatim"] == 1.0
    assert values["support_bacc"] is None
    assert found["notes"][0].endswith("their faithfulness is 1 by construction")


def test_rows_without_a_response_are_left_out_and_counted(desk: Desk) -> None:
    answer = {"response": "The kiln closed.", "retrieved_contexts": ["The kiln closed."]}
    missing = [{"question": "Who?"}, {**answer, "response": None}]
    rows = [answer, *missing]
    (desk.folder / "answers.json").write_text(json.dumps(rows))
    found = desk.document("eval", "answers.json")
    assert found["unscored"]["answers: the row has no response"] == 2
    assert found["metrics"]["faithfulness"]["n"] == 1
    desk.write("alone.jsonl", answer)
    alone = desk.document("eval", "alone.jsonl")
    assert alone["metrics"] == found["metrics"]


def test_the_same_input_gives_the_same_figures_to_the_last_digit(desk: Desk) -> None:
    first, again = (desk.document("eval", "questions.jsonl") for _ in range(2))
    for found in (first, again):
        assert found.pop("seconds") > 0
        assert found.pop("times")
    assert first == again


def test_what_ask_printed_is_measured_alike_with_the_right_answers_beside_it(desk: Desk) -> None:
    asked = desk.run("ask", "--questions", "questions.jsonl", "--json")
    (desk.folder / "answers.jsonl").write_text(asked.stdout)
    found = desk.document("eval", "answers.jsonl", "--gold", "questions.jsonl")["metrics"]
    direct = desk.document("eval", "questions.jsonl")["metrics"]
    for name in ("answer_contains", "citation_recall", "citation_gold_recall", "abstention_f1",
                 "speaker_accuracy", "faithfulness", "quote_exact"):  # fmt: skip
        assert found[name] == direct[name], name


def test_rows_that_cannot_be_read_are_named_and_the_rest_is_measured(desk: Desk) -> None:
    name = desk.write("odd.jsonl", {"response": "It rained.", "contexts": ["It rained."]},
                      {"foo": 1}, {"response": "", "contexts": ["x"]},
                      {"response": "It rained.", "contexts": [None]})  # fmt: skip
    done = desk.run("eval", name, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [(one["file"], one["where"]) for one in found["malformed"]] == [("odd.jsonl", "line 2")]
    assert found["metrics"]["faithfulness"]["n"] == 1
    assert found["unscored"]["faithfulness: there is no source with text"] == 1
    assert found["unscored"]["the row cannot be read"] == 1
    assert found["rows"][1]["kind"] == "no_answer"


def test_without_gold_every_answerable_question_becomes_one_to_decline(desk: Desk) -> None:
    found = desk.document("eval", "questions.jsonl", "--without-gold")
    assert found["metrics"]["abstention_recall"]["n"] == 2
    assert found["metrics"]["recall@1"]["n"] == 0
    assert found["unscored"]["without gold: the question names no article to take out"] == 1


def test_one_ranking_alone_bears_the_plain_names(desk: Desk) -> None:
    words = desk.document("eval", "questions.jsonl", "--by", "words")
    assert words["metrics"]["recall@1"]["value"] == 1.0
    assert "recall@1:words" not in words["metrics"]
    meaning = desk.document("eval", "questions.jsonl", "--by", "meaning")
    assert meaning["unscored"]["retrieval: nothing is embedded to search by meaning"] == 2


def test_a_floor_that_holds_lets_the_run_pass_and_one_that_does_not_fails_it(desk: Desk) -> None:
    assert desk.run("eval", "questions.jsonl", "--write-floor", "floors.json").exit_code == 0
    assert desk.run("eval", "questions.jsonl", "--floor", "floors.json").exit_code == 0
    floors = json.loads((desk.folder / "floors.json").read_text())
    floors["floors"]["mrr"] = 1.5
    (desk.folder / "floors.json").write_text(json.dumps(floors))
    done = desk.run("eval", "questions.jsonl", "--floor", "floors.json")
    assert done.exit_code == 1
    assert "mrr: 1.000, its floor is 1.500" in done.stdout


def test_a_run_is_compared_with_an_earlier_one(desk: Desk) -> None:
    (desk.folder / "run.json").write_text(desk.run("eval", "questions.jsonl", "--json").stdout)
    found = desk.document("eval", "questions.jsonl", "--compare", "run.json")["compare"]
    assert {one["difference"]["value"] for one in found} == {0.0}


def test_a_page_and_markdown_are_written(desk: Desk) -> None:
    done = desk.run("eval", "questions.jsonl", "--html", "run.html", "--markdown", "run.md")
    assert done.exit_code == 0
    assert (desk.folder / "run.html").read_text().startswith("<!doctype html>")
    assert "| faithfulness | 1.000 |" in (desk.folder / "run.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "give a file of rows, or --set NAME --data DIR"),
        (["questions.jsonl", "--set", "qags"], "give a file of rows"),
        (["--set", "qags"], "--set needs --data DIR"),
        (["questions.jsonl", "--lower", "mrr=x"], "--lower goes with --write-floor"),
    ],
)
def test_wrong_usage_says_what_is_wanted(desk: Desk, arguments: list[str], why: str) -> None:
    done = desk.run("eval", *arguments)
    assert (done.exit_code, why in done.stderr) == (2, True)


def test_a_failure_with_json_is_an_error_document(desk: Desk) -> None:
    done = desk.run("eval", "--set", "nosuch", "--data", ".", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["kind"] == "SettingsError"
