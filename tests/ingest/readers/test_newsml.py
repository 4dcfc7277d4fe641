"""NewsML: items of a message, and what their agency says may be done with them."""

from collections import Counter
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.errors import LeftOut
from ingest.files.read import read
from ingest.readers.newsml import reader
from tests.ingest.readers.opened import article, errors, read_bytes

NITF = (
    "<inlineXML contenttype='application/nitf+xml'><nitf><body><body.head><hedline><hl1>Ferry"
    "</hl1></hedline><byline>By Ada Marl, <byttl>Harbour Editor</byttl></byline></body.head>"
    "<body.content><p>One.</p><p>Two.</p><media media-type='image'><media-caption>The ferry"
    "</media-caption></media></body.content></body></nitf></inlineXML>"
)
XHTML = (
    "<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'>"
    "<head><title>x</title></head><body><p>One.</p><p>Two.</p></body></html></inlineXML>"
)


def item(
    content: str = NITF, meta: str = "", about: str = "", rights: str = "", status: str = "usable"
) -> str:
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:harrow:1" '
        f'version="3" xml:lang="en-GB">{rights}<itemMeta><itemClass qcode="ninat:text"/>'
        "<provider><name>Harrow Agency</name></provider><versionCreated>2024-03-02T08:00:00Z"
        "</versionCreated><firstCreated>2024-03-01T10:00:00Z</firstCreated>"
        f'<pubStatus qcode="stat:{status}"/>{meta}</itemMeta><contentMeta><headline>Ferry stops'
        f"</headline>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def one(*given: str, **more: str) -> RawArticle:
    return article(read_bytes(reader, item(*given, **more).encode()))


def test_an_item_is_an_article_with_what_its_agency_says_of_it() -> None:
    rights = (
        "<rightsInfo><copyrightNotice>Copyright 2024 Harrow Agency</copyrightNotice>"
        "<usageTerms>Not for radio.</usageTerms></rightsInfo>"
    )
    about = (
        '<urgency>4</urgency><by>Ada Marl</by><genre qcode="genre:Interview"/>'
        '<subject qcode="medtop:1"><name>transport</name></subject>'
        '<description role="drol:summary">It is over.</description>'
    )
    assert one(about=about, rights=rights) == RawArticle(
        file="file",
        where="line 1",
        record="urn:newsml:harrow:1",
        text="One.\n\nTwo.",
        title="Ferry stops",
        standfirst="It is over.",
        comments_apart=True,
        captions=("The ferry",),
        outlet="Harrow Agency",
        authors=("Ada Marl",),
        published="2024-03-01T10:00:00Z",
        updated="2024-03-02T08:00:00Z",
        language="en-GB",
        kind="interview",
        id="urn:newsml:harrow:1",
        rights="Copyright 2024 Harrow Agency\nNot for radio.",
        metadata={"version": "3", "urgency": "4", "subjects": ["transport"]},
    )


@pytest.mark.parametrize(
    "content",
    [
        XHTML,
        "<inlineData contenttype='text/plain'>One.\n\nTwo.</inlineData>",
        "<inlineData contenttype='text/html'>&lt;p>One.&lt;/p>&lt;p>Two.&lt;/p></inlineData>",
        f"<remoteContent href='x.jpg'/>{NITF}{XHTML}",
        "<inlineData contenttype='text/plain'><![CDATA[<p>One.</p> <p>Two.</p>]]></inlineData>",
        XHTML.replace(
            "<body>",
            "<body><header><ul class='slugline'><li>Ships</li></ul><time>1.3."
            "</time><h1>Ferry stops</h1></header>",
        ).replace("</body>", "<footer><p>Desk: 555</p></footer></body>"),
        XHTML.replace("<body>", "<body><p class='slugline'>Ships</p><div class='notepad'>x</div>"),
    ],
)
def test_content_is_read_in_each_form(content: str) -> None:
    assert one(content).text == "One.\n\nTwo."


def test_a_dateline_marked_as_one_stays_where_it_is_printed() -> None:
    opening = "<p><span class='dateline'>Harrow <span class='credit'>(ha) - </span></span>One.</p>"
    assert one(XHTML.replace("<p>One.</p>", opening)).text == "Harrow (ha) - One.\n\nTwo."


def test_an_embargo_is_kept_with_its_end() -> None:
    assert one(meta="<embargoed>2024-03-05T06:00:00+01:00</embargoed>").embargo_until == (
        "2024-03-05T06:00:00+01:00"
    )


