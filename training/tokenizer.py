"""The tokenizer of multilingual-e5-small, cut to the pieces that five languages use."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzàâäáçéèêëîïíìôöóòûüùúÿœæñß")
_SPACES = "[\t\n\r\u0085\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]"
#: Arabic vowel signs and tatweel: a text with them is cut as the text without
_VOWELS = "[\u064b-\u0652\u0670\u0640]"
_CONTROLS = "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]"


def is_kept(piece: str) -> bool:
    """Whether a piece is made of Arabic letters, Latin letters of the four languages, or no letters."""
    return all(_is_kept(char) for char in piece)


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category[0] == "L":
        return char.lower() in _LATIN or _is_arabic(char)
    if category[0] == "M":
        return _is_arabic(char) or "\u0300" <= char <= "\u036f" or "\ufe00" <= char <= "\ufe0f"
    if category == "Nd":
        return char.isascii() or _is_arabic(char)
    return True


def _is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff" or "\u0750" <= char <= "\u077f" or "\ufb50" <= char <= "\ufeff"


def build(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """A tokenizer over these pieces; the first four are the special ones."""
    vocabulary = [(piece, round(float(score), 4)) for piece, score in zip(pieces, scores, strict=True)]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_CONTROLS), ""),
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(_VOWELS), ""),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    return made
