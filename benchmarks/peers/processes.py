"""Processes and environments: every step of every system runs alone, with the same threads."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT, machine

REQUIREMENTS = ROOT / "benchmarks" / "peers" / "requirements"
THREADS = 2
COLD_RUNS = 3


def environment(name: str, folder: Path) -> Path:
    """The interpreter of a library's own environment, made where it is missing."""
    python = folder / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS / f"{name}.txt"], check=True)
    return python


def command(python: str | Path, module: str, *arguments: str) -> list[str]:
    """A step: a module beside this one, with its arguments."""
    return [str(python), "-m", f"benchmarks.peers.{module}", *arguments]


def step(python: str | Path, module: str, *arguments: str) -> dict[str, Any]:
    """Run one step and read the JSON on the last line that it prints."""
    run = command(python, module, *arguments)
    done = subprocess.run(run, env=_variables({}), check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def cold_start(command: list[str], more: dict[str, str]) -> float:
    """Seconds from the start of a process to the end of its first answer, median of `COLD_RUNS`."""
    times = []
    for _ in range(COLD_RUNS):
        begin = time.perf_counter()
        subprocess.run(command, env=_variables(more), check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def measured_on(names: list[str]) -> dict[str, Any]:
    """Where and with which versions the figures were measured."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        **machine(),
        "threads": THREADS,
        "versions": {name: _pinned(name) for name in names},
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _pinned(name: str) -> list[str]:
    """The first paragraph of a requirements file: the library itself, before what it needs."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.split("\n\n")[0].splitlines() if not line.startswith("#")]


def _variables(more: dict[str, str]) -> dict[str, str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(THREADS))
    quiet = {"PYTHONWARNINGS": "ignore", "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return {**os.environ, **threads, **quiet, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **more}
