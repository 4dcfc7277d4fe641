"""Questions that an archive suggests by itself: from its own newest statements."""

from ingest.archive import Archive
from ingest.article import Article
from ingest.language.speech.statements import statements

_LOOKED_AT = 60
_LONGEST = 110


def examples(archive: Archive, *, most: int = 4) -> list[str]:
    """Return a few questions that the archive answers, one a speaker, about newest articles."""
    found: dict[str, str] = {}
    for article in archive.newest(_LOOKED_AT):
        if len(found) == most:
            break
        asked = _about(article, set(found))
        if asked is not None:
            found[asked[0]] = asked[1]
    return list(found.values())


def _about(article: Article, taken: set[str]) -> tuple[str, str] | None:
    if article.title_inferred or article.language not in {"en", None}:
        return None
    for said in statements(article.text, article.parts):
        speaker = said.speaker
        if said.direct and speaker and " " in speaker and speaker not in taken:
            question = f"What did {speaker} say about “{article.title}”?"
            return (speaker, question) if len(question) <= _LONGEST else None
    return None
