# ruff: noqa: E501 - markup as it stands in files
"""Small files of the trade, made by hand: office documents, e-books, deliveries, pages, wires."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = "The old ferry of Harrowmere stops for good on Friday, the harbour office said."
MORE = (
    "Nobody spoke against it, and the council goes on to other things next week in the town hall."
)


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Pack parts; what is named "mimetype" stands first and as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, how)
    return made.getvalue()


def paragraph(words: str, style: str = "", inside: str = "") -> str:
    """Return a paragraph of Word; `inside` is put behind its words as it is."""
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t>{words}</w:t></w:r>{inside}</w:p>"


def docx(*body: str, notes: str = "", **about: str) -> bytes:
    """Return a Word document of these paragraphs; `about` are its properties."""
    said = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in about.items())
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{"".join(body)}</w:body></w:document>',
        "word/styles.xml": (
            f'<w:styles xmlns:w="{W}"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
            '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
            '<w:style w:styleId="Bild"><w:name w:val="caption"/></w:style></w:styles>'
        ),
        "docProps/core.xml": f'<cp xmlns:dc="http://purl.org/dc/elements/1.1/">{said}</cp>',
    }
    if notes:
        parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>'
    return packed(parts)


def odt(body: str, meta: str = "") -> bytes:
    """Return an OpenDocument text."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": (
                f"<office:document-content {names}><office:automatic-styles>"
                '<style:style style:name="P1" style:parent-style-name="Title"/>'
                f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
                "</office:body></office:document-content>"
            ),
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def epub(pages: Mapping[str, str], **about: str) -> bytes:
    """Return an e-book of these pages, in their order."""
    said = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in about.items())
    items = "".join(f'<item id="i{n}" href="{name}"/>' for n, name in enumerate(pages))
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OEBPS/book.opf"/></container>',
            "OEBPS/book.opf": (
                f'<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{said}</metadata>'
                f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
            ),
            **{f"OEBPS/{name}": page for name, page in pages.items()},
        }
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file (OLE) of these streams, all in the root."""
    sectors: list[bytes] = []
    table: list[int] = []
    entries = [_entry("Root Entry", 5, child=1 if streams else -1, start=-2, size=0)]
    for number, (name, given) in enumerate(streams.items(), 1):
        data = given.ljust(4096, b"\0")  # shorter ones would stand in a stream of their own
        entries.append(
            _entry(name, 2, right=number + 1 if number < len(streams) else -1,
                   start=len(sectors) if data else -2, size=len(data))
        )  # fmt: skip
        _chain(sectors, table, data)
    first = len(sectors)
    _chain(sectors, table, b"".join(entries))
    count = (len(sectors) + 127) // 127
    places = [*range(len(sectors), len(sectors) + count)]
    table += [-3] * count
    fat = b"".join(struct.pack("<i", one) for one in table).ljust(512 * count, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6xIIiIIiIiI", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, first, 0, 0, -2, 0, -2, 0,
    )  # fmt: skip
    listed = struct.pack("<109i", *places, *[-1] * (109 - count))
    return header + listed + b"".join(sectors) + fat


def _chain(sectors: list[bytes], table: list[int], data: bytes) -> None:
    pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
    for number, piece in enumerate(pieces, 1):
        sectors.append(piece)
        table.append(len(sectors) if number < len(pieces) else -2)


def _entry(
    name: str, kind: int, *, start: int, size: int, right: int = -1, child: int = -1
) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBiii16xI16xiQ", encoded, len(encoded) + 2, kind, 1, -1, right, child, 0, start, size
    )


def msg(subject: str, body: str, sender: str) -> bytes:
    """Return a message of Outlook, sent on 1 March 2024 at ten."""
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, 133_537_608_000_000_000)
    return compound(
        {
            "__properties_version1.0": b"\0" * 32 + sent,
            "__substg1.0_0037001F": subject.encode("utf-16-le"),
            "__substg1.0_1000001F": body.encode("utf-16-le"),
            "__substg1.0_0C1A001F": sender.encode("utf-16-le"),
        }
    )


def alto(*blocks: tuple[str, str]) -> bytes:
    """Return a page of ALTO; a block whose name begins with C is composed of two."""
    said = "".join(
        f'<ComposedBlock ID="{name}">{_block(name + "a", text)}{_block(name + "b", text)}</ComposedBlock>'
        if name.startswith("C")
        else _block(name, text)
        for name, text in blocks
    )
    return f"<alto><Layout><Page><PrintSpace>{said}</PrintSpace></Page></Layout></alto>".encode()


def _block(name: str, text: str) -> str:
    words = "<SP/>".join(f'<String CONTENT="{word}"/>' for word in text.split())
    return f'<TextBlock ID="{name}"><TextLine>{words}</TextLine></TextBlock>'


def mhtml(page: str) -> bytes:
    """Return a page as Chromium saves it."""
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://harrow.example/ferry\r\n"
        "Subject: Ferry stops\r\nDate: Fri, 8 Mar 2024 09:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b--"\r\n\r\n\r\n'
        "----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: https://harrow.example/ferry\r\n\r\n{page}\r\n----b----\r\n"
    ).encode()


def png(width: int = 2, height: int = 2) -> bytes:
    """Return a white picture."""
    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0),
        b"IDAT": zlib.compress(rows),
        b"IEND": b"",
    }
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts.items():
        made += struct.pack(">I", len(data)) + kind + data
        made += struct.pack(">I", zlib.crc32(kind + data))
    return made


PAGE = (
    "<!doctype html><html lang='en'>{}<head><title>Ferry stops</title></head><body><article>"
    f"<h1>Ferry stops</h1><p>{WORDS}</p><p>{MORE}</p></article></body></html>"
)
NEXIS = f"""
                               1 of 2 DOCUMENTS


                               The Harrow Post

                             March 1, 2024 Friday
                                 Late Edition

