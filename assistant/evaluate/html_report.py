"""A run as one page of HTML that needs nothing else: figures, charts, the worst cases first.

Every string of a run is somebody else's: nothing reaches the page unescaped, and the page may
neither run nor fetch anything.
"""

import html
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from assistant.check.judge import LINE
from assistant.evaluate import charts
from assistant.evaluate.report import told

_GROUPS = (
    ("Retrieval", ("recall", "mrr", "ndcg")),
    ("Answers", ("answer_",)),
    ("Citations", ("citation",)),
    ("Quotations and speakers", ("quote", "speaker")),
    ("Abstention", ("answered", "abstention")),
    ("Agreement with people", ("support", "paraphrase", "strong", "conflict")),
    ("Faithfulness", ("faithfulness", "verbatim")),
)
"""What a figure is about, by how its name begins; the first that fits."""

_MOST = 200
"""Cases that are shown; whoever wants more reads the document of `--json`."""

_CUT = 600
"""Characters of an answer that are shown."""

_CURVE = (
    "Answers are let out the surest first. The lower the line, the better the system knows when "
    "it does not know."
)
_DOTS = (
    "Each dot is claims that the checker scored alike; a line is the 95 % interval. On the dashed "
    "line a score is a probability."
)

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1b19;--soft:#6a655d;--paper:#fbfaf7;--line:#ddd8ce;
--mark:#1f5f8b;--bad:#b3261e;--badpaper:#fbe3e0;--goodpaper:#fdf3c4}
@media (prefers-color-scheme:dark){:root{--ink:#eceae5;--soft:#a8a299;--paper:#191816;
--line:#3a3732;--mark:#7fb6dc;--bad:#ff8a80;--badpaper:#4a1f1c;--goodpaper:#4a431c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.2rem 4rem;background:var(--paper);
color:var(--ink);font:16px/1.5 Georgia,"Times New Roman",serif}
h1{font-size:1.7rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:2.4rem 0 .6rem;
border-top:2px solid var(--ink);padding-top:.5rem}h3{font-size:1rem;margin:0 0 .3rem}
.soft,caption,th{color:var(--soft);font:14px/1.4 system-ui,sans-serif}
table{border-collapse:collapse;width:100%;font:14px/1.4 system-ui,sans-serif}
th,td{text-align:left;padding:.28rem .7rem .28rem 0;border-bottom:1px solid var(--line);
vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}
.group th{color:var(--ink);font-weight:600;padding-top:1.1rem}
@media (max-width:46rem){.figures thead,.reaching{display:none}
.figures tr{display:grid;grid-template-columns:minmax(0,1fr) 3.2rem 7.2rem 2.6rem;
border-bottom:1px solid var(--line)}.figures td,.figures th{border:0}
.figures th{grid-column:1/-1}.what{grid-column:1/-1;padding-top:0;color:var(--soft)}}
.charts{display:flex;flex-wrap:wrap;gap:1.5rem}
.charts figure{flex:1 1 22rem;max-width:30rem;margin:0}
svg{width:100%;height:auto;display:block}.bar{width:120px;height:12px;margin-top:.25rem}
.grid{stroke:var(--line)}.line{fill:none;stroke:var(--mark);stroke-width:2}
.ideal{stroke:var(--soft);stroke-dasharray:4 4}.dot{fill:var(--mark)}
.reach{stroke:var(--ink);stroke-width:1.5}.all{fill:var(--line)}.part{fill:var(--mark)}
.tick,.axis{fill:var(--soft);font:12px system-ui,sans-serif}
article{border:1px solid var(--line);border-left:4px solid var(--bad);padding:.8rem 1rem;
margin:0 0 1rem;overflow-wrap:anywhere}
article p{margin:.25rem 0}blockquote{margin:.4rem 0 0;padding-left:.8rem;
border-left:2px solid var(--line);color:var(--soft)}
mark{background:var(--goodpaper);color:var(--ink)}
mark.air{background:var(--badpaper);text-decoration:underline wavy var(--bad);
text-underline-offset:3px}
.why{color:var(--bad);font:600 14px/1.4 system-ui,sans-serif}
"""


class Case(NamedTuple):
    """Something that went wrong, and how badly: 1 is the worst."""

    weight: float
    why: str
    row: Mapping[str, Any]
    claim: Mapping[str, Any] | None = None


def to_html(document: Mapping[str, Any]) -> str:
    """Return a document of `report.document` as a page."""
    run = document["run"]
    title = f"How faithful: {run.get('of', '')}"
    cases = worst(document["rows"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body><header>"
        f"<h1>{_text(title)}</h1><p class=soft>{_text(_about(document))}</p></header><main>"
        f"{_figures(document['metrics'])}{_charts(document)}{_missing(document)}{_cases(cases)}"
        f"</main>{_terms(run)}</body></html>\n"
    )


def _about(document: Mapping[str, Any]) -> str:
    rows = len(document["rows"])
    archive = document["run"].get("archive")
    asked = f", put to an archive of {archive['articles']:,} articles" if archive else ""
    return f"{rows:,} rows{asked}; intervals hold 95 of 100 resamples"


def _figures(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [(name, one) for name, one in metrics.items() if one["value"] is not None]
    rows = ""
    for heading, group in itertools.groupby(shown, lambda figure: _heading(figure[0])):
        rows += f"<tr class=group><th colspan=6>{_text(heading)}</th></tr>"
        rows += "".join(_figure(name, one) for name, one in group)
    return (
        "<h2>Figures</h2><table class=figures><thead><tr><th></th><th class=n>figure</th>"
        "<th></th><th class=n>95 % interval</th><th class=n>of</th><th>what it counts</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _heading(name: str) -> str:
    plain, _, variant = name.partition(":")
    found = next((h for h, starts in _GROUPS if plain.startswith(starts)), "More")
    how = {"": "", "passages": ", of passages"}.get(variant, f", by {variant} alone")
    return f"{found}{how}"


def _figure(name: str, one: Mapping[str, Any]) -> str:
    return (
        f"<tr><td>{_text(name.partition(':')[0])}</td><td class=n>{one['value']:.3f}</td>"
        f"<td class=reaching>{charts.bar(one['low'], one['value'], one['high'])}</td>"
        f"<td class=n>{_interval(one)}</td><td class=n>{one['n']:,}</td>"
        f"<td class=what>{_text(told(name.partition(':')[0]))}</td></tr>"
    )


def _interval(one: Mapping[str, Any]) -> str:
    return "" if one["low"] is None else f"{one['low']:.3f} – {one['high']:.3f}"


def _charts(document: Mapping[str, Any]) -> str:
    drawn = (
        ("Risk and coverage", charts.risk_coverage(document["curve"]["points"]), _CURVE),
        ("Calibration", charts.calibration(document["calibration"]), _DOTS),
    )
    figures = "".join(
        f"<figure><h3>{name}</h3>{chart}<figcaption class=soft>{why}</figcaption></figure>"
        for name, chart, why in drawn
        if chart
    )
    return f"<h2>Charts</h2><div class=charts>{figures}</div>" if figures else ""


def _missing(document: Mapping[str, Any]) -> str:
    lines = [f"{count:,}: {why}" for why, count in document["unscored"].items()]
    lines += [f"{one['file']}, {one['where']}: {one['why']}" for one in document["malformed"]]
    listed = "".join(f"<li>{_text(line)}</li>" for line in lines)
    notes = "".join(f"<p class=soft>{_text(note)}</p>" for note in document["notes"])
    scored = f"<h2>Not scored</h2><ul class=soft>{listed}</ul>" if lines else ""
    return scored + notes


# The worst cases


def worst(rows: Iterable[Mapping[str, Any]]) -> list[Case]:
    """Return what went wrong, the worst first; equally bad ones in order of their ids."""
    cases = [case for row in rows for case in _of(row)]
    return sorted(cases, key=lambda case: (-case.weight, case.row["id"]))


def _of(row: Mapping[str, Any]) -> Iterator[Case]:
    for claim in row["claims"]:
        score, label = claim["score"], claim["label"]
        if label is not None:
            if (score >= LINE) != label:
                found = "supported" if label else "unsupported"
                why = f"people found it {found}, the checker scored {score:.2f}"
                yield Case(abs(score - label), why, row, claim)
        elif score < LINE:
            yield Case(1 - score, f"{claim['verdict']}, scored {score:.2f}", row, claim)
    answered = row["kind"] == "answer"
    if answered and row["right"] is False:
        yield Case(row["confidence"] or LINE, "the answer is wrong, or should be none", row)
    if row["shares"].get("answered") == [0.0, 1.0]:
        yield Case(1 - (row["confidence"] or 0.0), "declined, though it can be answered", row)


def _cases(cases: Sequence[Case]) -> str:
    if not cases:
        return "<h2>Worst cases</h2><p>Nothing went wrong.</p>"
    shown = "".join(_case(case) for case in cases[:_MOST])
    more = len(cases) - _MOST
    rest = f"<p class=soft>{more:,} more are in the document of --json.</p>" if more > 0 else ""
    return f"<h2>Worst cases first ({len(cases):,})</h2>{shown}{rest}"


def _case(case: Case) -> str:
    row, claim = case.row, case.claim
    question = f"<h3 dir=auto>{_text(row['question'])}</h3>" if row["question"] else ""
    head = f"<p class=why>{_text(case.why)} <span class=soft>{_text(row['id'])}</span></p>"
    if claim is None:
        words = row["text"][:_CUT] + (" …" if len(row["text"]) > _CUT else "")
        said = f"<p dir=auto>{_text(words) or '<em>nothing was answered</em>'}</p>"
        return f"<article>{head}{question}{said}</article>"
    said = f"<p dir=auto>{_text(claim['claim'])}</p>"
    span = [claim["span"]] if claim["span"] else []
    source = f"<blockquote dir=auto>{_marked(claim['passage'], span, '')}</blockquote>"
    why = f"<p class=soft>it {_text(claim['reason'])}</p>" if claim["reason"] else ""
    return f"<article>{head}{question}{said}{why}{source}</article>"


def _marked(text: str, spans: Iterable[Sequence[int]], kind: str) -> str:
    pieces, at = [], 0
    for start, end in sorted((a, b) for a, b in spans):
        if start >= at and end > start:
            pieces += [_text(text[at:start]), f"<mark{kind}>{_text(text[start:end])}</mark>"]
            at = end
    return "".join([*pieces, _text(text[at:])])


def _terms(run: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><th>{_text(k)}</th><td>{_text(str(v))}</td></tr>" for k, v in run.items())
    return f"<h2>Measured under</h2><div class=scroll><table>{rows}</table></div>"


def _text(words: str) -> str:
    return html.escape(words)
