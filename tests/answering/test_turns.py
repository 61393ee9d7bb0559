"""What is said beside questions is told from questions by the vectors of the shipped model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assemblybot import Assistant, Context, Verdict
from assemblybot.answering.answer import Remark
from assemblybot.answering.question import MOST_KEYWORDS, without_courtesy
from assemblybot.answering.turns import SOCIAL, Turn, Turns
from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.library import Corpus
from assemblybot.corpus.passages import split
from assemblybot.embedding import Embedder
from assemblybot.errors import ModelError, QuestionError
from assemblybot.index.build import build
from assemblybot.startup import silent
from assemblybot.text.arabic import words
from tests.conftest import MODEL, ROOT, Answering

TALK = ROOT / "tests" / "data" / "talk"


@pytest.fixture(scope="module")
def turns() -> Turns:
    return Turns.load(MODEL)


QUESTIONS = (
    "Who designed the old lighthouse?",
    "شكون بنى القنطرة؟",
    "combien coûte l'abonnement annuel",
    "¿En qué ciudad se celebró el congreso?",
    "tell me about the harbour",
    "budget 2023",
)
TALKED = (
    "ok see you tomorrow at the office",
    "jajaja qué bueno",
    "صافي غدا نشوفك",
    "merci infiniment",
    "asdfghjkl",
    "that is not what I asked",
)


@pytest.mark.parametrize(("texts", "nothing"), [(QUESTIONS, False), (TALKED, True)])
def test_questions_are_told_from_talk(
    turns: Turns, embedder: Embedder, texts: tuple[str, ...], nothing: bool
) -> None:
    for text, vector in zip(texts, embedder.embed_queries(texts), strict=True):
        assert (turns.classify(vector).turn in SOCIAL) is nothing, text
        assert sum(turns.probabilities(vector).values()) == pytest.approx(1.0)


def test_questions_to_the_bot_have_kinds_of_their_own(turns: Turns, embedder: Embedder) -> None:
    for text, kind in (
        ("which documents do you know?", Turn.ABOUT_BOT),
        ("résume", Turn.SUMMARY),
        ("donne-moi le lien", Turn.LINK),
        ("¿por qué?", Turn.WHY),
        ("بالإنجليزية من فضلك", Turn.TRANSLATE),
        ("شكون ترجمو؟", Turn.AUTHOR),
        ("and after that?", Turn.MORE),
        ("ce n'est pas ma question", Turn.COMPLAINT),
    ):
        # Who wrote it may be asked of the documents, too.
        assert turns.classify(embedder.embed_queries([text])[0]) == (kind, kind is Turn.AUTHOR), text


@pytest.mark.parametrize("text", ["merci infiniment", "jajaja qué bueno", "صافي غدا نشوفك"])
def test_what_surely_asks_nothing_is_talk_whatever_words_the_documents_hold(
    turns: Turns, embedder: Embedder, text: str
) -> None:
    assert turns.classify(embedder.embed_queries([text])[0], keywords=True).turn in SOCIAL


def finding(probabilities: dict[Turn, float]) -> Turns:
    """What finds these probabilities in every text."""
    found = [max(probabilities.get(turn, 0.0), 1e-6) for turn in Turn]
    output = np.array([[0.0] * len(found), np.log(found)], np.float32)
    return Turns(np.zeros((2, 1), np.float32), output)


ASK = Turn.QUESTION


@pytest.mark.parametrize(
    ("found", "keywords", "told"),
    [
        ({Turn.LINK: 0.6, ASK: 0.4}, False, (ASK, False)),
        ({Turn.LINK: 0.8, ASK: 0.2}, False, (Turn.LINK, True)),
        ({Turn.SUMMARY: 0.8, ASK: 0.2}, False, (Turn.SUMMARY, True)),
        ({Turn.SUMMARY: 0.97, ASK: 0.03}, False, (Turn.SUMMARY, False)),
        ({Turn.CHATTER: 0.5, Turn.THANKS: 0.3, ASK: 0.2}, False, (Turn.CHATTER, True)),
        ({Turn.CHATTER: 0.5, Turn.THANKS: 0.3, ASK: 0.2}, True, (ASK, False)),
        ({Turn.CHATTER: 0.55, ASK: 0.45}, False, (ASK, False)),
        ({Turn.LINK: 0.5, Turn.MORE: 0.45, ASK: 0.05}, True, (ASK, False)),
        ({Turn.LINK: 0.9, ASK: 0.1}, True, (Turn.LINK, False)),
        ({Turn.CHATTER: 0.7, ASK: 0.3}, False, (Turn.CHATTER, True)),
        ({Turn.CHATTER: 0.6, Turn.THANKS: 0.35, ASK: 0.05}, False, (Turn.CHATTER, False)),
    ],
)
def test_a_doubtful_text_is_a_question(
    found: dict[Turn, float], keywords: bool, told: tuple[Turn, bool]
) -> None:
    assert finding(found).classify(np.zeros(1, np.float32), keywords=keywords) == told


def test_what_may_be_asked_of_the_bot_or_of_the_documents_is_doubtful(
    turns: Turns, embedder: Embedder
) -> None:
    for text, doubtful in (
        ("how can I contact you", True),
        ("what is your phone number", True),
        ("fin kayn lma9ar dyalkom?", True),
        ("which documents do you know?", False),
        ("¿quién te ha creado?", False),
        ("are you a robot", False),
    ):
        told = turns.classify(embedder.embed_queries([text])[0])
        assert told.turn is not Turn.QUESTION
        assert told.doubtful is doubtful, text


@pytest.mark.parametrize("name", ["dev", "second", "third"])
def test_no_question_that_the_documents_answer_is_taken_for_a_request(
    turns: Turns, embedder: Embedder, name: str
) -> None:
    lines = (ROOT / "tests" / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [r["question"] for r in map(json.loads, lines) if r["answerable"]]
    texts = [without_courtesy(question) for question in asked]
    told = [
        turns.classify(vector, keywords=len(words(text)) <= MOST_KEYWORDS)
        for vector, text in zip(embedder.embed_queries(texts), texts, strict=True)
    ]
    taken = [q for q, t in zip(asked, told, strict=True) if t.turn is not Turn.QUESTION and not t.doubtful]
    assert taken == []


def talked(assistant: Assistant, name: str) -> list[bool]:
    """Which lines of a file are answered with passages."""
    lines = (TALK / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [answered(assistant, line) for line in lines]


def answered(assistant: Assistant, line: str) -> bool:
    try:
        return assistant.answer(line).verdict is Verdict.ANSWERED
    except QuestionError:  # emoji alone
        return False


@pytest.mark.parametrize(
    ("name", "most"), [("chat", 0.10), pytest.param("blind", 0.15, marks=pytest.mark.slow)]
)
def test_few_lines_that_ask_nothing_are_answered(assistant: Assistant, name: str, most: float) -> None:
    """`blind.txt` was written without a look at `chat.txt` or at what the classifier learned from."""
    found = talked(assistant, name)
    assert sum(found) / len(found) <= most


def test_what_may_be_talk_is_answered_when_the_documents_surely_do(
    turns: Turns, embedder: Embedder, answering: Answering
) -> None:
    text = "à quelle heure ça ferme le mardi"
    told = turns.classify(embedder.embed_queries([text])[0])
    assert told == (Turn.CHATTER, True)
    opening = "La bibliothèque ferme à 18 heures le mardi et à 20 heures le jeudi."
    for content, verdict in (
        (opening, Verdict.ANSWERED),
        ("Les abricots se récoltent en juillet, à la main.", Verdict.NOT_A_QUESTION),
    ):
        extract = markdown.extract(f"# Règlement\n\n{content}\n".encode())
        corpus = Corpus((Document("d", extract.text, Metadata("Règlement", "fr"), split("d", extract)),), "")
        assert answering(build(corpus, embedder, silent)).answer(text).verdict is verdict


@pytest.mark.parametrize("text", ["+1", "yes", "x", "لا", "oui", "2+2", "bla bla bla", "sdfghjkl", "واخا"])
def test_a_line_that_asks_nothing_is_not_answered(assistant: Assistant, text: str) -> None:
    before = Context("When was it held?", ("marrakech-2025#3",))
    for context in (None, before):
        assert not assistant.answer(text, context).citations


def test_talk_is_chatter_and_a_follow_up_is_not(assistant: Assistant) -> None:
    for text in ("asdfghjkl", "ok", "lol"):
        assert assistant.answer(text).verdict is Verdict.NOT_A_QUESTION, text
    assert assistant.answer("asdfghjkl").remark is Remark.CHATTER
    assert assistant.answer("When was it held?").verdict is Verdict.ANSWERED


@pytest.mark.parametrize(
    "text", ["harbour", "insurance", "railways", "trenes", "agriculture", "القطارات", "الفلاحة"]
)
def test_keywords_that_the_documents_do_not_hold_are_refused(assistant: Assistant, text: str) -> None:
    answer = assistant.answer(text)
    assert answer.verdict is Verdict.NOT_IN_CORPUS
    assert len(answer.suggestions) == 3


@pytest.mark.parametrize("text", ["delegados", "Hamouchi", "scams", "النساء"])
def test_keywords_that_they_do_hold_are_answered(assistant: Assistant, text: str) -> None:
    assert assistant.answer(text).verdict is Verdict.ANSWERED


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "turns.npz").write_text("")
    with pytest.raises(ModelError, match="turns"):
        Turns.load(tmp_path)
