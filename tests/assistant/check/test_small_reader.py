"""The reader that comes with the package, and its network by itself."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.check import onnx_reader, readers
from assistant.check.cross_encoder import Asked, CrossEncoder, Floats
from assistant.check.judge import judge

FOLDER = Path(onnx_reader.__file__).parent / "reader_small"
EVIDENCE = (
    "Linna News Agency. 2022-02-14. Ferry runs aground off Skarn. The ferry Perdita may have been "
    "off its course for an hour, the coastguard said on Monday. One woman died when she fell from "
    "a ladder, and 31 people were hurt. The owner denied that the captain had been drinking."
)
TRUE = "Thirty-one people were injured."
FALSE = "The ferry was certainly off its course for an hour."
UNRELATED = "The Perdita was painted in Norburg by monks."


class Opened:
    """A network that says the same of everything, and how often one was opened."""

    times = 0

    def __init__(self) -> None:
        Opened.times += 1

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return np.array([[0.9, 0.1, 0.0]] * len(pairs), dtype=np.float32)

    def answers(self, asked: Sequence[Asked]) -> Floats:
        return np.full(len(asked), 0.9, dtype=np.float32)


def test_the_network_is_opened_when_something_is_read_and_not_before() -> None:
    reader = onnx_reader.OnnxReader("any", Opened)
    assert (reader.supports([]), reader.answers([]), Opened.times) == ([], [], 0)
    reader.supports([("a", "b")])
    reader.supports([("c", "d")])
    assert Opened.times == 1


def test_the_shipped_reader_tells_true_in_other_words_from_false_in_the_same() -> None:
    claims = [TRUE, FALSE, UNRELATED]
    true, false, unrelated = judge(claims, [[EVIDENCE]] * 3, readers.small())
    assert (true.verdict, true.read_by) == ("supported", "onnx:reader-small")
    assert (false.stands, unrelated.stands) == (False, False)


def test_the_card_is_of_the_files_beside_it() -> None:
    card = json.loads((FOLDER / "card.json").read_text("utf-8"))
    assert {one["licence"] for one in card["data"]} >= {"MIT", "Apache-2.0", "CC BY-SA 3.0"}
    for name, expected in card["sha256"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == expected
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 25_000_000
    tokenizer = json.loads(gzip.decompress((FOLDER / "tokenizer.json.gz").read_bytes()))
    ids = sorted(tokenizer["model"]["vocab"].values())
    assert ids == list(range(len(ids)))


@pytest.fixture(scope="module")
def network() -> CrossEncoder:
    return CrossEncoder(FOLDER)


def test_claims_read_together_are_read_as_each_alone(network: CrossEncoder) -> None:
    pairs = [(TRUE, EVIDENCE), (FALSE, EVIDENCE), (TRUE, "The mill burned."), ("", "")]
    together = network.supports(pairs)
    alone = [network.supports([pair])[0] for pair in pairs]
    # Bytes are scaled by batch, so a little may differ.
    assert together.tolist() == [pytest.approx(one.tolist(), abs=0.15) for one in alone]
    assert together.sum(axis=1).tolist() == pytest.approx([1.0] * len(pairs), abs=1e-5)


def test_what_stands_far_down_in_long_evidence_is_found(network: CrossEncoder) -> None:
    filler = "The cheese fair of Kesselbrook drew nine thousand people in the rain. " * 60
    claim = "The captain denied that the owner had been drinking."
    far, nowhere = network.supports([(claim, filler + EVIDENCE), (claim, filler)])[:, 0]
    assert far > nowhere + 0.2


def test_a_sentence_that_answers_stands_out_among_its_neighbours(network: CrossEncoder) -> None:
    question = "How many people were hurt?"
    told = ["The ferry left at nine. ", "31 people were hurt. ", "The owner denied everything. "]
    asked = [
        (question, "".join(told[:place]), told[place], "".join(told[place + 1 :]))
        for place in range(3)
    ]
    whole = network.answers(asked)
    assert whole.argmax() == 1
    backwards = network.answers([*asked[::-1], *asked])
    assert backwards[:3].argmax() == 1
    assert backwards[3:].argmax() == 1
    assert network.answers([asked[1]])[0] > 0.5 > whole.min()


KEPT = """
import sys, time
from pathlib import Path
import numpy, onnxruntime
from assistant.check.cross_encoder import CrossEncoder

def anonymous():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon"))

before = anonymous()
reader = CrossEncoder(Path(sys.argv[1]))
reader.supports([("The ferry struck rocks.", "The ferry struck rocks and sank. " * 100)] * 12)
time.sleep(1.5)
print(anonymous() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux alone")
def test_a_reader_keeps_its_weights_and_not_what_opening_and_reading_took() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KEPT, FOLDER], capture_output=True, check=True, text=True
    )
    assert int(done.stdout) < 120  # MiB: 61 where what is freed is given back, 370 where it is kept
