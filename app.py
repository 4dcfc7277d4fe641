"""The page: a chat with the archive, its sources and the conversations beside it.

`build` lays the page out, `mount` puts it at "/" of the API's application. The page hands each
question to the assistant and shows each step as it happens. What an archive says reaches the
page only through `assistant.render`, which leaves no markup in it. Conversations are kept on the
server: `/?t=TALK` opens one, `/?q=QUESTION` asks. What a chat does badly has pages of its own in
`assistant.doors.web`.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from html import escape
from importlib.resources import files
from secrets import token_hex
from typing import Any, Literal

from fastapi import FastAPI

from assistant.answer import Mode, Step, Turn
from assistant.doors.api import Newsroom, Note, answer_failures, asked_on_the_page
from assistant.doors.api.pace import AT_ONCE, Pace
from assistant.doors.api.problems import RequestRefused, log_detail
from assistant.doors.keyring import LOCAL
from assistant.doors.web import Tongue, Visit, talks_of
from assistant.render import as_words, hits_by_date_html, to_markdown
from assistant.render.filter_chips import ALL, chips_html, presets_html
from assistant.render.greeting import by_words, empty_html, masthead_html, welcome_html
from assistant.render.interface_text import Say, counted, in_english
from assistant.render.language_names import language_told
from assistant.render.retold import retold
from assistant.render.talk import Exchange, Talk, follow, messages, sources
from assistant.render.talk_list import talk_list_html
from ingest.archive.shown import Field
from ingest.article import Filters
from ingest.errors import MorgueError, SettingsError

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import gradio as gr  # it reads the environment as it is imported

logger = logging.getLogger("morgue.app")

Way = Mode | Literal[""]
_MODES = [("Best available", ""), ("Quotations", "quotes"), ("Written by a model", "written")]
_WAITING = 64
_LONGEST = 4000
_SHOWN = 300
_LOOKS = files("assistant.render")
_SCRIPTS = ("page", "unasked", "printed", "watches")


def _failure(error: MorgueError | RequestRefused, say: Say) -> str:
    if isinstance(error, MorgueError):
        log_detail(error)
    hint = f"<p>{as_words(retold(error.hint, say))}</p>" if error.hint else ""
    told = as_words(retold(str(error), say))
    return f'<div class="failure" role="alert"><p>{told}</p>{hint}</div>'


def _day(written: object, label: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError as error:
        raise SettingsError(
            f"{label}: “{written}” is not a day", "write it like 2024-03-12"
        ) from error


_FIELDS: tuple[tuple[str, Field], ...] = (
    ("Outlets", "outlet"),
    ("Sections", "section"),
    ("Languages", "language"),
    ("Collections", "collection"),
)
_NAMES = ("mode", "since", "until", "as_of", "outlets", "sections", "languages", "collections",
          "comments")  # fmt: skip
"""The controls, in their order on the page."""


def _filters(controls: tuple[Any, ...]) -> Filters:
    since, until, as_of, outlets, sections, languages, collections, comments = controls
    return Filters(
        since=_day(since, "From"),
        until=_day(until, "To"),
        as_of=_day(as_of, "As of"),
        outlets=tuple(outlets or ()),
        sections=tuple(sections or ()),
        languages=tuple(languages or ()),
        collections=tuple(collections or ()),
        comments=bool(comments),
    )


def _choices(values: Iterable[str], field: Field, say: Say) -> list[tuple[str, str]]:
    """Return the values that a filter may have, each as it is read: a language by its name."""
    return [(language_told(one, say) if field == "language" else one, one) for one in values]


class Page:
    """What happens on the page, over one assistant; `notes` hear of every question.

    Its answers take their places among all that the server works on, at its `pace`; `keeper` is
    whom readers ask for articles.
    """

    def __init__(
        self, assistant: Newsroom, pace: Pace, notes: Sequence[Note] = (), keeper: str = ""
    ) -> None:
        self.assistant = assistant
        self._pace = pace
        self._keeper = keeper
        self._notes = notes
        self._talks = talks_of(assistant)
        # Gradio lets a cancelled answer say what it was about to: whether one still runs is here.
        self._running: set[str] = set()

    def _visit(self, request: gr.Request) -> Visit:
        who = request.request.scope.get("state", {})
        return Visit(self.assistant, who.get("reader", LOCAL), self._talks, _say(request))

    def greet(self, request: gr.Request) -> tuple[Any, ...]:
        """Show the archive as it is now: what it holds, questions from it, what it filters by."""
        visit = self._visit(request)
        reader, tongue, say = visit.reader, _tongue(request), visit.say
        who = reader.name if reader.by in {"session", "proxy"} else ""
        admin = reader.scope == "admin"

        def masthead(counts: str, lacking: str = "") -> str:
            return masthead_html(say, counts, lacking, code=tongue.code, who=who, admin=admin)

        scope = Filters(collections=reader.collections)
        lists = [gr.Dropdown() for _ in _FIELDS]
        try:
            status = self.assistant.archive.status(scope)
            asked = [] if reader.collections else self.assistant.examples()[:4]
            if status.articles:
                lists = [
                    gr.Dropdown(
                        choices=_choices(self.assistant.archive.values(field, scope), field, say)
                    )
                    for _, field in _FIELDS
                ]
        except MorgueError as error:
            return masthead(""), gr.Chatbot(placeholder=_failure(error, say)), "", *lists
        if not status.articles:
            empty = gr.Chatbot(placeholder=empty_html(say, self._keeper, admin=admin))
            return masthead(say("an empty archive")), empty, "", *lists
        articles = counted(say, status.articles, "1 article", "{n} articles")
        outlets = counted(say, len(status.outlets), "1 outlet", "{n} outlets")
        chat = gr.Chatbot(
            placeholder=welcome_html(say),
            examples=[{"text": text} for text in asked],
            label=say("Conversation with the archive"),
        )
        presets = presets_html(status.since, status.until, say)
        lacking = by_words(say, status.pending, status.passages)
        return masthead(f"{articles} · {outlets}", lacking), chat, presets, *lists

    def open(self, request: gr.Request, where: str | None) -> tuple[Any, ...]:
        """Show what the address names: a conversation, or a question that is to be asked.

        `where` is the conversation of whoever has asked something already; None where nobody has.
        """
        visit, asked = self._visit(request), request.query_params
        talk = visit.talk(asked["t"]) if "t" in asked else ()
        if not talk:
            # Somebody may have asked already: what is shown stays.
            lost, now = "t" in asked, where or ""
            return asked.get("q", ""), now, visit.list(now, lost=lost), *_UNTOUCHED
        return "", asked["t"], visit.list(asked["t"]), *_shown(talk, visit.say)

    def answer(
        self, request: gr.Request, question: str, talk: Talk, where: str | None, *controls: Any
    ) -> Iterator[Any]:
        """Answer a question, step by step.

        The last of the controls is the conversation that the browser's address names.
        """
        yield from self._answered(self._visit(request), request, question, talk, where, controls)

    def answer_literally(
        self, request: gr.Request, question: str, talk: Talk, where: str | None, *controls: Any
    ) -> Iterator[Any]:
        """Answer a question whose words are taken as they stand."""
        visit = self._visit(request)
        yield from self._answered(visit, request, question, talk, where, controls, literal=True)

    def _answered(  # noqa: PLR0913 - what a reader set, and where they are
        self,
        visit: Visit,
        request: gr.Request,
        question: str,
        talk: Talk,
        where: str | None,
        controls: tuple[Any, ...],
        *,
        literal: bool = False,
    ) -> Iterator[Any]:
        began, who = time.monotonic(), request.request.scope.get("state", {})
        question, asked = question.strip(), question
        *controls_set, named = controls
        if where is None:  # the page was opened with another server, which is gone
            talk = visit.talk(named or "")
            where = named if talk else ""
        if not question or (talk and talk[-1].key in self._running):
            # One question at a time: this one stays in the box until it is answered or stopped.
            yield (gr.skip(),) * (3 + len(_UNTOUCHED))
            return
        stopped = tuple(_stopped(past, visit.say) for past in talk)
        if len(question) > _LONGEST:
            told = Exchange(number=len(talk) + 1, question=question[:_SHOWN] + " …",
                            failure=_too_long(question, visit.say))  # fmt: skip
            yield asked, where, gr.skip(), *_shown((*stopped, told), visit.say)
            return
        history = _before(talk, question)
        talk = stopped
        where, n, unkept = visit.begin(question, where)
        now = Exchange(
            number=len(talk) + 1,
            question=question,
            key=token_hex(8),
            note=_failure(unkept, visit.say) if unkept else "",
        )
        self._running.add(now.key)
        box = gr.Textbox(value="", submit_btn=False, stop_btn=visit.say("Stop"))
        yield box, where, visit.list(where), *_shown((*talk, now), visit.say)
        mode, *rest = controls_set
        come = now
        try:
            for come in self._followed(now, visit, lambda: self.assistant.steps(
                question, mode=mode or None, filters=visit.narrowed(_filters(tuple(rest))),
                history=history, literal=literal, asker=visit.reader.key_id,
            )):  # fmt: skip
                if come.over:
                    visit.answered(where, n, come)
                # What is being typed meanwhile stays.
                box = _ready(visit.say) if come.over else gr.skip()
                yield box, where, gr.skip(), *_shown((*talk, come), visit.say)
        finally:
            seen = asked_on_the_page(who, question, _status(come), time.monotonic() - began)
            for note in self._notes:
                note(seen)

    def _followed(
        self, now: Exchange, visit: Visit, begin: Callable[[], Iterator[Step]]
    ) -> Iterator[Exchange]:
        """Yield an exchange each time it has come further, until it is over or was ended."""
        try:
            with closing(self._pace.follow_blocking(begin)) as steps:
                for step in steps:
                    if now.key not in self._running:
                        return
                    now = follow(now, step, visit.say)
                    if not now.over:
                        yield now
            now = replace(now, note=now.note + visit.note(now.outcome))
        except (MorgueError, RequestRefused) as error:
            now = replace(now, failure=_failure(error, visit.say))
        except Exception:
            logger.exception("a question could not be answered")
            now = replace(now, failure=_bug(visit.say))
        finally:
            stands = now.key in self._running
            self._running.discard(now.key)
        if stands:
            yield now

    def halt(self, request: gr.Request, talk: Talk) -> tuple[Any, ...]:
        """Leave an answer as far as it has come."""
        self._running.difference_update(past.key for past in talk)
        say = _say(request)
        stopped = tuple(_stopped(past, say) for past in talk)
        return _ready(say), gr.skip(), gr.skip(), *_shown(stopped, say)

    def clear(self, request: gr.Request, talk: Talk) -> tuple[Any, ...]:
        """Begin a new conversation, and end an answer that is under way; the old one is kept."""
        self._running.difference_update(past.key for past in talk)
        visit = self._visit(request)
        return _ready(visit.say), "", visit.list(""), *_shown((), visit.say)


def _say(request: gr.Request) -> Say:
    """Return how the page speaks to whoever asks: in their browser's language."""
    return _tongue(request).say


