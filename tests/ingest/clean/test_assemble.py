"""A raw article to the article as printed."""

import json
import sqlite3
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Part, RawArticle, RawComment
from ingest.clean.assemble import clean
from ingest.errors import ReadError
from ingest.language.sentences import sentences

LEAD = "The council of Harrowmere voted on Tuesday to close the old ferry terminal."
SECOND = "Repairs would cost more than the town’s yearly budget, the mayor said."
BODY = f"{LEAD}\n\n{SECOND}"
RAW = RawArticle(file="a.jsonl", where="line 3", record="3", text=BODY, title="Ferry stops")


def words(article: Article) -> list[tuple[str, str]]:
    """Show every part with its words."""
    return [(part.part, article.text[part.start : part.end]) for part in article.parts]


def test_a_given_headline_is_the_first_line() -> None:
    article = clean(replace(RAW, title=" Ferry\n stops "))
    assert article.text == f"Ferry stops\n\n{BODY}"
    assert words(article) == [("headline", "Ferry stops"), ("body", LEAD), ("body", SECOND)]
    assert (article.title, article.title_inferred) == ("Ferry stops", False)


@pytest.mark.parametrize("first", ["Ferry stops", "FERRY  STOPS", "## Ferry stops"])
def test_a_headline_that_the_text_prints_is_not_repeated(first: str) -> None:
    article = clean(replace(RAW, text=f"{first}\n{BODY}"))
    assert article.text == f"{first}\n{BODY}"
    assert words(article)[0] == ("headline", first)


def test_a_standfirst_stands_between_headline_and_body() -> None:
    article = clean(replace(RAW, standfirst="Repairs are too dear."))
    assert article.text == f"Ferry stops\n\nRepairs are too dear.\n\n{BODY}"
    assert words(article)[:3] == [
        ("headline", "Ferry stops"),
        ("standfirst", "Repairs are too dear."),
        ("body", LEAD),
    ]


def test_a_standfirst_goes_under_a_headline_that_the_text_prints() -> None:
    article = clean(replace(RAW, standfirst="Too dear.", text=f"Ferry stops\n\n{BODY}"))
    assert article.text == f"Ferry stops\n\nToo dear.\n\n{BODY}"


def test_a_standfirst_that_the_body_prints_is_not_repeated() -> None:
    assert clean(replace(RAW, standfirst=LEAD)).text == f"Ferry stops\n\n{BODY}"


def test_captions_and_comments_that_were_apart_follow_the_body() -> None:
    comments = (RawComment(text="A disgrace.\r\n", author="kestrel"), RawComment(text=" "))
    article = clean(replace(RAW, captions=("The terminal in May.",), comments=comments))
    assert article.text == f"Ferry stops\n\n{BODY}\n\nThe terminal in May.\n\nA disgrace."
    assert article.parts[-2:] == (
        Part(part="caption", start=162, end=182),
        Part(part="comment", start=184, end=195, author="kestrel"),
    )


def test_plain_text_is_otherwise_untouched() -> None:
    text = f"  \n{BODY}\t \n\n\n"
    assert clean(RawArticle(file="a.txt", text=text)).text == text


def test_line_ends_are_made_one_and_the_form_is_nfc() -> None:
    raw = RawArticle(file="a.txt", text="Caf\u0065\u0301 closes.\r\nNobody\rknows\u2028why.")
    assert clean(raw).text == "Café closes.\nNobody\nknows\nwhy."


def test_what_is_no_character_is_replaced_and_counted() -> None:
    article = clean(RawArticle(file="a.txt", text=f"{LEAD}\x00\ud800 x"))
    assert article.text == f"{LEAD}\ufffd\ufffd x"
    assert article.inferred["text"] == "2 characters that are none replaced by U+FFFD"


def test_nothing_is_invented_for_plain_text() -> None:
    article = clean(RawArticle(file="notes/a.txt", text=BODY))
    assert replace(article, parts=(), text="") == Article(
        article_id=article.article_id,
        key='["", "file", "notes/a.txt", ""]',
        version=1,
        text="",
        parts=(),
        title=LEAD,
        language="en",
        inferred={"title": "first sentence of the body", "language": "detected"},
        file="notes/a.txt",
    )


