"""An outcome as plain text for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Conflict,
    Listing,
    NoAnswer,
    Outcome,
    Searched,
)
from assistant.render import phrasing
from ingest.article import Hit, ListedArticle, Notice, Story
from ingest.language.control_characters import harmless

_LINE, _BAR = 150, 20
"""Characters of a lead in a list, two lines; and of the longest bar of a histogram."""

_ROOM = 240
"""Characters shown around the cited words: about three lines of a terminal."""


def to_text(outcome: Outcome, width: int = 80) -> str:
    """Return an outcome for a terminal of `width` columns, without colours."""
    if isinstance(outcome, Answer):
        blocks = [*_said(outcome, width), *_footing(outcome, width)]
        blocks += [_wrap(phrasing.independence(outcome.citations) or "", width)]
        blocks += ["Sources", *_sources(outcome.citations, width)]
        blocks.append(_wrap(phrasing.more_line(outcome) or "", width))
    elif isinstance(outcome, Listing):
        blocks = [*_list(outcome, width)]
    else:
        blocks = [*_not_said(outcome, width)]
    noted = phrasing.gaps(outcome.warnings)[1]
    blocks += _notices([one for one in noted if one.text not in outcome.text], width)
    blocks += [_wrap(line, width) for line in phrasing.understood(outcome.searched)]
    blocks.append(_wrap(_closing(outcome), width))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _list(listing: Listing, width: int) -> Iterator[str]:
    yield _wrap(listing.text, width)
    before = int(listing.next) - len(listing.articles) if listing.next else 0
    if not listing.next:
        before = max(0, listing.total - len(listing.articles))
    for number, listed in enumerate(listing.articles, before + 1):
        yield _listed(number, listed, width)
    yield _wrap(phrasing.rest_of(listing) or "", width)


def _listed(number: int, listed: ListedArticle, width: int) -> str:
    """Return an article in a list: headline, where and when, what it tells, its id."""
    article = listed.article
    lines = [_wrap(f"{number:>3} {article.title}", width, "", "    ")]
    place = f"{article.outlet or 'outlet unknown'}, {phrasing.day(article.date)}"
    told = phrasing.told_by(listed)
    lines.append(_wrap(f"{place}. {told}" if told else place, width, "    ", "    "))
    lines += [_wrap(f"Note: {one.text}", width, "    ", "    ") for one in listed.notices]
    if listed.lead:
        lines.append(_wrap(_shortened(listed.lead, _LINE), width, "    | ", "    | "))
    lines.append(f"    {article.article_id}")
    return "\n".join(lines)


def facets_to_text(listing: Listing, width: int = 80) -> str:
    """Return how many articles there are, and of each value of each facet, with bars."""
    blocks = [_wrap(listing.text, width)]
    for name, counted in listing.facets.items():
        most = max(counted.values(), default=0)
        longest = min(max(map(len, counted), default=0), width // 2)
        lines = [
            f"  {_wrap(value, width)[:longest]:<{longest}} {n:>7,} {'#' * round(n / most * _BAR)}"
            for value, n in counted.items()
        ]
        blocks.append("\n".join([f"By {name} (articles, copies too)", *lines]))
    blocks += _notices(listing.warnings, width)
    return "\n\n".join(blocks) + "\n"


def hits_to_text(hits: Iterable[Hit], searched: Searched, width: int = 80) -> str:
    """Return a list of hits for a terminal of `width` columns, in the order given."""
    blocks = [_hit(number, hit, width) for number, hit in enumerate(hits, 1)]
    if not blocks:
        blocks.append(_wrap(f"Nothing found. {searched.nothing or ''}", width))
    elif searched.nothing:
        blocks.append(_wrap(harmless(searched.nothing), width))
    blocks += _notices(searched.warnings, width)
    blocks += [_wrap(harmless(line), width) for line in phrasing.understood(searched)]
    return "\n\n".join([*blocks, _wrap(phrasing.searched_line(searched), width)]) + "\n"


def _said(answer: Answer, width: int) -> Iterator[str]:
    for stretch in phrasing.stretches(answer):
        if isinstance(stretch, Answer):
            yield "\n".join(_wrap(line, width) for line in _written(stretch).split("\n"))
        else:
            yield _quotation(answer, stretch, width)


def _quotation(answer: Answer, claim: Claim, width: int) -> str:
    day = [_wrap(phrasing.day(claim.day), width)] if claim.day else []
    said = [_wrap(phrasing.bare(claim), width), _attributions(answer, claim, width)]
    return "\n".join([*day, *said])


def _written(answer: Answer) -> str:
    text, at = "", 0
    for claim in sorted(answer.claims, key=lambda claim: claim.at):
        text += answer.text[at : claim.at[1]]
        text += "".join(f" ({doubt})" for doubt in phrasing.doubts(claim))
        at = claim.at[1]
    return text + answer.text[at:]


def _attributions(answer: Answer, claim: Claim, width: int) -> str:
    lines = [
        _wrap(f"— {phrasing.attribution(claim, citation)} [{citation.n}]", width, "    ", "      ")
        for citation in phrasing.cited(claim, answer.citations)
    ]
    return "\n".join(lines)


def _footing(answer: Answer, width: int) -> Iterator[str]:
    for missing in phrasing.gaps(answer.warnings)[0]:
        yield _wrap(missing.text, width)
    for conflict in answer.conflicts:
        yield _conflict(answer, conflict, width)
    if told := phrasing.left_out(answer.omitted):
        yield _wrap(told, width)


def _conflict(answer: Answer, conflict: Conflict, width: int) -> str:
    lines = [_wrap(f"{phrasing.CONFLICT[conflict.kind]}:", width)]
    for words, citation in phrasing.sides(conflict, answer.citations):
        told = f"{phrasing.imprint(citation)}: {words} [{citation.n}]"
        lines.append(_wrap(told, width, "    ", "      "))
    return "\n".join(lines)


def _not_said(outcome: NoAnswer, width: int) -> Iterator[str]:
    yield _wrap(phrasing.why_not(outcome), width)
    step = phrasing.what_next(outcome)
    if step:
        if outcome.reason == "only_in_comments":
            step = step.rstrip(".") + " (`--comments`)."
        yield _wrap(step, width)
    if outcome.nearest:
        yield "What came nearest"
    for citation in outcome.nearest:
        yield _source(citation, width, f"[{citation.n}]")


def _sources(citations: Iterable[Citation], width: int) -> Iterator[str]:
    """Yield each source; sentences that show the same words around them stand under one head."""
    alike: dict[tuple[str, int, str], list[Citation]] = {}
    for citation in citations:
        article = citation.article
        place = (article.article_id, article.version, _around(citation))
        alike.setdefault(place, []).append(citation)
    for those in alike.values():
        yield _source(those[0], width, "".join(f"[{citation.n}]" for citation in those))


def _around(citation: Citation) -> str:
    around = phrasing.excerpt(citation, _ROOM)
    before = "… " if around.cut_before else ""
    after = " …" if around.cut_after else ""
    return f"{before}{around.before}{around.words}{around.after}{after}"


def _source(citation: Citation, width: int, numbers: str) -> str:
    article = citation.article
    told = " (headline told from the text)" if article.title_inferred else ""
    lines = [_wrap(f"{numbers} {article.title}{told}", width, "  ", "      ")]
    lines.append(_inner(phrasing.imprint(citation), width))
    if citation.part == "comment":
        lines.append(_inner(f"{phrasing.commenter(citation)}, not reporting", width))
    lines += _provenance(citation.story, citation.notices, width)
    lines.append(_wrap(_around(citation), width, "      | ", "      | "))
    if article.url:
        lines.append("      " + harmless(article.url))
    return "\n".join(lines)


def _hit(number: int, hit: Hit, width: int) -> str:
    place = f"{phrasing.imprint(hit)} ({', '.join(hit.by)} {hit.score:.3f})"
    lines = [_wrap(f"[{number}] {hit.article.title}", width, "  ", "      "), _inner(place, width)]
    if hit.passage.part == "comment":
        author = hit.passage.author
        lines.append(_inner(f"Reader’s comment{f' by {author}' if author else ''}", width))
    lines += _provenance(hit.story, hit.notices, width)
    lines.append(_wrap(_shortened(hit.text, _ROOM * 2), width, "      | ", "      | "))
    for start, end in hit.marks:
        lines.append(_inner(f"» {_shortened(hit.article.text[start:end], _ROOM)} «", width))
    lines.append(_inner(hit.article.article_id, width))
    return "\n".join(lines)


def _provenance(story: Story, notices: Iterable[Notice], width: int) -> list[str]:
    printed = phrasing.printed_by(story)
    lines = [printed] if printed else []
    lines += [f"Note: {notice.text}" for notice in notices]
    return [_inner(line, width) for line in lines]


def _notices(notices: Iterable[Notice], width: int) -> list[str]:
    return [_wrap(f"Note: {notice.text}", width) for notice in notices]


def _closing(outcome: Outcome) -> str:
    return f"{phrasing.searched_line(outcome.searched)} {outcome.seconds:.2f} s."


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else text[:room].rpartition(" ")[0] + " …"


def _inner(text: str, width: int) -> str:
    return _wrap(text, width, "      ", "      ")


def _wrap(text: str, width: int, first: str = "", then: str = "") -> str:
    return textwrap.fill(
        " ".join(harmless(text).split()),
        width,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    )
