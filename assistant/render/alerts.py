"""Alerts and watches as JSON, plain text and an Atom feed; pure."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from assistant.render.documents import SCHEMA, Document, filters_to_json, hit_to_json, plain
from assistant.render.phrasing import imprint
from ingest.archive.alerting import Alert, WatchRun
from ingest.archive.watches import Sending, Watch
from ingest.language.control_characters import harmless

_ATOM = "http://www.w3.org/2005/Atom"
_EVENTS = {"new": "New", "correction": "Correction", "retraction": "Retraction"}


def watch_to_json(watch: Watch, waiting: Sequence[Sending] = ()) -> Document:
    """Return a saved search, with what of it is still to be sent; never a token or a secret."""
    return {
        "name": watch.name,
        "query": watch.query,
        "kind": watch.kind,
        "filters": filters_to_json(watch.filters),
        "webhook": watch.webhook,
        "mail": list(watch.mail),
        "feed": watch.has_feed,
        "created_at": plain(watch.created_at),
        "looked_at": plain(watch.looked_at),
        "waiting": [
            {"way": one.way, "tries": one.tries, "due": plain(one.due), "error": one.error}
            for one in waiting
        ],
    }


def alert_to_json(alert: Alert) -> Document:
    """Return what a watch told: which event, of which passage, and of a correction its words."""
    said = alert.notice and {"code": alert.notice.code, "text": alert.notice.text}
    return {
        "n": alert.n,
        "watch": alert.watch.name,
        "event": alert.kind,
        "at": plain(alert.at),
        "notice": said,
        "hit": hit_to_json(alert.hit),
    }


def run_to_json(run: WatchRun) -> Document:
    """Return what a run over watches came to."""
    return {
        "schema": SCHEMA,
        "watches": run.watches,
        "looked_at": run.looked_at,
        "alerts": [alert_to_json(alert) for alert in run.alerts],
        "skipped": [{"watch": one.name, "why": one.why} for one in run.skipped],
    }


def alerts_to_text(alerts: Iterable[Alert]) -> list[str]:
    """Return alerts as lines, each watch under its name."""
    lines: list[str] = []
    name = None
    for alert in alerts:
        if alert.watch.name != name:
            name = alert.watch.name
            lines += [*([""] if lines else []), harmless(name)]
        lines += [f"  {line}" for line in _told(alert)]
    return lines


def _told(alert: Alert) -> list[str]:
    article = alert.hit.article
    lines = [f"{_EVENTS[alert.kind]}: {_line(article.title)}", f"    {_line(imprint(alert.hit))}"]
    if alert.notice:
        lines.append(f"    {_line(alert.notice.text)}")
    else:
        lines.append(f"    | {_line(alert.hit.text)}")
    if article.url:
        lines.append(f"    {_line(article.url)}")
    lines.append(f"    {article.article_id}")
    return lines


def _line(text: str) -> str:
    return " ".join(harmless(text).split())


def subject(watch: Watch, alerts: Sequence[Alert]) -> str:
    """Return the line that says what a message tells: of which watch, how many of what."""
    counted = [
        f"{sum(alert.kind == kind for alert in alerts)} {word.lower()}"
        for kind, word in _EVENTS.items()
        if any(alert.kind == kind for alert in alerts)
    ]
    return f"{_line(watch.name)}: {', '.join(counted) or 'nothing that may still be shown'}"


def alerts_to_atom(watch: Watch, alerts: Sequence[Alert], *, feed_id: str) -> bytes:
    """Return what a watch told as an Atom feed (RFC 4287), the newest first."""
    feed = Xml.Element("feed", xmlns=_ATOM)
    newest = max([watch.created_at, *(alert.at for alert in alerts)])
    for tag, text in (("id", feed_id), ("title", watch.name), ("updated", newest.isoformat())):
        _add(feed, tag, text)
    _add(_add(feed, "author"), "name", "Morgue")
    for alert in alerts:
        article = alert.hit.article
        entry = _add(feed, "entry")
        _add(entry, "id", f"{feed_id}:{alert.n}")
        word = "" if alert.kind == "new" else f"{_EVENTS[alert.kind]}: "
        _add(entry, "title", f"{word}{article.title}")
        _add(entry, "updated", alert.at.isoformat())
        if article.published_at:
            _add(entry, "published", article.published_at.isoformat())
        _add(_add(entry, "author"), "name", article.outlet or "unknown outlet")
        if article.url and urlsplit(article.url).scheme in {"http", "https"}:
            _add(entry, "link").set("href", _permitted(article.url))
        _add(entry, "category").set("term", alert.kind)
        _add(entry, "summary", alert.notice.text if alert.notice else alert.hit.text)
    told: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return told


def _add(parent: Xml.Element, tag: str, text: str | None = None) -> Xml.Element:
    child = Xml.SubElement(parent, tag)
    if text is not None:
        child.text = _permitted(text)
    return child


def _permitted(text: str) -> str:
    """Return a text without the characters that XML does not allow, or that a screen obeys."""
    return "".join(c for c in harmless(text) if c not in "\ufffe\uffff")