def _tongue(request: gr.Request) -> Tongue:
    return Tongue.of(request.headers.get("accept-language", ""))


def _nothing_beside(say: Say) -> tuple[str, str]:
    """Return what stands beside a chat in which nothing was asked yet."""
    return sources((), say), f'<p class="none">{escape(say("Nothing searched yet."))}</p>'


def _labels(request: gr.Request) -> tuple[Any, ...]:
    """Return what the fields, buttons and tabs are called in a browser's language."""
    say = _say(request)
    # a conversation that is opened has its own
    beside: tuple[Any, Any] = (
        (gr.skip(), gr.skip()) if "t" in request.query_params else _nothing_beside(say)
    )
    return (
        *beside,
        gr.Textbox(label=say(_QUESTION), placeholder=say(_SUCH_AS), submit_btn=say("Ask")),
        gr.Accordion(label=say(_HOW)),
        gr.Radio([(say(name), way) for name, way in _MODES], label=say(_ANSWER_WITH)),
        *(gr.DateTime(label=say(label)) for label in _DAYS),
        *(gr.Dropdown(label=say(label)) for label, _ in _FIELDS),
        gr.Checkbox(label=say(_COMMENTS)),
        *(gr.Tab(label=say(label)) for label in _TABS),
        gr.Textbox(label=say(_FOOTNOTED)),
    )


