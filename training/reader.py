"""The reader in torch: twelve layers, those of the encoder to begin with, and heads for answer and span.

`reader_graph.py` is the same as an ONNX graph (a test compares them). Below, ``n`` is the number of rows of a
batch and ``t`` the tokens of the longest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

import e5
from graph import DIMENSION, EPSILON, HEADS, HIDDEN

INNER, POSITIONS, HEAD_WIDTH, FEATURES = 1536, 512, 64, 6
LAYERS, FROZEN = 12, 4
#: log-odds that the features alone begin with: mostly "no answer"
FIRST_BIAS = -3.0

State = dict[str, Tensor]


class Layer(nn.Module):
    """One encoder layer: attention and a feed-forward net, each followed by normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(DIMENSION, 3 * DIMENSION)
        self.ao = nn.Linear(DIMENSION, DIMENSION)
        self.aln = nn.LayerNorm(DIMENSION, eps=EPSILON)
        self.fi = nn.Linear(DIMENSION, INNER)
        self.fo = nn.Linear(INNER, DIMENSION)
        self.oln = nn.LayerNorm(DIMENSION, eps=EPSILON)

    def forward(self, states: Tensor, bias: Tensor, drop: float = 0.0) -> Tensor:
        """States ``(n, t, 384)`` and attention bias ``(n, 1, 1, t)`` to states ``(n, t, 384)``."""
        rows, length, _ = states.shape
        parts = self.qkv(states).view(rows, length, 3, HEADS, DIMENSION // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = self.ao(mixed.transpose(1, 2).reshape(rows, length, DIMENSION))
        states = self.aln(states + F.dropout(mixed, drop, self.training))
        grown = self.fo(F.gelu(self.fi(states)))
        found: Tensor = self.oln(states + F.dropout(grown, drop, self.training))
        return found


class Body(nn.Module):
    """Token table, places and layers."""

    def __init__(self, layers: int, pieces: int) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, DIMENSION)
        self.pos = nn.Embedding(POSITIONS, DIMENSION)
        self.ln = nn.LayerNorm(DIMENSION, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def embed(self, ids: Tensor) -> Tensor:
        """Token ids ``(n, t)`` to states ``(n, t, 384)`` before the first layer."""
        found: Tensor = self.ln(self.word(ids) + self.pos.weight[: ids.shape[1]])
        return found


class Reader(nn.Module):
    """Question, context and passage to the log-odds that the passage answers, and where.

    The layers below ``frozen`` and the embeddings are not trained. With ``bfloat16`` the layers multiply in
    that format: twice as quick where the processor has it, and slow elsewhere.
    """

    def __init__(
        self, pieces: int, layers: int = LAYERS, frozen: int = FROZEN, *, bfloat16: bool = False
    ) -> None:
        super().__init__()
        self.body = Body(layers, pieces)
        self.frozen, self.bfloat16 = frozen, bfloat16
        for part in (self.body.word, self.body.pos, self.body.ln, *self.body.layers[:frozen]):
            part.requires_grad_(False)
        self.token = nn.Linear(DIMENSION, 1)
        self.cls = nn.Linear(DIMENSION, HEAD_WIDTH)
        self.prod = nn.Linear(DIMENSION, HEAD_WIDTH)
        self.feat = nn.Linear(FEATURES, HEAD_WIDTH)
        self.out = nn.Linear(HEAD_WIDTH, 1)
        self.match = nn.Linear(FEATURES, 1)
        self.span = nn.Linear(DIMENSION, 2)
        self.cross = nn.Linear(DIMENSION, 2 * DIMENSION)
        self._begin()

    def _begin(self) -> None:
        """Heads that start from the match features: a plain first-token head did not start to learn."""
        nn.init.normal_(self.cross.weight, std=0.01)
        for zero in (self.cross.bias, self.out.weight, self.out.bias):
            nn.init.zeros_(zero)
        nn.init.ones_(self.match.weight)
        nn.init.constant_(self.match.bias, FIRST_BIAS)

    def forward(
        self, ids: Tensor, segments: Tensor, mask: Tensor, drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """``ids``, ``segments``, ``mask`` ``(n, t)`` to log-odds ``(n,)`` and span scores ``(n, t, 2)``.

        Segments: 0 special or padding, 1 question, 2 title, section and lead-in, 3 passage. Outside the
        passage only the first token has a span score; it stands for "no answer".
        """
        embedded, states = self._states(ids, mask, drop)
        question, context = (segments == 1).float(), (segments >= 2).float()
        asked, told = _mean(states, question), _mean(states, context)
        features = self._features(embedded, states, asked, told, question, context)
        mixed = F.gelu(self.cls(states[:, 0]) + self.prod(asked * told) + self.feat(features))
        answer = (self.out(mixed) + self.match(features)).squeeze(1)
        wanted = self.cross(asked).view(-1, 2, DIMENSION)
        spans = self.span(states) + torch.einsum("nth,nkh->ntk", states, wanted) * DIMENSION**-0.5
        outside = segments != 3
        outside[:, 0] = False
        return answer, spans + outside.float()[:, :, None] * HIDDEN

    def _states(self, ids: Tensor, mask: Tensor, drop: float) -> tuple[Tensor, Tensor]:
        """States before the first layer and after the last, both ``(n, t, 384)``."""
        bias = ((1 - mask.float()) * HIDDEN)[:, None, None, :]
        with torch.autocast(ids.device.type, torch.bfloat16, enabled=self.bfloat16):
            with torch.no_grad():
                embedded = states = self.body.embed(ids)
                for layer in self.body.layers[: self.frozen]:
                    states = layer(states, bias)
            for layer in self.body.layers[self.frozen :]:
                states = layer(states, bias, drop)
        return embedded, states.float()

    def _features(
        self, embedded: Tensor, states: Tensor, asked: Tensor, told: Tensor, question: Tensor, context: Tensor
    ) -> Tensor:
        """Six match features ``(n, 6)``: of states and of embeddings the mean and the weighted best cosine of
        the question's tokens to a token of the context; the cosine of the means; the lowest best cosine."""
        shares = F.softmax(self.token(states).squeeze(-1) + (1 - question) * HIDDEN, dim=1)
        count = question.sum(1)
        deep, surface = (_best_match(s, context) * question for s in (states, embedded))
        found = [
            value
            for best in (deep, surface)
            for value in (best.sum(1) / count, (best * shares).sum(1))
        ]  # fmt: skip
        found.append(F.cosine_similarity(asked, told, dim=1))
        found.append((deep + (1 - question)).min(1).values)
        return torch.stack(found, dim=1)


def _mean(states: Tensor, kept: Tensor) -> Tensor:
    """Mean state ``(n, 384)`` of the tokens with 1 in ``kept`` ``(n, t)``."""
    return (states * kept[:, :, None]).sum(1) / kept.sum(1, keepdim=True)


def _best_match(states: Tensor, context: Tensor) -> Tensor:
    """For each token its best cosine to a token of the context, ``(n, t)``."""
    unit = F.normalize(states, dim=-1)
    return (unit @ unit.transpose(1, 2) + (1 - context)[:, None, :] * HIDDEN).max(2).values


def from_e5(tensors: Mapping[str, e5.Floats | e5.Quantised], kept: NDArray[np.int64], layers: int) -> State:
    """The part of a reader's state that is the body of multilingual-e5-small, its table cut to ``kept``."""
    table = tensors["emb.word"]
    assert isinstance(table, e5.Quantised)
    state: dict[str, Any] = {
        "body.word.weight": e5.Quantised(table.nibbles[kept], table.scales[kept]).floats(),
        "body.pos.weight": _floats(tensors["emb.pos"]) + _floats(tensors["emb.type"])[0],
        "body.ln.weight": tensors["emb.ln.w"],
        "body.ln.bias": tensors["emb.ln.b"],
    }
    for number in range(layers):
        for kind, letter in (("weight", "w"), ("bias", "b")):
            own = f"body.layers.{number}"
            parts = [_floats(tensors[f"l{number}.{name}.{letter}"]) for name in "qkv"]
            state[f"{own}.qkv.{kind}"] = np.concatenate(parts)
            for name in ("ao", "aln", "fi", "fo", "oln"):
                state[f"{own}.{name}.{kind}"] = _floats(tensors[f"l{number}.{name}.{letter}"])
    return {name: torch.from_numpy(np.array(value)) for name, value in state.items()}


def load(model: Reader, state: State) -> None:
    """Loads a whole state or a checkpoint without token table, and nothing else."""
    found = model.load_state_dict(state, strict=False)
    if found.unexpected_keys or set(found.missing_keys) - {"body.word.weight"}:
        raise SystemExit(f"No checkpoint of this reader: {found}")


def parameters(model: Reader) -> tuple[Sequence[nn.Parameter], Sequence[nn.Parameter]]:
    """What is trained: of the body, and of the heads."""
    trained = [(name, value) for name, value in model.named_parameters() if value.requires_grad]
    body = [value for name, value in trained if name.startswith("body.")]
    return body, [value for name, value in trained if not name.startswith("body.")]


def _floats(value: e5.Floats | e5.Quantised) -> e5.Floats:
    return value.floats() if isinstance(value, e5.Quantised) else value
