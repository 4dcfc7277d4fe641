"""What a question wants: by its form, else by a model that is asked to say."""

from dataclasses import replace
from datetime import UTC, date, datetime

from assistant.answer import Question
from assistant.history import Scribe
from assistant.models import prompts
from assistant.models.llm import Model
from assistant.settings import Settings
from assistant.understand.model_plan import planned_by
from assistant.understand.plan import Shelved, by_form, names_apart
from assistant.understand.question import is_question
from ingest.archive import Archive
from ingest.archive.browse import Browse
from ingest.archive.query import read_query
from ingest.article import Filters


def planned(
    archive: Archive, asked: Question, scribe: Scribe, model: Model | None, settings: Settings
) -> Question:
    """Return a question with its plan; `model` is asked only where the form says no more.

    Raises what the model raises.
    """
    shelf = _shelved(archive, asked.filters)
    question = by_form(asked, shelf)
    if asked.query is None:
        question = _each_named(archive, question)
    asks = model is not None and asked.mode != "quotes" and is_question(asked.asked)
    if model is None or not asks or question.plan.wants != "answer":
        return question
    prompt = scribe.used(prompts.load("plan", settings.prompts))
    return planned_by(scribe.listening(model), prompt, question, shelf)


def _each_named(archive: Archive, question: Question) -> Question:
    """Return a question about each of the names that are joined, where nobody prints them so."""
    plan = question.plan
    several = names_apart(plan.names[0]) if plan.listed and len(plan.names) == 1 else ()
    if len(several) < 2:
        return question
    whole = Browse(names=plan.names, filters=question.filters, k=0, facets=())
    if archive.browse(whole).total:
        return question
    return replace(question, plan=replace(plan, names=several))


def _shelved(archive: Archive, filters: Filters | None) -> Shelved:
    """Return what a plan must know of the archive, as far as whoever asks may see it."""
    scope = filters and (filters.collections or filters.held)
    counts = archive.counts.overview(Filters(collections=tuple(scope or ())))
    held = Filters(collections=tuple(scope or ()))

    def wrote(name: str) -> bool:
        return bool(archive.fitting(read_query(f'author:"{name}"').must, held, most=1))

    return Shelved(tuple(counts.outlets), counts.until, counts.since, wrote)


def today(archive: Archive, filters: Filters | None) -> date | None:
    """Return today where an archive is of today: "this week" says nothing to an old one."""
    held = Filters(collections=filters.held if filters else ())
    now, latest = datetime.now(UTC).date(), archive.counts.covered(held).until
    return now if latest and (now - latest).days <= _CURRENT else None


_CURRENT = 7
"""Days since its newest article within which an archive is of today."""
