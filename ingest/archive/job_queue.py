"""The queue of jobs beside a catalogue in PostgreSQL, and its errors and retries made ours.

A job is put into the queue within the transaction that makes what it is for, so that neither is
there without the other. Whoever takes one may be killed: the job is taken up again by another, and
doing it twice changes nothing.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.schema import SchemaManager

from ingest.errors import (
    ArchiveDamaged,
    ArchiveError,
    EmbedderMismatch,
    MorgueError,
    ServiceError,
    ServiceRefused,
)

if TYPE_CHECKING:
    from ingest.archive.postgres import PostgresDatabase

logger = logging.getLogger("morgue.work")

AGAIN = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1_800, 7_200))
"""How long to wait after each try that failed; after the last one it is given up."""

READ, EMBED, CARE = "read", "embed", "care"
"""The queues: files to read, what is put to embed, and what comes round again and again."""

_AT_ONCE = 200
"""Articles that one job embeds: some three thousand passages, a few minutes of one processor."""

_ROUNDS, _LEADS, _PASSAGES = 20, 10, 0
"""What comes round is short; leads are embedded before any passages: one vector each, most of the
gain. What is to be read stands between them."""

_KILLED = "whoever did it was killed, or its host is away"
_MEMORY = "look whether memory suffices; `morgue work --again` tries it once more"

_LINGER = 5.0
"""Seconds that a job may still take when the worker is told to stop, before it is told so too."""

_LOST = (2, 4, 8, 15, 30, 60)
"""Seconds to wait for a database that went away, the last of them again and again."""


class JobLeft(Exception):
    """The worker is to stop: the job is left to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTurn:
    """One try at a job: what it is about, and whether it may go on."""

    arguments: Mapping[str, Any]
    stopping: Callable[[], bool]

    def go_on(self) -> None:
        """Raise JobLeft where the worker is to stop: whoever works long asks now and then."""
        if self.stopping():
            raise JobLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """A kind of job: what is done, from which queue it comes, and how it is told of.

    What comes round `every` so many seconds is no job that anybody put there. `place` is the host
    and folder for which it is done, empty where any worker does it for all.
    """

    name: str
    do: Callable[[JobTurn], None]
    queue: str = CARE
    about: Callable[[Mapping[str, Any]], str] = lambda _: ""
    every: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """How a worker works: how much at once, and how soon one that is gone is taken for dead."""

    at_once: int = 2
    lost_after: float = 30.0
    until_empty: bool = False
    again: bool = False


class Trouble(NamedTuple):
    """What did not work: what it was, why, what to do; `again` is None where it was given up."""

    task: str
    about: str
    why: str
    advice: str
    again: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """What waits, in files that were handed over and in jobs that embed, and who works."""

    waiting: int = 0
    reading: int = 0
    given_up: int = 0
    to_embed: int = 0
    workers: int = 0
    troubles: tuple[Trouble, ...] = field(default_factory=tuple)


class _Failed(Exception):
    """A try failed; `again` is when the next one is, None where there is none."""

    def __init__(self, again: datetime | None) -> None:
        super().__init__()
        self.again = again


class _Retries(BaseRetryStrategy):
    """Tries again what failed when it was said, what was left at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when a job is tried again, None where it is not."""
        del job
        again = exception.again if isinstance(exception, _Failed) else None
        return RetryDecision(retry_at=again) if again else None