def test_an_embargo_that_says_no_end_is_none_and_is_told() -> None:
    found = one(meta="<embargoed/>")
    assert (found.status, found.embargo_until) == (None, None)
    assert found.inferred["embargo_until"] == "an embargo without an end was given, and is none"


@pytest.mark.parametrize(
    ("status", "note", "expected"),
    [
        ("usable", "", (None, ())),
        ("usable", "EDS: photos follow. Three were killed.", (None, ())),
        (
            "usable",
            "CORRECTS the day in paragraph 2.",
            (None, ("CORRECTS the day in paragraph 2.",)),
        ),
        (
            "usable",
            "MANDATORY KILL. Not to be used.",
            ("withdrawn", ("MANDATORY KILL. Not to be used.",)),
        ),
        ("canceled", "Sent by mistake.", ("withdrawn", ("Sent by mistake.",))),
        ("withheld", "Wait for release.", ("withheld", ())),
    ],
)
def test_corrections_and_kill_notices_are_told(
    status: str, note: str, expected: tuple[str | None, tuple[str, ...]]
) -> None:
    found = one(meta=f"<edNote>{note}</edNote>" if note else "", status=status)
    assert (found.status, found.corrections) == expected


def test_a_signal_makes_a_note_a_correction() -> None:
    meta = '<edNote>The vote was on Monday.</edNote><signal qcode="sig:correction"/>'
    assert one(meta=meta).corrections == ("The vote was on Monday.",)


def test_an_item_says_which_earlier_one_it_corrects() -> None:
    link = '<link rel="irel:previousVersion" residref="urn:newsml:harrow:0"/>'
    assert one(meta=link).corrects == "urn:newsml:harrow:0"


def test_a_kill_without_any_text_still_names_its_item() -> None:
    data = item("", status="canceled").replace("<headline>Ferry stops</headline>", "").encode()
    found = article(read_bytes(reader, data))
    assert (found.title, found.id, found.status) == (
        "urn:newsml:harrow:1",
        "urn:newsml:harrow:1",
        "withdrawn",
    )


def test_of_a_message_each_text_is_an_article_and_the_rest_is_counted() -> None:
    picture = item("", status="usable").replace("ninat:text", "ninat:picture")
    data = (
        f"<newsMessage><header/><itemSet>\n{item()}\n{picture}\n<packageItem guid='p'/>"
        f"{item().replace('harrow:1', 'harrow:2')}<newsItem>"
    ).encode()
    found = read_bytes(reader, data)
    assert [(a.id, a.where) for a in found if isinstance(a, RawArticle)] == [
        ("urn:newsml:harrow:1", "line 2"),
        ("urn:newsml:harrow:2", "line 4"),
    ]
    assert errors(found) == [
        "file, line 4: it is cut off: its end, </newsItem>, is missing",
        "file: left out, being no article: 1 (packageItem), 1 (picture item)",
    ]


def test_wrong_nesting_is_mended_and_said() -> None:
    found = one(NITF.replace("<p>One.</p>", "<p><em>One.</p></b>"))
    assert (found.text, found.inferred) == (
        "One.\n\nTwo.",
        {"text": "mended: its markup was damaged"},
    )


def test_an_item_of_nothing_is_told() -> None:
    data = item("").replace("<headline>Ferry stops</headline>", "").encode()
    assert errors(read_bytes(reader, data)) == ["file, line 1: it has neither text nor headline"]


