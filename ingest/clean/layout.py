"""Plain text to its parts: headline, paragraphs, corrections, comments, what is only page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.article import Part, PartKind
from ingest.clean.boilerplate import credits_in, line_kind, opens_teasers
from ingest.clean.comments.boundary import find_comments
from ingest.clean.imprint import (
    byline_names,
    dated,
    day_in_dateline,
    is_byline,
    is_imprint,
    is_names,
    names_role,
)
from ingest.clean.paragraphs import Paragraph, paragraphs
from ingest.language.letter_case import UPPER
from ingest.language.sentences import sentences

TITLE_LENGTH = 100
"""About how many characters of a first sentence stand in for a headline."""
MOST_OPENING_LINES = 6
FIRST_SENTENCE = "first sentence of the body"
FIRST_LINE = "first line of the text"
BYLINE = "byline in the text"
ABOVE = "line above the text"
DATELINE = "dateline"

_MOST_SLUGS, _HEADLINE_LINE = 3, 70  # lines, characters
_SLUG = re.compile(
    rf"(?=.*[{UPPER}])(?=.*[\d/-])(?!(?:\S+\s+){{3}}\S)[{UPPER}\d][{UPPER}\d .:/#*-]{{2,29}}"
)
"""A number or a keyword, in three words at most: a headline in capitals has more, or no mark."""
_SHORTEST_REPEAT = 40  # characters; a refrain or a speaker's name may come again
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
    what says when it was printed, `dated_how` where it stands: a line above the text that says
    nothing else, or the dateline, where that has a year.
    """

    parts: tuple[Part, ...]
    title: str | None = None
    title_how: str | None = None
    authors: tuple[str, ...] = ()
    authors_how: str | None = None
    dated: str | None = None
    dated_how: str | None = None


def parts_of(text: str, *, has_headline: bool = False) -> Layout:
    r"""Tell what each line of `text` is; line ends are "\n".

    With `has_headline` the first line is the headline that was given; otherwise the title is
    inferred and `title_how` says from what.
    """
    headline, page = _split_headline(text, has_headline)
    comments = find_comments(page)
    end = comments[0].start if comments else len(text)
    article = [paragraph for paragraph in page if paragraph.start < end]
    how, slugs = None, 0
    if headline is None:
        slugs = _slugs(article)
        below = _with_whole_headline(article[slugs:])
        if _opens_with_headline(below):
            headline, how = below[0], ABOVE if slugs else FIRST_LINE
            article = [*article[:slugs], *below[1:]]
        else:
            slugs = 0
    body = (*(_part(slug, "boilerplate") for slug in article[:slugs]), *_body(article[slugs:]))
    if headline is None and not comments and {one.part for one in body} == {"boilerplate"}:
        body = tuple(_part(paragraph, "body") for paragraph in article)  # it is all there is
    head = (_part(headline, "headline"),) if headline else ()
    parts = sorted((*head, *body), key=lambda part: part.start) if slugs else (*head, *body)
    title = headline.text if headline else _inferred_title(text, body)
    opening = _opening(article)
    above = article[:opening]
    authors = next((names for line in above if (names := byline_names(line.text))), ())
    day, day_how = next((day for line in above if (day := dated(line.text))), None), ABOVE
    if day is None and opening < len(article):
        day, day_how = day_in_dateline(article[opening].text), DATELINE
    return Layout(
        parts=(*parts, *comments),
        title=title,
        title_how=how if headline else title and FIRST_SENTENCE,
        authors=authors,
        authors_how=BYLINE if authors else None,
        dated=day,
        dated_how=day_how if day else None,
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
            if teasers or (at < opening and is_imprint(paragraph.text)):
                kind = "boilerplate"
            elif at in copies:
                kind = "repeat"
        yield from _parted(paragraph) if kind == "body" else [_part(paragraph, kind)]


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
    if first[0].islower() or line_kind(first) != "body" or names_role(first):
        return False
    if is_byline(first) or is_names(first) or _DATE_OR_PLACE.fullmatch(first):
        return False
    under = [p.text for p in article[1:MOST_OPENING_LINES] if not is_imprint(p.text)][:3]
    return any(len(text) >= 80 and _holds_sentence(text) for text in under)


def _slugs(article: Sequence[Paragraph]) -> int:
    """Return how many lines above a headline only name the dispatch: "LNA 1187", "STORM-BAY"."""
    lines = enumerate(article[:_MOST_SLUGS])
    return next((at for at, line in lines if not _SLUG.fullmatch(line.text)), 0)


def _with_whole_headline(article: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Return the lines with a headline of two lines as one: the second goes on in lower case."""
    if len(article) < 2:
        return article
    first, second = article[:2]
    short = max(len(first.text), len(second.text)) <= _HEADLINE_LINE
    right_under = second.start - first.end == 1
    if not (short and right_under and second.text[0].islower()):
        return article
    both = Paragraph(first.start, second.end, f"{first.text} {second.text}")
    return [both, *article[2:]]


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
