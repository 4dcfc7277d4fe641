"""What other rooms say in English, said again in a reader's language.

A notice, what a list says of itself, a reason, an error: each has a form with places in it, which
stands here as a text of the interface. What has no form here is left as it came.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from assistant.render.interface_text import (
    Say,
    counted,
    day_told,
    days_told,
    in_english,
    is_english,
    to_say,
)
from assistant.render.language_names import languages_retold
from ingest.language import lexicon

_FORMS = (
    # What is told beside an answer
    to_say("Left out, since it was retracted: “{title}”{where}."),
    to_say("The index by words is behind: run `morgue rebuild words` to find everything."),
    to_say("Searched by words alone: nothing is embedded yet."),
    to_say("Searched by words alone: {why}."),
    to_say("{name} were not searched by meaning: their Chroma server does not answer."),
    to_say("Some articles have no date and may be later than the day asked."),
    to_say("What answers is in another language than the question, and is quoted as it was "
           "printed."),
    to_say("No language model is set up, so the answer is quotations."),
    to_say("The model {known}; the rest is quotations."),
    to_say("The model {known}, so the answer is quotations."),
    to_say("broke off"), to_say("could not be asked"), to_say("is busy"),
    to_say("does not answer"), to_say("did not take the request"),
    to_say("sent nothing that can be used"),
    to_say("The language model failed its examination as a reader of claims ({n} of {m} right) "
           "and {known}."),
    to_say("reads all the same"), to_say("does not read; {name} does"),
    to_say("Of some articles it is not known yet who said what: `morgue rebuild statements`."),
    to_say("Several are called so: {names}. Name one in full."),
    to_say("“{name}” is also spelled {names} here: what prints only that is not counted."),
    to_say("Articles are listed by what they report; readers’ comments are not looked at."),
    to_say("No article in the archive is by “{name}”{where}."),
    to_say("There is no collection of that name in the archive: “{name}”{where}."),
    to_say("There is no outlet of that name in the archive: “{name}”{where}."),
    to_say("There is no section of that name in the archive: “{name}”{where}."),
    to_say("There is no language of that name in the archive: “{name}”{where}."),
    to_say("; near it: {names}"), to_say("; there are: {names}"),
    # What is told of an article
    to_say("This sentence was added (version {n})."),
    to_say("This sentence was added on {day} (version {n})."),
    to_say("This sentence was added by {day} (version {n})."),
    to_say("This sentence was changed (version {n}). Before: “{words}”"),
    to_say("This sentence was changed on {day} (version {n}). Before: “{words}”"),
    to_say("This sentence was changed by {day} (version {n}). Before: “{words}”"),
    to_say("A newer version of this article exists (version {n})."),
    to_say("These words still stand in it."), to_say("These words are not in it."),
    to_say("Of this dispatch, another outlet retracted its copy."),
    to_say("Of this dispatch, {name} retracted its copy."),
    to_say("The article was withdrawn by whoever published it."),
    to_say("Recognised text (OCR): look at the printed page before quoting."),
    to_say("Recognised text (OCR), {share} sure on its least sure page: look at the printed page "
           "before quoting."),
    # That the archive does not say
    to_say("The archive does not say."),
    to_say("The archive does not say: “{words}”"),
    to_say("The archive does not say: it has articles on the subject, but none of them answers "
           "this."),
    to_say("The archive does not say: only readers’ comments speak of it, and they are not "
           "reporting."),
    to_say("The archive does not say: on the day asked about, nothing on this had been published "
           "yet."),
    to_say("The archive does not say: what it had on this was retracted."),
    to_say("The archive does not say: it has articles on the subject, but of another year."),
    to_say("The archive does not say: that was still to come when the last of its articles was "
           "printed, and none of them foretells it."),
    to_say("There is nothing in this to look for."),
    to_say("The archive is empty."),
    to_say("The archive does not say: nothing that was found in it answers this."),
    # Of a draft
    to_say("The archive prints otherwise"), to_say("Says more than the archive prints"),
    to_say("Not in this archive"), to_say("Not as it was printed"),
    to_say("Put together from what was printed apart"),
    to_say("Printed as somebody else’s words"), to_say("Words that are not in this archive"),
    to_say("{known}: “{words}”"),
    to_say("“{words}” where “{printed}” is printed"), to_say("“{words}” is not printed there"),
    to_say("without “{printed}”"), to_say("written otherwise"), to_say("cut out of “{words}”"),
    to_say("given to {name}, printed as the words of {names}"),
    # Why a sentence does not stand
    to_say("cites nothing"), to_say("says nothing"), to_say("asks, and says nothing"),
    to_say("says more than its sources do"), to_say("is not in its sources"),
    to_say("says more than its sources do; nearest"), to_say("is not in its sources; nearest"),
    to_say("says more than its sources do; nearest: {words}"),
    to_say("is not in its sources; nearest: {words}"),
    to_say("is not what its sources say: {words}"), to_say("is not what its sources say"),
    to_say("says more than what is printed"), to_say("says more than what is printed: {words}"),
    to_say("stands within what is printed, which says more"),
    to_say("stands within what is printed, which says more: {words}"),
    to_say("is not what is printed"), to_say("is not what is printed: {words}"),
    to_say("the archive has nothing that says it"), to_say("nothing is on it"),
    # Of a list
    to_say("The first is of {first}, the last of {last}."),
    to_say("Printed by {n} outlets: {names}."),
    to_say("No article holds all the words of “{words}”."),
    to_say("What most newsrooms tell, and at greatest length, comes first."),
    to_say("{names}: first mentioned on {day}: “{title}”{where}."),
    to_say("{names}: last mentioned on {day}: “{title}”{where}."),
    to_say("The first article is of {day}: “{title}”{where}."),
    to_say("The newest article is of {day}: “{title}”{where}."),
    to_say("This archive holds {count}{once}{when}."),
    to_say(", {n} where copies of one dispatch count once"),
    to_say(", printed from {first} to {last}"),
    to_say("It has 1 outlet: {more}."), to_say("It has {n} outlets: {more}."),
    to_say("It has 1 language: {more}."), to_say("It has {n} languages: {more}."),
    to_say("It has 1 collection: {more}."), to_say("It has {n} collections: {more}."),
    to_say("{names} and {n} more"),
    to_say("Ask a question, and every sentence of the answer is quoted from an article or held "
           "against one; ask for a list, a count or a first mention; or search for words."),
    # What cannot be done
    to_say("there is nothing to check"), to_say("paste a text, or choose a file"),
    to_say("that is {n} characters, and a draft may have {m}"),
    to_say("check it chapter by chapter"),
    to_say("{name}, its length: {known}"), to_say("{name}, its first bytes: {known}"),
    to_say("{name}, its archive: {known}"), to_say("{name}: {known}"),
    to_say("it has {n} characters, {m} are checked at once: check it in parts"),
    to_say("it is a PDF: give text, Markdown or .docx"),
    to_say("it is no text: give text, Markdown or .docx"),
    to_say("it unpacks to {n} bytes, too many to read"),
    to_say("it is no Word document: {words}"), to_say("{words}: save it as UTF-8, or as .docx"),
    to_say("{label}: “{words}” is not a day"), to_say("From"), to_say("To"), to_say("As of"),
    to_say("“{words}” is not a day"),
    to_say("write it like 2024-03-12"),
    to_say("that is {n} characters, and {m} are looked for at once"),
    to_say("paste less of it; a whole text is held against the archive at “Check a draft”"),
    to_say("take that filter off"),
    to_say("no file was chosen"), to_say("choose one, or several"),
    to_say("the request is longer than {n} bytes"), to_say("send less"),
    to_say("too many requests wait already"), to_say("try again in a moment"),
    to_say("this took longer than {n} seconds"),
    to_say("ask for less, or set MORGUE_REQUEST_TIMEOUT"),
    to_say("the server is being stopped"), to_say("ask again when it serves again"),
    to_say("the collection {name} is not among those that you may see"),
    to_say("a watch needs a name that can be read, without /"), to_say("give it one"),
    to_say("whose watches these are is not known on this host"),
    to_say("copy keys.json and people.json of the host that serves into this archive's folder, or "
           "set MORGUE_WATCH_SECONDS=0 here"),
    to_say("without a query nothing is near in meaning"), to_say("give a query"),
    to_say("what was cited is watched without a query"),
    to_say("leave out the query, or --cited"),
    to_say("{name} holds no word to search for"), to_say("give words, or leave it out"),
    to_say("the query cannot be read at character {n}: {why}"),
    to_say("docs/query.md has the operators; --literal takes words as words"),
    to_say("this parenthesis is not closed: {words}"),
    to_say("something is missing at the end: {words}"),
    to_say("this quotation mark is not closed: {words}"),
    to_say("this parenthesis was not opened, or nothing is in it: {words}"),
    to_say("a password has at least {n} characters, at most {m}"),
    to_say("a few words that have nothing to do with each other are a good one"),
    to_say("that password is easily guessed"), to_say("choose another one"),
    to_say("a name is one line of at most {n} characters"), to_say("such as `anna.kovac`"),
)  # fmt: skip

_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}|undated"
_COUNT = r"No article|[\d,]+ articles?"
_PLACES: Mapping[str, str] = {
    **dict.fromkeys(("n", "m"), r"[\d.,]+"),
    **dict.fromkeys(("day", "first", "last"), _DAY),
    "where": r"(?: \([^)]*\)|; near it: .+?|; there are: .+?)?",
    "once": r"(?:, [\d,]+ where copies of one dispatch count once)?",
    "when": rf"(?:, printed from (?:{_DAY}) to (?:{_DAY}))?",
    "share": r"[\d.]+%",
    "count": _COUNT,
}
"""What may stand in a place of a form; in any other, something."""
_OF_LANGUAGES = ("It has 1 language: {more}.", "It has {n} languages: {more}.")
_TOLD_AGAIN = ("where", "once", "when", "why", "known", "label", "more")
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z“\d])|(?<=;) (?=“|without |given to )")
_PERIOD = rf"(?:from |up to )?(?:{_DAY})(?: to (?:{_DAY}))?"
_COUNTED = re.compile(
    rf"(?P<count>{_COUNT})(?: (?:is|are) by (?P<by>.+?))??(?:(?: and)? mentions? (?P<names>.+?))??"
    rf"(?:(?: and)? holds? all the words of “(?P<query>.+)”)?(?:(?: and)? fits? (?P<fit>.+?))??"
    rf"(?: of (?P<of>[^“”]+?))?(?:, (?P<when>{_PERIOD}))?"
    r"(?:, copies of one dispatch once; (?P<copies>[\d,]+) with copies)?\."
)


def retold(text: str, say: Say = in_english) -> str:
    """Return a text that another room put together, in a reader's language."""
    if not text or is_english(say):
        return text
    whole = _again(text, say)
    if whole is not None:
        return whole
    parts = _SENTENCES.split(text)
    told = [_again(one.rstrip(";"), say) for one in parts]
    ends = [";" if one.endswith(";") else "" for one in parts]
    found = zip(parts, told, ends, strict=True)
    return " ".join(one if again is None else again + end for one, again, end in found)


