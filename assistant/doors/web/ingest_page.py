"""`/ingest`: files dropped into the archive by those who keep it, and how far each has come.

What was dropped is read by the same jobs as what comes over HTTP: it goes on when the page is
left. A file of which nothing could be read is kept, to be tried again in another way.
"""

import asyncio
import shutil
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Annotated, BinaryIO
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.api.entry import Rules, too_long
from assistant.doors.api.intake import stored_name
from assistant.doors.api.jobs import IngestJob, IngestOrder, Jobs
from assistant.doors.api.problems import RequestRefused, refusal
from assistant.doors.web.sheet import FOCUSED, sheet
from assistant.doors.web.tongues import Tongue, whom_to_ask
from assistant.render import as_words
from assistant.render.moments import moment_html
from assistant.render.reading_reasons import reason_told
from assistant.render.retold import retold
from ingest import plugins
from ingest.errors import ReadError
from ingest.pipeline import Report

router = APIRouter(prefix="/ingest")

_HERE = "/ingest"
_LIST = f"{_HERE}?by=jobs"
_MOST_FILES = 100
_SHOWN = 200
"""Failures of a job that are listed."""
_PIECE = 1 << 20
_STATES = {
    "waiting": "Waits",
    "running": "Is being read",
    "done": "Read",
    "failed": "Could not be read",
}
_Text = Annotated[str, Form(max_length=200)]


