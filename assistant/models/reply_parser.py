"""The plain-text protocol of a written answer: a sentence a line, `[n]` after it.

Any model can stream it, and what small models make of it is read too: markers in other
brackets, before the sentence or on a line of their own, Markdown, reasoning in `<think>`, words
before and after the answer, a refusal in other words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.models.citation_markers import (
    MARKER,
    NAME,
    NUMBERS,
    cited_by,
    numbers_in,
    without_markers,
)
from assistant.models.refusal import refuses, speaks_of_passages
from assistant.models.reply_markup import is_plain, of_row, unset
from ingest.language.sentences import sentences as sentence_spans

_WORD = re.compile(r"\w")
_NEXT = re.compile(r"[^\S\n]+(?=\S)")
_MONTH = (
    r"(?:januari?|jänner|februari?|märz|mars|marts|april|mai|maj|juni|juli|augusti?|september|"
    r"oktober|november|dezember|december|січня|лютого|березня|квітня|травня|червня|липня|серпня|"
    r"вересня|жовтня|листопада|грудня)"
)
# "14. Februar" is a day and not the fourteenth of a list.
_PREFIX = re.compile(
    rf"\A\s*(?:(?:[-*•·▪>]|\#{{1,6}}|\d{{1,2}}[.)](?!\s+{_MONTH}\b)|\(\d{{1,2}}\))\s+)+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:final\s+)?(?:answer|response|respuesta|відповідь)\s*:\s*", re.IGNORECASE)
_LIST_OF_SOURCES = re.compile(
    r"\W*(?:sources?|references|citations?|fuentes|джерела)\s*(?::|\W*\Z)", re.IGNORECASE
)
_REMARK = re.compile(
    r"(?:sure|certainly|of course|okay|ok|here (?:is|are|'s)|here’s|i hope|let me know|please|"
    r"based on|note that|in summary|in conclusion)\b",
    re.IGNORECASE,
)
_CITED = rf"[\[(]?{NUMBERS}[\])]?(?:\s*(?:,|and|&)?\s*\[\d{{1,3}}\])*"
# "According to sources, ..." is an attribution and stays; "according to source 1, ..." goes.
_LEAD = re.compile(
    rf"""
    (?:according\ to|as\ per|as\ (?:stated|reported|mentioned)\ (?:in|by)|in|per|from|based\ on)\s+
      (?:(?:the\s+)?(?:{NAME}\s*(?P<named>{_CITED})|(?P<marked>\[{NUMBERS}\]))
        |(?:the\s+)?(?:provided|given|above|archived)\s+(?:{NAME}|articles?|context|texts?)
        |the\s+(?:passages?|excerpts?)(?:\s+provided)?
      )\s*[,:]\s*
  | (?:the\s+)?(?:{NAME}\s*(?P<says>{_CITED})|(?P<itself>\[{NUMBERS}\])
        |(?:provided\s+)?(?:passages?|excerpts?))\s+
      (?:says?|states?|reports?|notes?|mentions?|indicates?)\s+that\s+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRAIL = re.compile(
    r",?\s*\b(?:according to|as (?:stated|reported|mentioned|noted) (?:in|by)|as per)"
    r"(?:\s+(?:and|the))*\s*(?=[.!?]?\s*\Z)",
    re.IGNORECASE,
)
"""What is left of "..., according to [2]." without its marker."""

