"""JSON of publishing systems and networks: the articles in it, wherever they are wrapped."""

import json
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.errors import LeftOut, SettingsError
from ingest.files.read import read
from ingest.readers import api_answers, jsonlines, telegram_page
from tests.ingest.readers.newsroom_files import MORE, TELEGRAM_PAGE, WORDS
from tests.ingest.readers.opened import errors, read_bytes

HTML = f"<p>{WORDS}</p><script>track()</script><p>Second &amp; last.</p>"
POST = {
    "id": 7, "date": "2024-03-01T11:00:00", "date_gmt": "2024-03-01T10:00:00", "status": "publish",
    "link": "https://harrow.example/7", "title": {"rendered": "Ferry &#8211; stops"},
    "content": {"rendered": HTML}, "excerpt": {"rendered": "<p>It is over [&hellip;]</p>"},
    "_embedded": {"author": [{"name": "Ada Marl"}]},
}  # fmt: skip
GHOST = {
    "db": [{"data": {
        "posts": [
            {"id": "1", "uuid": "u1", "title": "Ferry – stops", "slug": "a", "html": HTML,
             "comment_id": "1", "status": "published", "published_at": "2024-03-01T10:00:00Z"},
            {"id": "2", "title": "Not yet", "slug": "b", "html": HTML, "status": "draft"},
        ],
        "users": [{"id": "9", "name": "Ada Marl"}],
        "posts_authors": [{"post_id": "1", "author_id": "9"}],
    }}]
}  # fmt: skip
NEWSAPI = {"status": "ok", "totalResults": 1, "articles": [
    {"source": {"id": None, "name": "Harrow Post"}, "author": "Ada Marl", "title": "Ferry – stops",
     "publishedAt": "2024-03-01T10:00:00Z", "url": "https://harrow.example/7",
     "content": f"{WORDS}\n\nSecond & last. … [+1234 chars]"},
]}  # fmt: skip
GUARDIAN = {"response": {"status": "ok", "results": [
    {"id": "world/1", "type": "article", "sectionName": "World", "webTitle": "Ferry – stops",
     "webPublicationDate": "2024-03-01T10:00:00Z", "webUrl": "https://harrow.example/7",
     "fields": {"body": HTML, "byline": "Ada Marl"}},
]}}  # fmt: skip
ARC = {
    "_id": "A1", "type": "story", "headlines": {"basic": "Ferry – stops"},
    "display_date": "2024-03-01T10:00:00Z", "credits": {"by": [{"name": "Ada Marl"}]},
    "content_elements": [
        {"type": "text", "content": WORDS}, {"type": "image", "caption": "The ferry"},
        {"type": "raw_html", "content": "<script>x</script>"},
        {"type": "text", "content": "Second &amp; <b>last</b>."},
    ],
}  # fmt: skip
TRAFILATURA = {
    "title": "Ferry – stops", "author": "Ada Marl", "hostname": "harrow.example",
    "fingerprint": "x",
    "date": "2024-03-01T10:00:00Z", "comments": "I knew it.", "raw_text": "x",
    "text": f"{WORDS}\nSecond & last.", "source": "https://harrow.example/7",
    "source-hostname": "Harrow Post",
}  # fmt: skip
NEWSPLEASE = {
    "title": "Ferry – stops", "authors": ["Ada Marl"], "date_publish": "2024-03-01T10:00:00Z",
    "maintext": f"{WORDS}\nSecond & last.", "source_domain": "harrow.example",
    "url": "https://harrow.example/7",
}  # fmt: skip


@pytest.mark.parametrize(
    "answer", [[POST], GHOST, NEWSAPI, GUARDIAN, [ARC], TRAFILATURA, NEWSPLEASE]
)
@pytest.mark.parametrize("indent", [None, 1])
def test_the_article_is_found_however_it_is_wrapped(
    answer: object, indent: int | None, tmp_path: Path
) -> None:
    (tmp_path / "dump").write_text(json.dumps(answer, indent=indent), encoding="utf-8")
    first, *rest = read([tmp_path])
    assert isinstance(first, RawArticle), first
    assert first.title == "Ferry – stops"
    assert first.authors == ("Ada Marl",)
    assert (first.published or "").startswith("2024-03-01T10:00:00")
    assert first.text.split() == f"{WORDS} Second & last.".split()
    assert all(isinstance(one, LeftOut) for one in rest)


