"""What people left with an archive, carried over to where its catalogue goes."""

import json
from typing import NamedTuple

from ingest.archive.papers import DOCUMENTS, FolderPapers, Papers, whose_is
from ingest.errors import ArchiveDamaged

_TALK = ("id", "archive", "asker", "title", "began", "touched", "deleted", "shared_by")
_TURN = ("talk", "n", "question", "asked", "record")


class PapersMoved(NamedTuple):
    """How many answers on record and conversations were carried over."""

    records: int
    conversations: int


def carry_papers(source: Papers, to: Papers) -> PapersMoved:
    """Carry over keys, accounts, sessions, and the records and conversations of one archive.

    Under the name that it has where they go. From one folder to another what somebody asked stays
    where it is: it is theirs, and beside both. Raises ArchiveDamaged where one did not arrive.
    """
    for name in DOCUMENTS:
        kept = source.document(name)
        if kept.stamp() is not None:
            with to.document(name).changing() as change:
                change.text = kept.read()
    if isinstance(source, FolderPapers) and isinstance(to, FolderPapers):
        return PapersMoved(0, 0)
    return PapersMoved(_records(source, to), _conversations(source, to))


def _records(source: Papers, to: Papers) -> int:
    carried = 0
    for record_id, _ in sorted(source.records()):
        try:
            document = json.loads(source.record(record_id) or b"{}")
        except ValueError:  # a broken one is left to who can look at it
            continue
        if document.get("archive") != source.archive:
            continue
        text = json.dumps({**document, "archive": to.archive}, ensure_ascii=False)
        to.drop_records([record_id])  # as it was before it was first carried away from there
        to.keep_record(record_id, whose_is(to.archive, document.get("asker")), text)
        if to.record(record_id) != text.encode():
            raise ArchiveDamaged(f"the record {record_id} did not arrive", "do the same again")
        carried += 1
    return carried


def _conversations(source: Papers, to: Papers) -> int:
    with source.conversations() as held:
        talks = held.execute(
            f"SELECT {', '.join(_TALK)} FROM talks WHERE archive = ?",  # noqa: S608
            (source.archive,),
        ).fetchall()
        turns = held.execute(
            f"SELECT {', '.join(_TURN)} FROM turns"  # noqa: S608
            " WHERE talk IN (SELECT id FROM talks WHERE archive = ?)",
            (source.archive,),
        ).fetchall()
    with to.conversations() as held:
        for talk_id, _, *rest in talks:
            held.execute("DELETE FROM talks WHERE id = ?", (talk_id,))
            held.execute(
                "INSERT INTO talks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (talk_id, to.archive, *rest)
            )
        held.executemany("INSERT INTO turns VALUES (?, ?, ?, ?, ?)", turns)
    return len(talks)
