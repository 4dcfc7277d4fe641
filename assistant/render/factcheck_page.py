"""A checked draft as one page of HTML: the draft at the left, the evidence at the right.

It needs nothing else, and may neither run nor fetch anything: every string in it is somebody
else's.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from assistant.answer import Citation
from assistant.factcheck.findings import (
    CheckedDraft,
    CheckedName,
    CheckedQuotation,
    CheckedSentence,
)
from assistant.render import phrasing
from assistant.render.factcheck_text import UNCHECKED, VERDICTS, carried_by, summary
from assistant.render.interface_text import Say, in_english, to_say
from assistant.render.retold import retold
from ingest.language.control_characters import harmless

_ROOM = 360
"""Characters shown around the cited words."""

_ALONE = """
:root{color-scheme:light dark;--ink:#1d1b18;--soft:#5f594f;--paper:#fbf9f4;--card:#fff;
--rule:#d9d3c6;--serif:Georgia,"Times New Roman",serif}
@media (prefers-color-scheme:dark){:root{--ink:#ece7dc;--soft:#aba393;--paper:#161513;
--card:#1f1d1a;--rule:#3a362f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1.5rem 1.2rem 3rem;background:var(--paper);
color:var(--ink);font:17px/1.6 var(--serif)}
h1{font-size:1.6rem;margin:0}
header{border-bottom:3px double var(--ink);padding-bottom:.6rem;margin-bottom:1.2rem}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333}body{max-width:none;padding:0}}
"""
"""What a file of its own needs besides the looks of a checked draft."""

_TONE = {
    "exact": "good",
    "supported": "good",
    "usual": "good",
    "normalised": "good",
    "partly": "maybe",
    "other": "maybe",
    "unknown": "maybe",
}
"""How a verdict looks; every other one is bad."""

_KIND = {
    "quotation": to_say("quotation"),
    "sentence": to_say("sentence"),
    "name": to_say("name"),
}
_KINDS = tuple(_KIND)


class PageFinding(NamedTuple):
    """A finding with its number on the page."""

    n: int
    kind: str
    found: CheckedQuotation | CheckedSentence | CheckedName

    @property
    def tone(self) -> str:
        """How it looks."""
        return _TONE.get(self.found.verdict, "bad")


def draft_to_html(draft: CheckedDraft) -> str:
    """Return a checked draft as a page that needs nothing else."""
    looks = files("assistant.render").joinpath("checked.css").read_text(encoding="utf-8")
    title = draft_title(draft)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_ALONE}{looks}</style></head><body>"
        f"<header><h1>{_text(title)}</h1></header><main>{checked_draft_html(draft)}</main>"
        "</body></html>\n"
    )


def draft_title(draft: CheckedDraft) -> str:
    """Return what a checked draft is called: by its file, where it was one."""
    return f"Checked: {draft.name}" if draft.name else "A checked draft"


def checked_draft_html(draft: CheckedDraft, say: Say = in_english) -> str:
    """Return a checked draft beside what is printed, to stand on any page."""
    findings = _numbered(draft)
    nothing = f'<p class="soft">{_text(say("Nothing in it could be checked."))}</p>'
    cards = "".join(_cards(findings, say)) or nothing
    own, printed = _text(say("The draft")), _text(say("What the archive prints"))
    text = _draft(draft, findings, say)
    return (
        f'<div class="checked"><p class="soft">{_text(summary(draft, say))}</p>'
        f'<div class="columns"><section><h2>{own}</h2><div class="draft" dir="auto">{text}</div>'
        f"</section><section><h2>{printed}</h2>{cards}</section></div></div>"
    )


def _numbered(draft: CheckedDraft) -> list[PageFinding]:
    """Return what is shown, in the order of the draft: of the names, those to look at."""
    names = [one for one in draft.names if one.verdict != "usual"]
    found: list[tuple[str, CheckedQuotation | CheckedSentence | CheckedName]] = [
        *(("quotation", one) for one in draft.quotations),
        *(("sentence", one) for one in draft.sentences),
        *(("name", one) for one in names),
    ]
    ordered = sorted(found, key=lambda pair: (pair[1].start, -pair[1].end, _KINDS.index(pair[0])))
    return [PageFinding(n, kind, one) for n, (kind, one) in enumerate(ordered, 1)]


def _draft(draft: CheckedDraft, findings: Sequence[PageFinding], say: Say) -> str:
    """Return the draft's text, each stretch with the look of what was found of it."""
    edges = {0, len(draft.text)}
    for one in (*(f.found for f in findings), *draft.unchecked):
        edges |= {one.start, one.end}
    places = sorted(edges)
    return "".join(_stretch(draft, findings, span, say) for span in pairwise(places))


