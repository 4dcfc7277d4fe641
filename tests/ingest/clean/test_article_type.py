"""The kind of an article: given, or inferred from what is said with it."""

import pytest

from ingest.article import RawArticle
from ingest.clean.article_type import told
from ingest.clean.assemble import clean

PLAIN = ("News", "https://harrow.example/news/2024/ferry-opinion", "Ferry stops", "It stops.")


def test_what_nothing_tells_is_left_open() -> None:
    assert told(*PLAIN) is None


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("Opinion", "opinion"),
        ("Аналітика", "analysis"),
        ("Entrevistas", "interview"),
        ("新闻稿", "press release"),
        ("مباشر", "live blog"),
    ],
)
def test_a_section_tells_the_kind(section: str, kind: str) -> None:
    assert told(section, None, None, "") == (kind, f"inferred from the section {section!r}")


def test_a_folder_of_the_address_tells_the_kind_and_its_last_part_does_not() -> None:
    found = told(None, "https://harrow.example/opinion/2024/ferry", None, "")
    assert found == ("opinion", "inferred from the address 'opinion'")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Analysis: Why the ferry stops", "analysis"),
        ("Interview: Ines Tull on the ferry", "interview"),
        ("Ferry stops after ninety years – live updates", "live blog"),
        ("Live: the last boat leaves", "live blog"),
    ],
)
def test_a_headline_tells_the_kind(title: str, kind: str) -> None:
    assert told(None, None, title, "") == (kind, "inferred from the headline")


def test_a_press_release_says_so_at_its_head() -> None:
    text = "HARROWMERE, March 1, 2024 /PRNewswire/ -- Tull Lines today announced a boat."
    assert told(None, None, "Tull Lines", text) == ("press release", "inferred from the opening")


def test_a_given_kind_stands_but_news_is_made_more_exact() -> None:
    raw = RawArticle(file="a", title="Ferry stops", text="It stops.", section="Opinion")
    given = clean(raw)
    assert (given.kind, given.inferred["kind"]) == (
        "opinion",
        "inferred from the section 'Opinion'",
    )
    exact = clean(RawArticle(file="a", title="A", text="It.", section="Opinion", kind="interview"))
    assert (exact.kind, "kind" in exact.inferred) == ("interview", False)
    general = clean(RawArticle(file="a", title="A", text="It.", section="Opinion", kind="news"))
    assert general.kind == "opinion"
