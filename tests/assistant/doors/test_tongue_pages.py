"""No page says a sentence of its own in English to whom it speaks another language.

The articles are Ukrainian and the browser wants German: every English word is the interface's.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lxml import html
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api import Rules, create_app
from assistant.doors.sign_in import People
from assistant.doors.web.tongues import Tongue
from assistant.history import Records
from assistant.render.talk import Exchange, follow, messages, sources
from assistant.settings import Alerting, Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.assistant.doors.test_sign_in import OTHER, QUICK, WORDS

AT = "http://news.example"
BRIDGE = "Міст у Велді відкриють у вересні, сказала мер Карін Воссе."
QUOTED = "«Міст відкриють у вересні, і жодного дня пізніше», — сказала Карін Воссе."
RIVAL = "Міст у Велді відкриють у травні, повідомила управа."
ENGLISH = re.compile(
    r"\b(?:the|of|is|are|this|that|not|with|from|were|your|you|and|which|nothing|it|its|by|to"
    r"|has|have|no|for|what|more|here|there)\b",
    re.IGNORECASE,
)
"""Words that English cannot do without, and none of which is German."""
SAID_IN = ("title", "aria-label", "placeholder", "alt", "content")


@dataclass
class Desk:
    """A newsroom whose articles are Ukrainian, and a browser in it that wants German."""

    assistant: Assistant
    browser: TestClient
    stranger: TestClient

    def english(self, path: str, form: dict[str, str] | None = None) -> list[str]:
        """Return what a page says in English."""
        asked = self.browser.post(path, data=form) if form is not None else self.browser.get(path)
        assert "text/html" in asked.headers["content-type"], (path, asked.text)
        assert 'lang="de"' in asked.text, path
        return english(asked.text)


def english(page: str) -> list[str]:
    tree = html.fromstring(page)
    for one in tree.xpath("//script | //style | //code | //*[@data-own]"):
        one.drop_tree()
    said = [text for text in tree.itertext() if text.strip()]
    said += [one.get(name) for one in tree.iter() for name in SAID_IN if one.get(name)]
    return sorted({" ".join(text.split()) for text in said if ENGLISH.search(_own(text))})


def _own(text: str) -> str:
    """Return words without commands between grave accents and addresses."""
    return re.sub(r"`[^`]*`|width=device-width\S*|https?://\S+", "", text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder, settings = tmp_path_factory.mktemp("uk"), IngestSettings(embedder="none")
    people = People(FolderPapers(folder), hasher=QUICK)
    people.add("Ганна", WORDS, scope="admin")
    people.add("Борис", OTHER, collections=["city"])
    rows = [
        {"id": "1", "title": "Міст", "text": f"{BRIDGE} {QUOTED}", "outlet": "Щогла"},
        {"id": "2", "title": "Управа", "text": RIVAL, "outlet": "Пошта"},
        {"id": "3", "title": "Міст знову", "text": f"{BRIDGE} {QUOTED}", "outlet": "Пошта"},
    ]
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        for version in ("", " Раніше казали про травень."):
            rows[1]["text"] += version
            page = folder / "news.jsonl"
            dated = ({**row, "date": "2024-05-01", "language": "uk"} for row in rows)
            page.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in dated))
            ingest([page], archive, embed=False)
        records = Records(folder / "records")
        assistant = Assistant(archive, Settings(mode="quotes"), records=records)
        rules = Rules(people=people, keys_needed=True)
        app = create_app(assistant, rules, watches=WatchDesk(archive, Alerting(), records))
        pages = web.mount(app, assistant)
        wants = {"Accept": "text/html", "Accept-Language": "de", "Origin": AT}
        browser = TestClient(pages, base_url=AT, headers=wants)
        browser.post("/sign-in", data={"name": "Ганна", "password": WORDS})
        yield Desk(assistant, browser, TestClient(pages, base_url=AT, headers=wants))


@pytest.mark.parametrize(
    "path",
    [
        "/list", "/list?q=міст", "/list?q=нічого", "/list?q=(", "/list?from=x",
        "/list?to=2020-01-01", "/list?outlet=Щогла&language=uk&sort=relevance&q=міст", "/said",
        "/said?speaker=Карін Воссе",
        "/said?q=міст", "/quote", f"/quote?words={BRIDGE}", "/quote?words=нічого такого тут немає",
        f"/quote?words={'word ' * 500}",
        "/quote?words=Міст відкриють у червні, і жодного дня пізніше",
        "/draft", "/talks", "/talks?q=x", "/talks/shared", "/talks/shared/none", "/watches",
        "/watches?q=міст", "/watches?q=(", "/ingest", "/account", "/a/none", "/article/none",
    ],
)  # fmt: skip
def test_a_page_says_nothing_in_english(desk: Desk, path: str) -> None:
    assert desk.english(path) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/draft/checked", {"text": f"{BRIDGE} {QUOTED} Міст у Велді відкриють у січні."}),
        ("/draft/checked", {"text": "«Міст відкриють у червні, і жодного дня пізніше», — сказав "
                            "Іван Тарн. Чи так це? Воссі нічого не сказала."}),
        ("/draft/checked", {"text": ""}),
        ("/draft/checked", {"text": "слово " * 20_000}),
        ("/account/password", {"password": WORDS, "new": "short"}),
        ("/account/password", {"password": OTHER, "new": OTHER}),
        ("/watches", {"name": "", "q": "міст"}),
        ("/watches", {"name": "міст", "q": "("}),
    ],
)  # fmt: skip
def test_what_a_form_leads_to_says_nothing_in_english(
    desk: Desk, path: str, form: dict[str, str]
) -> None:
    assert desk.english(path, form) == []


def test_signing_in_says_nothing_in_english(desk: Desk) -> None:
    page = desk.stranger.get("/sign-in").text
    wrong = desk.stranger.post("/sign-in", data={"name": "Ганна", "password": OTHER}).text
    assert english(page) + english(wrong) == []


@pytest.mark.parametrize(
    "question",
    [
        "Коли відкриють міст у Велді?", "Хто виграв регату?", "Скільки статей про міст?",
        "Перелічи всі статті про міст", "Коли вперше згадано Карін Воссе?", "Привіт",
        "Що є в цьому архіві?", "Що сказала Карін Воссе?",
    ],
)  # fmt: skip
def test_an_answer_says_nothing_in_english(desk: Desk, question: str) -> None:
    say = Tongue("de").say
    exchange = Exchange(number=1, question=question, key="k")
    for step in desk.assistant.steps(question):
        exchange = follow(exchange, step, say)
    told = [str(one["content"]) for one in messages((exchange,), say)]
    told += [str(one.get("metadata", {}).get("title", "")) for one in messages((exchange,), say)]
    assert english(f"<div>{''.join(told)}{sources((exchange,), say)}</div>") == []
    assert exchange.outcome
    assert exchange.outcome.record_id
    assert desk.english(f"/a/{exchange.outcome.record_id}") == []
    for citation in getattr(exchange.outcome, "citations", ())[:1]:
        article = citation.article
        assert desk.english(f"/article/{article.article_id}?version={article.version}") == []
