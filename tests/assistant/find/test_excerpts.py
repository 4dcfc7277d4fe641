"""What a model reads: whole paragraphs that tell something, each once, within a budget."""

from assistant.ask import Assistant
from assistant.settings import Settings
from ingest.archive import Archive
from tests.fakes import ScriptedModel


def read(sample: Archive, question: str, words: int) -> list[str]:
    """Return the numbered lines of what a model is given for a question."""
    model = ScriptedModel("NOT IN THE ARCHIVE")
    Assistant(sample, Settings(budget=words), model).ask(question)
    return [line for line in model.asked[0][-1].text.splitlines() if line.startswith("[")]


PERDITA = "How many people were aboard the Perdita?"


def test_a_budget_of_words_holds(sample: Archive) -> None:
    few, many = read(sample, PERDITA, 100), read(sample, PERDITA, 1000)
    assert sum(line.count(" ") for line in few) <= 100 + len(few)
    assert len(few) < len(many)


def test_what_answers_best_is_read_first_of_all(sample: Archive) -> None:
    assert any("187 people" in line for line in read(sample, PERDITA, 100))


def test_a_headline_is_no_passage_and_nothing_is_read_twice(sample: Archive) -> None:
    lines = [line.partition(" ")[2] for line in read(sample, PERDITA, 1000)]
    assert len(lines) == len(set(lines))
    assert "Ferry with 187 aboard strikes rocks off Skarn Island, one dead" not in lines


def test_the_first_article_is_read_as_a_whole_where_there_is_room(sample: Archive) -> None:
    outcome = Assistant(sample, Settings()).ask(PERDITA)
    leading = outcome.citations[0].article
    body = next(part for part in leading.parts if part.part == "body")
    paragraphs = [line for line in leading.text[body.start : body.end].splitlines() if line]
    lines = "\n".join(read(sample, PERDITA, 1500))
    assert all(paragraph in lines for paragraph in paragraphs if paragraph.count(" ") > 10)
