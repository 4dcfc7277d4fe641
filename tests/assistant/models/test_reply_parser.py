"""What a model writes is read as sentences with their markers, whatever the model makes of it."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.reply_parser import Refused, ReplySentence, read

FERRY = "The ferry to Brennick runs again."
FARE = "A ticket costs four crowns."


def said(
    reply: str, passages: int = 3, most: int = 5, piece: int = 7
) -> list[ReplySentence | Refused]:
    """Read a reply that comes in small pieces."""
    pieces = [reply[at : at + piece] for at in range(0, len(reply), piece)]
    return list(read(pieces, passages, most))


def cited(
    text: str, *cites: int, miscited: tuple[str, ...] = (), faults: tuple[str, ...] = ()
) -> ReplySentence:
    return ReplySentence(text=text, cites=cites, miscited=miscited, faults=faults)


BOTH = [cited(FERRY, 1), cited(FARE, 2)]


@pytest.mark.parametrize(
    "reply",
    [
        f"{FERRY} [1]\n{FARE} [2]",
        f"{FERRY} [1]\n\n{FARE} [2]\n",
        f"{FERRY} [1]\r\n{FARE} [2]\r\n",
        f"{FERRY} [1] {FARE} [2]",
        f"{FERRY}[1] {FARE}[2]",
        f"{FERRY} [1].\n{FARE} [2].",
        "The ferry to Brennick runs again [1].\nA ticket costs four crowns [2].",
        "The ferry to Brennick runs again [1]. A ticket costs four crowns [2].",
        f"- {FERRY} [1]\n- {FARE} [2]",
        f"* {FERRY} [1]\n* {FARE} [2]",
        f"1. {FERRY} [1]\n2. {FARE} [2]",
        f"(1) {FERRY} [1]\n(2) {FARE} [2]",
        f"**{FERRY}** [1]\n**{FARE}** [2]",
        f"[1] {FERRY}\n[2] {FARE}",
        f"[1] {FERRY} [2] {FARE}",
        f"{FERRY}\n[1]\n{FARE}\n[2]",
        f"{FERRY} (1)\n{FARE} (2)",
        "The ferry to Brennick runs again (1).\nA ticket costs four crowns (2).",
        f"{FERRY} [Source 1]\n{FARE} [Source 2]",
        f"{FERRY} (Source 1)\n{FARE} (source: 2)",
        f"{FERRY} Source 1\n{FARE} Source 2.",
        f"{FERRY} [passage 1]\n{FARE} [Passage 2]",
        f"{FERRY} [^1]\n{FARE} [^2]",
        f"{FERRY} 【1】\n{FARE} 【2†source】",
        "The ferry to Brennick runs again ([1]).\nA ticket costs four crowns ([2], [2]).",
        f"{FERRY} [1](https://bell.example/a)\n{FARE} ^[2]^",
        f"{FERRY} [Passage 1, The Brennick Bell]\n{FARE} [Source 2: Coast Daily]",
        f"The passage states that the ferry to Brennick runs again. [1]\n{FARE} [2]",
        f"As per the passages: the ferry to Brennick runs again. [1]\n{FARE} [2]",
        f"According to [1], the ferry to Brennick runs again.\n{FARE} [2]",
        f"According to source 1, the ferry to Brennick runs again.\n{FARE} [2]",
        f"Passage 1 states that the ferry to Brennick runs again.\n{FARE} [2]",
        f"Based on the provided passages, the ferry to Brennick runs again. [1]\n{FARE} [2]",
        f"Here is the answer:\n{FERRY} [1]\n{FARE} [2]",
        f"Sure! Here is what they say.\n{FERRY} [1]\n{FARE} [2]",
        f"Answer: {FERRY} [1]\n{FARE} [2]",
        f"**Answer:**\n{FERRY} [1]\n{FARE} [2]",
        f"## Answer\n\n{FERRY} [1]\n{FARE} [2]".replace("## Answer\n", "# Answer:\n"),
        f"<think>They ask about [3]. So?</think>\n{FERRY} [1]\n{FARE} [2]",
        f"{FERRY} [1]\n<THINKING>\nAnd now?\n</THINKING>\n{FARE} [2]",
        f"==== 0f3a ====\n{FERRY} [1]\n{FARE} [2]\n==== 0f3a ====",
        f"{FERRY} [1]\n{FARE} [2]\n\nSources:\n[1] The Brennick Bell\n[2] Coast Daily [2]",
        f"{FERRY} [1]\n{FARE} [2]\nSources: [1], [2]",
        f"{FERRY} [1]\n{FARE} [2]\nI hope this helps!",
        f"{FERRY} [1]\n{FERRY} [1]\n{FARE} [2]",
    ],
)
def test_two_sentences_are_read_out_of(reply: str) -> None:
    assert said(reply) == BOTH


@pytest.mark.parametrize(
    ("markers", "numbers"),
    [
        ("[1][3]", (1, 3)),
        ("[1] [3]", (1, 3)),
        ("[1, 3]", (1, 3)),
        ("[1; 3]", (1, 3)),
        ("[1 and 3]", (1, 3)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("[Source 1, Source 3]", (1, 3)),
        ("(Sources 1 and 3)", (1, 3)),
        ("(1, 3)", (1, 3)),
        ("[3][1][3]", (3, 1)),
    ],
)
def test_several_markers_are_several_citations(markers: str, numbers: tuple[int, ...]) -> None:
    assert said(f"{FERRY} {markers}") == [cited(FERRY, *numbers)]


def test_a_number_that_does_not_exist_is_a_fault() -> None:
    miscited = ("cites [7], which does not exist",)
    assert said(f"{FERRY} [1][7]") == [cited(FERRY, 1, miscited=miscited)]


def test_an_attribution_to_a_marker_goes_with_it() -> None:
    # As qwen2.5-1.5b wrote it.
    assert said(f"{FERRY[:-1]}, according to [2]. [1]") == [cited(FERRY, 2, 1)]


def test_a_sentence_without_a_marker_says_so() -> None:
    assert said(f"{FERRY}\n{FARE} [2]") == [
        cited(FERRY, miscited=("cites nothing",)),
        cited(FARE, 2),
    ]


def test_sentences_before_a_marker_in_one_line_share_it() -> None:
    assert said(f"{FERRY} {FARE} [2]") == [cited(FERRY, 2), cited(FARE, 2)]


def test_a_marker_within_a_sentence_stays_with_it() -> None:
    reply = "The mayor [1] and the harbour master [2] agreed. It was late. [3]"
    assert said(reply) == [
        cited("The mayor and the harbour master agreed.", 1, 2),
        cited("It was late.", 3),
    ]


def test_a_quotation_of_two_sentences_is_one_claim() -> None:
    quoted = "“We will sail. We will not wait,” said Ada Quill."
    assert said(f"{quoted} [1]") == [cited(quoted, 1)]
    straight = quoted.replace("“", '"').replace("”", '"')
    assert said(f"{straight} [1]") == [cited(straight, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "The pact rests on Article 5 of the treaty.",
        "It rose from 3 (2019) to 5 in 2024.",
        "According to sources, the mayor resigned.",
        "In the archive of the port, a map was found.",
        "“He [the mayor] left in [2019],” she said.",
        "Dr. Ada Quill of St. Orrin paid 3.5 crowns.",
    ],
)
def test_ordinary_words_of_news_are_left_alone(text: str) -> None:
    assert said(f"{text} [1]") == [cited(text, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor left, but passage 2 gives another day.",
        "The mayor left, while the passage says another day.",
        "Although the passages do not say why, the mayor left on Monday.",
        "The mayor of Brennick left on Monday, but the passages do not say why.",
        "The mayor of Brennick left on Monday, but the passages don’t really explain why.",
        "The mayor of Brennick left on Monday, though the articles do not mention the reason.",
        "The mayor of Brennick left on Monday, and the excerpts give no reason.",
    ],
)
def test_to_speak_of_passages_is_a_fault(text: str) -> None:
    faults = ("speaks of passages, which its reader does not see",)
    assert said(f"{text} [1]") == [cited(text, 1, faults=faults)]


@pytest.mark.parametrize(
    "reply",
    [
        "NOT IN THE ARCHIVE",
        "NOT IN THE ARCHIVE.",
        "**Not in the archive**",
        "The passages do not mention who owns the ferry.",
        "The passages do not mention who owns the ferry. [1][2]",
        "The provided articles don't contain information about the owner [1].",
        "None of the passages says who owns the ferry.",
        "Unfortunately, this cannot be answered.",
        "I'm sorry, but the passages are about something else.",
        "I cannot answer this question based on the given passages.",
        "There is no information about the owner in the provided context.",
        "The owner of the ferry is not mentioned in the passages.",
        "The given text does not provide the name of the owner [2].",
        "Los pasajes no mencionan al dueño.",
        "В наданих уривках не згадується власник.",
        "Die Passagen enthalten keine Angaben dazu.",
        "Les passages ne mentionnent pas le propriétaire.",
        "<think>Nothing there.</think>NOT IN THE ARCHIVE",
    ],
)
def test_a_refusal_is_told_from_an_answer(reply: str) -> None:
    assert [type(one) for one in said(reply)] == [Refused]


@pytest.mark.parametrize(
    "text",
    [
        "The ministry did not say who owns the ferry.",
        "“I cannot answer that,” the mayor said.",
        "It is unclear how many were hurt.",
        "The report does not mention the owner.",
        "No information was given by the police.",
        "The text does not name the country.",
        "Sources did not say who fired first.",
        "The strike is not lawful in the context of the talks.",
        "Unfortunately, the sea was rough.",
        "I don't know yet what is in it, said Sunniva Hask, the county's water officer.",
        "I couldn't sell it if I wanted to, Mr Vane said.",
        "The archives do not have the letter, the minister said.",
        "The articles of the Compact do not say who pays.",
        "It was not mentioned in the articles of association.",
        "The mayor of Brennick left on Monday, but the sources did not say why.",
    ],
)
def test_a_cited_sentence_about_silence_is_no_refusal(text: str) -> None:
    assert said(f"{text} [1]") == [cited(text, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "No evidence of a leak was found.",
        "Unfortunately for the mayor, the sea was rough.",
        "I cannot sell the yard, Crispin Vane said.",
    ],
)
def test_a_sentence_of_news_that_cites_nothing_is_no_refusal(text: str) -> None:
    assert said(text) == [cited(text, miscited=("cites nothing",))]


@pytest.mark.parametrize(
    "text",
    [
        "None of the passages says that Ada Quill said it.",
        "I cannot say what Ada Quill said.",
        "The passages do not mention what Ada Quill said about it, according to the articles.",
    ],
)
def test_a_refusal_that_names_a_speaker_is_one_all_the_same(text: str) -> None:
    assert said(f"{text} [1]") == [Refused(text=text)]


def test_nothing_after_the_agreed_refusal_is_read() -> None:
    assert said(f"NOT IN THE ARCHIVE\n{FERRY} [1]") == [Refused(text="NOT IN THE ARCHIVE")]


def test_a_refusal_after_sentences_speaks_of_a_part() -> None:
    rest = "The passages do not say when it opened."
    assert said(f"{FERRY} [1]\n{rest}") == [cited(FERRY, 1), Refused(text=rest)]


def test_no_more_than_the_most_are_read() -> None:
    lines = "".join(f"Ship {n} came in. [1]\n" for n in range(9))
    assert [one.text for one in said(lines, most=2)] == ["Ship 0 came in.", "Ship 1 came in."]


def test_a_model_that_goes_round_in_circles_is_left() -> None:
    taken = 0

    def circle() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield f"{FERRY} [1]\n"

    assert list(read(circle(), 3, 5)) == [cited(FERRY, 1)]
    assert taken <= 30


def test_a_refusal_that_goes_round_in_circles_is_left() -> None:
    refusals = list(read(("The passages do not say so.\n" for _ in range(10_000)), 3, 5))
    assert len(refusals) == 20


def test_a_line_that_never_ends_takes_time_in_step_with_its_length() -> None:
    start = time.process_time()
    list(read(("and so on " for _ in range(20_000)), 3, 5))
    assert time.process_time() - start < 10


@pytest.mark.parametrize("text", ["[1 ", "[1] ", "<think>", "(1, 2", "[1 is it.\n"])
def test_a_piece_of_a_million_markers_takes_time_in_step_with_its_length(text: str) -> None:
    start = time.process_time()
    list(read([text * (12_000_000 // len(text))], 3, 5))
    assert time.process_time() - start < 10


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_a_line_without_an_end_is_left_out_and_the_next_one_read(piece: int) -> None:
    endless = "The ferry runs and " * 1000
    assert said(f"{endless}. [1]\n{FARE} [2]", piece=piece) == [cited(FARE, 2)]


def test_a_sentence_is_let_out_before_the_next_one_is_there() -> None:
    seen: list[str] = []

    def slowly() -> Iterator[str]:
        for piece in (f"{FERRY} [1]\n", "A ticket", " costs four crowns. [2]"):
            seen.append(piece)
            yield piece

    first = next(iter(read(slowly(), 3)))
    assert (first, len(seen)) == (cited(FERRY, 1), 1)


def test_reasoning_that_only_ends_does_not_use_up_the_answer() -> None:
    thoughts = "So passage [1] is about it. [1]\nAnd [2] too. [2]\n</think>\n"
    assert said(f"{thoughts}{FERRY} [1]\n{FARE} [2]", most=3)[-2:] == BOTH
    # What waits for its marker when the tag comes is never let out.
    assert said(f"Hm, the ferry.</think>{FERRY} [1]\n{FARE} [2]") == BOTH


def test_an_empty_reply_says_nothing() -> None:
    assert said("") == []
    assert said("<think>hm, a long thought that never ends") == []


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(list('aA. “”"\n[]()123,-*<>/thinkSource:')), max_size=80))
def test_how_a_reply_is_cut_into_pieces_changes_nothing(reply: str) -> None:
    whole = said(reply, piece=max(1, len(reply)))
    assert said(reply, piece=1) == whole
    assert said(reply, piece=3) == whole


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_read(reply: str) -> None:
    for one in said(reply):
        assert one.text.strip()
