from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.errors import IndexDamagedError
from assemblybot.index.lexical import LexicalPostings

VIEWS = [["harbour", "open", "may"], ["council", "pay", "harbour"], ["school", "diver"], []]


def test_the_view_with_more_of_the_question_wins() -> None:
    scores = LexicalPostings.build(VIEWS).scores(["council", "pay", "unseen"])
    assert scores.shape == (4,)
    assert int(np.argmax(scores)) == 1
    assert scores[2] == 0.0


@given(st.lists(st.sampled_from(["harbour", "open", "diver", "pay", "zzz"]), max_size=8))
def test_scores_are_shares(terms: list[str]) -> None:
    scores = LexicalPostings.build(VIEWS).scores(terms)
    assert np.all(scores >= 0)
    assert np.all(scores <= 1)


def test_saved_and_loaded_scores_agree(tmp_path: Path) -> None:
    built = LexicalPostings.build(VIEWS)
    built.save(tmp_path)
    loaded = LexicalPostings.load(tmp_path, len(VIEWS))
    np.testing.assert_array_equal(built.scores(["harbour", "may"]), loaded.scores(["harbour", "may"]))
    assert loaded.knows("diver")
    assert not loaded.knows("zzz")
    assert loaded.idf("zzz") > loaded.idf("harbour")


def test_a_folder_without_postings(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="index build"):
        LexicalPostings.load(tmp_path, 4)
