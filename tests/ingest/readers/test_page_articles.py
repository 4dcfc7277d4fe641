"""Several articles on a page, live blogs, what opens with a click, and the day of a page."""

import pytest

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.errors import ReadError
from ingest.readers.webpage import reader
from tests.ingest.readers.opened import article, read_bytes

FIRST = (
    "The parish of Ullmark asked the canal office on Monday to lower the water by a hand, since "
    "three cellars by the lock have been wet since the thaw began in the hills."
)
SECOND = (
    "The office said that it would look at the gauge before the week was out, and that no barge "
    "had run aground below the lock in the eleven years in which it kept a book of them."
)
THIRD = (
    "Whoever has a cellar under water may call the mill, where two pumps are kept for the winter "
    "and lent to neighbours against nothing but a signature in the miller’s book."
)


def pages(body: str, head: str = "<title>Water at the lock</title>") -> list[RawArticle]:
    data = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    found = read_bytes(reader, data.encode())
    assert not [one for one in found if isinstance(one, ReadError)]
    return [one for one in found if isinstance(one, RawArticle)]


def read(body: str, head: str = "<title>Water at the lock</title>") -> RawArticle:
    (one,) = pages(f"<article><h1>Water at the lock</h1>{body}</article>", head)
    return one


def brief(title: str, line: str) -> str:
    head = f"<h2>{title}</h2><p class='info'>{line}</p>"
    return f"<article>{head}<p>{FIRST}</p><p>{SECOND}</p></article>"


def test_each_article_of_a_page_of_several_has_its_own_byline_and_day() -> None:
    first, second = pages(
        brief("Cellars wet", "By Ada Marl — 4 March 2024")
        + brief("Pumps lent", "Published 5 March 2024 | By Ben Orr"),
        "<title>In short</title><link rel='canonical' href='https://ull.example/short'>",
    )
    assert (first.title, first.authors, first.published) == (
        "Cellars wet", ("Ada Marl",), "4 March 2024",
    )  # fmt: skip
    assert (second.title, second.authors, second.published) == (
        "Pumps lent", ("Ben Orr",), "5 March 2024",
    )  # fmt: skip
    assert (first.url, first.record, first.metadata) == (
        None, "article 1", {"page": "https://ull.example/short"},
    )  # fmt: skip
    assert FIRST in first.text
    assert "Ada Marl" not in first.text


def test_of_the_articles_on_a_page_the_one_that_it_declares_is_read_and_that_is_told() -> None:
    body = brief("Cellars wet", "By Ada Marl") + brief("Pumps lent", "By Ben Orr")
    (one,) = pages(body, "<title>Cellars wet | Ull Post</title>")
    assert one.inferred["text"] == "of 2 articles on the page the one that it declares"


def test_cards_beside_an_article_are_no_articles() -> None:
    cards = "".join(f"<article><h3>Card {n}</h3><p>Short.</p></article>" for n in range(9))
    (one,) = pages(f"<article><h1>Water</h1><p>{FIRST}</p><p>{SECOND}</p></article>{cards}")
    assert FIRST in one.text


def post(hour: str, words: str) -> str:
    return (
        f"<div class='live-post'><time datetime='2024-03-04T{hour}:00Z'>{hour}</time>"
        f"<h3>At {hour}</h3><p>{words}</p></div>"
    )


def test_each_post_of_a_live_blog_keeps_its_hour() -> None:
    body = post("09:10", FIRST) + post("10:20", SECOND) + post("11:30", THIRD)
    found = read(body)
    assert found.text.split("\n\n")[1:4] == ["09:10", "At 09:10", FIRST]
    assert "11:30\n\nAt 11:30" in found.text
    assert found.kind == "live blog"
    kept = clean(found)
    posts = kept.metadata["posts"]
    assert isinstance(posts, list)
    assert [(moment, kept.text[start:][:5]) for moment, start in posts] == [
        ("2024-03-04T09:10:00Z", "09:10"),
        ("2024-03-04T10:20:00Z", "10:20"),
        ("2024-03-04T11:30:00Z", "11:30"),
    ]


@pytest.mark.parametrize(
    "hiding",
    ["class='more hideOnInit'", "style='display: none'", "hidden", "class='expandable-rest'",
     "class='collapse' aria-hidden='true'"],
)  # fmt: skip
def test_text_that_opens_with_a_click_is_text(hiding: str) -> None:
    more = f"<div {hiding}><p>{SECOND}</p><p>{THIRD}</p></div>"
    button = "<a class='toggle' href='#'>Continue reading</a>"
    found = read(f"<p>{FIRST}</p>{button}{more}").text
    assert SECOND in found
    assert THIRD in found


