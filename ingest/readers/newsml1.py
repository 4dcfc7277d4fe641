"""NewsML 1: the items of the format before G2, whose messages carry several."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.readers import iptc, nitf
from ingest.readers.markup import MarkupText, children, descendants, line, name, printed
from ingest.readers.record_text import plain_line, unescaped

if TYPE_CHECKING:
    from lxml.etree import _Element

_CAPTIONS = frozenset("caption legend legende légende photocaption picturecaption".split())
_OF_PICTURES = _CAPTIONS | {"credit"}  # roles of what is said of a picture


def article(item: "_Element") -> RawArticle | str:
    """Read a NewsItem, or say what it is where it holds no text."""
    identity = next(descendants(item, "NewsIdentifier"), None)
    management = next(children(item, "NewsManagement"), None)
    lines = next(descendants(item, "NewsLines"), None)
    said, inner = _content(item)
    status = iptc.status(_formal(management, "Status"))
    embargo = _embargo(management) if status == "withheld" else None
    if not said.text and not status:
        return "item without text"
    created, revised = _one(management, "FirstCreated"), _one(management, "ThisRevisionCreated")
    headline = plain_line(_one(lines, "HeadLine") or "") or inner.title
    return replace(
        inner,
        text=said.text,
        title=headline or (_one(lines, "SlugLine") or _id(identity) if status else None),
        standfirst=inner.standfirst or _one(lines, "SubHeadLine"),
        captions=said.captions,
        comments_apart=True,
        outlet=_provider(item) or inner.outlet,
        authors=tuple(_all(lines, "ByLine")) or inner.authors,
        published=iptc.moment(created) or inner.published,
        updated=iptc.moment(revised) if revised != created else None,
        language=_formal(item, "Language") or inner.language,
        kind=iptc.kind(one.get("FormalName") for one in descendants(item, "Genre")) or inner.kind,
        id=_id(identity),
        embargo_until=embargo,
        rights="\n".join([*_all(lines, "CopyrightLine"), *_all(lines, "RightsLine")])
        or inner.rights,
        status=None if embargo else status or inner.status,
        corrections=_notices(management, status) or inner.corrections,
        corrects=_corrected(management) or inner.corrects,
        inferred=inner.inferred if not created else {},
        metadata=_metadata(identity, lines),
    )


def _content(item: "_Element") -> tuple[MarkupText, RawArticle]:
    captions = tuple(_captions(item))
    for part in descendants(item, "DataContent", "InlineContent"):
        document = next(descendants(part, "nitf"), None)
        if document is not None:
            found = nitf.article(document)
            return MarkupText(text=found.text, captions=(*found.captions, *captions)), found
        said = unescaped(printed(part))
        if said.text and _role(part) not in _OF_PICTURES:
            said = MarkupText(text=said.text, captions=(*said.captions, *captions))
            return said, RawArticle(file="")
    return MarkupText(text=""), RawArticle(file="")


def _captions(item: "_Element") -> Iterator[str]:
    """Yield what components in the role of a caption say of the pictures that come along."""
    for part in descendants(item, "DataContent"):
        if _role(part) in _CAPTIONS:
            said = unescaped(printed(part))
            yield from filter(None, (said.text, *said.captions))


def _role(part: "_Element") -> str:
    """Return the role of the innermost component that holds a content."""
    for above in part.iterancestors():
        if name(above) == "NewsComponent":
            role = next(children(above, "Role"), None)
            if role is not None:
                return str(role.get("FormalName") or "").strip().lower()
    return ""


def _id(identity: "_Element | None") -> str | None:
    """Return what is the same in all revisions: the provider's name for the item."""
    provider, item = _one(identity, "ProviderId"), _one(identity, "NewsItemId")
    return f"{provider or ''}:{item}" if item else None


def _provider(item: "_Element") -> str | None:
    parties = (
        party.get("FormalName")
        for holder in descendants(item, "Provider", "Creator")
        for party in children(holder, "Party")
    )
    return next((name for name in parties if name), None)


def _embargo(management: "_Element | None") -> str | None:
    """Return when the status changes to one that lets it be used."""
    change = next(descendants(management, "StatusWillChange"), None)
    if change is None or iptc.status(_formal(change, "FutureStatus")):
        return None
    return iptc.moment(_one(change, "DateAndTime"))


def _notices(management: "_Element | None", status: iptc.Status) -> tuple[str, ...]:
    said = [*_all(management, "Instruction"), *_all(management, "RevisionStatus")]
    about = [one for one in said if status == "withdrawn" or iptc.is_notice(one)]
    if not about and iptc.is_notice(_formal(management, "Instruction")):
        about = [str(_formal(management, "Instruction"))]
    return tuple(about)


def _corrected(management: "_Element | None") -> str | None:
    found = (one.get("NewsItem") for one in descendants(management, "DerivedFrom"))
    corrects = iptc.is_notice(_formal(management, "Instruction"))
    return next((one for one in found if one), None) if corrects else None


def _metadata(identity: "_Element | None", lines: "_Element | None") -> dict[str, object]:
    found = {
        "version": _one(identity, "RevisionId"),
        "slugline": _one(lines, "SlugLine"),
        "dateline": _one(lines, "DateLine"),
        "tags": list(_all(lines, "KeywordLine")),
    }
    return {key: value for key, value in found.items() if value}


def _formal(of: "_Element | None", child: str) -> str | None:
    return next((name for one in descendants(of, child) if (name := one.get("FormalName"))), None)


def _one(of: "_Element | None", child: str) -> str | None:
    return next(_all(of, child), None)


def _all(of: "_Element | None", child: str) -> Iterator[str]:
    return (said for one in descendants(of, child) if (said := line(one)))
