"""Writes the canonical vectors that the tests hold the shipped folder to."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assemblybot.embedding import load_embedder

TEXTS = (
    "عقدت المنظمة دورتها السنوية في العاصمة بحضور وفود من مئة دولة.",
    "شكون اللي صوّت على الميزانية الجديدة؟",
    "ch7al mn dawla char9at f lmo2tamar?",
    "Les enquêteurs ont démantelé un réseau de traite d'êtres humains.",
    "How do investigators exchange digital evidence across borders?",
    "¿Qué medidas aprobó la asamblea contra el blanqueo de capitales?",
)


def main() -> None:
    """Encodes the texts and writes them with their vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--target", type=Path, required=True, help="canonical.json")
    args = parser.parse_args()
    vectors = load_embedder(str(args.folder)).embed_passages(TEXTS)
    lines = []
    for text, row in zip(TEXTS, vectors, strict=True):
        values = json.dumps([round(float(value), 4) for value in row])
        lines.append(f"{json.dumps(text, ensure_ascii=False)}: {values}")
    args.target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
