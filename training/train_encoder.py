"""Trains the encoder on questions: Darija first of all, which multilingual-e5-small hardly reads.

``train_encoder.py --data DATA --vocabulary FOLDER --out FOLDER --minutes 86``. The model as it comes encodes
passages and translations once (``banks.npz`` in ``--out``); those vectors are the targets, so only short
texts pass through the layers that learn. Three tasks take turns:

- a question finds its passage among all passages of the bank (cross-entropy);
- a sentence finds its translations among all of the bank, and comes near them (cross-entropy, cosine);
- a passage stays where it is (cosine).

Vectors are compared as the product compares them, centred. Every few minutes ``last-encoder.pt`` is written
(the weights without token table) with ``progress.pt`` for ``--resume``, and a line in ``figures.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

import domain
import e5
import encoder_graph
from anchors import PASSAGE, QUERY, STAYING, Anchor, Bank, meanings, questions
from graph import DIMENSION, HIDDEN
from reader import Body, from_e5

FROZEN, LONGEST, TOKENS = 1, 96, 900
PACE, RISE, LOWEST = 8e-5, 60, 0.02
SHARPNESS, NEAR_WEIGHT, STAY_WEIGHT = 20.0, 2.0, 6.0
SHARES = {"passage": 0.45, "meaning": 0.43, "stay": 0.12}
SAVE_EVERY = 420.0
DOCUMENTS = Path(__file__).parent / "documents"


class Encoder(nn.Module):
    """Twelve layers and the mean of their states."""

    def __init__(self, pieces: int, frozen: int = FROZEN) -> None:
        super().__init__()
        self.body = Body(encoder_graph.LAYERS, pieces)
        self.frozen = frozen
        for part in (self.body.word, self.body.pos, self.body.ln, *self.body.layers[:frozen]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Unit vectors ``(n, 384)``, not centred."""
        bias = ((1 - mask.float()) * HIDDEN)[:, None, None, :]
        with torch.no_grad():
            states = self.body.embed(ids)
            for layer in self.body.layers[: self.frozen]:
                states = layer(states, bias)
        for layer in self.body.layers[self.frozen :]:
            states = layer(states, bias)
        return F.normalize((states * mask.float()[:, :, None]).sum(1), dim=1)


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
        self.model = Encoder(len(kept))
        state = from_e5(e5.read(e5.package_file()).tensors, kept, encoder_graph.LAYERS)
        self.model.load_state_dict(state)
        passages, translations = Bank([], {}), Bank([], {})
        fixed = random.Random(0)
        self.anchors = {
            "passage": list(questions(options.data, passages, fixed)),
            "meaning": list(meanings(options.data, translations, fixed)),
        }
        # long passages are cut: a passage is to stay, wherever it ends
        self.anchors["stay"] = [Anchor(text[:STAYING], ()) for text in passages.texts]
        vectors = self._vectors(passages, translations)
        self.shift, self.projection = self._centring()
        self.banks = {name: self._centred(torch.from_numpy(v)) for name, v in vectors.items()}
        self.dev = self._dev()
        trained = [value for value in self.model.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, lr=options.pace, weight_decay=0.01, betas=(0.9, 0.98))
        self.pace, self.spent, self.steps = options.pace, 0.0, 0
        self.recent: dict[str, list[float]] = {name: [] for name in SHARES}
        self.left: dict[str, list[Anchor]] = {name: [] for name in SHARES}

    def _vectors(self, passages: Bank, translations: Bank) -> dict[str, NDArray[np.float32]]:
        path = self.out / "banks.npz"
        if not path.exists():
            cut = [anchor.text for anchor in self.anchors["stay"]]
            texts = {"passage": passages.texts, "meaning": translations.texts, "stay": cut}
            begin = time.perf_counter()
            banks: dict[str, Any] = {n: encoded(self.model, self.tokenizer, t) for n, t in texts.items()}
            np.savez(path, **banks)
            print("banks", {n: len(t) for n, t in texts.items()}, time.perf_counter() - begin, flush=True)
        found = dict(np.load(path))
        self.stay_numbers = {anchor.text: n for n, anchor in enumerate(self.anchors["stay"])}
        return found

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

    def _dev(self) -> list[tuple[Tensor, list[tuple[str, str, list[int]]]]]:
        """Whole documents that are not trained on: centred vectors of the passages, and the questions."""
        path = self.out / "dev.npz"
        found = [
            json.loads(line)
            for file in sorted(DOCUMENTS.glob("?.jsonl"))
            for line in file.read_text("utf-8").splitlines()
        ][::2]
        texts = [[PASSAGE + p["text"] for s in d["sections"] for p in s["passages"]] for d in found]
        if not path.exists():
            made: dict[str, Any] = {
                str(n): encoded(self.model, self.tokenizer, t) for n, t in enumerate(texts)
            }
            np.savez(path, **made)
        stored = np.load(path)
        asked = [[(q["lang"], QUERY + q["q"], q["gold"]) for q in d["questions"]] for d in found]
        return [(self._centred(torch.from_numpy(stored[str(n)])), q) for n, q in enumerate(asked)]

    def figures(self) -> dict[str, float]:
        """Share of questions whose passage comes first in its own document, by language."""
        hits: dict[str, list[bool]] = {}
        for passages, asked in self.dev:
            vectors = encoded(self.model, self.tokenizer, [text for _, text, _ in asked])
            best = (self._centred(torch.from_numpy(vectors)) @ passages.T).argmax(1).tolist()
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

    def loss(self, task: str, chosen: Sequence[Anchor]) -> Tensor:
        """The loss of one task on its batch."""
        vectors = self._centred(self.model(*padded(self.tokenizer, [a.text for a in chosen])))
        bank = self.banks[task]
        if task == "stay":
            targets = bank[[self.stay_numbers[a.text] for a in chosen]]
            return STAY_WEIGHT * (1 - (vectors * targets).sum(1)).mean()
        scores = vectors @ bank.T * SHARPNESS
        own = torch.zeros_like(scores, dtype=torch.bool)
        for number, anchor in enumerate(chosen):
            own[number, list(anchor.own)] = True
        right = (scores.logsumexp(1) - scores.masked_fill(~own, -1e4).logsumexp(1)).mean()
        if task == "passage":
            return right
        near = scores[own].mean() / SHARPNESS
        return right + NEAR_WEIGHT * (1 - near)

    def step(self) -> None:
        """One step of one task."""
        begin = time.perf_counter()
        task = self.rng.choices(list(SHARES), list(SHARES.values()))[0]
        pace = self.pace * min(1.0, (self.steps + 1) / RISE) * max(LOWEST, 1 - self.spent / self.seconds)
        for group in self.optimiser.param_groups:
            group["lr"] = pace
        found = self.loss(task, self.batch(task))
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
