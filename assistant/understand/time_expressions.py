"""The time that a question's words name: "last June", "in 2019", "this week" against a day."""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from assistant.answer import Period
from ingest.language import lexicon

_LATELY = 30
"""Days that "recently" reaches back."""

_Span = tuple[date | None, date | None]

_ENGLISH = lexicon.calendar("en")
_CALENDARS = {tag: lexicon.calendar(tag) for tag in lexicon.languages()}
_MONTHS = {
    form: number
    for form, number in lexicon.month_numbers().items()
    if form in _ENGLISH.months or any(form in known.certain for known in _CALENDARS.values())
}
"""Shortened ones are English: those of other languages are words of a question in English."""

_WEEKDAYS = {form: n for form, n in _ENGLISH.weekdays.items() if form in _ENGLISH.certain}
_MONTH = lexicon.any_of(_MONTHS)
_BARE_MONTH = lexicon.any_of(_ENGLISH.month_names)
_WEEKDAY = lexicon.any_of(_WEEKDAYS)
_YEAR = r"(?:1[6-9]|20)\d\d"
_SEASONS = {
    name: first
    for first, named in {
        3: "spring primavera весна весни весну весною навесні",
        6: "summer verano літо літа літку літом влітку",
        9: "autumn fall otoño осінь осені восени",
        12: "winter invierno зима зими зиму взимку",
    }.items()
    for name in named.split()
}
"""The first of the three months of each, as in the north; a winter is told by where it begins."""

_SEASON = "|".join(_SEASONS)
_OF = r"(?:of\s+|de\s+|del\s+)?"
_THE = r"(?:the\s+year\s+|the\s+|el\s+|la\s+)?"
_NTH = r"\d{1,2}(?:st|nd|rd|th|er|º|-го|\.)?"
_POINT = (
    rf"\d{{4}}-\d\d-\d\d"
    rf"|{_NTH}\s+{_OF}(?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR}"
    rf"|(?:{_MONTH})\b\.?\s+{_NTH},?\s+{_YEAR}"
    rf"|(?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR}|(?:{_SEASON})\s+{_OF}{_YEAR}|{_YEAR}"
)
_PART = rf"(?:{_NTH}\s+{_OF})?(?:{_MONTH})\b\.?|(?:{_MONTH})\b\.?\s+{_NTH}|{_NTH}"
"""A day or a month that has its year, or its month too, from what follows it."""

_TO = r"(?:and|to|until|till|through|y|a|і|та|до|по)"
_BETWEEN = re.compile(
    rf"\b(?:between|from|of|in|entre|de|з|від)\s+{_THE}({_POINT})\s+{_TO}\s+{_THE}({_POINT})\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:between|from|entre|de|del|з|від)\s+({_PART})\s+{_TO}\s+({_POINT})\b", re.IGNORECASE
)
_SINCE = re.compile(
    rf"\b(?:since|desde|з)\s+{_THE}({_POINT})\b|\bfrom\s+{_THE}({_POINT})\s+on(?:wards?)?\b",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"\b(?:after|después de|після)\s+{_THE}({_POINT})\b", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:before|prior to|antes de)\s+{_THE}({_POINT})\b", re.IGNORECASE)
_UNTIL = re.compile(
    rf"\b(?:until|till|up to|through|by|hasta|до)\s+{_THE}({_POINT})\b", re.IGNORECASE
)
_IN = re.compile(
    rf"\b(?:in|on|during|of|throughout|for|en|durante|de|у|в|за|протягом)\s+{_THE}"
    rf"(?:early\s+|late\s+|mid-?\s*)?({_POINT})\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b(\d{{4}}-\d\d-\d\d|{_NTH}\s+(?:{_MONTH})\s+{_YEAR}"
    rf"|(?:{_MONTH})\s+{_NTH},?\s+{_YEAR}|(?:{_MONTH})\s+{_YEAR}|(?:{_SEASON})\s+{_OF}{_YEAR})\b",
    re.IGNORECASE,
)
_WEEKS = lexicon.any_of(lexicon.words("dates.week") | lexicon.words("dates.week_more"))
_OF_WEEK = lexicon.any_of(lexicon.words("dates.week_of"))
_ORDINALS = {word: int(n) for word, n in lexicon.group_of("ordinals").items() if n in set("1234")}
_FINAL = lexicon.words("dates.final")
_WITHIN_IT = r"(?:(?:in|during|for|of|en|durante|de|dans|pendant|während|протягом|у|в|за)\s+)?"
_ITS = r"(?:(?:the|la|der|die|le)\s+)?"
_WEEK_OF = re.compile(
    rf"\b{_WITHIN_IT}{_ITS}(?:{_WEEKS})\s+(?:(?:{_OF_WEEK})\s+)?({_POINT})\b", re.IGNORECASE
)
_NTH_WEEK = re.compile(
    rf"\b{_WITHIN_IT}{_ITS}({lexicon.any_of(_FINAL | _ORDINALS.keys())})\s+(?:{_WEEKS})\s+"
    rf"(?:(?:{_OF_WEEK})\s+)?((?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR})\b",
    re.IGNORECASE,
)
_SINCE_MONTH = re.compile(
    rf"\b(?:since|desde|depuis|seit|з|від)\s+({_MONTH})\b(?!\s+(?:{_OF})?\d)", re.IGNORECASE
)
_ANY = re.compile(rf"\b(?:{_POINT})\b", re.IGNORECASE)
_SCALES = {word for word in lexicon.words("scales") if len(word) > 3}
_COUNTED = re.compile(
    rf"\s*%|[.,]\d|[\s-]+(?:{lexicon.any_of(lexicon.words('measures') | _SCALES)})\b",
    re.IGNORECASE,
)
"""What makes a number before it an amount, and no year."""

