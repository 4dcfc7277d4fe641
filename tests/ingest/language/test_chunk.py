"""Passages are spans: exact, in order, covering what they must, never across parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Passage
from ingest.language.chunk import split
from tests import invariants
from tests.ingest.archive.dispatches import Block, article

_WORDS = st.sampled_from(
    "the pier a storm Mr. Dahl said U.S. 3.5 “no” Zürich 波止場。 Порт пройшов 'tis… \u00a0 e.g. 🙂"
    " Nobody came! Why? (aside) — end.".split(" ")
)
_SENTENCE = st.lists(_WORDS, min_size=1, max_size=40).map(" ".join)
_TEXT = st.one_of(
    _SENTENCE,
    st.tuples(_SENTENCE, st.integers(1, 60)).map(lambda said: " ".join([said[0]] * said[1])),
    st.text(min_size=1, max_size=400),
    st.integers(1, 6000).map(lambda n: "x" * n),
).filter(lambda words: bool(words.strip()))
_KIND = st.sampled_from(["body", "body", "body", "standfirst", "caption", "correction"])
_BLOCK = st.one_of(
    st.tuples(_KIND, _TEXT),
    st.tuples(st.sampled_from(["boilerplate", "repeat"]), _TEXT),
    st.tuples(st.just("comment"), _TEXT, st.sampled_from(["gull_9", "dockhand_7"])),
)
_ARTICLE = st.lists(_BLOCK, min_size=1, max_size=12).map(lambda blocks: printed(*blocks))  # type: ignore[arg-type]


def printed(*blocks: Block) -> Article:
    """Return an article whose parts, like those of cleaned ones, are not blank at either end."""
    stripped = [(kind, words.strip(), *by) for kind, words, *by in blocks]
    return article("generated", *stripped)  # type: ignore[arg-type]


@given(_ARTICLE, st.sampled_from([20, 60, 150]))
def test_passages_are_exact_and_cover_what_they_must(one: Article, words: int) -> None:
    passages = split(one, words=words)
    for passage in passages:
        invariants.span_is_exact(one, passage)
    invariants.passages_cover(one, passages)


@given(_ARTICLE)
def test_a_comment_shares_its_passage_with_no_other_comment(one: Article) -> None:
    comments = [part for part in one.parts if part.part == "comment"]
    for passage in split(one):
        within = [c for c in comments if c.start < passage.end and passage.start < c.end]
        assert len(within) <= 1


@given(_ARTICLE, st.sampled_from([20, 150]))
def test_no_passage_is_much_too_long(one: Article, words: int) -> None:
    for passage in split(one, words=words):
        assert passage.end - passage.start <= words * 8 * 4


def test_repeated_sentences_have_places_of_their_own() -> None:
    one = printed(("body", "The pier is shut. " * 300))
    passages = split(one, words=50)
    assert len({passage.start for passage in passages}) == len(passages) >= 20
    invariants.passages_cover(one, passages)


def test_short_paragraphs_are_read_as_one_stretch() -> None:
    one = printed(*[("body", f"Paragraph {i} has these six words.") for i in range(5)])
    assert split(one) == (Passage(start=0, end=len(one.text), part="body"),)


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    one = printed(("body", "The council met on the quay and heard them out. " * 40))
    texts = [one.text[p.start : p.end] for p in split(one, words=100)]
    assert all(text.startswith("The council") and text.endswith("out.") for text in texts)
    assert all(60 <= len(text.split()) <= 130 for text in texts)


@pytest.mark.parametrize("words", ["word " * 3000, "港" * 3000, "x" * 9000])
def test_text_without_sentence_ends_is_cut_all_the_same(words: str) -> None:
    one = printed(("body", words))
    passages = split(one, words=150)
    assert len(passages) >= 3
    invariants.passages_cover(one, passages)


def test_the_same_article_is_always_cut_alike() -> None:
    one = printed(("headline", "Pier"), ("body", "It rained. " * 500), ("comment", "Ha!", "gull_9"))
    assert split(one) == split(one)
