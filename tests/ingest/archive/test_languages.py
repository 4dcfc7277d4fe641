"""Articles in other languages are split, searched by words and by meaning like English ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.archive import Archive
from ingest.archive.record import words_of
from ingest.archive.search import By, Search
from ingest.archive.tokens import forms, spelt, stems
from ingest.archive.words import Words
from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from ingest.embed.embedders import load
from ingest.language.chunk import split
from ingest.language.sentences import sentences
from ingest.places import cache_dir
from ingest.settings import IngestSettings
from tests.ingest.archive.desk import opened

TEXTS = {
    "uk": (
        "Пором у Гарроумірі зупиняють",
        (
            "Міністерство транспорту оголосило, що старий пором у Гарроумірі зупиняють у п’ятницю. "
            "«Ми не маємо грошей на ремонт», — сказала мер Інес Талл. Чи повернеться пором? Ні, "
            "відповіли у відомстві."
        ),
    ),
    "es": (
        "El transbordador de Harrowmere deja de navegar",
        (
            "El ayuntamiento de Harrowmere anunció el martes que el viejo transbordador dejará de "
            "navegar. «No podemos pagarlo», dijo la Sra. Tull. ¿Volverá algún día? Los vecinos "
            "piden elecciones antes del cierre."
        ),
    ),
    "ar": (
        "توقف عبّارة هارومير",
        (
            "أعلنت وزارة النقل يوم الثلاثاء أن العبّارة القديمة في هارومير ستتوقف عن العمل. "
            "وقالت رئيسة البلدية إينس تول إن المدينة لا تملك المال. هل تعود العبّارة؟ لا أحد يعرف."
        ),
    ),
    "zh": (
        "哈罗米尔渡轮停运",
        (
            "哈罗米尔市议会周二宣布，旧渡轮将于周五停运。“我们付不起修理费。”市长伊内丝·塔尔说。"
            "渡轮会回来吗？港务局表示，目前还没有计划，居民只能绕道走北边的大桥。"
        ),
    ),
    "en": (
        "Ferry of Harrowmere stops",
        (
            "The council of Harrowmere said on Tuesday that the old ferry stops. “We cannot pay "
            "for it,” said Mayor Ines Tull. Will it come back? Nobody knows."
        ),
    ),
}
OTHERS = {
    "uk": (
        "Кози на пляжі",
        "Дві кози оселилися на пляжі Каллоу-Бей, і діти носять їм яблука щодня.",
    ),
    "es": (
        "Cabras en la playa",
        "Dos cabras viven en la playa de Callow Bay y los niños las cuidan.",
    ),
    "ar": ("ماعز على الشاطئ", "تعيش عنزتان على شاطئ خليج كالو ويجلب لهما الأطفال التفاح كل يوم."),
    "zh": ("海滩上的山羊", "两只山羊住在卡洛湾的海滩上，孩子们每天给它们带苹果，老师也很高兴。"),
    "en": (
        "Goats on the beach",
        "Two goats live on the beach of Callow Bay, and children feed them.",
    ),
}


def written(name: str, title: str, text: str) -> Article:
    return clean(RawArticle(file=name, id=name, title=title, text=text))


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of two articles in each language."""
    with opened(tmp_path_factory.mktemp("languages") / "archive") as archive:
        archive.put(
            written(f"{about}-{language}", *both[language])
            for about, both in (("ferry", TEXTS), ("goats", OTHERS))
            for language in both
        )
        archive.embed()
        yield archive


def own(article: Article) -> str:
    return "\n".join(words_of(article, frozenset({"body"})))


def first(archive: Archive, text: str, by: By) -> str:
    return archive.search(Search(text=text, k=1, by=by))[0].article.file


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_detected(language: str) -> None:
    article = written("a", *TEXTS[language])
    assert (article.language, article.inferred["language"]) == (language, "detected")


