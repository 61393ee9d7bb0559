"""What colleagues say to each other under an answer, and what one of them asks after that, by language."""

from __future__ import annotations

from typing import Final, NamedTuple

#: Stands in the passage that answers each `question`.
ANSWER: Final = "ثمانمئة مندوب"


class Talk(NamedTuple):
    """`first` is asked of the bot; `lines` ask nothing of the documents; `question` does."""

    first: str
    lines: tuple[str, ...]
    question: str


TALK: Final = {
    "English": Talk(
        "Who led the Moroccan delegation?",
        (
            "thanks!",
            "thanks a lot 🙏",
            "+1",
            "sounds good to me",
            "lol",
            "I'll be ten minutes late",
            "can you send me the slides?",
            "who's bringing the cake tomorrow?",
            "asdf jkl qwer",
            "did anyone restart the server?",
            "that's wrong, sorry",
            "more coffee?",
            "in French please",
            "why?",
        ),
        "How many delegates attended?",
    ),
    "French": Talk(
        "Qui a dirigé la délégation marocaine ?",
        (
            "merci beaucoup",
            "ça marche",
            "mdr",
            "j'arrive dans dix minutes",
            "tu peux m'envoyer le lien ?",
            "azerty qsdf",
            "je ne suis pas d'accord",
            "et ensuite ?",
        ),
        "Combien de délégués étaient présents ?",
    ),
    "Spanish": Talk(
        "¿Quién encabezó la delegación marroquí?",
        (
            "gracias 🙏",
            "vale, perfecto",
            "jajaja",
            "llego en diez minutos",
            "¿me pasas el enlace?",
            "qwer asdf",
            "¿y luego?",
        ),
        "¿Cuántos delegados asistieron?",
    ),
    "Arabic": Talk(
        "من ترأس الوفد المغربي؟",
        (
            "شكرا جزيلا",
            "تمام",
            "ههههه",
            "سأصل بعد عشر دقائق",
            "من سيحضر القهوة؟",
            "ضصثق فغعه",
            "أوافقك الرأي",
            "وماذا بعد؟",
        ),
        "كم عدد المندوبين الحاضرين؟",
    ),
    "Darija": Talk(
        "شكون ترأس الوفد المغربي؟",
        ("شكرا بزاف", "واخا", "جاي فالطريق", "شكون غادي يجيب القهوة؟", "صافي مزيان"),
        "شحال من مندوب حضر؟",
    ),
    "Darija in Latin letters": Talk(
        "chkoun tra2as lwafd lmaghribi?",
        ("chokran bzaf", "wakha", "hhhh", "jay f tri9", "sifet lia lien 3afak", "safi mzyan"),
        "ch7al dyal lmandoubin 7adro?",
    ),
}
