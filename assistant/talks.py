"""Conversations, kept on disk: the questions of one in their order, and the record of each answer.

They stand beside the records (`ingest.archive.papers`). No word of an answer is in them: an answer
is looked up in its record, so that what is forgotten there is forgotten here too.
"""

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.archive.database import Connection
from ingest.archive.papers import FolderPapers, Papers
from ingest.errors import ArchiveError, MorgueError

logger = logging.getLogger("morgue.talks")

TRASH_DAYS = 30
"""Days that a deleted conversation can still be brought back."""

_NAMED = 80
"""Characters of its first question that a conversation is called by until somebody renames it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose conversations: those with one archive, asked with one key; none is its own too."""

    archive: str
    asker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTurn:
    """A question of a conversation; `record` is that of its answer, None where none came."""

    n: int
    question: str
    asked: datetime
    record: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTalk:
    """A conversation, with how many questions it has; `deleted` is when it went to the trash.

    `second` is its second question as a title, which tells it from another that began alike.
    `shared_by` is who shows it to the newsroom, by their name; None where nobody does.
    """

    id: str
    title: str
    began: datetime
    touched: datetime
    questions: int
    second: str | None = None
    deleted: datetime | None = None
    shared_by: str | None = None

    @property
    def goes(self) -> datetime | None:
        """When it can be brought back no more."""
        return self.deleted + timedelta(days=TRASH_DAYS) if self.deleted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTalk:
    """A conversation in which words were found, the turn that has them, and its answer's text."""

    talk: KeptTalk
    turn: KeptTurn
    answer: str


class Talks:
    """The conversations of some papers. Safe from several windows, threads and processes.

    Whoever asks for a conversation says whose it must be; another's is as one that is not there,
    until its owner shares it with the newsroom.
    """

    def __init__(self, papers: Papers | None = None) -> None:
        self._papers = papers or FolderPapers()

    def begin(self, owner: Owner, question: str, talk_id: str | None = None) -> tuple[str, int]:
        """Write down a question, in a conversation or a new one; return which, and its place.

        A conversation that was deleted in another window comes back: it is being used.
        """
        now, question = _now(), _kept(question)
        with self._open() as held:
            known = talk_id and self._row(held, owner, talk_id)
            if not known:
                talk_id = secrets.token_hex(8)
                held.execute(
                    "INSERT INTO talks VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                    (talk_id, owner.archive, owner.asker, _title(question), now, now),
                )
            held.execute(
                "UPDATE talks SET touched = ?, deleted = NULL WHERE id = ?", (now, talk_id)
            )
            (n,) = held.execute(
                "INSERT INTO turns SELECT ?, 1 + coalesce(max(n), 0), ?, ?, NULL FROM turns"
                " WHERE talk = ? RETURNING n",
                (talk_id, question, now, talk_id),
            ).fetchone()
        return str(talk_id), int(n)

    def answered(self, talk_id: str, n: int, record_id: str) -> None:
        """Write down which record answers a question."""
        with self._open() as held:
            held.execute(
                "UPDATE turns SET record = ? WHERE talk = ? AND n = ?", (record_id, talk_id, n)
            )

    def all(self, owner: Owner, *, deleted: bool = False) -> list[KeptTalk]:
        """Return somebody's conversations, the one last used first; or those in the trash."""
        where = "IS NOT NULL" if deleted else "IS NULL"
        with self._open() as held:
            rows = held.execute(
                f"{_TALK} WHERE archive = ? AND asker = ? AND deleted {where}"
                " ORDER BY coalesce(deleted, touched) DESC, id",
                (owner.archive, owner.asker),
            ).fetchall()
        return [_talk(row) for row in rows]

    def read(self, owner: Owner, talk_id: str) -> tuple[KeptTalk, tuple[KeptTurn, ...]] | None:
        """Return a conversation with its questions, from the trash too; None if there is none."""
        with self._open() as held:
            row = self._row(held, owner, talk_id)
            turns = _turns(held, talk_id)
        return (_talk(row), turns) if row else None

    def rename(self, owner: Owner, talk_id: str, title: str) -> bool:
        """Give a conversation another title; tell whether it has it now."""
        named = _title(title)
        if not named:
            return False
        return bool(self._change(owner, [talk_id], "UPDATE talks SET title = ?", named))

    def delete(self, owner: Owner, talk_ids: Sequence[str]) -> int:
        """Put conversations into the trash; return how many were not there yet."""
        there = "AND deleted IS NULL"
        return self._change(owner, talk_ids, "UPDATE talks SET deleted = ?", _now(), also=there)

    def restore(self, owner: Owner, talk_ids: Sequence[str]) -> int:
        """Bring conversations back from the trash; return how many."""
        gone = "AND deleted IS NOT NULL"
        return self._change(owner, talk_ids, "UPDATE talks SET deleted = NULL", also=gone)

    def purge(self, owner: Owner, talk_ids: Sequence[str]) -> int:
        """Forget conversations that are in the trash; return how many."""
        gone = "AND deleted IS NOT NULL"
        return self._change(owner, talk_ids, "DELETE FROM talks", also=gone)

    def share(self, owner: Owner, talk_id: str, name: str | None) -> bool:
        """Show a conversation to the newsroom under somebody's name, or no more; tell if it is."""
        return bool(self._change(owner, [talk_id], "UPDATE talks SET shared_by = ?", name))

    def shared(self, archive: str) -> list[KeptTalk]:
        """Return the conversations with an archive that are shown to the newsroom."""
        with self._open() as held:
            rows = held.execute(
                f"{_TALK} WHERE archive = ? AND shared_by IS NOT NULL AND deleted IS NULL"
                " ORDER BY touched DESC, id",
                (archive,),
            ).fetchall()
        return [_talk(row) for row in rows]

    def read_shared(
        self, archive: str, talk_id: str
    ) -> tuple[KeptTalk, tuple[KeptTurn, ...]] | None:
        """Return a conversation that is shown to the newsroom; None if there is none."""
        with self._open() as held:
            row = held.execute(
                f"{_TALK} WHERE archive = ? AND id = ? AND shared_by IS NOT NULL"
                " AND deleted IS NULL",
                (archive, talk_id),
            ).fetchone()
            turns = _turns(held, talk_id)
        return (_talk(row), turns) if row else None

    def search(
        self, owner: Owner, words: str, answer: Callable[[str], str], most: int = 500
    ) -> Iterator[FoundTalk]:
        """Yield where all the words stand: in a title, a question, or what `answer` says.

        Newest first, one place a conversation; of the newest `most` questions.
        """
        wanted = words.casefold().split()
        looked = 0
        for talk in self.all(owner):
            _, turns = self.read(owner, talk.id) or (None, ())
            for turn in reversed(turns):
                looked += 1
                if looked > most:
                    return
                said = answer(turn.record) if turn.record else ""
                text = f"{talk.title}\n{turn.question}\n{said}".casefold()
                if all(word in text for word in wanted):
                    yield FoundTalk(talk=talk, turn=turn, answer=said)
                    break

    def _change(
        self,
        owner: Owner,
        talk_ids: Sequence[str],
        change: str,
        *values: str | None,
        also: str = "",
    ) -> int:
        with self._open() as held:
            return sum(
                held.execute(
                    f"{change} WHERE archive = ? AND asker = ? AND id = ? {also}",
                    (*values, owner.archive, owner.asker, talk_id),
                ).rowcount
                for talk_id in dict.fromkeys(talk_ids)
            )

    @staticmethod
    def _row(held: Connection, owner: Owner, talk_id: str) -> tuple[str, ...] | None:
        row: tuple[str, ...] | None = held.execute(
            f"{_TALK} WHERE archive = ? AND asker = ? AND id = ?",
            (owner.archive, owner.asker, talk_id),
        ).fetchone()
        return row

    @contextlib.contextmanager
    def _open(self) -> Iterator[Connection]:
        """Give the tables for one change or look, whole or not at all. Raises MorgueError."""
        try:
            with self._papers.conversations() as held:
                past = datetime.now(UTC) - timedelta(days=TRASH_DAYS)
                held.execute("DELETE FROM talks WHERE deleted < ?", (past.isoformat(),))
                yield held
        except (OSError, ArchiveError) as error:
            raise MorgueError(
                f"conversations cannot be kept: {error}",
                getattr(error, "hint", "")
                or "see that their file can be written; answers are given all the same",
            ) from error


