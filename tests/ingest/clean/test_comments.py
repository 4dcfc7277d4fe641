"""Plain text is told apart: article, readers' comments, what is only page."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.article import Part
from ingest.clean.layout import Layout, parts_of
from tests.ingest.comment_threads import ARTICLE, PARAGRAPHS, THREADS


def told(text: str, kind: str) -> list[str]:
    """Return the texts of the parts of one kind."""
    return [text[p.start : p.end] for p in parts_of(text).parts if p.part == kind]


def comments(text: str) -> list[tuple[str | None, str]]:
    """Return the comments with their authors."""
    return [(p.author, text[p.start : p.end]) for p in parts_of(text).parts if p.part == "comment"]


@pytest.mark.parametrize("layout", THREADS)
def test_comments_of_a_layout_are_told_from_the_article_with_their_authors(layout: str) -> None:
    thread, expected = THREADS[layout]
    text = f"{ARTICLE}\n{thread}"
    assert (told(text, "body"), comments(text)) == (PARAGRAPHS, expected)


@pytest.mark.parametrize("layout", THREADS)
def test_blank_lines_between_the_lines_change_nothing(layout: str) -> None:
    thread, expected = THREADS[layout]
    text = f"{ARTICLE}\n{thread}".replace("\n", "\n\n")
    spaced = [(author, words.replace("\n", "\n\n")) for author, words in expected]
    assert (told(text, "body"), comments(text)) == (PARAGRAPHS, spaced)


LEAD = """\
The council closes the north ferry in September, and it was not an easy evening in the town hall.
Some 400 passengers a day will have to find another way to school, to work or to the fish market.
The province paid a third of the cost until last year, when it ended the grant for small harbours.
"""
LOOK_LIKE_COMMENTS = {
    "an interview": """\
Ada Corrin has chaired the transport committee for six years.
Brinmouth Echo
Were you sorry to see it go?
Ada Corrin
I was. I learned to swim off that quay. But you can't pay a crew with memories.
Brinmouth Echo
What do you tell the pupils?
Ada Corrin
That I'm sorry! And that there will be a bus.""",
    "questions and answers": """\
Q: Can I still use my season ticket?
A: Yes, you can use it on the bus.
Q: What if I work nights?
A: You'll have to ask your employer.""",
    "a live blog": """\
1 hr 20 min ago
Council votes to close the ferry
The motion passed by eight votes to four, the clerk announced. The ferry will sail until August.
2 hr 5 min ago
Mayor refuses recess
The opposition has asked for a recess. The mayor refused, according to her spokesman.
3 hr 11 min ago
Session begins
The session has begun. Twelve of the 14 members are in the room, and the gallery is full.""",
    "provinces on lines of their own": """\
Norrland
Tarvik: The shipyard said it will hire 200 welders by spring, the first new jobs since 2011.
Sundmark
Holm: Police asked people to stay away from the dam, which cracked in last week's frost.
Westerland
Dahl: A school was closed after a teacher found a badger in the gymnasium, officials said.""",
    "a recipe": """\
Ingredients
1 kg cod
2 onions
Saffron
Method
Chop the onions. You want them small, so take your time.
Add the fish. Don't stir!""",
    "letters to the editor": """\
Sir, I was sorry to read that the ferry is to close. My grandfather built it.
Ida Holm
Tarvik
Sir, your correspondent forgets that the ferry was late every day. You cannot run a school on it!
Per Lund
Brinmouth""",
    "a transcript": """\
REPORTER
Did you ask for a better offer?
MAYOR
We asked twice. You have the letters.
REPORTER
Will you resign?
MAYOR
No. I don't think you want me to!""",
    "a poem": """\
You carried us over the water
you carried us home in the rain
O ferry, the harbour's daughter
when will you sail again?""",
    "results": """\
Brinmouth 3 Tarvik 1
Holm 0 Dahl 0
Scorers
Malm 12, 40
Lund 77
Next round
Saturday, May 8""",
    "posts that the article quotes": """\
Residents wrote about it on the day.
The ferry is closed and I could cry.
— Greta Malm (@gretam) May 3, 2021
You closed the only thing that works!
— Ove (@ove_s) May 3, 2021
The council did not answer them.""",
    "notes about the authors": """\
Contributing: Tom Venn, Greta Malm
Jane Roe is a reporter at the Echo. You can reach her at jane@echo.example.
Follow us on Twitter""",
    "other stories": """\
Related stories
Council to sell the ferry
2 hours ago
Five things to do in Brinmouth this weekend
3 hours ago
Who was Lindqvist
1 day ago""",
}


