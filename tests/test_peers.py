"""What the table of peers is computed from."""

from typing import cast

from benchmarks.peers import measures
from benchmarks.peers.adapters.protocol import Cited, Reply
from benchmarks.peers.material import Question, page, sample
from benchmarks.peers.measures import Share

TEXT = 'The tide rose at nine. "We left at once," said Ada Finch.'
ASKED = Question(text="When?", gold=frozenset({"a"}), key="rose at nine", speaker="Ada Finch")
NEVER = Question(text="Who?", comment="my cousin knows")


def reply(*spans: str, speaker: str | None = None, **more: object) -> Reply:
    cited = [Cited(id="a", text=text, speaker=speaker) for text in spans]
    given = {"found": ["b", "a"], "answered": None, "text": None} | more
    return cast("Reply", {"cited": cited, **given})


def test_an_article_is_found_where_it_is_among_the_first() -> None:
    replies = [(ASKED, reply()), (NEVER, reply())]
    assert measures.recall(replies, 1) == Share(0, 1)
    assert measures.recall(replies, 2) == Share(1, 1)


def test_a_citation_is_right_where_it_holds_the_words_that_answer() -> None:
    replies = [(ASKED, reply(TEXT, "The tide fell."))]
    assert measures.cited(replies) == Share(1, 1)
    assert measures.precision(replies) == Share(1, 2)


def test_a_quotation_that_no_article_prints_is_counted() -> None:
    replies = [(ASKED, reply(text='"We left at once," and "We stayed at home," she said.'))]
    assert measures.verbatim(replies, [TEXT]) == Share(1, 2)


def test_what_a_peer_has_no_notion_of_is_counted_nowhere() -> None:
    replies = [(ASKED, reply(TEXT)), (NEVER, reply(TEXT))]
    assert measures.answered(replies).of == 0
    assert measures.speakers(replies)[0].of == 0
    assert str(Share(0, 0)) == "–"


def test_an_answer_to_what_is_not_there_is_counted() -> None:
    replies = [(NEVER, reply(answered=True)), (NEVER, reply(answered=False))]
    assert measures.answered(replies) == Share(1, 2)


def test_a_readers_words_as_evidence_are_counted() -> None:
    replies = [(NEVER, reply("He said: My cousin knows it.")), (NEVER, reply(TEXT))]
    assert measures.comments(replies) == Share(1, 2)


def test_a_speaker_is_right_or_wrong_by_name() -> None:
    right, wrong = [(ASKED, reply(TEXT, speaker="Ms Finch"))], [(ASKED, reply(TEXT, speaker="Bo"))]
    assert measures.speakers(right) == (Share(1, 1), Share(0, 1))
    assert measures.speakers(wrong) == (Share(0, 1), Share(1, 1))


def test_every_question_of_the_sample_can_be_answered_from_what_all_are_given() -> None:
    material = sample()
    ids = {one["id"] for one in material.articles}
    assert [one.text for one in material.questions if one.key and not one.gold & ids] == []
    texts = [one["text"] for one in material.articles]
    said = [one.comment for one in material.questions if one.comment]
    assert [words for words in said if not any(words in text for text in texts)] == []


def test_a_page_is_what_a_browser_shows() -> None:
    shown = page(
        "p.html", "<head><title>T</title></head><body><h1>H</h1><p>One <b>two</b></p><p>3</p>"
    )
    assert shown["text"] == "H\nOne two\n3"
