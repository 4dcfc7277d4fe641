import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Part, Statement
from ingest.language.speech.statements import statements
from tests.conftest import SHARED

Said = tuple[str | None, str, str]

SEED = next(iter((SHARED / "seed").glob("*.txt")), None) if SHARED.exists() else None


def direct(text: str) -> list[Said]:
    """Return speaker, the words that name them there, and what they said."""
    return [_said(text, one) for one in statements(text) if one.direct]


def reported(text: str) -> list[Said]:
    return [_said(text, one) for one in statements(text) if not one.direct]


def _said(text: str, one: Statement) -> Said:
    at = one.speaker_at
    return one.speaker, text[at[0] : at[1]] if at else "", text[one.start : one.end]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The group supports Mayor Tom Reed and maintains that the vote was rigged.", "the group"),
        ("The union backs Tom Reed and claims that the vote was rigged.", "the union"),
        ("Ann Lee defends Tom Reed and insists that the vote was fair.", "Ann Lee"),
        ("Ann Lee met Tom Reed and said that the vote was fair.", "Ann Lee"),
    ],
)
def test_whom_a_verb_before_and_is_about_says_nothing(text: str, speaker: str) -> None:
    assert [one.speaker for one in statements(text)] == [speaker]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay,” Reed said.", ("Reed", "Reed", "We stay,")),
        ("“We stay,” said Tom Reed, who owns it.", ("Tom Reed", "Tom Reed", "We stay,")),
        ("Reed told the Daily Wharf: “We stay.”", ("Reed", "Reed", "We stay.")),
        ("“We stay.” Reed said. Then he left.", ("Reed", "Reed", "We stay.")),
        ("It is, according to Ann Lee, “a gift.”", ("Ann Lee", "Ann Lee", "a gift.")),
        (
            "Mayor Ann Lee, who criticised Governor Tom Reed, said “we will pay.”",
            ("Ann Lee", "Mayor Ann Lee", "we will pay."),
        ),
        (
            "“We will pay,” Paul Marsh, a spokesman for Governor Tom Reed, said.",
            ("Paul Marsh", "Paul Marsh", "We will pay,"),
        ),
        (
            "“We will pay,” said a spokesman, Paul Marsh.",
            ("Paul Marsh", "a spokesman, Paul Marsh", "We will pay,"),
        ),
        (
            "“We will pay,” a spokesman for Governor Tom Reed said.",
            (
                "a spokesman for Governor Tom Reed",
                "a spokesman for Governor Tom Reed",
                "We will pay,",
            ),
        ),
        (
            "Ms. Lee's statement called the plan “a gift to polluters.”",
            ("Lee", "Ms. Lee's statement", "a gift to polluters."),
        ),
        (
            "In a statement, the Harbour Ministry said: “No ship will leave.”",
            ("Harbour Ministry", "the Harbour Ministry", "No ship will leave."),
        ),
        (
            "The Union of Dockers, in a letter signed by Reed, called it “an insult.”",
            ("Union of Dockers", "The Union of Dockers", "an insult."),
        ),
        (
            "Reed called for calm on the pier, saying “the mill is safe.”",
            ("Reed", "Reed", "the mill is safe."),
        ),
        (
            "Sen. Ann Lee (D-Ark.), noting the size of the port, said, “It will do.”",
            ("Ann Lee", "Sen. Ann Lee", "It will do."),
        ),
        (
            "“Splendid!” beamed Ann Lee of Port Ellis.",
            ("Ann Lee", "Ann Lee of Port Ellis", "Splendid!"),
        ),
        ("Ann Lee was blunt: “It leaks.”", ("Ann Lee", "Ann Lee", "It leaks.")),
        ("“It leaks”, afirmó Ana Ríos.", ("Ana Ríos", "Ana Ríos", "It leaks")),
        (
            "«Nada cambia», dijo el portavoz Luis Vega.",
            ("Luis Vega", "el portavoz Luis Vega", "Nada cambia"),
        ),
        ("«Ми тут», — заявила Олена Коваль.", ("Олена Коваль", "Олена Коваль", "Ми тут")),
        ("‘It leaks,’ Reed said.", ("Reed", "Reed", "It leaks,")),
        ("''It leaks,'' Reed said.", ("Reed", "Reed", "It leaks,")),
    ],
)
def test_a_quotation_has_the_speaker_its_sentence_names(text: str, expected: Said) -> None:
    assert direct(text) == [expected]


