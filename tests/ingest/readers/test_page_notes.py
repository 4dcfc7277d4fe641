"""Footnotes of a page stand under its text, and what an editor wrote beside it in no text."""

import pytest

from ingest.readers.webpage import reader
from tests.ingest.readers.opened import article, read_bytes

FIRST = (
    "The council of Harrowmere voted on Tuesday to close the old ferry terminal, saying that "
    "repairs would cost more than the town’s yearly budget."
)
SECOND = (
    "The terminal has stood for ninety years and was used by four hundred commuters a day "
    "until last autumn, the harbour office said in a statement."
)
NOTE, OTHER = "Minutes of the council, item 7.", "Two pages of them are missing."

GOOGLE = (
    f'<p>{FIRST}<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p>'
    f'<p>{SECOND}<sup><a href="#ftnt2" id="ftnt_ref2">[2]</a></sup></p><hr>'
    f'<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;{NOTE}</span></p></div>'
    f'<div><p><a href="#ftnt_ref2" id="ftnt2">[2]</a><span>&nbsp;{OTHER}</span></p></div>'
)
WORD = (
    f"<p>{FIRST}<a href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a></p>"
    f"<p>{SECOND}<a href='#_ftn2' name='_ftnref2'>[2]</a></p><hr>"
    f"<div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> {NOTE}</p></div>"
    f"<div id=ftn2><p><a href='#_ftnref2' name='_ftn2'>[2]</a> {OTHER}</p></div>"
)
LIBRE_OFFICE = (
    f'<p>{FIRST}<a name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>'
    f'<p>{SECOND}<a name="sdfootnote2anc" href="#sdfootnote2sym"><sup>2</sup></a></p>'
    f'<div id="sdfootnote1"><p>'
    f'<a name="sdfootnote1sym" href="#sdfootnote1anc">1</a>{NOTE}</p></div>'
    f'<div id="sdfootnote2"><p>'
    f'<a name="sdfootnote2sym" href="#sdfootnote2anc">2</a>{OTHER}</p></div>'
)
PANDOC = (
    f'<p>{FIRST}<a href="#fn1" class="footnote-ref" id="fnref1"><sup>1</sup></a></p>'
    f'<p>{SECOND}<a href="#fn2" id="fnref2"><sup>2</sup></a></p><section class="footnotes"><ol>'
    f'<li id="fn1"><p>{NOTE}<a href="#fnref1">↩︎</a></p></li>'
    f'<li id="fn2"><p>{OTHER}<a href="#fnref2">↩︎</a></p></li></ol></section>'
)
HUGO = PANDOC.replace("#fn", "#fn:").replace('id="fn', 'id="fn:').replace("fn:ref", "fnref:")
SUBSTACK = (
    f'<p>{FIRST}<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a></p>'
    f'<p>{SECOND}<a class="footnote-anchor" id="footnote-anchor-2" href="#footnote-2">2</a></p>'
    '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1">1</a>'
    f"<div><p>{NOTE}</p></div></div>"
    '<div class="footnote"><a id="footnote-2" href="#footnote-anchor-2">2</a>'
    f"<div><p>{OTHER}</p></div></div>"
)


def page(body: str) -> bytes:
    return f"<!doctype html><html lang='en'><body><article>{body}</article></body></html>".encode()


@pytest.mark.parametrize("body", [GOOGLE, WORD, LIBRE_OFFICE, PANDOC, HUGO, SUBSTACK])
def test_footnotes_stand_under_the_text_with_raised_marks(body: str) -> None:
    found = article(read_bytes(reader, page(body)))
    assert found.text.split("\n\n") == [f"{FIRST}¹", f"{SECOND}²", f"¹ {NOTE}", f"² {OTHER}"]


def test_one_note_alone_takes_no_more_with_it_than_its_own_block() -> None:
    body = (
        f"<div><p>{FIRST}<a href='#fn1' id='r1'>*</a></p><p>{SECOND}</p>"
        f"<p id='fn1'>{NOTE}<a href='#r1'>^</a></p></div>"
    )
    found = article(read_bytes(reader, page(body)))
    assert found.text.split("\n\n") == [f"{FIRST}¹", SECOND, f"¹ {NOTE}"]


def test_what_an_editor_wrote_beside_the_text_is_left_out_with_its_mark() -> None:
    comment = "Check the spelling of her name before this goes to print, please!"
    body = (
        f'<p>{FIRST}<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><p>{SECOND}</p>'
        f'<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>{comment}</span></p></div>'
    )
    assert article(read_bytes(reader, page(body))).text == f"{FIRST}\n\n{SECOND}"


def test_a_mark_that_leads_nowhere_stays_as_it_is_printed() -> None:
    found = article(
        read_bytes(reader, page(f"<p>{FIRST} <a href='#fn9'>[9]</a></p><p>{SECOND}</p>"))
    )
    assert found.text.startswith(f"{FIRST} [9]")
