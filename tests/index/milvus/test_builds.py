from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assemblybot.errors import IndexForeignError, IndexUnreachableError
from assemblybot.index.milvus.builds import MilvusBuilds
from assemblybot.index.milvus.collection import Row

#: pymilvus and milvus-lite leave connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def rows(count: int, seed: int = 7) -> Iterator[Row]:
    generator = np.random.default_rng(seed)
    for row in range(count):
        dense = generator.normal(size=16).astype(np.float32)
        weights = {int(term): 1.0 for term in generator.choice(50, 3, replace=False)}
        yield Row(row, dense / np.linalg.norm(dense), weights)


def test_a_build_is_invisible_until_it_is_published(builds: MilvusBuilds) -> None:
    first = builds.write(rows(20), 20, 16)
    assert builds.current() is None
    builds.publish(first.name)
    second = builds.write(rows(30), 30, 16)
    assert builds.current() == first.name
    builds.publish(second.name)
    assert builds.current() == second.name


def test_the_build_before_stays_and_older_ones_go(builds: MilvusBuilds) -> None:
    names = []
    for _ in range(3):
        names.append(builds.write(rows(10), 10, 16).name)
        builds.publish(names[-1])
    assert builds.names() == sorted(names[1:])
    assert builds.open(names[1], 10).count() == 10


def test_a_build_that_fails_leaves_the_alias_and_nothing_else(builds: MilvusBuilds) -> None:
    first = builds.write(rows(10), 10, 16)
    builds.publish(first.name)

    def failing() -> Iterator[Row]:
        yield from rows(600)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        builds.write(failing(), 1200, 16)
    assert builds.names() == [first.name]
    assert builds.current() == first.name


def test_a_build_with_too_few_rows_is_refused(builds: MilvusBuilds) -> None:
    with pytest.raises(Exception, match="holds 10 of 11 entries"):
        builds.write(rows(10), 11, 16)
    assert builds.names() == []


def test_what_stopped_builders_left_is_dropped_by_the_next(builds: MilvusBuilds) -> None:
    left = builds.write(rows(5), 5, 16)
    new = builds.write(rows(5), 5, 16)
    builds.publish(new.name)
    assert left.name not in builds.names()


def test_another_alias_in_the_same_milvus_is_left_alone(builds: MilvusBuilds, milvus_file: str) -> None:
    other = MilvusBuilds(milvus_file, alias="library_two")
    theirs = other.write(rows(5), 5, 16)
    other.publish(theirs.name)
    builds.publish(builds.write(rows(5), 5, 16).name)
    assert other.current() == theirs.name
    assert builds.current() != theirs.name


def test_a_build_that_is_gone_or_of_another_size(builds: MilvusBuilds) -> None:
    name = builds.write(rows(10), 10, 16).name
    with pytest.raises(IndexForeignError, match="holds 10 entries instead of 11"):
        builds.open(name, 11)
    builds.drop(name)
    with pytest.raises(IndexForeignError, match="is not there"):
        builds.open(name, 10)


def test_a_milvus_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed (extra milvus)")
    with pytest.raises(IndexUnreachableError, match="MILVUS_URI"):
        MilvusBuilds("http://127.0.0.1:9")
