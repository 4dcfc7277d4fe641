"""The command that replays: an earlier answer with what it rested on, or answered again."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Conflict,
    Listing,
    More,
    NoAnswer,
    Omitted,
    Outcome,
    ReadingCost,
    Searched,
)
from assistant.ask import Assistant
from assistant.doors.cli.console import Console
from assistant.history import Record, Records
from assistant.render import SCHEMA, to_json, to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.browse import lead
from ingest.archive.catalogue import papers_at
from ingest.article import Article, ListedArticle, Notice, PartKind, Story
from ingest.errors import ReadError
from ingest.language.control_characters import harmless
from ingest.settings import IngestSettings

_LISTED = 20
_WIDTH = 80  # columns

Get = Callable[[str, int], Article | None]
"""What looks up a version of an article, None where it is not to be had."""


class ReplayChange(NamedTuple):
    """What is not as it was: None where there is nothing on that side."""

    what: str
    then: object
    now: object


def listing(console: Console) -> None:
    """List the newest records."""
    with papers_at() as papers:
        records = list(Records(papers).newest(_LISTED))
    rows = [{"id": r.id, "at": r.at.isoformat(), "question": r.question.asked} for r in records]
    lines = [
        line
        for r in records
        for line in textwrap.wrap(
            f"{r.id}  {r.at:%d.%m.%Y %H:%M}  {harmless(r.question.asked)}",
            _WIDTH,
            subsequent_indent="    ",
        )
    ]
    text = "\n".join(lines) or "No answer is on record."
    console.result({"schema": SCHEMA, "records": rows}, text)


def replay(console: Console, record_id: str, shelf: IngestSettings | None, *, again: bool) -> None:
    """Show an earlier answer, with the words that its archive holds; or answer it again."""
    with papers_at(shelf.archive if shelf else None) as papers:
        record = Records(papers).read(record_id)
    # Of an archive in a database the record names its id: the folder is this host's.
    folder = record.archive if Path(record.archive).is_absolute() and not shelf else None
    with Archive.open(folder, settings=shelf) as archive:
        missing = gone(record, archive.get)
        document: dict[str, object] = {
            "schema": SCHEMA,
            "record": told(record, withhold=bool(missing)),
            "change_now": archive.status().change,
            "gone": missing,
        }
        text = _heading(record, archive.status().change)
        if missing:
            text += f"\n{_GONE}\n  {chr(10).join(missing)}\n"
        else:
            text += "\n" + to_text(restored(record, archive.get))
        if again:
            now = _again(record, archive)
            found = [] if missing else differences(record.outcome, to_json(now))
            document |= {"again": to_json(now), "differences": [d._asdict() for d in found]}
            text += f"\nAnswered again\n\n{to_text(now)}\n" + ("" if missing else _listed(found))
    console.result(document, text)


_GONE = "What this answer rests on is no longer in the archive, so its words are not shown:"


def restored(record: Record, get: Get) -> Outcome:
    """Return the outcome of a record, the words of its citations looked up in the archive.

    Raises ReadError for a record that does not hold an outcome, or cites what is gone.
    """
    kept = record.outcome
    try:
        return _RESTORED.get(kept["kind"], _no_answer)(kept, get)
    except (KeyError, TypeError, ValidationError) as error:
        raise ReadError(record.id, "outcome", f"it is not an outcome: {error}") from error


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[ReplayChange]:
    """Return how two outcomes differ, as documents of `ask --json`; what took how long does not."""
    found = [
        ReplayChange(what, then.get(what), now.get(what))
        for what in ("kind", "mode", "reason", "faithfulness", "total")
        if then.get(what) != now.get(what)
    ]
    before, after = _said(then), _said(now)
    found += [ReplayChange("said no more", text, None) for text in before if text not in after]
    found += [ReplayChange("newly said", None, text) for text in after if text not in before]
    found += [
        ReplayChange(f"verdict of {text!r}", before[text], after[text])
        for text in before
        if text in after and before[text] != after[text]
    ]
    cited, cites = _cited(then), _cited(now)
    listed, lists = _titles(then), _titles(now)
    found += [ReplayChange("listed no more", one, None) for one in listed if one not in lists]
    found += [ReplayChange("newly listed", None, one) for one in lists if one not in listed]
    found += [ReplayChange("cited no more", place, None) for place in cited if place not in cites]
    found += [ReplayChange("newly cited", None, place) for place in cites if place not in cited]
    return found


def _again(record: Record, archive: Archive) -> Outcome:
    asked = record.question
    return Assistant(archive, Settings()).ask(
        asked.asked, mode=asked.mode, filters=asked.filters, history=record.history, id=asked.id
    )


def _said(outcome: Mapping[str, Any]) -> dict[str, str]:
    return {claim["text"]: claim["verdict"] for claim in outcome["claims"]}


def _cited(outcome: Mapping[str, Any]) -> list[str]:
    return [
        f"{c['article_id']}, version {c['version']}, {c['start']}-{c['end']}"
        for c in outcome["citations"]
    ]


def _titles(outcome: Mapping[str, Any]) -> list[str]:
    return [f"{one['article_id']}: {one['title']}" for one in outcome.get("articles", ())]


def gone(record: Record, get: Get) -> list[str]:
    """Return the ids of the articles that a record shows words of and that are not to be had."""
    parts = ("citations", "nearest", "articles")
    shown = [one for part in parts for one in record.outcome.get(part, ())]
    shown += [one for end in ("first", "last") if (one := record.outcome.get(end))]
    wanted = dict.fromkeys((c["article_id"], c["version"]) for c in shown)
    return [article_id for article_id, n in wanted if get(article_id, n) is None]


def told(record: Record, *, withhold: bool) -> dict[str, object]:
    """Return a record as a document, without the words of articles where they are withheld."""
    document: dict[str, object] = record.model_dump(mode="json", exclude={"schema_number"})
    if withhold:
        document |= {"outcome": None, "replies": [], "history": []}
    return document


def _heading(record: Record, change: int) -> str:
    moved = "unchanged since" if change == record.change else f"now at {change}"
    lines = [
        f"{record.question.asked}",
        f"asked {record.at:%Y-%m-%d %H:%M} UTC, record {record.id}",
        f"the archive {record.archive} at change {record.change}, {moved}",
        f"{len(record.passages)} passages read",
    ]
    if record.model:
        used = ", ".join(f"{name} {sha[:12]}" for name, sha in record.prompts.items())
        lines.append(f"written by {record.model}, prompts: {used}")
    return "\n".join(harmless(line) for line in lines) + "\n"


def _listed(found: Sequence[ReplayChange]) -> str:
    def line(difference: ReplayChange) -> str:
        what, then, now = difference
        sides = [str(side) for side in (then, now) if side is not None]
        return harmless(f"  {what}: {' -> '.join(sides)}")

    return "\n".join(["Differences", *map(line, found)]) if found else "No differences."


def _answer(kept: Mapping[str, Any], get: Get) -> Answer:
    return Answer(
        question=kept["question"],
        mode=kept["mode"],
        text=kept["text"],
        claims=_CLAIMS.validate_python([_judged(one) for one in kept["claims"]]),
        citations=tuple(_citations(kept["citations"], get)),
        searched=_searched(kept["searched"]),
        omitted=_OMITTED.validate_python([_judged(one) for one in kept["omitted"]]),
        conflicts=_CONFLICTS.validate_python([*kept["conflicts"], *kept.get("updates", ())]),
        faithfulness=kept["faithfulness"],
        warnings=_NOTICES.validate_python(kept["warnings"]),
        id=kept["id"],
        record_id=kept["record_id"],
        seconds=kept["seconds"],
        reading=_READING.validate_python(kept.get("reading")),
        more=_MORE.validate_python(kept.get("more")),
    )


def _no_answer(kept: Mapping[str, Any], get: Get) -> NoAnswer:
    return NoAnswer(
        question=kept["question"],
        mode=kept["mode"],
        text=kept["text"],
        reason=kept["reason"],
        nearest=tuple(_citations(kept["nearest"], get)),
        searched=_searched(kept["searched"]),
        warnings=_NOTICES.validate_python(kept["warnings"]),
        id=kept["id"],
        record_id=kept["record_id"],
        seconds=kept["seconds"],
        reading=_READING.validate_python(kept.get("reading")),
    )


def _listing(kept: Mapping[str, Any], get: Get) -> Listing:
    ends = (kept["first"], kept["last"])
    first, last = ((_line_of(end, get) if end else None) for end in ends)
    return Listing(
        question=kept["question"],
        text=kept["text"],
        articles=tuple(_line_of(one, get) for one in kept["articles"]),
        total=kept["total"],
        total_with_copies=kept["total_with_copies"],
        first=first,
        last=last,
        facets=kept["facets"],
        next=kept["next"],
        searched=_searched(kept["searched"]),
        warnings=_NOTICES.validate_python(kept["warnings"]),
        id=kept["id"],
        record_id=kept["record_id"],
        seconds=kept["seconds"],
        reading=_READING.validate_python(kept.get("reading")),
    )


def _line_of(kept: Mapping[str, Any], get: Get) -> ListedArticle:
    article = _kept_article(kept, get)
    return ListedArticle(
        article=article,
        lead=lead(article),
        story=_STORY.validate_python(kept["story"]),
        notices=_NOTICES.validate_python(kept["notices"]),
        newsrooms=kept["newsrooms"],
        related=kept["related"],
    )


_RESTORED: Mapping[str, Callable[[Mapping[str, Any], Get], Outcome]] = {
    "answer": _answer,
    "list": _listing,
}


def _kept_article(kept: Mapping[str, Any], get: Get) -> Article:
    article = get(kept["article_id"], kept["version"])
    if article is None:
        where = f"version {kept['version']}"
        raise ReadError(kept["article_id"], where, "it is not in the archive")
    return article


def _judged(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a sentence with its judgement as it was made, not as it is told in JSON."""
    told = kept.get("judgement")
    if told is None:
        return kept
    at = told["rests_on"] or {}
    source = kept["citations"].index(at["citation"]) if at else None
    span = (at["start"], at["end"]) if at else None
    return {**kept, "judgement": {**told, "source": source, "span": span}}


