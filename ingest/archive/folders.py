"""Which files a folder held when it was ingested, and which must be read again."""

from collections.abc import Collection, Iterable

from ingest.archive.catalogue import Catalogue


def gone(catalogue: Catalogue, root: str, files: Collection[str]) -> list[str]:
    """Return the files that a folder held and holds no more."""
    rows = catalogue.connection.execute("SELECT file FROM folders WHERE root = ?", (root,))
    return sorted({str(file) for (file,) in rows} - set(files))


def note(catalogue: Catalogue, root: str, files: Iterable[str]) -> None:
    """Keep which files a folder holds, within a transaction."""
    catalogue.connection.executemany(
        "INSERT INTO folders VALUES (?, ?) ON CONFLICT DO NOTHING", ((root, file) for file in files)
    )


def forget(catalogue: Catalogue, root: str, files: Iterable[str]) -> None:
    """Forget files of a folder, within a transaction."""
    catalogue.connection.executemany(
        "DELETE FROM folders WHERE root = ? AND file = ?", ((root, file) for file in files)
    )


def only_in(catalogue: Catalogue, root: str, files: Iterable[str]) -> list[str]:
    """Return the ids of the articles that were last read from these files, and stand in no other.

    A file of the same name in another folder counts as another: when in doubt an article stays.
    """
    wanted = set(files)
    rows = catalogue.connection.execute(
        "SELECT a, article_id, record ->> 'file' FROM articles JOIN versions v"
        " USING (a) WHERE v.version = (SELECT max(version) FROM versions w WHERE w.a = v.a)"
    )
    found = [(int(a), str(i)) for a, i, file in rows if _part_of(str(file), wanted)]
    return [i for a, i in found if not _elsewhere(catalogue, a, root, wanted)]


def _part_of(file: str, wanted: Collection[str]) -> bool:
    """Whether a file, or the packed file that it stands in, is one of some."""
    pieces = file.split("!")
    return any("!".join(pieces[:n]) in wanted for n in range(1, len(pieces) + 1))


def _elsewhere(catalogue: Catalogue, a: int, root: str, wanted: Collection[str]) -> bool:
    ask = catalogue.connection.execute
    aliases = [str(file) for (file,) in ask("SELECT file FROM aliases WHERE a = ?", (a,)) if file]
    if any(not _part_of(file, wanted) for file in aliases):
        return True
    (file,) = ask(
        "SELECT record ->> 'file' FROM articles JOIN versions USING (a, version) WHERE a = ?",
        (a,),
    ).fetchone()
    other = ask("SELECT 1 FROM folders WHERE file = ? AND root != ?", (file, root)).fetchone()
    return other is not None


def read_again(catalogue: Catalogue, a: int) -> None:
    """Let the files be read again in which an article stands, within a transaction."""
    rows = catalogue.connection.execute(
        "SELECT record ->> 'file' FROM versions WHERE a = ?"
        " UNION SELECT file FROM aliases WHERE a = ?",
        (a, a),
    ).fetchall()
    for (file,) in rows:
        pieces = str(file).split("!")
        catalogue.connection.executemany(
            "DELETE FROM files WHERE file = ?",
            [("!".join(pieces[:n]),) for n in range(1, len(pieces) + 1)],
        )
