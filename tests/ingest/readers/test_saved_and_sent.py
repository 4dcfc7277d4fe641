"""Pages saved whole, messages of Outlook, wires: what stands in them, not what carried them."""

import pytest

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.errors import ReadError
from ingest.readers import mailbox, outlook, saved_page, wires
from ingest.readers.compressed_rich_text import decompressed
from tests.ingest.readers.newsroom_files import (
    ANPA,
    IPTC,
    MORE,
    PAGE,
    SAMPLES,
    WORDS,
    compound,
    mhtml,
    msg,
)
from tests.ingest.readers.opened import article, errors, read_bytes

# The examples of MS-OXRTFCP, "Simple compressed RTF" and "Reading a token that crosses itself".
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d"
    "0a800fa0"
)
REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_a_page_is_never_dated_by_the_day_it_was_saved() -> None:
    found = article(read_bytes(saved_page.mhtml, mhtml(PAGE.replace("{}", ""))))
    assert (found.published, found.url) == (None, "https://harrow.example/ferry")
    assert (found.title, found.text) == ("Ferry stops", f"Ferry stops\n\n{WORDS}\n\n{MORE}")
    assert found.metadata["saved"] == "Fri, 8 Mar 2024 09:00:00 -0000"


def test_a_single_file_is_read_without_the_pictures_that_are_laid_into_it() -> None:
    data = SAMPLES["singlefile"].replace(
        b"<article>", b"<article><img src='data:image/png;base64,%s'>" % (b"A" * 30_000_000)
    )
    found = article(read_bytes(saved_page.singlefile, data))
    assert found.url == "https://harrow.example/ferry"
    assert found.text == f"Ferry stops\n\n{WORDS}\n\n{MORE}"
    assert found.published is None


def test_a_message_of_outlook_is_read_as_mail_is() -> None:
    found = article(read_bytes(outlook.reader, msg("Ferry stops", WORDS, "Ada Marl")))
    assert (found.title, found.text, found.authors) == ("Ferry stops", WORDS, ("Ada Marl",))
    assert found.published == "2024-03-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (HELLO, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
        (REPEATED, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        (b"\0\0\0\0\x05\0\0\0MELA\0\0\0\0{\\rtf}", b"{\\rtf"),
    ],
)
def test_compressed_rich_text_is_unpacked_as_its_specification_does(
    packed: bytes, text: bytes
) -> None:
    assert decompressed(packed, 1_000) == text


@pytest.mark.parametrize("end", [0, 4, 15, 20, 40])
def test_compressed_rich_text_that_is_cut_off_is_told(end: int) -> None:
    with pytest.raises(ValueError, match="cut off"):
        decompressed(HELLO[:end], 1_000)


def test_compressed_rich_text_that_unpacks_to_more_than_is_read_is_told() -> None:
    with pytest.raises(ValueError, match="longer than 20 bytes"):
        decompressed(HELLO, 20)


def test_a_message_whose_text_is_rich_text_alone_is_read() -> None:
    streams = {"__properties_version1.0": b"\0" * 32, "__substg1.0_10090102": HELLO}
    found = article(read_bytes(outlook.reader, compound(streams)))
    assert (found.text, found.inferred) == ("hello world", {"text": "from the mail's rich text"})


@pytest.mark.parametrize(
    ("streams", "why"),
    [
        ({"WordDocument": b"x"}, "file: it is a file of an older Office, and no message"),
        (
            {"__properties_version1.0": b"\0" * 32, "__substg1.0_10090102": b"LZFu"},
            "file: it is no whole message: its rich text is packed in a way that is not known",
        ),
        ({"__properties_version1.0": b"\0" * 32}, "file: it has neither subject nor text"),
    ],
)
def test_a_compound_file_without_words_is_told(streams: dict[str, bytes], why: str) -> None:
    assert errors(read_bytes(outlook.reader, compound(streams))) == [why]


