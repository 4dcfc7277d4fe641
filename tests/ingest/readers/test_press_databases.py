"""Nexis, Factiva, ProQuest, Europresse: each document an article, its text apart."""

import pytest

from ingest.article import RawArticle
from ingest.readers import europresse, factiva, nexis, proquest, rich_text, word_document
from tests.ingest.readers.newsroom_files import (
    EUROPRESSE,
    FACTIVA,
    MORE,
    NEXIS,
    PROQUEST,
    WORDS,
    docx,
    paragraph,
)
from tests.ingest.readers.opened import errors, read_bytes


def told(found: list[object]) -> list[tuple[object, ...]]:
    return [
        (one.title, one.outlet, one.published, one.authors, one.section)
        for one in found
        if isinstance(one, RawArticle)
    ]


def test_the_old_form_of_nexis_is_parted_into_its_documents() -> None:
    found = read_bytes(nexis.reader, NEXIS.encode())
    assert told([*found]) == [
        ("Ferry stops", "The Harrow Post", "March 1, 2024", ("Ada Marl",), "NEWS"),
        ("Bridge opens; A long wait", "The Harrow Post", "March 3, 2024", (), None),
    ]
    first, second = (one for one in found if isinstance(one, RawArticle))
    assert first.text == f"{WORDS}\n\n{MORE}"
    assert first.rights == "Copyright 2024 Harrow Post Ltd\nAll Rights Reserved"
    assert (second.text, second.captions) == (MORE, ("The bridge",))
    assert first.metadata == {
        "load_date": "March 2, 2024", "length": "30 words", "edition": "Late Edition", "page": "3",
    }  # fmt: skip


@pytest.mark.parametrize("cover", [(), ("User Name: A", "Documents (1)", "1. Ferry stops", "News")])
def test_the_new_form_of_nexis_is_read_out_of_a_word_document(cover: tuple[str, ...]) -> None:
    lines = [
        *cover, "Ferry stops", "Harrow Post.", "March 1, 2024 Friday", "",
        "Copyright 2024 Harrow Post Ltd", "Section:\xa0NEWS; Pg. 3", "Length:\xa030 words",
        "Byline:\xa0Ada Marl, harrow.example.com", "Body", "", WORDS, "Language: he said so.", MORE,
        "Correction", "The ferry stops on Saturday.", "Classification", "Language:\xa0ENGLISH",
        "Load-Date:\xa0March 2, 2024", "End of Document",
    ]  # fmt: skip
    data = docx(*(paragraph(line) for line in lines * 2))
    found = read_bytes(word_document.reader, data)
    assert (
        told([*found])
        == [("Ferry stops", "Harrow Post", "March 1, 2024", ("Ada Marl",), "NEWS")] * 2
    )
    first = found[0]
    assert isinstance(first, RawArticle)
    assert first.text == f"{WORDS}\n\nLanguage: he said so.\n\n{MORE}"
    assert first.corrections == ("The ferry stops on Saturday.",)
    assert (first.language, first.rights) == ("ENGLISH", "Copyright 2024 Harrow Post Ltd")


def test_a_document_of_nothing_but_whose_it_is_has_no_text() -> None:
    head, mark, _ = NEXIS.partition("2 of 2 DOCUMENTS\n")
    assert mark
    found = read_bytes(nexis.reader, f"{head}{mark}Copyright 2024 Harrow Post Ltd\n".encode())
    assert len(told([*found])) == 1
    assert errors(found) == ["file, document 2: it has neither headline nor text"]


def test_labels_in_another_language_are_known() -> None:
    german = NEXIS.replace("BYLINE:", "AUTOR:").replace("SECTION:", "RUBRIK:")
    german = german.replace("LENGTH:", "LÄNGE:").replace("LOAD-DATE:", "UPDATE:")
    found = read_bytes(nexis.reader, german.encode())
    assert told([*found])[0][3:] == (("Ada Marl",), "NEWS")


def test_the_article_form_of_factiva_is_parted_at_its_numbers() -> None:
    found = read_bytes(factiva.reader, FACTIVA.encode())
    assert told([*found]) == [
        ("Ferry stops", "The Harrow Post", "1 March 2024", ("Ada Marl",), "City desk"),
        ("Bridge opens", "The Harrow Post", "2 March 2024", (), None),
    ]
    first = found[0]
    assert isinstance(first, RawArticle)
    assert (first.text, first.id) == (f"{WORDS}\n\n{MORE}", "HARP000020240301ek3100001")
    assert first.metadata == {
        "length": "1,030 words", "edition": "Late", "page": "3", "source_code": "HARP",
        "time": "09:30",
    }  # fmt: skip


