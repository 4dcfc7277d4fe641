"""Mailboxes and single messages."""

from email.message import EmailMessage

import pytest

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.readers.mailbox import reader
from tests.ingest.readers.opened import article, errors, read_bytes

LINE = b"From desk@harrowmere.example Fri Mar  1 10:00:00 2024\n"
PARAGRAPH = "The old ferry of Harrowmere stops for good on Friday, the harbour office said. "


def mail(text: str | None = "It stops.\nNobody spoke.\n", page: str | None = None) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ada Marl <ada@harrowmere.example>"
    made["Subject"] = "Fähre stops"
    made["Date"] = "Fri, 01 Mar 2024 10:00:00 +0100"
    made["Message-ID"] = "<7@harrowmere.example>"
    made["X-Section"] = "Harbour"
    if text is not None:
        made.set_content(text)
    if page is not None:
        made.add_alternative(page, subtype="html")
    return made


def box(*messages: bytes) -> bytes:
    return b"".join(LINE + message.rstrip() + b"\n\n" for message in messages)


def test_each_message_is_an_article() -> None:
    data = box(bytes(mail()), bytes(mail(text="Two.\n")))
    assert reader.sniff(data, "inbox") > 0.9
    first, second = read_bytes(reader, data)
    assert first == RawArticle(
        file="file",
        where="message 1",
        record="1",
        title="Fähre stops",
        text="It stops.\nNobody spoke.\n\n",
        published="Fri, 01 Mar 2024 10:00:00 +0100",
        authors=("Ada Marl",),
        id="7@harrowmere.example",
        metadata={"from": "ada@harrowmere.example"},
    )
    assert isinstance(second, RawArticle)
    assert second.text.strip() == "Two."


def test_a_single_message_is_read_as_one() -> None:
    data = bytes(mail())
    assert reader.sniff(data, "a.eml") > 0.7
    assert article(read_bytes(reader, data)).title == "Fähre stops"


def test_a_line_that_begins_with_from_is_no_new_message() -> None:
    text = "He said:\n\nFrom Friday on nothing sails.\n\n>From was quoted.\n"
    found = article(read_bytes(reader, box(bytes(mail(text)))))
    assert found.text.strip() == text.replace(">From", "From").strip()


def test_the_page_of_a_mail_is_read_where_its_text_only_points_at_it() -> None:
    body = f"<html><body><article><h1>X</h1>{f'<p>{PARAGRAPH}</p>' * 4}</article></body></html>"
    found = article(read_bytes(reader, box(bytes(mail("See it in your browser.\n", body)))))
    assert found.text == "\n\n".join([PARAGRAPH.strip()] * 4) or PARAGRAPH.strip() in found.text
    assert found.inferred == {"text": "from the mail's HTML"}


def test_the_words_of_a_page_without_an_article_are_kept() -> None:
    page = "<style>p{}</style><div>One<br>two</div><script>x</script><p>three <b>f</b>our</p>"
    found = article(read_bytes(reader, box(bytes(mail("\n", page)))))
    assert found.text == "One\ntwo\n\nthree four"


def test_a_full_text_goes_before_the_page() -> None:
    page = f"<html><body><article><p>{PARAGRAPH * 40}</p></article></body></html>"
    found = article(read_bytes(reader, box(bytes(mail(PARAGRAPH * 6, page)))))
    assert "".join(found.text.split()) == "".join((PARAGRAPH * 6).split())


def test_attachments_are_named_not_read() -> None:
    made = mail()
    made.add_attachment("secret words", filename="note.txt")
    found = article(read_bytes(reader, box(bytes(made))))
    assert found.metadata["attachments"] == ["note.txt"]
    assert "secret" not in found.text


def test_a_file_that_comes_along_is_none_of_the_text_however_it_is_shown() -> None:
    made = mail(text="", page=None)
    made.add_attachment("secret words", filename="note.txt", disposition="inline")
    made.add_attachment(mail(text="An older mail.\n"))
    found = article(read_bytes(reader, bytes(made)))
    assert "secret" not in found.text
    assert "older" not in found.text


@pytest.mark.parametrize("line", ["", "\n\n"])
def test_a_mail_that_many_hands_passed_on_is_a_mail(line: str) -> None:
    passed = "".join(f"X-Hand-{n}:\n  by hand {n}\n   and on\n" for n in range(90))
    data = (line + passed).encode() + bytes(mail())
    assert reader.sniff(data, "a.eml") > 0.7
    found = article(read_bytes(reader, data))
    assert (found.title, found.text.strip()) == ("Fähre stops", "It stops.\nNobody spoke.")


def test_headers_are_mapped() -> None:
    data = box(bytes(mail()))
    assert article(read_bytes(reader, data, mapping={"section": "X-Section"})).section == "Harbour"


def test_a_message_in_the_encoding_that_it_declares_is_read() -> None:
    data = (
        b"Subject: =?koi8-u?B?8sHEwQ==?=\nFrom: a@b\nDate: 1 Mar 2024\n"
        b"Content-Type: text/plain; charset=koi8-u\n\n" + "Рада зібралася.".encode("koi8-u")
    )
    found = article(read_bytes(reader, data))
    assert (found.title, found.text) == ("Рада", "Рада зібралася.")