def test_a_wire_of_anpa_is_read_by_its_marks() -> None:
    found = article(read_bytes(wires.reader, ANPA))
    assert (found.title, found.outlet, found.authors) == ("Ferry stops", "AP", ("ADA MARL",))
    assert found.text == f"HARROWMERE (AP) _ {WORDS}\n\n{MORE}"
    assert found.published == "2024-03-01T15:09:00Z"
    assert found.corrections == ("CORRECTS the day.",)
    assert found.metadata["format"] == "ANPA 1312"
    assert found.metadata["slugline"] == "Harrow--Ferry"


def test_a_wire_of_the_iptc_leaves_out_what_is_not_for_publication() -> None:
    found = article(read_bytes(wires.reader, IPTC))
    assert (found.title, found.outlet) == ("Ferry stops", "hpa")
    assert found.text == (
        "Harrowmere (hpa) - The old ferry of Harrowmere stops for good on Friday, "
        "the harbour office said."
    )
    assert str(clean(found).published_at) == "2024-03-01 11:37:00+00:00"
    assert "Tom Orr" in str(found.metadata["apart"])


def test_a_wire_with_keywords_and_indents_has_its_headline_its_byline_and_its_paragraphs() -> None:
    data = (
        b"\x01UPA0123 4 i  145 ULL  /HPA-AA1234\r\n\x02BC-Harrow-Ferry, 1st Ld\r\nFerry stops\r\n"
        b"    By Ada Marl\r\n    HARROWMERE, March 1 (HPA) - The old ferry of Harrowmere stops\r\n"
        b"for good on Friday.\r\n    Nobody spoke against it.\r\n\x03011000 GMT Mar 24\r\n\x04"
    )
    found = article(read_bytes(wires.reader, data))
    assert (found.title, found.authors) == ("Ferry stops", ("Ada Marl",))
    assert found.metadata["slugline"] == "BC-Harrow-Ferry, 1st Ld"
    assert found.text.split("\n\n") == [
        "HARROWMERE, March 1 (HPA) - The old ferry of Harrowmere stops for good on Friday.",
        "Nobody spoke against it.",
    ]


def test_wires_one_after_another_are_articles_each() -> None:
    found = read_bytes(wires.reader, ANPA + IPTC + ANPA)
    assert [one.where for one in found if isinstance(one, RawArticle)] == [
        f"message {n}" for n in (1, 2, 3)
    ]


def test_a_wire_that_kills_withdraws() -> None:
    found = article(
        read_bytes(wires.reader, ANPA.replace(b"CORRECTS the day.", b"KILL the story."))
    )
    assert found.status == "withdrawn"


def test_a_takeout_of_gmail_keeps_its_labels() -> None:
    data = (
        b"From 1793@xxx Fri Mar 01 10:00:00 +0000 2024\r\nX-GM-THRID: 1793\r\n"
        b"X-Gmail-Labels: Inbox,Desk\r\nFrom: Ada Marl <a@b.c>\r\n"
        b"Date: Fri, 1 Mar 2024 10:00:00 +0000\r\nSubject: Ferry stops\r\n\r\n"
    )
    (found,) = read_bytes(mailbox.reader, data + WORDS.encode() + b"\r\n")
    assert not isinstance(found, ReadError)
    assert found.metadata["labels"] == "Inbox,Desk"


def test_a_line_of_keywords_above_a_headline_is_the_slug_line() -> None:
    data = (
        b"\x01bdt0123 3 pl 145 hpa 0077\r\n\x02Transport/Harrowmere/\r\nFerry stops\r\n"
        b"    HARROWMERE, March 1 (HPA) - The old ferry of Harrowmere stops.\r\n"
        b"\x03011000 GMT Mar 24\r\n\x04"
    )
    found = article(read_bytes(wires.reader, data))
    assert (found.title, found.metadata["slugline"]) == ("Ferry stops", "Transport/Harrowmere")
