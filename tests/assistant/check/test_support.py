"""Whether a claim rests on its passages, over an invented dispatch."""

import time
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - a field is called date

import pytest

from assistant.check.checker import Verdict, support
from assistant.check.support import model
from tests.fakes import HashingEmbedder

FERRY = (
    "Rescuers in Port Ellin said on Tuesday that 39 people had died and 112 were injured when a"
    " ferry capsized off the Harran coast.\n"
    "Prime Minister Lena Orsk may visit the town this week, her office said."
    " “We will not raise the toll,” Transport Minister Adan Vell told reporters.\n"
    "Harran defeated Belloria 3-1 in the third and last final."
    " Unemployment rose to 7.4 percent in May."
)
TUESDAY = Day(2022, 5, 3)


def held(claim: str) -> Verdict:
    return support(claim, [FERRY], published=TUESDAY)


def words(claim: str, found: Verdict) -> list[str]:
    return [claim[start:end] for start, end in found.unsupported]


@pytest.mark.parametrize(
    "claim",
    [
        "39 people died when a ferry capsized off the Harran coast.",
        "Thirty-nine people had died when a ferry capsized.",
        "Transport Minister Adan Vell said the toll would not be raised.",
        "Lena Orsk may visit the town.",
        "Harran defeated Belloria 3-1.",
        "Belloria was defeated by Harran in the final.",
        "Unemployment rose to 7.4% in May.",
        "A ferry capsized off the Harran coast on 3 May 2022.",
    ],
)
def test_what_the_passage_says_in_other_words_is_supported(claim: str) -> None:
    found = held(claim)
    assert (found.verdict, found.unsupported) == ("supported", ())
    assert found.score >= 0.5


@pytest.mark.parametrize(
    ("claim", "reason", "unsupported"),
    [
        ("41 people had died when a ferry capsized off the coast.", "number_absent", ["41"]),
        ("39 people were injured when a ferry capsized.", "number_elsewhere", ["39"]),
        ("Harran defeated Belloria in the second final.", "number_elsewhere", ["second"]),
        ("A ferry capsized on Thursday off the Harran coast.", "date", ["Thursday"]),
        ("Unemployment did not rise to 7.4 percent in May.", "negation", ["rise"]),
        ("Unemployment fell to 7.4 percent in May.", "antonym", ["fell"]),
        ("Belloria defeated Harran 3-1 in the final.", "roles", ["Belloria"]),
        ("“We will not raise the toll,” Lena Orsk told reporters.", "speaker", ["Lena Orsk"]),
    ],
)
def test_one_thing_said_otherwise_contradicts(
    claim: str, reason: str, unsupported: list[str]
) -> None:
    found = held(claim)
    assert (found.verdict, words(claim, found)) == ("contradicted", unsupported)
    assert reason in found.reasons
    assert found.score < 0.5


def test_what_may_happen_is_not_what_will() -> None:
    found = held("Lena Orsk will visit the town this week.")
    assert (found.verdict, "modality" in found.reasons) == ("partly", True)


@pytest.mark.parametrize(
    ("before", "printed"),
    [
        (
            "Please use the term 'PW' to explore ways to keep a pier safe.",
            "Proceedings against Odo Pell took a turn when he claimed he had never seen the crack.",
        ),
        (
            "Build a park in your plans.",
            "Swings that pose a risk have been recalled, according to the harbour office.",
        ),
    ],
)
def test_a_sentence_as_it_is_printed_is_not_held_against_its_neighbours(
    before: str, printed: str
) -> None:
    found = support(printed, [f"{before} {printed} Nobody was hurt."])
    assert (found.verdict, found.reasons) == ("supported", ())


@pytest.mark.parametrize(
    "passage",
    [
        "“It is a fine bridge. The bridge is safe. It will open in May,” Ada Quill said.",
        "“The bridge is safe,” Ada Quill said.",
        "The bridge is safe, Ada Quill said.",
    ],
)
def test_words_of_somebody_need_their_name_however_they_are_printed(passage: str) -> None:
    assert support("The bridge is safe.", [passage]).reasons == ("attribution",)


def test_what_no_passage_mentions_is_unsupported_word_by_word() -> None:
    claim = "A train derailed in Norburg, killing the mayor."
    found = held(claim)
    assert found.verdict == "unsupported"
    assert words(claim, found) == ["train derailed", "Norburg", "killing", "mayor"]
    assert (found.passage, found.span) == (None, None)


def test_the_sentence_it_rests_on_is_a_span_of_the_right_passage() -> None:
    found = support("Harran beat Belloria in the final.", ["Rain fell in Norburg.", FERRY])
    assert found.passage == 1
    assert found.span is not None
    assert FERRY[slice(*found.span)] == "Harran defeated Belloria 3-1 in the third and last final."


@dataclass(frozen=True)
class Printed:
    text: str
    date: Day | None = TUESDAY


@dataclass(frozen=True)
class Found:
    article: Printed


@dataclass(frozen=True)
class Stretch:
    hit: Found
    start: int
    end: int


def test_a_stretch_of_an_article_gives_spans_of_the_article_and_its_day() -> None:
    stretch = Stretch(Found(Printed(FERRY)), 0, FERRY.index("\n"))
    found = support("The ferry capsized on Thursday off the coast.", [stretch])
    assert (found.span, "date" in found.reasons) == ((0, stretch.end), True)


def test_words_outside_the_stretch_are_no_support() -> None:
    begin = FERRY.index("Prime")
    stretch = Stretch(Found(Printed(FERRY)), begin, len(FERRY))
    assert support("A ferry capsized off the coast.", [stretch]).verdict == "unsupported"


@pytest.mark.parametrize("claim", ["", " \n", "…", "“”"])
def test_a_claim_without_words_is_unsupported(claim: str) -> None:
    assert held(claim) == Verdict(score=0.0, verdict="unsupported")


@pytest.mark.parametrize("passages", [[], [""], ["\n\n  \n"]])
def test_a_claim_without_passages_is_unsupported(passages: list[str]) -> None:
    found = support("A ferry capsized.", passages)
    assert (found.verdict, found.passage, found.unsupported) == ("unsupported", None, ((2, 16),))


def test_the_same_claim_has_the_same_score() -> None:
    claim = "Two ministers may visit Port Ellin on Friday."
    assert held(claim) == held(claim)


def test_an_embedder_the_weights_do_not_know_is_not_asked() -> None:
    embedder = HashingEmbedder()
    claim = "39 people died when a ferry capsized."
    assert support(claim, [FERRY], embedder=embedder) == support(claim, [FERRY])
    assert embedder.embedded == []


def test_at_most_three_sentences_are_embedded_with_the_claim() -> None:
    embedder = HashingEmbedder()
    embedder.fingerprint = f"{model('words_and_meaning').embedder}/test"
    support("Rescuers, ministers, Belloria and unemployment.", [FERRY, FERRY], embedder=embedder)
    assert len(embedder.embedded) == 4


def test_an_endless_claim_takes_no_endless_time() -> None:
    begun = time.process_time()
    support("the ferry sank " * 3000, ["the ferry of Harran sank. " * 3000])
    assert time.process_time() - begun < 20