Ferry stops

BYLINE: By Ada Marl

SECTION: NEWS; Pg. 3

LENGTH: 30 words

The old ferry of Harrowmere stops for good on Friday, the
harbour office said.

{MORE}

LOAD-DATE: March 2, 2024

LANGUAGE: ENGLISH

                    Copyright 2024 Harrow Post Ltd
                              All Rights Reserved

                               2 of 2 DOCUMENTS


                               The Harrow Post

                             March 3, 2024 Sunday

HEADLINE: Bridge opens;
A long wait

LENGTH: 9 words

BODY:

{MORE}

GRAPHIC: The bridge

LOAD-DATE: March 4, 2024
"""
FACTIVA = f"""City desk
Ferry stops
By Ada Marl
1,030 words
1 March 2024
09:30
The Harrow Post
HARP
Late
3
English
Copyright 2024 Harrow Post Ltd

{WORDS}

{MORE}

Document HARP000020240301ek3100001


Bridge opens
12 words
2 March 2024
The Harrow Post
HARP
English
(c) 2024 Harrow Post Ltd

{MORE}

Document HARP000020240302ek3200002
"""
ALTO = (
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout><Page ID="P1"><PrintSpace>'
    '<TextBlock ID="B2" HPOS="900"><TextLine><String CONTENT="Second" WC="0.9"/><SP/>'
    '<String CONTENT="column." WC="0.9"/></TextLine></TextBlock><TextBlock ID="B1" HPOS="100">'
    '<TextLine><String CONTENT="The"/><SP/><String CONTENT="har" SUBS_TYPE="HypPart1" '
    'SUBS_CONTENT="harbour" WC="0.5"/><HYP CONTENT="-"/></TextLine><TextLine><String '
    'CONTENT="bour" SUBS_TYPE="HypPart2" SUBS_CONTENT="harbour"/><SP/><String CONTENT="office."/>'
    '</TextLine></TextBlock></PrintSpace></Page></Layout><ReadingOrder><OrderedGroup ID="O">'
    '<ElementRef ID="R1" REF="B1"/><ElementRef ID="R2" REF="B2"/></OrderedGroup></ReadingOrder></alto>'
)
METS = """<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3"
 xmlns:xlink="http://www.w3.org/1999/xlink" TYPE="Newspaper">
<mets:dmdSec ID="MODS_ISSUE"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:title>Harrow
 Post</mods:title></mods:titleInfo><mods:originInfo><mods:dateIssued>1924-03-01</mods:dateIssued>
</mods:originInfo></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:dmdSec ID="MODS_A1"><mets:mdWrap><mets:xmlData><mods:mods><mods:name><mods:namePart>Ada Marl
</mods:namePart></mods:name></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:fileSec><mets:fileGrp><mets:file ID="ALTO1"><mets:FLocat xlink:href="file://./alto/1.xml"/>
</mets:file><mets:file ID="ALTO2"><mets:FLocat xlink:href="alto/2.xml"/></mets:file>
<mets:file ID="IMG1"><mets:FLocat xlink:href="images/1.tif"/></mets:file></mets:fileGrp></mets:fileSec>
<mets:structMap TYPE="LOGICAL"><mets:div TYPE="NEWSPAPER"><mets:div TYPE="ISSUE" DMDID="MODS_ISSUE">
<mets:div TYPE="CONTENT"><mets:div TYPE="ARTICLE" DMDID="MODS_A1" LABEL="Ferry stops"><mets:div
 TYPE="HEADING"><mets:div TYPE="TITLE"><mets:fptr><mets:area FILEID="ALTO1" BEGIN="T1"
 BETYPE="IDREF"/></mets:fptr></mets:div></mets:div><mets:div TYPE="BODY"><mets:fptr><mets:seq>