def test_a_hidden_form_is_no_text() -> None:
    found = read(
        f"<p>{FIRST}</p><p>{SECOND}</p><div class='modal' style='display:none'><p>{THIRD}</p></div>"
    )
    assert THIRD not in found.text


@pytest.mark.parametrize(
    "unseen",
    [
        "<p hidden>{}</p>",
        "<div hidden>{}</div>",
        "<p style='color:red;display:none'>{}</p>",
        "<p style='font-size:0px'>{}</p>",
        "<p class='intro visually-hidden'>{}</p>",
        "<p>Nobody <span hidden>{}</span> spoke against it at the meeting of the parish.</p>",
    ],
)
def test_text_that_nobody_sees_is_no_text(unseen: str) -> None:
    found = read(f"<p>{FIRST}</p>{unseen.format(THIRD)}<p>{SECOND}</p>").text
    assert FIRST in found
    assert SECOND in found
    assert THIRD not in found


@pytest.mark.parametrize(
    "opened",
    [
        "<button class='show-more'>More</button><p hidden>{}</p>",
        "<h3 aria-expanded='false'>More</h3><p hidden>{}</p>",
        "<p hidden='until-found'>{}</p>",
    ],
)
def test_a_hidden_paragraph_that_opens_with_a_click_is_text(opened: str) -> None:
    assert THIRD in read(f"<p>{FIRST}</p><p>{SECOND}</p>{opened.format(THIRD)}").text


def test_an_article_that_its_page_hides_until_it_is_loaded_is_read() -> None:
    body = f"<div style='display:none'><h1>Water</h1><p>{FIRST}</p><p>{SECOND}</p></div>"
    (found,) = pages(f"<p>{THIRD}</p>{body}")
    assert FIRST in found.text


def test_a_page_that_declares_a_day_years_ahead_is_dated_by_what_it_prints() -> None:
    declared = "<title>Water</title><meta property='article:published_time' content='2099-03-01'>"
    body = f"<p class='date'>4 March 2024</p><p>{FIRST}</p><p>{SECOND}</p>"
    assert read(body, declared).published == "4 March 2024"
    alone = clean(read(f"<p>{FIRST}</p><p>{SECOND}</p>", declared))
    assert alone.date is None
    assert "too far ahead" in alone.inferred["date"]
    assert alone.metadata["date"] == "2099-03-01"


def test_a_printed_day_has_the_moment_that_is_marked_up_with_it() -> None:
    clock = "<time datetime='2024-03-04T09:00:00+09:00'>2024.03.04 09:00</time>"
    assert read(f"{clock}<p>{FIRST}</p><p>{SECOND}</p>").published == "2024-03-04T09:00:00+09:00"
    other = "<time class='date' datetime='2024-03-09T09:00:00+09:00'>4 March 2024</time>"
    assert read(f"{other}<p>{FIRST}</p><p>{SECOND}</p>").published == "4 March 2024"


def test_a_paragraph_that_says_when_a_page_was_published_dates_it() -> None:
    said = "<p>Publié le 4 mars 2024 à 10h30</p>"
    assert read(f"{said}<p>{FIRST}</p><p>{SECOND}</p>").published == "4 mars 2024 à 10h30"
    about = "<p>The lock was shut on 9 March 2024.</p>"
    assert read(f"{about}<p>{FIRST}</p><p>{SECOND}</p>").published is None


def test_the_foot_of_an_article_names_its_author_and_its_time() -> None:
    foot = (
        "<footer><p>By <a class='p-author h-card'>Ada Marl</a> on <time class='dt-published' "
        "datetime='2024-03-04T09:00:00Z'>4 March</time></p><p class='author-bio'>Ben Orr</p>"
        "</footer>"
    )
    found = read(f"<p>{FIRST}</p><p>{SECOND}</p>{foot}")
    assert (found.authors, found.published) == (("Ada Marl",), "2024-03-04T09:00:00Z")


def test_cards_of_one_link_are_no_articles_beside_one() -> None:
    links = f"<a href='x'><p>{SECOND}</p></a>" * 2
    card = f"<article class='cards'><h3>More</h3>{links}</article>"
    (one,) = pages(f"<article><h1>Water at the lock</h1><p>{FIRST}</p></article>{card * 3}")
    assert "text" not in one.inferred


