"""Phrases of conversation by purpose, from `phrases.toml`, folded for matching."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from assemblybot.text.arabic import fold

WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def bare(text: str) -> str:
    """Folded words of `text` between single spaces."""
    return " ".join(WORD.findall(fold(text)))


@lru_cache(maxsize=1)
def _all() -> dict[str, tuple[str, ...]]:
    text = (resources.files("assemblybot.answering") / "phrases.toml").read_text(encoding="utf-8")
    return {
        purpose: tuple(sorted({bare(phrase) for phrase in listed}, key=lambda p: (-len(p), p)))
        for purpose, listed in tomllib.loads(text).items()
    }


@cache
def phrases(*purposes: str) -> tuple[str, ...]:
    """Phrases for these purposes, longest first."""
    found = [phrase for purpose in purposes for phrase in _all()[purpose]]
    return tuple(sorted(found, key=len, reverse=True))
