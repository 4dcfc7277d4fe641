"""A result written as a file that another program reads."""

from collections.abc import Mapping
from typing import cast

from assistant.doors.cli.console import Console
from assistant.doors.cli.export_options import ExportOrder
from assistant.render.export import Exportable, ExportFormat, export
from ingest.errors import MorgueError


def deliver(
    console: Console, value: Exportable, order: ExportOrder, document: Mapping[str, object]
) -> None:
    """Write a result as it was ordered; with `--json` its document is printed besides."""
    made = export(value, cast("ExportFormat", order.as_))
    if order.out is None:
        console.result(document, made.data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n"))
        return
    try:
        order.out.write_bytes(made.data)
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise MorgueError(f"{order.out}: {why}", "name another file with --out") from error
    console.say(f"written to {order.out}")
    if console.as_json:
        console.result(document, "")
