"""Read transcripts and interviews by their form: a speaker's label holds until the next one."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.article import Statement
from ingest.language import lexicon
from ingest.language.letter_case import UPPER
from ingest.language.speech import naming
from ingest.language.speech.speakers import Cast

_LINE = re.compile(r"\S[^\n]*")
_LABEL = re.compile(
    r"(?:[\[(][\d:., ]+[\])]\s*)?[*_]{0,2}"
    rf"(?P<label>[{UPPER}][^\n:?!“”\"«»*_]{{0,49}}?)(?:\s?\([^)\n]{{1,40}}\))?"
    r"[*_]{0,2}[:：][*_]{0,2}(?=\s|$)"
)
"""`Name:`, `NAME (Party):`, `[5:34] Name:`, `**Name:**` at the head of a line."""

_LETTER = re.compile(rf"(?P<label>[{UPPER}])(?:[.:]|\s[–—-])(?=\s)")
"""`Q:`, `A.` at the head of a line."""

_WORDS = 6
"""Words of a label: a name with its titles."""

_TURNS = 2
"""Turns that each of two speakers has, at least: what a label says once is a heading."""

_DENSE = 0.25
"""Share of the lines from the first label to the last that have one: headings in a report are
fewer. Tried on the 2,909 articles of realtimeqa; .2 to .4 find the same."""

_QUESTIONS = 3
"""Questions that stand as paragraphs of their own before they make an interview."""

_LONGEST = 60
"""Words of such a question."""

_BRACKETS = {"(": ")", "[": "]"}

_ASKS = ("?", "？", "؟")
_TOLD = re.compile(r"[.!?…？؟]\W*$")
_PROSE = re.compile(r"(?:[^\W\d_]+\W+){2}")
_TOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _DialogueLine:
    """A line of an article: `at` is where it begins, `start` where what is said in it does."""

    at: int
    start: int
    end: int
    label: tuple[int, int] | None = None


def utterances(
    text: str, blotted: str, regions: Sequence[tuple[int, int]], cast: Cast
) -> tuple[Statement, ...]:
    """Return what is said in a dialogue, a statement a line, the label and its mark left out.

    A line whose speaker the form does not tell is there too, without one, where it asks: nobody
    else is to be made its speaker. Nothing is returned for what is no dialogue.
    """
    lines = list(_lines(text, regions))
    return tuple(_labelled(text, lines, cast)) or tuple(_unlabelled(text, blotted, lines, cast))


def _lines(text: str, regions: Sequence[tuple[int, int]]) -> Iterator[_DialogueLine]:
    for first, last in regions:
        for found in _LINE.finditer(text, first, last):
            at, end = found.span()
            mark = _LETTER.match(text, at, end) or _LABEL.match(text, at, end)
            if mark is None or mark["label"].count(" ") >= _WORDS:
                yield _DialogueLine(at=at, start=at, end=end)
                continue
            start = mark.end() + len(text[mark.end() : end]) - len(text[mark.end() : end].lstrip())
            yield _DialogueLine(at=at, start=start, end=end, label=mark.span("label"))


# Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voices:
    """Who is meant by each label of a dialogue; one that is not here is no speaker known."""

    names: dict[str, str | None]
    asking: frozenset[str]


def _labelled(text: str, lines: Sequence[_DialogueLine], cast: Cast) -> Iterator[Statement]:
    """Yield the lines from the first label to the last, where they are a dialogue."""
    marked = [n for n, line in enumerate(lines) if line.label]
    voices = _voices(text, [_opening(lines, n) for n in marked], cast) if marked else None
    if voices is None:
        return
    known = [n for n in marked if _called(text, lines[n]) in voices.names]
    if len(known) < _DENSE * (known[-1] - known[0] + 1):
        return
    speaking, last = lines[known[0]], _opening(lines, known[-1])
    for line in takewhile(lambda line: line.at <= last.start, lines[known[0] :]):
        speaking = line if line.label else speaking
        label = _called(text, speaking)
        name = voices.names.get(label)
        if _spoken(text, line) and (name or label in voices.asking):
            yield _said(line, name, speaking)


def _spoken(text: str, line: _DialogueLine) -> bool:
    """Say whether a line has words, not all of them between brackets: "(Begin video clip.)"."""
    words = text[line.start : line.end].strip()
    aside = words[:1] in _BRACKETS and words.find(_BRACKETS[words[0]]) >= len(words) - 2
    return _TOKEN.search(words) is not None and not aside


def _opening(lines: Sequence[_DialogueLine], n: int) -> _DialogueLine:
    """Return a label with the first words under it: those of the next line, where it is alone."""
    line, after = lines[n], lines[n + 1 : n + 2]
    if line.start < line.end or not after or after[0].label:
        return line
    return replace(line, start=after[0].start, end=after[0].end)


def _called(text: str, line: _DialogueLine) -> str:
    return text[slice(*line.label)].rstrip() if line.label else ""


def _said(line: _DialogueLine, name: str | None, under: _DialogueLine | None = None) -> Statement:
    label = under.label if under else None
    return Statement(
        start=line.start,
        end=line.end,
        direct=True,
        speaker=name,
        speaker_at=label if name else None,
        cue_at=(label[1], label[1] + 1) if label else None,
        labelled=True,
    )


def _voices(text: str, marked: Sequence[_DialogueLine], cast: Cast) -> _Voices | None:
    """Return who is meant by labels, None where they are not those of a dialogue.

    Two at least come again, and of those each is a person of the article, or asks, or is the one
    who answers whoever asks.
    """
    by_label: dict[str, list[_DialogueLine]] = {}
    for line in marked:
        by_label.setdefault(_called(text, line), []).append(line)
    names = {label: _name(label, marked, cast) for label in by_label}
    speakers = {label: names[label] or label for label in by_label}
    turns = Counter(speakers[_called(text, line)] for line in marked)
    again = {label for label in by_label if turns[speakers[label]] >= _TURNS}
    asking = frozenset(label for label in again if _asks(text, by_label[label]))
    strange = {label for label in again - asking if names[label] is None}
    answers = len({speakers[label] for label in again - asking}) == 1 and bool(asking)
    if len({speakers[label] for label in again}) < 2 or (strange and not answers):
        return None
    if not _prose(text, [line for label in again for line in by_label[label]]):
        return None
    told = {label: name for label, name in names.items() if name or label in again}
    told |= {label: _interviewee(marked[0].at, cast) for label in strange if len(label) == 1}
    return _Voices(names=told, asking=asking)


def _name(label: str, marked: Sequence[_DialogueLine], cast: Cast) -> str | None:
    """Return the name of whom a label names: a person of the article, or letters of a body."""
    spans = [line.label for line in marked if line.label]
    return cast.bearer(label, spans) or (label if naming.acronym(label) else None)


def _asks(text: str, lines: Sequence[_DialogueLine]) -> bool:
    asked = sum(text[line.start : line.end].rstrip(' *_”"’»').endswith(_ASKS) for line in lines)
    return 2 * asked >= len(lines)


def _prose(text: str, lines: Sequence[_DialogueLine]) -> bool:
    """Tell whether most of what is said ends as sentences do, and is more than a word or two."""
    told = sum(
        bool(_TOLD.search(words) and (_PROSE.match(words) or words[-1:] in _ASKS))
        for words in (text[line.start : line.end] for line in lines)
    )
    return 2 * told >= len(lines)


def _interviewee(before: int, cast: Cast) -> str | None:
    """Return the one person who is named in full before a dialogue begins."""
    people = cast.named_before(before)
    return people[0] if len(people) == 1 else None


# Questions as paragraphs of their own

_I = lexicon.words("dialogue.speaker")
_YOU = lexicon.words("dialogue.hearer")


def _unlabelled(
    text: str, blotted: str, lines: Sequence[_DialogueLine], cast: Cast
) -> Iterator[Statement]:
    """Yield the lines of an interview whose questions are paragraphs without a label.

    Questions say "you" and answers say "I", outside of quotation marks: what merely puts a
    question over each of its parts explains something, and is told by its reporter.
    """
    asked = [n for n, line in enumerate(lines) if _is_asked(text, blotted, line)]
    if len(asked) < _QUESTIONS or len(asked) < _DENSE * (asked[-1] - asked[0] + 1):
        return
    turns = list(zip(asked, [*asked[1:], len(lines)], strict=True))
    answers = [lines[n + 1 : end] for n, end in turns if end > n + 1]
    to_you = sum(_has(blotted, lines[n : n + 1], _YOU) for n in asked)
    by_me = sum(_has(blotted, answer, _I) for answer in answers)
    if len(answers) < _QUESTIONS or 2 * to_you < len(asked) or 2 * by_me < len(answers):
        return
    name = _interviewee(lines[asked[0]].at, cast)
    for n, end in turns:
        yield _said(lines[n], None)
        # The last answer may be followed by what is none: its first paragraph is one.
        held = lines[n + 1 : end] if end < len(lines) else lines[n + 1 : n + 2]
        yield from (_said(line, name) for line in held if name)


def _is_asked(text: str, blotted: str, line: _DialogueLine) -> bool:
    words = text[line.start : line.end].rstrip(" *_")
    return (
        words.endswith(_ASKS)
        and blotted[line.end - 1] == text[line.end - 1]
        and (words.count(" ") < _LONGEST and blotted[line.start : line.end].rstrip(" *_") == words)
    )


def _has(blotted: str, lines: Sequence[_DialogueLine], forms: frozenset[str]) -> bool:
    said = " ".join(blotted[line.start : line.end] for line in lines)
    return not forms.isdisjoint(_TOKEN.findall(lexicon.plain(said)))


# Within the statements of an article


def outside(said: Sequence[Statement], spoken: Sequence[Statement]) -> list[Statement]:
    """Return the statements that do not stand within a dialogue's lines, labels included."""
    begins = [one.speaker_at[0] if one.speaker_at and one.speaker_at[0] < one.start else one.start
              for one in spoken]  # fmt: skip
    return [one for one in said if not _within(one, begins, spoken)]


def _within(one: Statement, begins: Sequence[int], spoken: Sequence[Statement]) -> bool:
    n = bisect_right(begins, one.start) - 1
    held = n >= 0 and one.start < spoken[n].end
    return held or (n + 1 < len(begins) and begins[n + 1] < one.end)