def test_a_message_without_words_or_subject_is_told_and_the_rest_read() -> None:
    empty = b"From: a@b\nTo: c@d\nDate: 1 Mar 2024\n\n\n"
    found = read_bytes(reader, box(empty, bytes(mail())))
    (told,) = errors(found)
    assert told.startswith("file, message 1: it has neither text nor title; its fields: 'title'")
    assert isinstance(found[1], RawArticle)


def test_a_message_that_is_too_long_is_told_and_the_rest_read() -> None:
    long = bytes(mail()) + b"words words words words words words words words\n" * 420_000
    found = read_bytes(reader, box(long, bytes(mail())))
    assert errors(found) == ["file, message 1: it is longer than 20,000,000 bytes"]
    assert len(found) == 2


@pytest.mark.parametrize(
    "broken",
    [
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\n\nbody',
        b"Content-Type: text/plain; charset=\xff\xfe\n\nbody",
        b"From: =?utf-8?q?\xff?= <\nSubject: =?x?b?====?=\nDate: yesterday\n\nbody",
        b"Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\nbody!!!",
        b"Content-Type: message/rfc822\n\n" * 50 + b"body",
    ],
)
def test_a_broken_message_is_read_or_told(broken: bytes) -> None:
    found = read_bytes(reader, box(b"To: x@y\n" + broken, bytes(mail())))
    assert len(found) == 2
    assert isinstance(found[1], RawArticle)


@pytest.mark.parametrize(
    "other",
    [
        b"From the harbour comes word in 2024\nof a ferry.\n",
        b"Date: 1 March\nFrom Harrowmere\n",
        b"title,text\nFrom: a,b\n",
        b"",
    ],
)
def test_what_is_no_mail_is_not_taken_for_it(other: bytes) -> None:
    assert reader.sniff(other, "file") == 0


HEADERS = (
    "From: Ada Marl <ada@harrow.example>\nSubject: Ferry stops\n"
    "Date: Fri, 1 Mar 2024 10:00:00 +0100\n"
)
GERMAN = (
    "Von: Ada Marl <ada@harrow.example>\nGesendet: Freitag, 1. März 2024 10:00\n"
    "An: Redaktion\nBetreff: Ferry stops\n"
)
RUSSIAN = "От: Ada Marl <ada@harrow.example>\nДата: 1 марта 2024 г.\nКому: x\nТема: Ferry stops\n"
ENGLISH = (
    "From:\tAda Marl <ada@harrow.example>\nSent:\tFriday, March 1, 2024 8:15 PM\nTo:\tDesk\n"
    "Subject:\tFerry stops\n"
)
PLIST = '<?xml version="1.0"?><plist version="1.0"><dict/></plist>'


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{HEADERS}\nIt stops.",
        f"{len(HEADERS) + 10}  \n{HEADERS}\nIt stops.{PLIST}",
        f"{GERMAN}\nIt stops.",
        f"{RUSSIAN}\nIt stops.",
        f"{ENGLISH}\nIt stops.",
    ],
)
def test_a_message_is_one_as_whatever_program_saves_it(data: str) -> None:
    assert reader.sniff(data.encode(), "file") > 0.5
    found = clean(article(read_bytes(reader, data.encode())))
    assert (found.title, found.authors) == ("Ferry stops", ("Ada Marl",))
    assert str(found.date) == "2024-03-01"
    assert found.text == "Ferry stops\n\nIt stops."
    assert found.published_at is None or found.published_at.hour == 10


def test_headers_that_are_not_encoded_are_read_as_the_text_is() -> None:
    body = "Le bureau du canal a décidé lundi de fermer l’écluse, a déclaré la présidente."
    data = f"From: Adélie Marl <a@b>\nSubject: Écluse fermée\nTo: x@y\n\n{body}".encode("cp1252")
    found = article(read_bytes(reader, data))
    assert (found.title, found.authors, found.text) == ("Écluse fermée", ("Adélie Marl",), body)


@pytest.mark.parametrize(
    "text",
    [
        "Von: Anfang an war es so.\n\nEs blieb dabei.",
        "12\n\nThe ferry stops.",
        "Da: oggi\nA: domani\n\nSi ferma.",
    ],
)
def test_a_text_with_labels_is_no_message(text: str) -> None:
    assert reader.sniff(text.encode(), "file") == 0


@pytest.mark.parametrize(
    ("form", "end"), [("format=flowed", " "), ("format=flowed; delsp=yes", "  ")]
)
def test_a_mail_that_says_where_it_broke_its_lines_has_them_joined(form: str, end: str) -> None:
    data = (
        f"From: Ada Marl <ada@harrowmere.example>\nSubject: Ferry\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8; {form}\n\nThe old ferry of{end}\n"
        f"Harrowmere stops.\n\n From here on it is over.\n> Is it?\n-- \nAda Marl\n"
    )
    found = article(read_bytes(reader, data.encode()))
    assert found.text == (
        "The old ferry of Harrowmere stops.\n\nFrom here on it is over.\n> Is it?\n-- \nAda Marl\n"
    )


def test_a_mail_in_japanese_is_read_by_its_escapes() -> None:
    words = "水門の水位は月曜日から一手の幅だけ下げられる。"
    head = b"From: a@x.example\nSubject: x\nContent-Type: text/plain; charset=ISO-2022-JP\n\n"
    found = article(read_bytes(reader, head + words.encode("iso2022_jp")))
    assert found.text.strip() == words
