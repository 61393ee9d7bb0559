"""What passages offer as suggestions."""

from __future__ import annotations

import numpy as np
import pytest

from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.passages import split
from assemblybot.index.documents import HEADING_OFFERED, TITLE_OFFERED, offers_of

NO_KEYS = np.empty((0, 3), np.int64)
LONG = "".join(
    f"\n## Rules of the {room}\n\nClosed at five.\n\nNo smoking.\n" for room in ("hall", "bar", "shop")
)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("# The hives\n\nThere are forty.\n\nHoney is sold.\n", [0, TITLE_OFFERED, 0]),
        (f"# The house\n{LONG}", [0, *[0, HEADING_OFFERED, HEADING_OFFERED] * 3]),
    ],
    ids=["few sections", "enough sections"],
)
def test_the_title_is_offered_once_where_there_are_few_sections(text: str, offered: list[int]) -> None:
    extract = markdown.extract(text.encode())
    document = Document("d", extract.text, Metadata("", "en"), split("d", extract))
    assert offers_of([document], NO_KEYS).tolist() == offered
