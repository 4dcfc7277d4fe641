"""Words that were printed on pages are cited with their page, wherever they are shown."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.answer import Answer, Outcome
from assistant.ask import Assistant
from assistant.doors.api import create_app
from assistant.render import article_to_text, hits_to_text, to_html, to_json, to_markdown, to_text
from assistant.render.phrasing import pages
from ingest.archive import Archive
from ingest.article import Part, RawArticle
from ingest.clean.assemble import clean
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings
from tests.ingest.readers.printing import column, pdf
from tests.newsroom import HARBOUR

FIRST = """
The lighthouse of Tarrow Point goes dark in
October, the pilots' guild announced after
its meeting on Monday evening.

Ships will steer by the beacon on Gull Rock,
which was lit again in the spring after
"""
SECOND = """
eleven years without a lamp.

Keeper Osric Fenn has tended the lamp since
1987 and moves to his sister in Wexcombe.
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Return an assistant of an archive of one printed article, on two pages."""
    folder = tmp_path_factory.mktemp("printed")
    headline = (50, 760, 24, "Lighthouse goes dark in autumn")
    (folder / "lamp.pdf").write_bytes(
        pdf([[headline, *column(50, 720, FIRST)], column(50, 720, SECOND)])
    )
    with Archive.open(
        folder / "a", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        ingest([folder / "lamp.pdf"], archive, given=Defaults(outlet="The Tarrow Log"))
        yield Assistant(archive)


def citations(outcome: Outcome) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", to_json(outcome)["citations"])


def test_an_answer_names_the_page_in_every_form(asked: Assistant) -> None:
    answer = asked.ask("Who has tended the lamp since 1987?")
    assert isinstance(answer, Answer)
    keeper = citations(answer)[0]
    assert (keeper["text"], keeper["page"]) == (" ".join(SECOND.split("\n")[3:5]), 2)
    assert "The Tarrow Log, undated, p. 2" in to_text(answer)
    assert "The Tarrow Log, undated, p. 2" in to_markdown(answer)
    shown = to_html(answer)
    assert "The Tarrow Log · undated" in shown
    assert "p. 2</" in shown


def test_words_that_run_on_stand_on_the_page_where_they_begin(asked: Assistant) -> None:
    answer = asked.ask("What will ships steer by?")
    beacon = citations(answer)[0]
    assert (beacon["text"][-15:], beacon["page"]) == ("without a lamp.", 1)
    assert "The Tarrow Log, undated, pp. 1-2" in to_text(answer)


def test_hits_and_articles_name_their_pages(asked: Assistant) -> None:
    hits, searched = asked.search("pilots' guild")
    assert "The Tarrow Log, undated, pp. 1-2" in hits_to_text(hits, searched)
    shown = article_to_text(hits[0].article)
    assert "[headline, p. 1] Lighthouse goes dark in autumn" in shown
    assert "[body, p. 1]   The lighthouse" in shown
    assert "[body, pp. 1-2] Ships will steer" in shown


def test_the_api_names_the_page_of_a_span(asked: Assistant) -> None:
    hits, _ = asked.search("pilots' guild")
    article = hits[0].article
    start = article.text.index("Keeper")
    with TestClient(create_app(asked)) as client:
        reply = client.get(
            f"/v1/articles/{article.article_id}", params={"start": start, "end": start + 6}
        )
        found = client.post("/v1/search", json={"query": "tended the lamp", "k": 1})
    span = {"start": start, "end": start + 6, "text": "Keeper", "page": 2}
    assert reply.json()["span"] == span
    assert [hit["page"] for hit in found.json()["hits"]] == [1]


@pytest.mark.parametrize("foreign", [None, "12-14", 3, [12, 14], [[12, 14]], [["1", 0]], {"a": 0}])
def test_a_field_of_the_source_that_is_called_pages_is_not_believed(foreign: object) -> None:
    article = replace(HARBOUR, metadata={"pages": foreign})
    assert article.page_at(20) is None


def test_a_page_is_counted_from_where_it_begins() -> None:
    article = replace(HARBOUR, metadata={"pages": [[1, 0], [3, 20], [4, 90]]})
    assert [article.page_at(at) for at in (0, 19, 20, 89, 90)] == [1, 1, 3, 3, 4]


def test_words_that_stand_in_one_column_are_cited_with_it() -> None:
    text = "The lock is shut.\n\nThe mill runs on."
    places = {"pages": [[3, 0]], "columns": [[3, 1, 0], [3, 2, 19]]}
    found = clean(RawArticle(file="f", text=text, metadata=places))
    mill = text.index("The mill")
    assert pages(found, Part(part="body", start=mill, end=len(text))) == "p. 3, col. 2"
    assert pages(found, Part(part="body", start=0, end=len(text))) == "p. 3"
