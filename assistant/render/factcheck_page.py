"""A checked draft as one page of HTML: the draft at the left, the evidence at the right.

It needs nothing else, and may neither run nor fetch anything: every string in it is somebody
else's.
"""

import html
import re
from collections.abc import Iterator, Sequence
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
from assistant.render.factcheck_text import UNCHECKED, summary
from assistant.render.terminal import harmless

_ROOM = 360
"""Characters shown around the cited words."""

_STYLE = """
:root{color-scheme:light dark;--ink:#1d1b18;--soft:#5f594f;--paper:#fbf9f4;--card:#fff;
--rule:#d9d3c6;--good:#2f6b3a;--goodpaper:#e4f1e2;--maybe:#8a5a00;--maybepaper:#fdf0cf;
--bad:#a1261d;--badpaper:#fbe0dc}
@media (prefers-color-scheme:dark){:root{--ink:#ece7dc;--soft:#aba393;--paper:#161513;
--card:#1f1d1a;--rule:#3a362f;--good:#8fd19a;--goodpaper:#1d3322;--maybe:#f0c36a;
--maybepaper:#3d2f0c;--bad:#ff9a8c;--badpaper:#4a1f1c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1.5rem 1.2rem 3rem;background:var(--paper);
color:var(--ink);font:17px/1.6 Georgia,"Times New Roman",serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1rem;margin:0 0 .6rem;color:var(--soft);
font-family:system-ui,sans-serif}
header{border-bottom:3px double var(--ink);padding-bottom:.6rem;margin-bottom:1.2rem}
header p,.meta,.badge,.soft,sup{font-family:system-ui,sans-serif}
header p,.meta,.soft{color:var(--soft);font-size:.85rem;line-height:1.45;margin:.3rem 0 0}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2rem}
.draft{white-space:pre-wrap;overflow-wrap:anywhere}
.draft span{padding:.08em 0;border-radius:2px}
.good{background:var(--goodpaper)}.maybe{background:var(--maybepaper)}
.bad{background:var(--badpaper);text-decoration:underline wavy var(--bad);
text-underline-offset:4px}
.named{border-bottom:2px dotted var(--maybe)}.skipped{color:var(--soft)}
sup a{color:inherit;font-size:.7rem;padding:0 .1rem}
article{background:var(--card);border:1px solid var(--rule);border-left:4px solid var(--rule);
padding:.7rem .9rem;margin:0 0 .9rem;overflow-wrap:anywhere;font-size:.95rem;break-inside:avoid}
article.is-good{border-left-color:var(--good)}article.is-maybe{border-left-color:var(--maybe)}
article.is-bad{border-left-color:var(--bad)}article:target{outline:3px solid var(--maybe)}
article p{margin:.25rem 0}
.badge{font-size:.75rem;font-weight:700;text-transform:uppercase;letter-spacing:.04em}
.is-good .badge{color:var(--good)}.is-maybe .badge{color:var(--maybe)}
.is-bad .badge{color:var(--bad)}
.why{color:var(--bad)}.is-good .why,.is-maybe .why{color:var(--soft)}
blockquote{margin:.5rem 0 0;padding-left:.8rem;border-left:2px solid var(--rule)}
mark{background:var(--maybepaper);color:inherit}
a{color:inherit}
@media (max-width:50rem){main{grid-template-columns:minmax(0,1fr)}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333}
body{max-width:none;padding:0;font-size:10.5pt}main{gap:1rem}
article{border-color:#999}.bad,.maybe,.good{-webkit-print-color-adjust:exact;
print-color-adjust:exact}}
"""

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

_KIND = ("quotation", "sentence", "name")


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
    """Return a checked draft as a page."""
    findings = _numbered(draft)
    title = f"Checked: {draft.name}" if draft.name else "A checked draft"
    cards = "".join(map(_card, findings)) or "<p class=soft>Nothing in it could be checked.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body><header>"
        f"<h1>{_text(title)}</h1><p>{_text(summary(draft))}</p></header><main>"
        f'<section><h2>The draft</h2><div class="draft" dir="auto">{_draft(draft, findings)}</div>'
        f"</section><section><h2>What the archive prints</h2>{cards}</section></main>"
        "</body></html>\n"
    )


