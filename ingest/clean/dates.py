"""Dates as they were given, read strictly: what can be read in two ways is not read."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from ingest.language.lexicon import month_numbers

_LONGEST = 100  # characters of a date
_FIRST_YEAR = 1600  # older than any newspaper
_AHEAD = timedelta(days=2)  # zones and clocks that are off; more is a mistake or a plan
_FAR_AHEAD = timedelta(days=366)

_SECONDS = re.compile(r"-?\d{9,10}(\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}(\.0)?")
_COMPACT_HOUR = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d"
)
_FINER = re.compile(r"\d{16}(?:\d{3})?")  # micro- and nanoseconds
_COMPACT = re.compile(r"(\d{8})[T ]?(\d{6}|(?<=[T ])\d{4})(Z|[+-]\d\d:?\d\d)?")
_CLOCK = r"(?:[T,\s]+(?:at\s+)?(?P<time>\d{1,2}[:.hH]\d\d\b.*))?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}")
_DOTTED = re.compile(rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}}){_CLOCK}")
_SLASHED = re.compile(rf"(?P<a>\d{{1,2}})[-/](?P<b>\d{{1,2}})[-/](?P<y>\d{{4}}){_CLOCK}")
_EAST_ASIAN = re.compile(
    r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"
    r"(?:\s*[(（][^()（）]{1,4}[)）])?(?:\s*\D{0,3}\d{1,2}\s?[:時时点시]\s?(?:\d{1,2}.{0,8})?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,12}[,.]?\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_CLOCK_WORDS = _CLOCK.replace("at", "(?:at|à|um|о|в|a las|às|alle|kl\\.?|om)")
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º)?[-\s.]+(?:of\s+|de\s+)?{_MONTH}"
    rf"[-\s,]+(?:del?\s+)?(?P<y>\d{{4}})(?:\s+(?:р|р\.|року|г|г\.|года))?"
    rf"(?:,?\s+[^\W\d_]{{2,12}}(?=\s+\d{{1,2}}[:.]\d\d)|,?\s+[^\W\d_]{{5,12}}\Z)?{_CLOCK_WORDS}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(?P<y>\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
_YEAR_MONTH_DAY = re.compile(
    rf"(?P<y>\d{{4}})[.,]?[-\s]+{_MONTH}[-\s]+(?P<d>\d{{1,2}})\.?{_CLOCK}", re.IGNORECASE
)
_TIME = re.compile(
    r"(?P<h>\d{1,2})[:.hH](?P<min>\d\d)(?:[:.](?P<s>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?\s*"
    r"(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDate:
    """A date as read: the day as printed, the moment where a zone was given, or why neither."""

    day: date | None = None
    moment: datetime | None = None
    problem: str | None = None


def read_date(given: str, now: datetime | None = None) -> ReadDate:
    """Read RFC 3339, ISO 8601, RFC 2822, epochs and days written out; never guess.

    The day is the one that was printed, in the zone that was given (UTC for an epoch). A time
    without a zone gives a day and no moment.
    """
    text = " ".join(given[:_LONGEST].split())
    try:
        found = _read(text) if len(given) < _LONGEST else _Unread("which is no date")
    except (ValueError, OverflowError) as error:
        found = _Unread(str(error))
    if isinstance(found, _Unread):
        return ReadDate(problem=f"given as {given[:80]!r}, {found.why}")
    return _checked(found, given, now or datetime.now(UTC))


def believed(read: ReadDate, now: datetime | None = None) -> ReadDate:
    """Return the date of something printed: a day that is years ahead is none, and that is said.

    One a little ahead is a clock that is off, or an article that waits: it is kept, and doubted.
    """
    if read.day is None or read.day <= ((now or datetime.now(UTC)) + _FAR_AHEAD).date():
        return read
    return ReadDate(problem=f"{read.problem or read.day}, too far ahead to be believed")


@dataclass(frozen=True, slots=True)
class _Unread:
    why: str


_Found = tuple[date, datetime | None]


def _checked(found: _Found, given: str, now: datetime) -> ReadDate:
    day, moment = found
    if day.year < _FIRST_YEAR:
        return ReadDate(problem=f"given as {given[:80]!r}, which is before {_FIRST_YEAR}")
    if day > (now + _AHEAD).date():
        why = f"given as {given[:80]!r}, which is in the future"
        return ReadDate(day=day, moment=moment, problem=why)
    return ReadDate(day=day, moment=moment)


@lru_cache(maxsize=2_000)  # many articles are of one day
def _read(text: str) -> _Found | _Unread:
    """Try each way of writing a date; the first that fits whole is taken."""
    for way in (_epoch, _iso, _slashed, _numbers, _months, _mail):
        if found := way(text):
            return found
    return _Unread("which is no date that can be read")


def _epoch(text: str) -> _Found | _Unread | None:
    if _COMPACT_HOUR.fullmatch(text):
        return _Unread("which is ambiguous: a day and an hour, or milliseconds")
    if _SECONDS.fullmatch(text):
        return _of(datetime.fromtimestamp(float(text), UTC))
    if _MILLISECONDS.fullmatch(text):
        return _of(datetime.fromtimestamp(float(text) / 1000, UTC))
    if _FINER.fullmatch(text):
        return _of(datetime.fromtimestamp(int(text) / 10 ** (len(text) - 10), UTC))
    return None


def _iso(text: str) -> _Found | None:
    if found := _COMPACT.fullmatch(text):
        text = f"{found[1]}T{found[2]}{found[3] or ''}"
    if re.match(r"\d{8}(?:T|\Z)", text) or re.match(r"\d{4}-\d\d-\d\d", text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return _of(moment)
    return None


def _of(moment: datetime) -> _Found:
    return moment.date(), moment if moment.tzinfo else None


def _day(found: re.Match[str], month: int) -> date:
    return date(int(found["y"]), month, int(found["d"]))


def _slashed(text: str) -> _Found | _Unread | None:
    """Read "16/06/2022", where only one of the two can be the month."""
    found = _SLASHED.fullmatch(text)
    if not found:
        return None
    a, b = sorted((int(found["a"]), int(found["b"])))
    if b <= 12 and a != b:
        return _Unread("which is ambiguous: day or month first")
    return _timed(date(int(found["y"]), a, b), found["time"])


def _numbers(text: str) -> _Found | None:
    if found := _EAST_ASIAN.fullmatch(text):
        return _day(found, int(found["m"])), None
    found = _YEAR_FIRST.fullmatch(text) or _DOTTED.fullmatch(text)
    return _timed(_day(found, int(found["m"])), found["time"]) if found else None


def _months(text: str) -> _Found | None:
    ways = (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH_DAY)
    found = next((one for way in ways if (one := way.fullmatch(text))), None)
    month = month_numbers().get(found["month"].lower()) if found else None
    return _timed(_day(found, month), found["time"]) if found and month else None


def _timed(day: date, time: str | None) -> _Found:
    """Add the time of day where it can be read and has a zone."""
    found = _TIME.fullmatch(time.strip()) if time else None
    if not found or not found["zone"]:
        return day, None
    hour = int(found["h"])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"][0] in "pP")
    zone = found["zone"].upper().replace("UTC", "Z").replace("GMT", "Z")
    clock = f"{hour:02}:{found['min']}:{found['s'] or '00'}"
    return day, datetime.fromisoformat(f"{day.isoformat()}T{clock}{zone}")


def _mail(text: str) -> _Found | None:
    try:
        return _of(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        return None
