"""Conversations outlive the window, the server and a slip of the hand."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.talks import TRASH_DAYS, Owner, Talks
from ingest.archive.papers import FolderPapers, Papers
from ingest.errors import MorgueError

MINE = Owner(archive="/news", asker="k1")
OTHERS = (
    Owner(archive="/news", asker="k2"),
    Owner(archive="/news"),
    Owner(archive="/old", asker="k1"),
)


@pytest.fixture
def talks(papers: Papers) -> Talks:
    return Talks(papers)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where conversations are that stand in a folder."""
    return tmp_path / "reader" / "talks.sqlite"


@pytest.fixture
def in_a_folder(file: Path) -> Talks:
    return Talks(FolderPapers(records=file.parent / "records"))


def test_a_conversation_is_there_for_the_next_server(
    talks: Talks, host: Callable[[str], Papers]
) -> None:
    talk_id, n = talks.begin(MINE, "Who won?")
    talks.answered(talk_id, n, "r1")
    assert talks.begin(MINE, "And who lost?", talk_id) == (talk_id, 2)
    found = Talks(host("another")).read(MINE, talk_id)
    assert found
    talk, turns = found
    assert (talk.title, talk.questions, talk.second) == ("Who won?", 2, "And who lost?")
    assert [one.second for one in talks.all(MINE)] == ["And who lost?"]
    assert [(t.question, t.record) for t in turns] == [("Who won?", "r1"), ("And who lost?", None)]


def test_two_windows_of_one_conversation_lose_nothing(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "0")
    with ThreadPoolExecutor(4) as windows:
        places = list(windows.map(lambda n: talks.begin(MINE, str(n), talk_id), range(1, 17)))
    assert sorted(n for _, n in places) == list(range(2, 18))