class JobQueue:
    """The jobs of one archive. Jobs are put within the present transaction of this thread."""

    def __init__(self, database: "PostgresDatabase") -> None:
        self._database = database
        for loud in ("procrastinate", "psycopg.pool"):  # what fails is told in our own words
            logging.getLogger(loud).setLevel(logging.CRITICAL)
        self._putting = _app(database)

    # The tables

    def laid_out(self) -> bool:
        """Tell whether the tables are there, as this version of the library has them."""
        there = self._database.has_table(self._database.job_schema, "laid_out")
        return there and self._reached() >= _migrations()[-1].name

    def lay_out(self) -> None:
        """Make the tables that are not there, and bring older ones up to date.

        Within a transaction of the database's, whose search path it leaves as it was.
        """
        run, schema = self._database.connection.execute, self._database.job_schema
        self._database.make_schema(schema)
        (path,) = run("SHOW search_path").fetchone()
        run("SELECT set_config('search_path', ?, true)", (schema,))
        if self._database.has_table(schema, "laid_out"):
            steps = [step for step in _migrations() if step.name > self._reached()]
            scripts = [step.read_text(encoding="utf-8") for step in steps]
        else:
            ours = files("ingest.archive").joinpath("job_queue.sql").read_text(encoding="utf-8")
            scripts = [SchemaManager.get_schema(), ours]
        for script in scripts:
            self._database.script(script)
        if scripts:
            run("INSERT INTO laid_out VALUES (?)", (_migrations()[-1].name,))
        run("SELECT set_config('search_path', ?, true)", (path,))

    def _reached(self) -> str:
        asked = self._database.connection.execute("SELECT max(migration) FROM laid_out")
        return str(asked.fetchone()[0])

    # Putting jobs

    def put(self, task: str, queue: str, priority: int = 0, **arguments: Any) -> int:
        """Put one job into the queue; return its number."""
        with self._told():
            return self._putting.configure_task(
                task, queue=queue, priority=priority, connection=self._database.raw
            ).defer(**arguments)

    def embed(self, articles: Sequence[int]) -> None:
        """Let somebody embed the leads of some articles, then their passages."""
        for i in range(0, len(articles), _AT_ONCE):
            some = list(articles[i : i + _AT_ONCE])
            self.put(EMBED, EMBED, _LEADS, of="leads", articles=some)
            self.put(EMBED, EMBED, _PASSAGES, of="passages", articles=some)

    # Looking

    def state(self) -> QueueState:
        """Return what waits, who works, and what does not work."""
        ask = self._database.connection.execute
        waiting, reading, given_up = ask(
            "SELECT coalesce(sum(files) FILTER (WHERE j.status = 'todo'), 0),"
            " coalesce(sum(files) FILTER (WHERE j.status = 'doing'), 0),"
            " coalesce(sum(files) FILTER (WHERE j.status = 'failed'), 0)"
            " FROM parcels JOIN procrastinate_jobs j ON j.id = job WHERE report IS NULL"
        ).fetchone()
        (to_embed,) = ask(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = ?"
            " AND status IN ('todo', 'doing')", (EMBED,),
        ).fetchone()  # fmt: skip
        return QueueState(
            waiting=int(waiting),
            reading=int(reading),
            given_up=int(given_up),
            to_embed=int(to_embed),
            workers=self.workers(),
            troubles=tuple(self.troubles()),
        )

    def workers(self, within: float = 60.0) -> int:
        """Count the workers that were heard of within some seconds."""
        found = self._database.connection.execute(
            "SELECT count(*) FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => ?)",
            (within,),
        )
        return int(found.fetchone()[0])

    def troubles(self, most: int = 100) -> Iterator[Trouble]:
        """Yield what does not work, what is given up first."""
        for task, about, why, advice, again in self._database.connection.execute(
            "SELECT task, about, why, advice, again FROM troubles"
            " ORDER BY again NULLS FIRST, key LIMIT ?",
            (most,),
        ):
            yield Trouble(task, about, why, advice, again)

    def unfinished(self, task: str) -> int:
        """Count the jobs of a kind that wait or are being done."""
        found = self._database.connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = ?"
            " AND status IN ('todo', 'doing')", (task,),
        )  # fmt: skip
        return int(found.fetchone()[0])

    def waiting(self, queues: Sequence[str]) -> int:
        """Count the jobs of some queues that are done at this moment or can be; no rounds."""
        found = self._database.connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock IS NULL"
            " AND queue_name = ANY(?) AND (status = 'doing' OR status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= now()))",
            (list(queues),),
        )
        return int(found.fetchone()[0])

    # Working

    def work(self, chores: Sequence[Chore], plan: WorkPlan, say: Callable[[str], None]) -> None:
        """Do what waits until told to stop: SIGTERM or SIGINT, and what is begun is left whole.

        A database that goes away is waited for. With `until_empty` it ends when nothing waits.
        """
        asyncio.run(_Working(self, self._database, chores, plan, say).go())

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Make what procrastinate raises ours: it wraps psycopg's errors in its own."""
        try:
            yield
        except ConnectorException as error:
            with self._database.told():
                raise (error.__cause__ or error) from error

    def note(self, key: str, job: int | None, trouble: Trouble) -> None:
        """Keep what did not work, in place of what was kept of it before."""
        self._database.connection.execute(
            "INSERT INTO troubles (key, job, task, about, why, advice, again)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET why = excluded.why,"
            " advice = excluded.advice, at = now(), again = excluded.again,"
            " tries = troubles.tries + 1",
            (key, job, *trouble),
        )

    def tries(self, key: str) -> int:
        """Count the tries at something that failed so far."""
        asked = self._database.connection.execute(
            "SELECT tries FROM troubles WHERE key = ?", (key,)
        )
        found = asked.fetchone()
        return int(found[0]) if found else 0

    def forget(self, key: str) -> None:
        """Forget what did not work: it has."""
        self._database.connection.execute("DELETE FROM troubles WHERE key = ?", (key,))

    def forget_lost_hosts(self) -> None:
        """Forget what came round for a host that nobody works on any more."""
        self._database.connection.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queue_name LIKE 'at %'"
            " AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id ="
            " procrastinate_jobs.id AND e.at > now() - interval '1 hour')"
        )


