"""What is compared, and the way back to where it stands."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.language.normalise import block_hash, find, fold, may_stand

TEXTS = st.text(
    st.one_of(
        st.sampled_from("aAbß “”\"'’‘–—-…ﬁ\u00ad\u200b\u0301\u00a0\n\té한\u1100\u1161Ⅷ½İσς"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("The MAYOR", "the mayor"),
        ("“No,” she said", '"no," she said'),
        ("«Ні»", '"ні"'),
        ("don’t", "don't"),
        ("1990–2000 — then", "1990-2000 - then"),
        ("two  spaces\n\nand lines", "two spaces and lines"),
        ("a\u00a0b", "a b"),
        ("ef\u00adfort\u200bless", "effortless"),
        ("ﬁnal ½ ＡＢＣ…", "final 1⁄2 abc..."),
        ("Straße", "strasse"),
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("", ""),
    ],
)
def test_what_makes_no_difference_is_folded_away(written: str, compared: str) -> None:
    assert fold(written).text == compared


def test_a_quotation_is_found_however_its_marks_and_dashes_are_written() -> None:
    text = "He said: “We don’t  know —\nnot yet.” Then he left."
    start, end = find('"We don\'t know - not yet."', text)[0]
    assert text[start:end] == "“We don’t  know —\nnot yet.”"


def test_every_place_is_found() -> None:
    assert find("no", "No, no and NO") == [(0, 2), (4, 6), (11, 13)]


def test_a_span_never_cuts_a_character_in_two() -> None:
    assert find("i", "ﬁ i") == [(2, 3)]


def test_a_span_leaves_out_invisible_characters_at_its_ends() -> None:
    assert find("word", "a \u200bword\u200b b") == [(3, 7)]


def test_nothing_is_found_for_an_empty_needle() -> None:
    assert find("  ", "some text") == []


def test_the_way_back_from_one_character_that_folds_to_three() -> None:
    folded = fold("a…b")
    assert [folded.at(i) for i in range(6)] == [0, 1, 1, 1, 2, 3]
    assert folded.span(1, 4) == (1, 2)


@settings(deadline=None)
@given(TEXTS)
def test_positions_never_go_back(text: str) -> None:
    folded = fold(text)
    places = [folded.at(i) for i in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@settings(deadline=None)
@given(TEXTS, st.data())
@example("a \u0308b", None)
def test_every_found_span_folds_to_what_was_sought(text: str, data: st.DataObject | None) -> None:
    ends = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)) if data else (1, 3))
    needle = text[ends[0] : ends[1]]
    for start, end in find(needle, text):
        assert fold(text[start:end]).text == fold(needle.strip()).text


@settings(deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_what_is_found_may_stand_there(text: str, other: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    for needle in (text[ends[0] : ends[1]], other):
        assert may_stand(needle, text) or not find(needle, text)


def test_what_stands_nowhere_is_told_so() -> None:
    assert not may_stand("way last June has", "On the way, last June, it has gone.")
    assert may_stand("¸", "¸")  # which is a space with a mark, once it is folded
    assert may_stand("“we don’t\nknow”", 'She said: "We don\'t   know".')


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_found_in_itself(text: str) -> None:
    if fold(text.strip()).text:
        assert find(text, text)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_of_one_space_keeps_its_positions(text: str) -> None:
    text = " ".join(text.split())
    folded = fold(text)
    assert [folded.at(i) for i in range(len(text) + 1)] == list(range(len(text) + 1))


def test_a_block_has_one_hash_however_it_is_written() -> None:
    assert block_hash(" Sign up – it’s  free ") == block_hash("SIGN UP - IT'S FREE")


def test_a_hash_fits_a_signed_64_bit_column() -> None:
    hashes = [block_hash(f"paragraph {n}") for n in range(200)]
    assert all(-(2**63) <= value < 2**63 for value in hashes)
    assert min(hashes) < 0 < max(hashes)


@given(st.text(alphabet="Ab c\t\n“”‘’`'\"–—-.x"))
def test_a_block_has_the_hash_of_its_folded_words(paragraph: str) -> None:
    assert block_hash(paragraph) == block_hash(fold(paragraph.strip()).text)
