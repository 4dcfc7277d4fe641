"""An index by words that is behind: what is not found may be there, and every verb says so."""

from pathlib import Path

from assistant.ask import Assistant
from assistant.settings import Settings
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, mark_of


def test_every_verb_says_that_the_index_by_words_is_behind(tmp_path: Path) -> None:
    mark = mark_of(3)
    with opened(tmp_path) as writer, writer.writing():
        writer.put([dispatch(3)], follow=False)
        with opened(tmp_path) as archive:
            desk = Assistant(archive, Settings(mode="quotes"))
            told = {
                "search": desk.search(mark)[1].warnings,
                "list": desk.browse(mark).warnings,
                "said": desk.said(words=mark).warnings,
                "quote": desk.quote(mark).warnings,
                "ask": desk.ask(f"What was said of {mark}?").warnings,
            }
    codes = {verb: {notice.code for notice in notices} for verb, notices in told.items()}
    assert [verb for verb in codes if "words_behind" not in codes[verb]] == []


def test_nobody_says_so_of_an_index_that_is_not(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.put([dispatch(3)])
        desk = Assistant(archive, Settings(mode="quotes"))
        assert desk.search(mark_of(3))[1].warnings == ()
        assert desk.quote(mark_of(3)).warnings == ()
