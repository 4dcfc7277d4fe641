"""Which sources are laid side by side, and that nothing is said of two where nobody can tell."""

from datetime import date

from assistant.compose.conflicts import disagreements
from assistant.find.candidates import Candidate
from ingest.article import Article, Hit, Part, Passage, Story
from tests.fakes import OverlapReader


def sentence(name: str, title: str, text: str, day: int) -> Candidate:
    """Return the only sentence of an article, as it was found."""
    article = Article(
        article_id=name,
        key=name,
        version=1,
        text=text,
        parts=(Part(part="body", start=0, end=len(text)),),
        title=title,
        outlet="The Ostrova Standard",
        date=date(2022, 8, day),
    )
    hit = Hit(
        article=article,
        passage=Passage(start=0, end=len(text), part="body"),
        score=1.0,
        by=("words",),
        story=Story(id=name, outlets=("The Ostrova Standard",), article_ids=(name,)),
    )
    return Candidate(
        hit=hit, start=0, end=len(text), part="body", rank=0, own=1.0, near=0.0, whole=0.0,
        read=True, early=True, timely=False, kind=True, speaker=None, voiced=False, speaks=0.0,
        window=(0, len(text)),
    )  # fmt: skip


FEVER = sentence("a", "Marsh fever: 212 ill in Ostrova", "In Ostrova 212 people fell ill.", 10)
RIGHT = sentence(
    "b",
    "Corrections and clarifications",
    "Our report “Marsh fever: 212 ill in Ostrova” said how many people fell ill in Ostrova."
    " The right number is 121.",
    12,
)
OTHER = sentence("c", "Well named as source", "In Ostrova 143 people fell ill of one well.", 19)
ASKED = "How many people fell ill in Ostrova?"


def test_a_notice_stands_beside_the_article_whose_headline_it_names() -> None:
    (found,) = disagreements(ASKED, [FEVER, RIGHT], (), OverlapReader())
    assert (found.kind, found.earlier, found.later) == ("correction", FEVER, RIGHT)


def test_other_numbers_alone_are_no_conflict() -> None:
    assert disagreements(ASKED, [FEVER, OTHER], (), OverlapReader()) == ()
