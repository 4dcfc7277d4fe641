"""What comes out of files of the trade as they really are, right or wrong by kind.

    python -m benchmarks.wild [--data ../shared/data] [--kind html]

A case is right where its articles have the text, the fields and the parts that expected.json
says in words and CASES says as values: as many articles, their headline, dates, names, what
stands in evidence and what must not, what is told.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import newsroom
from ingest.article import EVIDENCE, Article
from ingest.errors import LeftOut, ReadError
from ingest.pipeline import Defaults, articles

_BODY = frozenset({"body", "standfirst", "correction", "repeat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What is right of a case; None and () ask nothing. Fields are those of the first article.

    `holds` are words that stand in the body of some article, each in one piece, `lacks` words
    that stand in no evidence; `fields` are values as they are printed; `told` stands in one of
    the failures, and `failures` is how many there are at most.
    """

    articles: int | None = 1
    fields: tuple[tuple[str, str], ...] = ()
    paragraphs: int | None = None
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    told: str | None = None
    failures: int = 0


def _of(**fields: str) -> tuple[tuple[str, str], ...]:
    return tuple(fields.items())


_BOARD = "eleven weeks"
_FRENCH = "Le conseil du port de Linna a décidé mardi"
_RUSSIAN = "Совет порта Линны во вторник решил"
_IN_ONE_PIECE = (
    "We met the head of the harbour board, who spoke to us at the old customs shed on May 7."
)
_MARCH = "2024-03-12"

