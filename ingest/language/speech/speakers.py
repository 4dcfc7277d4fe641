"""Who is meant: names in an article, and what "he", "Ms. Lee" and "the ministry" stand for."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ingest.language import lexicon
from ingest.language.letter_case import UPPER
from ingest.language.speech import naming, wording

_REST = (
    rf"(?:\.(?:[{UPPER}]\.)*|(?:[’'](?=[{UPPER}]))?\w+(?:[-’'](?!s\b)\w+)*"
    r"(?:\.(?:(?<=\b[MDLJSH][rstn]\.)|(?<=\bMrs\.)"
    r"|(?<=\b(?:Sen|Rep|Gov|Gen|Col|Sgt|Rev|Hon|Adm|Maj)\.)|(?<=\b(?:Capt|Prof)\.)))?)?"
)
_BETWEEN = (
    "de|del|de la|von der|von dem|von|van|van der|der|den|bin|al|da|di|du|le|ter|ten"
    "|of|of the|for|&"
)
# One leading character class, so that the regex engine can skip to the next capital.
_NAME = re.compile(
    rf"[{UPPER}](?<![\w’'].){_REST}(?:[ \u00a0](?:(?:{_BETWEEN})[ \u00a0])?[{UPPER}]{_REST}){{0,9}}"
)
_FAR = 3000
"""Characters back that a role or a pronoun is looked up: some ten paragraphs."""
_MOST = 60
"""Names back that are looked at, so that a page of names alone costs linear time."""

_BREAK = re.compile(r"(?<=[\n.!?:”\"’'»)])\n+|\n{2,}")
_INITIALS = 2
"""Capitals that may be somebody's first names: "JD Lee"."""

_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?\n]")
_SOMEBODY = re.compile(r"(?<!, )\b(?:an?|another) (\w+)(?: (\w+))?\b(?!,)", re.IGNORECASE)
_AHEAD = 12
_INFLECTED = ("e", "en")
"""How German adjectives end after an article."""

_IS = re.compile(rf"\b(?:{lexicon.any_of(wording.PASSIVE | {'as'})})\s\Z", re.IGNORECASE)
"""Before what somebody is: "she was a nurse" brings in nobody."""
_ARTICLES = lexicon.any_of(
    word.capitalize() for word in lexicon.words("reporting.articles", "de", "fr")
)
_APPOSED = re.compile(
    rf"(?:^|[.!?\n”\"’] ?)(?:The|A|An|His|Her|Its|Their|Our|My|{_ARTICLES})"
    r" (?:[\w’'-]+ ){0,4}[\w’'-]+,$"
)
"""What stands between the start of a sentence and the name in "His predecessor, Tom Reed"."""
_ASKS = re.compile(
    rf"\s(?:[\w’'-]+\s){{0,2}}(?:{lexicon.pattern('reporting.asks')})\s", re.IGNORECASE
)
"""What stands between whoever asks and whom: what is quoted next is the answer."""

_KIND = {
    **{word: kind for kind in ("he", "she") for word in lexicon.words(f"pronouns.{kind}")},
    **dict.fromkeys(lexicon.words("pronouns.he_forms", "de", "fr"), "he"),
    **wording.PRONOUN_KIND,
}
_PRONOUN = {
    kind: re.compile(
        rf"\b(?:{lexicon.pattern(f'pronouns.{kind}', f'pronouns.{kind}_forms')})\b", re.IGNORECASE
    )
    for kind in ("he", "she")
}
_PLACING = frozenset("in at near from of on off across through outside inside the".split())


class Mention(NamedTuple):
    """A name where it stands, without its titles."""

    start: int
    end: int
    name: naming.Name


class Meant(NamedTuple):
    """Who is meant by a phrase: their name in full, and whether nobody else can be."""

    name: str
    sure: bool


class Person:
    """A person by the longest form of their name, and where it stands."""

    __slots__ = ("_labels", "gender", "name", "places")

    def __init__(self, name: naming.Name) -> None:
        self.name = name.name
        self._labels: tuple[str, list[str], str] | None = None
        self.gender = name.gender
        self.places: list[int] = []

    def add(self, name: naming.Name, at: int) -> None:
        """Note another place where they are named in full."""
        self.places.append(at)
        self.gender = self.gender or name.gender
        if len(name.name) > len(self.name):
            self.name = name.name

    def bears(self, label: Sequence[str]) -> bool:
        """Say whether a label's words, in lower case, are this name, its last word or initials."""
        if self._labels is None or self._labels[0] != self.name:
            words = [word.casefold() for word in naming.words(self.name)]
            self._labels = self.name, words, "".join(word[0] for word in words)
        _, own, initials = self._labels
        if len(label) == 1:
            return label[0] in {own[-1], initials}
        return bool(label) and label[-1] == own[-1] and label[0] == own[0]

    def stands_outside(self, spans: Sequence[tuple[int, int]]) -> bool:
        """Say whether they are named anywhere but in some spans."""
        return any(not any(start <= at < end for start, end in spans) for at in self.places)


