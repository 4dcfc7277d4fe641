"""Whatever fits the OpenAPI document, or nearly does, is answered as the document says."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import serving
from assistant.doors.api import create_app
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.assistant.conftest import SAMPLE


def no_bug(ctx: Any, response: Any, case: Any) -> bool | None:
    """Hold that nothing fails within; that too much waits already is an answer, and says when."""
    if response.status_code == 503 and response.headers.get("retry-after"):
        return None
    return not_a_server_error(ctx, response, case)


CHECKS = [
    no_bug,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW: Any = settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
MANY: Any = settings(
    max_examples=150, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def described(tmp_path: Path) -> Iterator[Any]:
    """Serve for one test: the tool that asks ends the application's life with the test."""
    with Archive.open(
        tmp_path / "openapi", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        ingest([SAMPLE / "articles" / "articles.jsonl"], archive)
        app = create_app(Assistant(archive), read_in=partial(serving.read_in, archive))
        with TestClient(app):  # at its end no job still reads into the archive
            yield schemathesis.openapi.from_asgi("/openapi.json", app)


def hold(described: Any, how: Any) -> None:
    """Ask every operation what its schema allows, and hold the replies against the document."""
    for found in described.get_all_operations():
        operation = found.ok()

        @how  # type: ignore[untyped-decorator]
        @given(case=operation.as_strategy())
        def as_documented(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        as_documented()


def test_every_reply_is_as_documented_and_none_is_a_500(described: Any) -> None:
    hold(described, FEW)


@pytest.mark.slow
def test_many_replies_are_as_documented_and_none_is_a_500(described: Any) -> None:
    hold(described, MANY)
