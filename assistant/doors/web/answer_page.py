"""`/a/RECORD`: an answer as it was given, with its sources; and whether it is still the same."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from assistant.answer import IN_WORDS
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.cli.replaying import ReplayChange, differences
from assistant.doors.web.recall import Recalled, recall
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words, to_html, to_json, to_markdown
from assistant.render.export import FORMATS, export
from assistant.render.factcheck_text import VERDICTS
from assistant.render.file_links import ANSWER_FILES, file_links
from assistant.render.interface_text import Say, to_say
from assistant.render.moments import with_moment
from assistant.render.retold import retold

router = APIRouter(prefix="/a")


@router.get("/{record_id}.md")
async def as_markdown(record_id: str, request: Request, call: AnyCall) -> Response:
    """Return an answer as Markdown, its citations footnotes."""
    found = await call.run(lambda: recall(call.newsroom, call.reader, record_id))
    if found is None or found.outcome is None:
        return missing(request, "No such answer")
    named = f'attachment; filename="answer-{found.record.id}.md"'
    headers = {"Content-Disposition": named}
    return PlainTextResponse(to_markdown(found.outcome), headers=headers)


@router.get("/{record_id}/as/{form}")
async def as_file(record_id: str, form: str, request: Request, call: AnyCall) -> Response:
    """Return an answer as a file that another program reads."""
    if form not in FORMATS:
        return missing(request, "No such file")
    found = await call.run(lambda: recall(call.newsroom, call.reader, record_id))
    if found is None or found.outcome is None:
        return missing(request, "No such answer")
    outcome = found.outcome
    made = await call.run(lambda: export(outcome, form))
    named = f'attachment; filename="answer-{found.record.id}.{made.suffix}"'
    headers = {"Content-Disposition": named}
    return Response(made.data, media_type=made.media_type, headers=headers)


@router.get("/{record_id}")
async def answer(
    record_id: str, request: Request, call: AnyCall, than: Annotated[str, Query()] = ""
) -> Response:
    """Show an answer as it was given; with `than`, how it differs from an earlier one."""
    call.note(record_id)
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    return await call.run(lambda: _page(call, tongue, record_id, than, request))


@router.post("/{record_id}/again")
async def again(record_id: str, request: Request, call: AnyCall) -> Response:
    """Ask the same again, and lead to what is answered now beside what was answered then."""
    found = await call.run(lambda: recall(call.newsroom, call.reader, record_id))
    if found is None:
        return missing(request, "No such answer")
    asked = found.record.question
    call.note(asked.asked)
    filters = call.narrowed(replace(asked.filters, held=()))
    own = (found.record.asker or "") == (call.reader.key_id or "")
    outcome = await call.run(
        lambda: call.newsroom.ask(
            asked.asked,
            mode=asked.mode,
            filters=filters,
            history=found.record.history if own else (),
            asker=call.reader.key_id,
        )
    )
    if outcome.record_id is None:
        tongue = Tongue.of(request.headers.get("accept-language", ""))
        heading = f"<h1>{as_words(asked.asked)}</h1>"
        then = to_json(found.outcome) if found.outcome else None
        changed = _differing(tongue, then, to_json(outcome))
        return sheet(request, asked.asked, heading + changed + to_html(outcome, say=tongue.say))
    return RedirectResponse(f"/a/{outcome.record_id}?than={quote(record_id)}", status_code=303)


def _page(call: Call, tongue: Tongue, record_id: str, than: str, request: Request) -> Response:
    found = recall(call.newsroom, call.reader, record_id)
    if found is None:
        return missing(request, tongue.say("No such answer"))
    body = _head(call, tongue, found)
    if than:
        before = recall(call.newsroom, call.reader, than)
        then = to_json(before.outcome) if before and before.outcome else None
        body += _differing(tongue, then, to_json(found.outcome) if found.outcome else None)
        told = escape(tongue.say("The earlier answer"))
        body += f'<p><a href="/a/{quote(than)}">{told}</a></p>' if before else ""
    if found.outcome:
        body += to_html(found.outcome, say=tongue.say)
    else:
        gone = "What this answer rests on is no longer in the archive, so its words are not shown."
        body += f'<p class="unsaid">{escape(tongue.say(gone))}</p>'
    return sheet(request, found.record.question.asked, body)


def _head(call: Call, tongue: Tongue, found: Recalled) -> str:
    say, record = tongue.say, found.record
    asked = with_moment(to_say("Answered on {when}."), record.at, say)
    now = call.newsroom.archive.status().change
    same = "The archive is as it was then." if now == record.change else (
        "The archive has changed since."
    )  # fmt: skip
    name = quote(record.id)
    again = quote(record.question.asked)
    return (
        f'<h1 dir="auto">{as_words(record.question.asked)}</h1>'
        f'<p class="meta">{asked} {escape(say(same))}</p><div class="tools">'
        f'<form method="post" action="/a/{name}/again"><button>'
        f"{escape(say('Ask again and compare'))}</button></form>"
        f'<a class="button" href="/?q={again}">{escape(say("Go on from this question"))}</a>'
        f"{_files(name, tongue)}"
        f'<button type="button" data-copy hidden>{escape(say("Copy the link"))}</button>'
        f'<button type="button" data-print hidden>{escape(say("Print"))}</button></div>'
    )


def _files(name: str, tongue: Tongue) -> str:
    """Return an answer as files to fetch, folded up."""
    told = escape(tongue.say("Save as"))
    links = file_links(f"/a/{name}", ANSWER_FILES)
    return f'<details class="files"><summary class="button">{told}</summary>{links}</details>'


def _differing(tongue: Tongue, then: Any, now: Any) -> str:
    """Return what differs between two answers, as a list for people."""
    say = tongue.say
    if then is None or now is None:
        return ""
    rows = "".join(_rows(tongue, differences(then, now)))
    heading = f"<h2>{escape(say('What differs'))}</h2>"
    if not rows:
        nothing = escape(say("The answer is the same as before."))
        return f'<section class="differs">{heading}<p>{nothing}</p></section>'
    return f'<section class="differs">{heading}<ul>{rows}</ul></section>'


_CHANGES = {
    "kind": to_say("Kind"),
    "mode": to_say("Mode"),
    "reason": to_say("Reason"),
    "faithfulness": to_say("Faithfulness"),
    "total": to_say("Total"),
    "said no more": to_say("Said no more"),
    "newly said": to_say("Newly said"),
    "listed no more": to_say("Listed no more"),
    "newly listed": to_say("Newly listed"),
}
"""What may differ, in words; what is cited is seen in the sentences."""
_VALUES: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "answer": to_say("an answer"),
        "list": to_say("a list"),
        "no_answer": to_say("the archive does not say"),
    },
    "mode": {"quotes": to_say("quotations"), "written": to_say("written")},
    "reason": {str(reason): words for reason, words in IN_WORDS.items()},
    "verdict": {
        "verbatim": to_say("verbatim"),
        "unsupported": to_say("unsupported"),
        **{verdict: VERDICTS[verdict] for verdict in ("supported", "partly", "contradicted")},
    },
}
_VERDICT_OF = "verdict of "


def _rows(tongue: Tongue, found: list[ReplayChange]) -> Iterator[str]:
    say = tongue.say
    for what, then, now in found:
        of_claim = what.startswith(_VERDICT_OF)
        label = say(_CHANGES[what]) if what in _CHANGES else ""
        if of_claim:
            label = say("Verdict of {text}", text=what.removeprefix(_VERDICT_OF))
        if not label:
            continue
        values = _VALUES.get("verdict" if of_claim else what, {})
        sides = [_side(values, side, say) for side in (then, now) if side is not None]
        yield f"<li><b>{as_words(label)}:</b> {' → '.join(map(as_words, sides))}</li>"


def _side(values: Mapping[str, str], side: object, say: Say) -> str:
    """Return what there was on a side: a word of ours in the reader's language."""
    known = values.get(str(side))
    return retold(say(known), say) if known else str(side)
