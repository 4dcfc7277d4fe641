"""Every format is told from its content among all the others."""

import io
import json
import re
import tarfile
from email.message import EmailMessage
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from pyarrow import parquet

from assistant.doors.cli.commands import morgue
from ingest import plugins
from ingest.article import RawArticle
from ingest.files.read import read
from tests.ingest.readers.printing import column, pdf

WORDS = "The old ferry of Harrowmere stops for good on Friday, the harbour office said."
ROOT = Path(__file__).resolve().parents[3]


def mail() -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = "Ada <a@b>", "Ferry", "1 Mar 2024 10:00 +0000"
    made.set_content(WORDS)
    return b"From a@b Fri Mar  1 10:00:00 2024\n" + bytes(made)


def rows() -> bytes:
    made = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([{"title": "Ferry", "text": WORDS}]), made)
    return made.getvalue()


def sheet() -> bytes:
    made, data = Workbook(), io.BytesIO()
    (first,) = made.worksheets
    first.append(["title", "text"])
    first.append(["Ferry", WORDS])
    made.save(data)
    return data.getvalue()


SAMPLES = {
    "csv": f'title,text\nFerry,"{WORDS}"\n'.encode(),
    "html": f"<!doctype html><title>Ferry</title><article><p>{WORDS}</p></article>".encode(),
    "jsonl": json.dumps({"title": "Ferry", "text": WORDS}).encode(),
    "markdown": f"---\ntitle: Ferry\n---\n**{WORDS[:13]}**{WORDS[13:]}\n".encode(),
    "mbox": mail(),
    "parquet": rows(),
    "pdf": pdf([[(50, 760, 24, "Ferry stops"), *column(50, 700, WORDS)]]),
    "text": f"Ferry\n\n{WORDS}\n".encode(),
    "xlsx": sheet(),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_format_is_told_from_content_alone(name: str, tmp_path: Path) -> None:
    file = tmp_path / "unnamed"
    file.write_bytes(SAMPLES[name])
    (told,) = read([file])
    (named,) = read([file], format=name)
    assert isinstance(told, RawArticle)
    assert told == named
    assert WORDS in told.text


def test_every_format_is_read_from_within_an_archive(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as archive:
        for name, data in SAMPLES.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    found = list(read([tmp_path]))
    assert [one.file for one in found] == [f"all.tar.gz!{name}" for name in SAMPLES]
    assert all(isinstance(one, RawArticle) and WORDS in one.text for one in found)


def test_every_format_has_its_row_in_the_documents() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    named = re.findall(r"^\|[^|]*\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(named) == list(plugins.names("readers"))


@pytest.mark.parametrize(
    ("data", "theirs"),
    [
        (f"kop;tekst;datum\nFerry;{WORDS};2024-03-01\n".encode(), ("kop", "tekst")),
        (f"---\nkop: Ferry\n---\n{WORDS}\n".encode(), ("kop", "text")),
        (json.dumps({"kop": "Ferry", "a": {"b": WORDS}}).encode(), ("kop", "a.b")),
        (mail(), ("Subject", "text")),
    ],
)
def test_a_dry_run_shows_what_foreign_fields_become(
    data: bytes, theirs: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "dump.csv").write_bytes(data)
    title, text = theirs
    done = CliRunner().invoke(
        morgue,
        ["ingest", "--dry-run", "--json", "--archive", str(tmp_path / "archive"),
         "--map", f"title={title}", "--map", f"text={text}", str(tmp_path / "dump.csv")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (shown,) = json.loads(done.output)["articles"]
    assert shown["title"] == "Ferry"
    assert WORDS in shown["text"]
    assert not (tmp_path / "archive").exists()
