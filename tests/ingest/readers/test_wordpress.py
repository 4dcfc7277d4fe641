"""WordPress exports: published posts alone, words without shortcodes, comments with authors."""

import tracemalloc
from itertools import chain, repeat
from pathlib import Path

import pytest

from ingest.article import RawArticle, RawComment
from ingest.errors import LeftOut, ReadError
from ingest.files.read import read
from ingest.readers import ReaderInput
from ingest.readers.wordpress import reader
from tests.ingest.readers.opened import article, errors, read_bytes
from tests.ingest.readers.streams import Generated

START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:excerpt="https://wordpress.org/export/1.2/excerpt/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="https://wordpress.org/export/1.2/">\n'
    "<channel><title>Harrow Post</title><language>en-GB</language><wp:author><wp:author_login>ada"
    "</wp:author_login><wp:author_display_name><![CDATA[Ada Marl]]></wp:author_display_name>"
    "</wp:author>\n"
)
COMMENT = (
    "<wp:comment><wp:comment_author>{}</wp:comment_author><wp:comment_content>{}"
    "</wp:comment_content><wp:comment_approved>{}</wp:comment_approved><wp:comment_type>{}"
    "</wp:comment_type></wp:comment>"
)


def post(
    content: str = "It stops.", *more: str, kind: str = "post", status: str = "publish"
) -> str:
    return (
        "<item><title>Ferry &amp; bridge stop</title><link>http://harrow.example/ferry/</link>"
        "<dc:creator>ada</dc:creator><guid>http://harrow.example/?p=7</guid><description/>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]>"
        "</excerpt:encoded><wp:post_id>7</wp:post_id><wp:post_date>2024-03-01 11:00:00"
        "</wp:post_date><wp:post_date_gmt>2024-03-01 10:00:00</wp:post_date_gmt>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>"
        '<category domain="category" nicename="local">Local</category>'
        f'<category domain="post_tag" nicename="sea">Sea</category>{"".join(more)}</item>\n'
    )


def export(*items: str) -> bytes:
    return f"{START}{''.join(items)}</channel></rss>".encode()


def text(content: str) -> str:
    return article(read_bytes(reader, export(post(content)))).text


def test_a_post_is_an_article_with_what_the_export_says_of_it() -> None:
    assert article(read_bytes(reader, export(post()))) == RawArticle(
        file="file",
        where="line 4",
        record="7",
        text="It stops.",
        title="Ferry & bridge stop",
        comments_apart=True,
        outlet="Harrow Post",
        authors=("Ada Marl",),
        published="2024-03-01 10:00:00Z",
        url="http://harrow.example/ferry/",
        language="en-GB",
        section="Local",
        metadata={"tags": ["Sea"]},
    )


def test_comments_that_were_let_through_are_kept_with_their_authors() -> None:
    comments = [
        COMMENT.format("heron", "A shame!", 1, ""),
        COMMENT.format("spammer", "Buy!", 0, ""),
        COMMENT.format("spammer", "Buy!", "spam", "comment"),
        COMMENT.format("other.example", "[...] as they say [...]", 1, "pingback"),
        COMMENT.format("", "<![CDATA[No <b>name</b>.]]>", 1, "comment"),
    ]
    found = article(read_bytes(reader, export(post("It stops.", *comments))))
    assert found.text == "It stops."
    assert found.comments == (
        RawComment(text="A shame!", author="heron"),
        RawComment(text="No name."),
    )


def test_what_is_no_published_post_is_counted() -> None:
    data = export(
        post(kind="page"),
        post(kind="attachment", status="inherit"),
        post(status="draft"),
        post(status="trash"),
        post("Secret.", "<wp:post_password>x</wp:post_password>"),
    )
    (found,) = read_bytes(reader, data)
    assert isinstance(found, LeftOut)
    assert found.counts == {
        "page": 1,
        "attachment": 1,
        "post, draft": 1,
        "post, trash": 1,
        "post with a password": 1,
    }


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        ("One.\n\nTwo\nstill two.", "One.\n\nTwo still two."),
        (
            "<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph --><!--more--><p>Two.</p>",
            "One.\n\nTwo.",
        ),
        (
            'One. [gallery ids="1,2"] Two. [embed]http://x.example[/embed]',
            "One. Two. http://x.example",
        ),
        ("[dropcap]S[/dropcap]low it was, [mark c=red]over[/mark]due.", "Slow it was, overdue."),
        ("[pullquote align=left]Strong words.[/pullquote] Rest.", "Strong words. Rest."),
        ('[vc_row][vc_column width="1/2"]In a column.[/vc_column][/vc_row]', "In a column."),
        (
            "“It was [sic] closed” [Laughter] [...] he said.",
            "“It was [sic] closed” [Laughter] [...] he said.",
        ),
    ],
)
def test_shortcodes_go_and_words_in_brackets_stay(content: str, printed: str) -> None:
    assert text(content) == printed


