"""Every message is said somewhere: by its key, or by a key put together from two constant parts."""

import re

from assemblybot.messages import areas, entries
from tests.conftest import ROOT

SOURCES = [path for path in (ROOT / "src").rglob("*") if path.suffix in (".py", ".html", ".jinja")]
WORD = re.compile(r"""["'](-?[a-z]+(?:-[a-z]+)*)["']""")
BEGINNING = re.compile(r"""f"([a-z]+(?:-[a-z]+)*-?)\{|'([a-z]+(?:-[a-z]+)*-)' \+""")


def test_every_message_is_said() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    words = {"", *WORD.findall(text)}
    beginnings = {"", *(first or second for first, second in BEGINNING.findall(text))}
    said = {beginning + rest for beginning in beginnings for rest in words}
    assert [key for area in areas() for key in entries(area, "en") if key not in said] == []
