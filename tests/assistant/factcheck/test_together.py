"""A draft's sentence that several printed sentences carry together, and which carries what."""

from dataclasses import replace

from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import plain
from assistant.factcheck.findings import CarriedPart, CheckedSentence
from assistant.factcheck.together import covers
from assistant.render.factcheck_text import carried_by
from ingest.archive import Archive
from tests.fakes import OverlapReader


def told(archive: Archive, draft: str) -> CheckedSentence:
    (one,) = check_draft(plain(draft), archive, OverlapReader()).sentences
    return one


def test_two_sentences_of_one_article_carry_a_sentence_together(sample: Archive) -> None:
    one = told(sample, "The Perdita, built in 1988, ran on to rocks with 187 people aboard.")
    assert one.verdict == "supported"
    assert len({citation.article.article_id for citation in one.citations}) == 1
    words = {part.citation: part.words for part in one.parts}
    of = {c.n: c.text for c in one.citations}
    assert all("187" in of[n] for n, said in words.items() if "187" in said)
    assert all("1988" in of[n] for n, said in words.items() if "1988" in said)
    assert len(words) == 2


def test_articles_on_one_story_carry_a_sentence_together(sample: Archive) -> None:
    one = told(
        sample,
        "A court fined Skarn Line 2.4 million crowns for the wreck of the Perdita, a ferry with "
        "187 people aboard.",
    )
    assert one.verdict == "supported"
    assert len({citation.article.article_id for citation in one.citations}) == 2
    whole, *parts = carried_by(one)
    assert whole == "No source prints all of this; together they do."
    assert [line.partition(" prints ")[0] for line in parts] == ["Source 1", "Source 2"]


def test_a_part_that_says_nothing_by_itself_is_not_told(sample: Archive) -> None:
    """Its first word alone, or "of": what a reader could make nothing of."""
    one = told(
        sample,
        "The Perdita, built in 1988, ran on to rocks with 187 people aboard.",
    )
    first, second = one.citations
    parts = (("The", first.n), ("Perdita", second.n), ("with", first.n), ("187", first.n))
    split = replace(one, parts=tuple(CarriedPart(words=w, citation=n) for w, n in parts))
    assert [*carried_by(split)][1:] == [
        "Source 1 prints this of it: “187”", "Source 2 prints this of it: “Perdita”",
    ]  # fmt: skip


def test_a_number_that_none_of_them_prints_is_carried_by_none(sample: Archive) -> None:
    one = told(sample, "The Perdita, built in 1978, ran on to rocks with 187 people aboard.")
    assert one.verdict != "supported"
    assert one.parts == ()


def test_what_prints_no_name_of_the_sentence_carries_nothing_of_it(harbour: Archive) -> None:
    one = told(harbour, "The union of Kesselbrook has 312 members and rusted boats.")
    assert one.verdict != "supported"
    assert list(covers("The union of Kesselbrook has 312 members.", [])) == []
