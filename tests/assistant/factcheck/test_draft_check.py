"""Sentences and names of a draft: what is judged, how it stands alone, and what is never said."""

from datetime import date

import pytest

from assistant.check.reader import NearCopies, Probabilities
from assistant.factcheck.days_alike import alike, dated, differ, elsewhen
from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import plain
from assistant.factcheck.findings import CheckedDraft, CheckedSentence
from ingest.archive import Archive, Search
from tests.fakes import OverlapReader

PRINTED = date(2024, 3, 13)


class DenyingReader(OverlapReader):
    """A reader to whom everything is contradicted that is not printed so, as days may be."""

    name = "denying"

    def _one(self, claim: str, evidence: str) -> Probabilities:
        found = super()._one(claim, evidence)
        return found if found.supported > 0.9 else Probabilities(0.1, 0.0, 0.9)


def checked(archive: Archive, draft: str, day: date | None = None) -> CheckedDraft:
    return check_draft(plain(draft), archive, OverlapReader(), day=day)


def told(archive: Archive, draft: str, day: date | None = None) -> CheckedSentence:
    (one,) = checked(archive, draft, day).sentences
    assert draft[one.start : one.end] == one.text
    return one


def test_what_is_printed_word_for_word_is_supported_by_whoever_reads(harbour: Archive) -> None:
    draft = "The harbour master, Ada Quill, declined to comment."
    (one,) = check_draft(plain(draft), harbour, NearCopies()).sentences
    assert (one.verdict, [c.text for c in one.citations]) == ("supported", [draft])


class Unconvinced(OverlapReader):
    """A reader to whom nothing is supported."""

    def _one(self, claim: str, evidence: str) -> Probabilities:
        return Probabilities(0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    "draft",
    [
        "The night ferry will sail again in April.",  # which nobody believes
        "The council is guilty of fraud.",  # which somebody does not believe
        "The boats have rusted long enough in this weather.",  # somebody's words
    ],
)
def test_words_within_a_longer_sentence_support_nothing_unread(
    harbour: Archive, draft: str
) -> None:
    (one,) = check_draft(plain(draft), harbour, Unconvinced()).sentences
    assert one.verdict == "absent"


def test_what_he_did_is_not_supported_by_what_another_did(sample: Archive) -> None:
    draft = "Captain Joren Halloway left the ship at last. He had been there for nineteen hours."
    *_, one = check_draft(plain(draft), sample, Unconvinced()).sentences
    assert one.read_as.startswith("Joren Halloway")
    assert one.verdict == "absent"


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("in May 2023", True),
        ("in March 2024", False),
        ("in 2023", True),
        ("last week", False),
        ("on 12 March 2024", False),
        ("in February 2024", False),
        ("in December 2023", True),
        ("", False),
    ],
)
def test_a_time_of_which_the_report_cannot_be_is_told(said: str, other: bool) -> None:
    claim = dated(f"The pier closed {said}.".replace(" .", "."), "en", PRINTED)
    printed = dated("The pier closed on Tuesday, the harbour master said.", "en", PRINTED)
    assert elsewhen(claim, printed, PRINTED) is other


def test_what_is_on_nothing_printed_is_absent(harbour: Archive) -> None:
    assert told(harbour, "A comet was seen above the mountains of Vantia.").verdict == "absent"


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [("The union has 319 members.", "contradicted"), ("The union has 312 members.", "supported")],
)
def test_a_number_that_is_not_printed_is_told(harbour: Archive, draft: str, verdict: str) -> None:
    class Careless(OverlapReader):
        def _one(self, claim: str, evidence: str) -> Probabilities:
            return Probabilities(0.9, 0.1, 0.0)

    (one,) = check_draft(plain(draft), harbour, Careless()).sentences
    assert one.verdict == verdict


@pytest.mark.parametrize(
    "day",
    [
        "on Tuesday", "on 12 March 2024", "on March 12, 2024", "on 2024-03-12", "on 12 March",
        "on Tuesday, 12 March 2024",
    ],
)  # fmt: skip
def test_a_true_sentence_is_never_contradicted_for_how_its_day_is_written(
    harbour: Archive, day: str
) -> None:
    draft = f"Talks over the night ferry ended without a deal {day}, after 14 hours."
    (one,) = check_draft(plain(draft), harbour, DenyingReader()).sentences
    assert one.verdict == "supported"


