"""Read a text into words that can be compared: their stems, numbers, names and sentences."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.language.normalise import fold
from ingest.language.sentences import sentences
from ingest.language.speech.wording import verb

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th|bn|tn|m|k)\b)?|%|(?:[^\W\d_]\.){2,}"
    r"|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|['’]s\b"
)
_DIGITS = re.compile(r"(\d+(?:[.,]\d+)*)(st|nd|rd|th|bn|tn|m|k)?\Z")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_NUMBERED = re.compile(r"\.\s?\d")
"""What makes "No." a number and not a denial: "No. 3"."""

_MONEY = frozenset("$£€¥₴")

FUNCTION = frozenset(
    "a an the and or but nor so yet if then than as of in on at by for from to with into onto over"
    " under up down out off about against between through during after before above below again"
    " is am are was were be been being have has had having do does did doing will would shall"
    " should can could may might must ought i me my we us our ours you your yours he him his she"
    " her hers it its they them their theirs this that these those who whom whose which what when"
    " where why how there here all any both each few more most other some such only own same too"
    " very s t just also not no never n't 's one ones since while because though although until"
    " upon within without across along among around toward towards via per ever even still already"
    " now many much including however well him himself herself itself themselves unk % per"
    " cent percent nearly almost roughly approximately least".split()
)

NEGATIONS = frozenset(
    "not no never n't without nobody nothing none neither nor cannot can't won't don't doesn't"
    " didn't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't"
    " deny denied denies denying refuse refused refuses fail failed fails unable lack lacks"
    " lacked reject rejected rejects rule-out hardly barely unlikely false untrue".split()
)
HEDGES = frozenset(
    "may might could would should can plan plans planned planning propose proposed proposes expect"
    " expected expects likely possible possibly perhaps probably alleged allegedly reportedly"
    " suspected suggests suggest believed believe believes considering consider considers hope"
    " hopes hoped aim aims claim claims claimed accused accuses want wants wanted urged urge urges"
    " called threatened threatens intends intend potential potentially rumoured rumored if".split()
)
UNSURE = frozenset(
    "may might could plan plans planned planning considering considers threatened threatens"
    " hopes hoped hoping allegedly reportedly proposed proposes possibly perhaps".split()
)
"""What makes the next verb unsure; the wider `HEDGES` make a whole claim careful."""

PASSIVE = frozenset("was were been being is are be".split())
_HELPS = frozenset("has have had will would can could may might must should do does did".split())


def acts(low: str) -> bool:
    """Tell whether a lower-case word is likely a verb, one that helps another included."""
    return low in PASSIVE or low in _HELPS or verb(low)


# Forms that no rule of endings brings together, and what names of countries call their people.
_SAME_STEM = """
say said saying tell told announce state stated declare|go went gone|win won winner victory
victor|lose lost loss defeat beat|rise rose risen increase increased grow grew grown growth climb
climbed soar surge|fall fell fallen drop dropped decline declined decrease decreased plunge slump
slid slide tumble|die died dead death deaths dies fatal fatally|kill killed killing slain|murder
murdered murderer|injure injured injuries injury hurt wounded wound|arrest arrested detain
detained|jail jailed imprison imprisoned prison|buy bought purchase purchased acquire acquired
acquisition|sell sold sale sales|begin began begun start started commence launch launched|end ended
finish finished|make made|take took taken|give gave given|get got gotten|come came|see saw seen
|know knew known|think thought|find found|hold held|leave left|lead led leader|meet met meeting|pay
paid payment|run ran|send sent|speak spoke spoken|spend spent|stand stood|teach taught|write wrote
written writer author|build built building|choose chose chosen choice|break broke broken|bring
brought|catch caught|draw drew drawn|drive drove driven driver|eat ate eaten|fight fought|fly flew
flown flight|forget forgot forgotten|freeze froze frozen|hide hid hidden|keep kept|mean meant|seek
sought|shoot shot shooting|sing sang sung singer|sink sank sunk|sit sat|sleep slept|steal stole
stolen theft|swear swore sworn|swim swam swum|throw threw thrown|wear wore worn|withdraw withdrew
withdrawn withdrawal|man men male|woman women female|child children|person people|wife wives|life
lives alive|company firm business|police officer officers cop|doctor dr physician|movie film
|car vehicle|crash collision crashed collided|fire blaze|ill illness sick|baby infant|kid kids
|us usa american americans america u.s|uk britain british britons briton u.k|france french
|germany german germans|spain spanish spaniard|netherlands dutch|russia russian|ukraine ukrainian
|poland polish|turkey turkish|sweden swedish|denmark danish|greece greek|ireland irish|wales welsh
|scotland scottish scots|england english|china chinese|japan japanese|israel israeli|iraq iraqi
|switzerland swiss|norway norwegian|finland finnish|europe european|africa african|asia asian
|australia australian aussie|canada canadian|mexico mexican|brazil brazilian|italy italian
|india indian|pakistan pakistani|afghanistan afghan|korea korean|vietnam vietnamese|thailand thai
|egypt egyptian|syria syrian|iran iranian|mp mps|year annual annually yearly|month monthly
|week weekly|day daily|percent percentage|first 1st|second 2nd|third 3rd|fourth 4th
""".replace("\n", " ")
_STEMS = {word: group.split()[0] for group in _SAME_STEM.split("|") for word in group.split()}

_SMALL = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * n
    for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_TIMES = {
    "hundred": 1e2,
    "dozen": 12.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "k": 1e3,
    "m": 1e6,
    "bn": 1e9,
    "tn": 1e12,
}


@lru_cache(maxsize=50_000)
def stem(low: str) -> str:
    """Return what the forms of a lower-case English word have in common, about."""
    low = low.replace(".", "")
    singular = _STEMS.get(low) or _singular(low)
    if singular in _STEMS:
        return _STEMS[singular]
    root = _root(singular)
    return root[:-1] if len(root) > 3 and root[-1] in "ey" else root


def _singular(low: str) -> str:
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


def _root(low: str) -> str:
    for ending in ("ing", "ed", "ly"):
        if low.endswith(ending) and len(low) - len(ending) > 2:
            root = low[: -len(ending)]
            doubled = root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root
    return low


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number of a text: where it stands and what of it is compared.

    `value` is set for numbers, however they are written; `unit` is "percent", "money",
    "ordinal" or "".
    """

    start: int
    end: int
    low: str
    stem: str
    capital: bool
    value: float | None = None
    unit: str = ""

    @property
    def content(self) -> bool:
        """Whether it says something by itself."""
        return self.value is not None or self.low not in FUNCTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text read for comparison: words, sentences (as spans and as ranges of words)."""

    text: str
    words: tuple[Word, ...]
    sentences: tuple[tuple[int, int], ...]
    ranges: tuple[tuple[int, int], ...]
    openers: frozenset[int] = field(default_factory=frozenset)

    def is_name(self, at: int) -> bool:
        """Whether the word stands with a capital where no sentence begins."""
        word = self.words[at]
        return word.capital and word.value is None and word.content and at not in self.openers


@lru_cache(maxsize=128)
def read(text: str) -> Reading:
    """Read a text into its words, numbers and sentences; takes time linear in its length."""
    spans = sentences(text)
    words = _numbered(text, _tokens(text))
    starts = [word.start for word in words]
    edges = [bisect_right(starts, start - 1) for start, _ in spans] + [len(words)]
    ranges = tuple(itertools.pairwise(edges))
    return Reading(
        text=text,
        words=words,
        sentences=tuple(spans),
        ranges=ranges,
        openers=frozenset(first for first, _ in ranges),
    )


def _tokens(text: str) -> list[Word]:
    found = []
    for match in _TOKEN.finditer(text):
        written = match.group()
        low = (written if written.isascii() else fold(written).text).lower().replace("’", "'")
        capital = written[0].isupper()
        if low == "no" and _NUMBERED.match(text, match.end()):
            low = "number"
        if not low[0].isdigit():
            low = "usa" if low == "u.s." or written == "US" else low.replace(".", "")
        found.append(Word(match.start(), match.end(), low, stem(low), capital))
    return found


def _numbered(text: str, tokens: Sequence[Word]) -> tuple[Word, ...]:
    """Make one number of each run of digits and number words: "fifteen hundred" is 1500."""
    words: list[Word] = []
    at = 0
    while at < len(tokens):
        end, value = _number(text, tokens, at)
        if value is None:
            words.append(tokens[at])
            at += 1
            continue
        words.append(_as_number(text, tokens, (at, end), value))
        at = end
    return tuple(words)


def _number(text: str, tokens: Sequence[Word], at: int) -> tuple[int, float | None]:
    first = _plain(tokens[at].low)
    if first is None:
        return at, None
    total, end = first, at + 1
    while end < len(tokens) and _joined(text, tokens[end - 1], tokens[end]):
        low = tokens[end].low
        if low in _TIMES:
            total *= _TIMES[low]
        elif low in _SMALL and tokens[end - 1].low in _TENS and _SMALL[low] < 10:
            total += _SMALL[low]
        else:
            break
        end += 1
    if [token.low for token in tokens[end : end + 3]] == ["and", "a", "half"]:
        total, end = total + 0.5, end + 3
    if tokens[at].low == "one" and end == at + 1:
        return at, None
    return end, total


def _plain(low: str) -> float | None:
    if low in _SMALL or low in _TENS:
        return float(_SMALL.get(low) or _TENS.get(low) or 0)
    if low in {"hundred", "dozen", "thousand"}:
        return _TIMES[low]
    found = _DIGITS.match(low)
    if not found or found[2] in {"st", "nd", "rd", "th"}:
        return float(found[1].replace(",", "")) if found and found[1].isdigit() else None
    digits = found[1]
    plain = digits.replace(",", "") if _THOUSANDS.match(digits) else digits.replace(",", ".")
    if plain.count(".") > 1:
        return None
    return float(plain) * _TIMES.get(found[2] or "", 1.0)


def _joined(text: str, one: Word, other: Word) -> bool:
    return text[one.end : other.start] in {" ", "-", "\u00a0", ""}


def _as_number(text: str, tokens: Sequence[Word], run: tuple[int, int], value: float) -> Word:
    first, last = tokens[run[0]], tokens[run[1] - 1]
    following = tokens[run[1]].low if run[1] < len(tokens) else ""
    after = tokens[run[1] + 1].low if run[1] + 1 < len(tokens) else ""
    unit = ""
    if following in {"%", "percent", "percentage"} or (following, after) == ("per", "cent"):
        unit = "percent"
    elif first.start and text[first.start - 1] in _MONEY:
        unit = "money"
    elif first.low.endswith(("st", "nd", "rd", "th")):
        unit = "ordinal"
    low = f"{value:.10g}"
    return Word(first.start, last.end, low, low, False, value, unit)
