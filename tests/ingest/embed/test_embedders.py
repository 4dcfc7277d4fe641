"""Embedders: what their vectors are, who makes them, and LlamaIndex on both sides."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import embedders, encoder, onnx_export, unigram, weights
from ingest.embed.embedders import Embedder
from ingest.embed.encoder import OnnxEmbedder
from ingest.embed.llama_adapters import RETRIES
from ingest.errors import (
    MorgueError,
    ServiceBusy,
    ServiceDown,
    ServiceRefused,
    SettingsError,
)
from ingest.language import lexicon
from ingest.places import cache_dir
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest import tiny_model

LEXICON = Path(lexicon.__file__).parent
REAL_MODELS = cache_dir() / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return exported(tmp_path / "tiny", int8=True)


def exported(folder: Path, *, int8: bool) -> Path:
    """Prepare the tiny model as a model of one's own."""
    tiny_model.publish(folder)
    read = weights.safetensors(
        folder / "model.safetensors", folder / "tokenizer.json", folder / "config.json"
    )
    onnx_export.write(read.encoder, folder / "model.onnx", int8=int8)
    described = {"dims": 64, "max_tokens": 16, "passage_prefix": "the ", "query_prefix": "may "}
    (folder / "model.json").write_text(json.dumps(described), "utf-8")
    return folder


TEXTS = {
    "": [4],
    "bridge": [4, 5],
    "Bridge over river": [4, 5, 6, 7],
    "nonsense words closed until may": [4, 1, 1, 10, 11, 12],
    "council said bridge will be closed until may": [4, 13, 14, 5, 8, 9, 10, 11, 12],
}


def test_an_fp32_export_computes_what_numpy_computes(tmp_path: Path) -> None:
    vectors = OnnxEmbedder(exported(tmp_path, int8=False), threads=1).passages(list(TEXTS))

    made = tiny_model.tensors()
    expected = [tiny_model.forward(made, [2, *ids, 3]) for ids in TEXTS.values()]
    np.testing.assert_allclose(vectors, expected, atol=2e-6)


def test_an_int8_export_agrees_with_numpy(folder: Path) -> None:
    vectors = OnnxEmbedder(folder, threads=1).passages(list(TEXTS))

    made = tiny_model.tensors()
    expected = np.array([tiny_model.forward(made, [2, *ids, 3]) for ids in TEXTS.values()])
    assert float((vectors * expected).sum(axis=1).min()) > 0.995


def test_int8_products_stay_exact_where_the_processor_adds_in_16_bits(tmp_path: Path) -> None:
    made = tiny_model.tensors()
    for name in made:
        if name.endswith("dense.weight") or (".self." in name and name.endswith("weight")):
            made[name] = np.sign(made[name]) * np.float32(0.05)
    tiny_model.publish(tmp_path, made)
    read = weights.safetensors(
        tmp_path / "model.safetensors", tmp_path / "tokenizer.json", tmp_path / "config.json"
    )
    onnx_export.write(read.encoder, tmp_path / "model.onnx")
    described = {"dims": 64, "max_tokens": 16}
    (tmp_path / "model.json").write_text(json.dumps(described), "utf-8")

    vector = OnnxEmbedder(tmp_path, threads=1).query("bridge over river")

    assert float(vector @ tiny_model.forward(made, [2, 5, 6, 7, 3])) > 0.998


