"""Bytes to text, never guessed silently."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

from ingest.errors import SettingsError
from ingest.language.identify import likely

HINT = "say how it is encoded: `--encoding NAME`"
"""What to do where nothing tells it."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the web calls latin-1 is windows-1252 (WHATWG Encoding Standard, "Names and labels").
_WEB_NAMES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}

# A code page is believed only where the decoded text is in a language written with it.
_WEST = "en fr es de it pt nl sv da no nn fi is ca gl eu af ga oc fo lb id ms sw br an wa"
_PAGES = {
    "cp1252": _WEST,
    "cp1250": "cs pl hu sk sl hr bs ro sq",
    "cp1251": "ru uk bg be mk sr kk ky tg mn",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he",
    "cp1256": "ar fa ur",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "koi8_r": "ru",
    "koi8_u": "uk",
    "cp866": "ru",
    "cp932": "ja",
    "euc_jp": "ja",
    "gb18030": "zh",
    "big5": "zh",
    "big5hkscs": "zh yue",
    "cp949": "ko",
    "euc_kr": "ko",
    "cp874": "th",
}
# These bytes are the same quotation marks, dashes and signs in all western and central
# European Windows code pages; a text that holds no others needs no guess.
_PUNCTUATION = frozenset(b"\x80\x82\x84\x85\x86\x87\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b")
_PUNCTUATION |= frozenset(b"\xa0\xa7\xa9\xab\xae\xb0\xb1\xb5\xb7\xbb")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_SHIFTS = {b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp"}
_EAST_ASIAN = frozenset(page for page, said in _PAGES.items() if said[:2] in {"ja", "zh", "ko"})
_THREE_BYTES = re.compile(rb"[\xe3-\xed][\x80-\xbf]{2}")  # of each of their letters in UTF-8
_MANY_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
# Within a word: letters of Mac Roman that are signs or capitals in Windows' code pages; of those.
_MAC_LETTER = re.compile(rb"[a-z][\x87\x88\x8d-\x90](?=[a-z])")
_DOS_LETTER = re.compile(rb"[a-z][\x81-\x85\x8a](?=[a-z])")
_DOS_LETTERS = re.compile(rb"[a-z][\x81-\x85\x88\x8a\x93\x94\xa0-\xa4](?=[a-z])")
_WEST_LETTER = re.compile(rb"[a-z][\xdf-\xff](?=[a-z])")
# Letters of ISO 8859-2 that are signs in windows-1250, within a word; and the other way round.
_LATIN_2 = re.compile(rb"[a-z][\xb1\xb6](?=[a-z\xb1-\xff])")
_CP1250 = re.compile(rb"[\x80-\x9f]")
_FEWEST = 3  # such letters that tell an encoding
_SAMPLE = 30_000
_NEAR = 0.05  # candidates whose "mess" is this close to the best's are weighed against it
_CLEAR = 0.1  # a lead in coherence that settles between two texts
_SURE = 0.8  # of the language that confirms an encoding
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text, its encoding, and, unless the bytes themselves say it, how that was told."""

    text: str
    encoding: str
    how: str | None = None


class Undecodable(ValueError):
    """The bytes are no text, or nothing tells with certainty in which encoding."""


def mark(head: bytes) -> str | None:
    """Name the encoding whose byte order mark stands at the start."""
    return next((name for bom, name in _MARKS if head.startswith(bom)), None)


def known(name: str) -> str:
    """Return Python's name of an encoding; raise SettingsError for one it does not know."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise SettingsError(f"no encoding is named {name!r}", "for example: utf-8") from error
    if not getattr(codec, "_is_text_encoding", True):
        raise SettingsError(f"{name!r} is no encoding of text", "for example: utf-8")
    return codec.name


def decode(data: bytes, *, given: str | None = None, declared: str | None = None) -> Decoded:
    """Decode by what is certain first; raise Undecodable where nothing is.

    In order: what the user gave, a byte order mark, UTF-8 when every byte agrees, what the
    document declares, and last what a detector finds and the language confirms.
    """
    if given is not None:
        return _as(data, known(given), f"{given}, as given")
    marked = mark(data)
    if marked:
        return _as(data, marked, None)
    if shifted := _shifted(data):
        return shifted
    if b"\0" in data:
        raise Undecodable("it holds NUL bytes: not text, or UTF-16 without a byte order mark")
    try:
        return Decoded(text=data.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return (
            _declared(data, declared)
            or _repaired(data)
            or _mixed(data)
            or _macintosh(data)
            or _dos(data)
            or _detected(data)
        )


def peek(head: bytes) -> str | None:
    """Decode the start of a file for a look at it; None where it is no text."""
    marked = mark(head)
    if marked:
        return head.decode(marked, "ignore").lstrip("\ufeff")
    return None if b"\0" in head else head.decode("utf-8", "replace")


def _as(data: bytes, encoding: str, how: str | None) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        raise Undecodable(f"it is not {encoding}: wrong at byte {place}") from error
    return Decoded(text=text.removeprefix("\ufeff"), encoding=encoding, how=how)


def _shifted(data: bytes) -> Decoded | None:
    """Read text of seven bits that changes its alphabets by escapes, as mails in Japanese do."""
    for escape, encoding in _SHIFTS.items() if b"\x1b" in data else ():
        if escape in data:
            with suppress(Undecodable):
                return _as(data, encoding, f"{encoding}, told from its escapes")
    return None


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    """Believe a declared encoding only where every byte agrees with it."""
    if not declared:
        return None
    name = declared.strip().lower()
    try:
        return _as(data, known(_WEB_NAMES.get(name, name)), f"{name}, as declared")
    except (SettingsError, Undecodable):
        return None


def _repaired(data: bytes) -> Decoded | None:
    """Read UTF-8 that is broken in a few places, each shown as U+FFFD and counted."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    whole = sum(character > "\x7f" for character in text) - broken
    if whole < 10 * broken:
        return None
    return Decoded(text=text, encoding="utf-8", how=f"utf-8, {broken} broken characters replaced")


def _mixed(data: bytes) -> Decoded | None:
    """Read lines of UTF-8 among lines of another encoding, as files put together hold them."""
    lines = data.split(b"\n")
    others = [line for line in lines if _utf8(line) is None]
    if len(others) == len(lines) or not any(len(_MANY_BYTES.findall(one)) > 2 for one in lines):
        return None
    if sum(len(_MANY_BYTES.findall(one)) for one in lines if _utf8(one) is not None) < _FEWEST:
        return None
    try:
        found = _detected(b"\n".join(others))
    except Undecodable:
        return None
    ours = b"\n".join(line for line in lines if _utf8(line) is not None)
    if found.encoding in _EAST_ASIAN and not _THREE_BYTES.search(ours):
        return None  # a short line of it may be UTF-8 by chance, though of other scripts' letters
    rest = iter(found.text.split("\n"))
    text = "\n".join(said if (said := _utf8(line)) is not None else next(rest) for line in lines)
    how = f"utf-8 and {found.encoding}, line by line, detected"
    return Decoded(text=text, encoding="utf-8", how=how)


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _macintosh(data: bytes) -> Decoded | None:
    """Read the letters of an old Macintosh, which within words are signs in any code page."""
    inside, dos = len(_MAC_LETTER.findall(data)), len(_DOS_LETTER.findall(data))
    if inside < _FEWEST or inside < 2 * max(dos, len(_WEST_LETTER.findall(data))):
        return None
    if likely(_sample(data).decode("mac_roman"), sure=_SURE) not in _WEST.split():
        return None
    return _as(data, "mac_roman", "mac_roman, detected")


def _dos(data: bytes) -> Decoded | None:
    """Read the letters of DOS, which within words are signs in Windows' code pages."""
    inside = len(_DOS_LETTERS.findall(data))
    others = max(len(_MAC_LETTER.findall(data)), len(_WEST_LETTER.findall(data)))
    if inside < _FEWEST or inside < 2 * others:
        return None
    if likely(_sample(data).decode("cp850"), sure=_SURE) not in _WEST.split():
        return None
    return _as(data, "cp850", "cp850, detected")


def _detected(data: bytes) -> Decoded:
    high = {byte[0] for byte in _HIGH.findall(data)}
    if high <= _PUNCTUATION and not _HIGH_PAIR.search(data):
        return _as(data, "cp1252", "windows-1252, told from its punctuation")
    confirmed = _confirmed(data)
    ranked = sorted(confirmed, key=lambda candidate: -candidate.coherence)
    if not ranked or any(
        other.text != ranked[0].text and ranked[0].coherence - other.coherence < _CLEAR
        for other in ranked[1:]
    ):
        found = " or ".join(candidate.encoding for candidate in ranked) or "an unknown encoding"
        raise Undecodable(f"it is not UTF-8 but {found}; which cannot be told with certainty")
    best = ranked[0]
    if best.encoding == "cp1250" and _LATIN_2.search(data) and not _CP1250.search(data):
        return _as(data, "iso8859_2", "iso8859_2, detected")
    return Decoded(text=best.text, encoding=best.encoding, how=f"{best.encoding}, detected")


@dataclass(frozen=True, slots=True)
class _Candidate:
    encoding: str
    coherence: float
    text: str


def _confirmed(data: bytes) -> list[_Candidate]:
    """Decode by each candidate; keep those whose text is in a language that fits."""
    sample = _sample(data)
    found = []
    for encoding, coherence in _candidates(sample).items():
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        language = likely(sample.decode(encoding, "ignore"), sure=_SURE)
        if language in _PAGES[encoding].split():
            found.append(_Candidate(encoding, coherence, text))
    return found


def _candidates(sample: bytes) -> dict[str, float]:
    """Name the encodings that decode the sample cleanly, with the detector's coherence."""
    from charset_normalizer import from_bytes

    pages = [name for name in _PAGES if (name in _LATIN) == _mostly_ascii(sample)]
    matches = from_bytes(sample, cp_isolation=pages, enable_fallback=False)
    best = min((match.chaos for match in matches), default=0.0)
    near = {m.encoding: m.coherence for m in matches if m.chaos <= best + _NEAR}
    if "cp1252" in pages:  # which the detector drops when another page decodes it alike
        near.setdefault("cp1252", max(near.values(), default=0.0))
    return near


def _mostly_ascii(sample: bytes) -> bool:
    """Whether few enough letters are beyond ASCII for a Latin script."""
    return len(_HIGH.findall(sample)) < 0.25 * len(sample)


def _sample(data: bytes) -> bytes:
    """Return a stretch around the first byte that is not ASCII."""
    first = _HIGH.search(data)
    start = max(0, (first.start() if first else 0) - _SAMPLE // 10)
    sample = data[start : start + _SAMPLE]
    if start + _SAMPLE < len(data):  # no character cut in two at the end
        sample = sample.rsplit(None, 1)[0]
    return sample
