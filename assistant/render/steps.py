"""The steps of an answer as JSON, for whoever follows it while it is given."""

from assistant.answer import Finished, Found, Meanwhile, Said, Step, Understood
from assistant.render.documents import (
    Document,
    citation_to_json,
    claim_to_json,
    filters_to_json,
    hits_to_json,
    plain,
    to_json,
)


def step_to_json(step: Step) -> tuple[str, Document]:
    """Return a step's name and its document."""
    match step:
        case Understood(question=question):
            return "understood", {
                "question": question.text,
                "asked": question.asked,
                "mode": question.mode,
                "filters": filters_to_json(question.filters),
                "understood": plain(question.understood),
            }
        case Found(hits=hits, searched=searched):
            return "found", hits_to_json(hits, searched)
        case Meanwhile(answer=answer):
            return "meanwhile", to_json(answer)
        case Said(claim=claim, citations=citations):
            cited = [citation_to_json(citation) for citation in citations]
            return "said", {"claim": claim_to_json(claim), "citations": cited}
        case Finished(outcome=outcome):
            return "finished", to_json(outcome)
