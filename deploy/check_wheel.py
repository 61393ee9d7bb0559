"""`make check-wheel`: the wheel in dist/ is enough, as a person has it after `pipx install`.

It is installed with what is locked into an environment of its own; then questions are asked from an
empty folder, with a home folder that is empty too and no way to the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 100 << 20
QUESTION = "Who wrote this article?"
ANSWER = "حسن الخلقي"
DOCUMENT = "The new harbour\n\nThe harbour opened on 3 May 2021 after nine years of work.\n"


def newest() -> Path:
    """The wheel that was built last."""
    return max((ROOT / "dist").glob("*.whl"), key=lambda path: path.stat().st_mtime)


def environment(home: Path) -> dict[str, str]:
    """Variables of a person without settings; every proxy is a port where nobody listens."""
    dead = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home), "HF_HUB_OFFLINE": "1", **dead}


def install(folder: Path, wheel: Path) -> Path:
    """A new environment with the wheel and what is locked; its `assemblybot`."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--require-hashes", "--requirement", str(ROOT / "requirements" / "base.txt")], check=True
    )
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return folder / "bin" / "assemblybot"


class Person:
    """Runs commands from an empty folder."""

    def __init__(self, command: Path, folder: Path) -> None:
        self._command, self._folder = command, folder
        self._environment = environment(folder / "home")
        (folder / "empty").mkdir()

    def run(self, *arguments: str, code: int = 0, says: str = "", stdin: str = "", **env: str) -> str:
        """What a command prints; it must end with `code` and print `says`."""
        began = time.perf_counter()
        ran = subprocess.run(
            [str(self._command), *arguments],
            cwd=self._folder / "empty",
            env={**self._environment, **env},
            input=stdin,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - began
        printed = ran.stdout + ran.stderr
        if ran.returncode != code or says not in printed:
            sys.exit(f"assemblybot {' '.join(arguments)}: exit code {ran.returncode}\n{printed}")
        print(f"{seconds:5.2f} s  assemblybot {' '.join(arguments)}")
        return ran.stdout

    def changed(self) -> list[Path]:
        """What the commands left in the current folder."""
        return list((self._folder / "empty").iterdir())


def main() -> None:
    """Exit code 1 and what was printed, where something is wrong."""
    wheel = newest()
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
    if wheel.stat().st_size > LARGEST:
        sys.exit("The wheel is larger than an index of packages takes.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        person = Person(install(folder / "environment", wheel), folder)
        person.run("--help")
        person.run("ask", QUESTION, says=ANSWER)
        person.run("ask", QUESTION, says=ANSWER)
        person.run("repl", stdin=f"{QUESTION}\n:quit\n", says=ANSWER)
        person.run("telegram", code=6, says="TELEGRAM_BOT_TOKEN is not set")
        person.run("ask", QUESTION, code=5, says="needs sentence-transformers", MODEL="other/model")
        person.run("index", "check", says="whole and up to date")
        report = folder / "harbour.txt"
        report.write_text(DOCUMENT, encoding="utf-8")
        person.run("add", str(report), says="added harbour")
        person.run("ask", "When did the harbour open?", says="3 May 2021")
        person.run("ask", QUESTION, says=ANSWER)
        if left := person.changed():
            sys.exit(f"The commands left {left} in the current folder.")
    print("The wheel is enough.")


if __name__ == "__main__":
    main()
