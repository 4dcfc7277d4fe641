"""Files, folders, standard input: each format by its content, each trouble with its place."""

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ingest import plugins
from ingest.article import RawArticle
from ingest.errors import ReadError, SettingsError
from ingest.files.read import read
from ingest.files.walk import Given
from tests.ingest.readers.printing import column, pdf

WORDS = "The old ferry of Harrowmere stops for good on Friday, the harbour office said."
LINE = json.dumps({"title": "Ferry stops", "text": "It stops."}) + "\n"
PAGE = (
    "<!doctype html><html><title>Ferry stops</title><article><h1>Ferry stops</h1>"
    "<p>The old ferry of Harrowmere stops for good on Friday, the harbour office said.</p>"
    "</article></html>"
)


def seen(*paths: Given, **how: str) -> list[str]:
    """Show what was read: the place of each article, the words of each error."""
    found = read(paths, **how)  # type: ignore[arg-type]
    return [
        str(one) if isinstance(one, ReadError) else ", ".join(filter(None, (one.file, one.where)))
        for one in found
    ]


def test_formats_are_told_by_content_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINE)
    (tmp_path / "b").write_text(PAGE)
    (tmp_path / "c.html").write_text("Plain words, and nothing else.")
    found = [one for one in read([tmp_path]) if isinstance(one, RawArticle)]
    assert [(one.file, one.title, one.where) for one in found] == [
        ("a.txt", "Ferry stops", "line 1"),
        ("b", "Ferry stops", ""),
        ("c.html", None, ""),
    ]


@pytest.mark.parametrize(
    "stray", ["# exported on Friday", "[info] 3 articles", "id,text", "null", "{broken", '["a"]']
)
def test_one_stray_line_does_not_change_what_a_file_of_records_is(
    tmp_path: Path, stray: str
) -> None:
    record = LINE.strip()
    for name, lines in (
        ("a", [stray, record, record]),
        ("b", [record, stray, record]),
        ("c", [stray, record]),
    ):
        (tmp_path / name).write_text("\n".join(lines))
    found = list(read([tmp_path]))
    records = [f"{one.file} {one.where}" for one in found if isinstance(one, RawArticle)]
    faults = [f"{one.file} {one.where}" for one in found if isinstance(one, ReadError)]
    assert records == ["a line 2", "a line 3", "b line 1", "b line 3", "c line 2"]
    assert faults == ["a line 1", "b line 2", "c line 1"]


def test_a_text_with_records_among_its_lines_is_read_and_the_doubt_is_said(tmp_path: Path) -> None:
    prose = "The ferry stops.\nNobody knows why.\n"
    for name, among in (("a", LINE), ("b", f"{LINE},"), ("c", '{\n  "text": "b"\n}')):
        (tmp_path / name).write_text(prose + among + "\n" + prose)
    found = list(read([tmp_path]))
    assert [one.file for one in found if isinstance(one, RawArticle)] == ["a", "b", "c"]
    said = [str(one) for one in found if isinstance(one, ReadError)]
    assert said == [
        f"{name}: it was read as one text, though 1 of its lines look like JSON objects"
        for name in "abc"
    ]


def test_a_folder_is_walked_in_order_with_names_relative_to_it(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c/d/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Words.")
    assert seen(tmp_path) == ["a.txt", "b/1.txt", "b/2.txt", "c/d/e.txt"]


def test_hidden_files_are_passed_over_and_links_that_lead_out_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("Not for the archive.")
    (folder / "a.txt").write_text("Words.")
    (folder / ".hidden").write_text("Words.")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "circle").symlink_to(folder)
    (folder / "gone").symlink_to(folder / "nothing")
    (folder / "within").symlink_to(folder / "a.txt")
    assert seen(folder) == [
        "a.txt",
        "gone: it is a link to nothing, or to itself",
        "out.txt: it is a link that leads out of the folder",
        "within",
    ]


def test_what_a_browser_saves_beside_a_page_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Ferry.html").write_text(PAGE)
    (tmp_path / "Ferry_files").mkdir()
    (tmp_path / "Ferry_files" / "saved.txt").write_text("var x;")
    assert seen(tmp_path) == ["Ferry.html"]


