"""What operators find, exactly: in the articles' own text, within what a reader may see."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive import Archive, Search
from ingest.archive.conditions import Labels, QueriedArticle
from ingest.archive.queried import Queried
from ingest.archive.query import AllOf, Condition, Together, read_query
from ingest.article import Article, Filters, Hit
from ingest.language.sentences import sentences
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import Block, article


def story(name: str, *told: str, **about: object) -> Article:
    blocks: list[Block] = [("headline", f"Report {name}")]
    blocks += [("body", words) for words in told]
    return article(name, *blocks, **about)


QUOTED = "Nobody “will  trade the HARBOUR” for a\nfolding\u00a0chair, the minister said."

ARTICLES = [
    story("exact", QUOTED, outlet="The Ostrova Post", date=date(2024, 3, 1), language="en"),
    story(
        "apart",
        "The chair was old. It was not folding. The harbour froze.",
        outlet="Coast Daily",
        authors=("Mira Dahl", "Ann Lee"),
        date=date(2024, 3, 2),
        section="Sea",
    ),
    story(
        "inner",
        "Folding chairs were sold, and harbourside flats.",
        outlet="Coast Daily Weekend",
        authors=("Mira Lee",),
        date=date(2024, 3, 3),
    ),
    story(
        "spoken",
        "“The ferry will sail,” said Pieter Vosse.\n\nAnn Lee waited for the ferry on the quay.",
        date=date(2024, 3, 4),
    ),
    article(
        "talked",
        ("headline", "Quiet at the quay"),
        ("body", "Nothing else was said."),
        ("comment", "A folding chair would do!", "gull_9"),
    ),
    article("titled", ("headline", "Folding chair, found"), ("body", "It was a deck seat.")),
    story("cyrillic", "Міністр сказав: «складаний стілець» не для нас.", language="uk"),
    story("german", "Die Klappstühle standen im Häuserblock am Hafen.", language="de"),
    story("unspaced", "首相は東京で記者団に「港は閉鎖しない」と答えた。", language="ja"),
    story("secret", "A folding chair again.", embargo_until=datetime(2999, 1, 1, tzinfo=UTC)),
    story("kept", "A folding chair in the vault.", collection="vault"),
]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder: Path = tmp_path_factory.mktemp("operators") / "archive"
    with opened(folder) as archive:
        archive.put(ARTICLES)
        yield archive


def search(archive: Archive, typed: str, filters: Filters | None = None, k: int = 20) -> list[Hit]:
    query, narrowed = archive.narrowed(read_query(typed), filters or Filters())
    return archive.search(
        Search(text=query.ranking, must=query.must, filters=narrowed, k=k, by="words")
    )


def keys(hits: list[Hit]) -> set[str]:
    return {hit.article.key for hit in hits}


FOUND = [
    ('"folding chair"', "exact titled kept"),
    ('"FOLDING CHAIR"', "exact titled kept"),
    ('"will trade the harbour"', "exact"),
    ('"a folding chair, the minister"', "exact"),
    ('"folding chair the minister"', ""),
    ('"olding chair"', ""),
    ('"chair folding"~3', "exact titled kept inner"),
    ('"chair folding"~6', "exact titled kept inner apart"),
    ("harbour -folding", ""),
    ('harbour -"folding chair"', "apart"),
    ("+harbour", "exact apart"),
    ("harbour*", "exact apart inner"),
    ("title:folding", "titled"),
    ('title:"chair, found"', "titled"),
    ("chair /s old", "apart"),
    ("chair /s folding", "exact titled inner kept"),
    ("chair /p folding", "exact titled inner kept apart"),
    ("ferry /s quay", "spoken"),
    ("ferry /s sail /s quay", ""),
    ("harbour /s -froze", "exact"),
    ("(froze OR sail) AND (harbour OR ferry)", "apart spoken"),
    ("outlet:coast", "apart inner"),
    ('outlet:"coast daily"', "apart"),
    ("author:lee", "apart inner"),
    ('author:"Ann Lee"', "apart"),
    ('author:"Dahl Ann"', ""),
    ("section:sea", "apart"),
    ("speaker:Vosse", "spoken"),
    ("speaker:Lee", ""),
    ("on:2024-03-02", "apart"),
    ("after:2024-03-02 before:2024-03-04", "inner"),
    ("after:2024-03-02 -outlet:coast", "spoken"),
    ('"складаний стілець"', "cyrillic"),
    ('"東京で記者団"', "unspaced"),
    ('title:"unspaced"', "unspaced"),
    ('"京で記者"', "unspaced"),
    ('"東京の記者団"', ""),
    ("lang:uk", "cyrillic"),
    ("+Klappstuhl", "german"),
    ("Hafen /s Klappstuhl", "german"),
    ("+Haus", ""),
]


@pytest.mark.parametrize(("typed", "expected"), FOUND, ids=[typed for typed, _ in FOUND])
def test_operators_find_what_fits_and_nothing_else(
    filed: Archive, typed: str, expected: str
) -> None:
    assert keys(search(filed, typed)) == set(expected.split())


@pytest.mark.parametrize(("typed", "expected"), FOUND, ids=[typed for typed, _ in FOUND])
def test_all_that_fit_are_the_same_as_those_that_are_found(
    filed: Archive, typed: str, expected: str
) -> None:
    query, narrowed = filed.narrowed(read_query(typed), Filters())
    found = [filed.get(one) for one in filed.fitting(query.must, narrowed)]
    wanted = set(expected.split())
    assert wanted <= {one.key for one in found if one} if query.words else True
    if not query.words:
        assert {one.key for one in found if one} == wanted


def test_a_hit_marks_exactly_the_phrase(filed: Archive) -> None:
    (hit,) = search(filed, "“For a  folding chair”")
    assert [hit.article.text[a:b] for a, b in hit.marks] == ["for a\nfolding\u00a0chair"]
    assert hit.passage.start <= hit.marks[0][0] < hit.marks[0][1] <= hit.passage.end


def test_a_hit_marks_the_sentence(filed: Archive) -> None:
    (hit,) = search(filed, "chair /s old")
    assert [hit.article.text[a:b] for a, b in hit.marks] == ["The chair was old."]


def test_a_hit_marks_what_the_speaker_said(filed: Archive) -> None:
    (hit,) = search(filed, "speaker:vosse")
    assert [hit.article.text[a:b] for a, b in hit.marks] == ["The ferry will sail,"]


def test_comments_are_read_only_where_they_are_asked_for(filed: Archive) -> None:
    typed = '"folding chair would do"'
    assert keys(search(filed, typed)) == set()
    assert keys(search(filed, typed, Filters(comments=True))) == {"talked"}


def test_a_reader_finds_only_in_their_collections(filed: Archive) -> None:
    typed = '"folding chair"'
    assert keys(search(filed, typed, Filters(collections=("vault",)))) == {"kept"}
    assert filed.fitting(read_query(typed).must, Filters(collections=("none",))) == []


def test_an_index_that_is_behind_never_lies(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        first = story("one", "The harbour was quiet.")
        archive.put([first])
        archive.put([replace(first, text=first.text.replace("quiet", "loud "))], follow=False)
        assert keys(search(archive, "harbour -loud")) == set()
        assert keys(search(archive, "+quiet")) == set()


def test_an_index_that_is_gone_is_built_anew_when_opened(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with opened(folder) as archive:
        archive.put([ARTICLES[0]])
    shutil.rmtree(folder / "words")
    with opened(folder) as archive:
        for typed, found in FOUND:
            assert keys(search(archive, typed)) == set(found.split()) & {ARTICLES[0].key}


def test_an_index_of_another_layout_is_built_anew_when_opened(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with opened(folder) as archive:
        archive.put([ARTICLES[0]])
    mark = folder / "words" / "at.json"
    mark.write_text(mark.read_text().replace('"layout": "5"', '"layout": "4"'))
    with opened(folder) as archive:
        assert keys(search(archive, '"folding chair"')) == {"exact"}


SENTENCES = (
    "The harbours froze.", "“The ferry will sail at 6 p.m. today,” said Mr. Vosse.", "It sails.",
    "Harbour folk sang!", "Міністр об’їхав гавань.", "Der Hafen fror zu.", "港は凍った。",
    "東京の港。",
    "قال الوزير إن الميناء مغلق.", "في 2024 تجمد الميناء.", "The minister saw 港 and the ferry.",
)  # fmt: skip
ASKED = (
    "harbour /s froze", "ferry /s sail", "harb* /s sang", "(ferry OR harbour) /s sail",
    "港 /s 東京",
    "minister /s ferry", "гавань /s міністр", "harbour /s -froze", '"will sail" /s ferry',
    "الميناء /s الوزير", "港 /s ferry", "Hafen /s zu",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    paragraphs=st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), max_size=4),
    typed=st.sampled_from(ASKED),
    language=st.sampled_from(("en", "de", "uk", "ja", "ar", None)),
)
def test_what_one_sentence_must_hold_is_held_by_a_sentence_alone(
    filed: Archive, paragraphs: list[list[str]], typed: str, language: str | None
) -> None:
    told = story("told", *(" ".join(one) for one in paragraphs), language=language)
    must = read_query(typed).must
    assert isinstance(must, Together)

    def fits(one: Article, condition: Condition) -> bool:
        nothing = Labels(lambda *_: frozenset())
        return QueriedArticle(one, filed.words, nothing).fits(condition)

    alone = [
        replace(told, text=told.text[start:end], parts=(replace(part, start=0, end=end - start),))
        for part in told.parts
        for start, end in sentences(told.text, part.start, part.end)
    ]
    assert fits(told, must) == any(fits(one, AllOf(must.parts)) for one in alone)


def test_a_phrase_of_which_a_form_is_nowhere_is_read_for_in_no_article(filed: Archive) -> None:
    asked = {
        "harbour froze": ["apart"], "Harbours froze": [], "HARBOUR FROZE": ["apart"],
        "harbours": [],
    }  # fmt: skip
    for phrase, held in asked.items():
        condition = read_query(f'"{phrase}"').must
        assert condition is not None
        with filed.catalogue.snapshot():
            may_fit = Queried(filed.catalogue, filed.words, condition, Filters()).among
        assert [filed.catalogue.id_of(a) for a in may_fit] == [
            one.article_id for one in ARTICLES if one.key in held
        ]


def test_what_ranks_low_is_found_where_many_may_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = [
        story(f"apart{i}", "Ferry, ferry. The harbour, gate by gate, was shut.") for i in range(60)
    ]
    printed = story("printed", "The ferry lay still. " * 9 + "They shut the harbour gate.")
    read: Counter[str] = Counter()
    fits = QueriedArticle.fits

    def counted(self: QueriedArticle, condition: Condition | None) -> bool:
        read[self.article.key] += 1
        return fits(self, condition)

    monkeypatch.setattr(QueriedArticle, "fits", counted)
    monkeypatch.setattr(sys.modules["ingest.archive.search"], "_AT_FIRST", 10)
    with opened(tmp_path) as archive:
        archive.put([*apart, printed])
        must = read_query('"harbour gate"').must
        asked = Search(text="ferry harbour gate", must=must, by="words")
        assert [hit.article.key for hit in archive.search(asked)] == ["printed"]
        assert max(read[one.key] for one in apart) == 1