_TALK = (
    "SELECT id, title, began, touched, deleted, (SELECT count(*) FROM turns WHERE talk = id),"
    " shared_by, (SELECT question FROM turns WHERE talk = id ORDER BY n LIMIT 1 OFFSET 1)"
    " FROM talks"
)


def _talk(row: Sequence[str]) -> KeptTalk:
    talk_id, title, began, touched, deleted, questions, shared_by, second = row
    return KeptTalk(
        id=talk_id,
        title=title,
        began=datetime.fromisoformat(began),
        touched=datetime.fromisoformat(touched),
        questions=int(questions),
        second=_title(second) if second else None,
        deleted=datetime.fromisoformat(deleted) if deleted else None,
        shared_by=shared_by,
    )


def _turns(held: Connection, talk_id: str) -> tuple[KeptTurn, ...]:
    rows = held.execute(
        "SELECT n, question, asked, record FROM turns WHERE talk = ? ORDER BY n", (talk_id,)
    ).fetchall()
    return tuple(map(_turn, rows))


def _turn(row: Sequence[str]) -> KeptTurn:
    n, question, asked, record = row
    when = datetime.fromisoformat(asked)
    return KeptTurn(n=int(n), question=question, asked=when, record=record)


def _kept(words: str) -> str:
    """Return words without what some database cannot keep."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()


def _title(words: str) -> str:
    """Return words as a title: one line, cut at a space."""
    line = " ".join(_kept(words).split())
    if len(line) <= _NAMED:
        return line
    return (line[:_NAMED].rpartition(" ")[0] or line[:_NAMED]) + " …"


def _now() -> str:
    return datetime.now(UTC).isoformat()