def test_a_text_has_one_vector_whatever_stands_beside_it(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(exported(tmp_path, int8=False), threads=1)
    together = embedder.passages([*TEXTS, *reversed(TEXTS)])
    alone = [embedder.passages([text])[0] for text in [*TEXTS, *reversed(TEXTS)]]

    np.testing.assert_allclose(together, alone, atol=2e-6)


def test_vectors_are_rows_of_unit_length(folder: Path) -> None:
    embedder = OnnxEmbedder(folder, threads=1)

    vectors = embedder.passages(list(TEXTS))
    assert (vectors.shape, vectors.dtype) == ((5, 64), np.dtype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(5), atol=1e-5)
    assert embedder.passages([]).shape == (0, 64)
    assert embedder.query("bridge").shape == (64,)


def test_questions_and_passages_have_prefixes_of_their_own(folder: Path) -> None:
    embedder = OnnxEmbedder(folder, threads=1)

    np.testing.assert_array_equal(embedder.query("the bridge"), embedder.queries(["the bridge"])[0])
    np.testing.assert_allclose(
        tiny_model.forward(tiny_model.tensors(), [2, 12, 5, 3]) @ embedder.query("bridge"),
        1,
        atol=5e-3,
    )


def test_a_text_longer_than_the_model_reads_is_cut(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(exported(tmp_path, int8=False), threads=1)

    long = embedder.passages(["bridge " * 100_000])[0]
    expected = tiny_model.forward(tiny_model.tensors(), [2, 4, *[5] * 13, 3])
    np.testing.assert_allclose(long, expected, atol=2e-6)


def test_batches_hold_every_row_once_and_like_lengths_together() -> None:
    lengths = [5, 500, 7, 480, 500, 6] * 50

    batches = list(encoder._batches(lengths))

    assert sorted(row for batch in batches for row in batch) == list(range(300))
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in batches)
    assert padded < 1.05 * sum(lengths)
    assert all(
        len(batch) * max(lengths[row] for row in batch) <= encoder.BATCH_TOKENS for batch in batches
    )


def test_the_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    first = OnnxEmbedder(exported(tmp_path / "a" / "tiny", int8=True), threads=1)
    second = OnnxEmbedder(exported(tmp_path / "b" / "tiny", int8=False), threads=1)

    assert first.fingerprint.startswith("tiny/own/")
    assert first.fingerprint != second.fingerprint


def test_none_is_no_embedder() -> None:
    assert embedders.load(IngestSettings(embedder="none")) is None


def test_a_folder_is_an_embedder(folder: Path) -> None:
    embedder = embedders.load(IngestSettings(embedder=f"onnx:{folder}", threads=1))

    assert embedder is not None
    assert embedder.dims == 64


def test_weights_that_are_not_there_say_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as missing:
        embedders.load(IngestSettings(embedder="onnx:minilm", models=tmp_path))

    assert (missing.value.message, missing.value.hint) == (
        "the weights of 'minilm' are not on this machine",
        "run `morgue models pull minilm`",
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("word2vec:news", "known: "),
        ("onnx:e6", "known: e5-small, minilm"),
        ("onnx:/nowhere/at/all", "it needs model.onnx, tokenizer.json and model.json"),
        ("openai:text-embedding-3-small", "set OPENAI_API_KEY, or OPENAI_BASE_URL"),
    ],
)
def test_a_name_that_leads_nowhere_is_a_settings_error(
    name: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as wrong:
        embedders.load(IngestSettings(embedder=name, models=tmp_path))

    assert (wrong.value.hint or "").startswith(hint)


def test_a_llama_index_embedding_is_an_embedder_of_ours() -> None:
    from llama_index.core.embeddings import MockEmbedding

    from ingest.embed.llama_adapters import FromLlamaIndex

    embedder: Embedder = FromLlamaIndex(MockEmbedding(embed_dim=4), name="mock")

    np.testing.assert_allclose(embedder.passages(["a", "b"]), np.full((2, 4), 0.5))
    np.testing.assert_allclose(embedder.query("a"), np.full(4, 0.5))
    assert (embedder.dims, embedder.passages([]).shape) == (4, (0, 4))


Reply = Callable[[int], tuple[int, dict[str, str], str]]


@contextmanager
def embeddings_server(reply: Reply, heard: list[dict[str, object]]) -> Iterator[str]:
    """Answer /v1/embeddings; `reply` gets how many texts were sent."""

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(asked)
            status, headers, body = reply(len(asked["input"]))
            content = body.encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def vectors_reply(count: int) -> tuple[int, dict[str, str], str]:
    data = [
        {"object": "embedding", "index": row, "embedding": [3.0, 4.0 * (row == 0)]}
        for row in range(count)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    reply = {"object": "list", "data": data, "model": "m", "usage": usage}
    return 200, {}, json.dumps(reply)


def test_a_compatible_server_embeds_at_unit_length(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dict[str, object]] = []
    with embeddings_server(vectors_reply, heard) as address:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        embedder = embedders.load(IngestSettings(embedder="openai:some-model"))
        assert embedder is not None
        vectors = embedder.passages(["one", "two"])

    np.testing.assert_allclose(vectors, np.array([[0.6, 0.8], [1.0, 0.0]]), atol=1e-6)
    assert [(asked["model"], asked["input"]) for asked in heard] == [("some-model", ["one", "two"])]
    assert embedder.fingerprint == "openai/some-model"


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, ServiceBusy), (500, ServiceDown), (401, ServiceRefused), (404, ServiceRefused)],
)
def test_a_server_that_fails_is_told_apart(
    status: int, error: type[MorgueError], monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"retry-after-ms": "1"}
    with embeddings_server(lambda _: (status, headers, '{"error": {}}'), []) as address:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        embedder = embedders.load(IngestSettings(embedder="openai:some-model"))
        assert embedder is not None
        with pytest.raises(error):
            embedder.query("anything")


