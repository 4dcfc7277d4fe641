"""Rows to measure: questions, answers and claims, in the shapes that people have them in."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from assistant.answer import Turn
from assistant.check.judge import imprint
from assistant.compose.relation import Pair, Relation
from assistant.evaluate import row_fields
from assistant.evaluate.saying import CitedSentence, cut, declines, plain_keys
from ingest.errors import MorgueError, ReadError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What people know of a question: the short answers, the articles, whose words.

    `articles` are keys as `article_keys` makes them. None: nobody says which; empty: the archive
    has none. With `every`, all of them are needed, else any of them will do.
    """

    answers: tuple[str, ...] = ()
    articles: frozenset[str] | None = None
    every: bool = False
    expects: Literal["answer", "no_answer"] | None = None
    quotes: tuple[str, ...] = ()
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an answer rests on: its words, if they are given, and the keys of its article."""

    n: int
    text: str | None
    keys: frozenset[str] = frozenset()
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A question to put to an archive. `collection` keeps the search to one collection."""

    id: str
    question: str
    group: str = ""
    day: date | None = None
    history: tuple[Turn, ...] = ()
    collection: str | None = None
    gold: Gold = field(default_factory=Gold)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRow:
    """An answer that somebody's system gave. `cites` says whether it marks its sources at all.

    Not `responded`: the row is one of an answer, and the system gave none, not even that it has
    none; there is nothing to measure.
    """

    id: str
    question: str
    text: str
    sentences: tuple[CitedSentence, ...]
    sources: tuple[Source, ...]
    abstained: bool
    cites: bool
    group: str = ""
    mode: str | None = None
    gold: Gold = field(default_factory=Gold)
    confidence: float | None = None
    tokens: int | None = None
    seconds: float | None = None
    responded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim, its passages, and whether people found it supported.

    `right` names the figures that count whether it is judged right, `shown` those that count
    whether it would be shown.
    """

    id: str
    claim: str
    passages: tuple[str, ...]
    supported: bool | None
    group: str = ""
    right: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Two reports that look like answering a question, and how people found they stand."""

    id: str
    pair: Pair
    relation: Relation
    group: str = ""


Row = AskedRow | AnsweredRow | ClaimRow | PairRow


def read(file: Path) -> Iterator[Row | ReadError]:
    """Yield the rows of a file of JSON lines or of one JSON array, and what cannot be read.

    The file may be gzipped. Ids are made unique; a row without one takes its line's number.
    Raises ReadError where the file as a whole cannot be read.
    """
    seen: dict[str, int] = {}
    for where, given in _given(file):
        found = _row(given, file.name, where)
        if isinstance(found, ReadError):
            yield found
            continue
        seen[found.id] = seen.get(found.id, 0) + 1
        again = seen[found.id]
        yield found if again == 1 else replace(found, id=f"{found.id}#{again}")


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            yield from (
                (n, line) for n, line in enumerate(lines, 1) if line.strip(b"\xef\xbb\xbf \t\r\n")
            )
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(file.name, "", f"it cannot be read: {error}") from error


def _given(file: Path) -> Iterator[tuple[str, Any]]:
    """Yield each row's place in a file, and its JSON or the error that it is none."""
    lines = _lines(file)
    first = next(lines, None)
    if first and first[1].lstrip(b"\xef\xbb\xbf \t").startswith(b"["):
        yield from _array([first, *lines])
        return
    for number, line in chain([first] if first else [], lines):
        yield f"line {number}", _json(line)


def _array(lines: Sequence[tuple[int, bytes]]) -> Iterator[tuple[str, Any]]:
    """Yield what one JSON array holds, or each line where the whole is none."""
    whole = _json(b"".join(line for _, line in lines))
    if isinstance(whole, list):
        yield from ((f"row {number}", one) for number, one in enumerate(whole, 1))
    else:
        yield from ((f"line {number}", _json(line)) for number, line in lines)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text.removeprefix(b"\xef\xbb\xbf").strip())
    except (ValueError, RecursionError) as error:
        return error


def _row(given: Any, file: str, where: str) -> Row | ReadError:
    if isinstance(given, ValueError | RecursionError):
        return ReadError(file, where, f"it is not JSON: {given}")
    try:
        return row(given, where.rpartition(" ")[2])
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the row"
        return ReadError(file, where, f"{name}: {first['msg']}")
    except MorgueError as error:
        return ReadError(file, where, error.message, error.hint)


