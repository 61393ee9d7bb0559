"""The same folder through sentence-transformers, and models that cannot be had."""

from __future__ import annotations

import builtins
import shutil
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from assemblybot.embedding import Embedder, load_embedder, sentence_transformer
from assemblybot.errors import ModelError

TEXTS = [
    "متى انعقدت الدورة الأخيرة؟",
    "Quels pays ont signé la convention ?",
    "how many officers were trained",
    "شنو هي القرارات اللي خداو؟",
    "chno homa l9ararat?",
]


@pytest.mark.slow
def test_both_load_the_folder_and_agree(folder: Path, embedder: Embedder) -> None:
    pytest.importorskip("sentence_transformers")
    other = sentence_transformer.load(str(folder))
    assert other.id == embedder.id
    for ours, theirs in (
        (embedder.embed_queries(TEXTS), other.embed_queries(TEXTS)),
        (embedder.embed_passages(TEXTS), other.embed_passages(TEXTS)),
    ):
        assert (ours * theirs).sum(axis=1).min() >= 0.995


@pytest.mark.slow
def test_prompts_are_the_models_own(folder: Path) -> None:
    transformers = pytest.importorskip("sentence_transformers")
    model = transformers.SentenceTransformer(str(folder), trust_remote_code=True, device="cpu")
    model.prompts = {"query": "", "document": ""}
    plain = sentence_transformer.SentenceTransformerEmbedder(model, "plain")
    ours = sentence_transformer.load(str(folder))
    wanted = plain.embed_queries([f"query: {TEXTS[2]}"])
    np.testing.assert_allclose(ours.embed_queries([TEXTS[2]]), wanted, atol=1e-5)
    wanted = plain.embed_passages([f"passage: {TEXTS[2]}"])
    np.testing.assert_allclose(ours.embed_passages([TEXTS[2]]), wanted, atol=1e-5)


@pytest.mark.slow
def test_code_of_a_strange_folder_is_not_run(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    place = tmp_path / "strange"
    shutil.copytree(folder, place)
    (place / "manifest.json").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(str(place))


def test_without_the_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: object, **options: object) -> object:
        if name.startswith("sentence_transformers"):
            raise ImportError(name)
        return real(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "sentence_transformers", raising=False)
    with pytest.raises(ModelError, match="sentence-transformers"):
        load_embedder("some/model")


@pytest.mark.slow
def test_a_hub_that_cannot_be_reached_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers")

    def unreachable(*_: object, **__: object) -> object:
        raise OSError("no route")

    monkeypatch.setattr(sentence_transformer, "getproxies", dict)
    monkeypatch.setattr(socket, "create_connection", unreachable)
    with pytest.raises(ModelError, match="hf download some-people/no-such-model"):
        load_embedder("some-people/no-such-model")
