"""An answer and the filters that are set lead to a watch of what comes for them."""

from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.answer import Finished, Question, Understood
from assistant.render.filter_chips import chips_html, watch_address
from assistant.render.talk import Exchange, follow, messages
from ingest.article import Filters
from tests.newsroom import harbour_answer

SET = Filters(outlets=("Mast", "A & B"), since=date(2024, 1, 2), comments=True)


def asked_for(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(unescape(address)).query)


def test_an_address_has_the_words_and_what_lasts_of_the_filters() -> None:
    wanted = {"q": ['"Lucan Tesh"'], "outlet": ["Mast", "A & B"], "comments": ["1"]}
    assert asked_for(watch_address('"Lucan Tesh"', SET)) == wanted


def test_what_a_key_opens_is_no_filter_of_a_watch() -> None:
    held = Filters(collections=("city",), held=("city",))
    assert asked_for(watch_address("x", held)) == {"q": ["x"]}


def test_filters_that_are_set_can_be_kept_and_none_can_not() -> None:
    assert "/watches?" in chips_html(SET)
    assert chips_html(Filters()) == ""


@pytest.mark.parametrize(
    ("question", "words"),
    [("What did Lucan Tesh say?", '"Lucan Tesh"'), ("what was stolen?", "what was stolen?")],
)
def test_an_answer_leads_to_a_watch_of_its_names_under_its_filters(
    question: str, words: str
) -> None:
    exchange = Exchange(number=1, question=question)
    understood = Understood(question=Question(text=question, asked=question, filters=SET))
    for step in (understood, Finished(outcome=harbour_answer(question))):
        exchange = follow(exchange, step)
    told = str(messages((exchange,))[-1]["content"])
    (link,) = [part.split('"')[0] for part in told.split('class="watched" href="')[1:]]
    assert asked_for(link) == {"q": [words], "outlet": ["Mast", "A & B"], "comments": ["1"]}