def test_a_surname_and_a_pronoun_are_resolved_to_the_full_name() -> None:
    text = (
        "Mayor Ann Lee opened the bridge. “It is safe,” she said. “Nobody need worry.”\n"
        "“We tested it twice,” Lee added.\n"
        "The Harbour Ministry disagreed. “It is not,” it said."
    )
    assert [(speaker, words) for speaker, _, words in direct(text)] == [
        ("Ann Lee", "It is safe,"),
        ("Ann Lee", "Nobody need worry."),
        ("Ann Lee", "We tested it twice,"),
        ("Harbour Ministry", "It is not,"),
    ]


def test_an_institution_has_its_longest_name_and_its_statement_speaks_for_it() -> None:
    text = (
        "The Northern Foreign Ministry issued a note saying it “will not settle.”\n"
        "The Foreign Ministry statement called the pact “a monument to haste.”\n"
        "“We are convinced,” it said."
    )
    assert {speaker for speaker, _, _ in direct(text)} == {"Northern Foreign Ministry"}


def test_she_is_not_the_man_who_spoke_last() -> None:
    text = "Clara Moss met Tom Reed. “It leaks,” Reed said. “It does not,” she said."
    assert [speaker for speaker, _, _ in direct(text)] == ["Tom Reed", "Clara Moss"]


def test_a_role_is_its_last_named_bearer() -> None:
    text = "Spokeswoman Clara Moss met reporters.\n“There was no leak,” the spokeswoman said."
    assert direct(text) == [("Clara Moss", "the spokeswoman", "There was no leak,")]


def test_two_people_of_one_surname_are_not_confused() -> None:
    text = (
        "Ann Lee runs the port. Her brother Tom Lee runs the mill. “It is a family matter,” "
        "Ms. Lee said. “It is not,” Mr. Lee replied. “Both will stay,” Lee said."
    )
    assert [speaker for speaker, _, _ in direct(text)] == ["Ann Lee", "Tom Lee", "Lee"]


def test_a_quotation_without_a_cue_goes_on_with_the_last_speaker() -> None:
    text = "“We tested it,” said Tom Reed, the engineer.\n\n“Twice, in fact.\n\n“And then again.”"
    assert [speaker for speaker, _, _ in direct(text)] == ["Tom Reed"] * 3


def test_scare_quotes_and_titles_are_no_statements() -> None:
    assert direct("The so-called “gig” economy grew. The film “Red Tide” opened.") == []
    assert direct("“Red Tide” opened at the Odeon, and Ann Lee said so.") == []