CASES: dict[str, Right] = {
    "warc/brotli_in_the_middle.warc.gz": Right(articles=3),
    "warc/small.wacz": Right(
        fields=_of(url="https://linna.example/0"), holds=("The harbour board of Linna voted",)
    ),
    "json/superdesk_ninjs.json": Right(
        fields=_of(date=_MARCH, embargo_until="2099-01-01 00:00:00+00:00", title="Quay shut"),
        holds=("The harbour board of Linna voted", "Cracks found."),
    ),
    "json/superdesk_ninjs_killed.json": Right(fields=_of(retracted="True")),
    "json/ccnews_style.jsonl": Right(fields=_of(date=_MARCH), holds=("three cracks",)),
    "json/html_in_content.jsonl": Right(
        paragraphs=2, holds=("Second & last.",), lacks=("<", "track()")
    ),
    "json/wp_rest.json": Right(
        fields=_of(title="Quay shut – again", date=_MARCH), holds=(_BOARD,), lacks=("<", "&#")
    ),
    "json/newsapi.json": Right(fields=_of(title="Quay shut", date=_MARCH), holds=(_BOARD,)),
    "json/telegram_result.json": Right(
        articles=2,
        fields=_of(outlet="Linna News", date=_MARCH),
        holds=("quay shut for eleven weeks. The harbour",),
    ),
    "json/trafilatura_out.json": Right(comments=("I knew it.",), holds=(_BOARD,)),
    "json/newspaper4k.json": Right(
        fields=_of(title="Quay shut", date=_MARCH, authors="Ida Holm"), holds=(_BOARD,)
    ),
    "json/gdelt.tsv": Right(articles=0, failures=2, told=""),
    "json/date_millis.jsonl": Right(articles=6, fields=_of(dates=_MARCH)),
    "json/twitter_tweets.js": Right(fields=_of(date=_MARCH), holds=(_BOARD,), lacks=("{",)),
    "mail/mail_long_headers.eml": Right(
        fields=_of(
            title="Ferry line to Ostra stops for three weeks",
            date="2025-03-04",
            authors="Harbour Wire",
        ),
        paragraphs=2,
    ),
    "mail/mail_short_headers.eml": Right(
        fields=_of(date="2025-03-04", authors="Harbour Wire"), paragraphs=2
    ),
    "html/expander.html": Right(paragraphs=8, fields=_of(authors="Ida Holm")),
    "html/date_from_comment.html": Right(fields=_of(date=f"{_MARCH}|None")),
    "html/time_modified.html": Right(
        fields=_of(date=_MARCH, updated_at="2024-03-14 19:20:45+01:00")
    ),
    "html/byline_updated.html": Right(fields=_of(authors="")),
    "html/list_in_table.html": Right(
        holds=("Monday | 06:00 to 14:00", "Tuesday | closed all day", "Sunday | 09:00 to 11:30")
    ),
    "html/fragment.html": Right(
        fields=_of(title="Northern quay shut for eleven weeks"),
        paragraphs=8,
        lacks=("<", "Subscribe now", "&quot;"),
    ),
    "html/several_articles.html": Right(
        articles=3, fields=_of(authors="Ida Holm", date=_MARCH, title="Quay shut")
    ),
    "html/paywall.html": Right(paragraphs=2, lacks=("free articles", "Subscribe", "subscriber")),
    "html/liveblog.html": Right(holds=("10.00", "11.00", "12.00", "13.00", "report is due")),
    "html/details.html": Right(holds=("It is 612 metres long",), paragraphs=None),
    "html/related_in_body.html": Right(
        paragraphs=8, lacks=("Mayor denies", "School meals", "Hospital director", "card fraud")
    ),
    "html/list_span.html": Right(
        holds=("Lorries are sent over", "fish auction starts", "Berth seven is kept")
    ),
    "html/index_page.html": Right(articles=None, fields=_of(date="None|2024-03-12")),
    "html/pre_wire.html": Right(paragraphs=8),
    "html/next_data.html": Right(
        paragraphs=8, fields=_of(title="Northern quay shut for eleven weeks")
    ),
    "newsml/nitf_embargoed_with_release.xml": Right(
        fields=_of(embargo_until="2016-09-09 00:01:00+01:00", date="2016-09-08")
    ),
    "newsml/escaped_markup_in_inlineData.xml": Right(
        paragraphs=2,
        holds=("The harbour board voted on Tuesday.", "11-12 weeks & more."),
        lacks=("<", "&amp;"),
    ),
    "newsml/header_slugline_in_body.xml": Right(
        paragraphs=1,
        holds=("Linna (lw) - The harbour board voted",),
        lacks=("Shipping", "Extra", "18:30", "Notepad", "555"),
    ),
    "newsml/afp_newsml12_caption.xml": Right(
        captions=("Lorries wait before the closed gate",), paragraphs=1
    ),
    "wxr/dropcap_shortcode.xml": Right(
        holds=("The harbour board of Linna voted", "nineteen divers"), lacks=("[",)
    ),
    "pdf/sidebar_and_two_columns.pdf": Right(
        holds=(_IN_ONE_PIECE,),
        lacks=("harbour Workshop", "shed 23-25"),
    ),
    "pack/a.rtf": Right(holds=("northern quay",), lacks=("\\", "{")),
    "pack/libreoffice.docx": Right(fields=_of(title="Quay shut for weeks")),
    "pack/tei.xml": Right(fields=_of(title="Quay shut"), holds=(_BOARD,)),
    "pack/chrome.mhtml": Right(
        fields=_of(date=_MARCH, outlet="Linna Courier", url="https://linna.example/q"),
        holds=("divers' report",),
    ),
    "pack/headerless.csv": Right(articles=None, told="header"),
    "pack/text.odt": Right(articles=0, failures=1, told=""),
    "enc/mixed.txt": Right(holds=(_FRENCH,), lacks=("Ã",)),
    "enc/macroman_fr.txt": Right(articles=None, holds=("décidé",)),
    "enc/cp1251.csv": Right(fields=_of(title="Причал закрыт", date=_MARCH), holds=(_RUSSIAN,)),
    "enc/koi8.txt": Right(holds=(_RUSSIAN,)),
    "enc/sjis.txt": Right(holds=("リンナ港の理事会は火曜日",)),
    "enc/utf16le_bom.txt": Right(holds=(_FRENCH,)),
    "enc/bom_crlf.jsonl": Right(fields=_of(date=_MARCH), holds=(_FRENCH,)),
}


