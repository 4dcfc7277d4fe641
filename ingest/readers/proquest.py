"""ProQuest: documents saved together as text, parted by rules, each field behind its label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.article import RawArticle
from ingest.clean.byline_names import spoken
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.press_document import PressDocument, found, labels, named
from ingest.readers.text import whole

_RULE = re.compile(r"[_*]{30,}\s*")
_COUNT = re.compile(r"Document \d{1,6} of \d{1,6}\s*")
_LABEL = re.compile(r"([A-Z][A-Za-z/ -]{1,40}?):(?:\s+(.*)|$)")
_LOOK = re.compile(r"^(?:ProQuest document (?:ID|link)\b|Publication info:)", re.MULTILINE)
_LOOK_TOO = re.compile(r"^(?:Full text:|Publication title:|Document URL:|_{30,})", re.MULTILINE)
_EDITION = re.compile(r",\s*([^,]*\bedition\b.*)", re.IGNORECASE)
_MOST_LINES = 6  # of a field that is cut to the width of a page
_MISSING = re.compile(r"(?:full text )?(?:is )?(?:not|un) ?available\.?", re.IGNORECASE)


class _ProQuest:
    """Deliveries of ProQuest as text; those in RTF and DOCX come by their own readers."""

    name = "proquest"

    def sniff(self, head: bytes, file: str) -> float:
        """Take text in which fields are labelled as ProQuest does."""
        text = (peek(head) or "").replace("\r\n", "\n")
        if text.lstrip().startswith(("<", "{", "[")):
            return 0.0
        return 0.97 if _LOOK.search(text) and _LOOK_TOO.search(text) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        lines = whole(given).text.replace("\r\n", "\n").split("\n")
        yield from named(documents(lines, wrapped=False), given.file, "ProQuest")


def is_ours(lines: Sequence[str]) -> bool:
    """Whether lines are documents of ProQuest: with its number and a labelled text."""
    seen = {name for line in lines if (name := _field(line)[0])}
    return {"id", "body"} <= seen


def documents(lines: Sequence[str], *, wrapped: bool) -> Iterator[RawArticle | ReadError]:
    """Yield an article a document; an error for one whose text is not in the delivery."""
    for number, own in enumerate(_parted(lines), 1):
        one = next(found([_document(own)], wrapped=wrapped))
        where = f"document {number}"
        if isinstance(one, ReadError):
            yield ReadError("", where, one.message)
        elif not one.text.strip():
            why = f"it has no full text: {(one.title or '')[:80]!r}"
            yield ReadError("", where, why, "save it with its full text, where ProQuest has it")
        else:
            yield replace(one, where=where, record=str(number))


def _parted(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each document; the list of them and the notices around go."""
    held: list[str] = []
    for line in (*lines, "_" * 60):
        if _RULE.fullmatch(line) or _COUNT.fullmatch(line):
            if any(_field(one)[0] in {"id", "body", "outlet"} for one in held):
                yield held
            held = []
        else:
            held.append(line)


def _field(line: str) -> tuple[str, str]:
    """Return the field whose label a line bears and what stands behind it; "" where none."""
    marked = _LABEL.match(line)
    if not marked:
        return "", ""
    label = marked[1].casefold()
    for name, forms in labels("proquest").items():
        if label in forms:
            return name, marked[2] or ""
    return "", ""


def _document(lines: list[str]) -> PressDocument:
    document = PressDocument()
    start = next((at for at, one in enumerate(lines) if _field(one)[0] == "body"), len(lines))
    end = _end_of_text(lines, start)
    _fields(document, lines[:start])
    _fields(document, lines[end:])
    text = [_field(one)[1] if at == 0 else one for at, one in enumerate(lines[start:end])]
    document.body = [] if _MISSING.fullmatch(" ".join(text).strip()) else text
    return _told(document)


def _end_of_text(lines: list[str], start: int) -> int:
    """Return the line of the first field behind a text: nothing but fields follows.

    A paragraph of the text may begin like one ("Location: ...").
    """
    end, waiting = len(lines), 0
    for at in range(len(lines) - 1, start, -1):
        if _field(lines[at])[0]:
            end, waiting = at, 0
        elif lines[at].strip():
            waiting += 1  # lines that go on with a field, if one stands right above
            if not lines[at - 1].strip() or waiting > _MOST_LINES:
                break
    return end


def _fields(document: PressDocument, lines: list[str]) -> None:
    """Read labelled fields; a line without a label goes on with the one above it."""
    into, label = "headline", ""
    for line in lines:
        name, value = _field(line)
        if name == "about":
            into, label = name, line.partition(":")[0].strip().lower().replace(" ", "_")
            document.about[label] = [value.strip()]
        elif name:
            into = "headline" if name == "title" else name
            document.fields[into] = [value.strip()] if value.strip() else []
        elif into == "about" and line.strip():
            held = document.about[label]
            if isinstance(held, list):
                held.append(line.strip())
        else:
            document.put(into, line)


def _told(document: PressDocument) -> PressDocument:
    """Read of the fields what they say: the outlet without its town, names as they are spoken."""
    for label, said in document.about.items():
        document.about[label] = " ".join(said) if isinstance(said, list) else said
    document.title = document.said("headline") or ""
    outlet = (document.said("outlet") or "").partition(";")[0]
    if edition := _EDITION.search(outlet):
        document.put("edition", edition[1])
        outlet = outlet[: edition.start()]
    document.outlet = outlet
    document.published = document.said("date") or ""
    document.id = document.said("id")
    document.rights = document.fields.get("rights", [])
    document.fields["byline"] = [
        spoken(name) for name in (document.said("byline") or "").rstrip(".").split(";")
    ]
    return document


reader: Reader = _ProQuest()
