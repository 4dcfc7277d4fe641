"""Pages of a search, and the answers on record: whose they are, and what of them is shown."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.ask import Assistant, Sort
from assistant.doors.api import Rules, create_app
from assistant.doors.keyring import Keyring
from assistant.history import Records
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

PIERS = [
    {
        "id": f"pier{n}",
        "title": f"Pier {n} painted",
        "outlet": "The Tarn Post",
        "date": f"2024-05-{n:02}",
        "text": f"The pier number {n} of Oster Tarn was painted in the colour {n * 7919}.",
    }
    for n in range(1, 13)
]
COPIES = [{**PIERS[0], "id": f"copy{n}", "outlet": f"Mirror {n}"} for n in range(5)]
SORTS: tuple[Sort, ...] = ("relevance", "date")
QUESTION = {"question": "What happened to the pier number 7?", "mode": "quotes"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("paging")
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in [*PIERS, *COPIES]))
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([file], archive)
        yield archive


@pytest.fixture(scope="module")
def client(archive: Archive) -> TestClient:
    keys = Keyring(archive.papers)
    assistant = Assistant(archive, records=Records(archive.folder / "records"))
    return TestClient(create_app(assistant, Rules(keys=keys, keys_needed=True)))


@pytest.fixture(scope="module")
def keyring(archive: Archive) -> Keyring:
    return Keyring(archive.papers)


def bearer(keyring: Keyring, name: str, **how: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {keyring.add(name, **how)[0]}"}


def test_the_pages_of_a_search_are_the_whole_of_it(client: TestClient, keyring: Keyring) -> None:
    key = bearer(keyring, "desk")

    def page(**how: int) -> Any:
        body = {"query": "pier painted Oster Tarn", **how}
        return client.post("/v1/search", json=body, headers=key).json()

    whole = [hit["article_id"] for hit in page(k=100)["hits"]]
    paged: list[str] = []
    offset: int | None = 0
    while offset is not None:
        found = page(k=5, offset=offset)
        paged += [hit["article_id"] for hit in found["hits"]]
        offset = found["next"]
    assert len(whole) == len(set(whole)) == len(PIERS)
    assert paged == whole


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(k=st.integers(1, 100), offset=st.integers(0, 1000), sort=st.sampled_from(SORTS))
def test_every_page_is_its_stretch_of_the_whole(
    archive: Archive, k: int, offset: int, sort: Sort
) -> None:
    desk = Assistant(archive, records=Records(most=0))
    whole, _ = desk.search("pier painted", k=100)
    page, _ = desk.search("pier painted", k=k, offset=offset, sort=sort)
    stretch = [hit.article.article_id for hit in whole][offset : offset + k]
    found = [hit.article.article_id for hit in page]
    assert found == stretch if sort == "relevance" else sorted(found) == sorted(stretch)


def test_a_key_sees_its_own_records_and_an_admin_everybodys(
    client: TestClient, keyring: Keyring
) -> None:
    one, other = bearer(keyring, "one"), bearer(keyring, "other")
    admin = bearer(keyring, "chief", scope="admin")
    answer = client.post("/v1/ask", json=QUESTION, headers=one).json()
    at = f"/v1/records/{answer['record_id']}"
    mine = client.get(at, headers=one).json()
    assert mine["record"]["outcome"] == answer
    assert mine["record"]["question"]["asked"] == QUESTION["question"]
    assert mine["gone"] == []
    assert not {"archive", "asker"} & set(mine["record"])
    assert client.get(at, headers=admin).json() == mine
    refused = client.get(at, headers=other)
    assert (refused.status_code, refused.json()["error"]["kind"]) == (404, "NotFound")
    listed = [client.get("/v1/records", headers=who).json() for who in (one, other, admin)]
    ids = [[record["id"] for record in page["records"]] for page in listed]
    assert ids[:2] == [[answer["record_id"]], []]
    assert answer["record_id"] in ids[2]  # beside what the other tests of this archive asked
    row = listed[0]["records"][0]
    assert (row["id"], row["kind"]) == (answer["record_id"], "answer")


def test_the_pages_of_the_records_are_all_of_them_newest_first(
    client: TestClient, keyring: Keyring
) -> None:
    key = bearer(keyring, "lister")
    ids = [client.post("/v1/ask", json=QUESTION, headers=key).json()["record_id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        how = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/records", params=how, headers=key).json()
        found += [row["id"] for row in page["records"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ids[::-1]


def test_a_record_withholds_what_has_gone_from_the_archive(
    archive: Archive, client: TestClient, keyring: Keyring, tmp_path: Path
) -> None:
    key = bearer(keyring, "late")
    row = {"id": "gone", "title": "Quay sold", "text": "The quay of Ilmen was sold to Ida Brandt."}
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(row))
    ingest([file], archive)
    body = {"question": "Who was the quay of Ilmen sold to?", "mode": "quotes"}
    answer = client.post("/v1/ask", json=body, headers=key).json()
    (gone,) = {citation["article_id"] for citation in answer["citations"]}
    archive.drop([gone])
    found = client.get(f"/v1/records/{answer['record_id']}", headers=key)
    assert found.json()["gone"] == [gone]
    assert "Ida Brandt" not in found.text


@pytest.mark.parametrize("wrong", ["x", "../keys", "20240101T000000000000-00000000"])
def test_a_record_that_is_not_there_is_a_problem(
    client: TestClient, keyring: Keyring, wrong: str
) -> None:
    reply = client.get(f"/v1/records/{wrong}", headers=bearer(keyring, "desk"))
    assert reply.status_code == 404


def test_the_records_of_another_archive_are_not_shown(
    client: TestClient, keyring: Keyring, archive: Archive, tmp_path: Path
) -> None:
    with Archive.open(
        tmp_path / "a", create=True, settings=IngestSettings(embedder="none")
    ) as other:
        records = Records(archive.folder / "records")
        record_id = Assistant(other, records=records).ask("What happened?").record_id
    admin = bearer(keyring, "chief", scope="admin")
    assert client.get(f"/v1/records/{record_id}", headers=admin).status_code == 404
