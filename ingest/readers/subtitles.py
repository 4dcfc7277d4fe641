"""Subtitles as a transcript: cues joined to paragraphs, who speaks named.

SubRip, WebVTT and YouTube's SBV print each cue under its time; TTML and ASS are turned into such.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.article import RawArticle
from ingest.clean.live_posts import CUES
from ingest.errors import ReadError
from ingest.language.letter_case import UPPER
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import Damaged
from ingest.readers.text import whole
from ingest.readers.timed_text import as_web_captions, is_script, is_timed_markup

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_CLOCK})(?:\s*-->\s*|,(?=\d+:))({_CLOCK})(?=\s|$)")
_WEBVTT = re.compile(r"WEBVTT(?:[ \t].*)?$")
_HEADER = re.compile(r"(title|language|kind)\s*:\s*(\S.*)", re.IGNORECASE)
_NO_CUES = ("NOTE", "STYLE", "REGION")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,200})?[ \t]+([^<>]{1,200})>")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]{0,200}|\d[\d:.]{0,20})?>|\{\\[^{}]{0,100}\}")
_TURN = re.compile(rf">>+\s*|[-–—]\s*(?=\S)|(?=[{UPPER}][^\n:?!.]{{0,49}}:\s)")
_ARROWS = re.compile(r">>+\s*")
_ENDS = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
_PAUSE = 4.0  # seconds without words after which a paragraph ends with its sentence
_LONG, _LONGEST = 400, 1_200  # characters after which a paragraph ends: with a sentence, anyhow
_OPENING = 8  # words of a paragraph by which it is found again
_ROLLING = 0.2  # seconds between cues of which the second prints a line of the first again
_FOUND_IN = 4_096


@dataclass(frozen=True, slots=True)
class _Cue:
    begins: float
    ends: float
    clock: str
    lines: list[str]


@dataclass(slots=True)
class _Transcript:
    """The paragraphs so far, and when each begins."""

    paragraphs: list[list[str]] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    speaker: str = ""
    ended: float = 0.0
    last: tuple[str, ...] = ()

    def add(self, cue: _Cue) -> None:
        rolling = cue.begins - self.ended <= _ROLLING
        printed = []
        for line in cue.lines:
            voice = _VOICE.search(line)
            words = " ".join(html.unescape(_TAG.sub("", line)).replace("\u200b", "").split())
            if words:
                printed.append(words)
                if not (rolling and words in self.last):
                    self._say(words, " ".join(voice[1].split()) if voice else "", cue)
        self.ended = max(self.ended, cue.ends)
        self.last = tuple(printed) or self.last

    def _say(self, words: str, voice: str, cue: _Cue) -> None:
        turn = _TURN.match(words)
        words = _ARROWS.sub("", words, count=1) if turn else words
        changed = bool(voice) and voice != self.speaker
        if not self.paragraphs or changed or turn or self._is_over(cue):
            named = html.unescape(voice or ("" if turn else self.speaker)).strip()
            self.speaker = voice or ("" if turn else self.speaker)
            self.paragraphs.append([f"{named}: {words}" if named else words])
            self.clocks.append(cue.clock)
        else:
            self.paragraphs[-1].append(words)

    def _is_over(self, cue: _Cue) -> bool:
        said = self.paragraphs[-1]
        length = sum(map(len, said)) + len(said)
        if not _ENDS.search(said[-1]):
            return length > _LONGEST
        return length > _LONG or cue.begins - self.ended > _PAUSE


class _Subtitles:
    """Subtitles of a recording: the file is one transcript."""

    name = "subtitles"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what opens as WebVTT, or with the number and the times of a first cue."""
        text = (peek(head) or "")[:_FOUND_IN].lstrip("\ufeff\n\r ")
        if is_timed_markup(text) or is_script(text):
            return 0.97
        lines = text.split("\n", 3)
        if _WEBVTT.match(lines[0].rstrip()):
            return 0.97
        timed = _TIMING.match(lines[0]) or (
            lines[0].strip().isdigit() and len(lines) > 1 and _TIMING.match(lines[1])
        )
        return 0.97 if timed else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the transcript, with the time at which each of its paragraphs begins."""
        decoded = whole(given)
        said = _Transcript()
        try:
            header, cues = _cues(as_web_captions(decoded.text))
        except Damaged as error:
            yield ReadError(given.file, "", str(error), "")
            return
        for cue in cues:
            said.add(cue)
        if not said.paragraphs:
            yield ReadError(given.file, "", "it holds no words under a time", "")
            return
        paragraphs = [" ".join(lines) for lines in said.paragraphs]
        openings = [" ".join(one.split()[:_OPENING]) for one in paragraphs]
        yield RawArticle(
            file=given.file,
            text="\n\n".join(paragraphs),
            title=header.get("title"),
            language=header.get("language"),
            kind="transcript",
            comments_apart=True,
            inferred={"encoding": decoded.how} if decoded.how else {},
            metadata={CUES: [list(pair) for pair in zip(said.clocks, openings, strict=True)]},
        )


def _cues(text: str) -> tuple[dict[str, str], Iterator[_Cue]]:
    """Return what the head of the file states, and its cues in their order."""
    lines = [line.rstrip() for line in text.lstrip("\ufeff").splitlines()]
    head = lines[: lines.index("")] if "" in lines and _WEBVTT.match(lines[0]) else []
    header = {found[1].lower(): found[2] for one in head if (found := _HEADER.match(one))}
    return header, _timed(lines)


def _timed(lines: list[str]) -> Iterator[_Cue]:
    """Yield what stands under each time until the next blank line or time."""
    cue: _Cue | None = None
    for at, line in enumerate(lines):
        if found := _TIMING.match(line):
            if cue:
                yield cue
            cue = _Cue(_seconds(found[1]), _seconds(found[2]), _plain(found[1]), [])
        elif cue and line.strip():
            if not _is_number(lines, at):
                cue.lines.append(line)
        elif cue and not _goes_on(lines, at):
            yield cue
            cue = None
    if cue:
        yield cue


def _is_number(lines: list[str], at: int) -> bool:
    """Whether a line is the name of the next cue, which stands right above its time."""
    return at + 1 < len(lines) and bool(_TIMING.match(lines[at + 1]))


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether a cue goes on behind a blank line: words that are under no time of their own."""
    following = lines[at + 1 : at + 4]
    if not following or not following[0].strip() or following[0].startswith(_NO_CUES):
        return False
    return not any(map(_TIMING.match, following[:2]))


def _seconds(clock: str) -> float:
    whole_seconds, _, part = clock.replace(",", ".").partition(".")
    total = 0
    for number in whole_seconds.split(":"):
        total = total * 60 + int(number)
    return total + float(f"0.{part}")


def _plain(clock: str) -> str:
    """Return hours, minutes and seconds, without what is less."""
    numbers = re.split("[.,]", clock)[0].split(":")
    return ":".join(f"{int(one):02}" for one in ["0", *numbers][-3:])


reader: Reader = _Subtitles()