@pytest.mark.parametrize(
    ("language", "ends"),
    [
        ("uk", ["п’ятницю.", "Інес Талл.", "повернеться пором?", "відомстві."]),
        ("es", ["de navegar.", "la Sra. Tull.", "algún día?", "del cierre."]),
        ("ar", ["عن العمل.", "لا تملك المال.", "تعود العبّارة؟", "لا أحد يعرف."]),
        ("zh", ["周五停运。", "付不起修理费。”", "塔尔说。", "渡轮会回来吗？", "北边的大桥。"]),
    ],
)
def test_sentences_end_where_the_language_ends_them(language: str, ends: list[str]) -> None:
    text = TEXTS[language][1]
    cut = [text[start:end] for start, end in sentences(text)]
    assert [one[-len(end) :] for one, end in zip(cut, ends, strict=True)] == ends


@pytest.mark.parametrize("language", TEXTS)
def test_a_long_article_is_split_at_sentences(language: str) -> None:
    article = written(
        "a", TEXTS[language][0], "\n\n".join([" ".join([TEXTS[language][1]] * 9)] * 2)
    )
    spans = sentences(article.text)
    ends = {end for _, end in spans}
    cut = [passage for passage in split(article, words=60) if passage.part == "body"]
    assert len(cut) > 2
    assert {passage.end for passage in cut} <= ends


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("Що оголосили в міністерстві про пороми?", "ferry-uk"),
        ("міністерства", "ferry-uk"),
        ("козам", "goats-uk"),
        ("П'ятниця", "ferry-uk"),
        ("дітям", "goats-uk"),
        ("¿Qué anunciaron sobre los transbordadores?", "ferry-es"),
        ("elección", "ferry-es"),
        ("cuidar una cabra", "goats-es"),
        ("anunciaron", "ferry-es"),
        ("los ninos", "goats-es"),
        ("ماذا قالت الوزارة عن عبارات هارومير؟", "ferry-ar"),
        ("للوزارة", "ferry-ar"),
        ("الأطفال والتفاح", "goats-ar"),
        ("قالت رئيسة بلديتها", "ferry-ar"),
        ("وشواطئ أو شاطئ", "goats-ar"),
        ("市长说渡轮什么时候停运？", "ferry-zh"),
        ("山羊", "goats-zh"),
        ("桥", "ferry-zh"),
        ("苹果和孩子", "goats-zh"),
        ("when will the ferries stop", "ferry-en"),
    ],
)
def test_inflected_words_find_their_article(filed: Archive, question: str, file: str) -> None:
    assert first(filed, question, "words") == file


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("пором у Гарроумірі зупиняють", "ferry-uk"),
        ("el viejo transbordador de Harrowmere", "ferry-es"),
        ("العبّارة القديمة في هارومير", "ferry-ar"),
        ("旧渡轮将于周五停运", "ferry-zh"),
    ],
)
def test_other_languages_are_searched_by_meaning(filed: Archive, question: str, file: str) -> None:
    assert first(filed, question, "meaning") == file


@pytest.mark.model
def test_other_words_of_the_language_find_what_means_the_same(tmp_path: Path) -> None:
    settings = IngestSettings(embedder="onnx:e5-small", models=cache_dir() / "models", threads=1)
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as archive:
        archive.use(load(settings))
        archive.put(
            written(f"{about}-{language}", *both[language])
            for about, both in (("ferry", TEXTS), ("goats", OTHERS))
            for language in both
        )
        archive.embed()
        asked = {
            "ferry-uk": "Чому більше не курсуватиме судно?",
            "goats-uk": "Тварини біля моря",
            "ferry-es": "¿Por qué dejará de funcionar el barco?",
            "goats-es": "animales junto al mar",
            "ferry-ar": "لماذا لن تبحر السفينة بعد الآن؟",
            "goats-ar": "حيوانات بجانب البحر",
            "ferry-zh": "船为什么不再开了？",
            "goats-zh": "海边的动物",
        }
        found = {file: first(archive, question, "meaning") for file, question in asked.items()}
        assert found == {file: file for file in asked}


