"""A Unigram vocabulary as a table gives the numbers that the tokenizers library gives."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from ingest.embed.unigram import TABLE, PieceTable, write_beside

MOST = 12
PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0),
    ("▁", -3.0), ("▁the", -2.5), ("▁t", -4.0), ("he", -4.0), ("▁bridge", -6.0), ("▁brid", -5.0),
    ("ge", -3.5), ("b", -6.0), ("r", -6.0), ("i", -5.5), ("d", -6.0), ("g", -6.0), ("e", -4.5),
    ("міст", -7.0), ("▁м", -6.0), ("і", -6.0), ("ст", -5.0), ("桥", -7.0), ("桥梁", -8.0),
    ("é", -7.0), ("t", -6.0), ("h", -6.0), ("st", -5.0), ("s", -6.0),
]  # fmt: skip
ALPHABET = "thebridgsміст桥梁é ﬁ²\u200b\u00a0\n\x0b\x85▁<>/xЖ🚲"


def described() -> Tokenizer:
    """Return the library's tokenizer of these pieces, laid out as the fetched model's is."""
    tokenizer = Tokenizer(models.Unigram(PIECES, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(Regex("[\u200b\u2581]"), " "), normalizers.NFKC()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a tokenizer.json and its table."""
    made = tmp_path_factory.mktemp("model")
    described().save(str(made / "tokenizer.json"))
    assert write_beside(made / "tokenizer.json")
    return made


TEXTS = st.lists(st.text(st.sampled_from(ALPHABET), max_size=60), min_size=1, max_size=5)


@given(texts=TEXTS)
def test_a_table_numbers_tokens_as_the_library_does(folder: Path, texts: list[str]) -> None:
    library = described()
    library.enable_truncation(MOST)
    expected = [one.ids for one in library.encode_batch_fast(texts)]
    assert PieceTable(folder / TABLE, MOST)(texts) == expected


def test_unknown_characters_that_follow_each_other_are_one_token(folder: Path) -> None:
    table = PieceTable(folder / TABLE, MOST)
    assert table(["bridge ЖЖЖ"]) == [[0, 8, 4, 3, 2]]


def test_a_text_is_cut_where_the_model_ends(folder: Path) -> None:
    (numbers,) = PieceTable(folder / TABLE, MOST)(["the " * 100])
    assert numbers == [0, *[5] * (MOST - 2), 2]


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("added_tokens", [{"id": 0, "content": "<s>"}]),
        ("pre_tokenizer", {"type": "WhitespaceSplit"}),
        ("post_processor", None),
        ("model", {"type": "BPE", "vocab": {}, "merges": []}),
    ],
)
def test_what_cuts_texts_in_another_way_gets_no_table(
    tmp_path: Path, part: str, other: object
) -> None:
    written = json.loads(described().to_str()) | {part: other}
    (tmp_path / "tokenizer.json").write_text(json.dumps(written), "utf-8")
    assert not write_beside(tmp_path / "tokenizer.json")
    assert [file.name for file in tmp_path.iterdir()] == ["tokenizer.json"]
