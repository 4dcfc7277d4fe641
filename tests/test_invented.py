"""The articles that sizes are measured with: always the same, unlike others, of real lengths."""

import statistics

from benchmarks import invented
from benchmarks.large import table


def test_an_article_is_the_same_whoever_makes_it_and_with_whatever_others() -> None:
    assert list(invented.rows(7, 12))[2] == invented.row(9)


def test_lengths_are_those_of_papers_and_each_article_has_a_word_of_its_own() -> None:
    rows = list(invented.rows(0, 200))
    lengths = sorted(len(row["text"].split()) for row in rows)
    assert 400 < statistics.median(lengths) < 560
    assert lengths[190] > 1_000
    texts = [row["text"] for row in rows]
    for i in (0, 9, 150):
        assert [invented.mark(i) in text for text in texts].index(True) == i
        assert sum(invented.mark(i) in text for text in texts) == 1


def test_a_tenth_are_copies_and_no_others_share_a_paragraph() -> None:
    paragraphs = [set(row["text"].split("\n\n")[:-1]) for row in invented.rows(0, 60)]
    sharing = {
        i for i, mine in enumerate(paragraphs) for other in paragraphs[:i] if len(mine & other) > 1
    }
    assert sharing == {9, 19, 29, 39, 49, 59}


def test_quotations_keep_a_speaker_and_the_estimate_follows_all_sizes() -> None:
    assert sum(invented.spoke(row["text"]) is not None for row in invented.rows(0, 60)) > 20
    told = table({1_000: {"s": 1.0}, 10_000: {"s": 10.0}, 100_000: {"s": 1_000.0}})
    assert told.splitlines()[2] == "| s | 1 | 10 | 1,000 | 1.50 | 31,623 |"
