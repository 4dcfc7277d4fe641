"""Cut text into sentences, as spans, by rules and the lexicon's abbreviations."""

import re

from ingest.language import lexicon
from ingest.language.letter_case import UPPER

_OPENERS = "\"'“‘«„‚‹(\\[¿¡「『"
_QUOTES = frozenset("\"'”’»“‘«›」』")

# One leading character class, so that the regex engine can skip to the next candidate.
_BOUNDARY = re.compile(
    r"""
    [.!?…。！？｡؟।॥۔։።‽\n\r\v\f\x85\u2028\u2029]
    (?:
      (?<=[\n\r\v\f\x85\u2028\u2029])
    | (?<=[。！？｡])[。！？｡]*[”’」』）》〉】"']*
    | (?<=[.!?…؟।॥۔։።‽])(?<![.!?…؟।॥۔։።‽].)(?P<more>[.!?…؟।॥۔։።‽]*+)
      (?P<close>(?:["'”’›)\]}」』]|[“‘»«](?=\s)|[ \u00a0\u202f][”»"](?=\s)|\[\d{1,3}\])*+)
      (?=\s(?![a-z])|(?<=[.!?…][”"])[“"UPPER])
    )
    """.replace("UPPER", UPPER),
    re.VERBOSE,
)
_NEXT = re.compile(rf"[^\S\n]{{0,9}}(?P<open>[{_OPENERS}]{{0,4}})(?P<word>\w[\w’'-]{{0,30}})?")
_BEFORE = re.compile(r"[^\s(\[“\"‘«„—–/]*\Z")

_ATTRIBUTION = re.compile(r"\s{1,3}[^\W\d_][\w.’'-]{0,30}(?:\s[^\W\d_][\w.’'-]{0,30}){1,3}")
"""`“Go!” Ann Lee said.` is one sentence although a capital follows the mark."""

_SAYS = lexicon.words("reporting.say") - lexicon.words("reporting.noun_like")
_NEVER_LAST = lexicon.words("abbreviations.goes_on")
"""Never end a sentence: a name, a number or an example follows."""

_ENGLISH = lexicon.calendar("en")
_SHORTENED = (
    (_ENGLISH.months.keys() | _ENGLISH.weekdays.keys())
    - _ENGLISH.certain
    - lexicon.words("dates.also_words", "en")
)
_MAYBE_LAST = lexicon.words("abbreviations.may_end") | _SHORTENED
"""End a sentence only if what follows looks like the start of one, as acronyms do."""

_STARTERS = lexicon.words("sentences.starters")
_CLOCK_FOLLOWERS = (
    _ENGLISH.months.keys()
    | (_ENGLISH.weekdays.keys() & _ENGLISH.certain)
    | lexicon.words("abbreviations.clock")
)
_GERMAN_MONTHS = lexicon.calendar("de").certain


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of the sentences of `text[start:end]`, in order.

    They do not overlap, cover every character that is not white space, carry none at either
    end and never cross the end of a line. A closing quotation mark belongs to the sentence it
    closes, and `“Go!” he said.` is one sentence. Takes time linear in the length.
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, stop):
        cut = match.end()
        if match.lastgroup != "close" or _ends(text, match, begin, stop):
            _keep(text, begin, cut, spans)
            begin = cut
    _keep(text, begin, stop, spans)
    return spans


def _keep(text: str, begin: int, cut: int, spans: list[tuple[int, int]]) -> None:
    chunk = text[begin:cut].rstrip()
    words = chunk.lstrip()
    if words:
        spans.append((begin + len(chunk) - len(words), begin + len(chunk)))


def _ends(text: str, match: re.Match[str], begin: int, stop: int) -> bool:
    """Say whether a Latin stop ends its sentence, from the words on either side."""
    after = _NEXT.match(text, match.end(), stop)
    word = after["word"] if after else None
    if after is None or word is None:
        # A dash goes on with the sentence; the end of the line ends it anyway.
        return text[match.end() : match.end() + 2].strip()[:1] not in {"-", "–", "—", "―"}
    if word[0].islower():
        return False
    closed = not _QUOTES.isdisjoint(match["close"])
    if match["more"] or text[match.start()] != ".":
        return not (closed and _attributed(text, match.end(), stop, word))
    return closed or _ends_after(text, match, begin, after)


def _attributed(text: str, at: int, stop: int, word: str) -> bool:
    if word.lower() in _STARTERS:
        return False
    named = _ATTRIBUTION.match(text, at, stop)
    return named is not None and not _SAYS.isdisjoint(named[0].lower().rstrip(".").split()[1:])


def _ends_after(text: str, match: re.Match[str], begin: int, after: re.Match[str]) -> bool:
    """Say whether a single full stop ends its sentence and not only an abbreviation."""
    at = match.start()
    before = _BEFORE.search(text, max(begin, at - 24), at)
    token = before[0] if before else ""
    key = token.lower()
    word = after["word"]
    if key in _NEVER_LAST:
        return False
    if key in {"a.m", "p.m", "am", "pm"}:
        return word.lower() not in _CLOCK_FOLLOWERS
    if key.isdigit():
        return not _numbers_something(text, before, begin, word)
    if key == "no":
        return not word[0].isdigit()
    initial = len(token) == 1 and token.isalpha()
    if initial or "." in token or key.rpartition("-")[2] in _MAYBE_LAST:
        return word.lower() in _STARTERS or not _QUOTES.isdisjoint(after["open"])
    return True


def _numbers_something(text: str, before: re.Match[str] | None, begin: int, word: str) -> bool:
    """Tell "1. Open the lid" and "am 3. Oktober" from a number that ends a sentence."""
    if before is None or len(before[0]) > 2:
        return False
    return not text[begin : before.start()].strip() or word.lower() in _GERMAN_MONTHS
