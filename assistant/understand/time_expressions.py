"""The time that a question's words name: "last June", "in 2019", "this week" against a day."""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache

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

_SPEAKING = lexicon.having("periods")
_WEEKDAYS = {
    form: number
    for tag in _SPEAKING
    for form, number in _CALENDARS[tag].weekdays.items()
    if form in _CALENDARS[tag].certain
}
_MONTH = lexicon.any_of(_MONTHS)
_YEAR = r"(?:1[6-9]|20)\d\d"
_SEASONS = {
    name: first
    for first, season in {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}.items()
    for name in lexicon.words(f"periods.{season}")
}
"""The first of the three months of each, as in the north; a winter is told by where it begins."""

_SEASON = lexicon.any_of(_SEASONS)
_OF = rf"(?:(?:{lexicon.pattern('periods.of')})\s+)?"
_THE = rf"(?:(?:{lexicon.pattern('periods.the')})\s+|(?:{lexicon.pattern('periods.elided')})['’])?"
_NTH_ENDING = rf"(?:{lexicon.pattern('dates.endings')}|\.)"
_NTH = rf"\d{{1,2}}{_NTH_ENDING}?"
_POINT = (
    rf"\d{{4}}-\d\d-\d\d"
    rf"|{_NTH}\s+{_OF}(?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR}"
    rf"|(?:{_MONTH})\b\.?\s+{_NTH},?\s+{_YEAR}"
    rf"|(?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR}|(?:{_SEASON})\s+{_OF}{_YEAR}|{_YEAR}"
)
_PART = rf"(?:{_NTH}\s+{_OF})?(?:{_MONTH})\b\.?|(?:{_MONTH})\b\.?\s+{_NTH}|{_NTH}"
"""A day or a month that has its year, or its month too, from what follows it."""

