"""Files in, a searchable archive out: read, clean, put, mark what recurs, embed, report."""

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from ingest.archive import Archive
from ingest.archive.filing import Prepared, Put
from ingest.archive.ledger import Ledger, Wanted, failures, fingerprint
from ingest.archive.shown import until
from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from ingest.embed.embedders import load
from ingest.errors import LeftOut, MorgueError, ReadError
from ingest.files.read import read
from ingest.files.walk import FolderListing, Given, listings, shown

_BATCH = 200
_LONG = 4_000_000
"""Characters of text after which a batch is one, however few articles it has."""

_AHEAD = 8
"""Batches that are cleaned before they are needed: the index is written meanwhile."""

_FOLLOWED_AT_ONCE = 1000
"""Articles that are kept before they can be found: a commit of the index by words takes as long
as some thirty articles."""

_SAFE_PATH = "PYTHONSAFEPATH"

Say = Callable[[str], None]
"""Told, once each, what a user should know of what is going on."""

Progress = Callable[[str, int, int], None]
"""Told what ("files", "failed", "articles", "leads", "passages"), how many, and of how many:
0 where that is not known."""


Filed = Callable[[Sequence[str]], None]
"""Told the ids of the articles that were read, new or not, a batch at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What is said about all articles of one ingest, where they do not say it themselves.

    `workers` is how many processes clean articles beside the one that keeps them. They are
    started anew, so that a program that asks for them needs `if __name__ == "__main__":`.
    Where there are any, files are read in a process of its own too: a reader that hangs or dies
    takes only its file with it. With `prune` the articles of files that have gone from a folder
    go too; else they are only named. `ocr` names the languages in which the text of pictures is
    recognised ("eng+deu"). With `anew` files are read that have not changed, too.
    """

    format: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    ocr: str | None = None
    outlet: str | None = None
    collection: str | None = None
    language: str | None = None
    workers: int = 0
    prune: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an ingest did. `seconds` holds "read", "words", "embed" and "total".

    `gone` are files that a folder held before and holds no more, `pruned` how many articles
    went with them.
    `left_out` counts by kind what the files hold that is no article; none of it is a failure.
    `withheld` counts what was read and is under embargo, by the day until which it is ("no end").
    `empty` are folders that were given and hold no file.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    copies: int = 0
    failed: tuple[ReadError, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    passages: int = 0
    embedded: int = 0
    pending: int = 0
    gone: tuple[str, ...] = ()
    pruned: int = 0
    empty: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def ingest(  # noqa: PLR0913 - all that can be said of an ingest, by name
    paths: Sequence[str | Path],
    archive: Archive,
    *,
    given: Defaults | None = None,
    embed: bool = True,
    say: Say = lambda _: None,
    progress: Progress = lambda *_: None,
    filed: Filed = lambda _: None,
) -> Report:
    """Read articles into an archive: by words at once, by meaning as the embedder reaches them.

    `paths` are files, folders, or "-" for standard input. One bad record never stops the rest:
    it is in the report with its place. Raises SettingsError for a wrong format or mapping, and
    ArchiveBusy where another process is writing.
    """
    started = time.monotonic()
    given = given or Defaults()
    with archive.interruptible():
        found = listings(_named(paths))
        counted, spent = _read_in(found, archive, given, progress, filed=filed)
        gone, pruned = _gone(found, archive, prune=given.prune)
        words_done = time.monotonic()
        embedded = embed_pending(archive, say, progress) if embed else 0
        archive.follow()
    ended = time.monotonic()
    return replace(
        counted,
        empty=tuple(shown(str(one.root)) for one in found if not one.files),
        gone=tuple(gone),
        pruned=pruned,
        embedded=embedded,
        pending=archive.catalogue.lacking_vectors("passages"),
        seconds={
            "read": round(spent, 3),
            "words": round(words_done - started - spent, 3),
            "embed": round(ended - words_done, 3),
            "total": round(ended - started, 3),
        },
    )


def take_in(
    files: Sequence[tuple[Path, str]],
    archive: Archive,
    *,
    given: Defaults,
    handed: Mapping[str, str],
    progress: Progress = lambda *_: None,
) -> Report:
    """Read files that somebody handed over, each with its name as shown, and embed nothing.

    `handed` is what stands for their bytes, by their names: what was read as it is and in the
    same way is passed over.
    """
    started = time.monotonic()
    found = [FolderListing("-", tuple(files))]
    with archive.interruptible():
        counted, spent = _read_in(found, archive, given, progress, handed=handed)
    total = time.monotonic() - started
    seconds = {"read": round(spent, 3), "words": round(total - spent, 3), "embed": 0.0}
    return replace(counted, seconds=seconds | {"total": round(total, 3)})


def _gone(
    found: Sequence[FolderListing], archive: Archive, *, prune: bool
) -> tuple[list[str], int]:
    """Tell which files have gone from the folders that are ingested; drop theirs if asked to."""
    gone: list[str] = []
    pruned = 0
    for one in found:
        if isinstance(one.root, Path) and one.root.is_dir() and one.whole:
            root = str(one.root.resolve())
            missing, dropped = archive.compare(root, one.names, prune=prune)
            gone += missing
            pruned += dropped
    return gone, pruned


def looked_at(paths: Sequence[str | Path]) -> dict[str, tuple[int, ...]]:
    """Return what tells whether anything came or changed at some paths: each file's stamp."""
    stamps: dict[str, tuple[int, ...]] = {}
    for one in listings(_named(paths)):
        for path, name in one.files:
            if isinstance(path, Path):
                with suppress(OSError):
                    about = path.stat()
                    stamps[str(path)] = (about.st_size, about.st_mtime_ns, about.st_ctime_ns)
            else:
                stamps[name] = ()
    return stamps


def articles(paths: Sequence[str | Path], given: Defaults) -> Iterator[Article | ReadError]:
    """Yield the articles of some files as they would be stored, and what cannot be read."""
    for found in _raw(listings(_named(paths)), given):
        yield found if isinstance(found, ReadError) else _cleaned(found, given)


def embed_pending(archive: Archive, say: Say, progress: Progress) -> int:
    """Embed what is pending; where no embedder can be had, say so once and go on without.

    Who said what is found then too: beside embedding it takes no time, and beside reading half as
    much again, so that without an embedder it is left until somebody asks.
    """
    fetch_embedder(archive, say)
    embedded = archive.embed(progress)
    if archive.embedder is not None:
        archive.speech.hear(progress)
    return embedded


def fetch_embedder(archive: Archive, say: Say) -> None:
    """Fetch the weights of the embedder where they are not here; say why that cannot be done."""
    if archive.embedder is None and archive.no_embedder is not None:
        say(f"fetching the model {archive.settings.embedder!r}, once")
        try:
            archive.use(load(archive.settings, pull=True))
        except MorgueError as error:
            say(f"searching by words alone: {error.message}")
            if error.hint:
                say(error.hint)


def _named(paths: Sequence[str | Path]) -> list[Given]:
    return ["-" if str(path) == "-" else Path(path) for path in paths]


def _raw(
    found: Sequence[FolderListing], given: Defaults, wanted: Wanted = lambda *_: True
) -> Iterator[RawArticle | ReadError]:
    return read(
        (),
        found=chain.from_iterable(one.files for one in found),
        format=given.format,
        mapping=given.mapping,
        encoding=given.encoding,
        ocr=given.ocr,
        apart=given.workers > 0,
        wanted=wanted,
    )


def _cleaned(raw: RawArticle, given: Defaults) -> Article | ReadError:
    try:
        return clean(
            replace(
                raw,
                outlet=raw.outlet or given.outlet,
                collection=raw.collection or given.collection,
                language=raw.language or given.language,
            )
        )
    except ReadError as error:
        return error


def _read_in(
    found: Sequence[FolderListing],
    archive: Archive,
    given: Defaults,
    progress: Progress,
    *,
    handed: Mapping[str, str] | None = None,
    filed: Filed = lambda _: None,
) -> tuple[Report, float]:
    """Put everything that was found, a batch at a time. Returns also the seconds of reading."""
    report, new, spent = Report(), list[str](), 0.0
    ledger = Ledger(
        catalogue=archive.catalogue, how=way_of(given), anew=given.anew, handed=handed or {}
    )
    batches = _batches(_raw(found, given, ledger.wanted), given)
    total = sum(len(one.files) for one in found)
    while True:
        began = time.monotonic()
        batch = next(batches, None)
        spent += time.monotonic() - began
        if batch is None or len(new) >= _FOLLOWED_AT_ONCE:
            archive.mark_recurring(new)
            new.clear()
        if batch is None:
            ledger.close()
            return _with_unread(report, ledger), spent
        good = [one for one in batch if isinstance(one, Prepared)]
        bad = failures(batch)
        done = archive.put(good, bad, anew=ledger.begun(), follow=False)
        ledger.put(batch)
        filed([put.article_id for put in done])
        new.extend(put.article_id for put in done if put.fate != "unchanged")
        left_out = [one for one in batch if isinstance(one, LeftOut)]
        report = _counted(report, done, bad, left_out)
        report = replace(report, withheld=_withheld(report, good))
        if total > 1:
            progress("files", ledger.ended, total)
        if report.failed:
            progress("failed", len(report.failed), 0)
        progress("articles", report.read, 0)


def way_of(given: Defaults) -> str:
    """Return what stands for a way of reading: read otherwise, a file may give something else."""
    options = (given.format, sorted(given.mapping.items()), given.encoding)
    said = (given.outlet, given.collection, given.language)
    return fingerprint(options, said, *([given.ocr] if given.ocr else []))


def _with_unread(report: Report, ledger: Ledger) -> Report:
    """Count what stands in the files that were not read again."""
    return replace(
        report,
        read=report.read + ledger.unchanged,
        unchanged=report.unchanged + ledger.unchanged,
        failed=(*report.failed, *ledger.failed),
    )


def _batches(
    found: Iterable[RawArticle | ReadError], given: Defaults
) -> Iterator[list[Prepared | ReadError]]:
    """Yield what was found, cleaned, a batch at a time, in its order."""
    raw = _cut(found)
    first, second = next(raw, []), next(raw, [])
    # Processes take a second to start: a small archive does not wait for them.
    if given.workers and second:
        yield from _cleaned_beside(first, chain([second], raw), given)
    else:
        yield from (_clean_batch(batch, given) for batch in chain([first, second], raw) if batch)


def _cut(found: Iterable[RawArticle | ReadError]) -> Iterator[list[RawArticle | ReadError]]:
    """Yield batches of so many articles, or of so much text."""
    batch: list[RawArticle | ReadError] = []
    length = 0
    for one in found:
        batch.append(one)
        length += len(one.text) if isinstance(one, RawArticle) else 0
        if len(batch) >= _BATCH or length >= _LONG:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _cleaned_beside(
    first: list[RawArticle | ReadError],
    others: Iterator[list[RawArticle | ReadError]],
    given: Defaults,
) -> Iterator[list[Prepared | ReadError]]:
    """Clean in processes of their own, but the first batch, while they start."""
    with _no_modules_of_the_working_folder():
        beside = get_context("spawn")
        pool = ProcessPoolExecutor(given.workers, beside, _end_with_the_one_who_asked)
    with pool, _given_up(pool):
        waiting = deque[tuple[list[RawArticle | ReadError], Future[list[Prepared | ReadError]]]]()
        for batch in others:
            waiting.append((batch, _handed_on(pool, batch, given)))
            if first:
                yield _clean_batch(first, given)
                first = []
            if len(waiting) > given.workers + _AHEAD:
                yield _fetched(*waiting.popleft(), given)
        while waiting:
            yield _fetched(*waiting.popleft(), given)


@contextmanager
def _given_up(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Begin nothing more in a pool once whoever asked has gone."""
    try:
        yield
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _no_modules_of_the_working_folder() -> Iterator[None]:
    """Let Python processes that are started for a block import nothing from where they start.

    It is what `-P` is for one that we start ourselves; a pool names its own command.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_SAFE_PATH, None)
        else:
            os.environ[_SAFE_PATH] = before


def _end_with_the_one_who_asked() -> None:
    """End this process with the one that started it, should that be killed or interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked is interrupted, and ends this
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _handed_on(
    pool: ProcessPoolExecutor, batch: list[RawArticle | ReadError], given: Defaults
) -> Future[list[Prepared | ReadError]]:
    try:
        with _no_modules_of_the_working_folder():
            return pool.submit(_clean_batch, batch, given)
    except BrokenExecutor as error:  # told to whoever fetches it
        broken = Future[list[Prepared | ReadError]]()
        broken.set_exception(error)
        return broken


def _fetched(
    batch: list[RawArticle | ReadError],
    cleaned: Future[list[Prepared | ReadError]],
    given: Defaults,
) -> list[Prepared | ReadError]:
    try:
        return cleaned.result()
    except BrokenExecutor:  # somebody ended the process; its batch is not lost
        return _clean_batch(batch, given)


def _clean_batch(
    batch: Sequence[RawArticle | ReadError], given: Defaults
) -> list[Prepared | ReadError]:
    cleaned = (one if isinstance(one, ReadError) else _cleaned(one, given) for one in batch)
    return [one if isinstance(one, ReadError) else Prepared.of(one) for one in cleaned]


def _withheld(report: Report, good: Sequence[Prepared]) -> dict[str, int]:
    counts = Counter(report.withheld)
    now = datetime.now(UTC)
    ends = (one.article.embargo_until for one in good)
    counts.update(until(end) for end in ends if end and end > now)
    return dict(sorted(counts.items()))


def _counted(
    report: Report, done: Sequence[Put], bad: Sequence[ReadError], left_out: Sequence[LeftOut]
) -> Report:
    fates = [put.fate for put in done]
    counts = Counter(report.left_out)
    for one in left_out:
        counts.update(one.counts)
    return replace(
        report,
        read=report.read + len(done),
        added=report.added + fates.count("added"),
        updated=report.updated + fates.count("updated"),
        unchanged=report.unchanged + fates.count("unchanged"),
        copies=report.copies + sum(put.copy for put in done),
        failed=(*report.failed, *bad),
        left_out=dict(counts),
        passages=report.passages + sum(p.passages for p in done if p.fate != "unchanged"),
    )