def test_every_field_that_is_given_is_kept() -> None:
    article = clean(
        replace(
            RAW,
            outlet=" Harrow Post ",
            authors=("By Ada Marl and Ben Orr",),
            published="2024-03-01T10:22:00Z",
            updated="2024-03-02T08:00:00Z",
            url="http://harrow.example/ferry?utm_source=x",
            language="en-GB",
            section="Local",
            kind="news",
            embargo_until="2024-03-01T06:00:00Z",
            rights="No web use",
            collection="2024",
            metadata={"mood": "calm"},
        )
    )
    assert replace(article, parts=(), text="") == Article(
        article_id=article.article_id,
        key='["2024", "url", "https://harrow.example/ferry"]',
        version=1,
        text="",
        parts=(),
        title="Ferry stops",
        outlet="Harrow Post",
        authors=("Ada Marl", "Ben Orr"),
        date=date(2024, 3, 1),
        published_at=datetime(2024, 3, 1, 10, 22, tzinfo=UTC),
        updated_at=datetime(2024, 3, 2, 8, tzinfo=UTC),
        url="http://harrow.example/ferry?utm_source=x",
        language="en",
        section="Local",
        kind="news",
        embargo_until=datetime(2024, 3, 1, 6, tzinfo=UTC),
        rights="No web use",
        collection="2024",
        metadata={"mood": "calm"},
        file="a.jsonl",
        where="line 3",
    )


def test_a_date_that_cannot_be_read_is_kept_as_it_was_given() -> None:
    article = clean(replace(RAW, published="03/04/2021"))
    assert (article.date, article.published_at) == (None, None)
    assert article.inferred["date"] == (
        "given as '03/04/2021', which is ambiguous: day or month first"
    )
    assert article.metadata == {"date": "03/04/2021"}


def test_an_embargo_that_cannot_be_read_keeps_the_article_out() -> None:
    with pytest.raises(ReadError, match="its embargo 'next week' is no time with a zone"):
        clean(replace(RAW, embargo_until="next week"))


def test_an_outlet_is_told_from_the_url_and_said_so() -> None:
    article = clean(replace(RAW, url="https://www.harrow.example/ferry"))
    assert article.outlet == "harrow.example"
    assert article.inferred["outlet"] == "host of the URL"


def test_an_address_that_is_no_web_address_is_never_a_link() -> None:
    article = clean(replace(RAW, url="javascript:alert(1)"))
    assert (article.url, article.metadata) == (None, {"url": "javascript:alert(1)"})
    assert article.key == '["", "file", "a.jsonl", "3"]'


def test_where_comments_are_kept_apart_the_body_is_all_the_articles() -> None:
    thread = (
        "Comments\n\nkestrel\n\nYou lot are clueless!\n\n2 hours ago\n\nReply\n\nmoth_7\n\nNo, you."
    )
    text = f"{LEAD} {SECOND}\n\n{SECOND} {LEAD}\n\n{thread}"
    found = clean(RawArticle(file="a", text=text))
    apart = clean(RawArticle(file="a", text=text, comments_apart=True))
    assert "comment" in {part.part for part in found.parts}
    assert "comment" not in {part.part for part in apart.parts}


@pytest.mark.parametrize("text", ["", " \n\t", "— — —"])
def test_a_record_without_words_is_told(text: str) -> None:
    with pytest.raises(ReadError, match="it holds no words"):
        clean(RawArticle(file="a.txt", text=text))


def test_credits_within_a_paragraph_are_no_body() -> None:
    credit = "(Reporting by Ada Marl; Editing by Ben Orr)"
    body = f"The lock at Ullmark was shut on Monday, the canal office said. {credit}"
    found = clean(replace(RAW, title="Lock shut", text=body))
    assert ("boilerplate", credit) in words(found)
    assert ("body", body.removesuffix(f" {credit}")) in words(found)


def test_a_headline_alone_is_an_article() -> None:
    article = clean(RawArticle(file="a.jsonl", title="Ferry stops"))
    assert (article.text, words(article)) == ("Ferry stops", [("headline", "Ferry stops")])


TEXTS = st.text(
    st.one_of(st.sampled_from("ab “”.\n\r\x00\ud800\u2028\u0301é"), st.characters()), max_size=80
)


@pytest.mark.parametrize("line", ["4 March 2024", "1 марта 2024, 10:30", "2024年3月1日"])
def test_a_line_that_says_only_when_is_no_text(line: str) -> None:
    article = clean(replace(RAW, text=f"{line}\n\n{BODY}"))
    assert words(article)[1] == ("boilerplate", line)


