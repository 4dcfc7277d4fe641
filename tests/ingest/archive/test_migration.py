"""An archive that any earlier Morgue wrote opens, is brought up to date, and answers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.query import read_query
from ingest.archive.schema import SCHEMA
from ingest.archive.statement_store import Speech
from ingest.archive.verification import verify
from ingest.archive.watches import Wanted
from ingest.article import Filters
from ingest.errors import ArchiveDamaged
from ingest.pipeline import ingest
from tests import invariants
from tests.ingest.archive.dispatches import dispatch, found, hits, mark_of
from tests.ingest.archive.older_archives import READ, Held, held_by, older, opened

pytestmark = pytest.mark.embedded


@dataclass(frozen=True, kw_only=True)
class Older:
    """An archive of an earlier schema, opened by this Morgue, and what its own Morgue gave."""

    schema: int
    archive: Archive
    held: Held


@pytest.fixture(scope="module", params=range(1, SCHEMA + 1))
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Older]:
    folder, held = older(request.param, tmp_path_factory.mktemp("older"))
    assert schema_of(folder) == str(request.param)
    with opened(folder) as archive:
        yield Older(schema=request.param, archive=archive, held=held)


def schema_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        (schema,) = catalogue.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return str(schema)


def test_every_version_is_there_word_for_word(kept: Older) -> None:
    assert schema_of(kept.archive.folder) == str(SCHEMA)
    now = held_by(kept.archive, list(kept.held))
    # What is embargoed was not among the versions that every earlier Morgue told of.
    assert {i: {n: now[i][n] for n in texts} for i, texts in kept.held.items()} == kept.held


def test_it_is_whole_and_both_indexes_agree(kept: Older) -> None:
    assert [check for check in verify(kept.archive) if not check.ok] == []


def test_it_answers_by_words_by_meaning_and_with_citations(kept: Older) -> None:
    assistant = Assistant(
        kept.archive, Settings(mode="quotes", model="none"), records=Records(most=0)
    )
    outcome = assistant.ask("How many people were aboard the ferry that struck rocks off Skarn?")
    assert isinstance(outcome, Answer)
    assert "187" in outcome.claims[0].text
    for citation in outcome.citations:
        invariants.citation_in_article(citation)
        texts = kept.held[citation.article.article_id]
        assert citation.article.text == texts[str(citation.article.version)]
    assert found(kept.archive, "ferry rocks Skarn Island coastguard")
    assert found(kept.archive, "ferry rocks Skarn Island coastguard", by="meaning")


def test_what_later_schemas_brought_is_found_in_it(kept: Older) -> None:
    kept.archive.put([dispatch(1)])  # copies are found with the next ingest
    ferry = [i for i, texts in kept.held.items() if "Berit Onsager" in texts["1"]]
    assert {kept.archive.story(i).copies for i in ferry} == {3}  # type: ignore[union-attr]
    kept.archive.speech.hear()
    assert kept.archive.speech.said(Speech(speaker="Berit Onsager")).lines
    phrase = read_query('"a door slamming under the sea"').must
    assert set(kept.archive.fitting(phrase, Filters())) == set(ferry)
    kept.archive.watches.add(Wanted(name="tax"))
    assert "tax" in {one.name for one in kept.archive.watches.all()}


def test_it_goes_on_growing(kept: Older) -> None:
    before = kept.archive.status().articles
    reports = [ingest([file], kept.archive) for file in READ]
    assert [report.failed for report in reports] == [(), ()]
    assert kept.archive.status().articles == before
    kept.archive.put([dispatch(7)])
    kept.archive.embed()
    assert found(kept.archive, mark_of(7)) == ["dispatch 7"]
    assert found(kept.archive, dispatch(7).text, by="meaning")[0] == "dispatch 7"


def test_what_is_embargoed_stays_so(kept: Older) -> None:
    (hidden,) = [i for i, texts in kept.held.items() if "tax on bread" in texts.get("1", "")]
    assert kept.archive.get(hidden) is not None
    assert kept.archive.readable(hidden) is None
    kept.archive.put([dispatch(1)])
    ids = {hit.article.article_id for hit in hits(kept.archive, "budget scraps tax on bread")}
    assert hidden not in ids


def test_a_migration_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    folder, held = older(1, tmp_path)
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        catalogue.execute("CREATE TABLE watches (w)")  # in the way of the last step
        catalogue.commit()
    before = tables(folder)
    with pytest.raises(ArchiveDamaged) as damaged:
        opened(folder)
    assert "watches" in damaged.value.whole
    assert (schema_of(folder), tables(folder)) == ("1", before)
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        catalogue.execute("DROP TABLE watches")
        catalogue.commit()
    with opened(folder) as archive:
        assert len(held_by(archive, list(held))) == len(held)


def tables(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        return [str(sql) for (sql,) in catalogue.execute("SELECT sql FROM sqlite_master")]