def test_what_an_answer_cut_off_is_said() -> None:
    (found,) = read_bytes(api_answers.reader, json.dumps(NEWSAPI).encode())
    assert isinstance(found, RawArticle)
    assert found.inferred["text"] == "only its beginning: the answer cut it off"


def test_a_summary_that_a_program_cut_is_no_standfirst() -> None:
    (found,) = read_bytes(api_answers.reader, json.dumps([POST]).encode())
    assert isinstance(found, RawArticle)
    assert found.standfirst is None


def test_an_item_with_a_headline_alone_is_told() -> None:
    bare = {"response": {"results": [{"webTitle": "T", "webPublicationDate": "2024-03-01"}]}}
    (why,) = errors(read_bytes(api_answers.reader, json.dumps(bare).encode()))
    assert why == "file, line 1, record 1: it has no text, as Guardian gives one to a headline"


def test_posts_of_a_channel_are_articles_and_what_is_none_is_counted() -> None:
    chat = {"name": "Harrow News", "type": "public_channel", "id": 5, "messages": [
        {"id": 1, "type": "service", "date": "2024-03-01T09:00:00", "text": ""},
        {"id": 2, "type": "message", "date": "2024-03-01T10:00:00", "date_unixtime": "1709287200",
         "text": ["Breaking: ", {"type": "bold", "text": "ferry"}, " stops."]},
        {"id": 3, "type": "message", "date": "2024-03-01T11:00:00", "photo": "x.jpg", "text": ""},
    ]}  # fmt: skip
    found, left_out = read_bytes(api_answers.reader, json.dumps(chat).encode())
    assert isinstance(found, RawArticle)
    assert (found.text, found.outlet, found.id) == ("Breaking: ferry stops.", "Harrow News", "5/2")
    assert isinstance(left_out, LeftOut)
    assert left_out.counts == {"service message": 1, "message without text": 1}


def test_an_export_of_x_is_read_behind_what_its_script_assigns() -> None:
    tweet = {
        "id_str": "1",
        "full_text": f"{WORDS} &amp; more",
        "created_at": "Fri Mar 01 10:00:00 +0000 2024",
    }
    data = f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}".encode()
    assert api_answers.reader.sniff(data, "tweets.js") > 0.9
    (found,) = read_bytes(api_answers.reader, data)
    assert isinstance(found, RawArticle)
    assert (found.text, found.published) == (f"{WORDS} & more", "2024-03-01T10:00:00+00:00")


@pytest.mark.parametrize("mapping", [
    {"text": "news.items[].body.html", "title": "news.items[].kop", "outlet": "news.paper",
     "authors": "news.items[].by[].name"},
    {"text": "news.items[].parts[].p", "title": "news.items[].kop", "outlet": "news.paper",
     "authors": "news.items[].by[].name"},
])  # fmt: skip
def test_a_mapping_reaches_into_lists_and_lists_in_them(mapping: dict[str, str]) -> None:
    item = {
        "kop": "Ferry stops",
        "body": {"html": f"{WORDS}\n\n{MORE}"},
        "parts": [{"p": WORDS}, {"p": MORE}],
        "by": [{"name": "Ada"}, {"name": "Tom"}],
    }
    data = json.dumps({"news": {"paper": "Harrow Post", "items": [item, item]}}).encode()
    found = read_bytes(jsonlines.reader, data, mapping=mapping)
    assert [
        (one.title, one.text, one.outlet, one.authors, one.record)
        for one in found
        if isinstance(one, RawArticle)
    ] == [
        ("Ferry stops", f"{WORDS}\n\n{MORE}", "Harrow Post", ("Ada", "Tom"), f"1.{n}")
        for n in (1, 2)
    ]


def test_a_list_that_is_not_there_is_told() -> None:
    assert errors(read_bytes(jsonlines.reader, b'{"a": 1}', mapping={"text": "b[].c"})) == [
        "file, line 1: the list that `--map` names is not in it, or holds no objects"
    ]


