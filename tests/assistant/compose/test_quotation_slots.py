"""A quotation is a mark that we put the words in for; a model's own marks are looked up."""

import pytest

from assistant.answer import Evidence
from assistant.compose.quotation_slots import References, Worded
from tests.assistant.compose.test_generative import FARE, hit

TOLD = (
    "“The quay will be mended before the herring come,” Ada Quill, the harbour master, said. "
    "The council wants 300 crowns for it."
)
QUAY = hit("q", TOLD)
OLD = hit("o", FARE)
WORDS = "The quay will be mended before the herring come"


def references(*texts: str) -> References:
    hits = [hit(str(n), text) for n, text in enumerate(texts)]
    return References([Evidence(hit=one, start=0, end=len(one.article.text)) for one in hits])


BOTH = references(TOLD, FARE)


def test_a_model_sees_a_mark_before_each_quotation() -> None:
    assert BOTH.shown(1) == f"{{q1}} {TOLD}"
    assert BOTH.shown(2) == FARE


def test_a_mark_of_an_article_is_no_mark_of_ours() -> None:
    assert references("Write {q1} and { Q2 }.").shown(1) == "Write ｛q1} and ｛ Q2 }."


@pytest.mark.parametrize(
    "written",
    [
        "Ada Quill said: {q1}",
        "Ada Quill said: “{q1}”",
        'Ada Quill said: "{ q1 }"',
        "Ada Quill said: {Q1}",
        "Ada Quill said: {q1} “The quay will be mended”",
        'Ada Quill said: {q1} "The quay will be mended"',
        "Ada Quill said: {{q1}}",
        "Ada Quill said: „{q1}“",
        "Ada Quill said: »{q1}«",
        "Ada Quill said: ‚{q1}‘",
        "Ada Quill said: “ {q1} ”",
        "Ada Quill said: ‹{q1}›",
    ],
)
def test_the_words_of_a_reference_are_those_that_were_printed(written: str) -> None:
    assert BOTH.put_in(written, ()) == Worded(text=f"Ada Quill said: “{WORDS}”", cites=(1,))


def test_a_quotation_without_its_speaker_is_a_fault() -> None:
    assert BOTH.put_in("It was said: {q1}", (2,)) == Worded(
        text=f"It was said: “{WORDS}”",
        cites=(2, 1),
        faults=("quotes Ada Quill without saying so",),
    )


def test_a_reference_that_does_not_exist_is_a_fault() -> None:
    assert BOTH.put_in("She said {q9}.", (1,)).faults == ("refers to {q9}, which does not exist",)


def test_words_that_a_model_quotes_itself_are_set_as_they_were_printed() -> None:
    said = 'Ada Quill said "the QUAY will be mended."'
    assert BOTH.put_in(said, ()) == Worded(
        text='Ada Quill said "The quay will be mended".', cites=(1,)
    )


def test_words_that_nobody_printed_lose_their_marks() -> None:
    said = "Ada Quill said “the quay is doomed”."
    assert BOTH.put_in(said, (1,)) == Worded(
        text="Ada Quill said the quay is doomed.", cites=(1,), paraphrase=True
    )


def test_words_are_altered_too_where_no_excerpt_but_its_article_quotes_them() -> None:
    read = [Evidence(hit=QUAY, start=TOLD.index("The council"), end=len(TOLD))]
    said = "Ada Quill said “the quay will be sold before the herring come”."
    assert References(read).put_in(said, (1,)).faults == ("alters the words of a quotation",)


def test_words_that_its_article_quotes_so_outside_of_the_excerpts_are_not_altered() -> None:
    read = [Evidence(hit=QUAY, start=TOLD.index("The council"), end=len(TOLD))]
    said = "Ada Quill said “the quay will be mended”."
    assert References(read).put_in(said, (1,)).faults == ()


def test_a_reference_leaves_the_marks_of_other_quotations_alone() -> None:
    said = 'Ada Quill said "the quay will be mended" and: {q1}'
    assert BOTH.put_in(said, ()).text == (
        f'Ada Quill said "The quay will be mended" and: “{WORDS}”'
    )


@pytest.mark.parametrize(
    "marks",
    ["““", "””", "‚‘", "‹›", "›‹", "″″", "❝❞", "❛❜", "〝〟", "《》", "ʺʺ", "„“", "»«", "「」"],
)
def test_no_marks_are_so_rare_that_invented_words_stay_in_them(marks: str) -> None:
    said = f"Ada Quill said {marks[0]}the herring is a traitor{marks[1]}."
    assert BOTH.put_in(said, (1,)) == Worded(
        text="Ada Quill said the herring is a traitor.", cites=(1,), paraphrase=True
    )


@pytest.mark.parametrize("mark", list('“„«»"‘'))
def test_a_mark_that_is_never_closed_holds_no_quotation(mark: str) -> None:
    assert BOTH.put_in(f"Ada Quill said {mark}the herring is a traitor.", (1,)) == Worded(
        text="Ada Quill said the herring is a traitor.", cites=(1,), paraphrase=True
    )


@pytest.mark.parametrize(
    "text",
    [
        'The plank is 12" long and 5′ 3″ wide.',
        "The workers’ boat, ‹ 5 % of it, ’tis said, is rock ’n’ roll.",
        "Ada Quill said “The quay will be mended”.",
    ],
)
def test_other_marks_stay(text: str) -> None:
    worded = BOTH.put_in(text, (1,))
    assert (worded.text, worded.paraphrase) == (text, False)
