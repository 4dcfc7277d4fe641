"""Promises by name. Each is a function that raises where it is not kept."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from assistant.answer import Citation
from ingest.archive import Archive, care
from ingest.archive.vectors import Of, vectors_of
from ingest.article import PASSAGES, Article, Hit, Passage
from ingest.language.chunk import split
from tests.ingest.archive.stores import in_chroma, in_tantivy


def span_is_exact(article: Article, passage: Passage) -> None:
    """A passage is some words of one part of its article, with nothing blank around them."""
    words = article.text[passage.start : passage.end]
    assert 0 <= passage.start < passage.end <= len(article.text)
    assert words == words.strip()
    within = [p for p in article.parts if p.start < passage.end and passage.start < p.end]
    assert within
    assert {p.part for p in within} == {passage.part}
    assert {p.author for p in within} == {passage.author}
    assert within[0].start <= passage.start
    assert passage.end <= within[-1].end


def passages_cover(article: Article, passages: tuple[Passage, ...]) -> None:
    """In order, without overlap, passages hold everything printed in the parts that are cut."""
    for before, after in pairwise(passages):
        assert before.end <= after.start
    covered = {i for p in passages for i in range(p.start, p.end)}
    for part in article.parts:
        for i in range(part.start, part.end):
            wanted = part.part in PASSAGES and not article.text[i].isspace()
            assert not wanted or i in covered
            assert part.part in PASSAGES or i not in covered


def citation_in_article(citation: Citation) -> None:
    """A citation's words stand in its article, in a part of the kind it names."""
    article = citation.article
    assert citation.text == article.text[citation.start : citation.end]
    assert any(
        part.part == citation.part and part.start <= citation.start and citation.end <= part.end
        for part in article.parts
    )


def hit_is_true(archive: Archive, hit: Hit) -> None:
    """A hit is the newest version of a live article, and its passage is one of that."""
    assert hit.article == archive.get(hit.article.article_id)
    assert hit.passage in split(hit.article, words=archive.settings.passage_words)
    assert hit.text == hit.article.text[hit.passage.start : hit.passage.end]
    assert hit.article.article_id in hit.story.article_ids


def put_twice_is_once(archive: Archive, article: Article) -> None:
    """What is there already is not put again: no version, no passage, no work."""
    before = archive.status(), archive.versions(article.article_id), archive.get(article.article_id)
    again = archive.put([article])
    assert [put.fate for put in again] == ["unchanged"]
    after = archive.status(), archive.versions(article.article_id), archive.get(article.article_id)
    assert after[1:] == before[1:]
    assert (after[0].articles, after[0].passages) == (before[0].articles, before[0].passages)


def followers_agree(archive: Archive) -> None:
    """Both indexes hold what the catalogue holds, and nothing else; the doctor says so too."""
    archive.follow()
    assert ailments(archive) == []
    catalogue = archive.catalogue
    rows = catalogue.connection.execute("SELECT a FROM articles ORDER BY a").fetchall()
    passages = catalogue.connection.execute("SELECT p FROM passages ORDER BY p").fetchall()
    assert in_tantivy(archive, "articles") == [a for (a,) in rows]
    assert in_tantivy(archive, "passages") == [p for (p,) in passages]
    if catalogue.meta("embedder") is None:
        return
    kinds: tuple[tuple[Of, list[int]], ...] = (
        ("leads", [a for (a,) in rows]),
        ("passages", [p for (p,) in passages]),
    )
    for of, numbers in kinds:
        kept, held = vectors_of(catalogue, of, numbers), in_chroma(archive, of)
        assert set(held) == set(kept)
        assert all(np.allclose(held[i], kept[i], atol=1e-6) for i in kept)


def holds(archive: Archive, model: Mapping[str, Article]) -> None:
    """An archive holds the articles of a plain dict, by id, word for word, and no others."""
    assert archive.status().articles == len(model)
    for article_id, article in model.items():
        kept = archive.get(article_id)
        assert kept is not None
        assert (kept.text, kept.title, kept.date) == (article.text, article.title, article.date)


def ailments(archive: Archive) -> list[str]:
    """Return what the doctor finds wrong."""
    return [f"{check.name}: {check.found}" for check in care.doctor(archive) if not check.ok]
