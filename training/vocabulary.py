"""Builds the tokenizer: MiniLM's WordPiece, a normaliser for Arabic, and the appended words.

Everything done to the text before it is cut is in ``normalizer`` and travels in
``tokenizer.json``; callers pass raw text. For Arabic: NFKC, no short vowels or tatweel, one form
of alef, ya, ha and of the letters that Darija borrows, ASCII digits and punctuation, and the
definite article (with the one-letter words glued before it) dropped, as light stemmers do, so
that one word is one token wherever it stands. The glued "and" (و) is dropped from words that are
not in the vocabulary as written. Words whose space was lost are parted where a letter says so: ة and
ى end a word, and an article before a hamza seat begins one. English words must be cut as MiniLM
cuts them (`recut.py`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from data import Pair
from encoder import minilm_folder
from recut import recut

#: whole words appended per language, most frequent first
WORDS = {"ar": 43_000, "ary": 6_000, "fr": 11_500, "es": 12_000, "ary_latn": 5_500}
ARABIC_PIECES = 6_000
LATIN_PIECES = 1_500
MIN_COUNT = 2.0

_LETTER = "[\u0621-\u064a]"
_ARTICLE = f"(?<!{_LETTER})[وف]?(?:ال|بال|كال|لل)(?={_LETTER}{{3,}})"
_GLUED_ARTICLE = f"(?<={_LETTER}{{3}})ال(?=[أإآ]{_LETTER})"
_FOLDED = {
    "ـ": "", "ٱ": "ا", "گ": "ك", "ڭ": "ك", "ک": "ك", "ڤ": "ف", "پ": "ب", "ی": "ي",
    "؟": "?", "،": ",", "؛": ";", "٪": "%", "٫": ".", "٬": ",", "’": "'", "ʼ": "'",
}  # fmt: skip
_DIGITS = {**dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
           **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True))}  # fmt: skip


def without_and(vocabulary: Iterable[str]) -> normalizers.Normalizer:
    """Drops a leading "and" unless the whole word is in the vocabulary."""
    known = sorted(word[1:] for word in vocabulary if re.fullmatch(f"و{_LETTER}{{3,}}", word))
    excepted = "|".join(known) or "و"
    pattern = f"(?<!{_LETTER})و(?!(?:{excepted})(?!{_LETTER}))(?={_LETTER}{{3,}})"
    return normalizers.Replace(Regex(pattern), "")


def normalizer(vocabulary: Iterable[str] | None = None) -> normalizers.Sequence:
    """The one place where text is changed before it is cut into tokens.

    Without a vocabulary the last rule, which needs one, is left out.
    """
    folds = [normalizers.Replace(old, new) for old, new in (_FOLDED | _DIGITS).items()]
    folds.append(normalizers.Replace(Regex(_GLUED_ARTICLE), " ال"))
    bert = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    last: list[normalizers.Normalizer] = [
        *(normalizers.Replace(Regex(f"{end}(?=[\u0622-\u064a])"), f"{end} ") for end in "ةى"),
        normalizers.Replace("ى", "ي"),
        normalizers.Replace("ة", "ه"),
        normalizers.Replace(Regex(_ARTICLE), ""),
    ]
    if vocabulary is not None:
        last.append(without_and(vocabulary))
    return normalizers.Sequence([normalizers.NFKC(), *folds, bert, *last])


def word_counts(pairs: Iterable[Pair]) -> dict[str, Counter[str]]:
    """Weighted counts of the normalised words of each language."""
    change, cut = normalizer(), pre_tokenizers.BertPreTokenizer()
    counts: dict[str, Counter[str]] = {lang: Counter() for lang in WORDS}
    for pair in pairs:
        for word, _ in cut.pre_tokenize_str(change.normalize_str(pair.text)):
            if word.isalnum() and not word.isdecimal():
                counts[pair.lang][word] += pair.weight  # type: ignore[assignment]
    return counts


def pieces(counts: Counter[str], size: int) -> list[str]:
    """Word pieces for what is not a whole word: single letters, endings, frequent stems."""
    trainer = trainers.WordPieceTrainer(vocab_size=size, continuing_subword_prefix="##", show_progress=False)
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    lines = (" ".join([word] * min(int(count) + 1, 50)) for word, count in counts.items())
    tokenizer.train_from_iterator(lines, trainer)
    return sorted(tokenizer.get_vocab())


def added_tokens(pairs: Sequence[Pair], base: set[str]) -> list[str]:
    """The tokens to append, in a fixed order and without those MiniLM has.

    Of the Latin pieces only endings are taken: a new beginning would cut English differently.
    """
    counts = word_counts(pairs)
    chosen: dict[str, None] = {}
    arabic = counts["ar"] + counts["ary"]
    latin = counts["fr"] + counts["es"] + counts["ary_latn"]
    for token in pieces(arabic, ARABIC_PIECES):
        chosen[token] = None
    for token in pieces(latin, LATIN_PIECES * 2):
        if token.startswith("##"):
            chosen[token] = None
    for lang, size in WORDS.items():
        words = [word for word, count in counts[lang].most_common() if count >= MIN_COUNT]
        fresh = [word for word in words if word not in base and word not in chosen]
        chosen.update(dict.fromkeys(fresh[:size]))
    return [token for token in chosen if token not in base]


def assembled(appended: Sequence[str], whole: Sequence[str] = ()) -> Tokenizer:
    """MiniLM's tokenizer with `appended` after its own tokens, then those that match `whole` words only."""
    source = json.loads((minilm_folder() / "tokenizer.json").read_text("utf-8"))
    vocabulary: dict[str, int] = source["model"]["vocab"]
    vocabulary.update({token: len(vocabulary) + i for i, token in enumerate(appended)})
    source["normalizer"] = None
    source["padding"] = source["truncation"] = None
    tokenizer = Tokenizer.from_str(json.dumps(source, ensure_ascii=False))
    tokenizer.normalizer = normalizer(vocabulary)
    tokenizer.add_tokens([AddedToken(word, single_word=True, normalized=True) for word in whole])
    return tokenizer


def build(pairs: Sequence[Pair], folder: Path) -> int:
    """Writes ``tokenizer.json`` to the folder; returns how many tokens were appended."""
    minilm = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    minilm.no_padding()
    fresh = added_tokens(pairs, set(minilm.get_vocab()))
    found = recut(assembled(fresh), minilm, fresh)
    kept = [token for token in fresh if token not in found.dropped]
    tokenizer = assembled(
        [token for token in kept if token not in found.whole],
        [token for token in kept if token in found.whole],
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    return len(kept)
