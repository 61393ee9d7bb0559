"""Every command in the documentation is run, and does what the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assemblybot.cli import app
from assemblybot.settings import Settings
from tests.conftest import ROOT
from tests.docs.blocks import RUN, Block, Checkout, blocks, pages

ALL = [block for page in pages() for block in blocks(page)]
COMMANDS = [block for block in ALL if block.language in RUN]
_COMMAND = re.compile(r"^(\$ |(\w+=\S+ )*(assemblybot|make|python|pip|curl|\.venv/bin/\w+) )", re.MULTILINE)

_FILE = re.compile(r"(benchmarks|deploy|docs|tests|training)/")


def followed(block: Block, slow: bool) -> bool:
    return "no-run" not in block.attributes and (block.attributes.get("run") == "slow") is slow


def with_blocks(slow: bool) -> list[Path]:
    return sorted({block.path for block in COMMANDS if followed(block, slow)})


def follow(page: Path, folder: Path, settings: Settings, *, slow: bool) -> None:
    checkout = Checkout.lay(folder, settings.index_dir)
    for block in blocks(page):
        if block.language not in RUN or not followed(block, slow):
            continue
        if block.language == "console":
            check_console(block, checkout)
        elif block.language == "python":
            checkout.run(block.body, ("python", "-c"))
        else:
            checkout.run(block.body)


def check_console(block: Block, checkout: Checkout) -> None:
    """Each command prints the lines below it; a line `…` stands for any lines."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        printed = checkout.run(command).strip()
        pattern = re.escape(expected.strip()).replace("\n…\n", "\n(?:.*\n)*")
        assert re.fullmatch(pattern, printed), f"{block.place}: {command} printed\n{printed}"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=() if page.stem == "README" else pytest.mark.slow, id=page.stem)
        for page in with_blocks(slow=False)
    ],
)
def test_commands(page: Path, tmp_path: Path, settings: Settings) -> None:
    follow(page, tmp_path, settings, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", with_blocks(slow=True), ids=lambda page: page.stem)
def test_commands_that_take_long(page: Path, tmp_path: Path, settings: Settings) -> None:
    follow(page, tmp_path, settings, slow=True)


def test_what_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Blocks that need what a test has not are few, each says why; their commands and files exist."""
    skipped = [block for block in COMMANDS if "no-run" in block.attributes]
    with capsys.disabled():
        print(f"\n{len(COMMANDS) - len(skipped)} blocks of commands are run, {len(skipped)} are not:")
        for block in skipped:
            print(f"  {block.place}: {block.attributes['no-run']}")
    for block in skipped:
        for line in block.body.replace("\\\n", " ").splitlines():
            exists(line, block)


def exists(line: str, block: Block) -> None:
    words = shlex.split(line, comments=True)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words.pop(0)
    words = [word for word in words if word != "&"]
    gone = [word for word in words if _FILE.match(word) and not (ROOT / word).exists()]
    assert not gone, f"{block.place}: {gone}"
    if words[:1] == ["assemblybot"]:
        result = CliRunner().invoke(app, [*words[1:], "--help"])
        assert result.exit_code == 0, f"{block.place}: {line}\n{result.output}"
    elif words[:2] == ["python", "-m"]:
        assert find_spec(words[2]), f"{block.place}: {line}"
    elif words[:1] == ["make"]:
        subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, check=True, capture_output=True)


def test_no_command_hides_in_another_block() -> None:
    hidden = [block.place for block in ALL if block.language not in RUN and _COMMAND.search(block.body)]
    assert not hidden, f"mark these as sh or console: {hidden}"
