"""An outcome as Markdown, its citations footnotes."""

import re
from collections.abc import Iterable, Iterator

from assistant.answer import Answer, Citation, Claim, Conflict, Listing, NoAnswer, Outcome
from assistant.render import phrasing
from ingest.article import ListedArticle, Notice
from ingest.language.control_characters import harmless

_ACTIVE = re.compile(r"([\\`*_\[\]<>~|$&^{}@]|:(?=//)|(?<=www)\.)")
_OPENS = re.compile(r"^([#+=-]|\d+(?=[.)]))")
_LINK = re.compile(r"https?://[^\s<>\\`]+")


def to_markdown(outcome: Outcome) -> str:
    """Return an outcome as Markdown with a footnote for each citation."""
    blocks = [*_head(outcome), *(_said(outcome) if isinstance(outcome, Answer) else ())]
    if isinstance(outcome, NoAnswer):
        blocks += _not_said(outcome)
    if isinstance(outcome, Listing):
        blocks += _list(outcome)
    blocks += _notices(phrasing.gaps(outcome.warnings)[1])
    blocks += [f"*{_plain(line)}*" for line in phrasing.understood(outcome.searched)]
    blocks.append(f"*{_plain(phrasing.searched_line(outcome.searched))}*")
    blocks += [_footnote(citation) for citation in outcome.citations]
    return "\n\n".join(blocks) + "\n"


def _list(listing: Listing) -> Iterator[str]:
    yield _plain(listing.text)
    if listing.articles:
        yield "\n".join(_listed(one) for one in listing.articles)
    if told := phrasing.rest_of(listing):
        yield _plain(told)


def _listed(listed: ListedArticle) -> str:
    article = listed.article
    place = f"{article.outlet or 'outlet unknown'}, {phrasing.day(article.date)}"
    pieces = [f"- **{_plain(article.title)}** ({_plain(place)})."]
    pieces += [_plain(listed.lead)] if listed.lead else []
    told = phrasing.told_by(listed)
    pieces += [f"{_plain(told)}."] if told else []
    pieces += [f"Note: {_plain(notice.text)}" for notice in listed.notices]
    pieces += [_link(article.url)] if article.url else []
    return " ".join(pieces)


def _head(outcome: Outcome) -> Iterator[str]:
    yield f"**{_plain(outcome.question)}**"


def _said(answer: Answer) -> Iterator[str]:
    for stretch in phrasing.stretches(answer):
        if isinstance(stretch, Answer):
            yield _written(stretch)
        else:
            yield _quotation(answer, stretch)
    yield from (_plain(missing.text) for missing in phrasing.gaps(answer.warnings)[0])
    for conflict in answer.conflicts:
        yield _conflict(answer, conflict)
    if told := phrasing.independence(answer.citations):
        yield _plain(told)
    if told := phrasing.left_out(answer.omitted):
        yield _plain(told)
    if told := phrasing.more_line(answer):
        yield _plain(told)


def _quotation(answer: Answer, claim: Claim) -> str:
    whose = [
        f"> — {_plain(phrasing.attribution(claim, citation))}[^{citation.n}]"
        for citation in phrasing.cited(claim, answer.citations)
    ]
    day = [f"> **{phrasing.day(claim.day)}**"] if claim.day else []
    return "\n>\n".join([*day, f"> {_plain(phrasing.bare(claim))}", *whose])


def _conflict(answer: Answer, conflict: Conflict) -> str:
    lines = [f"{phrasing.CONFLICT[conflict.kind]}:", ""]
    for words, citation in phrasing.sides(conflict, answer.citations):
        printed = _plain(phrasing.imprint(citation))
        lines.append(f"- {printed}: {_plain(words)}[^{citation.n}]")
    return "\n".join(lines)


