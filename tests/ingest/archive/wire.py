"""An invented dispatch, and what papers do to it."""

from datetime import date

from ingest.article import Article
from tests.ingest.archive.dispatches import Block, article

LEAD = (
    "Velden's harbour board voted on Tuesday to close the old grain pier for two years, saying"
    " that divers had found cracks in nine of its fourteen pillars and that the cost of patching"
    " them again would exceed the price of building them anew from the sea bed up."
)
MIDDLE = (
    "The chair of the board, Ilse Marant, told a crowded meeting that three barges of rubble would"
    " be sunk along the eastern wall before winter, so that the ferry to Lorn could go on berthing"
    " there twice a day while the cranes were taken down and shipped to a yard in Tisk."
)
BACKGROUND = (
    "Grain exports through the port fell by a third after the rail bridge at Upper Lorn burned in"
    " the spring, and the union of dockers has since counted more than two hundred members who"
    " left for work in other towns or went back to fishing with their families."
)
LOCAL = (
    "In Marrow Bay, where most of the displaced boats are expected to moor, the mayor asked for a"
    " second harbour master and for lamps along the slipway, which has been dark since last March."
)
FORM = (
    "The Coast Fund pays for reporting of this kind and has no say in what is printed, its board"
    " publishes every gift above a hundred crowns and answers readers who ask how it was used."
)
LEDGERS = (
    "A jury in Sund acquitted the former treasurer of the skating club on Thursday after hearing"
    " that the missing ledgers had been kept in a locker at the railway station all along."
)
DEPOT = (
    "Pupils of the music school in Ostrova will play in the old tram depot next week, where the"
    " city has put in heating, a stage of birch planks and room for some four hundred listeners."
)
OTHER = (LEDGERS, DEPOT)
DAY = date(2024, 5, 7)


def printed(name: str, outlet: str | None, *paragraphs: str, **about: object) -> Article:
    """Return an article of some paragraphs, by an outlet."""
    blocks: list[Block] = [("headline", str(about.pop("headline", f"{name} of the harbour")))]
    blocks += [("body", words) for words in paragraphs]
    known: dict[str, object] = {"outlet": outlet, "date": DAY, "language": "en"}
    return article(name, *blocks, **(known | about))


def dispatch(name: str = "dispatch", outlet: str = "Lorn News Agency", **about: object) -> Article:
    """Return the dispatch, whole."""
    return printed(name, outlet, LEAD, MIDDLE, BACKGROUND, **about)
