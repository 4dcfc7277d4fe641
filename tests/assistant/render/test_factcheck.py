"""A checked draft as text, as JSON and as a page."""

import re
from dataclasses import replace

import pytest

from assistant.answer import Judgement
from assistant.factcheck.findings import (
    CheckedDraft,
    CheckedName,
    CheckedQuotation,
    CheckedSentence,
    UncheckedSentence,
)
from assistant.render import citation_to_json, draft_to_html, draft_to_json, draft_to_text
from tests.newsroom import HARBOUR, HOSTILE, QUOTE, SEARCHED, article, citing

TEXT = "“We traded it,” she said.\nFew ships came on Monday. Why? Ada Quyll left."


def draft() -> CheckedDraft:
    cited = citing(1, HARBOUR, QUOTE)
    judged = Judgement(score=0.1234567, verdict="contradicted", read_by="words", source=0,
                       span=(80, 90), reason="is not what is printed: “x”")  # fmt: skip
    return CheckedDraft(
        text=TEXT,
        name="story.md",
        quotations=(
            CheckedQuotation(
                text="We traded it,", start=1, end=14, verdict="altered", speaker="she",
                said_by="Ministry of Ports", difference="“traded” where “trade” is printed",
                citations=(cited,),
            ),
        ),
        sentences=(
            CheckedSentence(
                text="Few ships came on Monday.", start=26, end=51, verdict="contradicted",
                judgement=judged, read_as="Few ships came on Monday.", citations=(cited,),
            ),
        ),
        names=(
            CheckedName(text="Ada Quyll", start=57, end=66, verdict="other", usual="Ada Quill"),
        ),
        unchecked=(UncheckedSentence(text="Why?", start=52, end=56, reason="question"),),
        searched=SEARCHED,
        read_by="words",
    )  # fmt: skip


def test_the_document_is_the_contract() -> None:
    cited = citation_to_json(citing(1, HARBOUR, QUOTE))
    assert draft_to_json(draft()) == {
        "schema": 1,
        "name": "story.md",
        "text": TEXT,
        "clean": False,
        "quotations": [{
            "text": "We traded it,", "speaker": "she", "said_by": "Ministry of Ports",
            "verdict": "altered", "difference": "“traded” where “trade” is printed",
            "start": 1, "end": 14, "citations": [cited],
        }],
        "claims": [{
            "text": "Few ships came on Monday.", "verdict": "contradicted",
            "judgement": {
                "verdict": "contradicted", "score": 0.1235, "read_by": "words",
                "reason": "is not what is printed: “x”",
                "rests_on": {"citation": 1, "start": 80, "end": 90},
            },
            "read_as": "Few ships came on Monday.", "start": 26, "end": 51, "citations": [cited],
            "parts": [],
        }],
        "names": [{
            "text": "Ada Quyll", "verdict": "other", "usual": "Ada Quill", "start": 57, "end": 66,
        }],
        "unchecked": [{"text": "Why?", "reason": "question", "start": 52, "end": 56}],
        "searched": {
            "articles": 3, "from": "2024-03-01", "to": "2024-03-12", "embedded": 1.0,
            "nothing": None,
        },
        "warnings": [], "read_by": "words",
        "seconds": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("width", [80, 40])
def test_a_terminal_is_told_what_is_wrong_with_its_line_and_the_difference(width: int) -> None:
    text = draft_to_text(draft(), width)
    assert all(len(line) <= width for line in text.split("\n"))
    for told in ("ALTERED", "CONTRADICTED", "l. 1", "l. 2", "other"):
        assert told in text
    flat = " ".join(text.split())
    assert "“traded” where “trade” is printed" in flat or width < 80
    assert "questions: 1" in flat or width < 80


def test_a_page_shows_the_whole_draft_with_its_findings_at_their_places() -> None:
    page = draft_to_html(draft())
    shown = page.split('<div class="draft" dir="auto">')[1].split("</div>")[0]
    words = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", shown)
    assert words == TEXT
    assert '<span class="bad">We traded it,</span><sup><a href="#f1">1</a></sup>' in shown
    links = re.findall(r'href="#(f\d+)"', shown)
    assert links == re.findall(r'<article class="[^"]+" id="(f\d+)"', page) == ["f1", "f2", "f3"]


def test_a_page_needs_nothing_else_and_is_dark_where_that_is_wished() -> None:
    page = draft_to_html(draft())
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert not re.search(r"<(?:script|link|img|iframe)|url\(", page)


def test_words_that_are_printed_as_in_the_draft_stand_once_however_many_print_them() -> None:
    (quotation,) = draft().quotations
    printed = (citing(1, HARBOUR, QUOTE), citing(2, replace(HARBOUR, article_id="a9"), QUOTE))
    exact = replace(quotation, text=QUOTE.strip("“”"), verdict="exact", citations=printed)
    page = draft_to_html(replace(draft(), quotations=(exact,), sentences=(), names=()))
    cards = page.partition("What the archive prints")[2]
    assert cards.count("for promises") == 1
    assert "also The Ostrova Post" in cards


def test_printed_words_that_stood_before_are_pointed_at_unless_they_must_be_compared() -> None:
    (quotation,), (sentence,) = draft().quotations, draft().sentences
    right = replace(quotation, text=QUOTE, start=26, end=51, verdict="exact", difference=None)
    for later, times in ((right, 1), (replace(right, verdict="altered"), 2)):
        page = draft_to_html(replace(draft(), quotations=(quotation, later), sentences=()))
        cards = page.partition("What the archive prints")[2]
        assert cards.count("<blockquote") == times
        assert ('<a href="#f1">as at 1</a>' in cards) == (times == 1)
    reason = f"is not what is printed: “{QUOTE}”"
    assert sentence.judgement
    judged = replace(sentence.judgement, reason=reason)
    told = draft_to_html(
        replace(draft(), quotations=(), sentences=(replace(sentence, judgement=judged),))
    ).partition("What the archive prints")[2]
    assert told.count("for promises") == 1


def test_what_is_printed_otherwise_is_shown_beside_the_words_of_the_draft() -> None:
    cards = draft_to_html(draft()).partition("What the archive prints")[2]
    assert "“We traded it,”" in cards
    assert "for promises" in cards


def test_nothing_of_a_draft_or_an_article_is_markup() -> None:
    bad = article("a3", '"><script>x</script>', HOSTILE, url="javascript:x", outlet="<img src=x>")
    cited = citing(1, bad, HOSTILE)
    (quotation,) = draft().quotations
    hostile = replace(
        draft(),
        text=HOSTILE,
        name="<script>.md",
        quotations=(replace(quotation, difference="<script>", citations=(cited,)),),
        sentences=(),
        names=(),
        unchecked=(),
    )
    page = draft_to_html(hostile)
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "\x1b" not in page + draft_to_text(hostile)
