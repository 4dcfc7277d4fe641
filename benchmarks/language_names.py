"""Write what languages are called in each language of the interface, from CLDR by Babel.

    python -m benchmarks.language_names

`assistant/render/tongues/languages.toml` is written anew whole. Babel is needed here alone: what it
knows is committed as data.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, __version__

_FILE = Path(__file__).resolve().parents[1] / "assistant/render/tongues/languages.toml"
_IN = ("en", "uk", "es", "de", "fr")


def main() -> None:
    _FILE.write_text("\n".join(_lines()) + "\n", "utf-8")


def _lines() -> Iterator[str]:
    locales = {code: Locale(code) for code in _IN}
    yield "# What languages are called, by their tag, in each language of the interface. CLDR's, by"
    yield f"# `python -m benchmarks.language_names` (Babel {__version__})."
    yield ""
    for tag in sorted(locales["en"].languages):
        told = {code: locale.languages.get(tag) for code, locale in locales.items()}
        if len(tag) == 2 and all(told.values()):
            names = ", ".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in told.items())
            yield f"{tag} = {{ {names} }}"


if __name__ == "__main__":
    main()
