"""`/talks`: a reader's conversations; find words in them, rename, delete, take back.

Forms alone do everything: no script is needed. What a form changes leads back to the list, with
the way to undo it, and the focus to where it was changed (`at`, and `by` what): a keyboard does not
begin at the top of the page each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.recall import owner_of, recall, talks_of
from assistant.doors.web.sheet import FOCUSED, missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from assistant.render.export import (
    FORMATS,
    ExportedTalk,
    ExportedTurn,
    export,
)
from assistant.render.file_links import TALK_FILES, file_links
from assistant.render.interface_text import day_told
from assistant.render.moments import moment_html
from assistant.render.talk_list import begun_alike, second_question
from assistant.talks import TRASH_DAYS, KeptTalk, KeptTurn, Owner, Talks

router = APIRouter(prefix="/talks")

_UNANSWERED = "No answer is on record here."
_WITHHELD = (
    "What this answer rests on is no longer in the archive, or not for you to see, so its words "
    "are not shown."
)
_AROUND = 110
_MOST = 500
Chosen = Annotated[list[str], Form(max_length=_MOST)]
Come = Annotated[list[str] | None, Query(max_length=_MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Return:
    """What was done last, so that the focus goes on there: at which conversation, by what."""

    deleted: tuple[str, ...] = ()
    at: str = ""
    by: str = ""

    def focus(self, talk: KeptTalk, by: str) -> str:
        """Return the attribute of the control of a conversation that the focus goes to."""
        return " autofocus" if talk.id == self.at and by == self.by else ""


@router.get("")
async def conversations(
    request: Request,
    call: AnyCall,
    q: Annotated[str, Query(max_length=400)] = "",
    deleted: Come = None,
    at: Annotated[str, Query(max_length=64)] = "",
    by: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """List conversations, the one last used first; with `q`, where its words stand."""
    tongue, back = _tongue(request), _Return(deleted=tuple(deleted or ()), at=at, by=by)
    body = await call.run(lambda: _list(call, tongue, q.strip(), back))
    return sheet(request, tongue.say("Conversations"), body)


@router.get("/trash")
async def trash(request: Request, call: AnyCall, purged: bool = False) -> Response:
    """List what was deleted and can still be brought back."""
    tongue = _tongue(request)
    body = await call.run(lambda: _trash(call, tongue, FOCUSED if purged else ""))
    return sheet(request, tongue.say("Deleted conversations"), body)


@router.get("/{talk_id}/as/{form}")
async def as_file(talk_id: str, form: str, request: Request, call: AnyCall) -> Response:
    """Return a conversation whole as a file that another program reads."""
    if form not in FORMATS or form not in TALK_FILES:
        return missing(request, _tongue(request).say("No such file"))
    talk = await call.run(lambda: _whole(call, talk_id))
    if talk is None:
        return missing(request, _tongue(request).say("No such conversation"))
    made = await call.run(lambda: export(talk, form))
    named = f'attachment; filename="conversation-{quote(talk_id)}.{made.suffix}"'
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return Response(made.data, media_type=made.media_type, headers=headers)


def _whole(call: Call, talk_id: str) -> ExportedTalk | None:
    """Return a conversation with its answers, as far as whoever asks may see them now."""
    talks, owner = _kept(call)
    found = talks.read(owner, talk_id)
    if found is None or found[0].deleted:
        return None
    turns = tuple(_exported(call, turn) for turn in found[1])
    return ExportedTalk(title=found[0].title, turns=turns)


def _exported(call: Call, turn: KeptTurn) -> ExportedTurn:
    known = recall(call.newsroom, call.reader, turn.record) if turn.record else None
    return ExportedTurn(
        question=turn.question,
        asked=turn.asked,
        outcome=known.outcome if known else None,
        instead=_WITHHELD if known else _UNANSWERED,
    )


@router.post("/rename")
async def rename(
    call: AnyCall,
    talk: Annotated[str, Form(max_length=64)],
    title: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Give a conversation another title."""
    await call.run(lambda: _kept(call)[0].rename(_kept(call)[1], talk, title))
    return _back(at=talk, by="rename")


@router.post("/share")
async def share(
    call: AnyCall,
    talk: Annotated[str, Form(max_length=64)],
    shared: Annotated[bool, Form()] = True,
) -> Response:
    """Show a conversation to the newsroom, or no more."""
    name = call.reader.name if shared else None
    await call.run(lambda: _kept(call)[0].share(_kept(call)[1], talk, name))
    return _back(at=talk, by="share")


@router.post("/delete")
async def delete(call: AnyCall, talk: Chosen = []) -> Response:  # noqa: B006 - a form's default
    """Put conversations into the trash."""
    await _each(call, talk, Talks.delete)
    undo = urlencode([("deleted", one) for one in talk])
    return RedirectResponse(f"/talks?{undo}", status_code=303) if talk else _back(by="list")


@router.post("/restore")
async def restore(call: AnyCall, talk: Chosen = []) -> Response:  # noqa: B006
    """Bring conversations back from the trash."""
    await _each(call, talk, Talks.restore)
    return _back(at=talk[0] if talk else "", by="title" if talk else "list")


