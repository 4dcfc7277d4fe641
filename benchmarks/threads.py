"""Invented readers and what they write, in the layouts in which pages print them.

Every sentence is put together from invented halves, so that no two threads are alike.
"""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Remark(NamedTuple):
    """What one reader wrote: paragraphs, under a name, in answer to somebody."""

    author: str
    paragraphs: tuple[str, ...]
    answers: str | None


class Line(NamedTuple):
    """A line of a page: its text, and whose words it is (None for furniture)."""

    text: str
    author: str | None = None
    words: bool = False


Thread = list[Remark]

_FIRST = (
    "Marla Tobin Odette Piers Yusuf Greta Halvard Ines Ronan Tamsin Viktor Dolores Aziz Bronagh"
).split()
_LAST = (
    "Quillon Ashgrove Venn Hartlepin Okonto Brask Telford Marchetti Dunmore Szabel Ivers Poole"
).split()
_HANDLES = (
    "harbourlad grump_of_wend JayKay77 NoToTolls salty.dog MrsPeel Westsider q_tip99 OldTimer "
    "truthhurts bluehen42 TheRealMayor xX_dax_Xx Nobody KMD EddieB tallship Zed0 Voter1 mudlark "
    "PaxBrintonia nightshift Lorelei anon4711 RiverRat JB Ferryman sceptic"
).split()
_OPEN = (
    "Honestly,|Well,|I think|I don't think|So|And yet|To be fair,|In my view|Sorry but|As a nurse "
    "I can say|"
    "Yes,|No,|Of course|Funny how|Remember when|Nobody mentions that|You forget that|If you ask "
    "me,|"
    "It seems|For years|Once again|Apparently|My uncle says|Let's not pretend|Just wait "
    "until|Frankly|"
    "I have lived here for thirty years and|The truth is that|What they don't tell you is "
    "that|Anyone can see"
).split("|")
_SUBJECT = (
    "the council|the mayor|this government|the ferry company|the harbour board|the opposition|the "
    "minister|"
    "that so-called expert|the school|the union|the bank|the water company|our taxes|the "
    "bridge|the whole plan|"
    "the police|everybody in Wendmouth|the old mill|this lot|the new tram|the budget|half of the "
    "town"
).split("|")
_VERB = (
    "will never pay for|has ruined|can't even explain|should have fixed|keeps hiding|wasted "
    "millions on|"
    "does not care about|is responsible for|was right about|promised to repair|has no idea about|"
    "could easily afford|has been lying about|never asked us about|deserves credit for|ought to "
    "sell|"
    "is only interested in|had a duty to protect|voted three times against|makes a fortune from"
).split("|")
_OBJECT = (
    "the road|our hospital|the north quay|the pensions|the people who work there|the pumps|the sea "
    "wall|"
    "anything of the sort|the library|the figures|what happened in 2009|the contract|the fishing "
    "boats|"
    "the fares|the flood maps|the kids at that school|the price of bread|the dam|local shops|the "
    "truth"
).split("|")
_TAIL = (
    "|| and you know it| lol|...|!!| at all| any more|, full stop| again| while we pay the bill|, "
    "mark my words|"
    " in this economy|, don't you think| for a change| since the last election| before it is too "
    "late| tbh"
).split("|")
_CALM = (
    "The estimate of 1994 put the cost at about a third of that.|It is a matter of public record "
    "that the lease "
    "ends in four years.|The comparison with Norrland does not hold, because Norrland owns its "
    "ports.|"
    "Nuclear power was never an option for a region of this size.|A similar scheme in Tarvik ran "
    "for nine years "
    "and closed with a surplus.|The treaty has no clause on tolls.|Membership of the league has "
    "never required "
    "a vote of the shareholders.|Prices rose by eleven per cent in the same period, wages by "
    "two.|The river "
    "has flooded in every decade since records began.|The board answers to the province and not to "
    "the town."
).split("|")
_SHORT = (
    "Agreed.|Exactly|Nonsense.|lol|This.|Well said|Nope.|So true!!|Rubbish|Thank you!|Shame on "
    "them|Finally.|"
    "Source?|What a joke|Same here|Disgusting.|Good for them|About time|+1|Yawn..."
).split("|")
_SHOUT = (
    "WAKE UP PEOPLE|this article is a joke|who paid for this article?|typical of this paper|"
    "you couldnt make it up|@editor pls check your facts|why is this even news|SHAME ON THE "
    "COUNCIL!!!|"
    "im done with this town|great reporting, thanks|read the actual report before you comment"
).split("|")
_SPANISH = (
    "Qué vergüenza|No estoy de acuerdo con usted|El alcalde nunca ha explicado este contrato|"
    "Yo vivo en el puerto y nadie nos preguntó|Este artículo no cuenta toda la verdad|"
    "Otra vez pagamos los mismos|Muy bien dicho|Los precios subieron y los sueldos no|"
    "A ver si se enteran de una vez|Eso es mentira y lo sabes|El puente se cerró hace años por "
    "falta de dinero|"
    "Gracias por la información|que alguien me explique para qué sirve el tranvía"
).split("|")
_UKRAINIAN = (
    "Ганьба міській раді|Я живу тут тридцять років і нічого не змінилося|Автор статті не знає, про "
    "що пише|"
    "Дякую за матеріал|Нарешті хтось про це сказав|А хто за це заплатить|Міст закрили ще тоді, і "
    "ніхто не відповів|"
    "Ви це серйозно|Ціни зросли, а зарплати ні|повна нісенітниця|Не погоджуюся з вами, порт "
    "належить громаді|"
    "Знову одні обіцянки"
).split("|")
_SPANISH_NAMES = (
    "Lucía Bermejo|Tomás Arrieta|pepito88|Vecina del Puerto|Rosario V.|elmarinero".split("|")
)
_UKRAINIAN_NAMES = "Оксана Бережна|Тарас Мельничук|portovyk_77|Іван Петрович|Мар'яна|Читач".split(
    "|"
)