def _chips(request: gr.Request, mode: Way, *rest: Any) -> str:
    try:
        filters = _filters(rest)
    except MorgueError:
        return ""  # what is no day is told as it is asked with
    say = _say(request)
    told = say({way: name for name, way in _MODES}[mode]) if mode else ""
    return chips_html(filters, mode=told, say=say)


def _taken_off(event: gr.EventData, *controls: Any) -> list[Any]:
    """Return the controls without the filter whose chip was pressed."""
    off, value = event._data.get("off", ""), event._data.get("value", "")
    if off == ALL:
        return [_OFF[name] for name in _NAMES]
    at = _NAMES.index(off) if off in _NAMES else None
    now = list(controls)
    if at is not None:
        many = isinstance(now[at], list)
        now[at] = [one for one in now[at] if one != value] if many else _OFF[off]
    return now


_OFF: dict[str, Any] = {name: [] for name in _NAMES}
_OFF |= {"mode": "", "since": None, "until": None, "as_of": None, "comments": False}


def _stretch(event: gr.EventData) -> tuple[str, str]:
    return event._data.get("since"), event._data.get("until")


def _before(talk: Talk, question: str) -> list[Turn]:
    """Return what came before a question; what is asked again stands where it stood."""
    while talk and talk[-1].question == question:
        talk = talk[:-1]
    return [Turn(question=past.question, answer=past.outcome.text) for past in talk if past.outcome]


