"""What the command line shows while it works."""

from assistant.doors.cli.console import intake_line


def test_an_ingest_shows_files_articles_failures_rate_and_time_left() -> None:
    seen = {"files": (30, 120), "articles": (4500, 0), "failed": (2, 0)}
    line = intake_line(seen, 30.0)
    assert line == "files: 30 of 120  articles: 4,500  failed: 2  150/s  about 1:30 left"


def test_of_a_single_file_no_time_is_guessed() -> None:
    assert intake_line({"articles": (400, 0)}, 4.0) == "articles: 400  100/s"
