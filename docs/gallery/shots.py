"""Pictures of the gallery for the README, taken by a headless Chromium.

python docs/gallery/shots.py [FOLDER]     docs/assets unless another folder is given
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

#: File name, scheme, conversation, how many of its last steps, width and height.
SHOTS: Final = (
    ("gallery-arabic.png", "default", "arabic", 3, 1280, 900),
    ("gallery-french.png", "slate", "french", 3, 1280, 900),
)


def take(folder: Path) -> None:
    """Write every picture into `folder`."""
    from gallery.page import shipped_assistant, standalone

    assistant = shipped_assistant()
    with tempfile.TemporaryDirectory() as work:
        page = Path(work) / "page.html"
        for name, scheme, script, last, width, height in SHOTS:
            page.write_text(standalone(assistant, scheme, script, last=last), encoding="utf-8")
            _photograph(page, folder / name, width, height)


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


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "assets")
