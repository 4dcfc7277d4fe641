"""Channels that Telegram's program exports as pages, as it does unless it is asked for JSON."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import descendants, line, page_tree, printed
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_LOOKS = (
    re.compile(r"class=\"(?:page_wrap|page_body chat_page)[\" ]"),
    re.compile(r"class=\"message (?:default|service)\b"),
)
_WHEN = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: UTC([+-]\d{2}:\d{2}))?\s*")


class _TelegramPage:
    """Pages of messages, `messages.html` and those that go on from it."""

    name = "telegram"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a page whose messages are marked as Telegram's program does."""
        text = peek(head) or ""
        shown = text.lstrip()[:1] == "<" and all(look.search(text) for look in _LOOKS)
        return 0.97 if shown else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a message that has a text; what is none is counted."""
        decoded = whole(given)
        page = page_tree(decoded.text)
        header = _of_class(page, "page_header")
        chat = _said(header, "text") if header is not None else ""
        left_out: Counter[str] = Counter()
        sender = ""
        found = 0
        for message in descendants(page, "div"):
            classes = (message.get("class") or "").split()
            if "message" not in classes:
                continue
            sender = _said(message, "from_name") or sender  # a message that is joined has none
            text = _of_class(message, "text")
            said = printed(text) if text is not None and "service" not in classes else None
            if said is None or not said.text:
                left_out["service message" if "service" in classes else "message without text"] += 1
                continue
            found += 1
            number = (message.get("id") or "").removeprefix("message")
            yield RawArticle(
                file=given.file,
                where=f"message {number or found}",
                record=number or str(found),
                text=said.text,
                outlet=chat or sender or None,
                published=_moment(message),
                id=f"{chat}/{number}" if chat and number else None,
                kind="post",
                comments_apart=True,
                inferred={"encoding": decoded.how} if decoded.how else {},
                metadata={"from": sender} if sender and sender != chat else {},
            )
        if left_out:
            yield LeftOut(given.file, left_out)
        if not found:
            yield ReadError(given.file, "", "it holds no message that has a text")


def _moment(message: "_Element") -> str | None:
    """Return when a message was sent, in the zone that the page states; a day alone without one."""
    date = _of_class(message, "date")
    match = _WHEN.fullmatch(date.get("title") or "") if date is not None else None
    if match is None:
        return None
    day, month, year, clock, zone = match.groups()
    return f"{year}-{month}-{day}T{clock}{zone or ''}"


def _of_class(of: "_Element", wanted: str) -> "_Element | None":
    return next((one for one in of.iter() if wanted in (one.get("class") or "").split()), None)


def _said(of: "_Element", wanted: str) -> str:
    return line(_of_class(of, wanted)) or ""


reader: Reader = _TelegramPage()
