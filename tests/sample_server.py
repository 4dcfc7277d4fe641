"""The page over the sample archive, and what is asked of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api import create_app
from assistant.doors.serving import read_in
from assistant.history import Records
from assistant.settings import Alerting, Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests import loopback

SAMPLE = Path(__file__).resolve().parents[1] / "ingest" / "sample" / "articles"
FERRY = "What happened to the Perdita?"
MINISTRY = "What did the foreign ministry say about associate membership of the Compact?"


@contextmanager
def sampled(folder: Path) -> Iterator[Archive]:
    """Open an archive of the sample articles, searched by words alone."""
    with Archive.open(folder, create=True, settings=IngestSettings(embedder="none")) as archive:
        ingest([SAMPLE], archive, embed=False)
        yield archive


@contextmanager
def serving(archive: Archive, folder: Path) -> Iterator[str]:
    """Serve the page with what is kept in a folder, on a free loopback port."""
    from app import mount

    records = Records(folder / "records")
    assistant = Assistant(archive, Settings(mode="quotes"), records=records)
    app = create_app(
        assistant,
        read_in=partial(read_in, archive),
        watches=WatchDesk(archive, Alerting(), records),
    )
    app = web.mount(app, assistant)
    with loopback.serving(mount(app, assistant)) as address:
        yield address
