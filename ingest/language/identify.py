"""Tell the language of a text, and read the names that others give to languages."""

import re
from functools import lru_cache
from typing import Any, Protocol, cast

# Languages in which newspapers appear; rare ones are what short texts are mistaken for.
_LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu "
    "hy id is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru "
    "si sk sl so sq sr sv sw ta te tg th tl tr uk ur uz vi zh"
)
_NAMES = (
    "arabic=ar ara=ar chinese=zh chi=zh zho=zh dutch=nl nld=nl english=en eng=en french=fr "
    "fra=fr fre=fr german=de deu=de ger=de italian=it ita=it polish=pl pol=pl portuguese=pt "
    "por=pt russian=ru rus=ru spanish=es spa=es turkish=tr tur=tr ukrainian=uk ukr=uk"
)
_KNOWN = dict(pair.split("=") for pair in _NAMES.split())
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_@.-]*)?")
_LETTERS = 40  # fewer letters are guesswork
_READ = 600  # characters that are looked at; more cost time and changed nothing
_PIECE = 70  # characters of the beginning, the middle and the end that are looked at before all
_CERTAIN = 0.99
"""From which probability on these pieces are enough: all of it hardly ever tells another one."""


class _Identifier(Protocol):
    nb_ptc: Any

    def set_languages(self, langs: list[str]) -> None: ...
    def classify(self, text: str) -> tuple[str, float]: ...


def tag(given: str) -> str | None:
    """Return the primary tag of a language as others write it ("en-GB", "English")."""
    name = given.strip().lower()
    if name in _KNOWN:
        return _KNOWN[name]
    found = _TAG.fullmatch(name)
    if not found:
        return None
    primary = found.group(1)
    return _KNOWN.get(primary, primary)


def likely(text: str, sure: float = 0.5, letters: int = _LETTERS) -> str | None:
    """Tell the language of a text; None where it has too few letters or none is that likely."""
    sample = text[:_READ]
    if sum(map(str.isalpha, sample)) < letters:
        return None
    if len(sample) > 2 * len(pieces := _pieces(sample)):
        language, probability = _identifier().classify(pieces)
        if probability >= _CERTAIN:
            return language
    language, probability = _identifier().classify(sample)
    return language if probability >= sure else None


def _pieces(sample: str) -> str:
    middle = len(sample) // 2
    return f"{sample[:_PIECE]} {sample[middle : middle + _PIECE]} {sample[-_PIECE:]}"


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    from py3langid.langid import LanguageIdentifier

    identifier = cast(
        "_Identifier", LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    )
    identifier.set_languages(_LANGUAGES.split())
    # Taken out of the table of all languages, these lie column by column; a text asks for rows.
    identifier.nb_ptc = identifier.nb_ptc.copy()
    return identifier
