"""LlamaIndex's instrumentation as spans of OpenTelemetry, without the texts that it hands on.

A span says which call it was, of which model, and how it ended; LlamaIndex also hands over prompts,
passages and replies, and of these nothing goes into an attribute.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import BoundArguments
from typing import Any

from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span.base import BaseSpan
from llama_index_instrumentation.span_handlers import BaseSpanHandler
from opentelemetry import trace
from opentelemetry.trace import StatusCode, Tracer
from pydantic import ConfigDict, PrivateAttr


class _Called(BaseSpan):
    """A call within LlamaIndex, and the span that tells it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    told: trace.Span


class _Bridge(BaseSpanHandler[_Called]):
    """Begins and ends a span for each call; a call within another is a span within its span."""

    _tracer: Tracer = PrivateAttr()

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(open_spans={}, current_span_ids={})
        self._tracer = tracer

    def new_span(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        parent_span_id: str | None = None,
        tags: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> _Called:
        """Begin a span, named for the class and the method."""
        outer = self.open_spans.get(parent_span_id or "")
        within = trace.set_span_in_context(outer.told) if outer else None
        told = self._tracer.start_span(f"llama_index.{id_.split('-', 1)[0]}", within)
        model = getattr(instance, "model", None) or getattr(instance, "model_name", None)
        if isinstance(model, str):
            told.set_attribute("gen_ai.request.model", model)
        return _Called(id_=id_, parent_id=parent_span_id, told=told)

    def prepare_to_exit_span(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        result: Any | None = None,
        **kwargs: Any,
    ) -> _Called | None:
        """End a span."""
        return self._ended(id_, None)

    def prepare_to_drop_span(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        err: BaseException | None = None,
        **kwargs: Any,
    ) -> _Called | None:
        """End the span of a call that failed."""
        return self._ended(id_, err)

    def _ended(self, id_: str, error: BaseException | None) -> _Called | None:
        called = self.open_spans.get(id_)
        if called is not None:
            if error is not None:
                called.told.set_attribute("error.type", type(error).__name__)
                called.told.set_status(StatusCode.ERROR)
            called.told.end()
        return called


@contextmanager
def bridged(tracer: Tracer) -> Iterator[None]:
    """Tell a tracer what LlamaIndex does in a block."""
    dispatcher, bridge = get_dispatcher(), _Bridge(tracer)
    dispatcher.add_span_handler(bridge)
    try:
        yield
    finally:
        dispatcher.span_handlers.remove(bridge)
