import json
import re
import textwrap
from dataclasses import replace
from datetime import date

import pytest

from assistant.answer import Answer, NoAnswer, Searched
from assistant.render import (
    answer_html,
    citation_to_json,
    hits_to_json,
    hits_to_text,
    to_json,
    to_markdown,
    to_text,
)
from ingest.article import Notice
from tests.newsroom import (
    HARBOUR,
    HARBOUR_BODY,
    QUOTE,
    SEARCHED,
    TIDES,
    article,
    citing,
    harbour_answer,
    hit,
    no_answer,
    quoting,
    written,
)

HARBOUR_CITATION = {
    "n": 1,
    "article_id": "a1",
    "version": 1,
    "title": "Harbour talks collapse",
    "title_inferred": False,
    "outlet": "The Ostrova Post",
    "authors": ["Mira Dahl"],
    "date": "2024-03-12",
    "published_at": "2024-03-12T09:30:00+00:00",
    "updated_at": None,
    "url": "https://post.example/harbour?a=1&b=2",
    "language": "en",
    "kind": None,
    "part": "body",
    "start": 80,
    "end": 164,
    "text": QUOTE,
    "story": {
        "id": "s1",
        "copies": 2,
        "outlets": ["The Ostrova Post", "Coast Daily"],
        "article_ids": ["a1", "a9"],
        "canonical": None,
    },
    "notices": [{"code": "corrected", "text": "Corrected on 13 March."}],
}

SEARCHED_DOCUMENT = {
    "articles": 3,
    "from": "2024-03-01",
    "to": "2024-03-12",
    "embedded": 1.0,
    "understood": {},
    "nothing": None,
    "plan": None,
}

DOUBTED = (
    "Few ships came, “many” say [^2]. *(only partly supported by its source)*"
    " *(quotation absent: “many”)*"
)


def test_an_answer_in_json_is_the_contract() -> None:
    expected = {
        "schema": 1,
        "kind": "answer",
        "id": None,
        "question": "What did the ministry say?",
        "mode": "quotes",
        "text": f"{QUOTE} [1]",
        "claims": [
            {
                "text": QUOTE,
                "at": [0, 84],
                "verdict": "verbatim",
                "score": None,
                "speaker": "Ministry of Ports",
                "speaker_from": "sentence",
                "quotes": [],
                "citations": [1],
                "judgement": None,
                "paraphrase": False,
                "day": None,
            }
        ],
        "citations": [HARBOUR_CITATION],
        "omitted": [],
        "conflicts": [],
        "updates": [],
        "witnesses": {"newsrooms": 1, "copies": [2]},
        "faithfulness": None,
        "more": None,
        "warnings": [],
        "searched": SEARCHED_DOCUMENT,
        "record_id": None,
        "seconds": 0.042,
        "reading": None,
    }
    assert to_json(harbour_answer()) == expected


def test_a_written_answer_in_json_carries_its_doubts() -> None:
    document = to_json(written())
    told = {name: document[name] for name in ("omitted", "conflicts", "faithfulness", "warnings")}
    assert told == {
        "omitted": [
            {"text": "The mayor resigned.", "reason": "no source says it", "judgement": None}
        ],
        "conflicts": [{"about": "the day", "citations": [1, 2], "kind": "conflict"}],
        "faithfulness": 0.5,
        "warnings": [{"code": "undated", "text": "One source is undated."}],
    }
    assert document["searched"] == {
        **SEARCHED_DOCUMENT,
        "embedded": 0.5,
        "understood": {"days": ["2024-03-01"]},
    }
    assert document["claims"][1]["quotes"] == [  # type: ignore[index]
        {"text": "many", "verdict": "absent", "citation": None}
    ]


def test_no_answer_in_json_is_the_contract() -> None:
    expected = {
        "schema": 1,
        "kind": "no_answer",
        "id": None,
        "question": "Who won?",
        "mode": "quotes",
        "text": "",
        "claims": [],
        "reason": "not_enough",
        "nearest": [citation_to_json(citing(1, TIDES, "Few ships came in."))],
        "citations": [],
        "warnings": [],
        "searched": SEARCHED_DOCUMENT,
        "reading": None,
        "record_id": None,
        "seconds": 0.0,
    }
    assert to_json(no_answer("Who won?")) == expected