@router.post("/purge")
async def purge(call: AnyCall, talk: Chosen = []) -> Response:  # noqa: B006
    """Forget conversations that are in the trash."""
    await _each(call, talk, Talks.purge)
    return RedirectResponse("/talks/trash?purged=1", status_code=303)


def _back(*, at: str = "", by: str) -> Response:
    """Lead back to the list, to where something was changed in it."""
    pairs = [("at", at), ("by", by)]
    where = urlencode([pair for pair in pairs if pair[1]])
    return RedirectResponse(f"/talks?{where}", status_code=303)


def _tongue(request: Request) -> Tongue:
    return Tongue.of(request.headers.get("accept-language", ""))


def _kept(call: Call) -> tuple[Talks, Owner]:
    return talks_of(call.newsroom), owner_of(call.newsroom, call.reader)


async def _each(
    call: Call, chosen: list[str], do: Callable[[Talks, Owner, Sequence[str]], int]
) -> None:
    talks, owner = _kept(call)
    await call.run(lambda: do(talks, owner, chosen))


def _list(call: Call, tongue: Tongue, words: str, back: _Return) -> str:
    talks, owner = _kept(call)
    say = tongue.say
    name = escape(say("Search in questions and answers"))
    search = (
        '<search><form method="get" action="/talks" class="find">'
        f'<label for="q">{name}</label><input id="q" name="q" type="search" '
        f'value="{escape(words)}"><button>{escape(say("Search"))}</button></form></search>'
    )
    shares = call.reader.key_id is not None  # where nobody signs in there is nobody else
    rows = (
        _found(call, tongue, words)
        if words
        else _rows(tongue, talks.all(owner), back, shares=shares)
    )
    others = escape(say("Shared with the newsroom"))
    shared = f'<p><a href="/talks/shared">{others}</a></p>' if shares else ""
    focused = FOCUSED if back.by == "list" else ""
    heading = f"<h1{focused}>{escape(say('Conversations'))}</h1>"
    return (
        f"{heading}{_undo(tongue, back.deleted)}{search}{rows}"
        f'{shared}<p><a href="/talks/trash">{escape(say("Deleted conversations"))}</a></p>'
    )


def _undo(tongue: Tongue, deleted: Sequence[str]) -> str:
    if not deleted:
        return ""
    told = tongue.say("{n} deleted.", n=len(deleted))
    # Whoever cannot see it hears with the button what it undoes.
    undo = f'<button autofocus aria-describedby="deleted">{escape(tongue.say("Undo"))}</button>'
    return (
        f'<form method="post" action="/talks/restore" class="undo" role="status">'
        f'{_hidden(deleted)}<span id="deleted">{escape(told)}</span> {undo}</form>'
    )


def _hidden(talk_ids: Sequence[str]) -> str:
    return "".join(f'<input type="hidden" name="talk" value="{escape(one)}">' for one in talk_ids)


def _rows(tongue: Tongue, talks: list[KeptTalk], back: _Return, *, shares: bool) -> str:
    say = tongue.say
    if not talks:
        told = escape(say("Every conversation is kept here. There is none yet."))
        return f'<p class="none">{told}</p>'
    alike = begun_alike(talks)
    rows = "".join(
        _row(tongue, talk, back, second_question(talk, alike))
        + f"{_sharing(tongue, talk, back) if shares else ''}{_deleting(tongue, talk)}</li>"
        for talk in talks
    )
    chosen = escape(say("Delete the chosen ones"))
    return (
        f'<form method="post" action="/talks/delete" id="choosing"></form>'
        f'<ul class="talks">{rows}</ul>'
        f'<p class="tools"><button form="choosing">{chosen}</button></p>'
    )


def _sharing(tongue: Tongue, talk: KeptTalk, back: _Return) -> str:
    """Return the form that shows a conversation to the newsroom, or no more."""
    say, shared = tongue.say, talk.shared_by is not None
    named = say("Share no more: “{title}”", title=talk.title)
    if not shared:
        named = say("Share “{title}” with the newsroom", title=talk.title)
    told = say("Share no more") if shared else say("Share")
    return (
        f'<form method="post" action="/talks/share">{_hidden([talk.id])}'
        f'<input type="hidden" name="shared" value="{"false" if shared else "true"}">'
        f'<button aria-label="{escape(named)}"{back.focus(talk, "share")}>{escape(told)}</button>'
        "</form>"
    )