CODED = [
    ("HD", "Ferry stops"), ("BY", "By Ada Marl"), ("WC", "30 words"), ("PD", "1 March 2024"),
    ("SN", "The Harrow Post"), ("SC", "HARP"), ("LA", "English"), ("CY", "(c) 2024"),
    ("LP", WORDS), ("TD", MORE), ("NS", "gtrans : Transport"),
    ("AN", "Document HARP000020240301ek3100001"),
]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        "\n".join(f"{code}  {said}\n" for code, said in CODED),
        "<html><title>Factiva</title><div class='article enArticle'><table>"
        + "".join(f"<tr><td>{code}</td><td>{said}</td></tr>" for code, said in CODED)
        + "</table></div></html>",
    ],
)
def test_the_indexed_form_of_factiva_is_read_by_its_codes(data: str) -> None:
    (found,) = read_bytes(factiva.reader, data.encode())
    assert isinstance(found, RawArticle)
    assert told([found]) == [
        ("Ferry stops", "The Harrow Post", "1 March 2024", ("Ada Marl",), None)
    ]
    assert (found.text, found.id) == (f"{WORDS}\n\n{MORE}", "HARP000020240301ek3100001")
    assert found.metadata["subjects"] == "gtrans : Transport"


def test_the_xml_of_factiva_is_read() -> None:
    data = (
        '<SelectFeed><DistDoc an="HARP1"><ReplyItem><Date fid="pd" value="20240301"/>'
        "<SrcName>Harrow Post</SrcName><Title><Headline><Para>Ferry stops</Para></Headline></Title>"
        f"<LeadPara><Para>{WORDS}</Para></LeadPara><TailParas><Para>{MORE}</Para></TailParas>"
        "</ReplyItem></DistDoc></SelectFeed>"
    )
    (found,) = read_bytes(factiva.reader, data.encode())
    assert isinstance(found, RawArticle)
    assert told([found]) == [("Ferry stops", "Harrow Post", "20240301", (), None)]
    assert (found.text, found.id) == (f"{WORDS}\n\n{MORE}", "HARP1")


def test_a_list_of_headlines_is_told() -> None:
    page = "<html><title>Factiva</title><table><tr><td>1. Ferry stops</td></tr></table></html>"
    assert errors(read_bytes(factiva.reader, page.encode())) == [
        "file: it holds no document as Factiva prints one"
    ]


def test_a_text_that_only_speaks_of_documents_is_none_of_nexis() -> None:
    plain = f"Ferry stops\n\nHe read 3 of 10 documents.\n\nLength: 30 words\n\n{WORDS}\n"
    assert nexis.reader.sniff(plain.encode(), "a") == 0.0
    assert factiva.reader.sniff(plain.encode(), "a") == 0.0


def test_proquest_is_parted_into_its_documents_and_what_lacks_its_text_is_told() -> None:
    found = read_bytes(proquest.reader, PROQUEST.encode())
    assert told([*found]) == [
        ("Ferry stops", "Harrow Post", "Mar 1, 2024", ("Ada Marl", "Ben Orr"), "News")
    ]
    assert errors(found) == ["file, document 2: it has no full text: 'Bridge opens'"]
    first = found[0]
    assert isinstance(first, RawArticle)
    assert first.text == f"{WORDS}\n\nLocation: the quay, where the ferry lay.\n\n{MORE}"
    assert (first.id, first.language) == ("2900000001", "English")
    assert first.rights == "Copyright Harrow Post Mar 1, 2024"
    kept = {"page": "A.3", "edition": "Late Edition", "location": "Harrowmere"}
    assert kept.items() <= first.metadata.items()
    assert first.metadata["abstract"] == "The old ferry stops. It is said so twice."
    assert first.metadata["subject"] == "Ferries; Harbours; Quays"


