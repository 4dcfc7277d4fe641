"""Corrections and retractions are attached to what they correct, and cited with it."""

import pytest

from ingest.archive import Archive
from ingest.article import Article, Notice
from ingest.clean.corrections import notice_about, own_notices
from tests.ingest.archive.dispatches import hits
from tests.ingest.archive.test_versions import EDITED, TEXT, raw
from tests.ingest.archive.wire import LEAD, dispatch, printed

PIER = raw(id="17")
WRONG = "Correction: An earlier report gave the wrong number of pillars. There are fourteen."
GONE = "Coast Daily withdraws its report on the pier. The divers' findings were invented."


def notices(archive: Archive) -> tuple[Notice, ...]:
    (hit,) = [hit for hit in hits(archive, LEAD) if hit.article.title == PIER.title]
    return hit.notices


@pytest.mark.parametrize(
    ("line", "code"),
    [(WRONG, "corrected"),
     ("Clarification: The board has nine members, one of whom has no vote.", "clarified"),
     ("An earlier version of this article misstated the day of the vote.", "corrected"),
     ("Editor’s note: This article has been retracted because its source lied.", "retracted")],
)  # fmt: skip
def test_a_notice_within_an_article_is_carried_by_its_citations(
    archive: Archive, line: str, code: str
) -> None:
    archive.put([raw(f"{TEXT}\n\n{line}", id="17")])
    assert notices(archive) == (Notice(code=code, text=line),)


def test_corrections_that_a_format_keeps_apart_are_parts_of_the_article(archive: Archive) -> None:
    article = raw(id="17", corrections=(WRONG,))
    assert article.text[article.parts[-1].start : article.parts[-1].end] == WRONG
    assert article.parts[-1].part == "correction"
    assert [notice.text for notice in own_notices(article)] == [WRONG]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "notice",
    [raw(WRONG, id="18", title="A correction", corrects="17"),
     raw(WRONG, id="18", title="Correction: Old grain pier to close")],
)  # fmt: skip
def test_a_notice_of_its_own_is_attached_to_what_it_names(
    archive: Archive, notice: Article, first: bool
) -> None:
    named_by_headline = not notice.corrects
    batch = [notice, PIER] if first and not named_by_headline else [PIER, notice]
    for one in batch:
        archive.put([one])
    assert notices(archive) == (Notice(code="corrected", text=WRONG),)
    archive.drop([notice.article_id])
    assert notices(archive) == ()


def test_a_kill_notice_retracts_and_a_dropped_one_no_longer(archive: Archive) -> None:
    kill = raw(GONE, id="18", title="Kill: pier", status="withdrawn", corrects="17")
    archive.put([kill, PIER])
    assert notices(archive) == (Notice(code="retracted", text=GONE),)
    assert archive.newest(9) == []
    archive.drop([kill.article_id])
    assert archive.newest(9) == [PIER]


def test_a_version_that_its_format_says_is_withdrawn_is_retracted(archive: Archive) -> None:
    archive.put([PIER])
    archive.put([raw(EDITED, id="17", status="withdrawn")])
    assert [notice.code for notice in notices(archive)] == ["retracted"]


def test_what_may_not_be_used_yet_is_not_found(archive: Archive) -> None:
    archive.put([raw(id="17", status="withheld")])
    assert hits(archive, LEAD) == []


def test_a_copy_says_that_the_agency_retracted_its_own(archive: Archive) -> None:
    archive.put([dispatch(retracted=True), printed("cut", "Coast Daily", LEAD)])
    (hit,) = [hit for hit in hits(archive, LEAD) if hit.article.outlet == "Coast Daily"]
    text = "Of this dispatch, Lorn News Agency retracted its copy."
    assert hit.notices == (Notice(code="copy_retracted", text=text),)


@pytest.mark.parametrize(
    "title",
    ["Retraction of journal study shakes field", "Correct: how the town got its clock right",
     "Corrections officers strike in Sund", "Old grain pier to close"],
)  # fmt: skip
def test_news_about_corrections_is_no_notice(title: str) -> None:
    article = raw(title=title)
    assert notice_about(article) is None
    assert list(own_notices(article)) == []