def test_anothers_conversation_is_as_one_that_is_not_there(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who won?")
    for owner in OTHERS:
        assert talks.read(owner, talk_id) is None
        assert [*talks.all(owner), *talks.search(owner, "won", str)] == []
        done = [talks.rename(owner, talk_id, "mine now"), talks.delete(owner, [talk_id])]
        done += [talks.restore(owner, [talk_id]), talks.purge(owner, [talk_id])]
        assert not any(done)
    assert [talk.title for talk in talks.all(MINE)] == ["Who won?"]


def test_who_goes_on_with_anothers_conversation_begins_one_of_their_own(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who won?")
    mine, n = talks.begin(OTHERS[0], "And then?", talk_id)
    assert mine != talk_id
    assert n == 1


def test_what_was_deleted_can_be_had_back_for_a_time(talks: Talks) -> None:
    kept, gone = (talks.begin(MINE, question)[0] for question in ("One?", "Two?"))
    assert talks.delete(MINE, [gone, gone, "no such"]) == 1
    assert [talk.id for talk in talks.all(MINE)] == [kept]
    assert [talk.id for talk in talks.all(MINE, deleted=True)] == [gone]
    assert talks.restore(MINE, [gone, kept]) == 1
    assert len(talks.all(MINE)) == 2
    assert talks.purge(MINE, [kept]) == 0  # only what is in the trash goes for good


def test_the_trash_is_emptied_in_time(talks: Talks, papers: Papers) -> None:
    gone, _ = talks.begin(MINE, "Who won?")
    talks.delete(MINE, [gone])
    long_ago = datetime.now(UTC) - timedelta(days=TRASH_DAYS + 1)
    with papers.conversations() as held:
        held.execute("UPDATE talks SET deleted = ?", (long_ago.isoformat(),))
    assert talks.all(MINE, deleted=True) == []
    with papers.conversations() as held:
        assert held.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_a_conversation_that_is_being_used_leaves_the_trash(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who won?")
    talks.delete(MINE, [talk_id])
    assert talks.begin(MINE, "And then?", talk_id) == (talk_id, 2)
    assert [talk.id for talk in talks.all(MINE)] == [talk_id]


def test_a_title_that_says_nothing_is_none(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who won?")
    assert not talks.rename(MINE, talk_id, "  \n ")
    assert talks.rename(MINE, talk_id, "The\n regatta")
    assert [talk.title for talk in talks.all(MINE)] == ["The regatta"]


def test_words_are_found_in_titles_questions_and_answers(talks: Talks) -> None:
    talk_id, n = talks.begin(MINE, "Who WON the Préfontaine cup?")
    talks.answered(talk_id, n, "r1")
    talks.begin(MINE, "What of the harbour?")
    said = {"r1": "Mira Dahl won it."}.get

    def found(words: str) -> list[str]:
        return [one.turn.question for one in talks.search(MINE, words, lambda r: said(r) or "")]

    assert [found(words) for words in ("préfontaine dahl", "HARBOUR", "dahl harbour")] == [
        ["Who WON the Préfontaine cup?"], ["What of the harbour?"], [],
    ]  # fmt: skip


def test_what_no_database_can_keep_is_left_out(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who\0 w\ud800n?")
    assert [talk.title for talk in talks.all(MINE)] == ["Who w?n?"]
    assert talks.rename(MINE, talk_id, "\0The\ud800")


def test_who_asks_what_is_no_affair_of_others_on_the_machine(
    in_a_folder: Talks, file: Path
) -> None:
    in_a_folder.begin(MINE, "Who won?")
    assert file.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MorgueError, match="conversations cannot be kept"):
        Talks(FolderPapers(records=tmp_path / "file" / "records")).begin(MINE, "Who won?")


def test_a_conversation_is_shared_by_its_owner_alone(talks: Talks) -> None:
    talk_id, _ = talks.begin(MINE, "Who won?")
    assert [talks.share(owner, talk_id, "me") for owner in OTHERS] == [False] * 3
    assert talks.shared("/news") == []
    assert talks.share(MINE, talk_id, "Anna")
    assert [(t.id, t.shared_by) for t in talks.shared("/news")] == [(talk_id, "Anna")]
    assert talks.read_shared("/news", talk_id) == talks.read(MINE, talk_id)
    assert talks.shared("/old") == []
    assert talks.read_shared("/old", talk_id) is None
    assert all(talks.read(owner, talk_id) is None for owner in OTHERS)


def test_conversations_of_an_earlier_version_are_all_there(in_a_folder: Talks, file: Path) -> None:
    """The file as it was before conversations could be shared."""
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as held, held:
        held.executescript(
            """
            CREATE TABLE talks (
                id TEXT PRIMARY KEY, archive TEXT NOT NULL, asker TEXT NOT NULL,
                title TEXT NOT NULL, began TEXT NOT NULL, touched TEXT NOT NULL, deleted TEXT
            );
            CREATE INDEX talks_of ON talks (archive, asker, touched);
            CREATE TABLE turns (
                talk TEXT NOT NULL REFERENCES talks (id) ON DELETE CASCADE, n INTEGER NOT NULL,
                question TEXT NOT NULL, asked TEXT NOT NULL, record TEXT, PRIMARY KEY (talk, n)
            ) WITHOUT ROWID;
            INSERT INTO talks VALUES ('t1', '/news', 'k1', 'Who won?', '2024-05-01T00:00:00+00:00',
                '2024-05-01T00:00:00+00:00', NULL);
            INSERT INTO turns VALUES ('t1', 1, 'Who won?', '2024-05-01T00:00:00+00:00', 'r1');
            PRAGMA user_version = 1;
            """
        )
    talks = in_a_folder
    assert [(t.id, t.title, t.questions) for t in talks.all(MINE)] == [("t1", "Who won?", 1)]
    assert talks.share(MINE, "t1", "Anna")
    assert talks.begin(MINE, "And now?", "t1") == ("t1", 2)
    assert [t.questions for t in talks.shared("/news")] == [2]