def test_a_line_above_the_text_dates_what_is_not_dated() -> None:
    text = f"Ada Marl\n\n4 March 2024\n\n{BODY}"
    article = clean(replace(RAW, text=text))
    assert (article.date, article.inferred["date"]) == (date(2024, 3, 4), "line above the text")
    given = clean(replace(RAW, text=text, published="2024-03-01"))
    assert (given.date, given.inferred.get("date")) == (date(2024, 3, 1), None)
    assert clean(replace(RAW, text=f"{BODY}\n\n4 March 2024")).date is None


def test_a_headline_stands_above_byline_and_day_and_the_first_question() -> None:
    text = (
        f"The lock and the mill\n\nBy Ada Marl\n4 March 2024\n\nQ: Why now?\n\nA: {LEAD} {SECOND}"
    )
    article = clean(replace(RAW, title=None, text=text))
    assert article.title == "The lock and the mill"


def test_a_host_that_no_text_can_hold_is_kept_as_one_that_can() -> None:
    assert clean(replace(RAW, url="https://\ud800.example/a")).outlet == "\ufffd.example"


@settings(deadline=None)
@given(
    st.builds(
        RawArticle,
        file=st.just("a"),
        text=TEXTS,
        title=st.none() | TEXTS,
        standfirst=st.none() | TEXTS,
        comments=st.lists(st.builds(RawComment, text=TEXTS, author=TEXTS), max_size=2).map(tuple),
        outlet=st.none() | TEXTS,
        authors=st.tuples(TEXTS),
        published=st.none() | TEXTS,
        url=st.none() | TEXTS.map("https://".__add__),
        language=st.none() | TEXTS,
        metadata=st.dictionaries(TEXTS, TEXTS | st.floats() | st.lists(TEXTS), max_size=2),
    )
)
def test_whatever_is_given_the_article_can_be_stored_and_its_parts_are_spans(
    raw: RawArticle,
) -> None:
    try:
        article = clean(raw)
    except ReadError:
        return
    at = 0
    for part in article.parts:
        assert at <= part.start < part.end <= len(article.text)
        at = part.end
    assert unicodedata.is_normalized("NFC", article.text)
    assert not set(article.text) & {"\r", "\x00", "\u2028"}
    stored = [article.text, article.title, article.outlet, article.key, article.url]
    stored += [json.dumps([article.authors, article.metadata, article.inferred], allow_nan=False)]
    row = sqlite3.connect(":memory:").execute("SELECT ?, ?, ?, ?, ?, ?", stored).fetchone()
    assert list(row) == stored


def test_corrections_that_are_kept_apart_are_printed_as_corrections() -> None:
    notice = "The pier was misnamed."
    assert words(clean(replace(RAW, corrections=(notice,))))[-1] == ("correction", notice)


def test_a_time_without_a_zone_is_a_day_and_says_so() -> None:
    article = clean(replace(RAW, published="2024-03-01 10:22"))
    assert (str(article.date), article.published_at) == ("2024-03-01", None)
    assert article.inferred["published_at"] == "given as '2024-03-01 10:22', without a zone"


def test_a_sentence_runs_on_where_its_line_was_wrapped_by_hand() -> None:
    text = (
        "Ferry of Brinmouth closes\n\n"
        "The town council of Brinmouth voted on Tuesday to close\n"
        "the north ferry, ending a service that has run since the\n"
        "year 1887. “We could not pay for any of it\n"
        "longer,” said Ada Corrin, who was there to hear Mr.\n"
        "Holm on it.\n\n"
        "The operator said in a statement that it would offer all\n"
        "of its 31 employees other posts in the harbours around.\n\n"
        "A man left.\n"
    )
    article = clean(RawArticle(file="ferry.txt", text=text))
    assert len(article.text) == len(text)
    told = [
        [article.text[start:end] for start, end in sentences(article.text, part.start, part.end)]
        for part in article.parts
        if part.part == "body"
    ]
    assert [len(of_part) for of_part in told] == [2, 1, 1]
    assert " ".join(one for of_part in told for one in of_part) == " ".join(text.split()[4:])


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("BRINMOUTH, 4 December 2023 (LNA) -", date(2023, 12, 4)),
        ("BRINMOUTH, Dec. 4, 2023 /Wire/ --", date(2023, 12, 4)),
        ("Skarn, le 12 janvier 2024 (LNA) —", date(2024, 1, 12)),
        ("GREVDAL, 3. März 2022 –", date(2022, 3, 3)),
        ("Puerto Elin, 5 mayo 2021 (LNA).-", date(2021, 5, 5)),
        ("БРІНМУТ, 5 травня 2023 року –", date(2023, 5, 5)),
        ("Port Ellin, Halvoria, 7 July 2021 -", date(2021, 7, 7)),
        ("BRINMOUTH, Dec 4 (LNA) -", None),
        ("BRINMOUTH (LNA) -", None),
        ("Ada, 4 May 2023 was the day on which -", None),
    ],
)
def test_a_dateline_with_a_year_says_when_it_was_printed(dateline: str, day: date | None) -> None:
    article = clean(RawArticle(file="wire.txt", text=f"{dateline} {LEAD} {SECOND}"))
    assert (article.date, article.inferred.get("date")) == (day, "dateline" if day else None)


