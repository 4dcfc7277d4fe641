"""What contradicts a sentence is about the same, and is not the sentence itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.check.reader import Probabilities
from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import plain
from assistant.factcheck.findings import SentenceVerdict
from assistant.factcheck.sentence_check import retells
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.fakes import OverlapReader

TRUE = "The crew said on Monday that the boat would sail next week."
ALIKE = "Crew and boat: the boat's crew said the crew of the boat would sail. Next week, sail!"


class Denying(OverlapReader):
    """A reader to whom everything is contradicted."""

    name = "denying"

    def _one(self, claim: str, evidence: str) -> Probabilities:
        return Probabilities(0.1, 0.0, 0.9)


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive in which many articles hold a sentence's words oftener than its own."""
    folder: Path = tmp_path_factory.mktemp("quay")
    longer = f"A report from the quay at Ostrova. {'The rope is long. ' * 60}\n\n{TRUE}"
    texts = [longer, *(f"{ALIKE} Report {n} of the quay." for n in range(9))]
    rows = [
        {"id": str(n), "title": f"Quay {n}", "date": "2024-03-13", "text": text}
        for n, text in enumerate(
            [*texts, "Oran Mell and Ada Quill kept the bell.\n\nHe rang the bell at six."]
        )
    ]
    file = folder / "reports.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([file], archive)
        yield archive


@pytest.mark.parametrize("day", ["on Monday", "on 11 March 2024"])
def test_what_is_printed_is_found_however_frequent_its_words_are(quay: Archive, day: str) -> None:
    draft = TRUE.replace("on Monday", day)
    (one,) = check_draft(plain(draft), quay, Denying()).sentences
    assert (one.verdict, one.citations[0].text) == ("supported", TRUE)


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("The boat's crew said that the crew of the boat would not sail.", "contradicted"),
        ("Judge Bo Fross said that the crew of the boat would not sail.", "absent"),
    ],
)
def test_what_names_nobody_of_a_sentence_does_not_contradict_it(
    quay: Archive, draft: str, verdict: SentenceVerdict
) -> None:
    (one,) = check_draft(plain(draft), quay, Denying()).sentences
    assert one.verdict == verdict


def test_what_is_printed_of_a_he_is_not_contradicted_by_itself(quay: Archive) -> None:
    draft = "Oran Mell came home.\n\nHe rang the bell at six."
    last = check_draft(plain(draft), quay, Denying()).sentences[-1]
    assert last.verdict == "partly"


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("The clean-up at Marl costs 41 crowns.", "Cleaning up at Marl costs 41 crowns.", True),
        ("The clean-up at Marl costs 14 crowns.", "Cleaning up at Marl costs 41 crowns.", False),
        ("The boat of Bo Fross hit Ada Quill.", "Ada Quill hit the boat of Bo Fross.", False),
        ("The boat sailed at dawn.", "The boat never sailed at dawn.", False),
        ("The boat will sail at dawn.", "The crew met at dawn.", False),
    ],
)  # fmt: skip
def test_what_a_sentence_retells_does_not_contradict_it(mine: str, theirs: str, same: bool) -> None:
    assert retells(mine, theirs) is same


def test_what_is_shown_to_contradict_a_sentence_has_some_of_its_words(quay: Archive) -> None:
    drafts = {
        "The crew of the boat would not sail next week.": "contradicted",
        "The rope of the crew was sold for six thousand old crowns in a small shop.": "absent",
    }
    told = {
        draft: check_draft(plain(draft), quay, Denying()).sentences[0].verdict for draft in drafts
    }
    assert told == drafts
