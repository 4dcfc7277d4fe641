"""The catalogue: articles, versions, passages, vectors and the log of changes, in SQLite.

The only truth of an archive. A batch is one transaction and gets one change number; the two
search indexes follow those numbers. Reading is safe from any thread (a connection each);
writing is for whoever holds the archive's lock.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.archive import record, schema
from ingest.archive.database import Connection, Database
from ingest.archive.default_folder import archive_dir, database_url
from ingest.archive.sqlite import SqliteFile, ours
from ingest.article import Article, Filters, Passage
from ingest.errors import ArchiveMissing, ReadError, SettingsError

if TYPE_CHECKING:
    from ingest.archive.papers import Papers

What = Literal["article", "lead", "passage", "story", "statements"]
"""What of an article is noted when it changes; "story" where another article's story became its."""

Fate = Literal["added", "updated", "unchanged"]

CATALOGUE = "catalogue.sqlite"

_OF_AN_ARTICLE = (
    "blocks", "sketches", "aliases", "waiting", "versions", "articles", "watched", "alerts",
)  # fmt: skip
"""The tables that hold something of an article under its number, and forget it with it."""


def database_of(folder: Path, url: str | None) -> Database:
    """Return where the catalogue of an archive is: the database at an address, else a file."""
    if url is None:
        return SqliteFile(folder / CATALOGUE)
    try:
        from ingest.archive.postgres import PostgresDatabase
    except ImportError as error:
        raise SettingsError(
            f"MORGUE_DATABASE needs psycopg, which is not here: {error}",
            "pip install 'morgue[postgres]'",
        ) from error
    return PostgresDatabase(url, folder)


@contextmanager
def papers_at(folder: Path | None = None) -> Iterator["Papers"]:
    """Give what people leave with the archive in a folder, or in the database that is set."""
    from ingest.archive.papers import FolderPapers

    folder, url = folder or archive_dir(), database_url()
    if url is None:
        yield FolderPapers(folder)
        return
    with closing(Catalogue(database_of(folder, url), create=True)) as catalogue:
        yield catalogue.database.papers(folder)


