"""Archives as earlier Morgues wrote them, kept in `older`; `python -m` this keeps today's."""

import json
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from ingest.archive import Archive, alerting
from ingest.archive.schema import SCHEMA
from ingest.archive.watches import Wanted
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder

OLDER = Path(__file__).with_name("older")
READ = (OLDER / "articles.jsonl", OLDER / "later.jsonl")

Held = dict[str, dict[str, str]]
"""The text of every version of every article, by its id and the version's number."""


def opened(folder: Path, *, create: bool = False) -> Archive:
    """Open an archive with the embedder that all of these have."""
    return Archive.open(
        folder, create=create, settings=IngestSettings(embedder="none"),
        embedder=HashingEmbedder(32),
    )  # fmt: skip


def older(schema: int, into: Path) -> tuple[Path, Held]:
    """Lay out the archive of a schema; return its folder, and what its Morgue gave."""
    with tarfile.open(OLDER / f"schema_{schema}.tar.xz") as kept:
        kept.extractall(into, filter="data")
    return into / "archive", json.loads((into / "held.json").read_text(encoding="utf-8"))


def held_by(archive: Archive, article_ids: list[str]) -> Held:
    """Return the text of every version of some articles."""
    return {
        i: {
            str(one.version): kept.text
            for one in archive.versions(i, embargoed=True)
            if (kept := archive.get(i, one.version)) is not None
        }
        for i in article_ids
    }


def keep() -> Path:
    """Write the archive of this Morgue's schema, where none is kept yet."""
    file = OLDER / f"schema_{SCHEMA}.tar.xz"
    if file.exists():
        raise SystemExit(f"{file.name} is kept already, and is never written again")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with opened(folder / "archive", create=True) as archive:
            for read in READ:
                ingest([read], archive)
            archive.speech.hear()
            archive.watches.add(Wanted(name="ferry", query="ferry"))
            alerting.run(archive, archive.watches.all())
            rows = archive.catalogue.connection.execute("SELECT article_id FROM articles")
            held = held_by(archive, [i for (i,) in rows])
        (folder / "held.json").write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
        shutil.make_archive(str(file.with_suffix("").with_suffix("")), "xztar", folder)
    return file


if __name__ == "__main__":
    sys.stdout.write(f"{keep()}\n")