def _again(text: str, say: Say) -> str | None:
    """Return a text whose form is known in another language, else None."""
    if (number := _COUNTED.fullmatch(text)) is not None:
        return _how_many(number, say)
    for form, pattern in _patterns():
        found = pattern.fullmatch(text)
        values = _values(found, say) if found else None
        if values is not None:
            if form in _OF_LANGUAGES:
                values["more"] = languages_retold(values["more"], say)
            return say(form, **values)
    return None


def _values(found: re.Match[str], say: Say) -> dict[str, str] | None:
    """Return what stands in the places of a form, None where one is of no form itself."""
    values = dict[str, str]()
    for name, value in found.groupdict().items():
        again = _in_place(name, value, say)
        if again is None:
            return None
        values[name] = again
    return values


def _in_place(name: str, value: str, say: Say) -> str | None:
    if _PLACES.get(name) == _DAY:
        return day_told(_day(value), say)
    if name == "count":
        return _count(value, say)
    again = _again(value, say) if name in _TOLD_AGAIN else None
    return again if again is not None or name == "known" else value


def _how_many(number: re.Match[str], say: Say) -> str:
    """Return how many articles there are, of what."""
    names = number["names"] and ", ".join(re.split(r"(?<=”) and (?=“)", number["names"]))
    told = (
        _count(number["count"], say),
        number["by"] and say("by {names}", names=number["by"]),
        names and say("mentioning {names}", names=names),
        number["query"] and say("with all the words of “{query}”", query=number["query"]),
        number["fit"] and say("fitting {query}", query=number["fit"]),
        number["of"] and say("of {outlets}", outlets=number["of"]),
        number["when"] and _period(number["when"], say),
        number["copies"] and say("with copies of one dispatch: {n}", n=number["copies"]),
    )
    return f"{', '.join(filter(None, told))}."


