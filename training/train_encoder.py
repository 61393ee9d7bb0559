"""Trains the encoder: questions towards their passages, and Darija, which multilingual-e5-small hardly reads.

``train_encoder.py --data DATA --vocabulary FOLDER --out FOLDER --minutes 86``. Three tasks take turns:

- of a batch of questions and passages, each finds its own (cross-entropy both ways, both sides trained);
- a sentence finds its translations among all of a bank, and comes near them (cross-entropy, cosine);
- a passage stays where it is (cosine).

The targets of the last two are encoded once, before training (``banks.npz`` in ``--out``).
Vectors are compared as the product compares them, centred. Every few minutes ``last-encoder.pt`` is written
(the weights without token table) with ``progress.pt`` for ``--resume``, and a line in ``figures.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

import documents
import domain
import e5
import encoder_graph
import graph
from anchors import PASSAGE, QUERY, STAYING, Anchor, Bank, Pair, meanings, questions
from graph import DIMENSION, HIDDEN
from reader import Body, from_e5

FROZEN, LONGEST, TOKENS, PAIRS = 1, 128, 900, 32
PACE, RISE, LOWEST = 8e-5, 60, 0.02
SHARPNESS, NEAR_WEIGHT, STAY_WEIGHT = 20.0, 2.0, 6.0
SHARES = {"pair": 0.55, "meaning": 0.35, "stay": 0.10}
SAVE_EVERY = 420.0
#: passages that are to stay where they are
STAYERS = 4_000


class Encoder(nn.Module):
    """Twelve layers and the mean of their states."""

    def __init__(self, pieces: int, frozen: int = FROZEN, *, bfloat16: bool = False) -> None:
        super().__init__()
        self.body = Body(encoder_graph.LAYERS, pieces)
        self.frozen, self.bfloat16 = frozen, bfloat16
        for part in (self.body.word, self.body.pos, self.body.ln, *self.body.layers[:frozen]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Unit vectors ``(n, 384)``, not centred."""
        bias = ((1 - mask.float()) * HIDDEN)[:, None, None, :]
        with torch.autocast(ids.device.type, torch.bfloat16, enabled=self.bfloat16):
            with torch.no_grad():
                states = self.body.embed(ids)
                for layer in self.body.layers[: self.frozen]:
                    states = layer(states, bias)
            for layer in self.body.layers[self.frozen :]:
                states = layer(states, bias)
        return F.normalize((states.float() * mask.float()[:, :, None]).sum(1), dim=1)


