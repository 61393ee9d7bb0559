"""The shipped model: shapes, canonical vectors, languages, spelling, threads, cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assemblybot.embedding import Embedder, load_embedder
from assemblybot.embedding.onnx_embedder import grouped

CANONICAL = json.loads((Path(__file__).parent / "canonical.json").read_text("utf-8"))
TEXTS = list(CANONICAL)


def test_rows_are_unit_float32(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


def test_canonical_vectors_pin_the_model(embedder: Embedder) -> None:
    wanted = np.array([CANONICAL[text] for text in TEXTS], np.float32)
    cosines = (embedder.embed_queries(TEXTS) * wanted).sum(axis=1)
    cosines /= np.linalg.norm(wanted, axis=1)
    assert cosines.min() >= 0.995


@pytest.mark.slow
def test_batching_does_not_change_a_vector(embedder: Embedder) -> None:
    texts = [text * times for text in TEXTS for times in (1, 2, 5)] * 3
    together = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() >= 0.999


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("أكّدَ الأمينُ العامُّ", "أكد الأمين العام"),
        ("ﻣﺮﺍﻛﺶ", "مراكش"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_forms_of_one_text_have_one_vector(embedder: Embedder, left: str, right: str) -> None:
    first, second = embedder.embed_queries([left, right])
    assert float(first @ second) >= 0.999


def test_a_question_and_a_passage_are_told_apart(embedder: Embedder) -> None:
    text = "The assembly was held in Marrakech."
    assert float(embedder.embed_queries([text])[0] @ embedder.embed_passages([text])[0]) < 0.99


@pytest.mark.parametrize(
    "question",
    [
        "How many countries voted for the treaty?",
        "Combien de pays ont voté pour le traité ?",
        "¿Cuántos países votaron a favor del tratado?",
        "شحال من دولة صوتات على المعاهدة؟",
        "ch7al mn dawla sewtat 3la lmo3ahada?",
        "كم دولة صوّتت لصالح المعاهدة؟",
    ],
)
def test_a_question_finds_the_arabic_passage(embedder: Embedder, question: str) -> None:
    passages = [
        "صوتت 112 دولة لصالح المعاهدة وامتنعت تسع دول عن التصويت.",
        "أحبطت الشرطة تهريب شحنة من المخدرات عبر الميناء.",
        "تلقى الضباط تدريبا على تحليل الأدلة الرقمية.",
        "يرى الكاتب أن الميزانية لا تكفي لبناء القدرات.",
    ]
    scores = embedder.embed_passages(passages) @ embedder.embed_queries([question])[0]
    assert int(scores.argmax()) == 0


def test_long_and_empty_texts(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(["", "كلمة " * 5_000, "🙂"])
    assert np.isfinite(vectors).all()
    assert embedder.embed_queries([]).shape == (0, 384)
    assert embedder.embed_passages([]).shape == (0, 384)


def test_threads_get_the_same_vectors(embedder: Embedder) -> None:
    texts = [f"{text} {turn}" for turn in range(20) for text in TEXTS]
    wanted = embedder.embed_passages(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: embedder.embed_passages([text])[0], texts))
    assert (np.stack(found) * wanted).sum(axis=1).min() >= 0.999


def test_each_row_is_in_one_group_and_no_group_has_more_tokens_with_its_padding() -> None:
    rows = [[0] * length for length in (3, 9, 1, 4, 4, 2, 30, 8)]
    groups = grouped(rows, 12)
    assert sorted(index for group in groups for index in group) == list(range(len(rows)))
    assert all(len(group) * max(len(rows[index]) for index in group) <= 12 for group in groups[1:])
    assert groups[0] == [6]  # longer than a group may be
    assert groups[1:] == [[1], [7], [3, 4, 0], [5, 2]]
    assert grouped([], 12) == []


@pytest.mark.slow
def test_thousands_of_questions_take_no_more_memory_than_a_few(folder: Path) -> None:
    code = (
        "from resource import RUSAGE_SELF, getrusage; from assemblybot.embedding import load_embedder\n"
        f"model = load_embedder({str(folder)!r})\n"
        "def peak(count):\n"
        "    model.embed_queries([f'{n} and some more words to ask with' for n in range(count)])\n"
        "    return getrusage(RUSAGE_SELF).ru_maxrss / 1024\n"
        "few = peak(50)\n"
        "assert peak(1500) < few + 50"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_onnxruntime_keeps_no_identity_of_the_machine(folder: Path, tmp_path: Path) -> None:
    code = f"from assemblybot.embedding import load_embedder; load_embedder({str(folder)!r})"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment | {"HOME": str(tmp_path)})
    assert not list(tmp_path.iterdir())


def test_no_torch_is_imported(folder: Path) -> None:
    code = (
        "import sys; from assemblybot.embedding import load_embedder\n"
        f"load_embedder({str(folder)!r}).embed_queries(['x'])\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_id_names_folder_and_content(folder: Path, embedder: Embedder) -> None:
    assert embedder.id.startswith("assembly-e5-")
    assert load_embedder(str(folder)).id == embedder.id


def test_the_folder_is_small(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= 85_000_000
