"""What two bodies have in common, and when they print one dispatch."""

import gzip
import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from ingest.archive.stories import Body, canonical, is_agency, is_copy, is_version, likeness, sketch
from ingest.article import RawArticle
from ingest.clean.assemble import clean
from tests.ingest.archive.dispatches import article
from tests.ingest.archive.wire import (
    BACKGROUND,
    FORM,
    LEAD,
    LOCAL,
    MIDDLE,
    OTHER,
    printed,
)


def copies(one: str | tuple[str, ...], other: str | tuple[str, ...], *, same: bool = False) -> bool:
    pair = [
        printed("x", "X", *((told,) if isinstance(told, str) else told)) for told in (one, other)
    ]
    return is_copy(likeness(*map(Body.of, pair)), same_outlet=same)


WHOLE = (LEAD, MIDDLE, BACKGROUND)


def test_a_dispatch_is_a_copy_of_itself_however_it_is_wrapped() -> None:
    assert copies(WHOLE, " ".join(WHOLE).upper())


def test_a_dispatch_cut_to_a_third_is_a_copy_in_another_outlet_alone() -> None:
    assert copies(WHOLE, LEAD)
    assert not copies(WHOLE, LEAD, same=True)


def test_local_paragraphs_and_other_words_here_and_there_leave_a_copy() -> None:
    reworded = MIDDLE.replace("told a crowded", "said to a full").replace("shipped to", "taken to")
    assert copies(WHOLE, (LOCAL, LEAD, reworded))


def test_a_second_dispatch_that_repeats_background_is_no_copy() -> None:
    assert not copies(WHOLE, (*OTHER, LOCAL, BACKGROUND))


@pytest.mark.parametrize("above", [True, False])
def test_a_form_that_two_articles_share_makes_no_copies(above: bool) -> None:
    told = [(FORM, *own) if above else (*own, FORM) for own in (OTHER, (LEAD, MIDDLE))]
    assert not copies(*told)


def test_boilerplate_and_repeats_make_no_copies() -> None:
    one, other = (
        article("n", ("body", own), ("boilerplate", FORM), ("repeat", FORM), ("comment", FORM))
        for own in OTHER
    )
    assert likeness(Body.of(one), Body.of(other)).shared == 0


def test_an_edited_sentence_makes_a_version_and_a_cut_does_not() -> None:
    edited = (LEAD, MIDDLE, BACKGROUND.replace("a third", "a fourth"))
    bodies = [Body.of(printed("x", "X", *told)) for told in (WHOLE, edited, (LEAD, MIDDLE))]
    assert is_version(likeness(bodies[0], bodies[1]))
    assert not is_version(likeness(bodies[0], bodies[2]))


def test_what_is_too_short_is_a_copy_of_nothing() -> None:
    assert sketch(printed("x", "X", "Eleven words stand here, and that is not yet enough.")) == ()
    assert not copies("The vote is tomorrow.", "The vote is tomorrow.")


def test_a_part_of_a_text_has_its_part_of_the_hashes() -> None:
    whole = sketch(printed("x", "X", *WHOLE, LOCAL, *OTHER))
    part = sketch(printed("y", "Y", *WHOLE))
    assert len(set(whole) & set(part)) >= len(whole) / 3


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    line = "港务局周二投票决定关闭旧码头两年因为潜水员在十四根支柱中的九根上发现了裂缝"
    assert copies(line, f"{line}市长要求增加灯光")


def test_the_agency_stands_for_a_story_or_else_the_earliest() -> None:
    assert canonical([("a", "Coast Daily"), ("b", "Lorn News Agency"), ("c", None)]) == "b"
    assert canonical([("a", None), ("b", "Coast Daily")]) == "a"
    assert [is_agency(name) for name in ("Reuters", "AP", "The Coast AP Daily", None)] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.shared
@pytest.mark.slow
def test_every_pair_of_the_duplicates_set_is_found_and_no_other(shared: Path) -> None:
    folder = shared / "duplicates"
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    items = {r["id"]: clean(RawArticle(file="f", id=r["id"], text=r["text"])) for r in rows}
    holding: dict[int, list[str]] = {}
    for name, item in items.items():
        for hashed in sketch(item):
            holding.setdefault(hashed, []).append(name)
    together = Counter(p for names in holding.values() for p in itertools.combinations(names, 2))
    found = {
        tuple(sorted(pair))
        for pair, hits in together.items()
        if hits >= 2
        and is_copy(likeness(*(Body.of(items[name]) for name in pair)), same_outlet=True)
    }
    named = (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in named]
    assert found == {tuple(sorted((row["a"], row["b"]))) for row in pairs}
