"""Who is meant: names in an article, and what "he", "Ms. Lee" and "the ministry" stand for."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ingest import naming, wording

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĞĠĢĪĮİĶĹĻĽŁŃŅŇŌŐŔŖŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚЀ-ЯҐ"
_REST = (
    rf"(?:\.(?:[{_UP}]\.)*|\w+(?:[-’'](?!s\b)\w+)*"
    r"(?:\.(?:(?<=\b[MDLJSH][rstn]\.)|(?<=\bMrs\.)"
    r"|(?<=\b(?:Sen|Rep|Gov|Gen|Col|Sgt|Rev|Hon|Adm|Maj)\.)|(?<=\b(?:Capt|Prof)\.)))?)?"
)
_BETWEEN = "de|del|de la|von|van|van der|der|den|bin|al|da|di|du|le|ter|ten|of|of the|for|&"
# One leading character class, so that the regex engine can skip to the next capital.
_NAME = re.compile(
    rf"[{_UP}](?<![\w’'].){_REST}(?:[ \u00a0](?:(?:{_BETWEEN})[ \u00a0])?[{_UP}]{_REST}){{0,9}}"
)
_FAR = 3000
"""Characters back that a role or a pronoun is looked up: some ten paragraphs."""
_MOST = 60
"""Names back that are looked at, so that a page of names alone costs linear time."""


class Mention(NamedTuple):
    """A name where it stands, without its titles."""

    start: int
    end: int
    name: naming.Name


class Person:
    """A person by the longest form of their name, and where it stands."""

    __slots__ = ("gender", "name", "places")

    def __init__(self, name: naming.Name) -> None:
        self.name = name.name
        self.gender = name.gender
        self.places: list[int] = []

    def add(self, name: naming.Name, at: int) -> None:
        """Note another place where they are named in full."""
        self.places.append(at)
        self.gender = self.gender or name.gender
        if len(name.name) > len(self.name):
            self.name = name.name


class Cast:
    """The people and institutions of an article, and who of them spoke last.

    `blotted` is its text with all quotations made unreadable: whom a speaker mentions is not
    whom the reporter means by "he". Phrases must be resolved in reading order.
    """

    def __init__(self, text: str, blotted: str) -> None:
        self.text = text
        self._blotted = blotted
        self._person: tuple[str, int] | None = None
        self._institution: str | None = None
        self._group: str | None = None
        self._forms: dict[str, str] = {}

    def resolve(self, start: int, end: int) -> str | None:
        """Return the full name of who stands at `start:end`, and remember that they spoke."""
        kind = wording.PRONOUN_KIND.get(self.text[start:end].lower())
        name = self._phrase(start, end) if kind is None else self._pronoun(kind, start)
        if name:
            self._remember(name, start, kind)
        return name

    def _remember(self, name: str, at: int, kind: str | None) -> None:
        if kind in {"it", "they"}:
            return
        if kind is None and (naming.institution(name) or naming.acronym(name)):
            self._institution = self._group = name
        elif kind is None and naming.plural(name):
            self._group = name
        else:
            self._person = name, at

    # Names

    @cached_property
    def _mentions(self) -> list[Mention]:
        mentions: list[Mention] = []
        for match in _NAME.finditer(self._blotted):
            name = naming.strip(match[0])
            if name is not None:
                start = match.start() + name.offset
                mentions.append(Mention(start, start + len(name.name), name))
        return mentions

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self._mentions]

    @cached_property
    def _people(self) -> dict[str, dict[str, Person]]:
        """People with a full name, by surname and first name."""
        people: dict[str, dict[str, Person]] = {}
        for start, _, name in self._mentions:
            if len(name.words) > 1 and not name.institution:
                namesakes = people.setdefault(name.words[-1], {})
                person = namesakes.get(name.words[0])
                if person is None:
                    person = namesakes[name.words[0]] = Person(name)
                person.add(name, start)
        return people

    @cached_property
    def _genders(self) -> dict[str, str]:
        """What "Mr." and "Ms." and first names say of each surname."""
        return {m.name.words[-1]: m.name.gender for m in self._mentions if m.name.gender}

    def _full(self, at: int, name: naming.Name) -> str:
        """Return the longest form of a person's name that is told apart from any namesake."""
        namesakes = self._people.get(name.words[-1], {})
        if len(name.words) > 1:
            same = namesakes.get(name.words[0])
            return same.name if same else name.name
        fitting = [
            person
            for person in namesakes.values()
            if not (name.gender and person.gender and name.gender != person.gender)
        ]
        if len(fitting) > 1:
            fitting = self._nearest(at, fitting)
        return fitting[0].name if len(fitting) == 1 else name.name

    def _nearest(self, at: int, namesakes: list[Person]) -> list[Person]:
        """Return the namesakes that were named before, and lately if they are several."""
        before = [person for person in namesakes if person.places[0] < at]
        if len(before) < 2:
            return before
        floor = self._two_lines_up(at)
        return [
            person
            for person in before
            if (last := bisect_left(person.places, at)) and person.places[last - 1] >= floor
        ]

    def _two_lines_up(self, at: int) -> int:
        here = self.text.rfind("\n", 0, at)
        while here > 0 and self.text[here - 1] == "\n":
            here -= 1
        return self.text.rfind("\n", 0, here) + 1 if here > 0 else 0

    def _longest(self, name: str) -> str:
        """Return the longest name of an institution that ends like `name`."""
        if name not in self._forms:
            ending = " " + name
            names = {mention.name.name for mention in self._mentions}
            forms = [form for form in names if form.endswith(ending)]
            self._forms[name] = max([name, *sorted(forms)], key=len)
        return self._forms[name]

    def _back(self, at: int) -> list[Mention]:
        stop = bisect_left(self._starts, at)
        begin = max(bisect_left(self._starts, at - _FAR), stop - _MOST)
        return self._mentions[begin:stop][::-1]

    # Pronouns

    def _pronoun(self, kind: str, at: int) -> str | None:
        if kind in {"he", "she"}:
            return self._he_or_she(kind, at)
        if kind == "they":
            return self._group
        return self._institution_before(at) if kind == "it" else None

    def _he_or_she(self, kind: str, at: int) -> str | None:
        """Return the last person of that gender who spoke, or who began a sentence since."""
        spoke, said_at = self._person or (None, -1)
        if spoke is None or not self._fits(naming.words(spoke), kind):
            spoke, said_at = None, -1
        nearest: Mention | None = None
        likely: Mention | None = None  # two capitals: a person or a place
        for mention in self._back(at):
            if mention.start <= said_at:
                break
            if self._human(mention.name) and self._fits(mention.name.words, kind):
                if self._leads(mention):
                    return self._full(mention.start, mention.name)
                nearest = nearest or mention
            elif len(mention.name.words) == 2 and not mention.name.institution:
                likely = likely or (mention if self._fits(mention.name.words, kind) else None)
        nearest = nearest or likely
        if spoke is None and nearest is not None:
            return self._full(nearest.start, nearest.name)
        return spoke

    def _institution_before(self, at: int) -> str | None:
        if self._institution is not None:
            return self._institution
        for mention in self._back(at):
            if mention.name.institution:
                return self._longest(mention.name.name)
        return None

    def _human(self, name: naming.Name) -> bool:
        if name.institution:
            return False
        known = len(name.words) == 1 and name.name in self._people
        return known or name.titled or name.gender is not None

    def _fits(self, words: Sequence[str], kind: str) -> bool:
        if not words:
            return False
        person = self._people.get(words[-1], {}).get(words[0])
        gender = person.gender if person else naming.gender(words[0])
        gender = gender or self._genders.get(words[-1])
        return gender is None or gender == kind

    def _leads(self, mention: Mention) -> bool:
        """Say whether a name, with its titles, begins a sentence."""
        before = self.text[max(0, mention.start - 40) : mention.start].rstrip(" \u00a0")
        while before and naming.title(before.rsplit(maxsplit=1)[-1]):
            before = before[: -len(before.rsplit(maxsplit=1)[-1])].rstrip(" \u00a0")
        return not before or before[-1] in '.!?\n”"’'

    # Phrases

    def _phrase(self, start: int, end: int) -> str | None:
        head = self._head(start, end)
        if head is None:
            phrase = naming.bare(self.text[start:end])
            return self._by_role(phrase, start) or phrase or None
        return self._called(head)

    def _called(self, mention: Mention) -> str:
        if mention.name.institution:
            return self._longest(mention.name.name)
        return self._full(mention.start, mention.name)

    def _head(self, start: int, end: int) -> Mention | None:
        """Return the name that a phrase is about: not that of "a spokesman for Lee"."""
        first, stop = bisect_left(self._starts, start), bisect_left(self._starts, end)
        for mention in reversed(self._mentions[first:stop]):
            if not naming.heads(self.text[start : mention.start], self.text[mention.end : end]):
                continue
            if mention.end <= end:
                return mention
            # In a headline, capitals run on past the name.
            name = naming.strip(self.text[mention.start : end])
            return Mention(mention.start, end, name) if name else None
        return None

    def _by_role(self, phrase: str, at: int) -> str | None:
        """Return the last named bearer of a role: "the spokeswoman", "the ministry"."""
        words = phrase.lower().split()
        if len(words) not in {2, 3} or words[0] not in {"the", "this"}:
            return None
        role, bearable = words[-1], words[-1] in naming.ROLES
        for mention in self._back(at):
            name = mention.name
            institution = name.institution and name.name.lower().endswith(" " + role)
            if institution or (bearable and self._bears(mention, role)):
                return self._called(mention)
        # "Veld's foreign ministry" spoke before, and is no name by its capitals.
        if self._institution and self._institution.lower().endswith(" " + role):
            return self._institution
        return None

    def _bears(self, mention: Mention, role: str) -> bool:
        """Say whether a role stands beside a name: "spokeswoman Ann Lee", "Ann Lee, a nurse"."""
        before = self.text[max(0, mention.start - 40) : mention.start].rstrip(" ,").lower()
        if before.endswith(role):
            return True
        after = self.text[mention.end : mention.end + 60].lower()
        clause = re.split(r"[.;\n]", after, maxsplit=1)[0]
        return clause.startswith(",") and role in re.findall(r"[\w-]+", clause)
