"""Small PDFs, printed by hand."""

from collections.abc import Iterable, Sequence

Line = tuple[int, int, int, str]
"""Across, up, size of the type (points), words."""

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(pages: Sequence[Iterable[Line]], **about: str) -> bytes:
    """Print pages of lines; `about` is what the file says of itself."""
    objects = [b"", b"", _FONT, _dictionary(about)]
    kids = []
    for lines in pages:
        drawn = b"".join(map(_drawn, lines))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects)


def column(x: int, y: int, words: str, size: int = 10, leading: int = 12) -> list[Line]:
    """Set lines one under another; an empty one is a gap."""
    lines = enumerate(words.strip().split("\n"))
    return [(x, y - i * leading, size, line.strip()) for i, line in lines if line.strip()]


def _drawn(line: Line) -> bytes:
    x, y, size, words = line
    shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
    shown = shown.replace(b")", b"\\)")
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (size, x, y, shown)


def _dictionary(about: dict[str, str]) -> bytes:
    pairs = " ".join(f"/{name} ({value})" for name, value in about.items())
    return f"<< {pairs} >>".encode("cp1252")


def _file(objects: Sequence[bytes]) -> bytes:
    made = b"%PDF-1.4\n"
    places = []
    for number, held in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    count = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n" % (count, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + end + b"%%EOF\n"
