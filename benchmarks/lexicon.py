"""Write the months and weekdays of the lexicon's data files anew from CLDR, by Babel.

    python -m benchmarks.lexicon

Each `ingest/language/lexicon/LANGUAGE.toml` begins with its language's calendar, between the
line that names CLDR and the line of dots; that much is replaced, what stands below is by hand.
Babel is needed here alone: what it knows is committed as data.
"""

from pathlib import Path

from babel import Locale, __version__

_FOLDER = Path(__file__).resolve().parents[1] / "ingest" / "language" / "lexicon"
_END = "# " + "." * 76 + " by hand"
_MONDAY_FIRST = range(7)


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