_TO = rf"(?:{lexicon.pattern('periods.to')})"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first needed: all of them take a fifth of a second."""
    return re.compile(pattern, re.IGNORECASE)


def _leading(feature: str, also: str = "") -> str:
    """Return the pattern of a point of time after the words of a feature."""
    words = lexicon.pattern(f"periods.{feature}")
    return rf"\b(?:{words})\s+{_THE}{also}({_POINT})\b"


_BETWEEN = (
    rf"\b(?:{lexicon.pattern('periods.between')})\s+{_THE}({_POINT})\s+{_TO}\s+{_THE}({_POINT})\b"
)
_WITHIN = rf"\b(?:{lexicon.pattern('periods.from')})\s+{_THE}({_PART})\s+{_TO}\s+{_THE}({_POINT})\b"
_SINCE = _leading("since")
_ONWARD = (
    rf"\b(?:{lexicon.pattern('periods.from_on')})\s+{_THE}({_POINT})"
    rf"\s+(?:{lexicon.pattern('periods.onward')})\b"
)
_AFTER = _leading("after")
_BEFORE = _leading("before")
_UNTIL = _leading("until")
_IN = _leading(
    "in",
    rf"(?:(?:{lexicon.pattern('periods.part_of')})\s+"
    rf"|(?:{lexicon.pattern('periods.part_of_joined')})-?\s*)?",
)
_DAY = (
    rf"\b(\d{{4}}-\d\d-\d\d|{_NTH}\s+(?:{_MONTH})\s+{_YEAR}"
    rf"|(?:{_MONTH})\s+{_NTH},?\s+{_YEAR}|(?:{_MONTH})\s+{_YEAR}|(?:{_SEASON})\s+{_OF}{_YEAR})\b"
)
_WEEKS = lexicon.any_of(lexicon.words("dates.week") | lexicon.words("dates.week_more"))
_OF_WEEK = lexicon.any_of(lexicon.words("dates.week_of"))
_ORDINALS = {word: int(n) for word, n in lexicon.group_of("ordinals").items() if n in set("1234")}
_FINAL = lexicon.words("dates.final")
_WITHIN_IT = rf"(?:(?:{lexicon.pattern('periods.in')})\s+)?"
_WEEK_OF = rf"\b{_WITHIN_IT}{_THE}(?:{_WEEKS})\s+(?:(?:{_OF_WEEK})\s+)?({_POINT})\b"
_NTH_WEEK = (
    rf"\b{_WITHIN_IT}{_THE}({lexicon.any_of(_FINAL | _ORDINALS.keys())})\s+(?:{_WEEKS})\s+"
    rf"(?:(?:{_OF_WEEK})\s+)?((?:{_MONTH})\b\.?,?\s+{_OF}{_YEAR})\b"
)
_SINCE_MONTH = rf"\b(?:{lexicon.pattern('periods.since')})\s+({_MONTH})\b(?!\s+(?:{_OF})?\d)"
_ANY = rf"\b(?:{_POINT})\b"
_SCALES = {word for word in lexicon.words("scales") if len(word) > 3}
_COUNTED = re.compile(
    rf"\s*%|[.,]\d|[\s-]+(?:{lexicon.any_of(lexicon.words('measures') | _SCALES)})\b",
    re.IGNORECASE,
)
"""What makes a number before it an amount, and no year."""

_BARE_YEAR = re.compile(rf"(?<![\w.,$€£#-]){_YEAR}(?![\w-])")
_AFTER_THE = re.compile(rf"\b(?:{lexicon.pattern('periods.the')})\s+\Z", re.IGNORECASE)
_COUNTING = re.compile(rf"(?:{lexicon.pattern('periods.counting')})\s", re.IGNORECASE)
_SEVERAL = re.compile(
    rf"\s+(?!(?:{lexicon.pattern('periods.no_plurals')})\b)"
    rf"(?:[a-z]+s|{lexicon.pattern('periods.plurals')})\b"
)
"""After these words, a number before several of something counts them: "of 2022 letters"."""

_PRINTED = re.compile(
    rf"\b(?:{lexicon.pattern('periods.printed')})(?:\s+\w+){{0,2}}\s*$", re.IGNORECASE
)


def period(asked: str, today: date | None) -> Period | None:
    """Return the time that a question names, None where it names none that is understood.

    `today` is the day it is asked as of; without one, "last June" and "this week" say nothing.
    """
    for pattern, read in _FIXED if _HAS_YEAR.search(asked) else ():
        for found in _compiled(pattern).finditer(asked):
            span = (
                None
                if _counts(found) or _is_foreign(found)
                else read(*filter(None, found.groups()))
            )
            if span is not None:
                return _period(asked, found[0], span)
    return _relative(asked, today) if today else None


def year_beside_name(asked: str) -> Period | None:
    """Return the year that stands by a name, with no word of time: "the 2022 cup", "Euro 2020"."""
    for found in _BARE_YEAR.finditer(asked):
        before, after = asked[: found.start()], asked[found.end() :]
        several = _SEVERAL.match(after) and not _AFTER_THE.search(before)
        if not several and not _COUNTED.match(after):
            year = int(found[0])
            return Period(words=found[0], since=date(year, 1, 1), until=date(year, 12, 31))
    return None


def both_times(asked: str, joins: str) -> tuple[int, int, tuple[Period, Period]] | None:
    """Return two times that one of the words in `joins` joins, and where they stand in a text.

    "5 June and 24 June 2021": the first has its year, or its month too, from the second.
    """
    leads = rf"(?:(?:{lexicon.pattern('periods.at')})\s+)?{_THE}"
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
    found = _compiled(_SINCE_MONTH).search(asked)
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
        before in lexicon.words(feature, tag)
        for tag, known in _CALENDARS.items()
        if form in known.months
        for feature in _BEFORE_MONTHS
    )


_BEFORE_MONTHS = (
    "dates.in", "dates.of", "periods.in", "periods.between", "periods.from", "periods.since",
    "periods.after", "periods.before", "periods.to",
)  # fmt: skip


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
    day = re.search(rf"\b\d{{1,2}}(?=\b|{_NTH_ENDING})", written)
    return _days(year, _MONTHS[lexicon.plain(named[1])], int(day[0]) if day else None)


def _named(text: str) -> Iterator[_Span]:
    """Yield the years, the months of a year and the days that a text names."""
    for found in _compiled(_ANY).finditer(text):
        span = None if _counts(found) or _is_foreign(found) else _point(found[0])
        if span:
            yield span


def _days(year: int, month: int, day: int | None = None) -> _Span | None:
    try:
        first = date(year, month, day or 1)
        return first, first if day else first.replace(day=calendar.monthrange(year, month)[1])
    except ValueError:
        return None


_HAS_YEAR = re.compile(r"\d{4}")
"""What every point of time has: without it none of the patterns below fits."""

_FIXED: tuple[tuple[str, Callable[..., _Span | None]], ...] = (
    (_WEEK_OF, _week),
    (_NTH_WEEK, _nth_week),
    (_BETWEEN, _both),
    (_WITHIN, _within),
    (_SINCE, _from),
    (_ONWARD, _from),
    (_AFTER, _after),
    (_BEFORE, _before),
    (_UNTIL, _up_to),
    (_IN, _point),
    (_DAY, _point),
)


_UNITS = {
    word: days
    for days, unit in {1: "days", 7: "weeks", 30: "months", 365: "years"}.items()
    for word in lexicon.words(f"periods.{unit}")
}
_COUNTS = {
    word: int(key)
    for feature in ("numbers", "counts")
    for word, key in lexicon.group_of(feature, *_SPEAKING).items()
    if key.isdigit() and 1 <= int(key) <= 10
}
_COUNT = rf"(?P<n>\d{{1,3}}|{lexicon.any_of(_COUNTS)})"


def _relative(asked: str, today: date) -> Period | None:
    for pattern, read in _relatives():
        for found in _compiled(pattern).finditer(asked):
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
    unit = _UNITS[lexicon.plain(found["unit"])]
    near = _back(today, _number(found["n"]) * unit)
    return _back(near, unit // 2), _later(near, unit // 2)


def _past(found: re.Match[str], today: date) -> _Span:
    return _back(today, _number(found["n"]) * _UNITS[lexicon.plain(found["unit"])]), today


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _COUNTS[" ".join(lexicon.plain(written).split())]


def _month(found: re.Match[str], today: date) -> _Span | None:
    """Return the last such month that has begun; "last June" is over, "this June" of this year.

    What is a word too is a month only after "in" or with a capital: "this may matter".
    """
    month, said = _MONTHS[lexicon.plain(found["month"])], found.groupdict()
    if not said["sure"] and not said["within"] and found["month"].islower():
        return None
    begun = month < today.month or (month == today.month and not said["last"])
    year = today.year if begun or said["this"] else today.year - 1
    return _days(year, month) or (today, today)


def _weekday(found: re.Match[str], today: date) -> _Span:
    """Return the last such day: "on Tuesday" of today too."""
    weekday = _WEEKDAYS[lexicon.plain(found["weekday"])]
    back = (today.weekday() - weekday) % 7
    if back == 0 and found["last"]:
        back = 7
    return _back(today, back), _back(today, back)


def _lately(_: re.Match[str], today: date) -> _Span:
    return _back(today, _LATELY), today


def _back(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def _later(day: date, days: int) -> date:
    return min(date.max, day) if date.max - day < timedelta(days=days) else day + timedelta(days)


def _units(which: str) -> str:
    """Return the pattern of this, or of the last, week, month or year, by these names."""
    return "|".join(
        rf"\b(?P<{unit}>{lexicon.pattern(f'periods.{which}_{unit}')})\b"
        for unit in ("week", "month", "year")
    )


def _counted(which: str) -> Iterator[str]:
    """Yield the patterns of some days, weeks, months or years: "ago", or the "past" ones."""
    for tag in _SPEAKING:
        unit = rf"(?P<unit>{lexicon.pattern(*(f'periods.{u}' for u in _UNIT_NAMES), of=[tag])})"
        for form in sorted(lexicon.words(f"periods.{which}", tag)):
            slots = {"{n}": _COUNT, "{unit}": unit}
            pieces = (one for one in re.split(r"(\{n\}|\{unit\})", form) if one)
            words = "".join(slots.get(one) or lexicon.any_of([one]) for one in pieces)
            yield rf"\b{words}\b"


def _in_month(tag: str) -> str:
    """Return the pattern of a month of no year: "last June", "in June", "this June"."""
    known = lexicon.calendar(tag)
    sure = known.certain & _MONTHS.keys() & known.months.keys()
    also = (_MONTHS.keys() & set(known.month_names)) - sure
    names = rf"(?P<sure>{lexicon.any_of(sure)})|{lexicon.any_of(also)}"
    last, this, within, during = (
        lexicon.pattern(f"periods.month_{which}", of=[tag])
        for which in ("last", "this", "in", "during")
    )
    before = rf"(?:(?P<last>{last})|(?P<this>{this})|(?P<within>{within})|(?:{during}))"
    return rf"\b{before}\s+(?P<month>{names})\b(?! \d)"


def _on_weekday(tag: str) -> str:
    """Return the pattern of a weekday: "on Tuesday", "last Tuesday"."""
    on, last = (lexicon.pattern(f"periods.weekday_{one}", of=[tag]) for one in ("on", "last"))
    known = lexicon.calendar(tag)
    names = lexicon.any_of(known.certain & known.weekdays.keys())
    return rf"\b(?:(?P<last>{last})|(?:{on}))\s+(?P<weekday>{names})\b"


_UNIT_NAMES = ("days", "weeks", "months", "years")
_Relative = Callable[[re.Match[str], date], _Span | None]


@cache
def _relatives() -> tuple[tuple[str, _Relative], ...]:
    """Return the patterns of times that only say something against a day, and how each is read."""
    told: tuple[tuple[Iterable[str], _Relative], ...] = (
        ([rf"\b(?:{lexicon.pattern('dates.today')})\b"], _today),
        ([rf"\b(?:{lexicon.pattern('dates.yesterday')})\b"], _yesterday),
        ([_units("this")], _this),
        ([_units("last")], _last),
        (_counted("ago"), _ago),
        (_counted("past"), _past),
        (map(_in_month, _SPEAKING), _month),
        (map(_on_weekday, _SPEAKING), _weekday),
        ([rf"\b(?:{lexicon.pattern('periods.lately')})\b"], _lately),
    )
    return tuple((pattern, read) for patterns, read in told for pattern in patterns)


def without_time(text: str, when: Period | None) -> str:
    """Return a question without the time that it names, and the words that belong to that."""
    if when is None:
        return text
    before, _, after = text.partition(when.words)
    words = before.rstrip(" ,(").split(" ")
    while words and lexicon.plain(words[-1]) in _LEADS:
        words.pop()
    first, _, rest = after.lstrip(" ,)").partition(" ")
    after = rest if lexicon.plain(first.strip("?.!")) in _YEAR_WORDS else after
    return " ".join(f"{' '.join(words)} {after}".split()).replace(" ?", "?")


_LEADS = lexicon.words("dates.in") | lexicon.words("dates.the") | lexicon.words("periods.on_day")
_YEAR_WORDS = lexicon.words("dates.year_words")
