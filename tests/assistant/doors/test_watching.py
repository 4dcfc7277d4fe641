"""What watches tell is read in a terminal, over HTTP and as a feed, and sent where it may go."""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.alerts.watch_desk import AGAIN, WatchDesk, patrol
from assistant.doors.api import Audit, Rules, create_app
from assistant.doors.cli.commands import morgue
from assistant.doors.keyring import Keyring
from assistant.doors.sign_in import People, ProvenPerson
from assistant.history import Records
from assistant.settings import Alerting, Settings
from ingest.archive import Archive
from ingest.archive.watches import Wanted
from ingest.article import Filters
from ingest.errors import MorgueError, SettingsError
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article
from tests.receivers import hook, letterbox

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2030, 1, 1, tzinfo=UTC)
HOSTILE = "Pier\x1b[31m <script>alert(1)</script>\x00 ]]> & \ufffe\u202e"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        yield opened


def news(name: str, words: str = "The pier opens in May.", **about: Any) -> Any:
    return article(name, ("headline", name), ("body", words), **about)


def desk(archive: Archive, **settings: Any) -> WatchDesk:
    return WatchDesk(archive, Alerting(**settings), Records(archive.folder / "records"))


PIER = Wanted(name="pier", query="pier")


# On the command line


def on_the_line(archive: Archive, *arguments: str) -> Any:
    command = ["watch", *arguments, "--archive", str(archive.folder), "--json"]
    done = CliRunner().invoke(morgue, command)
    return json.loads(done.stdout)


def test_a_watch_is_saved_run_shown_and_removed_on_the_command_line(archive: Archive) -> None:
    assert on_the_line(archive, "add", "pier", "pier", "--outlet", "Post")["feed"][:7] == "/feeds/"
    archive.put([news("One", outlet="Post"), news("Two", "A pier, too.", outlet="Daily")])
    (listed,) = on_the_line(archive, "list")["watches"]
    assert (listed["name"], listed["filters"]["outlet"]) == ("pier", ["Post"])
    run = on_the_line(archive, "run")
    assert [(one["event"], one["hit"]["title"]) for one in run["alerts"]] == [("new", "One")]
    assert on_the_line(archive, "run", "pier")["alerts"] == []
    assert on_the_line(archive, "show", "pier")["alerts"] == run["alerts"]
    assert on_the_line(archive, "remove", "pier") == {"schema": 1, "removed": "pier"}
    assert on_the_line(archive, "remove", "pier")["error"]["kind"] == "SettingsError"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [(Wanted(name=" ", query="x"), "a name that can be read"),
     (Wanted(name="a\nb", query="x"), "a name that can be read"),
     (Wanted(name="a/b", query="x"), "without /"),
     (Wanted(name="x", query='"open'), "."),
     (Wanted(name="x", query="?!"), "holds no word"),
     (Wanted(name="x", kind="meaning"), "nothing is near"),
     (Wanted(name="x", kind="cited", query="x"), "without a query"),
     (Wanted(name="x", query="x", webhook="https://example.org"), "no webhook may go to"),
     (Wanted(name="x", query="x", mail=("a@example.org",)), "no server is set")],
)  # fmt: skip
def test_what_could_never_tell_or_be_sent_is_not_saved(
    archive: Archive, wanted: Wanted, why: str
) -> None:
    with pytest.raises(MorgueError, match=why):
        desk(archive).add(wanted)
    assert archive.watches.all() == []


# To whom


@pytest.mark.parametrize("before", [("town", "desk"), ()])
def test_a_watch_tells_no_more_than_its_owner_may_see_today(
    archive: Archive, before: tuple[str, ...]
) -> None:
    people, groups = People(archive.papers), ("town", "desk")
    with hook(204, 204) as taken:
        ours = desk(archive, webhooks=taken.url.removesuffix("/hook"))
        people.sign_in_proven(
            ProvenPerson(name="Anna", subject="a", scope="read", collections=before)
        )
        (anna,) = people.all()
        filters = Filters(collections=before)
        saved = ours.add(replace(PIER, webhook=taken.url, filters=filters), anna.id)
        archive.put([news(f"Of {one}", f"A pier of {one}.", collection=one) for one in groups])
        assert len(ours.run(owner=anna.id).alerts) == 2
        people.sign_in_proven(
            ProvenPerson(name="Anna", subject="a", scope="read", collections=("town",))
        )
        archive.put([news(f"Anew {one}", f"Piers in {one}.", collection=one) for one in groups])
        told = [one.hit.article.title for one in ours.run(owner=anna.id).alerts]
        assert told == ["Anew town"]
        assert len(ours.alerts("pier", anna.id)) == 2
        ours.deliver(NOW)
        assert taken.bodies
        assert all(b"desk" not in sent for sent in (ours.feed(saved.token) or b"", *taken.bodies))


# By webhook