def test_a_word_that_a_speaker_governs_is_a_statement() -> None:
    assert direct("Lee called the bridge “smart.”") == [("Lee", "Lee", "smart.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reed said that the mill would close.", ("Reed", "the mill would close")),
        ("Reed argued the mill would close.", ("Reed", "the mill would close")),
        ("The mill would close, Reed said.", ("Reed", "The mill would close")),
        ("The mill would close, said Tom Reed.", ("Tom Reed", "The mill would close")),
        ("According to Reed, the mill will close.", ("Reed", "the mill will close")),
        (
            "According to Tom Reed, the owner, the mill will close.",
            ("Tom Reed", "the mill will close"),
        ),
        ("The mill will close, according to Reed.", ("Reed", "The mill will close")),
        ("Reed told the Daily Wharf that the mill will close.", ("Reed", "the mill will close")),
        ("Jane Roe, 34, of Port Ellis, said she saw the fire.", ("Jane Roe", "she saw the fire")),
        (
            "La alcaldesa Ana Ríos dijo que el puente es seguro.",
            ("Ana Ríos", "el puente es seguro"),
        ),
        (
            "Según el Ministerio de Puertos, el puente cerrará.",
            ("Ministerio de Puertos", "el puente cerrará"),
        ),
        ("Олена Коваль сказала, що міст є безпечний.", ("Олена Коваль", "міст є безпечний")),
    ],
)
def test_reported_speech_is_the_clause_and_who_said_it(
    text: str, expected: tuple[str, str]
) -> None:
    assert [(speaker, words) for speaker, _, words in reported(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Reed declined to say whether the mill would close.",
        "Reed was told that the mill would close.",
        "The report on the mill was long, and the claim was old.",
        "He read it again.",
        "",
    ],
)
def test_what_nobody_says_is_no_statement(text: str) -> None:
    assert statements(text) == ()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Fleming, a nurse, said the mill was shut.", "Fleming"),
        ("King, 45, said the mill was shut.", "King"),
        ("Manning, speaking to reporters, said the mill was shut.", "Manning"),
        ("Beijing, which owns it, said the mill was shut.", "Beijing"),
        ("“The mill was shut,” King, who leads the union, said.", "King"),
        ("Speaking Monday, Ann Lee said the mill was shut.", "Ann Lee"),
        ("Speaking to reporters in Marl, Ann Lee said the mill was shut.", "Ann Lee"),
        ("Jane O'Neil-Smith said the mill was shut.", "Jane O'Neil-Smith"),
        ("Jane D’Arcy said the mill was shut.", "Jane D’Arcy"),
    ],
)
def test_a_name_is_a_name_whatever_its_letters_are_like(text: str, speaker: str) -> None:
    assert [one.speaker for one in statements(text)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The lawsuit against Donald Trump said the mill was shut.",
        "A source close to Ann Lee said the mill was shut.",
        "People close to Ann Lee said the mill was shut.",
        "The letter to Ann Lee said the mill was shut.",
        "Ann Lee quoted the mayor as saying the mill was shut.",
        "“The mill was shut,” Ann Lee quoted Bo Reed as saying.",
        "Neither Bo Reed nor Ann Lee said the mill was shut.",
        "None of the friends of Ann Lee said the mill was shut.",
        "If Ann Lee said the mill was shut, she was wrong.",
        "Ann Lee may say that the mill was shut.",
        "Ann Lee hardly said the mill was shut.",
        "Ann Lee stopped short of saying the mill was shut.",
        "Bo Reed denied that Ann Lee said “the mill was shut”.",
        "It is not true that Ann Lee said the mill was shut.",
    ],
)
def test_who_stands_by_another_who_speaks_or_by_nobody_says_nothing(text: str) -> None:
    assert not {one.speaker for one in statements(text)} & {"Ann Lee", "Donald Trump"}


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ríos nunca dijo que el puente es seguro.",
        "Nadie dijo que el puente es seguro.",
        "Олена Коваль ніколи не говорила, що міст безпечний.",
        "Ніхто не сказав, що міст безпечний.",
    ],
)
def test_what_was_never_said_is_no_statement_in_any_language(text: str) -> None:
    assert statements(text) == ()


@pytest.mark.parametrize("when", ["after the hearing", "before the vote", "when she left"])
def test_when_it_was_said_is_nothing_that_was_said(when: str) -> None:
    text = f"“We will not raise taxes,” Ann Lee said {when}."
    assert direct(text) == [("Ann Lee", "Ann Lee", "We will not raise taxes,")]
    assert reported(text) == []


def test_spans_name_speaker_and_cue() -> None:
    text = "“We stay,” Tom Reed said."
    assert statements(text) == (
        Statement(
            start=1,
            end=9,
            direct=True,
            speaker="Tom Reed",
            speaker_at=(11, 19),
            cue_at=(20, 24),
            sure=True,
        ),
    )


