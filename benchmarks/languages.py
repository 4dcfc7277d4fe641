"""What a small model writes in Spanish: `python -m benchmarks.languages [--model NAME] [--quoted]`.

Over the sample archive, searched by words and meaning: Spanish questions whose articles are
Spanish, the same kind whose articles are English, and English ones whose articles are Spanish. An
answer holds what it should in either language. `--quoted` asks in quotations, without a model.
"""

import argparse
import tempfile
from pathlib import Path
from typing import NamedTuple

from assistant.answer import Answer, Outcome
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from benchmarks import newsroom
from benchmarks.heard import heard
from benchmarks.written import LOCAL, WORDS, share
from ingest.archive import Archive
from ingest.language import likely
from ingest.pipeline import ingest
from ingest.settings import Settings as Shelf

_SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"


class _Asked(NamedTuple):
    """A question, and the short answers of which one should stand in what is shown."""

    text: str
    answers: tuple[str, ...]


_GROUPS = {
    "Spanish of Spanish": [
        _Asked("¿Cuántas toneladas de arenque podrá pescar Costa Alba cada año?", ("doce mil",)),
        _Asked("¿Qué dijo la ministra de Pesca sobre el mar?", ("repartirnos el mar",)),
        _Asked("¿Cuántas toneladas de queso se vendieron entre septiembre y diciembre?", ("86",)),
        _Asked("¿Cuánto durará el convenio de pesca con Halvoria?", ("seis años",)),
        _Asked("¿Cuándo entrará en vigor el acuerdo del arenque?", ("1 de septiembre",)),
        _Asked("¿Qué advirtió Rufino Calabardo?", ("El papel aguanta las olas",)),
        _Asked("¿Cuánto cuesta ahora el kilo de queso de Kesselbrook?", ("24 pesos",)),
        _Asked("¿Qué han pedido los queseros de la sierra de Albamar?", ("importaciones",)),
    ],
    "Spanish of English": [
        _Asked("¿Qué dijo el capitán Joren Halloway ante el tribunal?", ("Runa Pell",)),
        _Asked("¿Cuántas personas iban a bordo del Perdita?", ("187",)),
        _Asked("¿Cuántos heridos hubo cuando encalló el Perdita?", ("38", "thirty-eight")),
        _Asked("¿Quién es la jueza Acker y qué dijo del horario?", ("speed limit", "velocidad")),
        _Asked("¿Cuánto costará la Orchard Line?", ("815",)),
    ],
    "English of Spanish": [
        _Asked("How many tonnes of herring may Costa Alba catch each year?", ("doce mil", "12,000",
               "twelve thousand")),
        _Asked("What did the fisheries minister of Costa Alba say about the sea?", ("el mar",
               "the sea")),
        _Asked("How many tonnes of Kesselbrook cheese were sold in Albamar?", ("86",)),
        _Asked("How long will the herring pact of Albamar last?", ("seis años", "six years")),
        _Asked("How many boats does the fleet of Albamar have?", ("43",)),
    ],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=LOCAL)
    parser.add_argument("--quoted", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shelf = Archive.open(Path(folder), create=True, settings=Shelf(embedder="onnx:e5-small"))
        ingest([_SAMPLE], shelf)
        assistant = _assistant(shelf, None if given.quoted else given.model)
        print("no model" if given.quoted else given.model)
        for name, group in _GROUPS.items():
            _report(name, group, [assistant.ask(asked.text) for asked in group])
        shelf.close()


def _assistant(shelf: Archive, name: str | None) -> Assistant:
    if name is None:
        settings, model = Settings(mode="quotes", model="none"), None
    else:
        settings = Settings(model=name, budget=WORDS, mode="written")
        model = heard(settings)
    return Assistant(shelf, settings, model=model, records=Records(most=0))


def _report(name: str, group: list[_Asked], outcomes: list[Outcome]) -> None:
    print(f"\n{name}")
    answered = [one for one in outcomes if isinstance(one, Answer)]
    written = [one for one in answered if one.mode == "written"]
    right = [
        any(newsroom.holds(answer, outcome.text) for answer in asked.answers)
        for asked, outcome in zip(group, outcomes, strict=True)
    ]
    share("answered", len(answered), len(group))
    share("short answer in the text, of all", sum(right), len(group))
    share("in the model's words, of those answered", len(written), len(answered))
    told = {"Spanish": "es", "English": "en"}[name.split(maxsplit=1)[0]]
    same = [likely(" ".join(claim.text for claim in one.claims)) == told for one in written]
    share("in the language of the question, of those written", sum(same), len(written))
    print(f"  sentences left out: {sum(len(one.omitted) for one in answered)}")


if __name__ == "__main__":
    main()
