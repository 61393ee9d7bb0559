"""Page furniture (related links, comment box, cookie notice …) told from text by general rules.

Nothing here knows a site: a block is furniture when it is one of the phrases with which pages
in five languages label their furniture, when it asks for consent to cookies, when it holds no
word at all, or when it is a bare link line below a closing label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assemblybot.text.arabic import fold

CLEANING_VERSION = "1"

_LABELS = (
    # closing labels: what follows them is links, not text
    "شاهد أيضا|اقرأ أيضا|قد يعجبك أيضا|مواضيع ذات صلة|مقالات ذات صلة|الأكثر قراءة|المزيد من"
    "|تعليقات الزوار|التعليقات|تعليقات|اترك تعليقا|أضف تعليقا|اكتب تعليقا"
    "|see also|read also|read more|related|related articles|related posts|related links|you may also like"
    "|most read|comments|leave a comment|leave a reply|post a comment|recommended"
    "|voir aussi|lire aussi|à lire aussi|sur le même sujet|articles similaires|commentaires"
    "|laisser un commentaire|les plus lus"
    "|ver también|lea también|te puede interesar|artículos relacionados|comentarios|deja un comentario"
    "|deja una respuesta|lo más leído"
)
_MARKS = (
    "loading|جاري التحميل|تحميل|chargement|cargando|share|share this|tweet|شارك|شارك المقال|مشاركة"
    "|partager|compartir|print|طباعة|imprimer|imprimir|advertisement|إعلان|publicité|publicidad"
    "|subscribe|newsletter|اشترك|الاشتراك في النشرة|s'abonner|suscríbete|tags|الوسوم|étiquettes|etiquetas"
    "|all rights reserved|جميع الحقوق محفوظة|tous droits réservés|todos los derechos reservados"
    "|menu|search|بحث|القائمة|الرئيسية|home|accueil|inicio|skip to content|back to top"
)
_COOKIES = re.compile(fold(r"\bcookies?\b|ملفات تعريف الارتباط|ملفات الارتباط|témoins de connexion|الكوكيز"))
_CONSENT = re.compile(
    fold(
        r"accept|agree|consent|\buse[sd]?\b|experience|موافق|نستخدم|يستخدم|تجربتك|سياسة"
        r"|utilis|acceptez|acepta|utiliza|experiencia|expérience"
    )
)
_LONGEST_LABEL = 40
_LONGEST_LINK = 160
_TEXT_END = (".", "!", "؟", "?", "؛", ":", "…", "»", '"')


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in listed.split("|"))


_CLOSING = _phrases(_LABELS)
_FURNITURE = _CLOSING | _phrases(_MARKS)


def _bare(block: str) -> str:
    return fold(block).strip(" .:…!-–—|•»«*#()0123456789")


def is_furniture(block: str) -> bool:
    """True when `block` by itself is page furniture."""
    bare = _bare(block)
    if not any(char.isalpha() for char in bare):
        return not any(char.isdigit() for char in block)
    if len(bare) <= _LONGEST_LABEL and bare in _FURNITURE:
        return True
    folded = fold(block)
    return bool(_COOKIES.search(folded) and _CONSENT.search(folded))


def text_blocks(blocks: Sequence[str]) -> list[bool]:
    """For each block, whether it is text of the document.

    Below the last closing label only whole sentences count: links and teasers do not.
    """
    keep = [not is_furniture(block) for block in blocks]
    closing = next((i for i, block in enumerate(blocks) if _bare(block) in _CLOSING), None)
    if closing is not None:
        for i in range(closing, len(blocks)):
            block = blocks[i].rstrip()
            is_link = len(block) <= _LONGEST_LINK and not block.endswith(_TEXT_END)
            keep[i] = keep[i] and not is_link and _text_follows(blocks, i)
    return keep


def _text_follows(blocks: Sequence[str], i: int) -> bool:
    """A block below a closing label is text when it is a paragraph: long, ended by a full stop."""
    block = blocks[i].rstrip()
    return len(block) > _LONGEST_LINK and block.endswith(_TEXT_END)
