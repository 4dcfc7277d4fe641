"""Find the days that a text names, against the day it was printed, by a language's lexicon.

Exact rather than complete: a form that is a word too ("may", "Sun", "mar.") counts only beside
a day or a year, or where the words before it leave no doubt; what depends on a day that is not
known is left out.
"""

import calendar as almanac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ingest.language import lexicon
from ingest.language.numbers import numbers


class DateAt(NamedTuple):
    """Words that name a time, from its first day to its last.

    With a `weekday` (Monday is 0) it is one such day within that stretch: "on Tuesday" is the
    last one or the next.
    """

    start: int
    end: int
    first_day: date
    last_day: date
    weekday: int | None = None


_Stretch = tuple[date, date]
_Read = Callable[["_DateWords", re.Match[str], date | None], "_Stretch | DateAt | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DateWords:
    """A language's calendar, the words around it, and the patterns made of both."""

    known: lexicon.LanguageCalendar
    told: dict[str, Any]
    patterns: tuple[tuple[re.Pattern[str], _Read], ...]

    def words(self, name: str) -> frozenset[str]:
        """Return one of the language's lists."""
        return frozenset(map(lexicon.plain, str(self.told.get(name, "")).split()))


@lru_cache(maxsize=256)
def dates(text: str, language: str | None, published: date | None) -> tuple[DateAt, ...]:
    """Return the days, months and years that a text names, in order.

    "3 May", "last Tuesday" and "yesterday" are resolved against the day of publication; a day
    without its year is that nearest to it. Without a known language, days in digits.
    """
    words = _words_of(language or "")
    found: list[DateAt] = []
    taken: set[int] = set()
    for pattern, read in words.patterns:
        for match in pattern.finditer(text):
            span = match.span("it")
            if taken.intersection(range(*span)):
                continue
            told = read(words, match, published)
            if told is None and read is _day_of_month:
                taken.update(range(*span))  # no "February 2021" in "31 February 2021"
            elif told is not None:
                taken.update(range(*span))
                found.append(told if isinstance(told, DateAt) else DateAt(*span, *told))
    return tuple(sorted(found))


# --- reading each way of writing --------------------------------------------------------------


def _in_digits(_: _DateWords, found: re.Match[str], __: date | None) -> _Stretch | None:
    """Read "2022-05-03", "3.5.2022", and "16/05/2022", where only one can be the month."""
    year, sign = found["y"] or found["y2"], found["sign"]
    day, month = int(found["d"] or found["b"]), int(found["m"] or found["a"])
    if sign == "/":
        if day <= 12 and month <= 12 and day != month:
            return None
        day, month = max(day, month), min(day, month)
    elif sign == ".":
        day, month = month, day
    return _day(int(year), month, day)


def _day_of_month(
    words: _DateWords, found: re.Match[str], published: date | None
) -> _Stretch | None:
    """Read "3 May 2022", "May 3" and "3-5 May", with a weekday before it or without."""
    month = _month(words, found)
    if month is None:
        return None
    first, last = int(found["d"]), int(found["d2"] or found["d"])
    if found["y"]:
        begin, end = _day(int(found["y"]), month, first), _day(int(found["y"]), month, last)
    else:
        begin = _nearest(published, lambda year: _day(year, month, first))
        end = begin and _day(begin[0].year, month, last)
    return (begin[0], end[1]) if begin and end and begin <= end else None


def _month_of_year(words: _DateWords, found: re.Match[str], _: date | None) -> _Stretch | None:
    month = _month(words, found)
    return _whole_month(int(found["y"]), month) if month else None


def _bare_month(words: _DateWords, found: re.Match[str], published: date | None) -> _Stretch | None:
    """Read "in June", "last June", "junio pasado"."""
    month = _month(words, found)
    low = lexicon.plain(found["month"])
    if month is None or published is None or not _is_full(words, low):
        return None
    if low not in words.known.certain and not _surely(words, found):
        return None
    year, groups = published.year, found.groupdict()
    if groups.get("last"):
        year -= month >= published.month
    elif groups.get("next"):
        year += month <= published.month
    elif not groups.get("this"):
        return _nearest(published, lambda year: _whole_month(year, month))
    return _whole_month(year, month)


def _is_full(words: _DateWords, low: str) -> bool:
    """Say whether a form is no shortened one: those need a number beside them."""
    also = words.words("also_words")
    return low in words.known.certain or low in also


def _surely(words: _DateWords, found: re.Match[str]) -> bool:
    """Say whether a name that is a word too is a month here: "in May", not "by May's side"."""
    before = lexicon.plain(found.groupdict().get("in") or "in")
    after = re.match(r"[^\S\n]*([^\W\d_]|['’])", found.string[found.end("month") :])
    sure = words.words("surely_in")
    if after is not None and (after[1] in "'’" or (sure and after[1].isupper())):
        return False
    return not sure or before in sure


def _weekday(
    words: _DateWords, found: re.Match[str], published: date | None
) -> _Stretch | DateAt | None:
    low = lexicon.plain(found["weekday"])
    number = words.known.weekdays.get(low)
    if number is None or published is None or low not in words.known.certain:
        return None
    if not _cased(words, found["weekday"], certain=True):
        return None
    groups = found.groupdict()
    if groups.get("last"):
        day = published - timedelta((published.weekday() - number - 1) % 7 + 1)
    elif groups.get("next"):
        day = published + timedelta((number - published.weekday() - 1) % 7 + 1)
    elif _is_plain_weekday(words, found):
        week = timedelta(6)
        return DateAt(*found.span("it"), _moved(published, -week), _moved(published, week), number)
    else:
        return None
    return day, day


def _is_plain_weekday(words: _DateWords, found: re.Match[str]) -> bool:
    """Tell "on Tuesday" from "Black Friday", "Sunday Times" and "every Monday"."""
    text, (start, end) = found.string, found.span("weekday")
    last = re.search(r"([^\W\d_]+)[^\S\n]\Z", text[max(0, start - 30) : start])
    before = last[1] if last else ""
    needed = words.words("weekday_after")
    if needed:
        return lexicon.plain(before) in needed
    if lexicon.plain(before) in words.words("no_weekday_after"):
        return False
    if not words.told.get("capitals") or lexicon.plain(before) in words.words("free_weekday_after"):
        return True
    after = re.match(r"[^\S\n]([^\W\d_])|-", text[end:])
    if after is not None and (after[1] is None or after[1].isupper()):
        return False
    return not before[:1].isupper()


def _relative_day(
    words: _DateWords, found: re.Match[str], published: date | None
) -> _Stretch | None:
    """Read "yesterday"; not "USA Today"."""
    word = found["it"]
    low = lexicon.plain(word)
    before = found.string[: found.start()].rstrip(" ")
    opens = not before or before[-1] in ".!?\n\"“”«„…:—–-‘'"
    if published is None or (word[0].isupper() and not opens):
        return None
    if low in words.words("lower") and word != low:
        return None
    steps = {"today": 0, "yesterday": -1, "tomorrow": 1}
    step = next(step for name, step in steps.items() if low in words.words(name))
    day = _moved(published, timedelta(step))
    return day, day


def _relative_unit(
    words: _DateWords, found: re.Match[str], published: date | None
) -> _Stretch | None:
    """Read "last week", "this month" and "next year"."""
    if published is None:
        return None
    groups = found.groupdict()
    step = -1 if groups.get("last") else 1 if groups.get("next") else 0
    low = lexicon.plain(found["unit"])
    if low in words.words("week"):
        monday = _moved(published, timedelta(7 * step - published.weekday()))
        return monday, _moved(monday, timedelta(6))
    if low in words.words("year"):
        return _whole_year(published.year + step)
    months = published.year * 12 + published.month - 1 + step
    return _whole_month(months // 12, months % 12 + 1)


def _ago(words: _DateWords, found: re.Match[str], published: date | None) -> _Stretch | None:
    counted = numbers(found["n"], words.told["tag"])
    if published is None or len(counted) != 1 or counted[0].value % 1:
        return None
    day = _moved(published, timedelta(-min(int(counted[0].value), 40_000)))
    return day, day


def _year(words: _DateWords, found: re.Match[str], _: date | None) -> _Stretch | None:
    after = re.match(r"[^\S\n]*[-–]?([^\W\d_]+|%)", found.string[found.end("y") :])
    low = lexicon.plain(after[1]) if after else ""
    tag = words.told["tag"]
    counted = low in lexicon.words("measures", tag) | lexicon.words("scales", tag) | {"%"}
    return None if counted else _whole_year(int(found["y"]))


# --- days -------------------------------------------------------------------------------------


def _month(words: _DateWords, found: re.Match[str]) -> int | None:
    written = found["month"]
    low = lexicon.plain(written)
    if not _cased(words, written, certain=low in words.known.certain):
        return None
    return words.known.months.get(low)


def _cased(words: _DateWords, written: str, *, certain: bool) -> bool:
    """Say whether a name is written as its language writes it."""
    if words.told.get("capitals"):
        return written[0].isupper()
    return certain or written[0].islower()


def _day(year: int, month: int, day: int) -> _Stretch | None:
    try:
        one = date(year, month, day)
    except ValueError:
        return None
    return one, one


def _whole_month(year: int, month: int) -> _Stretch | None:
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month, 1), date(year, month, almanac.monthrange(year, month)[1])


def _whole_year(year: int) -> _Stretch | None:
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, 1, 1), date(year, 12, 31)


