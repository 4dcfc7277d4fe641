"""What names look like: titles, roles, institutions, and first names that tell a gender."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.language.speech import wording

_TITLES_HE = frozenset("mr sir lord king prince señor sr пан г-н".split())
_TITLES_SHE = frozenset("mrs ms miss lady queen princess dame señora sra пані".split())
_TITLES = (
    _TITLES_HE
    | _TITLES_SHE
    | frozenset(
        "dr prof professor sen senator rep representative congressman congresswoman gov governor"
        " gen general lt lieutenant col colonel sgt sergeant capt captain maj major adm admiral rev"
        " reverend hon president vice vice-president premier chancellor minister prime secretary"
        " secretary-general judge justice mayor councillor councilman councilwoman chairman"
        " chairwoman chair ceo director commissioner ambassador archbishop bishop cardinal pope"
        " imam rabbi sheriff detective inspector officer commander chief speaker deputy former"
        " attorney doctor coach cllr mp acting first foreign finance defense defence interior"
        " presidente ministro ministra президент міністр прем'єр прем’єр".split()
    )
)
_SUFFIX = frozenset("jr sr ii iii iv".split())

_INSTITUTIONS = frozenset(
    "ministry department committee commission council agency office bureau board authority"
    " university college school institute institution foundation association society union"
    " federation league club party parliament senate house congress assembly government cabinet"
    " court tribunal police army navy force forces guard service services bank fund exchange"
    " company corporation corp inc ltd llc plc group holdings industries motors airlines airways"
    " times post journal news network media press magazine television radio hospital church center"
    " centre museum library laboratory organization organisation nations nato un eu fbi cia kremlin"
    " pentagon campaign administration embassy consulate alliance coalition movement project team"
    " trust partners systems technologies energy airport watch international states kingdom"
    " republic city county state white"
    " ministerio gobierno partido universidad consejo tribunal banco policía"
    " міністерство уряд рада суд партія університет банк поліція служба комітет агентство".split()
)
_DOCUMENTS = frozenset(
    "statement statements letter report tweet post memo filing release email e-mail announcement"
    " note message speech remarks comments declaration communique".split()
)
ROLES = frozenset(
    "spokesman spokeswoman spokesperson president minister chancellor premier mayor governor"
    " senator congressman congresswoman representative secretary chairman chairwoman chair director"
    " chief executive founder co-founder owner leader lawyer attorney judge professor researcher"
    " scientist doctor nurse teacher coach captain general colonel officer sheriff commissioner"
    " ambassador envoy analyst economist author writer journalist reporter editor actor actress"
    " singer artist candidate lawmaker politician activist advocate official adviser advisor"
    " strategist manager farmer inspector archivist engineer historian pastor bishop pope".split()
)
_SPEAKING = frozenset(
    "man child person boy girl lady guy folks crew crowd audience family families firm majority"
    " public town village crown rival ally aide critic friend expert student resident agent client"
    " opponent parent respondent patient correspondent incumbent source nominee employee trustee"
    " attendee delegate colleague witness wife husband son cousin uncle aunt niece nephew"
    " neighbour mogul tycoon star veteran boss head pilot cook clerk monk nun priest king queen"
    " prince princess deputy mp mps sergeant lieutenant accountant assistant consultant merchant"
    " tenant peasant immigrant migrant participant applicant defendant claimant attendant servant"
    " inhabitant informant diplomat democrat surrogate associate prosecution defence defense"
    " opposition country nation coastguard management leadership faction outlet website airline"
    " business body community monarch patriarch spy guide apprentice novice native relative"
    " detective conservative operative third report letter statement study survey poll document"
    " memo filing email tweet note editorial article release lawsuit complaint transcript"
    " panel".split()
)
"""Nouns of those that speak: people, bodies of people, and what is written to say something."""
_SPEECHLESS = frozenset(
    "number water river weather order power matter offer answer layer tower poster sticker"
    " chapter register container trailer header charter corner winter summer counter meter dinner"
    " shelter computer server prayer danger hunger anger career shower tether timber cover error"
    " factor sector motor color floor door behavior mirror corridor harbor labor humor twist never"
    " however over under after whether further either rather closer smaller larger newer better"
    " later earlier barrier border butter fever finger flower folder gutter hammer ladder marker"
    " murder quarter rubber silver slipper spider supper theater timer trigger wonder disaster"
    " december november october september transfer vapor terror horror vector interior exterior"
    " superior minor major prior favor flavor fiber encounter latter eager clever proper bitter"
    " tender upper lower inner outer former super cheaper longer harder".split()
)
"""Nouns that only end like those of people who do something."""
_AGENT = re.compile(r".{2,}(?:er|or|ist|ian|eer|man|woman|men|women|person|people|surgeon|old)\Z")
_NOUN_LINK = re.compile(
    r"\s(?:of|for|in|at|from|on|with|who|that|which|to|by|about|near|outside|close|familiar|surveyed"
    r"|briefed|present)(?:\s|\Z)"
)
_ABBREVIATED = re.compile(r"[.\d]")
_FOREIGN = re.compile(
    r"(?:el|la|los|las|un|una|su|sus)\b|[^\x00-\u024f\u2000-\u20ff]", re.IGNORECASE
)
"""How a phrase of a language begins whose nouns are not known here: it is taken at its word."""
_LEADING = frozenset(
    "the a an this that these those in on at by for from with to of as if when while after before"
    " since because although though and but or so yet still he she it they we you i his her its"
    " their our my there here what who why how where which not no yes all some many most one two"
    " however meanwhile according monday tuesday wednesday thursday friday saturday sunday january"
    " february march april may june july august september october november december also asked"
    " during under over despite about then now last next even just only let both each another"
    " el la los las un una en por para con según de y pero у в на за до від про це він вона але та"
    " й і що як коли".split()
)
_HE = frozenset(
    "james john robert michael william david richard joseph thomas charles christopher daniel"
    " matthew anthony mark donald steven steve paul andrew joshua kenneth kevin brian george edward"
    " ronald timothy jason jeffrey jeff ryan jacob gary nicholas eric jonathan stephen larry justin"
    " scott brandon benjamin ben samuel sam gregory greg frank alexander alex raymond patrick jack"
    " dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle walter"
    " ethan jeremy"
    " harold keith christian roger noah gerald terry sean austin carl arthur lawrence jesse dylan"
    " bryan joe jordan billy bruce albert willie gabriel logan alan juan wayne roy ralph randy"
    " eugene vincent russell elijah louis bobby philip johnny tom tim jim bob bill mike dan dave"
    " nick tony matt chris ted bernie barack jeb marco mitt mitch jorge carlos luis pedro javier"
    " antonio miguel pablo diego fernando sergio manuel rafael vladimir volodymyr dmytro"
    " dmitry oleh"
    " oleg andriy serhiy sergei ivan petro mykola yuriy boris mikhail igor emmanuel nicolas pierre"
    " jean françois hans klaus olaf karl friedrich giuseppe matteo silvio ali mohammed muhammad"
    " ahmed hassan omar ibrahim yusuf xi shinzo narendra".split()
)
_SHE = frozenset(
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty"
    " margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah"
    " stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna ann anne"
    " brenda pamela"
    " emma nicole helen samantha katherine catherine christine debra rachel carolyn janet maria"
    " heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn"
    " judith megan andrea cheryl hannah jacqueline martha gloria teresa sara madison"
    " frances kathryn"
    " janice jean alice abigail julia judy sophia grace denise amber doris marilyn danielle beverly"
    " isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary ivanka"
    " melania carly huma nikki kellyanne sofia lucía carmen ana isabel elena rosa olena oksana"
    " iryna natalia nataliya svitlana tetiana yulia ursula angela giorgia claire jane kate katie"
    " clara nora vera ida irene ines inés marta lena nina eva alicia pilar daria hanna"
    " lucy ellen jill fiona condoleezza loretta claudia monica".split()
) - {"jean", "kelly", "jordan"}
_HIS_IN_A = frozenset(
    "joshua luca luka nikita mykola ilya illia elia sasha misha kolya vanya dima petya ezra elisha"
    " микола ілля илья микита никита лука сава фома кузьма хома саша паша миша".split()
)
_MANY = frozenset(
    "people men women police staff media press children folk many some most few both all none half"
    " another others one two three four five six seven eight nine ten those someone somebody nobody"
    " everyone everybody anyone anybody several dozens hundreds thousands percent".split()
)
"""Nouns that stand without an article."""
_KNOWN = _SPEAKING | _INSTITUTIONS | ROLES | _MANY
_WORDS = re.compile(r"[^\s.,]+")


class Name(NamedTuple):
    """A name within a run of capitals: where it begins, and what it and its titles tell."""

    offset: int
    name: str
    words: tuple[str, ...]
    titled: bool
    gender: str | None
    institution: bool


def title(word: str) -> bool:
    """Say whether a word is a title before a name."""
    return word.lower().rstrip(".") in _TITLES


def words(name: str) -> list[str]:
    """Return the words of a name without a suffix such as "Jr."."""
    found: list[str] = _WORDS.findall(name)
    while len(found) > 1 and found[-1].lower() in _SUFFIX:
        found.pop()
    return found


def institution(name: str) -> bool:
    """Say whether a name is that of an institution."""
    return not _INSTITUTIONS.isdisjoint(name.lower().split())


def acronym(name: str) -> bool:
    """Say whether a name is capitals alone: "NATO"."""
    return len(name) > 1 and name.isalpha() and name.isupper()


def plural(name: str) -> bool:
    """Say whether a phrase names several ("the groups", "officials")."""
    head = name.partition(",")[0].split()
    return bool(head) and head[-1].endswith("s") and head[-1][0].islower()


def speaks(phrase: str) -> bool:
    """Say whether a phrase without a name is of people, or of what speaks for them.

    One noun alone ("ministry says", in a headline) names nobody.
    """
    if _FOREIGN.match(phrase):
        return True
    noun, *more = _NOUN_LINK.split(phrase, maxsplit=1)
    words = noun.split()
    if not words:
        return False
    head = words[-1].rsplit("-", 1)[-1].lower()
    if head.isdecimal() or (words[-1][0].isupper() and not _ABBREVIATED.search(words[-1])):
        return True
    several = _one(head) != head or head in _MANY
    return (several or len(words) > 1 or bool(more)) and _noun_speaks(head)


def _noun_speaks(head: str) -> bool:
    one = _one(head)
    if not _KNOWN.isdisjoint({head, one}):
        return True
    return one not in _SPEECHLESS and _AGENT.match(one) is not None


def _one(noun: str) -> str:
    """Return the singular of a noun."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def likely_gender(words: Sequence[str]) -> str | None:
    """Return a gender that a first name or a role suggests without telling it for sure.

    It only ever keeps a "he" from a woman's name and the other way round.
    """
    first, last = words[0].lower(), words[-1].lower()
    if last.endswith(("woman", "women")):
        return "she"
    if last.endswith("man") and words[-1].islower():
        return "he"
    return "she" if first.endswith(("a", "а", "я")) and first not in _HIS_IN_A else None


