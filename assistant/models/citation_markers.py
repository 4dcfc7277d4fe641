"""The markers of a written sentence, `[n]` and what else models write for it: found, and read."""

import re
import unicodedata

NAME = r"(?:sources?|passages?|excerpts?|refs?)"
# "Article 5" outside of square brackets is a treaty's, not ours.
NUMBERS = rf"\#?\d{{1,3}}(?:\s*(?:,|;|-|–|&|and|y|і|та)\s*(?:{NAME}\s*)?\#?\d{{1,3}})*"
_DOCUMENTS = r"doc(?:ument)?s?"
_ONE = rf"""
    \^?\[\^?\ ?(?:(?:{NAME}|articles?|{_DOCUMENTS})\s*:?\s*)?(?P<square>{NUMBERS})\ ?\]
      (?:\^|\(https?://[^)\s]{{1,300}}\))?
  | \[{NAME}\s*:?\s*\#?(?P<titled>\d{{1,3}})\b[^\]\n]{{1,100}}\]
  | 【(?:{NAME}\s*)?(?P<lens>{NUMBERS})[^】\n]{{0,20}}】
  | ［(?P<wide>{NUMBERS})］
  | \((?:see\s+)?(?:{NAME}|{_DOCUMENTS})\s*:?\s*\[?(?P<round>{NUMBERS})\]?\)
  | (?<=[.!?…"”’»]\ )\((?P<bare>\d{{1,2}}(?:\s*,\s*\d{{1,2}})*)\)(?=[.!?…]?(?:\s|\Z))
  # "Grevdal (3) and Kesselbrook (2) scored": within a sentence, a number may be anything.
  | (?<=\w\ )\((?P<last>\d{{1,2}}(?:\s*,\s*\d{{1,2}})*)\)
      (?=[.!?…]?\s*(?:\Z|\n)|[.!?…]\s|\s*(?:,|;|&|and)\s*\(\d{{1,2}}\))
  | (?<=\w\ and\ )\((?P<second>\d{{1,2}})\)(?=[.!?…]?\s*(?:\Z|\n)|[.!?…]\s)
  | (?<=[.!?…"”’»]\ ){NAME}\s*:?\s*(?P<named>{NUMBERS})(?=\.?\s*\Z)
  # Not the one of "5 m²": that has no space or whole word before it.
  | (?:(?<=[.!?…"”’»\s])|(?<=[^\W\d_]{{3}}))(?P<raised>[⁰¹²³⁴-⁹]{{1,2}}|[①-⑳])
  | <(?:sup|cite)>\[?(?P<tagged>{NUMBERS})\]?</(?:sup|cite)>
"""
_UNNAMED = re.sub(r"\(\?P<\w+>", "(?:", _ONE)
_BETWEEN = r"[ \t]{0,3}(?:(?:,|;|&|and(?:\ also)?|or|und|et|y|і|та)[ \t]{0,3})?"
_RUN = rf"(?:{_UNNAMED})(?:{_BETWEEN}(?:{_UNNAMED}))*"
_SEE = r"(?:(?:see|also|cf\.?|siehe|vgl\.?|véase|ver|voir|див\.?)\ ){0,2}"
MARKER = re.compile(rf"[(\[]\ ?{_SEE}{_RUN}\ ?[)\]]|{_RUN}", re.VERBOSE | re.IGNORECASE)
"""Markers that stand together, with the words between them."""

_EACH = re.compile(_ONE, re.VERBOSE | re.IGNORECASE)
_IN_ROUND = frozenset({"bare", "last", "second"})
_DIGITS = re.compile(r"\d+")


def numbers_in(marker: str) -> tuple[int, ...]:
    """Read "1", "1, 2" or "1-3"."""
    ends = [int(digits) for digits in _DIGITS.findall(unicodedata.normalize("NFKC", marker))]
    if len(ends) == 2 and re.search(r"\d\s*[-–]\s*\D*\d", marker) and ends[0] < ends[1]:
        return tuple(range(ends[0], min(ends[1], ends[0] + 9) + 1))
    return tuple(ends)


def cited_by(found: re.Match[str], passages: int) -> tuple[int, ...]:
    """Return the numbers of markers that stand together; none where they are no markers.

    "Joren Halloway (55)." says how old he is, where there are no 55 passages.
    """
    each = list(_EACH.finditer(found.string, found.start(), found.end()))
    read = [number for one in each for number in numbers_in(one[one.lastgroup or 0])]
    if all(one.lastgroup in _IN_ROUND for one in each) and max(read, default=0) > passages:
        return ()
    return tuple(read)


def without_markers(segment: str, passages: int) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """Return the text without markers, and where in it each of them stood."""
    text = ""
    markers: list[tuple[int, tuple[int, ...]]] = []
    last = 0
    for found in MARKER.finditer(segment):
        cited = cited_by(found, passages)
        if cited:
            text = _joined(text, segment[last : found.start()]).rstrip()
            markers.append((len(text), cited))
            last = found.end()
    return _joined(text, segment[last:]).rstrip(), markers


def _joined(text: str, more: str) -> str:
    if not text:
        return more.lstrip()
    if text[-1] in ".!?…":
        # `It is so. [1].` has one full stop too many once the marker is gone.
        more = more.removeprefix(".")
    return f"{text} {more}" if more[:1].isalnum() else text + more
