"""`make audit`: known vulnerabilities, secrets in the repository, licences of what is installed.

    python deploy/audit.py [--accept-secrets]

Each part prints one line, and its findings under it; 1 when anything was found. Without a way to
the vulnerability database that part is skipped and says so. `--accept-secrets` writes what looks
like a secret today into .secrets.baseline, after someone has looked at each.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from detect_secrets.core import baseline
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / ".secrets.baseline"
#: Data: long, and no place where a token is pasted.
_NOT_SCANNED = (
    "models/",
    "corpus/",
    "training/domain/",
    "tests/data/",
    "tests/render/golden/",
    "benchmarks/results/",
    "requirements/",
)
#: May be used by anyone for anything, or (LGPL, MPL) ask for nothing as long as they are not changed.
_LICENCES = (
    "Apache",
    "BSD",
    "BSL-1.0",
    "CC0-1.0",
    "CNRI-Python",
    "GNU Library or Lesser General Public License",
    "ISC",
    "LGPL",
    "MIT",
    "MPL",
    "Mozilla Public License",
    "PSF",
    "Python Software Foundation License",
    "Unlicense",
    "Zlib",
)
#: Their metadata names no licence; read in the packages themselves.
_READ_BY_HAND = {"axe-playwright-python": "MIT, with axe-core under MPL-2.0", "promql-parser": "MIT"}


class Skipped(Exception):
    """A part cannot run here; the message says why."""


def vulnerabilities() -> tuple[str, list[str]]:
    """Every pinned version against the Python advisory database. Raises Skipped offline."""
    arguments = ["--requirement", "requirements/dev.txt", "--no-deps", "--disable-pip", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except ValueError:
        raise Skipped("the vulnerability database cannot be reached") from None
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        raise Skipped("the package index here gives no vulnerability data")
    found = [
        f"{package['name']} {package['version']}: {each['id']}, fixed in {each['fix_versions'] or 'none'}"
        for package in known
        for each in package["vulns"]
    ]
    return f"{len(known)} of {len(packages)} packages looked up", found


def _scanned() -> SecretsCollection:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    collection = SecretsCollection()
    # Names as they stand in the baseline: a secret is another one under another name.
    with contextlib.chdir(ROOT):
        for name in listed.splitlines():
            if not name.startswith(_NOT_SCANNED) and name != BASELINE.name and Path(name).is_file():
                collection.scan_file(name)
    return collection


def secrets() -> tuple[str, list[str]]:
    """What looks like a secret in a tracked file and is not in the baseline."""
    with default_settings():
        accepted = baseline.load(baseline.load_from_file(str(BASELINE)))
        new = _scanned() - accepted
    found = [f"{name}:{secret.line_number}: {secret.type}" for name, secret in new]
    return f"{len(list(accepted))} known and harmless, in tests", found


def accept_secrets() -> None:
    """Make the baseline what is found now."""
    with default_settings():
        baseline.save_to_file(_scanned(), str(BASELINE))


def licences() -> tuple[str, list[str]]:
    """Installed packages whose licence is not among those allowed."""
    command = [sys.executable, "-m", "piplicenses", "--format", "json", "--ignore-packages", "assemblybot"]
    packages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = [
        f"{package['Name']} {package['Version']}: {package['License'][:60]}"
        for package in packages
        if package["Name"] not in _READ_BY_HAND and not _allowed(package["License"])
    ]
    return f"{len(packages)} packages", found


def _allowed(licence: str) -> bool:
    """Whether each part of an expression, or one of its alternatives, is allowed."""
    return any(
        all(any(name in part for name in _LICENCES) for part in _parts(choice))
        for choice in licence.strip("()").split(" OR ")
    )


def _parts(choice: str) -> Iterable[str]:
    return choice.replace("; ", " AND ").split(" AND ")


PARTS: tuple[Callable[[], tuple[str, list[str]]], ...] = (vulnerabilities, secrets, licences)


def main() -> int:
    """Run every part; 1 when one has found something."""
    if "--accept-secrets" in sys.argv:
        accept_secrets()
        return 0
    failed = False
    for part in PARTS:
        try:
            said, found = part()
        except Skipped as reason:
            print(f"skip  {part.__name__}: {reason}")
            continue
        failed |= bool(found)
        print(f"{'FAIL' if found else 'ok'}  {part.__name__}: {said}")
        print("".join(f"      {line}\n" for line in found), end="")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
