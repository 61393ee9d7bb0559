from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.errors import IndexBuildError, IndexDamagedError
from assemblybot.index import base, postings
from assemblybot.index.bm25 import BM25

ENTRIES = [["harbour", "open", "may"], ["council", "pay", "harbour"], ["school", "diver"], []]


def test_the_entry_with_more_of_the_question_wins() -> None:
    scores = BM25.build(ENTRIES).scores(["council", "pay", "unseen"])
    assert scores.shape == (4,)
    assert int(np.argmax(scores)) == 1
    assert scores[2] == 0.0


@given(st.lists(st.sampled_from(["harbour", "open", "diver", "pay", "zzz"]), max_size=8))
def test_scores_are_shares(terms: list[str]) -> None:
    scores = BM25.build(ENTRIES).scores(terms)
    assert np.all(scores >= 0)
    assert np.all(scores <= 1)


def test_scores_are_those_of_bm25s() -> None:
    rng = np.random.default_rng(3)
    entries = [[f"t{int(t)}" for t in rng.zipf(1.4, size=30) if t < 200] for _ in range(300)]
    library = bm25s.BM25(method="lucene")
    library.index(entries, show_progress=False)
    built = BM25.build(entries)
    for question in (["t1", "t7"], ["t3", "t40", "t90"]):
        reachable = built.weigh(question)[2]
        wanted = library.get_scores(question) / reachable
        np.testing.assert_allclose(built.scores(question), wanted, atol=1e-6)
        rows = np.arange(0, 300, 7)
        np.testing.assert_allclose(built.scores(question, rows), wanted[rows], atol=1e-6)
        found, best = built.search(question, 10)
        np.testing.assert_allclose(found, np.sort(wanted)[::-1][:10], atol=1e-6)
        np.testing.assert_allclose(wanted[best], found, atol=1e-6)


@given(st.integers(1, 200), st.integers(1, 200))
def test_a_term_that_an_entry_holds_more_often_weighs_as_much_or_more(few: int, many: int) -> None:
    """Also beyond what the bits of a posting count."""
    few, many = sorted((few, many))
    pad = ["pad"] * 200
    built = BM25.build([["term"] * few + pad[few:], ["term"] * many + pad[many:]])
    less, more = built.scores(["term"]).tolist()
    assert 0 < less <= more < 1


def test_more_entries_than_a_posting_can_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "MOST_ENTRIES", 3)
    with pytest.raises(IndexBuildError, match="Split its documents"):
        BM25.build(ENTRIES)
    with pytest.raises(IndexBuildError, match="Split its documents"):
        BM25.build(ENTRIES[:2]).extended(ENTRIES[2:])


def test_a_search_finds_only_entries_that_hold_a_term() -> None:
    scores, rows = BM25.build(ENTRIES).search(["school", "unseen"], 3)
    assert rows.tolist() == [2]
    assert scores.shape == (1,)
    assert not len(BM25.build(ENTRIES).search(["unseen"], 3)[1])


def test_more_entries_are_as_if_there_from_the_start() -> None:
    """But for the mean length, which stays that of the first entries."""
    whole, joined = (BM25.build(ENTRIES), BM25.build(ENTRIES[:2]).extended(ENTRIES[2:]))
    assert len(joined) == len(whole)
    for term in ("harbour", "diver", "pay"):
        assert joined.weigh([term])[1] == whole.weigh([term])[1]
        assert np.flatnonzero(joined.scores([term])).tolist() == np.flatnonzero(whole.scores([term])).tolist()


def test_a_common_term_of_a_large_index_has_no_postings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MANY_ENTRIES", 10)
    built = BM25.build([["common", f"rare{i}"] for i in range(40)], common=0.1)
    assert built.knows("common")
    assert not len(built.weigh(["common"])[1])
    assert built.search(["common", "rare3"], 5)[1].tolist() == [3]
    assert built.scores(["common"]).max() == 0


def test_a_term_is_common_by_all_entries_not_by_those_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """“late” is in all of the 10 entries added, but in few of all 210; “often” in most of all."""
    monkeypatch.setattr(base, "MANY_ENTRIES", 10)
    entries = [["often", f"a{i}"] if i < 20 else [f"a{i}"] for i in range(200)]
    first = BM25.build(entries, common=0.1)
    joined = first.extended(["late", "often", f"b{i}"] for i in range(10))
    assert np.flatnonzero(joined.scores(["late"])).tolist() == list(range(200, 210))
    assert first.scores(["often"]).max() > 0
    assert joined.knows("often")
    assert joined.scores(["often"]).max() == 0


def test_saved_and_loaded_scores_agree(tmp_path: Path) -> None:
    built = BM25.build(ENTRIES)
    built.save(tmp_path)
    loaded = BM25.load(tmp_path, len(ENTRIES))
    np.testing.assert_array_equal(built.scores(["harbour", "may"]), loaded.scores(["harbour", "may"]))
    assert loaded.knows("diver")
    assert not loaded.knows("zzz")
    assert loaded.weigh(["zzz"])[2] > loaded.weigh(["harbour"])[2]


def test_a_folder_without_postings(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="index build"):
        BM25.load(tmp_path, 4)
