"""What a user sent, before retrieval: cleaned, bounded, its courtesies set aside."""

from __future__ import annotations

import re
from typing import Final

from assemblybot.answering.answer import Remark
from assemblybot.errors import QuestionError
from assemblybot.text.arabic import fold
from assemblybot.text.bidi import clean_question

LONGEST_QUESTION: Final = 2000

_GREETINGS: Final = (
    "السلام عليكم ورحمة الله وبركاته|السلام عليكم ورحمة الله|السلام عليكم|سلام عليكم|السلام|سلام|مرحبا بك|مرحبا|أهلا وسهلا"
    "|أهلا|اهلين|صباح الخير|مساء الخير|تحية طيبة|كيف حالك|كيف الحال|لاباس|لباس عليك|كيداير|كي داير|صباح النور"
    "|salam 3alaykom|salam alaykoum|salam 3likom|salamo 3alaykom|salam|slm|labas|la bas 3lik|kidayr|ki dayr|sba7 lkhir|msa lkhir"
    "|hello there|hello|hi there|hi|hey|good morning|good afternoon|good evening|how are you|greetings"
    "|bonjour à tous|bonjour|bonsoir|salut|coucou|ça va|comment allez-vous|comment vas-tu"
    "|hola a todos|hola|buenos días|buenas tardes|buenas noches|buenas|qué tal|cómo estás"
)
_THANKS: Final = (
    "شكرا جزيلا|شكرا لك|شكرا لكم|شكرا|مشكور|بارك الله فيك|جزاك الله خيرا|الله يعطيك الصحة|تبارك الله عليك"
    "|choukran|chokran|chukran|shukran|barak allaho fik|lah ya3tik sa7a|thank you very much|thank you so much|thank you|thanks a lot"
    "|thanks|thx|great|ok|okay|perfect|merci beaucoup|merci bien|merci|parfait|super|d'accord|muchas gracias|gracias|perfecto|vale"
    "|حسنا|تمام|ممتاز|واخا|wakha|mzyan|مزيان"
)
_GOODBYES: Final = (
    "مع السلامة|إلى اللقاء|وداعا|بسلامة|تصبح على خير|bslama|b slama|goodbye|bye bye|bye|see you|good night"
    "|au revoir|à bientôt|bonne journée|bonne soirée|bonne nuit|adiós|hasta luego|hasta pronto|chao"
)
_HELP: Final = (
    "مساعدة|ساعدني|المساعدة|كيف أستعملك|من أنت|ماذا تفعل|ماذا يمكنك أن تفعل|شكون نتا|عاوني|chkoun nta|3awni|help|help me|menu|start|stop"
    "|who are you|what can you do|what do you do|how does this work|aide|aidez-moi|aide-moi|qui es-tu|qui êtes-vous|que peux-tu faire"
    "|que sais-tu faire|ayuda|ayúdame|quién eres|qué puedes hacer|test|تجربة|ابدأ"
)
_PLEASE: Final = (
    "من فضلك|من فضلكم|لو سمحت|لو سمحتم|رجاء|عافاك|الله يخليك|afak|3afak|lah ykhlik|please|pls|s'il vous plaît|s'il te plaît|svp|stp"
    "|por favor|excusez-moi|excuse me|disculpe|perdón|عفوا|sorry|monsieur|madame|sir|dear bot|bot|يا بوت|خويا|khoya|bro"
)


def _sorted(phrases: str) -> tuple[str, ...]:
    return tuple(sorted({_bare(phrase) for phrase in phrases.split("|")}, key=len, reverse=True))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


_REMARKS: Final = {
    Remark.GREETING: _sorted(_GREETINGS),
    Remark.THANKS: _sorted(_THANKS),
    Remark.GOODBYE: _sorted(_GOODBYES),
    Remark.HELP: _sorted(_HELP),
}
_COURTESIES: Final = _sorted("|".join((_GREETINGS, _THANKS, _PLEASE)))
_COMMAND = re.compile(r"[/:][\w-]+(?:@\w+)?\s*$")


def cleaned(text: str) -> str:
    """The question on one line, without control characters.

    Raises QuestionError when it is longer than LONGEST_QUESTION characters, or when no letter
    or digit is left of it.
    """
    if len(text) > 16 * LONGEST_QUESTION:
        raise _too_long(len(text))
    clean = clean_question(text)
    if len(clean) > LONGEST_QUESTION:
        raise _too_long(len(clean))
    if not any(char.isalnum() for char in clean):
        raise QuestionError("There is no readable text in the question. Ask it in words.")
    return clean


def _too_long(length: int) -> QuestionError:
    return QuestionError(
        f"The question has {length:,} characters; at most {LONGEST_QUESTION:,} can be read. Ask it shorter."
    )


def remark(text: str) -> Remark | None:
    """What a text is that asks nothing: made of courtesies alone, or a command; else `None`."""
    if _COMMAND.match(text):
        return Remark.HELP
    rest = _bare(text)
    first: Remark | None = None
    while rest:
        found = _leading(rest)
        if found is None:
            return None
        kind, length = found
        first = kind if first in (None, Remark.GREETING) else first
        rest = rest[length:].strip()
    return first


def _leading(rest: str) -> tuple[Remark | None, int] | None:
    for kind, phrases in _REMARKS.items():
        for phrase in phrases:
            if rest == phrase or rest.startswith(phrase + " "):
                return kind, len(phrase)
    please = next((p for p in _sorted(_PLEASE) if rest == p or rest.startswith(p + " ")), None)
    return (None, len(please)) if please else None


def without_courtesy(text: str) -> str:
    """The question without a greeting before it or a “please” after it; never empty."""
    words = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", text))
    folded = [_bare(word.group()) for word in words]
    start, end = 0, len(words)
    while (taken := _courtesy_length(" ".join(folded[start:end]), at_start=True)) and taken < end - start:
        start += taken
    while (taken := _courtesy_length(" ".join(folded[start:end]), at_start=False)) and taken < end - start:
        end -= taken
    if (start, end) == (0, len(words)):
        return text
    tail = text[words[end - 1].end() :] if end == len(words) else ""
    return text[words[start].start() : words[end - 1].end()] + tail


def _courtesy_length(folded: str, *, at_start: bool) -> int:
    """Number of words of the longest courtesy at that end of the text."""
    for phrase in _COURTESIES:
        if at_start and folded.startswith(phrase + " ") or not at_start and folded.endswith(" " + phrase):
            return len(phrase.split())
    return 0