def _nearest(published: date | None, of_year: Callable[[int], _Stretch | None]) -> _Stretch | None:
    """Return the stretch whose year lets it begin nearest to the day of publication."""
    if published is None:
        return None
    years = range(max(1, published.year - 1), min(date.max.year, published.year + 1) + 1)
    found = [stretch for year in years if (stretch := of_year(year))]
    return min(found, key=lambda stretch: abs(stretch[0] - published), default=None)


def _moved(day: date, step: timedelta) -> date:
    place = day.toordinal() + step.days
    return date.fromordinal(min(max(place, 1), date.max.toordinal()))


# --- patterns ---------------------------------------------------------------------------------

_YEAR = r"(?:1[5-9]|20)\d\d"
_DIGITS = re.compile(
    r"(?<![\w./-])(?P<it>(?P<y>\d{4})(?P<dash>-)(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<a>\d{1,2})(?P<sign>[./])(?P<b>\d{1,2})(?P=sign)(?P<y2>\d{4}))(?![\w/-]|\.\d)"
)
_MOST_DAYS = r"[\w'’ʼ-]{1,20}(?:[ -][\w'’ʼ]{1,20})?"


@cache
def _words_of(language: str) -> _DateWords:
    known = lexicon.calendar(language)
    told = {**lexicon.section(language, "dates"), "tag": language}
    return _DateWords(
        known=known, told=told, patterns=((_DIGITS, _in_digits), *_patterns(known, told))
    )