def test_a_record_stands_in_one_list() -> None:
    with pytest.raises(SettingsError, match="a record stands in one list"):
        read_bytes(jsonlines.reader, b"{}", mapping={"text": "a[].c", "title": "b[].c"})


def test_who_names_the_fields_goes_before_a_shape() -> None:
    data = json.dumps(NEWSAPI).encode()
    (found,) = read_bytes(
        api_answers.reader,
        data,
        mapping={"text": "articles[].content", "title": "articles[].author"},
    )
    assert isinstance(found, RawArticle)
    assert found.title == "Ada Marl"


def told(given: object, tmp_path: Path) -> RawArticle:
    (tmp_path / "answer.json").write_text(json.dumps(given), encoding="utf-8")
    (found,) = read([tmp_path / "answer.json"])
    assert isinstance(found, RawArticle), found
    return found


def test_wordpress_names_its_terms_and_its_site_where_an_answer_embeds_them(tmp_path: Path) -> None:
    terms = [
        [{"taxonomy": "category", "name": "Local"}],
        [{"taxonomy": "post_tag", "name": "ferries"}],
    ]
    given = POST | {
        "categories": [5],
        "_embedded": {"wp:term": terms},
        "yoast_head_json": {"og_site_name": "Harrow Post"},
    }
    found = told([given], tmp_path)
    assert (found.section, found.outlet) == ("Local", "Harrow Post")
    assert (found.metadata["categories"], found.metadata["tags"]) == (["Local"], ["ferries"])


def test_newsapi_adds_the_outlet_to_a_headline_and_puts_names_in_one_field(tmp_path: Path) -> None:
    articles = NEWSAPI["articles"]
    assert isinstance(articles, list)
    (one,) = articles
    given = one | {"title": "Ferry – stops - Harrow Post", "author": "Ada Marl, Ben Orr"}
    found = told(NEWSAPI | {"articles": [given]}, tmp_path)
    assert (found.title, found.authors) == ("Ferry – stops", ("Ada Marl", "Ben Orr"))
    given = one | {"author": "Ada Marl, editor"}
    assert told(NEWSAPI | {"articles": [given]}, tmp_path).authors == ("Ada Marl, editor",)


