"""Goes on from a shipped folder where no checkpoint was kept: its int8 weights as a checkpoint.

Rounding to eight bits moves a vector by a cosine of about 0.0006, which the next steps of training
mend. Only the sum of positions and token type is shipped; MiniLM's own token type is taken off.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from checkpoint import save
from encoder import DIMENSION, HEADS, LAYERS, Encoder, minilm_weights
from graph import Floats


def linear(constants: dict[str, Floats], name: str) -> tuple[Floats, Floats]:
    """Weight ``(n, k)`` and bias of one 8-bit layer of `graph.Graph.linear`."""
    values = constants[f"{name}.weight"].astype(np.float32) - 128
    weight = values * constants[f"{name}.scale"][:, :, np.newaxis]
    return weight.reshape(len(values), -1), constants[f"{name}.bias"]


def body(constants: dict[str, Floats]) -> dict[str, Floats]:
    """The weights of `Encoder.body` by name, without positions and token types."""
    found: dict[str, Floats] = {}
    norms = ["embeddings"]
    for index in range(LAYERS):
        layer = f"encoder_layer_{index}"
        weight, bias = linear(constants, f"{layer}.joint")
        parts = zip(("query", "key", "value"), np.split(weight, 3), np.split(bias, 3), strict=True)
        for part, own_weight, own_bias in parts:
            # The graph holds the attention's scale inside the query.
            factor = np.float32((DIMENSION // HEADS) ** 0.5 if part == "query" else 1.0)
            found[f"{layer}_attention_self_{part}_weight"] = own_weight * factor
            found[f"{layer}_attention_self_{part}_bias"] = own_bias * factor
        for name in ("attention_output_dense", "intermediate_dense", "output_dense"):
            weight, bias = linear(constants, f"{layer}_{name}")
            found[f"{layer}_{name}_weight"], found[f"{layer}_{name}_bias"] = weight, bias
        norms += [f"{layer}_attention_output", f"{layer}_output"]
    for name in norms:
        found[f"{name}_LayerNorm_weight"] = constants[f"{name}.gain"]
        found[f"{name}_LayerNorm_bias"] = constants[f"{name}.shift"]
    return found


def thaw(folder: Path) -> Encoder:
    """The float encoder of the shipped ``folder``."""
    graph = onnx.load(str(folder / "model.onnx")).graph
    constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
    table = torch.from_numpy(constants["table"].astype(np.float32) * constants["table_scale"])
    weights: dict[str, Tensor] = minilm_weights()
    border = len(weights["embeddings.word_embeddings.weight"])
    model = Encoder(weights, table[border:])
    kinds = model.body["embeddings_token_type_embeddings_weight"].detach()[0]
    places = torch.from_numpy(constants["places"].copy()) - kinds
    state = {f"body.{name}": torch.from_numpy(value.copy()) for name, value in body(constants).items()}
    state |= {
        "base.weight": table[:border],
        "added.weight": table[border:],
        "body.embeddings_position_embeddings_weight": places,
        "body.embeddings_token_type_embeddings_weight": model.body[
            "embeddings_token_type_embeddings_weight"
        ].detach(),
    }
    model.load_state_dict(state)
    return model


def main() -> None:
    """Writes ``thawed.pt`` and the tokenizer into the folder of checkpoints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the shipped folder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.folder / "tokenizer.json", args.work / "tokenizer.json")
    save(args.work / "thawed.pt", thaw(args.folder))


if __name__ == "__main__":
    main()
