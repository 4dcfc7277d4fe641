"""SGML newswire collections."""

import pytest

from ingest.article import RawArticle
from ingest.readers.sgml import reader
from tests.ingest.readers.opened import article, errors, read_bytes

REUTERS = b"""<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="7">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>ship</D><D>grain</D></TOPICS><PLACES></PLACES>
<UNKNOWN>&#5;&#5;C T &#22;f0704 reute</UNKNOWN>
<TEXT>&#2;
<AUTHOR>    By Ada Marl, Reuters</AUTHOR>
<TITLE>HARROW &lt;HRW> STOPS FERRY</TITLE>
<DATELINE>    HARROWMERE, Feb 26 - </DATELINE><BODY>The ferry of Harrowmere
stops & that is that.
    It ran for ninety years.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
"""
DOC = b"""<DOC>
<DOCNO> HA-7 </DOCNO>
<HEADLINE>Ferry stops</HEADLINE>
<DATE>1 March 1994</DATE>
<TEXT>
<P>One.</P>
<P>Two.</P>
</TEXT>
</DOC>
"""


def test_a_document_is_an_article() -> None:
    assert article(read_bytes(reader, REUTERS)) == RawArticle(
        file="file",
        where="line 2",
        record="2",
        text="The ferry of Harrowmere stops & that is that.\n\nIt ran for ninety years.",
        title="HARROW <HRW> STOPS FERRY",
        comments_apart=True,
        outlet="Reuters",
        authors=("By Ada Marl, Reuters",),
        published="26-FEB-1987 15:01:01.79",
        id="7",
        inferred={"text": "mended: its markup was damaged", "outlet": "name of the element"},
        metadata={"dateline": "HARROWMERE, Feb 26 -", "tags": ["ship", "grain"]},
    )


def test_collections_that_are_marked_up_alike_are_read() -> None:
    found = article(read_bytes(reader, DOC))
    assert (found.title, found.text, found.id, found.published, found.outlet) == (
        "Ferry stops",
        "One.\n\nTwo.",
        "HA-7",
        "1 March 1994",
        None,
    )


def test_many_documents_without_an_outermost_element_are_read_each() -> None:
    data = DOC + b"<DOC><DOCNO>x</DOCNO></DOC>" + DOC + DOC[:-8]
    found = read_bytes(reader, data)
    assert [one.where for one in found if isinstance(one, RawArticle)] == ["line 1", "line 10"]
    assert errors(found) == [
        "file, line 10: it has neither text nor title",
        "file, line 19: it is cut off: its end, </DOC>, is missing",
    ]


@pytest.mark.parametrize(
    ("head", "sure"),
    [(REUTERS, True), (DOC, True), (b"<DOC type=story>\n<HEADLINE>", True), (b"<doc>a", False)],
)
def test_a_collection_is_known_by_its_first_document(head: bytes, sure: bool) -> None:
    assert (reader.sniff(head, "x") > 0.9) is sure


def test_the_agency_s_signs_at_the_end_go_however_many_there_are() -> None:
    many = REUTERS.replace(b" Reuter\n&#3;", b" Reuter\n" * 400 + b"&#3;")
    (found,) = [one for one in read_bytes(reader, many) if isinstance(one, RawArticle)]
    assert found.text.endswith("It ran for ninety years.")
    amid = REUTERS.replace(b" Reuter\n&#3;", b" Reuter\n" * 400 + b"said so.&#3;")
    (found,) = [one for one in read_bytes(reader, amid) if isinstance(one, RawArticle)]
    assert found.text.endswith("said so.")
