"""Follow-up questions: “and Morocco?”, “what next?”, told by their first words and length."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from assemblybot.text.arabic import fold

_FOLLOWS: Final = tuple(
    fold(phrase)
    for phrase in (
        "وماذا عن|ماذا عن|وماذا|وما|ومن|ومتى|وأين|وكم|وكيف|ولماذا|وهل|وبالنسبة|وعن|وفي|وشنو|وشحال|وفين|وعلاش|وكيفاش|وفوقاش|وشكون|وواش"
        "|w chno|w chnou|w fin|w ch7al|w 3lach|w kifach|w chkoun|w wach|w|ou|wa|what about|how about|and|but|also|so|et|qu'en est-il|mais"
        "|quid|et pour|et le|et la|y|e|pero|qué hay de|qué pasa con"
    ).split("|")
)
_CONTINUES: Final = frozenset(
    fold(phrase)
    for phrase in (
        "ثم|ثم ماذا|وبعد|وبعد ذلك|وماذا بعد|ماذا بعد|ماذا بعد ذلك|المزيد|أكمل|تابع|وبعدها|وغيرها|ماذا أيضا|وماذا أيضا|ومن بعد|من بعد|زيد|كمل"
        "|ومن بعد هادشي|شنو من بعد|w mn b3d|mn b3d|w men ba3d|men be3d|zid|kemmel|chno mn b3d"
        "|et ensuite|ensuite|et après|et puis|puis|la suite|quoi d'autre|quoi encore|encore|continue|plus"
        "|and then|then|then what|what next|next|and next|what else|more|go on|continue|tell me more"
        "|y luego|luego|y después|después|y qué más|qué más|más|continúa|sigue|y entonces"
    ).split("|")
)
_BACK_WORDS: Final = frozenset(
    fold(word)
    for word in (
        "هذا هذه ذلك تلك هو هي هم فيها فيه عنه عنها منه منها له لها هناك هادشي هاد هوما dakchi hadchi "
        "it they them this that those these there he she his her its their il elle ils elles cela ça celui celle"
        " leur y eso esto él ella ellos ese esa su sus"
    ).split()
)
_FEW_WORDS: Final = 7


class FollowUp(StrEnum):
    """How a question leans on the one before it."""

    CONTINUES = "continues"
    REFERS = "refers"


def follow_up(text: str) -> FollowUp | None:
    """Whether `text` asks for what comes next, leans on the question before, or stands alone."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", fold(text))
    joined = " ".join(words)
    if joined in _CONTINUES:
        return FollowUp.CONTINUES
    if len(words) > _FEW_WORDS:
        return None
    if any(joined.startswith(phrase + " ") for phrase in _FOLLOWS):
        return FollowUp.REFERS
    return FollowUp.REFERS if any(word in _BACK_WORDS for word in words) else None
