"""Tell of a cited sentence that an earlier version of its article printed otherwise, or not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation
from assistant.render import phrasing
from ingest.archive.versions import changed
from ingest.article import Article, Notice
from ingest.language.normalise import find

if TYPE_CHECKING:
    from ingest.archive import Archive

_ALIKE = 0.5
"""Share of two sentences that must be alike for one to be the other, rewritten."""


def told(archive: "Archive", answer: Answer, collections: Sequence[str]) -> Answer:
    """Return an answer whose citations say which of their sentences were changed, and when.

    An article that was rewritten in silence prints no correction: its versions tell. Those that
    a reader of these collections may not see are left out.
    """
    cited = tuple(_told(archive, citation, collections) for citation in answer.citations)
    return replace(answer, citations=cited)


def _told(archive: "Archive", citation: Citation, collections: Sequence[str]) -> Citation:
    if citation.part == "comment" or citation.article.version == 1:
        return citation
    later = citation.article
    for number in range(later.version - 1, 0, -1):
        earlier = archive.readable(later.article_id, number, collections=collections)
        if earlier is None:
            continue
        if not find(citation.text, earlier.text):
            seen = {one.version: one.seen_at for one in archive.versions(later.article_id)}
            line = _line(citation, earlier, later, seen.get(later.version))
            notice = Notice(code="rewritten", text=line)
            return replace(citation, notices=(*citation.notices, notice))
        later = earlier
    return citation


def _line(citation: Citation, earlier: Article, later: Article, seen: str | None) -> str:
    words = " ".join(citation.text.split())
    before = get_close_matches(words, changed(earlier, later).removed, n=1, cutoff=_ALIKE)
    if later.updated_at:
        when = f" on {phrasing.day(later.updated_at.date())}"
    else:
        when = f" by {phrasing.day(date.fromisoformat(seen[:10]))}" if seen else ""
    if not before:
        return f"This sentence was added{when} (version {later.version})."
    return f"This sentence was changed{when} (version {later.version}). Before: “{before[0]}”"
