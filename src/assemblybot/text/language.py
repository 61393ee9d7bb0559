"""Which language a question is in: Arabic, Darija (two scripts), French, English or Spanish.

Script decides first; Darija is told from Arabic, and Arabizi from European languages, by
their function words and by digits that stand for letters (`ch7al`, `3lach`). What is left
goes to py3langid, restricted to the three European languages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, get_args

from assemblybot.text.arabic import arabic_share, fold, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Language = Literal["ar", "ary", "ary-Latn", "fr", "en", "es"]
InterfaceLanguage = Literal["ar", "fr", "en", "es"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
INTERFACE_LANGUAGES: Final[tuple[InterfaceLanguage, ...]] = get_args(InterfaceLanguage)
#: Each language in its own name.
LANGUAGE_NAMES: Final[dict[str, str]] = {
    "ar": "العربية",
    "ary": "الدارجة",
    "ary-Latn": "Darija",
    "fr": "Français",
    "en": "English",
    "es": "Español",
}

_DARIJA: Final = frozenset(
    fold(word)
    for word in (
        "شنو شنا شناهي شنوهي شنوهو اش أشنو فين فاين منين فوقاش وقتاش امتا شحال بشحال علاش علاياش كيفاش"
        " شكون شمن واش ديال ديالو ديالها ديالهم ديالنا ديالي ديالك ديالكم هاد هاذ هادي هادو هادشي داك ديك"
        " دوك اللي غادي غدي غاتكون ماشي بزاف شوية شي كاين كاينة كاينين مكاينش ماكاينش عندو بغيت بغا بغاو"
        " حيت حيتاش باش ملي فاش دابا تا راه راها راهم مزيان خاصنا خاصهم خاصو دارو دارت كيدير كيديرو"
        " كايدير جاو جا هضر هضرو هضرات سالا معامن لاش فاللخر هوما حنا نتا نتي كول عافاك وخا الحوايج كيقول"
        " كيقولو تقالت شنهو شنهي علاه"
    ).split()
)
# The present of a verb: “كيخدم”, “كايديرو”.
_DARIJA_VERB: Final = re.compile(r"كا?ي[ا-ي]{3,}")
# Nouns and names that begin like one, with the endings of nouns: “كيلومترات”, “كيميائية”.
_NOUNS: Final = (
    "كيفي كيفما كيان كيس كيلو كيلومتر كيلوميتر كيلوغرام كيلوجرام كيلوكرام كيلوواط كيلوهرتز كيلوبايت كيميا"
    " كيمياء كيميائي كيمياوي كيماوي كيوي كيروسين كيني كينيا كينشاسا كيغالي كيوتو كيبيك كيرغيزستان"
).split()
_NOUN: Final = re.compile(rf"(?:{'|'.join(map(fold, _NOUNS))})(?:ا|ات|ان|ين|ه|ي|يه|يا|يات|يون|يين|ها|هم|نا)?")

_ARABIZI: Final = frozenset(
    "salam slm chokran choukran chukran bslama labas wach wesh ach achno achnou chno chnou chnu chnowa"
    " shno shnu chnahuwa chnahiya chniya feen mnin mnine foqach fo9ach foqash fo9ash wa9tach imta emta"
    " imtach ch7al chhal sh7al chehal bch7al 3lach 3lash alach 3liyach kifach kifash chkoun chkon shkoun"
    " chkun dyal dyalo dialo dyalha dyalhom dialhom dyalna hadi hado hadchi hadshi dak dik lli ghadi"
    " ghada ghatkon machi bzaf bezzaf chwiya kayn kayna kaynin makaynch kant kano 3ndo 3ndha 3ndhom andou"
    " bghit bgha bghaw 7it bach mli melli fach daba 7ta rah raha rahom mzyan khas khass khassna khasna"
    " khashom daro dart kaydir kaydiro jaw ja hdr hdro hadro gal galo 9al 9alo sala bda m3amn lach mn 3la"
    " 3and dawla dowal lmghrib lmaghrib maghrib lmgrib bladna homa huma nta nti wla wella kol afak 3afak"
    " wakha 7aja haja ila walakin bhal b7al ghir lma9al maqal lmaqal mo2tamar lmo2tamar lkatib katib ktb"
    " kteb lijtima3 ijtima3 smit smiya kifesh 3lih ina achmen chmen wqtach nhar walo walou fhemt khassni"
    " khasshom khasso ghaykoun kaygol kaygoul kaygolo tkalmo hadra jam3iya".split()
)
# Arabizi that other languages have too: no evidence by itself.
_SHARED = frozenset("had fin fine li men ash dar f ta hit bash wash chi kan dial hna fl bla la".split())
# A digit for a letter: inside a word, or before one; not `93e`, `24h`, `3D`, `2nd`, nor a code such as `E2`.
_DIGIT_LETTER = re.compile(r"\b(?:[a-z]{2,}[23579][a-z]*|[a-z][23579][a-z]+|[23579][a-z]{2,})\b")
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th|e|er|eme|ere|h|d|g|k|m|km|kg|px|pm|am|bis|ieme)\b")
_FEW_WORDS: Final = 2
# What is written alike in several languages, in Latin script: laughter, words without a vowel or of three
# letters, however often a letter is repeated (“loool”, “mdr”, “hahaha”, “ok”).
_SOUND: Final = re.compile(r"[a-z]{1,3}|[b-df-hj-np-tv-xz]+|([a-z]{2,3})\1+[a-z]?")
_AGAIN: Final = re.compile(r"(.)\1{2,}")
# A word of one language alone has this probability of it, by the statistical model.
_SURELY: Final = 0.7
_ONLY_SPANISH: Final = re.compile("[¿¡ñáíóú]")
_ONLY_FRENCH: Final = re.compile("[èêçàùâîôûœë]|\\b(?:qu|l|d|n|s|c|j|t|m)['’]")
_FUNCTION_WORDS: Final[dict[InterfaceLanguage, frozenset[str]]] = {
    "fr": frozenset(
        "merci bonjour bonsoir salut coucou revoir slt bjr bsr stp svp bcp"
        " qui que quoi quel quelle quels quelles quand ou combien comment pourquoi est-ce qu est ce"
        " le la les des du de et en au aux une un dans sur pour par avec il elle ils c d l s n a-t"
        " ce cette son sa ses mon ma mes notre nos votre vos ne pas plus sont".split()
    ),
    "en": frozenset(
        "hello hi hey thanks thank you bye goodbye help"
        " who what which when where how many why is are was were did does do the of and in on for"
        " by with about tell me list it they there that this to from".split()
    ),
    "es": frozenset(
        "hola gracias adios buenas buenos dias tardes ayuda porfa"
        " quien quienes que cual cuales cuando donde cuanto cuantos cuanta cuantas como por el los"
        " la las del de y en al una un sobre para con sin se su sus mi mis lo ha han hay es son fue"
        " este esta muy pero hasta desde entre".split()
    ),
}


def identify(text: str, default: Language | None = None) -> Language:
    """The language of `text`.

    `default` is taken where nothing tells: in a text without letters, or of a word or two that are not
    of one language alone (“ok”, “lol”, “ومتى؟” in a conversation in Darija).
    """
    folded, said = fold(text), words(text)
    if not any(char.isalpha() for char in folded):
        return default or "en"
    few = len(said) <= _FEW_WORDS or all(map(_is_sound, said))
    if arabic_share(text) >= 0.2:
        return "ary" if _is_darija(said) or (few and default == "ary") else "ar"
    if _is_arabizi(folded, said):
        return "ary-Latn"
    return _european(text, said, default if few else None)


def load() -> None:
    """Load the statistical model now, rather than with the first text that needs it."""
    _identifier()


def known_language(code: str | None) -> InterfaceLanguage | None:
    """`code` when it is an interface language."""
    return next((language for language in INTERFACE_LANGUAGES if language == code), None)


def interface_language(language: Language) -> InterfaceLanguage:
    """The language in which the bot speaks to someone who asked in `language`."""
    if language == "ary" or language == "ary-Latn":
        return "ar"
    return language


def translation_language(language: str) -> str:
    """The language of the translations for someone who asked in `language`."""
    return "ary" if language == "ary-Latn" else language


def reads(language: Language, written: str) -> bool:
    """Whether someone who asked in `language` reads what is `written` in a language: Darija and Arabic are
    read alike."""
    read = interface_language(language)
    return written == read or (read == "ar" and written in ("ary", "ary-Latn"))


def _is_sound(word: str) -> bool:
    return _SOUND.fullmatch(_AGAIN.sub(r"\1", word)) is not None


def _is_darija(words: list[str]) -> bool:
    if any(word in _DARIJA or (len(word) > 3 and word.removeprefix("و") in _DARIJA) for word in words):
        return True
    return any(_DARIJA_VERB.fullmatch(word) and not _NOUN.fullmatch(word) for word in words)


def _is_arabizi(folded: str, words: list[str]) -> bool:
    digits = _DIGIT_LETTER.findall(_ORDINAL.sub(" ", folded))
    sure = sum(word in _ARABIZI for word in words)
    shared = sum(word in _SHARED for word in words)
    return sure + len(digits) >= 1 and 6 * (sure + len(digits)) + shared >= len(words)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en", "es"])
    return identifier


def _european(text: str, words: list[str], default: Language | None) -> Language:
    """French, English or Spanish: letters only one of them has, then function words, and only
    on a tie the statistical model, which takes half a second to load. Where that is unsure, `default`."""
    lowered = text.lower()
    if _ONLY_SPANISH.search(lowered):
        return "es"
    if _ONLY_FRENCH.search(lowered):
        return "fr"
    hits = {lang: sum(word in known for word in words) for lang, known in _FUNCTION_WORDS.items()}
    ranked = sorted(hits, key=lambda lang: -hits[lang])
    if hits[ranked[0]] > hits[ranked[1]]:
        return ranked[0]
    if all(map(_is_sound, words)):
        return default or "en"
    found: InterfaceLanguage
    found, probability = _identifier().classify(text)
    unsure = probability < _SURELY or default == "ary-Latn"
    return default if default and unsure else found
