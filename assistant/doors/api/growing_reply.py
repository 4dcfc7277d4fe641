"""A reply in Markdown while it grows: its text, where in it what is cited, and where it ends.

An archive's words are words in it and no markup. What OpenAI's clients may ask of a text's length
is kept to: it ends before the first of their stop sequences, and before the sentence with which
it would have more words than they allow, so that nobody is shown half of what was checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from assistant.answer import Answer, Citation, Claim, Outcome
from assistant.render import foot_markdown, said_markdown
from ingest.clean.identity import web_address

Document = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class GrowingReply:
    """A reply while it grows. `base` is where the archive's own articles are shown."""

    base: str
    stops: Sequence[str] = ()
    most: int | None = None
    text: str = ""
    annotations: list[Document] = field(default_factory=list)
    citations: list[Document] = field(default_factory=list)
    ended: Literal["stop", "length"] | None = None
    _whole: bool = False
    _documents: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def words(self) -> int:
        """How many words it has: the archive counts no tokens."""
        return len(self.text.split())

    @property
    def settled(self) -> int:
        """How far its text stands: behind it, a stop sequence may have begun."""
        if self._whole or self.ended:
            return len(self.text)
        return len(self.text) - max((_overlap(self.text, stop) for stop in self.stops), default=0)

    def say(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """Add a sentence with the numbers of its citations."""
        said = ("\n\n" if self.text else "") + said_markdown(claim, citations) + " "
        begins, ends = len(self.text) + 2 * bool(self.text), len(self.text) + len(said) - 1
        marks = []
        for citation in citations:
            if citation.n in claim.citations:
                at = len(self.text) + len(said)
                said += f"[{citation.n}]"
                marks.append((citation, at, len(self.text) + len(said)))
        self._add(said)
        for citation, start, end in marks:
            if end <= len(self.text):
                self.annotations.append(self._annotation(citation, start, end))
                self.citations.append(self._location(citation, (begins, ends)))

    def finish(self, outcome: Outcome) -> None:
        """Add what stands under the sentences, or what the archive says instead of them."""
        self._add(("\n\n" if self.text else "") + foot_markdown(outcome))
        self._whole = True

    def fill(self, outcome: Outcome) -> None:
        """Say all of an outcome."""
        if isinstance(outcome, Answer):
            for claim in outcome.claims:
                self.say(claim, outcome.citations)
        self.finish(outcome)

    def _add(self, piece: str) -> None:
        """Add a piece of text, as far as it may go."""
        grown = self.text + piece
        if self.ended:
            return
        if self.most is not None and len(grown.split()) > self.most:
            self.ended = "length"
            return
        found = [at for stop in self.stops if (at := grown.find(stop)) >= 0]
        if found:
            self.ended, grown = "stop", grown[: min(found)]
        self.text = grown

    def _annotation(self, citation: Citation, start: int, end: int) -> Document:
        """Return a citation in the shape of OpenAI's annotations: where its mark stands."""
        return {
            "start_index": start,
            "end_index": end,
            "title": citation.article.title,
            "url": self._url(citation),
        }

    def _location(self, citation: Citation, at: tuple[int, int]) -> Document:
        """Return a citation in the shape of Anthropic's: which characters of which document."""
        article = citation.article
        place = (article.article_id, article.version)
        return {
            "type": "char_location",
            "index": len(self.citations),
            "cited_text": citation.text,
            "document_index": self._documents.setdefault(place, len(self._documents)),
            "document_title": article.title,
            "start_char_index": citation.start,
            "end_char_index": citation.end,
            "n": citation.n,
            "article_id": article.article_id,
            "version": article.version,
            "at": list(at),
        }

    def _url(self, citation: Citation) -> str:
        """Return the article's own address; ours where it has none that a browser may follow."""
        article = citation.article
        if article.url and web_address(article.url):
            return article.url
        where = {"version": article.version, "start": citation.start, "end": citation.end}
        return f"{self.base}v1/articles/{article.article_id}?{urlencode(where)}"


def _overlap(text: str, stop: str) -> int:
    """Return how much of the end of a text is the beginning of a stop sequence."""
    return next((n for n in range(len(stop) - 1, 0, -1) if text.endswith(stop[:n])), 0)
