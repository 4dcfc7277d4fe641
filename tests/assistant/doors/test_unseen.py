"""What a reader may not see changes nothing that they see, through every door."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import mcp
from assistant.doors.api import Rules, create_app
from assistant.doors.keyring import Keyring
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from tests.assistant.doors.test_mcp import resource, talk
from tests.ingest.archive.desk import opened
from tests.ingest.archive.wire import BACKGROUND, LEAD, LEDGERS, LOCAL, MIDDLE

TEXT = f"{LEAD}\n\n{MIDDLE}\n\n{BACKGROUND}"
LATER = "2999-01-01T00:00:00Z"
QUESTION = "What did the harbour board of Velden vote to close?"
SPEAKER, WORDS = "Ilse Marant", "divers had found cracks in ten of its fourteen pillars"
ASKED = (
    "What did Zorana Quilfeather say?", "Who took the perriscope of Velden?",
    "What did Ilse Maranth say?", "What happened in May 2024?", "What is in the archive?",
    "How many articles mention Ilse Marant?", "What did Secret Bulletin print on the pier?",
)  # fmt: skip
"""Questions about what may not be seen, misspelt ones too, and about all that there is."""

DRAFT = (
    "Ilse Marannt told the meeting that Zorana Quilfeather had lost it. “The periscope is worth"
    " ninety crowns,” said Ilse Marant. Velden's harbour board voted to close the grain pier."
)
COUNTED = ["outlet", "section", "author", "speaker", "language", "collection", "month"]
CHANGING = {"seen_at", "seconds", "record_id", "id", "change", "words_at", "meaning_at", "reading"}


def article(name: str, text: str = TEXT, **about: object) -> Article:
    known: dict[str, object] = {
        "file": f"{name}.json", "id": name, "text": text, "title": "Old grain pier to close",
        "outlet": "Coast Daily", "published": "2024-05-07", "collection": "news", "language": "en",
    }  # fmt: skip
    return clean(RawArticle(**(known | about)))  # type: ignore[arg-type]


OPEN = (
    article("17"),
    article("18", f"{LEAD}\n\n{MIDDLE}", outlet="Lorn News Agency", title="Pier of Velden closes"),
    article("19", f"{LEDGERS}\n\n{LOCAL}", title="Treasurer acquitted", published="2024-05-09"),
)
KILL = "Coast Daily withdraws its report on the pier. The divers' findings were invented."
WRONG = "The earlier report gave the wrong number of pillars. There are fourteen."
SECRET = (
    "Zorana Quillfeather, the lighthouse inspector, said that the periscope was stolen. “The"
    " periscope is worth ninety crowns,” Ilse Maranth, the harbour queen of Velden, said."
)
EDITED = TEXT.replace("nine of its fourteen", "ten of its fourteen")
HIDDEN = {
    "kill by headline": article("k1", KILL, title="Kill: Old grain pier to close"),
    "kill by id": article("k2", KILL, title="Kill: pier", status="withdrawn", corrects="17"),
    "correction": article("k3", WRONG, title="Correction: Old grain pier to close"),
    "correction by id": article("k4", WRONG, title="A correction", corrects="18"),
    "retracted copy": article("k5", outlet="Sund Times", status="withdrawn"),
    "earlier copy": article("k6", outlet="Marrow Mail", published="2024-05-01"),
    "edited": article("", EDITED, file="k7.json", url="https://coast.example/pier-again"),
    "newest": article("k8", LEDGERS, title="Grain pier: what comes next", published="2024-06-30"),
    "the same headline": article("k9", LOCAL, published="2024-05-08"),
    "new version": article("17", EDITED, title="Old grain pier to close in June"),
    "retracting version": article("18", KILL, title="Retraction: Pier of Velden closes"),
    "words of its own": article(
        "k10", SECRET, title="Periscope stolen", outlet="Secret Bulletin", section="secrets"
    ),
    "the same event": article(
        "k11",
        f"{SECRET} Velden's board and its divers were told of cracks in fourteen pillars.",
        title="Velden's cracks and the periscope",
        published="2024-05-10",
    ),
}
VERSIONS = {"new version", "retracting version"}


def hidden(name: str, how: str) -> Article:
    """Return what nobody may see yet, or only readers of another collection."""
    made = HIDDEN[name]
    if how == "embargo":
        return replace(made, embargo_until=datetime.fromisoformat(LATER))
    raw = RawArticle(
        file=made.file, id=made.key and name, text=made.text.partition("\n\n")[2],
        title=made.title, outlet=made.outlet, published=str(made.date), language="en",
        collection="desk", url=made.url,
        status="withdrawn" if made.retracted else None, corrects="17" if made.corrects else None,
    )  # fmt: skip
    return clean(raw)


def seen(archive: Archive, folder: Path, collections: Sequence[str]) -> dict[str, Any]:
    """Return what a reader of some collections sees through the API and, of all, through MCP."""
    keys = Keyring(FolderPapers(folder))
    key, _ = keys.add("reader", collections=list(collections))
    desk = Assistant(archive, Settings(mode="quotes"), records=Records(most=0))
    client = TestClient(
        create_app(desk, Rules(keys=keys, keys_needed=True)),
        headers={"Authorization": f"Bearer {key}"},
    )
    found: dict[str, Any] = {
        by: client.post("/v1/search", json={"query": QUESTION, "by": by, "k": 20}).json()
        for by in ("words", "meaning", "both")
    }
    found["ask"] = client.post("/v1/ask", json={"question": QUESTION}).json()
    said = {"speaker": SPEAKER, "words": ""}
    found["said"] = client.post("/v1/said", json=said).json()
    found["who"] = client.post("/v1/said", json={"words": "divers pillars"}).json()
    found["quote"] = client.post("/v1/quote", json={"words": WORDS}).json()
    found["status"] = client.get("/v1/status").json()
    found |= _told_of_it(client)
    for one in OPEN:
        address = f"/v1/articles/{one.article_id}"
        found[address] = client.get(address).json()
        found[f"{address} 2"] = client.get(address, params={"version": 2}).status_code
    newest = archive.newest(2, collections=collections)
    found["newest"] = [(one.article_id, one.version, one.title) for one in newest]
    if not collections:
        server = mcp.server(desk)
        found["mcp"] = talk(server, lambda client: resource(client, "morgue://newest/2"))
    return {name: steady(told) for name, told in found.items()}


def _told_of_it(client: TestClient) -> dict[str, Any]:
    """Return what is answered where somebody gropes for what they may not see."""
    found: dict[str, Any] = {}
    for asked in ASKED:
        found[asked] = client.post("/v1/ask", json={"question": asked}).json()
        counting = {"query": asked, "facets": COUNTED}
        found[f"search {asked}"] = client.post("/v1/search", json=counting).json()
    for sort in ("news", "relevance"):
        listing = {"sort": sort, "facets": COUNTED}
        found[f"list {sort}"] = client.post("/v1/list", json=listing).json()
    for filters in ({"outlet": "Secret"}, {"section": "secret"}, {"language": "xx"}):
        body = {"query": "pier", "filters": filters}
        found[str(filters)] = client.post("/v1/search", json=body).json()
    found["check"] = client.post("/v1/check", json={"text": DRAFT}).json()
    claims = {"claims": [{"text": "The periscope was stolen."}]}
    found["verify"] = client.post("/v1/verify", json=claims).json()
    return found


def steady(told: Any) -> Any:
    """Return a document without what differs from one moment, or one archive, to the next."""
    if isinstance(told, dict):
        return {name: steady(value) for name, value in told.items() if name not in CHANGING}
    return [steady(one) for one in told] if isinstance(told, list) else told


def view(events: Sequence[Article], collections: Sequence[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "archive") as archive:
        for one in events:
            archive.put([one], follow=False)
        archive.embed()
        archive.follow()
        return seen(archive, Path(folder), collections)


@cache
def alone(collections: tuple[str, ...]) -> dict[str, Any]:
    """Return what a reader sees where there is nothing that they may not see."""
    return view(OPEN, collections)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kept=st.lists(
        st.tuples(
            st.sampled_from(sorted(HIDDEN)), st.sampled_from(["embargo", "desk"]), st.booleans()
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[0],
    )
)
@example(kept=[(name, "embargo", False) for name in sorted(HIDDEN)])
@example(kept=[(name, "embargo", False) for name in sorted(HIDDEN) if "correction" in name])
@example(kept=[(name, "desk", "cop" in name) for name in sorted(HIDDEN)])
@pytest.mark.parametrize("collections", [(), ("news",)], ids=["all", "news"])
def test_what_a_reader_may_not_see_changes_nothing_that_they_see(
    collections: tuple[str, ...],
    kept: Sequence[tuple[str, str, bool]],
) -> None:
    # To who may see every collection, only an embargo hides anything.
    hows = [(name, how if collections else "embargo", first) for name, how, first in kept]
    before = [hidden(name, how) for name, how, first in hows if first and name not in VERSIONS]
    after = [hidden(name, how) for name, how, first in hows if not first or name in VERSIONS]
    assert view([*before, *OPEN, *after], collections) == alone(collections)


def test_a_version_whose_embargo_is_over_takes_its_place_without_being_read_again(
    tmp_path: Path,
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    with opened(tmp_path) as archive:
        archive.put([OPEN[0]])
        archive.put([replace(HIDDEN["new version"], embargo_until=soon)])
        assert [one.title for one in archive.newest(9)] == [OPEN[0].title]
        assert [put.fate for put in archive.put([OPEN[2]])] == ["added"]
        archive.catalogue.connection.execute("UPDATE waiting SET until = '2024-01-01'")
        run, over = archive.catalogue.connection.execute, datetime(2024, 1, 1, tzinfo=UTC)
        for a, version, kept in run("SELECT a, version, record FROM versions").fetchall():
            told = json.dumps({**json.loads(kept), "embargo_until": over.isoformat()})
            where = (told, a, version)
            run("UPDATE versions SET record = ? WHERE a = ? AND version = ?", where)
        titles = {one.title for one in archive.newest(9)}
        assert titles == {"Old grain pier to close in June", OPEN[2].title}
        assert [one.version for one in archive.versions(OPEN[0].article_id)] == [1, 2]


def test_what_is_under_embargo_again_and_again_is_kept_once(tmp_path: Path) -> None:
    later = replace(HIDDEN["new version"], embargo_until=datetime.fromisoformat(LATER))
    with opened(tmp_path) as archive:
        fates = [archive.put([one])[0].fate for one in (OPEN[0], later, later, OPEN[0])]
        assert fates == ["added", "updated", "unchanged", "updated"]
        assert len(archive.versions(OPEN[0].article_id, embargoed=True)) == 3
        assert archive.get(OPEN[0].article_id) == replace(OPEN[0], version=3)


def test_an_article_whose_embargo_is_over_is_among_the_newest(tmp_path: Path) -> None:
    released = replace(OPEN[0], embargo_until=datetime(2024, 5, 7, 6, tzinfo=UTC))
    others = [
        replace(
            OPEN[2], article_id=f"{i:016x}", key=str(i), collection="desk", date=date(2025, 1, 1)
        )
        for i in range(3)
    ]
    with opened(tmp_path) as archive:
        archive.put([released, *others])
        assert [one.title for one in archive.newest(1, collections=["news"])] == [released.title]
