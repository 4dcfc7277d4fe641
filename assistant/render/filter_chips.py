"""The filters that are set as chips that take them off, and stretches of days to pick at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

from assistant.render.escaped import as_words
from assistant.render.interface_text import Say, day_told, in_english
from assistant.render.language_names import language_told
from ingest.article import Filters

ALL = "all"
_YEARS = 4


def chips_html(filters: Filters, *, mode: str = "", say: Say = in_english) -> str:
    """Return a chip for each filter that is set, or nothing; pressed, it takes the filter off.

    `data-off` names the filter, `data-value` the one of its values.
    """
    chips = list(_set(filters, say))
    if mode:
        chips.append(("mode", "", mode))
    if not chips:
        return ""
    items = "".join(
        f'<li><button type="button" class="chip" data-off="{name}" data-value="{escape(value)}" '
        f'aria-label="{as_words(say("Take off: {what}", what=told))}">{as_words(told)} '
        '<span aria-hidden="true">×'
        "</span></button></li>"
        for name, value, told in chips
    )
    every = (
        f'<li><button type="button" class="chip every" data-off="{ALL}">'
        f"{escape(say('Clear all'))}</button></li>"
    )
    kept, told = escape(watch_address("", filters)), escape(say("Save as a watch"))
    saved = f'<li><a class="chip every" href="{kept}">{told}</a></li>'
    name = escape(say("Filters that are set"))
    return f'<ul class="chips" aria-label="{name}">{items}{every}{saved}</ul>'


def watch_address(words: str, filters: Filters) -> str:
    """Return where words and filters are saved as a watch."""
    pairs = [("q", words), ("comments", "1" if filters.comments else "")]
    for name, values in (
        ("outlet", filters.outlets),
        ("section", filters.sections),
        ("language", filters.languages),
        ("collection", () if filters.collections == filters.held else filters.collections),
    ):
        pairs += [(name, value) for value in values]
    return f"/watches?{urlencode([pair for pair in pairs if pair[1]])}"


def _set(filters: Filters, say: Say) -> Iterator[tuple[str, str, str]]:
    if filters.since:
        yield (
            "since",
            filters.since.isoformat(),
            say("From {day}", day=day_told(filters.since, say)),
        )
    if filters.until:
        yield "until", filters.until.isoformat(), say("To {day}", day=day_told(filters.until, say))
    if filters.as_of:
        yield (
            "as_of",
            filters.as_of.isoformat(),
            say("As of {day}", day=day_told(filters.as_of, say)),
        )
    for name in ("outlets", "sections", "languages", "collections"):
        for value in getattr(filters, name):
            yield name, value, language_told(value, say) if name == "languages" else value
    if filters.comments:
        yield "comments", "", say("With readers’ comments")


def presets_html(first: date | None, last: date | None, say: Say = in_english) -> str:
    """Return stretches of the archive's days to pick: its last month and year, its newest years.

    `data-since` and `data-until` are the days of each.
    """
    if first is None or last is None:
        return ""
    stretches = [
        (say("Last 30 days"), last - timedelta(29), last),
        (say("Last 12 months"), last - timedelta(364), last),
    ]
    years = range(last.year, max(first.year, last.year - _YEARS + 1) - 1, -1)
    stretches += [(str(year), date(year, 1, 1), date(year, 12, 31)) for year in years]
    items = "".join(
        f'<li><button type="button" class="chip" data-since="{since}" data-until="{until}">'
        f"{escape(name)}</button></li>"
        for name, since, until in stretches
    )
    return f'<ul class="chips presets" aria-label="{escape(say("Stretches of days"))}">{items}</ul>'
