"""What stands beside the body of a page is told apart; what hides a body is mended."""

import pytest

from ingest.article import RawArticle
from ingest.readers.webpage import reader
from tests.ingest.readers.opened import article, read_bytes

FIRST = (
    "The council of Harrowmere voted on Tuesday to close the old ferry terminal, saying that "
    "repairs would cost more than the town’s yearly budget."
)
SECOND = (
    "The terminal has stood for ninety years and was used by four hundred commuters a day until "
    "last autumn, the harbour office said in a statement."
)
THIRD = (
    "A last boat will leave the pier on Friday at noon with the families of those who built it, "
    "and the bell of the terminal will be taken to the town museum."
)
HEAD = "Ferry terminal to close"


def read(body: str, head: str = "", before: str = "", after: str = "") -> RawArticle:
    data = (
        f"<!doctype html><html lang='en'><head><title>{HEAD}</title>{head}</head><body>"
        f"<nav>Home News Sport</nav><article><h1>{HEAD}</h1>{before}{body}</article>{after}"
        "</body></html>"
    )
    return article(read_bytes(reader, data.encode()))


def printed(*paragraphs: str) -> str:
    return "\n\n".join([HEAD, *paragraphs])


BODY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def test_captions_are_captions_and_no_body() -> None:
    figure = (
        "<figure><img src='a.jpg'><figcaption>The pier in May. (Ada Marl)</figcaption></figure>"
    )
    old = (
        "<div class='picture'><img src='b.jpg'><p class='caption'>The bell, cast in 1931.</p></div>"
    )
    found = read(f"<p>{FIRST}</p>{figure}<p>{SECOND}</p>{old}<p>{THIRD}</p>")
    assert found.captions == ("The pier in May. (Ada Marl)", "The bell, cast in 1931.")
    assert found.text == printed(FIRST, SECOND, THIRD)


def test_captions_of_other_articles_are_left_out() -> None:
    card = "<a href='/x'><figure><img src='c.jpg'><figcaption>A goat.</figcaption></figure></a>"
    rail = f"<aside>{card}<figure><figcaption>A second goat.</figcaption></figure></aside>"
    found = read(BODY, after=rail)
    assert (found.captions, found.text) == ((), printed(FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    "markup",
    [
        "<p class='article-standfirst'>{}</p>",
        "<h2 class='subhead'>{}</h2>",
        "<div itemprop='alternativeHeadline'>{}</div>",
    ],
)
def test_a_labelled_standfirst_is_told_apart(markup: str) -> None:
    line = "Repairs would cost more than the town has, the council says."
    found = read(BODY, before=markup.format(line))
    assert (found.standfirst, found.text) == (line, printed(FIRST, SECOND, THIRD))


def test_the_description_that_a_summary_prints_is_the_standfirst() -> None:
    line = "Repairs would cost more than the town has, the council says."
    head = f'<meta property="og:description" content="{line}">'
    found = read(BODY, head=head, before=f"<div class='summary'>{line}</div>")
    assert (found.standfirst, found.text) == (line, printed(FIRST, SECOND, THIRD))


def test_a_first_paragraph_that_is_also_the_description_stays_in_the_body() -> None:
    found = read(BODY, head=f'<meta property="og:description" content="{FIRST}">')
    assert (found.standfirst, found.text) == (None, printed(FIRST, SECOND, THIRD))


def test_a_labelled_correction_is_told_apart() -> None:
    notice = "Correction: An earlier version of this article named the wrong pier."
    found = read(BODY + f"<div class='correction'><p>{notice}</p></div>")
    assert (found.corrections, found.text) == ((notice,), printed(FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    "furniture",
    [
        "<div class='newsletter-box'><h4>Harbour letter</h4><p>The tides by post.</p></div>",
        "<a class='read-more' href='/x'>Also in the Post: the goats of Callow Bay</a>",
        "<ul><li><a>Goats take over Callow Bay</a></li><li><a>How a mill can sing</a></li></ul>",
    ],
)
def test_furniture_is_no_body(furniture: str) -> None:
    found = read(f"<p>{FIRST}</p>{furniture}<p>{SECOND}</p><p>{THIRD}</p>")
    assert found.text == printed(FIRST, SECOND, THIRD)


def test_a_body_labelled_like_furniture_stays() -> None:
    found = read(f"<div class='entry-content entry-content-read-more'>{BODY}</div>")
    assert found.text.endswith(f"{FIRST}\n\n{SECOND}\n\n{THIRD}")


def test_a_list_that_is_part_of_the_story_stays() -> None:
    points = (
        "<ul><li>The pier closes on Friday at noon.</li><li>The bell goes to a museum.</li></ul>"
    )
    found = read(f"<p>{FIRST}</p>{points}<p>{SECOND}</p>")
    listed = "- The pier closes on Friday at noon.\n- The bell goes to a museum."
    assert found.text == printed(FIRST, listed, SECOND)


def test_a_card_over_a_name_is_no_part_of_the_sentence() -> None:
    card = "<span class='rollover-block'><a href='/a'>Tull opens a fair</a> MORE</span>"
    found = read(
        f"<p>“We cannot pay for it,” said <span>Ines Tull{card}</span>, the mayor.</p>{BODY}"
    )
    assert found.text.split("\n\n")[1] == "“We cannot pay for it,” said Ines Tull, the mayor."


def test_a_body_that_a_template_cuts_up_is_joined() -> None:
    column = "<div class='row'><div class='article__body'>{}</div></div><div class='ad'></div>"
    found = read("".join(column.format(f"<p>{text}</p><p>{THIRD}</p>") for text in (FIRST, SECOND)))
    assert found.text.split("\n\n") == [FIRST, THIRD, SECOND, THIRD]


def test_the_body_of_a_second_article_is_not_joined() -> None:
    text = f"<div class='article__body'><p>{THIRD}</p><p>{THIRD}</p></div>"
    other = f"<article><h1>Goats</h1>{text}</article>"
    found = read(f"<div class='article__body'><p>{FIRST}</p><p>{SECOND}</p></div>", after=other)
    assert "museum" not in found.text


def test_a_post_that_the_article_shows_is_kept() -> None:
    post = "The bell is staying in Harrowmere, whatever they tell you at the town hall tonight."
    boxed = (
        f"<div class='social-media-embed'><blockquote class='post'><p>{post}</p></blockquote></div>"
    )
    found = read(f"<p>{FIRST}</p>{boxed}<p>{SECOND}</p>")
    assert found.text == printed(FIRST, post, SECOND)


def test_text_outside_paragraphs_is_kept_in_its_order() -> None:
    found = read(f"<div class='story'>{FIRST}<br><br>{SECOND}<h2>The bell</h2>{THIRD}</div>")
    assert [p for p in found.text.split("\n\n") if p in {FIRST, SECOND, THIRD}] == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_left_over_shortcodes_are_taken_out() -> None:
    found = read(
        f'<p>{FIRST} [button link="http://x.example" newwindow=yes]</p><p>{SECOND} [sic]</p>'
    )
    assert found.text == printed(FIRST, f"{SECOND} [sic]")
