"""Keeps the appended tokens from cutting English differently than MiniLM does.

WordPiece takes the longest token that the rest of a word begins with. With the Spanish "pelo" in the
vocabulary, "Pelosi" is no longer ``pe ##los ##i`` but ``pelo ##si``, which MiniLM has never seen.
Over the English words of wordfreq (R. Speer, 2022, doi:10.5281/zenodo.7199437), appended endings that
do so are left out, and so are appended words that English uses about as much; the other words
become tokens that match whole words only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import wordfreq
from tokenizers import Tokenizer

#: a word at least this often in English, for each time in French or Spanish, counts as English
ENGLISH_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Recut:
    """Tokens to leave out, and tokens that may match whole words only."""

    dropped: frozenset[str]
    whole: frozenset[str]


def frequencies(lang: str) -> dict[str, float]:
    """Share of each word of a language in all its text."""
    return dict(wordfreq.get_frequency_dict(lang, wordlist="best"))


def recut(tokenizer: Tokenizer, minilm: Tokenizer, appended: Iterable[str]) -> Recut:
    """Which of the `appended` tokens cut English words differently, and what becomes of them."""
    fresh = set(appended)
    english, french, spanish = (frequencies(lang) for lang in ("en", "fr", "es"))
    words = sorted(word for word in english if word.isascii() and word.isalpha())
    cuts = tokenizer.encode_batch(words, add_special_tokens=False)
    wanted = minilm.encode_batch(words, add_special_tokens=False)
    taken: set[str] = set()
    inside: set[str] = set()
    for word, cut, right in zip(words, cuts, wanted, strict=True):
        if cut.tokens != right.tokens:
            found = fresh.intersection(cut.tokens)
            taken |= found & {word}
            inside |= found - {word}
    dropped = {token for token in inside if token.startswith("##")}
    for word in taken:
        abroad = max(french.get(word, 0.0), spanish.get(word, 0.0))
        if english[word] >= ENGLISH_SHARE * abroad:
            dropped.add(word)
    return Recut(frozenset(dropped), frozenset(inside - dropped))