def test_each_block_of_a_live_blog_keeps_its_hour(tmp_path: Path) -> None:
    blocks = [
        {"title": "Shut", "bodyHtml": f"<p>{WORDS}</p>",
         "firstPublishedDate": "2024-03-01T10:20:00Z"},
        {"bodyHtml": "<p>It was foggy.</p>", "publishedDate": "2024-03-01T09:00:00Z"},
    ]  # fmt: skip
    answer = {
        "id": "live/1", "type": "liveblog", "webTitle": "Ferry: live", "blocks": {"body": blocks},
        "webPublicationDate": "2024-03-01T08:00:00Z",
    }  # fmt: skip
    found = clean(told({"response": {"results": [answer]}}, tmp_path))
    assert found.text.endswith(f"10:20\n\nShut\n\n{WORDS}\n\n09:00\n\nIt was foggy.")
    posts = found.metadata["posts"]
    assert isinstance(posts, list)
    assert [(moment, found.text[at:][:5]) for moment, at in posts] == [
        ("2024-03-01T10:20:00Z", "10:20"), ("2024-03-01T09:00:00Z", "09:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "post",
    [
        {"id": "2", "text": "It st…", "note_tweet": {"text": WORDS}, "author_id": "7"},
        {"id": "2", "text": WORDS, "author_id": "7", "edit_history_tweet_ids": ["2"]},
    ],
)
def test_a_long_post_of_x_is_read_whole_with_its_author(
    post: dict[str, object], tmp_path: Path
) -> None:
    users = {"users": [{"id": "7", "name": "Harrow Post", "username": "harrow"}]}
    given = {"data": [post | {"created_at": "2024-03-01T09:05:00.000Z"}], "includes": users}
    found = told(given, tmp_path)
    assert (found.text, found.authors, found.outlet) == (WORDS, ("Harrow Post",), "X")
    assert found.published == "2024-03-01T09:05:00.000Z"


def test_a_post_that_the_older_stream_cut_is_read_whole(tmp_path: Path) -> None:
    given = {
        "id_str": "3", "text": "It st…", "in_reply_to_status_id_str": None, "truncated": True,
        "extended_tweet": {"full_text": WORDS}, "user": {"name": "Harrow Post"},
        "created_at": "Fri Mar 01 09:05:00 +0000 2024",
    }  # fmt: skip
    assert told(given, tmp_path).text == WORDS


@pytest.mark.parametrize(
    ("name", "value", "field", "read_as"),
    [
        ("post_date", "2024-03-01", "published", "2024-03-01"),
        ("modified", "2024-03-02", "updated", "2024-03-02"),
        ("changed", "2024-03-02", "updated", "2024-03-02"),
        ("subtitle", "It is over", "standfirst", "It is over"),
        ("category", "Local", "section", "Local"),
        ("publishedBylines", [{"name": "Ada Marl"}], "authors", ("Ada Marl",)),
        ("name_source", "Harrow Post", "outlet", "Harrow Post"),
    ],
)
def test_names_that_other_systems_give_are_known(
    name: str, value: object, field: str, read_as: object, tmp_path: Path
) -> None:
    found = told({"title": "Ferry", "body": WORDS, name: value}, tmp_path)
    assert getattr(found, field) == read_as


def test_a_channel_that_telegram_exported_as_pages_is_an_article_a_message() -> None:
    first, second, left_out = read_bytes(telegram_page.reader, TELEGRAM_PAGE.encode())
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert (first.text, first.outlet, first.published, first.id) == (
        f"Ferry stops\n{WORDS}", "Harrow Post", "2024-03-01T10:00:00+01:00", "Harrow Post/2",
    )  # fmt: skip
    assert (second.text, second.published) == (MORE, "2024-03-01T10:20:00")
    assert isinstance(left_out, LeftOut)
    assert str(left_out) == (
        "file: left out, being no article: 1 (message without text), 1 (service message)"
    )


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1", "title": "Harrow Post", "language": "en",
    "authors": [{"name": "Ada Marl"}],
    "items": [
        {"id": "https://harrow.example/7", "url": "https://harrow.example/7", "summary": "Over.",
         "title": "Ferry – stops", "content_html": HTML, "date_published": "2024-03-01T10:00:00Z"},
        {"id": "8", "content_text": WORDS, "authors": [{"name": "Ben Orr"}]},
        {"id": "9", "url": "https://harrow.example/9", "title": "Bridge", "summary": WORDS},
        {"id": "10", "url": "https://harrow.example/10", "title": "A headline alone"},
    ],
}  # fmt: skip


def test_a_json_feed_says_of_itself_what_its_items_do_not() -> None:
    *found, told = read_bytes(api_answers.reader, json.dumps(JSON_FEED).encode())
    first, second, third = (one for one in found if isinstance(one, RawArticle))
    assert (first.text, first.standfirst) == (f"{WORDS}\n\nSecond & last.", "Over.")
    assert (first.outlet, first.language, first.id) == ("Harrow Post", "en", None)
    assert (first.authors, second.authors) == (("Ada Marl",), ("Ben Orr",))
    assert (second.text, second.id) == (WORDS, "8")
    assert (third.text, third.inferred) == (WORDS, {"text": "the summary that the feed gives"})
    assert "no text, as JSON Feed gives one" in str(told)


def test_an_export_of_ghost_names_its_site_in_its_settings() -> None:
    (database,) = GHOST["db"]
    named = {"db": [{"data": database["data"] | {"settings": [
        {"key": "description", "value": "News"}, {"key": "title", "value": "Harrow Post"},
    ]}}]}  # fmt: skip
    found = read_bytes(api_answers.reader, json.dumps(named).encode())
    assert [one.outlet for one in found if isinstance(one, RawArticle)] == ["Harrow Post"]


def test_a_date_that_a_database_wraps_is_read_under_any_name_of_one() -> None:
    record = {"headline": "Ferry", "bodyText": WORDS, "publishedDate": {"$date": "2024-03-01"}}
    (found,) = read_bytes(jsonlines.reader, json.dumps(record).encode())
    assert isinstance(found, RawArticle)
    assert found.published == "2024-03-01"