@router.get("")
async def page(
    call: AnyCall,
    at: Annotated[str, Query(max_length=64)] = "",
    by: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Show where files are dropped, and what became of those that were.

    `at` is the job, or `by` the list, to which whoever changed something there is led back.
    """
    return _page(call, at=at, by=by)


@router.get("/jobs")
async def jobs(request: Request, call: AnyCall) -> Response:
    """Return the jobs alone, for the script that looks how far they have come."""
    found = _jobs(call)
    if found is None:
        return Response(status_code=403)
    listed = _listed(_tongue(request), found)
    return HTMLResponse(listed, headers={"Cache-Control": "no-store"})


@router.get("/drop")
async def dropped_before() -> Response:
    """Lead to the page: what was sent once is not sent again."""
    return RedirectResponse(_HERE, status_code=303)


@router.post("/drop")
async def drop(request: Request, call: AnyCall) -> Response:
    """Take files in; each is a job of its own."""
    found = _jobs(call)
    if found is None:
        return _page(call)
    rules: Rules = request.app.state.rules
    try:
        async with asyncio.timeout(rules.seconds):
            bounded = Request(request.scope, _Bounded(request, rules.most_ingested).receive)
            async with bounded.form(max_files=_MOST_FILES, max_fields=20) as form:
                await _take_in(call, found, form)
    except TimeoutError:
        return _page(call, _told(_tongue(request).say("The files did not arrive in time.")), 408)
    except RequestRefused as refused:
        told = _refused(_tongue(request), refused.message, refused.hint)
        return _page(call, f'<div class="failure" role="alert">{told}</div>', refused.status)
    except HTTPException as error:  # it is no form, or one of too many files
        return _page(call, _told(str(error.detail)), error.status_code)
    return RedirectResponse(_LIST, status_code=303)


@router.post("/again")
async def again(
    call: AnyCall, job: _Text, format: _Text = "auto", outlet: _Text = "",  # noqa: A002
) -> Response:  # fmt: skip
    """Read a file once more of which nothing could be read, perhaps as another format."""
    found = _jobs(call)
    kept = found.get(job) if found else None
    if found and kept:
        named = format if format in plugins.names("readers") else "auto"
        how = replace(kept.order, format=named, outlet=outlet.strip() or kept.order.outlet)
        await asyncio.to_thread(found.again, job, how)
    return RedirectResponse(f"{_HERE}?{urlencode({'at': job})}", status_code=303)


@router.post("/forget")
async def forget(call: AnyCall, job: _Text) -> Response:
    """Forget a job that is over, and its file."""
    found = _jobs(call)
    if found:
        await asyncio.to_thread(found.forget, job)
    return RedirectResponse(_LIST, status_code=303)


class _Bounded:
    """What a request sends, ended where it is more than may be taken in."""

    def __init__(self, request: Request, most: int) -> None:
        self._request, self._most, self._come = request, most, 0

    async def receive(self) -> Message:
        message = await self._request.receive()
        self._come += len(message.get("body", b""))
        if self._come > self._most:
            raise too_long(self._most)
        return message


async def _take_in(call: Call, jobs: Jobs, form: FormData) -> None:
    """Begin a job for each file of a form. Raises RequestRefused where there is none."""
    files = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
    if not files:
        raise RequestRefused(422, "InvalidRequest", "no file was chosen", "choose one, or several")
    call.note(", ".join(str(one.filename) for one in files)[:1000])
    wanted = {name: str(form.get(name, "")).strip()[:200] for name in _FIELDS}
    for one in files:
        await asyncio.to_thread(_begin, call, jobs, one.file, str(one.filename), wanted)


_FIELDS = ("format", "collection", "outlet")


def _begin(call: Call, jobs: Jobs, given: BinaryIO, name: str, wanted: dict[str, str]) -> IngestJob:
    place = jobs.place()
    try:
        file, digest = _copied(given, place)
        file = file.rename(place / stored_name(name, digest))
    except BaseException:
        shutil.rmtree(place)
        raise
    known = wanted["format"] in plugins.names("readers")
    order = IngestOrder(
        asked=digest,
        name=name,
        format=wanted["format"] if known else "auto",
        collection=wanted["collection"] or None,
        outlet=wanted["outlet"] or None,
        owner=call.reader.key_id,
        again_if_failed=True,
    )
    return jobs.begin(file, order)[0]


def _copied(given: BinaryIO, place: Path) -> tuple[Path, str]:
    file, hashed = place / "body", sha256()
    with file.open("wb") as kept:
        while piece := given.read(_PIECE):
            hashed.update(piece)
            kept.write(piece)
    return file, hashed.hexdigest()


def _tongue(request: Request) -> Tongue:
    return Tongue.of(request.headers.get("accept-language", ""))


def _jobs(call: Call) -> Jobs | None:
    """Return the jobs, for who may add articles; None for others, and where none are taken."""
    found: Jobs | None = call.request.app.state.jobs
    return found if call.reader.scope == "admin" else None


def _told(told: str) -> str:
    return f'<div class="failure" role="alert"><p>{escape(told)}</p></div>'


def _page(call: Call, told: str = "", status: int = 200, *, at: str = "", by: str = "") -> Response:
    tongue, found = _tongue(call.request), _jobs(call)
    say, title = tongue.say, tongue.say("Add articles")
    if found is None:
        return _not_here(call, tongue, title)
    heading = escape(say("What was dropped"))
    body = (
        f"<h1>{escape(title)}</h1>{told}{_form(tongue)}"
        f'<section id="jobs"><h2{FOCUSED if by else ""}>{heading}</h2>'
        f'<p class="meta" role="status"></p><div class="jobs">{_listed(tongue, found, at)}</div>'
        "</section>"
        '<script src="/looks/ingest.js" defer></script>'
    )
    return sheet(call.request, title, body, status=status)


def _not_here(call: Call, tongue: Tongue, title: str) -> Response:
    say = tongue.say
    if call.reader.scope == "admin":
        why = say("This server takes no articles. Where the archive is: `morgue ingest PATH`.")
    else:
        why = whom_to_ask(tongue, call.request.app.state.rules.keeper)
    return sheet(call.request, title, f"<h1>{escape(title)}</h1><p>{as_words(why)}</p>", status=403)


def _form(tongue: Tongue) -> str:
    say = tongue.say
    about = say(
        "Drop files here: JSON lines, text, Word, PDF, saved pages, feeds, mail, deliveries of "
        "agencies, or all of them in a ZIP file. What is there already is not added twice."
    )
    return (
        f'<form class="dropping" method="post" action="{_HERE}/drop" '
        f'enctype="multipart/form-data"><label for="file">{escape(about)}</label>'
        '<input id="file" name="file" type="file" multiple required>'
        f'<div class="find wide"><label>{escape(say("Collection"))} '
        f'<input name="collection" maxlength="200"></label>'
        f"<label>{escape(say('Outlet, where they name none'))} "
        f'<input name="outlet" maxlength="200"></label>{_formats(tongue)}'
        f"<button>{escape(say('Add them'))}</button></div>"
        f'<p class="sending" role="status" data-told="{escape(say("They are being sent …"))}">'
        "</p></form>"
    )


def _formats(tongue: Tongue, chosen: str = "auto") -> str:
    say = tongue.say
    names = [("auto", say("automatic")), *((one, one) for one in plugins.names("readers"))]
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>{escape(told)}'
        "</option>"
        for name, told in names
    )
    return f'<label>{escape(say("Format"))} <select name="format">{options}</select></label>'


# What became of them


def _listed(tongue: Tongue, jobs: Jobs, at: str = "") -> str:
    found = jobs.all()
    if not found:
        return f'<p class="none">{escape(tongue.say("Nothing yet."))}</p>'
    busy = ' data-busy="yes"' if jobs.busy else ""
    rows = "".join(_job(tongue, job, focused=job.id == at) for job in found)
    states = Counter(map(_state, found))
    told = " · ".join(
        f"{tongue.say(name)}: {states[state]}" for state, name in _STATES.items() if states[state]
    )
    return f'<ul class="listed"{busy} data-told="{escape(told)}">{rows}</ul>'


def _state(job: IngestJob) -> str:
    """Return how a job stands: one that is over and gave nothing has failed."""
    return "failed" if job.finished_at and job.nothing_read else job.state


def _job(tongue: Tongue, job: IngestJob, *, focused: bool) -> str:
    say, order, state = tongue.say, job.order, _state(job)
    when = moment_html(job.created_at, say)
    told = map(as_words, filter(None, [order.collection, order.outlet]))
    about = [escape(say(_STATES[state])), when, *told]
    return (
        f'<li class="job is-{state}" id="job-{job.id}"><h3 dir="auto" tabindex="-1"'
        f"{' autofocus' if focused else ''}>{as_words(order.name)}</h3>"
        f'<p class="meta">{" · ".join(about)}</p>{_progress(tongue, job)}'
        f"{_report(tongue, job, job.report) if job.report else ''}{_problem(tongue, job)}"
        f"{_tools(tongue, job) if job.finished_at else ''}</li>"
    )


def _progress(tongue: Tongue, job: IngestJob) -> str:
    """Return how far a job has come, how quickly, and how long it still takes where that is told.

    It is told in the words of the job: what is searched by meaning comes after what is by words.
    """
    if job.state != "running":
        return ""
    say, pace = tongue.say, job.pace
    known = {"files": "files: {n}", "articles": "articles: {n}", "failed": "not read: {n}"}
    counted = [
        say(told, n=f"{job.progress[what]:,}")
        for what, told in known.items()
        if job.progress.get(what)
    ]
    read = pace.get("articles")
    if read and read.a_minute >= 1:
        counted.append(say("{n} a minute", n=f"{read.a_minute:,.0f}"))
    told = f"<p>{escape(' · '.join(counted))}</p>" if counted else ""
    near = pace.get("passages") or pace.get("leads")
    if near is None or not near.of:
        return told
    left, name = near.minutes_left, say("Made findable by meaning")
    more = f" · {say('about {n} min left', n=max(1, round(left)))}" if left is not None else ""
    return (
        f'{told}<p><progress aria-label="{escape(name)}" max="{near.of}" value="{near.done}">'
        f"</progress> {escape(f'{name}: {near.done:,} / {near.of:,}{more}')}</p>"
    )


def _report(tongue: Tongue, job: IngestJob, report: Report) -> str:
    say = tongue.say
    counts = (
        ("added: {n}", report.added),
        ("updated: {n}", report.updated),
        ("there already: {n}", report.unchanged),
        ("copies of what others print: {n}", report.copies),
        ("under embargo: {n}", sum(report.withheld.values())),
        ("what is no article: {n}", sum(report.left_out.values())),
        ("not read: {n}", len(report.failed)),
    )
    told = [say(what, n=f"{n:,}") for what, n in counts if n]
    if "total" in report.seconds:
        told.append(say("{n} s", n=f"{report.seconds['total']:,.1f}"))
    line = escape(" · ".join(told) or say("Nothing was in it."))
    return f"<p>{line}</p>{_failures(tongue, job, report.failed)}"


def _failures(tongue: Tongue, job: IngestJob, failed: tuple[ReadError, ...]) -> str:
    if not failed:
        return ""
    say = tongue.say
    rows = "".join(_failure(tongue, job, error) for error in failed[:_SHOWN])
    more = len(failed) - _SHOWN
    rest = f"<p>{escape(say('and {n} more', n=f'{more:,}'))}</p>" if more > 0 else ""
    told = escape(say("What could not be read, and why"))
    return (
        f'<details class="failures" id="why-{job.id}"{" open" if job.nothing_read else ""}>'
        f"<summary>{told}</summary><ul>{rows}</ul>{rest}</details>"
    )


def _failure(tongue: Tongue, job: IngestJob, error: ReadError) -> str:
    # It was kept by another name than it was sent by: what stands within it is told.
    within = error.file.partition("!")[2]
    place = " · ".join(filter(None, [job.order.name, within, error.where]))
    told, in_full = reason_told(error.message, tongue.say)
    more = f' <span class="meta" lang="en">({as_words(in_full)})</span>' if in_full else ""
    return f"<li><b>{as_words(place)}</b>: {as_words(told)}{more}</li>"


def _problem(tongue: Tongue, job: IngestJob) -> str:
    if job.failure is None:
        return ""
    told = refusal(job.failure)
    return f'<div class="failure">{_refused(tongue, told.message, told.hint)}</div>'


def _refused(tongue: Tongue, message: str, hint: str | None) -> str:
    """Return what went wrong, and what to do next."""
    words = (retold(one, tongue.say) for one in (message, hint) if one)
    return "".join(f"<p>{as_words(one)}</p>" for one in words)


def _tools(tongue: Tongue, job: IngestJob) -> str:
    say, name = tongue.say, job.order.name
    forgotten = escape(say("Forget “{name}”", name=name))
    retry = ""
    if job.nothing_read and job.may_be_tried_again:
        tried = escape(f"{say('Try again')}: “{name}”")
        retry = (
            f'<form class="find" method="post" action="{_HERE}/again"><input type="hidden" '
            f'name="job" value="{job.id}">{_formats(tongue, job.order.format)}'
            f'<button aria-label="{tried}">{escape(say("Try again"))}</button></form>'
        )
    return (
        f'<div class="tools">{retry}<form method="post" action="{_HERE}/forget"><input '
        f'type="hidden" name="job" value="{job.id}"><button aria-label="{forgotten}">'
        f"{escape(say('Forget'))}</button></form></div>"
    )