def thread(rng: random.Random, language: str = "en") -> Thread:
    """Invent a thread of 3 to 24 remarks."""
    if language == "en":
        pool = [
            *rng.sample(_HANDLES, 7),
            *(f"{rng.choice(_FIRST)} {rng.choice(_LAST)}" for _ in range(6)),
        ]
    else:
        pool = list(_SPANISH_NAMES if language == "es" else _UKRAINIAN_NAMES)
    remarks: Thread = []
    for _ in range(rng.randint(3, 24)):
        author = rng.choice(pool)
        before = [r.author for r in remarks if r.author != author]
        answers = rng.choice(before) if before and rng.random() < 0.35 else None
        paragraphs = tuple(_paragraph(rng, language) for _ in range(rng.choice((1, 1, 1, 1, 2, 3))))
        remarks.append(Remark(author, paragraphs, answers))
    return remarks


def _paragraph(rng: random.Random, language: str) -> str:
    if language != "en":
        stock = _SPANISH if language == "es" else _UKRAINIAN
        ends = (".", ".", "", "!", "...", "?")
        return " ".join(s + rng.choice(ends) for s in rng.sample(stock, rng.randint(1, 4)))
    if rng.random() < 0.12:
        return rng.choice(_SHORT)
    words = " ".join(_sentence(rng) for _ in range(rng.choice((1, 2, 2, 3, 4, 6))))
    if rng.random() < 0.12:
        words = words.lower().rstrip(".").replace("'", "")
    return words


def _sentence(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(_CALM)
    if kind < 0.5:
        return rng.choice(_SHOUT) + rng.choice((".", "", "!"))
    said = f"{rng.choice(_OPEN)} {rng.choice(_SUBJECT)} {rng.choice(_VERB)} {rng.choice(_OBJECT)}"
    return said + rng.choice(_TAIL) + rng.choice((".", ".", ".", "", "?"))


# --- layouts ---------------------------------------------------------------------------------

Layout = Callable[[random.Random, Thread], Iterator[Line]]
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _ago(rng: random.Random) -> str:
    unit = rng.choice(("minute", "hour", "day", "week", "month"))
    number = rng.randint(2, 23)
    return f"{number} {unit}s ago"


def _day(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} {rng.randint(2009, 2024)}"


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}"


def _words(remark: Remark) -> Iterator[Line]:
    for paragraph in remark.paragraphs:
        yield Line(paragraph, remark.author, words=True)