def encoded(
    model: Encoder, tokenizer: Tokenizer, texts: Sequence[str], tokens: int = 6_000
) -> NDArray[np.float32]:
    """Vectors ``(texts, 384)``, in batches of like length."""
    vectors = np.empty((len(texts), DIMENSION), np.float32)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    model.eval()
    with torch.no_grad():
        while order:
            count = max(4, tokens // (len(texts[order[0]]) // 3 + 8))
            part, order = order[:count], order[count:]
            vectors[part] = model(*padded(tokenizer, [texts[n] for n in part])).numpy()
    model.train()
    return vectors


def padded(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Token ids and mask, both ``(texts, longest)``."""
    found = tokenizer.encode_batch(list(texts))
    return torch.tensor([row.ids for row in found]), torch.tensor([row.attention_mask for row in found])


class Trainer:
    """The encoder with its banks, its optimiser and its clock."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.out, self.seconds = options.out, options.minutes * 60
        self.rng = random.Random(options.seed)
        self.tokenizer = Tokenizer.from_file(str(options.vocabulary / "tokenizer.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.enable_padding(pad_id=1)
        kept = np.load(options.vocabulary / "pieces.npy")
        self.model = Encoder(len(kept), options.frozen, bfloat16=options.bfloat16)
        state = from_e5(e5.read(e5.package_file()).tensors, kept, encoder_graph.LAYERS)
        if options.start:
            found = graph.trained(onnx.load(options.start, load_external_data=False))
            state |= {name: torch.from_numpy(value) for name, value in found.items()}
        self.model.load_state_dict(state)
        translations, fixed = Bank([], {}), random.Random(0)
        self.pairs = list(questions(options.data, fixed))
        passages = sorted({pair.passage for few in self.pairs for pair in few})
        # long passages are cut: a passage is to stay, wherever it ends
        staying = [text[:STAYING] for text in fixed.sample(passages, min(STAYERS, len(passages)))]
        self.anchors = {
            "meaning": list(meanings(options.data, translations, fixed)),
            "stay": [Anchor(text, (number,)) for number, text in enumerate(staying)],
        }
        vectors = self._vectors({"meaning": translations.texts, "stay": staying})
        self.shift, self.projection = self._centring()
        self.banks = {name: self._centred(torch.from_numpy(v)) for name, v in vectors.items()}
        self.dev = self._dev()
        trained = [value for value in self.model.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, lr=options.pace, weight_decay=0.01, betas=(0.9, 0.98))
        self.pace, self.spent, self.steps = options.pace, 0.0, 0
        self.recent: dict[str, list[float]] = {name: [] for name in SHARES}
        self.left: dict[str, list[Anchor]] = {name: [] for name in self.anchors}
        self.pairs_left: list[list[Pair]] = []

    def _vectors(self, texts: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.float32]]:
        path = self.out / "banks.npz"
        if not path.exists():
            begin = time.perf_counter()
            banks: dict[str, Any] = {n: encoded(self.model, self.tokenizer, t) for n, t in texts.items()}
            np.savez(path, **banks)
            print("banks", {n: len(t) for n, t in texts.items()}, time.perf_counter() - begin, flush=True)
        return dict(np.load(path))

    def _centring(self) -> tuple[Tensor, Tensor]:
        path = self.out / "centring.npz"
        if not path.exists():
            texts, languages = [], []
            for passage in domain.passages():
                texts.append(PASSAGE + passage.text)
                languages.append("")
                for question in passage.questions:
                    if question.answered:
                        texts.append(QUERY + question.text)
                        languages.append(question.lang)
            found = encoder_graph.centring(encoded(self.model, self.tokenizer, texts), np.array(languages))
            np.savez(path, shift=found.shift, projection=found.projection)
        stored = np.load(path)
        return torch.from_numpy(stored["shift"]), torch.from_numpy(stored["projection"])

    def _centred(self, vectors: Tensor) -> Tensor:
        return F.normalize((vectors - self.shift) @ self.projection, dim=1)

    def _dev(self) -> list[tuple[list[str], list[tuple[str, str, list[int]]]]]:
        """Passages and questions of whole documents, which the encoder is not trained on."""
        found = []
        for document in documents.trained_on():
            told = [PASSAGE + p["text"] for s in document["sections"] for p in s["passages"]]
            asked = [(q["lang"], QUERY + q["q"], q["gold"]) for q in document["questions"]]
            found.append((told, asked))
        return found

    def figures(self) -> dict[str, float]:
        """Share of questions whose passage comes first in its own document, by language."""
        hits: dict[str, list[bool]] = {}
        for passages, asked in self.dev:
            vectors, told = (
                self._centred(torch.from_numpy(encoded(self.model, self.tokenizer, texts)))
                for texts in ([text for _, text, _ in asked], passages)
            )
            best = (vectors @ told.T).argmax(1).tolist()
            for (lang, _, gold), number in zip(asked, best, strict=True):
                hits.setdefault(lang, []).append(number in gold)
        every = [hit for found in hits.values() for hit in found]
        return {
            **{lang: round(float(np.mean(hits[lang])), 3) for lang in sorted(hits)},
            "all": float(np.mean(every)),
        }

    def batch(self, task: str) -> list[Anchor]:
        """Anchors of like length, about ``TOKENS`` tokens."""
        if len(self.left[task]) < 2_000:
            fresh = self.rng.sample(self.anchors[task], len(self.anchors[task]))
            self.left[task] = fresh + self.left[task]
        pool = [self.left[task].pop() for _ in range(160)]
        pool.sort(key=lambda anchor: len(anchor.text))
        count = max(8, TOKENS // (len(pool[80].text) // 3 + 6))
        start = self.rng.randrange(0, max(1, len(pool) - count))
        chosen = pool[start : start + count]
        self.left[task] += pool[:start] + pool[start + count :]
        return chosen

    def loss(self, task: str) -> Tensor:
        """The loss of one task on a batch."""
        if task == "pair":
            return self._pair_loss()
        chosen = self.batch(task)
        vectors = self._centred(self.model(*padded(self.tokenizer, [a.text for a in chosen])))
        bank = self.banks[task]
        if task == "stay":
            targets = bank[[number for anchor in chosen for number in anchor.own]]
            return STAY_WEIGHT * (1 - (vectors * targets).sum(1)).mean()
        scores = vectors @ bank.T * SHARPNESS
        own = torch.zeros_like(scores, dtype=torch.bool)
        for number, anchor in enumerate(chosen):
            own[number, list(anchor.own)] = True
        right = (scores.logsumexp(1) - scores.masked_fill(~own, -1e4).logsumexp(1)).mean()
        near = scores[own].mean() / SHARPNESS
        return right + NEAR_WEIGHT * (1 - near)

    def _pair_loss(self) -> Tensor:
        """Multiple negatives, both ways; a passage that stands twice is one answer."""
        chosen: list[Pair] = []
        while len(chosen) < PAIRS:
            if not self.pairs_left:
                self.pairs_left = self.rng.sample(self.pairs, len(self.pairs))
            chosen += self.pairs_left.pop()
        asked, told = (
            self._centred(self.model(*padded(self.tokenizer, texts)))
            for texts in ([p.question for p in chosen], [p.passage for p in chosen])
        )
        passages = [pair.passage for pair in chosen]
        own = torch.tensor([[one == other for other in passages] for one in passages])
        scores = asked @ told.T * SHARPNESS
        ways = [s.logsumexp(1) - s.masked_fill(~own, -1e4).logsumexp(1) for s in (scores, scores.T)]
        return (ways[0].mean() + ways[1].mean()) / 2

    def step(self) -> None:
        """One step of one task."""
        begin = time.perf_counter()
        task = self.rng.choices(list(SHARES), list(SHARES.values()))[0]
        pace = self.pace * min(1.0, (self.steps + 1) / RISE) * max(LOWEST, 1 - self.spent / self.seconds)
        for group in self.optimiser.param_groups:
            group["lr"] = pace
        found = self.loss(task)
        self.optimiser.zero_grad(set_to_none=True)
        found.backward()
        torch.nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.requires_grad], 1.0)
        self.optimiser.step()
        self.recent[task].append(found.item())
        self.steps += 1
        self.spent += time.perf_counter() - begin

    def keep(self) -> None:
        """Writes checkpoint, progress and figures."""
        state = {k: v for k, v in self.model.state_dict().items() if k != "body.word.weight"}
        _write(state, self.out / "last-encoder.pt")
        _write(
            {"spent": self.spent, "steps": self.steps, "optimiser": self.optimiser.state_dict()},
            self.out / "progress.pt",
        )
        losses = {
            name: round(float(np.mean(values[-100:])), 3) for name, values in self.recent.items() if values
        }
        row = {
            "minutes": round(self.spent / 60, 1),
            "steps": self.steps,
            "losses": losses,
            "first": self.figures(),
        }
        with (self.out / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)

    def resume(self) -> None:
        """Goes on from the files of a run that was stopped."""
        self.model.load_state_dict(torch.load(self.out / "last-encoder.pt"), strict=False)
        progress = torch.load(self.out / "progress.pt")
        self.optimiser.load_state_dict(progress["optimiser"])
        self.spent, self.steps = progress["spent"], progress["steps"]

    def train(self) -> None:
        """Steps until the time is spent."""
        self.keep()
        saved = self.spent
        while self.spent < self.seconds:
            self.step()
            if self.spent - saved > SAVE_EVERY:
                saved = self.spent
                self.keep()
        self.keep()


def _write(state: dict[str, object], path: Path) -> None:
    """Written aside and renamed: a run that is killed leaves whole files."""
    aside = path.with_suffix(".part")
    torch.save(state, aside)
    aside.replace(path)


def main() -> None:
    """Reads the arguments and trains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with qa/ and parallel/")
    parser.add_argument("--vocabulary", type=Path, required=True, help="folder of vocabulary.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--pace", type=float, default=PACE)
    parser.add_argument("--resume", action="store_true", help="go on from the files in --out")
    parser.add_argument("--start", type=Path, help="exported graph to begin from")
    parser.add_argument("--frozen", type=int, default=FROZEN, help="layers that are not trained")
    parser.add_argument("--bfloat16", action="store_true", help="where the processor has it")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    trainer = Trainer(options)
    if options.resume:
        trainer.resume()
    trainer.train()


if __name__ == "__main__":
    main()
