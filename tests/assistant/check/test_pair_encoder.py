"""Anybody's cross-encoder as a reader, on a tiny model whose logits are sums of words' scores."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from assistant.check import onnx_reader
from assistant.check.cross_encoder import Asked, Floats
from assistant.check.reader import AskedSentence
from assistant.settings import Settings
from ingest.errors import SettingsError

WORDS = ("[UNK]", "[SEP]", "pier", "harbour", "sun")
SCORES = {"pier": 9.0, "harbour": -9.0}


def model(folder: Path, *, labels: Sequence[str], told: Sequence[Mapping[str, float]]) -> Path:
    """Write a model with a logit for each label: the sum of its words' scores."""
    (folder / "onnx").mkdir(parents=True)
    table = np.array([[of.get(word, 0.0) for of in told] for word in WORDS], dtype=np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["live"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["live", "last"], ["column"]),
        helper.make_node("Mul", ["each", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "middle"], ["logits"], keepdims=0),
    ]
    lengths: Sequence[str | int] = ["rows", "tokens"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, lengths)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["rows", len(told)])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2]), "last"),
            numpy_helper.from_array(np.array([1]), "middle"),
        ],
    )
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "onnx" / "model.onnx").write_bytes(whole.SerializeToString())
    tokenizer = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A [SEP]", pair="$A [SEP] $B:1 [SEP]:1", special_tokens=[("[SEP]", 1)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {str(i): label for i, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps({"id2label": named}), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("labels", "supported"),
    [
        (("ENTAILMENT", "neutral", "contradiction"), 0),
        (("contradiction", "neutral", "entailment"), 2),
        (("hallucinated", "consistent"), 1),
        (("LABEL_0", "LABEL_1"), 1),
    ],
)
def test_the_names_of_the_labels_say_which_is_supported(
    tmp_path: Path, labels: Sequence[str], supported: int
) -> None:
    told: list[Mapping[str, float]] = [{} for _ in labels]
    told[supported] = SCORES
    folder = model(tmp_path / "any", labels=labels, told=told)
    reader = onnx_reader.reader(str(folder), Settings())
    true, false = reader.supports([("pier", "sun sun"), ("harbour", "sun")])
    assert (true.supported, false.supported) == pytest.approx((1, 0), abs=0.05)
    assert [sum(one[:3]) for one in (true, false)] == pytest.approx([1.0, 1.0])
    assert reader.answers([AskedSentence("pier", "", "sun", "")]) == [0.5]


def test_what_is_longer_than_the_model_reads_is_read_to_its_end(tmp_path: Path) -> None:
    folder = model(tmp_path / "any", labels=("no", "yes"), told=[{}, SCORES])
    reader = onnx_reader.reader(str(folder), Settings())
    (last, nowhere) = reader.supports([("sun", "sun " * 900 + "pier"), ("sun", "sun " * 900)])
    assert last.supported > 0.95 > nowhere.supported


def test_a_model_of_one_label_ranks_sentences(tmp_path: Path) -> None:
    folder = model(tmp_path / "any", labels=("LABEL_0",), told=[SCORES])
    reader = onnx_reader.reader(str(folder), Settings())
    told = reader.answers(
        [AskedSentence("sun", "", word, "sun") for word in ("harbour", "sun", "pier")]
    )
    assert told[0] < told[1] < told[2]


def test_a_folder_without_a_model_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no reader"):
        onnx_reader.reader(str(tmp_path), Settings())
    with pytest.raises(SettingsError, match="there is no reader 'anything'"):
        onnx_reader.reader("anything", Settings())


class SaysYes:
    """An encoder that finds everything supported, and that everything answers."""

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return np.array([[0.9, 0.1, 0.0]] * len(pairs), dtype=np.float32)

    def answers(self, asked: Sequence[Asked]) -> Floats:
        return np.full(len(asked), 0.9, dtype=np.float32)


def test_of_a_language_that_it_does_not_read_copies_alone_stand() -> None:
    english = "The harbour board of Velden voted on Tuesday to close the old grain pier."
    spanish = "La junta del puerto de Velden votó el martes el cierre del viejo muelle de grano."
    reader = onnx_reader.OnnxReader("any", SaysYes, frozenset({"en"}))
    pairs = [("The pier closes.", english), ("El muelle cierra.", spanish), (spanish, spanish)]
    read, unread, copied = reader.supports(pairs)
    assert read.supported == pytest.approx(0.9)
    assert (unread.supported < 0.5, unread.read_by) == (True, "words")
    assert (copied.supported, copied.read_by) == (1.0, "words")
    asked = [AskedSentence("What closes?", "", told, "") for told in (english, spanish)]
    assert reader.answers(asked) == pytest.approx([0.9, 0.5])
