"""The languages of the interface: what the page itself says, never what an archive says.

The catalogues are gettext's, in `assistant/render/tongues`; what a catalogue lacks stays English.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

CODES = ("en", "uk", "es", "de", "fr")

_COUNTS = frozenset(("n", "m", "most", "all"))
"""The places of a text in which numbers stand."""
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?")
_SIGNS: Mapping[str, Mapping[int, str]] = {
    code: str.maketrans({",": thousands, ".": decimals})
    for code, thousands, decimals in (
        ("uk", "\u00a0", ","), ("es", ".", ","), ("de", ".", ","), ("fr", "\u202f", ","),
    )
}  # fmt: skip
"""What parts the thousands of a number and its decimals, where English writes 1,234.5."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that the interface speaks."""

    code: str

    @classmethod
    def of(cls, accepted: str) -> "Tongue":
        """Return the language that a browser wants most of those there are, else English."""
        wanted = [_weighed(one) for one in accepted.split(",")]
        for _, code in sorted(wanted, key=lambda one: -one[0]):
            if code in CODES:
                return cls(code)
        return cls("en")

    def say(self, text: str, /, **values: object) -> str:
        """Return a text of the interface in this language, its values put in."""
        told = _catalogue(self.code).gettext(text)
        if not values:
            return told
        signs = _SIGNS.get(self.code, {})
        return told.format(
            **{name: _number(value, signs) if name in _COUNTS else value
               for name, value in values.items()}
        )  # fmt: skip


def _number(value: object, signs: Mapping[int, str]) -> object:
    """Return a number as it is written in a language; anything else as it is."""
    is_one = isinstance(value, str) and _NUMBER.fullmatch(value)
    return str(value).translate(signs) if is_one else value


def whom_to_ask(tongue: Tongue, keeper: str) -> str:
    """Return who adds articles, for a reader who may not."""
    if keeper:
        return tongue.say("Articles are added by who keeps this archive: {keeper}.", keeper=keeper)
    return tongue.say("Articles are added by who keeps this archive, or gave you your key.")


def _weighed(one: str) -> tuple[float, str]:
    name, _, weight = one.partition(";q=")
    try:
        return float(weight or 1), name.strip()[:2].lower()
    except ValueError:
        return 0.0, ""


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    with as_file(files("assistant.render").joinpath("tongues", f"{code}.mo")) as file:
        if not file.is_file():
            return gettext.NullTranslations()
        with file.open("rb") as opened:
            return gettext.GNUTranslations(opened)
