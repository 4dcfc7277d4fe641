"""`/talks/shared`: the conversations that somebody shows to the newsroom, to read.

Whoever sees some collections alone finds those of which they may see every answer; of the others
nothing tells that there are any.
"""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.recall import owner_of, recall, talks_of
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words, to_html
from assistant.render.interface_text import day_told
from assistant.talks import KeptTalk, KeptTurn

router = APIRouter(prefix="/talks/shared")


@router.get("")
async def shared_talks(request: Request, call: AnyCall) -> Response:
    """List the conversations that are shown to the newsroom, the one last used first."""
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    talks = await call.run(lambda: _all(call))
    title = tongue.say("Shared with the newsroom")
    rows = "".join(
        f'<li><div><a class="title" dir="auto" href="/talks/shared/{talk.id}">'
        f'{as_words(talk.title)}</a><p class="meta">{_by(tongue, talk)}</p></div></li>'
        for talk in talks
    )
    nothing = f'<p class="none">{escape(tongue.say("Nobody shares a conversation yet."))}</p>'
    body = f'<ul class="talks">{rows}</ul>' if rows else nothing
    back = f'<p><a href="/talks">{escape(tongue.say("Conversations"))}</a></p>'
    return sheet(request, title, f"<h1>{escape(title)}</h1>{body}{back}")


@router.get("/{talk_id}")
async def shared_talk(talk_id: str, request: Request, call: AnyCall) -> Response:
    """Show a conversation that somebody shares, each question with its answer."""
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    found = await call.run(lambda: _found(call, tongue, talk_id))
    if found is None:
        return missing(request, tongue.say("No such conversation"))
    title, body = found
    return sheet(request, title, body)


def _all(call: Call) -> list[KeptTalk]:
    archive = owner_of(call.newsroom, call.reader).archive
    shared = talks_of(call.newsroom).shared(archive)
    # Without collections of their own a reader may know of all.
    return [talk for talk in shared if not call.reader.collections or _read(call, talk.id)]


def _found(call: Call, tongue: Tongue, talk_id: str) -> tuple[str, str] | None:
    """Return a shared conversation's title, and its questions and answers as HTML."""
    read = _read(call, talk_id)
    if read is None:
        return None
    talk, turns = read
    answers = "".join(_turn(call, tongue, turn) for turn in turns)
    back = escape(tongue.say("Shared with the newsroom"))
    return talk.title, (
        f'<h1 dir="auto">{as_words(talk.title)}</h1>'
        f'<p class="meta">{_by(tongue, talk)}</p>{answers}'
        f'<p><a href="/talks/shared">{back}</a></p>'
    )


def _turn(call: Call, tongue: Tongue, turn: KeptTurn) -> str:
    found = recall(call.newsroom, call.reader, turn.record) if turn.record else None
    if found and found.outcome:
        shown = to_html(found.outcome, f"source-{turn.n}", tongue.say)
    else:
        gone = "What this answer rests on is no longer in the archive, so its words are not shown."
        none = tongue.say("No answer is on record here: ask again for one.")
        shown = f'<p class="unsaid">{escape(tongue.say(gone) if found else none)}</p>'
    return f'<h2 dir="auto">{as_words(turn.question)}</h2>{shown}'


def _by(tongue: Tongue, talk: KeptTalk) -> str:
    return as_words(f"{talk.shared_by}, {day_told(talk.touched, tongue.say)}")


def _read(call: Call, talk_id: str) -> tuple[KeptTalk, tuple[KeptTurn, ...]] | None:
    """Return a shared conversation with its questions, None where this reader may not know of it.

    What a question says is known only to who may see all that was read for its answer.
    """
    archive = owner_of(call.newsroom, call.reader).archive
    found = talks_of(call.newsroom).read_shared(archive, talk_id)
    if found and call.reader.collections and not all(_recalled(call, turn) for turn in found[1]):
        return None
    return found


def _recalled(call: Call, turn: KeptTurn) -> bool:
    return bool(turn.record and recall(call.newsroom, call.reader, turn.record))
