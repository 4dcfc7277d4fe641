"""The plain pages: answers, articles and conversations, each for whom it is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.api import Rules, create_app
from assistant.doors.cli.replaying import gone
from assistant.doors.keyring import Keyring
from assistant.doors.web.recall import recall
from assistant.history import Records
from assistant.render.export import FORMATS
from assistant.settings import Settings
from assistant.talks import Owner, Talks
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings

BRIDGE = "The bridge at Veld will open in September, Mayor Karin Vosse said on Monday."
HOSTILE = (
    "Mayor Vosse <script>alert(1)</script> said of the tunnel at Orm that <img src=x onerror=y> it"
    " was *done* and {cost} less."
)
QUESTION = "When will the bridge at Veld open?"


class Newsdesk:
    """An archive of two collections, three readers, and what they see in a browser."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.keys = keys = Keyring(FolderPapers(folder))
        self.assistant = Assistant(
            archive,
            Settings(mode="quotes"),
            records=Records(folder / "records"),
        )
        app = create_app(self.assistant, Rules(keys=keys, keys_needed=True))
        web.mount(app, self.assistant)
        self._app = app
        self.readers = {
            "all": keys.add("all"),
            "city": keys.add("city", collections=["city"]),
            "sport": keys.add("sport", collections=["sport"]),
        }
        self.talks = Talks(FolderPapers(records=folder / "records"))

    def browser(self, name: str, language: str = "en") -> TestClient:
        key, _ = self.readers[name]
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        return TestClient(self._app, headers=headers, base_url="http://127.0.0.1")

    def owner(self, name: str) -> Owner:
        return Owner(archive=self.archive.papers.archive, asker=self.readers[name][1].id)

    def asked(self, name: str, question: str = QUESTION) -> str:
        body = {"question": question}
        answer = self.browser(name).post("/v1/ask", json=body).json()
        return str(answer["record_id"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        rows = (
            ("city", [("1", "Bridge delayed", f"{BRIDGE} It was to open in May."),
                      ("2", "Tunnel 3 < 4 & done", HOSTILE)]),
            ("sport", [("3", "Regatta won", "Mira Dahl won the regatta at Orm by a length.")]),
        )  # fmt: skip
        for collection, articles in rows:
            page = tmp_path / f"{collection}.jsonl"
            lines = [
                {"id": i, "title": title, "text": text, "outlet": "Mast", "date": "2024-05-01"}
                for i, title, text in articles
            ]
            page.write_text("\n".join(map(json.dumps, lines)))
            ingest([page], archive, given=Defaults(collection=collection), embed=False)
        yield Newsdesk(archive, tmp_path)


def test_an_answer_has_an_address_where_it_stands_as_it_was_given(desk: Newsdesk) -> None:
    page = desk.browser("all").get(f"/a/{desk.asked('all')}")
    assert page.status_code == 200
    assert f"<mark>{BRIDGE}</mark>" in page.text.replace("&#58;", ":")
    assert f'<h1 dir="auto">{QUESTION}</h1>' in page.text
    assert "The archive is as it was then." in page.text


def test_a_link_shows_its_reader_what_their_collections_hold_and_no_more(desk: Newsdesk) -> None:
    record = desk.asked("all")
    seen = {name: desk.browser(name).get(f"/a/{record}") for name in desk.readers}
    assert [seen[name].status_code for name in ("all", "city")] == [200, 200]
    assert seen["sport"].status_code == 404
    assert "Veld" not in seen["sport"].text
    never = desk.browser("sport").get("/a/20240101T000000000000-00000000")
    assert never.text == seen["sport"].text


def test_a_link_tells_nothing_of_what_its_reader_may_not_see(desk: Newsdesk) -> None:
    records = desk.assistant.records
    kept = records.read(desk.asked("all"))
    cited = [
        {**one, "notices": [{"code": "corrected", "text": "By the desk of sport."}]}
        for one in kept.outcome["citations"]
    ]
    records.keep(kept.model_copy(update={"outcome": {**kept.outcome, "citations": cited}}))
    seen = {}
    for name in ("all", "city"):
        reader = desk.keys.reader(desk.readers[name][0])
        assert reader is not None
        found = recall(desk.assistant, reader, kept.id)
        assert found is not None
        assert isinstance(found.outcome, Answer)
        codes = {notice.code for one in found.outcome.citations for notice in one.notices}
        seen[name] = codes, found.outcome.searched.articles
    assert seen == {"all": ({"corrected"}, 3), "city": (set(), 2)}


@pytest.mark.parametrize(
    "asked",
    ["What is in the archive?", "How many articles mention Veld?", "Who sold the lighthouse?"],
)
def test_what_was_counted_or_not_found_among_more_is_for_whoever_may_see_it(
    desk: Newsdesk, asked: str
) -> None:
    everywhere, in_the_city = desk.asked("all", asked), desk.asked("city", asked)
    shown = [
        desk.browser(name).get(f"/a/{record}").status_code
        for record in (everywhere, in_the_city)
        for name in ("all", "city")
    ]
    assert shown == [200, 404, 200, 200]


def test_an_end_of_a_list_that_went_takes_its_words_along(desk: Newsdesk) -> None:
    record = desk.asked("all", "When was Veld first mentioned?")
    (kept,) = [desk.assistant.records.read(record)]
    first = kept.outcome["first"]
    assert first["title"] == "Bridge delayed"
    desk.archive.drop([first["article_id"]])
    for where in (f"/a/{record}", f"/v1/records/{record}"):
        assert "Bridge delayed" not in desk.browser("all").get(where).text
    cut = kept.model_copy(update={"outcome": {**kept.outcome, "articles": []}})
    assert gone(cut, desk.archive.readable) == [first["article_id"]]


def test_what_went_from_the_archive_is_not_shown_by_a_link(desk: Newsdesk) -> None:
    record = desk.asked("all")
    (article,) = [a for a in desk.archive.newest(9) if a.title == "Bridge delayed"]
    desk.archive.drop([article.article_id])
    page = desk.browser("all").get(f"/a/{record}").text
    assert "is no longer in the archive" in page
    assert "September" not in page


def test_an_answer_asked_again_says_what_differs(desk: Newsdesk, tmp_path: Path) -> None:
    record = desk.asked("all")
    with desk.browser("all") as browser:
        same = browser.post(f"/a/{record}/again")
        assert "The answer is the same as before." in same.text
        assert urlsplit(str(same.url)).query == f"than={record}"
        page = tmp_path / "more.jsonl"
        later = BRIDGE.replace("September", "October")
        row = {"id": "1", "title": "Bridge delayed", "text": later, "outlet": "Mast"}
        page.write_text(json.dumps({**row, "date": "2024-05-01"}))
        ingest([page], desk.archive, given=Defaults(collection="city"), embed=False)
        differs = browser.post(f"/a/{record}/again").text
    assert "<b>Newly said&#58;</b>" in differs or "<b>Newly said:</b>" in differs
    assert "October" in differs


def test_an_answer_comes_as_markdown(desk: Newsdesk) -> None:
    told = desk.browser("all").get(f"/a/{desk.asked('all')}.md")
    assert told.headers["content-disposition"].startswith("attachment")
    assert "[^1]:" in told.text
    assert desk.browser("sport").get(f"/a/{desk.asked('all')}.md").status_code == 404


def article_id(desk: Newsdesk, title: str) -> str:
    return next(a.article_id for a in desk.archive.newest(9) if a.title == title)


def test_an_article_is_shown_whole_with_what_is_to_be_marked(desk: Newsdesk) -> None:
    where = f"/article/{article_id(desk, 'Bridge delayed')}"
    at = len("Bridge delayed\n\n")
    marks = {"mark": [f"{at}-{at + len(BRIDGE)}", "7-3", "0-99999999", "x"]}
    page = desk.browser("city").get(where, params=marks)
    assert f"<mark>{BRIDGE}</mark>" in page.text
    assert page.text.count("<mark>") == 1
    assert desk.browser("sport").get(where).status_code == 404


def test_an_article_of_several_versions_says_what_each_one_changed(
    desk: Newsdesk, tmp_path: Path
) -> None:
    page = tmp_path / "more.jsonl"
    later = BRIDGE.replace("September", "October")
    row = {"id": "1", "title": "Bridge delayed", "text": later, "outlet": "Mast"}
    page.write_text(json.dumps({**row, "date": "2024-05-01"}))
    ingest([page], desk.archive, given=Defaults(collection="city"), embed=False)
    shown = desk.browser("all").get(f"/article/{article_id(desk, 'Bridge delayed')}").text
    assert f"<del>{BRIDGE}</del>" in shown
    assert f"<ins>{later}</ins>" in shown
    assert 'aria-current="page">Version 2' in shown


def test_nothing_of_an_archive_or_a_reader_is_markup(desk: Newsdesk) -> None:
    asked = "What did Vosse say of the tunnel? <script>alert(2)</script>"
    with desk.browser("all") as browser:
        record = desk.asked("all", asked)
        talk_id, n = desk.talks.begin(desk.owner("all"), asked)
        desk.talks.answered(talk_id, n, record)
        pages = [
            browser.get(f"/a/{record}").text,
            browser.get(f"/article/{article_id(desk, 'Tunnel 3 < 4 & done')}").text,
            browser.get("/talks").text,
            browser.get("/talks", params={"q": "tunnel <script>"}).text,
            browser.get("/talks", params={"deleted": '"><script>'}).text,
            browser.get("/a/<script>alert(3)").text,
        ]
    ours = [
        f'<script src="/looks/{name}.js" defer></script>'
        for name in ("plain", "printed", "watches")
    ]
    for page in pages:
        assert re.findall(r"<(?:script|img|b>)[^>]*>(?:</script>)?", page) == ours


def test_the_pages_run_nothing_that_is_not_their_own(desk: Newsdesk) -> None:
    record = desk.asked("all")
    for where in (f"/a/{record}", "/talks", "/looks/plain.js", "/article/x"):
        policy = desk.browser("all").get(where).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


def test_conversations_are_renamed_deleted_and_brought_back(desk: Newsdesk) -> None:
    owner = desk.owner("city")
    one, two = (desk.talks.begin(owner, question)[0] for question in ("Who won?", "Who lost?"))
    with desk.browser("city") as browser:
        assert "Who won?" in browser.get("/talks").text
        browser.post("/talks/rename", data={"talk": one, "title": "Regatta"})
        gone = browser.post("/talks/delete", data={"talk": [one, two]})
        assert "2 deleted." in gone.text
        assert desk.talks.all(owner) == []
        assert "Regatta" in browser.get("/talks/trash").text
        browser.post("/talks/restore", data={"talk": [one, two]})
        assert {talk.title for talk in desk.talks.all(owner)} == {"Regatta", "Who lost?"}
        browser.post("/talks/delete", data={"talk": [one]})
        browser.post("/talks/purge", data={"talk": [one, two]})
        assert desk.talks.all(owner, deleted=True) == []
        assert len(desk.talks.all(owner)) == 1
        assert browser.post("/talks/delete").status_code == 200  # nothing was chosen


def test_words_are_found_in_earlier_answers_and_only_by_who_may_see_them(desk: Newsdesk) -> None:
    for name in ("all", "city"):
        talk_id, n = desk.talks.begin(desk.owner(name), QUESTION)
        desk.talks.answered(talk_id, n, desk.asked("all"))
    found = desk.browser("city").get("/talks", params={"q": "september bridge"}).text
    assert "<mark>bridge</mark> at Veld will open in September" in found
    assert found.count('class="title"') == 1
    assert 'class="title"' not in desk.browser("sport").get("/talks").text


def test_a_page_of_another_site_changes_nothing(desk: Newsdesk) -> None:
    talk_id, _ = desk.talks.begin(desk.owner("city"), "Who won?")
    away = {"Origin": "https://evil.example"}
    refused = desk.browser("city").post("/talks/delete", data={"talk": talk_id}, headers=away)
    assert refused.status_code == 403
    assert len(desk.talks.all(desk.owner("city"))) == 1


def test_an_answer_comes_as_every_kind_of_file(desk: Newsdesk) -> None:
    record = desk.asked("all")
    files = {form: desk.browser("all").get(f"/a/{record}/as/{form}") for form in FORMATS}
    assert {form for form, file in files.items() if file.status_code != 200} == set()
    assert files["docx"].content[:2] == b"PK"
    assert desk.browser("sport").get(f"/a/{record}/as/docx").status_code == 404
    assert desk.browser("all").get(f"/a/{record}/as/exe").status_code == 404


DRAFT = f"Karin Vosse spoke of the bridge. {BRIDGE} <script>alert(4)</script>"


def test_a_draft_is_held_against_what_its_writer_may_see(desk: Newsdesk) -> None:
    with desk.browser("city") as browser:
        pasted = browser.post("/draft/checked", data={"text": DRAFT})
        dropped = browser.post("/draft/checked", files={"file": ("draft.txt", DRAFT.encode())})
    for page in (pasted, dropped):
        assert page.status_code == 200
        assert "Bridge delayed" in page.text
        assert "<script>" not in page.text
        assert 'href="/list"' in page.text
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert policy.count("style-src") == 1
    elsewhere = desk.browser("sport").post("/draft/checked", data={"text": DRAFT})
    assert "Bridge delayed" not in elsewhere.text


def test_a_draft_that_is_none_is_told_and_kept(desk: Newsdesk) -> None:
    with desk.browser("all") as browser:
        assert "there is nothing to check" in browser.post("/draft/checked").text
        pdf = {"file": ("draft.pdf", b"%PDF-1.7 ...")}
        told = browser.post("/draft/checked", data={"text": "My <own> words."}, files=pdf)
    assert "it is a PDF" in told.text
    assert "My &lt;own&gt; words.</textarea>" in told.text
