"""Each verdict on a quotation, by the kind of what was done to it."""

import pytest

from assistant.check.reader import NearCopies
from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import plain
from assistant.factcheck.findings import CheckedQuotation
from ingest.archive import Archive
from ingest.article import Filters


def held(archive: Archive, draft: str, filters: Filters | None = None) -> CheckedQuotation:
    (one,) = check_draft(plain(draft), archive, NearCopies(), filters=filters).quotations
    assert draft[one.start : one.end] == one.text
    return one


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("“We will not trade the harbour for promises,” said Ada Quill.", "exact"),
        ('"we will not trade the Harbour for promises," said Quill.', "normalised"),
        ("“We will not trade the harbour …” Ada Quill said.", "normalised"),
        ("“Nothing was ever signed, and nobody […] believes that it will be,” said Quill.",
         "normalised"),
        ("“[The owners] will not trade the harbour for promises,” Ada Quill said.", "normalised"),
        ("“We will not trade the harbour for promises. Nothing was ever signed,” Ada Quill said.",
         "normalised"),  # what stands between is who said it
        ("“We will not trade the harbour for money,” said Ada Quill.", "altered"),
        ("“We will trade the harbour for promises,” said Ada Quill.", "altered"),
        ("“We will not really trade the harbour for promises,” said Ada Quill.", "altered"),
        ("“We will … trade the harbour for promises,” said Ada Quill.", "altered"),
        ("“Nothing was ever signed, and … believes that it will be,” said Quill.", "altered"),
        ("“We [won't] trade the harbour for promises,” said Ada Quill.", "normalised"),
        ("“The council is guilty of fraud,” said Oran Mell.", "altered"),
        ("“I will sign the paper,” said Oran Mell.", "altered"),
        ("“I will sign the paper if the council signs it,” said Oran Mell.", "exact"),
        ("“The sea always takes its pay,” said Oran Mell.", "exact"),  # whose it is nobody knows
        ("“You call that a promise,” Oran Mell told the mayor.", "altered"),
        ("“You call that a promise?” Oran Mell asked the mayor.", "exact"),
        ("“We sail on Friday,” said Oran Mell.", "altered"),
        ("“We will not trade the harbour we will bring our own brushes to the quay,” said Mell.",
         "spliced"),
        ("“The boats have rusted long enough … nobody on my side believes that,” said Mell.",
         "spliced"),
        ("“We will not trade the harbour for promises,” said Oran Mell.", "misattributed"),
        ("“The lighthouse keeper sold his lamp to pirates,” said Ada Quill.", "absent"),
    ],
)  # fmt: skip
def test_each_kind_has_its_verdict(harbour: Archive, draft: str, verdict: str) -> None:
    assert held(harbour, draft).verdict == verdict


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("“We will not trade the harbour for money,” said Quill.",
         "“money” where “promises” is printed"),
        ("“We will trade the harbour for promises,” said Quill.", "without “not”"),
        ("“We will not really trade the harbour for promises,” said Quill.",
         "“really” is not printed there"),
        ("“We will … trade the harbour for promises,” said Ada Quill.", "without “not”"),
        ("“The council is guilty of fraud,” said Mell.", "cut out of “I do not believe that”"),
        ("“I will sign the paper,” said Oran Mell.", "cut out of “if the council signs it first”"),
        ("“You call that a promise,” Oran Mell said.", "printed as a question"),
        ("“We will not trade the harbour for promises,” said Oran Mell.",
         "given to Oran Mell, printed as the words of Ada Quill"),
    ],
)  # fmt: skip
def test_the_difference_is_told_in_words(harbour: Archive, draft: str, told: str) -> None:
    assert held(harbour, draft).difference == told


def test_a_negation_that_the_draft_keeps_outside_is_no_cut(harbour: Archive) -> None:
    draft = "Oran Mell said he does not believe “that the council is guilty of fraud”."
    assert held(harbour, draft).verdict == "exact"


@pytest.mark.parametrize("speaker", ["Quill", "the harbour master", "she", "A. Quill", "Ms Quill"])
def test_another_name_for_the_same_speaker_accuses_nobody(harbour: Archive, speaker: str) -> None:
    draft = f"“We will not trade the harbour for promises,” {speaker} said."
    assert held(harbour, draft).verdict == "exact"


def test_a_question_stays_one_whatever_mark_stands_behind_its_own(harbour: Archive) -> None:
    assert held(harbour, "“You call that a promise?,” Mell told the mayor.").verdict == "normalised"
    assert held(harbour, "“You call that a promise,” Mell told the mayor.").verdict == "altered"


def test_altered_words_of_another_are_told_as_both(harbour: Archive) -> None:
    one = held(harbour, "“We will not trade our harbour for promises,” said Oran Mell.")
    assert (one.verdict, one.said_by) == ("altered", "Ada Quill")
    assert one.difference
    assert one.difference.endswith("given to Oran Mell, printed as the words of Ada Quill")


def test_who_is_only_called_he_in_print_is_not_held_against_who_stands_beside(
    harbour: Archive,
) -> None:
    draft = "“The boats have rusted long enough in this weather,” said Oran Mell."
    assert held(harbour, draft).verdict == "exact"


def test_the_citation_is_the_printed_sentence(harbour: Archive) -> None:
    (cited,) = held(harbour, "“The boats have rusted long enough,” said Mell.").citations
    assert cited.text.startswith("“The boats have rusted long enough in this weather,”")
    assert cited.article.outlet == "Coast Daily"


def test_what_a_filter_leaves_out_prints_nothing(harbour: Archive) -> None:
    draft = "“The boats have rusted long enough in this weather,” said Oran Mell."
    assert held(harbour, draft, Filters(outlets=("The Ostrova Post",))).verdict == "absent"


@pytest.mark.parametrize(
    "draft", ["They called it “Halcyon Bay”.", "It was a “great” day for all of Ostrova."]
)
def test_a_title_and_a_word_set_apart_are_no_quotations(harbour: Archive, draft: str) -> None:
    assert check_draft(plain(draft), harbour, NearCopies()).quotations == ()


def test_what_only_a_reader_wrote_is_not_printed(sample: Archive) -> None:
    comment = next(
        article.text[part.start : part.end]
        for article in sample.newest(100)
        for part in article.parts
        if part.part == "comment" and '"' not in article.text[part.start : part.end]
    )
    words = " ".join(comment.split()[:9]).rstrip(".,")
    assert held(sample, f"“{words},” said Ada Quill.").verdict == "absent"
