"""The archive against a plain dict: whatever is put, changed and dropped, they agree."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ingest.article import Article
from tests import invariants
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, found, hits, mark_of

NUMBERS = st.integers(0, 7)


class Newsroom(RuleBasedStateMachine):
    """An archive, and the dict that says what must be in it."""

    @initialize()
    def open_it(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.archive = opened(Path(self.folder.name) / "archive")
        self.model: dict[str, Article] = {}
        self.versions: dict[str, int] = {}

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=4), paragraphs=st.integers(1, 3))
    def put(self, numbers: list[int], paragraphs: int) -> None:
        batch = [dispatch(i, paragraphs=paragraphs) for i in numbers]
        fates = [put.fate for put in self.archive.put(batch)]
        for one, fate in zip(batch, fates, strict=True):
            known = self.model.get(one.article_id)
            same = known is not None and known.text == one.text
            assert fate == ("unchanged" if same else "updated" if known else "added")
            if not same:
                self.versions[one.article_id] = self.versions.get(one.article_id, 0) + 1
            self.model[one.article_id] = one

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=3, unique=True))
    def drop(self, numbers: list[int]) -> None:
        ids = [dispatch(i).article_id for i in numbers]
        dropped, unknown = self.archive.drop(ids)
        assert dropped == [i for i in ids if i in self.model]
        assert unknown == [i for i in ids if i not in self.model]
        for i in dropped:
            del self.model[i], self.versions[i]

    @rule()
    def embed(self) -> None:
        self.archive.embed()
        assert self.archive.status().pending == 0

    @rule()
    def close_and_open_again(self) -> None:
        self.archive.close()
        self.archive = opened(self.archive.folder)

    @rule(i=NUMBERS)
    def search(self, i: int) -> None:
        there = dispatch(i).article_id in self.model
        assert found(self.archive, mark_of(i)) == ([f"dispatch {i}"] if there else [])
        for hit in hits(self.archive, dispatch(i).text, "both"):
            invariants.hit_is_true(self.archive, hit)

    @precondition(lambda self: self.model)
    @rule(i=NUMBERS)
    def put_twice(self, i: int) -> None:
        one = self.model.get(dispatch(i).article_id)
        if one is not None:
            invariants.put_twice_is_once(self.archive, one)

    @invariant()
    def the_catalogue_is_the_dict(self) -> None:
        invariants.holds(self.archive, self.model)
        for article_id, version in self.versions.items():
            assert self.archive.get(article_id) == replace(self.model[article_id], version=version)

    def teardown(self) -> None:
        if hasattr(self, "archive"):
            try:
                invariants.followers_agree(self.archive)
            finally:
                self.archive.close()
                self.folder.cleanup()


def test_an_archive_behaves_like_a_dict_that_can_be_searched() -> None:
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