def _status(exchange: Exchange) -> int:
    """Return how an exchange ended, as the status of a request: 499 is that its reader left."""
    if exchange.failure:
        return 503
    return 200 if exchange.outcome else 499


def _stopped(exchange: Exchange, say: Say) -> Exchange:
    told = f'<p class="unsaid">{escape(say("Stopped."))}</p>'
    return exchange if exchange.over else replace(exchange, failure=told)


def _ready(say: Say) -> Any:
    return gr.Textbox(submit_btn=say("Ask"), stop_btn=False, render=False)


_UNTOUCHED = (gr.skip(),) * 5
"""Instead of what `_shown` returns."""


def _too_long(question: str, say: Say) -> str:
    told = say(
        "That is {n} characters, and a question may have {most}",
        n=f"{len(question):,}", most=f"{_LONGEST:,}",
    )  # fmt: skip
    hint = say("Shorten it: it still stands in the box. A whole text is for “Check a draft”.")
    return _failure(SettingsError(told, hint), say)


def _shown(talk: Talk, say: Say) -> tuple[Any, ...]:
    hits = hits_by_date_html(talk[-1].hits, say) if talk else ""
    outcome = talk[-1].outcome if talk else None
    return (
        talk,
        messages(talk, say),
        sources(talk, say),
        hits,
        to_markdown(outcome) if outcome else "",
    )


def _bug(say: Say) -> str:
    hint = say("The log of the server says where. The question can be asked again.")
    return _failure(MorgueError(say("Something in Morgue itself failed."), hint), say)


def build(
    assistant: Newsroom, pace: Pace, notes: Sequence[Note] = (), keeper: str = ""
) -> gr.Blocks:
    """Lay out the page over an assistant."""
    page = Page(assistant, pace, notes, keeper)
    with gr.Blocks(title="Morgue", analytics_enabled=False, fill_width=True) as blocks:
        talk, where, asked = gr.State(()), gr.State(None), gr.State("")
        named = gr.Textbox(visible=False)  # filled in by the page's script as it asks
        masthead = gr.HTML(masthead_html(in_english, ""), padding=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=1, min_width=220, elem_id="talks"):
                kept = gr.HTML(talk_list_html(()), padding=False)
            with gr.Column(scale=3, min_width=340, elem_id="talk"):
                chat, question, chips, presets, how, controls = _chat()
            with gr.Column(scale=2, min_width=320, elem_id="panel"):
                tabs, panel = _panel()
        shown = [where, kept, talk, chat, *panel]
        quietly = {"api_visibility": "private", "show_progress": "hidden"}
        labelled = [*panel[:2], question, how, *controls, *tabs, panel[-1]]
        blocks.load(_labels, outputs=labelled, **quietly)
        greeted = blocks.load(
            page.greet, outputs=[masthead, chat, presets, *controls[4:8]], **quietly
        )
        opened = greeted.then(page.open, inputs=[where], outputs=[asked, *shown], **quietly)
        _wire(page, (question, chat, opened, asked), [talk, where, *controls, named], shown)
        _filtering(chips, presets, controls)
    return blocks.queue(default_concurrency_limit=AT_ONCE, max_size=_WAITING)


_PRESSED = """element.addEventListener("click", (event) => {
  const chip = event.target.closest("button.chip");
  if (chip) trigger("select", { ...chip.dataset });
});"""


_QUESTION, _SUCH_AS = "Your question", "Who said what, when, about what?"
_HOW, _ANSWER_WITH = "How to answer, and from what", "Answer with"
_DAYS, _COMMENTS = ("From", "To", "As of"), "Readers’ comments too"
_TABS = ("Sources", "All by date", "To copy")
_FOOTNOTED = "The answer with footnotes (Markdown)"


