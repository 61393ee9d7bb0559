"""Pictures of the gallery, taken by a headless Chromium.

python docs/screenshots.py            the picture of the README, into docs/assets
python docs/screenshots.py FOLDER     every scene, light and dark, on a desktop and on a phone
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

# For the conversations that the tests hold.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gallery.page import standalone
from gallery.scenes import CHATS, ROOT, SCENES, open_assistants

Scheme = Literal["light", "dark"]
#: As the theme of the site names them.
_SCHEMES: Final[dict[Scheme, str]] = {"light": "default", "dark": "slate"}
_TALLER_THAN_ANY: Final = 12_000
# In milliseconds.
_UNTIL_PAINTED: Final = 500
_WIDTHS: Final = {"desktop": 1280, "phone": 390}


def take_all(folder: Path) -> None:
    """Write a picture of every scene into `folder`, for each scheme and size."""
    assistants = open_assistants()
    # All are drawn before the browser starts, which runs an event loop in this thread.
    pages = [
        (scene.name, scheme, standalone(scene, assistants, _SCHEMES[scheme]))
        for scene in SCENES
        for scheme in _SCHEMES
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with _chromium() as browser:
        for name, scheme, page in pages:
            for size, width in _WIDTHS.items():
                _photograph(browser, page, folder / f"{name}-{size}-{scheme}.png", width, scheme)


def take_for_readme(folder: Path) -> None:
    """Write the picture of the README into `folder`."""
    arabic = next(scene for scene in SCENES if scene.name == "arabic")
    page = standalone(replace(arabic, platforms=CHATS, unseen=2), open_assistants())
    target = folder / "gallery-arabic.png"
    with _chromium() as browser:
        _photograph(browser, page, target, _WIDTHS["desktop"], "light")
    _shrink(target)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _photograph(browser: Browser, page: str, target: Path, width: int, scheme: Scheme) -> None:
    # A frame that is out of view is not painted.
    viewport: ViewportSize = {"width": width, "height": _TALLER_THAN_ANY}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    shown = context.new_page()
    shown.set_content(page, wait_until="load")
    shown.wait_for_timeout(_UNTIL_PAINTED)
    height = shown.evaluate("document.body.offsetHeight")
    shown.screenshot(path=target, clip={"x": 0, "y": 0, "width": width, "height": height})
    context.close()


def _shrink(path: Path) -> None:
    """Fewer colours: a drawn screen needs no more, and the file is a third of the size."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        take_all(Path(sys.argv[1]))
    else:
        take_for_readme(ROOT / "docs" / "assets")
