"""Markdown: fields above the text, text without its markup."""

import io

import pytest

from ingest.article import RawArticle
from ingest.readers import ReaderInput
from ingest.readers.markdown import fields, reader
from tests.ingest.readers.opened import article, errors, read_bytes

POST = """---
title: "Ferry stops: the board's word"
date: 2024-03-01
authors: [Ada Marl, "Orr, Ben"]
tags:
  - harbour
  - 'night ferry'
mood:
  calm: yes
section: Harbour # as printed
---
The *old* ferry of [Harrowmere](https://harrowmere.example/) stops
on **Friday**.

![The ferry](ferry.jpg "The ferry at its quay")

- no night boat
- no ticket

> Nobody asked us.

| day | boats |
|---|---|
| Friday | `2` |

1. First
2. Then

<div class="box"><p>Tickets stay valid.</p><script>x()</script></div>
{{< advert id="7" >}}
"""


def read(text: str, **how: dict[str, str]) -> RawArticle:
    return article(read_bytes(reader, text.encode(), **how))  # type: ignore[arg-type]


def test_fields_and_readable_words_are_taken() -> None:
    assert reader.sniff(POST.encode(), "post") > 0.8
    assert read(POST) == RawArticle(
        file="file",
        title="Ferry stops: the board's word",
        published="2024-03-01",
        authors=("Ada Marl", "Orr, Ben"),
        section="Harbour",
        captions=("The ferry at its quay",),
        text=(
            "The old ferry of Harrowmere stops on Friday.\n\n"
            "- no night boat\n- no ticket\n\n"
            "Nobody asked us.\n\n"
            "day | boats\n\nFriday | 2\n\n"
            "1. First\n2. Then\n\n"
            "Tickets stay valid."
        ),
        metadata={"tags": ["harbour", "night ferry"], "mood": {"calm": "yes"}},
    )


def test_fields_as_toml_writes_them() -> None:
    text = '+++\ntitle = "Ferry stops"\ndate = 2024-03-01T10:00:00Z\n+++\nIt stops.\n'
    found = read(text)
    assert (found.title, found.published) == ("Ferry stops", "2024-03-01T10:00:00+00:00")
    assert found.text == "It stops."


def test_a_heading_that_opens_the_text_is_the_headline() -> None:
    found = read("# Ferry *stops*\n\nIt stops.\n\n# Not this\n")
    assert (found.title, found.text) == ("Ferry stops", "Ferry stops\n\nIt stops.\n\nNot this")
    assert read("It stops.\n\n# Later\n").title is None


def test_foreign_fields_are_mapped() -> None:
    found = read("---\nkop: Ferry\nwie:\n  naam: Ada\n---\nIt stops.\n",
                 mapping={"title": "kop", "authors": "wie.naam"})  # fmt: skip
    assert (found.title, found.authors) == ("Ferry", ("Ada",))


@pytest.mark.parametrize("field", ["draft: true", "published: false"])
def test_what_is_not_published_is_withheld(field: str) -> None:
    assert read(f"---\ntitle: A\n{field}\n---\nWords.\n").status == "withheld"


def test_a_date_may_stand_in_the_file_name_and_that_is_said() -> None:
    given = ReaderInput(
        file="d.zip!_posts/2024-03-01-ferry.md",
        stream=io.BufferedReader(io.BytesIO(b"It stops.")),
    )
    (found,) = reader.read(given)
    assert isinstance(found, RawArticle)
    assert (found.published, found.inferred) == ("2024-03-01", {"date": "file name"})


def test_long_values_and_remarks_are_read() -> None:
    text = "---\n# a remark\nstandfirst: >\n  It stops\n  for good.\nrights: |\n  a\n  b\n---\nX\n"
    assert fields(text) == ({"standfirst": "It stops for good.", "rights": "a\nb"}, "X\n")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("end: 2024", "2024"),
        ("start: {of: it}", {"of": "it"}),
        ("place: 'Harrowmere''s quay' # as told", "Harrowmere's quay"),
        ('said: "a \\"word\\" # more"', 'a "word" # more'),
        ("said: Ferry stops: the board's word # as told", "Ferry stops: the board's word"),
        ("said: @board, 100% sure: no", "@board, 100% sure: no"),
        ('tags: [a, "b, c"] # three', ["a", "b, c"]),
        ("tags:\n- a # one\n- {b: c}", ["a", {"b": "c"}]),
        ("on: yes", "yes"),
        ("day: 2024-03-01", "2024-03-01"),
        ("number: 0123", "0123"),
    ],
)
def test_a_field_of_any_name_is_what_was_written(written: str, value: object) -> None:
    name = written.partition(":")[0]
    assert fields(f"---\ntitle: A\n{written}\nlast: z\n---\nX\n") == (
        {"title": "A", name: value, "last": "z"}, "X\n"
    )  # fmt: skip


def test_fields_that_cannot_be_read_are_kept_as_text() -> None:
    for written in ("a: [", "- a\n- b", "a: &x [b]\nc: [*x, *x]", "a: " + "[" * 5_000):
        text = f"---\n{written}\n---\nX\n"
        assert fields(text) == ({}, text)


def test_fields_may_be_closed_as_yaml_closes_a_document() -> None:
    found = read("---\ntitle: Ferry stops\n...\nThe ferry stops for good.\n")
    assert (found.title, found.text.strip()) == ("Ferry stops", "The ferry stops for good.")


def test_fields_that_are_not_closed_are_text() -> None:
    assert fields("---\ntitle: A\nwords\n") == ({}, "---\ntitle: A\nwords\n")
    assert fields("+++\ntitle = \n+++\nwords\n")[0] == {}


def test_an_empty_text_without_headline_is_told() -> None:
    assert errors(read_bytes(reader, b"---\nmood: calm\n---\n\n")) == [
        "file: it has neither text nor title; its fields: 'mood', 'text'"
    ]


def test_deep_nesting_is_read() -> None:
    assert "word" in read("> " * 3_000 + "word\n\nAnd *more* [words](x).").text


@pytest.mark.parametrize(
    ("other", "file"),
    [
        (b"The ferry stops.\n\nIt stops on Friday.\n", "a.txt"),
        (b"# One sign alone makes no Markdown\n", "a.txt"),
        (b"\x00\x01", "a.md"),
        (b"<!doctype html><p>**a** [b](c)", "a"),
    ],
)
def test_what_is_no_markdown_is_not_taken_for_it(other: bytes, file: str) -> None:
    assert reader.sniff(other, file) == 0


def test_markdown_is_known_by_two_of_its_signs_or_by_its_name_and_words() -> None:
    assert reader.sniff(b"# Ferry\n\nThe **old** one.", "x") > 0.2
    assert reader.sniff(b"The ferry stops.", "a.md") > 0.2


def test_links_as_wikis_write_them_give_their_words() -> None:
    text = (
        '---\nauthor:\n  - "[[Ada Marl]]"\ntitle: Ferry\n---\n'
        "The [[harbour board|board]] of [[Harrowmere]] closes it. ![[ferry.png]]\n"
    )
    found = article(read_bytes(reader, text.encode()))
    assert (found.text, found.authors) == ("The board of Harrowmere closes it.", ("Ada Marl",))
