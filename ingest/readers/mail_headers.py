"""The headers of a message as programs save them, to those that mail has."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.readers.encoding import Undecodable, decode

_MARK = b"\xef\xbb\xbf"
_COUNT = re.compile(rb"(\d{1,9})[ \t]*\r?\n(?=[!-9;-~]{1,70}:)")  # of Apple's Mail: bytes of it
_END = re.compile(rb"\r?\n\r?\n")
_LABEL = re.compile(r"([^\W\d_][\w ]{0,20}?)[ \t]*:[ \t]*(.*)")
_LONGEST = 65_536  # bytes of headers that are looked at
_MOST = 12  # lines of a printed head
_FEWEST = 3  # labels of one language that make such a head


def as_mail(data: bytes) -> bytes:
    """Return a message, or its start, with headers that mail has, in UTF-8."""
    data = data.removeprefix(_MARK).lstrip(b"\r\n")
    if counted := _COUNT.match(data):
        data = data[counted.end() : counted.end() + int(counted[1])]
    end = _END.search(data, 0, _LONGEST)
    head, rest = (data[: end.start()], data[end.start() :]) if end else (data, b"")
    if len(head) > _LONGEST:
        return data
    text = _text(head, data)
    if text is None:
        return data
    labelled = _renamed(text)
    if labelled is None and head.isascii():
        return data
    return (labelled or text).encode("utf-8", "surrogatepass") + rest


def _text(head: bytes, data: bytes) -> str | None:
    """Decode headers as what follows them says; None where nothing tells how."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return head.decode(decode(data[:_LONGEST]).encoding)
    except (Undecodable, UnicodeDecodeError):
        return None


def _renamed(head: str) -> str | None:
    """Return a head that a program printed with mail's own names; None where it is none."""
    lines = head.splitlines()
    found = [_LABEL.fullmatch(line) for line in lines]
    if len(lines) > _MOST or not all(found):
        return None
    said = {match[1].casefold() for match in found if match}
    for names in _labels():
        known = {names[one] for one in said if one in names}
        if len(known) >= _FEWEST and {"from", "subject"} <= known:
            pairs = [(match[1], match[2]) for match in found if match]
            return "\n".join(
                f"{names.get(name.casefold(), name)}: {value}" for name, value in pairs
            )
    return None


@cache
def _labels() -> tuple[Mapping[str, str], ...]:
    """Return of each language its labels, by which header each is."""
    text = Path(__file__).with_name("mail_labels.toml").read_text(encoding="utf-8")
    return tuple(
        {label: ours for ours, labels in names.items() for label in labels}
        for names in tomllib.loads(text).values()
    )