def row(given: Any, fallback_id: str) -> Row:
    """Return a row from its JSON. Raises MorgueError or pydantic's ValidationError."""
    if not isinstance(given, Mapping):
        raise MorgueError("the row is not an object")
    if isinstance(given.get("error"), Mapping):
        raise MorgueError(f"the answer is an error: {given['error'].get('message')}")
    if row_fields.is_claim(given):
        return _claim(row_fields.ClaimFields.model_validate(given), fallback_id)
    if row_fields.is_answer(given):
        return answered(given, fallback_id)
    if row_fields.is_question(given):
        return _asked(row_fields.QuestionFields.model_validate(given), fallback_id)
    raise MorgueError(
        "the row is neither a question, an answer nor a claim",
        "give it `question`, `response` or `claim`",
    )


def _claim(given: row_fields.ClaimFields, fallback_id: str) -> ClaimRow:
    name = given.name or fallback_id
    return ClaimRow(
        id=name,
        claim=given.claim,
        passages=tuple(
            f"{_day(one.date or given.date)}{text}" for one in given.sources if (text := one.text)
        ),
        supported=given.supported,
        group=given.group or name,
    )


def _day(published: date | None) -> str:
    """Return the day above a source's words: "on Tuesday" is read by it."""
    return imprint(None, published, "")


def _asked(given: row_fields.QuestionFields, fallback_id: str) -> AskedRow:
    name = given.name or fallback_id
    return AskedRow(
        id=name,
        question=given.question,
        group=given.group or name,
        day=given.date,
        history=tuple(Turn(question=turn.question, answer=turn.answer) for turn in given.history),
        collection=given.collection,
        gold=gold(given),
    )


def gold(given: row_fields.GoldFields) -> Gold:
    """Return what a row says of the right answer."""
    return Gold(
        answers=given.answers,
        articles=_articles(given),
        every=given.need == "all",
        expects=given.expectation,
        quotes=given.gold_quotes,
        speaker=given.speaker,
    )


def _articles(given: row_fields.GoldFields) -> frozenset[str] | None:
    named = (given.gold_urls, given.gold_files, given.gold_titles)
    if all(one is None for one in named):
        return None
    return frozenset(
        key
        for urls, files, titles in [tuple(one or () for one in named)]
        for key in (
            *(key for url in urls for key in article_keys(url=url)),
            *(key for file in files for key in article_keys(file=file)),
            *(key for title in titles for key in article_keys(title=title)),
        )
    )


def article_keys(
    *, url: str | None = None, file: str | None = None, title: str | None = None
) -> frozenset[str]:
    """Return the keys by which an article is known as gold: of its URL, its file, its title."""
    return plain_keys(url, file, title)


def answered(given: Mapping[str, Any], fallback_id: str, right: Gold | None = None) -> AnsweredRow:
    """Return an answer from its JSON: what `ask --json` prints, or anybody's.

    `right` is what is known of the question, where the row itself does not say it. Raises
    pydantic's ValidationError.
    """
    read_as = row_fields.AnswerFields.model_validate(given)
    name = read_as.name or fallback_id
    sources = _sources(read_as.sources)
    if read_as.claims is not None:
        sentences = _claimed(read_as.claims)
    else:
        sentences = cut(read_as.response or "", {source.n for source in sources})
    none = read_as.kind == "no_answer" or (
        not read_as.is_missing and declines(read_as.response, sentences)
    )
    return AnsweredRow(
        id=name,
        question=read_as.question,
        text="" if none else _told(sentences),
        sentences=() if none else sentences,
        sources=sources,
        abstained=none,
        cites=any(sentence.cites for sentence in sentences),
        group=read_as.group or name,
        mode=read_as.mode,
        gold=right if right is not None else gold(read_as),
        confidence=read_as.confidence,
        tokens=read_as.used,
        seconds=read_as.seconds,
        responded=not read_as.is_missing,
    )


def unanswered(question: AskedRow) -> AnsweredRow:
    """Return a question that stands among answers: it was put, and nothing came back."""
    return AnsweredRow(
        id=question.id,
        group=question.group,
        question=question.question,
        text="",
        sentences=(),
        sources=(),
        abstained=False,
        cites=False,
        gold=question.gold,
        responded=False,
    )


def _told(sentences: Sequence[CitedSentence]) -> str:
    """Return an answer as people read it: each sentence, and whose words they are."""
    return "\n".join(
        f"{one.text} ({one.speaker})" if one.speaker else one.text for one in sentences
    )


def _claimed(claims: Sequence[row_fields.SaidClaim]) -> tuple[CitedSentence, ...]:
    return tuple(
        CitedSentence(
            text=claim.text,
            cites=tuple(claim.citations),
            speaker=claim.speaker,
            verbatim=claim.verdict == "verbatim",
        )
        for claim in claims
        if claim.text.strip()
    )


def _sources(given: Sequence[row_fields.GivenSource]) -> tuple[Source, ...]:
    return tuple(
        Source(
            n=position if one.n is None else one.n,
            text=one.text,
            keys=article_keys(url=one.url, file=one.file, title=one.title),
            published=one.date,
        )
        for position, one in enumerate(given, 1)
    )
