"""Write the calendars of the lexicon, and the names of countries, anew from CLDR, by Babel.

    python -m benchmarks.lexicon

Each `ingest/language/lexicon/LANGUAGE.toml` begins with its language's calendar, between the
line that names CLDR and the line of dots; that much is replaced, what stands below is by hand.
`ingest/language/countries.toml` is written anew whole: countries and languages whose names are
one word in each language of the questions. Babel is needed here alone: what it knows is committed
as data.
"""

from collections.abc import Iterator
from pathlib import Path

from babel import Locale, __version__

_FOLDER = Path(__file__).resolve().parents[1] / "ingest" / "language" / "lexicon"
_END = "# " + "." * 76 + " by hand"
_MONDAY_FIRST = range(7)
_COUNTRIES = _FOLDER.parent / "countries.toml"
_IN = ("en", "de", "es", "fr", "uk")
_LANGUAGES = (
    "af ar be bg bn ca cs da de el en es et fa fi fr ga he hi hr hu hy id is it ja ka ko lt lv mk"
    " nl no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh"
)
_UNIONS = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


def main() -> None:
    for file in sorted(_FOLDER.glob("*.toml")):
        _, _, below = file.read_text("utf-8").rpartition(_END)
        locale = Locale.parse(file.stem)
        head = [
            f"# {locale.english_name}: the words by which its texts are read.",
            f"# The calendar is CLDR's, by `python -m benchmarks.lexicon` (Babel {__version__}).",
            "",
            "[calendar]",
            *_names("months", locale.months, range(1, 13)),
            *_names("weekdays", locale.days, _MONDAY_FIRST),
            "",
            _END,
        ]
        file.write_text("\n".join(head) + "\n\n" + below.lstrip("\n"), "utf-8")
    _COUNTRIES.write_text("\n".join(_named()) + "\n", "utf-8")


def _named() -> Iterator[str]:
    """Yield the lines of the names of countries and languages that are one word everywhere."""
    locales = {language: Locale(language) for language in _IN}
    yield "# Countries whose names are one word, by their code. CLDR's, by"
    yield f"# `python -m benchmarks.lexicon` (Babel {__version__})."
    yield ""
    for code in sorted(locales["en"].territories):
        if len(code) == 2 and code.isalpha() and code not in _UNIONS:
            yield from _line(code, {k: v.territories.get(code, "") for k, v in locales.items()})
    yield ""
    yield "# Languages, and so most nations' adjectives, by their tag."
    yield ""
    for tag in _LANGUAGES.split():
        told = {k: v.languages.get(tag, "").lower() for k, v in locales.items()}
        yield from _line(f"language_{tag}", told)


def _line(key: str, told: dict[str, str]) -> Iterator[str]:
    if all(name.isalpha() for name in told.values()):
        yield f"{key} = {{ {', '.join(f'{k} = {_quoted(v)}' for k, v in told.items())} }}"


def _names(what: str, told: object, places: range) -> list[str]:
    """Return the lines of a kind of names: in full, and as they are shortened."""
    lines = []
    for width, name in (("wide", what), ("abbreviated", f"{what}_short")):
        forms = [_forms(told, width, place) for place in places]
        lines.append(f"{name} = [{', '.join(map(_quoted, forms))}]")
    return lines


def _quoted(form: str) -> str:
    return f'"{form}"'


def _forms(told: object, width: str, place: int) -> str:
    """Return the forms of one name: within a date, and standing alone."""
    forms = [
        told[context][width][place].rstrip(".").lower()  # type: ignore[index]
        for context in ("format", "stand-alone")
    ]
    return " ".join(dict.fromkeys(form for form in forms if " " not in form))


if __name__ == "__main__":
    main()