def test_a_hit_in_json_is_a_citation_without_a_number_but_with_a_score() -> None:
    start = HARBOUR.text.index(HARBOUR_BODY)
    expected = {
        **{name: value for name, value in HARBOUR_CITATION.items() if name != "n"},
        "start": start,
        "end": start + len(HARBOUR_BODY),
        "text": HARBOUR_BODY,
        "story": {
            "id": "s-a1",
            "copies": 1,
            "outlets": ["The Ostrova Post"],
            "article_ids": ["a1"],
            "canonical": None,
        },
        "notices": [],
        "score": 0.5,
        "by": ["words", "meaning"],
        "marks": [],
    }
    document = hits_to_json([hit(HARBOUR)], SEARCHED, "q1")
    assert document == {
        "schema": 1,
        "id": "q1",
        "hits": [expected],
        "total": None,
        "total_with_copies": None,
        "facets": {},
        "warnings": [],
        "searched": SEARCHED_DOCUMENT,
    }


@pytest.mark.parametrize("outcome", [harbour_answer(), written(), no_answer("Who?")])
def test_every_document_is_json_that_reads_back_the_same(outcome: Answer) -> None:
    document = to_json(outcome)
    assert json.loads(json.dumps(document)) == document


def test_a_quoted_answer_reads_well_on_a_terminal() -> None:
    expected = """\
        “We will not trade the harbour for promises,” the Ministry of Ports said on
        Tuesday.
            — Ministry of Ports, in The Ostrova Post, 12 March 2024 [1]

        One newsroom; two copies of one dispatch.

        Sources

          [1] Harbour talks collapse
              The Ostrova Post, 12 March 2024
              Printed by 2 outlets: The Ostrova Post, Coast Daily
              Note: Corrected on 13 March.
              | Talks over the harbour at Ostrova ended without a deal. “We will not
              | trade the harbour for promises,” the Ministry of Ports said on Tuesday.
              | Its delegation left the same evening.
              https://post.example/harbour?a=1&b=2

        Searched 3 articles, 1 March 2024 to 12 March 2024. 0.04 s.
        """
    assert to_text(harbour_answer()) == textwrap.dedent(expected)


def test_what_happened_on_one_day_stands_under_that_day_on_a_terminal() -> None:
    answer = quoting("What happened?", citing(1, HARBOUR, QUOTE), citing(2, TIDES, "Few ships"))
    same = tuple(replace(claim, day=date(2024, 3, 12)) for claim in answer.claims)
    lines = to_text(replace(answer, claims=same)).split("\n")
    assert (lines[0], lines[1][:20]) == ("12 March 2024", QUOTE[:20])
    assert lines[4:6] == ["", "Few ships"]


def test_who_said_it_is_told_by_what_is_known_of_where() -> None:
    told = to_text(quoting("?", citing(1, TIDES, "Few ships came in."), speaker="Petra Ilwain"))
    assert "    — Petra Ilwain (named earlier), in “A quiet season” [1]\n" in told


def test_how_to_see_readers_comments_is_told_as_each_form_has_it() -> None:
    outcome = replace(no_answer("?"), reason="only_in_comments")
    assert "Ask for readers’ comments too to see them (`--comments`)." in to_text(outcome)
    assert "<p>Tick “Readers’ comments too” and ask again to see them.</p>" in answer_html(outcome)
    assert "`" not in to_markdown(outcome)
    empty = answer_html(replace(no_answer("?"), reason="empty_archive"))
    assert "<p>Put articles into it with <code>morgue ingest PATH</code>.</p>" in empty


def test_two_sentences_of_one_paragraph_are_one_source_in_a_terminal() -> None:
    answer = harbour_answer()
    (first,) = answer.citations
    second = replace(first, n=2, end=first.end - 1)
    told = to_text(replace(answer, citations=(first, second)))
    assert "  [1][2] Harbour talks collapse\n" in told
    assert told.count("Harbour talks collapse") == 1


