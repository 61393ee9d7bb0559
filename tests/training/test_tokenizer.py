"""The tokenizer: what is kept, and how a text is cut."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

import tokenizer
import vocabulary

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁الامين", "▁العام", "▁الأمين", "▁ab", "c", "▁abc", "é"]


@pytest.fixture(scope="module")
def small() -> Tokenizer:
    return tokenizer.build(PIECES, [0.0, 0.0, 0.0, 0.0, -3.0, -5.0, -5.0, -5.0, -4.0, -4.0, -6.0, -6.0])


def test_special_tokens_stand_around_a_text(small: Tokenizer) -> None:
    assert small.encode("abc").ids == [0, 10, 2]
    assert small.encode("").ids == [0, 2]


@pytest.mark.parametrize("text", ["الأَمِينُ الْعَامُّ", "الأميـــن العـام", "الأمينٰ العامّ"])
def test_a_vowelled_text_is_cut_as_the_bare_one(small: Tokenizer, text: str) -> None:
    assert small.encode(text).ids == small.encode("الأمين العام").ids == [0, 7, 6, 2]


def test_offsets_point_into_the_vowelled_text(small: Tokenizer) -> None:
    text = "الأَمِينُ الْعَامُّ"
    first, second = small.encode(text, add_special_tokens=False).offsets
    assert text[slice(*first)].rstrip("\u064f") == "الأَمِين"
    assert text[slice(*second)].lstrip(" ").rstrip("\u064f\u0651") == "الْعَام"


def test_spaces_and_controls(small: Tokenizer) -> None:
    assert small.encode("abc\u200b\t abc\u0000").ids == [0, 10, 10, 2]


@pytest.mark.parametrize(
    ("piece", "kept"),
    [
        ("▁الأمم", True),
        ("▁été", True),
        ("ñ", True),
        ("2025", True),
        ("🙂", True),
        ("٢", True),
        ("▁мир", False),
        ("日本", False),
        ("२", False),
    ],
)
def test_letters_of_the_five_languages_are_kept(piece: str, kept: bool) -> None:
    assert tokenizer.is_kept(piece) is kept


def test_a_piece_that_occurs_is_kept_whatever_its_letters() -> None:
    pieces = [*tokenizer.SPECIAL, "▁мир", "▁日", "▁a"]
    full = tokenizer.build(pieces, [0.0] * 4 + [-1.0] * 3)
    counts = vocabulary.counted(full, ["мир a мир"])
    assert counts.tolist() == [0, 0, 0, 0, 2, 0, 1]
    assert vocabulary.chosen(pieces, counts).tolist() == [0, 1, 2, 3, 4, 6]