def _written(answer: Answer) -> str:
    text = ""
    ends = {claim.at[1]: claim for claim in answer.claims}
    at = 0
    for run in phrasing.runs(answer):
        text += f"[^{run.cites}]" if run.cites else _paragraphs(run.text)
        at += len(run.text)
        if run.claim and at in ends:
            text += "".join(f" *({_plain(doubt)})*" for doubt in phrasing.doubts(run.claim))
    return text


def _not_said(outcome: NoAnswer) -> Iterator[str]:
    yield _plain(phrasing.why_not(outcome))
    step = phrasing.what_next(outcome)
    if step:
        yield _plain(step)
    if outcome.nearest:
        near = "\n".join(f"- {_source(citation)}" for citation in outcome.nearest)
        yield f"What came nearest:\n\n{near}"


def _footnote(citation: Citation) -> str:
    return f"[^{citation.n}]: {_source(citation)}"


def _source(citation: Citation) -> str:
    article = citation.article
    pieces = [f"*{_plain(article.title)}*, {_plain(phrasing.imprint(citation))}."]
    if citation.part == "comment":
        pieces.append(f"{_plain(phrasing.commenter(citation))}, not reporting.")
    pieces.append(_plain(citation.text))
    printed = phrasing.printed_by(citation.story)
    pieces += [f"{_plain(printed)}."] if printed else []
    pieces += [f"Note: {_plain(notice.text)}" for notice in citation.notices]
    pieces += [_link(article.url)] if article.url else []
    return " ".join(pieces)


def _notices(notices: Iterable[Notice]) -> list[str]:
    return [f"Note: {_plain(notice.text)}" for notice in notices]


def _paragraphs(text: str) -> str:
    return "\n\n".join(_plain(line, keep_ends=True) for line in text.split("\n"))


def _link(url: str) -> str:
    return f"<{url}>" if _LINK.fullmatch(url) and url == harmless(url) else _plain(url)


def _plain(text: str, *, keep_ends: bool = False) -> str:
    """Escape whatever Markdown or HTML in it would read as more than words, on one line."""
    line = re.sub(r"\s+", " ", harmless(text if keep_ends else text.strip()))
    escaped = _ACTIVE.sub(r"\\\1", line)
    return _OPENS.sub(lambda opening: _opened(opening[0]), escaped)


def _opened(start: str) -> str:
    return f"{start[:-1]}&#{ord(start[-1])};" if start.isdigit() else f"\\{start}"


def as_markdown(text: str, *, keep_ends: bool = False) -> str:
    """Return text as nothing but words to Markdown, on one line."""
    return _plain(text, keep_ends=keep_ends)


def markdown_link(url: str) -> str:
    """Return an address as a link where it is one, else as words."""
    return _link(url)


def said_markdown(claim: Claim, citations: Iterable[Citation]) -> str:
    """Return one checked sentence for a chat, without the numbers of its citations."""
    cited = phrasing.cited(claim, tuple(citations))
    comment = bool(cited) and cited[0].part == "comment"
    lead = f"{_plain(phrasing.commenter(cited[0]))}: " if comment else ""
    return lead + _plain(phrasing.bare(claim))


def foot_markdown(outcome: Outcome) -> str:
    """Return what stands under the sentences in a chat: the sources, or why nothing is said."""
    if isinstance(outcome, NoAnswer):
        return "\n\n".join([*_not_said(outcome), *_notices(outcome.warnings)])
    if isinstance(outcome, Listing):
        return "\n\n".join([*_list(outcome), *_notices(outcome.warnings)])
    sources = [
        " ".join(
            [
                f"- [{citation.n}] *{_plain(citation.article.title)}*,",
                f"{_plain(phrasing.imprint(citation))}.",
                *(f"Note: {_plain(notice.text)}" for notice in citation.notices),
                *([_link(citation.article.url)] if citation.article.url else []),
            ]
        )
        for citation in outcome.citations
    ]
    return "\n\n".join(["Sources:", "\n".join(sources), *_notices(outcome.warnings)])
