"""Transcripts and interviews, read by their form."""

import pytest

from ingest.language.speech.statements import statements

TRANSCRIPT = """Ilse Marant, who runs the harbour, met the council on Tuesday.

MARANT: The pier is sound. I have walked on it.

It has been painted twice since the war.

COUNCILLOR BREY: Who paid for the paint?

MARANT: Odo Brey did, and he said that he would never do it again.

BREY: I said no such thing.

The meeting ended at ten. Odo Brey went home by boat."""

INTERVIEW = """Ilse Marant looks after the longest pier in the county.

Q: Do you believe Odo Brey when he says that the pier is rotten?

A: I believe that he has not been on it.

Q: Will it close?

A: Not while I have the key."""

BOLD = """Ilse Marant looks after the longest pier in the county.

Do you still walk on the pier yourself?

I do, every morning, and I count the planks.

What do you tell people who say that it is rotten?

I tell them that Odo Brey said so too, and that he bought a ticket.

Will your daughter have the key one day?

My daughter lives in the mountains. I have asked her.

The ferry left at noon."""


def said(text: str) -> list[tuple[str | None, str]]:
    return [(one.speaker, text[one.start : one.end]) for one in statements(text)]


def test_a_label_holds_until_the_next_one() -> None:
    assert said(TRANSCRIPT) == [
        ("Ilse Marant", "The pier is sound. I have walked on it."),
        ("Ilse Marant", "It has been painted twice since the war."),
        ("Odo Brey", "Who paid for the paint?"),
        ("Ilse Marant", "Odo Brey did, and he said that he would never do it again."),
        ("Odo Brey", "I said no such thing."),
    ]


@pytest.mark.parametrize("before", ["[5:34] ", "(00:12) ", "**"])
def test_the_minute_may_stand_before_a_label(before: str) -> None:
    text = "\n".join(
        f"{before}{line}" if ": " in line else line for line in TRANSCRIPT.splitlines()
    )
    assert [speaker for speaker, _ in said(text)] == [speaker for speaker, _ in said(TRANSCRIPT)]


def test_a_label_may_stand_on_a_line_of_its_own_and_what_says_nothing_is_nobodys() -> None:
    apart = TRANSCRIPT.replace(": ", ":\n\n").replace("It has", "♦\n\nIt has")
    assert said(apart) == said(TRANSCRIPT)


def test_what_follows_the_last_turn_is_the_reporters_own() -> None:
    assert all(one.end < TRANSCRIPT.index("The meeting ended") for one in statements(TRANSCRIPT))


@pytest.mark.parametrize(
    "letters", [("Q:", "A:"), ("Q.", "A."), ("P:", "R:"), ("**Q:**", "**A:**")]
)
def test_letters_are_whoever_asks_and_whoever_answers(letters: tuple[str, str]) -> None:
    asks, answers = letters
    text = INTERVIEW.replace("Q:", asks).replace("A:", answers)
    assert said(text) == [
        (None, "Do you believe Odo Brey when he says that the pier is rotten?"),
        ("Ilse Marant", "I believe that he has not been on it."),
        (None, "Will it close?"),
        ("Ilse Marant", "Not while I have the key."),
    ]


def test_whoever_answers_is_nobody_where_two_are_named_before() -> None:
    text = INTERVIEW.replace("looks after", "and Odo Brey look after")
    assert {speaker for speaker, _ in said(text)} == {None}


def test_questions_without_a_label_are_nobodys_and_their_answers_the_interviewees() -> None:
    assert said(BOLD) == [
        (None, "Do you still walk on the pier yourself?"),
        ("Ilse Marant", "I do, every morning, and I count the planks."),
        (None, "What do you tell people who say that it is rotten?"),
        ("Ilse Marant", "I tell them that Odo Brey said so too, and that he bought a ticket."),
        (None, "Will your daughter have the key one day?"),
        ("Ilse Marant", "My daughter lives in the mountains. I have asked her."),
    ]


def test_a_report_that_asks_over_its_parts_is_told_by_its_reporter() -> None:
    text = BOLD.replace("I do", "She does").replace("I ", "they ").replace("My ", "Her ")
    assert not any(one.labelled for one in statements(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ilse Marant: 45 per cent\nOdo Brey: 44\nIlse Marant: 12 seats\nOdo Brey: 9 seats",
        "Facts: The pier is old.\nWhy: It is long.\nFacts: It is wet.\nWhy: It is high.",
        "Ilse Marant spoke.\nMarant: The pier stands.\nRating: It does.\nMarant: New.\nRating: No.",
        "Note: Odo Brey said that it is cold.",
    ],
)
def test_a_list_with_headings_is_no_dialogue(text: str) -> None:
    assert not any(one.labelled for one in statements(text))


def test_a_report_with_a_few_headings_is_no_dialogue() -> None:
    told = "\n".join(f"The pier has plank number {n}, and it is sound." for n in range(12))
    text = "\n".join(
        f"{name}: The pier stands.\n{told}"
        for name in ("Ilse Marant", "Odo Brey", "Ilse Marant", "Odo Brey")
    )
    assert not any(one.labelled for one in statements(f"Ilse Marant met Odo Brey.\n{text}"))


def test_what_is_quoted_outside_of_a_dialogue_keeps_its_speaker() -> None:
    text = f"“It is rotten,” said Odo Brey.\n\n{TRANSCRIPT}"
    assert said(text)[0] == ("Odo Brey", "It is rotten,")