def test_a_table_that_lays_out_a_page_parts_no_paragraphs() -> None:
    menu = "<td><a href='a'>Home</a><br><a href='b'>News</a></td>"
    (found,) = pages(
        f"<table><tr>{menu}<td><h1>Water at the lock</h1><p>{FIRST}<p>{SECOND}<p>{THIRD}</td></tr>"
        "</table>"
    )
    assert found.text.split("\n\n")[-3:] == [FIRST, SECOND, THIRD]
    assert "Home" not in found.text


def test_an_outlet_beside_people_is_no_author() -> None:
    declared = (
        '<title>Water</title><script type="application/ld+json">{"@type": "NewsArticle", '
        '"headline": "Water", "publisher": {"name": "Ull Post"}, "author": ['
        '{"@type": "Person", "name": "Ada Marl"}, {"@type": "Organization", "name": "Ull Post"}]}'
        "</script>"
    )
    assert read(f"<p>{FIRST}</p><p>{SECOND}</p>", declared).authors == ("Ada Marl",)


@pytest.mark.parametrize(
    "head",
    [
        "<h1>Water</h1><div data-gu-name='standfirst'><p>{}</p></div>",
        "<header><h2>Water</h2><div class='RichText leading'>{}</div></header>",
        "<h1>Water</h1><p class='vorspann'>{}</p>",
    ],
)
def test_a_standfirst_is_known_by_what_its_template_calls_it(head: str) -> None:
    summary = "The office lowers the water by a hand after cellars were wet."
    body = f"<article>{head.format(summary)}<p>{FIRST}</p><p>{SECOND}</p></article>"
    (found,) = pages(body, "<title>Water</title>")
    assert found.standfirst == summary


def test_a_byline_is_known_by_what_its_template_calls_it_where_no_class_does() -> None:
    byline = (
        "<div data-component='byline-block'><time datetime='2024-03-04T09:00:00Z'>2 hours</time>"
        "<span data-testid='byline-contributors'><span>Ada Marl</span><span>Canal correspondent"
        "</span></span><button>Share</button></div>"
    )
    assert read(f"{byline}<p>{FIRST}</p><p>{SECOND}</p>").authors == ("Ada Marl",)


def test_the_title_of_a_page_tells_which_lesser_heading_is_its_headline() -> None:
    body = f"<h3>Ull Post</h3><h2>Water at the lock</h2><p>{FIRST}</p><p>{SECOND}</p>"
    (found,) = pages(body, "<title>Water at the lock - Ull Post - print version</title>")
    assert found.title == "Water at the lock"


def test_a_list_in_the_cell_of_a_table_is_kept() -> None:
    rows = "".join(
        f"<tr><td>{day}</td><td><ul><li>{a}</li><li>{b}</li></ul></td></tr>"
        for day, a, b in (("Friday", "lock at six", "weir at nine"), ("Saturday", "lock", "weir"))
    )
    found = read(
        f"<p>{FIRST}</p><table><tr><th>Day</th><th>Opens</th></tr>{rows}</table><p>{SECOND}</p>"
    )
    assert "Friday | lock at six; weir at nine" in found.text


def test_where_a_page_prints_no_body_the_one_it_gives_to_machines_is_read() -> None:
    body = "&lt;p&gt;" + FIRST + "&lt;/p&gt;&lt;p&gt;" + SECOND + "&lt;/p&gt;"
    data = f'{{"@type": "NewsArticle", "headline": "Water", "articleBody": "{body}"}}'
    (found,) = pages("<div id='app'></div>", f'<script type="application/ld+json">{data}</script>')
    assert (found.text, found.inferred["text"]) == (
        f"{FIRST}\n\n{SECOND}", "articleBody of the page's JSON-LD",
    )  # fmt: skip


def test_an_offer_to_subscribe_is_no_text() -> None:
    offer = f"<div class='subscribe-box'><p>Read on for a crown a month.</p><p>{THIRD}</p></div>"
    assert THIRD not in read(f"<p>{FIRST}</p><p>{SECOND}</p>{offer}").text


def test_a_piece_of_a_page_is_read_with_its_heading_as_headline() -> None:
    piece = f"<h2>Cellars wet</h2><p>{FIRST}</p><p>{SECOND}</p>"
    assert reader.sniff(piece.encode(), "a.txt") > 0.5
    found = article(read_bytes(reader, piece.encode()))
    assert (found.title, FIRST in found.text, "<p>" in found.text) == ("Cellars wet", True, False)


# --- days and bylines ---------------------------------------------------------------------------

