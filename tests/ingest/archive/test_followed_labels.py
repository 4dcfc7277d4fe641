"""Labels that follow an archive: after any changes they tell what those that are read anew tell."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import get_args

import pytest

from ingest.archive import Archive
from ingest.archive.browse import Browse, Browsed, FacetField
from ingest.archive.care import rebuild
from ingest.archive.erasure import erase
from ingest.article import WITHHELD, Article, Filters
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import article, dispatch, mark_of
from tests.ingest.archive.processes import desk

FIRST = date(2024, 1, 30)
_SCOPES = (
    Filters(),
    Filters(collections=("desk",)),
    Filters(outlets=("Post", "Mast"), languages=("en",)),
    Filters(since=FIRST, sections=("city",)),
)
_SPEAKERS = ("Ann Lee", "Bo Dahl", "Rolf Maas", "Una Feld")


def told(archive: Archive) -> list[tuple[Browsed, list[list[int]]]]:
    """Return all that lists and facets tell of an archive, and which articles are one dispatch."""
    found = []
    for filters in _SCOPES:
        page = archive.browse(Browse(filters=filters, facets=get_args(FacetField), k=100))
        with archive.catalogue.snapshot():
            found.append((page, archive.counts.labels.rows(filters, None).dispatches()))
    return found


def told_anew(folder: Path) -> list[tuple[Browsed, list[list[int]]]]:
    """Return what a process that kept nothing tells."""
    with opened(folder) as archive:
        return told(archive)


@contextmanager
def reading(archive: Archive) -> Iterator[list[str]]:
    """Give the statements by which everything is read, as they are run on a catalogue's file."""
    ran: list[str] = []
    connection = archive.catalogue.connection
    connection.set_trace_callback(ran.append)  # type: ignore[attr-defined]
    yield ran
    connection.set_trace_callback(None)  # type: ignore[attr-defined]
    whole = (" embargo FROM articles ORDER BY a", "JOIN versions USING (a, version)")
    ran[:] = [sql for sql in ran if sql.endswith(whole)]


def _paragraph(n: int) -> str:
    return " ".join(
        f"{mark_of(60 * n + i)} was told to the board at {i} o'clock," for i in range(8)
    )


@dataclass
class Desk:
    """Whoever changes an archive: what they do is chosen by chance."""

    archive: Archive
    chance: Random
    printed: int = 0
    done: set[str] = field(default_factory=set)

    def change(self) -> None:
        """Make one change or some."""
        deeds: tuple[Callable[[], object], ...] = (
            self.put, self.put, self.put, self.join, self.join_and_part, self.renew, self.drop,
            self.hear, self.embargo, self.erase, self.mark, self.find_again, self.split_again,
            self.end_log,
        )  # fmt: skip
        deed = self.chance.choice(deeds)
        self.done.add(deed.__name__)
        deed()

    def _article(self, name: str, paragraphs: list[int], **about: object) -> Article:
        chance = self.chance
        said = [
            f"“The {mark_of(chance.randrange(99))} is lost,” said {chance.choice(_SPEAKERS)}."
            for _ in range(chance.randrange(3))
        ]
        body = "\n\n".join([*map(_paragraph, paragraphs), *said])
        labels: dict[str, object] = {
            "outlet": chance.choice(("Post", "Mast", f"Gazette {chance.randrange(9)}", None)),
            "section": chance.choice(("city", "sport", None)),
            "language": chance.choice(("en", "de")),
            "collection": chance.choice(("news", "desk", None)),
            "kind": chance.choice(("report", "comment", None)),
            "authors": tuple(chance.sample(("Ann", "Bo", f"Cy {self.printed}"), 2)),
            "date": chance.choice((FIRST + timedelta(days=chance.randrange(60)), None)),
            "embargo_until": WITHHELD if chance.random() < 0.1 else None,
        }
        return article(name, ("headline", f"Board told {name}"), ("body", body), **labels | about)

    def _next(self, paragraphs: list[int], **about: object) -> Article:
        self.printed += 1
        return self._article(f"a{self.printed}", paragraphs, **about)

    def _some(self) -> str | None:
        rows = self.archive.catalogue.connection.execute("SELECT article_id FROM articles")
        ids = sorted(str(one) for (one,) in rows)
        return self.chance.choice(ids) if ids else None

    def put(self) -> None:
        """Put new articles; some are copies of others."""
        self.archive.put(
            self._next([self.chance.randrange(12)]) for _ in range(self.chance.randrange(1, 4))
        )

    def join(self, before: Callable[[], object] = lambda: None) -> str:
        """Put two halves, and then what holds both, so that two stories become one; name it."""
        one, other = self.chance.sample(range(100, 10_000), 2)
        free: dict[str, object] = {"embargo_until": None}
        self.archive.put([self._next([one], outlet="Post", **free)])
        self.archive.put([self._next([other], outlet="Mast", **free)])
        before()
        whole = self._next([one, other], outlet="Echo", **free)
        self.archive.put([whole])
        return whole.article_id

    def join_and_part(self) -> None:
        """Have two stories made one by an article that goes before anybody looks."""
        self.archive.drop([self.join(lambda: told(self.archive))])

    def renew(self) -> None:
        """Put a new version of an article: other words, other labels; or the same again."""
        name = f"a{self.chance.randrange(1, self.printed + 2)}"
        self.archive.put([self._article(name, [self.chance.randrange(12)])])

    def drop(self) -> None:
        """Forget an article."""
        if name := self._some():
            self.archive.drop([name])

    def erase(self) -> None:
        """Erase an article."""
        if (name := self._some()) and self.chance.random() < 0.5:
            erase(self.archive, [name])

    def hear(self) -> None:
        """Find who says what, in what nobody looked at yet."""
        self.archive.speech.hear()

    def embargo(self) -> None:
        """Put an article, or a version, whose embargo ends soon, have it read, and let it end."""
        name = f"a{self.chance.randrange(1, self.printed + 9)}"
        end = datetime.now(UTC) + timedelta(seconds=0.2)
        self.archive.put([self._article(name, [self.chance.randrange(12)], embargo_until=end)])
        told(self.archive)
        time.sleep(0.25)

    def mark(self) -> None:
        """Mark what recurs."""
        self.archive.mark_recurring([name] if (name := self._some()) else [])

    def find_again(self) -> None:
        """Find anew who says what in every article."""
        rebuild(self.archive, "statements")

    def split_again(self) -> None:
        """Cut every article into passages anew."""
        rebuild(self.archive, "passages")

    def end_log(self) -> None:
        """Drop the log of changes."""
        with self.archive.catalogue.transaction():
            self.archive.catalogue.end_log()


