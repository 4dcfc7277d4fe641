"""People: who is let in with what, for how long, and how often somebody may guess."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from assistant.doors.cli.commands import morgue
from assistant.doors.sign_in import People, SessionLimits
from assistant.doors.tries import TooManyTries, Tries
from ingest.archive.catalogue import papers_at
from ingest.archive.papers import FolderPapers, Papers
from ingest.archive.tallies import OwnTallies
from ingest.errors import SettingsError

WORDS = "quiet harbour nine lamps"
OTHER = "nine lamps quiet harbour"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A hash that costs a test nothing; what it is made of is in each hash."""


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def people_of(papers: Papers, clock: Callable[[], float] = Clock()) -> People:  # noqa: B008
    limits = SessionLimits(idle=3600, longest=4 * 3600)
    return People(papers, limits, hasher=QUICK, now=clock, tries=Tries(now=clock))


def signed_in(people: People, name: str = "Anna", password: str = WORDS) -> str:
    token = people.sign_in(name, password)
    assert token
    return token


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(papers: Papers, clock: Clock) -> People:
    return filled(people_of(papers, clock))


def filled(people: People) -> People:
    people.add("Anna", WORDS, collections=["city"])
    people.add("Boris", OTHER, scope="admin")
    return people


def test_who_signs_in_is_who_they_are_and_sees_what_they_may(people: People) -> None:
    anna, boris = people.all()
    known = people.reader(signed_in(people))
    assert known
    assert (known.name, known.key_id, known.by) == ("Anna", anna.id, "session")
    assert (known.scope, known.collections) == ("read", ("city",))
    admin = people.reader(signed_in(people, "Boris", OTHER))
    assert admin
    assert (admin.key_id, admin.scope, admin.collections) == (boris.id, "admin", ())


@pytest.mark.parametrize("name", ["anna", " ANNA ", "Ａnna"])
def test_a_name_is_the_same_however_it_is_typed(people: People, name: str) -> None:
    assert people.sign_in(name, WORDS)
    with pytest.raises(SettingsError, match="here already"):
        people.add(name, OTHER)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Anna", OTHER),
        ("Anna", ""),
        ("Anna", WORDS + "x"),
        ("Anna", WORDS.upper()),
        ("Boris", WORDS),
        ("Nobody", WORDS),
        ("", ""),
        ("Anna\x00", WORDS),
        ("Anna", "\udcff" * 12),
    ],
)
def test_a_wrong_name_or_password_opens_nothing(people: People, name: str, password: str) -> None:
    assert people.sign_in(name, password) is None


def test_a_password_that_only_begins_with_the_right_one_is_wrong(people: People) -> None:
    long = "0123456789abcdef" * 64
    people.change_password("Anna", long)
    assert people.sign_in("Anna", long)
    assert people.sign_in("Anna", long + "x") is None


@pytest.mark.parametrize("password", ["short", "x" * 2000, "aaaaaaaaaaaaaaa", "", "anna anna"])
def test_a_poor_password_is_not_taken(people: People, password: str) -> None:
    with pytest.raises(SettingsError):
        people.change_password("Anna", password)
    with pytest.raises(SettingsError):
        people.add("Clara", password)
    assert [one.name for one in people.all()] == ["Anna", "Boris"]


@pytest.mark.parametrize("name", ["", " ", "x" * 100, "a\x1b[31m"])
def test_what_is_no_name_is_not_taken(people: People, name: str) -> None:
    with pytest.raises(SettingsError):
        people.add(name, WORDS)


def test_a_name_of_a_proxy_alone_has_no_password(people: People) -> None:
    people.add("Clara", None)
    assert people.sign_in("Clara", "") is None
    assert people.sign_in("Clara", WORDS) is None
    known = people.named("clara")
    assert known
    assert (known.name, known.by) == ("Clara", "proxy")
    assert people.named("Dora") is None


def test_a_session_outlives_the_server_and_ends_for_all_servers(
    people: People, host: Callable[[str], Papers], clock: Clock
) -> None:
    token = signed_in(people)
    after = people_of(host("another"), clock)
    assert after.reader(token)
    after.sign_out(token)
    assert people.reader(token) is None


@pytest.mark.parametrize("ending", ["password", "removed", "removed and back"])
def test_a_session_ends_with_what_it_rests_on(
    people: People, host: Callable[[str], Papers], ending: str
) -> None:
    tokens = [signed_in(people), signed_in(people)]
    others = signed_in(people, "Boris", OTHER)
    elsewhere = people_of(host("another"))
    if ending == "password":
        elsewhere.change_password("Anna", OTHER)
    else:
        elsewhere.remove("Anna")
    if ending == "removed and back":
        elsewhere.add("Anna", WORDS)
    assert [people.reader(token) for token in tokens] == [None, None]
    assert people.reader(others)


def test_a_session_that_is_used_lasts_and_one_that_is_not_ends(
    people: People, clock: Clock
) -> None:
    used, unused = signed_in(people), signed_in(people)
    for _ in range(5):
        clock.now += 2000
        assert people.reader(used)
    assert people.reader(unused) is None
    clock.now += 3601
    assert people.reader(used) is None


def test_no_session_lasts_for_ever(people: People, clock: Clock) -> None:
    token, until = signed_in(people), clock.now + 4 * 3600
    while clock.now + 600 <= until:
        clock.now += 600
        assert people.reader(token)
    clock.now += 600
    assert people.reader(token) is None


