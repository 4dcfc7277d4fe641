"""The page: a chat with the archive, its sources beside it.

`build` lays the page out, `mount` puts it at "/" of the API's application. The page hands each
question to the assistant and shows each step as it happens. What an archive says reaches the
page only through `assistant.render`, which leaves no markup in it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from importlib.resources import files
from secrets import token_hex
from typing import Any, Literal

from fastapi import FastAPI

from assistant.answer import Mode, Step, Turn
from assistant.doors.api import Newsroom, Note, asked_on_the_page
from assistant.render import as_words, count, hits_by_date_html, to_markdown
from assistant.render.talk import Exchange, Talk, follow, messages, sources
from ingest.article import Filters
from ingest.errors import MorgueError, SettingsError

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import gradio as gr  # it reads the environment as it is imported

logger = logging.getLogger("morgue.app")

Way = Mode | Literal[""]
_MODES = [("Best available", ""), ("Quotations", "quotes"), ("Written by a model", "written")]
_ANSWERED_AT_ONCE = 8
_WAITING = 64
_LONGEST = 4000
_LOOKS = files("assistant.render")


def _failure(error: MorgueError) -> str:
    hint = f"<p>{as_words(error.hint)}</p>" if error.hint else ""
    return f'<div class="failure" role="alert"><p>{as_words(str(error))}</p>{hint}</div>'


def _day(written: object, label: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError as error:
        raise SettingsError(
            f"{label}: “{written}” is not a day", "write it like 2024-03-12"
        ) from error


def _filters(controls: tuple[Any, ...]) -> Filters:
    since, until, as_of, outlets, comments = controls
    return Filters(
        since=_day(since, "From"),
        until=_day(until, "To"),
        as_of=_day(as_of, "As of"),
        outlets=tuple(outlets or ()),
        comments=bool(comments),
    )


class Page:
    """What happens on the page, over one assistant; `notes` hear of every question."""

    def __init__(self, assistant: Newsroom, notes: Sequence[Note] = ()) -> None:
        self.assistant = assistant
        self._notes = notes
        # Gradio lets a cancelled answer say what it was about to: whether one still runs is here.
        self._running: set[str] = set()

    def greet(self) -> tuple[Any, ...]:
        """Show the archive as it is now: what it holds, questions from it, its outlets."""
        try:
            status = self.assistant.archive.status(Filters())
            examples = [{"text": text} for text in self.assistant.examples()[:4]]
        except MorgueError as error:
            return _masthead(""), gr.Chatbot(placeholder=_failure(error)), gr.Dropdown()
        if not status.articles:
            return _masthead("an empty archive"), gr.Chatbot(placeholder=_EMPTY), gr.Dropdown()
        outlets = sorted(status.outlets)
        counts = f"{count(status.articles, 'article')} · {count(len(outlets), 'outlet')}"
        if status.pending:
            counts += f" · {count(status.pending, 'passage')} still found by words alone"
        chat = gr.Chatbot(placeholder=_WELCOME, examples=examples)
        return _masthead(counts), chat, gr.Dropdown(choices=outlets)

    def answer(
        self, request: gr.Request, question: str, talk: Talk, mode: Way, *controls: Any
    ) -> Iterator[Any]:
        """Answer a question, step by step."""
        yield from self._answered(request, question, talk, mode, controls, literal=False)

    def answer_literally(
        self, request: gr.Request, question: str, talk: Talk, mode: Way, *controls: Any
    ) -> Iterator[Any]:
        """Answer a question whose words are taken as they stand."""
        yield from self._answered(request, question, talk, mode, controls, literal=True)

    def _answered(
        self,
        request: gr.Request,
        question: str,
        talk: Talk,
        mode: Way,
        controls: tuple[Any, ...],
        *,
        literal: bool,
    ) -> Iterator[Any]:
        began, who = time.monotonic(), request.request.scope.get("state", {})
        question = question.strip()[:_LONGEST]
        if not question:
            yield "", *_shown(talk)
            return
        if talk and talk[-1].key in self._running:
            # One question at a time: this one stays in the box until it is answered or stopped.
            yield (gr.skip(),) * (1 + len(_shown(talk)))
            return
        history = [
            Turn(question=past.question, answer=past.outcome.text) for past in talk if past.outcome
        ]
        talk = tuple(map(_stopped, talk))
        now = Exchange(number=len(talk) + 1, question=question, key=token_hex(8))
        self._running.add(now.key)
        yield gr.Textbox(value="", submit_btn=False, stop_btn="Stop"), *_shown((*talk, now))
        asker = getattr(who.get("reader"), "key_id", None)
        come = now
        try:
            for come in self._followed(now, lambda: self.assistant.steps(
                question, mode=mode or None, filters=_filters(controls), history=history,
                literal=literal, asker=asker,
            )):  # fmt: skip
                # What is being typed meanwhile stays.
                yield _READY if come.over else gr.skip(), *_shown((*talk, come))
        finally:
            seen = asked_on_the_page(who, question, _status(come), time.monotonic() - began)
            for note in self._notes:
                note(seen)

    def _followed(self, now: Exchange, begin: Callable[[], Iterator[Step]]) -> Iterator[Exchange]:
        """Yield an exchange each time it has come further, until it is over or was ended."""
        try:
            for step in begin():
                if now.key not in self._running:
                    return
                now = follow(now, step)
                if not now.over:
                    yield now
        except MorgueError as error:
            now = replace(now, failure=_failure(error))
        except Exception:
            logger.exception("a question could not be answered")
            now = replace(now, failure=_BUG)
        finally:
            stands = now.key in self._running
            self._running.discard(now.key)
        if stands:
            yield now

    def halt(self, talk: Talk) -> tuple[Any, ...]:
        """Leave an answer as far as it has come."""
        self._running.difference_update(past.key for past in talk)
        return _READY, *_shown(tuple(map(_stopped, talk)))

    def clear(self, talk: Talk) -> tuple[Any, ...]:
        """Forget a conversation, and end an answer that is under way."""
        self._running.difference_update(past.key for past in talk)
        return _READY, *_shown(())


def _status(exchange: Exchange) -> int:
    """Return how an exchange ended, as the status of a request: 499 is that its reader left."""
    if exchange.failure:
        return 503
    return 200 if exchange.outcome else 499


def _stopped(exchange: Exchange) -> Exchange:
    over = exchange.over
    return exchange if over else replace(exchange, failure='<p class="unsaid">Stopped.</p>')


_READY = gr.Textbox(submit_btn="Ask", stop_btn=False, render=False)


def _shown(talk: Talk) -> tuple[Any, ...]:
    hits = hits_by_date_html(talk[-1].hits) if talk else ""
    outcome = talk[-1].outcome if talk else None
    return talk, messages(talk), sources(talk), hits, to_markdown(outcome) if outcome else ""


_BUG = (
    '<div class="failure" role="alert"><p>Something in Morgue itself failed.</p>'
    "<p>The log of the server says where. The question can be asked again.</p></div>"
)

_EMPTY = (
    '<div class="greeting"><h2>Nothing here yet</h2><p>Put articles into the archive:</p>'
    "<pre>morgue ingest PATH</pre><p>Then load this page again.</p></div>"
)

_WELCOME = (
    '<div class="greeting"><h2>Ask the archive</h2>'
    "<p>Every sentence of an answer points at the words it rests on.</p></div>"
)


def _masthead(counts: str) -> str:
    return (
        '<header class="masthead"><h1>Morgue</h1><p>The archive answers, and shows where it '
        f"says so</p><p>{escape(counts)}</p></header>"
    )


def build(assistant: Newsroom, notes: Sequence[Note] = ()) -> gr.Blocks:
    """Lay out the page over an assistant."""
    page = Page(assistant, notes)
    with gr.Blocks(title="Morgue", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(())
        masthead = gr.HTML(_masthead(""), padding=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=3, min_width=340, elem_id="talk"):
                chat, question, controls = _chat()
            with gr.Column(scale=2, min_width=320, elem_id="panel"):
                shown = _panel()
        blocks.load(
            page.greet, outputs=[masthead, chat, controls[4]], api_visibility="private",
            show_progress="hidden",
        )  # fmt: skip
        _wire(page, question, chat, [talk, *controls], [talk, chat, *shown])
    return blocks.queue(default_concurrency_limit=_ANSWERED_AT_ONCE, max_size=_WAITING)


def _chat() -> tuple[Any, Any, list[Any]]:
    chat = gr.Chatbot(
        label="Conversation with the archive", show_label=False, layout="panel", buttons=[],
        height="calc(100dvh - 15rem)", min_height=320, latex_delimiters=[], feedback_options=None,
        placeholder=_WELCOME, autoscroll=False, elem_id="chat",
    )  # fmt: skip
    question = gr.Textbox(
        label="Your question", show_label=False, container=False, autofocus=True,
        placeholder="Who said what, when, about what?", submit_btn="Ask", max_length=_LONGEST,
        elem_id="question",
    )  # fmt: skip
    with gr.Accordion("How to answer, and from what", open=False, elem_id="filters"):
        mode = gr.Radio(_MODES, value="", label="Answer with")
        with gr.Row():
            days = [
                gr.DateTime(label=label, include_time=False, type="string", min_width=160)
                for label in ("From", "To", "As of")
            ]
        outlets = gr.Dropdown([], label="Outlets", multiselect=True)
        comments = gr.Checkbox(label="Readers’ comments too")
    return chat, question, [mode, *days, outlets, comments]


def _panel() -> list[Any]:
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Sources", id="sources", elem_id="sources-tab"):
            cards = gr.HTML(sources(()), elem_id="sources", padding=False)
        with gr.Tab("All by date"):
            nothing = '<p class="none">Nothing searched yet.</p>'
            hits = gr.HTML(nothing, elem_id="hits", padding=False)
        with gr.Tab("To copy"):
            text = gr.Textbox(
                label="The answer with footnotes (Markdown)", lines=12, buttons=["copy"],
                interactive=False,
            )  # fmt: skip
    return [cards, hits, text]


def _wire(page: Page, question: Any, chat: Any, inputs: list[Any], outputs: list[Any]) -> None:
    asking = {
        "fn": page.answer,
        "inputs": [question, *inputs],
        "outputs": [question, *outputs],
        "api_visibility": "private",
        "show_progress": "hidden",
        # A stopped answer may still wait for a model: the next question must not wait with it.
        "trigger_mode": "multiple",
        "js": "(...asked) => window.asAsked(asked)",
    }
    asked = question.submit(**asking)
    picked = chat.example_select(_picked, outputs=question, api_visibility="private")
    taken_back = chat.option_select(_picked, outputs=question, api_visibility="private")
    literally = taken_back.then(**{**asking, "fn": page.answer_literally})
    ending: dict[str, Any] = {
        "outputs": [question, *outputs],
        "api_visibility": "private",
        "cancels": [asked, picked.then(**asking), literally],
    }
    question.stop(page.halt, inputs=inputs[0], **ending)
    chat.clear(page.clear, inputs=inputs[0], **ending)


def _picked(event: gr.SelectData) -> str:
    return str(event.value["text"] if isinstance(event.value, dict) else event.value)


def mount(api: FastAPI, assistant: Newsroom) -> FastAPI:
    """Put the page at "/" of an application; its other addresses stay what they are."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Where no event loop runs, Gradio opens four of its own and never closes them.
        return asyncio.run(_mount_within_a_loop(api, assistant))
    return _mounted(api, assistant)


async def _mount_within_a_loop(api: FastAPI, assistant: Newsroom) -> FastAPI:
    return _mounted(api, assistant)


def _mounted(api: FastAPI, assistant: Newsroom) -> FastAPI:
    page: FastAPI = gr.mount_gradio_app(
        api,
        build(assistant, api.state.audit),
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size=0,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=_theme(),
        css=_LOOKS.joinpath("page.css").read_text(encoding="utf-8"),
        head=f"<script>{_LOOKS.joinpath('page.js').read_text(encoding='utf-8')}</script>",
    )
    return page


def _theme() -> gr.themes.Base:
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
    return gr.themes.Base(
        primary_hue="red",
        neutral_hue="stone",
        font=sans,
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
        radius_size="none",
    )
