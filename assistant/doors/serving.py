"""The command that serves: the chat and the API in one process, Chroma as its child."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.metadata import entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.ask import Assistant
from assistant.doors.cli.console import Console
from assistant.doors.keyring import Keyring
from assistant.settings import Alerting, OpenIdConnect, Serving, Settings, SigningIn
from ingest import settings as ingest_settings
from ingest.archive import Archive
from ingest.archive.papers import Papers
from ingest.compute_slots import cores
from ingest.errors import MorgueError, SettingsError
from ingest.pipeline import Defaults, Progress, Report, ingest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.doors.api import Note, Rules
    from assistant.doors.openid import OpenIdProvider

Mount = Callable[["FastAPI", Assistant], "FastAPI"]

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def serve(
    console: Console,
    shelf: ingest_settings.IngestSettings,
    host: str | None,
    port: int | None,
    model: str | None = None,
) -> None:
    """Serve until told to stop. The archive's lock is held meanwhile: one writer at a time."""
    from assistant.doors.alerts.watch_desk import WatchDesk, patrol
    from assistant.doors.api import create_app, logging_to
    from assistant.doors.api.listener import Ending, Listener, bound
    from assistant.doors.telemetry import telling
    from assistant.models import local

    ending = Ending()
    settings, serving = Settings(model=model) if model else Settings(), Serving()
    local.look(settings)
    host, port = host or serving.host, serving.port if port is None else port
    with (
        logging_to(sys.stderr, requests=serving.log == "requests", words=serving.log_questions),
        telling(words=serving.log_questions) as telemetry,
        # A folder with keys and no articles yet is filled over the API; any other is a slip.
        Archive.open(settings=shelf, create=_begun(shelf.archive)) as archive,
        archive.serving(),
    ):
        assistant = Assistant(archive, settings)
        if telemetry:
            telemetry.watch(assistant)
        notes = [telemetry.ended] if telemetry else []
        alerting = Alerting()
        desk = WatchDesk(archive, alerting, assistant.records)
        # Answers wait for a database's server between their many looks into it.
        computing = cores() if archive.catalogue.database.apart else 1
        app = create_app(
            assistant,
            replace(rules(archive.folder, host, archive.papers), computing=computing),
            partial(read_in, archive),
            notes,
            desk,
        )
        for mount in doors():
            app = mount(app, assistant)
        with bound(host, port) as listening, patrol(desk, alerting.watch_seconds):
            at = f"http://{host}:{listening.getsockname()[1]}"
            # Not among the lines of the log.
            places = {"chat": at, "api": f"{at}/docs"}
            console.result(places, f"the chat: {at}    the API: {at}/docs")
            ending.server = Listener(app)
            ending.server.run([listening])


def _begun(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("keys.json", "people.json"))


def read_in(archive: Archive, file: Path, given: Defaults, progress: Progress) -> Report:
    """Read a file into an archive that is served."""
    # A server fetches no weights: without them, meaning is for `morgue embed` to add.
    embed = archive.embedder is not None and archive.mismatch() is None
    filed = list[str]()
    report = ingest(
        [file], archive, given=given, embed=embed, progress=progress, filed=filed.extend
    )
    # On one of several hosts nobody who erases an article could reach what is kept.
    if not archive.papers.accepted(archive.folder).shared:
        # A full disk costs the picture of a page, not the article.
        with suppress(OSError, MorgueError), archive.writing():
            archive.originals.keep(file, filed)
    return report


def rules(folder: Path, host: str, papers: Papers) -> "Rules":
    """Return what holds for every request at an address; the papers say who may ask.

    Raises SettingsError where others can reach it and nobody has a key or can sign in.
    """
    from assistant.doors.api import Rules
    from assistant.doors.api.authentication import Proxies
    from assistant.doors.sign_in import People, SessionLimits

    serving, signing, keys = Serving(), SigningIn(), Keyring(papers)
    limits = SessionLimits(idle=signing.session_idle * 3600, longest=signing.session_longest * 3600)
    people, site = People(papers, limits), Alerting().public_url.rstrip("/")
    openid, local = provider(OpenIdConnect(), site), host in _LOOPBACK
    needed = not local or signing.sign_in == "always" or bool(signing.proxy_header or openid)
    known = openid or people.all() or any(not key.revoked_at for key in keys.all())
    if needed and not known:
        raise SettingsError(
            f"others can reach {host!r}, and nobody can sign in or has a key",
            "`morgue people add NAME` lets somebody sign in, `morgue keys add NAME` is for "
            "programs; or serve at 127.0.0.1",
        )
    names = (*_LOOPBACK, *filter(None, [urlsplit(site).hostname])) if needed else _LOOPBACK
    return Rules(
        keys=keys,
        people=people,
        openid=openid,
        proxies=Proxies.read(signing.proxies, signing.proxy_header),
        keys_needed=needed,
        site=site,
        hosts=names if local else (),
        origins=tuple(serving.cors.split()),
        seconds=serving.request_timeout,
        rate=serving.rate,
        log_questions=serving.log_questions,
        keeper=serving.keeper,
        tallies=papers.tallies(),
        audit=folder / "audit.jsonl" if serving.audit else None,
    )


def provider(settings: OpenIdConnect, site: str) -> "OpenIdProvider | None":
    """Return the provider at which people sign in, if one is set. Raises SettingsError."""
    if not settings.oidc_issuer:
        return None
    try:
        from assistant.doors.openid import OpenIdProvider
    except ImportError as error:
        raise SettingsError(
            f"MORGUE_OIDC_ISSUER needs Authlib, which is not here: {error}",
            "pip install 'morgue[oidc]'",
        ) from error
    return OpenIdProvider(settings, site)


def doors() -> tuple[Mount, ...]:
    """Return what is mounted on the API, in order: the page comes last, it takes the rest."""
    from assistant.doors import mcp, web

    return mcp.mount, web.mount, page()


def serve_agent(console: Console, shelf: ingest_settings.IngestSettings) -> None:
    """Serve an agent on standard input and output; the archive is only read."""
    from assistant.doors import mcp
    from assistant.doors.telemetry import telling

    with (
        telling(words=Serving().log_questions) as telemetry,
        Archive.open(settings=shelf) as archive,
    ):
        assistant = Assistant(archive, Settings())
        if telemetry:
            telemetry.watch(assistant)
        mcp.run(assistant, _audit(console, archive.folder))


def _audit(console: Console, folder: Path) -> "Sequence[Note]":
    """Return what keeps who asks what, where it may be kept: an archive is often only read."""
    from assistant.doors.api import Audit

    audit = Audit(folder / "audit.jsonl")
    if not Serving().audit:
        return ()
    try:
        audit.begin()
    except OSError as error:
        console.say(
            f"morgue: who asks what is not kept: {str(folder / 'audit.jsonl')!r} cannot be written"
            f" ({error.strerror})\n  let who asks write it, or set MORGUE_AUDIT=false"
        )
        return ()
    return (audit.note,)


def page() -> Mount:
    """Find the page by entry point: the assistant does not know it.

    In a checkout the page has no package of its own and stands beside ours.
    """
    for found in entry_points(group="morgue.pages"):
        if find_spec(found.module) is not None:
            installed: Mount = found.load()
            return installed
    file = Path(__file__).parents[2] / "app.py"
    spec = spec_from_file_location("morgue_app", file) if file.exists() else None
    if spec is None or spec.loader is None:
        raise SettingsError("no page is installed", "install morgue: `pip install morgue`")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    mount: Mount = module.mount
    return mount
