import subprocess
import sys

import pytest

from assemblybot.text.language import Language, identify, interface_language, known_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("متى انعقد المؤتمر؟", "ar"),
        ("من هو رئيس الوفد المغربي؟", "ar"),
        ("مشروع Silver Notice", "ar"),
        ("كيفية التسجيل في المعهد", "ar"),
        ("متى كتبت الصحف عن المعرض؟", "ar"),
        ("المسافة 12 كيلومتراً", "ar"),
        ("كم كيلومترات الطريق؟", "ar"),
        ("مادة كيميائية خطيرة", "ar"),
        ("بروتوكول كيوتو", "ar"),
        ("كيانات سياسية", "ar"),
        ("كيخدم المتحف نهار الأحد؟", "ary"),
        ("كايديرو الاجتماع؟", "ary"),
        ("كيلومو المدير", "ary"),
        ("شنو قال المدير فالكلمة ديالو؟", "ary"),
        ("فوقاش غادي يسالي الجمع؟", "ary"),
        ("واش كاين شي حاجة على النصابة", "ary"),
        ("ch7al mn dawla 7adra", "ary-Latn"),
        ("E2 what to do", "en"),
        ("what does error E7 mean", "en"),
        ("prix de la parcelle de 100 m²", "fr"),
        ("slt", "fr"),
        ("fin kan lmo2tamar", "ary-Latn"),
        ("ma fhemt walo", "ary-Latn"),
        ("f ina nhar", "ary-Latn"),
        ("chkoun li kteb had lma9al", "ary-Latn"),
        ("wach hadro 3la lmkhaddirat?", "ary-Latn"),
        ("Quand s'est tenue la 93e Assemblée ?", "fr"),
        ("Qui dirige la délégation ?", "fr"),
        ("et la fraude, on en parle ?", "fr"),
        ("Who wrote the article?", "en"),
        ("how many countries sent delegates", "en"),
        ("the 2nd day at 24h", "en"),
        ("Daba is the name of a town on the coast of the Gulf", "en"),
        ("¿Quién escribió el artículo?", "es"),
        ("cuantos paises participaron en la reunion", "es"),
        ("T'es un robot ?", "fr"),
        ("I'm so bored today", "en"),
        ("tu m'entends", "fr"),
        ("estado de la mesa", "es"),
        ("subida máxima anual de la renta", "es"),
        ("plan de la ville", "fr"),
        ("état de la table", "fr"),
    ],
)
def test_identify(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    ("text", "before", "language"),
    [
        ("93 ?", "fr", "fr"),
        ("ok", "es", "es"),
        ("lol", "fr", "fr"),
        ("looool ok", "fr", "fr"),
        ("mdr", "es", "es"),
        ("hahaha", "ar", "ar"),
        ("jajaja", "en", "en"),
        ("lol ok haha xd", "fr", "fr"),
        ("👍", "ary", "ary"),
        ("good job bot", "fr", "en"),
        ("lol, trop bien", "en", "fr"),
        ("lol", None, "en"),
        ("vale", "ar", "ar"),
        ("hhhhh", "ary-Latn", "ary-Latn"),
        ("w fin?", "ary-Latn", "ary-Latn"),
        ("ومن بعد؟", "ary", "ary"),
        ("ومن بعد؟", "ar", "ar"),
        ("ومن بعد؟", "en", "ar"),
        ("وفوقاش؟", "en", "ary"),
        ("traduis", "en", "fr"),
        ("thanks", "fr", "en"),
        ("trains from Rabat", "es", "en"),
    ],
)
def test_a_word_or_two_are_in_the_language_of_the_conversation(
    text: str, before: Language | None, language: str
) -> None:
    assert identify(text, before) == language


def test_darija_is_answered_in_arabic() -> None:
    assert interface_language("ary") == interface_language("ary-Latn") == "ar"
    assert interface_language("es") == "es"


def test_arabic_needs_no_language_model_and_it_can_be_loaded_beforehand() -> None:
    code = (
        "import sys; from assemblybot.text.language import identify, load; "
        "identify('متى انعقد؟'); identify('ch7al'); assert 'py3langid' not in sys.modules; "
        "load(); assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("code", "known"), [("fr", "fr"), ("ary", None), ("", None), (None, None)])
def test_the_languages_of_the_interface_are_known(code: str | None, known: str | None) -> None:
    assert known_language(code) == known
