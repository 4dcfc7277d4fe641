"""Prompts are loaded, filled and checked before any model sees them."""

from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.models import prompts
from assistant.models.llm import Message

GOOD = """---
fields: tide, harbour
user: tests
why: >
  it is short
  and plain
---
## system
You watch {{harbour}}. Keep {q1} as it is.
## user
The tide is {{tide}}.
"""


def overriding(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def write_fields(text: str) -> str:
    """Give a prompt the fields that `write` must have."""
    fields = ("mark", "passages", "question", "sentences")
    uses = " ".join(f"{{{{{field}}}}}" for field in fields)
    return f"---\nfields: {', '.join(fields)}\nuser: tests\nwhy: ours\n---\n{text}{uses}\n"


def read(folder: Path, text: str) -> prompts.Prompt:
    """Read a prompt under the name of a shipped one."""
    return prompts.load("write", overriding(folder, "write", text))


def test_every_shipped_prompt_is_whole() -> None:
    assert "write" in prompts.names()
    for name in prompts.names():
        prompt = prompts.load(name)
        assert prompt.fields
        assert prompt.user.startswith("assistant.")
        assert len(prompt.why.split()) > 5


def test_values_take_the_places_of_their_fields(tmp_path: Path) -> None:
    prompt = read(tmp_path, write_fields("## system\nKeep {q1}.\n## user\n"))
    messages = prompt.fill(mark="M", passages="P", question="Q", sentences="5")
    assert messages == (Message("system", "Keep {q1}."), Message("user", "M P Q 5"))


def test_what_looks_like_a_field_in_a_value_stays_text(tmp_path: Path) -> None:
    prompt = read(tmp_path, write_fields("## user\n"))
    messages = prompt.fill(
        mark="{{question}}", passages=r"\1 {{mark}}", question="Q", sentences="5"
    )
    assert messages == (Message("user", r"{{question}} \1 {{mark}} Q 5"),)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(PromptError, match="'write' needs passages, sentences"):
        prompts.load("write").fill(mark="M", question="Q")


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(PromptError, match="'write' has no field tone"):
        prompts.load("write").fill(mark="", passages="", question="", sentences="", tone="")


def test_an_unknown_prompt_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(PromptError, match="no prompt 'sing'") as caught:
        prompts.load("sing")
    assert caught.value.hint == f"known: {', '.join(prompts.names())}"


def test_an_installation_puts_its_own_prompt_in_the_place_of_ours(tmp_path: Path) -> None:
    own = read(tmp_path, write_fields("## user\nIn our house style: "))
    assert own.why == "ours"
    assert own.hash != prompts.load("write").hash


def test_a_folder_without_that_prompt_leaves_ours(tmp_path: Path) -> None:
    assert prompts.load("write", tmp_path) == prompts.load("write")


def test_the_hash_is_that_of_the_whole_file(tmp_path: Path) -> None:
    one = read(tmp_path, write_fields("## user\nOne "))
    again = read(tmp_path, write_fields("## user\nOne "))
    other = read(tmp_path, write_fields("## user\nTwo "))
    assert (one.hash == again.hash, one.hash == other.hash) == (True, False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD, "has the fields harbour, tide"),
        ("## user\nhello\n", "has no header"),
        ("---\nfields: a\nuser: tests\n---\n## user\n{{a}}\n", "does not say: why"),
        ("---\nfields: a, b\nuser: t\nwhy: w\n---\n## user\n{{a}} {{c}}\n", "fields: b, c"),
        ("---\nfields: a\nuser: t\nwhy: w\n---\n{{a}}\n", "has no messages"),
        ("---\nfields: a\nuser: t\nwhy: w\n---\n## system\n{{a}}\n", "has no messages"),
    ],
)
def test_a_prompt_that_is_not_one_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(PromptError, match=why):
        read(tmp_path, text)


def test_windows_line_ends_and_folded_reasons_are_read(tmp_path: Path) -> None:
    own = write_fields("## user\n").replace("why: ours", "why: >\n  ours\n  alone")
    (tmp_path / "write.md").write_bytes(own.replace("\n", "\r\n").encode())
    prompt = prompts.load("write", tmp_path)
    assert (prompt.why, prompt.messages[0].text[:8]) == ("ours alone", "{{mark}}")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "write.md").write_bytes(b"---\nfields: a\xff\n---\n")
    with pytest.raises(PromptError, match="is not UTF-8"):
        prompts.load("write", tmp_path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "write.md").write_text(write_fields("## user\n"), encoding="utf-8-sig")
    assert prompts.load("write", tmp_path).why == "ours"


def test_a_folder_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="nowhere") as caught:
        prompts.load("write", tmp_path / "nowhere")
    assert "MORGUE_PROMPTS" in (caught.value.hint or "")
