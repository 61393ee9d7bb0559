"""What `make audit` would find: a token that was committed, a licence that asks for more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "deploy"))
import audit


def test_a_committed_token_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Put together here, so that this file holds no token either.
    token = "xoxb-" + "1234567890-" * 2 + "AbCdEfGhIjKlMnOpQrStUvWx"
    (tmp_path / "settings.py").write_text(f'TOKEN = "{token}"\n', encoding="utf-8")
    for command in (["init", "-q"], ["add", "settings.py"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    monkeypatch.setattr(audit, "BASELINE", tmp_path / ".secrets.baseline")
    audit.BASELINE.write_text(
        json.dumps(json.loads((ROOT / ".secrets.baseline").read_text()) | {"results": {}})
    )
    _, found = audit.secrets()
    assert any("settings.py:1: Slack Token" in line for line in found)
    audit.accept_secrets()
    assert audit.secrets()[1] == []


@pytest.mark.slow
def test_nothing_tracked_looks_like_a_secret_that_nobody_has_looked_at() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository: which files are tracked is not known")
    assert audit.secrets()[1] == [], "look at each, then: python deploy/audit.py --accept-secrets"


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT License", True),
        ("LGPL-3.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("UNKNOWN", False),
    ],
)
def test_licences(licence: str, allowed: bool) -> None:
    assert audit._allowed(licence) is allowed
