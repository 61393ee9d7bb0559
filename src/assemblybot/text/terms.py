"""What the lexical retriever indexes and looks up: words, stems, and skeletons of consonants.

Arabizi writes short vowels that Arabic leaves out, and writers disagree on which; consonants are far
steadier. Both scripts are therefore reduced to the same coarse Latin consonants: `lmo2tamar` and
المؤتمر both become `mtmr`.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Final

import Stemmer

from assemblybot.text.arabic import fold, is_arabic, words
from assemblybot.text.language import Language

# The stemmer of Latin words in a text of each language.
_STEMMERS: Final[dict[Language, str]] = {
    "ar": "english",
    "ary": "english",
    "fr": "french",
    "en": "english",
    "es": "spanish",
}
# Darija words that ask, by what they mean in standard Arabic; and those that say nothing by themselves.
_DARIJA: Final = {
    "من": "شكون",
    "اين": "فين فاين منين",
    "متي": "فوقاش وقتاش امتا",
    "كم": "شحال",
    "لماذا": "علاش",
    "كيف": "كيفاش",
    "ما": "شنو اشنو شنوهوما اش",
    "هل": "واش",
    "": "ديال ديالو ديالها ديالهم هاد هادو هادشي اللي لي غادي باش راه",
}
_DARIJA_TO_ARABIC: Final = {fold(word): arabic for arabic, words in _DARIJA.items() for word in words.split()}
# Clitics that Arabic writes joined to the word, longest first; stems are taken without them.
_CLITIC = re.compile(r"^(?:وبال|وال|بال|كال|فال|ولل|لل|ال|و|ف|ب|ل|ك)(?=[^\W\d_]{3})")

# Each consonant of a skeleton with the letters that become it; vowels and the glottal stop are dropped.
_ARABIC_CONSONANTS: Final = str.maketrans(
    {
        letter: consonant
        for pair in "b=ب t=تثط j=ج h=حه K=خ d=دذضظ r=ر z=ز s=سص X=ش A=ع G=غ f=ف q=ق k=ك l=ل m=م n=ن".split()
        for consonant, _, letters in [pair.partition("=")]
        for letter in letters
    }
    | dict.fromkeys("اويء")
)
_ARABIZI_CONSONANTS: Final = str.maketrans("3456789vpcx", "AGKthhqfbkX", "2aeiouyw'")
_DIGRAPHS: Final = {"tch": "X", "ch": "X", "sh": "X", "kh": "K", "gh": "G", "th": "t", "dh": "d"}
_ARTICLE = re.compile(r"^(?:و?(?:بال|كال|فال|وال|لل|ال))(?=..)")
_ARABIZI_ARTICLE = re.compile(r"^(?:w?(?:bl|fl|l|el|al))-?(?=[^aeiou]?[a-z0-9]{3})")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST_SKELETON: Final = 3


def word_terms(text: str, language: Language) -> list[str]:
    """Words, stems (`=stem`) and, where Arabic and Arabizi meet, skeletons (`~mtmr`)."""
    return [term for word in words(text) for term in _terms_of(word, language)]


@lru_cache(maxsize=1 << 15)
def _terms_of(word: str, language: Language) -> tuple[str, ...]:
    """The terms of one word; those of a corpus and its questions come again and again."""
    if language in ("ary", "ary-Latn"):
        word = _DARIJA_TO_ARABIC.get(word, word)
        if not word:
            return ()
    terms = [word]
    skeleton: str | None = None
    if is_arabic(word[0]):
        terms.append("=" + _stem("arabic", _CLITIC.sub("", word)))
        skeleton = arabic_skeleton(word)
    elif language == "ary-Latn":
        skeleton = arabizi_skeleton(word)
    elif not word.isdecimal():
        terms.append("=" + _stem(_STEMMERS[language], word))
    if skeleton:
        terms.append("~" + skeleton)
    return tuple(terms)


def arabic_skeleton(word: str) -> str | None:
    """Consonants of one Arabic word without article; `None` when too few are left to tell."""
    bare = _ARTICLE.sub("", fold(word)).removesuffix("ه")
    return _skeleton(bare.translate(_ARABIC_CONSONANTS))


def arabizi_skeleton(word: str) -> str | None:
    """Consonants of one Arabizi word without article; `None` when too few are left to tell."""
    bare = _ARABIZI_ARTICLE.sub("", fold(word))
    for letters, consonant in _DIGRAPHS.items():
        bare = bare.replace(letters, consonant)
    return _skeleton(bare.translate(_ARABIZI_CONSONANTS))


def _skeleton(consonants: str) -> str | None:
    short = _DOUBLED.sub(r"\1", consonants)
    return short if len(short) >= _SHORTEST_SKELETON and short.isalpha() else None


_lock = threading.Lock()


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


def _stem(algorithm: str, word: str) -> str:
    """One stem; PyStemmer's objects are not safe to share between threads, hence the lock."""
    with _lock:
        stem: str = _stemmer(algorithm).stemWord(word)
    return stem