class Catalogue:
    """An archive's tables, in a file of SQLite's or wherever a database is."""

    def __init__(self, where: Path | Database, *, create: bool = False) -> None:
        self.database: Database = SqliteFile(where) if isinstance(where, Path) else where
        self.transaction = self.database.transaction
        self.snapshot = self.database.snapshot
        self.many = self.database.many
        self.any_of = self.database.any_of
        self.gathered = self.database.gathered
        try:
            with ours(Path(self.database.address)):
                self._prepare(create=create)
        except BaseException:
            self.database.close()
            raise

    def _prepare(self, *, create: bool) -> None:
        if not create and not self.database.exists():
            place = self.database.address.removesuffix(f"/{CATALOGUE}")
            raise ArchiveMissing(
                f"there is no archive at {place!r}", "run `morgue ingest PATH` first"
            )
        schema.prepare(self, create=create)

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        return self.database.connection

    def close(self) -> None:
        """Close every thread's connection."""
        self.database.close()

    # Meta and changes

    def meta(self, key: str) -> str | None:
        """Return a fact about the archive as a whole."""
        found = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact about the archive as a whole."""
        self.connection.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    @property
    def id(self) -> str:
        """What tells this catalogue from any other, for the indexes that follow it."""
        return self.meta("id") or ""

    @property
    def change(self) -> int:
        """The number of the last change."""
        return int(self.meta("change") or 0)

    def new_change(self) -> int:
        """Return the number of the change that the present transaction makes.

        Its row is held until the transaction ends, so that numbers are in the order in which
        changes can be seen: whoever follows them never passes one that comes later.
        """
        (number,) = self.connection.execute(
            "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
            " WHERE key = 'change' RETURNING value"
        ).fetchone()
        return int(number)

    def log(self, number: int, what: What, ids: Iterable[int]) -> None:
        """Note what the followers must look at again."""
        self.connection.executemany(
            "INSERT INTO changes VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((number, what, i) for i in ids),
        )

    def changed(self, since: int, what: Sequence[What]) -> list[tuple[str, int]]:
        """Return what changed after a change number, each thing once."""
        marks = ",".join("?" * len(what))
        return self.connection.execute(
            f"SELECT DISTINCT what, id FROM changes WHERE n > ? AND what IN ({marks})",  # noqa: S608
            (since, *what),
        ).fetchall()

    def put_by(self, change: int) -> list[int]:
        """Return the articles that a change put, as far as they are there."""
        rows = self.connection.execute(
            "SELECT DISTINCT a FROM changes JOIN articles ON a = id"
            " WHERE n = ? AND what = 'lead' ORDER BY a",
            (change,),
        )
        return [int(a) for (a,) in rows]

    def forget_changes(self, until: int) -> None:
        """Drop log entries that every follower has passed."""
        until = min(until, self.change - self.database.kept_changes)
        if until > self.log_from:
            self.connection.execute("DELETE FROM changes WHERE n <= ?", (until,))
            self.set_meta("log_from", str(until))

    def end_log(self) -> None:
        """Have every index that follows be built anew: what it holds may stay in none of its files.

        Within the transaction of the change of which that is so.
        """
        self.connection.execute("DELETE FROM changes")
        self.set_meta("log_from", str(self.change))

    @property
    def log_from(self) -> int:
        """The change number up to which the log has been dropped."""
        return int(self.meta("log_from") or 0)

    # Writing

    def put(
        self, article: Article, passages: Sequence[Passage], change: int, hashed: bytes
    ) -> tuple[int, Fate]:
        """Keep an article's newest version and its passages, within a transaction.

        `hashed` stands for what was read: the same again is no new version. Returns the
        article's number and what became of it.
        """
        a, version = self._place_of(article.article_id)
        if a and self._hash_of(a, version) == hashed:
            return a, "unchanged"
        a = self._keep_row(article, a, version + 1)
        self._keep_version(a, version + 1, article, hashed)
        if version:
            self._take_down(a, change)
        self._keep_passages(a, article, passages, change)
        self.shelved(a, change)
        return a, "updated" if version else "added"

    def shelved(self, a: int, change: int) -> None:
        """Note by which change the version of an article came that is on the shelf."""
        self.connection.execute("UPDATE articles SET put_at = ? WHERE a = ?", (change, a))

    def let_wait(self, a: int, article: Article, hashed: bytes) -> None:
        """Keep a newer version behind the one on the shelf until its embargo ends."""
        assert article.embargo_until is not None
        _, version = self._place_of(self.id_of(a))
        self._keep_version(a, version + 1, article, hashed)
        self.connection.execute(
            "INSERT INTO waiting VALUES (?, ?, ?)",
            (a, version + 1, record.moment(article.embargo_until)),
        )

    def due(self) -> list[tuple[int, int]]:
        """Return the versions whose embargo is over: of which article, which version."""
        return self.connection.execute(
            "SELECT a, max(version) FROM waiting WHERE until <= ? GROUP BY a",
            (record.moment(datetime.now(UTC)),),
        ).fetchall()

    def _keep_version(self, a: int, version: int, article: Article, hashed: bytes) -> None:
        self.connection.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)",
            (a, version, record.moment(datetime.now(UTC)), hashed, record.dumps(article),
             article.text),
        )  # fmt: skip

    def relabel(self, a: int, article: Article, passages: Sequence[Passage], change: int) -> None:
        """Keep other labels for the parts of a version: its text and offsets stay.

        It is the one on the shelf from now on.
        """
        self._keep_row(article, a, article.version)
        self.connection.execute(
            "UPDATE versions SET record = ? WHERE a = ? AND version = ?",
            (record.dumps(article), a, article.version),
        )
        self._take_down(a, change)
        self._keep_passages(a, article, passages, change)

    def _take_down(self, a: int, change: int) -> None:
        """Forget the passages of an earlier version, and who said what in it."""
        self.log(change, "passage", self._drop_passages(a))
        self._unhear(a)

    def _keep_passages(
        self, a: int, article: Article, passages: Sequence[Passage], change: int
    ) -> None:
        self.connection.executemany(
            'INSERT INTO passages (a, start, "end", part, author, hash) VALUES (?, ?, ?, ?, ?, ?)',
            (
                (a, p.start, p.end, p.part, p.author,
                 record.digest(record.context_of(article, p)))
                for p in passages
            ),
        )  # fmt: skip
        # Those whose words were embedded before will not be pending, and must be followed too.
        embedded = self.connection.execute(
            "SELECT p FROM passages JOIN vectors USING (hash) WHERE a = ?", (a,)
        ).fetchall()
        self.log(change, "passage", (int(p) for (p,) in embedded))
        self.log(change, "article", [a])
        self.log(change, "lead", [a])

    def _place_of(self, article_id: str) -> tuple[int, int]:
        """Return the number of an article and that of the version that was read last."""
        found = self.connection.execute(
            "SELECT a, (SELECT max(version) FROM versions v WHERE v.a = articles.a)"
            " FROM articles WHERE article_id = ?",
            (article_id,),
        ).fetchone()
        return found or (0, 0)

    def _hash_of(self, a: int, version: int) -> bytes:
        found = self.connection.execute(
            "SELECT text_hash FROM versions WHERE a = ? AND version = ?", (a, version)
        ).fetchone()
        return bytes(found[0])

    def _keep_row(self, article: Article, a: int, version: int) -> int:
        values = (
            version, article.outlet, article.language, article.section, article.collection,
            record.day_number(article.date),
            article.embargo_until and record.moment(article.embargo_until),
            record.digest(record.lead_of(article)),
        )  # fmt: skip
        if a:
            self.connection.execute(
                "DELETE FROM waiting WHERE a = ? AND version <= ?", (a, version)
            )
            self.connection.execute(
                "UPDATE articles SET version = ?, outlet = ?, language = ?, section = ?,"
                " collection = ?, day = ?, embargo = ?, lead = ? WHERE a = ?",
                (*values, a),
            )
            return a
        cursor = self.connection.execute(
            "INSERT INTO articles (article_id, version, outlet, language, section, collection,"
            " day, embargo, lead, story) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING a",
            (article.article_id, *values, b""),
        )
        return int(cursor.fetchone()[0])

    def _drop_passages(self, a: int) -> list[int]:
        gone = [int(p) for (p,) in self.connection.execute(
            "SELECT p FROM passages WHERE a = ?", (a,))]  # fmt: skip
        self.connection.execute("DELETE FROM passages WHERE a = ?", (a,))
        return gone

    def _unhear(self, a: int) -> None:
        """Forget what was said in an article: in another version it stands elsewhere."""
        for table in ("statements", "speaker_roles", "heard"):
            self.connection.execute(f"DELETE FROM {table} WHERE a = ?", (a,))  # noqa: S608

    def drop(self, article_id: str, change: int) -> bool:
        """Forget an article and all its versions, within a transaction."""
        a, _ = self._place_of(article_id)
        if not a:
            return False
        self.log(change, "passage", self._drop_passages(a))
        self._unhear(a)
        self.log(change, "article", [a])
        self.log(change, "lead", [a])
        for table in _OF_AN_ARTICLE:
            self.connection.execute(f"DELETE FROM {table} WHERE a = ?", (a,))  # noqa: S608
        return True

    def sweep(self) -> None:
        """Delete vectors that no lead and no passage uses any more, and names of nobody's."""
        self.connection.execute(
            "DELETE FROM vectors WHERE hash NOT IN (SELECT hash FROM passages)"
            " AND hash NOT IN (SELECT lead FROM articles)"
        )
        self.connection.execute(
            "DELETE FROM speakers WHERE v NOT IN (SELECT v FROM speaker_roles)"
            " AND v NOT IN (SELECT v FROM statements WHERE v IS NOT NULL)"
        )
        self.connection.execute("DELETE FROM speaker_words WHERE v NOT IN (SELECT v FROM speakers)")

    def note_failed(self, error: ReadError) -> None:
        """Keep a record that could not be read, with its place and the reason."""
        self.connection.execute(
            "INSERT INTO failed VALUES (?, ?, ?, ?) ON CONFLICT (file, place)"
            " DO UPDATE SET why = excluded.why, seen_at = excluded.seen_at",
            (error.file, error.where, error.message, record.moment(datetime.now(UTC))),
        )

    def keep_vectors(self, vectors: Iterable[tuple[bytes, bytes]], change: int) -> None:
        """Keep vectors under the hash of what was embedded, within a transaction."""
        for hashed, vector in vectors:
            self.connection.execute(
                "INSERT INTO vectors VALUES (?, ?)"
                " ON CONFLICT (hash) DO UPDATE SET vector = excluded.vector",
                (hashed, vector),
            )
            for what, sql in (
                ("lead", "SELECT a FROM articles WHERE lead = ?"),
                ("passage", "SELECT p FROM passages WHERE hash = ?"),
            ):
                ids = [int(i) for (i,) in self.connection.execute(sql, (hashed,))]
                self.log(change, what, ids)  # type: ignore[arg-type]

    def pending(
        self, of: Literal["leads", "passages"], among: Iterable[int] | None = None
    ) -> list[int]:
        """Return the articles whose lead, or the passages, that have no vector: newest first.

        Of all articles, or `among` some by their numbers.
        """
        only = "" if among is None else f" AND a {self.any_of}"
        sql = {
            "leads": "SELECT a FROM articles LEFT JOIN vectors ON hash = lead"  # noqa: S608
            f" WHERE hash IS NULL{only} ORDER BY day DESC NULLS LAST, a",
            "passages": "SELECT p FROM passages JOIN articles USING (a)"  # noqa: S608
            f" LEFT JOIN vectors v ON v.hash = passages.hash WHERE v.hash IS NULL{only}"
            " ORDER BY part = 'comment', day DESC NULLS LAST, a, start",
        }[of]
        values = () if among is None else (self.many(among),)
        return [int(i) for (i,) in self.connection.execute(sql, values)]

    def lacking_vectors(self, of: Literal["leads", "passages"]) -> int:
        """Count the leads, or the passages, that have no vector."""
        sql = {
            "leads": "SELECT count(*) FROM articles LEFT JOIN vectors ON hash = lead"
            " WHERE hash IS NULL",
            "passages": "SELECT count(*) FROM passages LEFT JOIN vectors v USING (hash)"
            " WHERE v.hash IS NULL",
        }[of]
        return int(self.connection.execute(sql).fetchone()[0])

    def in_effect(self, at: int, what: Sequence[What]) -> int:
        """Return how far a follower that has reached a change is in effect.

        Changes that are not of its kind do not put it behind: embedding changes no word.
        """
        if not at or at >= self.change or at < self.log_from:
            return at
        marks = ",".join("?" * len(what))
        (behind,) = self.connection.execute(
            f"SELECT EXISTS (SELECT 1 FROM changes WHERE n > ? AND what IN ({marks}))",  # noqa: S608
            (at, *what),
        ).fetchone()
        return at if behind else self.change

    def lacking(self, hashes: Iterable[bytes]) -> list[bytes]:
        """Return those of some hashes under which no vector is kept, in their order."""
        ask = self.connection.execute
        return [
            h for h in hashes if not ask("SELECT 1 FROM vectors WHERE hash = ?", (h,)).fetchone()
        ]

    def failures(self, file: str | None = None) -> list[ReadError]:
        """Return what could not be read: of all files, or of one and what is packed in it."""
        where, values = "1 = 1", tuple[object, ...]()
        if file is not None:
            where = "file = ? OR substr(file, 1, ?) = ?"
            values = file, len(file) + 1, f"{file}!"
        rows = self.connection.execute(
            f"SELECT file, place, why FROM failed WHERE {where} ORDER BY file, place",  # noqa: S608
            values,
        ).fetchall()
        return [ReadError(str(name), str(place), str(why)) for name, place, why in rows]

    def clear_failed(self, file: str) -> None:
        """Forget the failures of a file that is being read again."""
        self.connection.execute(
            "DELETE FROM failed WHERE file = ? OR substr(file, 1, ?) = ?",
            (file, len(file) + 1, f"{file}!"),
        )

    # Reading

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        """Return an article, its newest version unless another is asked for."""
        found = self.connection.execute(
            "SELECT article_id, v.version, v.record, v.text FROM articles JOIN versions v"  # noqa: S608
            f" USING (a) WHERE a {self.any_of} AND v.version = coalesce(?, articles.version)",
            (self.many(self._number(article_id)), version),
        ).fetchone()
        return found and record.loads(*found)

    def versions(self, article_id: str) -> list[tuple[int, str, bytes, str | None]]:
        """Return the versions of an article: number, when it was read, hash, embargo."""
        return self.connection.execute(
            "SELECT version, seen_at, text_hash, record ->> 'embargo_until' FROM versions"  # noqa: S608
            f" WHERE a {self.any_of} ORDER BY version",
            (self.many(self._number(article_id)),),
        ).fetchall()

    def findable(self, ids: Iterable[int], filters: Filters) -> dict[int, int | None]:
        """Return which articles may be shown under filters, each with its day (YYYYMMDD).

        They are live and not embargoed; the newest version of each is what will be read.
        """
        conditions, values = open_to(filters)
        found: dict[int, int | None] = {}
        for chunk in _chunks(list(ids)):
            marks = ",".join("?" * len(chunk))
            where = f"FROM articles WHERE a IN ({marks}) AND {' AND '.join(conditions)}"
            rows = self.gathered(("a", "day"), where, (*chunk, *values))
            found.update((int(a), day) for a, day in rows)
        return found

    def embargoed(self) -> list[int]:
        """Return the articles that are under embargo at this moment."""
        rows = self.connection.execute(
            "SELECT a FROM articles WHERE embargo > ?", (record.moment(datetime.now(UTC)),)
        )
        return [int(a) for (a,) in rows]

    def live(self, ids: Iterable[int]) -> Iterator[tuple[int, Article]]:
        """Yield live articles in their newest version, embargoed ones too."""
        for chunk in _chunks(list(ids)):
            marks = ",".join("?" * len(chunk))
            for a, article_id, version, kept, text in self.connection.execute(
                "SELECT a, article_id, v.version, record, text FROM articles"  # noqa: S608
                f" JOIN versions v USING (a, version) WHERE a IN ({marks})",
                chunk,
            ):
                yield a, record.loads(article_id, version, kept, text)

    def numbers(self, article_ids: Iterable[str]) -> list[int]:
        """Return the numbers of live articles."""
        ids = list(article_ids)
        named: dict[str, list[int]] = {}
        for i in range(0, len(ids), 500):
            chunk = self.many(ids[i : i + 500])
            for article_id, a in self.connection.execute(
                f"SELECT article_id, a FROM articles WHERE article_id {self.any_of} UNION"  # noqa: S608
                f" SELECT article_id, a FROM aliases WHERE article_id {self.any_of} ORDER BY 2",
                (chunk, chunk),
            ):
                named.setdefault(article_id, []).append(int(a))
        return [a for article_id in ids for a in named.get(article_id, ())]

    def _number(self, article_id: str) -> list[int]:
        """Return the number of an article, under whatever id it was given."""
        rows = self.connection.execute(
            "SELECT a FROM articles WHERE article_id = ? UNION"
            " SELECT a FROM aliases WHERE article_id = ?",
            (article_id, article_id),
        )
        return [int(a) for (a,) in rows]

    def ids_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the ids of articles by their numbers, of those that are there."""
        found: dict[int, str] = {}
        for chunk in _chunks(list(numbers)):
            found.update(
                self.connection.execute(
                    f"SELECT a, article_id FROM articles WHERE a {self.any_of}",  # noqa: S608
                    (self.many(chunk),),
                )
            )
        return found

    @property
    def last_number(self) -> int:
        """The greatest number of an article that is there: about how many there are."""
        (last,) = self.connection.execute("SELECT max(a) FROM articles").fetchone()
        return int(last or 0)

    def id_of(self, a: int) -> str:
        """Return the id of an article that is there."""
        found = self.connection.execute("SELECT article_id FROM articles WHERE a = ?", (a,))
        return str(found.fetchone()[0])

    def passages(self, ids: Iterable[int]) -> dict[int, tuple[int, Passage]]:
        """Return passages by their number, each with its article's."""
        found: dict[int, tuple[int, Passage]] = {}
        for chunk in _chunks(list(ids)):
            marks = ",".join("?" * len(chunk))
            for p, a, start, end, part, author in self.gathered(
                ("p", "a", "start", '"end"', "part", "author"),
                f"FROM passages WHERE p IN ({marks})",
                chunk,
            ):
                found[p] = (a, Passage(start=start, end=end, part=part, author=author))
        return found

    def passages_of(self, a: int) -> list[tuple[int, Passage]]:
        """Return an article's passages in their order, with their numbers."""
        rows = self.connection.execute(
            'SELECT p, start, "end", part, author FROM passages WHERE a = ? ORDER BY start', (a,)
        )
        return [
            (p, Passage(start=start, end=end, part=part, author=author))
            for p, start, end, part, author in rows
        ]


def conditions_of(filters: Filters) -> tuple[list[str], list[object]]:
    """Return SQL conditions on `articles` and their values for a search's filters."""
    conditions: list[str] = []
    values: list[object] = []
    for condition, day in (
        ("day >= ?", filters.since),
        ("day <= ?", filters.until),
        ("(day IS NULL OR day <= ?)", filters.as_of),
    ):
        if day is not None:
            conditions.append(condition)
            values.append(record.day_number(day))
    for column, wanted in (
        ("outlet", filters.outlets),
        ("language", filters.languages),
        ("section", filters.sections),
        ("collection", filters.collections),
    ):
        if wanted:
            conditions.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values.extend(wanted)
    return conditions, values


def open_to(filters: Filters) -> tuple[list[str], list[object]]:
    """Return SQL conditions on `articles` and their values for what may be shown at this moment."""
    conditions, values = conditions_of(filters)
    conditions.append("(embargo IS NULL OR embargo <= ?)")
    return conditions, [*values, record.moment(datetime.now(UTC))]


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(ids), 500):
        yield ids[i : i + 500]
