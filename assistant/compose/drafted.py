"""A draft that was put as a question: what the archive prints of it, and where it differs."""

from collections.abc import Iterator

from assistant.answer import DraftClaim, Evidence
from assistant.compose.who_said import hit_of
from assistant.factcheck.findings import CheckedDraft, CheckedQuotation, CheckedSentence
from ingest.article import Notice

_OF_SENTENCES = {
    "contradicted": "The archive prints otherwise",
    "partly": "Says more than the archive prints",
    "absent": "Not in this archive",
}
_OF_QUOTATIONS = {
    "altered": "Not as it was printed",
    "spliced": "Put together from what was printed apart",
    "misattributed": "Printed as somebody else’s words",
    "absent": "Words that are not in this archive",
}


def evidence_of(checked: CheckedDraft) -> list[DraftClaim]:
    """Return the sentences that a draft was held against, in the draft's order, none twice."""
    found: dict[tuple[str, int], DraftClaim] = {}
    for one in _found(checked):
        for cited in one.citations[:1]:
            text = cited.article.text[cited.start : cited.end]
            hit = hit_of(cited.article, cited.start, cited.end, cited.story, cited.notices)
            evidence = Evidence(hit=hit, start=cited.start, end=cited.end)
            claim = DraftClaim(text=text, evidence=(evidence,), verbatim=True)
            found.setdefault((cited.article.article_id, cited.start), claim)
    return list(found.values())


def held_against(checked: CheckedDraft) -> list[Notice]:
    """Return what does not stand as it is in a draft, in its order; and what was not searched."""
    told = [*checked.searched.warnings]
    for one in _found(checked):
        table = _OF_SENTENCES if isinstance(one, CheckedSentence) else _OF_QUOTATIONS
        if one.verdict in table:
            told.append(
                Notice(code=f"draft_{one.verdict}", text=f"{table[one.verdict]}: “{one.text}”")
            )
    return told


def _found(checked: CheckedDraft) -> Iterator[CheckedSentence | CheckedQuotation]:
    together: list[CheckedSentence | CheckedQuotation] = [*checked.sentences, *checked.quotations]
    yield from sorted(together, key=lambda one: (one.start, one.end))
