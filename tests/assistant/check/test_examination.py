"""A model sits an examination before it reads: passing, failing, and what may go wrong."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from assistant.check import examined_reader, readers
from assistant.check.examination import ControlPair, control_pairs, examine, examined, kept
from assistant.check.examined_reader import ExaminedReader
from assistant.check.model_reader import ModelReader
from assistant.check.reader import NearCopies, Probabilities
from assistant.errors import ServiceDown
from assistant.models import llm, prompts
from assistant.models.prompts import as_data
from assistant.settings import Settings
from ingest.errors import SettingsError
from tests.fakes import OverlapReader, ScriptedModel
from tests.openai_server import OpenAIServer, Reply

LATER = Reply(status=503, headers={"Retry-After": "3600"}, error={"message": "closed"})


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def pair_in(body: Mapping[str, Any]) -> ControlPair:
    asked = body["messages"][-1]["content"]
    return next(
        pair
        for pair in control_pairs()
        if f"The sentence: {as_data(pair.claim, one_line=True)}\n" in asked
        and as_data(pair.evidence) in asked
    )


def rightly(body: Mapping[str, Any]) -> Reply:
    """Answer as a model that reads well, with odds where they are asked for."""
    said, other = ("yes", "no") if pair_in(body).label else ("no", "yes")
    return Reply(text=said, odds={said: 0.9, other: 0.1}, tokens=300)


def always_yes(body: Mapping[str, Any]) -> Reply:
    return Reply(text="yes")


def plainly(body: Mapping[str, Any]) -> Reply:
    """Answer well, but refuse to tell log-probabilities."""
    return Reply(status=422) if "logprobs" in body else Reply(text=rightly(body).text)


class ClosesEarly:
    """Answers so many questions well, and is closed then."""

    def __init__(self, most: int) -> None:
        self.left = most
        self._lock = Lock()

    def __call__(self, body: Mapping[str, Any]) -> Reply:
        with self._lock:
            self.left -= 1
            return rightly(body) if self.left >= 0 else LATER


def asked_at(server: OpenAIServer, **settings: object) -> ModelReader:
    given = {"model": "scripted", "base_url": server.url, **settings}
    about = Settings.model_validate(given)
    model = llm.load(about)
    assert model is not None
    return ModelReader(model, prompts.load("judge", about.prompts), OverlapReader())


def test_the_pairs_are_of_all_four_kinds_and_many_languages() -> None:
    pairs = control_pairs()
    assert len({pair.id for pair in pairs}) == len(pairs) >= 40
    assert set(Counter(pair.cell for pair in pairs).values()) == {len(pairs) // 4}
    assert {"en", "uk", "es", "de", "fr"} <= {pair.language for pair in pairs}


class ReaderBy:
    """A reader that knows the pairs, and is right where it is told to be."""

    name = "by heart"
    reads = True
    dear = False

    def __init__(self, right: Callable[[ControlPair], bool]) -> None:
        self._right = right

    def supports(self, pairs: Any) -> list[Probabilities]:
        known = {(pair.claim, pair.evidence): pair for pair in control_pairs()}
        told = [known[pair].label == self._right(known[pair]) for pair in pairs]
        return [Probabilities(float(yes), 1.0 - yes, 0.0) for yes in told]

    def answers(self, asked: Any) -> list[float]:
        return [0.0] * len(asked)


@pytest.mark.parametrize(
    ("right", "passed"),
    [
        (lambda _: True, True),
        (lambda pair: not pair.id.endswith("7"), True),
        (lambda pair: pair.label, False),
        (lambda pair: pair.far != pair.label, False),
        (lambda pair: pair.cell != "false close", False),
        (lambda _: False, False),
    ],
)
def test_who_is_right_in_every_cell_passes_and_nobody_else(
    right: Callable[[ControlPair], bool], passed: bool
) -> None:
    assert examine(ReaderBy(right)).passed == passed


def test_who_counts_words_does_not_pass() -> None:
    assert not examine(OverlapReader()).passed
    assert not examine(NearCopies()).passed


def test_a_language_that_is_not_read_is_named() -> None:
    found = examine(ReaderBy(lambda pair: pair.language != "fr" or pair.far))
    assert (found.passed, found.unread) == (True, ("fr",))
    assert found.in_words.endswith("; does not read fr")


def test_a_model_that_passes_reads_and_sits_once_a_month(tmp_path: Path) -> None:
    with OpenAIServer(answering=rightly) as server:
        reader = ExaminedReader(asked_at(server))
        before = (reader.name, reader.dear, reader.supports([("A b.", "A b c.")])[0].read_by)
        reader.begin()
        reader.begin()
        sat = reader.sat(60)
        assert sat is not None
        assert (sat.right, sat.of, sat.passed) == (84, 84, True)
        asked = len(server.chats)
        assert (reader.name, reader.dear, reader.warning) == ("model:scripted", True, None)
        assert ExaminedReader(asked_at(server)).trusted, "another process knows it passed"
        assert kept(asked_at(server, model="another")) is None
        (tmp_path / "own").mkdir()
        shipped = Path("prompts/judge.md").read_text(encoding="utf-8")
        (tmp_path / "own" / "judge.md").write_text(shipped + "\n", encoding="utf-8")
        assert kept(asked_at(server, prompts=tmp_path / "own")) is None
    assert (before, asked) == (("overlap", False, "overlap"), 84)


def test_a_model_that_fails_does_not_read_and_everything_says_so() -> None:
    said: list[str] = []
    with OpenAIServer(answering=always_yes) as server:
        reader = ExaminedReader(asked_at(server))
        reader.begin()
        sat = reader.sat(60)
        assert sat is not None
        assert (sat.passed, reader.name) == (False, "overlap")
        assert reader.warning is not None
        assert reader.warning.code == "reader"
        assert "42 of 84 right" in reader.warning.text
        settings = {"model": "scripted", "base_url": server.url}
        asked = len(server.chats)
        for checker, ok in (("auto", True), ("model", False)):
            given = Settings.model_validate({**settings, "checker": checker})
            check = examined_reader.look(given, llm.load(given), said.append)
            assert (check.ok, "42 of 84" in check.found) == (ok, True)
            assert "MORGUE_CHECKER_MODEL" in (check.hint or "")
        assert said == [], "nobody is told of calls that are not made"
        anyway = ExaminedReader(asked_at(server), anyway=True)
        assert (anyway.name, len(server.chats)) == ("model:scripted", asked)
        assert anyway.warning is not None
        assert "reads all the same" in anyway.warning.text


def test_a_server_that_tells_no_odds_may_pass_by_plain_words() -> None:
    with OpenAIServer(answering=plainly) as server:
        assert examined(asked_at(server)).passed
    assert 84 <= sum("logprobs" not in request.body for request in server.chats) <= 85


def test_an_examination_that_breaks_off_leaves_the_small_reader_and_goes_on_later() -> None:
    said: list[str] = []
    with OpenAIServer(answering=ClosesEarly(24)) as server:
        reader = ExaminedReader(asked_at(server))
        reader.begin()
        assert reader.sat(60) is None
        assert (reader.name, reader.warning) == ("overlap", None)
        assert reader.supports([("A b.", "A b c.")])[0].read_by == "overlap"
        settings = Settings(checker="auto", base_url=server.url, model="scripted")
        check = examined_reader.look(settings, reader.asked.model, said.append)
        assert not check.ok
        assert said == ["model:scripted sits its examination as a reader of claims: 84 calls"]
        server.answering = rightly
        asked = len(server.chats)
        reader.begin()
        assert reader.sat(60) is not None
        assert reader.name == "model:scripted"
        assert 60 <= len(server.chats) - asked < 84  # what was under way may be asked again


def test_a_claim_that_the_model_fails_on_is_read_by_the_small_reader() -> None:
    def fails_on_one(body: Mapping[str, Any]) -> Reply:
        return LATER if "Three" in body["messages"][-1]["content"] else Reply(text="yes")

    with OpenAIServer(answering=fails_on_one) as server:
        reader = ExaminedReader(asked_at(server), anyway=True)
        claims = [("One two.", "x"), ("Three four.", "three four"), ("Five six.", "x")]
        found = reader.supports(claims)
    assert [one.read_by for one in found] == ["model:scripted", "overlap", "model:scripted"]
    assert [one.supported for one in found] == [1.0, 1.0, 1.0]


def test_a_model_that_is_named_to_measure_with_sits_its_examination_too() -> None:
    with OpenAIServer(answering=rightly) as server:
        named = readers.load("model:scripted", Settings(base_url=server.url))
        fared = examined_reader.fared(named)
    assert fared is not None
    assert fared.in_words == (
        "84 of 84 control pairs right (true close 21/21, false close 21/21, false far 21/21, "
        "true far 21/21)"
    )
    assert examined_reader.fared(NearCopies()) is None


def test_an_error_in_the_model_is_not_remembered() -> None:
    down = ModelReader(
        ScriptedModel(ServiceDown("gone"), "yes"), prompts.load("judge"), OverlapReader()
    )
    reader = ExaminedReader(down, anyway=True)
    read_by = [reader.supports([("One two.", "x")])[0].read_by for _ in range(2)]
    assert read_by == ["overlap", "model:scripted"]


@pytest.mark.parametrize(
    "broken", ["", "[1]", '{"at": "yesterday", "right": {}}', '{"at": "2020-01-01", "right": {}}']
)
def test_what_is_kept_and_cannot_be_read_is_asked_again(tmp_path: Path, broken: str) -> None:
    asked = ModelReader(ScriptedModel("yes"), prompts.load("judge"), OverlapReader())
    assert examined(asked).right == 42
    (file,) = (tmp_path / "cache" / "morgue" / "examinations").glob("*")
    assert kept(asked) is not None
    file.write_text(broken, encoding="utf-8")
    assert kept(asked) is None
    assert examined(asked).of == 84


def test_an_examination_is_not_kept_for_ever(tmp_path: Path) -> None:
    asked = ModelReader(ScriptedModel("yes"), prompts.load("judge"), OverlapReader())
    examined(asked)
    (file,) = (tmp_path / "cache" / "morgue" / "examinations").glob("*")
    document = json.loads(file.read_bytes())
    for days, here in ((29, True), (31, False)):
        document["at"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        file.write_text(json.dumps(document), encoding="utf-8")
        assert (kept(asked) is not None) == here


def test_who_is_chosen_by_the_settings() -> None:
    def chosen(**given: object) -> str:
        settings = Settings.model_validate(given)
        reader = examined_reader.chosen(settings, llm.load(settings))
        trusted = " anyway" if isinstance(reader, ExaminedReader) and reader.anyway else ""
        if isinstance(reader, ExaminedReader):
            return f"{reader.asked.name}{trusted}"
        return reader.name

    url = "http://127.0.0.1:9/v1"
    small = readers.small().name
    assert chosen(checker="auto") == small
    assert chosen(checker="words", model="m", base_url=url) == "words"
    assert chosen(checker="auto", model="m", base_url=url) == "model:m"
    assert chosen(checker="auto", model="m", base_url=url, checker_model="j") == "model:j"
    assert chosen(checker="model", model="m", base_url=url) == "model:m anyway"
    assert chosen(checker="model:j", model="m", base_url=url) == "model:j anyway"
    assert chosen(checker="auto", model="local:qwen2.5-1.5b") == small
    assert chosen(checker="model", model="local:tiny") == "model:tiny anyway"
    with pytest.raises(SettingsError, match="no language model is set up"):
        chosen(checker="model")
    with pytest.raises(SettingsError, match="no checker is called 'oracle'"):
        chosen(checker="oracle")
    assert readers.load("model:j", Settings(base_url=url)).name == "model:j"