@pytest.mark.parametrize("kind", LOOK_LIKE_COMMENTS)
def test_an_article_that_only_looks_like_comments_is_not_cut(kind: str) -> None:
    assert comments(LEAD + LOOK_LIKE_COMMENTS[kind]) == []


def test_a_column_in_the_first_person_is_not_cut() -> None:
    column = """\
I have taken the north ferry for thirty years. You may say I'm biased. I am!
What did we lose? A boat, you say. I say we lost the only place where nobody could email you.
Don't tell me about the bus. I've been on your bus...
So thank you, councillors. I'll see you at the next election!!"""
    assert comments(column) == []


def test_the_second_copy_of_a_paragraph_is_a_repeat_whatever_its_quotation_marks() -> None:
    copy = (
        '"We could not pay  for it any longer," said Ada Corrin, '
        "who chairs the Transport committee."
    )
    text = "\n".join([*PARAGRAPHS[:3], copy, PARAGRAPHS[3]])
    assert (told(text, "body"), told(text, "repeat")) == (PARAGRAPHS, [copy])


def test_what_only_the_page_needs_is_boilerplate_and_a_correction_is_a_correction() -> None:
    form = "Sign up for our newsletter and get the harbour news every morning."
    note = "Correction: An earlier version of this article gave the wrong year for the first ferry."
    credit = "The ferry at the north quay. Photo: Greta Malm"
    lines = [*PARAGRAPHS[:2], "Advertisement", form, *PARAGRAPHS[2:], "Read more", note]
    text = "\n".join([*lines, "Photo: Greta Malm", "© 2021 Brinmouth Echo", credit])
    parts = {kind: told(text, kind) for kind in ("body", "boilerplate", "correction", "caption")}
    assert parts == {
        "body": [*PARAGRAPHS, credit],
        "boilerplate": ["Advertisement", form, "Read more", "© 2021 Brinmouth Echo"],
        "correction": [note],
        "caption": ["Photo: Greta Malm"],
    }


def test_a_hard_wrapped_paragraph_is_one_part_over_its_lines() -> None:
    first = (
        "The town council of Brinmouth voted on Tuesday to close\n"
        "the north ferry, ending a service that has run since the\n"
        "year 1887 without a single accident."
    )
    second = (
        "The operator said in a statement that it would offer all\n"
        "of its 31 employees other posts in the harbours of the\n"
        "province."
    )
    text = f"{first}\n\n{second}\n"
    assert told(text, "body") == [first, second]


WRAPPED_LATER = """
    The operator said in a statement that it would offer all
of its 31 employees other posts in the harbours of the
province."""


def test_a_wrapped_first_line_whose_dateline_was_cut_off_is_no_headline() -> None:
    lead = (
        "The town council of Brinmouth voted on\n"
        "last Tuesday to close the north ferry, ending a service\n"
        "that has run since the year 1887 without one accident."
    )
    layout = parts_of(lead + WRAPPED_LATER)
    assert (told(lead + WRAPPED_LATER, "body")[0], layout.title_how) == (
        lead,
        "first sentence of the body",
    )


