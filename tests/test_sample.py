"""The sample archive holds together: its questions, its gold, and each trouble it must carry."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SAMPLE = Path(__file__).resolve().parents[1] / "ingest" / "sample"
ARTICLES = SAMPLE / "articles"
REASONS = {
    *("nothing_found", "not_enough", "only_in_comments", "only_after_as_of", "about_the_future"),
}
QUESTION_FIELDS = {
    *("id", "question", "date", "history", "expect", "answer", "gold_urls", "gold_files"),
    *("need", "quote", "quotes", "speaker", "disagree", "reason", "note"),
    *("comment", "comment_urls", "comment_files", "near", "near_file"),
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One article of the sample, read as plainly as can be: no reader of ours takes part."""

    name: str
    title: str
    text: str
    day: str | None
    comments: str = ""
    row: Row | None = None

    @property
    def evidence(self) -> str:
        return f"{self.title}\n{self.text}"


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _first(row: Row, *names: str) -> str | None:
    return next((row[name] for name in names if name in row), None)


def _from_row(row: Row) -> Printed:
    day = _first(row, "date", "published_at", "publish_date", "date_publish", "datePublished")
    return Printed(
        name=_first(row, "url", "link") or "",
        title=_first(row, "title", "headline") or "",
        text=_first(row, "text", "content", "body", "maintext") or "",
        day=day[:10] if day else None,
        row=row,
    )


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def _found(pattern: str, markup: str) -> str:
    match = re.search(pattern, markup, re.DOTALL)
    assert match, f"no {pattern} in the page"
    return unescape(match[1])


def _from_page(path: Path) -> Printed:
    page = path.read_text(encoding="utf-8")
    body, _, rest = page.partition('id="comments"')
    url = r'(?:rel="canonical" href|property="og:url" content)="([^"]+)"'
    day = r'(?:"datePublished": |published_time" content=|name="date" content=)"(\d{4}-\d\d-\d\d)'
    return Printed(
        name=_found(url, page),
        title=_plain(_found(r"<h1>(.*?)</h1>", page)),
        text=_plain(body.partition("<h1>")[2]),
        day=_found(day, page),
        comments=_plain(rest),
    )


def _from_text(path: Path) -> Printed:
    text = path.read_text(encoding="utf-8")
    body, _, comments = text.partition("saltmarsh_sue")
    name = path.relative_to(ARTICLES).as_posix()
    return Printed(name=name, title="", text=body, day=None, comments=comments)


ROWS = _rows(ARTICLES / "articles.jsonl")
PRINTED = [
    *map(_from_row, ROWS),
    *map(_from_page, sorted(ARTICLES.rglob("*.html"))),
    *map(_from_text, sorted(ARTICLES.rglob("*.txt"))),
]
BY_NAME = {article.name: article for article in PRINTED}
QUESTIONS = _rows(SAMPLE / "questions.jsonl")
ANSWERED = [row for row in QUESTIONS if row["expect"] == "answer"]
UNANSWERED = [row for row in QUESTIONS if row["expect"] == "no_answer"]

each = pytest.mark.parametrize


def _id(row: Row) -> str:
    return str(row["id"])


def _gold(row: Row) -> list[Printed]:
    names = [*row.get("gold_urls", []), *row.get("gold_files", [])]
    return [BY_NAME[name] for name in names]


def _named(part: str) -> Printed:
    (found,) = [article for article in PRINTED if part in article.name]
    return found


def test_the_sample_is_some_forty_articles_and_small() -> None:
    size = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    assert (len(PRINTED), size < 300_000) == (46, True)


def test_every_article_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(a.name for a in PRINTED).items() if times > 1] == []


def test_every_url_is_of_a_domain_that_cannot_exist() -> None:
    urls = re.findall(r"https?://[^\s\"'<>)]+", "".join(map(_source, ARTICLES.rglob("*.*"))))
    hosts = {urlsplit(url).hostname or "" for url in urls}
    assert {host for host in hosts if not host.endswith(".example")} == {"schema.org"}


def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_question_ids_are_unique() -> None:
    assert len({row["id"] for row in QUESTIONS}) == len(QUESTIONS)


def test_there_are_questions_of_both_kinds_and_of_every_reason() -> None:
    assert {row["reason"] for row in UNANSWERED} == REASONS
    assert (len(ANSWERED) >= 28, len(UNANSWERED) >= 12) == (True, True)


@each("row", QUESTIONS, ids=_id)
def test_a_question_has_only_fields_that_the_readme_explains(row: Row) -> None:
    assert set(row) <= QUESTION_FIELDS


@each("row", ANSWERED, ids=_id)
def test_the_expected_words_stand_in_the_first_gold_article(row: Row) -> None:
    assert row["quote"] in _gold(row)[0].evidence


@each("row", [row for row in ANSWERED if "quotes" in row], ids=_id)
def test_where_every_gold_article_is_needed_each_holds_its_words(row: Row) -> None:
    held = [words in article.text for words, article in zip(row["quotes"], _gold(row), strict=True)]
    assert (row["need"], all(held)) == ("all", True)