def _patterns(
    known: lexicon.LanguageCalendar, told: dict[str, Any]
) -> Iterator[tuple[re.Pattern[str], _Read]]:
    """Yield the patterns of a language, the most telling first."""
    if not known.months:
        return
    day, year = _day_pattern(told), _year_pattern(told)
    of, the = _maybe(told, "of"), _maybe(told, "the")
    month = rf"(?P<month>{lexicon.any_of(known.months)})\b(?:\.(?=,?\s+{of}\d))?"
    dated = rf"(?:(?:{lexicon.any_of(known.weekdays)})\b\.?,?\s+{the})?"
    yield _compiled(rf"(?P<it>{dated}{day}\s+{of}{month}{year}?)"), _day_of_month
    if told.get("month_first"):
        yield _compiled(rf"(?P<it>{dated}{month}\s+{day}(?!\d){year}?)"), _day_of_month
    yield _compiled(rf"(?P<it>{month}{year})"), _month_of_year
    if "ago" not in told:
        return
    weekday = rf"(?P<weekday>{lexicon.any_of(known.weekdays)})"
    units = " ".join(told[unit] for unit in ("week", "month", "year"))
    unit = rf"(?P<unit>{lexicon.any_of(units.split())})"
    for thing, read in ((month, _bare_month), (weekday, _weekday), (unit, _relative_unit)):
        yield from ((_compiled(pattern), read) for pattern in _related(thing, told))
    before = lexicon.any_of(told["in"].split())
    yield _compiled(rf"\b(?P<in>{before})\s+(?P<it>{month})"), _bare_month
    yield _compiled(rf"(?P<it>{weekday})"), _weekday
    near = " ".join(str(told.get(name, "")) for name in ("today", "yesterday", "tomorrow"))
    yield _compiled(rf"(?P<it>{lexicon.any_of(near.split())})"), _relative_day
    for phrase in told["ago"]:
        words = re.escape(phrase).replace(r"\ ", r"\s+")
        words = words.replace(r"\{n\}", rf"(?P<n>{_MOST_DAYS})")
        words = words.replace(r"\{days\}", f"(?:{lexicon.any_of(told['days'].split())})")
        yield _compiled(rf"(?P<it>{words})"), _ago
    yield from ((_compiled(pattern), _year) for pattern in _bare_years(told))


def _related(thing: str, told: dict[str, Any]) -> Iterator[str]:
    """Yield how a language says "last", "next" and "this" of a month, a weekday or a unit."""
    for which in ("last", "next", "this"):
        if before := told.get(which):
            yield rf"(?P<it>(?P<{which}>{lexicon.any_of(before)})\s+{thing})"
        if behind := told.get(f"{which}_behind"):
            yield rf"(?P<it>{thing}\s+(?P<{which}>{lexicon.any_of(behind)}))"


def _bare_years(told: dict[str, Any]) -> Iterator[str]:
    if told.get("year_words"):
        yield rf"(?P<it>(?P<y>{_YEAR})\s+(?:{lexicon.any_of(told['year_words'].split())})\b\.?)"
    if told["year_in"]:
        yield rf"\b(?:{lexicon.any_of(told['year_in'])})[\s-]+(?P<it>(?P<y>{_YEAR}))(?![.,]\d)"


def _day_pattern(told: dict[str, Any]) -> str:
    ending = rf"(?:{lexicon.any_of(str(told.get('endings', '')).split())})?"
    to = rf"(?:\s?[-–]\s?|\s+(?:{lexicon.any_of(str(told.get('to', '')).split())})\s+)"
    return rf"(?<![.,:/\d-])(?P<d>\d{{1,2}}){ending}(?:{to}(?P<d2>\d{{1,2}}){ending})?"


def _year_pattern(told: dict[str, Any]) -> str:
    of = _maybe(told, "of")
    after = rf"(?:\s+(?:{lexicon.any_of(str(told.get('year_words', '')).split())})\b\.?)?"
    return rf"(?:,?\s+{of}(?P<y>{_YEAR})(?!\d|[.,]\d){after})"


def _maybe(told: dict[str, Any], name: str) -> str:
    return rf"(?:(?:{lexicon.any_of(str(told.get(name, '')).split())})\s+)?"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