def test_a_file_is_named_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE * 2)
    assert seen(tmp_path / "a.jsonl") == ["a.jsonl, line 1", "a.jsonl, line 2"]


def test_of_a_packed_file_that_is_cut_off_the_whole_lines_are_read(tmp_path: Path) -> None:
    words = os.urandom(3_000_000).hex()
    lines = [json.dumps({"text": words[at : at + 10_000]}) for at in range(0, len(words), 10_000)]
    packed = gzip.compress("\n".join(lines).encode())
    (tmp_path / "a.gz").write_bytes(packed[: len(packed) // 2])
    found = seen(tmp_path)
    assert found[-1].startswith("a.gz: its packing is damaged: ")
    assert len(found) > 250


def test_a_damaged_packing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"words " * 100)[:10] + b"nonsense" * 9)
    assert [one.split(":")[:2] for one in seen(tmp_path)] == [["a.gz", " its packing is damaged"]]


@pytest.mark.parametrize("preview", [True, False])
def test_a_document_of_apples_programs_is_told_unless_it_holds_its_own_print(
    preview: bool, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "copy.pages", "w") as packed:
        packed.writestr("Index/Document.iwa", b"\0\1\2")
        packed.writestr("preview.jpg", b"\xff\xd8\xff\xe0")
        if preview:
            shown = pdf([[(50, 760, 24, "Ferry stops"), *column(50, 700, WORDS)]])
            packed.writestr("QuickLook/Preview.pdf", shown)
    (found,) = read([tmp_path])
    if preview:
        assert isinstance(found, RawArticle)
        assert WORDS in found.text
    else:
        assert isinstance(found, ReadError)
        assert "it is a document of Apple's Pages" in found.message


def test_a_packed_file_is_told_by_the_name_of_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.md.gz").write_bytes(gzip.compress(f"# Ferry stops\n\n{WORDS}\n".encode()))
    (found,) = read([tmp_path])
    assert isinstance(found, RawArticle)
    assert found.title == "Ferry stops"


def test_an_empty_file_and_an_unknown_format_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\x02\xff\xfe\x00\x00" * 9)
    errors = [one for one in read([tmp_path]) if isinstance(one, ReadError)]
    assert [str(one) for one in errors] == ["a: it is empty", "b.bin: no reader knows its format"]
    known = ", ".join(plugins.names("readers"))
    assert errors[1].hint == f"name it with `--format`; known: {known}"


def test_a_missing_file_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    missing = tmp_path / "b.txt"
    expected = [f"{missing.as_posix()}: there is no such file or folder", "a.txt"]
    assert seen(missing, tmp_path / "a.txt") == expected


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "a.txt").chmod(0)
    assert seen(tmp_path) == ["a.txt: it cannot be opened: Permission denied"]


def test_a_file_name_of_any_bytes_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Words.")
    assert seen(tmp_path) == ["caf\ufffd.txt"]


def test_a_named_format_is_not_questioned(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("Words about style.")
    assert seen(tmp_path, format="text") == ["a.css"]


def test_a_given_encoding_reaches_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Рада".encode("cp1251"))
    (found,) = read([tmp_path], encoding="cp1251")
    assert isinstance(found, RawArticle)
    assert (found.text, found.inferred) == ("Рада", {"encoding": "cp1251, as given"})


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"format": "papyrus"}, "no reader is named 'papyrus'"),
        ({"encoding": "runes"}, "no encoding is named 'runes'"),
        ({"mapping": {"colour": "c"}}, "no field is named 'colour'"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_read(
    how: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        read([], **how)  # type: ignore[arg-type]


def test_standard_input_is_read_though_it_comes_in_pieces() -> None:
    program = (
        "from ingest.files.read import read; print([getattr(a, 'title', a) for a in read(['-'])])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    for piece in (LINE[:3], LINE[3:], LINE):
        process.stdin.write(piece.encode())
        process.stdin.flush()
    out, _ = process.communicate()
    assert out.decode().strip() == "['Ferry stops', 'Ferry stops']"
