"""Pictures of the gallery for the README, taken by a headless Chromium.

    python docs/screenshots.py [FOLDER]

Without a folder, they go to docs/assets.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

# For the conversations that the tests hold.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gallery.page import ROOT, shipped_assistant, standalone

#: File name, scheme, conversation, how many of its last steps, width and height.
SHOTS: Final = (("gallery-arabic.png", "default", "arabic", 3, 1280, 950),)


def take(folder: Path) -> None:
    """Write every picture into `folder`."""
    assistant = shipped_assistant()
    with tempfile.TemporaryDirectory() as work:
        page = Path(work) / "page.html"
        for name, scheme, script, last, width, height in SHOTS:
            page.write_text(standalone(assistant, scheme, script, last=last), encoding="utf-8")
            _photograph(page, folder / name, width, height)
            _shrink(folder / name)


def _photograph(page: Path, target: Path, width: int, height: int) -> None:
    subprocess.run(
        [
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={page.parent / 'profile'}",
            f"--window-size={width},{height}",
            f"--screenshot={target}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def _shrink(path: Path) -> None:
    """Fewer colours: a drawn screen needs no more, and the file is a third of the size."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "assets")
