"""The shape of the house, held by the code itself."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = [ROOT / "app.py", *(ROOT / "ingest").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")]


TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


HOMES = {
    "chromadb": {"ingest/archive/chroma_store.py"},
    "tantivy": {
        "ingest/archive/words.py",
        "ingest/archive/word_fields.py",
        "ingest/archive/word_index.py",
        "ingest/archive/word_query.py",
        "ingest/archive/tokens.py",
    },
    "lark": {"ingest/archive/query.py"},
    "psycopg": {"ingest/archive/postgres.py"},
    "procrastinate": {"ingest/archive/job_queue.py"},
    "pyrage": {"ingest/archive/encryption.py"},
    "gradio": {"app.py"},
    "argon2": {"assistant/doors/sign_in.py"},
    "authlib": {"assistant/doors/openid.py"},
    "joserfc": {"assistant/doors/openid.py"},
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
    "PIL": {"ingest/readers/facsimile.py", "ingest/readers/scanned.py"},
    "pypdfium2": {"ingest/readers/facsimile.py"},
    "striprtf": {"ingest/readers/rich_text.py"},
    "openpyxl": {"assistant/doors/table_job.py", "ingest/readers/workbook.py"},
    "pyarrow": {"ingest/readers/parquet.py"},
    "markdown_it": {"ingest/readers/markdown_text.py"},
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
    "onnxruntime": {"ingest/embed/onnx_graph.py"},
    "openai": {
        "assistant/models/service_errors.py",
        "assistant/models/llm.py",
        "ingest/embed/llama_adapters.py",
    },
}


@cache
def imported(file: Path) -> frozenset[str]:
    return frozenset(_imported(file))


def _imported(file: Path) -> Iterator[str]:
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


WORDS_AT_MOST = 4
"""Words that may stand in code as alternatives; more of them are data, which belongs in a file."""

_LETTERS = re.compile(r"[^\W\d_]{2,}")

NO_LANGUAGE = {
    "assistant/doors/api/journal.py": "how Python names errors",
    "assistant/doors/api/seen.py": "the methods of HTTP",
    "assistant/factcheck/findings.py": "our own names of verdicts",
    "assistant/models/prompts.py": "the marks of chat templates",
    "assistant/models/reply_markup.py": "HTML's tags and entities",
    "ingest/article.py": "our own names of parts",
    "ingest/clean/identity.py": "parameters of an address that say who followed it",
    "ingest/files/subprocess_reader.py": "what variables with secrets are called",
    "ingest/language/control_characters.py": "Unicode's names of directions",
    "ingest/readers/digitised.py": "the types of METS and ALTO",
    "ingest/readers/editor_text.py": "the fields of editors' JSON",
    "ingest/readers/europresse.py": "the kinds of source of Europresse",
    "ingest/readers/factiva.py": "the fields of Factiva",
    "ingest/readers/iptc.py": "the fields of IPTC",
    "ingest/readers/markup.py": "HTML's tags and entities",
    "ingest/readers/newsml1.py": "the roles of NewsML 1",
    "ingest/readers/newsml.py": "the elements of NewsML and NITF",
    "ingest/readers/nexis.py": "the fields of Nexis",
    "ingest/readers/ninjs.py": "the fields of ninjs",
    "ingest/readers/office.py": "the authors that programs write of themselves",
    "ingest/readers/open_document.py": "the elements of OpenDocument",
    "ingest/readers/page_makeup.py": "HTML's tags, and the classes of web pages",
    "ingest/readers/page_notes.py": "HTML's tags, and the names of notes in exported pages",
    "ingest/readers/press_document.py": "the domains of addresses",
    "ingest/readers/record_text.py": "HTML's tags",
    "ingest/readers/schema_org.py": "the fields of schema.org",
    "ingest/readers/standfirst.py": "HTML's tags, and the classes of web pages",
    "ingest/readers/tei.py": "the elements of TEI",
    "ingest/readers/text.py": "the endings of files, and the first tags of formats",
    "ingest/readers/webpage.py": "HTML's tags",
    "ingest/readers/wires.py": "the fields of wires",
    "ingest/readers/word_document.py": "the elements of OOXML",
    "ingest/readers/wordpress.py": "the shortcodes of WordPress",
}
"""Files whose lists are of a format or of our own making, by what is listed."""

WORDS_LEFT = {
    "assistant/evaluate/quoting.py": (1, "the ruler's own: it must not change with the lexicon"),
    "assistant/models/citation_markers.py": (1, "how models write a reference"),
    "assistant/models/refusal.py": (7, "how models say that they found nothing; one pattern each"),
    "assistant/models/reply_parser.py": (3, "how models begin and cite; one pattern each"),
    "ingest/archive/stories.py": (1, "names of agencies, which are of no language"),
    "ingest/clean/article_type.py": (6, "names of sections and genres; one pattern a type"),
    "ingest/clean/boilerplate/__init__.py": (1, "how photographers are credited"),
    "ingest/clean/comments/marks.py": (17, "what comment systems print, a pattern each"),
    "ingest/clean/comments/register.py": (2, "how a reader speaks of an article, and shouts"),
    "ingest/clean/corrections.py": (2, "how a correction begins, a pattern each"),
    "ingest/clean/dates.py": (1, "what stands between a date and its hour"),
    "ingest/clean/imprint.py": (3, "how bylines are written, a pattern each"),
    "ingest/readers/bylines.py": (3, "HTML's classes and tags, and how a byline begins"),
    "ingest/readers/columns.py": (1, "how a page is numbered"),
    "ingest/readers/page_articles.py": (1, "how a page says when it was published"),
    "ingest/readers/page_live_blog.py": (1, "classes of web pages"),
    "ingest/readers/page_dates.py": (4, "classes of web pages, and what these call an update"),
}
"""Files that still hold lists of words of a language: how many, and what they are."""


def lists_of_words(file: Path) -> Iterator[str]:
    """Yield the patterns, sets and split strings of a file with more words than may stand there."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if _alternatives(node.value) > WORDS_AT_MOST:
                yield f"{name(file)}:{node.lineno}"
        elif isinstance(node, ast.Set | ast.Call) and _listed(node) > WORDS_AT_MOST:
            yield f"{name(file)}:{node.lineno}"


def _alternatives(pattern: str) -> int:
    """Return how many words the longest choice of a regular expression has."""
    opened = re.sub(r"\(\?[:P<>\w=!]*", "(", pattern)
    choices = (re.sub(r"\\[a-zA-Z]", "", group).split("|") for group in re.split(r"[()]", opened))
    return max(sum(bool(_LETTERS.search(one)) for one in several) * (len(several) > 1)
               for several in choices)  # fmt: skip


def _listed(node: ast.Set | ast.Call) -> int:
    """Return how many words a set has, or a string that is split."""
    if isinstance(node, ast.Set):
        words = [one.value for one in node.elts if isinstance(one, ast.Constant)]
        return sum(isinstance(word, str) and word.isalpha() for word in words)
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "split":
        return 0
    text = node.func.value
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return len(text.value.split())
    return 0


def test_words_of_a_language_stand_in_data_files() -> None:
    """One data file a language, ingest/language/lexicon; what is said to models and read in pages
    has exceptions, and those get no longer."""
    found = Counter(
        name(file)
        for file in PRODUCT
        if not file.is_relative_to(ROOT / "ingest" / "language") and file.parent != ROOT
        for _ in lists_of_words(file)
        if name(file) not in NO_LANGUAGE
    )
    assert found == {file: count for file, (count, _) in WORDS_LEFT.items()}
