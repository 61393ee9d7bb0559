"""References to the divisions of a text by word and number: “Article 14”, “cláusula undécima”, “المادة 5”.

The word and the number may be of any of five languages: a question in English finds the clause of a
contract in Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
_NUMBER_OF: Final = {
    **{word: n for named in _ORDINALS for n, word in enumerate(named.split(), start=1)},
    **{f"{word} عشره": n for n, word in enumerate(_TEENS[0].split(), start=11)},
    **{f"{word} عشر": n for n, word in enumerate(_TEENS[1].split(), start=11)},
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
    rf"(?P<number>{_DIGITS}|{_ORDINAL}|{_LETTERS})(?:er|re)?(?!\w)"
    rf"|(?P<ordinal>{_ORDINAL})\s+(?P<named>{_WORD})(?!\w))"
)
# “3.2 Scope”, “4. Findings”, “4 Safety” (but not “10 things to know”), “Octava. Animales”.
_BEFORE_TITLE: Final = re.compile(
    r"\d{1,3}(?:\.\d{1,3})+(?=[.)]?\s)|\d{1,3}(?=[.)]\s)|\d{1,2}(?=\s+[^\W\d_a-zà-ÿء-ي])"
)
_ORDINAL_TITLE: Final = re.compile(rf"(?:{_ORDINAL})(?=\s*(?:$|[.:)–—-]))")


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


def names_of_heading(heading: str) -> tuple[str, ...]:
    """What the division below a heading may be called; none where it has no number."""
    folded = fold(heading)
    if (found := _REFERENCE.match(folded)) and found["word"]:
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
