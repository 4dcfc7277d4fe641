"""A follow-up made to stand alone, by rule from the names and times of what was said before it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answer import Turn
from assistant.understand.time_expressions import period
from ingest.language import lexicon
from ingest.language.letter_case import NAME_WORD, UPPER
from ingest.language.possessives import without_possessive
from ingest.language.sentences import sentences
from ingest.language.speech import naming

ToldOf = Callable[[str, str], bool]
"""Tells whether what a question asks is told where an earlier one is: by its own words, its."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_POINTS_BACK = re.compile(
    rf"^(?:{lexicon.pattern('follow_ups.opening', 'follow_ups.opening_about')})\b"
    rf"|\b(?:{lexicon.pattern('follow_ups.back')})\b",
    re.IGNORECASE,
)
_SHORT = 8
"""Words of an answer that says a name and little else."""

_TELLING = 4
"""Letters of a word of a question that tells anything: "the captain"."""

_ALIKE = 5
"""Letters in which two forms of a word begin alike: "succeeds", "successor"."""

_CHAIN = 5
"""Turns back that a follow-up of follow-ups may lean on."""

_SOON = 8
"""Words of a question within which "it" points at what was said before, not at its own nouns."""

_IDLE = re.compile(
    rf"\b(?:{lexicon.pattern('follow_ups.idle')})"
    rf"(?:\s+(?:{lexicon.pattern('follow_ups.idle_between')}))*"
    rf"\s+(?:{lexicon.pattern('follow_ups.idle_before')})\b",
    re.IGNORECASE,
)
"""An "it" that points at nothing: "does it make sense", "is it true"."""

_OPENING = re.compile(rf"^(?:{lexicon.pattern('follow_ups.opening')})\b[,\s]*", re.IGNORECASE)
_SWAP = re.compile(
    rf"^(?:{lexicon.pattern('follow_ups.swap')})\s+(?P<new>[^?]{{2,60}})\??$", re.IGNORECASE
)
_ASKS = re.compile(rf"\b(?:{lexicon.pattern('questions.asks')})\b", re.IGNORECASE)
_LINKS = lexicon.pattern("name_parts.links")
_RUN = re.compile(rf"{NAME_WORD}(?:\s+(?:(?:{_LINKS})\s+)?{NAME_WORD})*")
_MARKS_BEFORE = "¿¡«„“”\"'’ "
_THE = lexicon.pattern("follow_ups.the")
_COPULA = re.compile(
    rf"^(?:{lexicon.pattern('follow_ups.copula_asks')})\s+(?:{lexicon.pattern('follow_ups.copula')})"
    rf"\s+(?P<it>(?:{_THE})\s+.+?|(?-i:[{UPPER}]).+?)\s*\?*$",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    rf"\b(?:{lexicon.pattern('follow_ups.these')})\s+(?:[a-z]+\s+)?(?P<them>(?-i:[a-z]{{3,}}s))\b(?!['’])",
    re.IGNORECASE,
)
_KINDS = {
    word: kind
    for kind in ("person", "several", "thing")
    for word in lexicon.words(f"follow_ups.{kind}")
}
_ENDINGS = {
    word: ending
    for group, ending in (("possessive", "'s"), ("possessive_or_not", "?"))
    for word in lexicon.words(f"follow_ups.{group}")
}
_GENDER = {
    word: kind.removesuffix("_forms")
    for word, kind in lexicon.group_of("pronouns", "en").items()
    if kind.removesuffix("_forms") in {"he", "she"}
}
_PRONOUN = re.compile(rf"\b({lexicon.any_of(_KINDS)})\b", re.IGNORECASE)
_PLACE = re.compile(
    rf"\b(?:{lexicon.pattern('follow_ups.place_after')})\s+(?:(?:{_THE})\s+)?\Z", re.IGNORECASE
)
_WHERE = re.compile(
    rf"\b(?:{lexicon.pattern('follow_ups.where')})\s+(?:(?:{_THE})\s+)?\Z", re.IGNORECASE
)
_DOES_IT = re.compile(
    rf"\b(?:{lexicon.pattern('questions.does')})\s+(?:{_THE})\s+\Z", re.IGNORECASE
)
_KIND_OF = re.compile(
    rf"\s+(?!(?:{lexicon.pattern('follow_ups.place_after', 'follow_ups.not_possessive_before')})\b)"
    r"[a-z]"
)
_WHO_IS = re.compile(rf"\b(?:{lexicon.pattern('questions.who_is')})\s+\Z", re.IGNORECASE)
_FOR_WHOM = re.compile(rf"\W*(?:{lexicon.pattern('questions.who')})\b", re.IGNORECASE)
_DOES = re.compile(rf"\b(?:{lexicon.pattern('questions.does')})\s+\Z", re.IGNORECASE)
_DOING = re.compile(rf"\s+(?:{lexicon.pattern('questions.doing')})\b")
_HE, _SHE = (
    re.compile(
        rf"\b(?:{lexicon.any_of(w for w, g in _GENDER.items() if g == who)})\b", re.IGNORECASE
    )
    for who in ("he", "she")
)
"""Looked for only where the person is named: elsewhere it may be a ship."""

