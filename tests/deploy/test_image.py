"""What `make run` and the image install is enough: everything runs where only that can be imported."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assemblybot.settings import Settings
from tests.deploy.test_requirements import locked

#: Refuses to import what belongs to no package of `requirements/base.txt`, then runs a command.
_RUN = """
import sys
from importlib.metadata import packages_distributions
from packaging.utils import canonicalize_name
allowed = set(sys.argv.pop(1).split(",")) | {"assemblybot"}
owners = packages_distributions()
foreign = {
    module for module, owned_by in owners.items()
    if not allowed & {canonicalize_name(name) for name in owned_by}
}
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in foreign:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)
sys.meta_path.insert(0, Wall())
for name in [name for name in sys.modules if name.partition(".")[0] in foreign]:
    del sys.modules[name]
import assemblybot.service.run, assemblybot.chat.telegram, assemblybot.chat.slack
from assemblybot.cli import main
main()
"""


@pytest.mark.slow
def test_everything_runs_with_what_is_on_the_list(settings: Settings) -> None:
    names = ",".join(locked("base"))
    environment = {
        **os.environ,
        "CORPUS_DIR": str(settings.corpus_dir),
        "INDEX_DIR": str(settings.index_dir),
        "MODEL": settings.model,
    }
    command = [sys.executable, "-c", _RUN, names, "ask", "Who wrote this article?"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "حسن الخلقي" in ran.stdout
