"""Subtitles as transcripts; what is text and no article."""

import pytest

from assistant.doors.web.tongues import Tongue
from assistant.render import phrasing
from assistant.render.documents import span_to_json
from ingest.article import Passage, RawArticle
from ingest.clean.assemble import clean
from ingest.language.speech.statements import statements
from ingest.readers.subtitles import reader
from ingest.readers.text import reader as plain_text
from tests.ingest.readers.opened import article, errors, read_bytes

SUBRIP = """1
00:00:01,000 --> 00:00:04,000
<i>Good evening.</i> The bridge
was closed at dawn.

2
00:00:04,200 --> 00:00:07,000
{\\an8}Two pylons are cracked.

3
00:00:15,000 --> 00:00:18,500
MAYOR KOLAR: We take no
risk &amp; that is final.

4
00:00:18,600 --> 00:00:20,000
- On Friday?
- I cannot say.
"""
WEBVTT = """WEBVTT - a session
Kind: captions
Language: de
Title: Brücke gesperrt

STYLE
::cue { color: red }

NOTE taken down by hand

intro
00:01.000 --> 00:04.000 align:start
<v.loud Ines Kolar>Guten Abend. Die Brücke ist

00:04.000 --> 00:07.000
<v Ines Kolar>seit heute früh gesperrt.</v>

01:00:07.500 --> 01:00:09.000
<v Rolf Dahl><c.yellow>Und wann</c> wird sie <01:00:08.000>geöffnet?
"""
ROLLING = """WEBVTT

00:00:00.160 --> 00:00:02.389
the<00:00:00.320><c> harbour</c><00:00:00.480><c> master</c>

00:00:02.389 --> 00:00:02.399
the harbour master

00:00:02.399 --> 00:00:04.150
the harbour master
says<00:00:02.560><c> so</c>
"""


def read(text: str) -> RawArticle:
    assert reader.sniff(text.encode(), "file") > 0.9
    return article(read_bytes(reader, text.encode()))


def test_cues_are_joined_to_paragraphs_without_their_markup() -> None:
    found = read(SUBRIP)
    assert found.text.split("\n\n") == [
        "Good evening. The bridge was closed at dawn. Two pylons are cracked.",
        "MAYOR KOLAR: We take no risk & that is final.",
        "- On Friday?",
        "- I cannot say.",
    ]
    assert found.kind == "transcript"
    kept = clean(found)
    cues = kept.metadata["cues"]
    assert isinstance(cues, list)
    assert [(time, kept.text[start:][:5]) for time, start in cues] == [
        ("00:00:01", "Good "), ("00:00:15", "MAYOR"), ("00:00:18", "- On "), ("00:00:18", "- I c"),
    ]  # fmt: skip


def test_voices_are_labels_and_the_head_of_the_file_its_title_and_language() -> None:
    found = read(WEBVTT)
    assert found.text.split("\n\n") == [
        "Ines Kolar: Guten Abend. Die Brücke ist seit heute früh gesperrt.",
        "Rolf Dahl: Und wann wird sie geöffnet?",
    ]
    assert (found.title, found.language) == ("Brücke gesperrt", "de")
    cues = clean(found).metadata["cues"]
    assert isinstance(cues, list)
    assert [time for time, _ in cues] == ["00:00:01", "01:00:07"]


def test_who_speaks_in_subtitles_is_heard() -> None:
    turns = [("Ines Kolar", "The bridge stays closed."), ("Rolf Dahl", "Until when, then?")] * 2
    cues = "".join(
        f"00:{n:02}.000 --> 00:{n + 1:02}.000\n<v {who}>{said}\n\n"
        for n, (who, said) in enumerate(turns)
    )
    heard = statements(read(f"WEBVTT\n\n{cues}").text)
    assert [one.speaker for one in heard] == [who for who, _ in turns]


def test_a_line_that_rolls_on_is_printed_once() -> None:
    assert read(ROLLING).text == "the harbour master says so"


def test_a_refrain_is_printed_as_often_as_it_is_sung() -> None:
    cues = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\nNo, no.\n\n" for n in (1, 2, 3))
    assert read(cues).text == "No, no. No, no. No, no."


def test_subtitles_without_words_are_told() -> None:
    found = read_bytes(reader, b"WEBVTT\n\n00:01.000 --> 00:02.000\n<c></c>\n")
    assert errors(found) == ["file: it holds no words under a time"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Council\r\nEND:VEVENT\r\n",
            "events in it: 1",
        ),
        (b"BEGIN:VCARD\nFN:Ada Marl\nEND:VCARD\n", "people in it: 1"),
    ],
)
def test_a_calendar_is_no_article_and_that_is_told(data: bytes, why: str) -> None:
    (told,) = errors(read_bytes(plain_text, data))
    assert why in told


def test_a_citation_of_a_transcript_says_when_in_the_recording_it_was_said() -> None:
    data = (
        b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ada Marl>The old ferry stops for good.\n\n"
        b"1:02:05.000 --> 1:02:09.000\n<v Ben Orr>Nobody spoke against it.\n"
    )
    found = clean(article(read_bytes(reader, data)))
    at = found.text.index("Nobody")
    assert (found.time_at(0), found.time_at(at)) == ("00:00:01", "01:02:05")
    said = Passage(start=at, end=len(found.text), part="body")
    assert phrasing.pages(found, said) == "at 01:02:05"
    assert phrasing.pages_told(found, said, Tongue("de").say) == "bei 01:02:05"
    assert span_to_json(found, at, at + 6)["time"] == "01:02:05"


@pytest.mark.parametrize("cues", [None, 7, "00:01", [["00:01"]], [[1, 2]], [["00:01", "x"]]])
def test_a_foreign_field_of_that_name_is_no_time(cues: object) -> None:
    found = clean(RawArticle(file="a", text="The old ferry stops.", metadata={"cues": cues}))
    assert found.time_at(3) is None


TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en">
<head><metadata><ttm:title>Evening news</ttm:title><ttm:agent xml:id="a"><ttm:name>Ada Marl
</ttm:name></ttm:agent></metadata></head><body><div>
<p begin="00:00:01.000" end="00:00:04.000" ttm:agent="a">The <span>old</span> ferry<br/>of Harrow
 stops.</p><p begin="4.5s" end="8s" ttm:agent="a">Nobody spoke &amp; nobody sang.</p></div></body>
</tt>
"""
ASS = """[Script Info]
Title: Evening news

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:04.00,N,Ada Marl,0,0,0,,{\\i1}The old{\\i0} ferry\\Nof Harrow stops.
Comment: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,of nobody
Dialogue: 0,0:00:04.50,0:00:08.00,News,Ada Marl,0,0,0,,Nobody spoke & nobody sang.
"""
SBV = """0:00:01.000,0:00:04.000
Ada Marl: The old ferry
of Harrow stops.

0:00:04.500,0:00:08.000
Nobody spoke & nobody sang.
"""


@pytest.mark.parametrize("text", [TTML, ASS, SBV])
def test_other_forms_of_subtitles_are_the_same_transcript(text: str) -> None:
    assert reader.sniff(text.encode(), "a") > 0.9
    found = article(read_bytes(reader, text.encode()))
    assert found.text == "Ada Marl: The old ferry of Harrow stops. Nobody spoke & nobody sang."
    assert found.title == (None if text is SBV else "Evening news")
    whole = clean(found)
    assert whole.time_at(whole.text.index("ferry")) == "00:00:01"


def test_broken_timed_text_is_told() -> None:
    (told,) = errors(read_bytes(reader, b"<tt><body><p begin='1s'>" + b"<p>" * 300))
    assert "file: " in told
