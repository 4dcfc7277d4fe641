"""The same article again is a version; what it corrects, and what has gone from its folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.archive.search import By
from ingest.archive.versions import Changed
from ingest.article import Article, Notice, RawArticle
from ingest.clean.assemble import clean
from ingest.pipeline import Defaults, ingest
from tests.ingest.archive.dispatches import found
from tests.ingest.archive.wire import BACKGROUND, LEAD, LOCAL, MIDDLE, OTHER

URL = "https://coast.example/2024/05/07/pier"
TEXT = f"{LEAD}\n\n{MIDDLE}\n\n{BACKGROUND}"
EDITED = TEXT.replace("nine of its fourteen", "ten of its fourteen")


def raw(text: str = TEXT, **about: object) -> Article:
    known: dict[str, object] = {
        "file": "a.json", "record": "1", "text": text, "title": "Old grain pier to close",
        "outlet": "Coast Daily", "published": "2024-05-07",
    }  # fmt: skip
    return clean(RawArticle(**(known | about)))  # type: ignore[arg-type]


def fates(archive: Archive, *articles: Article) -> list[str]:
    return [archive.put([one])[0].fate for one in articles]


BY_ID, BY_URL = raw(id="17", url=URL), raw(EDITED, url=f"{URL}?utm_source=x")
BY_FILE = raw(EDITED, file="b.json")


@pytest.mark.parametrize(
    ("first", "again"),
    [(BY_ID, BY_URL), (raw(url=URL), replace(BY_ID, text=EDITED)), (raw(), BY_FILE),
     (raw(url=URL), raw(EDITED, url=f"{URL}-new"))],
)  # fmt: skip
def test_an_article_that_comes_again_is_a_new_version_of_itself(
    archive: Archive, first: Article, again: Article
) -> None:
    assert fates(archive, first, again) == ["added", "updated"]
    assert archive.status().articles == 1
    assert [version.version for version in archive.versions(first.article_id)] == [1, 2]
    newest = archive.get(again.article_id)
    assert newest == replace(again, article_id=first.article_id, key=first.key, version=2)


@pytest.mark.parametrize("pair", [(BY_ID, BY_URL), (raw(), BY_FILE)])
def test_both_again_as_they_were_are_no_new_versions(
    archive: Archive, pair: Sequence[Article]
) -> None:
    fates(archive, *pair)
    assert fates(archive, *pair, *pair) == ["unchanged"] * 4


def test_the_same_words_under_another_key_are_no_new_version(archive: Archive) -> None:
    assert fates(archive, raw(), raw(file="copy.json")) == ["added", "unchanged"]


@pytest.mark.parametrize(
    "other",
    [raw(EDITED, id="18"), raw(EDITED, file="b", published="2024-05-08"),
     raw(EDITED, file="b", outlet="Tisk Mail"), raw(EDITED, file="b", outlet=None)],
)  # fmt: skip
def test_another_id_day_or_outlet_is_another_article(archive: Archive, other: Article) -> None:
    first = raw(id="17") if "18" in other.key else raw()
    assert fates(archive, first, other) == ["added", "added"]


def test_the_front_page_is_the_address_of_no_article(archive: Archive) -> None:
    pair = raw(id="1", url="https://coast.example/"), raw(OTHER[0], url="https://coast.example/")
    assert fates(archive, *pair) == ["added", "added"]


def test_an_older_version_says_what_has_become_of_its_words(archive: Archive) -> None:
    fates(archive, raw(), BY_FILE)
    old = archive.get(raw().article_id, 1)
    assert old is not None
    spans = [(old.text.index(told), old.text.index(told) + len(told)) for told in (LEAD, MIDDLE)]
    newer = "A newer version of this article exists (version 2)."
    assert [archive.notices(old, span) for span in spans] == [
        [Notice(code="newer_version", text=f"{newer} These words are not in it.")],
        [Notice(code="newer_version", text=f"{newer} These words still stand in it.")],
    ]
    assert archive.changes(old.article_id) == {
        2: Changed(fields=(), removed=(LEAD,), added=(LEAD.replace("nine", "ten"),))
    }


def test_what_was_dropped_is_found_through_no_door(archive: Archive) -> None:
    fates(archive, BY_ID, BY_URL)
    archive.embed()
    dropped, unknown = archive.drop([BY_URL.article_id])
    assert (len(dropped), unknown) == (1, [])
    assert archive.get(BY_ID.article_id) is archive.get(BY_URL.article_id) is None
    other = raw(LOCAL, id="17", url=URL)
    archive.put([other])
    archive.embed()
    assert archive.get(BY_ID.article_id) == archive.get(BY_URL.article_id, 1) == other
    assert archive.get(BY_ID.article_id, 2) is None
    assert found(archive, "divers cracks pillars") == []
    rankers: tuple[By, ...] = ("words", "meaning")
    for by in rankers:
        assert set(found(archive, LEAD, by=by)) <= {other.key}
    words = archive.catalogue.connection.execute(
        "SELECT count(*) FROM versions WHERE text LIKE '%divers%'"
    )
    assert words.fetchone() == (0,)


def test_what_has_gone_from_a_folder_is_named_and_goes_when_asked(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, told in (("a.txt", LEAD), ("b.txt", LOCAL), ("c.txt", OTHER[0])):
        (folder / name).write_text(f"{told}\n", encoding="utf-8")
    ingest([folder], archive, embed=False)
    (folder / "a.txt").unlink()
    (folder / "b.txt").unlink()
    kept = ingest([folder], archive, embed=False)
    assert (kept.gone, kept.pruned, archive.status().articles) == (("a.txt", "b.txt"), 0, 3)
    pruned = ingest([folder], archive, given=Defaults(prune=True), embed=False)
    assert (pruned.gone, pruned.pruned, archive.status().articles) == (("a.txt", "b.txt"), 2, 1)
    assert ingest([folder], archive, embed=False).gone == ()
