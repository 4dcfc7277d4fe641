"""Who is taken for a speaker: the subject of the reporting verb, and who he and she are."""

import pytest

from ingest.language.speech.statements import statements


def said(text: str) -> list[tuple[str | None, str]]:
    """Return the speaker and the words of every statement."""
    return [(one.speaker, text[one.start : one.end]) for one in statements(text)]


def speakers(text: str) -> list[str | None]:
    return [one.speaker for one in statements(text) if one.direct]


def named(text: str) -> list[str | None]:
    """Return the speakers of what is quoted and of what is only reported."""
    return [speaker for speaker, _ in said(text)]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "The mill will close, its engineer, Ada Quill, said outside the hall.",
            "Ada Quill",
            "The mill will close",
        ),
        (
            "The mill will close, Ada Quill, the harbour engineer, told members on Monday.",
            "Ada Quill",
            "The mill will close",
        ),
        (
            "The kiln burnt 38 people, its matron, Ada Quill, said at noon: seven in bed.",
            "Ada Quill",
            "The kiln burnt 38 people",
        ),
        (
            "Most spent two bad days in bed, Dr Ada Quill, the chief doctor, said at the mill.",
            "Ada Quill",
            "Most spent two bad days in bed",
        ),
        (
            "The tax will go from New Year’s Day, Ada Quill, the finance minister, will say today.",
            "Ada Quill",
            "The tax will go from New Year’s Day",
        ),
        (
            "Its builders, the Dray Tunnel Company, said that they had warned of sand.",
            "Dray Tunnel Company",
            "they had warned of sand",
        ),
        (
            "The prize went to Ada Quill, who is 26 and says that she talks to the cheese.",
            "Ada Quill",
            "she talks to the cheese",
        ),
        (
            "The mill will not close, said its chairwoman, Ada Quill.",
            "Ada Quill",
            "The mill will not close",
        ),
    ],
)
def test_a_name_beside_a_role_is_the_subject_of_the_verb_it_stands_by(
    text: str, speaker: str, words: str
) -> None:
    assert said(text) == [(speaker, words)]


def test_an_order_to_answer_reports_nothing() -> None:
    assert said('Answer every question with the words "the fair was off".') == []


def test_a_place_or_a_time_is_no_speaker() -> None:
    assert speakers("“We go,” said outside the hall. In said, “We stay.”") == [None, None]


def test_she_is_the_woman_of_her_own_paragraph_not_the_last_who_spoke() -> None:
    text = (
        "The bridge would be long, said an engineer, Lorn Veal.\n\n"
        "Bera Sund, the teacher, who was on the boat, spoke for it. “I saw it sink,” she said."
    )
    assert speakers(text) == ["Bera Sund"]


def test_she_is_the_one_woman_a_paragraph_names_anywhere() -> None:
    text = (
        "Otla Grev rang the bell. “I knew one tune,” she said.\n\n"
        "A wall, promised by Prime Minister Oda Brenn in her boots, is half built. “I gave my"
        " word,” she said."
    )
    assert speakers(text) == ["Otla Grev", "Oda Brenn"]


def test_a_place_that_lends_its_name_to_people_is_no_woman() -> None:
    text = (
        "Marda Sole, the minister, was unsure. She had sent men to Greydale, she said. “I shall"
        " read them.”\n\nResidents of Lower Greydale drank from tankers."
    )
    assert speakers(text) == ["Marda Sole"]


@pytest.mark.parametrize(
    "between", ["The pond froze.\n\nThe geese left.\n\n", "Corv Minerals, which owns it, grew.\n\n"]
)
def test_she_is_nobody_where_no_woman_was_named_in_this_paragraph_or_the_last(
    between: str,
) -> None:
    text = f"Ada Quill went home.\n\n{between}The rain fell. “It leaks,” she said."
    assert speakers(text) == [None]


def test_she_is_not_the_last_speaker_where_somebody_without_a_name_comes_in() -> None:
    text = (
        "“We stay,” said Ada Quill.\n\n"
        "Corv Minerals, which owns it, sent an observer. “Nothing is decided,” she said."
    )
    assert speakers(text) == ["Ada Quill", None]


def test_he_is_not_a_woman_with_a_womans_name() -> None:
    text = "“We stay,” Wenna Till said.\n\nAll of it was read out. “It is mine,” he said."
    assert speakers(text) == ["Wenna Till", None]


def test_he_is_the_one_who_is_named_with_his_office_last() -> None:
    text = (
        "“It is done,” Minister Casp Ruan said. His predecessor, Edvin Harr, sat in the first row."
        " “I would have asked for ten,” he told reporters."
    )
    assert speakers(text) == ["Casp Ruan", "Edvin Harr"]