COMMENT = (
    "<div id='comments'><div class='comment'><b>Kestrel</b> <time datetime='2025-01-02'>2 January "
    "2025</time><p>Mine has been wet for years and nobody ever cared to look at it.</p></div></div>"
)
MOST_READ = (
    "<aside><h3>Most read</h3><time datetime='2023-05-06'>6 May</time><a href='/x'>Ox</a></aside>"
)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("", None),
        ("<p class='date'>Published 04/03/2024 18:30 | Updated 14/03/2024</p>", "2024-03-04 18:30"),
        ("<span class='posted'>03/04/2024 – last updated 03/14/2024</span>", "2024-03-04"),
        ("<p class='date'>4 March 2024</p>", "4 March 2024"),
        ("<p class='date'>Updated: 14 March 2024</p>", None),
        ("<time itemprop='dateModified' datetime='2024-03-14T08:00Z'>14 March 2024</time>", None),
        ("<p class='date'>04/03/2024</p>", None),
    ],
)
def test_the_day_of_a_page_is_not_a_comments_nor_an_updates(line: str, day: str | None) -> None:
    body = f"<article><h1>Water at the lock</h1>{line}<p>{FIRST}</p><p>{SECOND}</p></article>"
    (found,) = pages(f"{body}{MOST_READ}{COMMENT}")
    assert found.published == day


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("<em>Last Updated:</em> March 7, 2024", ()),
        ("By Ada Marl, Special to The Ull Post", ("Ada Marl",)),
        ("Special to The Ull Post", ()),
        ("By wp_admin2", ()),
        ("By Ada Marl | Published 4 March", ("Ada Marl",)),
    ],
)
def test_a_byline_is_a_name_and_nothing_else(printed: str, names: tuple[str, ...]) -> None:
    assert (
        read(f"<div class='byline'>{printed}</div><p>{FIRST}</p><p>{SECOND}</p>").authors == names
    )


@pytest.mark.parametrize(
    "hiding",
    [
        "<noscript>{}</noscript>",
        "<template>{}</template>",
        "<div class='mehr ausgeblendet'>{}</div>",
        "<div class='x' style='max-height:0;overflow:hidden'>{}</div>",
    ],
)
def test_text_that_goes_on_where_a_script_would_show_it_is_read(hiding: str) -> None:
    found = read(f"<p>{FIRST}</p>" + hiding.format(f"<p>{SECOND}</p><p>{THIRD}</p>"))
    assert found.text.endswith(f"{FIRST}\n\n{SECOND}\n\n{THIRD}")


def test_a_list_in_a_table_of_one_column_is_read() -> None:
    listed = "<table><tr><td><ul><li>Open from six.</li><li>Closed on Sunday.</li></ul></table>"
    found = read(f"<p>{FIRST}</p>{listed}<p>{SECOND}</p>")
    assert "- Open from six.\n- Closed on Sunday." in found.text


@pytest.mark.parametrize(
    "other",
    [
        """<section><div itemprop="comment" itemscope itemtype="https://schema.org/Comment">
        <span itemprop="author">Bo</span><meta itemprop="datePublished" content="2024-01-05">
        </div></section>""",
        """<script type="application/ld+json">{"@type": "DiscussionForumPosting",
        "datePublished": "2024-01-05", "author": {"name": "Bo"}}</script>""",
    ],
)
def test_a_comment_in_markup_for_machines_gives_no_day_and_no_name(other: str) -> None:
    (found,) = pages(
        f"<article><h1>Water at the lock</h1><p>{FIRST}</p><p>{SECOND}</p></article>{other}"
    )
    assert (found.published, found.authors) == (None, ())


def test_of_several_described_articles_the_one_that_heads_the_page_is_its_own() -> None:
    described = """<script type="application/ld+json">[
        {"@type": "NewsArticle", "headline": "A mill burns", "datePublished": "2024-01-05"},
        {"@type": "NewsArticle", "headline": "Water at the lock", "datePublished": "2023-05-29"}
    ]</script>"""
    found = read(f"<p>{FIRST}</p><p>{SECOND}</p>", f"<title>Water at the lock</title>{described}")
    assert found.published == "2023-05-29"


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p class='byline'>Monday 29 May 2023 20.15 BST</p>", ()),
        ("<p class='byline'>Photo: Per Lind / OSTRA</p>", ()),
        ("<p class='byline'>By Ane Rud <a>arud@ostra.example</a></p>", ("Ane Rud",)),
        ("<div class='autor'>Von Ane Rud</div>", ("Ane Rud",)),
    ],
)
def test_a_byline_is_a_name(line: str, authors: tuple[str, ...]) -> None:
    assert read(f"{line}<p>{FIRST}</p><p>{SECOND}</p>").authors == authors