def test_what_is_kept_opens_nothing(tmp_path: Path) -> None:
    people = filled(people_of(FolderPapers(tmp_path)))
    token = signed_in(people)
    files = {file.name: file for file in tmp_path.glob("*.json")}
    assert set(files) == {"people.json", "sessions.json"}
    for file in files.values():
        assert file.stat().st_mode & 0o077 == 0
        assert not any(secret in file.read_text() for secret in (token, WORDS, OTHER))
    (kept,) = json.loads(files["sessions.json"].read_text())["sessions"]
    assert people.reader(kept["id"]) is None


def test_sessions_that_are_over_are_not_kept(people: People, papers: Papers, clock: Clock) -> None:
    for _ in range(3):
        signed_in(people)
    clock.now += 5 * 3600
    signed_in(people)
    assert len(json.loads(papers.document("sessions.json").read())["sessions"]) == 1


def test_many_who_sign_in_at_once_are_all_signed_in(people: People) -> None:
    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(lambda _: signed_in(people), range(16)))
    assert all(people.reader(token) for token in tokens)


@contextmanager
def refused() -> Iterator[Any]:
    with pytest.raises(TooManyTries) as wait:
        yield wait


def guess(people: People, times: int, name: str = "Anna", address: str = "10.0.0.1") -> int:
    """Guess a password so often; return how many guesses were looked at."""
    looked = 0
    for _ in range(times):
        with suppress(TooManyTries):
            people.sign_in(name, OTHER + "!", address)
            looked += 1
    return looked


@pytest.mark.parametrize("name", ["Anna", "Nobody"])
def test_who_fails_often_waits_longer_and_longer_whether_or_not_there_is_such_a_name(
    people: People, clock: Clock, name: str
) -> None:
    assert guess(people, 9, name) == 5
    waits = []
    for _ in range(6):
        with refused() as wait:
            people.sign_in(name, WORDS, "10.0.0.1")
        waits.append(wait.value.seconds)
        clock.now += wait.value.seconds
        assert guess(people, 2, name) == 1
    assert waits == [1, 2, 4, 8, 16, 32]


def test_somebody_elsewhere_is_not_kept_out_by_who_guesses(people: People) -> None:
    assert guess(people, 50) == 5
    assert people.sign_in("Anna", WORDS, "10.0.0.2")


def test_many_names_from_one_address_and_one_name_from_many_are_guessed_slowly(
    people: People,
) -> None:
    assert sum(guess(people, 1, f"name {n}", "10.0.0.1") for n in range(100)) == 30
    assert sum(guess(people, 1, "Boris", f"10.0.1.{n}") for n in range(100)) == 60
    assert sum(guess(people, 1, "Anna", f"2001:db8::{n:x}") for n in range(100)) == 5


def test_who_gets_it_right_may_fail_again(people: People) -> None:
    for _ in range(6):
        assert guess(people, 4) == 4
        assert people.sign_in("Anna", WORDS, "10.0.0.1")


def test_guesses_at_once_are_no_more_than_one_after_another(people: People) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: guess(people, 1), range(64))) == 5


def test_what_is_counted_does_not_grow_without_end() -> None:
    tallies = OwnTallies()
    tries = Tries(tallies, Clock())
    for n in range(30_000):
        tries.begin(f"name {n}", f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(tallies._kept) <= 20_000


def run(folder: Path, *arguments: str, given: str = "", status: int = 0) -> Any:
    command = ["people", *arguments, "--json", "--archive", str(folder)]
    done = CliRunner().invoke(morgue, command, input=given)
    assert done.exit_code == status, done.output
    return json.loads(done.stdout)


def test_people_are_added_listed_changed_and_removed_on_the_command_line(tmp_path: Path) -> None:
    added = run(tmp_path, "add", "Anna", "--collection", "city", given=WORDS + "\n")
    run(tmp_path, "add", "Boris", "--admin", "--no-password")
    anna, boris = run(tmp_path, "list")["people"]
    assert anna == {name: value for name, value in added.items() if name != "schema"}
    assert (anna["collections"], anna["scope"], anna["password"]) == (["city"], "read", True)
    assert (boris["scope"], boris["password"]) == ("admin", False)
    run(tmp_path, "password", "anna", given=OTHER + "\r\n")
    with papers_at(tmp_path) as papers:
        people = People(papers)
        assert people.reader(people.sign_in("Anna", OTHER) or "")
    run(tmp_path, "remove", "ANNA")
    assert [one["name"] for one in run(tmp_path, "list")["people"]] == ["Boris"]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["add", "Anna"], "short\n"),
        (["add", "Anna"], ""),
        (["add", "Anna", "--admin", "--collection", "city"], WORDS),
        (["password", "Nobody"], WORDS),
        (["remove", "Nobody"], ""),
    ],
)
def test_what_cannot_be_is_said_on_the_command_line(
    tmp_path: Path, arguments: list[str], given: str
) -> None:
    error = run(tmp_path, *arguments, given=given, status=1)["error"]
    assert error["hint"]


def test_no_password_is_an_argument(tmp_path: Path) -> None:
    for verb in ("add", "password"):
        done = CliRunner().invoke(morgue, ["people", verb, "Anna", WORDS, "--archive", "x"])
        assert done.exit_code == 2
        options = CliRunner().invoke(morgue, ["people", verb, "--help"]).output
        assert "--password" not in options


def test_what_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    people = filled(people_of(FolderPapers(tmp_path)))
    (tmp_path / "sessions.lock").mkdir()
    with pytest.raises(SettingsError, match="the sessions cannot be kept"):
        people.sign_in("Anna", WORDS)
    (tmp_path / "people.json").write_text("{")
    with pytest.raises(SettingsError, match=r"the people in people\.json cannot be read"):
        people.all()
