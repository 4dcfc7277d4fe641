"""A receiver of what OpenTelemetry exports over HTTP, on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Receiver(ThreadingHTTPServer):
    """Takes what OpenTelemetry exports over HTTP."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), partial(_Taking, self.taken))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def text(self) -> str:
        """Return all that was told, as text."""
        return "".join(map(str, self._read()))

    def told(self) -> set[str]:
        """Return the names of the spans and the metrics that were told."""
        traces, metrics = self._read()
        spans = {
            span.name
            for resource in traces.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }
        return spans | {
            metric.name
            for resource in metrics.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def _read(self) -> tuple[ExportTraceServiceRequest, ExportMetricsServiceRequest]:
        traces, metrics = ExportTraceServiceRequest(), ExportMetricsServiceRequest()
        for path, taken in self.taken:
            (traces if path == "/v1/traces" else metrics).MergeFromString(taken)
        return traces, metrics


class _Taking(BaseHTTPRequestHandler):
    def __init__(self, taken: list[tuple[str, bytes]], *args: Any) -> None:
        self._taken = taken
        super().__init__(*args)

    def do_POST(self) -> None:
        """Keep a body."""
        self._taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that takes what comes."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
