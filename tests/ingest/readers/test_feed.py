"""RSS and Atom: what an entry carries, said which; damage and hostility kept to themselves."""

import re
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.errors import LeftOut
from ingest.readers.feed import reader
from ingest.readers.markup import words
from tests.ingest.readers.opened import article, errors, read_bytes

ITEM = (
    "<item><title>Ferry &amp; bridge stop</title><link>http://harrow.example/ferry</link>"
    "<guid>http://harrow.example/ferry</guid><pubDate>Fri, 01 Mar 2024 10:00:00 +0100</pubDate>"
    "<dc:creator>Ada Marl</dc:creator><category>Local</category>"
    "<description>It stops.</description></item>"
)


def rss(*items: str, head: str = "<title>Harrow Post</title><language>en-gb</language>") -> bytes:
    start = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return (
        f'<?xml version="1.0"?>\n{start}<channel>{head}\n{"".join(items)}</channel></rss>'.encode()
    )


def atom(entry: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harrow Post</title>'
        f"<rights>CC BY</rights><author><name>Desk</name></author>{entry}</feed>"
    ).encode()


def test_an_entry_is_an_article_and_its_summary_is_called_one() -> None:
    assert article(read_bytes(reader, rss(ITEM))) == RawArticle(
        file="file",
        where="line 3",
        record="3",
        text="It stops.",
        title="Ferry & bridge stop",
        comments_apart=True,
        outlet="Harrow Post",
        authors=("Ada Marl",),
        published="Fri, 01 Mar 2024 10:00:00 +0100",
        url="http://harrow.example/ferry",
        language="en-gb",
        section="Local",
        inferred={"text": "the summary that the feed gives"},
    )


def test_full_content_goes_before_a_summary() -> None:
    full = "<content:encoded><![CDATA[<p>One.</p><p>Two<img></p>]]></content:encoded></item>"
    found = article(read_bytes(reader, rss(ITEM.replace("</item>", full))))
    assert (found.text, found.inferred) == (
        "One.\n\nTwo",
        {"text": "the content that the feed gives"},
    )


def test_an_atom_entry_is_read_by_what_its_parts_say_they_are() -> None:
    entry = (
        "<entry><id>tag:harrow.example,2024:1</id>"
        "<title type='html'>Ferry &lt;i>stops&lt;/i></title>"
        "<link href='http://harrow.example/ferry'/><updated>2024-03-02T08:00:00Z</updated>"
        "<published>2024-03-01T10:00:00Z</published><author><name>Ada Marl</name></author>"
        "<author><name>Ben Orr</name></author><category term='a'/><category term='b'/>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>Two.</p>"
        "</div></content><rights>Harrow Post 2024</rights></entry>"
    )
    assert article(read_bytes(reader, atom(entry))) == RawArticle(
        file="file",
        where="line 1",
        record="1",
        text="One.\n\nTwo.",
        title="Ferry stops",
        comments_apart=True,
        outlet="Harrow Post",
        authors=("Ada Marl", "Ben Orr"),
        published="2024-03-01T10:00:00Z",
        updated="2024-03-02T08:00:00Z",
        url="http://harrow.example/ferry",
        language="en",
        id="tag:harrow.example,2024:1",
        rights="Harrow Post 2024",
        inferred={"text": "the content that the feed gives"},
        metadata={"tags": ["a", "b"]},
    )


def test_plain_text_is_not_taken_for_markup() -> None:
    entry = "<entry><title>A</title><content type='text'>The &lt;b> tag</content></entry>"
    assert article(read_bytes(reader, atom(entry))).text == "The <b> tag"


def test_rss_1_and_prefixed_elements_are_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>Post</title></channel>'
        '<item rdf:about="x"><title>Ferry</title><description>It stops.</description></item>'
        "</rdf:RDF>"
    )
    prefixed = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Post</a:title><a:entry>'
        "<a:title>Ferry</a:title><a:summary>It stops.</a:summary></a:entry></a:feed>"
    )
    for feed in (rdf, prefixed):
        found = article(read_bytes(reader, feed.encode()))
        assert (found.title, found.text, found.outlet) == ("Ferry", "It stops.", "Post")


def test_a_damaged_entry_is_mended_or_told_and_the_rest_is_read() -> None:
    data = rss(
        "<item><title>AT&T & <b>bold</title><description>x</description></item>\n",
        "<item><link>http://harrow.example/</link></item>\n",
        ITEM,
        "\n<item><title>Cut",
    )[: -len("</channel></rss>")]
    found = read_bytes(reader, data)
    assert [
        (one.title, one.inferred.get("markup")) for one in found if isinstance(one, RawArticle)
    ] == [
        ("AT&T & bold", "mended: its markup was damaged"),
        ("Ferry & bridge stop", None),
    ]
    assert errors(found) == [
        "file, line 4: it has neither text nor title",
        "file, line 6: it is cut off: its end, </item>, is missing",
    ]


