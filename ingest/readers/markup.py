"""Markup of a record or an article, damaged or not, to its elements and its words.

A parser of this file is never given a DTD, resolves no entity and opens no file or connection.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.etree import _Element

MENDED = "mended: its markup was damaged"
"""What `inferred` says of an article that was read from damaged markup."""

_KEPT = frozenset("amp lt gt quot apos".split())
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_REFERENCE = re.compile(
    "&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_CONTROLS = bytes(one for one in range(32) if one not in b"\t\n\r")
_NONE = ("\ufffe", "\uffff")
_TOKEN = re.compile(
    r"(?P<section><!\[CDATA\[|<!--)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*)(?P<rest>[^<>]*)>|(?P<text>[^<]+)|<"
)
_ATTRIBUTE = re.compile(r"""(?<![\w.:-])([A-Za-z_][\w.:-]*+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'/]+)""")
_LONGEST_ATTRIBUTES = 20_000
_DEEPEST = 256  # what the parser takes too
_BLOCKS = frozenset(
    "address article aside blockquote body body.content body.head bq br caption center dd details "
    "div dl dt fig figcaption figure footer form h1 h2 h3 h4 h5 h6 header hedline hl1 hl2 hr html "
    "li main media media-caption nav nitf-table note ol p pre section table tbody tfoot "
    "thead tr ul block media-metadata media-producer byline dateline distributor tagline abstract "
    "credit".split()
)
_LINES = frozenset("br li tr dd".split())  # blocks that are a line, not a paragraph
_CELLS = frozenset("td th".split())
_LEFT_OUT = frozenset(
    "script style noscript iframe object embed svg template button form select textarea video "
    "audio canvas head title media-metadata media-reference media-producer".split()
)
_CAPTIONS = frozenset("figcaption media-caption".split())
_RARE = 50
"""Times that a character stands in a text which are looked at one by one."""

_NAMES_KEPT = 4_096
"""Tags whose bare names are kept: a vocabulary has some hundreds, and each stands everywhere."""


class Damaged(ValueError):
    """Markup of which nothing can be made; its words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupText:
    """What stands in some markup: its paragraphs parted by a blank line, its captions apart."""

    text: str
    captions: tuple[str, ...] = ()


def element(text: str) -> tuple["_Element", bool]:
    """Parse one element; True with it where it had to be mended. Raises Damaged."""
    clean = without_controls(_NAMED.sub(_character, text))
    found, problem = _parsed(clean)
    if problem:
        found, problem = _parsed(_mended(clean))
        if found is None or problem:
            raise Damaged(f"its markup cannot be read: {problem or 'it holds no element'}")
        return found, True
    if found is None:
        raise Damaged("it holds no element")
    return found, False


def opens_at(pattern: re.Pattern[str], opening: str, text: str) -> bool:
    """Tell whether a pattern that begins with a character is found in a text.

    Where the character is rare, to go from one to the next takes a tenth of the time.
    """
    at = -1
    for _ in range(_RARE):
        at = text.find(opening, at + 1)
        if at < 0:
            return False
        if pattern.match(text, at):
            return True
    return pattern.search(text, at) is not None


def name(of: "_Element") -> str:
    """Name an element without its prefix and namespace."""
    return _bare(of.tag)


@lru_cache(maxsize=_NAMES_KEPT)
def _bare(tag: object) -> str:
    return str(tag).rpartition("}")[2].rpartition(":")[2]


@lru_cache(maxsize=_NAMES_KEPT)
def _kind(tag: object) -> str:
    return _bare(tag).lower()


def children(of: "_Element | None", *names: str) -> "Iterator[_Element]":
    """Yield the children of these names, whatever their namespace, in their order."""
    for child in () if of is None else of:
        if name(child) in names:
            yield child


def descendants(of: "_Element | None", *names: str) -> "Iterator[_Element]":
    """Yield what is inside, at any depth, of these names, in the order of the document."""
    if of is not None:
        yield from (one for one in of.iter() if one is not of and name(one) in names)


def line(of: "_Element | None") -> str | None:
    """Return an element's words on one line, None where there are none."""
    return " ".join("".join(of.itertext()).split()) or None if of is not None else None


def language(of: "_Element") -> str | None:
    """Return what `xml:lang` says of an element."""
    given = of.get("{http://www.w3.org/XML/1998/namespace}lang") or of.get("xml:lang")
    return str(given) if given else None


def without_controls(markup: str) -> str:
    """Return markup without the characters, and references to such, that no tree may hold."""
    clean = _NO_CHARACTER.sub("", markup) if _has_controls(markup) else markup
    return _NO_REFERENCE.sub("", clean) if "&#" in clean else clean


def _has_controls(markup: str) -> bool:
    # As bytes, which takes a twentieth of looking at each character; half of a pair has none.
    try:
        data = markup.encode()
    except UnicodeEncodeError:
        return True
    return len(data.translate(None, _CONTROLS)) < len(data) or any(one in markup for one in _NONE)


def page_tree(markup: str) -> "_Element":
    """Parse a piece of HTML, however broken."""
    from lxml import html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    found = html.document_fromstring(f"<div>{without_controls(markup)}</div>", parser=parser)
    return cast("_Element", found)


def words(markup: str) -> MarkupText:
    """Return the words of a piece of HTML, or of plain text that may hold some."""
    if "<" not in markup and "&" not in markup:
        return MarkupText(text=_tidy([markup]))
    return printed(page_tree(markup))


def printed(of: "_Element") -> MarkupText:
    """Return the words of an element as they would be printed."""
    from lxml import etree

    printer = _Printer()
    for event, one in etree.iterwalk(of, events=("start", "end")):
        if event == "start":
            printer.open(one)
        else:
            printer.close(one)
            if one is not of:
                printer.say(one.tail)
    return MarkupText(text=_tidy(printer.pieces), captions=tuple(printer.captions))


class _Printer:
    """Collects the words of a walk through a tree, however deep."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.captions: list[str] = []
        self._into = self.pieces
        self._left_out = 0
        self._caption: _Element | None = None

    def open(self, one: "_Element") -> None:
        kind = _kind(one.tag)
        self._left_out += kind in _LEFT_OUT
        if self._caption is None and (kind in _CAPTIONS or _is_caption(one)):
            self._caption, self._into = one, []
        elif kind in _BLOCKS:
            self._break(1 if kind in _LINES else 2)
            if kind == "li":
                self._into.append("- ")
        elif kind == "q":
            self._into.append("“")
        self.say(one.text)

    def say(self, text: str | None) -> None:
        if text and not self._left_out and (text.strip() or not self._is_at_start()):
            before, after = text[0].isspace() * " ", text[-1].isspace() * " "
            self._into.append(f"{before}{' '.join(text.split())}{after}")

    def close(self, one: "_Element") -> None:
        kind = _kind(one.tag)
        self._left_out -= kind in _LEFT_OUT
        if one is self._caption:
            said = _tidy(self._into)
            self.captions += [said] if said else []
            self._caption, self._into = None, self.pieces
        elif kind in _CELLS:
            self._into.append(" ")
        elif kind in _BLOCKS and kind != "br":
            self._break(1 if kind in _LINES else 2)
        elif kind == "q":
            self._into.append("”")

    def _break(self, lines: int) -> None:
        """End the line, so that so many line ends stand here and no more."""
        if self._is_at_start():
            lines -= self._into[-1].count("\n") if self._into else lines
        if lines > 0:
            self._into.append("\n" * lines)

    def _is_at_start(self) -> bool:
        return not self._into or self._into[-1].endswith("\n")


def _is_caption(one: "_Element") -> bool:
    return "wp-caption-text" in (one.get("class") or "")


def _tidy(pieces: list[str]) -> str:
    text = "".join(pieces).replace("\u00ad", "")
    lines = [" ".join(row.split()) for row in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join("" if row == "-" else row for row in lines)).strip()


def _character(match: re.Match[str]) -> str:
    found = match.group(1)
    return match.group(0) if found in _KEPT else html5.get(f"{found};", match.group(0))


def _parsed(text: str) -> tuple["_Element | None", str | None]:
    from lxml import etree

    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        found = cast("_Element | None", etree.fromstring(text, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, str(error)
    problems = [one.message for one in parser.error_log if one.domain_name != "NAMESPACE"]
    return found, problems[0] if problems else None


def _mended(text: str) -> str:
    """Close what was left open, leave out what closes nothing, escape what is no markup."""
    pieces: list[str] = []
    still_open: list[str] = []
    last_comment = text.rfind("-->")
    at = 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        if token["section"] == "<!--":
            at = text.find("-->", at) + 3 if at <= last_comment else at
        elif token["section"]:
            end = text.find("]]>", at, _next_section(text, at))
            if end >= 0:
                at = end + 3
                pieces.append(text[token.start() : at])
        elif token["name"]:
            pieces.append(_tag(token, still_open))
        else:
            pieces.append(_AMPERSAND.sub("&amp;", token["text"] or "&lt;").replace("]]>", "]]&gt;"))
    return "".join(pieces) + "".join(f"</{tag}>" for tag in reversed(still_open))


def _next_section(text: str, at: int) -> int:
    """Return where the next section opens: one that is not closed before lost its end."""
    found = text.find("<![CDATA[", at)
    return found if found >= 0 else len(text)


def _tag(token: re.Match[str], still_open: list[str]) -> str:
    tag = token["name"]
    if token["end"]:
        if tag not in still_open[1:]:
            return ""
        closing: list[str] = []
        while not closing or closing[-1] != tag:
            closing.append(still_open.pop())
        return "".join(f"</{one}>" for one in closing)
    if len(still_open) > _DEEPEST:
        raise Damaged("its markup is nested too deep")
    given = {
        found[1]: found[2].strip("\"'")
        for found in _ATTRIBUTE.finditer(token["rest"][:_LONGEST_ATTRIBUTES])
    }
    kept = "".join(
        f' {one}="{_AMPERSAND.sub("&amp;", value).replace(chr(34), "&quot;")}"'
        for one, value in given.items()
    )
    if token["rest"].endswith("/"):
        return f"<{tag}{kept}/>"
    still_open.append(tag)
    return f"<{tag}{kept}>"
