"""What a list says of itself: how many there are, of what, and which is the first or the newest."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.answer import Listing, Plan, Question, Searched
from assistant.compose.who_said import UNHEARD
from assistant.find.listing import of_query
from assistant.find.retrieve import words_behind
from assistant.render.interface_text import in_english
from assistant.render.language_names import language_told
from assistant.render.phrasing import count, day, period
from ingest.archive import Archive
from ingest.archive.browse import Browsed
from ingest.article import Filters, ListedArticle, Notice

_NAMED = 5
"""Outlets that a description of an archive names."""

_ABLE = (
    "Ask a question, and every sentence of the answer is quoted from an article or held against "
    "one; ask for a list, a count or a first mention; or search for words."
)


def listing(
    archive: Archive, question: Question, found: Browsed, covered: Searched, offset: int = 0
) -> Listing:
    """Return what was found as a list that says what it is."""
    ends = offset + len(found.articles)
    return Listing(
        question=question.asked,
        text=" ".join(_told(archive, question, found)),
        articles=found.articles,
        total=found.total,
        total_with_copies=found.total_with_copies,
        first=found.first,
        last=found.last,
        facets={str(name): counted for name, counted in found.facets.items()},
        next=str(ends) if found.articles and ends < found.total else None,
        searched=covered,
        warnings=tuple(_warnings(archive, question, found, covered)),
        id=question.id,
    )


def how_many(question: Question, found: Browsed) -> str:
    """Return what was counted: "18 articles, copies of one dispatch once; 22 with copies"."""
    number = count(found.total, "article") if found.total else "No article"
    said = f"{number}{_which(question, found.total)}{_bounds(question.filters)}"
    if found.total_with_copies > found.total:
        said += f", copies of one dispatch once; {found.total_with_copies:,} with copies"
    return f"{said}."


def _told(archive: Archive, question: Question, found: Browsed) -> Iterator[str]:
    """Yield what the list says, a sentence each."""
    plan = question.plan
    if plan.wants == "about_archive":
        yield from _described(archive, question.filters, found)
        return
    if found.first and found.last and plan.wants in {"first", "latest"}:
        yield _end(plan, found.first if plan.wants == "first" else found.last)
    yield how_many(question, found)
    if plan.wants == "list" and 1 < found.total == len(found.articles):
        yield from _by_whom(found.articles)
    if plan.wants == "count" and found.total > 1 and found.first and found.last:
        first, last = day(found.first.article.date), day(found.last.article.date)
        yield f"The first is of {first}, the last of {last}."
    if plan.order == "news" and found.total > 1:
        yield "What most newsrooms tell, and at greatest length, comes first."


def _by_whom(articles: Sequence[ListedArticle]) -> Iterator[str]:
    """Yield which outlets print the articles of a short list, where they are several."""
    told = (one.story.outlets or (one.article.outlet,) for one in articles)
    outlets = list(dict.fromkeys(name for names in told for name in names if name))
    if 1 < len(outlets) <= _NAMED:
        yield f"Printed by {len(outlets)} outlets: {', '.join(outlets)}."


def _end(plan: Plan, end: ListedArticle) -> str:
    """Return which article is the first or the newest, and when it was printed."""
    article, first = end.article, plan.wants == "first"
    where = f" ({article.outlet})" if article.outlet else ""
    printed = f"{day(article.date)}: “{article.title}”{where}."
    if plan.names:
        return f"{_quoted(plan.names)}: {'first' if first else 'last'} mentioned on {printed}"
    return f"The {'first' if first else 'newest'} article is of {printed}"


def _which(question: Question, number: int) -> str:
    """Return what the articles have in common: " mention “Ann Lee” and hold “harbour”".

    Operators are said where they were typed; who is asked for in words is "by Ann Lee".
    """
    plan, one = question.plan, number <= 1
    by = question.understood.get("by")
    told = [f"{'is' if one else 'are'} by {by}"] if by else []
    if plan.names:
        told.append(f"mention{'s' if one else ''} {_quoted(plan.names)}")
    if of_query(question):
        told.append(f"mention{'s' if one else ''} {plan.query}")
    elif plan.query:
        told.append(f"hold{'s' if one else ''} all the words of “{plan.query}”")
    if question.must is not None and not of_query(question) and not by:
        told.append(f"fit{'s' if one else ''} {question.understood.get('must')}")
    return f" {' and '.join(told)}" if told else ""


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)


def _bounds(filters: Filters) -> str:
    of = [*filters.outlets, *filters.sections]
    when = period(filters.since, filters.until)
    if filters.since and filters.since == filters.until:
        when = day(filters.since)
    return "".join([f" of {', '.join(of)}" if of else "", f", {when}" if when else ""])


def _described(archive: Archive, filters: Filters, found: Browsed) -> Iterator[str]:
    """Yield what an archive holds, and what it may be asked."""
    once = f", {found.total:,} where copies of one dispatch count once"
    once = once if found.total_with_copies > found.total else ""
    first, last = (one and one.article.date for one in (found.first, found.last))
    when = f", printed from {day(first)} to {day(last)}" if first and last else ""
    yield f"This archive holds {count(found.total_with_copies, 'article')}{once}{when}."
    for what, values in (
        ("outlet", archive.values("outlet", filters)),
        ("language", _named(archive.values("language", filters))),
        ("collection", archive.values("collection", filters)),
    ):
        if values:
            yield f"It has {_counted(values, what)}."
    yield _ABLE


def _named(languages: Mapping[str, int]) -> dict[str, int]:
    """Return how many articles there are of each language, by its name."""
    return {language_told(tag, in_english): n for tag, n in languages.items()}


def _counted(values: Mapping[str, int], what: str) -> str:
    """Return "3 outlets: one (12), another (3) and 1 more"."""
    named = ", ".join(f"{name} ({n:,})" for name, n in list(values.items())[:_NAMED])
    rest = len(values) - _NAMED
    return f"{count(len(values), what)}: {named}" + (f" and {rest:,} more" if rest > 0 else "")


def _warnings(
    archive: Archive, question: Question, found: Browsed, covered: Searched
) -> Iterator[Notice]:
    plan = question.plan
    if plan.query or plan.names:
        yield from words_behind(archive)
    if words := question.understood.get("not_all"):
        yield Notice(code="not_all_words", text=f"No article holds all the words of “{words}”.")
    for name, others in archive.spellings(" ".join(plan.names), question.filters).items():
        spelled = ", ".join(f"“{one.title()}”" for one in others)
        yield Notice(
            code="other_spellings",
            text=f"“{name}” is also spelled {spelled} here: what prints only that is not counted.",
        )
    if "speaker" in found.facets and archive.speech.unheard():
        yield UNHEARD
    if covered.nothing:
        yield Notice(code="no_such_value", text=covered.nothing)
    if question.filters.comments:
        yield Notice(
            code="reported_only",
            text="Articles are listed by what they report; readers’ comments are not looked at.",
        )