def _numbered(draft: CheckedDraft) -> list[PageFinding]:
    """Return what is shown, in the order of the draft: of the names, those to look at."""
    names = [one for one in draft.names if one.verdict != "usual"]
    found: list[tuple[str, CheckedQuotation | CheckedSentence | CheckedName]] = [
        *(("quotation", one) for one in draft.quotations),
        *(("sentence", one) for one in draft.sentences),
        *(("name", one) for one in names),
    ]
    ordered = sorted(found, key=lambda pair: (pair[1].start, -pair[1].end, _KIND.index(pair[0])))
    return [PageFinding(n, kind, one) for n, (kind, one) in enumerate(ordered, 1)]


def _draft(draft: CheckedDraft, findings: Sequence[PageFinding]) -> str:
    """Return the draft's text, each stretch with the look of what was found of it."""
    edges = {0, len(draft.text)}
    for one in (*(f.found for f in findings), *draft.unchecked):
        edges |= {one.start, one.end}
    places = sorted(edges)
    return "".join(_stretch(draft, findings, start, end) for start, end in pairwise(places))


def _stretch(draft: CheckedDraft, findings: Sequence[PageFinding], start: int, end: int) -> str:
    over = [one for one in findings if one.found.start <= start and end <= one.found.end]
    looks = [one.tone for one in over if one.kind != "name"][-1:]
    looks += ["named"] if any(one.kind == "name" for one in over) else []
    skipped = [one for one in draft.unchecked if one.start <= start and end <= one.end]
    told = ""
    if skipped and not looks:
        looks = ["skipped"]
        told = f' title="not judged: {_text(UNCHECKED[skipped[0].reason])}"'
    words = _text(draft.text[start:end])
    if looks:
        words = f'<span class="{" ".join(looks)}"{told}>{words}</span>'
    ended = [one for one in findings if one.found.end == end and one in over]
    return words + "".join(f'<sup><a href="#f{one.n}">{one.n}</a></sup>' for one in ended)


def _card(one: PageFinding) -> str:
    found = one.found
    quoted = f"“{_text(found.text)}”" if one.kind == "quotation" else _text(found.text)
    told = "".join(f'<p class="why">{_text(line)}</p>' for line in _told(one))
    cited = () if isinstance(found, CheckedName) else found.citations
    return (
        f'<article class="is-{one.tone}" id="f{one.n}"><p class="badge">{one.n} · {one.kind} · '
        f'{found.verdict}</p><p dir="auto">{quoted}</p>{told}'
        f"{''.join(map(_source, cited))}</article>"
    )


def _told(one: PageFinding) -> Iterator[str]:
    found = one.found
    if isinstance(found, CheckedQuotation):
        yield from filter(None, [found.difference])
        yield from ["the archive does not print it"] if found.verdict == "absent" else []
    elif isinstance(found, CheckedName):
        yield f"usually {found.usual}" if found.usual else "not in this archive"
    elif found.judgement and found.judgement.reason:
        yield found.judgement.reason


def _source(citation: Citation) -> str:
    article, around = citation.article, phrasing.excerpt(citation, _ROOM)
    title = _text(article.title or "Without a headline")
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        address = html.escape(article.url)
        title = f'<a href="{address}" rel="noopener noreferrer">{title}</a>'
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    notices = "".join(f'<p class="why">{_text(notice.text)}</p>' for notice in citation.notices)
    return (
        f'<p class="meta">{_text(phrasing.imprint(citation))} · {title}</p>{notices}'
        f'<blockquote dir="auto">{_text(before)}<mark>{_text(around.words)}</mark>'
        f"{_text(after)}</blockquote>"
    )


def _text(text: str) -> str:
    """Return text as nothing but words, its line ends kept."""
    return html.escape("\n".join(map(harmless, text.split("\n"))))
