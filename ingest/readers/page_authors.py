"""Who wrote a web page's article: those that it declares, and those that its byline prints."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.clean.byline_names import names_in
from ingest.language import lexicon
from ingest.readers import schema_org
from ingest.readers.bylines import marked, tidied

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = (
    "dc.creator",
    "dcterms.creator",
    "author",
    "article:author",
    "og:article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,3}")
_ROLES = lexicon.words("bylines.roles")
_PRINTED = "byline in the page's markup"
_BOTH = "declared, and the byline in the page's markup"


def authors_of(
    tree: "HtmlElement",
    found: schema_org.Object,
    meta: Mapping[str, Sequence[str]],
    outlet: str | None,
) -> tuple[tuple[str, ...], str | None]:
    """Return the authors, and how they were told where the page does not declare them all.

    `found` is the article as schema.org describes it, `meta` what the page's meta tags say.
    Who is declared goes first; people whom the byline prints besides follow, and stand instead
    of the outlet itself.
    """
    makers = found.get("author") or found.get("creator")
    said = _tidied(schema_org.names(makers))
    for name in _META:
        said = said or _tidied(n for n in meta.get(name, ()) if "://" not in n)
    printed = tuple(marked(tree))
    if not said:
        return printed, _PRINTED if printed else None
    nobody = {_letters(one) for one in (*schema_org.organisations(makers), outlet or "")}
    people = [one for given in said for one in names_in(given) if _letters(one) not in nobody]
    more = [
        one for given in printed for one in names_in(given)
        if _is_person(one) and _letters(one) not in nobody
        and not any(_alike(one, other) for other in people)
    ]  # fmt: skip
    home = _letters(outlet or "")
    kept = tuple(one for one in said if _letters(one) != home) if people or more else said
    if not more:
        return kept, None
    return tuple(dict.fromkeys([*kept, *more])), _BOTH if kept else _PRINTED


def _tidied(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in given if (name := tidied(one))))


def _is_person(name: str) -> bool:
    """Whether a printed name has the form of a person's, and no word for what somebody is."""
    if not _PERSON.fullmatch(name) or not all(w[0].isupper() or len(w) < 4 for w in name.split()):
        return False
    return name[0].isupper() and not any(map(_ROLES.__contains__, map(str.lower, name.split())))


def _alike(printed: str, known: str) -> bool:
    """Whether one name holds the other, or shares its last word and its first letter."""
    ours, theirs = printed.casefold().split(), known.casefold().split()
    same = ours[-1] == theirs[-1] and ours[0][0] == theirs[0][0]
    a, b = _letters(printed), _letters(known)
    return same or a in b or b in a


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