def gender(name: str) -> str | None:
    """Return "he" or "she" where the first name tells, else None."""
    first = name.split(" ", 1)[0].lower() if name else ""
    if first in _HE:
        return "he"
    return "she" if first in _SHE else None


@lru_cache(maxsize=4096)
def strip(run: str) -> Name | None:
    """Take the titles and sentence openers off a run of capitalised words.

    None where nothing else is in it.
    """
    if run.isalpha():
        low = run.lower()
        plain = low in _TITLES or low in _LEADING
        return None if plain else Name(0, run, (run,), False, gender(run), institution(run))
    at, titled, told = 0, False, None
    named = not institution(run.rsplit(" ", 1)[-1])
    for match in _WORDS.finditer(run):
        low = match[0].lower()
        if named and (low in _TITLES or low in ROLES):
            titled = True
            told = told or _title_gender(low)
        elif low not in _LEADING or titled:
            at = match.start()
            break
    else:
        return None
    name = run[at:] if run.endswith(("Jr.", "Sr.")) else run[at:].rstrip(".,")
    person, of, _ = name.partition(" of ")
    if of and " " in person and not institution(person):
        name = person
    found = _after_title(name) if " " in name else None
    if found is not None:
        at, name, titled = at + found, name[found:], True
    return Name(at, name, tuple(words(name)), titled, told or gender(name), institution(name))


