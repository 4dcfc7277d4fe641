"""Facets of a search: those of a list by the same words, through every door."""

import json
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.api import create_app
from assistant.doors.cli.commands import morgue
from ingest.archive import Archive
from ingest.archive.browse import FacetField
from ingest.article import Filters

QUERIES = ["mine water", '"Lucan Tesh" -ferry', 'outlet:"The Grevdal Echo"', "geese"]


def listed(archive: Archive, query: str, **how: Any) -> dict[str, Any]:
    found = Assistant(archive).browse(query, k=0, facets=get_args(FacetField), **how)
    return {
        "total": found.total,
        "total_with_copies": found.total_with_copies,
        "facets": {name: dict(counted) for name, counted in found.facets.items()},
    }


def of(document: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in like}


def run(archive: Archive, *arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(morgue, [*arguments, "--json", "--archive", str(archive.folder)])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_counts_what_a_list_of_the_same_words_counts(sample: Archive, query: str) -> None:
    expected = listed(sample, query)
    assert of(run(sample, "search", query, "--facets"), expected) == expected
    assert of(run(sample, "list", query, "--facets"), expected) == expected
    client = TestClient(create_app(Assistant(sample)))
    body = {"query": query, "facets": [*get_args(FacetField)]}
    assert of(client.post("/v1/search", json=body).json(), expected) == expected


def test_words_taken_literally_are_counted_so(sample: Archive) -> None:
    expected = listed(sample, "Tesh -ferry", literal=True)
    found = run(sample, "search", "Tesh -ferry", "--literal", "--facets")
    assert of(found, expected) == expected
    assert expected["total"] < listed(sample, "Tesh -ferry")["total"]


def test_filters_narrow_what_is_counted(sample: Archive) -> None:
    narrow = Filters(outlets=("The Grevdal Echo",))
    expected = listed(sample, "mine", filters=narrow)
    assert set(expected["facets"]["outlet"]) == {"The Grevdal Echo"}
    found = run(sample, "search", "mine", "--facets", "--outlet", "The Grevdal Echo")
    assert of(found, expected) == expected


def test_who_speaks_is_a_facet(sample: Archive) -> None:
    speakers = listed(sample, "litre")["facets"]["speaker"]
    said = Assistant(sample).said("Lucan Tesh", "litre").statements
    assert speakers["Lucan Tesh"] >= len({one.article.article_id for one in said}) > 0


def test_a_search_without_facets_counts_nothing(sample: Archive) -> None:
    found = run(sample, "search", "mine")
    assert of(found, listed(sample, "mine")) == {
        "total": None, "total_with_copies": None, "facets": {},
    }  # fmt: skip


def test_facets_do_not_go_with_a_table(sample: Archive, tmp_path: Any) -> None:
    (tmp_path / "in.csv").write_text("query\nmine\n")
    given = ["--csv", str(tmp_path / "in.csv"), "--out", str(tmp_path / "o.csv"), "--facets"]
    assert CliRunner().invoke(morgue, ["search", *given]).exit_code == 2
