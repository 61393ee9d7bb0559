"""Trains the reader by the clock.

``train_reader.py --data DATA --vocabulary FOLDER --out FOLDER --minutes 86`` writes into ``--out``, every few
minutes: ``last.pt``, ``best.pt`` (the weights without token table, by `measure.score` on units left out),
``progress.pt`` (for ``--resume``) and a line in ``figures.jsonl``. ``--start`` begins from weights
that were trained before: a checkpoint, or the exported ``encoder.onnx`` or ``reader.onnx``.

Loss: cross-entropy of "answers", plus how far answered rows stand above others of their unit, plus
cross-entropy of first and last token of the span. The pace rises for 60 steps and falls to zero at the end.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import deque
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

import e5
import measure
import reader_graph
from batches import FIRST, LATER, Batch, Pool
from reader import FROZEN, LAYERS, Reader, State, from_e5, load, parameters
from sources import units

PACE, HEADS_PACE = 2e-4, 4.0
RISE, LOWEST = 60, 0.02
DROP, SMOOTH = 0.1, 0.015
ABOVE_WEIGHT, SPAN_WEIGHT = 0.5, 0.6
MEASURE_EVERY = 480.0
DEV_UNITS, DEV_UNITS_AT_END = 150, 400


def losses(model: Reader, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """The three parts of the loss, each a number."""
    answers, spans = model(batch.ids, batch.segments, batch.mask, DROP)
    wanted = batch.answers * (1 - 2 * SMOOTH) + SMOOTH
    right = F.binary_cross_entropy_with_logits(answers, wanted, weight=batch.weights)
    same = batch.units[:, None] == batch.units[None, :]
    twins = same & (batch.answers[:, None] > batch.answers[None, :])
    apart = F.softplus(answers[None, :] - answers[:, None])[twins]
    above = apart.mean() if twins.any() else answers.sum() * 0
    if not batch.spans.any():
        return right, above, answers.sum() * 0
    known = batch.spans
    first, last = (F.cross_entropy(spans[known, :, side], batch.span[known, side]) for side in (0, 1))
    return right, above, (first + last) / 2


class Trainer:
    """The model with its optimiser, its clock and its files."""

    def __init__(self, model: Reader, tokenizer: Tokenizer, options: argparse.Namespace) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model, self.tokenizer, self.out = model.to(self.device), tokenizer, options.out
        self.seconds, self.pace = options.minutes * 60, options.pace
        body, heads = parameters(model)
        self.trained = [*body, *heads]
        groups = [{"params": body, "factor": 1.0}, {"params": heads, "factor": HEADS_PACE}]
        self.optimiser = torch.optim.AdamW(groups, lr=options.pace, weight_decay=0.01, betas=(0.9, 0.98))
        self.spent, self.steps, self.best = 0.0, 0, 0.0
        self.recent: deque[tuple[float, ...]] = deque(maxlen=150)

    def step(self, batch: Batch) -> None:
        """One step on one batch, and its time on the clock."""
        begin = time.perf_counter()
        pace = self.pace * min(1.0, (self.steps + 1) / RISE) * max(LOWEST, 1 - self.spent / self.seconds)
        for group in self.optimiser.param_groups:
            group["lr"] = pace * group["factor"]
        right, above, place = losses(self.model, batch.to(self.device))
        self.optimiser.zero_grad(set_to_none=True)
        (right + ABOVE_WEIGHT * above + SPAN_WEIGHT * place).backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.recent.append(tuple(part.detach().item() for part in (right, above, place)))
        self.steps += 1
        self.spent += time.perf_counter() - begin

    def save(self, name: str) -> None:
        """The weights without the token table, which is never trained."""
        state = {k: v.cpu() for k, v in self.model.state_dict().items() if k != "body.word.weight"}
        _write(state, self.out / name)

    def keep(self, figures: dict[str, measure.Figures]) -> None:
        """Writes checkpoints, progress and figures."""
        found = measure.score(figures)
        self.save("last.pt")
        if found > self.best:
            self.best = found
            self.save("best.pt")
        progress = {"spent": self.spent, "steps": self.steps, "best": self.best}
        _write({**progress, "optimiser": self.optimiser.state_dict()}, self.out / "progress.pt")
        row = {
            "minutes": round(self.spent / 60, 1),
            "steps": self.steps,
            "score": round(found, 4),
            "losses": np.mean(self.recent, axis=0).round(3).tolist() if self.recent else [],
            "sources": {name: asdict(one) for name, one in figures.items()},
        }
        with (self.out / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps({name: row[name] for name in ("minutes", "steps", "score", "losses")}), flush=True)

    def resume(self) -> None:
        """Goes on from the files of a run that was stopped."""
        load(self.model, torch.load(self.out / "last.pt", map_location=self.device))
        progress = torch.load(self.out / "progress.pt", map_location=self.device)
        self.optimiser.load_state_dict(progress["optimiser"])
        self.spent, self.steps, self.best = progress["spent"], progress["steps"], progress["best"]


def _write(state: dict[str, object], path: Path) -> None:
    """Written aside and renamed: a run that is killed leaves whole files."""
    aside = path.with_suffix(".part")
    torch.save(state, aside)
    aside.replace(path)


def start(path: Path) -> State:
    """The weights of a checkpoint, or those of an exported graph, which were rounded."""
    if path.suffix != ".onnx":
        state: State = torch.load(path)
        return state
    found = reader_graph.trained(onnx.load(path, load_external_data=False))
    return {name: torch.from_numpy(value) for name, value in found.items()}


def train(trainer: Trainer, options: argparse.Namespace) -> None:
    """Steps until the time is spent."""
    found = units(options.data, options.seed)
    # after a stop the draws begin elsewhere, or the first units would be seen twice as often
    pool = Pool(found, trainer.tokenizer, options.tokens, options.seed + 1 + trainer.steps)
    measured = trainer.spent
    while trainer.spent < trainer.seconds:
        first = trainer.spent < options.first * trainer.seconds
        for batch in pool.batches(FIRST if first else LATER):
            if trainer.spent >= trainer.seconds:
                break
            trainer.step(batch)
            if trainer.spent - measured > MEASURE_EVERY:
                measured = trainer.spent
                trainer.keep(
                    measure.measured(trainer.model, trainer.tokenizer, found, DEV_UNITS, trainer.device)
                )
    trainer.keep(measure.measured(trainer.model, trainer.tokenizer, found, DEV_UNITS_AT_END, trainer.device))


def main() -> None:
    """Reads the arguments and trains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with qa/")
    parser.add_argument("--vocabulary", type=Path, required=True, help="folder of vocabulary.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--pace", type=float, default=PACE, help="of the body; heads move four times as fast")
    parser.add_argument("--first", type=float, default=0.4, help="share of the time with the first mixture")
    parser.add_argument("--start", type=Path, help="checkpoint or exported graph to begin from")
    parser.add_argument("--bfloat16", action="store_true", help="where the processor has it")
    parser.add_argument("--resume", action="store_true", help="go on from the files in --out")
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--frozen", type=int, default=FROZEN, help="layers that are not trained")
    parser.add_argument("--tokens", type=int, default=2_400, help="of a batch")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    kept = np.load(options.vocabulary / "pieces.npy")
    model = Reader(len(kept), options.layers, options.frozen, bfloat16=options.bfloat16)
    base = from_e5(e5.read(e5.package_file()).tensors, kept, options.layers)
    model.load_state_dict(base, strict=False)
    if options.start:
        load(model, {**model.state_dict(), **start(options.start)})
    trainer = Trainer(model, Tokenizer.from_file(str(options.vocabulary / "tokenizer.json")), options)
    if options.resume:
        trainer.resume()
    train(trainer, options)


if __name__ == "__main__":
    main()
