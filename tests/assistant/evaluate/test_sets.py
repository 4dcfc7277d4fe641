"""Data sets by name: their layout, their archives, and what is counted as right."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.evaluate import sets
from assistant.evaluate.rows import AskedRow, ClaimRow
from ingest import plugins
from ingest.archive import Archive
from ingest.errors import ReadError, SettingsError

LABELLED = {"qags": 480, "xsumfaith": 1255, "wice": 349, "attributionbench": 1198,
            "faithbench": 350}  # fmt: skip
ASKED = {"realtimeqa": 486, "multihop": 250, "rgb": 150, "mtrag": 260}


def lay(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(text) if file.suffix == ".gz" else text)


def test_every_set_is_found_by_its_name() -> None:
    assert set(plugins.names("sets")) >= {*LABELLED, *ASKED}


def test_an_unknown_set_says_which_are_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no set is named 'nosuch'") as raised:
        sets.rows("nosuch", tmp_path)
    assert "realtimeqa" in (raised.value.hint or "")


def test_a_set_whose_files_are_not_there_says_which(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"qags\.jsonl: the data set's file is not there"):
        sets.rows("qags", tmp_path)


def test_claims_of_one_source_are_one_group(tmp_path: Path) -> None:
    lay(tmp_path / "faithfulness" / "qags.jsonl.gz",
        [{"id": "a", "source": "S", "claim": "one", "supported": True},
         {"id": "a", "source": "S", "claim": "two", "supported": False},
         {"id": "b", "source": "T", "claim": "three", "supported": True}])  # fmt: skip
    found = [row for row in sets.rows("qags", tmp_path) if isinstance(row, ClaimRow)]
    assert [row.id for row in found] == ["a", "a#2", "b"]
    assert found[0].group == found[1].group != found[2].group


def test_snippets_of_one_question_are_a_collection_of_their_own(tmp_path: Path) -> None:
    lay(tmp_path / "rgb" / "en_fact.jsonl",
        [{"id": 0, "query": "Where was the regatta?", "answer": ["Skarn", ["Skarn Bay"]],
          "fakeanswer": "Tarn", "positive": ["It was in Skarn."], "negative": ["Rowing is old."],
          "positive_wrong": ["It was in Tarn."]}])  # fmt: skip
    found = [row for row in sets.rows("rgb", tmp_path) if isinstance(row, AskedRow)]
    told = [(row.collection, row.gold.answers, row.gold.expects) for row in found]
    assert told == [
        ("rgb-0-noise", ("Skarn", "Skarn Bay"), "answer"),
        ("rgb-0-refusal", (), "no_answer"),
        ("rgb-0-false", ("Tarn",), "answer"),
    ]
    records = list(sets.load("rgb").articles(tmp_path) or ())
    assert [(one["collection"], one["text"]) for one in records] == [
        ("rgb-0-noise", "It was in Skarn."),
        ("rgb-0-noise", "Rowing is old."),
        ("rgb-0-refusal", "Rowing is old."),
        ("rgb-0-false", "It was in Tarn."),
    ]


def test_an_archive_is_read_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    lay(tmp_path / "realtimeqa" / "articles.jsonl.gz",
        [{"url": "https://tarn.example/kiln", "title": "Kiln closes", "date": "2024-05-02",
          "text": "The last kiln closed."}])  # fmt: skip
    said: list[str] = []
    for _ in range(2):
        settings = sets.archive("realtimeqa", tmp_path, said.append, lambda *_: None)
    with Archive.open(settings=settings) as archive:
        assert archive.status().articles == 1
    assert len(said) == 1


def test_claims_have_no_archive_to_be_asked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has no archive"):
        sets.archive("qags", tmp_path, print, lambda *_: None)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count"), [*LABELLED.items(), *ASKED.items()])
def test_the_whole_of_a_set_is_read(shared: Path, name: str, count: int) -> None:
    rows = sets.rows(name, shared)
    assert len(rows) == count
    assert not [row for row in rows if isinstance(row, ReadError)]
    assert len({row.id for row in rows if not isinstance(row, ReadError)}) == count


EMPTY: list[object] = [
    {"id": "bad", "source": "", "claim": "one", "supported": True},
    {"id": "bad", "source_sentences": [], "claim": "one", "supported": True},
    {"id": "bad", "claim": "one", "supported": True},
    {},
    [],
    "x",
    7,
]
FILES = {
    **{name: f"faithfulness/{name}.jsonl" for name in LABELLED},
    "mtrag": "chat/mtrag.jsonl",
    "multihop": "multihop/questions.jsonl",
    "rgb": "rgb/en_fact.jsonl",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("bad", EMPTY)
def test_a_row_that_is_none_is_told_with_file_and_line_and_the_rest_goes_on(
    name: str, bad: object, tmp_path: Path
) -> None:
    file = tmp_path / FILES[name]
    good = {"id": "a", "source": "S", "claim": "one", "supported": True}
    lay(file, [good])
    file.write_text(f"{json.dumps(bad)}\n{{not json\n{file.read_text()}")
    first, second, third = sets.rows(name, tmp_path)
    assert isinstance(first, ReadError)
    assert isinstance(second, ReadError)
    assert str(first).startswith(f"{file.name}, line 1: ")
    assert str(second).startswith(f"{file.name}, line 2: it is not JSON")
    assert isinstance(third, ClaimRow if name in LABELLED else ReadError)
