import html
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.render import (
    answer_html,
    article_html,
    hits_by_date_html,
    source_cards_html,
    to_html,
    to_markdown,
    to_text,
)
from ingest.article import Notice
from ingest.language.control_characters import harmless
from tests.newsroom import (
    HARBOUR,
    HARBOUR_BODY,
    QUOTE,
    TIDES,
    article,
    broken_off,
    citing,
    harbour_answer,
    hit,
    hostile_answer,
    quoting,
    written,
)

COMMENT = citing(1, HARBOUR, "They sold us out, plain and simple.")


class Reading(HTMLParser):
    """What a browser would see: the words, the elements, the attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.marked = ""
        self._marking = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._marking = self._marking or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marking = self._marking and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.words += data
        self.marked += data if self._marking else ""


def test_cited_words_are_marked_within_their_paragraph() -> None:
    card = Reading(source_cards_html([citing(1, HARBOUR, QUOTE)]).split("<details")[0])
    assert card.marked == QUOTE
    assert HARBOUR_BODY.split("\n")[0] in card.words
    assert "Veld Line" not in card.words


def test_a_source_opens_into_its_whole_article_with_the_words_marked() -> None:
    whole = Reading(source_cards_html([citing(1, HARBOUR, QUOTE)]).split("<details")[1])
    assert whole.marked == QUOTE
    assert "The Veld Line, which runs the ferries" in whole.words
    assert "Reader’s comment by dockhand_7 They sold us out" in whole.words


def test_a_card_tells_outlet_day_author_copies_and_notices() -> None:
    card = Reading(source_cards_html(harbour_answer().citations)).words
    told = (
        "The Ostrova Post · 12 March 2024 · by Mira Dahl",
        "Printed by 2 outlets: The Ostrova Post, Coast Daily",
        "Corrected on 13 March.",
    )
    assert [line for line in told if line not in card] == []


def test_a_readers_comment_is_called_one_in_every_form() -> None:
    answer = quoting("What do readers think?", COMMENT)
    name = "Reader’s comment by dockhand_7"
    forms = [
        to_text(answer),
        Reading(answer_html(answer)).words,
        Reading(source_cards_html([COMMENT]).split("<details")[0]).words,
        to_markdown(answer).replace("\\", ""),
    ]
    assert [form for form in forms if name not in form] == []


def test_a_headline_told_from_the_text_is_said_to_be() -> None:
    inferred = article("b", "Guessed", "Body.", inferred={"title": "first sentence"})
    citation = citing(1, inferred, "Body.")
    assert "(headline told from the text)" in to_text(quoting("?", citation))
    assert "headline told from the text" in Reading(source_cards_html([citation])).words


def test_markers_of_an_answer_point_at_its_cards() -> None:
    page = to_html(written(), anchor="t3")
    links = set(re.findall(r'href="#(t3-\d+)"', page))
    assert links == set(re.findall(r'id="(t3-\d+)"', page)) == {"t3-1", "t3-2"}


def test_a_printed_bracket_is_not_a_marker() -> None:
    printed = article("b", "Title", "It was [2] of them.")
    answer = quoting("?", citing(1, printed, "It was [2] of them."), citing(2, TIDES, "Few ships"))
    wrote = tuple(replace(claim, verdict="supported") for claim in answer.claims)
    answer = replace(answer, mode="written", claims=wrote)
    said = Reading(answer_html(answer)).words
    assert said.startswith("It was [2] of them. 1 Few ships 2")


def test_what_is_quoted_after_what_a_model_wrote_is_a_quotation_in_every_form() -> None:
    answer = broken_off()
    page = answer_html(answer)
    assert page.startswith('<div class="answer"><p>No deal was made. <sup>')
    quoted = Reading(page.partition("<blockquote")[2].partition("</blockquote>")[0]).words
    whose = "Ministry of Ports, in The Ostrova Post, 12 March 2024"
    assert quoted.endswith(f"{QUOTE}{whose} 2")
    assert f"[1]\n\n{QUOTE[:60]}" in to_text(answer)
    assert f"    — {whose} [2]\n" in to_text(answer)
    assert f"No deal was made. [^1]\n\n> {QUOTE}\n>\n> — {whose}[^2]\n" in to_markdown(answer)


def test_hits_are_listed_by_day_with_the_undated_last() -> None:
    early = article("c", "Early", "Text.", date=date(1999, 1, 2))
    page = hits_by_date_html([hit(TIDES), hit(HARBOUR), hit(early)])
    assert re.findall(r"<strong>(?:<a[^>]*>)?([^<]*)", page) == [
        "Early",
        "Harbour talks collapse",
        "A quiet season",
    ]


def test_nothing_of_a_hostile_article_is_markup() -> None:
    answer = hostile_answer("?")
    page = Reading(to_html(answer) + hits_by_date_html([hit(answer.citations[0].article)]))
    assert page.elements & {"script", "img", "b", "i"} == set()
    assert {name for name in page.attributes if name.startswith("on")} == set()
    assert "javascript:" not in str(re.findall('href="([^"]*)"', to_html(answer)))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_words_come_through_html_as_they_were(words: str) -> None:
    odd = article("b", "Title", f"before {words} after")
    card = source_cards_html([citing(1, odd, f"before {words} after")])
    marked = card.partition("<mark>")[2].partition("</mark>")[0]
    assert "\n" not in card
    assert "<" not in marked.replace("<br>", "")
    shown = html.unescape(re.sub("<br>", "\n", marked)).split()
    assert shown == html.unescape(html.escape(harmless(f"before {words} after"))).split()


def test_no_form_of_an_answer_is_turned_around_by_an_article() -> None:
    turned = "\u202eevil\u202c \u2066and\u2069 \u202bso\u202c"
    bad = article("b", turned, turned, outlet=turned, url=f"https://e.example/{turned}")
    answer = quoting(turned, citing(1, bad, turned), speaker=turned)
    shown = [
        Reading(to_html(answer) + hits_by_date_html([hit(bad)])).words,
        to_markdown(answer),
        to_text(answer),
    ]
    assert [re.findall("[\u202a-\u202e\u2066-\u2069]", form) for form in shown] == [[], [], []]


def test_long_paragraphs_are_cut_around_the_cited_words() -> None:
    sentences = [f"Sentence {number} of a long report." for number in range(100)]
    long = article("b", "Title", " ".join(sentences))
    card = Reading(source_cards_html([citing(1, long, sentences[50])]).split("<details")[0])
    passage = card.words.partition("undated1 ")[2]
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage) < 700
    assert card.marked == sentences[50]


def test_an_article_is_one_card_with_all_its_passages_in_order() -> None:
    talks = citing(2, HARBOUR, "Talks over the harbour at Ostrova ended without a deal.")
    cards = source_cards_html([citing(1, HARBOUR, QUOTE), talks, citing(3, TIDES, "Few ships")])
    assert cards.count('<article class="source') == 2
    assert re.findall(r'id="source-(\d)"', cards) == ["2", "1", "3"]
    whole = Reading(cards.partition("<details")[2].partition("</details")[0])
    assert whole.marked == talks.text + QUOTE


def test_spans_that_overlap_mark_each_word_once_and_lose_none() -> None:
    body = HARBOUR.text.index(HARBOUR_BODY)
    whole = Reading(article_html(HARBOUR, [(body, body + 9), (body + 4, body + 20), (0, 2)]))
    assert "".join(whole.words.split()) == "".join(
        (HARBOUR.text.rpartition("\n\n")[0] + "Readers’ comments" + "Reader’s comment by dockhand_7"
         + HARBOUR.text.rpartition("\n\n")[2]).split()
    )  # fmt: skip


def test_readers_comments_stand_apart_from_the_article() -> None:
    shown = article_html(HARBOUR)
    printed, _, comments = shown.partition('<section class="comments">')
    assert "sold us out" not in printed
    assert "sold us out" in comments


def test_a_card_and_the_sentence_that_cites_it_lead_to_each_other() -> None:
    page = to_html(written(), anchor="t3")
    names = re.findall(r'id="([^"]*)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(names)


def test_a_rewritten_sentence_says_so_beside_its_own_words() -> None:
    line = Notice(code="rewritten", text="This sentence was changed on 3 May.")
    cited = replace(citing(1, HARBOUR, QUOTE), notices=(line,))
    card = source_cards_html([cited, citing(2, HARBOUR, "Its delegation")])
    passages = card.split('<div class="passage"')
    assert [line.text in passage for passage in passages] == [False, True, False]
