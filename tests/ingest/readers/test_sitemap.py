"""Sitemaps hold no articles, and say so."""

from pathlib import Path

import pytest

from ingest.errors import ReadError
from ingest.files.read import read

_SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
_PAGE = "<url><loc>https://harrow.example/a</loc></url>"
_MAPS = (
    f"<sitemapindex {_SPACE}><sitemap><loc>https://harrow.example/1.xml</loc></sitemap>"
    "</sitemapindex>"
)
_NEWS = (
    "<url><loc>https://harrow.example/b</loc><news:news><news:title>Ferry stops</news:title>"
    "<news:publication_date>2024-03-01</news:publication_date></news:news></url>"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"<urlset {_SPACE}>{_PAGE}</urlset>",
         "it is a sitemap: 1 addresses, and the text of none"),
        (f"<urlset {_SPACE}>{_PAGE}{_NEWS}</urlset>",
         "it is a sitemap: 2 addresses, 1 of them with the headline of an article"),
        (_MAPS, "it is a list of sitemaps (1 of them), without any article"),
    ],
)  # fmt: skip
def test_what_a_sitemap_lists_is_told_with_what_to_do(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "news.xml").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    (found,) = read([tmp_path])
    assert isinstance(found, ReadError)
    assert told in found.message
    assert "WARC" in str(found.hint)
