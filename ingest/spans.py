"""Spans: what takes how long, told to whoever follows; nothing at all where nobody does.

No span holds the words of a question or an article, unless whoever follows asked for them.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # importing it takes longer than most commands
    from opentelemetry.trace import Span, Tracer

T = TypeVar("T")
Attribute = str | int | float | bool


@dataclass(slots=True)
class _Following:
    tracer: "Tracer | None" = None
    words: bool = False


_FOLLOWING = _Following()


def follow(tracer: "Tracer | None", *, words: bool = False) -> None:
    """Let a tracer of OpenTelemetry follow this process, or nobody."""
    _FOLLOWING.tracer, _FOLLOWING.words = tracer, words


@contextmanager
def span(name: str, **attributes: Attribute) -> Iterator[None]:
    """Tell what is done in a block as one span, within the one that is current."""
    if _FOLLOWING.tracer is None:
        yield
        return
    begun = _FOLLOWING.tracer.start_span(f"morgue.{name}", attributes=_named(attributes))
    with _current(begun):
        yield


@contextmanager
def request(headers: Mapping[str, str]) -> Iterator[None]:
    """Tell a request as one span, within that of its client where the headers name one."""
    if _FOLLOWING.tracer is None:
        yield
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    within = TraceContextTextMapPropagator().extract(headers)
    begun = _FOLLOWING.tracer.start_span("morgue.request", within, SpanKind.SERVER)
    with _current(begun):
        yield


def stepwise(
    name: str, items: Generator[T, None, None], **attributes: Attribute
) -> Generator[T, None, None]:
    """Yield what a generator yields, as one span that is current only while it works.

    Whoever takes the items may do so from several contexts; closing this closes the generator.
    """
    tracer = _FOLLOWING.tracer
    if tracer is None:
        yield from items
        return
    begun = tracer.start_span(f"morgue.{name}", attributes=_named(attributes))
    end = object()
    try:
        while True:
            with _current(begun, ends=False):
                item = next(items, end)
            if item is end:
                return
            yield item  # type: ignore[misc]
    finally:
        items.close()
        begun.end()


def note(**attributes: Attribute | None) -> None:
    """Add to the current span what is known by now."""
    if _FOLLOWING.tracer is not None:
        from opentelemetry import trace

        given = {name: value for name, value in attributes.items() if value is not None}
        trace.get_current_span().set_attributes(_named(given))


def note_words(**words: str) -> None:
    """Add words of a question to the current span, where whoever follows asked for them."""
    if _FOLLOWING.words:
        note(**words)


@contextmanager
def _current(begun: "Span", *, ends: bool = True) -> Iterator[None]:
    from opentelemetry import trace
    from opentelemetry.trace import StatusCode

    silent = {"record_exception": False, "set_status_on_exception": False}
    with trace.use_span(begun, end_on_exit=ends, **silent):
        try:
            yield
        except Exception as error:
            # Its kind alone: a message may hold words of a question.
            begun.set_attribute("error.type", type(error).__name__)
            begun.set_status(StatusCode.ERROR)
            raise


def _named(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    return {name if "." in name else f"morgue.{name}": v for name, v in attributes.items()}
