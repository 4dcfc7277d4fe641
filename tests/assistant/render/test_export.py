"""What leaves for another program: nothing hostile comes through, no two notes clash."""

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import docx
import pytest
from lxml import etree

from assistant.answer import Answer, Outcome, PrintedVerdict
from assistant.factcheck.findings import CheckedDraft, CheckedName, CheckedQuotation
from assistant.render.export import (
    FORMATS,
    Exportable,
    ExportedTalk,
    ExportedTurn,
    ExportFormat,
    export,
)
from assistant.speech_results import QuoteFound, Sayings, Sighting
from ingest.archive.speaker_profile import SpeakerProfile
from ingest.archive.statement_store import Spoke
from ingest.article import Article, Notice, Statement, Story
from ingest.language.alignment import Difference
from tests.newsroom import (
    HARBOUR,
    HARBOUR_STORY,
    QUOTE,
    SEARCHED,
    TIDES,
    alone,
    article,
    citing,
    harbour_answer,
    hostile_answer,
    no_answer,
    quoting,
    written,
)
from tests.newsroom import listing as listed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article in a list."""

    article: Article
    lead: str
    story: Story
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entries:
    """A list of articles."""

    question: str
    text: str
    articles: tuple[Entry, ...]


def listing() -> Entries:
    entry = Entry(article=HARBOUR, lead="Talks over the harbour ended.", story=HARBOUR_STORY)
    return Entries(question="What of March?", text="2 articles.", articles=(entry, Entry(
        article=TIDES, lead="Few ships came in.", story=alone(TIDES)
    )))  # fmt: skip


def statements() -> Sayings:
    start = HARBOUR.text.index("We will")
    one = Spoke(
        article=HARBOUR, statement=Statement(start=start, end=start + 44, direct=True),
        manner="direct", denied=False, hedged=True, named=True, speaker="Ministry of Ports",
        again=2, story=HARBOUR_STORY, notices=(Notice(code="corrected", text="It was Monday."),),
    )  # fmt: skip
    return Sayings(
        statements=(one,), numbered_from=1, total=3, left_out=0, facets={}, people=(),
        searched=SEARCHED, profile=SpeakerProfile(), speaker="Ministry of Ports", words="harbour",
        warnings=(Notice(code="several_speakers", text="Several are called so."),),
    )  # fmt: skip


def quotation(verdict: PrintedVerdict = "altered") -> QuoteFound:
    cited = citing(1, HARBOUR, "We will not trade the harbour")
    at = HARBOUR.text.index("trade")
    change = Difference("sell", "trade", (at, at + 5))
    seen = Sighting(citation=cited, alike=0.8, differences=(change,), speaker="Ministry of Ports")
    near = Sighting(citation=citing(1, TIDES, "Few"), alike=0.0, differences=())
    there = verdict != "absent"
    return QuoteFound(
        words="We will not sell the harbour", verdict=verdict, first=seen if there else None,
        appearances=(seen,) if there else (), nearest=() if there else (near,), searched=SEARCHED,
    )  # fmt: skip


def draft(text: str = "“We traded it,” she said.\n\nAda Quyll left.") -> CheckedDraft:
    cited = citing(1, HARBOUR, QUOTE)
    quotation = CheckedQuotation(
        text=text[1:14], start=1, end=14, verdict="altered",
        difference="“traded” where “trade” is printed", citations=(cited,),
    )  # fmt: skip
    name = CheckedName(text="Ada Quyll", start=27, end=36, verdict="other", usual="Ada Quill")
    return CheckedDraft(
        text=text, name="story.md", quotations=(quotation,), sentences=(), names=(name,),
        unchecked=(), searched=SEARCHED, read_by="words",
    )  # fmt: skip


VALUES: dict[str, Exportable] = {
    "answer": harbour_answer(),
    "written": written(),
    "none": no_answer("Who won?"),
    "hostile": hostile_answer("Who?"),
    "listing": listing(),
    "statements": statements(),
    "quotation": quotation(),
    "nowhere": quotation("absent"),
    "draft": draft(),
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("as_", FORMATS)
def test_everything_is_written_in_every_format(name: str, as_: ExportFormat) -> None:
    assert export(VALUES[name], as_).data


def of_word(data: bytes) -> tuple[list[str], list[int], dict[int, str]]:
    """Return a Word document's paragraphs, the notes they point at, and those there are."""
    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    asked = [int(one.get(f"{_W}id")) for one in body.iter(f"{_W}footnoteReference")]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if "word/footnotes.xml" not in packed.namelist():
            return [p.text for p in document.paragraphs], asked, {}
        root = etree.fromstring(packed.read("word/footnotes.xml"))
    notes = {
        int(one.get(f"{_W}id")): "".join(one.itertext()).strip()
        for one in root.iter(f"{_W}footnote")
        if one.get(f"{_W}type") is None
    }
    return [paragraph.text for paragraph in document.paragraphs], asked, notes