def test_a_busy_server_is_asked_again_in_one_place_alone() -> None:
    heard: list[dict[str, object]] = []
    busy = (429, {"retry-after-ms": "1"}, '{"error": {}}')
    with embeddings_server(lambda _: busy, heard) as address:
        settings = IngestSettings(embedder="openai:some-model", base_url=address)
        embedder = embedders.load(settings)
        assert embedder is not None
        with pytest.raises(ServiceBusy):
            embedder.passages(["one", "two"])
    assert len(heard) == 1 + RETRIES


def test_a_server_that_is_not_there_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    embedder = embedders.load(IngestSettings(embedder="openai:some-model"))
    assert embedder is not None

    with pytest.raises(ServiceDown):
        embedder.query("anything")


def test_hashed_vectors_rank_by_shared_words() -> None:
    embedder: Embedder = HashingEmbedder()
    passages = embedder.passages(
        ["The council closed the bridge.", "A bakery opened on Mill Street.", ""]
    )

    scores = passages @ embedder.query("Why is the bridge closed?")

    assert scores.argmax() == 0
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-6)


@pytest.mark.model
def test_e5_numbers_tokens_as_its_makers_do() -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(REAL_MODELS / "e5-small" / "tokenizer.json"))

    assert tokenizer.encode("Hello world!").ids == [0, 35378, 8999, 38, 2]
    for odd, plain in [
        ("Ｈｅｌｌｏ　ｗｏｒｌｄ！", "Hello world!"),
        ("  Hello\n\n\tworld!\u200b ", "Hello world!"),
        ("Cafe\u0301", "Café"),
        ("\ufeffНАТО\u00a0і мир", "НАТО і мир"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("wa\x07it…", "wait..."),
    ]:
        assert tokenizer.encode(odd).ids == tokenizer.encode(plain).ids
    assert 3 not in tokenizer.encode("“Ні”, — сказав він. ‘Don’t’ قال الوزير").ids


@pytest.mark.model
def test_e5_numbers_tokens_by_its_table_as_by_the_library(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    (tmp_path / "tokenizer.json").symlink_to(REAL_MODELS / "e5-small" / "tokenizer.json")
    assert unigram.write_beside(tmp_path / "tokenizer.json")
    library = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    library.enable_truncation(64)
    texts = [file.read_text("utf-8") for file in LEXICON.glob("*.toml")]
    texts = [text[at : at + 200] for text in texts for at in range(0, len(text), 200)]
    texts += [f"a{chr(code)}b {chr(code)}" for code in range(0, 0xD800, 3)]

    table = unigram.PieceTable(tmp_path / unigram.TABLE, 64)

    assert table(texts) == [one.ids for one in library.encode_batch_fast(texts)]


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "passages"),
    [
        ("e5-small", ["El puente sigue cerrado hasta mayo.", "Los plátanos tienen potasio."]),
        ("e5-small", ["Міст закрито до травня.", "Банани містять калій."]),
        ("minilm", ["The bridge stays closed until May.", "Bananas contain potassium."]),
    ],
)
def test_fetched_models_find_what_means_the_same(name: str, passages: list[str]) -> None:
    embedder = embedders.load(
        IngestSettings(embedder=f"onnx:{name}", models=REAL_MODELS, threads=1)
    )
    assert embedder is not None

    scores = embedder.passages(passages) @ embedder.query("When will the bridge open again?")

    assert scores[0] > scores[1] + 0.05