def _count(value: str, say: Say) -> str:
    if value == "No article":
        return say("No article")
    number = int(value.partition(" ")[0].replace(",", ""))
    return counted(say, number, "1 article", "{n} articles")


def _period(value: str, say: Say) -> str:
    found = [_day(one) for one in re.findall(_DAY, value)]
    if len(found) == 2:
        return days_told(found[0], found[1], say)
    if value.startswith("from "):
        return days_told(found[0], None, say)
    return days_told(None, found[0], say) if value.startswith("up to ") else day_told(found[0], say)


def _day(value: str) -> date | None:
    """Return the day that is written in English, None for what is none."""
    day, _, month_year = value.partition(" ")
    month, _, year = month_year.partition(" ")
    months = lexicon.calendar("en").month_names
    if month.lower() not in months:
        return None
    try:
        return date(int(year), months.index(month.lower()) + 1, int(day))
    except ValueError:
        return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the forms, those that say most first, and what each is known by."""
    ordered = sorted(_FORMS, key=lambda form: -len(re.sub(r"{\w+}", "", form)))
    return tuple((form, _pattern(form)) for form in ordered)


def _pattern(form: str) -> re.Pattern[str]:
    pieces = re.split(r"{(\w+)}", form)
    words = map(re.escape, pieces[::2])
    places = (f"(?P<{name}>{_PLACES.get(name, '.+?')})" for name in pieces[1::2])
    joined = "".join(word + place for word, place in zip(words, [*places, ""], strict=True))
    return re.compile(joined, re.DOTALL)
