"""Who keeps watches: what may be saved, whose are run, and what they tell sent on."""

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from assistant.doors.alerts.alerts_seen import AlertsSeen
from assistant.doors.alerts.smtp import MailServer
from assistant.doors.alerts.webhook import NotSent, post, signature
from assistant.doors.keyring import Keyring
from assistant.doors.sign_in import People
from assistant.history import Records
from assistant.render.alerts import (
    alert_to_json,
    alerts_to_atom,
    alerts_to_text,
    subject,
    watch_to_json,
)
from assistant.render.documents import SCHEMA
from assistant.settings import Alerting, Keeping
from ingest.archive import Archive, alerting
from ingest.archive.alerting import Alert, CitedArticle, WatchRun
from ingest.archive.query import read_query
from ingest.archive.watches import SavedWatch, Sending, Wanted, Watch
from ingest.article import Notice
from ingest.errors import MorgueError, SettingsError
from ingest.outbound import AllowedHosts

logger = logging.getLogger("morgue.alerts")

AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""How long to wait after each try that failed; after the last one nothing is tried any more."""

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_AT_WORK = timedelta(minutes=5)
"""How long somebody who sends may take before another takes it up."""

_MOST = 100
"""Alerts in one message and in one feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How many messages were sent, and why others were not."""

    sent: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchNews:
    """What a watch has told, the newest first: what its owner has not seen yet, and the rest."""

    watch: Watch
    new: tuple[Alert, ...]
    earlier: tuple[Alert, ...]

    @property
    def last(self) -> int:
        """The number of the newest alert, 0 where there is none."""
        return max((alert.n for alert in (*self.new, *self.earlier)), default=0)


class WatchDesk:
    """Keeps the watches of one archive, as its settings allow. Safe from several threads."""

    def __init__(
        self, archive: Archive, settings: Alerting | None = None, records: Records | None = None
    ) -> None:
        self._archive = archive
        self._settings = settings or Alerting()
        self._records = records or Records(archive.papers, most=Keeping().records)
        self._keys = Keyring(archive.papers)
        self._people = People(archive.papers)
        self._seen = AlertsSeen(self._records.papers.document("alerts_seen.json"))

    def add(self, wanted: Wanted, owner: str = "") -> SavedWatch:
        """Save a search. Raises SettingsError for what could never tell or be sent.

        Raises QueryError where its operators cannot be read.
        """
        if not wanted.name.strip() or not wanted.name.isprintable() or "/" in wanted.name:
            raise SettingsError("a watch needs a name that can be read, without /", "give it one")
        if wanted.kind == "cited" and wanted.query:
            raise SettingsError(
                "what was cited is watched without a query", "leave out the query, or --cited"
            )
        if wanted.kind in {"meaning", "both"} and not wanted.query.strip():
            raise SettingsError("without a query nothing is near in meaning", "give a query")
        asked = read_query(wanted.query)
        if wanted.query.strip() and not (asked.must or self._archive.stems(asked.words)):
            raise SettingsError(
                f"{wanted.query!r} holds no word to search for", "give words, or leave it out"
            )
        if wanted.webhook is not None:
            AllowedHosts.read(self._settings.webhooks).look(wanted.webhook)
        if wanted.mail:
            MailServer.read(self._settings).look(wanted.mail)
        return self._archive.watches.add(wanted, owner)

    def renew(self, name: str, owner: str = "") -> str:
        """Give a watch's feed another address; return its token."""
        return self._archive.watches.renew(name, owner)

    def close_feed(self, name: str, owner: str = "") -> None:
        """Take away the address of a watch's feed."""
        self._archive.watches.revoke(name, owner)

    def remove(self, name: str, owner: str = "") -> Watch:
        """Forget a watch."""
        removed = self._archive.watches.remove(name, owner)
        self._seen.forget(self._archive.catalogue.id, removed.id)
        return removed

    def listed(self, owner: str | None = None) -> list[dict[str, object]]:
        """Return the documents of an owner's watches, of everybody's where none is named."""
        watches = self._archive.watches
        return [watch_to_json(one, watches.waiting(one)) for one in watches.all(owner)]

    def alerts(self, name: str, owner: str = "", most: int = _MOST) -> list[Alert]:
        """Return what a watch has told, the newest first."""
        watches = self._today([self._archive.watches.named(name, owner)])
        return [one for watch in watches for one in alerting.told(self._archive, watch, most=most)]

    def news(self, owner: str, collections: Sequence[str] = ()) -> list[WatchNews]:
        """Return what each watch of an owner has told, as far as they may see it today."""
        seen = self._seen.upto(self._archive.catalogue.id)
        return [
            self._news(watch, seen.get(watch.id, 0), collections)
            for watch in self._archive.watches.all(owner)
        ]

    def _news(self, watch: Watch, seen: int, collections: Sequence[str]) -> WatchNews:
        told = alerting.told(self._archive, _held_to(watch, collections), most=_MOST)
        return WatchNews(
            watch=watch,
            new=tuple(alert for alert in told if alert.n > seen),
            earlier=tuple(alert for alert in told if alert.n <= seen),
        )

    def see(self, owner: str, seen: Mapping[int, int]) -> None:
        """Note up to which alert an owner has seen what their watches told."""
        own = {watch.id for watch in self._archive.watches.all(owner)}
        mine = {watch: n for watch, n in seen.items() if watch in own}
        self._seen.see(self._archive.catalogue.id, mine)

    def address(self, token: str) -> str:
        """Return the address of a feed, whole where the settings say how we are reached."""
        return f"{self._settings.public_url.rstrip('/')}/feeds/{token}"

    def feed(self, token: str) -> bytes | None:
        """Return the feed that a token opens; None where it opens nothing."""
        kept = self._archive.watches.of_feed(token)
        watch = next(iter(self._today([kept])), None) if kept else None
        if watch is None:
            return None
        told = alerting.told(self._archive, watch, most=_MOST)
        feed_id = f"urn:morgue:{self._archive.catalogue.id}:watch:{watch.id}"
        return alerts_to_atom(watch, told, feed_id=feed_id)

    # Running

    def run(
        self, names: Sequence[str] = (), owner: str | None = None, now: datetime | None = None
    ) -> WatchRun:
        """Run the watches of an owner, of everybody where none is named; all, or those named."""
        if names:
            watches = [self._archive.watches.named(name, owner or "") for name in names]
        else:
            watches = self._archive.watches.all(owner)
        return alerting.run(self._archive, self._today(watches), citing=self._cited, now=now)

    def run_shared(self) -> None:
        """Run and send, on any host, what needs no more than the archive's database.

        Raises SettingsError where it cannot be told here who may still ask.
        """
        watches = self._archive.watches.all()
        if any(one.owner for one in watches) and not (self._keys.all() or self._people.all()):
            raise SettingsError(
                "whose watches these are is not known on this host",
                "copy keys.json and people.json of the host that serves into this archive's folder,"
                " or set MORGUE_WATCH_SECONDS=0 here",
            )
        self.run()
        self.deliver()

    def _today(self, watches: Sequence[Watch]) -> list[Watch]:
        """Return the watches whose owner may still ask, each held to what they may see today."""
        seen = {key.id: key.collections for key in self._keys.all() if not key.revoked_at}
        seen |= {person.id: person.collections for person in self._people.all()}
        return [
            _held_to(watch, seen.get(watch.owner, ()))
            for watch in watches
            if not watch.owner or watch.owner in seen
        ]

    def _cited(self, watch: Watch) -> Iterator[CitedArticle]:
        """Yield what the owner's answers have cited since the watch last looked."""
        archive = self._archive.papers.archive
        records = self._records.of(archive, watch.owner or None, watch.looked_at)
        for record in records:
            for citation in record.outcome.get("citations", ()):
                said = [Notice(**notice) for notice in citation.get("notices", ())]
                yield CitedArticle(str(citation["article_id"]), tuple(said))

    # Sending

    def deliver(self, now: datetime | None = None) -> DeliveryReport:
        """Send what is due. What is not taken is tried again later, each time later still."""
        now = now or datetime.now(UTC)
        watches = {watch.id: watch for watch in self._archive.watches.all()}
        sent, failed = 0, list[str]()
        for sending in self._archive.watches.due(now):
            watch = watches.get(sending.watch)
            if watch is None or not self._archive.watches.claim(sending, now + _AT_WORK):
                continue
            try:
                self._send(watch, sending, now)
            except MorgueError as error:
                failed.append(f"{watch.name}, by {sending.way}: {error.message}")
                self._put_off(sending, error, now)
            else:
                sent += 1
                self._archive.watches.sent(sending)
        return DeliveryReport(sent=sent, failed=tuple(failed))

    def _put_off(self, sending: Sending, error: MorgueError, now: datetime) -> None:
        over = sending.tries >= len(AGAIN)
        again = _NEVER if over else now + AGAIN[sending.tries]
        why = f"given up: {error.message}" if over else error.message
        self._archive.watches.failed(sending, why, again)

    def _send(self, watch: Watch, sending: Sending, now: datetime) -> None:
        if not (allowed := self._today([watch])):
            raise NotSent("whoever asked for it has no key any more, or was removed")
        between = (sending.first, sending.last)
        told = alerting.told(self._archive, allowed[0], most=_MOST + 1, between=between)
        if not told:
            return  # nothing of it may be shown any more
        message_id = f"{self._archive.catalogue.id}-{sending.id}"
        alerts, more = told[:_MOST], max(sending.last - sending.first + 1 - _MOST, 0)
        if sending.way == "mail":
            lines = alerts_to_text(alerts)
            lines += [f"and about {more} more: `morgue watch show`"] if more else []
            server = MailServer.read(self._settings)
            server.send(watch.mail, subject(watch, alerts), "\n".join(lines) + "\n", message_id)
        elif watch.webhook and watch.secret:
            document = {
                "schema": SCHEMA,
                "watch": {"name": watch.name, "query": watch.query},
                "alerts": [alert_to_json(alert) for alert in alerts],
                "more": more,
            }
            body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
            headers = signature(watch.secret, message_id, now, body)
            post(watch.webhook, body, headers, AllowedHosts.read(self._settings.webhooks))


def _held_to(watch: Watch, collections: Sequence[str]) -> Watch:
    """Return a watch that looks at no other collections: rights may have been fewer since."""
    if not collections:
        return watch
    wanted = watch.filters.collections
    within = tuple(one for one in wanted if one in collections) if wanted else tuple(collections)
    # What was asked for and is allowed no more tells nothing, not everything.
    filters = replace(watch.filters, collections=within or ("",), held=tuple(collections))
    return replace(watch, filters=filters)


@contextlib.contextmanager
def patrol(desk: WatchDesk, seconds: float) -> Iterator[None]:
    """Run all watches every so often for a block, on a thread of its own; never where that is 0."""
    over = threading.Event()

    def go_round() -> None:
        while not over.wait(seconds):
            for step in (desk.run, desk.deliver):
                _safely(step)

    thread = threading.Thread(target=go_round, name="morgue-watches", daemon=True)
    if seconds:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if seconds:
            thread.join(timeout=5)


def _safely(step: Callable[[], object]) -> None:
    """Do something; a failure is logged, and tried again the next time round."""
    try:
        step()
    except MorgueError as error:
        logger.warning("watches were not looked at: %s", error.message)
    except Exception:
        logger.exception("watches were not looked at")
