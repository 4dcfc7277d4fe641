"""Encodings are told with certainty or not at all."""

import pytest

from ingest.errors import SettingsError
from ingest.readers.encoding import Decoded, Undecodable, decode, known

SENTENCES = {
    "cp1252": "Le maire a déclaré que la ville devait fermer le port à cause des coûts élevés. ",
    "cp1250": "Rada města hlasovala o uzavření starého přístavu, řekl v úterý její starosta. ",
    "cp1251": "Городской совет проголосовал за закрытие старого порта, сообщил мэр города. ",
    "koi8_r": "Городской совет проголосовал за закрытие старого порта, сообщил мэр города. ",
    "cp1253": "Το δημοτικό συμβούλιο ψήφισε την Τρίτη το κλείσιμο του παλιού λιμανιού. ",
    "cp1254": "Belediye meclisi salı günü eski limanı kapatmaya karar verdi, dedi başkan. ",
    "cp1256": "صوت المجلس البلدي يوم الثلاثاء على إغلاق الميناء القديم في المدينة. ",
    "cp932": "町の議会は火曜日に古い港を閉鎖することを決めたと町長が発表した。",
    "gb18030": "市议会周二投票决定关闭旧港口，市长在新闻发布会上宣布了这一消息。",
    "cp949": "시의회는 화요일에 옛 항구를 폐쇄하기로 결정했다고 시장이 발표했다. ",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_an_encoding_is_told_where_the_language_confirms_it(encoding: str) -> None:
    text = SENTENCES[encoding] * 6
    found = decode(text.encode(encoding))
    assert found == Decoded(text=text, encoding=encoding, how=f"{encoding}, detected")


def test_utf8_needs_no_note() -> None:
    assert decode("Straße".encode()) == Decoded(text="Straße", encoding="utf-8")


def test_windows_punctuation_in_english_needs_no_language() -> None:
    text = "“It’s over,” he said – and left…"
    how = "windows-1252, told from its punctuation"
    assert decode(text.encode("cp1252")) == Decoded(text=text, encoding="cp1252", how=how)


def test_a_declared_encoding_is_believed_where_every_byte_agrees() -> None:
    found = decode("Рада".encode("cp1251"), declared="Windows-1251")
    assert found == Decoded(text="Рада", encoding="cp1251", how="windows-1251, as declared")


def test_utf8_goes_before_another_declared_encoding() -> None:
    assert decode("Rué".encode(), declared="iso-8859-1").text == "Rué"


def test_a_given_encoding_goes_before_everything() -> None:
    assert decode("é".encode(), given="latin-1").text == "Ã©"


def test_utf8_broken_in_a_few_places_is_kept_and_counted() -> None:
    data = ("Šedá věž nad řekou. " * 20).encode() + b"\xff"
    found = decode(data)
    assert found.text.endswith("řekou. \ufffd")
    assert found.how == "utf-8, 1 broken characters replaced"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xe9t\xe9", "which cannot be told with certainty"),
        (b"a\x00b", "NUL bytes"),
        (bytes(range(128, 256)), "which cannot be told with certainty"),
    ],
)
def test_what_cannot_be_told_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Undecodable, match=why):
        decode(data)


def test_bytes_that_are_not_in_the_given_encoding_are_refused() -> None:
    with pytest.raises(Undecodable, match="it is not ascii: wrong at byte 3"):
        decode(b"caf\xc3\xa9", given="ascii")


@pytest.mark.parametrize("name", ["no-such-encoding", "rot13", "base64", "a\0b"])
def test_an_unknown_encoding_is_a_wrong_setting(name: str) -> None:
    with pytest.raises(SettingsError):
        known(name)


def test_lines_of_two_encodings_are_read_each_by_its_own() -> None:
    line = "Le bureau du canal a décidé lundi de fermer l’écluse, a déclaré la présidente."
    found = decode(f"{line}\n\n".encode() + line.encode("cp1252"))
    assert (found.text, found.how) == (
        f"{line}\n\n{line}", "utf-8 and cp1252, line by line, detected",
    )  # fmt: skip


def test_a_short_line_that_is_utf_8_by_chance_is_in_the_encoding_of_the_rest() -> None:
    text = (
        "水闸水位\n\n乌尔马克运河办公室表示，从星期一起将水位降低一掌，因为水闸旁的三个地窖"
        "已经潮湿了一个星期。\n"
    )
    found = decode(text.encode("gb18030"))
    assert (found.text, found.how) == (text, "gb18030, detected")


def test_the_letters_of_an_old_macintosh_are_told_by_where_they_stand() -> None:
    line = "Le bureau du canal a décidé lundi de fermer l’écluse, a déclaré la présidente."
    found = decode(line.encode("mac_roman"))
    assert (found.text, found.how) == (line, "mac_roman, detected")
    assert decode(line.encode("cp1252")).encoding == "cp1252"


def test_the_letters_of_dos_are_told_by_where_they_stand() -> None:
    line = "Le bureau du canal a décidé lundi de fermer le réservoir, a déclaré la présidente."
    found = decode(line.encode("cp437"))
    assert (found.text, found.how) == (line, "cp850, detected")


def test_latin_2_is_told_from_the_windows_page_that_is_like_it() -> None:
    line = "Rada portu zdecydowała we wtorek zamknąć nabrzeże na jedenaście tygodni, mówi źródło."
    assert decode(line.encode("iso8859-2")).text == line
    assert decode(line.encode("cp1250")).text == line
