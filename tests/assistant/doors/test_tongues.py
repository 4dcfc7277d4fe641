"""The interface in other languages: nothing is left out, and every value has its place."""

import ast
import io
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import app
from assistant.doors import web
from assistant.doors.web.tongues import CODES, Tongue
from assistant.render.language_names import language_told
from assistant.render.moments import moment_html, with_moment

PAGES = Path(web.__file__).parent
RENDER = Path(web.__file__).parents[2] / "render"
CATALOGUES = RENDER / "tongues"
OTHERS = [code for code in CODES if code != "en"]


def said() -> set[str]:
    """Return every text that a page says as it stands."""
    calls = (
        node
        for file in (
            *PAGES.glob("*.py"),
            *PAGES.parent.glob("*.py"),
            *RENDER.glob("*.py"),
            Path(app.__file__),
        )
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    )
    return {text for call in calls for text in _texts(call)}


def _texts(call: ast.Call) -> list[str]:
    """Return the texts that a call says: what is said, marked to be, counted, or not there."""
    name = str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
    said = {"say": call.args[:1], "to_say": call.args, "counted": call.args[2:],
            "missing": call.args[1:]}  # fmt: skip
    return [str(one.value) for one in said.get(name, ()) if isinstance(one, ast.Constant)]


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_that_a_page_says_is_left_in_english(code: str) -> None:
    catalogue = read_po(io.StringIO((CATALOGUES / f"{code}.po").read_text(encoding="utf-8")))
    told = {str(one.id): str(one.string) for one in catalogue if one.id}
    assert {text for text in said() if not told.get(text)} == set()
    fields = {text: sorted(re.findall(r"{\w*}", text)) for text in told}
    assert {
        t for t, other in told.items() if sorted(re.findall(r"{\w*}", other)) != fields[t]
    } == set()


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_read_at_run_time_is_what_the_catalogue_says(code: str) -> None:
    catalogue = read_po(io.StringIO((CATALOGUES / f"{code}.po").read_text(encoding="utf-8")))
    told = {str(one.id): str(one.string) for one in catalogue if one.id}
    assert {text: Tongue(code).say(text) for text in told} == told, "`make tongues`"


@pytest.mark.parametrize(
    ("code", "tag", "told"),
    [
        ("en", "de", "German"),
        ("de", "de", "Deutsch"),
        ("uk", "es", "Іспанська"),
        ("fr", "en-GB", "Anglais (en-GB)"),
        ("es", "zz", "zz"),
        ("es", "<b>", "<b>"),
    ],
)
def test_a_language_is_named_in_the_readers_own(code: str, tag: str, told: str) -> None:
    assert language_told(tag, Tongue(code).say) == told


def test_a_moment_says_its_zone_and_is_written_so_that_a_script_can_tell_another() -> None:
    at = datetime(2024, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    assert moment_html(at, Tongue("de").say) == (
        '<time datetime="2024-03-01T21:30Z" data-moment>1. März 2024, 21:30 UTC</time>'
    )
    assert with_moment("Looked on {when}.", at, Tongue("en").say).startswith("Looked on <time ")


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("it, de;q=0.7, en;q=0.5", "de"),
        ("en-GB", "en"),
        ("es;q=x, fr", "fr"),
        ("", "en"),
        ("zz;q=1", "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_it_wants_most(accepted: str, code: str) -> None:
    assert Tongue.of(accepted).code == code


def test_a_value_is_put_in_and_never_read_as_a_form() -> None:
    assert Tongue("de").say("Choose “{title}”", title="{0} {x}") == "„{0} {x}“ auswählen"


@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "4,199"), ("de", "4.199"), ("es", "4.199"), ("uk", "4\u00a0199"), ("fr", "4\u202f199")],
)
def test_a_number_is_written_as_its_language_writes_it(code: str, told: str) -> None:
    assert told in Tongue(code).say("{n} articles", n="4,199")


def test_the_decimals_of_a_number_are_its_languages_too_and_a_title_stays() -> None:
    say = Tongue("de").say
    assert say("{n} s", n="1,234.5") == "1.234,5 s"
    assert say("Choose “{title}”", title="1,234.5") == "„1,234.5“ auswählen"
    assert say("{n} s", n=7) == "7 s"