def test_comments_and_repeats_are_left_out() -> None:
    text = "“We stay,” Reed said.\n“We go,” Moss said."
    parts = [Part(part="body", start=0, end=21), Part(part="comment", start=22, end=len(text))]
    assert [text[one.start : one.end] for one in statements(text, parts)] == ["We stay,"]


PROSE = st.lists(
    st.sampled_from(
        [
            "Lee",
            "Ann Lee",
            "the ministry",
            "said",
            "that",
            "according to",
            "told",
            "he",
            "she",
            "it",
            "“",
            "”",
            '"',
            "''",
            "‘",
            "’",
            ",",
            ".",
            ":",
            "\n",
            "and",
            "who",
            "U.S.",
            "(",
            ")",
            "—",
            "saying",
            "a mill",
            "called",
            "Mr.",
            "of",
            "\u00a0",
        ]
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=300)
@given(PROSE)
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    found = statements(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        for span in (one.speaker_at, one.cue_at):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "“a” ",
        "said ",
        "Lee said, ",
        "“a b c,” said Lee, ",
        "Ann Lee ",
        "he said ",
        "“\n",
        "“A b c.”\n",
        "the minister said no. ",
        "Ann Lee and Tom Lee said. Lee said so. ",
        "that ",
        "according to Lee, ",
        "A",
        "Lee-",
        "a, ",
        "“a b c d” ",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    statements(piece * (200_000 // len(piece)))
    assert time.process_time() - begun < 20


@pytest.mark.shared
@pytest.mark.skipif(SEED is None, reason="the evaluation data is not beside the repository")
def test_the_seed_article_says_who_said_what() -> None:
    assert SEED is not None
    text = SEED.read_text(encoding="utf-8")
    body = text[: text.rindex("elsewhere.")]
    said = {" ".join(words.split()[:2]): speaker for speaker, _, words in direct(body)}
    ministry = "Ukrainian Foreign Ministry"
    assert said["will not"] == said["bitter experience"] == said["We are"] == ministry
    assert (
        said["The front"] == said["So we"] == said["I would"] == said["make sure"] == "Mark Rutte"
    )


def test_the_ministry_is_the_one_that_spoke_before_also_without_capitals() -> None:
    text = (
        "Ostrova's foreign ministry turned the offer down, saying that it came too late.\n\n"
        "“We have waited long enough,” the ministry said in a statement."
    )
    speakers = {said.speaker for said in statements(text)}
    assert speakers == {"Ostrova's foreign ministry"}


@pytest.mark.parametrize(
    "text",
    [
        "Tom Reed told viewers of “The Harbour Hour With Ann Lee” that he would stay.",
        "Tom Reed said on “Night Desk” on Sunday that he would stay.",
        "Tom Reed wrote in “The Drowned Mill” that he would stay.",
    ],
)
def test_a_title_is_no_statement(text: str) -> None:
    assert direct(text) == []
    assert [words for *_, words in reported(text)] == ["he would stay"]


def test_what_is_written_as_a_title_is_said_where_a_reporting_word_introduces_it() -> None:
    assert direct("Tom Reed shouted: “Save Our Pier!”") == [
        ("Tom Reed", "Tom Reed", "Save Our Pier!")
    ]
    assert direct("“Save Our Pier!” Tom Reed shouted.") == [
        ("Tom Reed", "Tom Reed", "Save Our Pier!")
    ]


def test_a_word_used_that_nobody_can_be_named_for_is_no_statement() -> None:
    assert direct("The old rules, widely called “a blunt saw”, were kept.") == []
    assert direct("Ann Lee called the rules “a blunt saw”.") == [
        ("Ann Lee", "Ann Lee", "a blunt saw")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ann Lee promised to rebuild the pier.", "to rebuild the pier"),
        ("Ann Lee urged members to rebuild the pier.", "members to rebuild the pier"),
        ("Ann Lee told members it was too late.", "it was too late"),
        ("Ann Lee told the paper she’s done with the pier.", "she’s done with the pier"),
        ("Ann Lee hopes the pier will stand.", "the pier will stand"),
        ("Ann Lee believes that the pier stands.", "the pier stands"),
        ("But, according to Ann Lee, fares rose by half.", "fares rose by half"),
        ("Fares, according to Ann Lee, rose by half.", "Fares, according to Ann Lee, rose by half"),
        ("Fares rose by half, according to Ann Lee, a clerk.", "Fares rose by half"),
        ("According to early results of Ann Lee, fares rose by half.", "fares rose by half"),
        ("The pier is “quite sound,” Ann Lee said.", "The pier is “quite sound,”"),
        ("Ann Lee said she hopes the pier will stand.", "she hopes the pier will stand"),
        (
            "Ann Lee said the old pier on the north shore is lost.",
            "the old pier on the north shore is lost",
        ),
        ("Ann Lee -- who owns it -- said she had sold the pier.", "she had sold the pier"),
    ],
)
def test_a_clause_is_reported_without_that(text: str, words: str) -> None:
    assert [said for *_, said in reported(text)] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee may hope that the pier stands.",
        "Nobody has broken more promises he made to the town.",
        "The pier has an unofficial label it is trying to lose.",
        "Ann Lee offered to the town a new pier.",
        "Ann Lee and responding fire crews have left the pier.",
        "Six yards are building piers, suggesting this year will be a busy one.",
        "Local and state inspectors were on the pier with Ann Lee.",
        "The pier is where threatened species have been found by Ann Lee.",
    ],
)
def test_what_only_looks_like_a_report_is_none(text: str) -> None:
    assert reported(text) == []


def test_what_came_before_whoever_speaks_is_no_part_of_the_name() -> None:
    text = "The news came after Governor Ann Lee on Monday urged members to stay."
    assert [name for name, *_ in reported(text)] == ["Ann Lee"]


def test_a_clause_is_no_name() -> None:
    text = "The twice-beaten mayor remains in town and boasts of “a long memory”."
    assert all(one.speaker != "the twice-beaten mayor remains in town" for one in statements(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The newspaper reported that the mill will close.", ["the mill will close"]),
        ("CBN News reports that the mill will close.", ["the mill will close"]),
        ("As Ann Lee told the Daily Wharf, the mill will close.", ["the mill will close"]),
        ("The mill will close in May, as Ann Lee wrote.", ["The mill will close in May"]),
        ("The mill will close in May, analysts say; in June it was open.",
         ["The mill will close in May"]),
        ("Ann Lee estimates that the mill will close.", ["the mill will close"]),
        ("Ann Lee said that the mill was old and warned that it would close.",
         ["the mill was old", "it would close"]),
        ("Como explicó Ana Lemos, el puente se abrirá en mayo.", ["el puente se abrirá en mayo"]),
        ("El gobierno ha dicho que pagará la obra.", ["pagará la obra"]),
        ("Як повідомив мер Іван Коваль, пором ходитиме восени.", ["пором ходитиме восени"]),
    ],
)  # fmt: skip
def test_a_report_is_found_by_its_form(text: str, expected: list[str]) -> None:
    assert [words for _, _, words in reported(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "He came amid news reports that question his past.",
        "It's implied that the mill will close.",
        "As the mayor spoke, the crowd left the hall.",
    ],
)
def test_what_only_sounds_like_a_report_is_none(text: str) -> None:
    assert reported(text) == []


def test_verbs_that_are_joined_have_one_subject() -> None:
    text = "Ann Lee criticised the plan of the council but said it would pass."
    assert [who for who, _, _ in reported(text)] == ["Ann Lee"]


def test_who_introduces_a_quotation_in_the_next_paragraph_says_it() -> None:
    text = "When the vote was lost, Ann Lee called them on it:\n\n“You all knew the price.”"
    assert [who for who, _, _ in direct(text)] == ["Ann Lee"]