def test_proquest_is_read_where_nothing_parts_its_fields() -> None:
    tight = PROQUEST.replace("\n\n", "\n").replace("Location: the quay", "At the quay")
    (first, _) = read_bytes(proquest.reader, tight.encode())
    assert isinstance(first, RawArticle)
    assert first.text == f"{WORDS}\n\nAt the quay, where the ferry lay.\n\n{MORE}"
    assert (first.published, first.id) == ("Mar 1, 2024", "2900000001")


def test_proquest_is_read_out_of_other_documents() -> None:
    data = docx(*(paragraph(line) for line in PROQUEST.split("\n")))
    rich = "{\\rtf1 " + PROQUEST.replace("\n", "\\par\n") + "}"
    for found in (
        read_bytes(word_document.reader, data),
        read_bytes(rich_text.reader, rich.encode()),
    ):
        assert [one[0] for one in told([*found])] == ["Ferry stops"]


def test_europresse_is_parted_into_its_documents() -> None:
    found = read_bytes(europresse.reader, EUROPRESSE.encode())
    assert told([*found]) == [
        ("Le bac s'arrête", "Le Bac", "1 mars 2024", ("Ada Marl",), "Culture"),
        ("Bridge opens", "Harrow Post", "March 2 2024", ("Ben Orr",), None),
    ]
    first = found[0]
    assert isinstance(first, RawArticle)
    assert first.text == f"{WORDS}\n\n{MORE}"
    assert first.id == "news·20240301·LB·412"
    assert first.rights == "© 2024 Le Bac. Tous droits réservés."
    assert first.metadata == {"page": "3", "length": "654 mots"}


def test_a_line_of_whose_it_is_closes_the_text_of_nexis() -> None:
    bare = NEXIS.replace("LOAD-DATE:", "DATE-CHARGEMENT:").partition("2 of")[0]
    bare += "2 of 2 DOCUMENTS\n\nThe Harrow Post\n\nMarch 3, 2024\n\nBridge\n\nLENGTH: 3 words"
    found = read_bytes(
        nexis.reader, f"{bare}\n\n{MORE}\n\nCopyright 2024 Harrow Post Ltd\n".encode()
    )
    texts = [one for one in found if isinstance(one, RawArticle)]
    assert (texts[-1].text, texts[-1].rights) == (MORE, "Copyright 2024 Harrow Post Ltd")
    assert texts[0].metadata["load_date"] == "March 2, 2024"


def test_a_name_under_a_headline_of_factiva_needs_no_word_before_it() -> None:
    data = f"""Water
The ferry of Harrowmere stops
Ada Marl
30 words
1 March 2024
The Harrow Post
HARP
English
Copyright 2024

{WORDS}

Document HARP000020240301ek3100001

The Long Bridge
10 words
2 March 2024
The Harrow Post
HARP
English
Copyright 2024

{MORE}

Document HARP000020240302ek3200001
"""
    assert told([*read_bytes(factiva.reader, data.encode())]) == [
        (
            "The ferry of Harrowmere stops", "The Harrow Post", "1 March 2024", ("Ada Marl",),
            "Water",
        ),
        ("The Long Bridge", "The Harrow Post", "2 March 2024", (), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "authors"),
    [
        ("Marl, Ada", ("Ada Marl",)),
        ("Marl, Ada; Orr, Ben Tom", ("Ada Marl", "Ben Tom Orr")),
        ("Ada Marl, Ben Orr", ("Ada Marl, Ben Orr",)),
        ("Marl, Ada and Orr, Ben", ("Ada Marl", "Ben Orr")),
        ("Marl, A.; van den Orr, Ben", ("A. Marl", "Ben van den Orr")),
        ("Marl, Ada amarl@harrow.example", ("Ada Marl",)),
        ("By ADA MARL; Staff Writer", ("ADA MARL",)),
        ("Ada Marl, Political Editor", ("Ada Marl",)),
        ("ASSOCIATED PRESS", ("ASSOCIATED PRESS",)),
        ("Reuters, Berlin", ("Reuters, Berlin",)),
        ("Marl, Harrowmere", ("Marl, Harrowmere",)),
    ],
)
def test_a_surname_that_is_given_first_is_spoken_last(given: str, authors: tuple[str, ...]) -> None:
    text = NEXIS.replace("BYLINE: By Ada Marl", f"BYLINE: {given}")
    first = next(one for one in read_bytes(nexis.reader, text.encode()))
    assert isinstance(first, RawArticle)
    assert first.authors == authors