@pytest.mark.parametrize("name", VALUES)
def test_a_word_document_has_a_real_footnote_for_each_of_its_marks(name: str) -> None:
    paragraphs, asked, notes = of_word(export(VALUES[name], "docx").data)
    assert paragraphs
    assert set(asked) == set(notes)


def test_a_word_document_holds_whatever_an_article_does() -> None:
    odd = article("a7", "Odd \x00\x0b\ufffe\udc80 <w:p/>", "Body \x1b[31m & \u202e end.")
    data = export(quoting("Odd?", citing(1, odd, odd.text[20:])), "docx").data
    _, _, notes = of_word(data)
    assert "<w:p/>" in notes[1]


def markdown(value: Exportable) -> str:
    return export(value, "markdown").data.decode()


def test_two_answers_pasted_together_keep_their_own_notes() -> None:
    both = [quoting("One?", citing(1, HARBOUR, QUOTE)), quoting("Two?", citing(1, TIDES, "Few"))]
    pasted = "\n".join(map(markdown, both))
    defined = re.findall(r"^\[\^([^\]]+)\]:", pasted, re.MULTILINE)
    assert len(defined) == len(set(defined)) == 2
    assert all(pasted.count(f"[^{name}]") == 2 for name in defined)
    pages = [export(one, "html").data.decode() for one in both]
    ids = re.findall(r' id="([^"]+)"', "".join(pages))
    assert len(ids) == len(set(ids))


def test_numbers_are_the_exports_own() -> None:
    third = quoting("Three?", citing(3, HARBOUR, QUOTE))
    assert re.findall(r"\[\^\w+-(\d+)\]", markdown(third)) == ["1", "1"]


def test_the_same_is_exported_the_same() -> None:
    once, again = markdown(harbour_answer()), markdown(harbour_answer())
    assert once == again


def rows(value: Exportable) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(value, "csv").data.decode("utf-8-sig"))))


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(sign: str) -> None:
    bad = article("a8", f"{sign} title", f"{sign} body.", outlet=sign)
    (row,) = rows(quoting("?", citing(1, bad, bad.text), speaker=sign))
    hostile = [row[name] for name in ("claim", "source", "outlet", "speaker")]
    assert all(re.match(r"'|[+-]\d+\Z", cell) for cell in hostile)


def test_a_row_holds_a_claim_and_where_it_is_printed() -> None:
    (row,) = rows(harbour_answer())
    told = [row[name] for name in ("claim", "speaker", "outlet", "date", "article_id", "start")]
    assert told == [QUOTE, "Ministry of Ports", "The Ostrova Post", "2024-03-12", "a1", "80"]


def test_a_list_is_a_row_an_article_and_a_statement_a_row() -> None:
    assert [(row["title"], row["copies"]) for row in rows(listing())] == [
        ("Harbour talks collapse", "2"), ("A quiet season", "1"),
    ]  # fmt: skip
    (said,) = rows(statements())
    assert said["words"] == "We will not trade the harbour for promises,”"[:44]
    told = [said[name] for name in ("speaker", "kind", "denied", "hedged", "again")]
    assert told == ["Ministry of Ports", "direct", "", "yes", "2"]


def test_statements_say_whose_how_and_what_must_be_known_of_them() -> None:
    text = markdown(statements())
    assert text.startswith("# What Ministry of Ports said about “harbour”")
    for told in ("(direct, hedged)", "printed again in 2 articles", "It was Monday",
                 "Several are called so", "1 statement of 3"):  # fmt: skip
        assert told in text


def test_a_quotation_says_how_it_is_printed_and_marks_the_difference() -> None:
    (row,) = rows(quotation())
    assert [row[name] for name in ("found", "difference", "speaker", "outlet")] == [
        "altered", "We will not [-sell-] {+trade+} the harbour", "Ministry of Ports",
        "The Ostrova Post",
    ]  # fmt: skip
    assert "Not printed as it is, but altered. First:" in markdown(quotation())


def test_what_comes_nearest_is_never_told_as_printed() -> None:
    (row,) = rows(quotation("absent"))
    assert (row["found"], row["difference"]) == ("nearest", "")
    text = markdown(quotation("absent"))
    assert text.index("Not in this archive.") < text.index("is something else") < text.index("Few")