def _row(tongue: Tongue, talk: KeptTalk, back: _Return, second: str) -> str:
    """Return a conversation up to what else may be done with it."""
    say, title = tongue.say, as_words(talk.title)
    choose = escape(say("Choose “{title}”", title=talk.title))
    named = escape(say("New title of “{title}”", title=talk.title))
    return (
        f'<li id="talk-{talk.id}"><input type="checkbox" form="choosing" name="talk" '
        f'value="{talk.id}" aria-label="{choose}">'
        f'<div><a class="title" dir="auto" href="/?t={talk.id}"{back.focus(talk, "title")}>'
        f'{title}{second}</a><p class="meta">{_when(tongue, talk.touched)} · '
        f"{_questions(tongue, talk)}</p></div>"
        f"{_saved(tongue, talk)}"
        f'<details><summary class="button"{back.focus(talk, "rename")}>{escape(say("Rename"))}'
        "</summary>"
        f'<form method="post" action="/talks/rename"><input type="hidden" name="talk" '
        f'value="{talk.id}"><input name="title" aria-label="{named}" value="{escape(talk.title)}" '
        f'required maxlength="400"><button>{escape(say("Save"))}</button></form></details>'
    )


def _deleting(tongue: Tongue, talk: KeptTalk) -> str:
    say = tongue.say
    return (
        f'<form method="post" action="/talks/delete">{_hidden([talk.id])}'
        f'<button aria-label="{escape(say("Delete “{title}”", title=talk.title))}">'
        f"{escape(say('Delete'))}</button></form>"
    )


def _saved(tongue: Tongue, talk: KeptTalk) -> str:
    """Return a conversation as files to fetch, folded up."""
    told = tongue.say("Save as")
    # A name begins with the words that are seen: whoever speaks to the page says those.
    return (
        f'<details class="files"><summary class="button" '
        f'aria-label="{escape(f"{told}: {talk.title}")}">{escape(told)}</summary>'
        f"{file_links(f'/talks/{talk.id}', TALK_FILES)}</details>"
    )


def _questions(tongue: Tongue, talk: KeptTalk) -> str:
    if talk.questions == 1:
        return escape(tongue.say("1 question"))
    return escape(tongue.say("{n} questions", n=talk.questions))


def _when(tongue: Tongue, moment: datetime) -> str:
    return moment_html(moment, tongue.say)


def _found(call: Call, tongue: Tongue, words: str) -> str:
    """Return where words stand in conversations, with what stands around them."""
    talks, owner = _kept(call)

    def answer(record_id: str) -> str:
        found = recall(call.newsroom, call.reader, record_id)
        return found.outcome.text if found and found.outcome else ""

    rows = "".join(
        f'<li><div><a class="title" dir="auto" href="/?t={one.talk.id}">'
        f"{as_words(one.talk.title)}</a>"
        f'<p class="meta">{_when(tongue, one.turn.asked)} · {as_words(one.turn.question)}</p>'
        f"{_snippet(one.answer, words)}{_own(tongue, one.turn.record)}</div></li>"
        for one in talks.search(owner, words, answer)
    )
    if rows:
        return f'<ul class="talks">{rows}</ul>'
    told = tongue.say("No conversation has all of these words: {words}", words=words)
    return f'<p class="none">{escape(told)}</p>'


def _own(tongue: Tongue, record: str | None) -> str:
    """Return the link to an answer's own address."""
    if not record:
        return ""
    return f'<a href="/a/{quote(record)}">{escape(tongue.say("This answer alone"))}</a>'


def _snippet(text: str, words: str) -> str:
    """Return what stands around the first of the words that an answer has, marked."""
    folded = text.casefold()
    at, word = min(
        ((folded.find(word), word) for word in words.casefold().split() if word in folded),
        default=(-1, ""),
    )
    if at < 0 or len(folded) != len(text):
        return f'<p dir="auto">{as_words(text[:_AROUND])}{"…" if text else ""}</p>'
    start, end = max(0, at - _AROUND), at + len(word)
    before = ("…" if start else "") + text[start:at]
    return (
        f'<p dir="auto">{as_words(before)}<mark>{as_words(text[at:end])}</mark>'
        f"{as_words(text[end : end + _AROUND])}…</p>"
    )


def _trash(call: Call, tongue: Tongue, focused: str = "") -> str:
    talks, owner = _kept(call)
    say = tongue.say
    rows = "".join(
        f'<li><div><span class="title" dir="auto">{as_words(talk.title)}</span>'
        f'<p class="meta">{_questions(tongue, talk)} · '
        f"{escape(say('gone for good on {day}', day=day_told(talk.goes, say)))}</p></div>"
        f'<form method="post" action="/talks/restore">{_hidden([talk.id])}'
        f'<button aria-label="{escape(say("Bring back “{title}”", title=talk.title))}">'
        f"{escape(say('Bring back'))}</button></form>"
        f'<form method="post" action="/talks/purge">{_hidden([talk.id])}'
        f'<button aria-label="{escape(say("Delete “{title}” for good", title=talk.title))}">'
        f"{escape(say('Delete for good'))}</button></form></li>"
        for talk in talks.all(owner, deleted=True)
    )
    told = say("What is deleted can be brought back for {n} days.", n=TRASH_DAYS)
    nothing = f'<p class="none">{escape(say("Nothing is deleted."))}</p>'
    return (
        f"<h1{focused}>{escape(say('Deleted conversations'))}</h1><p>{escape(told)}</p>"
        f"{f'<ul class=talks>{rows}</ul>' if rows else nothing}"
        f'<p><a href="/talks">{escape(say("Conversations"))}</a></p>'
    )
