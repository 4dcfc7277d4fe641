"""What is interrupted is kept as far as it came, and nobody tells anything else of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.archive import Archive, care
from ingest.archive.embedding import Embedding
from tests import invariants
from tests.fakes import HashingEmbedder
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of


class Interrupted(HashingEmbedder):
    """An embedder that is interrupted once it has embedded so many texts."""

    def __init__(self, after: int) -> None:
        super().__init__(64)
        self.after = after

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.embedded) >= self.after:
            raise KeyboardInterrupt
        return super().passages(texts)


def test_an_embedding_that_is_interrupted_leaves_nothing_behind(archive: Archive) -> None:
    archive.put(dispatches(range(6)))
    archive.use(Interrupted(after=6))
    with pytest.raises(KeyboardInterrupt):
        archive.embed()
    told = archive.status()
    assert (told.leads_embedded, told.embedded, told.pending) == (6, 0, 12)
    assert told.words_at == told.meaning_at == told.change
    assert found(archive, dispatch(3).text, by="meaning")[0] == "dispatch 3"
    invariants.followers_agree(archive)


def test_what_was_killed_while_it_embedded_is_no_index_behind(archive: Archive) -> None:
    archive.put(dispatches(range(6)))
    archive.use(HashingEmbedder(64))
    archive.catalogue.set_meta("embedder", HashingEmbedder(64).fingerprint)
    with archive.writing():  # as a kill would leave it: vectors that nobody has followed
        Embedding(
            catalogue=archive.catalogue,
            embedder=HashingEmbedder(64),
            follow=lambda: None,
            progress=None,
        ).run(leads_only=True)
    told = archive.status()
    assert told.words_at == told.change
    assert told.meaning_at < told.change
    assert all(check.ok for check in care.doctor(archive))
    assert archive.status().meaning_at == archive.status().change


def test_an_article_that_is_not_followed_is_an_index_behind(archive: Archive) -> None:
    archive.put(dispatches(range(2)))
    archive.put([dispatch(3)], follow=False)
    assert archive.status().words_at < archive.status().change


def test_whoever_opens_an_archive_finds_what_a_kill_left_unfollowed(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.put(dispatches(range(2)))
        archive.put([dispatch(3)], follow=False)
    with opened(tmp_path) as archive:
        archive.release()  # over PostgreSQL a host follows as it is asked
        assert archive.words_at == archive.catalogue.change
        assert found(archive, mark_of(3)) == ["dispatch 3"]


def test_what_is_being_written_is_left_to_who_writes_it(tmp_path: Path) -> None:
    with opened(tmp_path) as writer, writer.writing():
        writer.put([dispatch(3)], follow=False)
        with opened(tmp_path) as archive:
            assert archive.words_at < archive.catalogue.change