<mets:area FILEID="ALTO1" BEGIN="C1" BETYPE="IDREF"/><mets:area FILEID="ALTO2" BEGIN="T9"
 BETYPE="IDREF"/></mets:seq></mets:fptr></mets:div></mets:div><mets:div TYPE="ARTICLE"
 LABEL="Bridge opens"><mets:fptr><mets:area FILEID="ALTO2" BEGIN="T7" BETYPE="IDREF"/></mets:fptr>
</mets:div></mets:div></mets:div></mets:div></mets:structMap></mets:mets>"""
PAGE_XML = (
    '<PcGts><Metadata><Creator>Reader 2</Creator></Metadata><Page><ReadingOrder><OrderedGroup id="g">'
    '<RegionRefIndexed index="1" regionRef="b"/><RegionRefIndexed index="0" regionRef="a"/>'
    '</OrderedGroup></ReadingOrder><TextRegion id="n" type="page-number"><TextEquiv><Unicode>3'
    '</Unicode></TextEquiv></TextRegion><TextRegion id="b"><TextLine><TextEquiv conf="0.9"><Unicode>'
    f"{WORDS}</Unicode></TextEquiv></TextLine></TextRegion>"
    '<TextRegion id="a" type="heading"><TextLine><TextEquiv conf="0.5"><Unicode>Ferry stops'
    "</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
)


def telegram_message(number: int, clock: str, text: str, sender: str = "Harrow Post") -> str:
    name = f'<div class="from_name">{sender}</div>' if sender else ""
    when = f'<div class="pull_right date details" title="01.03.2024 {clock}">{clock[:5]}</div>'
    body = f'{when}{name}<div class="text">{text}</div>'
    return (
        f'<div class="message default clearfix{"" if sender else " joined"}" id="message{number}">'
        f'<div class="body">{body}</div></div>'
    )


TELEGRAM_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body>'
    '<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">'
    'Harrow Post</div></div></div><div class="page_body chat_page"><div class="history">'
    '<div class="message service" id="message-1"><div class="body details">1 March 2024</div></div>'
    + telegram_message(2, "10:00:00 UTC+01:00", f"<strong>Ferry stops</strong><br><br>{WORDS}")
    + telegram_message(3, "10:20:00", MORE, sender="")
    + '<div class="message default" id="message4"><div class="body"><div class="media">x</div></div>'
    "</div></div></div></div></body></html>"
)
HOCR = (
    "<!DOCTYPE html><html><head><meta name='ocr-system' content='tesseract 5'/></head><body>"
    "<div class='ocr_page'><p class='ocr_par' title='bbox 10 0 9 9'><span class='ocr_line'>"
    "<span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 96'>Ferry</span> "
    "<span class='ocrx_word' title='x_wconf 94'>stops</span></span></p>"
    f"<p class='ocr_par' title='bbox 10 0 9 9'><span class='ocr_line'>{WORDS}</span></p></div></body></html>"
)
TEI = (
    '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
    "<title>Harrow Post</title></titleStmt><publicationStmt><date when='2020-01-01'/></publicationStmt>"
    "<sourceDesc><bibl><date when='1904-03-01'/></bibl></sourceDesc></fileDesc></teiHeader><text><body>"
    f'<div type="article"><head>Ferry stops</head><p>The har-<lb break="no"/>bour office.</p><pb n="2"/>'
    f"<p>{WORDS}<fw>2</fw></p></div><div type='article'><head>Bridge</head><p>{MORE}</p></div>"
    "</body></text></TEI>"
)
ANPA = (
    b"\x16\x16\x01W2870\x1f_asian\r\nf l\x13\x11 BC-Harrow--Ferry     03-01 0049\r\n"
    b"\x02^BC-Harrow--Ferry,20<\r\n^Ferry stops<\r\n^Eds: CORRECTS the day.<\r\n^By ADA MARL=\r\n"
    b"^Associated Press=\r\n\t   HARROWMERE (AP) _ " + WORDS.encode() + b" \r\n \r\n\t   "
    + MORE.encode() + b" \r\n\r\n\t   ^\x03AP-WF-03-01-24 1509GMT<\r\n\x04"
)  # fmt: skip
IPTC = (
    b"\x01hpa062 4 i 211 ccccb   hpa 061\r\n\r\nHarrow-ferry/\r\n\x02Ferry stops =\r\n\r\n"
    b"   Harrowmere (hpa) - The old ferry of Harrowmere stops for good on\r\nFriday, the harbour "
    b"office said.\r\n\r\n* * * *\r\nThe following information is not for publication\r\nEditing by: "
    b"Tom Orr\r\n\x03011137 GMT Mar 24 \r\n\x04"
)
PROQUEST = f"""{"_" * 60}