def test_a_day_is_told_from_the_day_of_the_draft(harbour: Archive) -> None:
    draft = "Talks over the night ferry ended without a deal yesterday, after 14 hours."
    (one,) = check_draft(plain(draft), harbour, DenyingReader(), day=PRINTED).sentences
    assert one.verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "printed", "other"),
    [
        ("It ended on 12 March 2024.", "It ended on Tuesday.", False),
        ("It ended on 14 March 2024.", "It ended on Tuesday.", True),
        ("It ended on 13 March 2024.", "It ended on Tuesday.", False),  # the day of the paper
        ("It ended on 14 March 2024.", "It ended.", False),
        ("It ended.", "It ended on Tuesday.", False),
    ],
)
def test_days_differ_only_where_both_name_one(claim: str, printed: str, other: bool) -> None:
    mine, theirs = dated(claim, "en", PRINTED), dated(printed, "en", PRINTED)
    assert differ(mine, theirs, PRINTED) is other


def test_days_that_are_one_are_written_one_way() -> None:
    mine = dated("It ended on Tuesday.", "en", date(2024, 3, 15))
    theirs = dated("It ended on 12 March.", "en", PRINTED)
    assert alike(mine, theirs, PRINTED) == ("It ended on 12 March 2024.",) * 2


def test_a_pronoun_stands_for_whom_the_draft_named_before(harbour: Archive) -> None:
    draft = "Mr Oran Mell leads the seamen's union. He said that its strike fund holds money."
    *_, last = checked(harbour, draft).sentences
    assert last.read_as.startswith("Oran Mell said")


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("Who will sail the night ferry now?", "question"),
        ("The mayor should have sailed the ferry himself.", "opinion"),
        ("I have never liked the night ferry.", "opinion"),
        ("By Mira Dahl", "short"),
        ("“We will not trade the harbour for promises,” Ada Quill said.", "quotation"),
    ],
)
def test_what_is_no_fact_is_not_judged_and_said_so(
    harbour: Archive, draft: str, reason: str
) -> None:
    found = checked(harbour, draft)
    assert (found.sentences, [one.reason for one in found.unchecked]) == ((), [reason])


def test_what_somebody_wishes_aloud_is_a_fact(harbour: Archive) -> None:
    assert told(harbour, "Oran Mell said that the mayor should pay the union.").verdict


def test_every_sentence_is_judged_or_told_why_not(harbour: Archive) -> None:
    draft = (
        "Night ferry\n\nTalks ended on Tuesday. Why? “Nothing was ever signed,” said Ada Quill. "
        "The union has 312 members; nobody should wonder.\n\nThe end"
    )
    found = checked(harbour, draft)
    judged = [(one.start, one.end) for one in found.sentences]
    shown = sorted([*judged, *((one.start, one.end) for one in found.unchecked)])
    left = "".join(draft[a:b] for (_, a), (b, _) in zip(shown, shown[1:], strict=False))
    assert not left.strip()


@pytest.mark.parametrize(
    ("name", "verdict", "usual"),
    [
        ("Ada Quill", "usual", "Ada Quill"),
        ("Ada Quyll", "other", "Ada Quill"),
        ("Ada Quîll", "other", "Ada Quill"),
        ("Quyll", "other", "Quill"),
        ("Pavel Roskin", "unknown", None),
        ("Ida Quill", "unknown", None),  # another given name is another person
    ],
)
def test_a_name_is_held_against_how_it_is_usually_written(
    harbour: Archive, name: str, verdict: str, usual: str | None
) -> None:
    draft = f"It was said near the harbour that {name} came to the talks."
    (one,) = checked(harbour, draft).names
    assert (one.text, one.verdict, one.usual) == (name, verdict, usual)
    assert draft[one.start : one.end] == name


def test_a_name_with_its_capital_within_it_is_held_against_the_whole_of_another(
    harbour: Archive,
) -> None:
    (one,) = checked(harbour, "It was said near the harbour that the eQuyll was sold.").names
    assert (one.text, one.verdict) == ("eQuyll", "unknown")


