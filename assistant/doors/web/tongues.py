"""The languages of the interface: what the page itself says, never what an archive says.

The catalogues are gettext's, in `assistant/render/tongues`; what a catalogue lacks stays English.
"""

import gettext
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

CODES = ("en", "uk", "es", "de", "fr")


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
        return told.format(**values) if values else told


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