@pytest.fixture(params=["folder", "postgres"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where an archive is made, its catalogue in the folder or in PostgreSQL."""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        monkeypatch.setenv("MORGUE_DATABASE", f"{server.url}&schema=t_{token_hex(8)}")
    return tmp_path / "archive"


@pytest.mark.parametrize("seed", range(4))
def test_what_follows_changes_tells_what_is_read_anew(folder: Path, seed: int) -> None:
    chance = Random(seed)
    with opened(folder) as writer, opened(folder) as reader:
        at = Desk(writer, chance)
        for _ in range(60):
            at.change()
            if chance.random() < 0.7:
                assert told(reader) == told_anew(folder), at.done
        assert told(reader) == told(writer) == told_anew(folder)
    assert len(at.done) > 8


def test_two_stories_that_become_one_are_one_to_who_has_read_them(folder: Path) -> None:
    with opened(folder) as writer, opened(folder) as reader:
        at = Desk(writer, Random(5))
        whole = at.join(lambda: told(reader))
        assert told(reader) == told_anew(folder)
        another = at.join(lambda: told(reader))
        writer.drop([whole, another])  # the second before it was read
        after = told(reader)
        assert after == told_anew(folder)
    assert (after[0][0].total, after[0][0].total_with_copies) == (2, 4)


def test_what_another_process_puts_is_followed(folder: Path) -> None:
    with opened(folder) as reader:
        reader.put(dispatch(n) for n in range(1000, 1012))
        told(reader)
        with desk("put", folder, 0, 48) as writer:
            heard = ""
            while heard != "done":
                heard = writer.hear()
                told(reader)
            assert writer.finish() == 0
        assert told(reader) == told_anew(folder)


@pytest.mark.embedded
def test_after_a_change_only_what_changed_is_read(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as archive:
        archive.put(dispatch(n) for n in range(40))
        archive.speech.hear()
        told(archive)
        archive.put([dispatch(41, authors=("Zoe",), section="arts"), dispatch(3, paragraphs=3)])
        archive.drop([dispatch(7).article_id])
        archive.speech.hear()
        with reading(archive) as ran:
            found = told(archive)
        assert ran == []
        archive.put([dispatch(42)])
        with archive.catalogue.transaction():
            archive.catalogue.end_log()
        with reading(archive) as ran:
            told(archive)
        assert len(ran) == 3  # the labels, the authors, the kinds
    assert found[0][0].facets["author"] == {"Zoe": 1}
