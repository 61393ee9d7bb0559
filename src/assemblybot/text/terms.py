"""What the lexical retriever indexes and looks up: words, stems, skeletons."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Final

import Stemmer

from assemblybot.text.arabic import fold, is_arabic
from assemblybot.text.arabizi import arabic_skeleton, arabizi_skeleton
from assemblybot.text.language import Language

_WORD = re.compile(r"[^\W_]+")
_STEMMERS: Final[dict[Language, str]] = {
    "ar": "arabic",
    "ary": "arabic",
    "fr": "french",
    "en": "english",
    "es": "spanish",
}
# What a Darija question word says in standard Arabic; `""` says nothing by itself.
_DARIJA_TO_ARABIC: Final = {
    fold(darija): arabic
    for darija, arabic in {
        "شكون": "من",
        "فين": "اين",
        "فاين": "اين",
        "منين": "اين",
        "فوقاش": "متي",
        "وقتاش": "متي",
        "امتا": "متي",
        "شحال": "كم",
        "علاش": "لماذا",
        "كيفاش": "كيف",
        "شنو": "ما",
        "اشنو": "ما",
        "شنوهوما": "ما",
        "اش": "ما",
        "واش": "هل",
        "ديال": "",
        "ديالو": "",
        "ديالها": "",
        "ديالهم": "",
        "هاد": "",
        "هادو": "",
        "هادشي": "",
        "اللي": "",
        "لي": "",
        "غادي": "",
        "باش": "",
        "راه": "",
    }.items()
}
# Clitics that Arabic writes joined to the word, longest first; dropped for one more surface.
_CLITIC = re.compile(r"^(?:وبال|وال|بال|كال|فال|ولل|لل|ال|و|ف|ب|ل|ك)(?=[^\W\d_]{3})")


def words(text: str) -> list[str]:
    """Folded words of `text`, in order."""
    return _WORD.findall(fold(text))


def word_terms(text: str, language: Language) -> list[str]:
    """Surfaces, stems (`=stem`) and, where Arabic and Arabizi meet, skeletons (`~mtmr`)."""
    terms: list[str] = []
    for word in words(text):
        if language in ("ary", "ary-Latn"):
            word = _DARIJA_TO_ARABIC.get(word, word)
            if not word:
                continue
        terms.append(word)
        if is_arabic(word[0]):
            bare = _CLITIC.sub("", word)
            terms.append("=" + _stem("arabic", bare))
            skeleton = arabic_skeleton(word)
        else:
            skeleton = arabizi_skeleton(word) if language == "ary-Latn" else None
            if language in _STEMMERS and not word.isdecimal():
                latin = "english" if language in ("ar", "ary") else _STEMMERS[language]
                terms.append("=" + _stem(latin, word))
        if skeleton:
            terms.append("~" + skeleton)
    return terms


_lock = threading.Lock()


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


def _stem(algorithm: str, word: str) -> str:
    """One stem; PyStemmer's objects are not safe to share between threads, hence the lock."""
    with _lock:
        stem: str = _stemmer(algorithm).stemWord(word)
    return stem
