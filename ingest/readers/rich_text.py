"""Rich text (RTF): paragraphs, notes, what a document says of itself; pictures are left out."""

import re
from collections.abc import Iterator

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.office import OfficeDocument, OfficeParagraph, articles, note_mark, said

LIMIT = 60_000_000
"""Bytes of a document with its pictures, which are most of a long one."""

_WORDS_LIMIT = 20_000_000  # characters of it without them
_CODE_PAGE = re.compile(r"\\ansicpg(\d{3,5})")
_OF_MAC = re.compile(r"\{\\rtf\d?\\mac\b")
_MAC_PAGES = {
    "10000": "mac_roman", "10006": "mac_greek", "10007": "mac_cyrillic", "10017": "mac_cyrillic",
    "10029": "mac_latin2", "10079": "mac_iceland", "10081": "mac_turkish",
}  # fmt: skip
_HEX = re.compile(r"[0-9a-fA-F\s]{400,}")  # of a picture; no word is so long
_BINARY = re.compile(r"\\bin(\d{1,9}) ?")
_PROPERTY = re.compile(r"\{\\(title|author)\s([^{}]{1,2000})\}")
_MADE = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_BRACE = re.compile(r"\\[{}\\]|[{}]")
_NOTE = "{\\footnote"
_HEAD = 20_000  # characters in which a document says whose it is
_FAULTS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class _RichText:
    """Documents of many programs; whoever delivers articles packs several into one."""

    name = "rtf"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what opens as rich text."""
        return 0.98 if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{\\rtf") else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article, or those that a press database put together."""
        data = given.stream.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise ReadError(given.file, "", f"it is longer than {LIMIT:,} bytes", "split it")
        code = _without_pictures(data.decode("latin-1"))
        if len(code) > _WORDS_LIMIT:
            why = f"its text is longer than {_WORDS_LIMIT:,} characters"
            raise ReadError(given.file, "", why, "split it")
        try:
            document = _document(code)
        except _FAULTS as error:
            raise ReadError(given.file, "", f"it is no whole RTF: {said(error)}") from error
        yield from articles(document, given.file)


def words(data: bytes) -> str:
    """Return the words of rich text, without its pictures."""
    return _printed(*_encoded(_without_pictures(data.decode("latin-1"))))


def _encoded(code: str) -> tuple[str, str]:
    """Return a document and its encoding; a page of the Mac is named in no word of the document.

    The library takes the page that a document names for one of Windows.
    """
    page = _CODE_PAGE.search(code[:4096])
    if page and page[1] in _MAC_PAGES:
        return code[: page.start()] + code[page.end() :], _MAC_PAGES[page[1]]
    if page is None and _OF_MAC.match(code[:4096].lstrip()):
        return code, "mac_roman"
    return code, f"cp{page[1]}" if page else "cp1252"


def _without_pictures(code: str) -> str:
    """Take out what no word is: runs of binary bytes and of hexadecimal digits."""
    pieces = []
    at = 0
    while found := _BINARY.search(code, at):
        pieces.append(code[at : found.start()])
        at = min(len(code), found.end() + int(found[1]))
    pieces.append(code[at:])
    return _HEX.sub(" ", "".join(pieces))


def _document(code: str) -> OfficeDocument:
    code, encoding = _encoded(code)
    body, notes = _notes_apart(code, encoding)
    head = code[:_HEAD]
    about = {
        name: _printed(f"{{\\rtf1 {text}}}", encoding) for name, text in _PROPERTY.findall(head)
    }
    made = _MADE.search(head)
    lines = _printed(body, encoding).split("\n")
    return OfficeDocument(
        paragraphs=tuple(OfficeParagraph(text=line.strip()) for line in lines),
        notes=tuple(notes),
        title=about.get("title"),
        author=about.get("author"),
        made=f"{made[1]}-{int(made[2]):02}-{int(made[3]):02}" if made else None,
    )


def _notes_apart(code: str, encoding: str) -> tuple[str, list[str]]:
    """Return the text with a mark in place of each note, and the words of the notes."""
    pieces, notes, at = [], list[str](), 0
    while (start := code.find(_NOTE, at)) >= 0:
        end = _closes(code, start)
        words = _printed("{\\rtf1 " + code[start + len(_NOTE) : end], encoding)
        if words:
            notes.append(" ".join(words.split()))
        mark = note_mark(len(notes)) if words else ""
        pieces += [code[at:start], *(f"\\uc0\\u{ord(sign)} " for sign in mark)]
        at = end
    return "".join([*pieces, code[at:]]), notes


def _closes(code: str, start: int) -> int:
    """Return where the group that opens at `start` is over, the end where it never is."""
    depth = 0
    for brace in _BRACE.finditer(code, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return len(code)


def _printed(code: str, encoding: str) -> str:
    from striprtf.striprtf import rtf_to_text

    # A space parts the code of a link from its group, so that its address is no text.
    plain = code.replace("\\fldinst{", "\\fldinst {")
    text = rtf_to_text(plain, encoding, errors="replace")  # type: ignore[no-untyped-call]
    return str(text).replace("\xad", "").replace("\xa0", " ").strip()


reader: Reader = _RichText()
