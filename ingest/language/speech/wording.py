"""The words that reporting is made of, in English, Spanish and Ukrainian."""

MARKS = frozenset("\"“”„‟«»「」『』＂‘’‛'")
ENDS_OPEN = frozenset(",?!…")
DASHES = frozenset("—–-―")
DASHED = tuple([dash] for dash in DASHES)
BREAKS = frozenset(";:—–―…-.!?")

_SAY = (
    "say says said saying tell tells told telling add adds added adding write writes wrote writing"
    " ask asks asked asking note notes noted noting argue argues argued arguing claim claims"
    " claimed claiming insist insists insisted insisting declare declares declared declaring"
    " announce announces announced announcing explain explains explained explaining reply replies"
    " replied replying respond responds responded responding state states stated stating stress"
    " stresses stressed stressing warn warns warned warning suggest suggests suggested suggesting"
    " acknowledge acknowledges acknowledged acknowledging admit admits admitted admitting concede"
    " concedes conceded conceding confirm confirms confirmed confirming deny denies denied denying"
    " assert asserts asserted asserting maintain maintains maintained report reports reported"
    " recall recalls recalled recalling continue continues continued conclude concludes concluded"
    " tweet tweets tweeted quip quips quipped joke jokes joked joking predict predicts predicted"
    " promise promises promised promising vow vows vowed vowing pledge pledges pledged urge urges"
    " urged urging complain complains complained complaining lament laments lamented allege alleges"
    " alleged alleging observe observes observed remark remarks remarked comment commented contend"
    " contends contended emphasize emphasizes emphasized emphasise emphasised reiterate reiterates"
    " reiterated repeat repeats repeated repeating propose proposes proposed reveal"
    " reveals revealed"
    " testify testifies testified caution cautions cautioned counter counters countered muse mused"
    " agree agrees agreed boast boasts boasted boasting exclaim exclaimed shout shouted shouting"
    " intone intoned retort retorted sigh sighed laugh laughed opine opined posit posited indicate"
    " indicates indicated underscore underscored underline underlined vent vented fume fumed"
    " remember remembers remembered recount recounted offer offered summarize summarized clarify"
    " clarified elaborate elaborated interject interjected whisper whispered yell yelled chant"
    " chanted chanting chide chided implore implored recommend recommended threaten threatened"
    " cry cries cried crying answer answers answered answering pointed points pointing"
    " exhort exhorted"
    " fired shot gasp gasped hiss hissed thunder thundered scoff scoffed gush gushed joke"
    " echo echoed"
    " wonder wondered post posted posting read reads charge charges charged advise advised"
    " dijo dice dijeron decir diciendo afirmó afirma afirmaron declaró declararon aseguró asegura"
    " aseguraron señaló señala señalaron explicó explica agregó añadió añade indicó indicaron"
    " manifestó sostuvo sostiene insistió advirtió recordó subrayó destacó anunció comentó"
    " preguntó respondió contestó reconoció admitió negó denunció escribió informó precisó apuntó"
    " сказав сказала сказали сказало каже кажуть заявив заявила заявили заявило заявляє повідомив"
    " повідомила повідомили повідомило повідомляє додав додала додали зазначив зазначила зазначили"
    " наголосив наголосила наголосили підкреслив підкреслила підкреслили пояснив пояснила пояснили"
    " відповів відповіла написав написала розповів розповіла розповіли запитав запитала визнав"
    " визнала попередив попередила стверджує стверджував стверджувала уточнив уточнила"
    " сказал сказала заявил заявила сообщил сообщила добавил добавила отметил отметила"
)
_CALL = (
    "call calls called calling describe describes described describing dub dubs dubbed label labels"
    " labeled labelled brand brands branded criticize criticizes criticized criticizing criticise"
    " criticised accuse accuses accused accusing dismiss dismisses dismissed dismissing denounce"
    " denounces denounced denouncing condemn condemns condemned condemning praise praises praised"
    " praising blast blasts blasted blasting slam slams slammed slamming cite cites cited citing"
    " refer refers referred referring mock mocks mocked mocking characterize characterizes"
    " characterized decry decries decried deride derided hail hails hailed rip ripped bash bashed"
    " think thinks thought believe believes believed believing hope hopes hoped fear fears feared"
    " express expresses expressed expressing voice voiced want wants wanted demand demands demanded"
    " demanding put puts speak speaks spoke speaking talk talks talked attack attacked attacking"
    " defend defended defending reject rejected rejecting question questioned questioning"
    " lambaste lambasted ridicule ridiculed tout touted touting rail railed railing"
    " blame blamed blaming compare compared comparing consider considers considered quote quoted"
    " quoting challenge challenged issue issued give gave use used discuss discussed address"
    " addressed mention mentioned thank thanked welcome welcomed seek sought see sees find found"
    " show shows showed invoke invoked promise name named list listed raise raised deliver"
    " delivered"
    " calificó llamó describió criticó acusó tildó назвав назвала назвали назвало"
)
SOURCES: dict[str, tuple[str, ...]] = {
    "according": ("to",),
    "según": (),
    "acuerdo": ("con",),
    "словами": (),
    "даними": (),
    "думку": (),
    "згідно": ("з",),
}
"""What begins a phrase that names a source, and the words that must follow."""