FIRST = """<?xml version="1.0"?><!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd"><NewsML><NewsEnvelope/>
<NewsItem><Identification><NewsIdentifier><ProviderId>harrow.example</ProviderId>
<NewsItemId>ferry</NewsItemId><RevisionId PreviousRevision="1">2</RevisionId></NewsIdentifier>
</Identification><NewsManagement><FirstCreated>20240301T100000+0100</FirstCreated>
<ThisRevisionCreated>20240302T080000Z</ThisRevisionCreated><Status FormalName="{}"/>{}
</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry stops</HeadLine><ByLine>Ada Marl</ByLine>
<CopyrightLine>Harrow 2024</CopyrightLine></NewsLines><AdministrativeMetadata><Provider><Party
FormalName="Harrow Agency"/></Provider></AdministrativeMetadata><DescriptiveMetadata><Language
FormalName="en"/></DescriptiveMetadata><ContentItem><DataContent><p>One.</p><p>Two.</p>
</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""


def test_the_first_version_of_newsml_is_read() -> None:
    assert article(read_bytes(reader, FIRST.format("Usable", "").encode())) == RawArticle(
        file="file",
        where="line 2",
        record="harrow.example:ferry",
        text="One.\n\nTwo.",
        title="Ferry stops",
        comments_apart=True,
        outlet="Harrow Agency",
        authors=("Ada Marl",),
        published="2024-03-01T10:00:00+0100",
        updated="2024-03-02T08:00:00Z",
        language="en",
        id="harrow.example:ferry",
        rights="Harrow 2024",
        metadata={"version": "2"},
    )


def test_the_first_versions_captions_are_those_of_its_pictures() -> None:
    picture = (
        '<NewsComponent><Role FormalName="Photo"/><NewsComponent><Role FormalName="Caption"/>'
        "<ContentItem><DataContent><p>The ferry at dusk.</p></DataContent></ContentItem>"
        "</NewsComponent></NewsComponent>"
    )
    for where in ("</ContentItem></NewsComponent></NewsItem>", "<ContentItem><DataContent><p>One"):
        whole = FIRST.format("Usable", "")
        data = whole.replace(where, picture.join(_cut(where)))
        found = article(read_bytes(reader, data.encode()))
        assert (found.text, found.captions) == ("One.\n\nTwo.", ("The ferry at dusk.",))


def _cut(where: str) -> tuple[str, str]:
    """Part a stretch of markup where a component may stand."""
    at = where.index("</NewsComponent>") if where.startswith("</") else 0
    return where[:at], where[at:]


def test_the_first_versions_status_and_embargo_are_honoured() -> None:
    change = (
        '<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20240305T060000Z'
        "</DateAndTime></StatusWillChange>"
    )
    embargoed = article(read_bytes(reader, FIRST.format("Embargoed", change).encode()))
    assert (embargoed.status, embargoed.embargo_until) == (None, "2024-03-05T06:00:00Z")
    assert article(read_bytes(reader, FIRST.format("Canceled", "").encode())).status == "withdrawn"


@pytest.mark.shared
def test_real_samples_are_read(shared: Path) -> None:
    found = list(read([shared / "formats" / "newsml-g2"]))
    texts = [one for one in found if isinstance(one, RawArticle) and one.id]
    counts: Counter[str] = Counter()
    for left_out in found:
        if isinstance(left_out, LeftOut):
            counts.update(left_out.counts)
    assert len(texts) == 7
    assert all(one.published and one.outlet and one.language for one in texts)
    assert sum(bool(one.text) for one in texts) == 4
    assert [one.embargo_until for one in texts if one.embargo_until] == ["2018-10-23T12:00:00Z"]
    assert counts == {
        "catalogItem": 1,
        "conceptItem": 3,
        "knowledgeItem": 2,
        "packageItem": 3,
        "picture item": 3,
        "planningItem": 4,
        "video item": 3,
    }


@pytest.mark.parametrize(
    "status",
    [
        '<pubStatus literal="Canceled"/>',
        '<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>',
        "<pubStatus>stat:canceled</pubStatus>",
    ],
)
def test_a_kill_is_one_however_its_status_is_written(status: str) -> None:
    data = item().replace('<pubStatus qcode="stat:usable"/>', status).encode()
    assert article(read_bytes(reader, data)).status == "withdrawn"


@pytest.mark.parametrize("role", ["Caption", "caption", "Legend", "Légende"])
@pytest.mark.parametrize("words", ["<p>The lock.</p>", "<media-caption>The lock.</media-caption>"])
def test_the_caption_of_a_picture_is_one_in_any_agencys_words(role: str, words: str) -> None:
    data = f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>h</ProviderId>
        <NewsItemId>1</NewsItemId></NewsIdentifier></Identification><NewsComponent><NewsComponent>
        <Role FormalName="Main"/><ContentItem><DataContent><p>One.</p></DataContent></ContentItem>
        </NewsComponent><NewsComponent><Role FormalName="photo"/><NewsComponent>
        <Role FormalName="{role}"/><ContentItem><DataContent>{words}</DataContent></ContentItem>
        </NewsComponent></NewsComponent></NewsComponent></NewsItem></NewsML>"""
    found = article(read_bytes(reader, data.encode()))
    assert (found.text, found.captions) == ("One.", ("The lock.",))