def test_a_webhook_is_signed_and_tried_again_until_it_is_taken(archive: Archive) -> None:
    with hook(500, 301, 204) as taken:
        ours = desk(archive, webhooks=taken.url.removesuffix("/hook"))
        saved = ours.add(replace(PIER, webhook=taken.url))
        archive.put([news("One")])
        ours.run()
        assert [len(ours.deliver(NOW).failed), len(ours.deliver(NOW).failed)] == [1, 0]
        assert len(ours.deliver(NOW + AGAIN[0]).failed) == 1
        later = NOW + AGAIN[0] + AGAIN[1]
        assert [ours.deliver(later).sent, ours.deliver(later + AGAIN[2]).sent] == [1, 0]
    assert len(taken.bodies) == 3
    body, headers = taken.bodies[-1], taken.headers[-1]
    document = json.loads(body)
    assert [one["hit"]["title"] for one in document["alerts"]] == ["One"]
    key = b64decode((saved.secret or "").removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = b64encode(digest(key, said, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert len({one["webhook-id"] for one in taken.headers}) == 1


def test_a_webhook_that_never_answers_well_is_given_up_and_said(archive: Archive) -> None:
    with hook(503) as taken:
        ours = desk(archive, webhooks=taken.url.removesuffix("/hook"))
        ours.add(replace(PIER, webhook=taken.url))
        archive.put([news("One")])
        ours.run()
        now = NOW
        for wait in (*AGAIN, timedelta(days=900)):
            ours.deliver(now)
            now += wait
        assert ours.deliver(now).failed == ()
    assert len(taken.bodies) == len(AGAIN) + 1
    (watch,) = archive.watches.all()
    (waiting,) = archive.watches.waiting(watch)
    assert (waiting.error or "").startswith("given up: 127.0.0.1 answered 503")


# By mail


def test_mail_goes_to_whom_it_may_and_says_what_is_new(archive: Archive) -> None:
    with letterbox() as taken:
        ours = desk(
            archive, smtp_url=SecretStr(f"smtp+plain://{taken.address}"),
            mail_from="Morgue <morgue@example.org>", mail_to="@example.org ann@desk.example",
        )  # fmt: skip
        for strange in ("bob@desk.example", "a@example.org\nBcc: x@evil.example", "x", "<a@b>"):
            with pytest.raises(SettingsError):
                ours.add(replace(PIER, mail=(strange,)))
        ours.add(replace(PIER, mail=("ann@desk.example", "eve@example.org")))
        archive.put([news("Größe der Pier", "The pier\nopens\r\nBcc: x@evil.example")])
        ours.run()
        assert ours.deliver(NOW).sent == 1
        assert ours.deliver(NOW).sent == 0
    ((to, text),) = taken.messages
    message = message_from_bytes(text, policy=policy.default)
    assert to == ["ann@desk.example", "eve@example.org"]
    assert message["Subject"] == "pier: 1 new"
    assert "Größe der Pier" in message.get_content()
    assert message["Bcc"] is None


def test_mail_that_is_not_taken_waits(archive: Archive) -> None:
    with letterbox() as taken:
        at = taken.address
    ours = desk(
        archive, smtp_url=SecretStr(f"smtp+plain://user:hush@{at}"), mail_from="m@example.org",
        mail_to="@example.org",
    )  # fmt: skip
    ours.add(replace(PIER, mail=("ann@example.org",)))
    archive.put([news("One")])
    ours.run()
    (failed,) = ours.deliver(NOW).failed
    assert "the mail was not taken" in failed
    assert "hush" not in json.dumps(ours.listed())


def test_without_tls_mail_stays_on_this_machine(archive: Archive) -> None:
    ours = desk(
        archive, smtp_url=SecretStr("smtp+plain://mail.example.org"), mail_from="m@example.org",
        mail_to="@example.org",
    )  # fmt: skip
    with pytest.raises(SettingsError, match="this machine alone"):
        ours.add(replace(PIER, mail=("ann@example.org",)))


# As a feed and over HTTP


def served(archive: Archive, **rules: Any) -> TestClient:
    newsroom = Assistant(archive, Settings(mode="quotes"))
    keys = Keyring(archive.papers)
    audit = archive.folder / "audit.jsonl"
    app = create_app(newsroom, Rules(keys=keys, audit=audit, **rules), watches=desk(archive))
    return TestClient(app, raise_server_exceptions=False)


def test_a_feed_is_read_by_its_address_alone_and_hostile_words_do_nothing(archive: Archive) -> None:
    client = served(archive, keys_needed=True)
    saved = desk(archive).add(PIER)
    archive.put([news(HOSTILE, HOSTILE, url="javascript:alert(1)", outlet=HOSTILE)])
    desk(archive).run()
    reply = client.get(f"/feeds/{saved.token}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/atom+xml")
    feed = Xml.fromstring(reply.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert "<script>alert(1)</script>" in (entry.findtext(f"{ATOM}title") or "")
    assert entry.findall(f"{ATOM}link") == []
    again = client.get(f"/feeds/{saved.token}", headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/feeds/nobodys").status_code == 404
    desk(archive).close_feed("pier")
    assert client.get(f"/feeds/{saved.token}").status_code == 404


def test_a_reader_has_watches_of_their_own_and_is_told_only_what_they_may_see(
    archive: Archive,
) -> None:
    keys = Keyring(archive.papers)
    whole, _ = keys.add("ann")
    part, key = keys.add("eve", collections=["open"])
    client = served(archive, keys_needed=True)
    ann, eve = ({"Authorization": f"Bearer {one}"} for one in (whole, part))
    feeds = [
        client.post("/v1/watches", json={"name": "pier", "query": "pier"}, headers=who).json()
        for who in (ann, eve)
    ]
    strange = {"name": "x", "query": "x", "filters": {"collection": "closed"}}
    assert client.post("/v1/watches", json=strange, headers=eve).status_code == 403
    archive.put([
        news("Open", "The pier opens in May.", collection="open"),
        news("Closed", "Nobody may say that the pier is sold.", collection="closed"),
    ])  # fmt: skip
    told = [client.post("/v1/watches/run", json={}, headers=who).json() for who in (ann, eve)]
    titles = [{one["hit"]["title"] for one in run["alerts"]} for run in told]
    assert titles == [{"Open", "Closed"}, {"Open"}]
    assert b"Closed" not in client.get(feeds[1]["feed"]).content
    assert len(client.get("/v1/watches", headers=eve).json()["watches"]) == 1
    shown = client.get("/v1/watches/pier/alerts", headers=eve).json()
    assert shown["alerts"] == told[1]["alerts"]
    keys.revoke(key.id)
    assert client.get(feeds[1]["feed"]).status_code == 404
    archive.put([news("Late", "A pier again.", collection="open")])
    assert {one.watch.owner for one in desk(archive).run().alerts} == {
        archive.watches.all()[0].owner
    }


def test_a_watch_is_removed_and_its_feed_renewed_over_http(archive: Archive) -> None:
    client = served(archive)
    first = client.post("/v1/watches", json={"name": "a pier", "query": "pier"}).json()["feed"]
    second = client.post("/v1/watches/a%20pier/feed").json()["feed"]
    assert [client.get(at).status_code for at in (first, second)] == [404, 200]
    assert client.delete("/v1/watches/a%20pier/feed").json()["feed"] is None
    assert client.get(second).status_code == 404
    assert client.delete("/v1/watches/a%20pier").json() == {"schema": 1, "removed": "a pier"}
    gone = [
        client.delete("/v1/watches/a%20pier"), client.get("/v1/watches/a%20pier/alerts"),
        client.post("/v1/watches/run", json={"names": ["a pier"]}),
    ]  # fmt: skip
    assert [reply.status_code for reply in gone] == [404] * 3
    twice = [client.post("/v1/watches", json={"name": "x", "query": "y"}) for _ in range(2)]
    assert [reply.status_code for reply in twice] == [200, 422]


def test_a_feeds_address_is_logged_nowhere(archive: Archive) -> None:
    seen: list[str] = []
    newsroom = Assistant(archive, Settings(mode="quotes"))
    audit = archive.folder / "audit.jsonl"
    app = create_app(
        newsroom, Rules(audit=audit), notes=[lambda one: seen.append(one.route)],
        watches=desk(archive),
    )  # fmt: skip
    Audit(audit).begin()
    assert TestClient(app).get("/feeds/hush").status_code == 404
    assert (seen, audit.read_text()) == (["/feeds/"], "")


def test_what_was_corrected_after_an_answer_cited_it_is_told(archive: Archive) -> None:
    records = Records(archive.folder / "records")
    words = "The harbour board said on Tuesday that the pier will open in May."
    archive.put([news("One", words, outlet="Post")])
    outcome = Assistant(archive, Settings(mode="quotes"), records=records).ask(
        "What did the harbour board say about the pier?"
    )
    assert outcome.citations
    ours = WatchDesk(archive, Alerting(), records)
    ours.add(Wanted(name="mine", kind="cited"))
    line = "Correction: An earlier version of this article misstated the month. It is June."
    notice = article(
        "One", ("headline", "One"), ("body", words), ("correction", line), outlet="Post"
    )
    archive.put([notice])
    (alert,) = ours.run().alerts
    assert (alert.kind, alert.notice and alert.notice.text) == ("correction", line)
    assert ours.run().alerts == ()


def test_a_server_runs_the_watches_by_itself(archive: Archive) -> None:
    with hook() as taken:
        ours = desk(archive, webhooks=taken.url.removesuffix("/hook"))
        ours.add(replace(PIER, webhook=taken.url))
        archive.put([news("One")])
        with patrol(ours, 0.02):
            for _ in range(500):
                if taken.bodies:
                    break
                time.sleep(0.02)
    assert len(taken.bodies) == 1


def test_a_name_that_nobody_knows_is_tried_again(archive: Archive) -> None:
    ours = desk(archive, webhooks="nowhere.invalid")
    ours.add(replace(PIER, webhook="https://nowhere.invalid/"))
    archive.put([news("a")])
    ours.run()
    report = ours.deliver(NOW)
    assert (report.sent, len(report.failed)) == (0, 1)
    assert "cannot be reached" in report.failed[0]
