"""The words that reporting is made of, in English, Spanish and Ukrainian."""

from ingest.language import lexicon

MARKS = frozenset("\"“”„‟«»「」『』＂‘’‛'")
ENDS_OPEN = frozenset(",?!…")
SENTENCE_ENDS = frozenset(".?!…")
DASHES = frozenset("—–-―")
DASHED = tuple([dash] for dash in DASHES)
BREAKS = frozenset(";:—–―…-.!?")

_LANGUAGES = ("en", "es", "uk", "ru")
"""Of which these rules know the grammar."""

SOURCES: dict[str, tuple[str, ...]] = {
    words[0]: tuple(words[1:])
    for phrase in lexicon.words("reporting.sources", *_LANGUAGES)
    if (words := phrase.split())
}
"""What begins a phrase that names a source, and the words that must follow."""

THAT_ONLY = lexicon.words("reporting.that_only", *_LANGUAGES)
"""Verbs that report only before "that": "Lee doubts that", not "Lee doubts him"."""

CUES: dict[str, str] = {
    **dict.fromkeys(THAT_ONLY, "call"),
    **dict.fromkeys(lexicon.words("reporting.call", *_LANGUAGES), "call"),
    **dict.fromkeys(lexicon.words("reporting.say", *_LANGUAGES), "say"),
    **dict.fromkeys(SOURCES, "source"),
}

THINKING = lexicon.words("reporting.thinking", *_LANGUAGES) | THAT_ONLY
"""Cues that report no speech as such, and after which a clause stands: "Lee hopes that"."""

REPORTING = THINKING | {word for word, kind in CUES.items() if kind != "call"}

NOUN_LIKE = lexicon.words("reporting.noun_like", *_LANGUAGES)
"""Forms that are nouns or bare verbs as often: they need a subject."""

VERBS = CUES.keys() - SOURCES.keys() - NOUN_LIKE
"""Cues that are no nouns: a noun phrase does not run back over them."""

BEFORE_NOUN = frozenset(
    "the a an this that these those his her its their our my your no any some of for in on by with"
    " about from at each every new news press public police recent last first next".split()
)
ARTICLES = frozenset("the a an this these those his her its their our my your".split())
PASSIVE = frozenset("is was are were be been being get got".split())
MODALS = frozenset("will would can could may might shall should must".split())
REFUSALS = frozenset(
    "not didn't didn’t doesn't doesn’t don't don’t wouldn't wouldn’t won't won’t couldn’t couldn't"
    " cannot can't can’t never declined declines refused refuses refusing declining failed"
    " no".split()
)
UNSAID = tuple(
    [word, "to"] for word in "decline declined refuse refused fail failed unable".split()
)

UNSAID_AFTER = lexicon.words("reporting.unsaid_after", *_LANGUAGES)
"""Before a participle, after which nothing was said: "short of saying"."""

NOBODY = lexicon.words("negations.particles", *_LANGUAGES)
_NOT = NOBODY | lexicon.words("negations.adverbs", *_LANGUAGES)
NOTHING_SAID = _NOT | lexicon.words("reporting.unsaid", *_LANGUAGES)
"""After which nothing was said: "Lee may say that", "Lee hardly said that"."""

DENIED = _NOT | lexicon.words("negations.verbs", *_LANGUAGES)
THAT = lexicon.words("reporting.that", *_LANGUAGES)
COMMITTING = lexicon.words("reporting.committing", *_LANGUAGES)
"""After which an infinitive is what was said: "Lee promised to stay"."""

DOUBTS = lexicon.words("hedges.adverbs", *_LANGUAGES)
"""What leads on to a sentence without being its subject: "Perhaps, Lee said"."""

CONDITIONS = lexicon.words("hedges.conditions", *_LANGUAGES)
RETOLD = lexicon.words("reporting.retold", *_LANGUAGES)
"""Before a report of what the rest of its sentence tells: "as Lee said, the mill is shut"."""

QUOTED_AS = lexicon.words("reporting.quoted_as", *_LANGUAGES)
"""Before a participle, whose words they are stands before it: "quoted Lee as saying"."""

_ADVERB_ENDINGS = tuple(lexicon.words("reporting.adverb_endings", *_LANGUAGES))
_OPENER_ENDINGS = tuple(lexicon.words("reporting.opener_endings", *_LANGUAGES))

INVERTIBLE = frozenset(
    word
    for word, kind in CUES.items()
    if kind == "say" and not word.endswith("ing") and word not in {"say", "tell", "told"}
)

