"""The tail of a web page below pasted text: closing labels, links, loading marks, cookie notice.

A text file is its owner's, and every line of it counts. Only when its last lines hold what
nothing but a web page has (a loading mark, a cookie notice under closing labels) are they left out,
and whoever adds the file is told. Nothing here knows a site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assemblybot.text.arabic import fold

_LABELS: Final = frozenset(
    fold(
        "شاهد أيضا|اقرأ أيضا|قد يعجبك أيضا|مواضيع ذات صلة|مقالات ذات صلة|الأكثر قراءة|المزيد من"
        "|تعليقات الزوار|التعليقات|تعليقات|اترك تعليقا|أضف تعليقا|اكتب تعليقا"
        "|see also|read also|read more|related|related articles|related posts|related links|you may also like"
        "|most read|comments|leave a comment|leave a reply|post a comment|recommended"
        "|voir aussi|lire aussi|à lire aussi|sur le même sujet|articles similaires|commentaires"
        "|laisser un commentaire|les plus lus"
        "|ver también|lea también|te puede interesar|artículos relacionados|comentarios|deja un comentario"
        "|deja una respuesta|lo más leído"
    ).split("|")
)
_LOADING: Final = frozenset(fold("loading|جاري التحميل|chargement|chargement en cours|cargando").split("|"))
_COOKIES = re.compile(fold(r"\bcookies?\b|ملفات تعريف الارتباط|ملفات الارتباط|témoins de connexion|الكوكيز"))
_CONSENT = re.compile(
    fold(
        r"accept|agree|consent|\buse[sd]?\b|experience|موافق|نستخدم|يستخدم|تجربتك|سياسة"
        r"|utilis|acceptez|acepta|utiliza|experiencia|expérience"
    )
)
_LONGEST_LABEL: Final = 40
_LONGEST_LINK: Final = 160
_TEXT_END: Final = (".", "!", "؟", "?", "؛", ":", "…", "»", '"')


def _bare(block: str) -> str:
    return fold(block).strip(" .:…!-–—|•»«*#()0123456789")


def is_closing_label(block: str) -> bool:
    """Whether the block is a label below which pages have links or comments."""
    return len(block) <= _LONGEST_LABEL and _bare(block) in _LABELS


def is_loading(block: str) -> bool:
    """Whether the block is the mark of a page that was still loading."""
    return len(block) <= _LONGEST_LABEL and _bare(block) in _LOADING


def is_cookie_notice(block: str) -> bool:
    """Whether the block asks for consent to cookies."""
    folded = fold(block)
    return bool(_COOKIES.search(folded) and _CONSENT.search(folded))


def web_tail(blocks: Sequence[str]) -> int:
    """The position from which on `blocks` are the tail of a web page; their number where none is."""
    furniture = [is_closing_label(block) or is_loading(block) or is_cookie_notice(block) for block in blocks]
    links = [len(block) <= _LONGEST_LINK and not block.rstrip().endswith(_TEXT_END) for block in blocks]
    start = len(blocks)
    while start and (furniture[start - 1] or links[start - 1]):
        start -= 1
    while start < len(blocks) and not furniture[start]:
        start += 1
    tail = blocks[start:]
    closed_by_notice = any(map(is_closing_label, tail)) and any(map(is_cookie_notice, tail))
    return start if closed_by_notice or any(map(is_loading, tail)) else len(blocks)