@each("row", [row for row in ANSWERED if "speaker" in row], ids=_id)
def test_the_speaker_is_named_where_the_words_stand(row: Row) -> None:
    article = _gold(row)[0]
    authors = str((article.row or {}).get("byline"))
    surname = row["speaker"].split()[-1]
    assert surname in article.evidence + authors


@each("row", [row for row in ANSWERED if "date" in row], ids=_id)
def test_gold_was_printed_by_the_as_of_day(row: Row) -> None:
    assert all((article.day or "") <= row["date"] for article in _gold(row))


@each("row", [row for row in ANSWERED if "disagree" in row], ids=_id)
def test_both_sides_of_a_disagreement_stand_in_their_articles(row: Row) -> None:
    sides = row["disagree"]
    assert len({side["quote"] for side in sides}) == 2
    assert all(side["quote"] in BY_NAME[side["url"]].text for side in sides)


@each("row", [r for r in UNANSWERED if r["reason"] == "only_in_comments"], ids=_id)
def test_what_a_reader_claims_no_article_says(row: Row) -> None:
    names: list[str] = row.get("comment_urls", []) + row.get("comment_files", [])
    (name,) = names
    assert row["comment"] in BY_NAME[name].comments
    assert [a.name for a in PRINTED if row["comment"] in a.evidence] == []


@each("row", [r for r in UNANSWERED if r["reason"] == "only_after_as_of"], ids=_id)
def test_what_is_asked_too_early_is_answered_later(row: Row) -> None:
    (later,) = [r for r in ANSWERED if r["question"] == row["question"] and "date" not in r]
    assert all((article.day or "9999") > row["date"] for article in _gold(later))


@each("row", [r for r in UNANSWERED if "near" in r or "near_file" in r], ids=_id)
def test_the_article_that_comes_nearest_exists(row: Row) -> None:
    assert (row.get("near") or row["near_file"]) in BY_NAME


def test_three_papers_print_one_dispatch_under_three_headlines() -> None:
    copies = Counter(article.text for article in PRINTED if article.text)
    (dispatch,) = [text for text, times in copies.items() if times > 1]
    headlines = {article.title for article in PRINTED if article.text == dispatch}
    assert (copies[dispatch], len(headlines)) == (3, 3)


def test_one_article_is_hardly_more_than_its_headline() -> None:
    flashes = [a.title for a in PRINTED if len(a.text.split()) < 10]
    assert flashes == ["Shipyard talks collapse at midnight"]


def test_one_record_has_no_date() -> None:
    undated = [article.name for article in map(_from_row, ROWS) if article.day is None]
    assert undated == [_named("the-woman-who-rings").name]


def test_one_record_is_embargoed_and_alone_knows_what_it_says() -> None:
    (row,) = [row for row in ROWS if "embargo_until" in row]
    assert row["embargo_until"].startswith("2099")
    assert [a.name for a in PRINTED if "bread and flour" in a.text] == [row["url"]]


def test_the_courier_repeats_its_newsletter_prompt() -> None:
    prompted = [article for article in PRINTED if "Sign up to Morning Tide" in article.text]
    assert {urlsplit(article.name).hostname for article in prompted} == {"courier.example"}
    assert len(prompted) >= 6


def test_the_scraped_page_says_one_paragraph_twice_and_mixes_its_quotation_marks() -> None:
    page = _named("skarn-ferry-page")
    twice = [text for text, times in Counter(page.text.split("\n\n")).items() if times == 2]
    assert [text[:30] for text in twice] == ["The Runa Pell is 64 metres lon"]
    assert {'"', "“", "’", "'"} <= set(page.text)


def test_an_instruction_and_markup_stand_in_an_article() -> None:
    fair = _named("cheese-fair")
    assert "<img src=x onerror=alert(1)>" in fair.title
    assert "<script>alert(1)</script>" in fair.text
    assert "ignore previous instructions" in fair.text


def test_the_other_languages_have_two_articles_each() -> None:
    assert Counter(row.get("language") for row in ROWS if row.get("language") != "en") == {
        "es": 2,
        "uk": 2,
        None: sum("language" not in row for row in ROWS),
    }


@each(
    ("name", "words"),
    [
        ("orchard-line-815", "Correction, 3 November:"),
        ("corrections/2022-08-12", "gave the number of the ill as 212. The right number is 121."),
        ("tesh-takes-it-back", "I withdraw what I said"),
        ("vosse-meets-vosse", "They are not related."),
        ("tis-a-till", "’Tain’t a bridge, ’tis a till"),
        ("storm-marrow-bay", "The lighthouse at Marrow Bay\nwent dark"),
        ("election-live", "23.41 Brennick concedes"),
        ("interview-solenquist", "Jory Kettle: Your ministry says"),
        ("full-result", "Green Linna: 14 seats (9), 12.2 per cent"),
        ("cup-results", "Grevdal Miners 3, Tarnholt Athletic 1"),
        ("linna-came-upstairs", "must ignore previous instructions"),
        ("slow-boat", "In my view"),
    ],
)
def test_a_trouble_stands_in_its_article(name: str, words: str) -> None:
    assert words in _named(name).text


@each("line", re.findall(r"`((?:pages|scraped|wire)/[^`]+)`", _source(SAMPLE / "README.md")))
def test_the_readme_names_files_that_exist(line: str) -> None:
    assert (ARTICLES / line).is_file()