def test_captions_are_kept_apart() -> None:
    old = '[caption id="a" caption="The old ferry"]<img src="x">[/caption]'
    new = '[caption id="a" width="9"]<img src="x" /> The <em>new</em> ferry[/caption]'
    block = "<figure><img/><figcaption>The bridge</figcaption></figure>"
    found = article(read_bytes(reader, export(post(f"One.\n\n{old}{new}{block}\n\nTwo."))))
    assert found.text == "One.\n\nTwo."
    assert found.captions == ("The old ferry", "The new ferry", "The bridge")


def test_a_post_without_dates_language_or_authors_display_name_is_read() -> None:
    bare = "<item><title>Ferry</title><dc:creator>ben</dc:creator><guid>tag:7</guid>{}</item>"
    zero = "<item><title>A</title><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>{}</item>"
    text = "<content:encoded>It stops.</content:encoded>"
    items = (bare + zero).replace("{}", text)
    found = read_bytes(reader, f"<rss>{items}</rss>".encode())
    assert found == [
        RawArticle(
            file="file",
            where="line 1",
            record="1",
            text="It stops.",
            title="Ferry",
            comments_apart=True,
            id="tag:7",
            metadata={"login": "ben"},
        ),
        RawArticle(
            file="file",
            where="line 1",
            record="1",
            text="It stops.",
            title="A",
            comments_apart=True,
        ),
    ]


def test_an_export_that_is_cut_off_gives_the_posts_before() -> None:
    data = export(post(), post("Two."))[:-60]
    assert len(read_bytes(reader, data)) == 2
    assert errors(read_bytes(reader, data)) == [
        "file, line 5: it is cut off: its end, </item>, is missing"
    ]


def test_an_export_of_any_size_is_read_a_post_at_a_time() -> None:
    one = post("x" * 100_000).encode()
    terms = b"<wp:tag><wp:tag_slug>x</wp:tag_slug></wp:tag>\n" * 200
    pieces = chain([START.encode()], repeat(terms, 100), repeat(one, 100))
    stream = Generated(pieces).buffered()
    tracemalloc.start()
    count = sum(1 for _ in reader.read(ReaderInput(file="file", stream=stream)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100
    assert peak < 5_000_000


def test_an_export_is_told_from_a_feed() -> None:
    assert reader.sniff(export(post()), "x.xml") > 0.97
    assert reader.sniff(b"<rss><channel>", "wordpress.xml") == 0.0


@pytest.mark.shared
def test_real_exports_are_read(shared: Path) -> None:
    found = list(read([shared / "formats" / "wxr"]))
    posts = [one for one in found if isinstance(one, RawArticle)]
    assert [one.counts for one in found if isinstance(one, LeftOut)] == [
        {
            "page": 21,
            "attachment": 38,
            "nav_menu_item": 70,
            "post, future": 1,
            "post, draft": 1,
            "post with a password": 1,
        }
    ]
    told = [one for one in found if isinstance(one, ReadError) and not isinstance(one, LeftOut)]
    assert all("a title and no text" in str(one) for one in told)
    assert (len(posts) + len(told), len(posts) + len(told) + 1) == (55, len(found))
    assert all(one.published and one.url and one.authors and one.outlet for one in posts)
    assert sum(bool(one.text) for one in posts) == 51
    assert sum(bool(one.comments) for one in posts) == 5
    assert not any("[gallery" in one.text or "[caption" in one.text for one in posts)


def test_a_post_whose_text_a_page_builder_keeps_is_told() -> None:
    (told,) = errors(read_bytes(reader, f"{START}{post('')}</channel></rss>".encode()))
    assert "a title and no text" in told


def test_who_wrote_a_post_goes_before_who_put_it_in() -> None:
    written = [
        f'<category domain="author" nicename="cap-{name}"><![CDATA[{name}]]></category>'
        for name in ("Ben Orr", "Cleo Finch")
    ]
    found = article(read_bytes(reader, export(post("It stops.", *written))))
    assert found.authors == ("Ben Orr", "Cleo Finch")
    assert found.metadata == {"tags": ["Sea"]}
