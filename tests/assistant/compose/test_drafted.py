"""A draft that is put as a question is held against the archive, and told where it differs."""

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.render import to_text
from assistant.settings import Settings
from ingest.archive import Archive

DRAFT = """Check this paragraph: The inquiry found that the ship was doing 27 knots where the limit
is nine. “We sail at noon,” said Lucan Tesh. The Skarn Line was fined 2.4 million crowns."""


def test_a_pasted_draft_is_answered_by_what_is_printed(sample: Archive) -> None:
    settings = Settings(mode="quotes", model="none")
    answer = Assistant(sample, settings, records=Records(most=0)).ask(DRAFT)
    assert isinstance(answer, Answer), answer
    assert answer.searched.plan
    assert answer.searched.plan.wants == "check"
    assert any("17 knots" in claim.text for claim in answer.claims)
    assert any("2.4 million crowns" in claim.text for claim in answer.claims)
    assert {claim.verdict for claim in answer.claims} == {"verbatim"}
    told = [one.text for one in answer.warnings if one.code.startswith("draft_")]
    assert any("27 knots" in text for text in told)
    assert any("We sail at noon" in text for text in told)
    assert not any("2.4 million" in text for text in told)
    shown = to_text(answer)
    assert told[0] in " ".join(shown[: shown.index("\nSources")].split())
