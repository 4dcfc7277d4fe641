"""A plan for articles to what was found: the words of a list, and a page of what fits them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from assistant.answer import Plan, Question
from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.archive.browse import FACETS, Browse, Browsed, FacetField
from ingest.article import Filters, Order
from ingest.errors import MorgueError

PAGE = 20
"""Articles on a page, unless another number is asked for."""


class Browsing(TypedDict, total=False):
    """How a list may be asked for, by name, wherever one may be.

    `next` is where the page before said that this one begins; `literal` takes every word as one.
    """

    filters: Filters | None
    sort: Order
    k: int
    next: str | None
    facets: Sequence[FacetField]
    literal: bool


_PHRASE = re.compile(r'"([^"]+)"|“([^”]+)”|«([^»]+)»')


def wanted(query: str, *, literal: bool = False) -> Plan:
    """Return the plan of a list by words: those in quotation marks are printed as they stand.

    Unless it is `literal`: then the marks are nothing.
    """
    if literal:
        return Plan(wants="list", query=" ".join(query.split()), listed=True)
    names = tuple(next(filter(None, found)) for found in _PHRASE.findall(query))
    words = " ".join(_PHRASE.sub(" ", query).split())
    return Plan(wants="list", query=words, names=names, listed=True)


def of_query(question: Question) -> bool:
    """Tell whether what a list asks for is a query with operators: either of two names."""
    return question.query is not None and question.query.text == question.plan.query


def page_of(token: str | None) -> int:
    """Return how many articles come before a page that another one named. Raises MorgueError."""
    if token is None:
        return 0
    if not re.fullmatch(r"\d{1,9}", token):
        raise MorgueError(f"{token!r} names no page", "give the `next` of the page before it")
    return int(token)


def browsed(
    archive: Archive,
    question: Question,
    *,
    k: int = PAGE,
    offset: int = 0,
    facets: Sequence[FacetField] = FACETS,
) -> Browsed:
    """Return a page of the articles that a question asks for, and how many there are."""
    plan = question.plan
    if "speaker" in facets:
        archive.speech.unheard()  # reads a few that were not read for who speaks
    return archive.browse(
        Browse(
            words="" if of_query(question) else plan.query,
            names=plan.names,
            filters=question.filters,
            order=plan.order,
            k=k,
            offset=offset,
            facets=tuple(facets),
            among=_among(archive, question),
        )
    )


def browsed_by_names(archive: Archive, question: Question) -> tuple[Question, Browsed]:
    """Return a list with what it is of: where nothing holds all its words, what prints its names.

    Which words no article holds is then understood as `not_all`.
    """
    found, plan = browsed(archive, question), question.plan
    told = names(plan.query) if plan.wants == "list" and not plan.names else []
    if found.total or not told or question.must is not None:
        return question, found
    plan = replace(plan, names=tuple(told), query="")
    understood = {**question.understood, "not_all": question.plan.query}
    named = replace(question, plan=plan, understood=understood)
    instead = browsed(archive, named)
    return (named, instead) if instead.total else (question, found)


def _among(archive: Archive, question: Question) -> tuple[str, ...] | None:
    """Return the articles that hold exactly what the operators of a query ask for."""
    if question.must is None:
        return None
    return tuple(archive.fitting(question.must, question.filters))
