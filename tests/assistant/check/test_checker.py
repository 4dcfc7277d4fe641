"""Claims held against the words of the articles that they cite."""

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.answer import Claim, ClaimVerdict, DraftClaim, Evidence, Omitted
from assistant.check.checker import Checker, faithfulness
from assistant.check.reader import ClaimReader, NearCopies, Probabilities
from ingest.article import Article, Hit, Part, Passage, Story
from tests.fakes import OverlapReader

HEADLINE = "Harran ferry sinks off Port Ellin"
BODY = (
    "It went down on Tuesday with 151 people on board, 39 of whom died, rescuers said."
    " Prime Minister Lena Orsk may visit the town this week."
)
TEXT = f"{HEADLINE}\n{BODY}"
START = len(HEADLINE) + 1


def evidence(text: str = TEXT, start: int = START) -> Evidence:
    """Return the body of an article, as written mode cites a passage."""
    article = Article(
        article_id="a",
        key="a",
        version=1,
        text=text,
        parts=(
            Part(part="headline", start=0, end=start),
            Part(part="body", start=start, end=len(text)),
        ),
        title=HEADLINE,
        outlet="The Brennick Bell",
        date=date(2022, 5, 4),
    )
    hit = Hit(
        article=article,
        passage=Passage(start=start, end=len(text), part="body"),
        score=1.0,
        by=("words",),
        story=Story(id="a", outlets=("The Brennick Bell",), article_ids=("a",)),
    )
    return Evidence(hit=hit, start=start, end=len(text))


def checked(text: str, *cited: Evidence, reader: ClaimReader | None = None) -> Claim | Omitted:
    checker = Checker(reader or OverlapReader())
    claim = checker.check(DraftClaim(text=text, evidence=cited or (evidence(),)))
    return claim or checker.omitted[0]


def test_a_claim_that_its_reader_supports_stands_with_a_score_and_who_read() -> None:
    claim = checked("151 people were on board on Tuesday.")
    assert isinstance(claim, Claim)
    assert (claim.verdict, claim.citations) == ("supported", (1,))
    assert claim.judgement is not None
    assert (claim.judgement.read_by, claim.judgement.reason) == ("overlap", None)
    assert claim.score == round(claim.judgement.score or 0, 3) > 0.5


def test_a_claim_is_cited_by_the_sentences_that_it_needs_and_no_more() -> None:
    claim = checked("Prime Minister Lena Orsk may visit the town.")
    assert isinstance(claim, Claim)
    checker = Checker(OverlapReader())
    checker.check(DraftClaim(text=claim.text, evidence=(evidence(),)))
    (citation,) = checker.citations
    assert citation.text == "Prime Minister Lena Orsk may visit the town this week."


def test_where_each_reading_costs_a_call_a_claim_is_read_once() -> None:
    reader = OverlapReader(dear=True)
    claim = checked("151 people were on board on Tuesday.", reader=reader)
    assert isinstance(claim, Claim)
    assert len(reader.pairs) == 1


def test_a_reader_is_given_outlet_day_and_headline_above_the_words() -> None:
    reader = OverlapReader(dear=True)
    checked("151 people were on board on Tuesday.", reader=reader)
    assert reader.pairs[0][1] == f"The Brennick Bell. 2022-05-04. {HEADLINE}. {BODY}"


def test_a_claim_that_its_reader_does_not_support_does_not_leave_the_house() -> None:
    found = checked("A train derailed in Norburg, killing the mayor and several others.")
    assert isinstance(found, Omitted)
    assert found.reason.startswith("is not in its sources; nearest: “")
    assert found.judgement is not None
    assert found.judgement.verdict == "unsupported"


def test_a_claim_that_its_source_contradicts_says_what_is_printed_there() -> None:
    denied = "The ferry went down on Thursday with 151 people on board."
    found = checked(denied, reader=OverlapReader(denied))
    assert isinstance(found, Omitted)
    assert found.reason == (
        "is not what its sources say: “It went down on Tuesday with 151 people on board, 39 of"
        " whom died, rescuers said.”"
    )


def test_another_stretch_that_was_read_is_cited_where_it_supports_what_the_cited_one_does_not() -> (
    None
):
    toll = evidence("Toll will rise\nThe bridge toll would rise in June, Adan Vell said.", 15)
    checker = Checker(OverlapReader())
    checker.read = [evidence(), toll]
    claim = checker.check(
        DraftClaim(text="The bridge toll would rise in June.", evidence=(evidence(),))
    )
    assert claim is not None
    assert [one.text for one in checker.citations] == [toll.text]


def test_a_question_of_an_article_is_no_claim() -> None:
    asks = "What is thank you in the language of Harran?"
    found = checked(asks, evidence(f"{HEADLINE}\n{asks} {BODY}"))
    assert isinstance(found, Omitted)
    assert found.reason == "asks, and says nothing"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Ada Quill said “we sail at noon”.", "quotes what its sources do not print"),
        ("Oran Mell said “We sail at dawn on Friday”.", "gives Oran Mell the words of Ada Quill"),
    ],
)
def test_no_reader_lets_a_wrong_quotation_out(claim: str, reason: str) -> None:
    told = "“We sail at dawn on Friday,” Ada Quill said. Oran Mell was in the harbour too."

    class Believing(OverlapReader):
        def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
            return [Probabilities(1.0, 0.0, 0.0) for _ in pairs]

    found = checked(claim, evidence(told, 0), reader=Believing())
    assert isinstance(found, Omitted)
    assert found.reason.startswith(reason)
    assert found.judgement is not None
    assert found.judgement.read_by == "guard"


def test_where_nobody_reads_near_copies_alone_stand() -> None:
    near = "Prime Minister Lena Orsk may visit the town this week."
    far = "Orsk, who heads the government, might come to Port Ellin within days."
    assert isinstance(checked(near, reader=NearCopies()), Claim)
    assert isinstance(checked(far, reader=NearCopies()), Omitted)


def test_the_words_of_an_article_are_verbatim_and_have_no_score() -> None:
    claim = Checker().check(DraftClaim(text=BODY, evidence=(evidence(),), verbatim=True))
    assert claim is not None
    assert (claim.verdict, claim.score) == ("verbatim", None)


def claims(*verdicts: ClaimVerdict) -> list[Claim]:
    return [Claim(text="t", at=(0, 1), verdict=one, citations=(1,)) for one in verdicts]


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ((), None),
        (("verbatim", "verbatim"), None),
        (("supported", "verbatim"), 1.0),
        (("supported", "partly", "verbatim"), 0.667),
    ],
)
def test_faithfulness_is_the_share_of_claims_that_are_supported(
    said: tuple[ClaimVerdict, ...], share: float | None
) -> None:
    assert faithfulness(claims(*said)) == share
