"""Subtitles that are kept otherwise than under their times: TTML of broadcasters, ASS of editors.

Both are written as WebVTT, in which voices, titles and languages have their places.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING

from ingest.readers.markup import children, descendants, element, language, line, name
from ingest.readers.record_stream import root, without_prologue

if TYPE_CHECKING:
    from lxml.etree import _Element

_SCRIPT = re.compile(r"\[Script Info\]", re.IGNORECASE)
_SAID = re.compile(r"Dialogue:\s*[^,]*,([^,]*),([^,]*),[^,]*,([^,]*),[^,]*,[^,]*,[^,]*,[^,]*,(.*)")
_STYLED = re.compile(r"\{[^{}]{0,500}\}")
_TITLE = re.compile(r"^Title:\s*(\S.*)$", re.MULTILINE)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.:](\d{1,3}))?")
_COUNTED = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|t|f)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPOKEN_LONG = 3.0  # seconds of a cue that does not say when it ends


def is_timed_markup(text: str) -> bool:
    """Whether a text begins as TTML does, or as its older name DFXP."""
    return text.startswith("<") and root(text.encode()) == "tt"


def is_script(text: str) -> bool:
    """Whether a text begins as a script of SSA or ASS does."""
    return bool(_SCRIPT.match(text))


def as_web_captions(text: str) -> str:
    """Return TTML or ASS as WebVTT, any other text as it is; raise Damaged for broken TTML."""
    begun = text.lstrip("\ufeff\n\r ")
    if is_script(begun):
        return "\n".join(_of_script(begun))
    if is_timed_markup(begun):
        return "\n".join(_of_markup(begun))
    return text


def _of_script(text: str) -> Iterator[str]:
    yield "WEBVTT"
    if title := _TITLE.search(text):
        yield f"title: {title[1].strip()}"
    for row in text.splitlines():
        if found := _SAID.match(row):
            begins, ends, who, said = found.groups()
            words = _STYLED.sub("", said).replace("\\N", "\n").replace("\\n", "\n")
            yield from _cue(begins, ends, who.strip(), words.replace("\\h", " ").split("\n"))


def _of_markup(text: str) -> Iterator[str]:
    document, _ = element(without_prologue(text))
    yield "WEBVTT"
    if title := line(next(descendants(document, "title"), None)):
        yield f"title: {title}"
    if tongue := language(document):
        yield f"language: {tongue}"
    agents = {
        str(value): said
        for agent in descendants(document, "agent")
        for attribute, value in agent.items()
        if str(attribute).endswith("id") and (said := line(next(children(agent, "name"), None)))
    }
    for one in descendants(document, "p"):
        begins, ends = one.get("begin"), one.get("end")
        if begins and (start := _counted(str(begins))) is not None:
            end = _counted(str(ends or ""))
            who = next((agents.get(str(v), "") for k, v in one.items() if k.endswith("agent")), "")
            yield from _cue(
                _clock(start), _clock(start + _SPOKEN_LONG if end is None else end), who,
                _printed(one).split("\n"),
            )  # fmt: skip


def _printed(of: "_Element") -> str:
    """Return the words of a cue, its breaks as line ends and nothing else as one."""
    pieces = [" ".join((of.text or " ").split())]
    for one in of:
        pieces.append("\n" if name(one) == "br" else _printed(one))
        pieces.append(" ".join((one.tail or "").split()))
    return " ".join(filter(None, pieces))


def _cue(begins: str, ends: str, who: str, words: list[str]) -> Iterator[str]:
    """Yield a cue: a blank line, its times, its words; each line says who speaks."""
    if not _CLOCK.fullmatch(begins.strip()) or not _CLOCK.fullmatch(ends.strip()):
        return
    voice = f"<v {escape(who, quote=False)}>" if who else ""
    yield from ("", f"{_padded(begins)} --> {_padded(ends)}")
    yield from (
        f"{voice}{escape(unescape(one.strip()), quote=False)}" for one in words if one.strip()
    )


def _padded(clock: str) -> str:
    return clock.strip() if "." in clock else f"{clock.strip()}.0"


def _counted(given: str) -> float | None:
    """Return the seconds of a time of TTML: of the clock, or counted ("12.5s")."""
    if found := _CLOCK.fullmatch(given.strip()):
        hours, minutes, seconds, part = found.groups()
        rest = float(f"0.{part}") if part and "." in given else 0.0  # else they are frames
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + rest
    counted = _COUNTED.fullmatch(given.strip())
    if counted and counted[2] in _SECONDS:
        return float(counted[1]) * _SECONDS[counted[2]]
    return None


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{int(seconds % 1 * 1000):03}"