_WHAT_SAID = re.compile(
    rf"(?P<before>.*\b(?:{lexicon.pattern('questions.does')})\s+)(?P<who>\S.*?)"
    rf"(?P<behind>\s+(?:{lexicon.pattern('questions.doing')})\b\W*)",
    re.IGNORECASE,
)
"""A question what somebody said or did, and nothing more: "What did the owner say?"."""

_ON = rf"(?:{lexicon.pattern('questions.words_on')})"
_ON_ITS_OWN = re.compile(rf"\b{_ON}\s+(?!(?:{_THE})\b)(?-i:[^\W\d_{UPPER}]{{3}})", re.IGNORECASE)
_OF_ANOTHER = re.compile(rf"{_ON}\s+\S", re.IGNORECASE)
"""Only what somebody else is asked of: "And about the vote?"."""
_SAID_OF = re.compile(rf"(?P<before>.*?\b(?:{lexicon.pattern('questions.speech')})\s+){_ON}\s.*")

_ROLE = re.compile(rf"{_THE}\s+(?-i:[^\W\d_{UPPER}])\S*(?:\s+\S+){{0,4}}", re.IGNORECASE)
"""Somebody by what they are: "the finance minister"."""

_SPEAKS = re.compile(
    rf",?\s+(?:\d\d|{lexicon.pattern('follow_ups.speaks')})\b|\s*,\s*(?:\d\d|{_THE}\b)"
)
_ACTS = re.compile(rf",?\s+(?:{lexicon.pattern('follow_ups.is_or_has')})\b")
_TELLS = re.compile(rf"\s+(?:{lexicon.pattern('reporting.say')})\b")
_TOLD_BY = re.compile(rf"\b(?:{lexicon.pattern('reporting.say')})\s+(?:[{UPPER}]\w*\s+)?\Z")
_AFTER_HER = re.compile(
    rf"\s*(?:[?.,;!]|$|\b(?:{lexicon.pattern('follow_ups.not_possessive_before')})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A question that stands alone: its words, and what of the history it is about besides.

    `own` are its words without the earlier question that stands behind them in brackets; `about`
    is the question up to it that says what the talk is about.
    """

    text: str
    topic: str
    own: str
    about: str


def follows(asked: str) -> bool:
    """Tell whether a question leans on what was said before it.

    It points back ("he", "that", "and"), and names nobody itself or is very short.
    """
    words = _WORD.findall(asked)
    if len(words) <= 3:
        return True
    if not _POINTS_BACK.search(asked):
        return False
    return names_back(asked) or not names(asked)


def leans(asked: str, history: Sequence[Turn], told_of: ToldOf | None = None) -> bool:
    """Tell whether a question leans on what was said before it, by its form or by what is told.

    One that leaves out what it is about ("How many were hurt?", "What did the owner say?") does
    where an archive tells of it with what the talk is about, and is of something else where not.
    """
    if not history or told_of is None or not _leaves_out(asked):
        return bool(history) and follows(asked)
    return told_of(asked, _chain(history, told_of).about)


def _leaves_out(asked: str) -> bool:
    """Tell whether a question points at nothing, and names nobody or only who says something.

    One that says of what by a word without an article, "about vaccines", leaves nothing out: "about
    the fire" may be the fire of the talk.
    """
    if names_back(asked) or _POINTS_BACK.search(asked):
        return False
    when = period(asked, None)
    if _ON_ITS_OWN.search(asked.replace(when.words, " ") if when else asked):
        return False
    return not names(asked) or bool(_WHAT_SAID.fullmatch(asked))


def names_back(asked: str) -> bool:
    """Tell whether a question goes on from what was said, or has a pronoun for somebody of it."""
    return bool(_OPENING.match(asked) or _PRONOUN.search(asked))


def points_back(asked: str) -> bool:
    """Tell whether a word of a question points at what was said before: "it cost" does not."""
    rest = _IDLE.sub("", _OPENING.sub("", asked))
    return len(_WORD.findall(rest)) <= 3 or bool(_POINTS_BACK.search(rest))


def with_names(
    asked: str,
    history: Sequence[Turn],
    answered: Callable[[str, Sequence[Turn]], str],
    told_of: ToldOf | None = None,
) -> Sequence[Turn]:
    """Return a history with the answer that tells who "she" is, where it was not given.

    `answered` answers an earlier question with what was asked before it.
    """
    n = None if all(turn.answer for turn in history) else _unnamed(asked, history, told_of)
    if n is None:
        return history
    told = replace(history[n], answer=answered(history[n].question, history[:n]))
    return [*history[:n], told, *history[n + 1 :]]


def _unnamed(asked: str, history: Sequence[Turn], told_of: ToldOf | None) -> int | None:
    """Return which earlier question tells who is meant by "she", where its answer is not given.

    It asks for somebody ("Who resigned?"), and no question names anybody.
    """
    chain = [asked]
    while len(chain) <= len(history) and leans(
        chain[-1], history[: len(history) - len(chain) + 1], told_of
    ):
        chain.append(history[-len(chain)].question)
    pronouns = (found for one in chain for found in _PRONOUN.finditer(one))
    person = next((p for p in pronouns if _KINDS[p[0].lower()] == "person"), None)
    if person is None or _person(history, _GENDER[person[0].lower()], told_of):
        return None
    asking = (
        n
        for n in range(len(history) - 1, len(history) - len(chain), -1)
        if not history[n].answer and _asks_for_somebody(history[n].question)
    )
    return next(asking, None)


def stand_alone(asked: str, history: Sequence[Turn], told_of: ToldOf | None = None) -> Alone:
    """Return a follow-up with what it points at in the place of its pronouns.

    "And Orlund?" puts the new name, role or time in the place of the last question's; "when was
    that?" asks of the whole last question. What the talk is about stands behind in brackets where
    nothing in the question says it, or where it names another and `told_of` tells of both.
    """
    before = _chain(history, told_of)
    last = before.own
    person = partial(_person, history, told_of=told_of)
    topic = last if before.text == last else f"{last} {before.topic}"
    swapped = _swapped(asked, last)
    if swapped and not _WHAT_SAID.fullmatch(swapped):
        return Alone(text=swapped, topic="", own=swapped, about=swapped)
    text = swapped or _OPENING.sub("", asked)
    told: set[str] = set()
    own = _PRONOUN.sub(lambda found: _named(found, before, told, person), text)
    own = own[:1].upper() + own[1:]
    replaced = own.lower() != text.lower()
    known = names(own if replaced else text)
    beside = told_of(own, before.about) if told_of else not known
    pointed = names(last) and (told_of is None or points_back(text))
    nothing = told_of is None and not names(before.about)
    named = last if pointed or nothing else before.about
    bracketed = not replaced and (not known or (beside and _tells_more(named, own)))
    return Alone(
        text=f"{own.rstrip(' ?.!')}? ({named})" if bracketed else own,
        topic=topic,
        own=own,
        about=before.about if beside else own,
    )


def _tells_more(named: str, own: str) -> bool:
    known = set(names(named))
    return not known or not known <= set(names(own))


def _chain(history: Sequence[Turn], told_of: ToldOf | None) -> Alone:
    """Return the last question as it stood alone: it may itself have leant on the one before."""
    if not history:
        return Alone(text="", topic="", own="", about="")
    *before, last = history
    asked = " ".join(last.question.split())
    if before and leans(asked, before[-_CHAIN:], told_of):
        return stand_alone(asked, before[-_CHAIN:], told_of)
    return Alone(text=asked, topic="", own=asked, about=asked)


def _swapped(asked: str, last: str) -> str | None:
    """Return the last question with another name or time in it, where only that was asked."""
    found = _SWAP.match(asked)
    if not found or not last or _ASKS.search(found["new"]) or _PRONOUN.search(found["new"]):
        return None
    new = found["new"].strip()
    said = _WHAT_SAID.fullmatch(last)
    if said and _ROLE.fullmatch(new):
        return f"{said['before']}{new}{said['behind']}"
    dated = new if period(new, None) else f"in {new}"
    when, then = period(dated, None), period(last, None)
    if when and when.words == dated:
        kept = last.rstrip(" ?")
        return f"{kept.replace(then.words, dated)}?" if then else f"{kept} {dated}?"
    spoken = _SAID_OF.fullmatch(last)
    if spoken and _OF_ANOTHER.match(new):
        return f"{spoken['before']}{new}?"
    known = names(last)
    if names(new) and known:
        alone = " " not in new or new.lower().startswith("the ")
        article = r"(?:the\s+)?" if alone else ""
        return re.sub(rf"\b{article}{re.escape(known[0])}\b", lambda _: new, last)
    return None


def _named(
    found: re.Match[str], before: Alone, told: set[str], person: Callable[[str], str]
) -> str:
    """Return what a pronoun points at, the first time that it does."""
    kind, ending = _KINDS[found[0].lower()], _ENDINGS.get(found[0].lower(), "")
    if (
        kind in told
        or found.string.count(" ", 0, found.start()) >= _SOON
        or _IDLE.match(found.string, found.start())
    ):
        return found[0]
    if kind == "person":
        name = person(_GENDER[found[0].lower()])
    else:
        name = _several(before.own) if kind == "several" else _thing(before.own)
    if not name:
        return found[0]
    told.add(kind)
    if ending == "?":
        ending = "" if _AFTER_HER.match(found.string, found.end()) else "'s"
    if ending and name.endswith("s"):
        ending = "'"
    return name + ending


def names(text: str) -> list[str]:
    """Return the names in a text, each once, in their order, without titles before them."""
    return list(dict.fromkeys(_names(text)))


def _names(text: str) -> Iterator[str]:
    for run in _runs(text):
        told = naming.strip(without_possessive(run[0]))
        if told and len(told.name) > 1:
            yield told.name


def _runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the words with capitals that stand together, without one that asks before them."""
    starts = {end - len(text[start:end].lstrip(_MARKS_BEFORE)) for start, end in sentences(text)}
    at = 0
    while found := _RUN.search(text, at):
        at = found.end()
        first = without_possessive(found[0].partition(" ")[0])
        if found.start() in starts and _ASKS.fullmatch(first):
            at = found.start() + len(found[0].partition(" ")[0])
        else:
            yield found


def _person(history: Sequence[Turn], pronoun: str, told_of: ToldOf | None = None) -> str:
    """Return who was spoken of last: whom the questions are about, else whom an answer names.

    A question that leans on the one before it is about whom that was about, whoever else its
    answer names. One that asks for somebody ("Who built it?") is about whoever its answer names
    first, else beside most words of it, but for who only tells it. Only a name that is surely a
    person's is taken, but for a short answer; a name after "in" is a place.
    """
    for n in range(len(history) - 1, -1, -1):
        turn = history[n]
        answer = "" if turn.unanswered else turn.answer
        whom = _answering(turn.question, answer) if _asks_for_somebody(turn.question) else []
        known = whom or [*_asked_about(turn.question, answer), *_surnames(turn.question)]
        if name := _fitting(known, answer, pronoun):
            return name
        if not leans(turn.question, history[:n], told_of):
            break
    for turn in reversed(history):
        answer = "" if turn.unanswered else turn.answer
        for known in (_answering(turn.question, answer), _below(turn.question, answer)):
            if name := _fitting(known, answer, pronoun):
                return name
    return ""


def _below(question: str, answer: str) -> list["_Person"]:
    """Return the people whom an answer names below its first line, and its question does not.

    Of a question that asks for somebody, those beside most of its words.
    """
    if _asks_for_somebody(question):
        return _beside_most(question, answer)
    asked = set(names(question))
    people = _people(answer.partition("\n")[2])
    return [one for one in people if one.human and one.name not in asked]


def _fitting(known: Sequence["_Person"], answer: str, pronoun: str) -> str:
    """Return who of some people a pronoun may mean, the one that is most surely a person."""
    fitting = [one for one in known if _gender(one, answer) in {None, pronoun}]
    return max(fitting, key=lambda one: one.sure).name if fitting else ""


def _answering(question: str, answer: str) -> list["_Person"]:
    """Return the people whom the first line of an answer names, but for those asked about.

    Who it begins with answers a question that asks for somebody, whatever is told of them; where
    it names nobody, who stands beside most words of such a question does.
    """
    told = _told_in(answer.partition("\n")[0], question, answer)
    return told or (_beside_most(question, answer) if _asks_for_somebody(question) else [])


def _beside_most(question: str, answer: str) -> list["_Person"]:
    """Return the people in the line below the first that has most words of a question, if any."""
    words = _beginnings(question) - _beginnings(" ".join(names(question)))
    holding = [(len(words & _beginnings(one)), one) for one in answer.splitlines()[1:]]
    most = max((number for number, _ in holding), default=0)
    best = (_told_in(one, question, answer) for number, one in holding if number == most > 0)
    return next(filter(None, best), [])


def _beginnings(text: str) -> set[str]:
    """Return the words of a text that tell anything, cut where their endings may differ."""
    return {word[:_ALIKE].lower() for word in _WORD.findall(text) if len(word) >= _TELLING}


def _told_in(line: str, question: str, answer: str) -> list["_Person"]:
    """Return the people in a line of an answer, but for those asked about and who only tells it."""
    asks = _asks_for_somebody(question)
    short = line.count(" ") < _SHORT
    known = {one.name for one in _asked_about(question, answer)} | set(names(question))
    if asks:
        known |= _tellers(line)
    told = [one for one in _people(line) if one.name not in known]
    if not asks:
        return [one for one in told if one.sure or short]
    return [one for one in told if one.human or short or line.startswith(one.name)]


def _tellers(line: str) -> set[str]:
    """Return who tells what a line of an answer says, but for whom it begins with."""
    runs = (run for run in _runs(line) if run.start())
    telling = (
        run for run in runs if _TELLS.match(line, run.end()) or _TOLD_BY.search(line[: run.start()])
    )
    return {name for run in telling for name in names(run[0])}


def _asks_for_somebody(question: str) -> bool:
    """Tell "Who built it?" from "Who is Ann Lee?"."""
    asks = _FOR_WHOM.match(question)
    return bool(asks) and not any(_asked_of(question, run) for run in _runs(question))


def _asked_about(question: str, answer: str) -> list["_Person"]:
    """Return the people in a question, by their full names where its answer has those."""
    told = _people(answer)
    sure = {one.name for one in told if one.sure}
    asked = [one for one in _people(question) if one.sure or one.name in sure]
    last = [name for name in names(question) if " " not in name]
    return asked + [one for one in told if one.name.rsplit(" ", 1)[-1] in last]


def _surnames(question: str) -> list["_Person"]:
    """Return the last names in a question that asks of them what is asked of people."""
    runs = (run for run in _runs(question) if _asked_of(question, run))
    found = (naming.strip(without_possessive(run[0])) for run in runs)
    return [
        _Person(name=one.name, gender=one.gender, sure=1)
        for one in found
        if one and not one.institution and not naming.acronym(one.name)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """A name that may be a person's, and how sure that is; `human` where nothing else is so told.

    A ship "was" and "has" as people are and have.
    """

    name: str
    gender: str | None
    sure: int
    human: bool = True


def _people(text: str) -> list[_Person]:
    """Return the people that a text names, in their order, without what it calls a place."""
    found: dict[str, _Person] = {}
    for run in _runs(text):
        told = naming.strip(without_possessive(run[0]))
        if told is None or not _is_person(told.name) or _place(text, run.start()):
            continue
        if told.name.isupper():
            continue  # a headline in capitals
        human = bool(told.gender or told.titled or _SPEAKS.match(text, run.end()))
        acts = _SPEAKS.match(text, run.end()) or _ACTS.match(text, run.end())
        sure = 2 * bool(told.gender) + told.titled + bool(acts or _asked_of(text, run))
        found.setdefault(
            told.name, _Person(name=told.name, gender=told.gender, sure=sure, human=human)
        )
    return list(found.values())


def may_be_people(text: str) -> list[str]:
    """Return the names in a text that may be people's, in their order."""
    return [one.name for one in _people(text)]


def _asked_of(text: str, run: re.Match[str]) -> bool:
    """Tell whether a question asks of a name what is asked of people: "Who is", "Did X say"."""
    does = _DOES.search(text, 0, run.start()) and _DOING.match(text, run.end())
    return bool(does or _WHO_IS.search(text, 0, run.start()))


def _gender(person: _Person, answer: str) -> str | None:
    """Return "he" or "she" where the name, its title in the answer or its pronouns tell."""
    if person.gender:
        return person.gender
    last = person.name.rsplit(" ", 1)[-1]
    runs = (naming.strip(without_possessive(run[0])) for run in _RUN.finditer(answer))
    titled = {one.gender for one in runs if one and one.gender and one.words[-1:] == (last,)}
    of_it = "\n".join(line for line in answer.splitlines() if last in line)
    told = titled or {
        *(_GENDER[word.lower()] for word in _HE.findall(answer)),
        *(_GENDER[word.lower()] for word in _SHE.findall(of_it)),
    }
    return told.pop() if len(told) == 1 else None


def _place(text: str, start: int) -> bool:
    return bool(_PLACE.search(text[max(0, start - 16) : start]))


def _is_person(name: str) -> bool:
    if naming.institution(name) or naming.acronym(name):
        return False
    return " " in name and " of " not in f" {name}"


def _several(last: str) -> str:
    found = _PEOPLE.search(last)
    return f"the {found['them']}" if found else ""


def _thing(last: str) -> str:
    """Return what the last question is about: "What is the cost of X?" is about the cost of X.

    A name that only says where something is ("the bear in Tarnholt"), or of what kind ("the
    Tarnholt library"), is not what a question is about.
    """
    asked = _COPULA.match(last)
    if asked and not _is_person(asked["it"]):
        return asked["it"]
    people = {one.name for one in _surnames(last)}
    for name in (one for one in reversed(names(last)) if one not in people):
        before, _, behind = last.partition(name)
        named = before.lower().endswith("the ")
        if _WHERE.search(before) or (
            named and _KIND_OF.match(behind) and not _DOES_IT.search(before)
        ):
            continue
        if named or not _is_person(name):
            return f"the {name}" if named else name
    return ""
