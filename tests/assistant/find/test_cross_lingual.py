"""What is asked in one language and printed in another."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answer import Answer, NoAnswer, Outcome
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder, ScriptedModel

_WORDS = {
    "transbordador": "ferry", "chocó": "struck", "rocas": "rocks", "multada": "fined",
    "heridos": "hurt", "puerto": "harbour", "alcalde": "mayor",
}  # fmt: skip
_ARTICLE = (
    "Nine people were hurt when the ferry struck the rocks at Skarn on Monday night.\n\n"
    "The ferry was fined like any other company, by a court in Tarnholt, which sat for a week.\n\n"
    "The harbour was closed for three hours, and the town slept through all of it."
)


class TranslatingEmbedder(HashingEmbedder):
    """Knows a few Spanish words, and keeps to the scale of e5-small's cosines: from .8 on."""

    def __init__(self) -> None:
        super().__init__()
        self.dims += 1
        self.fingerprint = "e5-small/translating"

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed the English of a text."""
        self.dims -= 1
        words = [_WORDS.get(word, word) for word in text.casefold().strip("¿?").split()]
        vector = super().query(" ".join(words))
        self.dims += 1
        return np.array([0.8**0.5, *(0.2**0.5 * vector)], dtype=np.float32)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Return an archive of English articles, searched by words and meaning."""
    rows = [
        {"id": "1", "title": "A night to forget", "text": _ARTICLE, "language": "en"},
        {
            "id": "2", "title": "Cheese fair", "language": "en",
            "text": "The fair was opened by a brass band, and nobody was sorry when it ended.",
        },
    ]  # fmt: skip
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with Archive.open(
        tmp_path / "a", create=True, settings=IngestSettings(embedder="none")
    ) as shelf:
        shelf.use(TranslatingEmbedder())
        ingest([file], shelf)
        yield shelf


def _asked(archive: Archive, question: str, model: ScriptedModel | None = None) -> Outcome:
    mode = "written" if model else "quotes"
    settings = Settings(mode=mode, model="none")
    return Assistant(archive, settings, model=model, records=Records(most=0)).ask(question)


_STRUCK = "¿Cuándo chocó el transbordador contra las rocas de Skarn?"
_MAYOR = "¿Quién fue el alcalde de la ciudad durante la guerra?"


def _codes(outcome: Outcome) -> Sequence[str]:
    return [notice.code for notice in outcome.warnings]


def test_an_english_article_is_quoted_where_a_spanish_question_means_it(archive: Archive) -> None:
    outcome = _asked(archive, _STRUCK)
    assert isinstance(outcome, Answer)
    assert outcome.claims[0].text == (
        "Nine people were hurt when the ferry struck the rocks at Skarn on Monday night."
    )
    assert "other_language" in _codes(outcome)


def test_what_is_about_something_else_is_not_there_in_any_language(archive: Archive) -> None:
    outcome = _asked(archive, _MAYOR)
    assert isinstance(outcome, NoAnswer)
    assert "other_language" not in _codes(outcome)


def test_what_came_nearest_in_another_language_is_named(archive: Archive) -> None:
    outcome = _asked(archive, "¿Por qué fue multada la empresa del transbordador de la isla?")
    assert isinstance(outcome, NoAnswer)
    assert "ferry" in outcome.nearest[0].text


def test_a_model_writes_nothing_of_what_is_in_another_language(archive: Archive) -> None:
    model = ScriptedModel("Nueve personas resultaron heridas. [1]")
    outcome = _asked(archive, _STRUCK, model)
    assert isinstance(outcome, Answer)
    assert outcome.mode == "quotes"
    assert model.asked == []


def test_an_embedder_whose_scale_is_not_known_finds_nothing_abroad(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": "1", "text": _ARTICLE, "language": "en"}), encoding="utf-8")
    with Archive.open(
        tmp_path / "a", create=True, settings=IngestSettings(embedder="none")
    ) as shelf:
        shelf.use(HashingEmbedder())
        ingest([file], shelf)
        assert isinstance(_asked(shelf, _STRUCK), NoAnswer)