def _app(at: "PostgresDatabase") -> App:
    return App(
        connector=PsycopgConnector(
            conninfo=at.conninfo,
            min_size=1,
            max_size=4,
            timeout=15,
            kwargs=at.connecting(at.job_schema),
        )
    )


def _migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def may_be_tried_again(error: Exception) -> bool:
    """Tell whether the same may succeed later: what is busy, away or full, and what is a bug."""
    if isinstance(error, (EmbedderMismatch, ArchiveDamaged, ServiceRefused)):
        return False
    return not isinstance(error, MorgueError) or isinstance(error, (ArchiveError, ServiceError))


def next_try(tries: int) -> datetime | None:
    """Return when something is tried again that failed after so many earlier tries, if it is."""
    return datetime.now(UTC) + AGAIN[tries] if tries < len(AGAIN) else None


class _Working:
    """One worker: its loop, its signals, and what its jobs come to."""

    def __init__(
        self,
        queue: JobQueue,
        database: "PostgresDatabase",
        chores: Sequence[Chore],
        plan: WorkPlan,
        say: Callable[[str], None],
    ) -> None:
        self._queue, self._database, self._chores = queue, database, chores
        self._plan, self._say = plan, say
        self._stopping = self._leaving = False
        self._again = plan.again
        self._doing: set[int | None] = set()
        self._task: asyncio.Task[None] | None = None

    async def go(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._plan.at_once + 2))
        for which in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(which, self._stop)
        waits = iter(_LOST)
        while not self._stopping:
            self._task = asyncio.create_task(self._once())
            try:
                await self._task
                waits = iter(_LOST)
            except asyncio.CancelledError:
                return
            except ArchiveError as error:
                if self._plan.until_empty:
                    raise
                self._say(f"{error.message}; {error.hint or 'it is tried again'}")
            if self._plan.until_empty and not self._queue.waiting(self._queues()):
                return
            pause = 1 if self._plan.until_empty else next(waits, _LOST[-1])
            self._task = asyncio.create_task(asyncio.sleep(pause))
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._say("stopping: what is begun is ended, or left to others, whole")
            asyncio.get_running_loop().call_later(_LINGER, self._leave)
            if self._task is not None:
                self._task.cancel()

    def _leave(self) -> None:
        self._leaving = True

    async def _once(self) -> None:
        """Work until told to stop, or until the database goes away: then raise ArchiveError."""
        app = _app(self._database)
        for chore in self._chores:
            self._enlist(app, chore)
        with self._database.told():
            try:
                async with app.open_async():
                    await self._rescue(app)
                    if self._again:
                        await self._take_up_again(app)
                        self._again = False
                    looking = asyncio.create_task(self._rescue_on(app))
                    try:
                        await app.run_worker_async(
                            queues=self._queues(),
                            concurrency=self._plan.at_once,
                            wait=not self._plan.until_empty,
                            delete_jobs="successful",
                            install_signal_handlers=False,
                            update_heartbeat_interval=self._plan.lost_after / 3,
                            stalled_worker_timeout=self._plan.lost_after,
                        )
                    finally:
                        looking.cancel()
            except ConnectorException as error:
                raise (error.__cause__ or error) from error

    def _enlist(self, app: App, chore: Chore) -> None:
        """Let the library know a kind of job."""

        def run(context: JobContext, /, **arguments: Any) -> None:
            self._do(chore, context, arguments)

        task = app.task(name=chore.name, queue=chore.queue, pass_context=True, retry=_Retries())(
            run
        )
        if chore.every:
            app.periodic_registry.register_task(
                task=cast("Any", task),
                cron=cron(chore.every),
                periodic_id=chore.place,
                configure_kwargs={
                    "queueing_lock": f"{chore.name} {chore.place}".strip(),
                    "priority": _ROUNDS,
                },
            )

    def _do(self, chore: Chore, context: JobContext, arguments: Mapping[str, Any]) -> None:
        """Do one job; note what did not work, and when it is tried again."""
        key = f"{chore.name} {chore.place}".strip() if chore.every else str(context.job.id)
        turn = JobTurn(arguments=arguments, stopping=lambda: self._leaving)
        self._doing.add(context.job.id)
        try:
            chore.do(turn)
        except JobLeft:
            raise _Failed(datetime.now(UTC)) from None
        except Exception as error:
            if not isinstance(error, MorgueError):
                logger.exception("a job failed")
            again = None
            if chore.every:
                again = datetime.now(UTC) + timedelta(seconds=chore.every)
            elif may_be_tried_again(error):
                again = self._next_try(key)
            self._tell(key, chore, context.job, error, again)
            if not chore.every:
                raise _Failed(again) from error
        else:
            with contextlib.suppress(ArchiveError):
                self._queue.forget(key)
        finally:
            self._doing.discard(context.job.id)

    def _next_try(self, key: str) -> datetime | None:
        try:
            return next_try(self._queue.tries(key))
        except ArchiveError:  # the database itself is away
            return next_try(0)

    def _tell(
        self, key: str, chore: Chore, job: Job, error: Exception, again: datetime | None
    ) -> None:
        why = (
            error.message if isinstance(error, MorgueError) else f"{type(error).__name__}: {error}"
        )
        hint = error.hint if isinstance(error, MorgueError) else None
        about = f"{chore.name} {chore.about(job.task_kwargs)}".strip()
        later = f"tried again at {again:%H:%M:%S} UTC" if again else "given up"
        self._say(f"{about}: {why}; {later}")
        advice = hint or ("" if again else "`morgue work --again` tries it once more")
        with contextlib.suppress(ArchiveError):  # the database itself may be what is away
            number = None if chore.every else job.id
            self._queue.note(key, number, Trouble(chore.name, about, why, advice, again))

    def _queues(self) -> list[str]:
        return sorted({chore.queue for chore in self._chores})

    async def _rescue_on(self, app: App) -> None:
        while True:
            await asyncio.sleep(self._plan.lost_after / 2)
            with contextlib.suppress(ConnectorException, ArchiveError):
                await self._rescue(app)

    async def _rescue(self, app: App) -> None:
        """Take up again the jobs of workers that were not heard of for too long.

        Not our own: on a busy machine we may be late ourselves.
        """
        jobs = app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=self._plan.lost_after):
            assert job.id is not None
            if job.id in self._doing:
                continue
            if job.queueing_lock is not None:  # a round: the next one comes by itself
                with contextlib.suppress(ConnectorException):
                    await jobs.finish_job(job, Status.FAILED, delete_job=True)
                continue
            with contextlib.suppress(ConnectorException):  # another was quicker
                await self._take_over(app, job)

    async def _take_over(self, app: App, job: Job) -> None:
        """Let a job that a killed worker had be done again, or give it up after too many."""
        key = str(job.id)
        about = next((c.about for c in self._chores if c.name == job.task_name), None)
        what = f"{job.task_name} {about(job.task_kwargs) if about else ''}".strip()
        if self._queue.tries(key) < len(AGAIN):
            await app.job_manager.retry_job(job)
            trouble = Trouble(job.task_name, what, _KILLED, "", datetime.now(UTC))
        else:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            trouble = Trouble(job.task_name, what, _KILLED, _MEMORY, None)
        self._queue.note(key, job.id, trouble)
        self._say(f"{what}: {_KILLED}; {'given up' if trouble.again is None else 'again'}")

    async def _take_up_again(self, app: App) -> None:
        """Try once more what was given up."""
        for job in await app.job_manager.list_jobs_async(status=Status.FAILED.value):
            await app.job_manager.retry_job(job)
            self._queue.forget(str(job.id))


def cron(seconds: int) -> str:
    """Return the line of a crontab, with a field for seconds, for every so many of them."""
    if seconds < 60:
        return f"* * * * * */{max(seconds, 1)}"
    minutes = seconds // 60
    if minutes < 60:
        return f"*/{minutes} * * * *"
    hours = minutes // 60
    return f"0 */{hours} * * *" if hours < 24 else "0 3 * * *"