Report Information from ProQuest

March 08 2024 09:00
{"_" * 60}

Document 1 of 2

Ferry stops

Author: Marl, Ada; Orr, Ben

Publication info: Harrow Post, Late Edition; Harrowmere [Harrowmere]01 Mar 2024: A.3.

ProQuest document link

Abstract: The old ferry stops.

It is said so twice.

Links: http://harrow.example/links

Full text: {WORDS}

Location: the quay, where the ferry lay.

{MORE}

Subject: Ferries; Harbours;
Quays

Location: Harrowmere

Title: Ferry stops

Publication title: Harrow Post, Late Edition; Harrowmere

Pages: A.3

Publication date: Mar 1, 2024

Section: News

Language of publication: English

ProQuest document ID: 2900000001

Document URL: https://www.proquest.example/2900000001

Copyright: Copyright Harrow Post Mar 1, 2024

Database: Harrow Newsstream

{"_" * 60}

Document 2 of 2

Bridge opens

Full text: Not available.

Publication title: Harrow Post

Publication date: Mar 3, 2024

ProQuest document ID: 2900000002

{"_" * 60}

Contact us at: http://harrow.example

Database copyright 2024 ProQuest LLC. All rights reserved.
"""
EUROPRESSE = f"""<!DOCTYPE html><html><head><title>Documents sauvegardés</title></head><body>
<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">Le Bac, no. 412</span>
</div><span class="DocHeader">Culture, vendredi 1 mars 2024 654 mots, p. 3</span>
<div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Le bac s'arrête</p></div>
<p class="sm-margin-bottomNews">Ada Marl</p></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer"><p>{WORDS}</p><p>{MORE}</p></div></div>
</section><footer><small>© 2024 Le Bac. Tous droits réservés.</small>
<p>Numéro de document : news·20240301·LB·412</p></footer></article>
<article><header><span class="DocPublicationName">Harrow Post (site web)</span>
<span class="DocHeader">Saturday, March 2, 2024</span>
<p class="titreArticleVisu">Bridge opens</p><div class="docAuthors">Ben Orr</div></header>
<div class="docOcurrContainer"><p>{MORE}</p></div></article></body></html>"""
RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}{\info{\author Ada Marl}"
    r"{\creatim\yr2024\mo3\dy1}}\f0 Ferry stops\par\par The caf\'e9 at the quay closes."
    r"{\super 1{\footnote The office says so.}}\par {\pict 89504e47}" + WORDS + r"\par}"
)

SAMPLES: dict[str, bytes] = {
    "alto": ALTO.encode(),
    "api": (
        '[{"id": 1, "date_gmt": "2024-03-01T10:00:00", "link": "https://harrow.example/1", '
        f'"title": {{"rendered": "Ferry &#8211; stops"}}, "content": {{"rendered": "<p>{WORDS}</p>"}}}}]'
    ).encode(),
    "docx": docx(paragraph("Ferry stops", "Titel"), paragraph(WORDS)),
    "epub": epub({"a.xhtml": PAGE.replace("{}", "")}, title="Harrow Post"),
    "europresse": EUROPRESSE.encode(),
    "factiva": FACTIVA.encode(),
    "hocr": HOCR.encode(),
    "mhtml": mhtml(PAGE.replace("{}", "")),
    "msg": msg("Ferry stops", WORDS, "Ada Marl"),
    "nexis": NEXIS.encode(),
    "odt": odt(f'<text:h text:outline-level="1">Ferry stops</text:h><text:p>{WORDS}</text:p>'),
    "page": PAGE_XML.encode(),
    "picture": png(),
    "proquest": PROQUEST.encode(),
    "rtf": RTF.encode("cp1252"),
    "singlefile": PAGE.replace(
        "{}",
        "<!--\n Page saved with SingleFile \n url: https://harrow.example/ferry \n"
        " saved date: Fri Mar 08 2024 -->",
    ).encode(),
    "tei": TEI.encode(),
    "telegram": TELEGRAM_PAGE.encode(),
    "wire": ANPA + IPTC,
}
