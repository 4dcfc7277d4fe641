"""What a small model writes in Spanish, and what is found across languages.

`python -m benchmarks.languages [--model NAME] [--quoted|--set]`, over the sample archive, searched
by words and meaning: Spanish questions whose articles are Spanish, the same kind whose articles
are English, English ones whose articles are Spanish, and some that nothing answers. An answer
holds what it should in either language. `--quoted` asks in quotations, without a model; `--set`
asks what the scale of meaning across languages was set on, also in quotations.
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
from ingest.language.identify import likely
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

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
        _Asked(
            "How many tonnes of herring may Costa Alba catch each year?",
            ("doce mil", "12,000", "twelve thousand"),
        ),
        _Asked(
            "What did the fisheries minister of Costa Alba say about the sea?",
            ("el mar", "the sea"),
        ),
        _Asked("How many tonnes of Kesselbrook cheese were sold in Albamar?", ("86",)),
        _Asked("How long will the herring pact of Albamar last?", ("seis años", "six years")),
        _Asked("How many boats does the fleet of Albamar have?", ("43",)),
    ],
    "Spanish and English, not in the archive": [
        _Asked("¿Qué comieron los pasajeros del Perdita antes del naufragio?", ()),
        _Asked("¿Quién pintó el retrato de la alcaldesa de Kesselbrook?", ()),
        _Asked("¿Cuánto gana un minero del turno de noche en Grevdal?", ()),
        _Asked("¿De qué murió el fundador de la Skarn Line?", ()),
        _Asked("¿Quién ganó anoche el festival de la canción?", ()),
        _Asked("¿Cuántos hijos tiene Tomas Aldergate?", ()),
        _Asked("¿Qué dijo el obispo sobre la huelga del astillero?", ()),
        _Asked("¿Cuándo llegará el próximo cometa?", ()),
        _Asked("How deep is the harbour of Albamar?", ()),
        _Asked("Who is the mayor of Albamar?", ()),
        _Asked("What did the fishermen of Costa Alba sing on the quay?", ()),
        _Asked("What is the price of olive oil in Costa Alba?", ()),
    ],
}

_SET = {
    "Spanish and Ukrainian of English": [
        _Asked("¿Qué dijo la jueza Acker sobre el horario del transbordador?", ("speed limit",)),
        _Asked("¿Quién dijo que ni un litro había llegado al Linna?", ("Tesh",)),
        _Asked("¿Qué dijo Pieter Vosse de los cinco trenes al día?", ("mine",)),
        _Asked(
            "¿Qué dijo Oda Brennick cuando reconoció su derrota en las elecciones?",
            ("voters have spoken",),
        ),
        _Asked("¿Con cuánto fue multada la Skarn Line?", ("2.4",)),
        _Asked("¿Por cuántos votos se ganó Marrow Bay en las elecciones?", ("12",)),
        _Asked("¿Qué fuerza tenían las ráfagas en Marrow Bay?", ("171",)),
        _Asked("¿Murió alguien en la inundación de Kesselbrook?", ("obod",)),
        _Asked("¿Cuánta gente fue a la feria del queso de Kesselbrook?", ("9,000",)),
        _Asked("¿Quién ganó el premio al mejor queso azul?", ("Thora",)),
        _Asked("¿Dónde se encontró la Copa Dray?", ("beehive",)),
        _Asked("¿Cuál fue el origen de la fiebre del río en Kesselbrook?", ("Tanner",)),
        _Asked("¿Quién toca la campana de Upper Dray?", ("Tabitha",)),
        _Asked("¿Qué se comió el oso en la biblioteca de Tarnholt?", ("atlas", "atlases")),
        _Asked("¿Cuándo cerró la mina de Grevdal?", ("30 April",)),
        _Asked("¿Cuándo circuló el primer tren de la Orchard Line?", ("18 May",)),
        _Asked("¿Cómo se llama el nuevo transbordador de Skarn?", ("Runa Pell",)),
        _Asked(
            "¿Por qué no sonó ninguna alarma antes de que el barco chocara con el arrecife?",
            ("switched off",),
        ),
        _Asked("¿Qué puso el farero en el faro averiado en lugar de su luz?", ("paraffin",)),
        _Asked("Хто виграв приз за найкращий блакитний сир?", ("Thora",)),
        _Asked("Скільки людей прийшло на сирний ярмарок у Кессельбруку?", ("9,000",)),
        _Asked("Коли закрилася шахта в Гревдалі?", ("30 April",)),
        _Asked("Що з'їв ведмідь у бібліотеці Тарнгольта?", ("atlas", "atlases")),
        _Asked("Хто дзвонить у дзвін Аппер-Дрея?", ("Tabitha",)),
        _Asked("Від чого в Кессельбруку люди захворіли на річкову лихоманку?", ("Tanner",)),
    ],
    "Spanish and Ukrainian, not in the archive": [
        _Asked("¿Quién ganó el Mundial de 1998?", ()),
        _Asked("¿Cuándo entró en erupción el volcán del monte Ferrin?", ()),
        _Asked("¿Qué pasará con el impuesto sobre el pan en Año Nuevo?", ()),
        _Asked("¿De dónde vino el radar del nuevo transbordador de Skarn?", ()),
        _Asked("¿A qué banco está hipotecado el dique seco del astillero?", ()),
        _Asked("¿Qué edad tiene el capitán del bote salvavidas Constance?", ()),
        _Asked("¿Cuál es el sueldo de Lucan Tesh?", ()),
        _Asked("¿Quién fue el arquitecto de las estaciones de la Orchard Line?", ()),
        _Asked("¿En qué universidad estudió la jueza Helmine Acker?", ()),
        _Asked("¿Cuántas personas se sentaron a la mesa en las negociaciones del astillero?", ()),
        _Asked("¿Quién fundió la gran campana de Upper Dray?", ()),
        _Asked("¿Qué dijo Oda Brennick sobre el robo de la Copa Dray?", ()),
        _Asked("¿Cómo se llama el perro del farero?", ()),
        _Asked("¿Cuánto vale hoy un barril de petróleo?", ()),
        _Asked("¿Quién dirige el banco central de Halvoria?", ()),
        _Asked("¿Cuándo se casó el primer ministro?", ()),
        _Asked("¿Qué equipo ganó la liga de baloncesto?", ()),
        _Asked("¿Cuántos habitantes tiene la capital de Francia?", ()),
        _Asked("¿Quién escribió Don Quijote de la Mancha?", ()),
        _Asked("¿Qué tiempo hará mañana en la costa?", ()),
        _Asked("Хто виграв чемпіонат світу 1998 року?", ()),
        _Asked("Скільки коштує хліб у Гревдалі?", ()),
        _Asked("Яку зарплату отримує Лукан Теш?", ()),
        _Asked("Хто є президентом Франції?", ()),
        _Asked("Коли вибухнув вулкан?", ()),
    ],
}
"""What the scale of `assistant.find.cross_lingual` was set on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=LOCAL)
    parser.add_argument("--quoted", action="store_true")
    parser.add_argument("--set", action="store_true", dest="fitted")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = IngestSettings(embedder="onnx:e5-small")
        shelf = Archive.open(Path(folder), create=True, settings=settings)
        ingest([_SAMPLE], shelf)
        quoted = given.quoted or given.fitted
        assistant = _assistant(shelf, None if quoted else given.model)
        print("no model" if quoted else given.model)
        for name, group in (_SET if given.fitted else _GROUPS).items():
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