def test_a_feed_in_another_encoding_is_read() -> None:
    feed = rss(
        "<item><title>Рада міста</title><description>Вирішила.</description></item>"
    ).decode()
    data = feed.replace('"1.0"', '"1.0" encoding="windows-1251"', 1).encode("cp1251")
    found = article(read_bytes(reader, data))
    assert (found.title, found.inferred["encoding"]) == (
        "Рада міста",
        "windows-1251, as declared",
    )


def test_entities_of_a_feeds_own_are_not_resolved() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    data = bomb.encode() + rss("<item><title>T</title><description>&b;&c;</description></item>")
    assert article(read_bytes(reader, data)).text == "&b;&c;"


def test_an_address_in_place_of_a_feed_is_not_fetched() -> None:
    assert errors(read_bytes(reader, b"http://harrow.example/feed.xml")) == [
        "file: it holds no entries"
    ]


def test_an_entry_beyond_the_bound_is_told() -> None:
    data = rss(f"<item><title>T</title><description>{'x' * 1_000_001}</description></item>", ITEM)
    assert errors(read_bytes(reader, data)) == [
        "file, line 3: it is longer than 1,000,000 characters"
    ]


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        (b"<?xml version='1.0'?>\n<rss version='2.0'>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        (b"<rdf:RDF>", True),
        (b"<html><a href='rss'>", False),
        (b"rss: <rss>", False),
    ],
)
def test_a_feed_is_known_by_its_outermost_element(head: bytes, sure: bool) -> None:
    assert (reader.sniff(head, "x") > 0.9) is sure


EXPECTED = re.compile(
    rb"entries\[0\]\['(author|rights|published|link|content|title)'\]"
    rb"(?:\[0\]\['value'\])? == u?'([^']*)'"
)


@pytest.mark.shared
def test_what_real_samples_say_of_their_entries_is_found(shared: Path) -> None:
    count, wrong = 0, []
    for file in sorted((shared / "formats" / "feeds").glob("*.xml")):
        data = file.read_bytes()
        if not (expected := EXPECTED.search(data)):
            continue
        # A sample holds one field; what has neither text nor title is no article.
        whole = re.sub(rb"</(entry|item)>", rb"<title>T</title></\1>", data)
        one = article(read_bytes(reader, whole if expected[1] != b"title" else data))
        found = {"author": "".join(one.authors), "link": one.url, "content": one.text}
        value = found.get(expected[1].decode(), getattr(one, expected[1].decode(), None))
        said = expected[2].decode()  # markup as it stands, an author with the address
        count += 1
        if value not in {said, words(said).text, said.partition(" (")[0]}:
            wrong.append((file.name, said, value))
    assert count > 20
    assert wrong == []


def test_what_blogger_exports_beside_its_posts_is_counted() -> None:
    def entry(kind: str) -> str:
        scheme = "http://schemas.google.com/g/2005#kind"
        term = f"http://schemas.google.com/blogger/2008/kind#{kind}"
        return (
            f"<entry><id>tag:blogger.com,1999:{kind}</id><title>The lock</title>"
            f"<category scheme='{scheme}' term='{term}'/><content>Words.</content></entry>"
        )

    data = atom("".join(map(entry, ("post", "comment", "settings", "template"))))
    posts = [one for one in read_bytes(reader, data) if isinstance(one, RawArticle)]
    assert [(one.title, one.section) for one in posts] == [("The lock", None)]
    (left,) = [one for one in read_bytes(reader, data) if isinstance(one, LeftOut)]
    assert sum(left.counts.values()) == 3


def test_the_one_date_of_an_entry_of_rss_1_is_the_day_it_was_published() -> None:
    given = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Harrow Post</title></channel><item><title>Ferry stops</title>"
        "<description>The old ferry stops for good on Friday.</description>"
        "<dc:date>2024-03-01T10:00:00+01:00</dc:date></item></rdf:RDF>"
    )
    found = article(read_bytes(reader, given.encode()))
    assert (found.published, found.updated) == ("2024-03-01T10:00:00+01:00", None)


def test_an_author_behind_an_address_is_named_whole() -> None:
    item = "<item><title>Ferry</title><author>ada@harrow.example (Ada Marl)</author></item>"
    data = f'<rss version="2.0"><channel>{item}</channel></rss>'
    assert article(read_bytes(reader, data.encode())).authors == ("Ada Marl",)
