"""Traditional Mongolian: the catalogue is what the lexicon says, and is well formed where that can be told."""

import re

import polib
import pytest

from scripts import messages, mongol

pytestmark = pytest.mark.embedded
KEPT = re.compile(r"<[^>]*>|%\(\w+\)s|%%|\{[^{}]*\}|&\w+;|https?://\S+")
BACK, FRONT = re.compile("[ᠠᠣᠤ]"), re.compile("[ᠡᠥᠦ]")
CASES = """
yin un ün u ü i yi du dü tu tü aca ece bar ber iyar iyer tai tei ban ben iyan iyen dagan degen tagan tegen acagan ecegen
ud üd nugud nügüd yinki unki ünki uki üki daki deki
"""
ENDINGS = frozenset(mongol.letters(ending) for ending in CASES.split())


def entries(domain):
    book = polib.pofile(str(messages.catalogue("mvf", domain)))
    cyrillic = {entry.msgid: entry.msgstr for entry in polib.pofile(str(messages.catalogue("mn", domain)))}
    return [(entry, cyrillic[entry.msgid]) for entry in book]


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_a_sentence_is_what_the_lexicon_makes_of_the_cyrillic_or_says_that_it_is_by_hand(domain):
    for entry, cyrillic in entries(domain):
        derived = mongol.traditional(cyrillic)  # an Unknown word wants a line in locale/mvf/words.txt
        assert (entry.msgstr == derived) != (entry.tcomment == messages.BY_HAND), entry.msgid
        assert entry.tcomment in ("", messages.BY_HAND)


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_sentence_keeps_its_holes_and_tags_and_is_in_its_own_letters(domain):
    for entry, cyrillic in entries(domain):
        said = entry.msgstr
        assert set(KEPT.findall(said)) == set(KEPT.findall(entry.msgid)), entry.msgid
        if entry.tcomment != messages.BY_HAND:
            assert sorted(KEPT.findall(said)) == sorted(KEPT.findall(cyrillic)), entry.msgid
        assert not re.search("[\u0400-\u04ff]", said), said
        assert set(messages.HAN.findall(said)) <= set(messages.HAN.findall(cyrillic)), said  # the platform's sign
        bare = KEPT.sub("x", said)
        assert "  " not in bare and " \u202f" not in bare, said


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_a_suffix_is_one_there_is_and_has_the_vowels_of_its_word(domain):
    for entry, _ in entries(domain):
        for word in re.findall("[\u180b-\u180e\u1820-\u18aa]+(?:\u202f[\u180b-\u180e\u1820-\u18aa]+)+", entry.msgstr):
            stem, *endings = word.split("\u202f")
            assert set(endings) <= ENDINGS, word
            told = re.findall("[ᠠᠣᠤᠡᠥᠦᠧ]", stem)
            back = bool(told) and bool(BACK.search(told[-1]))
            for ending in endings:
                assert not (FRONT if back else BACK).search(ending), word


def test_a_stem_stands_once_and_has_vowels_of_one_kind_unless_it_came_from_abroad():
    lines = mongol.lexicon()
    keys = [(stem.cyrillic, stem.verb) for stem in lines]
    assert sorted(keys) == sorted(set(keys))
    for stem in lines:
        assert set(stem.spelling.replace("ng", "N")) <= set(mongol.LETTERS), stem
        for word in re.split("[ ~]", stem.spelling) if stem.sure else ():
            assert not (set(word) & set("aou") and set(word) & set("eöü")), stem


def spelled(cyrillic):
    latin = {sign: letter for letter, sign in mongol.LETTERS.items() if letter != "k"}
    said = mongol.traditional(cyrillic).replace("ᠳ\u180b", "D")
    return "".join(latin.get(sign, sign) for sign in said).replace("N", "ng").replace("q", "k")


@pytest.mark.parametrize(
    ("cyrillic", "spelling"),
    [
        ("үнийн, үсгийг", "ün_e~yin᠂ üsüg~i"),  # a last vowel dropped, a fleeting one
        ("зогсож, зогсоож", "jogsuju᠂ jogsugaju"),  # to stop, to make stop
        ("хүнд, өдөрт", "kümün~dü᠂ edür~tü"),
        ("хугацаандаа биш", "kugucag_a~dagan bisi"),
        ("Нээгээгүй.", "negegsen ügei᠃"),
        ("шалгана уу", "silgagarai"),  # a request
        ("шалгаж болох уу?", "silgaju bolku uu?"),
        ("{n}-р хувилбар: %(day)s-аас", "{n} Dugar keblel᠄ %(day)s~aca"),
        ("%(n)s дахь, бүртгэл дэх", "%(n)s Dugar᠂ büridkel~deki"),
        ("нийтийн бүртгэлд <b>1,5</b> юань", "ile temdeglel~dü <b>1,5</b> yuwan"),
        ("хэн ч, юу ч", "ken cü᠂ yagu cu"),
    ],
)
def test_endings_follow_the_stem(cyrillic, spelling):
    assert spelled(cyrillic) == spelling


def test_what_no_stem_explains_is_not_guessed():
    with pytest.raises(mongol.Unknown, match="ямаан"):
        mongol.traditional("Хар ямаан")