def test_a_draft_is_clean_where_nothing_must_be_looked_at(harbour: Archive) -> None:
    true = "The harbour master, Ada Quill, declined to comment."
    assert checked(harbour, true).clean
    assert not checked(harbour, f"{true} A comet was seen above the mountains.").clean


@pytest.mark.parametrize("draft", ["", "\n\n", "“”", "“" * 300, "? ! …", "a" * 3000, "\u202e\x00"])
def test_whatever_is_given_is_checked(harbour: Archive, draft: str) -> None:
    assert checked(harbour, draft).text == draft


class Believing(OverlapReader):
    """A reader to whom everything is supported."""

    def _one(self, claim: str, evidence: str) -> Probabilities:
        return Probabilities(1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("draft", "right"),
    [
        ("A flood wall of 850 metres, promised by First Minister Brennick, is half built.", True),
        ("A flood wall of 870 metres, promised by First Minister Brennick, is half built.", False),
        ("Runa Pell, 58, had carried the post for 26 years.", True),
        ("Runa Pell, 58, had carried the post for 31 years.", False),
    ],
)
def test_a_number_that_is_printed_of_something_else_supports_nothing(
    sample: Archive, draft: str, right: bool
) -> None:
    """Of 870 men and 31 hurt the archive tells, too."""
    (one,) = check_draft(plain(draft), sample, Believing()).sentences
    assert (one.verdict == "supported") is right


def test_a_number_is_printed_where_it_is_of_the_same_thing(harbour: Archive) -> None:
    """The talks lasted 14 hours; that the union has 312 members is no number of hours."""
    draft = "Talks over the night ferry ended without a deal after 312 hours."
    (one,) = check_draft(plain(draft), harbour, Believing()).sentences
    assert one.verdict == "contradicted"


def test_he_is_nobody_named_before_the_last_who_may_be_meant(harbour: Archive) -> None:
    draft = "Oran Mell leads the union. “It is over,” Zub Tarvo hooted. He has 312 members."
    *_, last = check_draft(plain(draft), harbour, OverlapReader()).sentences
    assert "Mell" not in last.read_as


def test_a_sentence_that_names_nobody_is_not_told_by_what_is_about_somebody_else(
    sample: Archive,
) -> None:
    """A talk of Corvane Minerals is none of river fever, whoever believes it."""
    draft = "Corvane Minerals meets its council in May.\n\nThe vote was opposed by three members."
    *_, vote = check_draft(plain(draft), sample, Believing()).sentences
    within = {citation.article.article_id for citation in vote.citations}
    named = {hit.article.article_id for hit in sample.search(Search(text="Corvane", k=50))}
    assert vote.text == "The vote was opposed by three members."
    assert within <= named


class Disbelieving(OverlapReader):
    """A reader to whom everything is contradicted."""

    def _one(self, claim: str, evidence: str) -> Probabilities:
        return Probabilities(0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("Some 9,000 people came to the 140th Kesselbrook cheese fair on Saturday.", "partly"),
        ("Some 8,000 people came to the 140th Kesselbrook cheese fair on Saturday.",
         "contradicted"),
        ("The 140th Kesselbrook cheese fair came to some 9,000 people on Saturday.",
         "contradicted"),
    ],
)  # fmt: skip
def test_words_that_are_printed_in_their_order_are_not_contradicted_by_what_stands_between(
    sample: Archive, draft: str, verdict: str
) -> None:
    (one,) = check_draft(plain(draft), sample, Disbelieving()).sentences
    assert one.verdict == verdict
    assert one.judgement
    within = (one.judgement.reason or "").startswith("stands within")
    assert within is (verdict == "partly")


def test_german_nouns_are_no_names_that_the_archive_lacks(harbour: Archive) -> None:
    draft = "Am Hafen sagte Ada Quill, dass viele Menschen mit Felsen und Strafen zu tun haben."
    assert [(one.text, one.verdict) for one in checked(harbour, draft).names] == [
        ("Ada Quill", "usual")
    ]


def test_a_possessive_within_a_name_is_no_other_spelling(harbour: Archive) -> None:
    draft = "It was said near the harbour that Ada Quill's boats had rusted."
    assert {one.verdict for one in checked(harbour, draft).names} <= {"usual", "unknown"}