def test_a_day_stands_before_the_update_in_any_language() -> None:
    when = "<div class='dates'>Publié le 29 mai 2023 à 20h15, mis à jour le 30 mai 2023</div>"
    found = read(f"{when}<p>{FIRST}</p><p>{SECOND}</p>")
    assert found.published == "29 mai 2023 à 20h15"


def test_entries_of_a_page_are_articles_of_their_own() -> None:
    def entry(title: str, who: str, day: str) -> str:
        return (
            f"<div class='post hentry'><h2 class='entry-title'>{title}</h2>"
            f"<span class='byline'>by {who}</span> <time datetime='{day}'>{day}</time>"
            f"<div class='entry-content'><p>{FIRST}</p><p>{SECOND}</p></div></div>"
        )

    found = pages(
        entry("The lock", "Ada Marl", "2024-03-01") + entry("The mill", "Ben Orr", "2024-03-02")
    )
    assert [(one.title, one.authors, one.published) for one in found] == [
        ("The lock", ("Ada Marl",), "2024-03-01"),
        ("The mill", ("Ben Orr",), "2024-03-02"),
    ]


@pytest.mark.parametrize(
    "clock",
    [
        "<span class='zeit'>{hour} Uhr</span>",
        "<time datetime='2024-03-01T{hour}:00+01:00'>2 hours ago</time>",
        "<time datetime='2024-03-01T{hour}:00+01:00'>{hour}</time>",
    ],
)
def test_each_post_keeps_its_hour_and_its_heading(clock: str) -> None:
    posts = "".join(
        f"<li class='live-post'><article>{clock.format(hour=hour)}<h3>{head}</h3>"
        f"<p>{said}</p></article></li>"
        for hour, head, said in (
            ("21:10", "Mill", THIRD),
            ("20:40", "Gauge", SECOND),
            ("20:15", "Cellars", FIRST),
        )
    )
    (found,) = pages(f"<h1>Water at the lock</h1><ol class='live-blog'>{posts}</ol>")
    printed = found.text.split("\n\n")
    assert [line[:5] for line in printed if line[:1] == "2"] == ["21:10", "20:40", "20:15"]
    assert {"Mill", "Gauge", "Cellars"} <= set(printed)
    assert found.kind == "live blog"


POSTS = (("08:11", "Mill", THIRD), ("07:12", "Gauge", SECOND), ("06:13", "Cellars", FIRST))


def live_page(form: str, home: str, head: str = "") -> RawArticle:
    said = "".join(form.format(hour=hour, head=head, said=said) for hour, head, said in POSTS)
    (found,) = pages(home.format(posts=said), f"<title>Live | Ull Post</title>{head}")
    return found


def placed_posts(found: RawArticle) -> list[tuple[str, str]]:
    kept = clean(found)
    posts = kept.metadata["posts"]
    assert isinstance(posts, list)
    return [(moment, kept.text[start:].split("\n")[0]) for moment, start in posts]


_MICRODATA = (
    "<main itemscope itemtype='https://schema.org/LiveBlogPosting'>"
    "<h1 itemprop='headline'>Water at the lock</h1>{posts}</main>"
)


@pytest.mark.parametrize(
    "form",
    [
        (
            "<div itemprop='liveBlogUpdate' itemscope itemtype='https://schema.org/BlogPosting'>"
            "<h2 itemprop='headline'>{head}</h2><meta itemprop='datePublished' "
            "content='2024-03-01T{hour}:00+01:00'><div itemprop='articleBody'><p>{said}</p></div>"
            "</div>"
        ),
        (
            "<article itemprop='liveBlogUpdate' itemscope itemtype='http://schema.org/BlogPosting'>"
            "<header><time itemprop='datePublished' datetime='2024-03-01T{hour}:00+01:00'>vor "
            "einer Stunde</time><h3>{head}</h3></header><p itemprop='articleBody'>{said}</p>"
            "</article>"
        ),
        (
            "<section><time datetime='2024-03-01T{hour}:00+01:00'>today</time><h2>{head}</h2>"
            "<p>{said}</p></section>"
        ),
    ],
)
def test_posts_that_microdata_declare_keep_their_hours(form: str) -> None:
    found = live_page(form, _MICRODATA)
    assert (found.title, found.kind) == ("Water at the lock", "live blog")
    assert found.text.split("\n\n")[-9:] == [words for post in POSTS for words in post]
    assert placed_posts(found) == [(f"2024-03-01T{hour}:00+01:00", hour) for hour, _, _ in POSTS]