def _stretch(
    draft: CheckedDraft, findings: Sequence[PageFinding], span: tuple[int, int], say: Say
) -> str:
    start, end = span
    over = [one for one in findings if one.found.start <= start and end <= one.found.end]
    looks = [one.tone for one in over if one.kind != "name"][-1:]
    looks += ["named"] if any(one.kind == "name" for one in over) else []
    skipped = [one for one in draft.unchecked if one.start <= start and end <= one.end]
    told = ""
    if skipped and not looks:
        looks = ["skipped"]
        why = say("not judged: {why}", why=say(UNCHECKED[skipped[0].reason]))
        told = f' title="{_text(why)}"'
    words = _text(draft.text[start:end])
    if looks:
        words = f'<span class="{" ".join(looks)}"{told}>{words}</span>'
    ended = [one for one in findings if one.found.end == end and one in over]
    return words + "".join(f'<sup><a href="#f{one.n}">{one.n}</a></sup>' for one in ended)


def _cards(findings: Sequence[PageFinding], say: Say) -> Iterator[str]:
    """Yield each finding; printed words that stood in an earlier one are pointed at."""
    shown: dict[str, int] = {}
    for one in findings:
        yield _card(one, shown, say)
        for citation in _cited(one):
            shown.setdefault(_bare(citation.text), one.n)


def _cited(one: PageFinding) -> tuple[Citation, ...]:
    return () if isinstance(one.found, CheckedName) else one.found.citations


def _card(one: PageFinding, shown: Mapping[str, int], say: Say) -> str:
    """Return a finding with what is printed: words that stand there as in the draft stand once."""
    found, cited = one.found, _cited(one)
    printed = any(_same(found.text, citation.text) for citation in cited)
    quoted = f"“{_text(found.text)}”" if one.kind == "quotation" else _text(found.text)
    own = "" if printed else f'<p dir="auto">{quoted}</p>'
    told = "".join(f'<p class="why">{_text(line)}</p>' for line in _told(one, say))
    # What is right needs no comparing: its printed words need not stand there again.
    numbered = isinstance(found, CheckedSentence) and any(carried_by(found, say))
    before = {} if numbered or one.tone != "good" else shown
    sources = _numbers(cited, say) if numbered else _sources(cited, before, say)
    badge = f"{one.n} · {say(_KIND[one.kind])} · {say(VERDICTS[found.verdict])}"
    return (
        f'<article class="is-{one.tone}" id="f{one.n}"><p class="badge">{_text(badge)}</p>'
        f"{own}{told}{''.join(sources)}</article>"
    )


def _same(words: str, printed: str) -> bool:
    """Tell whether words are printed so, whatever signs stand around them."""
    return _bare(words) in _bare(printed)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _sources(cited: Sequence[Citation], shown: Mapping[str, int], say: Say) -> Iterator[str]:
    """Yield what is printed, once, under every place that prints it so."""
    alike: dict[str, list[Citation]] = {}
    for citation in cited:
        alike.setdefault(_bare(citation.text), []).append(citation)
    for words, (first, *others) in alike.items():
        before = shown.get(words)
        as_at = _text(say("as at {n}", n=before))
        at = f' · <a href="#f{before}">{as_at}</a>' if before else ""
        printed = _imprint(first, say)
        yield f'<p class="meta">{printed}{at}</p>' if before else _source(first, say)
        also = _text(say("also"))
        yield from (f'<p class="meta">{also} {_imprint(other, say)}</p>' for other in others)


def _numbers(cited: Sequence[Citation], say: Say) -> Iterator[str]:
    """Yield what each of several sources prints a part of, by the number that it is told by."""
    yield from (_source(citation, say, f"{n}. ") for n, citation in enumerate(cited, 1))


def _told(one: PageFinding, say: Say) -> Iterator[str]:
    found = one.found
    if isinstance(found, CheckedQuotation):
        yield from filter(None, [found.difference and retold(found.difference, say)])
        yield from [say("the archive does not print it")] if found.verdict == "absent" else []
    elif isinstance(found, CheckedName):
        usual = say("usually {name}", name=found.usual)
        yield usual if found.usual else say("not in this archive")
    elif found.judgement and found.judgement.reason:
        yield retold(_without_printed(found.judgement.reason, found.citations), say)
    else:
        yield from carried_by(found, say)


def _without_printed(reason: str, cited: Sequence[Citation]) -> str:
    """Return a reason without the printed words that it ends with, where they stand below it."""
    said, _, words = reason.partition(": “")
    below = words and any(_same(words, citation.text) for citation in cited)
    return said if below else reason


def _source(citation: Citation, say: Say, number: str = "") -> str:
    around = phrasing.excerpt(citation, _ROOM)
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    return (
        f'<p class="meta">{number}{_imprint(citation, say)}</p>'
        f'<blockquote dir="auto">{_text(before)}<mark>{_text(around.words)}</mark>'
        f"{_text(after)}</blockquote>"
    )


def _imprint(citation: Citation, say: Say) -> str:
    """Return where and when something was printed, its headline a link, and what is said of it."""
    article = citation.article
    title = _text(article.title or say("Without a headline"))
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        address = html.escape(article.url)
        title = f'<a href="{address}" rel="noopener noreferrer">{title}</a>'
    told = (_text(retold(one.text, say)) for one in citation.notices)
    notices = "".join(f' <span class="why">{one}</span>' for one in told)
    return f"{_text(phrasing.imprint(citation, say))} · {title}{notices}"


def _text(text: str) -> str:
    """Return text as nothing but words, its line ends kept."""
    return html.escape("\n".join(map(harmless, text.split("\n"))))
