"""The benchmark of two replicas, one of them killed, on a small scale."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server")
def test_every_question_is_answered_once_though_a_replica_is_killed(small_corpus: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.service_load"),
            *("--deliveries", "160", "--rate", "15", "--corpus", str(small_corpus)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stdout
