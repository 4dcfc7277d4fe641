"""Plain text to its parts: headline, paragraphs, corrections, comments, what is only page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.article import Part, PartKind
from ingest.clean.boilerplate import credits_in, line_kind, opens_teasers
from ingest.clean.comments.boundary import find_comments
from ingest.clean.dates import read_date
from ingest.clean.paragraphs import Paragraph, paragraphs
from ingest.language.letter_case import LOWER, UPPER
from ingest.language.sentences import sentences

TITLE_LENGTH = 100
"""About how many characters of a first sentence stand in for a headline."""
MOST_OPENING_LINES = 6
FIRST_SENTENCE = "first sentence of the body"
FIRST_LINE = "first line of the text"
BYLINE = "byline in the text"

_LONGEST_DAY = 60  # characters
_SHORTEST_REPEAT = 40  # characters; a refrain or a speaker's name may come again
_NAME = (
    rf"[^\W\d_{LOWER}][\w.'’-]*"
    rf"(?:\s+(?:(?:de|del|la|van|von|der|den|da|di|bin|al)\s+)*[^\W\d_{LOWER}][\w.'’-]*){{1,3}}"
)
_BYLINE = re.compile(
    rf"(?:(?:written|reported|words|text|story|analysis)\s+)?(?:by|por|par|von)[:\s]\s*"
    rf"(?P<names>(?-i:{_NAME})(?:(?:,\s*|\s+(?:and|&|y|et|und)\s+)(?-i:{_NAME}))*)"
    rf"(?P<rest>\s*(?:[,|/•·(\n–—-].*)?)",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r",\s*(?:and\s+)?|\s+(?:and|&|y|et|und)\s+")
_NAMES_ONLY = re.compile(rf"{_NAME}(?:(?:,\s*|\s+(?:and|&|y)\s+){_NAME})*")
_STAFF = re.compile(
    r"\b(?:staff|wire|special (?:to|for)|reporters?|correspondent|columnist|editors?|edited|"
    r"associated press|news service|contributors?|writer)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*\Z")
_DATE_OR_PLACE = re.compile(
    r".{0,40}[—–-]\s*$|.*\b(?:19|20)\d\d\b\W*$|.*\d{1,2}:\d\d.*"
    rf"|\(?[{UPPER}]{{2,5}}\)?\W*$"
)

_QUOTES = "\"'“”„‟‘’‚«»‹›`´"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The parts of a text in order, every non-blank line in one, and what they tell.

    `title` is None only where the text holds no words. `title_how` and `authors_how` say how
    they were told from the text; `title_how` is None for a headline that was given. `dated` is
    the line above the text that says only when it was printed.
    """

    parts: tuple[Part, ...]
    title: str | None = None
    title_how: str | None = None
    authors: tuple[str, ...] = ()
    authors_how: str | None = None
    dated: str | None = None


def parts_of(text: str, *, has_headline: bool = False) -> Layout:
    r"""Tell what each line of `text` is; line ends are "\n".

    With `has_headline` the first line is the headline that was given; otherwise the title is
    inferred and `title_how` says from what.
    """
    headline, page = _split_headline(text, has_headline)
    comments = find_comments(page)
    end = comments[0].start if comments else len(text)
    article = [paragraph for paragraph in page if paragraph.start < end]
    how = None
    if headline is None and _opens_with_headline(article):
        headline, article, how = article[0], article[1:], FIRST_LINE
    body = tuple(_body(article))
    if headline is None and not comments and {one.part for one in body} == {"boilerplate"}:
        body = tuple(_part(paragraph, "body") for paragraph in article)  # it is all there is
    head = (_part(headline, "headline"),) if headline else ()
    title = headline.text if headline else _inferred_title(text, body)
    above = article[: _opening(article)]
    authors = _authors(above)
    return Layout(
        parts=(*head, *body, *comments),
        title=title,
        title_how=how if headline else title and FIRST_SENTENCE,
        authors=authors,
        authors_how=BYLINE if authors else None,
        dated=next((line.text for line in above if _is_day(line.text)), None),
    )


def _split_headline(text: str, has_headline: bool) -> tuple[Paragraph | None, list[Paragraph]]:
    if not has_headline or not text.strip():
        return None, paragraphs(text)
    start = len(text) - len(text.lstrip())
    line = text[start:].split("\n", 1)[0].rstrip()
    return Paragraph(start, start + len(line), line), paragraphs(text, start + len(line))


def _part(paragraph: Paragraph, kind: PartKind) -> Part:
    return Part(part=kind, start=paragraph.start, end=paragraph.end)


