"""What the command line shows while it works."""

import pytest

from assistant.doors.cli.console import Console, intake_line


def test_an_ingest_shows_files_articles_failures_rate_and_time_left() -> None:
    seen = {"files": (30, 120), "articles": (4500, 0), "failed": (2, 0)}
    line = intake_line(seen, 30.0)
    assert line == "files: 30 of 120  articles: 4,500  failed: 2  150/s  about 1:30 left"


def test_of_a_single_file_no_time_is_guessed() -> None:
    assert intake_line({"articles": (400, 0)}, 4.0) == "articles: 400  100/s"


@pytest.mark.parametrize(
    ("every", "lines"), [(0.0, ["leads: 1 of 9", "leads: 2 of 9"]), (60.0, [])]
)
def test_without_a_terminal_a_line_is_said_now_and_then(
    capsys: pytest.CaptureFixture[str], every: float, lines: list[str]
) -> None:
    console = Console(as_json=True, every=every)
    for done in (1, 2):
        console.progress("leads", done, 9)
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()) == ("", lines)