def test_a_draft_has_its_findings_as_notes_at_their_places() -> None:
    text = markdown(draft())
    assert re.search(r"We traded it,\[\^\w+-1\]”", text)
    assert re.search(r"Ada Quyll\[\^\w+-2\]", text)
    assert "“traded” where “trade” is printed" in text
    assert "usually Ada Quill" in text


def test_references_hold_who_printed_what_when() -> None:
    (item,) = json.loads(export(harbour_answer(), "csl-json").data)
    assert item == {
        "id": "theostrovapost2024harbour-a1",
        "type": "article-newspaper",
        "title": "Harbour talks collapse",
        "author": [{"literal": "Mira Dahl"}],
        "container-title": "The Ostrova Post",
        "issued": {"date-parts": [[2024, 3, 12]]},
        "URL": "https://post.example/harbour?a=1&b=2",
        "language": "en",
        "section": "Politics",
        "note": "archive: a1, version 1",
    }


HOSTILE = '}, url={x}} @comment{ \\input{/etc/passwd} 100% of #1 & _all_ ~^ "q"\nER  - \n'


def hostile() -> Answer:
    bad = article(
        "a9", HOSTILE, "A body.", outlet=HOSTILE, authors=(HOSTILE, "Ann and Bo"),
        url="javascript:alert(1)", date=date(2024, 3, 1),
    )  # fmt: skip
    return quoting("?", citing(1, bad, "A body."))


def test_no_brace_of_an_article_closes_a_field_of_bibtex() -> None:
    text = export(hostile(), "bibtex").data.decode()
    depth, ended = 0, []
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        ended += [at] if sign == "}" and depth == 0 else []
    assert (depth, len(ended)) == (0, 1)
    assert text[ended[0] :].strip() == "}"
    assert re.findall(r"^  (\w+) = ", text, re.MULTILINE) == [
        "title", "author", "journal", "year", "date", "note",
    ]  # fmt: skip
    assert "\\input" not in text
    assert text.count(" and {") == 1


def test_no_line_of_an_article_ends_a_record_of_ris() -> None:
    lines = export(hostile(), "ris").data.decode().split("\r\n")
    assert [line for line in lines if line.startswith("ER")] == ["ER  - "]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert not any("javascript" in line for line in lines)


@pytest.mark.parametrize("as_", ["markdown", "html"])
def test_what_an_article_prints_is_no_markup(as_: ExportFormat) -> None:
    text = export(hostile_answer("<b>Who?</b> [x](http://evil.example)"), as_).data.decode()
    assert not re.search(r"(?<!\\)<(?:script|img|b)\b", text)
    assert 'href="javascript' not in text
    assert as_ == "html" or not re.search(r"(?<!\\)\]\(http", text)


def test_a_page_may_neither_run_nor_fetch() -> None:
    page = export(harbour_answer(), "html").data.decode()
    assert "default-src 'none'" in page
    assert not re.search(r"<(?:script|link|img|iframe)", page)


def test_the_copies_of_a_draft_that_differ_have_other_labels() -> None:
    one, other = draft(), replace(draft(), name="other.md")
    labels = {re.findall(r"\[\^(\w+)-1\]", markdown(value))[0] for value in (one, other)}
    assert len(labels) == 2


def conversation(*outcomes: Outcome | None) -> ExportedTalk:
    asked = datetime(2024, 5, 3, 12, 10, tzinfo=UTC)
    return ExportedTalk(
        title="The harbour",
        turns=tuple(
            ExportedTurn(question=f"Question {n}?", asked=asked, outcome=one, instead="Gone.")
            for n, one in enumerate(outcomes, 1)
        ),
    )


def test_a_conversation_numbers_its_notes_through_and_cites_each_place_once() -> None:
    talk = conversation(
        harbour_answer(), no_answer("Why?"), listed("ports"), None, harbour_answer()
    )
    text = export(talk, "markdown").data.decode()
    notes = re.findall(r"^\[\^(\w+)-(\d+)\]: ", text, re.MULTILINE)
    assert len({label for label, _ in notes}) == 1
    assert [int(n) for _, n in notes] == list(range(1, len(notes) + 1))
    used = set(re.findall(r"\[\^\w+-(\d+)\](?!:)", text))
    assert used == {n for _, n in notes}
    asked = [text.index(f"## Question {n}?") for n in range(1, 6)]
    assert asked == sorted(asked)
    assert "Gone." in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_conversation_has_every_form_and_nothing_hostile_comes_through(
    form: ExportFormat,
) -> None:
    made = export(conversation(hostile_answer("Why?"), None), form)
    assert made.data
    if form == "html":
        assert b"<script" not in made.data
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
        assert {row["question"] for row in rows} == {"Question 1?", "Question 2?"}
