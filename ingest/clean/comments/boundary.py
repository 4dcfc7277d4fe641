"""Where an article ends and its readers begin.

A page that was scraped as plain text prints readers' comments under the article with nothing
between them but names, times and buttons. `find_comments` weighs every line for and against a
comment area (names, times, "Reply", wording) and takes the cut after which the sum is highest,
if the evidence is strong enough; then it tells the comments of that area apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile

from ingest.article import Part
from ingest.clean.boilerplate import line_kind
from ingest.clean.comments.handles import is_handle, is_odd
from ingest.clean.comments.marks import REPLY_BUTTON
from ingest.clean.comments.register import voice
from ingest.clean.comments.thread import Line, inline_name, is_signed_below, read, thread
from ingest.clean.paragraphs import Paragraph

ENOUGH = 2.5
"""The least sum of evidence for a comment area.

From 1.5 to 4.0 the same or one more of 3,292 articles without comments is cut; at 4.0 half of
the threads of two to four remarks under nothing but people's names are let through.
"""
SHORTEST_ARTICLE = 120
"""Characters that must stand above a comment area."""
SHORTEST_UNDER_NAMES = 300
"""Characters of prose that must, where nothing but names gives the comments away."""
TONE_OF_HANDLES, TONE_OF_NAMES, TONE_OF_NUMBERED = -0.6, -0.2, 0.15
"""How like a reader the mean sentence must sound under handles or names that come again, under
names of people, and under numbered names, where a ranking is likelier."""
NAME, HANDLE, ODD_HANDLE = 0.4, 1.2, 2.0
"""What a line that may be a name, is a handle (kelp), or can be nothing else (kelp_77) weighs."""
FOLLOWED, REPEATED, OF_THE_STORY = 0.8, 0.8, 1.6
"""More where a sentence is under it and where it comes again; less where the prose has it."""
MOST_HEADINGS = 20
"""Lines like a heading of comments that are tried: a page has one or two."""
MOST_NAMELESS = 3
"""Paragraphs that a first comment without a name may have."""

_WORD = re.compile(r"\w+")


def find_comments(page: Sequence[Paragraph]) -> tuple[Part, ...]:
    """Return the parts of the comment area at the foot of a page, () where there is none.

    Its parts are `comment` (an author's words, without the line that names the author) and
    `boilerplate` (names, times, buttons, headings).
    """
    lines = [read(paragraph) for paragraph in page]
    cut = _cut(lines)
    return thread(lines[cut:]) if cut < len(lines) else ()


def _cut(lines: list[Line]) -> int:
    """Return the index of the first line of the comment area, `len(lines)` where there is none."""
    if sum(_most(line) for line in lines) < ENOUGH:
        return len(lines)
    weights = _weights(lines)
    left = sum(w for w in weights if w > 0)
    best, cut, total = 0.0, len(lines), 0.0
    for at in range(len(lines) - 1, 0, -1):
        line = lines[at]
        if line.mark or line.name:
            total += weights[at]
            left -= max(weights[at], 0.0)
            if total > best:
                best, cut = total, at
        elif line_kind(line.paragraph.text) != "boilerplate":
            total += voice(line.paragraph.text)
        if total + left < ENOUGH:
            break
    if best < ENOUGH:
        return _headed_cut(lines)
    cut = _grown(lines, _lowered(lines, cut))
    return cut if _is_article(lines[:cut]) and _is_thread(lines[:cut], lines[cut:]) else len(lines)


def _headed_cut(lines: list[Line]) -> int:
    """Return the first heading ("Comments (3)") under which every second text is somebody's.

    A few calm remarks weigh too little for a cut without a heading.
    """
    headers = (at for at, line in enumerate(lines) if line.mark and line.mark.kind == "header")
    for at in islice(headers, MOST_HEADINGS):
        if _is_article(lines[:at]):
            tail = lines[at + 1 :]
            texts = [x.paragraph.text for x in tail if not (x.mark or x.name)]
            told = sum(x.name is not None or bool(x.mark and x.mark.name) for x in tail)
            told += sum(inline_name(text) is not None for text in texts)
            if texts and told >= len(texts) / 2 and _tone(texts) > -0.9:
                return at
    return len(lines)


def _most(line: Line) -> float:
    """Return the most that a line may weigh, cheaply: most articles end here."""
    return line.mark.weight if line.mark else ODD_HANDLE + REPEATED + FOLLOWED if line.name else 0.0


def _weights(lines: list[Line]) -> list[float]:
    """Return how much each line of furniture or name speaks for comments."""
    times = Counter(line.name for line in lines if line.name)
    words = _first_uses(lines, times)
    first = {line.name: at for at, line in reversed([*enumerate(lines)])}
    return [
        line.mark.weight if line.mark else _name_weight(lines, at, times, first, words)
        for at, line in enumerate(lines)
    ]


def _name_weight(
    lines: list[Line],
    at: int,
    times: Counter[str],
    first: dict[str | None, int],
    words: dict[str, int],
) -> float:
    """Weigh a name: readers have handles and come back; people of the story are in its prose."""
    name = lines[at].name
    if name is None or at + 1 == len(lines):
        return 0.0
    weight = NAME
    if is_handle(name):
        weight = ODD_HANDLE if is_odd(name) else HANDLE
    if _is_sentence(lines[at + 1].paragraph.text):
        weight += FOLLOWED
    if times[name] > 1:
        weight += REPEATED
    used = words.get(_last_word(name), len(lines))
    return weight - OF_THE_STORY * (used <= first[name] + 1)


def _first_uses(lines: list[Line], names: Iterable[str]) -> dict[str, int]:
    """Return where prose first uses the last word of each name that it uses."""
    wanted = {word for word in map(_last_word, names) if word}
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line.name or line.mark or not wanted:
            continue
        text = line.paragraph.text.casefold()
        found = {word for word in wanted if word in text}
        found = found and found.intersection(_WORD.findall(text))
        first |= dict.fromkeys(found, at)
        wanted -= found
    return first


def _last_word(name: str) -> str:
    """Return the word of a name that prose would use, "" where it is too short to tell."""
    last = _WORD.findall(name.casefold())[-1:]
    return last[0] if last and len(last[0]) > 2 else ""


def _is_sentence(text: str) -> bool:
    return len(text) > 20 and (text[-1] in '.!?…"”’)' or len(text) > 60)


def _lowered(lines: list[Line], cut: int) -> int:
    """Move the cut down where names of the article were taken for names of readers.

    Where times or buttons come with the remarks, the first remark is the one beside the first.
    """
    firm = [at for at, line in enumerate(lines) if line.mark and line.mark.weight >= 2.0]
    firm = [at for at in firm if at >= cut]
    if len(firm) < 2 or firm[0] - cut > (len(lines) - cut) / 2:
        return cut
    top = firm[0]
    first = lines[top].mark
    kind = first.kind if first else "rule"
    if kind not in {"header", "stamp", "says", "control"}:
        return cut
    if kind == "control":
        above = [at for at in range(max(cut, top - MOST_NAMELESS - 1), top) if lines[at].name]
        top = above[-1] if above else top
    while top > max(cut, firm[0] - 6) and (lines[top - 1].name or lines[top - 1].mark):
        top -= 1
        if kind in {"header", "says"} and lines[top].name:
            return top + 1
    return top


def _grown(lines: list[Line], cut: int) -> int:
    """Move the cut up over furniture and over a first comment that has no name above it."""
    while cut > 1 and (above := lines[cut - 1].mark) and above.kind != "stamp":
        cut -= 1
    opening = list(takewhile(lambda line: line.mark, lines[cut:]))
    if any(line.mark and line.mark.kind in {"header", "prompt"} for line in opening):
        return cut
    closes = any(
        line.mark and line.mark.kind == "control" and line.mark.weight == REPLY_BUTTON
        for line in opening
    )
    certain = int(closes or is_signed_below(lines[cut:]))
    return cut - _nameless(lines[:cut], certain)


def _nameless(article: list[Line], certain: int) -> int:
    """Count the paragraphs above the cut that are a first comment without a name.

    `certain` of them is one. More must sound like a reader, and unlike the article.
    """
    tail = [line.paragraph.text for line in article[-10:] if not line.mark]
    tones = [voice(text) for text in reversed(tail)]
    usual = sum(tones[3:]) / max(len(tones) - 3, 1)
    least = max(0.1 if certain else 0.7, usual + 0.6)
    count = certain
    while count < min(MOST_NAMELESS, len(article) - 1) and tones[count : count + 1] >= [least]:
        count += 1
    return min(count, len(article) - 1)


def _is_thread(head: list[Line], tail: list[Line]) -> bool:
    """Tell whether a tail is built like a thread, not only worded like one."""
    texts = [line.paragraph.text for line in tail if not (line.mark or line.name)]
    names = [line.name for line in tail if line.name]
    firm = [line.mark for line in tail if line.mark and line.mark.weight >= 2.0]
    headed = any(line.mark and line.mark.kind == "header" for line in tail[:3])
    if headed:
        return not texts or _tone(texts) > (-0.9 if firm[1:] or names else -0.3)
    if len(firm) + len(names) < len(texts) / 8 or not texts:
        return False
    if sum(mark.kind != "stamp" for mark in firm) >= 2:
        return _tone(texts) > -0.9
    if sum(_is_sentence(text) or voice(text) > 0.3 for text in texts) < len(texts) / 2:
        return False
    if len(firm) >= 2:
        return _tone(texts) > -0.5
    return _is_named_thread(head, tail, _tone(texts))


def _tone(texts: list[str]) -> float:
    """Return the mean voice of whole sentences, or of all there is."""
    told = [text for text in texts if _is_sentence(text)] or texts
    return sum(map(voice, told)) / len(told)


def _is_named_thread(head: list[Line], tail: list[Line], tone: float) -> bool:
    """Tell a thread that has nothing but names from an interview or a list with headings."""
    names = [line.name for line in tail if line.name]
    prose = sum(len(line.paragraph.text) for line in head if _is_sentence(line.paragraph.text))
    if len(names) < 2 or prose < SHORTEST_UNDER_NAMES:
        return False
    words = _first_uses(head, set(names))
    if sum(_last_word(name) in words for name in names) > len(names) / 4:
        return False
    readerly = sum(map(is_handle, names)) + len(names) - len(set(names))
    numbered = sum(line.paragraph.text[0].isdigit() for line in tail if line.name)
    if readerly >= 2:
        return tone > TONE_OF_HANDLES
    return tone > (TONE_OF_NUMBERED if numbered > len(names) / 2 else TONE_OF_NAMES)


def _is_article(head: list[Line]) -> bool:
    return sum(len(line.paragraph.text) for line in head if not line.mark) >= SHORTEST_ARTICLE
