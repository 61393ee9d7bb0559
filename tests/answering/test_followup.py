import pytest

from assemblybot.answering.followup import FollowUp, follow_up


@pytest.mark.parametrize(
    "text", ["et ensuite ?", "What next?", "وماذا بعد؟", "ثم ماذا", "¿y después?", "w mn b3d", "more"]
)
def test_continues(text: str) -> None:
    assert follow_up(text) is FollowUp.CONTINUES


@pytest.mark.parametrize(
    "text",
    [
        "وماذا عن المغرب؟",
        "et le Maroc ?",
        "what about women?",
        "¿y los fondos?",
        "وشحال ديال الدول",
        "who pays for them?",
    ],
)
def test_refers(text: str) -> None:
    assert follow_up(text) is FollowUp.REFERS


@pytest.mark.parametrize(
    "text",
    [
        "Quelles sont les recommandations de l'auteur pour la suite des travaux ?",
        "من كتب المقال؟",
        "How many delegates came to Marrakech?",
    ],
)
def test_stands_alone(text: str) -> None:
    assert follow_up(text) is None