def _citations(kept: Sequence[Mapping[str, Any]], get: Get) -> Iterator[Citation]:
    for c in kept:
        yield Citation(
            n=c["n"],
            article=_kept_article(c, get),
            part=_PART.validate_python(c["part"]),
            start=c["start"],
            end=c["end"],
            story=_STORY.validate_python(c["story"]),
            notices=_NOTICES.validate_python(c["notices"]),
        )


def _searched(kept: Mapping[str, Any]) -> Searched:
    understood = dict(kept["understood"])
    if when := understood.get("when"):
        days = {end: _DAY.validate_python(when[end]) for end in ("from", "to")}
        understood["when"] = {**when, **days}
    days = {"since": kept["from"], "until": kept["to"]}
    document = {**kept, **days, "understood": understood, "plan": _plan(kept.get("plan"))}
    return _SEARCHED.validate_python(document)


def _plan(kept: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a plan as it was made; records of before plans have none."""
    if kept is None:
        return None
    order = {"order": kept["sort"], "listed": True} if kept["sort"] else {}
    return {**kept, "since": kept["from"], "until": kept["to"], **order}


_CLAIMS = TypeAdapter(tuple[Claim, ...])
_OMITTED = TypeAdapter(tuple[Omitted, ...])
_CONFLICTS = TypeAdapter(tuple[Conflict, ...])
_NOTICES = TypeAdapter(tuple[Notice, ...])
_READING: TypeAdapter[ReadingCost | None] = TypeAdapter(ReadingCost | None)
_MORE: TypeAdapter[More | None] = TypeAdapter(More | None)
_STORY = TypeAdapter(Story)
_SEARCHED = TypeAdapter(Searched)
_DAY: TypeAdapter[date | None] = TypeAdapter(date | None)
_PART: TypeAdapter[PartKind] = TypeAdapter(PartKind)
