"""Markup to words; damaged markup mended; what could harm, never resolved."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.markup import (
    Damaged,
    MarkupText,
    element,
    line,
    opens_at,
    printed,
    without_controls,
    words,
)


def test_paragraphs_lists_tables_and_captions_are_told_apart() -> None:
    html = (
        "<p>One&nbsp;two<br>three</p><ul><li>a</li><li>b</li></ul>tail<table><tr><td>1</td>"
        "<td>2</td></tr></table><figure><img><figcaption>The <b>ferry</b></figcaption></figure>"
        "<script>no()</script><blockquote><p>Quoted &amp; said</p></blockquote>"
    )
    assert words(html) == MarkupText(
        text="One two\nthree\n\n- a\n- b\n\ntail\n\n1 2\n\nQuoted & said", captions=("The ferry",)
    )


def test_plain_words_stay_as_they_are() -> None:
    assert words("One.\n\nTwo  three.").text == "One.\n\nTwo three."


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("<a><b>x</b></a>", "x"),
        ("<a><b>x</c></b>y</a>", "xy"),
        ("<a><b>x<c>y</b>z</a>", "xyz"),
        ("<a>x</a>y</a>", "xy"),
        ("<a>x & y < z > w</a>", "x & y < z > w"),
        ('<a b=1 c="x>y" d>x</a>', 'y" d>x'),
        ("<a><![CDATA[x<y]]>z</a>", "x<yz"),
        ("<a><![CDATA[x</a>", "x"),
        ("<a>x\x00\x0b&#3;&#x1F;y</a>", "xy"),
        ("<a>caf&eacute; &unknown; &lt;</a>", "café &unknown; <"),
    ],
)
def test_damaged_markup_keeps_its_words(damaged: str, mended: str) -> None:
    found, was_mended = element(damaged)
    assert line(found) == mended
    assert was_mended == (
        damaged not in {"<a><b>x</b></a>", "<a><![CDATA[x<y]]>z</a>"} and "\x00" not in damaged
    )


BOMB = (
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
)


def test_entities_of_a_documents_own_are_never_resolved() -> None:
    found, _ = element(f"<a>{BOMB}&d;&e;</a>")
    said = line(found) or ""
    assert said.endswith("]>&d;&e;")
    assert "root:" not in said


@pytest.mark.parametrize(
    "opens", ["<a>", "<a", "<![CDATA[", "<!--", "<a b='", "&", "<", "</a>", "&a;"]
)
def test_damage_repeated_without_end_takes_little_time(opens: str) -> None:
    began = time.process_time()
    with suppress(Damaged):
        printed(element(f"<a>{opens * 20_000}</a>")[0])
    words(opens * 20_000)
    assert time.process_time() - began < 2


def test_markup_nested_beyond_any_use_is_told() -> None:
    with pytest.raises(Damaged, match="nested too deep"):
        element("<a>" * 100_000)


def test_a_text_longer_than_the_parser_takes_is_told() -> None:
    with pytest.raises(Damaged, match="its markup cannot be read"):
        element(f"<a>{'x' * 11_000_000}</a>")


NO_TREE_HOLDS = {*map(chr, range(32)), "\ufffe", "\uffff"} - set("\t\n\r")


@given(st.text(st.sampled_from("aé中\t\n\r &#;\x00\x08\x0b\x1f\x7f\ud800\udfff\ufffe\uffff")))
def test_what_no_tree_may_hold_goes_and_all_else_stays(given: str) -> None:
    kept = [c for c in given if c not in NO_TREE_HOLDS and not "\ud800" <= c <= "\udfff"]
    assert without_controls(given) == "".join(kept)


def test_a_tag_has_one_name_whatever_its_prefix_and_case() -> None:
    upper, _ = element('<X xmlns:h="urn:h"><h:P>One</h:P><P>two</P><p>three</p></X>')
    assert printed(upper).text == "One\n\ntwo\n\nthree"


@given(text=st.text("&a;# \n", max_size=200), often=st.integers(0, 60))
def test_what_opens_with_a_character_is_found_wherever_a_search_finds_it(
    text: str, often: int
) -> None:
    whole = "& " * often + text
    for pattern, opening in ((re.compile("&a;"), "&"), (re.compile("^#a", re.MULTILINE), "#")):
        assert opens_at(pattern, opening, whole) == bool(pattern.search(whole))
