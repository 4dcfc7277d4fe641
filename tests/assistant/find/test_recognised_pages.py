"""Words that a machine read from pictures of pages are cited as such, wherever they are shown."""

from pathlib import Path
from typing import Any, cast

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.render import to_html, to_json, to_text
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

SAID = "Keeper Osric Fenn has tended the lamp since 1987 and moves to his sister in Wexcombe."
PAGE = (
    "<html><meta name='ocr-system' content='tesseract 5'/><div class='ocr_page'><p class='ocr_par'>"
    "<span class='ocr_line'><span class='ocrx_word' title='x_wconf 91'>The</span> lighthouse of "
    "Tarrow Point goes dark in October, the pilots' guild announced.</span></p>"
    f"<p class='ocr_par'><span class='ocr_line'>{SAID}</span></p></div></html>"
)


def test_every_citation_says_that_its_words_were_recognised(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "a", create=True, settings=settings) as archive:
        ingest([tmp_path / "page.html"], archive)
        answer = Assistant(archive).ask("Who has tended the lamp since 1987?")
    assert isinstance(answer, Answer)
    citations = cast("list[dict[str, Any]]", to_json(answer)["citations"])
    assert citations[0]["text"] == SAID
    assert all(one["notices"][0]["code"] == "recognised" for one in citations)
    assert "Recognised text (OCR), 91% sure" in to_text(answer)
    assert "Recognised text (OCR), 91% sure" in to_html(answer)
