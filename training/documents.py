"""Whole documents with questions, written for this project: `training/documents`.

Every second one is trained on by the reader; the encoder is measured on those, and the others are left for
the calibration, which must see how the reader does on documents that it does not know.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "documents"


def rows() -> list[dict[str, Any]]:
    """Title, sections with passages, questions and unanswerable questions of each document, in order."""
    files = sorted(FOLDER.glob("?.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def trained_on() -> list[dict[str, Any]]:
    """The documents that the reader learns from."""
    return rows()[::2]
