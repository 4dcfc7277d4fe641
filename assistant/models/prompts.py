"""Prompts: one a file, loaded, filled and checked.

A prompt begins with a header between two lines `---` that says its `fields`, its `user` and
`why` it is worded so. Then come messages, each under a line `## system` or `## user`. A field
stands in them as `{{name}}`; single braces are ordinary text.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from assistant.answer import Evidence
from assistant.errors import PromptError
from assistant.models.llm import Message

_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_HEADER = re.compile(r"\A---\n(?P<header>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_ENTRY = re.compile(r"^(\w+):[ \t]*(?:>[ \t]*\n)?((?:.*)(?:\n[ \t]+.*)*)", re.MULTILINE)
_MESSAGE = re.compile(r"^## (system|user)[ \t]*\n", re.MULTILINE)
_HEADERS = ("fields", "user", "why")

_CONTROL = re.compile(
    r"\[(?=/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_\w+|PREFIX|SUFFIX|MIDDLE|IMG)\])"
    r"|\[(?=\d{1,3}\])"
)
_LIKE_OUR_MARK = re.compile(r"={3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt that was read and checked. `hash` is that of its whole file."""

    name: str
    fields: frozenset[str]
    messages: tuple[Message, ...]
    hash: str
    user: str
    why: str

    def fill(self, **values: str) -> tuple[Message, ...]:
        """Return the messages with each field's value in its place.

        Raises PromptError if a field is missing or unknown. A value is put in as it is: what
        looks like a field in it stays text.
        """
        if missing := sorted(self.fields - values.keys()):
            raise PromptError(f"the prompt {self.name!r} needs {', '.join(missing)}")
        if unknown := sorted(values.keys() - self.fields):
            raise PromptError(f"the prompt {self.name!r} has no field {', '.join(unknown)}")
        return tuple(
            Message(message.role, _FIELD.sub(lambda found: values[found[1]], message.text))
            for message in self.messages
        )


def load(name: str, folder: Path | None = None) -> Prompt:
    """Return the prompt of that name, from `folder` if it has one, else the one that is shipped.

    Raises PromptError if there is none, or if it is not what a prompt must be; one that takes
    the place of a shipped prompt must have the same fields.
    """
    if folder is not None and not folder.is_dir():
        raise PromptError(f"there is no folder of prompts {str(folder)!r}", "see MORGUE_PROMPTS")
    shipped = _shipped() / f"{name}.md"
    if not shipped.is_file():
        raise PromptError(f"there is no prompt {name!r}", f"known: {', '.join(names())}")
    original = _read(name, shipped)
    own = folder / f"{name}.md" if folder is not None else None
    if own is None or not own.is_file():
        return original
    prompt = _read(name, own)
    if prompt.fields != original.fields:
        raise PromptError(
            f"{own} has the fields {', '.join(sorted(prompt.fields))}",
            f"the fields of this prompt are {', '.join(sorted(original.fields))}",
        )
    return prompt


def names() -> tuple[str, ...]:
    """Return the names of the prompts that are shipped."""
    files = (file.name for file in _shipped().iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in files if name.endswith(".md")))


def mark() -> str:
    """Return a line to put round the words of articles: nobody can foresee it."""
    return f"==== {secrets.token_hex(8)} ===="


def as_data(text: str, *, one_line: bool = False) -> str:
    """Take from a text what a model's template, or our own protocol, would take for control.

    Servers read `<|im_end|>` or `[INST]` within a message as the end of it, `[3]` is how
    passages are numbered, and `====` how what is quoted ends; angle and square brackets of that
    kind, and such lines, become harmless look-alikes.
    """
    text = text.replace("<", "‹").replace(">", "›")
    text = _CONTROL.sub("［", text)
    text = _LIKE_OUR_MARK.sub(lambda run: "＝" * len(run[0]), text)
    return " ".join(text.split()) if one_line else text


def _shipped() -> Traversable:
    """Return the folder of prompts: beside the packages in a checkout, a package in a wheel."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "prompts").is_dir():
        return checkout / "prompts"
    try:
        return resources.files("morgue_prompts")
    except ModuleNotFoundError as error:
        raise PromptError("the prompts are not installed", "install morgue again") from error


def _read(name: str, file: Traversable) -> Prompt:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"{file} is not UTF-8") from error
    found = _HEADER.match(text)
    if found is None:
        raise PromptError(f"{file} has no header", "begin it with `---`, its fields, and `---`")
    header = {key: " ".join(value.split()) for key, value in _ENTRY.findall(found["header"])}
    if missing := [key for key in _HEADERS if not header.get(key)]:
        raise PromptError(f"the header of {file} does not say: {', '.join(missing)}")
    fields = frozenset(header["fields"].replace(",", " ").split())
    used = frozenset(_FIELD.findall(found["body"]))
    if fields != used:
        odd = ", ".join(sorted(fields ^ used))
        raise PromptError(f"the header and the text of {file} differ in their fields: {odd}")
    return Prompt(
        name=name,
        fields=fields,
        messages=_messages(found["body"], file),
        hash=hashlib.sha256(data).hexdigest(),
        user=header["user"],
        why=header["why"],
    )


def _messages(body: str, file: Traversable) -> tuple[Message, ...]:
    before, *parts = _MESSAGE.split(body)
    if before.strip() or "user" not in parts[::2]:
        raise PromptError(f"{file} has no messages", "put each under `## system` or `## user`")
    return tuple(
        Message("system" if role == "system" else "user", text.strip())
        for role, text in zip(parts[::2], parts[1::2], strict=True)
    )


def head(one: Evidence) -> str:
    """Return the line over a passage, for a model: who printed it, when, and who wrote it."""
    article = one.hit.article
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "no date"
    about = [article.outlet or "unknown outlet", day, f"under the headline: {article.title}"]
    part = article.part_at(one.start)
    if part is not None and part.part == "comment":
        about.append(f"A READER'S COMMENT by {part.author or 'somebody'}, not reporting")
    elif part is not None and part.part == "correction":
        about.append("correction")
    return as_data(" | ".join(about), one_line=True)
