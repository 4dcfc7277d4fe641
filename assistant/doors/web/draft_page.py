"""`/draft`: a draft, pasted or dropped as a file, held against the archive, evidence beside it."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from assistant.doors.api.call import AnyCall
from assistant.doors.web.sheet import failure, sheet
from assistant.doors.web.tongues import Tongue
from assistant.factcheck.draft_text import LONGEST, DraftText, plain, read_draft
from assistant.factcheck.findings import CheckedDraft
from assistant.render import as_words, checked_draft_html
from assistant.render.interface_text import Say
from ingest.errors import MorgueError, SettingsError

router = APIRouter(prefix="/draft")


@router.get("")
async def draft(request: Request) -> Response:
    """Show where a draft is pasted or dropped."""
    return _form(request)


@router.post("/checked")
async def checked(
    request: Request,
    call: AnyCall,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Hold a draft against the archive and show it with what is printed; nothing of it is kept."""
    try:
        given = _draft(text, await file.read() if file else b"", file.filename if file else None)
        call.note(f"a draft of {len(given.text)} characters")
        filters = call.narrowed(call.scope)
        found = await call.run(lambda: call.newsroom.check(given, filters=filters))
    except MorgueError as error:
        return _form(request, text, error)
    return _result(request, found)


def _result(request: Request, found: CheckedDraft) -> HTMLResponse:
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    another = escape(tongue.say("Check another draft"))
    printed = escape(tongue.say("Print"))
    change = escape(tongue.say("Change it and check it again"))
    named = tongue.say("Checked: {name}", name=found.name) if found.name else ""
    title = named or tongue.say("A checked draft")
    return sheet(
        request,
        title,
        f'<link rel="stylesheet" href="/looks/checked.css"><h1 dir="auto">{as_words(title)}</h1>'
        f'<p class="tools"><a class="button" href="/draft">{another}</a>'
        f'<button type="button" data-print hidden>{printed}</button></p>'
        f"{checked_draft_html(found, tongue.say)}"
        f'<details class="saving redraft"><summary><h2>{change}</h2></summary>'
        f"{_drafting(tongue.say, found.text)}</details>",
    )


def _draft(text: str, data: bytes, name: str | None) -> DraftText:
    """Return the draft that was given. Raises MorgueError where it is none."""
    given = read_draft(data, name) if data else plain(text.replace("\r\n", "\n"))
    if not given.read.strip():
        raise SettingsError("there is nothing to check", "paste a text, or choose a file")
    if len(given.text) > LONGEST:
        raise SettingsError(
            f"that is {len(given.text):,} characters, and a draft may have {LONGEST:,}",
            "check it chapter by chapter",
        )
    return given


def _form(request: Request, text: str = "", error: MorgueError | None = None) -> HTMLResponse:
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    say = tongue.say
    title = say("Check a draft")
    about = say(
        "Every quotation, every factual sentence and every name is held against the archive. "
        "Nothing of the draft is kept."
    )
    told = failure(error, say) if error else ""
    return sheet(
        request,
        title,
        f"<h1>{escape(title)}</h1><p>{escape(about)}</p>{told}{_drafting(say, text, files=True)}",
        status=422 if error else 200,
    )


def _drafting(say: Say, text: str, *, files: bool = False) -> str:
    """Return the form that takes a draft; it says that it is being checked, which takes a while."""
    chosen = (
        f'<label for="file">{escape(say("or a file: text, Markdown or Word"))}</label>'
        '<input id="file" name="file" type="file" accept=".txt,.md,.markdown,.docx">'
    )
    waits = escape(say("It is being checked; a long draft takes some minutes …"))
    return (
        '<form class="drafting" method="post" action="/draft/checked" '
        'enctype="multipart/form-data">'
        f'<label for="text">{escape(say("The draft"))}</label>'
        f'<textarea id="text" name="text" rows="16" dir="auto">{escape(text)}</textarea>'
        f'{chosen if files else ""}<p class="tools"><button>{escape(say("Check it"))}</button></p>'
        f'<p class="sending" role="status" data-told="{waits}"></p></form>'
    )