def _body(article: Sequence[Paragraph]) -> Iterator[Part]:
    """Name each paragraph of the article."""
    copies = _copies(article)
    teasers = False
    opening = _opening(article)
    for at, paragraph in enumerate(article):
        kind = line_kind(paragraph.text)
        if kind == "boilerplate":
            teasers = teasers or opens_teasers(paragraph.text)
        elif kind == "body":
            teasers = teasers and not _is_prose(paragraph.text)
            if teasers or (at < opening and _is_imprint(paragraph.text)):
                kind = "boilerplate"
            elif at in copies:
                kind = "repeat"
        yield from _parted(paragraph) if kind == "body" else [_part(paragraph, kind)]


def _is_imprint(line: str) -> bool:
    """Whether a line above the text says only who wrote it, or only when."""
    return bool(_BYLINE.fullmatch(line)) or _is_day(line)


def _is_day(line: str) -> bool:
    dated = len(line) <= _LONGEST_DAY and any(map(str.isdigit, line))
    return dated and read_date(line).day is not None


def _parted(paragraph: Paragraph) -> Iterator[Part]:
    """Part the credits of an agency off the end of a paragraph of prose."""
    at = credits_in(paragraph.text)
    # Of a paragraph that was put together from lines the places are those of its text no more.
    if at is None or paragraph.end - paragraph.start != len(paragraph.text):
        yield _part(paragraph, "body")
        return
    prose = paragraph.text[:at].rstrip()
    yield Part(part="body", start=paragraph.start, end=paragraph.start + len(prose))
    yield Part(part="boilerplate", start=paragraph.start + at, end=paragraph.end)


def _opening(article: Sequence[Paragraph]) -> int:
    """Return how many lines stand above the first paragraph of prose: a byline is one."""
    lines = enumerate(article[:MOST_OPENING_LINES])
    return next((at for at, p in lines if _is_prose(p.text)), MOST_OPENING_LINES)


def _is_prose(text: str) -> bool:
    return len(text) > 120 or text[-1] in '.!?…"”’)'


def _copies(article: Sequence[Paragraph]) -> set[int]:
    """Return the places of paragraphs that stand higher up already."""
    long = [(at, p.text) for at, p in enumerate(article) if len(p.text) >= _SHORTEST_REPEAT]
    openings = [
        tuple(w.strip(_QUOTES) for w in text[:60].lower().split(None, 3)[:3]) for _, text in long
    ]
    times = Counter(openings)
    seen: set[str] = set()
    copies = set()
    for (at, text), opening in zip(long, openings, strict=True):
        if times[opening] > 1:
            folded = _fold(text)
            if folded in seen:
                copies.add(at)
            seen.add(folded)
    return copies


def _fold(text: str) -> str:
    """Return what of `text` counts when two paragraphs are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def _opens_with_headline(article: Sequence[Paragraph]) -> bool:
    """Tell whether the first line is a headline: short, no full stop, prose soon after it."""
    if len(article) < 2:
        return False
    first = article[0].text
    words = first.split()
    if not (3 <= len(words) <= 20 and len(first) <= 130) or first[-1] in ".:;,…—–-":
        return False
    if first[0].islower() or line_kind(first) != "body" or _STAFF.search(first):
        return False
    if any(other.fullmatch(first) for other in (_BYLINE, _DATE_OR_PLACE, _NAMES_ONLY)):
        return False
    under = [p.text for p in article[1:MOST_OPENING_LINES] if not _is_imprint(p.text)][:3]
    return any(len(text) >= 80 and _holds_sentence(text) for text in under)


def _holds_sentence(paragraph: str) -> bool:
    return any(_ENDS_SENTENCE.search(paragraph, *span) for span in sentences(paragraph))


def _inferred_title(text: str, body: Sequence[Part]) -> str | None:
    """Return the first sentence of the body, cut at a word where it is long."""
    spans = [text[p.start : p.end] for p in body if p.part == "body"]
    prose = next((span for span in spans if len(span) >= 40), None)
    first = prose or next(iter(spans), None)
    if first is None:
        return None
    sentence = " ".join(_first_sentence(first).split())
    if len(sentence) <= TITLE_LENGTH:
        return sentence
    cut = sentence.rfind(" ", 0, TITLE_LENGTH)
    return sentence[: cut if cut > 0 else TITLE_LENGTH].rstrip(" ,;:–—-") + "…"


def _first_sentence(paragraph: str) -> str:
    """Return the first sentence, which goes on where a line only wraps."""
    _, end = sentences(paragraph.replace("\n", " "))[0]
    return paragraph[:end]


def _authors(opening: Sequence[Paragraph]) -> tuple[str, ...]:
    """Return the names of a byline ("By Jane Roe and John Doe, staff writers")."""
    for paragraph in opening:
        if len(paragraph.text) <= 160 and (found := _BYLINE.fullmatch(paragraph.text)):
            return tuple(_BETWEEN_NAMES.split(found["names"]))
    return ()
