"""What an outlet prints under many articles is no reporting; a running story's background is."""

from ingest.archive import Archive
from ingest.article import Article
from tests import invariants
from tests.ingest.archive.dispatches import article, found

PROMPT = "Sign up for the Ostrova Morning letter and never miss a ferry again."
BACKGROUND = "The pier was closed in March after a storm tore away its outer beams."


def told(i: int, paragraph: str, title: str, outlet: str = "Ostrova Post") -> Article:
    return article(
        f"{outlet} {i}",
        ("headline", title),
        ("body", f"Matter number {i} came before the council on a wet and windy Monday evening."),
        ("body", paragraph),
        outlet=outlet,
    )


TITLES = ("Ferry late", "Budget passed", "School opens", "Choir wins", "Dogs found", "Bridge shut")


def kinds(archive: Archive, one: Article) -> list[str]:
    kept = archive.get(one.article_id)
    assert kept is not None
    return [part.part for part in kept.parts]


def test_a_recurring_paragraph_is_boilerplate_in_old_articles_too(archive: Archive) -> None:
    older = [told(i, PROMPT, TITLES[i]) for i in range(4)]
    archive.put(older)
    archive.mark_recurring([one.article_id for one in older])
    archive.embed()
    assert kinds(archive, older[0]) == ["headline", "body", "body"]
    assert found(archive, "morning letter sign up") != []
    newer = [told(i, PROMPT, TITLES[i]) for i in range(4, 6)]
    archive.put(newer)
    assert archive.mark_recurring([one.article_id for one in newer]) == 6
    for one in (*older, *newer):
        assert kinds(archive, one) == ["headline", "body", "boilerplate"]
    assert found(archive, "morning letter sign up") == []
    archive.embed()
    assert archive.status().pending == 0
    invariants.followers_agree(archive)


def test_what_was_marked_is_no_new_version(archive: Archive) -> None:
    read = [told(i, PROMPT, TITLES[i]) for i in range(6)]
    archive.put(read)
    archive.mark_recurring([one.article_id for one in read])
    invariants.put_twice_is_once(archive, read[2])
    assert kinds(archive, read[2]) == ["headline", "body", "boilerplate"]


def test_a_later_article_is_marked_as_it_is_put(archive: Archive) -> None:
    read = [told(i, PROMPT, TITLES[i]) for i in range(5)]
    archive.put(read)
    archive.mark_recurring([one.article_id for one in read])
    archive.put([told(5, PROMPT, TITLES[5])])
    assert kinds(archive, told(5, PROMPT, TITLES[5])) == ["headline", "body", "boilerplate"]


def test_another_outlet_may_print_the_same_words(archive: Archive) -> None:
    read = [told(i, PROMPT, TITLES[i]) for i in range(5)]
    other = told(9, PROMPT, "Quiet day", outlet="Mast")
    archive.put([*read, other])
    archive.mark_recurring([one.article_id for one in (*read, other)])
    assert kinds(archive, other) == ["headline", "body", "body"]


def test_the_background_of_a_running_story_stays_reporting(archive: Archive) -> None:
    read = [told(i, BACKGROUND, f"Pier repair, day {i}: {TITLES[i]}") for i in range(6)]
    archive.put(read)
    assert archive.mark_recurring([one.article_id for one in read]) == 0
    assert kinds(archive, read[0]) == ["headline", "body", "body"]
    assert len(found(archive, "storm tore outer beams")) == 6
