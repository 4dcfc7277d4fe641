"""Why a file could not be read is told by its kind in another language, whatever a reader says."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from assistant.doors.web.tongues import Tongue
from assistant.render.reading_reasons import kind_of, reason_told

ROOM = Path(ingest.__path__[0])
READERS = [*(ROOM / "readers").rglob("*.py"), *(ROOM / "files").rglob("*.py"),
           ROOM / "clean" / "assemble.py"]  # fmt: skip
RAISED = ("ReadError", "StretchDamaged", "Unreadable", "Undecodable", "Damaged", "_Broken",
          "Unrecognised")  # fmt: skip
"""What a reader raises or yields that tells why, beside the words that it keeps as `why`."""


def texts(node: ast.expr) -> Iterator[str]:
    """Yield a text as it is read: what stands in its places is the file's own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = (str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
        yield "".join(parts)


def reasons() -> set[str]:
    found = set[str]()
    for file in READERS:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                names = {getattr(one, "id", "") for one in node.targets}
                found.update(texts(node.value) if "why" in names else ())
            elif (
                isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args
            ):
                error = getattr(node.func, "id", "") in {"ReadError", "StretchDamaged"}
                found.update(
                    texts(node.args[min(2, len(node.args) - 1)] if error else node.args[0])
                )
    return {one for one in found if " " in one}


def test_every_reason_of_a_reader_is_of_a_kind() -> None:
    told = reasons()
    assert len(told) > 60
    assert {one for one in told if kind_of(one) is None} == set()


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("it is longer than 5,000 bytes", "It is larger than is read at once"),
        ("it is no whole PDF: Stream has ended unexpectedly", "It is damaged or cut off"),
        ("it is not cp1252: wrong at byte 7", "Its characters cannot be told: name its encoding"),
        ("it is not UTF-8: wrong at byte 7", "Its characters cannot be told: name its encoding"),
        ("it has no full text: 'The password of JSON'", "No article was found in it"),
        ("it is locked with a password", "It is locked with a password"),
        ("it holds no words, perhaps pictures of pages",
         "Its words stand in pictures and have to be recognised"),
        ("it is no JSON: ',' at character 12", "Its records or columns are not those of articles"),
        ("no reader knows its format", "It is of a format that is not known here"),
        ("its page is longer than 9 bytes", "It is larger than is read at once"),
        ("it is a document of Apple's Pages, Numbers or Keynote",
         "It is of a format that is not known here"),
        ("it is a sitemap: 7 addresses, and the text of none", "No article was found in it"),
        ("it cannot be opened: Permission denied", "It cannot be opened"),
        ("ingest.readers.pdf failed: KeyError: 'x'", "Reading it failed"),
    ],
)  # fmt: skip
def test_a_reason_is_known_by_what_a_reader_says_not_by_what_a_file_does(
    reason: str, kind: str
) -> None:
    assert kind_of(reason) == kind


def test_in_english_a_reason_stays_what_it_was() -> None:
    assert reason_told("it holds no words", Tongue("en").say) == ("it holds no words", "")


def test_in_another_language_the_kind_comes_first_and_what_was_said_stays() -> None:
    told, in_full = reason_told("its packing is damaged: x", Tongue("de").say)
    assert (told, in_full) == ("Es ist beschädigt oder abgeschnitten", "its packing is damaged: x")


def test_a_reason_of_no_kind_is_told_as_it_came() -> None:
    assert reason_told("the moon", Tongue("de").say) == ("the moon", "")