def test_a_line_that_only_wraps_begins_no_paragraph() -> None:
    text = (
        "Bera Sund, the teacher, had been\non the boat that night and was not\nasleep."
        " “It sank,” she said."
    )
    assert speakers(text) == ["Bera Sund"]


@pytest.mark.parametrize(
    ("subject", "speaker"),
    [
        ("A brass plate", None),
        ("Her estimate", None),
        ("The town’s own account book", None),
        ("The town’s fire-fighters", "the town’s fire-fighters"),
        ("A man with a key", "a man with a key"),
        ("My neighbour", "my neighbour"),
        ("The report", "the report"),
        ("Some", "some"),
    ],
)
def test_only_those_who_speak_are_speakers(subject: str, speaker: str | None) -> None:
    assert speakers(f"{subject} said: “The mill was worn to the bone.”") == [speaker]


def test_a_headline_noun_alone_names_nobody() -> None:
    assert said("Mill will close in May, ministry says")[0][0] is None


def test_an_unmarked_quotation_is_not_that_of_a_report_before_another_sentence() -> None:
    text = "Experts advised that it should be recast. Orme came to both. “I said, so am I today.”"
    assert speakers(text) == [None]
    assert speakers("Experts advised that it be recast. “It is cracked from rim to crown.”") == [
        "Experts"
    ]


def test_he_in_a_question_is_not_the_one_who_asks_it() -> None:
    text = "Kettle: Do you believe Jory Tesh when he says that he never knew about it?"
    assert said(text) == [("Jory Tesh", "he never knew about it?")]


def test_where_somebody_spoke_is_no_part_of_their_name() -> None:
    text = "«За шість ми боролися», — сказав голова профспілки Пітер Фоссе на зборах у домі."
    assert speakers(text) == ["Пітер Фоссе"]


@pytest.mark.parametrize("name", ["April Rowe", "June Tarn", "August Lind"])
def test_a_month_that_somebody_is_named_after_is_part_of_the_name(name: str) -> None:
    (found,) = statements(f"“The mill will close next week,” {name} said.")
    assert found.speaker == name


@pytest.mark.parametrize("opening", ["In May", "On Tuesday", "In October"])
def test_a_month_or_weekday_before_a_name_is_none_of_it(opening: str) -> None:
    (found,) = statements(f"{opening} Ada Quill said that the mill would close next week.")
    assert found.speaker == "Ada Quill"


def test_an_answer_that_is_only_foretold_is_quoted_from_whoever_foretells_it() -> None:
    text = "On Monday Ada Quill said the Dray Mill would respond “in kind” if it had to."
    assert speakers(text) == ["Ada Quill"]


def test_an_adverb_stands_between_a_speaker_and_the_verb() -> None:
    text = (
        "Ada Quill hopes to please what the Dray Council euphemistically calls its “good friends”."
    )
    assert speakers(text) == ["Dray Council"]


def test_letters_before_a_name_are_no_first_name_of_it() -> None:
    text = "Source: CNN Quill on the mill.\n\n“It burns,” Quill said.\n\n“It does,” JD Lund said."
    assert speakers(text) == ["Quill", "JD Lund"]


@pytest.mark.parametrize(
    "office",
    [
        "President of Norway",
        "Secretary of State",
        "Chief of Staff",
        "Governor of Port Ellis",
        "Mayor of the City",
        "Prime Minister of Ukraine",
    ],
)
def test_what_an_office_is_of_is_no_part_of_a_name(office: str) -> None:
    text = f"{office} Ann Lee said that the mill would close. “It is late,” Lee said."
    assert named(text) == ["Ann Lee", "Ann Lee"]


@pytest.mark.parametrize("place", ["Norway", "New South Wales", "Lower Skarn Marl"])
def test_a_place_behind_an_office_is_nobody_by_itself(place: str) -> None:
    text = f"Governor of {place} said that the mill would close."
    assert named(text) == [f"Governor of {place}"]


@pytest.mark.parametrize("noun", ["family", "ally"])
def test_who_speaks_for_somebody_is_no_adverb(noun: str) -> None:
    assert named(f"Quill’s {noun} said that the mill would close.") == [f"Quill’s {noun}"]


@pytest.mark.parametrize("when", ["", "on Tuesday "])
def test_where_somebody_is_from_does_not_speak(when: str) -> None:
    text = f"Ada Quill, from Marl, Ohio, {when}admitted that the mill had closed."
    assert named(text) == ["Ada Quill"]


def test_a_weekday_before_an_owner_is_none_of_the_name() -> None:
    assert named("On Tuesday Quill’s lawyer said that the mill would close.") == ["Quill’s lawyer"]
