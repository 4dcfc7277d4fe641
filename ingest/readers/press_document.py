"""One document of a press database: the lines above its text, its fields, and what it becomes."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from ingest.article import RawArticle
from ingest.clean.boilerplate import is_agency
from ingest.clean.byline_names import names_in, of_sender
from ingest.clean.dates import read_date
from ingest.clean.imprint import names_role
from ingest.clean.printed_text import one_line
from ingest.errors import ReadError

_TO_THE_YEAR = re.compile(r"[^:]{0,40}?\b(?:1[6-9]|20)\d\d\b")
_COPYRIGHT = re.compile(r"\bcopyright\b|©|\(c\)|all rights reserved|alle rechte", re.IGNORECASE)
_PAGE = re.compile(r";?\s*\b(?:Pg\.|S\.|p\.|pag\.)\s*([\w-]+)\s*$")
_CREDIT = re.compile(r"\s{2,}.*|,?\s+\S+\.(?:com|org|net|co\.\w\w|de|fr)\b.*")
_ADDRESS = re.compile(r"\s+(?:\S+@\S+\.\w+|@\w{2,30})\s*$")
_REPORTED = re.compile(r"^(?:and\s+)?(?:reported\s+)?by\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"special (?:to|for)\b", re.IGNORECASE)  # the paper that asked for it
_DATELINE = 120  # characters of a dateline, and of the text where it may stand
_FULL = 60  # characters of a line after which a paragraph that was cut to a width goes on


@cache
def labels(database: str) -> Mapping[str, frozenset[str]]:
    """Return what a database prints before each field, in lower case."""
    held = tomllib.loads((Path(__file__).parent / "press_labels.toml").read_text(encoding="utf-8"))
    return {name: frozenset(forms) for name, forms in held[database].items()}


def day(line: str) -> str | None:
    """Return the date that a line begins with, as it is given; None where it begins with none."""
    found = _TO_THE_YEAR.match(line.strip())
    given = found[0].strip() if found else ""
    return given if given and read_date(given).day else None


def is_copyright(line: str) -> bool:
    """Whether a line says whose the article is."""
    return bool(_COPYRIGHT.search(line))


@dataclass(slots=True, kw_only=True)
class PressDocument:
    """What was found of one document; `about` is what else its database says of it."""

    outlet: str = ""
    published: str = ""
    title: str = ""
    body: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    rights: list[str] = field(default_factory=list)
    id: str | None = None
    about: dict[str, object] = field(default_factory=dict)

    def put(self, name: str, value: str) -> None:
        """Add a line to a field."""
        if value.strip():
            self.fields.setdefault(name, []).append(value.strip())

    def said(self, name: str) -> str | None:
        """Return a field on one line, None where it was not given."""
        return one_line(" ".join(self.fields.get(name, ()))) or None

    def article(self, number: int, wrapped: bool) -> RawArticle:
        """Return it as an article, its section, its bylines and what is about it apart."""
        section, page = _section(self.said("section"))
        language = self.said("language")
        kept = {name: self.said(name) for name in ("dateline", "load_date", "length", "edition")}
        kept |= {"page": self.said("page") or page}
        return RawArticle(
            file="",
            where=f"document {number}",
            record=str(number),
            text="\n\n".join(paragraphs(self.body) if wrapped else filter(str.strip, self.body)),
            title=one_line(self.title) or None,
            standfirst=self.said("standfirst"),
            captions=tuple(self.fields.get("caption", ())),
            corrections=tuple(self.fields.get("correction", ())),
            comments_apart=True,
            outlet=one_line(self.outlet).rstrip(".") or None,
            authors=tuple(
                self._as_spoken(name)
                for given in _authors(self.fields.get("byline", ()), wrapped=wrapped)
                for name in names_in(given)
            ),
            published=self.published or None,
            url=self.said("url"),
            language=language.split(";")[0] if language else None,
            section=section,
            id=self.id,
            rights="\n".join(self.rights) or None,
            metadata={n: v for n, v in (kept | self.about).items() if v},
        )

    def _as_spoken(self, name: str) -> str:
        """Return a name that gives the surname first as it is spoken; not an agency and a place."""
        first, _, second = name.partition(", ")
        above = f"{self.said('dateline') or ''}\n{next(filter(str.strip, self.body), '')}"
        placed = second and above[:_DATELINE].casefold().find(second.casefold()) >= 0
        return name if is_agency(first) or placed else of_sender(name)


def found(documents: Iterable[PressDocument], *, wrapped: bool) -> Iterator[RawArticle | ReadError]:
    """Yield each document as an article; an error for one that has no words."""
    for number, document in enumerate(documents, 1):
        article = document.article(number, wrapped)
        if article.text.strip() or article.title:
            yield article
        else:
            yield ReadError("", article.where, "it has neither headline nor text")


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Make whole what was cut to the width of a page; a blank line parts the paragraphs."""
    made, held = [], list[str]()
    for line in (*lines, ""):
        if line.strip():
            held.append(line.strip())
            continue
        if held:
            # Lines that all end early are verse, or the rows of a table.
            short = len(held) > 2 and all(len(one) < _FULL for one in held[:-1])
            made.append(("\n" if short else " ").join(held))
        held = []
    return made


def named(
    made: Iterable[RawArticle | ReadError], file: str, database: str
) -> Iterator[RawArticle | ReadError]:
    """Yield what was made under the name of its file; an error where that is nothing."""
    empty = True
    for one in made:
        empty = False
        if isinstance(one, ReadError):
            yield ReadError(file, one.where, one.message, one.hint)
        else:
            yield replace(one, file=file)
    if empty:
        why = f"it holds no document as {database} prints one"
        yield ReadError(file, "", why, "save the documents, not the list of them")


def _section(given: str | None) -> tuple[str | None, str | None]:
    """Return the section and the page that is named behind it."""
    if not given:
        return None, None
    page = _PAGE.search(given)
    name = given[: page.start()] if page else given
    return name.split(";")[0].strip() or None, page[1] if page else None


def _authors(lines: Iterable[str], *, wrapped: bool) -> Iterator[str]:
    """Yield the names of a byline, without what their bearers are at their paper, and addresses."""
    for line in [" ".join(lines)] if wrapped else lines:
        for number, given in enumerate(line.split(";")):
            bare = _ADDRESS.sub("", _REPORTED.sub("", given.strip()))
            name = one_line(_CREDIT.sub("", bare, count=1))
            called, _, role = name.partition(", ")
            name = called if role and names_role(role) else name
            behind = number > 0 and names_role(name)  # what the one before is
            if any(map(str.isalpha, name)) and not _NO_NAME.match(name) and not behind:
                yield name
