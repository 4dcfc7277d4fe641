"""What a verb answers where a request names another format in `as`."""

from fastapi import Response

from assistant.render.export import Exportable, ExportFormat, export


def as_file(value: Exportable, as_: ExportFormat, name: str) -> Response:
    """Return a value as a file of another format."""
    made = export(value, as_)
    named = f'attachment; filename="{name}.{made.suffix}"'
    return Response(made.data, media_type=made.media_type, headers={"Content-Disposition": named})