def names_only(_rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield a name over each remark, and the name of who is answered under it."""
    for remark in remarks:
        yield Line(remark.author)
        if remark.answers:
            yield Line(remark.answers)
        yield from _words(remark)


def stamped(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield name, time, words, buttons."""
    for remark in remarks:
        yield Line(remark.author)
        yield Line(_ago(rng))
        yield from _words(remark)
        yield Line(f"Reply · Like · {rng.randint(0, 99)}")


def says(_rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield a heading with a number; `jane says:` over each remark."""
    yield Line(f"Comments ({len(remarks)})")
    for remark in remarks:
        yield Line(f"{remark.author} says:")
        yield from _words(remark)


def signed(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield who posted it, and when, under each remark."""
    for remark in remarks:
        yield from _words(remark)
        yield Line(f"Posted by {remark.author} on {_day(rng)} at {_clock(rng)}")
        yield Line("Report this comment")


def disqus(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield name and age on one line, votes and buttons under the words."""
    yield Line(f"{len(remarks)} Comments")
    yield Line("Sort by Best")
    for remark in remarks:
        to = f" ➤ {remark.answers}" if remark.answers else ""
        yield Line(f"{remark.author}{to} • {_ago(rng)}")
        yield from _words(remark)
        yield Line(f"{rng.randint(1, 50)} • Reply • Share ›")
    yield Line("Load more comments")


def numbered(_rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield a running number before each name."""
    yield Line("Readers' comments")
    for number, remark in enumerate(remarks, 1):
        yield Line(f"{number}. {remark.author}")
        yield from _words(remark)


def avatars(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield alternative texts of pictures, badges, days, buttons a line each."""
    for remark in remarks:
        yield Line(f"Avatar for {remark.author}")
        yield Line(remark.author)
        if rng.random() < 0.3:
            yield Line("Top commenter")
        yield Line(_day(rng))
        yield from _words(remark)
        yield from map(Line, (str(rng.randint(0, 40)), "Reply", "Share"))


def handles(_rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield `@jane` over each remark, rules between them."""
    for remark in remarks:
        handle = f"@{remark.author.replace(' ', '')}"
        yield Line(handle)
        yield from _words(remark._replace(author=handle))
        yield Line("-" * 20)


def spanish(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield Spanish headings, ages and buttons."""
    yield Line(f"{len(remarks)} comentarios")
    for remark in remarks:
        yield Line(remark.author)
        yield Line(f"hace {rng.randint(2, 20)} horas")
        yield from _words(remark)
        yield Line("Responder")


def nameless_first(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield name, words, votes; the first remark has lost its name."""
    for at, remark in enumerate(remarks):
        if at:
            yield Line(remark.author)
        yield from _words(remark if at else remark._replace(author=""))
        yield Line(f"{rng.randint(2, 90)} likes")
        yield Line("Reply")


def facebook(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield, held out, the age stands among the buttons under the words."""
    for remark in remarks:
        yield Line(remark.author)
        yield from _words(remark)
        yield Line(f"Like · Reply · {rng.randint(1, 50)}{rng.choice('hdw')}")


def forum(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield, held out, who and when over the words, whom it answers under that."""
    yield Line("Join the discussion")
    for number, remark in enumerate(remarks, 1):
        yield Line(f"#{number}")
        yield Line(f"{remark.author}, {_day(rng)}, {_clock(rng)}")
        if remark.answers:
            yield Line(f"In reply to {remark.answers}")
        yield from _words(remark)
        yield Line("Quote | Report")


def guests(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield, held out, nobody has a name, votes stand over the words."""
    for remark in remarks:
        nobody = rng.choice(("Guest", "Anonymous"))
        yield Line(nobody)
        yield Line(f"▲ {rng.randint(0, 60)} ▼")
        yield from _words(remark._replace(author=nobody))


def ukrainian(rng: random.Random, remarks: Thread) -> Iterator[Line]:
    """Yield, held out, Ukrainian heading, ages and buttons."""
    yield Line(f"Коментарі ({len(remarks)})")
    for remark in remarks:
        yield Line(remark.author)
        yield Line(f"{rng.randint(5, 20)} годин тому")
        yield from _words(remark)
        yield Line("Відповісти")


SEEN: dict[str, tuple[Layout, str]] = {
    "names only": (names_only, "en"),
    "name, time, buttons": (stamped, "en"),
    "says": (says, "en"),
    "posted by, below": (signed, "en"),
    "disqus": (disqus, "en"),
    "numbered": (numbered, "en"),
    "avatars": (avatars, "en"),
    "handles, rules": (handles, "en"),
    "spanish": (spanish, "es"),
    "first has no name": (nameless_first, "en"),
    "names only, spanish": (names_only, "es"),
}
HELD_OUT: dict[str, tuple[Layout, str]] = {
    "facebook": (facebook, "en"),
    "forum": (forum, "en"),
    "guests": (guests, "en"),
    "ukrainian": (ukrainian, "uk"),
    "names only, ukrainian": (names_only, "uk"),
}