PRONOUN_KIND: dict[str, str] = {
    word: kind
    for word, kind in lexicon.group_of("pronouns", *_LANGUAGES).items()
    if not kind.endswith("_forms")
}
PRONOUNS = frozenset(PRONOUN_KIND)
PERSONAL = frozenset("he she they we i it él ella він вона вони он она они".split())
PLACES = frozenset(["of", "in", "from", "near", "at", "for"])
CONNECTIVES = frozenset(
    "and but so yet still then now meanwhile however instead moreover indeed also y pero і й та"
    " але".split()
)
RELATIVES = frozenset("who which whom that quien que який яка які".split())
JOINTS = frozenset("and but then or to y pero і й та але".split())
DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your one some several many most two"
    " three another other every each el la los las un una unos unas su sus este esta".split()
)
PREPOSITIONS = frozenset(
    "of for in at from on with to by about against into onto over under between during through"
    " upon via within without inside outside near behind beside across among amid around along"
    " toward towards beyond despite after before since until throughout".split()
)
"""What begins a place, a time or a manner, never who speaks."""
LINKS = frozenset("of for in at from on with de del для of's von van".split())
DAYS = (
    frozenset(
        day
        for known in map(lexicon.calendar, ("en", "es"))
        for day in known.weekdays.keys() & known.certain
    )
    | lexicon.words("dates.today", "en")
    | lexicon.words("dates.yesterday", "en")
)
ADVERBS = frozenset(
    "also later then has have had once often still only even just further did does would will could"
    " can must should may might on recently again too now since twice always long earlier first"
    " soon ever already instead simply himself herself itself themselves himself both have has late"
    " went en también ha han había ayer hoy вчора сьогодні також раніше потім".split()
)
STOPS = frozenset(
    "after before when whenever while because as since if unless whether although though that than"
    " until once where why how what which who whom whose and or but nor so yet to by about against"
    " into onto over under between during through upon via without within despite except"
    " like is was"
    " are were be been being has have had do does did will would can could should may"
    " might must not"
    " he she it they we i you him them us me there here then also just only very too later"
    " cuando porque como si que y o pero por para sobre después antes es fue son era ha"
    " після до коли тому що як який і й та але про є був була були він вона вони"
    " himself herself itself themselves out up down off".split()
)
BEFORE_VERB = PRONOUNS | RELATIVES | ADVERBS | {"and", "to"}
OPENERS = frozenset(
    "in on at by for from with to of as if when while after before since because although though"
    " during despite under over about amid among through until once asked pressed according earlier"
    " later last back unlike like without within between against citing reached given based"
    " en el por para con tras durante según у в на за під після про з із".split()
) - {"el"}
SUFFIXES = frozenset(
    form for word in lexicon.words("titles.suffixes") for form in (word, f"{word}.")
) | {"ph.d.", "m.d."}
CLAUSE_ENDS = frozenset([",", ".", ";"])
AFTER_INVERSION = (
    frozenset(
        ", . ; : ( — – - who whose in on at during as after when while adding referring of"
        " ! ?".split()
    )
    | DAYS
)

_VERBS = frozenset(
    "is was are were be been has have had do does did will would can could should may might must"
    " took went came made got gave held met won lost ran saw knew found led left began kept brought"
    " spoke wrote rose fell sent spent stood put set hit cut let says seems wants".split()
)


FINITE = MODALS | _VERBS - frozenset("be been cut hit let put set shut".split())
"""What follows the subject of a clause, and does not stand alone as a participle or a noun."""


def participle(low: str) -> bool:
    """Say whether a cue is a participle, whose subject is the sentence's."""
    return low.endswith(("ing", "iendo", "ando"))


_SPEAKING = lexicon.words("nouns.speaking") | lexicon.words("nouns.institutions")


def adverb(low: str) -> bool:
    """Say whether a word ends as adverbs do, and is no noun of those who speak: "family"."""
    return low.endswith(_ADVERB_ENDINGS) and low not in _SPEAKING


def opener(low: str) -> bool:
    """Say whether a word opens an adverbial, or ends as those that do: "Speaking in Marl"."""
    return low in OPENERS or low.endswith(_OPENER_ENDINGS)


def verb(low: str) -> bool:
    """Say whether a lower-case word is likely a verb."""
    return low in _VERBS or low in CUES or low.endswith("ed")
