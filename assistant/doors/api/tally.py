"""The figures for Prometheus: requests, answers, sentences left out, jobs, the archive's size.

No label has a value of a client's making.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from assistant.answer import Outcome, figures
from assistant.doors.api.seen import Ended

if TYPE_CHECKING:
    from ingest.archive.state import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Meters:
    """Counts what one application does. Safe from several threads."""

    def __init__(
        self, status: "Callable[[], Status]", jobs: Callable[[], Mapping[str, int]]
    ) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Stock(status, jobs))
        self._requests = Counter(
            "morgue_requests", "Requests that are over.", ["route", "method", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "morgue_request_seconds", "How long they took.", ["route"],
            registry=self._registry, buckets=_SECONDS,
        )  # fmt: skip
        self._answers = Counter(
            "morgue_answers", "Answers by every door; `answer`, or why there is none.",
            ["mode", "outcome"], registry=self._registry,
        )  # fmt: skip
        self._answering = Histogram(
            "morgue_answer_seconds", "How long they took.", ["mode"],
            registry=self._registry, buckets=_SECONDS,
        )  # fmt: skip
        self._sentences = Counter(
            "morgue_sentences", "Sentences by what the check did with them.", ["fate"],
            registry=self._registry,
        )  # fmt: skip

    def ended(self, request: Ended) -> None:
        """Count a request that is over."""
        self._requests.labels(request.route, request.method, str(request.status)).inc()
        self._seconds.labels(request.route).observe(request.seconds)

    def answered(self, outcome: Outcome) -> None:
        """Count an answer that is finished."""
        found = figures(outcome)
        self._answers.labels(outcome.mode, found["outcome"]).inc()
        self._answering.labels(outcome.mode).observe(outcome.seconds)
        for fate in ("said", "left_out"):
            self._sentences.labels(fate).inc(int(found[fate]))

    def text(self) -> bytes:
        """Return every figure in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Stock(Collector):
    """What is in the archive and on its way there, counted when it is asked for."""

    def __init__(
        self, status: "Callable[[], Status]", jobs: Callable[[], Mapping[str, int]]
    ) -> None:
        self._status = status
        self._jobs = jobs

    def describe(self) -> list[Metric]:
        """Name nothing before it is asked for: an archive may not be open yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield a gauge for each."""
        found = self._status()
        for name in ("articles", "passages", "embedded", "pending", "failed"):
            told = f"What `morgue status` calls {name}."
            yield GaugeMetricFamily(f"morgue_archive_{name}", told, value=getattr(found, name))
        behind = found.change - found.words_at
        told = "Changes that cannot be found by words yet."
        yield GaugeMetricFamily("morgue_archive_words_behind", told, value=behind)
        jobs = GaugeMetricFamily("morgue_jobs", "Files sent to be read.", labels=["state"])
        for state, count in self._jobs().items():
            jobs.add_metric([state], count)
        yield jobs
