"""Number words of five languages, read by us and by text2num: `python -m benchmarks.number_words`.

Invented phrases as newspapers write them, each with the values that stand in it. A reading is right
where its values are those, in their order; what is left out is missed, anything else is wrong.
text2num is no dependency: it is measured where `pip install text2num` was done.
"""

import importlib
import re
from collections import Counter
from collections.abc import Callable

from ingest.language.numbers import numbers

Values = tuple[float, ...]

PHRASES: dict[str, tuple[tuple[str, Values], ...]] = {
    "en": (
        ("the crew of twenty-three was saved", (23,)),
        ("a hundred and seven houses stood empty", (107,)),
        ("twelve hundred sheep were sold", (1200,)),
        ("two million three hundred thousand crowns", (2_300_000,)),
        ("it cost two and a half million", (2.5e6,)),
        ("three dozen boats and four barges", (36, 4)),
        ("half a million readers", (0.5e6,)),
        ("he won by thirty-one votes to twenty-nine", (31, 29)),
        ("since nineteen ninety-nine", (1999,)),
        ("the forty-second session", (42,)),
        ("no one of them came back", ()),
        ("on second thoughts they stayed", ()),
        ("three quarters of the town", (0.75,)),
        ("seven per cent of nine thousand", (7, 9000)),
        ("five hundred ships of the line", (500,)),
        ("they asked for one and a half billion", (1.5e9,)),
    ),
    "de": (
        ("die dreiundzwanzig Mann wurden gerettet", (23,)),
        ("einhundertsieben Häuser standen leer", (107,)),
        ("zweitausendvierhundert Schafe", (2400,)),
        ("zwei Millionen dreihunderttausend Kronen", (2_300_000,)),
        ("es kostete zweieinhalb Millionen", (2.5e6,)),
        ("drei Dutzend Boote und vier Kähne", (36, 4)),
        ("eine halbe Million Leser", (0.5e6,)),
        ("mit einunddreißig zu neunundzwanzig Stimmen", (31, 29)),
        ("seit neunzehnhundertneunundneunzig", (1999,)),
        ("die zweiundvierzigste Sitzung", (42,)),
        ("keiner von ihnen kam zurück", ()),
        ("ein Mann ging vorbei", ()),
        ("drei Viertel der Stadt", (0.75,)),
        ("sieben Prozent von neuntausend", (7, 9000)),
        ("fünfhundert Schiffe", (500,)),
        ("sie wollten eineinhalb Milliarden", (1.5e9,)),
    ),
    "fr": (
        ("les vingt-trois marins ont été sauvés", (23,)),
        ("cent sept maisons étaient vides", (107,)),
        ("deux mille quatre cents moutons", (2400,)),
        ("deux millions trois cent mille couronnes", (2_300_000,)),
        ("deux millions et demi", (2.5e6,)),
        ("trois douzaines de bateaux et quatre péniches", (36, 4)),
        ("un demi-million de lecteurs", (0.5e6,)),
        ("par trente et une voix contre vingt-neuf", (31, 29)),
        ("en mille neuf cent quatre-vingt-dix-neuf", (1999,)),
        ("la quarante-deuxième séance", (42,)),
        ("aucun d'eux n'est revenu", ()),
        ("un homme est passé", ()),
        ("les trois quarts de la ville", (0.75,)),
        ("sept pour cent de neuf mille", (7, 9000)),
        ("soixante-dix-sept navires", (77,)),
        ("un milliard et demi", (1.5e9,)),
    ),
    "es": (
        ("los veintitrés marineros se salvaron", (23,)),
        ("ciento siete casas estaban vacías", (107,)),
        ("dos mil cuatrocientas ovejas", (2400,)),
        ("dos millones trescientas mil coronas", (2_300_000,)),
        ("costó dos millones y medio", (2.5e6,)),
        ("tres docenas de barcos y cuatro barcazas", (36, 4)),
        ("medio millón de lectores", (0.5e6,)),
        ("por treinta y un votos a veintinueve", (31, 29)),
        ("en mil novecientos noventa y nueve", (1999,)),
        ("la tercera sesión", (3,)),
        ("ninguno de ellos volvió", ()),
        ("un hombre pasó", ()),
        ("tres cuartos de la ciudad", (0.75,)),
        ("siete por ciento de nueve mil", (7, 9000)),
        ("quinientos barcos", (500,)),
        ("dos mil millones", (2e9,)),
    ),
    "uk": (
        ("двадцять три моряки врятовано", (23,)),
        ("сто сім будинків стояли порожні", (107,)),
        ("дві тисячі чотириста овець", (2400,)),
        ("два мільйони триста тисяч крон", (2_300_000,)),
        ("два з половиною мільйони", (2.5e6,)),
        ("три дюжини човнів і чотири баржі", (36, 4)),
        ("пів мільйона читачів", (0.5e6,)),
        ("тридцять один голос проти двадцяти дев'яти", (31, 29)),
        ("тисяча дев'ятсот дев'яносто дев'ять", (1999,)),
        ("третя сесія", (3,)),
        ("ніхто з них не повернувся", ()),
        ("третина міста", (1 / 3,)),
        ("сім відсотків від дев'яти тисяч", (7, 9000)),
        ("п'ятсот кораблів", (500,)),
        ("півтора мільярда", (1.5e9,)),
        ("дев'яносто шість шахтарів", (96,)),
    ),
}


def ours(text: str, language: str) -> Values | None:
    """Return the values that our lexicon reads."""
    return tuple(number.value for number in numbers(text, language))


def text2num(text: str, language: str) -> Values | None:
    """Return the values that text2num reads; None where it does not know the language."""
    try:
        told = importlib.import_module("text_to_num").alpha2digit(text, language)
    except ValueError:
        return None
    return tuple(float(one) for one in re.findall(r"\d+(?:\.\d+)?", told.replace(",", ".")))


def judged(read: Values | None, meant: Values) -> str:
    """Tell what became of the values that a phrase has."""
    if read is None:
        return "no language"
    if len(read) == len(meant) and all(
        abs(a - b) < 1e-9 * max(1, b) for a, b in zip(read, meant, strict=True)
    ):
        return "right"
    return "missed" if set(read) < set(meant) else "wrong"


def main() -> None:
    readers: list[Callable[[str, str], Values | None]] = [ours]
    try:
        importlib.import_module("text_to_num")
        readers.append(text2num)
    except ModuleNotFoundError:
        print("text2num is not installed: only our own reading is measured")
    for reader in readers:
        print(reader.__name__)
        for language, phrases in PHRASES.items():
            kinds = Counter(judged(reader(text, language), meant) for text, meant in phrases)
            print(f"  {language}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))


if __name__ == "__main__":
    main()
