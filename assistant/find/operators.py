"""What the operators of a question bind: its filters, its articles, the sentences it may cite."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Question
from assistant.find.candidates import Candidate
from ingest.archive import Archive
from ingest.archive.query import Query, conjuncts, has_speaker, written
from ingest.article import Hit


def bound(archive: Archive, question: Question) -> Question:
    """Return a question whose operators are held against the archive, and said.

    Days and names become filters. A phrase in a question binds where any article prints it: a
    title may be printed in other marks. Where none does its words are searched, and that is said.
    """
    query = question.query
    if query is None or query.must is None:
        return question
    if query.questioned:
        return _questioned(archive, question, query)
    told = {**question.understood, "must": " ".join(map(written, conjuncts(query.must)))}
    query, filters = archive.narrowed(query, question.filters)
    return replace(question, query=query, filters=filters, understood=told)


def _questioned(archive: Archive, question: Question, query: Query) -> Question:
    printed = archive.fitting(query.must, question.filters, most=1)
    said = " ".join(map(written, conjuncts(query.must)))
    told = {**question.understood, "must" if printed else "unprinted": said}
    return replace(question, query=query if printed else None, understood=told)


def unfit(archive: Archive, question: Question) -> str | None:
    """Say that no article holds what the operators ask for, where none does, of one not found.

    A search for nothing else has read all that might.
    """
    said = " ".join(map(written, conjuncts(question.must)))
    if not said:
        return None
    if not _alone(question) and archive.fitting(question.must, question.filters, most=1):
        return None
    return f"No article within the filters fits {said}."


def of_the_marks(
    question: Question, hits: Sequence[Hit], said: Sequence[Candidate]
) -> list[Candidate]:
    """Return the sentences that may be cited under a question's operators.

    Where a speaker, or nothing but what must be printed, is asked for, those where it is.
    """
    query = question.query
    if query is None or not (_alone(question) or has_speaker(query.must)):
        return list(said)
    marks: dict[str, set[tuple[int, int]]] = {}
    for hit in hits:
        marks.setdefault(hit.article.article_id, set()).update(hit.marks)
    if not any(marks.values()):
        return list(said)
    return [
        one
        for one in said
        if any(s < one.end and one.start < e for s, e in marks[one.hit.article.article_id])
    ]


def _alone(question: Question) -> bool:
    """Tell whether a question is its operators alone, with no words that only rank."""
    query = question.query
    return query is not None and not query.questioned and not query.words.strip()