def test_posts_without_a_mark_keep_their_hours_where_the_page_declares_a_live_blog() -> None:
    declared = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", '
        '"headline": "Water at the lock"}</script>'
    )
    form = (
        "<article><h2>{head}</h2><time datetime='2024-03-01T{hour}:00+01:00'>1h</time>"
        "<p>{said}</p></article>"
    )
    found = live_page(form, "<h1>Water at the lock</h1>{posts}", declared)
    assert [hour for _, hour in placed_posts(found)] == ["08:11", "07:12", "06:13"]


def test_posts_with_several_clocks_keep_the_first_and_print_it_once() -> None:
    declared = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", '
        '"headline": "Water at the lock"}</script>'
    )
    form = (
        "<article><header><a href='#1'><time datetime='2024-03-01T{hour}:00Z'>20m ago</time>"
        "<span>{hour} GMT</span></a><h2>{head}</h2></header><p>{said}</p><footer><a>Share</a>"
        "<p>Updated at <time datetime='2024-03-01T11:40:00Z'>11.40 GMT</time></p></footer>"
        "</article>"
    )
    found = live_page(form, "<article><h1>Water at the lock</h1>{posts}</article>", declared)
    assert [(moment[11:16], hour) for moment, hour in placed_posts(found)] == [
        (hour, hour) for hour, _, _ in POSTS
    ]
    assert found.text.count("08:11") == 1
    assert {"Mill", "Gauge", "Cellars"} <= set(found.text.split("\n\n"))


@pytest.mark.parametrize("home", ["<h1>Water at the lock</h1>{posts}", "<div id='app'></div>"])
def test_posts_described_to_machines_alone_keep_their_hours(home: str) -> None:
    updates = ",".join(
        f'{{"@type": "BlogPosting", "headline": "{head}", "articleBody": "{said}", '
        f'"datePublished": "2024-03-01T{hour}:00+01:00"}}'
        for hour, head, said in reversed(POSTS)
    )
    declared = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", '
        f'"headline": "Water at the lock", "liveBlogUpdate": [{updates}]}}</script>'
    )
    found = live_page("<div class='c'><h2>{head}</h2><p>{said}</p></div>", home, declared)
    moments = [f"2024-03-01T{hour}:00+01:00" for hour, _, _ in POSTS]
    assert sorted(moment for moment, _ in placed_posts(found)) == sorted(moments)
    assert all(said in found.text for _, _, said in POSTS)


def test_a_live_blog_is_not_dated_by_its_newest_post() -> None:
    form = (
        "<div itemprop='liveBlogUpdate' itemscope itemtype='https://schema.org/BlogPosting'>"
        "<meta itemprop='datePublished' content='2024-03-02T{hour}:00+01:00'><p>{said}</p></div>"
    )
    stated = "<meta itemprop='datePublished' content='2024-03-01T05:00:00+01:00'></main>"
    found = live_page(form, _MICRODATA.replace("</main>", stated))
    assert found.published == "2024-03-01T05:00:00+01:00"


def test_a_page_that_prints_the_opening_gives_the_whole_text_it_has_for_machines() -> None:
    body = f"{FIRST} {SECOND} {THIRD}"
    described = (
        '<script type="application/ld+json">{"@type": "NewsArticle",'
        f' "headline": "Water at the lock", "articleBody": "{body}"}}</script>'
    )
    found = read(f"<p>{FIRST}</p>", f"<title>Water at the lock</title>{described}")
    assert found.text == body
    assert "JSON-LD" in found.inferred["text"]


@pytest.mark.parametrize(
    "piece",
    [
        f"<b>Water at the lock</b><br><br>{FIRST}<br><br>{SECOND}",
        f"<!-- saved from url -->\n<h1>Water at the lock</h1><p>{FIRST}</p><p>{SECOND}</p>",
        f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;",
    ],
)
def test_a_piece_of_a_page_is_one_however_it_opens(piece: str) -> None:
    assert reader.sniff(piece.encode(), "file") > 0.5
    found = article(read_bytes(reader, piece.encode()))
    assert f"{FIRST}\n\n{SECOND}" in found.text
    assert "<" not in found.text
    assert (found.title or "Water at the lock") == "Water at the lock"