CUES: dict[str, str] = {
    **dict.fromkeys(_CALL.split(), "call"),
    **dict.fromkeys(_SAY.split(), "say"),
    **dict.fromkeys(SOURCES, "source"),
}

REPORTING = frozenset(word for word, kind in CUES.items() if kind != "call")

NOUN_LIKE = frozenset(
    "say cry cries answer answers points shot thunder echo claim claims report reports"
    " reported note notes state states comment charge charges"
    " promise promises reply replies remark remarks tweet tweets offer counter post posts issue"
    " call calls list name voice fear fears hope hopes demand demands attack question mention show"
    " shows use challenge address find talk talks praise blame joke jokes pledge pledges vow vows"
    " read reads laugh sigh brand brands label labels thought hail rail slam blast put give want"
    " think see name stress repeat repeats muse welcome see recall".split()
)
"""Forms that are nouns or bare verbs as often: they need a subject."""

VERBS = CUES.keys() - SOURCES.keys() - NOUN_LIKE
"""Cues that are no nouns: a noun phrase does not run back over them."""

BEFORE_NOUN = frozenset(
    "the a an this that these those his her its their our my your no any some of for in on by with"
    " about from at each every new news press public police recent last first next".split()
)
ARTICLES = frozenset("the a an this these those his her its their our my your".split())
PASSIVE = frozenset("is was are were be been being get got".split())
REFUSALS = frozenset(
    "not didn't didn’t doesn't doesn’t don't don’t wouldn't wouldn’t won't won’t couldn’t couldn't"
    " cannot can't can’t never declined declines refused refuses refusing declining failed"
    " no".split()
)
UNSAID = tuple(
    [word, "to"] for word in "decline declined refuse refused fail failed unable".split()
)

INVERTIBLE = frozenset(
    word
    for word, kind in CUES.items()
    if kind == "say" and not word.endswith("ing") and word not in {"say", "tell", "told"}
)

PRONOUN_KIND: dict[str, str] = {
    **dict.fromkeys(("he", "él", "він", "он"), "he"),
    **dict.fromkeys(("she", "ella", "вона", "она"), "she"),
    **dict.fromkeys(("it", "воно"), "it"),
    **dict.fromkeys(("they", "ellos", "ellas", "вони", "они"), "they"),
    **dict.fromkeys(("i", "we", "you", "yo", "nosotros", "я", "ми"), "self"),
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
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight lunes martes"
    " miércoles jueves viernes sábado domingo".split()
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
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv md phd ph.d. m.d. esq".split())
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


def participle(low: str) -> bool:
    """Say whether a cue is a participle, whose subject is the sentence's."""
    return low.endswith(("ing", "iendo", "ando"))


def verb(low: str) -> bool:
    """Say whether a lower-case word is likely a verb."""
    return low in _VERBS or low in CUES or low.endswith("ed")
