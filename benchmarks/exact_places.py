"""What places of words as they are written would cost: `python -m benchmarks.exact_places`.

A phrase of which each word stands in an article in some form, and never so in a row, is looked for
in the article's own text. A field of the index by words that keeps places of words as they are
written, beside the one that keeps those of stems, would tell without. Processor time and disk of
that field, beside those of reading the same articles by words into an archive.
"""

import argparse
import tempfile
import time
from pathlib import Path

import tantivy

from benchmarks.newsroom import DATA
from ingest.archive import Archive
from ingest.archive.word_fields import analyzer, plain_analyzer
from ingest.errors import ReadError
from ingest.pipeline import Defaults, articles, ingest
from ingest.settings import IngestSettings

_HEAP = 64_000_000


def indexed(texts: list[str], folder: Path, *, as_written: bool) -> tuple[float, int]:
    """Return the seconds of a processor and the bytes that an index of some texts takes."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="news", index_option="position")
    if as_written:
        builder.add_text_field("written", tokenizer_name="written", index_option="position")
    folder.mkdir()
    index = tantivy.Index(builder.build(), str(folder))
    index.register_tokenizer("news", analyzer())
    index.register_tokenizer("written", plain_analyzer())
    writer = index.writer(_HEAP, 1)
    began = time.process_time()
    for text in texts:
        document = tantivy.Document()
        document.add_text("text", text)
        if as_written:
            document.add_text("written", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return time.process_time() - began, size(folder)


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def main() -> None:
    """Read the articles, index them both ways, and print what the field adds."""
    parser = argparse.ArgumentParser(description=__doc__)
    whole = DATA / "realtimeqa" / "articles.jsonl.gz"
    parser.add_argument("--articles", type=Path, default=whole)
    given = parser.parse_args().articles
    found = articles([given], Defaults())
    texts = [one.text for one in found if not isinstance(one, ReadError)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = IngestSettings(embedder="none")
        with Archive.open(folder / "archive", create=True, settings=settings) as archive:
            began = time.process_time()
            ingest([given], archive, embed=False)
            reading = time.process_time() - began
        kept = size(folder / "archive")
        plain, small = indexed(texts, folder / "stems", as_written=False)
        more, large = indexed(texts, folder / "both", as_written=True)
    print(f"{len(texts):,} articles read by words: {reading:.1f} CPU s, {kept / 1e6:.0f} MB")
    print(
        f"places of words as written: {more - plain:.1f} CPU s and {(large - small) / 1e6:.0f} MB"
        f" more, {(more - plain) / reading:.0%} and {(large - small) / kept:.0%}"
    )


if __name__ == "__main__":
    main()