_COUNTING = re.compile(r"(?:of|for|by|up to|de|за)\s", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\s+(?!(?:is|was|has|does|as|its|his|this|us|plus|versus|across|always)\b)"
    r"(?:[a-z]+s|people|men|women|children)\b"
)
"""After these words, a number before several of something counts them: "of 2022 letters"."""

_PRINTED = re.compile(
    r"\b(?:articles?|stories|coverage|published|printed|wrote|headlines?|publicad\w+|artículos?"
    r"|стат(?:ті|тях|ей)|опублікован\w+)(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)


def period(asked: str, today: date | None) -> Period | None:
    """Return the time that a question names, None where it names none that is understood.

    `today` is the day it is asked as of; without one, "last June" and "this week" say nothing.
    """
    for pattern, read in _FIXED:
        for found in pattern.finditer(asked):
            span = (
                None
                if _counts(found) or _is_foreign(found)
                else read(*filter(None, found.groups()))
            )
            if span is not None:
                return _period(asked, found[0], span)
    return _relative(asked, today) if today else None


def both_times(asked: str, joins: str) -> tuple[int, int, tuple[Period, Period]] | None:
    """Return two times that one of the words in `joins` joins, and where they stand in a text.

    "5 June and 24 June 2021": the first has its year, or its month too, from the second.
    """
    leads = r"(?:(?:on|in|of|from|am|im|en|el|le|у|в|з)\s+)?(?:the\s+)?"
    found = re.search(
        rf"{leads}\b({_POINT}|{_PART})\s*,?\s+(?:{joins})\s+{leads}({_POINT})\b",
        asked,
        re.IGNORECASE,
    )
    later = _point(found[2]) if found else None
    if not found or not later:
        return None
    earlier = _named_with(found[1], found[2])
    if not earlier:
        return None
    spans = ((found[1], earlier), (found[2], later))
    one, other = (Period(words=words, since=s, until=u) for words, (s, u) in spans)
    return found.start(), found.end(), (one, other)


def _named_with(first: str, last: str) -> _Span | None:
    """Return the days of a point of time that may have its month and year from a later one."""
    if re.search(_YEAR, first):
        return _point(first)
    year, month = re.findall(_YEAR, last)[-1], re.search(rf"\b(?:{_MONTH})\b", last, re.IGNORECASE)
    if re.search(r"[^\W\d_]{3}", first):
        return _point(f"{first} {year}")
    return _point(f"{first} {month[0]} {year}") if month else None


def since_month(asked: str, newest: date | None) -> Period | None:
    """Return the time from a month on that has no year: the last such month of an archive."""
    found = _SINCE_MONTH.search(asked)
    month = _MONTHS.get(lexicon.plain(found[1])) if found else None
    if not found or not month or not newest or _is_foreign(found):
        return None
    year = newest.year if month <= newest.month else newest.year - 1
    return Period(words=found[0], since=date(year, month, 1), until=None)


def tells(when: Period, day: date | None, text: str) -> bool:
    """Tell whether what an article of a day says is of a time.

    It was printed within it or a few days later, or names it and was not printed before.
    """
    if when.told_within(day):
        return True
    early = when.since is not None and day is not None and day < when.since
    return not early and any(all(map(when.names, span)) for span in _named(text))


def _period(asked: str, words: str, span: _Span) -> Period:
    only = bool(_PRINTED.search(asked[: asked.index(words)]))
    return Period(words=words, since=span[0], until=span[1], only=only)


def _counts(found: re.Match[str]) -> bool:
    """Tell whether what looks like a year says how many of something there are."""
    if not re.search(rf"(?<![\w-]){_YEAR}\Z", found[0]):
        return False
    after = found.string[found.end() :]
    bare = re.fullmatch(rf"\D*{_YEAR}", found[0]) and _COUNTING.match(found[0])
    return bool(_COUNTED.match(after) or (bare and _SEVERAL.match(after)))


def _is_foreign(found: re.Match[str]) -> bool:
    """Tell whether a month is of another language than the words before it: "in Mars 2020"."""
    for month in re.finditer(rf"\b(?:{_MONTH})\b", found[0], re.IGNORECASE):
        form = lexicon.plain(month[0])
        before = found.string[: found.start() + month.start()].rsplit(maxsplit=1)[-1:]
        known = form in _ENGLISH.months or not form.isascii() or not before
        if not known and not before[0][0].isdigit() and not _leads(lexicon.plain(before[0]), form):
            return True
    return False


def _leads(before: str, form: str) -> bool:
    """Tell whether a word stands before months in a language that has such a month."""
    return any(
        before in lexicon.words("dates.in", tag) | lexicon.words("dates.of", tag)
        for tag, known in _CALENDARS.items()
        if form in known.months
    )


def _both(first: str, last: str) -> _Span | None:
    one, other = _point(first), _point(last)
    if not one or not other or not one[0] or not other[1] or one[0] > other[1]:
        return None
    return one[0], other[1]


def _within(first: str, last: str) -> _Span | None:
    """Return from a day or month to one with its year: "between March and June 2022"."""
    year, month = re.findall(_YEAR, last)[-1], re.search(rf"\b(?:{_MONTH})\b", last, re.IGNORECASE)
    if not month:
        return None
    whole = f"{first} {year}" if re.search(r"[^\W\d_]{3}", first) else f"{first} {month[0]} {year}"
    before = whole.replace(year, str(int(year) - 1))
    return _both(whole, last) or _both(before, last)


def _week(written: str) -> _Span | None:
    """Return the seven days from a Monday or a Sunday on, else the week that a day is in."""
    first, last = _point(written) or (None, None)
    if first is None or first != last:
        return None
    monday = first if first.weekday() in {0, 6} else _back(first, first.weekday())
    return monday, _later(monday, 6)


def _nth_week(which: str, written: str) -> _Span | None:
    """Return the first, second ... or last seven days of a month."""
    first, last = _point(written) or (None, None)
    if first is None or last is None:
        return None
    if lexicon.plain(which) in _FINAL:
        return _back(last, 6), last
    begins = _later(first, 7 * (_ORDINALS[lexicon.plain(which)] - 1))
    return begins, _later(begins, 6)


def _from(written: str) -> _Span | None:
    span = _point(written)
    return (span[0], None) if span else None


def _after(written: str) -> _Span | None:
    span = _point(written)
    return (_later(span[1], 1), None) if span and span[1] else None


def _up_to(written: str) -> _Span | None:
    span = _point(written)
    return (None, span[1]) if span else None


def _before(written: str) -> _Span | None:
    span = _point(written)
    return (None, _back(span[0], 1)) if span and span[0] else None


def _point(written: str) -> _Span | None:
    """Return the days of a year, a season, a month of a year or a day; None where there is none."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return _days(*map(int, written.split("-")))
    year = int(re.findall(_YEAR, written)[-1])
    if season := re.match(rf"({_SEASON})\b", written, re.IGNORECASE):
        first = date(year, _SEASONS[season[1].lower()], 1)
        return first, _back(_later(first, 95).replace(day=1), 1)
    named = re.search(rf"\b({_MONTH})\b", written, re.IGNORECASE)
    if not named:
        return date(year, 1, 1), date(year, 12, 31)
    day = re.search(r"\b\d{1,2}(?=\b|st|nd|rd|th|er)", written)
    return _days(year, _MONTHS[lexicon.plain(named[1])], int(day[0]) if day else None)


def _named(text: str) -> Iterator[_Span]:
    """Yield the years, the months of a year and the days that a text names."""
    for found in _ANY.finditer(text):
        span = None if _counts(found) or _is_foreign(found) else _point(found[0])
        if span:
            yield span


def _days(year: int, month: int, day: int | None = None) -> _Span | None:
    try:
        first = date(year, month, day or 1)
        return first, first if day else first.replace(day=calendar.monthrange(year, month)[1])
    except ValueError:
        return None


_FIXED: tuple[tuple[re.Pattern[str], Callable[..., _Span | None]], ...] = (
    (_WEEK_OF, _week),
    (_NTH_WEEK, _nth_week),
    (_BETWEEN, _both),
    (_WITHIN, _within),
    (_SINCE, _from),
    (_AFTER, _after),
    (_BEFORE, _before),
    (_UNTIL, _up_to),
    (_IN, _point),
    (_DAY, _point),
)


_NUMBER = {lexicon.section("en", "numbers")[str(n)]: n for n in range(1, 11)} | {
    "a": 1, "an": 1, "couple of": 2, "few": 4,
}  # fmt: skip
_COUNT = rf"(\d{{1,3}}|{'|'.join(_NUMBER)})"
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_UNIT = "(day|week|month|year)s?"


def _relative(asked: str, today: date) -> Period | None:
    for pattern, read in _RELATIVE:
        for found in pattern.finditer(asked):
            span = read(found, today)
            if span is not None:
                return _period(asked, found[0], span)
    return None


def _today(_: re.Match[str], today: date) -> _Span:
    return today, today


def _yesterday(_: re.Match[str], today: date) -> _Span:
    return _back(today, 1), _back(today, 1)


def _this(found: re.Match[str], today: date) -> _Span:
    first = {"month": today.replace(day=1), "year": today.replace(month=1, day=1)}
    return first.get(_unit(found), _back(today, 6)), today


def _last(found: re.Match[str], today: date) -> _Span:
    unit = _unit(found)
    if unit == "week":
        monday = _back(today, today.weekday() + 7)
        return monday, _later(monday, 6)
    if unit == "year":
        return _years(today.year - 1)
    last = _back(today.replace(day=1), 1)
    return last.replace(day=1), last


def _unit(found: re.Match[str]) -> str:
    return next(name for name, written in found.groupdict().items() if written)


def _years(year: int) -> _Span:
    return date(max(year, 1), 1, 1), date(max(year, 1), 12, 31)


def _ago(found: re.Match[str], today: date) -> _Span:
    unit = _UNITS[found[2].lower()]
    near = _back(today, _number(found[1]) * unit)
    return _back(near, unit // 2), _later(near, unit // 2)


def _past(found: re.Match[str], today: date) -> _Span:
    return _back(today, _number(found[1]) * _UNITS[found[2].lower()]), today


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBER[written.lower()]


def _month(found: re.Match[str], today: date) -> _Span | None:
    """Return the last such month that has begun; "last June" is over, "this June" of this year.

    What is a word too is a month only after "in" or with a capital: "this may matter".
    """
    which, month = found[1].lower(), _MONTHS[found[2].lower()]
    if found[2].lower() not in _ENGLISH.certain and which != "in" and found[2].islower():
        return None
    begun = month < today.month or (month == today.month and not which.startswith("last"))
    year = today.year if begun or which.startswith("this") else today.year - 1
    return _days(year, month) or (today, today)


def _weekday(found: re.Match[str], today: date) -> _Span:
    """Return the last such day: "on Tuesday" of today too."""
    weekday = _WEEKDAYS[found[1].lower()]
    back = (today.weekday() - weekday) % 7
    if back == 0 and found[0].lower().startswith("last"):
        back = 7
    return _back(today, back), _back(today, back)


def _lately(_: re.Match[str], today: date) -> _Span:
    return _back(today, _LATELY), today


def _back(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def _later(day: date, days: int) -> date:
    return min(date.max, day) if date.max - day < timedelta(days=days) else day + timedelta(days)


_THIS = (
    r"\b(?:(?:this|esta|цього) (?P<week>week|semana|тижня)"
    r"|(?:this|este|цього) (?P<month>month|mes|місяця)"
    r"|(?:this|este|цього) (?P<year>year|año|року))\b"
)
_LAST = (
    r"\b(?:(?:last|la|минулого) (?P<week>week\b|semana pasada|тижня)"
    r"|(?:last|el|минулого) (?P<month>month\b|mes pasado|місяця)"
    r"|(?:last|el|минулого) (?P<year>year\b|año pasado|року))"
)
_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], _Span | None]], ...] = (
    tuple(
        (re.compile(pattern, re.IGNORECASE), read)
        for pattern, read in (
            (r"\b(?:today|hoy|сьогодні)\b", _today),
            (r"\b(?:yesterday|ayer|вчора)\b", _yesterday),
            (_THIS, _this),
            (_LAST, _last),
            (rf"\b{_COUNT} {_UNIT} ago\b", _ago),
            (rf"\b(?:last|past|previous) {_COUNT} {_UNIT}\b", _past),
            (rf"\b(last|this|in|this past|during) ({_BARE_MONTH})\b(?! \d)", _month),
            (rf"\b(?:on|last|this|this past) ({_WEEKDAY})\b", _weekday),
            (r"\b(?:recent(?:ly)?|lately|recientemente|нещодавно)\b", _lately),
        )
    )
)