_EMPTY = re.compile(r"\s*\(\s*(?:[,;&]|and)?\s*\)")
_THINK = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_LONGEST_LINE = 4000
"""What goes on for longer without an end is no sentence: it is left out, and not searched."""
_LONGEST_TAG = len("</reasoning>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySentence:
    """One sentence of a reply, without its markers; `cites` are the numbers that exist.

    `miscited` says what is wrong with its markers, `faults` what is wrong with its words.
    """

    text: str
    cites: tuple[int, ...]
    miscited: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The model says that the passages do not answer, in its own words.

    After sentences that stand, it speaks of a part of the question.
    """

    text: str


def read(deltas: Iterable[str], passages: int, most: int = 5) -> Iterator[ReplySentence | Refused]:
    """Yield what a reply says as soon as each sentence is whole; stop after `most` of them.

    `passages` is how many can be cited. A sentence without a marker takes those of the next one
    in its line, or of a line that holds nothing but markers. What repeats is left out.
    """
    page = _ReplySoFar(passages=passages, most=most)
    for segment in _segments(_without_thinking(_bites(deltas)), passages):
        if segment is None:
            page = _ReplySoFar(passages=passages, most=most)
            continue
        yield from page.take(segment)
        if page.full:
            return
    yield from page.flush()


@dataclass(slots=True, kw_only=True)
class _ReplySoFar:
    """What was read so far: which sentences wait for a marker, and which were there already."""

    passages: int
    most: int
    full: bool = False
    _waiting: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _cited: int = 0
    _read: int = 0

    def take(self, segment: str) -> Iterator[ReplySentence | Refused]:
        segment = unset(_PREFIX.sub("", segment, count=1)).strip()
        segment = _LABEL.sub("", segment, count=1) if _LABEL.match(segment) else segment
        if not segment or segment.startswith(("====", "```", "---")):
            return
        if segment.startswith("|"):
            segment = of_row(segment) if MARKER.search(segment) else ""
        if _LIST_OF_SOURCES.match(segment):
            yield from self.flush()
            self.full = True
            return
        cited = _cited_sentences(segment, self.passages)
        if cited and not cited[0][0]:
            yield from self.flush(cited[0][1])
            return
        yield from self.flush()
        for text, numbers in cited:
            yield from self._say(text, numbers)

    def flush(self, numbers: tuple[int, ...] = ()) -> Iterator[ReplySentence]:
        """Let go of the sentences that wait, with the markers that came for them, if any."""
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            if numbers or not _REMARK.match(text):
                yield from self._made(text, numbers)

    def _say(self, text: str, numbers: tuple[int, ...]) -> Iterator[ReplySentence | Refused]:
        if refusal := refuses(text, cited=bool(numbers)):
            self._read += 1
            self.full = refusal == "sentinel" or self._read >= 4 * self.most
            yield Refused(text=text)
        elif numbers:
            yield from self._made(text, numbers)
        elif not text.endswith(":"):
            self._waiting.append(text)

    def _made(self, text: str, numbers: tuple[int, ...]) -> Iterator[ReplySentence]:
        self._read += 1
        key = text.casefold().strip(" .")
        if not self.full and key not in self._seen:
            self._seen.add(key)
            self._cited += bool(numbers)
            yield _sentence(text, numbers, self.passages)
        # A model that goes round in circles never comes to the end of its reply.
        self.full = self.full or self._cited >= self.most or self._read >= 4 * self.most


def _sentence(text: str, numbers: tuple[int, ...], passages: int) -> ReplySentence:
    known = tuple(dict.fromkeys(number for number in numbers if 1 <= number <= passages))
    strange = [number for number in dict.fromkeys(numbers) if number not in known]
    miscited = [f"cites [{number}], which does not exist" for number in strange]
    if not numbers:
        miscited.append("cites nothing")
    of_passages = "speaks of passages, which its reader does not see"
    faults = [of_passages] if speaks_of_passages(text) else []
    if not is_plain(text):
        faults.append("is no plain sentence")
    return ReplySentence(text=text, cites=known, miscited=tuple(miscited), faults=tuple(faults))


def _cited_sentences(segment: str, passages: int) -> list[tuple[str, tuple[int, ...]]]:
    """Cut a stretch of a line into sentences without markers, each with the numbers it cites."""
    lead = _LEAD.match(segment)
    led = numbers_in(lead[lead.lastgroup]) if lead and lead.lastgroup else ()
    if lead:
        segment = segment[lead.end() : lead.end() + 1].upper() + segment[lead.end() + 1 :]
    text, markers = without_markers(segment, passages)
    spans = [(a, b) for a, b in _whole_quotations(text) if _WORD.search(text, a, b)]
    if not spans:
        return [("", tuple(number for _, numbers in markers for number in numbers))]
    cites: list[list[int]] = [[] for _ in spans]
    cites[0].extend(led)
    leading = bool(markers) and markers[0][0] == 0 and markers[-1][0] < spans[-1][1]
    for at, numbers in markers:
        cites[_belongs(at, spans, leading=leading)].extend(numbers)
    for index in range(len(spans) - 2, -1, -1):
        cites[index] = cites[index] or cites[index + 1]
    return [
        (_TRAIL.sub("", _EMPTY.sub("", text[a:b])), tuple(found))
        for (a, b), found in zip(spans, cites, strict=True)
    ]


def _belongs(at: int, spans: list[tuple[int, int]], *, leading: bool) -> int:
    if leading:
        return next((i for i, (start, _) in enumerate(spans) if start >= at), len(spans) - 1)
    return max((i for i, (start, _) in enumerate(spans) if start < at), default=0)


def _whole_quotations(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences; a quotation of several is not torn apart."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if spans and _open(text[spans[-1][0] : spans[-1][1]]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _open(text: str) -> bool:
    return (
        text.count('"') % 2 == 1
        or text.count("“") > text.count("”")
        or text.count("«") > text.count("»")
    )


def _bites(deltas: Iterable[str]) -> Iterator[str]:
    """Yield what comes in pieces that can be held and searched."""
    for delta in deltas:
        for at in range(0, len(delta), _LONGEST_LINE):
            yield delta[at : at + _LONGEST_LINE]


def _segments(texts: Iterable[str | None], passages: int) -> Iterator[str | None]:
    """Cut text at the ends of lines, and within a line where a cited sentence ends."""
    line = _Line(passages)
    for text in texts:
        if text is None:
            line = _Line(passages)
            yield None
        else:
            yield from line.take(text.replace("\r", "\n"))
    yield line.rest


@dataclass(slots=True)
class _Line:
    """The line that is being written; one that goes on for too long is left out, to its end."""

    _passages: int
    _held: str = ""
    _fresh: bool = True
    _endless: bool = False

    def take(self, text: str) -> Iterator[str]:
        self._held += text
        while (cut := self._cut()) is not None:
            stretch, self._held = self._held[:cut], self._held[cut:]
            ended = stretch[-1] == "\n"
            if self._endless or len(stretch) >= _LONGEST_LINE:
                self._endless = not ended
            else:
                yield stretch
            self._fresh = ended

    @property
    def rest(self) -> str:
        """What is held at the end."""
        return "" if self._endless else self._held

    def _cut(self) -> int | None:
        if self._endless:
            return self._held.find("\n") + 1 or len(self._held) or None
        return _cut(self._held, self._passages, fresh=self._fresh)


def _cut(held: str, passages: int, *, fresh: bool) -> int | None:
    """Return where the first whole stretch ends, None if more must come first."""
    line = held.find("\n", 0, _LONGEST_LINE)
    stop = min(len(held), _LONGEST_LINE) if line < 0 else line
    first = MARKER.search(held, 0, stop)
    # "[1] A. [2] B.": here a marker does not say that its sentence is over.
    if first and not (fresh and not held[: first.start()].strip(" -*•")):
        for found in MARKER.finditer(held, first.start(), stop):
            end = _sentence_end(held, found, stop) if cited_by(found, passages) else None
            if end is not None:
                return end
    if line < 0:
        return _LONGEST_LINE if len(held) >= _LONGEST_LINE else None
    return line + 1


def _sentence_end(held: str, found: re.Match[str], stop: int) -> int | None:
    before = held[: found.start()].rstrip().rstrip('"”’»)')[-1:]
    end = found.end()
    while end < stop and held[end] in '.!?…"”’»':
        end += 1
    closed = before in ".!?…])】" or held[found.end() : end].strip('"”’»') != ""
    after = _NEXT.match(held, end, stop)
    if not closed or after is None:
        return None
    following = held[after.end()]
    return None if following in "[(【［,;&<|\\" or following.islower() else end


def _without_thinking(deltas: Iterable[str]) -> Iterator[str | None]:
    """Leave reasoning out; None says that all that came before was reasoning too."""
    held = ""
    thinking = False
    for delta in deltas:
        held += delta
        while found := _THINK.search(held):
            if not found[1] and not thinking:
                yield held[: found.start()]
            elif found[1] and not thinking:
                yield None
            thinking = not found[1]
            held = held[found.end() :]
        # What may be the beginning of a tag waits for the rest of it.
        tag = held.rfind("<", max(0, len(held) - _LONGEST_TAG))
        cut = tag if tag >= 0 else len(held)
        if not thinking:
            yield held[:cut]
        held = held[cut:]
    if not thinking:
        yield held
