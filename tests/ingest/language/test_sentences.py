import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import lexicon
from ingest.language.sentences import sentences

NEWSPRINT = st.lists(
    st.sampled_from(
        [
            "Lee",
            "said",
            "U.S.",
            "President",
            "Gov.",
            "a.m.",
            "J.",
            "No.",
            "5",
            "3.5",
            "...",
            "…",
            "“",
            "”",
            '"',
            "'",
            "’",
            "(",
            ")",
            ".",
            "!",
            "?",
            "。",
            "؟",
            "।",
            ",",
            " ",
            " ",
            "\n",
            "\n\n",
            "\u00a0",
            "\t",
            "они",
            "说",
            "—",
            "\u2028",
            "[1]",
        ]
    )
).map("".join)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. President Lee met Gov. Smith. They left.", 2),
        ("At 9 a.m. Monday J. R. Tolk met Sen. Ann Lee (R-Ariz.) Tuesday.", 1),
        ("It was 5 p.m. He left the U.S. She stayed.", 3),
        ("He works for Acme Inc. The firm said no.", 2),
        ("“Wait…” he said. “Go!” Ann Lee said. “What?” asked Reed.", 3),
        ("“We are done.” He left.", 2),
        ("She paid $3.5 million. No. 5 came in.", 2),
        ("1. Open the lid. 2. Close it.", 2),
        ("« Oui. » Il part. „Nein.“ Er ging.", 4),
        ("“Go!” — and he went.", 1),
        ("他说。“你好！”真的？", 3),
        ("वह गया। फिर आया।", 2),
        ("هل أنت؟ نعم.", 2),
        ("Це сказав О. Шевченко з м. Київ. Він пішов.", 2),
        ("EE. UU. dijo que el Sr. Vega irá. Nada más.", 2),
        ("“Stop.”“Never.” It went on.[1] Then it ended.", 4),
    ],
)
def test_ends_a_sentence_where_a_reader_would(text: str, expected: int) -> None:
    assert len(cut(text)) == expected, cut(text)


@pytest.mark.parametrize(
    "month", [name for name in lexicon.calendar("en").month_names if len(name) > 3]
)
def test_a_month_in_full_ends_a_sentence_and_a_shortened_one_before_its_day_does_not(
    month: str,
) -> None:
    text = f"It opened in {month.capitalize()}. Police came on {month[:3].capitalize()}. 4 at noon."
    assert [text[slice(*span)][:9] for span in sentences(text)] == ["It opened", "Police ca"]


def test_a_closing_mark_stays_with_the_sentence_it_closes() -> None:
    text = "\"It is over.\" 'So be it.' (He left.) “Yes.” ” No."
    assert cut(text) == ['"It is over."', "'So be it.'", "(He left.)", "“Yes.” ”", "No."]


def test_a_line_end_ends_a_sentence() -> None:
    assert cut("Bridge closed\n\nThe bridge\nclosed. ") == [
        "Bridge closed",
        "The bridge",
        "closed.",
    ]


def test_spans_count_from_the_whole_text() -> None:
    text = "Ann left. Tom stayed. Nobody came."
    assert sentences(text, 10, 21) == [(10, 21)]


@given(NEWSPRINT)
def test_spans_are_ordered_trimmed_and_cover_every_letter(text: str) -> None:
    spans = sentences(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert not any("\n" in text[start:end] for start, end in spans)


@pytest.mark.parametrize("piece", [".", "”", ". ", '" ', "A. ", " ", "\n", "。", "“A.” "])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    sentences(piece * (200_000 // len(piece)))
    assert time.process_time() - begun < 5


def test_a_full_stop_after_a_closing_mark_with_a_space_ends_its_sentence() -> None:
    text = "Pour Anne, « le projet est mort ». Bernard a dit que non."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Pour Anne, « le projet est mort ».",
        "Bernard a dit que non.",
    ]
