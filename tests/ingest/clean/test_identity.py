"""What makes an article the same article."""

import pytest

from ingest.article import RawArticle
from ingest.clean.identity import article_id, canonical_url, captured_address, key

CANONICAL = "https://harrow.example/news/ferry"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://harrow.example/news/ferry",
        "http://harrow.example/news/ferry",
        "https://HARROW.example/news/ferry/",
        "https://harrow.example:443/news/ferry",
        "http://harrow.example:80/news/ferry#comments",
        "https://harrow.example/news/ferry?utm_source=letter&utm_medium=mail",
        " https://harrow.example/news/ferry?fbclid=Ab12 ",
    ],
)
def test_spellings_of_one_address_are_one(spelling: str) -> None:
    assert canonical_url(spelling) == CANONICAL


@pytest.mark.parametrize(
    "other",
    [
        "https://harrow.example/news/Ferry",
        "https://harrow.example/news/ferry?page=2",
        "https://harrow.example:8080/news/ferry",
        "https://www.harrow.example/news/ferry",
        "https://harrow.example/news/ferry#!/2",
    ],
)
def test_other_pages_stay_others(other: str) -> None:
    assert canonical_url(other) not in {None, CANONICAL}


@pytest.mark.parametrize(
    "given", ["javascript:alert(1)", "", "ferry", "http://", "http://[x/", "http://a:b/"]
)
def test_what_is_no_web_address_has_no_canonical_form(given: str) -> None:
    assert canonical_url(given) is None


def test_the_given_id_goes_before_the_url_and_belongs_to_its_outlet() -> None:
    raw = RawArticle(file="a", id="7", url=CANONICAL, collection="2024")
    assert key(raw, "Harrow Post") == '["2024", "id", "Harrow Post", "7"]'


def test_without_id_and_url_the_file_and_the_record_are_the_key() -> None:
    assert key(RawArticle(file="a/b.jsonl", record="12"), None) == '["", "file", "a/b.jsonl", "12"]'


def test_the_id_of_a_key_never_changes() -> None:
    assert article_id('["", "file", "a/b.jsonl", "12"]') == "269e2e7814a1a01e"


@pytest.mark.parametrize(
    "capture",
    [
        "https://web.archive.org/web/20240601120000/https://harrow.example/news/ferry",
        "http://web.archive.org/web/20240601120000id_/https://harrow.example/news/ferry",
        "https://web.archive.org/web/2024/https:/harrow.example/news/ferry",
        "https://archive.example/20240601120000/https://harrow.example/news/ferry",
        "https://archive.example/wayback/20240601120000mp_/https://harrow.example/news/ferry",
    ],
)
def test_a_capture_of_a_web_archive_is_of_the_address_in_it(capture: str) -> None:
    assert captured_address(capture) == CANONICAL


@pytest.mark.parametrize(
    "address",
    [
        CANONICAL,
        "https://share.example/?u=https://harrow.example/news/ferry",
        "https://harrow.example/2024/why-https://-is-no-word",
    ],
)
def test_no_other_address_is_taken_for_a_capture(address: str) -> None:
    assert captured_address(address) is None