def _after_title(name: str) -> int | None:
    """Return where the person begins in "NATO Secretary-General Ann Lee"."""
    if institution(name.rsplit(" ", 1)[-1]):
        return None
    after: int | None = None
    seen = False
    for match in _WORDS.finditer(name):
        if match[0].lower() in _TITLES:
            seen = True
            after = None
        elif seen and after is None:
            after = match.start()
    return after


def _title_gender(low: str) -> str | None:
    if low in _TITLES_HE:
        return "he"
    return "she" if low in _TITLES_SHE else None


_ELSEWHERE = ("of ", "from ", "at ", "in ", "on ", "на ", "у ", "в ")
"""What begins where a person is from or where they spoke."""


def heads(before: str, after: str) -> bool:
    """Say whether a name is what its phrase is about, by what stands before and after it.

    An apposition, a bracket and the name's own document ("Lee's statement") may follow; "of",
    "for" and the like may not stand before.
    """
    rest = after.strip()
    if rest and rest[0] not in ",(" and not rest.startswith(_ELSEWHERE):
        rest = rest.removeprefix("’s").removeprefix("'s").lower()
        if not rest.strip() or rest.rsplit(maxsplit=1)[-1] not in _DOCUMENTS:
            return False
    words = before.lower().split()
    return not words or words[-1].endswith(",") or wording.LINKS.isdisjoint(words[-3:])


def bare(phrase: str) -> str:
    """Return a phrase up to its first comma, its article in lower case."""
    short = phrase.partition(",")[0].partition("\n")[0].strip()
    first = short.split(" ", 1)[0]
    return first.lower() + short[len(first) :] if first.lower() in _LEADING else short
