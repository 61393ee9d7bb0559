"""The ways people mistype: training text is sometimes passed through one of them."""

from __future__ import annotations

import random
import re
import unicodedata

_ARABIC = re.compile(r"[\u0621-\u064a]")
_NEIGHBOURS = {"ض": "ظ", "ظ": "ض", "ذ": "د", "ث": "ت", "ص": "س", "ق": "ك", "ؤ": "و", "ئ": "ي"}
#: Arabizi spellings of the same sound
_ARABIZI = [
    ("3", "a"), ("7", "h"), ("9", "q"), ("9", "k"), ("ch", "sh"), ("sh", "ch"), ("kh", "5"),
    ("5", "kh"), ("gh", "4"), ("ou", "o"), ("o", "ou"), ("i", "e"), ("e", ""), ("a", "e"),
    ("aa", "a"), ("dyal", "dial"), ("dyal", "d"), ("wach", "wesh"), ("ll", "l"), ("2", ""),
]  # fmt: skip
#: little words a keyword query leaves out
_LITTLE_WORDS = """
    في من على إلى عن أن إن هو هي ما ماذا هل التي الذي هذا هذه كان و أو ثم قد لقد
    de la le les des du un une et est en que qui à au aux dans par pour sur ce cette
    el los las y es del al se lo por para con una como su the of and is are to in a an
    dyal f li fi had hadi واش شنو ديال هاد اللي ف
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())


def typo(text: str, chance: random.Random) -> str:
    """Drops, doubles or swaps one letter of a word of five letters or more."""
    words = text.split()
    long = [i for i, word in enumerate(words) if len(word) >= 5]
    if not long:
        return text
    index = chance.choice(long)
    word, at = words[index], chance.randrange(1, len(words[index]) - 1)
    changed = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    words[index] = chance.choice(changed)
    return " ".join(words)


def keywords(text: str, _chance: random.Random) -> str:
    """Only the words that carry meaning, without punctuation."""
    bare = re.sub(r"[^\w\s]", " ", text).split()
    return " ".join(word for word in bare if word.lower() not in _LITTLE) or text


def misspelt_arabic(text: str, chance: random.Random) -> str:
    """Letters that are often confused in writing."""
    return "".join(_NEIGHBOURS[c] if c in _NEIGHBOURS and chance.random() < 0.3 else c for c in text)


def respelt_arabizi(text: str, chance: random.Random) -> str:
    """The same sounds in another of the spellings in use."""
    for old, new in chance.sample(_ARABIZI, 3):
        text = text.replace(old, new)
    return text


def plain(text: str, _chance: random.Random) -> str:
    """Lower case, without accents or closing punctuation."""
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in letters if not unicodedata.combining(c)).rstrip("?؟.! ")


def disturb(text: str, lang: str, chance: random.Random) -> str:
    """One disturbance fit for the language."""
    ways = [typo, keywords, plain]
    if lang == "ary_latn":
        ways += [respelt_arabizi, respelt_arabizi]
    elif _ARABIC.search(text):
        ways.append(misspelt_arabic)
    return chance.choice(ways)(text, chance) or text