def wrong(right: Right, path: Path) -> list[str]:
    """Say what is wrong of a case, nothing where all is right."""
    found = list(articles([path], Defaults()))
    read = [one for one in found if isinstance(one, Article)]
    failures = [one for one in found if isinstance(one, ReadError) and not isinstance(one, LeftOut)]
    return [*_counted(right, read, failures), *_printed(right, read), *_fields(right, read)]


def _counted(right: Right, read: list[Article], failures: list[ReadError]) -> Iterator[str]:
    said = " / ".join(str(one)[-120:] for one in failures)
    if right.articles is not None and len(read) != right.articles:
        yield f"{len(read)} articles, not {right.articles} {said}"
    if right.told is None:
        if len(failures) > right.failures:
            yield f"told: {said}"
    elif not any(right.told in str(one) for one in failures):
        yield f"not told {right.told!r}: {said or 'nothing'}"


def _printed(right: Right, read: list[Article]) -> Iterator[str]:
    evidence = "\n".join(_parts(one, EVIDENCE) for one in read)
    bodies = [" ".join(_parts(one, _BODY).split()) for one in read]
    yield from (
        f"lacks {piece[:40]!r}"
        for piece in right.holds
        if not any(" ".join(piece.split()) in body for body in bodies)
    )
    yield from (f"holds {piece[:40]!r}" for piece in right.lacks if piece in evidence)
    for kind, pieces in (("caption", right.captions), ("comment", right.comments)):
        said = "\n".join(_parts(one, frozenset({kind})) for one in read)
        yield from (f"no {kind} {piece[:40]!r}" for piece in pieces if piece not in said)
    if right.paragraphs is not None and read and _count(read[0]) != right.paragraphs:
        yield f"{_count(read[0])} paragraphs, not {right.paragraphs}"


def _parts(one: Article, kinds: frozenset[str]) -> str:
    return "\n".join(one.text[p.start : p.end] for p in one.parts if p.part in kinds)


def _count(one: Article) -> int:
    """Count the paragraphs of the body, without headings."""
    text = [one.text[p.start : p.end] for p in one.parts if p.part == "body"]
    return sum(1 for part in text for piece in part.split("\n\n") if piece.strip())


def _fields(right: Right, read: list[Article]) -> Iterator[str]:
    for name, expected in right.fields if read else ():
        told = _field(read, name)
        if told not in expected.split("|"):
            yield f"{name} {told!r}, not {expected!r}"


def _field(read: list[Article], name: str) -> str:
    if name == "authors":
        return ", ".join(read[0].authors)
    if name == "dates":  # of all articles
        return "/".join(sorted({str(one.date) for one in read}))
    return str(getattr(read[0], name))


def measured(folder: Path, only: str | None = None) -> dict[str, list[str]]:
    """Return of each case what is wrong; a case whose file is absent is left out."""
    return {
        name: wrong(right, folder / name)
        for name, right in CASES.items()
        if (folder / name).exists() and (only is None or name.startswith(only))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=newsroom.DATA)
    parser.add_argument("--kind", help="only the cases of one folder, or of one name's start")
    options = parser.parse_args()
    folder = options.data / "wild"
    if not folder.is_dir():
        sys.exit("the evaluation data (../shared/data/wild) is not here")
    found = measured(folder, options.kind)
    by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for name, faults in found.items():
        by_kind[name.partition("/")[0]].append(not faults)
        print(f"{'wrong' if faults else 'right'}  {name}")
        for fault in faults:
            print(f"         {fault}")
    stated = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    print(f"\ncases without a value here: {sorted(stated.keys() - CASES.keys()) or 'none'}")
    for kind, rights in by_kind.items():
        print(f"{kind:8} {sum(rights)}/{len(rights)}")
    print(f"{'all':8} {sum(not faults for faults in found.values())}/{len(found)}")


if __name__ == "__main__":
    main()
