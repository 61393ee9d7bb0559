from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assemblybot.errors import IndexForeignError, IndexUnreachableError
from assemblybot.index.milvus import Milvus

#: pymilvus and milvus-lite leave connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def vectors(count: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(7).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def weights(count: int) -> Iterator[dict[int, float]]:
    generator = np.random.default_rng(7)
    for _ in range(count):
        yield {int(term): 1.0 for term in generator.choice(50, 3, replace=False)}


def write(builds: Milvus, count: int) -> str:
    return builds.write(vectors(count), weights(count))


def test_a_build_is_invisible_until_it_is_published(builds: Milvus) -> None:
    first = write(builds, 20)
    assert builds.current() is None
    builds.publish(first)
    second = write(builds, 30)
    assert builds.current() == first
    builds.publish(second)
    assert builds.current() == second


def test_the_build_before_stays_and_older_ones_go(builds: Milvus) -> None:
    names = []
    for _ in range(3):
        names.append(write(builds, 10))
        builds.publish(names[-1])
    assert builds.names() == sorted(names[1:])
    assert builds.count(names[1]) == 10


def test_a_build_that_fails_leaves_the_alias_and_nothing_else(builds: Milvus) -> None:
    first = write(builds, 10)
    builds.publish(first)

    def failing() -> Iterator[dict[int, float]]:
        yield from weights(600)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        builds.write(vectors(1200), failing())
    assert builds.names() == [first]
    assert builds.current() == first


def test_a_build_with_too_few_rows_is_refused(builds: Milvus) -> None:
    with pytest.raises(Exception, match="holds 10 of 11 entries"):
        builds.write(vectors(11), weights(10))
    assert builds.names() == []


def test_what_stopped_builders_left_is_dropped_by_the_next(builds: Milvus) -> None:
    left = write(builds, 5)
    new = write(builds, 5)
    builds.publish(new)
    assert left not in builds.names()


def test_another_alias_in_the_same_milvus_is_left_alone(builds: Milvus, milvus_file: str) -> None:
    other = Milvus(milvus_file, alias="library_two")
    theirs = write(other, 5)
    other.publish(theirs)
    builds.publish(write(builds, 5))
    assert other.current() == theirs
    assert builds.current() != theirs


def test_a_build_that_is_gone_or_of_another_size(builds: Milvus) -> None:
    name = write(builds, 10)
    with pytest.raises(IndexForeignError, match="holds 10 entries instead of 11"):
        builds.open(name, 11)
    builds.drop(name)
    with pytest.raises(IndexForeignError, match="is not there"):
        builds.open(name, 10)


def test_a_milvus_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed (extra milvus)")
    with pytest.raises(IndexUnreachableError, match="MILVUS_URI"):
        Milvus("http://127.0.0.1:9")
