"""The shape of the house, held by the code itself."""

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = [ROOT / "app.py", *(ROOT / "ingest").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")]


TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


HOMES = {
    "chromadb": {"ingest/archive/meaning.py"},
    "tantivy": {
        "ingest/archive/words.py",
        "ingest/archive/word_fields.py",
        "ingest/archive/word_query.py",
        "ingest/archive/tokens.py",
    },
    "lark": {"ingest/archive/query.py"},
    "psycopg": {"ingest/archive/postgres.py"},
    "procrastinate": {"ingest/archive/job_queue.py"},
    "pyrage": {"ingest/archive/encryption.py"},
    "gradio": {"app.py"},
    "argon2": {"assistant/doors/sign_in.py"},
    "mcp": {"assistant/doors/mcp.py"},
    "sse_starlette": {"assistant/doors/api/call.py", "assistant/doors/api/listener.py"},
    "uvicorn": {"assistant/doors/api/listener.py"},
    "prometheus_client": {"assistant/doors/api/tally.py"},
    "opentelemetry": {
        "assistant/doors/telemetry.py",
        "assistant/doors/llama_spans.py",
        "ingest/spans.py",
    },
    "fastapi": {
        "app.py",
        "assistant/doors/serving.py",
        *(name(file) for file in (ROOT / "assistant" / "doors" / "api").glob("*.py")),
        *(name(file) for file in (ROOT / "assistant" / "doors" / "web").glob("*.py")),
    },
    "sqlite3": {
        "assistant/talks.py",
        *(name(file) for file in (ROOT / "ingest" / "archive").glob("*.py")),
    },
    "trafilatura": {"ingest/readers/webpage.py", "ingest/readers/headline.py"},
    "pypdf": {"ingest/readers/pdf.py", "ingest/readers/scanned.py"},
    "olefile": {"ingest/readers/outlook.py"},
    "PIL": {"ingest/readers/scanned.py"},
    "striprtf": {"ingest/readers/rich_text.py"},
    "openpyxl": {"assistant/doors/table_job.py"},
    "pyarrow": {"ingest/readers/parquet.py"},
    "markdown_it": {"ingest/readers/markdown.py"},
    "yaml": {"ingest/readers/markdown.py"},
    "backports": {"ingest/files/unpack.py", "ingest/readers/http_packing.py"},
    "brotli": {"ingest/readers/http_packing.py"},
    "docx": {"assistant/factcheck/draft_text.py", "assistant/render/export/word.py"},
    "rapidfuzz": {
        "ingest/archive/query.py",
        "ingest/archive/spellings.py",
        "assistant/factcheck/name_check.py",
        "ingest/language/alignment.py",
    },
    "feedparser": {"ingest/readers/feed.py"},
    "warcio": {"ingest/readers/webarchive.py"},
    "onnxruntime": {"assistant/check/cross_encoder.py", "ingest/embed/encoder.py"},
    "openai": {
        "assistant/models/service_errors.py",
        "assistant/models/llm.py",
        "ingest/embed/llama_adapters.py",
    },
}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_known_in_its_home_alone(library: str) -> None:
    at_home = {
        name(file)
        for file in PRODUCT
        if any(module.split(".")[0] == library for module in imported(file))
    }
    assert at_home <= HOMES[library]


def test_nobody_imports_the_page() -> None:
    for file in PRODUCT:
        assert not {"app", "morgue_app"} & set(imported(file)), name(file)


@pytest.mark.parametrize("package", ["ingest", "assistant", "ingest.archive", "assistant.render"])
def test_what_a_package_offers_is_there_and_sorted(package: str) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__, key=lambda n: (not n.isupper(), n)) == list(module.__all__)
    assert all(getattr(module, public) is not None for public in module.__all__)


def test_no_file_grows_beyond_six_hundred_lines() -> None:
    long = {
        name(file): count
        for file in [
            *PRODUCT,
            *(ROOT / "tests").rglob("*.py"),
            *(ROOT / "benchmarks").rglob("*.py"),
        ]
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert long == {}


def test_no_file_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "common", "helpers", "base", "manager", "misc"}
    assert not {file.stem for file in PRODUCT} & drawers


def test_a_name_means_one_thing() -> None:
    """Entry points name readers and data sets for people, so those modules are named likewise."""
    own = {"__init__", "__main__", "errors", "settings"}
    modules = [file.stem for file in PRODUCT if file.stem not in own]
    classes = [
        node.name
        for file in PRODUCT
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    twice = {name for name, times in Counter(modules + classes).items() if times > 1}
    assert twice == set()
