"""Second step: foreign text learns to land on the English teacher's vectors, and questions on
the passages that answer them.

One run is one stage; README.md lists the stages. A stage ends after ``--minutes``, measures
itself on the devtest, keeps its best weights beside the last ones, and resumes from its own
checkpoint.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

import domain
from checkpoint import load_encoder, save
from devtest import English, retrieval
from encode import TeacherCache, encode, load_tokenizer
from encoder import Encoder
from losses import distillation, matching
from optimise import Optimisers, Paces
from pool import Batch, Pool, device
from questions import QuestionBatch, Questions, public_questions
from snippets import snippets
from start import training_pairs

#: a little above the 0.97 that the shipped int8 weights must keep
ENGLISH_ASKED = 0.972


def arguments() -> argparse.Namespace:
    """The settings of one stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--source", required=True, help="checkpoint to start from, in --work")
    parser.add_argument("--target", required=True, help="checkpoint to write, in --work")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--added", type=float, default=2e-3, help="pace of the appended rows")
    parser.add_argument("--base", type=float, default=2e-4, help="pace of MiniLM's own rows")
    parser.add_argument("--body", type=float, default=0.0, help="0 keeps the body frozen")
    parser.add_argument("--tokens", type=int, default=4_096, help="tokens in a batch")
    parser.add_argument("--english", type=float, default=0.12, help="share of English texts")
    parser.add_argument("--anchor", type=float, default=1.0, help="weight of English in the distance")
    parser.add_argument("--noise", type=float, default=0.12, help="share of disturbed texts")
    parser.add_argument("--questions", type=float, default=0.0, help="share of question batches")
    parser.add_argument("--own", type=float, default=1.0, help="factor on the domain's weight")
    parser.add_argument("--every", type=float, default=4.0, help="minutes between measurements")
    parser.add_argument("--seed", type=int, default=93)
    parser.add_argument("--device", default="auto")
    return parser.parse_args()


class Lessons:
    """Computes the loss of either kind of batch."""

    def __init__(self, model: Encoder, cache: TeacherCache, place: torch.device, anchor: float) -> None:
        self._model, self._cache, self._place, self._anchor = model, cache, place, anchor

    def _student(self, ids: Tensor, mask: Tensor) -> Tensor:
        vectors: Tensor = self._model(ids.to(self._place), mask.to(self._place))
        return vectors

    def _teacher(self, rows: list[int]) -> Tensor:
        return torch.from_numpy(self._cache.vectors[rows]).float().to(self._place)

    def translation(self, batch: Batch) -> Tensor:
        """Distillation onto the teacher's vectors."""
        ours, theirs = self._student(batch.ids, batch.mask), self._teacher(batch.rows)
        return distillation(ours, theirs, batch.english.to(self._place), self._anchor)

    def question(self, batch: QuestionBatch) -> Tensor:
        """Questions against passages, following the teacher where there is English."""
        scores = None
        if batch.english is not None:
            questions, passages = (self._teacher(self._cache.rows(t)) for t in batch.english)
            scores = questions @ passages.T
        ours, theirs = self._student(*batch.questions), self._student(*batch.passages)
        return matching(ours, theirs, batch.gold.to(self._place), scores)


def measure(data: Path, model: Encoder, tokenizer: Tokenizer, english: English) -> tuple[float, str]:
    """Mean top-1 over the first 500 lines of each devtest task, and the figures as text.

    What English lacks of `ENGLISH_ASKED` is taken off twice: a model that gains a little of
    translation by losing English is not the better one.
    """
    figures = retrieval(data, lambda texts: encode(model, tokenizer, texts), 500)
    kept = english.kept(lambda texts: encode(model, tokenizer, texts))
    score = sum(figures.values()) / len(figures) - 2 * max(0.0, ENGLISH_ASKED - kept)
    figures["English kept"] = kept
    return score, "  ".join(f"{name} {value:.3f}" for name, value in figures.items())


def main() -> None:
    """Trains one stage."""
    args = arguments()
    torch.manual_seed(args.seed)
    place = device(args.device)
    tokenizer = load_tokenizer(args.work / "tokenizer.json", 96)
    cache = TeacherCache(args.work / "teacher")
    pairs = training_pairs(args.data, args.own)
    cache.rows([pair.english for pair in pairs])
    own = domain.passages()
    passages = own + snippets(own, cache) + public_questions(args.data)
    terms = [pair for pair in domain.sentences("lexicon*.tsv", 1.0) if pair.lang == "ar"]
    target = args.work / args.target
    model = load_encoder(target if target.exists() else args.work / args.source).to(place)
    optimisers = Optimisers(model, Paces(args.added, args.base, args.body))
    spent, best, step = 0.0, 0.0, 0
    if target.exists():
        state = torch.load(target, map_location=place, weights_only=True)
        spent, best, step = state["spent"], state["best"], state["step"]
        optimisers.restore(state["optimisers"])
    chance = random.Random(args.seed + step)
    rows = cache.rows([p.english for p in pairs])
    translations = Pool(pairs, rows, tokenizer, args.seed + step).stream(
        args.tokens, args.english, args.noise
    )
    questions = Questions(passages, terms, tokenizer, cache, args.seed + step).stream(args.noise)
    lessons = Lessons(model, cache, place, args.anchor)
    english = English(args.data, 500)
    losses: list[float] = []
    measured, clock = spent, time.monotonic()
    while spent < args.minutes:
        if chance.random() < args.questions:
            loss = lessons.question(next(questions))
        else:
            loss = lessons.translation(next(translations))
            losses.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        optimisers.step(min(spent / args.minutes, 1.0))
        step, now = step + 1, time.monotonic()
        spent, clock = spent + (now - clock) / 60, now
        if spent >= args.minutes or spent - measured >= args.every:
            score, shown = measure(args.data, model, tokenizer, english)
            loss_now = sum(losses) / max(len(losses), 1)
            state = f"{spent:.1f} min  step {step}  loss {loss_now:.3f}"
            print(f"{state}  score {score:.3f}  {shown}", flush=True)
            if score > best:
                best = score
                save(target.with_suffix(".best.pt"), model)
            save(target, model, spent=spent, best=best, step=step, optimisers=optimisers.state())
            measured, losses, clock = spent, [], time.monotonic()


if __name__ == "__main__":
    main()
