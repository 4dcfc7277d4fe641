"""Which stretches a sentence rests on, and whose words it is told in."""

from assistant.answer import Evidence
from assistant.check.resting import attributed, narrowed, supporting
from tests.assistant.compose.test_generative import FARE, FERRY, hit, whole

BRIDGE = whole(hit("b", "The bridge at Norburg is safe for lorries, the engineer Ada Quill said."))
OLD, NEW = whole(hit("o", FARE)), whole(hit("n", FERRY))


def test_what_supports_a_sentence_is_found_where_another_was_cited() -> None:
    assert supporting(FARE, [NEW], [NEW, OLD]) == (OLD,)


def test_what_adds_nothing_is_not_cited() -> None:
    assert supporting(FARE, [NEW, OLD, BRIDGE], [NEW, OLD, BRIDGE]) == (OLD,)


def test_what_nothing_supports_keeps_what_it_cites() -> None:
    assert supporting("Sheep may fly.", [NEW], [NEW, OLD]) == (NEW,)
    assert supporting("Sheep may fly.", [], [NEW, OLD]) == ()


def test_what_somebody_said_is_told_as_theirs() -> None:
    told = "The bridge at Norburg is safe for lorries."
    assert attributed(told, [BRIDGE]) == (
        "The bridge at Norburg is safe for lorries, Ada Quill said."
    )


def test_what_names_its_speaker_or_has_none_stays_as_it_is() -> None:
    said = "Ada Quill said that the bridge at Norburg is safe for lorries."
    assert attributed(said, [BRIDGE]) == said
    assert attributed(FARE, [OLD]) == FARE
    evidence: list[Evidence] = []
    assert attributed(FARE, evidence) == FARE


def test_a_number_counts_nothing_behind_a_comma() -> None:
    told = whole(hit("m", "The mill lost 40 looms and burned for 31 hours, the brigade said."))
    assert attributed("The mill lost 40 looms.", [told]) == (
        "The mill lost 40 looms, the brigade said."
    )


_WALL = "The harbour wall fell on Tuesday night."
_STORY = whole(
    hit(
        "s",
        f"Nobody was hurt. {_WALL} The mayor, Ines Karlow, said on Wednesday: “We shall build it "
        "again. It will be higher.” She gave no date.",
    )
)


def _printed(cited: tuple[Evidence, ...]) -> list[str]:
    return [one.hit.article.text[one.start : one.end] for one in cited]


def test_of_a_paragraph_the_sentence_that_supports_is_cited() -> None:
    assert _printed(narrowed("The wall of the harbour fell on Tuesday.", [_STORY])) == [_WALL]


def test_a_quotation_is_not_cut_out_of_what_is_cited_nor_in_two() -> None:
    told = "Ines Karlow, the mayor, said: “We shall build it again.”"
    assert _printed(narrowed(told, [_STORY])) == [
        "The mayor, Ines Karlow, said on Wednesday: “We shall build it again. It will be higher.”"
    ]


def test_who_is_meant_stays_in_what_is_cited() -> None:
    who = whole(hit("w", "Ada Quill chairs the council. She is a baker from Norburg."))
    assert narrowed("Ada Quill is a baker from Norburg.", [who]) == (who,)


def test_whoever_says_it_is_not_cut_away() -> None:
    told = whole(hit("d", "It rained again. “The wall is old. It will fall,” Dorn said."))
    assert _printed(narrowed("The wall is old.", [told])) == [
        "“The wall is old. It will fall,” Dorn said."
    ]


def test_what_does_not_stand_is_cited_as_it_was() -> None:
    assert narrowed("Sheep may fly.", [_STORY, BRIDGE]) == (_STORY, BRIDGE)
