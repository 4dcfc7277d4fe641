"""Traces and metrics for OpenTelemetry: only where OTEL_EXPORTER_OTLP_ENDPOINT says where to.

What else is set follows OpenTelemetry's own environment (headers, service name, intervals).
Nothing global is set: only what Morgue does is told, and LlamaIndex within it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from assistant.answer import Outcome, figures
from ingest import spans
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Observation
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    from assistant.doors.api.newsroom import Newsroom
    from assistant.doors.api.seen import Ended

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_INSTALL = "pip install 'morgue[telemetry]', or unset it"


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The meters of one process."""

    provider: "MeterProvider"
    duration: "Histogram"
    answers: "Counter"
    sentences: "Counter"

    def ended(self, request: "Ended") -> None:
        """Measure a request that is over."""
        self.duration.record(
            request.seconds,
            {
                "http.request.method": request.method,
                "http.route": request.route,
                "http.response.status_code": request.status,
            },
        )

    def answered(self, outcome: Outcome) -> None:
        """Count an answer that is finished."""
        found = figures(outcome)
        self.answers.add(1, {"mode": outcome.mode, "outcome": found["outcome"]})
        for fate in ("said", "left_out"):
            self.sentences.add(int(found[fate]), {"fate": fate})

    def watch(self, newsroom: "Newsroom") -> None:
        """Hear of every answer of an assistant, and count its archive at each export."""
        newsroom.heard.append(self.answered)
        meter = self.provider.get_meter("morgue")

        def counting(name: str) -> Any:
            def count(_: "CallbackOptions") -> "Iterator[Observation]":
                from opentelemetry.metrics import Observation

                yield Observation(getattr(newsroom.archive.status(), name))

            return count

        for name in ("articles", "passages", "embedded", "pending"):
            meter.create_observable_gauge(f"morgue.archive.{name}", [counting(name)])


@contextmanager
def telling(*, words: bool = False) -> Iterator[Telemetry | None]:
    """Tell OpenTelemetry what is done in a block, if the environment says where to.

    `words` lets spans hold the words of questions. Raises SettingsError where an endpoint is
    set and no exporter is installed.
    """
    if not os.environ.get(ENDPOINT):
        yield None
        return
    try:
        tracers, meters = _providers()
    except ImportError as error:
        raise SettingsError(f"{ENDPOINT} is set, and no exporter is installed", _INSTALL) from error
    try:
        with followed(tracers, words=words):
            yield _telemetry(meters)
    finally:
        tracers.shutdown()
        meters.shutdown()


def _providers() -> "tuple[TracerProvider, MeterProvider]":
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", "morgue")
    resource = Resource.create({"service.name": name, "service.version": version("morgue")})
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    readers = [PeriodicExportingMetricReader(OTLPMetricExporter())]
    return tracers, MeterProvider(readers, resource, shutdown_on_exit=False)


def _telemetry(provider: "MeterProvider") -> Telemetry:
    meter = provider.get_meter("morgue", version("morgue"))
    return Telemetry(
        provider,
        meter.create_histogram("http.server.request.duration", "s"),
        meter.create_counter("morgue.answers"),
        meter.create_counter("morgue.sentences"),
    )


@contextmanager
def followed(provider: "TracerProvider", *, words: bool = False) -> Iterator[None]:
    """Let a provider's tracer follow what Morgue does, and LlamaIndex within it."""
    from assistant.doors.llama_spans import bridged

    tracer = provider.get_tracer("morgue", version("morgue"))
    spans.follow(tracer, words=words)
    try:
        with bridged(tracer):
            yield
    finally:
        spans.follow(None)
