"""References to the divisions of a text by word and number: “Article 14”, “cláusula undécima”, “المادة 5”.

The word and the number may be of any of five languages: a question in English finds the clause of a
contract in Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, NamedTuple

from assemblybot.text.arabic import fold

# Kinds of divisions with the words for them; الفصل is an article in Morocco, a chapter elsewhere.
_KINDS: Final = {
    "article": "article art clause rule clausula articulo regla regle الماده ماده البند الفصل madda lmadda",
    "chapter": "chapter chapitre capitulo الفصل الباب",
    "section": "section seccion القسم الفرع",
    "part": "part partie parte الجزء",
    "title": "titre titulo",
    "annex": "annex appendix annexe anexo الملحق",
}
#: What a number alone before a title may be called: “3.2 Scope”.
_NUMBERED: Final = ("article", "chapter", "section")
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "premiere deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme"
    " douzieme treizieme quatorzieme quinzieme seizieme dix-septieme dix-huitieme dix-neuvieme vingtieme",
    "premier seconde",
    "primera segunda tercera cuarta quinta sexta septima octava novena decima undecima duodecima"
    " decimotercera decimocuarta decimoquinta decimosexta decimoseptima decimoctava decimonovena vigesima",
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo"
    " decimotercero decimocuarto decimoquinto decimosexto decimoseptimo decimoctavo decimonoveno vigesimo",
    "الاولي الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه العاشره",
    "الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
)
_TEENS: Final = (
    "الحاديه الثانيه الثالثه الرابعه الخامسه السادسه السابعه الثامنه التاسعه",
    "الحادي الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع",
)
_TENS: Final = "عشر ثلاث اربع خمس ست سبع ثمان تسع"
_NUMBER_OF: Final = {
    **{word: n for named in _ORDINALS for n, word in enumerate(named.split(), start=1)},
    **{f"{word} عشره": n for n, word in enumerate(_TEENS[0].split(), start=11)},
    **{f"{word} عشر": n for n, word in enumerate(_TEENS[1].split(), start=11)},
    **{f"ال{ten}{end}": n * 10 for n, ten in enumerate(_TENS.split(), start=2) for end in ("ون", "ين")},
    **{
        f"{unit} وال{ten}{end}": n * 10 + m
        for n, ten in enumerate(_TENS.split(), start=2)
        for end in ("ون", "ين")
        for units in _TEENS
        for m, unit in enumerate(units.split(), start=1)
    },
}
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=lambda word: (-len(word), word)))


_WORD: Final = _any_of(word for words in _KINDS.values() for word in words.split())
_ORDINAL: Final = _any_of(_NUMBER_OF)
_DIGITS: Final = r"\d{1,4}(?:[.\-/]\d{1,4})*"
# A Latin “i” is a number only where nothing follows that it could belong to.
_LETTERS: Final = r"[ivxlc]{2,7}|[vx]|i(?=\s*(?:$|[.:)–—-]))"
_REFERENCE: Final = re.compile(
    rf"(?<!\w)(?:(?P<word>{_WORD})\.?\s+(?:(?:n[°o]|number|numero|رقم)\.?\s*)?"
    rf"(?P<number>{_DIGITS}|{_ORDINAL}|{_LETTERS})(?:ere?|re|[oa°])?(?!\w)"
    rf"|(?P<ordinal>{_ORDINAL})\s+(?P<named>{_WORD})(?!\w))"
)
# “3.2 Scope”, “4. Findings”, “4 Safety” (but not “10 things to know”), “Octava. Animales”.
_BEFORE_TITLE: Final = re.compile(
    r"\d{1,3}(?:\.\d{1,3})+(?=[.)]?\s)|\d{1,3}(?=[.)]\s)|\d{1,2}(?=\s+[^\W\d_a-zà-ÿء-ي])"
)
_ORDINAL_TITLE: Final = re.compile(rf"(?:{_ORDINAL})(?=\s*(?:$|[.:)–—-]))")
#: A heading by word and number, up to where its text begins: “Article 14.”, “المادة 5:”, “Première partie”.
_HEADING: Final = re.compile(
    rf"(?:(?:{_WORD})\.?\s+(?:{_DIGITS}|{_ORDINAL}|[ivxlc]+|unic[oa]|unique)"
    rf"(?: ?(?:bis|ter|quater|ere?|re|[oa°]|مكرر))?|(?:{_ORDINAL})\s+(?:{_WORD}))"
    r"(?:\s*(?:[.:)]\s*[-–—]?|[-–—])(?=\s|$)|(?=\s*$))"
)
#: No heading by word and number is longer, in characters.
_LONGEST: Final = 80


class Reference(NamedTuple):
    """`names` are what the division may be called, such as “article 14”; `rest` is the text without it."""

    names: tuple[str, ...]
    rest: str


def referred(text: str) -> Reference | None:
    """The first division that a text refers to."""
    folded = fold(text)
    found = _REFERENCE.search(folded)
    if found is None:
        return None
    return Reference(_names(found), f"{folded[: found.start()]} {folded[found.end() :]}")


def division_end(block: str) -> int:
    """Where the heading ends in a block that begins with one by word and number; else 0.

    “Article 14. Everyone may …”, “المادة 5: …”: the name of the division is a heading of its own
    when text follows. A sentence that only begins so (“Article 14 says …”) is none.
    """
    folds = [fold(char) for char in block[:_LONGEST]]
    match = _HEADING.match("".join(folds))
    if match is None:
        return 0
    ends = accumulate(map(len, folds))
    return next(at for at, end in enumerate(ends, start=1) if end >= match.end())


def names_of_heading(heading: str) -> tuple[str, ...]:
    """What the division below a heading may be called; none where it has no number."""
    folded = fold(heading)
    if (found := _REFERENCE.match(folded)) and (found["word"] or division_end(heading)):
        return _names(found)
    numbered = _BEFORE_TITLE.match(heading) or _ORDINAL_TITLE.match(folded)
    return tuple(f"{kind} {_number(fold(numbered.group()))}" for kind in _NUMBERED) if numbered else ()


def _names(found: re.Match[str]) -> tuple[str, ...]:
    """What the division of a match of `_REFERENCE` may be called."""
    word, number = found["word"] or found["named"], _number(found["number"] or found["ordinal"])
    return tuple(f"{kind} {number}" for kind, words in _KINDS.items() if word in words.split())


def _number(said: str) -> str:
    """A number in digits: “3.2”, “11” for “undécima”, “4” for “IV”."""
    if said[0].isdecimal():
        return re.sub(r"[-/]", ".", said)
    if said in _NUMBER_OF:
        return str(_NUMBER_OF[said])
    values = [_ROMAN[letter] for letter in said]
    after = [*values[1:], 0]
    return str(sum(-one if one < following else one for one, following in zip(values, after, strict=True)))
