import pytest

from assemblybot.answering.question import continues, is_follow_up


@pytest.mark.parametrize(
    "text", ["et ensuite ?", "What next?", "وماذا بعد؟", "ثم ماذا", "¿y después?", "w mn b3d", "more"]
)
def test_continues(text: str) -> None:
    assert continues(text)


@pytest.mark.parametrize(
    "text",
    [
        "وماذا عن المغرب؟",
        "et le Maroc ?",
        "what about women?",
        "¿y los fondos?",
        "وشحال ديال الدول",
        "who pays for them?",
        "When was it?",
        "ولماذا؟",
        "¿Y el Senado?",
        "et le président ?",
        "how did it end?",
        "w fin?",
        "وفوقاش؟",
    ],
)
def test_leans(text: str) -> None:
    assert is_follow_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quelles sont les recommandations de l'auteur pour la suite des travaux ?",
        "من كتب المقال؟",
        "How many delegates came to Marrakech?",
        "harbour",
    ],
)
def test_stands_alone(text: str) -> None:
    assert not is_follow_up(text)
    assert not continues(text)
