"""First step: the tokenizer and the aligned start of its new tokens."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import domain
from align import start, translation_table
from data import Pair, public_pairs
from encode import load_tokenizer
from encoder import minilm_folder, minilm_weights
from vocabulary import build


def training_pairs(data: Path, own: float = 1.0, room: int = 1) -> list[Pair]:
    """Everything there is to learn translation from; ``own`` is a factor on the domain's weight."""
    ours = domain.sentences("sentences*.tsv", 5.0 * own) + domain.passage_pairs(5.0 * own)
    ours += domain.sentences("lexicon*.tsv", 3.0 * own)
    return public_pairs(data, room) + ours + domain.names(1.0)


def main() -> None:
    """Builds the tokenizer, aligns its new tokens and writes both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    args = parser.parse_args()
    pairs = training_pairs(args.data, room=2)
    count = build(pairs, args.work)
    print(f"{len(pairs)} pairs, {count} tokens appended")
    tokenizer = load_tokenizer(args.work / "tokenizer.json")
    english = load_tokenizer(minilm_folder() / "tokenizer.json")
    foreign_ids = [e.ids[1:-1] for e in tokenizer.encode_batch([p.text for p in pairs])]
    english_ids = [e.ids[1:-1] for e in english.encode_batch([p.english for p in pairs])]
    size = tokenizer.get_vocab_size()
    counts = translation_table(foreign_ids, english_ids, size)
    table = minilm_weights()["embeddings.word_embeddings.weight"].numpy()
    rows, aligned = start(table, count, counts)
    print(f"{aligned} of {count} tokens aligned")
    torch.save({"added": torch.from_numpy(rows)}, args.work / "start.pt")


if __name__ == "__main__":
    main()