def _chat() -> tuple[Any, Any, Any, Any, Any, list[Any]]:
    chat = gr.Chatbot(
        label="Conversation with the archive", show_label=False, layout="panel", buttons=[],
        height="calc(100dvh - 15.4rem)", min_height=320, latex_delimiters=[], feedback_options=None,
        placeholder=welcome_html(in_english), autoscroll=False, elem_id="chat",
    )  # fmt: skip
    chips = gr.HTML("", elem_id="chips", padding=False, js_on_load=_PRESSED)
    question = gr.Textbox(
        label=_QUESTION, show_label=False, container=False, autofocus=True,
        placeholder=_SUCH_AS, submit_btn="Ask", elem_id="question", max_lines=6,
    )  # fmt: skip
    with gr.Accordion(_HOW, open=False, elem_id="filters") as how:
        mode = gr.Radio(_MODES, value="", label=_ANSWER_WITH)
        presets = gr.HTML("", elem_id="presets", padding=False, js_on_load=_PRESSED)
        with gr.Row():
            days = [
                gr.DateTime(label=label, include_time=False, type="string", min_width=160)
                for label in _DAYS
            ]
        with gr.Row():
            lists = [
                gr.Dropdown([], label=label, multiselect=True, min_width=160)
                for label, _ in _FIELDS
            ]
        comments = gr.Checkbox(label=_COMMENTS)
    return chat, question, chips, presets, how, [mode, *days, *lists, comments]


def _panel() -> tuple[list[Any], list[Any]]:
    """Return the tabs, and what stands in them."""
    cards_told, hits_told = _nothing_beside(in_english)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab(_TABS[0], id="sources", elem_id="sources-tab") as first:
            cards = gr.HTML(cards_told, elem_id="sources", padding=False)
        with gr.Tab(_TABS[1]) as second:
            hits = gr.HTML(hits_told, elem_id="hits", padding=False)
        with gr.Tab(_TABS[2]) as third:
            text = gr.Textbox(label=_FOOTNOTED, lines=12, buttons=["copy"], interactive=False)
    return [first, second, third], [cards, hits, text]


def _wire(page: Page, ends: tuple[Any, ...], inputs: list[Any], shown: list[Any]) -> None:
    question, chat, opened, by_address = ends
    asking = {
        "fn": page.answer,
        "inputs": [question, *inputs],
        "outputs": [question, *shown],
        "api_visibility": "private",
        "show_progress": "hidden",
        # A stopped answer may still wait for a model: the next question must not wait with it.
        "trigger_mode": "multiple",
        "js": "(...asked) => window.asAsked(asked)",
    }
    asked = question.submit(**asking)
    opening = opened.then(**{**asking, "inputs": [by_address, *inputs], "js": None})
    picked = chat.example_select(_picked, outputs=question, api_visibility="private")
    taken_back = chat.option_select(_picked, outputs=question, api_visibility="private")
    literally = taken_back.then(**{**asking, "fn": page.answer_literally})
    ending: dict[str, Any] = {
        "outputs": [question, *shown],
        "api_visibility": "private",
        "cancels": [asked, opening, picked.then(**asking), literally],
    }
    question.stop(page.halt, inputs=inputs[0], **ending)
    chat.clear(page.clear, inputs=inputs[0], **ending)


def _filtering(chips: Any, presets: Any, controls: list[Any]) -> None:
    """Show the filters that are set as chips, wherever they were set, and let chips set them."""
    quietly: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    for control in controls:
        control.change(_chips, inputs=controls, outputs=chips, **quietly)
    chips.select(_taken_off, inputs=controls, outputs=controls, **quietly)
    presets.select(_stretch, outputs=controls[1:3], **quietly)


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
        build(assistant, api.state.pace, api.state.audit, api.state.rules.keeper),
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size=0,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=_theme(),
        css=_look("page.css"),
        head=f"<style media='print'>{_look('print.css')}</style>"
        f"<script>{''.join(_look(f'{name}.js') for name in _SCRIPTS)}</script>",
    )
    # Without it an open page hears no further answer, of whatever server comes after this one.
    api.state.farewells["/gradio_api/queue/data"] = b'data: {"msg": "close_stream"}\n\n'
    for mounted in (getattr(route, "app", None) for route in page.routes):
        if isinstance(mounted, FastAPI):
            answer_failures(mounted)
    return page


def _look(name: str) -> str:
    return _LOOKS.joinpath(name).read_text(encoding="utf-8")


def _theme() -> gr.themes.Base:
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
    return gr.themes.Base(
        primary_hue="red",
        neutral_hue="stone",
        font=sans,
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
        radius_size="none",
    )
