"""Cut text into sentences, as spans. By rules: no data, no model, no start-up time."""

import re

_OPENERS = "\"'“‘«„‚‹(\\[¿¡「『"
_QUOTES = frozenset("\"'”’»“‘«›」』")

# One leading character class, so that the regex engine can skip to the next candidate.
_BOUNDARY = re.compile(
    r"""
    [.!?…。！？｡؟।॥۔։።‽\n\r\v\f\x85\u2028\u2029]
    (?:
      (?<=[\n\r\v\f\x85\u2028\u2029])
    | (?<=[。！？｡])[。！？｡]*[”’」』）》〉】"']*
    | (?<=[.!?…؟।॥۔։።‽])(?<![.!?…؟।॥۔։።‽].)(?P<more>[.!?…؟।॥۔։።‽]*+)
      (?P<close>(?:["'”’›)\]}」』]|[“‘»«](?=\s)|[ \u00a0\u202f][”»"](?=\s)|\[\d{1,3}\])*+)
      (?=\s(?![a-z])|(?<=[.!?…][”"])[“"A-Z])
    )
    """,
    re.VERBOSE,
)
_NEXT = re.compile(rf"[^\S\n]{{0,9}}(?P<open>[{_OPENERS}]{{0,4}})(?P<word>\w[\w’'-]{{0,30}})?")
_BEFORE = re.compile(r"[^\s(\[“\"‘«„—–/]*\Z")

# `“Go!” Ann Lee said.` is one sentence although a capital follows the mark.
_ATTRIBUTION = re.compile(
    r"\s{1,3}(?:[^\W\d_][\w.’'-]{0,30}\s){1,3}"
    r"(?:said|says|asked|asks|added|adds|replied|wrote|writes|told|tweeted|exclaimed|shouted"
    r"|answered|declared|dijo|preguntó|afirmó|сказа\w{1,4}|заяви\w{1,4}|запита\w{1,4})\b"
)

_TITLES = frozenset(
    "mr mrs ms mx dr prof gov lt col gen sgt capt cmdr adm maj cpl pvt sen sens rep reps rev hon"
    " pres supt det insp fr msgr amb atty messrs mme mlle dir asst assoc dep vs v cf ca approx"
    " e.g i.e viz fig eq pp vol p.s"
    " sr sra srta dra ud uds núm pág lic ing arq d.ª gral"
    " ім вул просп пл обл напр див гр проф акад г-н г-жа ул пр-т им"
    " ee nr bzw z.b u.a hr hrn dott sig".split()
)
"""Never end a sentence: a name, a number or an example follows."""

_MAYBE = frozenset(
    "inc corp co ltd bros llc plc jr sr st ave blvd rd mt ft dept univ assn est etc al"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " uu ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss"
    " mo mont neb"
    " nev okla ore pa penn tenn tex va vt wash wis wyo ph.d m.d b.a m.a"
    " тис млн млрд грн руб р рр ст т д п м с".split()
)
"""End a sentence only if what follows looks like the start of one, as acronyms do."""

_STARTERS = frozenset(
    "the a an he she it they we you i his her its their our my this that these those there here"
    " in on at by for from with to of as if when while after before since because although though"
    " but and or so yet still however meanwhile also what who why how where which then now not no"
    " yes one two three some many most more both all each another other under over during despite"
    " until once according asked earlier later last instead"
    " el la los las un una en por para con pero según este esta ese esa cuando aunque además"
    " у в на за до від про це він вона воно вони ми я але та й і що як коли якщо також після під"
    " он она они мы это но и что как если после по".split()
)
_CLOCK_FOLLOWERS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june"
    " july august september october november december jan feb mar apr jun jul aug sept oct nov dec"
    " et est edt ct cst cdt mt mst mdt pt pst pdt gmt utc bst cet cest eastern central pacific"
    " mountain local".split()
)
_MONTHS = frozenset(
    "januar februar märz april mai juni juli august september oktober november dezember".split()
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of the sentences of `text[start:end]`, in order.

    They do not overlap, cover every character that is not white space, carry none at either
    end and never cross the end of a line. A closing quotation mark belongs to the sentence it
    closes, and `“Go!” he said.` is one sentence. Takes time linear in the length.
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, stop):
        cut = match.end()
        if match.lastgroup != "close" or _ends(text, match, begin, stop):
            _keep(text, begin, cut, spans)
            begin = cut
    _keep(text, begin, stop, spans)
    return spans


def _keep(text: str, begin: int, cut: int, spans: list[tuple[int, int]]) -> None:
    chunk = text[begin:cut].rstrip()
    words = chunk.lstrip()
    if words:
        spans.append((begin + len(chunk) - len(words), begin + len(chunk)))


def _ends(text: str, match: re.Match[str], begin: int, stop: int) -> bool:
    """Say whether a Latin stop ends its sentence, from the words on either side."""
    after = _NEXT.match(text, match.end(), stop)
    word = after["word"] if after else None
    if after is None or word is None:
        # A dash goes on with the sentence; the end of the line ends it anyway.
        return text[match.end() : match.end() + 2].strip()[:1] not in {"-", "–", "—"}
    if word[0].islower():
        return False
    closed = not _QUOTES.isdisjoint(match["close"])
    if match["more"] or text[match.start()] != ".":
        return not (closed and _attributed(text, match.end(), stop, word))
    return closed or _ends_after(text, match, begin, after)


def _attributed(text: str, at: int, stop: int, word: str) -> bool:
    return word.lower() not in _STARTERS and _ATTRIBUTION.match(text, at, stop) is not None


def _ends_after(text: str, match: re.Match[str], begin: int, after: re.Match[str]) -> bool:
    """Say whether a single full stop ends its sentence and not only an abbreviation."""
    at = match.start()
    before = _BEFORE.search(text, max(begin, at - 24), at)
    token = before[0] if before else ""
    key = token.lower()
    word = after["word"]
    if key in _TITLES:
        return False
    if key in {"a.m", "p.m", "am", "pm"}:
        return word.lower() not in _CLOCK_FOLLOWERS
    if key.isdigit():
        return not _numbers_something(text, before, begin, word)
    if key == "no":
        return not word[0].isdigit()
    if len(token) == 1 or "." in token or key.rpartition("-")[2] in _MAYBE:
        return word.lower() in _STARTERS or not _QUOTES.isdisjoint(after["open"])
    return True


def _numbers_something(text: str, before: re.Match[str] | None, begin: int, word: str) -> bool:
    """Tell "1. Open the lid" and "am 3. Oktober" from a number that ends a sentence."""
    if before is None or len(before[0]) > 2:
        return False
    return not text[begin : before.start()].strip() or word.lower() in _MONTHS