def shares(question: str, printed: str) -> bool:
    """Tell whether a word of a question finds one that is printed."""
    terms = set(Words(Path("unused")).terms(question))
    return bool(terms & set(Words(Path("unused")).terms(spelt(printed, kept=True))))


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("п’ятниця", ["п'ятниця", "пʼятницю", "П`ятниці", "п’я\u0301тницею"]),
        ("сім’ї", ["сім'я", "сімʼями"]),
        ("ґанок", ["ганок", "ГАНОК"]),
        ("elección", ["eleccion", "ELECCIONES", "elecciones"]),
        ("niños", ["nino", "niño"]),
        ("إعلان", ["اعلان", "الإعلان", "والإعلانات", "إعلانه", "وبالإعلان"]),
        ("أمر", ["امر", "الأمر"]),
        ("مدينة", ["المدينه", "مدينتها", "مدينتنا", "للمدينة", "مَدِينَة", "مـدينة"]),
        ("مسؤول", ["مسئول", "المسؤولين", "ﻣﺴﺆﻭﻝ"]),
        ("مستشفى", ["مستشفي", "المستشفيات", "مستشفی"]),
        ("ووزير", ["وزير", "والوزير"]),
        ("بشارع", ["شارع", "الشارع"]),
        ("كتاب", ["کتاب", "الكتاب"]),
        ("عام ٢٠٢٤", ["2024", "۲۰۲۴"]),
        ("在2024年停运", ["2024年", "２０２４", "停运"]),
        ("Verkehrs\u00administerium", ["Verkehrsministerium"]),
    ],
)
def test_one_word_is_found_in_every_spelling(printed: str, words: list[str]) -> None:
    assert [word for word in words if not shares(word, printed)] == []


@pytest.mark.parametrize(
    ("printed", "word"),
    [("وزارة", "زارع"), ("كلمة", "كاتب"), ("п’ятниця", "ятниця"), ("渡轮", "轮渡")],
)
def test_other_words_are_not_taken_for_the_same(printed: str, word: str) -> None:
    assert not shares(word, printed)


def test_every_article_is_found_by_its_own_words(filed: Archive) -> None:
    numbers = [a for (a,) in filed.catalogue.connection.execute("SELECT a FROM articles")]
    found = [
        filed.words.holds("articles", a, filed.stems(own(article), all_words=True))
        for a, article in filed.catalogue.live(numbers)
    ]
    assert found == [True] * 10


def test_english_text_is_left_as_it_is() -> None:
    text = "“We can’t pay,” said Élodie Tull – the mayor – on 3/4."
    assert (spelt(text), stems(["pay"], "en"), stems(["pay"], None)) == (text, [], [])


def test_what_is_searched_holds_single_characters_too() -> None:
    assert spelt("5G网络在港口", kept=True).split() == [
        *("5G", "网络", "络在", "在港", "港口", "网", "络", "在", "港", "口")
    ]
    assert spelt("5G网络在港口").split() == ["5G", "网络", "络在", "在港", "港口"]


@given(text=st.text("aZ9_ .'’“–\u00a0\n\x00", max_size=200))
@example(text=f"{'a' * 59} {'b' * 60}")
def test_words_of_plain_letters_are_cut_as_all_others_are(text: str) -> None:
    assert [*forms(text), "e"] == forms(f"{text} é")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Señora Müller fährt", ["senora", "muller", "fahrt"]),
        ("Æsop ging die Straße entlang", ["aesop", "ging", "die", "strasse", "entlang"]),
        ("Der Hafen\u00adverband, l’été: 10 m³", ["der", "hafenverband", "l", "ete", "10", "m3"]),
    ],
)
def test_words_in_latin_letters_are_written_without_their_marks(
    text: str, words: list[str]
) -> None:
    assert forms(text) == words
    assert forms(f"{text} ł") == [*words, "l"]  # which no table of one byte a letter holds
