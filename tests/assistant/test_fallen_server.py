"""A Chroma server that does not answer is named in what is answered, found and counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.factcheck.draft_text import plain
from assistant.history import Records
from assistant.render import hits_to_json, hits_to_text
from assistant.render.factcheck_document import draft_to_json
from assistant.render.factcheck_page import checked_draft_html
from assistant.render.factcheck_text import draft_to_text
from assistant.render.speech_documents import quote_to_json
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.errors import ServiceDown
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatches, mark_of

NOBODY = "..2015=http://127.0.0.1:9; 2016..=http://127.0.0.1:11"
TOLD = "Articles from 2016 on were not searched by meaning: their Chroma server does not answer."


@pytest.fixture
def fallen(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none", chroma_url=NOBODY)
    with Archive.open(
        tmp_path, create=True, settings=settings, embedder=HashingEmbedder(64)
    ) as archive:
        archive.put(dispatches(range(4)))  # of 2024
        with pytest.raises(ServiceDown):
            archive.embed()
        archive.meaning.exact = 0  # so that the servers are asked
        yield archive


def test_what_was_not_searched_is_said_with_what_was_found(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    hits, searched = desk.search(mark_of(3))
    assert [hit.article.key for hit in hits] == ["dispatch 3"]
    assert hits_to_json(hits, searched)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    assert TOLD in " ".join(hits_to_text(hits, searched).split())
    assert hits_to_json(*desk.search(mark_of(3), by="words"))["warnings"] == []
    outcome = desk.ask(f"What about file {mark_of(3)}?", mode="quotes")
    assert isinstance(outcome, Answer)
    assert TOLD in {notice.text for notice in outcome.warnings}


def test_what_was_not_searched_is_said_of_a_quotation_and_of_a_draft(fallen: Archive) -> None:
    desk = Assistant(fallen, Settings(mode="quotes", model="none"), records=Records(most=0))
    absent = desk.quote("a zebra that nobody has ever painted in the harbour")
    assert absent.verdict == "absent"
    assert quote_to_json(absent)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    checked = desk.check(plain(f"The council said that file {mark_of(3)} was lost in the harbour."))
    assert draft_to_json(checked)["warnings"] == [{"code": "shard_down", "text": TOLD}]
    assert TOLD in " ".join(draft_to_text(checked).split())
    assert TOLD in checked_draft_html(checked)
    assert desk.quote(f"file {mark_of(3)}").warnings == ()  # which words alone find


def test_each_server_is_named_with_its_years_and_whether_it_answers(fallen: Archive) -> None:
    told = [(one.years, one.holds, one.answers) for one in fallen.shards()]
    assert told == [
        ("..2015", "articles until 2015 and without a date", False),
        ("2016..", "articles from 2016 on", False),
    ]