def test_a_day_that_is_given_counts_before_a_dateline() -> None:
    article = clean(replace(RAW, published="2024-05-06", text=f"SKARN, 4 May 2024 - {BODY}"))
    assert (article.date, article.inferred.get("date")) == (date(2024, 5, 6), None)


IN_PORT = "Ferry of Brinmouth stays in port"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (f"LNA 1187\nSTORM-BAY\n\n{IN_PORT}", IN_PORT),
        (f"{IN_PORT}\nas storm comes nearer", f"{IN_PORT} as storm comes nearer"),
        (f"LNA 1187\n\n{IN_PORT}\nas storm comes nearer", f"{IN_PORT} as storm comes nearer"),
        ("FERRY SINKS, 14 DEAD\n\nCouncil of Brinmouth meets", "FERRY SINKS, 14 DEAD"),
    ],
)
def test_a_headline_stands_below_the_slugs_of_a_wire_and_may_have_two_lines(
    above: str, title: str
) -> None:
    text = f"{above}\n\nBy Ada Corrin\n\n{LEAD} {SECOND}\n\n{BODY}"
    article = clean(RawArticle(file="wire.txt", text=text))
    assert (article.title, article.authors) == (title, ("Ada Corrin",))
    assert {kind for kind, told in words(article) if "LNA" in told} <= {"boilerplate"}


def test_a_capture_of_a_web_archive_keeps_its_address_beside_that_of_the_article() -> None:
    capture = "https://web.archive.org/web/20240601120000/https://harrow.example/news/ferry"
    article = clean(replace(RAW, url=capture))
    assert (article.url, article.outlet) == ("https://harrow.example/news/ferry", "harrow.example")
    assert article.metadata["archived_at"] == capture
    assert article.article_id == clean(replace(RAW, url=article.url)).article_id


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ("By Ada Marl | March 1, 2024", ("Ada Marl",)),
        ("By Ada Marl\nHarrow Post, March 1, 2024", ("Ada Marl",)),
        ("Harrow Post, March 1, 2024", ()),
    ],
)
def test_byline_and_day_above_a_text_may_stand_on_one_line(
    above: str, authors: tuple[str, ...]
) -> None:
    text = f"Old ferry stops for good\n\n{above}\n\n{LEAD} {SECOND}"
    article = clean(RawArticle(file="a.txt", text=text))
    assert (article.authors, str(article.date)) == (authors, "2024-03-01")
    assert [part for part, _ in words(article)] == [
        "headline", *["boilerplate"] * len(above.split("\n")), "body",
    ]  # fmt: skip


def test_byline_and_day_of_a_wrapped_text_are_no_more_of_its_headline() -> None:
    head = (
        "HARROWMERE CLOSES ITS OLD FERRY TERMINAL FOR GOOD\nBy ADA MARL\nHarrow Post, March 1, 2024"
    )
    lead = "The council of Harrowmere voted on Tuesday to close\nthe old ferry terminal, as asked."
    text = f"{head}\n\n{lead}\n\n{lead} It said so."
    article = clean(RawArticle(file="a.txt", text=text))
    assert article.title == "HARROWMERE CLOSES ITS OLD FERRY TERMINAL FOR GOOD"
    assert (article.authors, str(article.date)) == (("ADA MARL",), "2024-03-01")


@pytest.mark.parametrize(
    "line", ["Meeting of the council, March 1, 2024", "The hearing is on March 1, 2024"]
)
def test_a_line_that_names_a_day_dates_nothing(line: str) -> None:
    assert clean(RawArticle(file="a.txt", text=f"{line}\n\n{BODY}")).date is None
