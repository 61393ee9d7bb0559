"""What the student is asked to do."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SCALE = 20.0
COSINE_SHARE = 4.0
TEACHER_SHARE = 0.5
#: of the loss that asks each passage for its question, so that no passage is near to all
BACKWARD_SHARE = 0.5
#: two different sentences of a batch closer than this are not held against each other
SAME = 0.9


def distillation(student: Tensor, teacher: Tensor, english: Tensor, anchor: float) -> Tensor:
    """Cosine distance to one's own teacher vector, and in-batch contrast with the others'.

    Both are ``(n, 384)`` unit rows; returns a scalar. Rows where ``english`` is true count ``anchor``
    times in the distance: they start where they should be, and are only to stay there.
    """
    own = (student * teacher).sum(1)
    weight = 1.0 + (anchor - 1.0) * english.float()
    alike = (teacher @ teacher.T > SAME).fill_diagonal_(False)
    scores = (student @ teacher.T * SCALE).masked_fill(alike, -1e4)
    contrast = F.cross_entropy(scores, torch.arange(len(student), device=student.device))
    return COSINE_SHARE * (weight * (1 - own)).mean() + contrast


def matching(questions: Tensor, passages: Tensor, gold: Tensor, teacher: Tensor | None) -> Tensor:
    """Each question against every passage of the batch.

    ``gold[i]`` is the passage that answers question ``i``, or -1 when none does. ``teacher`` holds
    the English teacher's cosines ``(questions, passages)``: the student's ranking follows
    them in part, and wholly for a question without an answer.
    """
    scores = questions @ passages.T * SCALE
    answered = gold >= 0
    loss = F.cross_entropy(scores[answered], gold[answered])
    backward = F.log_softmax(scores[answered], dim=0)
    loss = loss - BACKWARD_SHARE * backward[torch.arange(len(backward)), gold[answered]].mean()
    if teacher is not None:
        wanted = (teacher * SCALE).softmax(dim=1)
        follow = F.kl_div(scores.log_softmax(dim=1), wanted, reduction="batchmean")
        loss = loss + TEACHER_SHARE * follow
    return loss