def test_a_written_answer_says_what_is_doubtful_on_a_terminal() -> None:
    expected = """\
        No deal was made [1].
        Few ships came, “many” say [2]. (only partly supported by its source) (quotation
        absent: “many”)

        Sources differ:
            The Ostrova Post, 12 March 2024: Talks over the harbour at Ostrova ended
              without a deal. [1]
            outlet unknown, undated: Few ships came in. [2]

        Left out because it could not be shown: 1 sentence (no source says it).
        """
    assert to_text(written()).startswith(textwrap.dedent(expected))


def test_the_archive_not_saying_shows_what_was_searched_and_what_came_nearest() -> None:
    expected = """\
        The archive does not say: what comes near does not answer it.

        What came nearest

          [1] A quiet season
              outlet unknown, undated
              | Few ships came in. The tide tables were late.

        Searched 3 articles, 1 March 2024 to 12 March 2024. 0.00 s.
        """
    assert to_text(no_answer("Who won?")) == textwrap.dedent(expected)


def test_hits_read_well_on_a_terminal() -> None:
    expected = """\
          [1] A quiet season
              outlet unknown, undated (words, meaning 0.500)
              | Few ships came in. The tide tables were late.
              a2

        Searched 3 articles, 1 March 2024 to 12 March 2024.
        """
    assert hits_to_text([hit(TIDES)], SEARCHED) == textwrap.dedent(expected)


def test_no_line_is_wider_than_the_terminal() -> None:
    lines = to_text(quoting("?", citing(1, HARBOUR, HARBOUR_BODY)), width=50).split("\n")
    assert max(len(line) for line in lines if "://" not in line) <= 50


def test_a_terminal_is_not_commanded_by_an_article() -> None:
    bad = article("b", "Title \x1b]0;owned\x07", "Body \x1b[2J \x9b31m \u202egnp.exe\u2066 end\r.")
    shown = to_text(quoting("?", citing(1, bad, bad.text)))
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) == []


def test_a_quoted_answer_in_markdown_has_footnotes() -> None:
    expected = f"""\
        **What did the ministry say?**

        > {QUOTE}
        >
        > — Ministry of Ports, in The Ostrova Post, 12 March 2024[^1]

        One newsroom; two copies of one dispatch.

        *Searched 3 articles, 1 March 2024 to 12 March 2024.*

        [^1]: *Harbour talks collapse*, The Ostrova Post, 12 March 2024. {QUOTE}\
 Printed by 2 outlets: The Ostrova Post, Coast Daily. Note: Corrected on 13 March.\
 <https://post.example/harbour?a=1&b=2>
        """
    assert to_markdown(harbour_answer()) == textwrap.dedent(expected)


def test_a_written_answer_in_markdown_has_its_markers_as_footnotes() -> None:
    said = to_markdown(written()).split("\n\n")[1:3]
    assert said == [
        "No deal was made [^1].",
        DOUBTED,
    ]


def test_a_sentence_that_did_not_stand_up_is_counted_in_what_is_copied_and_never_said() -> None:
    copied = to_markdown(written())
    assert "Left out because it could not be shown: 1 sentence (no source says it)." in copied
    assert "The mayor resigned" not in copied


def test_markdown_of_an_article_stays_words() -> None:
    bad = article("b", "1. [x](y)", "# Head\n\n- *b* _i_ `c` <img src=x> ![p](https://e.example)")
    shown = to_markdown(quoting("?", citing(1, bad, bad.text)))
    unescaped = re.findall(r"(?<!\\)(?:[`<]|\]\()|^#|(?<!\\)://", shown, re.MULTILINE)
    assert unescaped == []


def test_a_reason_is_not_noted_once_more() -> None:
    why = "There is no collection of that name in the archive: “nope”."
    outcome = NoAnswer(
        question="Who?",
        mode="quotes",
        text=f"The archive does not say. {why}",
        reason="nothing_found",
        nearest=(),
        searched=Searched(articles=0, since=None, until=None, embedded=0.0, nothing=why),
        warnings=(Notice(code="no_such_value", text=why), Notice(code="words_only", text="Also.")),
    )
    told = " ".join(to_text(outcome).split())
    assert told.count(why) == 1
    assert "Note: Also." in told