@pytest.mark.parametrize("lead", ["Brinmouth closes ferry", "It runs no more."])
@pytest.mark.parametrize("gap", ["\n\n", "\n    "])
def test_a_first_line_set_apart_or_ended_does_not_run_into_the_wrapped_text(
    lead: str, gap: str
) -> None:
    story = (
        "iFerry, the operator, closes the north ferry, ending a\n"
        "service that has run since the year 1887 without a single\n"
        "accident."
    )
    assert told(f"{lead}{gap}{story}{WRAPPED_LATER}", "body")[-2] == story


def test_a_given_headline_is_the_first_part_and_nothing_is_inferred() -> None:
    text = f"Council closes ferry\n{ARTICLE}"
    layout = parts_of(text, has_headline=True)
    assert (layout.title, layout.title_how, layout.parts[0]) == (
        "Council closes ferry",
        None,
        Part(part="headline", start=0, end=20),
    )


def test_a_first_line_that_reads_like_a_headline_is_one_and_is_said_to_be_inferred() -> None:
    text = f"Brinmouth closes the north ferry\nBy Jane Roe and Tom Venn, staff writers\n{ARTICLE}"
    layout = parts_of(text)
    assert (layout.title, layout.title_how, layout.authors, layout.authors_how) == (
        "Brinmouth closes the north ferry",
        "first line of the text",
        ("Jane Roe", "Tom Venn"),
        "byline in the text",
    )


@pytest.mark.parametrize(
    "line",
    ["Jane Roe and Tom Venn", "BRINMOUTH —", "Tuesday, May 4, 2021", "From staff and wire reports"],
)
def test_a_byline_a_place_or_a_date_is_no_headline(line: str) -> None:
    assert parts_of(f"{line}\n{ARTICLE}").title_how == "first sentence of the body"


def test_a_title_that_was_not_given_is_the_first_sentence_cut_at_a_word() -> None:
    short = "Dr. Ada Corrin closed the ferry. It had run since 1887 and nobody liked to see it go."
    long = f"On Tuesday night {ARTICLE}"
    cut = (
        "On Tuesday night The town council of Brinmouth voted on Tuesday to close the north "
        "ferry, which has…"
    )
    titles = [(parts_of(text).title, parts_of(text).title_how) for text in (short, long)]
    assert titles == [
        ("Dr. Ada Corrin closed the ferry.", "first sentence of the body"),
        (cut, "first sentence of the body"),
    ]


def test_a_text_without_words_has_no_parts_and_no_title() -> None:
    assert parts_of(" \n\n\t\n") == Layout(parts=())


LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(ARTICLE.split("\n") + "\n".join(t for t, _ in THREADS.values()).split("\n")),
    st.sampled_from(
        ["", "  ", "\xa0", "Comments", "Reply", "1.", "#", "—", "- - -", "2h", "@", ":"]
    ),
)


@given(lines=st.lists(LINES, max_size=40), headed=st.booleans())
@example(lines=["", " Jane ", "\u2028x", "İ 2 hours ago"], headed=True)
def test_parts_are_in_order_apart_and_cover_every_line(lines: list[str], headed: bool) -> None:
    text = "\n".join(lines)
    parts = parts_of(text, has_headline=headed).parts
    ends = [0, *(edge for part in parts for edge in (part.start, part.end))]
    assert ends == sorted(ends)
    assert all(part.start < part.end <= len(text) for part in parts)
    covered = [text[a:b] for a, b in zip(ends[::2], [*ends[1::2], len(text)], strict=True)]
    assert "".join(covered).strip() == ""


@pytest.mark.shared
def test_the_seed_is_told_apart(shared: Path) -> None:
    text = next((shared / "seed").glob("*.txt")).read_text(encoding="utf-8")
    layout = parts_of(text)
    lines = [line for line in text.split("\n") if line]
    authors = [part.author for part in layout.parts if part.part == "comment"]
    assert (told(text, "body"), told(text, "repeat")) == ([*lines[:14], lines[15]], [lines[14]])
    assert layout.title_how == "first sentence of the body"
    assert authors == ["JJE", "Underworld", "JJE", "TaiwanIsNotChina", "Underworld"]