class Cast:
    """The people and institutions of an article, and who of them spoke last.

    `blotted` is its text with all quotations made unreadable: whom a speaker mentions is not
    whom the reporter means by "he"; `sentences` is where its sentences begin, `openers` what they
    may open with before a name. Phrases must be resolved in reading order.
    """

    def __init__(
        self,
        text: str,
        blotted: str,
        sentences: Sequence[int],
        openers: frozenset[str] = frozenset(),
    ) -> None:
        self.text = text
        self._openers = openers
        self._blotted = blotted
        self._sentences = sentences or [0]
        self._person: tuple[str, int] | None = None
        self._spoke_surely, self._spoke_until = False, 0
        self._institution: tuple[str, int] | None = None
        self._group: tuple[str, int] | None = None
        self._told: dict[str, str] = {}
        self._forms: dict[str, str] = {}

    def resolve(self, start: int, end: int) -> Meant | None:
        """Return who stands at `start:end`, and remember that they spoke."""
        kind = _KIND.get(self.text[start:end].lower())
        name = self._phrase(start, end) if kind is None else self._pronoun(kind, start)
        if not name:
            return None
        sure = (
            self._surely_bears(name, start, end) if kind is None else self._only(name, kind, start)
        )
        self._remember(name, start, kind)
        if self._person == (name, start):
            self._spoke_surely, self._spoke_until = sure, end
        if sure and kind is not None:
            self._told.setdefault(name, kind)
        return Meant(name, sure)

    def bearer(self, label: str, labels: Sequence[tuple[int, int]] = ()) -> str | None:
        """Return the full name of the one person whom a transcript's label names: "LEE", "A.L.".

        Who is named in `labels` alone is a person where the first name is known as one, or where
        a later label is their last name.
        """
        words = [word.casefold() for word in naming.words(label) if not naming.title(word)]
        short = {self.text[start:end].casefold() for start, end in labels}
        people = [
            one
            for namesakes in self._people.values()
            for one in namesakes.values()
            if one.bears(words)
            and (
                naming.gender(one.name)
                or naming.words(one.name)[-1].casefold() in short
                or one.stands_outside(labels)
            )
        ]
        names = {one.name for one in people}
        written = {name for name in names if not name.isupper()} or names
        return written.pop() if len(written) == 1 else None

    def named_before(self, at: int) -> list[str]:
        """Return the people who are named in full before a place."""
        people = (one for namesakes in self._people.values() for one in namesakes.values())
        return [one.name for one in people if one.places[0] < at]

    def _remember(self, name: str, at: int, kind: str | None) -> None:
        if kind in {"it", "they"}:
            return
        if kind is None and (naming.institution(name) or naming.acronym(name)):
            self._institution = self._group = name, at
        elif kind is None and naming.plural(name):
            self._group = name, at
        else:
            self._person = name, at

    # Names

    @cached_property
    def _mentions(self) -> list[Mention]:
        mentions: list[Mention] = []
        begins = frozenset(self._sentences) if self._openers else frozenset()
        for match in _NAME.finditer(self._blotted):
            opening = self._opening(match[0]) if match.start() in begins else 0
            opening += self._told_by_noun(match.start() + opening, match.end())
            name = naming.strip(match[0][opening:]) if len(match[0]) > opening else None
            if name is not None:
                start = match.start() + opening + name.offset
                mentions.append(Mention(start, start + len(name.name), name))
        return mentions

    def _opening(self, run: str) -> int:
        """Return the length of what opens a sentence before a name: "Die Stadt", "Nach Lee"."""
        at = 0
        while (word := run[at:].split(" ", 1)[0].lower()) and word in self._openers:
            at += len(word) + 1
        return at

    def _told_by_noun(self, start: int, end: int) -> int:
        """Return the length of the noun in "seine Tochter Ida Rix", "des Finances Luc Hahn".

        An adjective before a name is part of it: "die Deutsche Lufthansa Technik".
        """
        noun, *name = self._blotted[start:end].split(" ")
        if not self._openers or len(name) < 2 or noun.endswith(_INFLECTED) or name[0].islower():
            return 0
        ahead = self._blotted[max(0, start - _AHEAD) : start].lower().split()
        return len(noun) + 1 if ahead and naming.article(ahead[-1]) else 0

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self._mentions]

    @cached_property
    def _people(self) -> dict[str, dict[str, Person]]:
        """People with a full name, by surname and first name."""
        people: dict[str, dict[str, Person]] = {}
        for start, _, name in self._mentions:
            if self._is_full(name):
                namesakes = people.setdefault(name.words[-1], {})
                person = namesakes.get(name.words[0])
                if person is None:
                    person = namesakes[name.words[0]] = Person(name)
                person.add(name, start)
        return people

    @staticmethod
    def _is_full(name: naming.Name) -> bool:
        """Say whether a name is a person's first and last: "CNN Lee" is two who stand together."""
        if len(name.words) < 2 or name.institution or " of " in name.name:
            return False
        first, last = name.words[0], name.words[-1]
        return len(first) <= _INITIALS or not naming.acronym(first) or naming.acronym(last)

    @cached_property
    def _titled(self) -> frozenset[str]:
        """The names that stand somewhere with a title."""
        return frozenset(mention.name.name for mention in self._mentions if mention.name.titled)

    @cached_property
    def _genders(self) -> dict[str, str]:
        """What "Mr." and "Ms." and first names say of each surname."""
        return {m.name.words[-1]: m.name.gender for m in self._mentions if m.name.gender}

    def _full(self, at: int, name: naming.Name) -> str:
        """Return the longest form of a person's name that is told apart from any namesake."""
        namesakes = self._people.get(name.words[-1], {})
        if len(name.words) > 1 and not name.words[0].islower():
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

    def _back(self, at: int, floor: int = 0) -> list[Mention]:
        stop = bisect_left(self._starts, at)
        begin = max(bisect_left(self._starts, max(floor, at - _FAR)), stop - _MOST)
        return self._mentions[begin:stop][::-1]

    # Pronouns

    def _pronoun(self, kind: str, at: int) -> str | None:
        if kind in {"he", "she"}:
            return self._he_or_she(kind, at)
        spoke = self._institution if kind == "it" else self._group if kind == "they" else None
        above = self._paragraph(self._paragraph(at) - 1)
        if spoke and spoke[1] >= above:
            return spoke[0]
        return self._institution_since(above, at) if kind == "it" else None

    def _institution_since(self, floor: int, at: int) -> str | None:
        for mention in self._back(at, floor):
            if mention.name.institution:
                return self._longest(mention.name.name)
        return None

    def _he_or_she(self, kind: str, at: int) -> str | None:
        """Return whom the reporter means: named or speaking here or in the paragraph before."""
        here = self._paragraph(at)
        name, said_at = self._person or ("", -1)
        spoke = name if name and self._fits(naming.words(name), kind) else None
        if said_at >= here and spoke:
            return self._since(kind, said_at + 1, at) or self._goes_on(spoke, said_at, at)
        found = self._since(kind, here, at) or self._named(kind, here, at)
        if found is not None or self._unnamed(here, at):
            return found
        above = self._paragraph(here - 1)
        if said_at >= above:
            return self._since(kind, said_at + 1, here) or spoke
        return self._since(kind, above, here) or self._named(kind, above, here)

    def _goes_on(self, spoke: str | None, said_at: int, at: int) -> str | None:
        """Return who spoke, unless "he" may be another in "Ann Lee said that he had"."""
        told = spoke and (self._told.get(spoke) or self._gender(naming.words(spoke)))
        apart = _SENTENCE_END.search(self._blotted, said_at, at)
        return spoke if told or apart or not self._rivals(said_at, at) else None

    def _rivals(self, said_at: int, at: int) -> bool:
        """Say whether a man or a woman known as such was named in the paragraph before."""
        floor = self._paragraph(self._paragraph(said_at) - 1)
        return any(
            self._human(mention.name) and self._gender(mention.name.words)
            for mention in self._back(said_at, floor)
        )

    def _since(self, kind: str, floor: int, at: int) -> str | None:
        """Return the last person of that gender who begins a sentence since `floor`."""
        for mention in self._back(at, floor):
            if self._leads(mention) and self._personal(mention, kind):
                known = self._gender(mention.name.words) or not self._unnamed(mention.end, at)
                return self._full(mention.start, mention.name) if known else None
        return None

    def _named(self, kind: str, floor: int, at: int) -> str | None:
        """Return the one person named since `floor`: of that gender, else who may be."""
        fitting = [m for m in self._back(at, floor) if self._personal(m, kind)]
        known = [m for m in fitting if self._gender(m.name.words) == kind]
        names = {self._full(m.start, m.name) for m in known or fitting}
        return names.pop() if len(names) == 1 else None

    def _personal(self, mention: Mention, kind: str) -> bool:
        """Say whether a name is that of a person whom `kind` may mean."""
        words = mention.name.words
        if mention.name.institution or not self._fits(words, kind):
            return False
        if self.text.startswith((", which", ":"), mention.end):
            return False  # A company, or the one who asks in an interview.
        if self._human(mention.name):
            return True
        ahead = self.text[max(0, mention.start - 12) : mention.start].rstrip().lower()
        placed = ahead.rsplit(maxsplit=1)[-1:]
        return len(words) in {2, 3} and (not placed or placed[0] not in _PLACING)

    def _unnamed(self, floor: int, at: int) -> bool:
        """Say whether somebody without a name is brought in: "the mine sent an observer"."""
        return any(
            any(naming.speaks(f"a {noun}") for noun in match.groups() if noun)
            for match in _SOMEBODY.finditer(self._blotted, max(floor, at - _FAR), at)
            if not _IS.search(self._blotted, max(0, match.start() - _AHEAD), match.start())
        )

    def _only(self, name: str, kind: str, at: int) -> bool:
        """Say whether nobody but whom a pronoun is taken for can be meant by it.

        They are who spoke or whom a sentence began with, and no sentence since has begun with
        another who may be meant; or nobody else was named in two paragraphs.
        """
        anchor = self._anchor(name, kind, at) if kind in {"he", "she"} else None
        if anchor is None or not self._is_somebody(name):
            return False
        since, acts = anchor
        known = self._gender(naming.words(name)) == kind
        if self._unnamed(since, at) or not (acts or known):
            return False
        floor = since
        if not (acts and known):
            floor = self._paragraph(since if acts else self._paragraph(since) - 1)
        rivals = [m for m in self._back(at, floor) if self._may_be(m, name, kind, known)]
        if not acts:
            here = self._sentence(at) <= since or self._owns(since)
            return not (rivals or here or self._pronoun_of(kind, floor, since))
        if not known:
            return not rivals
        return not any(
            self._takes_over(m, kind) or _ASKS.fullmatch(self._blotted, since, m.start)
            for m in rivals
        )

    def _anchor(self, name: str, kind: str, at: int) -> tuple[int, bool] | None:
        """Return where somebody spoke or was named last, and whether they are who acts there."""
        person, at_spoke = self._person or ("", -1)
        spoke = person == name
        if spoke and not self._spoke_surely:
            return None
        for mention in self._back(at):
            if spoke and mention.start < at_spoke:
                break
            if self._full(mention.start, mention.name) == name:
                known = self._gender(mention.name.words) == kind
                apart = self._sentence(at) > mention.start and not self._owns(mention.end)
                first = self._leads(mention) or self._takes_over(mention, kind)
                said = spoke and mention.start < self._spoke_until
                return mention.end, said or (known and first and apart)
        return (self._spoke_until, True) if spoke else None

    def _owns(self, end: int) -> bool:
        """Say whether a name that ends there is only that of an owner: "Lee's office"."""
        return self.text.startswith(("’s", "'s"), end)

    def _is_somebody(self, name: str) -> bool:
        """Say whether a name is a person's: in full, or with a title or a first name known."""
        words = naming.words(name)
        full = words[0] in self._people.get(words[-1], {})
        return full or name in self._titled

    def _may_be(self, mention: Mention, name: str, kind: str, known: bool) -> bool:
        """Say whether another name than `name` may be that of whom a pronoun means."""
        if self._full(mention.start, mention.name) == name:
            return False
        if self._human(mention.name):
            return self._fits(mention.name.words, kind)
        if not known and not self._leads(mention):
            return False
        one = len(mention.name.words) == 1 and not mention.name.institution
        return self._personal(mention, kind) or (one and self._leads(mention))

    def _takes_over(self, mention: Mention, kind: str) -> bool:
        """Say whether a name is the first in its sentence of those who may be meant."""
        begin = self._sentence(mention.start)
        ahead = self._back(mention.start, begin)
        return not self._pronoun_of(kind, begin, mention.start) and not any(
            self._human(one.name) and self._fits(one.name.words, kind) for one in ahead
        )

    def _sentence(self, at: int) -> int:
        """Return where the sentence of a place begins."""
        return self._sentences[max(0, bisect_right(self._sentences, at) - 1)]

    def _pronoun_of(self, kind: str, start: int, end: int) -> bool:
        return _PRONOUN[kind].search(self._blotted, start, end) is not None

    @cached_property
    def _paragraphs(self) -> list[int]:
        """Where paragraphs begin that are more than speech; a line that only wraps is none."""
        starts = [0, *(match.end() for match in _BREAK.finditer(self.text))]
        ends = [*starts[1:], len(self.text)]
        spans = zip(starts, ends, strict=True)
        return [span[0] for span in spans if _LETTER.search(self._blotted, *span)]

    def _paragraph(self, at: int) -> int:
        """Return where the paragraph of `at` begins, or the last before that is not speech."""
        index = bisect_right(self._paragraphs, at) - 1
        return self._paragraphs[index] if index >= 0 else 0

    def _human(self, name: naming.Name) -> bool:
        if name.institution:
            return False
        known = len(name.words) == 1 and name.name in self._people
        return known or name.titled or name.gender is not None

    def _gender(self, words: Sequence[str]) -> str | None:
        """Return "he" or "she" where the article or the first name tells."""
        person = self._people.get(words[-1], {}).get(words[0])
        gender = person.gender if person else naming.gender(" ".join(words))
        full = person.name if person else " ".join(words)
        return gender or self._told.get(full) or self._genders.get(words[-1])

    def _fits(self, words: Sequence[str], kind: str) -> bool:
        if not words:
            return False
        gender = self._gender(words) or naming.likely_gender(words)
        return gender is None or gender == kind

    def _leads(self, mention: Mention) -> bool:
        """Say whether a name, with its titles, begins a sentence."""
        before = self.text[max(0, mention.start - 40) : mention.start].rstrip(" \u00a0")
        while (words := before.rsplit(maxsplit=1)) and naming.title(words[-1]):
            before = before[: before.rindex(words[-1])].rstrip(" \u00a0")
        return not before or before[-1] in '.!?\n”"’' or bool(_APPOSED.search(before))

    # Phrases

    def _surely_bears(self, name: str, start: int, end: int) -> bool:
        """Say whether a phrase itself names who is meant, or describes no one else."""
        if self._head(start, end) is not None:
            return True
        words = naming.bare(self.text[start:end]).lower().split()
        return len({self._called(m) for m in self._back(start) if self._bears(m, words[-1])}) == 1

    def _phrase(self, start: int, end: int) -> str | None:
        head = self._head(start, end)
        if head is None:
            phrase = naming.bare(self.text[start:end])
            return self._by_role(phrase, start) or (phrase if naming.speaks(phrase) else None)
        return self._called(head)

    def _called(self, mention: Mention) -> str:
        if mention.name.institution:
            return self._longest(mention.name.name)
        return self._full(mention.start, mention.name)

    def _head(self, start: int, end: int) -> Mention | None:
        """Return the name that a phrase is about: not that of "a spokesman for Lee"."""
        first, stop = bisect_left(self._starts, start), bisect_left(self._starts, end)
        for mention in reversed(self._mentions[first:stop]):
            ahead = self.text[start : mention.start]
            ahead = "" if mention.name.titled and naming.office(ahead) else ahead
            if not naming.heads(ahead, self.text[mention.end : end]):
                continue
            if self._openers and self._common_noun(start, mention):
                return None
            if mention.end <= end:
                return mention
            # In a headline, capitals run on past the name.
            name = naming.strip(self.text[mention.start : end])
            return Mention(mention.start, end, name) if name else None
        return None

    def _common_noun(self, start: int, mention: Mention) -> bool:
        """Tell "der Mann" and "zwei Zeugen" from a name, where all nouns have capitals."""
        ahead = self.text[start : mention.start].lower().split()
        _, *more = mention.name.words
        common = not more or naming.article(more[0])  # "Sprecher der Werft"
        return common and len(ahead) == 1 and naming.article(ahead[0])

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
        if self._institution and self._institution[0].lower().endswith(" " + role):
            return self._institution[0]
        return None

    def _bears(self, mention: Mention, role: str) -> bool:
        """Say whether a role stands beside a name: "spokeswoman Ann Lee", "Ann Lee, a nurse"."""
        before = self.text[max(0, mention.start - 40) : mention.start].rstrip(" ,").lower()
        if before.endswith(role):
            return True
        after = self.text[mention.end : mention.end + 60].lower()
        clause = re.split(r"[.;\n]", after, maxsplit=1)[0]
        return clause.startswith(",") and role in re.findall(r"[\w-]+", clause)
